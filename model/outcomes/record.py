"""What a run has counted, what a unit is measured by, and the record that holds the results of a run."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.engine.rows import UNITS
from model.terms import TICKS_PER_DAY, Level

if TYPE_CHECKING:
    from model.shown import DataFrame

USED = ("case_ticks", "programme_ticks", "sent_ticks", "errand_ticks")
"""Columns of the hours that a unit has used in the window."""


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


def days_until(target: float, closed: NDArray[np.int64], bins_per_day: int) -> float | None:
    """Return the days by which so many cases are really closed, None if they never are or if none are asked for.

    `closed` counts closures by bins of time since report; within a bin they are spread evenly.
    """
    running = np.cumsum(closed)
    if target <= 0.0 or running[-1] < target:
        return None
    at = int(np.searchsorted(running, target))
    before = running[at] - closed[at]
    return float((at + (target - before) / closed[at]) / bins_per_day)


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
    """

    tally: dict[str, Any]
    units: dict[str, NDArray[Any]]
    days: NDArray[np.int64]
    streets: NDArray[np.int64]
    demand_per_person: NDArray[np.float64]
    closures: int
    window_days: int
    steps_per_day: int
    bins_per_day: int

    def holding(self, *levels: str) -> dict[str, NDArray[Any]]:
        """Return the columns of the units of these levels that hold any hours."""
        at = self._at(levels) & (self.units["held_ticks"] > 0.0)
        return {name: values[at] for name, values in self.units.items()}

    def hours(self, columns: Sequence[str], *levels: str) -> float:
        """Return the sum of some columns over all units of these levels."""
        whole = np.asarray(sum(self.units[column] for column in columns))
        return float(whole[self._at(levels)].sum())

    def _at(self, levels: Sequence[str]) -> NDArray[np.bool_]:
        return np.isin(self.units["level"], [Level[level.upper()] for level in levels])

    def workload_gini(self) -> float | None:
        """Return the Gini coefficient of hours used ÷ held over streets and departments."""
        units = self.holding("street", "department")
        return gini(np.asarray(sum(units[column] for column in USED)) / units["held_ticks"])

    def overload_days(self) -> float | None:
        """Return days with all hours used, mean over streets and departments that hold any."""
        steps = self.holding("street", "department")["overload_steps"]
        return ratio(steps.sum() / self.steps_per_day, len(steps))

    def volunteer_share(self) -> float | None:
        """Return work done by residents, party members among them, ÷ that and streets' and communities' on cases."""
        return self._share_of_work("volunteer_ticks", "member_ticks")

    def member_unit_share(self) -> float | None:
        """Return work done by member units ÷ that and the hours of streets and communities on cases."""
        return self._share_of_work("member_unit_ticks")

    def _share_of_work(self, *columns: str) -> float | None:
        helped, own = (self.hours(names, "street", "community") for names in (columns, ("case_ticks",)))
        return ratio(helped, helped + own)

    def member_days(self) -> float:
        """Return the person-days a year that party members have worked for streets and communities."""
        return self.hours(["member_ticks"], "street", "community") / TICKS_PER_DAY * 365.0 / self.window_days

    def staff_days_per_closure(self) -> float | None:
        """Return person-days on cases and errands ÷ real closures, both in the window."""
        spent = self.units["case_ticks"].sum() + self.units["errand_ticks"].sum()
        return ratio(spent / TICKS_PER_DAY, self.closures)

    def mean_balance(self) -> float | None:
        """Return the streets' mean balance of authority and responsibility over the window, log ratio."""
        steps = self.holding("street")["balance_steps"]
        return ratio(steps.sum(), len(steps) * self.window_days * self.steps_per_day)

    def days_quantile(self, share: float) -> float | None:
        """Return the days by which this share of reported cases is really closed, None if never in follow-up.

        All problems are followed equally long from birth, so Aalen–Johansen is the plain share of closures; those
        found late are seen for less (by 0.3 days at most in the 90th percentile).
        """
        return days_until(share * self.tally["reported"], self.days[0], self.bins_per_day)

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


_PLAIN = (
    "staff",
    "away",
    "guests",
    "lent_days",
    "guest_days",
    "balance",
    "received",
    "accepted",
    "passed",
    "expired",
    "absent",
    "worked",
    "overload_steps",
)
_IN_DAYS = {
    "case_days": "case_ticks", "meeting_days": "meeting_ticks", "programme_days": "programme_ticks",
    "sent_days": "sent_ticks", "errand_days": "errand_ticks", "saved_days": "saved_ticks",
    "volunteer_days": "volunteer_ticks", "member_days": "member_ticks", "member_unit_days": "member_unit_ticks",
    "asked_work": "asked_work", "shortfall": "shortfall", "waiting": "waiting",
    "hours_held": "held_ticks",
}  # fmt: skip
_COLUMNS = {column.name: column for column in UNITS}


