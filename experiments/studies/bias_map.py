"""Where difference-in-differences is biased: load by share of joint cases."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from pydantic import Field

from experiments.design.designs import Row
from experiments.design.plan import make_plan
from experiments.design.reading import Places, outcome_problems
from experiments.design.reforms import Settings, adoption_days
from experiments.design.studyfile import StudyFile
from experiments.errors import collect_errors, raise_if_any
from experiments.formatting import measure_title, plus_minus, unit
from experiments.kinds import Chart, CsvTable, Kind, Layout, Results
from experiments.messages import msg
from experiments.runner.agenda import agenda_of
from experiments.stats import to_json
from experiments.stats.bias import BiasMap, Worlds, bias_map, one_truth
from experiments.stats.panel import MEASURES
from experiments.store.opened import OpenStudy
from experiments.studies.event_study import ReformOptions, panel_reduction, panels, reform_problems, worlds_of

if TYPE_CHECKING:
    from model import Scenario

LOAD, JOINT = "staff.load", "joint_share"
"""Columns of the design."""


class BiasOptions(ReformOptions):
    """Options of a map of the bias."""

    loads: tuple[float, ...] = Field((0.6, 0.72, 0.85), min_length=1, description="Values of staff.load.")
    joint_times: tuple[float, ...] = Field(
        (0.0, 1.0, 2.0), min_length=1, description="Times the share of cases that need several parties, by kind."
    )


def lay_out(study: StudyFile, places: Places) -> Layout:
    """Lay out the study."""
    kept, options = study.model_copy(update={"series": True}), BiasOptions(**study.analysis)
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
        settings = joint_times(scenario, times)
        share = round(joint_share(vary(scenario, settings)), 4)
        for load in options.loads:
            rows.append(Row(len(rows), 0, {LOAD: load, JOINT: share}, {LOAD: load, **settings}))
    return rows


def joint_share(scenario: Scenario) -> float:
    """Return the share of problems born in a year that need several parties."""
    births = [kind.share / (1.0 - kind.hidden) for kind in scenario.world.kinds]
    joint = [part * kind.joint for part, kind in zip(births, scenario.world.kinds, strict=True)]
    return math.fsum(joint) / math.fsum(births)


def joint_times(scenario: Scenario, times: float) -> Settings:
    """Return settings under which every kind's share of joint cases is so many times as large, at most 1.

    A kind that fewer departments claim than it has parties keeps its share at 0.
    """
    kinds = [kind for kind in scenario.world.kinds if kind.joint > 0.0]
    return {f"kinds.{kind.code}.joint": min(1.0, kind.joint * times) for kind in kinds}


class BiasMapResults(Results):
    """What the study found."""

    def __init__(self, opened: OpenStudy) -> None:
        options = BiasOptions(**opened.study.analysis)
        self.folder = str(opened.folder)
        worlds = list(_worlds(opened, options))
        self.maps = [
            bias_map(
                measure,
                [(load, joint, one_truth(each, measure, washout=options.washout)) for load, joint, each in worlds],
            )
            for measure in options.measures
        ]

    def as_json(self) -> dict[str, Any]:
        first, *others = map(to_json, self.maps)
        return {"study": self.folder, **first, "others": others}

    def blocks(self) -> Iterable[str]:
        for each in self.maps:
            yield from sentences(each)

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

    def charts(self) -> Iterator[Chart]:
        from experiments.charts.event_study import bias_heat

        yield from (Chart(f"bias_{each.measure}", partial(bias_heat, each)) for each in self.maps)


def _worlds(opened: OpenStudy, options: BiasOptions) -> Iterator[tuple[float, float, Worlds]]:
    """Yield load, share of joint cases and panels of every complete pair of runs."""
    found, loads, joints = panels(opened), opened.factor(LOAD), opened.factor(JOINT)
    pilot = worlds_of(opened.study, options)[1].scenario
    for (point, replicate), panel in found.items():
        if point % 2 == 0 and (point + 1, replicate) in found:
            adoption = adoption_days(pilot, panel.streets)
            worlds = Worlds(panel, found[point + 1, replicate], None, adoption)
            yield loads[point // 2], joints[point // 2], worlds


def sentences(found: BiasMap) -> Iterator[str]:
    """Yield where the bias is largest and smallest."""
    measure = MEASURES[found.measure]
    known = sorted((abs(cell.bias.mean), place) for place, cell in enumerate(found.cells) if cell.bias.mean is not None)
    if known:
        least, most = (found.cells[place] for _, place in (known[0], known[-1]))
        yield msg(
            "dated_says_map", measure=measure_title(found.measure), unit=unit(measure, difference=True),
            load=most.load, joint=100 * most.joint, bias=plus_minus(most.bias, measure),
            least_load=least.load, least_joint=100 * least.joint, least=plus_minus(least.bias, measure),
        )  # fmt: skip
    yield msg("dated_no_forecast")


EXAMPLE = """\
regimes: [inverted]
replicates: {fixed: 2}
analysis: {day: 150, share: 0.5, loads: [0.6, 0.8], joint_times: [0, 1]}
set: {run.warm_up_days: 30, run.window_days: 240, run.follow_up_days: 40, demand.scale: 0.01}
"""
"""A small study of this kind."""

KIND = Kind(BiasOptions, lay_out, BiasMapResults, EXAMPLE)
