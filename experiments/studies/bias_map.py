"""Where difference-in-differences is biased: load by share of joint cases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from pydantic import Field

from experiments.design.designs import Row
from experiments.design.plan import make_plan
from experiments.design.reading import Places, outcome_problems
from experiments.design.studyfile import StudyFile
from experiments.errors import collect_errors, raise_if_any
from experiments.kinds import CsvTable, Kind, Layout, Results
from experiments.runner.agenda import agenda_of
from experiments.store.opened import OpenStudy
from experiments.studies.dated.bias import BiasMap, BiasRow, bias_map, joint_share, joint_times
from experiments.studies.dated.common import keeping, panel_reduction, panels
from experiments.studies.dated.one_truth import Worlds, one_truth
from experiments.studies.dated.reforms import adoption_days
from experiments.studies.event_study import Dated, reform_problems, worlds_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from model import Scenario

__all__ = ["KIND"]

LOAD, JOINT = "staff.load", "joint_share"
"""Columns of the design."""


class BiasOptions(Dated):
    """Options of a map of the bias."""

    loads: tuple[float, ...] = Field((0.6, 0.72, 0.85), min_length=1, description="Values of staff.load.")
    joint_times: tuple[float, ...] = Field(
        (0.0, 1.0, 2.0), min_length=1, description="Times the share of cases that need several parties, by kind."
    )


def lay_out(study: StudyFile, places: Places) -> Layout:
    """Lay out the study."""
    kept, options = keeping(study), BiasOptions(**study.analysis)
    _, bases, *_ = collect_errors(
        lambda: raise_if_any(reform_problems(kept, options, places)),
        lambda: worlds_of(kept, options, places)[:2],
        lambda: raise_if_any(outcome_problems(kept, places)),
    )
    plan = make_plan(kept, bases, (), _rows(bases[0].scenario, options), places=places)
    return Layout(plan, lambda _: agenda_of(plan), panel_reduction(bases[0].scenario, options.day))


def _rows(scenario: Scenario, options: BiasOptions) -> list[Row]:
    from model import vary

    rows: list[Row] = []
    for times in options.joint_times:
        settings = dict(joint_times(scenario, times))
        share = round(joint_share(vary(scenario, settings)), 4)
        for load in options.loads:
            rows.append(Row(len(rows), 0, {LOAD: load, JOINT: share}, {LOAD: load, **settings}))
    return rows


class BiasMapResults(Results):
    """What the study found."""

    def __init__(self, opened: OpenStudy) -> None:
        self.options = BiasOptions(**opened.study.analysis)
        self.folder = str(opened.folder)
        found = panels(opened)
        pilot = worlds_of(opened.study, self.options)[1].scenario
        loads, joints = opened.factor(LOAD), opened.factor(JOINT)
        self.maps: list[BiasMap] = []
        for measure in self.options.measures:
            rows = []
            for (point, replicate), panel in found.items():
                if point % 2 == 0 and (point + 1, replicate) in found:
                    reformed = found[point + 1, replicate]
                    worlds = Worlds(panel, reformed, None, adoption_days(pilot, panel.streets))
                    one = one_truth(worlds, measure, washout=self.options.washout)
                    estimate = one.estimate.estimate
                    rows.append(BiasRow(loads[point // 2], joints[point // 2], estimate.value, one.on_reformed,
                                        estimate.holds(one.on_reformed)))  # fmt: skip
            self.maps.append(bias_map(measure, rows))

    def as_json(self) -> dict[str, Any]:
        first, *others = self.maps
        return {"study": self.folder, **first.as_json(), "others": [each.as_json() for each in others]}

    def blocks(self) -> Iterable[Any]:
        from experiments.studies.dated.told import bias_sentences

        for each in self.maps:
            yield from bias_sentences(each)

    def tables(self) -> Mapping[str, CsvTable]:
        header = ["measure", LOAD, JOINT, "runs", "bias", "bias_low", "bias_high", "truth", "truth_low", "truth_high",
                  "coverage"]  # fmt: skip
        rows = [
            [found.measure, cell.load, cell.joint, cell.runs, cell.bias.mean, cell.bias.low, cell.bias.high,
             cell.truth.mean, cell.truth.low, cell.truth.high, cell.coverage.mean]
            for found in self.maps
            for cell in found.cells
        ]  # fmt: skip
        return {"bias": (header, rows)}

    def figures(self) -> Mapping[str, Callable[[], Figure]]:
        from experiments.studies.dated.figures import bias_heat

        return {f"bias_{each.measure}": partial(bias_heat, each) for each in self.maps}


KIND = Kind(BiasOptions, lay_out, BiasMapResults)
