"""The measures of a log, each with its interval where there is one; undefined is None, never NaN."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from experiments.errors import WrongInput
from experiments.logs.columns import Mapped, Raw, read_raw
from experiments.logs.events import LATEST, Cases, Events, cases_of, chosen_by_date, events_of
from experiments.logs.options import LogOptions, Note, note, quoted
from experiments.logs.values import DAY, clock_step
from experiments.stats.cases import (
    Arrivals,
    Concentration,
    Hazard,
    Survival,
    arrivals,
    concentration,
    hazard_of_another,
    kaplan_meier,
    longer_by_pass,
)
from experiments.stats.families import Family, fit_families
from experiments.stats.intervals import (
    FEWEST_BOUNDED,
    Interval,
    bounded_mean_interval,
    dispersion_interval,
    share_interval,
    spread_interval,
)

FEWEST_FITTED = 10
"""Closed cases below which no family is fitted."""

CLOSING = ("closed", "closed_cosmetically")
WORK = ("own_work", "assembled")
"""Activities of the model that declare a case closed, and after which it does not circulate any more."""

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Own:
    """What a log of the model says of its run: regime, seed, and the outcomes that events alone decide."""

    regime: str
    seed: int | None
    outcomes: Mapping[str, float | None]


@dataclass(frozen=True)
class HandOvers:
    """Who hands cases on; a hand-over is two consecutive events of one case with different units.

    Attributes:
        per_case, back (arrays (cases,)): Hand-overs, and ping-pong: whether a unit appears again after another held the
            case.
        made, received (arrays (units,) of int): Hand-overs by each unit that has an event, and cases that it held.
        circulating (array (cases,), or None): Days in which a case waits for work: from its first event, or from a
            hand-over, to the next event of work, or to its last event; None where no activity is said to be work.
    """

    per_case: NDArray[np.int64]
    back: Bools
    made: NDArray[np.int64]
    received: NDArray[np.int64]
    circulating: Floats | None


@dataclass(frozen=True)
class Measured:
    """A log and its measures; None, or empty, is what it does not know.

    Attributes:
        mapped: Its columns by role, and whether a row is a case: nothing is known of hand-overs then.
        rule: What closes a case, as in `Cases`.
        values: Measures with their 95 % intervals, by name.
        hazard, spread: Chance of another hand-over by number so far, and how unevenly units hand over.
        survival, families: Of days: Kaplan and Meier's estimate; what was fitted, best first, to at least ten closed
            cases.
        step: Of the clock, in days: all times keep to it.
        days (array (cases,)): Durations of at least 0.
        handovers (array (cases,) of int, or None):
        own: What the log says of its run, where it is one of this model.
    """

    options: LogOptions
    format: str
    mapped: Mapped
    cases: int
    events: int | None
    units: int | None
    open_cases: int
    rule: str
    values: Mapping[str, Interval]
    hazard: tuple[Hazard, ...]
    spread: Concentration | None
    survival: Survival | None
    families: tuple[Family, ...]
    step: float
    arrivals: Arrivals
    days: Floats
    handovers: NDArray[np.int64] | None
    own: Own | None
    notes: tuple[Note, ...]

    @property
    def path(self) -> Path:
        """The file."""
        return self.options.path

    def numbers(self) -> dict[str, float | None]:
        """Return every measure that is one number, by name; undefined is None."""
        spread = self.spread
        return {
            "cases": self.cases, "events": self.events, "units": self.units, "open_cases": self.open_cases,
            **{name: each.mean for name, each in self.values.items()},
            "top_tenth_handovers": None if spread is None else spread.top_tenth_of_passes,
            "top_tenth_received": None if spread is None else spread.top_tenth_of_received,
            "gini": None if spread is None else spread.gini,
            "arrivals_per_day": self.arrivals.per_day.mean,
            "arrivals_dispersion": self.arrivals.dispersion.mean,
            "arrivals_dispersion_within_weekdays": self.arrivals.within_weekdays,
            "weekend_share": self.arrivals.weekend_share,
        }  # fmt: skip

    def intervals(self) -> dict[str, Interval]:
        """Return every measure that has an interval, by name."""
        return {**self.values, "arrivals_per_day": self.arrivals.per_day,
                "arrivals_dispersion": self.arrivals.dispersion}  # fmt: skip


def measures(path: Path, **options: Any) -> dict[str, float | None]:
    """Return the measures of a log by name, None where undefined, as `whistle log` gives them.

    Args:
        path: In any of the formats of `experiments.logs`.
        **options: Flags of `whistle log` by name, such as columns (case, unit, time, …), limit in days, before, after.
            Lists may be given as one word.

    Raises:
        WrongInput: For unknown flags, columns that are not there, and logs that cannot be read.
    """
    return measured(LogOptions.of(path, options)).numbers()


def measured(options: LogOptions) -> Measured:
    """Read a log and measure it; WrongInput for options that contradict one another, and files that cannot be read."""
    options.check()
    notes: list[Note] = []
    raw = read_raw(options, notes)
    own = _own(raw, notes)
    if own is not None and raw.mapped.columns.get("activity") == "concept:name":
        given = options.closed_by or options.state or options.case_end
        options = replace(options, closed_by=options.closed_by if given else CLOSING, work=options.work or WORK)
    notes[:0] = _columns_noted(raw)
    every = events_of(raw, options, notes)
    # deadlines lie ahead: the log does not reach them
    ends = [every.time, *(each.micros[each.known] for role, each in every.stamps.items() if role != "deadline")]
    horizon = max(int(each.max()) for each in ends if each.size)
    first, last = (str(np.datetime64(each, "us").astype("datetime64[D]")) for each in (int(every.time.min()), horizon))
    notes.append(note("span", first=first, last=last))
    events = chosen_by_date(every, options, notes)
    del every
    cases = cases_of(events, options, raw.mapped.columns.get("deadline"), horizon, notes)
    return _measured(raw, options, events, cases, own, notes)


def _own(raw: Raw, notes: list[Note]) -> Own | None:
    """Return the run's own outcomes where the log is one of this model; where it is damaged, that is noted."""
    if not raw.own:
        return None
    from model.events import Log, LogError, measure

    try:
        log = Log.of(raw.table)
        outcomes = measure(log)
    except (LogError, KeyError, TypeError, ValueError, IndexError, pa.ArrowException) as error:
        reason = str(error) if isinstance(error, LogError) else f"{type(error).__name__}: {str(error)[:120]}"
        notes.append(note("own_damaged", reason=reason))
        return None
    assert log.facts is not None
    notes.append(note("own", regime=log.facts.regime, seed=log.facts.seed))
    return Own(log.facts.regime, log.facts.seed, outcomes)


