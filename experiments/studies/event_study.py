"""What an observer of a dated reform in some streets estimates, beside the true effect."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, TypeVar

from pydantic import Field

from experiments.design.factors import reference
from experiments.design.plan import Base
from experiments.design.reforms import adoption_days, everywhere, frame_problems, keyed_order, nowhere, somewhere
from experiments.errors import WrongInput
from experiments.formatting import measure_title, plus_minus, unit
from experiments.kinds import Asked, Chart, CsvTable, Kind, Layout, OpenStudy, Options, StudyResults, csv_table
from experiments.messages import msg, runs_text
from experiments.runner.worker import Reduction
from experiments.stats.bias import Truth, Worlds, one_truth, truth
from experiments.stats.did import FEWEST
from experiments.stats.panel import MEASURES, PERIOD_DAYS, Panel, PanelReduction


class ReformOptions(Options):
    """A reform that begins on a date in some streets."""

    reform: str = Field("rules_only", description="Regime whose rules begin; people stay where they are.")
    day: int = Field(360, ge=1, description="Day of the run on which it begins.")
    share: float = Field(0.51, gt=0.0, lt=1.0, description="Share of the streets in which it begins.")
    streets_seed: int = Field(1, ge=0, description="Names the draw of these streets.")
    washout: int = Field(0, ge=0, le=12, description="Periods before the date that the difference leaves out.")
    base: int = Field(-1, ge=-12, le=-1, description="Period before the date against which others are measured.")
    measures: tuple[str, ...] = Field(("closure_rate",), min_length=1)


Reform = TypeVar("Reform", bound=ReformOptions)


def street_codes(asked: Asked[Any]) -> list[str]:
    """Return the codes of the district's streets."""
    return [street.code for street in reference(asked.study).world.streets]


def _pilot_streets(asked: Asked[Reform]) -> list[str]:
    """Return the codes of the streets in which the reform begins, drawn once."""
    codes = street_codes(asked)
    return keyed_order(codes, asked.options.streets_seed, "pilot")[: round(asked.options.share * len(codes))]


def reform_problems(asked: Asked[Reform]) -> Iterable[str]:
    """Yield what is wrong with a dated reform."""
    places, day = asked.places, asked.options.day
    yield from frame_problems(asked.study, places, asked.options.measures)
    run = asked.bases()[0].scenario.run
    first, last = run.warm_up_days + PERIOD_DAYS, run.warm_up_days + run.window_days - PERIOD_DAYS
    if not first <= day <= last:
        yield f"{places('analysis', 'day')}expected {first} to {last} (a period before and after), got {day}."
    streets, reformed = len(street_codes(asked)), len(_pilot_streets(asked))
    if not FEWEST <= reformed <= streets - FEWEST:
        yield f"{places('analysis', 'share')}expected {FEWEST} or more streets per group, got {reformed} of {streets}."


def worlds_of(asked: Asked[Reform]) -> tuple[Base, ...]:
    """Return the district without the reform, with it in the pilot streets, and with it everywhere."""
    options, regime = asked.options, asked.study.regimes[0]
    return asked.bases([
        ("nowhere", regime, nowhere()),
        ("pilot", regime, somewhere(options.reform, options.day, _pilot_streets(asked))),
        ("everywhere", regime, everywhere(options.reform, options.day)),
    ])  # fmt: skip


def lay_out(asked: Asked[ReformOptions]) -> Layout:
    """Lay out the study."""
    (bases,) = asked.checked(lambda: worlds_of(asked), problems=reform_problems(asked))
    return Layout(asked.plan(bases, series=True), panel_reduction(asked.options.day))


def panel_reduction(day: int) -> Reduction:
    """Return what is kept of a run: its panel, a period of which begins on the day of the reform."""
    return Reduction(partial(PanelReduction.of, anchor_day=day), cases=True)


def panels(opened: OpenStudy) -> dict[tuple[int, int], Panel]:
    """Return the panel of every run by point and replicate."""
    return {key: Panel.from_arrays(arrays) for key, arrays in opened.arrays_by_run().items()}


