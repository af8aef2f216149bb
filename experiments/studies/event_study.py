"""What an observer of a dated reform in some streets estimates, beside the true effect."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

from experiments.design.factors import reference
from experiments.design.plan import Base, bases_of, make_plan
from experiments.design.reading import Places, outcome_problems
from experiments.design.reforms import adoption_days, everywhere, frame_problems, keyed_order, nowhere, somewhere
from experiments.design.studyfile import StudyFile
from experiments.errors import WrongInput, collect_errors, raise_if_any
from experiments.formatting import measure_title, plus_minus, unit
from experiments.kinds import Chart, CsvTable, Kind, Layout, Results
from experiments.messages import msg, runs_text
from experiments.runner.agenda import agenda_of
from experiments.runner.worker import Reduction
from experiments.stats.bias import Truth, Worlds, one_truth, truth
from experiments.stats.did import FEWEST
from experiments.stats.panel import MEASURES, PERIOD_DAYS, Panel, PanelReduction
from experiments.store.opened import OpenStudy

if TYPE_CHECKING:
    from model import Scenario


class ReformOptions(BaseModel):
    """A reform that begins on a date in some streets."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reform: str = Field("rules_only", description="Regime whose rules begin; people stay where they are.")
    day: int = Field(360, ge=1, description="Day of the run on which it begins.")
    share: float = Field(0.51, gt=0.0, lt=1.0, description="Share of the streets in which it begins.")
    streets_seed: int = Field(1, ge=0, description="Names the draw of these streets.")
    washout: int = Field(0, ge=0, le=12, description="Periods before the date that the difference leaves out.")
    base: int = Field(-1, ge=-12, le=-1, description="Period before the date against which others are measured.")
    measures: tuple[str, ...] = Field(("closure_rate",), min_length=1)


def _pilot_streets(study: StudyFile, options: ReformOptions) -> list[str]:
    """Return the codes of the streets in which the reform begins, drawn once."""
    codes = [street.code for street in reference(study).world.streets]
    return keyed_order(codes, options.streets_seed, "pilot")[: round(options.share * len(codes))]


def reform_problems(study: StudyFile, options: ReformOptions, places: Places) -> Iterable[str]:
    """Yield what is wrong with a dated reform."""
    yield from frame_problems(study, places, options.measures)
    run = bases_of(study)[0].scenario.run
    first, last = run.warm_up_days + PERIOD_DAYS, run.warm_up_days + run.window_days - PERIOD_DAYS
    if not first <= options.day <= last:
        yield f"{places('analysis', 'day')}expected {first} to {last} (a period before and after), got {options.day}."
    streets, reformed = len(reference(study).world.streets), len(_pilot_streets(study, options))
    if not FEWEST <= reformed <= streets - FEWEST:
        yield f"{places('analysis', 'share')}expected {FEWEST} or more streets per group, got {reformed} of {streets}."


def lay_out(study: StudyFile, places: Places) -> Layout:
    """Lay out the study."""
    kept, options = study.model_copy(update={"series": True}), ReformOptions(**study.analysis)
    _, bases, *_ = collect_errors(
        lambda: raise_if_any(reform_problems(kept, options, places)),
        lambda: worlds_of(kept, options, places),
        lambda: raise_if_any(outcome_problems(kept, places)),
    )
    plan = make_plan(kept, bases, places=places)
    return Layout(plan, lambda _: agenda_of(plan), panel_reduction(bases[0].scenario, options.day))


def worlds_of(study: StudyFile, options: ReformOptions, places: Places | None = None) -> tuple[Base, ...]:
    """Return the district without the reform, with it in the pilot streets, and with it everywhere."""
    worlds = {
        "nowhere": nowhere(),
        "pilot": somewhere(options.reform, options.day, _pilot_streets(study, options)),
        "everywhere": everywhere(options.reform, options.day),
    }
    return bases_of(study, [(label, study.regimes[0], settings) for label, settings in worlds.items()], places)


def panel_reduction(scenario: Scenario, day: int) -> Reduction:
    """Return what is kept of a run: its panel, a period of which begins on the day of the reform."""
    return Reduction(PanelReduction.of(scenario, anchor_day=day), cases=True)


def panels(opened: OpenStudy) -> dict[tuple[int, int], Panel]:
    """Return the panel of every run by point and replicate."""
    return {key: Panel.from_arrays(arrays) for key, arrays in opened.arrays_by_run().items()}


