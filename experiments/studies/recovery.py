"""How long regimes take to recover from a surge of demand, a cut in posts or a loss of hours."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Literal

import numpy as np
from pydantic import Field

from experiments.design.naming import shown_name
from experiments.design.plan import Base
from experiments.design.reforms import Shock, dated, frame_problems, lost_street_hours, recording_burden, surge
from experiments.errors import WrongInput
from experiments.formatting import plus_minus
from experiments.kinds import Asked, Chart, CsvTable, Kind, Layout, OpenStudy, Options, StudyResults, csv_table
from experiments.messages import msg
from experiments.runner.worker import Reduction, always
from experiments.stats.recovery import Recovery, Rule, recovery
from model import Record


class RecoveryOptions(Options):
    """Options of a shock."""

    shock: Literal["dated", "surge", "lost_street_hours", "recording_burden"] = Field(
        description="dated: the scenario's own (`shocks`: demand and posts on some days), against none; "
        "surge: more requests in some months; lost_street_hours: streets lose hours from a day on, the "
        "nearest to a cut in their posts; recording_burden: more work on every case from a day on, for every unit."
    )
    months: tuple[int, ...] = Field((6, 7), description="surge: months of the year in a row, 0 to 11.")
    extra: float = Field(0.5, gt=0.0, le=10.0, description="surge: extra requests over those of a mean month.")
    day: int = Field(240, ge=0, description="The last two: day of the run from which on hours are lost.")
    person_days: float = Field(
        3.0, gt=0.0, description="lost_street_hours: of a street a month at full scale, up to 50; recording_burden: of "
        "every party on each case, up to 0.8."
    )  # fmt: skip
    tolerance: float = Field(0.05, gt=0.0, lt=1.0, description="Share of the peak that counts as recovered.")
    days_in_a_row: int = Field(14, ge=1, le=365)


def lay_out(asked: Asked[RecoveryOptions]) -> Layout:
    """Lay out the study: every regime without the shock and with it."""
    problems = frame_problems(asked.study, asked.places, one_regime=False)
    (plain,) = asked.checked(asked.bases, problems=problems)
    twins = []
    for base in plain:
        shock = _shock(base, asked)
        twins += [(base.label, base.regime, shock.without), (f"{base.label} + shock", base.regime, shock.with_it)]
    return Layout(asked.plan(asked.bases(twins), series=True), Reduction(partial(always, open_cases)))


def _shock(base: Base, asked: Asked[RecoveryOptions]) -> Shock:
    options = asked.options
    try:
        if options.shock == "dated":
            return dated(base.scenario)
        if options.shock == "surge":
            return surge(base.scenario, options.months, options.extra)
        make = lost_street_hours if options.shock == "lost_street_hours" else recording_burden
        return make(base.scenario, options.day, options.person_days)
    except ValueError as error:
        raise WrongInput([f"{asked.places('analysis')}{error}"]) from error


def open_cases(record: Record) -> dict[str, Any]:
    """Return what a study keeps of a run: cases open at the end of each day, and those that queue at each level."""
    names = ("open", *(name for name in record.daily if name.startswith("queued_")))
    return {f"daily_{name}": np.asarray(record.daily[name], dtype=np.float64) for name in names}


class RecoveryResults(StudyResults[RecoveryOptions]):
    """What the study found."""

    def __init__(self, opened: OpenStudy) -> None:
        super().__init__(opened, RecoveryOptions)
        calm, bases = opened.manifest["bases"][::2], self.asked.bases()
        self.titles = {base["label"]: shown_name(base["label"], base["resolved"]["title"]) for base in calm}
        runs, rule = opened.arrays_by_run(), Rule(self.options.tolerance, self.options.days_in_a_row)
        self.found = []
        for place, (label, plain) in enumerate(zip(self.titles, bases, strict=True)):
            at, shock = (2 * place, 2 * place + 1), _shock(plain, self.asked)
            pairs = sorted(each for point, each in runs if point == at[0] and (at[1], each) in runs)
            if len(pairs) < 2:
                raise WrongInput([f"{label}: expected two or more successful pairs, got {len(pairs)}."])
            without, with_it = (np.array([runs[point, each]["daily_open"] for each in pairs]) for point in at)
            self.found.append(recovery(label, without, with_it, shock.day, shock.until, rule))

    def as_json(self) -> dict[str, Any]:
        days = {"day": self.found[0].curve.day, "until": self.found[0].curve.until}
        regimes = [each.as_json() for each in self.found]
        return {"study": self.folder, "shock": self.options.shock, **days, "regimes": regimes}

    def blocks(self) -> Iterable[str]:
        return sentences(self.found, self.titles)

    def tables(self) -> Mapping[str, CsvTable]:
        rows = (
            [each.regime, day, *at]
            for each in self.found
            for day, at in enumerate(zip(each.curve.mean, each.curve.low, each.curve.high, strict=True), each.curve.day)
        )
        return {"excess": csv_table("regime day mean ci_low ci_high", rows)}

    def charts(self) -> Iterator[Chart]:
        from experiments.charts.event_study import excess_backlog

        yield Chart("excess_backlog", partial(excess_backlog, self.found, self.titles))


def sentences(found: Sequence[Recovery], names: Mapping[str, str]) -> Iterator[str]:
    """Yield peak, time to recover and case-days of each regime; `names` say what their labels are called."""
    for each in found:
        say = partial(
            msg, regime=names.get(each.regime, each.regime), peak=plus_minus(each.peak, each, sign=False),
            day=each.peak_day, case_days=plus_minus(each.case_days, each), horizon=each.horizon_days,
        )  # fmt: skip
        if each.recovery_days is None:
            yield say("evaluation_says_no_recovery")
        else:
            bounds = (each.recovery_low, each.recovery_high)
            low, high = (msg("evaluation_beyond") if day is None else str(day) for day in bounds)
            yield say("evaluation_says_recovery", days=each.recovery_days, low=low, high=high)
    if found:
        yield msg("evaluation_says_rule", tolerance=100 * found[0].tolerance, days=found[0].days_in_a_row)
    yield msg("evaluation_no_forecast")


KIND = Kind(RecoveryOptions, lay_out, RecoveryResults, example="""\
regimes: [inverted, flattened]
replicates: {fixed: 3}
analysis: {shock: recording_burden, day: 60, person_days: 0.05}
set: {run.warm_up_days: 30, run.window_days: 240, run.follow_up_days: 40}
district: tiny
""")  # fmt: skip