class EventStudyResults(StudyResults[ReformOptions]):
    """What the study found."""

    def __init__(self, opened: OpenStudy) -> None:
        super().__init__(opened, ReformOptions)
        found, options = panels(opened), self.options
        complete = sorted(each for point, each in found if point == 0 and found.keys() >= {(1, each), (2, each)})
        if len(complete) < 2:
            raise WrongInput([f"{opened.folder}: expected two or more successful replicates, got {len(complete)}."])
        adoption = adoption_days(worlds_of(self.asked)[1].scenario, found[0, complete[0]].streets)
        worlds = [Worlds(found[0, each], found[1, each], found[2, each], adoption) for each in complete]
        self.truths = [
            truth(measure, [one_truth(each, measure, base=options.base, washout=options.washout) for each in worlds])
            for measure in options.measures
        ]

    def as_json(self) -> dict[str, Any]:
        first, *others = (each.as_json() for each in self.truths)
        about = {"study": self.folder, "reform": self.options.reform, "day": self.options.day}
        return {**about, **first, "others": others}

    def blocks(self) -> Iterable[str]:
        for each in self.truths:
            yield from sentences(each)

    def tables(self) -> Mapping[str, CsvTable]:
        header = (
            "measure period estimated estimated_low estimated_high on_reformed reformed_low reformed_high "
            "on_others others_low others_high"
        )
        rows = ([each.measure, effect.period, effect.estimated, effect.on_reformed, effect.on_others]
                for each in self.truths for effect in each.periods or ())  # fmt: skip
        return {"by_period": csv_table(header, rows)}

    def charts(self) -> Iterator[Chart]:
        from experiments.charts.event_study import events_beside_truth, forest

        for each in self.truths:
            if each.periods is not None:
                yield Chart(f"event_study_{each.measure}", partial(events_beside_truth, each))
            yield Chart(f"estimates_{each.measure}", partial(forest, each))


def sentences(found: Truth) -> Iterator[str]:
    """Yield what the observer finds, what is true, and where the difference comes from."""
    measure, runs = MEASURES[found.measure], runs_text(found.runs)
    shown, say = partial(plus_minus, outcome=measure), partial(msg, unit=unit(measure, difference=True))
    yield say("evaluation_says_estimate", measure=measure_title(found.measure), estimate=shown(found.estimate),
              reformed=shown(found.on_reformed), others=shown(found.on_others))  # fmt: skip
    verdict = "unbiased"
    if found.bias.excludes_zero and found.on_reformed.mean and found.bias.mean is not None:
        verdict = "over" if found.bias.mean * found.on_reformed.mean > 0.0 else "under"
    yield say(f"evaluation_says_{verdict}", bias=shown(found.bias), spill=shown(found.spill), drift=shown(found.drift),
              timing=shown(found.timing))  # fmt: skip
    if found.coverage.mean is not None:
        yield msg("evaluation_says_coverage", coverage=100 * found.coverage.mean, runs=runs)
    if found.everywhere.mean is not None and found.coverage_everywhere.mean is not None:
        share = 100 * found.coverage_everywhere.mean
        yield say("evaluation_says_everywhere", everywhere=shown(found.everywhere), coverage=share, runs=runs)
    if found.pre_trend_rejected is not None:
        yield msg("evaluation_says_pre_trend", rejected=100 * found.pre_trend_rejected, runs=runs)
    if found.negative_weight > 0.0:
        yield msg("evaluation_says_weights", weight=found.negative_weight)
    if found.group_time.mean is not None:
        yield say("evaluation_says_group_time", estimate=shown(found.group_time))
    yield msg("evaluation_no_forecast")


KIND = Kind(ReformOptions, lay_out, EventStudyResults, example="""\
regimes: [inverted]
replicates: {fixed: 3}
analysis: {day: 150, share: 0.5}
set: {run.warm_up_days: 30, run.window_days: 240, run.follow_up_days: 40, demand.scale: 0.01}
""")  # fmt: skip
