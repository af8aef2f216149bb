"""Direct, spill-over and total effects by the share of streets reformed."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np
from pydantic import Field

from experiments.design.designs import Row
from experiments.design.reforms import LEVELS, Arm, frame_problems, nowhere, saturation_arms
from experiments.formatting import measure_title, plus_minus, unit
from experiments.kinds import Asked, Chart, CsvTable, Kind, Layout, OpenStudy, StudyResults, csv_table
from experiments.messages import msg
from experiments.stats import to_json
from experiments.stats.panel import MEASURES, Panel
from experiments.stats.saturation import ESTIMANDS, Saturated, Saturation, saturation
from experiments.studies.event_study import ReformOptions, panel_reduction, panels, street_codes

LEVEL = "saturation"  # column of the design: share of the streets that is reformed


class SaturationOptions(ReformOptions):
    """Options of a randomised saturation; `share` is not read."""

    levels: tuple[float, ...] = Field(LEVELS, min_length=2, description="Shares of the streets, 0 among them.")
    crossed: bool = Field(True, description="Every seed meets every share, as only a simulation can; false: draws one.")


def lay_out(asked: Asked[SaturationOptions]) -> Layout:
    """Lay out the study."""
    (bases,) = asked.checked(
        lambda: asked.bases([("", asked.study.regimes[0], nowhere())]), problems=_problems(asked)
    )  # fmt: skip
    arms = _arms(asked)
    dates = [{"dates": arm.settings["dates"]} if arm.streets else {} for arm in arms]
    rows = [Row(number, 0, {LEVEL: arm.level}, dates[number]) for number, arm in enumerate(arms)]
    plan = asked.plan(bases, rows=rows, series=True)
    tasks = [plan.task(point, arm.replicate) for point, arm in zip(plan.points, arms, strict=True)]
    return Layout(plan, panel_reduction(asked.options.day), tasks)


def _problems(asked: Asked[SaturationOptions]) -> Iterable[str]:
    yield from frame_problems(asked.study, asked.places, asked.options.measures)
    levels = asked.options.levels
    if 0.0 not in levels or not all(0.0 <= level <= 1.0 for level in levels):
        yield f"{asked.places('analysis', 'levels')}expected shares from 0 to 1, including 0, got {list(levels)}."


def _arms(asked: Asked[SaturationOptions]) -> list[Arm]:
    options, replicates = asked.options, asked.study.replicates.first
    return saturation_arms(street_codes(asked), options.reform, options.day, replicates, levels=options.levels,
                           crossed=options.crossed, design_seed=options.streets_seed)  # fmt: skip


def saturated(panel: Panel, measure: str, arm: Arm, day: int) -> Saturated:
    """Return a run reduced to street means of a measure over the whole periods from the day of the reform on."""
    reformed = np.isin(panel.streets, list(arm.streets))
    return Saturated(arm.replicate, arm.level, reformed, panel.means_from(day, measure))


class SaturationResults(StudyResults[SaturationOptions]):
    """What the study found."""

    def __init__(self, opened: OpenStudy) -> None:
        super().__init__(opened, SaturationOptions)
        arms, day = _arms(self.asked), self.options.day
        runs = [(panel, arms[point]) for (point, _), panel in panels(opened).items()]
        self.found = [
            saturation(measure, [saturated(panel, measure, arm, day) for panel, arm in runs])
            for measure in self.options.measures
        ]

    def as_json(self) -> dict[str, Any]:
        first, *others = map(to_json, self.found)
        return {"study": self.folder, **first, "others": others}

    def blocks(self) -> Iterable[str]:
        for each in self.found:
            yield from sentences(each)

    def tables(self) -> Mapping[str, CsvTable]:
        rows = ([found.measure, at.level, at.runs, name, getattr(at, name)]
                for found in self.found for at in found.levels for name in (*ESTIMANDS, "step"))  # fmt: skip
        return {"saturation": csv_table(f"measure {LEVEL} runs effect mean ci_low ci_high", rows)}

    def charts(self) -> Iterator[Chart]:
        from experiments.charts.event_study import saturation_lines

        yield from (Chart(f"saturation_{each.measure}", partial(saturation_lines, each)) for each in self.found)


def sentences(found: Saturation) -> Iterator[str]:
    """Yield the effects by saturation, and what reforming the last streets does."""
    measure = MEASURES[found.measure]
    shown, say = partial(plus_minus, outcome=measure), partial(msg, unit=unit(measure, difference=True))
    for at in found.levels:
        yield say("evaluation_says_saturation", measure=measure_title(found.measure), level=100 * at.level,
                  total=shown(at.total), spill=shown(at.spill_over), overall=shown(at.overall))  # fmt: skip
    if len(found.levels) > 1:
        before, last = found.levels[-2:]
        key = "evaluation_says_step" if last.step.excludes_zero else "evaluation_says_step_unclear"
        yield say(key, step=shown(last.step), before=100 * before.level, last=100 * last.level)
    yield msg("evaluation_no_forecast")


KIND = Kind(SaturationOptions, lay_out, SaturationResults, example="""\
regimes: [inverted]
replicates: {fixed: 3}
analysis: {day: 150, levels: [0, 0.34, 1]}
set: {run.warm_up_days: 30, run.window_days: 240, run.follow_up_days: 40}
district: tiny
""")  # fmt: skip
