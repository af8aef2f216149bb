"""The course of one case, told from its events: what happened when, and what it waited for in between."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from model import Activity

SHORTEST = 0.05  # days; what takes less is no wait that anyone would tell

STREET, ANSWER, PLATFORM, GATHERING, QUEUE, WORK, PROCEDURE, ABOVE, SHELVED, PAPER = WAITS = (
    "street", "answer", "platform", "gathering", "queue", "work", "procedure", "above", "shelved", "paper",
)  # fmt: skip
"""What a case waits for: the street's decision, an answer, the platform, all parties, its turn, (work), what the law
prescribes or the persons concerned, the level above, nothing (it was set aside), and that it is found out that it was
closed on paper alone."""

_PLAIN = {
    Activity.REPORTED: "reported", Activity.WHISTLED: "whistle", Activity.REJECTED: "rejected",
    Activity.ACCEPTED: "accepted", Activity.PASSED: "passed", Activity.EXPIRED: "no_answer",
    Activity.ABSENT: "absent", Activity.OWN_WORK: "own_work", Activity.STARTED: "started", Activity.CLOSED: "closed",
    Activity.CLOSED_COSMETICALLY: "paper", Activity.REOPENED: "reopened", Activity.PRESSED: "pressed",
    Activity.SHELVED: "shelved", Activity.DROPPED: "dropped", Activity.DECIDED: "decided", Activity.RISEN: "risen",
    Activity.WITHDRAWN: "withdrawn", Activity.DECLINED: "declined", Activity.HANDED_OVER: "handed_over",
}  # fmt: skip
"""Marks that follow from the activity alone."""

LETTER, AGAIN, SENT, ASSEMBLED, OPEN = "letter", "letter_again", "sent", "assembled", "open"
MARKS = (*_PLAIN.values(), LETTER, AGAIN, SENT, ASSEMBLED, OPEN)
"""What a mark may be; `sent` is an offer after a whistle, `open` the end of the days for which a case is looked at."""

_ENDS = {Activity.DROPPED: "", Activity.SHELVED: SHELVED}
_STATES = {
    Activity.REPORTED: STREET, Activity.WHISTLED: PLATFORM, Activity.REJECTED: STREET, Activity.OFFERED: ANSWER,
    Activity.EXPIRED: STREET, Activity.ABSENT: GATHERING, Activity.ASSEMBLED: QUEUE, Activity.OWN_WORK: QUEUE,
    Activity.CLOSED: "", Activity.CLOSED_COSMETICALLY: PAPER, Activity.REOPENED: STREET, Activity.RISEN: ABOVE,
    Activity.DECLINED: STREET, Activity.WITHDRAWN: STREET, **_ENDS,
}  # fmt: skip


@dataclass(frozen=True)
class Event:
    """An event of a case: days since it was reported, what happened, and the code of the unit."""

    day: float
    activity: Activity
    unit: str


@dataclass
class _Course:
    """Where a case stands while its events are read."""

    whistled: bool = False
    asked: dict[str, int] = field(default_factory=dict)  # offers without an answer, by unit
    accepted: int = 0
    working: int = 0
    letters: int = 0
    state: str = STREET


def track_of(events: Sequence[Event], days: float | None, until: float) -> dict[str, Any]:
    """Return the track of a case from the report on.

    Args:
        events: In the order in which they happened.
        days: After which it was really closed; None where it was not within its follow-up.
        until: Day of its end: closed, given up, or no longer looked at.

    Returns:
        `days`, `marks` (day, what, unit) and `waits` (from, until, what), days since the report; see `MARKS`, `WAITS`.
    """
    seen = [event for event in events if 0.0 <= event.day <= until + 1e-9]
    course, marks, states = _Course(), [], list[tuple[float, str, bool]]()
    for place, event in enumerate(seen):
        marks += [{"day": round(event.day, 2), "what": what, "unit": event.unit} for what in _marks(event, course)]
        _follow(event, course, seen[place + 1 :])
        states.append((event.day, course.state, event.activity == Activity.OFFERED))
    if days is None and not any(mark["what"] == _PLAIN[Activity.DROPPED] for mark in marks):
        marks.append({"day": round(until, 2), "what": OPEN, "unit": None})
    waits = list(_waits([*states, (until, "", True)]))
    return {"days": None if days is None else round(days, 2), "marks": marks, "waits": waits}


def _marks(event: Event, course: _Course) -> Iterator[str]:
    """Yield what an event is called; some are no mark of their own."""
    if event.activity == Activity.OFFERED:
        yield SENT if course.whistled else AGAIN if course.letters else LETTER
    elif event.activity == Activity.ASSEMBLED and course.accepted > 1:
        yield ASSEMBLED
    elif event.activity in _PLAIN:
        yield _PLAIN[event.activity]


def _follow(event: Event, course: _Course, rest: Sequence[Event]) -> None:
    """Note where the case stands after an event."""
    match event.activity:
        case Activity.WHISTLED:
            course.whistled = True
        case Activity.OFFERED:
            course.letters += not course.whistled
            course.asked[event.unit] = course.asked.get(event.unit, 0) + 1
        case Activity.ACCEPTED | Activity.PASSED | Activity.EXPIRED:
            course.asked.pop(event.unit, None)
            course.accepted += event.activity == Activity.ACCEPTED
            course.state = ANSWER if course.asked else GATHERING if course.accepted else STREET
            return
        case Activity.STARTED | Activity.WORK_DONE:
            course.working += 1 if event.activity == Activity.STARTED else -1
            course.state = WORK if course.working > 0 else QUEUE if _starts_again(rest) else PROCEDURE
            return
        case Activity.REOPENED:
            course.asked.clear()
            course.accepted, course.whistled, course.letters = 0, False, 0
    course.state = _STATES.get(event.activity, course.state)


def _starts_again(rest: Sequence[Event]) -> bool:
    """Return whether another party begins before the case is declared closed."""
    for event in rest:
        if event.activity in (Activity.CLOSED, Activity.CLOSED_COSMETICALLY, Activity.REOPENED):
            return False
        if event.activity == Activity.STARTED:
            return True
    return False


def _waits(states: Sequence[tuple[float, str, bool]]) -> Iterator[dict[str, Any]]:
    """Yield the spans between events; a new one begins where what it waits for changes, or another is asked."""
    begun, kind = 0.0, ""
    for (day, state, asked), (after, *_) in pairwise(states):
        if after == day:
            continue  # what happens at once leaves no wait
        if state != kind or asked:
            if kind and day - begun >= SHORTEST:
                yield _wait(begun, day, kind)
            begun, kind = day, state
    if kind and states[-1][0] - begun >= SHORTEST:
        yield _wait(begun, states[-1][0], kind)


def _wait(begun: float, until: float, kind: str) -> dict[str, Any]:
    return {"from": round(begun, 2), "until": round(until, 2), "what": kind}
