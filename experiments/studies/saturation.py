"""Direct, spill-over and total effects by the share of streets reformed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from pydantic import Field

from experiments.design.designs import Row
from experiments.design.factors import reference
from experiments.design.plan import bases_of, make_plan
from experiments.design.reading import Places, outcome_problems
from experiments.design.studyfile import StudyFile
from experiments.errors import collect_errors, raise_if_any
from experiments.kinds import CsvTable, Kind, Layout, Results
from experiments.runner.agenda import Fixed
from experiments.store.opened import OpenStudy
from experiments.studies.dated.common import frame_problems, keeping, panel_reduction, panels
from experiments.studies.dated.reforms import nowhere
from experiments.studies.dated.saturating import LEVELS, Arm, design
from experiments.studies.dated.saturation import ESTIMANDS, Saturation, saturated, saturation
from experiments.studies.event_study import Dated

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["KIND"]

LEVEL = "saturation"
"""Column of the design: share of the streets that is reformed."""


class SaturationOptions(Dated):
    """Options of a randomised saturation; `share` is not read."""

    levels: tuple[float, ...] = Field(LEVELS, min_length=2, description="Shares of the streets, 0 among them.")
    crossed: bool = Field(True, description="Every luck meets every share, as only a simulation can; false: draws one.")


def lay_out(study: StudyFile, places: Places) -> Layout:
    """Lay out the study."""
    kept, options = keeping(study), SaturationOptions(**study.analysis)
    bases, *_ = collect_errors(
        lambda: bases_of(kept, [("", kept.regimes[0], nowhere())], places),
        lambda: raise_if_any(outcome_problems(kept, places)),
        lambda: raise_if_any(_problems(kept, options, places)),
    )
    arms = _arms(kept, options)
    rows = [Row(number, 0, {LEVEL: arm.level}, _dates(arm)) for number, arm in enumerate(arms)]
    plan = make_plan(kept, bases, (), rows, places=places)
    tasks = [plan.task(point, arm.replicate) for point, arm in zip(plan.points, arms, strict=True)]
    return Layout(plan, lambda _: Fixed(plan.points, tasks), panel_reduction(bases[0].scenario, options.day))


def _problems(study: StudyFile, options: SaturationOptions, places: Places) -> Iterable[str]:
    yield from frame_problems(study, places, options.measures)
    if 0.0 not in options.levels or not all(0.0 <= level <= 1.0 for level in options.levels):
        yield f"{places('analysis', 'levels')}expected shares from 0 to 1, including 0, got {list(options.levels)}."


def _arms(study: StudyFile, options: SaturationOptions) -> list[Arm]:
    codes = [street.code for street in reference(study).world.streets]
    return design(codes, options.reform, options.day, study.replicates.first, levels=options.levels,
                  crossed=options.crossed, design_seed=options.streets_seed)  # fmt: skip


def _dates(arm: Arm) -> dict[str, Any]:
    """Return what an arm sets over the world without the reform: its dates, where it has any."""
    return {"dates": arm.settings["dates"]} if arm.streets else {}


class SaturationResults(Results):
    """What the study found."""

    def __init__(self, opened: OpenStudy) -> None:
        self.options = SaturationOptions(**opened.study.analysis)
        self.folder = str(opened.folder)
        arms, found = _arms(opened.study, self.options), panels(opened)
        self.found: list[Saturation] = [
            saturation(
                measure,
                [saturated(panel, measure, arms[point], self.options.day) for (point, _), panel in found.items()],
            )
            for measure in self.options.measures
        ]

    def as_json(self) -> dict[str, Any]:
        first, *others = self.found
        return {"study": self.folder, **first.as_json(), "others": [each.as_json() for each in others]}

    def blocks(self) -> Iterable[Any]:
        from experiments.studies.dated.told import saturation_sentences

        for each in self.found:
            yield from saturation_sentences(each)

    def tables(self) -> Mapping[str, CsvTable]:
        rows = [
            [found.measure, at.level, at.runs, name, interval.mean, interval.low, interval.high]
            for found in self.found
            for at in found.levels
            for name in (*ESTIMANDS, "step")
            if (interval := getattr(at, name)) is not None
        ]
        return {"saturation": (["measure", LEVEL, "runs", "effect", "mean", "ci_low", "ci_high"], rows)}

    def figures(self) -> Mapping[str, Callable[[], Figure]]:
        from experiments.studies.dated.figures import saturation_lines

        return {f"saturation_{each.measure}": partial(saturation_lines, each) for each in self.found}


KIND = Kind(SaturationOptions, lay_out, SaturationResults)
