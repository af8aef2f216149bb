"""How long regimes take to recover from a surge of demand or a loss of hours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from experiments.design.naming import shown_name
from experiments.design.plan import Base, bases_of, make_plan
from experiments.design.reading import Places, outcome_problems
from experiments.design.reforms import Shock, frame_problems, lost_street_hours, recording_burden, surge
from experiments.design.studyfile import StudyFile
from experiments.errors import WrongInput, collect_errors, raise_if_any
from experiments.formatting import plus_minus
from experiments.kinds import Chart, CsvTable, Kind, Layout, Results
from experiments.messages import msg
from experiments.runner.agenda import agenda_of
from experiments.runner.worker import Reduction
from experiments.stats.recovery import Recovery, Rule, recovery
from experiments.store.opened import OpenStudy

if TYPE_CHECKING:
    from model import Record

SHOCKED = "{} + shock"
"""Label of a regime in the world with the shock."""


class RecoveryOptions(BaseModel):
    """Options of a shock."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    shock: Literal["surge", "lost_street_hours", "recording_burden"] = Field(
        description="surge: more requests in some months; lost_street_hours: streets lose hours from a day on, the "
        "nearest to a cut in their posts; recording_burden: more work on every case from a day on, for every unit."
    )
    months: tuple[int, ...] = Field((6, 7), description="surge: months of the year in a row, 0 to 11.")
    extra: float = Field(0.5, gt=0.0, le=10.0, description="surge: extra requests over those of a mean month.")
    day: int = Field(240, ge=0, description="Others: day of the run from which on hours are lost.")
    person_days: float = Field(
        3.0, gt=0.0, description="lost_street_hours: of a street a month at full scale, up to 50; recording_burden: of "
        "every party on each case, up to 0.8."
    )  # fmt: skip
    tolerance: float = Field(0.05, gt=0.0, lt=1.0, description="Share of the peak that counts as recovered.")
    days_in_a_row: int = Field(14, ge=1, le=365)


def lay_out(study: StudyFile, places: Places) -> Layout:
    """Lay out the study."""
    kept, options = study.model_copy(update={"series": True}), RecoveryOptions(**study.analysis)
    plain, *_ = collect_errors(
        lambda: bases_of(kept, places=places),
        lambda: raise_if_any(outcome_problems(kept, places)),
        lambda: raise_if_any(frame_problems(kept, places, one_regime=False)),
    )
    worlds = [world for base in plain for world in _worlds(base, _shock(base, options, places))]
    plan = make_plan(kept, bases_of(kept, worlds, places), places=places)
    return Layout(plan, lambda _: agenda_of(plan), Reduction(open_cases))


def _shock(base: Base, options: RecoveryOptions, places: Places) -> Shock:
    try:
        if options.shock == "surge":
            return surge(base.scenario, options.months, options.extra)
        make = lost_street_hours if options.shock == "lost_street_hours" else recording_burden
        return make(base.scenario, options.day, options.person_days)
    except ValueError as error:
        raise WrongInput([f"{places('analysis')}{error}"]) from error


def _worlds(base: Base, shock: Shock) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    yield base.label, base.regime, shock.without
    yield SHOCKED.format(base.label), base.regime, shock.with_it


def open_cases(record: Record) -> dict[str, Any]:
    """Return what a study keeps of a run: cases open at the end of each day, and those that queue at each level."""
    names = ("open", *(name for name in record.daily if name.startswith("queued_")))
    return {f"daily_{name}": np.asarray(record.daily[name], dtype=np.float64) for name in names}


class RecoveryResults(Results):
    """What the study found."""

    def __init__(self, opened: OpenStudy) -> None:
        self.options = RecoveryOptions(**opened.study.analysis)
        self.folder = str(opened.folder)
        calm = opened.manifest["bases"][::2]
        self.names = {base["label"]: shown_name(base["label"], base["resolved"]["title"]) for base in calm}
        runs = opened.arrays_by_run()
        self.found = [
            self._recovery(label, _shock(plain, self.options, Places()), runs, 2 * place)
            for place, (label, plain) in enumerate(zip(self.names, bases_of(opened.study), strict=True))
        ]

    def _recovery(
        self, label: str, shock: Shock, runs: Mapping[tuple[int, int], Mapping[str, Any]], place: int
    ) -> Recovery:
        pairs = sorted(each for point, each in runs if point == place and (place + 1, each) in runs)
        if len(pairs) < 2:
            raise WrongInput([f"{label}: expected two or more successful pairs, got {len(pairs)}."])
        without, with_it = (np.array([runs[at, each]["daily_open"] for each in pairs]) for at in (place, place + 1))
        rule = Rule(self.options.tolerance, self.options.days_in_a_row)
        return recovery(label, without, with_it, shock.day, shock.until, rule)

    def as_json(self) -> dict[str, Any]:
        days = {"day": self.found[0].curve.day, "until": self.found[0].curve.until}
        regimes = [each.as_json() for each in self.found]
        return {"study": self.folder, "shock": self.options.shock, **days, "regimes": regimes}

    def blocks(self) -> Iterable[str]:
        return sentences(self.found, self.names)

    def tables(self) -> Mapping[str, CsvTable]:
        rows = (
            [each.regime, day, *at]
            for each in self.found
            for day, at in enumerate(zip(each.curve.mean, each.curve.low, each.curve.high, strict=True), each.curve.day)
        )
        return {"excess": (["regime", "day", "mean", "ci_low", "ci_high"], rows)}

    def charts(self) -> Iterator[Chart]:
        from experiments.charts.event_study import excess_backlog

        yield Chart("excess_backlog", partial(excess_backlog, self.found, self.names))


def sentences(found: Sequence[Recovery], names: Mapping[str, str]) -> Iterator[str]:
    """Yield peak, time to recover and case-days of each regime; `names` say what their labels are called."""
    for each in found:
        about = {
            "regime": names.get(each.regime, each.regime), "peak": plus_minus(each.peak, each).lstrip("+"),
            "day": each.peak_day, "case_days": plus_minus(each.case_days, each), "horizon": each.horizon_days,
        }  # fmt: skip
        if each.recovery_days is None:
            yield msg("dated_says_no_recovery", **about)
        else:
            bounds = (each.recovery_low, each.recovery_high)
            low, high = (msg("dated_beyond") if day is None else str(day) for day in bounds)
            yield msg("dated_says_recovery", days=each.recovery_days, low=low, high=high, **about)
    if found:
        yield msg("dated_says_rule", tolerance=100 * found[0].tolerance, days=found[0].days_in_a_row)
    yield msg("dated_no_forecast")


EXAMPLE = """\
regimes: [inverted, flattened]
replicates: {fixed: 3}
analysis: {shock: recording_burden, day: 60, person_days: 0.05}
set: {run.warm_up_days: 30, run.window_days: 240, run.follow_up_days: 40}
district: tiny
"""
"""A small study of this kind."""

KIND = Kind(RecoveryOptions, lay_out, RecoveryResults, EXAMPLE)
