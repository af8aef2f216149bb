"""What is told about units, each figure once: of the whole table for the record, of a row for an agent."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from operator import itemgetter
from typing import Any, NamedTuple

from model.engine.rows import UNITS
from model.terms import TICKS_PER_DAY

__all__ = ["TOLD", "Told"]


class Told(NamedTuple):
    """A figure about units.

    Attributes
    ----------
    of : callable
        From a row of the engine's unit table to its value, or from the table to the array of all values.
    meaning : str
        With its unit.
    """

    of: Callable[[Any], Any]
    meaning: str


_COLUMNS = {column.name: column for column in UNITS}


def _plain(name: str) -> Told:
    return Told(itemgetter(name), f"{_COLUMNS[name].meaning} ({_COLUMNS[name].unit})")


def _in_days(name: str) -> Told:
    return Told(partial(_days, name), f"{_COLUMNS[name].meaning} (person-days)")


def _days(name: str, rows: Any) -> Any:
    return rows[name] / TICKS_PER_DAY


def _hours_used(rows: Any) -> Any:
    own = _days("case_ticks", rows) + _days("programme_ticks", rows)
    return own + _days("sent_ticks", rows) + _days("errand_ticks", rows)


_PLAIN = ("staff", "balance", "received", "accepted", "passed", "expired", "absent", "worked", "overload_steps")
_IN_DAYS = {
    "case_days": "case_ticks",
    "meeting_days": "meeting_ticks",
    "programme_days": "programme_ticks",
    "sent_days": "sent_ticks",
    "errand_days": "errand_ticks",
    "saved_days": "saved_ticks",
    "volunteer_days": "volunteer_ticks",
    "asked_work": "asked_work",
    "shortfall": "shortfall",
    "waiting": "waiting",
    "hours_held": "held_ticks",
}
TOLD = {
    **{name: _plain(name) for name in _PLAIN},
    **{name: _in_days(column) for name, column in _IN_DAYS.items()},
    "hours_used": Told(_hours_used, "hours on all four kinds of work in the window (person-days)"),
    "closed": _plain("worked"),
}
"""By name, as in `Record.units`."""
