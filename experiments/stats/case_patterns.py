"""What is kept of a run for the patterns: a few numbers and short curves made of its cases, its units and its days.

Only what an observer with the case register could count is used, but for the zones of duties, which are the model's.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.stats.cases import concentration, hazard_of_another, longer_by_pass
from experiments.stats.families import fit_families
from experiments.stats.intervals import Bools, Floats, dispersion_interval
from experiments.stats.panel import HALF_A_TICK, day_limits

if TYPE_CHECKING:
    from model import Record, Scenario

PREFIX = "pattern_"  # of the names of all arrays that are kept

NUMBERS = (
    "sigma_log", "kinds_in_spread", "kinds_lognormal", "passes_dispersion", "hazard_slope", "longer_by_pass",
    "top_passes", "top_excess", "quarter_fall", "quarter_step", "arrivals_dispersion", "weekend_ratio",
    "street_advantage", "kinds_streets_ahead", "nobodys_excess",
)  # fmt: skip
"""Those that are patterns by themselves."""

COLUMNS = (
    "street", "kind", "born", "reported", "closed", "dropped", "passes", "parties", "offered", "was_hidden",
)  # fmt: skip
"""Of cases, as far as the patterns need them."""

MONTHS, MONTH_DAYS, MOST_PASSES = 12, 30, 5
"""Of the path after a dated reform; passes so far up to which the chance of another is looked at."""

LEAST_CASES, LEAST_CLOSED, MOST_FITTED = 50, 100, 5000
"""Cases of a kind, held by streets and by departments, below which their closures are not compared; closed cases of a
kind below which nothing is fitted; cases of a kind that are fitted, evenly spaced in the order in which they were
settled: a spread of 1 is then known within 0.01, which is less than kinds differ."""

SPREAD, RESOLUTION = (0.9, 1.4), 1e-4
"""Spread of log days within a kind of case, as six public logs have it (S1); days below which none is told apart."""

EDGES = np.linspace(-4.0, 4.0, 41)  # bins of the standardised logarithm of the days to close


@dataclass(frozen=True)
class PatternReduction:
    """From a record with its cases to the arrays that a study keeps; small, so that it travels to workers.

    `limits` are as `day_limits` has them, `nobodys` the kinds in no man's land.
    """

    limits: tuple[tuple[str, float], ...]
    nobodys: tuple[str, ...]
    follow_up_days: int
    first_day: int
    window_days: int

    @classmethod
    def of(cls, scenario: Scenario) -> PatternReduction:
        """Return the reduction for runs of a scenario, or of one with the same kinds, deadlines and window."""
        from model import duty_list

        run = scenario.run
        nobodys = tuple(duty.kind for duty in duty_list(scenario) if duty.zone == "no man's land")
        return cls(day_limits(scenario), nobodys, run.follow_up_days, run.warm_up_days, run.window_days)

    def __call__(self, record: Record) -> dict[str, Any]:
        cases = self._cases(record)
        found = (
            durations_by_kind(cases.kind, cases.days, cases.closed) | _passing(cases) | _units(record)
            | self._zones(cases) | _backlog(cases, record) | self._path(cases) | self._arrivals(cases, record)
            | _who_closes(record)
        )  # fmt: skip
        return {PREFIX + name: np.atleast_1d(np.asarray(value, dtype=np.float64)) for name, value in found.items()}

    def _cases(self, record: Record) -> SimpleNamespace:
        """Return the columns of cases reported within their follow-up, each looked at until its end.

        Kinds are places in the limits; `days` are to the last real closure, or to where the case was last seen open.
        """
        assert record.cases is not None  # asked for where this is used
        known = record.cases["reported"] <= record.cases["born"] + self.follow_up_days + HALF_A_TICK
        own = {name: record.cases[name][known] for name in COLUMNS}
        names, limits = (np.array(column) for column in zip(*self.limits, strict=True))
        until, kind = own["born"] + self.follow_up_days + HALF_A_TICK, np.searchsorted(names, own["kind"])
        closed, limit = own["closed"] <= until, limits[kind]
        days = np.where(closed, own["closed"], np.fmin(own["dropped"], until)) - own["reported"]
        in_time = closed & (days - HALF_A_TICK <= limit)
        return SimpleNamespace(
            **own | {"kind": kind, "days": days, "closed": closed, "limit": limit, "in_time": in_time}
        )

    def _zones(self, cases: SimpleNamespace) -> dict[str, Any]:
        """No man's land: its share of passes beside its share of cases, both of cases ever offered."""
        mine = np.array([name in self.nobodys for name, _ in self.limits])[cases.kind] & cases.offered
        of_passes = _ratio(cases.passes[mine].sum(), cases.passes[cases.offered].sum())
        of_cases = _ratio(mine.sum(), cases.offered.sum())
        return {"nobodys_passes": of_passes, "nobodys_cases": of_cases, "nobodys_excess": of_passes - of_cases}

    def _path(self, cases: SimpleNamespace) -> dict[str, Any]:
        """Cases due and closed on time by month of report since the window began."""
        month = np.floor_divide(cases.reported - self.first_day, MONTH_DAYS)
        due = (cases.limit > 0.0) & (month >= 0) & (month < MONTHS)
        counted = month[due].astype(np.int64)
        in_time = np.bincount(counted, cases.in_time[due], minlength=MONTHS)
        return {"month_due": np.bincount(counted, minlength=MONTHS), "month_in_time": in_time}

    def _arrivals(self, cases: SimpleNamespace, record: Record) -> dict[str, Any]:
        """Requests: their number, the weekend, and how uneven a street's days are beside season and weekday."""
        days = np.arange(self.window_days)
        day = cases.reported.astype(np.int64) - self.first_day
        inside = (day >= 0) & (day < self.window_days)
        streets = np.sort(record.units["code"][record.units["level"] == "street"])
        place = np.searchsorted(streets, cases.street[inside]) * self.window_days + day[inside]
        counts = np.bincount(place, minlength=streets.size * self.window_days).reshape(-1, self.window_days)
        total, each, weekday = counts.sum(axis=0), counts.mean(axis=1), (self.first_day + days) % 7
        level = np.ones(self.window_days)  # of the district, by weekday and month of the window
        for groups in (days // MONTH_DAYS, weekday):
            level = level * (np.bincount(groups, total / level) / np.maximum(np.bincount(groups), 1))[groups]
        expected = each[:, None] * (level / max(float(level.mean()), 1e-9))
        spread = ((counts - expected) ** 2).mean(axis=1) / np.maximum(each, 1e-9)
        return {
            "requests": record.daily["reported"][self.first_day : self.first_day + self.window_days].sum(),
            "arrivals_dispersion": spread.mean(),
            "weekend_ratio": _ratio(total[weekday >= 5].mean(), total[weekday < 5].mean()),
        }


def _ratio(top: float, bottom: float) -> float:
    return float(top) / float(bottom) if bottom > 0 else np.nan


def durations_by_kind(kind: NDArray[Any], days: Floats, closed: Bools) -> dict[str, Any]:
    """Fit lognormal and exponential to every kind, open cases as censored, arrays (cases,).

    Returns:
        `sigma_log`: spread of log days within a kind, mean over kinds weighted by cases; `sigmas`: by kind;
        `kinds_in_spread`: share of kinds of which it lies in `SPREAD`; `kinds_lognormal`: share of kinds that lognormal
        fits better than exponential (AIC); `log_shape`: closed cases by standardised log days, bins of `EDGES`.
    """
    fits, shape = [], np.zeros(EDGES.size - 1)
    for code in np.unique(kind):
        mine = np.flatnonzero(kind == code)
        ended = mine[closed[mine]]
        if ended.size < LEAST_CLOSED:
            continue
        some = mine[:: 1 + mine.size // MOST_FITTED]
        families = fit_families(np.maximum(days[some], 0.0), closed[some], RESOLUTION, ("lognormal", "exponential"))
        fitted = {each.name: each for each in families}
        mean, sigma = (fitted["lognormal"].parameters[name] for name in ("mean_log", "sigma_log"))
        fits.append((sigma, fitted["lognormal"].aic < fitted["exponential"].aic, mine.size))
        standardised = (np.log(np.maximum(days[ended], RESOLUTION)) - mean) / sigma
        shape += np.histogram(standardised, EDGES.size - 1, (EDGES[0], EDGES[-1]))[0]  # equal bins need no search
    if not fits:
        none = dict.fromkeys(("sigma_log", "sigmas", "kinds_in_spread", "kinds_lognormal"), np.nan)
        return {**none, "log_shape": shape}
    sigmas, better, sizes = (np.array(column, dtype=np.float64) for column in zip(*fits, strict=True))
    return {
        "sigma_log": float(np.average(sigmas, weights=sizes)), "sigmas": sigmas,
        "kinds_in_spread": float(((sigmas >= SPREAD[0]) & (sigmas <= SPREAD[1])).mean()),
        "kinds_lognormal": float(better.mean()), "log_shape": shape,
    }  # fmt: skip


def _passing(cases: SimpleNamespace) -> dict[str, Any]:
    """Passes of the cases ever offered: uneven, more likely with each, and what they cost in time within a kind."""
    counts = cases.passes[cases.offered].astype(np.int64)
    hazards = hazard_of_another(np.minimum(counts, MOST_PASSES))[:MOST_PASSES]
    hazard = np.array([each.share.mean for each in hazards], dtype=np.float64)
    timed = cases.offered & cases.closed & (cases.parties == 1) & (cases.days > 0.0)
    kind, logs = cases.kind[timed], np.log(cases.days[timed])
    within = np.exp(logs - (np.bincount(kind, logs) / np.maximum(np.bincount(kind), 1))[kind])
    return {
        "passes_dispersion": dispersion_interval(counts).mean or np.nan,
        "hazard": hazard if hazard.size else np.nan,
        "hazard_slope": np.polyfit(np.arange(hazard.size), hazard, 1)[0] if hazard.size >= 3 else np.nan,
        "longer_by_pass": longer_by_pass(cases.passes[timed], within).mean,
    }


def _units(record: Record) -> dict[str, Any]:
    """How unevenly departments pass, beside what they receive."""
    departments = record.units["level"] == "department"
    found = concentration(record.units["passed"][departments], record.units["received"][departments])
    passes, received = np.array([found.top_tenth_of_passes, found.top_tenth_of_received], dtype=np.float64)
    return {"top_passes": passes, "top_excess": passes - received, "lorenz": found.y}


def _backlog(cases: SimpleNamespace, record: Record) -> dict[str, Any]:
    """Closure on time of cases reported while few, …, many cases were open, hidden ones left out."""
    due = (cases.limit > 0.0) & ~cases.was_hidden
    before = record.daily["open"][np.maximum(cases.reported.astype(np.int64) - 1, 0)]
    edges = np.quantile(before[due], (0.25, 0.5, 0.75)) if due.any() else np.zeros(3)
    quarter = np.digitize(before[due], edges)
    counts, in_time = np.bincount(quarter, minlength=4), np.bincount(quarter, cases.in_time[due], minlength=4)
    closure = np.array([_ratio(*each) for each in zip(in_time, counts, strict=True)])
    return {"quarters": closure, "quarter_fall": closure[0] - closure[3], "quarter_step": -np.diff(closure).max()}


def _who_closes(record: Record) -> dict[str, Any]:
    """What streets close on time of what they hold, less what departments do, within kinds and over them."""
    kinds = record.kinds
    enough = (kinds["own_due"] >= LEAST_CASES) & (kinds["offered_due"] >= LEAST_CASES)
    if not enough.any():
        return {"street_advantage": np.nan, "kinds_streets_ahead": np.nan}
    own, offered = (kinds[f"{who}_closed"][enough] / kinds[f"{who}_due"][enough] for who in ("own", "offered"))
    weight = np.minimum(kinds["own_due"], kinds["offered_due"])[enough]
    advantage = np.average(own - offered, weights=weight)
    return {"street_advantage": advantage, "kinds_streets_ahead": (own > offered).mean()}
