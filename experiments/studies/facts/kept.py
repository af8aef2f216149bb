"""What is kept of a run for the patterns: a few numbers and short curves made of its cases, its units and its days.

Only what an observer with the case register could count is used, but for the zones of duties, which are the model's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.stats.intervals import dispersion_interval
from experiments.stats.panel import HALF_A_TICK, day_limits
from experiments.stats.passing import concentration, hazard_of_another, longer_by_pass
from experiments.studies.facts.durations import durations_by_kind

if TYPE_CHECKING:
    from model import Record, Scenario

__all__ = ["MONTHS", "MONTH_DAYS", "Kept"]

MONTHS, MONTH_DAYS = 12, 30
"""Of the path after a dated reform."""

LEAST_CASES = 50
"""Cases of a kind, held by streets and by departments, below which their closures are not compared."""

MOST_PASSES = 5
"""Passes so far up to which the chance of another is looked at."""

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Kept:
    """From a record with its cases to the arrays that a study keeps; small, so that it travels to workers.

    Attributes
    ----------
    limits : tuple of (str, float)
        Days that each kind allows, 0 where the step does not resolve its class; in the order of codes.
    nobodys : tuple of str
        Kinds in no man's land.
    follow_up_days, first_day, window_days : int
    """

    limits: tuple[tuple[str, float], ...]
    nobodys: tuple[str, ...]
    follow_up_days: int
    first_day: int
    window_days: int

    @classmethod
    def of(cls, scenario: Scenario) -> Kept:
        """Return the reduction for runs of a scenario, or of one with the same kinds, deadlines and window."""
        from model import duty_list

        run = scenario.run
        nobodys = tuple(duty.kind for duty in duty_list(scenario) if duty.zone == "no man's land")
        return cls(day_limits(scenario), nobodys, run.follow_up_days, run.warm_up_days, run.window_days)

    def __call__(self, record: Record) -> dict[str, Any]:
        """Return numbers (as arrays of one) and curves by name."""
        assert record.cases is not None  # asked for where this is used
        cases = _Cases.of(record.cases, self)
        found: dict[str, Any] = {}
        for part in (durations_by_kind(cases.kind, cases.days, cases.closed), _passing(cases), _units(record),
                     self._zones(cases), self._backlog(cases, record), self._path(cases), self._arrivals(cases, record),
                     _who_closes(record)):  # fmt: skip
            found |= part
        return {f"pattern_{name}": np.atleast_1d(np.asarray(value, dtype=np.float64)) for name, value in found.items()}

    def _zones(self, cases: _Cases) -> dict[str, Any]:
        """No man's land: its share of passes beside its share of cases, both of cases ever offered."""
        names = [name for name, _ in self.limits]
        mine = np.isin(cases.kind, [names.index(name) for name in self.nobodys]) & cases.offered
        passes, offered = cases.passes[cases.offered].sum(), cases.offered.sum()
        of_passes, of_cases = _ratio(cases.passes[mine].sum(), passes), _ratio(mine.sum(), offered)
        return {"nobodys_passes": of_passes, "nobodys_cases": of_cases, "nobodys_excess": of_passes - of_cases}

    def _backlog(self, cases: _Cases, record: Record) -> dict[str, Any]:
        """Closure on time of cases reported while few, …, many cases were open, hidden ones left out."""
        due = (cases.limit > 0.0) & ~cases.was_hidden
        before = record.daily["open"][np.maximum(cases.reported.astype(np.int64) - 1, 0)]
        edges = np.quantile(before[due], (0.25, 0.5, 0.75)) if due.any() else np.zeros(3)
        quarter = np.digitize(before, edges)
        closure = np.array([_ratio((cases.in_time & due & (quarter == i)).sum(), (due & (quarter == i)).sum())
                            for i in range(4)])  # fmt: skip
        return {"quarters": closure, "quarter_fall": closure[0] - closure[3], "quarter_step": -np.diff(closure).max()}

    def _path(self, cases: _Cases) -> dict[str, Any]:
        """Cases due and closed on time by month of report since the window began."""
        month = np.floor_divide(cases.reported - self.first_day, MONTH_DAYS)
        due = (cases.limit > 0.0) & (month >= 0) & (month < MONTHS)
        counted = month[due].astype(np.int64)
        return {
            "month_due": np.bincount(counted, minlength=MONTHS),
            "month_in_time": np.bincount(counted, cases.in_time[due], minlength=MONTHS),
        }

    def _arrivals(self, cases: _Cases, record: Record) -> dict[str, Any]:
        """Requests: their number, the weekend, and how uneven a street's days are beside season and weekday."""
        until = self.first_day + self.window_days
        day = cases.reported.astype(np.int64) - self.first_day
        inside = (day >= 0) & (day < self.window_days)
        streets = np.sort(record.units["code"][record.units["level"] == "street"])
        place = np.searchsorted(streets, cases.street[inside]) * self.window_days + day[inside]
        counts = np.bincount(place, minlength=streets.size * self.window_days).reshape(-1, self.window_days)
        rhythm = _rhythm(counts.sum(axis=0), self.first_day)
        mean = counts.mean(axis=1, keepdims=True) * rhythm
        spread = ((counts - mean) ** 2).mean(axis=1) / np.maximum(counts.mean(axis=1), 1e-9)
        weekend = (np.arange(self.first_day, until) % 7) >= 5
        total = counts.sum(axis=0)
        return {
            "requests": float(record.daily["reported"][self.first_day : until].sum()),
            "arrivals_dispersion": float(spread.mean()),
            "weekend_ratio": _ratio(total[weekend].mean(), total[~weekend].mean()),
        }