class EventStudyResults(Results):
    """What the study found."""

    def __init__(self, opened: OpenStudy) -> None:
        self.options = options = ReformOptions(**opened.study.analysis)
        self.folder = str(opened.folder)
        found = panels(opened)
        complete = sorted(
            {replicate for _, replicate in found if all((point, replicate) in found for point in range(3))}
        )
        if len(complete) < 2:
            raise WrongInput([f"{opened.folder}: expected two or more successful replicates, got {len(complete)}."])
        pilot = worlds_of(opened.study, options)[1].scenario
        adoption = adoption_days(pilot, found[0, complete[0]].streets)
        worlds = [Worlds(found[0, each], found[1, each], found[2, each], adoption) for each in complete]
        self.truths = [
            truth(measure, [one_truth(each, measure, base=options.base, washout=options.washout) for each in worlds])
            for measure in options.measures
        ]

    def as_json(self) -> dict[str, Any]:
        first, *others = [each.as_json() for each in self.truths]
        about = {"study": self.folder, "reform": self.options.reform, "day": self.options.day}
        return {**about, **first, "others": others}

    def blocks(self) -> Iterable[str]:
        for each in self.truths:
            yield from sentences(each)

    def tables(self) -> Mapping[str, CsvTable]:
        header = ["measure", "period", "estimated", "estimated_low", "estimated_high", "on_reformed", "reformed_low",
                  "reformed_high", "on_others", "others_low", "others_high"]  # fmt: skip
        rows = [
            [each.measure, effect.period, *dataclasses.astuple(effect.estimated),
             *dataclasses.astuple(effect.on_reformed), *dataclasses.astuple(effect.on_others)]
            for each in self.truths
            for effect in each.periods or ()
        ]  # fmt: skip
        return {"by_period": (header, rows)}

    def charts(self) -> Iterator[Chart]:
        from experiments.charts.event_study import events_beside_truth, forest

        for each in self.truths:
            if each.periods is not None:
                yield Chart(f"event_study_{each.measure}", partial(events_beside_truth, each))
            yield Chart(f"estimates_{each.measure}", partial(forest, each))


def sentences(found: Truth) -> Iterator[str]:
    """Yield what the observer finds, what is true, and where the difference comes from."""
    shown, runs = partial(plus_minus, outcome=MEASURES[found.measure]), runs_text(found.runs)
    kind = {"unit": unit(MEASURES[found.measure], difference=True)}
    yield msg(
        "dated_says_estimate", measure=measure_title(found.measure), estimate=shown(found.estimate),
        reformed=shown(found.on_reformed), others=shown(found.on_others), **kind,
    )  # fmt: skip
    parts = {name: shown(getattr(found, name)) for name in ("bias", "spill", "drift", "timing")}
    yield msg(f"dated_says_{_verdict(found)}", **parts, **kind)
    if found.coverage.mean is not None:
        yield msg("dated_says_coverage", coverage=100 * found.coverage.mean, runs=runs)
    if found.everywhere.mean is not None and found.coverage_everywhere.mean is not None:
        share = 100 * found.coverage_everywhere.mean
        yield msg("dated_says_everywhere", everywhere=shown(found.everywhere), coverage=share, runs=runs, **kind)
    if found.pre_trend_rejected is not None:
        yield msg("dated_says_pre_trend", rejected=100 * found.pre_trend_rejected, runs=runs)
    if found.negative_weight > 0.0:
        yield msg("dated_says_weights", weight=found.negative_weight)
    if found.group_time.mean is not None:
        yield msg("dated_says_group_time", estimate=shown(found.group_time), **kind)
    yield msg("dated_no_forecast")


def _verdict(found: Truth) -> str:
    """Tell whether the observer clearly exaggerates the effect on the reformed, plays it down, or neither."""
    if not found.bias.excludes_zero or not found.on_reformed.mean or found.bias.mean is None:
        return "unbiased"
    return "over" if found.bias.mean * found.on_reformed.mean > 0.0 else "under"


EXAMPLE = """\
regimes: [inverted]
replicates: {fixed: 3}
analysis: {day: 150, share: 0.5}
set: {run.warm_up_days: 30, run.window_days: 240, run.follow_up_days: 40, demand.scale: 0.01}
"""
"""A small study of this kind."""

KIND = Kind(ReformOptions, lay_out, EventStudyResults, EXAMPLE)
