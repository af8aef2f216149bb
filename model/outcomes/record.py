"""What a run has counted, what a unit is measured by, and the record that holds the results of a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.engine.rows import UNITS
from model.terms import TICKS_PER_DAY, Level


def ratio(top: float, bottom: float) -> float | None:
    """Return top ÷ bottom, None where the denominator is zero."""
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

    Attributes:
        tally: Counters of the cohort and of the window, by the names of `engine.columns.TALLY`.
        units (dict of arrays (units,)): Columns of `engine.rows.UNITS`.
        days (array (2, bins)): Real closures and drops by time since report, `bins_per_day` a day.
        streets (array (streets, 2)): Cases due and closed in time by street.
        demand_per_person (array (streets,)): Orders the streets for the fifths of the equity gap.
        closures: Real closures in the window.
        day: Ticks in a day.
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


class UnitMeasure(NamedTuple):
    """What a unit is measured by.

    `of` takes a row of the engine's unit table to its value, or the table to the array of all values; the meaning
    includes the unit of measurement.
    """

    of: Callable[[Any], Any]
    meaning: str


_MEANINGS = {column.name: (column.meaning, column.unit) for column in UNITS}
_PLAIN = ("staff", "balance", "received", "accepted", "passed", "expired", "absent", "worked", "overload_steps")
_IN_DAYS = {
    "case_days": "case_ticks", "meeting_days": "meeting_ticks", "programme_days": "programme_ticks",
    "sent_days": "sent_ticks", "errand_days": "errand_ticks", "saved_days": "saved_ticks",
    "volunteer_days": "volunteer_ticks", "asked_work": "asked_work", "shortfall": "shortfall", "waiting": "waiting",
    "hours_held": "held_ticks",
}  # fmt: skip


def _plain(column: str) -> UnitMeasure:
    meaning, unit = _MEANINGS[column]
    return UnitMeasure(itemgetter(column), f"{meaning} ({unit})")


def _in_days(column: str) -> UnitMeasure:
    return UnitMeasure(partial(_days, column), f"{_MEANINGS[column][0]} (person-days)")


def _days(column: str, rows: Any) -> Any:
    return rows[column] / TICKS_PER_DAY


def _hours_used(rows: Any) -> Any:
    own = _days("case_ticks", rows) + _days("programme_ticks", rows)
    return own + _days("sent_ticks", rows) + _days("errand_ticks", rows)


UNIT_MEASURES = {
    **{name: _plain(name) for name in _PLAIN},
    **{name: _in_days(column) for name, column in _IN_DAYS.items()},
    "hours_used": UnitMeasure(_hours_used, "hours on all four kinds of work in the window (person-days)"),
    "closed": _plain("worked"),
}
"""By the names of `Record.units`."""


@dataclass(frozen=True)
class Record:
    """The results of one run.

    Attributes:
        outcomes: By the names of `model.OUTCOMES`; None where undefined.
        daily (dict of arrays (days,)): Born, reported, closed, … on each day; `open`, `hidden` and `queued_*` are
            levels at its end; `hours_*` are person-days used.
        units (dict of arrays (units,)): Code, level, titles, staff and the counters of the window; hours in
            person-days.
        hand_overs (array (departments + 1, departments + 1)): Cases passed or handed from row to column in the window;
            the last row and column are the streets.
        hand_over_codes: Codes of its rows and columns.
        histograms (dict of arrays): `passes`: cases by number of passes (the last bin is open); `closures`, `drops`: by
            eighths of a day since report; `due`, `closed_in_time`: cases of the cohort by street.
        kinds (dict of arrays (kinds,)): Code, real closures of the cohort, mean and standard deviation of log days to
            close.
        cases (dict of arrays or None): Settled cases of the cohort, where asked for; times in days.
        history (array or None): Event rows, where asked for.
        provenance: Scenario, seed, fingerprint of the code, versions.
        days, cases_total: Days simulated; problems born in all, linked ones included.
    """

    outcomes: dict[str, float | None]
    daily: dict[str, NDArray[Any]]
    units: dict[str, NDArray[Any]]
    hand_overs: NDArray[np.int64]
    hand_over_codes: list[str]
    histograms: dict[str, NDArray[np.int64]]
    kinds: dict[str, NDArray[Any]]
    cases: dict[str, NDArray[Any]] | None
    history: NDArray[Any] | None
    provenance: dict[str, Any]
    days: int
    cases_total: int
