"""Direct, spill-over and total effects by the share of streets reformed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np
from pydantic import Field

from experiments.design.designs import Row
from experiments.design.factors import reference
from experiments.design.plan import bases_of, make_plan
from experiments.design.reading import Places, outcome_problems
from experiments.design.reforms import LEVELS, Arm, frame_problems, nowhere, saturation_arms
from experiments.design.studyfile import StudyFile
from experiments.errors import collect_errors, raise_if_any
from experiments.formatting import measure_title, plus_minus, unit
from experiments.kinds import Chart, CsvTable, Kind, Layout, Results
from experiments.messages import msg
from experiments.runner.agenda import Agenda
from experiments.stats import to_json
from experiments.stats.panel import MEASURES, Panel
from experiments.stats.saturation import ESTIMANDS, Saturated, Saturation, saturation
from experiments.store.opened import OpenStudy
from experiments.studies.event_study import ReformOptions, panel_reduction, panels

LEVEL = "saturation"
"""Column of the design: share of the streets that is reformed."""


class SaturationOptions(ReformOptions):
    """Options of a randomised saturation; `share` is not read."""

    levels: tuple[float, ...] = Field(LEVELS, min_length=2, description="Shares of the streets, 0 among them.")
    crossed: bool = Field(True, description="Every seed meets every share, as only a simulation can; false: draws one.")


def lay_out(study: StudyFile, places: Places) -> Layout:
    """Lay out the study."""
    kept, options = study.model_copy(update={"series": True}), SaturationOptions(**study.analysis)
    bases, *_ = collect_errors(
        lambda: bases_of(kept, [("", kept.regimes[0], nowhere())], places),
        lambda: raise_if_any(outcome_problems(kept, places)),
        lambda: raise_if_any(_problems(kept, options, places)),
    )
    arms = _arms(kept, options)
    dates = [{"dates": arm.settings["dates"]} if arm.streets else {} for arm in arms]
    rows = [Row(number, 0, {LEVEL: arm.level}, dates[number]) for number, arm in enumerate(arms)]
    plan = make_plan(kept, bases, (), rows, places=places)
    tasks = [plan.task(point, arm.replicate) for point, arm in zip(plan.points, arms, strict=True)]
    return Layout(plan, lambda _: Agenda(plan.points, tasks), panel_reduction(bases[0].scenario, options.day))


def _problems(study: StudyFile, options: SaturationOptions, places: Places) -> Iterable[str]:
    yield from frame_problems(study, places, options.measures)
    if 0.0 not in options.levels or not all(0.0 <= level <= 1.0 for level in options.levels):
        yield f"{places('analysis', 'levels')}expected shares from 0 to 1, including 0, got {list(options.levels)}."


def _arms(study: StudyFile, options: SaturationOptions) -> list[Arm]:
    codes = [street.code for street in reference(study).world.streets]
    return saturation_arms(codes, options.reform, options.day, study.replicates.first, levels=options.levels,
                           crossed=options.crossed, design_seed=options.streets_seed)  # fmt: skip


def saturated(panel: Panel, measure: str, arm: Arm, day: int) -> Saturated:
    """Return a run reduced to street means of a measure over the whole periods from the day of the reform on."""
    reformed = np.isin(panel.streets, list(arm.streets))
    return Saturated(arm.replicate, arm.level, reformed, panel.means_from(day, measure))


class SaturationResults(Results):
    """What the study found."""

    def __init__(self, opened: OpenStudy) -> None:
        options = SaturationOptions(**opened.study.analysis)
        self.folder = str(opened.folder)
        arms = _arms(opened.study, options)
        runs = [(panel, arms[point]) for (point, _), panel in panels(opened).items()]
        self.found = [
            saturation(measure, [saturated(panel, measure, arm, options.day) for panel, arm in runs])
            for measure in options.measures
        ]

    def as_json(self) -> dict[str, Any]:
        first, *others = map(to_json, self.found)
        return {"study": self.folder, **first, "others": others}

    def blocks(self) -> Iterable[str]:
        for each in self.found:
            yield from sentences(each)

    def tables(self) -> Mapping[str, CsvTable]:
        rows = [
            [found.measure, at.level, at.runs, name, *dataclasses.astuple(getattr(at, name))]
            for found in self.found
            for at in found.levels
            for name in (*ESTIMANDS, "step")
        ]
        return {"saturation": (["measure", LEVEL, "runs", "effect", "mean", "ci_low", "ci_high"], rows)}

    def charts(self) -> Iterator[Chart]:
        from experiments.charts.event_study import saturation_lines

        yield from (Chart(f"saturation_{each.measure}", partial(saturation_lines, each)) for each in self.found)


def sentences(found: Saturation) -> Iterator[str]:
    """Yield the effects by saturation, and what reforming the last streets does."""
    shown = partial(plus_minus, outcome=MEASURES[found.measure])
    kind = unit(MEASURES[found.measure], difference=True)
    for at in found.levels:
        yield msg(
            "dated_says_saturation", measure=measure_title(found.measure), level=100 * at.level, unit=kind,
            total=shown(at.total), spill=shown(at.spill_over), overall=shown(at.overall),
        )  # fmt: skip
    if len(found.levels) > 1:
        before, last = found.levels[-2:]
        levels = {"before": 100 * before.level, "last": 100 * last.level}
        key = "dated_says_step" if last.step.excludes_zero else "dated_says_step_unclear"
        yield msg(key, step=shown(last.step), unit=kind, **levels)
    yield msg("dated_no_forecast")


EXAMPLE = """\
regimes: [inverted]
replicates: {fixed: 3}
analysis: {day: 150, levels: [0, 0.34, 1]}
set: {run.warm_up_days: 30, run.window_days: 240, run.follow_up_days: 40}
district: tiny
"""
"""A small study of this kind."""

KIND = Kind(SaturationOptions, lay_out, SaturationResults, EXAMPLE)
