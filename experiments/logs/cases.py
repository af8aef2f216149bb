"""Cases: when they begin and end, which are open, how often they are handed over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.errors import WrongInput
from experiments.logs.asked import Asked, instant
from experiments.logs.events import Events
from experiments.logs.notes import Note, note
from experiments.logs.stamps import DAY, Stamps

__all__ = ["Cases", "cases_of", "chosen_by_date"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

LATEST = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Cases:
    """Cases in the order of their events.

    Attributes
    ----------
    begin, end : array (cases,) of int
        Microseconds since 1970 UTC; an open case ends, so far, with the last time in the log.
    closed : array (cases,) of bool
    due : array (cases,) of int
        When it shall be closed; `LATEST` where nothing says so.
    day : array (cases,) of int
        Day of the calendar on which each begins, as written, since 1970-01-01.
    rule : str
        What closes a case: "case_end", "closed_by", "state", "end" (of a case table) or "last" (its last event).
    """

    begin: Ints
    end: Ints
    closed: Bools
    due: Ints
    day: Ints
    rule: str

    @property
    def days(self) -> Floats:
        """How long each case lasts, or has lasted so far; below 0 where it ends before it begins."""
        return (self.end - self.begin) / DAY


def chosen_by_date(events: Events, asked: Asked, notes: list[Note]) -> Events:
    """Return the events of the cases that began before, and not before, the dates asked for.

    Raises
    ------
    WrongInput
        If no case did.
    """
    if asked.before is None and asked.after is None:
        return events
    begin = _begin(events)
    kept = np.ones(begin.size, np.bool_)
    if asked.before is not None:
        kept &= begin < instant(asked.before, asked.time_zone)
    if asked.after is not None:
        kept &= begin >= instant(asked.after, asked.time_zone)
    if not kept.any():
        first, last = (np.datetime64(int(each), "us").astype("datetime64[D]") for each in (begin.min(), begin.max()))
        raise WrongInput([f"--before, --after: {asked.path} has no such case. Its cases began from {first} to {last}."])
    notes.append(note("chosen", count=int(kept.sum()), of=kept.size))
    return events.rows(np.repeat(kept, np.diff(np.append(events.first, len(events)))))


def cases_of(events: Events, asked: Asked, deadline: str | None, horizon: int, notes: list[Note]) -> Cases:
    """Return the cases of a log.

    Parameters
    ----------
    events : Events
    asked : Asked
    deadline : str or None
        Column of the deadlines, where there is one.
    horizon : int
        The last time in the log, up to which open cases are seen.
    notes : list of Note
        Takes what had to be chosen.

    Raises
    ------
    WrongInput
        For activities and states that the log does not have.
    """
    begin = _begin(events)
    end, closed, rule = _ends(events, asked)
    due = _one(events, "deadline", LATEST, last=True)
    if asked.limit is not None:
        if deadline is not None and (due < LATEST).any():
            notes.append(note("beside_limit", column=deadline, limit=asked.limit))
        due = np.where(due == LATEST, begin + round(asked.limit * DAY), due)
    notes += [note("varying", role=role, count=count) for role in ("case_start", "case_end", "deadline")
              if (count := _varying(events, role))]  # fmt: skip
    cases = Cases(begin, np.where(closed, end, horizon), closed, due, _begin_day(events), rule)
    backwards = int((cases.days < 0).sum())
    if backwards:
        notes.append(note("backwards", count=backwards))
    return cases


def _begin(events: Events) -> Ints:
    told = _one(events, "case_start", LATEST, last=False)
    return np.where(told == LATEST, events.time[events.first], told)


def _begin_day(events: Events) -> Ints:
    """Return the day, as written, of the time that `_begin` takes."""
    first = events.day[events.first]
    if "case_start" not in events.stamps:
        return first
    told = events.stamps["case_start"]
    days = np.minimum.reduceat(np.where(told.known, told.day, LATEST), events.first)
    return np.where(days == LATEST, first, days)


def _ends(events: Events, asked: Asked) -> tuple[Ints, Bools, str]:
    """Return when cases end, which do, and by which rule."""
    last = events.last
    if events.state is not None and asked.closed_state:
        closed = events.state.is_one_of(asked.closed_state, "--closed-state", asked)[last]
        if "end" not in events.stamps:
            return events.time[last], closed, "state"
        return _one(events, "end", -LATEST, last=True), closed & events.stamps["end"].known[last], "state"
    for role in ("end", "case_end"):
        if role in events.stamps:
            end = _one(events, role, -LATEST, last=True)
            return end, end != -LATEST, role
    if asked.closed_by:
        if events.activity is None:
            raise WrongInput([f"--closed-by: {asked.path} has no activity column. Name it with --activity."])
        closing = events.activity.is_one_of(asked.closed_by, "--closed-by", asked)
        end = np.maximum.reduceat(np.where(closing, events.time, -LATEST), events.first)
        return end, end != -LATEST, "closed_by"
    return events.time[last], np.ones(last.size, np.bool_), "last"


def _one(events: Events, role: str, unknown: int, *, last: bool) -> Ints:
    """Return one time a case: the last known, or the first; `unknown` where its events know none."""
    if role not in events.stamps:
        return np.full(events.first.size, unknown, dtype=np.int64)
    reduce, nothing = (np.maximum, -LATEST) if last else (np.minimum, LATEST)
    found = reduce.reduceat(_filled(events.stamps[role], nothing), events.first)
    return np.where(found == nothing, unknown, found)


def _filled(stamps: Stamps, nothing: int) -> Ints:
    return np.where(stamps.known, stamps.micros, nothing)


def _varying(events: Events, role: str) -> int:
    """Count cases whose events disagree about a time of the case."""
    if role not in events.stamps:
        return 0
    first, last = (_one(events, role, 0, last=each) for each in (False, True))
    return int((first != last).sum())
