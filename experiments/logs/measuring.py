"""The measures of a log, each with its interval where there is one; undefined is None, never NaN."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.logs.cases import Cases
from experiments.logs.columns import Mapped
from experiments.logs.dropped import Dropped
from experiments.logs.events import Events
from experiments.logs.options import LogOptions
from experiments.logs.reading import WholeLog, read_whole
from experiments.logs.values import DAY, STEPS, UNKNOWN
from experiments.messages import msg
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

FEWEST_FITTED = 10  # closed cases below which no family is fitted

PASSING = ("handover_share", "handovers_mean", "ping_pong_share", "overdispersion", "longer_by_handover",
           "circulating_days")  # fmt: skip
"""Measures of hand-overs; ping-pong: a unit appears again after another held the case."""

QUANTILES = {"days_median": 0.5, "days_p90": 0.9}

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Measured:
    """A log and its measures; None, or empty, is what it does not know.

    Attributes:
        mapped: Its columns by role, and whether a row is a case: nothing is known of hand-overs then.
        counts: Numbers of `cases`, `events`, `units` and `open_cases`.
        rule: What closes a case, as in `Cases`.
        values: Measures with their 95 % intervals, by name.
        hazard, spread: Chance of another hand-over by number so far, and how unevenly units hand over.
        survival, families: Of days: Kaplan and Meier's estimate; what was fitted, best first, to at least ten closed
            cases.
        step: Of the clock, in days: all times keep to it.
        days (array (cases,)): Durations of at least 0.
        handovers (array (cases,) of int, or None):
        own, outcomes: Regime and seed of its run, and the outcomes that events alone decide, where it is one of this
            model.
        dropped: What was left out, or kept though in doubt.
    """

    options: LogOptions
    format: str
    mapped: Mapped
    counts: Mapping[str, int | None]
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
    own: Mapping[str, Any] | None
    outcomes: Mapping[str, float | None] | None
    dropped: tuple[Dropped, ...]
    notes: tuple[str, ...]

    def numbers(self) -> dict[str, float | None]:
        """Return every measure that is one number, by name; undefined is None."""
        spread = self.spread
        return {
            **self.counts,
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
    notes: list[str] = []
    return measured_of(read_whole(options, notes), notes)


def measured_of(log: WholeLog, said: Sequence[str]) -> Measured:
    """Measure a log that was read, to whose notes others are added."""
    notes, raw, options, events, cases = [*said], log.raw, log.options, log.events, log.cases
    right, table = cases.days >= 0.0, raw.mapped.table
    days, closed = cases.days[right], cases.closed[right]
    if cases.rule == "last":
        notes.append(msg("log_note_all_closed"))
    if cases.begin.size < FEWEST_BOUNDED:
        notes.append(msg("log_note_few", count=cases.begin.size, fewest=FEWEST_BOUNDED))
    nothing = dict.fromkeys(PASSING, Interval(None)), None, None
    passing, handovers, spread = nothing if table else _passing(events, cases, options)
    survival = kaplan_meier(days, closed) if days.size else None
    lasting = {name: survival.quantile_interval(p) if survival else Interval(None) for name, p in QUANTILES.items()}
    lasting["sigma_log"] = spread_interval(np.log(days[closed & (days > 0.0)]))
    step = next(step for step in STEPS if not any((each % step).any() for each in (cases.begin, cases.end))) / DAY
    fits = int(closed.sum()) >= FEWEST_FITTED and np.ptp(days[closed]) > 0.0
    unit = events.columns.get("unit")
    counts = {
        "cases": cases.begin.size, "events": None if table else len(events),
        "units": None if unit is None else int(np.count_nonzero(np.bincount(unit[unit >= 0]))),
        "open_cases": int((~cases.closed).sum()),
    }  # fmt: skip
    return Measured(
        options=options, format=raw.source.format.name, mapped=raw.mapped, counts=counts, rule=cases.rule,
        values={**passing, **lasting, **_of_limit(cases, options)},
        hazard=() if handovers is None else hazard_of_another(handovers), spread=spread, survival=survival,
        families=fit_families(days, closed, step) if fits else (), step=step, arrivals=arrivals(cases.day), days=days,
        handovers=handovers, own=log.own, outcomes=log.outcomes, dropped=log.dropped, notes=tuple(notes),
    )  # fmt: skip


Passing = tuple[dict[str, Interval], NDArray[np.int64] | None, Concentration | None]
"""Measures of hand-overs, how many each case has, and how unevenly units make them."""


def _passing(events: Events, cases: Cases, options: LogOptions) -> Passing:
    """Measure hand-overs: two consecutive events of one case with different units."""
    unit, first = events.columns["unit"], events.first
    begins = np.zeros(len(events), np.bool_)
    begins[first] = True
    handed = np.append(False, unit[1:] != unit[:-1]) & ~begins
    size = len(events.names["unit"])
    # each unit that has an event of a case; sorting is ten times as fast as `np.unique`
    held = np.sort((np.cumsum(begins) - 1)[handed | begins] * size + unit[handed | begins])
    held = held[np.append(True, held[1:] != held[:-1])]
    per_case = np.add.reduceat(handed.astype(np.int64), first)
    back = per_case + 1 > np.bincount(held // size, minlength=first.size)
    made = np.bincount(unit[np.flatnonzero(handed) - 1], minlength=size)
    received = np.bincount(held % size, minlength=size)
    values = (
        share_interval(int((per_case > 0).sum()), per_case.size),
        bounded_mean_interval(per_case),
        share_interval(int(back.sum()), per_case.size),
        dispersion_interval(per_case),
        longer_by_pass(per_case[cases.closed], cases.days[cases.closed]),
        bounded_mean_interval(_circulating(events, handed | begins, options) if options.work else ()),
    )
    spread = concentration(made[received > 0], received[received > 0])
    return dict(zip(PASSING, values, strict=True)), per_case, spread


def _circulating(events: Events, arrives: Bools, options: LogOptions) -> Floats:
    """Return days in which cases wait for work: from each arrival at a unit to the next work, or the last event."""
    at = np.arange(len(events))
    moments = (arrives, events.have("work", options))
    arrived, worked = (np.maximum.accumulate(np.where(each, at, -1)) for each in moments)
    gap = np.append(np.diff(events.columns["time"]), 0)
    gap[events.last] = 0
    return np.asarray(np.add.reduceat(np.where(worked < arrived, gap, 0), events.first) / DAY)


def _of_limit(cases: Cases, options: LogOptions) -> dict[str, Interval]:
    """Return shares of cases with a deadline: late among the closed ones, and with open ones that are overdue."""
    due, closed = cases.due != UNKNOWN, cases.closed
    late = (cases.end > cases.due) & due
    found = {
        "late_share": share_interval(int((late & closed).sum()), int((closed & due).sum())),
        "late_or_overdue_share": share_interval(int(late.sum()), int(due.sum())),
    }
    if options.limit is not None:
        over = int((cases.days[closed] > options.limit).sum())
        found["over_limit_share"] = share_interval(over, int(closed.sum()))
    return found