@dataclass(frozen=True)
class _Cases:
    """Cases reported within their follow-up, each looked at until its end; kinds by their place in the limits."""

    kind: NDArray[np.int64]
    street: NDArray[np.str_]
    reported: NDArray[np.float64]
    days: NDArray[np.float64]
    closed: Bools
    in_time: Bools
    limit: NDArray[np.float64]
    passes: NDArray[np.int64]
    offered: Bools
    alone: Bools
    was_hidden: Bools

    @classmethod
    def of(cls, columns: dict[str, NDArray[Any]], kept: Kept) -> _Cases:
        until = columns["born"] + kept.follow_up_days + HALF_A_TICK
        known = columns["reported"] <= until
        own = {name: column[known] for name, column in columns.items()}
        until = until[known]
        names, limits = (np.array(column) for column in zip(*kept.limits, strict=True))
        kind = np.searchsorted(names, own["kind"])
        closed = own["closed"] <= until
        ended = np.where(closed, own["closed"], np.fmin(own["dropped"], until))
        limit = limits[kind]
        days = ended - own["reported"]
        return cls(
            kind, own["street"], own["reported"], days, closed, closed & (days - HALF_A_TICK <= limit), limit,
            own["passes"].astype(np.int64), own["offered"], own["parties"] == 1, own["was_hidden"],
        )  # fmt: skip


def _ratio(top: float, bottom: float) -> float:
    return float(top) / float(bottom) if bottom > 0 else np.nan


def _passing(cases: _Cases) -> dict[str, Any]:
    """Passes of the cases ever offered: uneven, more likely with each, and what they cost in time within a kind."""
    counts = cases.passes[cases.offered]
    hazard = np.array([each.share.mean for each in hazard_of_another(counts)[:MOST_PASSES]], dtype=np.float64)
    steps = np.arange(hazard.size)
    timed = cases.offered & cases.closed & cases.alone & (cases.days > 0.0)
    longer = longer_by_pass(cases.passes[timed], _within_kind(cases.kind[timed], cases.days[timed])).mean
    return {
        "passes_dispersion": dispersion_interval(counts).mean or np.nan,
        "hazard": hazard if hazard.size else np.nan,
        "hazard_slope": float(np.polyfit(steps, hazard, 1)[0]) if hazard.size >= 3 else np.nan,
        "longer_by_pass": np.nan if longer is None else longer,
    }


def _within_kind(kind: NDArray[np.int64], days: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return days over the geometric mean of their kind."""
    logs = np.log(days)
    mean = np.bincount(kind, logs) / np.maximum(np.bincount(kind), 1)
    return np.asarray(np.exp(logs - mean[kind]))


def _units(record: Record) -> dict[str, Any]:
    """How unevenly departments pass, beside what they receive."""
    departments = record.units["level"] == "department"
    found = concentration(record.units["passed"][departments], record.units["received"][departments])
    if found.top_tenth_of_passes is None or found.top_tenth_of_received is None:
        return {"top_passes": np.nan, "top_excess": np.nan, "lorenz": found.y}
    return {
        "top_passes": found.top_tenth_of_passes,
        "top_excess": found.top_tenth_of_passes - found.top_tenth_of_received,
        "lorenz": found.y,
    }


def _who_closes(record: Record) -> dict[str, Any]:
    """What streets close on time of what they hold, less what departments do, within kinds and over them."""
    kinds = record.kinds
    told = (kinds["own_due"] >= LEAST_CASES) & (kinds["offered_due"] >= LEAST_CASES)
    if not told.any():
        return {"street_advantage": np.nan, "kinds_streets_ahead": np.nan}
    own, offered = (kinds[f"{who}_closed"][told] / kinds[f"{who}_due"][told] for who in ("own", "offered"))
    weight = np.minimum(kinds["own_due"], kinds["offered_due"])[told]
    return {
        "street_advantage": float(np.average(own - offered, weights=weight)),
        "kinds_streets_ahead": float((own > offered).mean()),
    }


def _rhythm(total: NDArray[np.float64], first_day: int) -> NDArray[np.float64]:
    """Return the district's level of a day, by weekday and month of the window, over its mean; the mean is 1."""
    day = np.arange(total.size)
    month = day // MONTH_DAYS
    level = np.ones(total.size)
    for groups in (month, (first_day + day) % 7):
        sums, size = np.bincount(groups, total / level), np.maximum(np.bincount(groups), 1)
        level = level * (sums / size)[groups]
    return level / max(float(level.mean()), 1e-9)