def _columns_noted(raw: Raw) -> list[Note]:
    mapped = raw.mapped
    found = [note("table" if mapped.table else "log", format=raw.source.format.title)]
    if mapped.guessed:
        pairs = ", ".join(f"{role} = '{mapped.columns[role]}'" for role in mapped.guessed)
        found.append(note("guessed", columns=pairs))
    if "unit" in mapped.guessed and mapped.others:
        found.append(note("other_units", unit=mapped.columns["unit"], others=quoted(mapped.others)))
    return found


def _measured(
    raw: Raw, options: LogOptions, events: Events, cases: Cases, own: Own | None, notes: list[Note]
) -> Measured:
    passing = None if raw.mapped.table else _hand_overs(events, options)
    right = cases.days >= 0.0
    days, closed = cases.days[right], cases.closed[right]
    if cases.rule == "last":
        notes.append(note("all_closed"))
    if cases.begin.size < FEWEST_BOUNDED:
        notes.append(note("few", count=cases.begin.size, fewest=FEWEST_BOUNDED))
    step = clock_step(cases.begin, cases.end)
    survival = kaplan_meier(days, closed) if days.size else None
    fits = int(closed.sum()) >= FEWEST_FITTED and np.ptp(days[closed]) > 0.0
    return Measured(
        options=options, format=raw.source.format.name, mapped=raw.mapped, cases=cases.begin.size,
        events=None if raw.mapped.table else len(events),
        units=None if events.unit is None else _distinct(events.unit.codes),
        open_cases=int((~cases.closed).sum()), rule=cases.rule,
        values={**_of_passing(passing, cases), **_of_days(days, closed, survival), **_of_limit(cases, options)},
        hazard=() if passing is None else hazard_of_another(passing.per_case),
        spread=None if passing is None else concentration(passing.made, passing.received), survival=survival,
        families=fit_families(days, closed, step) if fits else (), step=step, arrivals=arrivals(cases.day), days=days,
        handovers=None if passing is None else passing.per_case, own=own, notes=tuple(notes),
    )  # fmt: skip


