"""The cases that events make up: when they begin and end, and which are closed."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.errors import WrongInput
from experiments.logs.dropped import Dropped
from experiments.logs.events import Bools, Events
from experiments.logs.options import LogOptions, instant
from experiments.logs.values import DAY, UNKNOWN, Ints
from experiments.messages import msg


@dataclass(frozen=True)
class Cases:
    """Cases in the order of their events.

    Attributes:
        begin, end, due (arrays (cases,) of int): Microseconds since 1970 UTC. An open case ends, so far, with the last
            time in the log; `UNKNOWN` is due where nothing says when.
        days (array (cases,)): How long each lasts, or has lasted so far; below 0 where it ends before it begins.
        day, end_day (arrays (cases,) of int): Days of the calendar on which each begins and ends, as written, since
            1970-01-01.
        rule: What closes a case: "case_end", "closed_by", "state", "end" (of a case table) or "last" (its last event).
    """

    begin: Ints
    end: Ints
    closed: Bools
    due: Ints
    days: NDArray[np.float64]
    day: Ints
    end_day: Ints
    rule: str


def chosen_by_date(events: Events, options: LogOptions, notes: list[str], dropped: list[Dropped]) -> Events:
    """Return the events of the cases that began before, and not before, the dates given; at least one must have."""
    if options.before is None and options.after is None:
        return events
    begin = events.begin()
    kept = np.ones(begin.size, np.bool_)
    if options.before is not None:
        kept &= begin < instant(options.before, options.time_zone)
    if options.after is not None:
        kept &= begin >= instant(options.after, options.time_zone)
    if not kept.any():
        first, last = (np.datetime64(int(each), "us").astype("datetime64[D]") for each in (begin.min(), begin.max()))
        raise WrongInput(
            [f"--before, --after: {options.path} has no such case. Its cases began from {first} to {last}."]
        )
    notes.append(msg("log_note_chosen", count=int(kept.sum()), of=kept.size))
    rows = np.repeat(kept, np.diff(np.append(events.first, len(events))))
    if not kept.all():
        dropped.append(Dropped("other_dates", int((~rows).sum()), int((~kept).sum())))
    return events.rows(rows)


def cases_of(
    events: Events, options: LogOptions, deadline: str | None, horizon: tuple[int, int], notes: list[str]
) -> Cases:
    """Return the cases of a log.

    Args:
        options: WrongInput for activities and states that the log does not have.
        deadline: Column of the deadlines, where there is one.
        horizon: The last time in the log, up to which open cases are seen, and its day.
        notes: Takes what had to be chosen.
    """
    begin, (end, end_day, rule) = events.begin(), _ends(events, options)
    closed = end != UNKNOWN
    due = events.of_case("deadline", last=True)
    if options.limit is not None:
        if (due != UNKNOWN).any():
            notes.append(msg("log_note_beside_limit", column=deadline, limit=options.limit))
        due = np.where(due == UNKNOWN, begin + round(options.limit * DAY), due)
    for role in ("case_start", "case_end", "deadline"):
        varying = int((events.of_case(role) != events.of_case(role, last=True)).sum())
        if varying:
            notes.append(msg("log_note_varying", role=role, count=varying))
    end, end_day = (np.where(closed, each, last) for each, last in zip((end, end_day), horizon, strict=True))
    days = (end - begin) / DAY
    if (days < 0).any():
        notes.append(msg("log_note_backwards", count=int((days < 0).sum())))
    return Cases(begin, end, closed, due, days, events.begin("_day"), end_day, rule)


def doubtful(events: Events, cases: Cases, first: int) -> Iterator[Dropped]:
    """Yield what is kept of the cases though in doubt; `first`: the first time of an event in the log."""
    last = np.repeat(cases.end, np.diff(np.append(events.first, len(events))))
    counts = {
        "after_closing": (int((events.columns["time"] > last).sum()) if cases.rule == "closed_by" else 0, None),
        "begun_before": (None, int((cases.begin < first).sum())),
        "open": (None, int((~cases.closed).sum())),
        "backwards": (None, int((cases.days < 0).sum())),
    }
    yield from (Dropped(what, *count) for what, count in counts.items() if any(count))


def _ends(events: Events, options: LogOptions) -> tuple[Ints, Ints, str]:
    """Return when cases end and on which day, `UNKNOWN` for open ones, and by which rule."""
    last, columns = events.last, events.columns
    if "state" in columns and options.closed_state:
        closed = events.have("closed_state", options)[last]
        ends = (columns[f"{'end' if 'end' in columns else 'time'}{what}"][last] for what in ("", "_day"))
        end, day = (np.where(closed, each, UNKNOWN) for each in ends)
        return end, day, "state"
    for role in ("end", "case_end"):
        if role in columns:
            return events.of_case(role, last=True), events.of_case(f"{role}_day", last=True), role
    if options.closed_by:
        closing = np.flatnonzero(events.have("closed_by", options) & events.completed)
        case = np.searchsorted(events.first, closing, side="right") - 1
        case, at = np.unique(case, return_index=True)
        end, day = np.full((2, last.size), UNKNOWN)
        end[case], day[case] = columns["completed"][closing[at]], columns["completed_day"][closing[at]]
        return end, day, "closed_by"
    later = columns["completed"] > columns["time"]  # an activity goes on after its start
    times = (np.where(later, columns[f"completed{what}"], columns[f"time{what}"]) for what in ("", "_day"))
    end, day = (np.maximum.reduceat(each, events.first) for each in times)
    return end, day, "last"