def _plain(column: str) -> UnitMeasure:
    return UnitMeasure(itemgetter(column), f"{_COLUMNS[column].meaning} ({_COLUMNS[column].unit})")


def _in_days(column: str) -> UnitMeasure:
    return UnitMeasure(lambda rows: rows[column] / TICKS_PER_DAY, f"{_COLUMNS[column].meaning} (person-days)")


UNIT_MEASURES = {
    **{name: _plain(name) for name in _PLAIN},
    **{name: _in_days(column) for name, column in _IN_DAYS.items()},
    "hours_used": UnitMeasure(
        lambda rows: sum(rows[column] / TICKS_PER_DAY for column in USED),
        "hours on all four kinds of work in the window (person-days)",
    ),
    "closed": _plain("worked"),
}
"""By the names of `Record.units`."""


@dataclass(frozen=True, repr=False)
class Record:
    """The results of one run; it shows its outcomes, in a notebook as a table.

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
            eighths of a day since report; `due`, `closed_in_time`: cases of the cohort by street; `found_by_channel`:
            hidden problems found through none of the channels of participation, and through each (`terms.Channel`);
            `answers`: answers to letters in the window by day of the week (the last two are the weekend);
            `closures_by_kind` (kinds × days): real closures by whole days since report, in the order of `kinds`; the
            last column holds later ones.
        steps (dict of arrays (7,)): Code of each step of the whistle, cases that it took in the window, and the days
            that these waited for it in all.
        kinds (dict of arrays (kinds,)): Code; of the cohort by kind, as they stand at the end of follow-up: cases
            `reported`, `closures` (really closed), `closed_30` (of these within 30 days of report), `waiting` (neither
            closed nor dropped), cases due and closed in time, those never offered to a department (`own_`) and the
            others (`offered_`); `in_time`: closed in time ÷ due (not-a-number where none is due); `days_to_half`: days
            from report by which half of the reported are really closed (not-a-number where they are not within
            follow-up); mean and standard deviation of log days to close.
        cases (dict of arrays or None): Settled cases of the cohort, where asked for; times in days.
        events (array or None): The event history as the engine wrote it (`engine.rows.HistoryRow`), where asked for.
        provenance: Whatever decides the numbers: scenario (its name), district and overrides as they were given,
            source_hash (of all values), seed, fingerprint (of the code and its tools), versions (of the package, of
            numpy, numba, llvmlite and Python), interventions (`DistrictModel.intervene`, in order; empty for a run
            that took its course), rules (own ones, as `OwnRules.told`; None for the shipped ones), and, where something
            of the model was replaced in memory, replaced_in_memory (its dotted names).
        days, cases_total: Days simulated; problems born in all, linked ones included.
    """

    outcomes: dict[str, float | None]
    daily: dict[str, NDArray[Any]]
    units: dict[str, NDArray[Any]]
    hand_overs: NDArray[np.int64]
    hand_over_codes: list[str]
    histograms: dict[str, NDArray[np.int64]]
    steps: dict[str, NDArray[Any]]
    kinds: dict[str, NDArray[Any]]
    cases: dict[str, NDArray[Any]] | None
    events: NDArray[Any] | None
    provenance: dict[str, Any]
    days: int
    cases_total: int

    def numbers(self) -> dict[str, float]:
        """Return the outcomes as numbers, not-a-number where undefined: what samplers and tables expect."""
        return {name: math.nan if value is None else float(value) for name, value in self.outcomes.items()}

    def to_frame(self, table: str = "outcomes") -> DataFrame:
        """Return a part of the record as a pandas data frame.

        Args:
            table: "outcomes" (value, not-a-number where undefined; unit; titles), "daily" (by day, from 1), "units",
                "kinds" and "steps" (by code), "cases" and "events" (where they were kept).

        Raises:
            ConfigError: For an unknown table, or one that the run did not keep.
        """
        from model.outcomes.shown import frame_of

        return frame_of(self, table)

    def __repr__(self) -> str:
        from model.outcomes.shown import text_of

        return text_of(self)

    def _repr_html_(self) -> str:
        from model.outcomes.shown import html_of

        return html_of(self)