def _distinct(codes: NDArray[np.int64]) -> int:
    return int(np.count_nonzero(np.bincount(codes[codes >= 0])))


def _hand_overs(events: Events, options: LogOptions) -> HandOvers | None:
    """Return the hand-overs of an event log; None where no events name units."""
    if events.unit is None:
        return None
    unit, first = events.unit.codes, events.first
    begins = np.zeros(len(events), np.bool_)
    begins[first] = True
    handed = np.append(False, unit[1:] != unit[:-1]) & ~begins
    arrives = handed | begins
    size = len(events.unit.names)
    held = np.sort((np.cumsum(begins) - 1)[arrives] * size + unit[arrives])  # ten times as fast as `np.unique`
    held = held[np.append(True, held[1:] != held[:-1])]
    per_case = np.add.reduceat(handed.astype(np.int64), first)
    back = per_case + 1 > np.bincount(held // size, minlength=first.size)
    made = np.bincount(unit[np.flatnonzero(handed) - 1], minlength=size)
    received = np.bincount(held % size, minlength=size)
    return HandOvers(per_case, back, made[received > 0], received[received > 0],
                     _circulating(events, arrives, options))  # fmt: skip


def _circulating(events: Events, arrives: Bools, options: LogOptions) -> Floats | None:
    """Return days that cases wait for work after they arrive at a unit."""
    if not options.work:
        return None
    if events.activity is None:
        raise WrongInput([f"--work: {options.path} has no activity column. Name it with --activity."])
    work = events.activity.is_one_of(options.work, "--work", options)
    at = np.arange(len(events))
    arrived, worked = (np.maximum.accumulate(np.where(each, at, -1)) for each in (arrives, work))
    gap = np.append(np.diff(events.time), 0)
    gap[events.last] = 0
    return np.asarray(np.add.reduceat(np.where(worked < arrived, gap, 0), events.first) / DAY)


def _of_passing(passing: HandOvers | None, cases: Cases) -> dict[str, Interval]:
    if passing is None:
        names = ("handover_share", "handovers_mean", "ping_pong_share", "overdispersion", "longer_by_handover")
        return dict.fromkeys((*names, "circulating_days"), Interval(None))
    counts, closed = passing.per_case, cases.closed
    return {
        "handover_share": share_interval(int((counts > 0).sum()), counts.size),
        "handovers_mean": bounded_mean_interval(counts),
        "ping_pong_share": share_interval(int(passing.back.sum()), counts.size),
        "overdispersion": dispersion_interval(counts),
        "longer_by_handover": longer_by_pass(counts[closed], cases.days[closed]),
        "circulating_days": bounded_mean_interval(() if passing.circulating is None else passing.circulating),
    }


def _of_days(days: Floats, closed: Bools, survival: Survival | None) -> dict[str, Interval]:
    quantiles = {"days_median": 0.5, "days_p90": 0.9}
    return {
        **{name: survival.quantile_interval(p) if survival else Interval(None) for name, p in quantiles.items()},
        "sigma_log": spread_interval(np.log(days[closed & (days > 0.0)])),
    }


def _of_limit(cases: Cases, options: LogOptions) -> dict[str, Interval]:
    """Return shares of cases with a deadline: late among the closed ones, and with open ones that are overdue."""
    due, closed = cases.due != LATEST, cases.closed
    late = (cases.end > cases.due) & due
    found = {
        "late_share": share_interval(int((late & closed).sum()), int((closed & due).sum())),
        "late_or_overdue_share": share_interval(int(late.sum()), int(due.sum())),
    }
    if options.limit is not None:
        over = int((cases.days[closed] > options.limit).sum())
        found["over_limit_share"] = share_interval(over, int(closed.sum()))
    return found
