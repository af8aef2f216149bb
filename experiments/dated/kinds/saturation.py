"""Randomised saturation: direct effect, spill-over and total by the share of the streets that is reformed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from pydantic import Field

from experiments.dated.kinds.common import frame_problems, keeping, panel_reduction, panels
from experiments.dated.kinds.event_study import Dated
from experiments.dated.reforms import nowhere
from experiments.dated.saturating import LEVELS, Arm, design
from experiments.dated.saturation import ESTIMANDS, Saturation, saturated, saturation
from experiments.disk.opened import OpenStudy
from experiments.kinds.protocol import Layout, Table
from experiments.planning.checking import gathered, outcome_problems, refuse
from experiments.planning.designs import Row
from experiments.planning.parameters import reference
from experiments.planning.plan import bases_of, make_plan
from experiments.planning.reading import Places
from experiments.planning.studyfile import StudyFile
from experiments.running.agenda import Fixed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["KIND"]

LEVEL = "saturation"
"""Column of the design: share of the streets that is reformed."""


class SaturationOptions(Dated):
    """Options of a randomised saturation; `share` is not read."""

    levels: tuple[float, ...] = Field(LEVELS, min_length=2, description="Shares of the streets, 0 among them.")
    crossed: bool = Field(True, description="Every luck meets every share, as only a simulation can; false: draws one.")


class _Saturation:
    """Direct, spill-over and total effects by saturation."""

    options = SaturationOptions

    def lay_out(self, study: StudyFile, places: Places) -> Layout:
        """See `Kind.lay_out`."""
        kept, options = keeping(study), SaturationOptions(**study.analysis)
        bases, *_ = gathered(
            lambda: bases_of(kept, [("", kept.regimes[0], nowhere())], places),
            lambda: refuse(outcome_problems(kept, places)),
            lambda: refuse(_problems(kept, options, places)),
        )
        arms = _arms(kept, options)
        rows = [Row(number, 0, {LEVEL: arm.level}, _dates(arm)) for number, arm in enumerate(arms)]
        plan = make_plan(kept, bases, (), rows, places=places)
        tasks = [plan.task(point, arm.replicate) for point, arm in zip(plan.points, arms, strict=True)]
        return Layout(plan, lambda _: Fixed(plan.points, tasks), panel_reduction(bases[0].scenario, options.day))

    def answer(self, opened: OpenStudy) -> _Answer:
        """See `Kind.answer`."""
        return _Answer(opened)


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


class _Answer:
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

    def told(self) -> Iterable[Any]:
        from experiments.dated.told import saturation_sentences

        for each in self.found:
            yield from saturation_sentences(each)

    def tables(self) -> Mapping[str, Table]:
        rows = [
            [found.measure, at.level, at.runs, name, interval.mean, interval.low, interval.high]
            for found in self.found
            for at in found.levels
            for name in (*ESTIMANDS, "step")
            if (interval := getattr(at, name)) is not None
        ]
        return {"saturation": (["measure", LEVEL, "runs", "effect", "mean", "ci_low", "ci_high"], rows)}

    def figures(self) -> Mapping[str, Callable[[], Figure]]:
        from experiments.dated.figures import saturation_lines

        return {f"saturation_{each.measure}": partial(saturation_lines, each) for each in self.found}


KIND = _Saturation()
