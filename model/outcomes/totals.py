"""The counters of a run, and the sums and ratios that outcomes are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.terms import Level

__all__ = ["Totals", "gini", "ratio"]


def ratio(top: float, bottom: float) -> float | None:
    """Return top ÷ bottom, None where the denominator is nothing."""
    return float(top) / float(bottom) if bottom > 0 else None


def gini(values: NDArray[np.float64]) -> float | None:
    """Return the Gini coefficient of non-negative values, None if there are none or all are 0."""
    if len(values) == 0 or values.sum() <= 0.0:
        return None
    ordered = np.sort(values)
    ranks = np.arange(1, len(ordered) + 1)
    return float(2.0 * (ranks * ordered).sum() / (len(ordered) * ordered.sum()) - (len(ordered) + 1) / len(ordered))


@dataclass(frozen=True)
class Totals:
    """What a run has counted.

    Attributes
    ----------
    tally : dict
        Counters of the cohort and of the window, by the names of `engine.columns.TALLY`.
    units : dict of arrays (units,)
        Columns of `engine.rows.UNITS`.
    days : array (2, bins)
        Real closures and drops by days since report.
    streets : array (streets, 2)
        Cases due and closed in time by street.
    demand_per_person : array (streets,)
        What the fifths of the equity gap are formed by.
    closures : int
        Real closures in the window.
    day : int
        Ticks in a day.
    window_days, steps_per_day, bins_per_day : int
    """

    tally: dict[str, Any]
    units: dict[str, NDArray[Any]]
    days: NDArray[np.int64]
    streets: NDArray[np.int64]
    demand_per_person: NDArray[np.float64]
    closures: int
    day: int
    window_days: int
    steps_per_day: int
    bins_per_day: int

    def _at(self, *levels: str) -> NDArray[np.bool_]:
        rows = [self.units["level"] == Level[level.upper()] for level in levels]
        return np.asarray(np.logical_or.reduce(rows), dtype=np.bool_)

    def used(self) -> NDArray[np.float64]:
        """Return hours used by unit in the window, ticks."""
        units = self.units
        parts = ("case_ticks", "programme_ticks", "sent_ticks", "errand_ticks")
        return np.asarray(sum(units[part] for part in parts), dtype=np.float64)

    def workload(self, *levels: str) -> float | None:
        """Return hours used ÷ held over all units of these levels."""
        at = self._at(*levels)
        return ratio(self.used()[at].sum(), self.units["held_ticks"][at].sum())

    def workloads(self, *levels: str) -> NDArray[np.float64]:
        """Return hours used ÷ held by unit, for units of these levels that hold any."""
        at = self._at(*levels) & (self.units["held_ticks"] > 0.0)
        return np.asarray(self.used()[at] / self.units["held_ticks"][at], dtype=np.float64)

    def offered(self, *levels: str) -> float | None:
        """Return work that came ÷ hours held over all units of these levels; may exceed 1."""
        at = self._at(*levels)
        units = self.units
        came = units["asked_work"] + units["programme_ticks"] + units["shortfall"]
        came = came + units["sent_ticks"] + units["errand_ticks"]
        return ratio(came[at].sum(), units["held_ticks"][at].sum())

    def overload_days(self) -> float | None:
        """Return days with all hours used, mean over streets and departments that hold any."""
        at = self._at("street", "department") & (self.units["held_ticks"] > 0.0)
        return ratio(self.units["overload_steps"][at].sum() / self.steps_per_day, int(at.sum()))

    def sent_down_share(self) -> float | None:
        """Return hours on work sent down ÷ hours used, streets and communities."""
        at = self._at("street", "community")
        return ratio(self.units["sent_ticks"][at].sum(), self.used()[at].sum())

    def coordination_share(self) -> float | None:
        """Return attendance ÷ hours on cases, departments and teams."""
        at = self._at("department", "team")
        return ratio(self.units["meeting_ticks"][at].sum(), self.units["case_ticks"][at].sum())

    def effort_on_cases(self) -> float | None:
        """Return hours on cases ÷ hours used, departments."""
        at = self._at("department")
        return ratio(self.units["case_ticks"][at].sum(), self.used()[at].sum())

    def volunteer_share(self) -> float | None:
        """Return work done by residents ÷ that and the hours of streets and communities on cases."""
        at = self._at("street", "community")
        helped = self.units["volunteer_ticks"][at].sum()
        return ratio(helped, helped + self.units["case_ticks"][at].sum())

    def staff_days_per_closure(self) -> float | None:
        """Return person-days on cases and errands ÷ real closures, both in the window."""
        spent = self.units["case_ticks"].sum() + self.units["errand_ticks"].sum()
        return ratio(spent / self.day, self.closures)

    def mean_balance(self) -> float | None:
        """Return the streets' mean balance of authority and responsibility over the window, log ratio."""
        at = self._at("street") & (self.units["held_ticks"] > 0.0)
        return ratio(self.units["balance_steps"][at].sum(), int(at.sum()) * self.window_days * self.steps_per_day)

    def days_quantile(self, share: float) -> float | None:
        """Return the days by which this share of reported cases is really closed, None if never in follow-up.

        All problems are followed equally long from birth, so Aalen–Johansen is the plain share of closures; those
        found late are seen for less (by 0.3 days at most in the 90th percentile);
        within a bin of the histogram the closures are spread evenly.
        """
        closed = self.days[0]
        target = share * self.tally["reported"]
        running = np.cumsum(closed)
        if target <= 0.0 or running[-1] < target:
            return None
        at = int(np.searchsorted(running, target))
        before = running[at] - closed[at]
        return float((at + (target - before) / closed[at]) / self.bins_per_day)

    def equity_gap(self) -> float | None:
        """Return the closure rate of the best minus the worst fifth of streets with cases due, fifths by demand."""
        streets = self.streets[np.argsort(self.demand_per_person, kind="stable")]
        streets = streets[streets[:, 0] > 0]
        if len(streets) < 5:
            return None
        due, closed = np.array([fifth.sum(axis=0) for fifth in np.array_split(streets, 5)]).T
        rates = closed / due
        return float(rates.max() - rates.min())
