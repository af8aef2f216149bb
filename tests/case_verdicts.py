"""What a case expects, held against what a run tells: complaints in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from model.terms import Activity, State
from tests.case_book import ACTIVITIES, STATES, line_of
from tests.case_runs import Line, Told

CLOSE = 0.002
"""Days that rounding to ticks and to persons may add up to."""

_ENDED = {Activity.DONE: "done", Activity.DROPPED: "dropped", Activity.PREVENTED: "prevented"}
_TAKES = (Activity.OWN_WORK, Activity.ACCEPTED)


def complaints(told: Told, then: dict[str, Any]) -> list[str]:
    """Return everything in which a run differs from what is expected; an empty list if nothing does."""
    checks: dict[str, Callable[[Told, Any], Iterable[str]]] = {
        "story": _story, "never": _never, "times": _times, "within": _closed, "state": _state, "lead": _lead,
        "answers": _answers, "asked": _asked, "hours": _hours,
    }  # fmt: skip
    found = [problem for key, check in checks.items() if key in then for problem in check(told, then[key])]
    if "passes" in then:
        found += _times(told, {"passed": then["passes"]})
    return found


def _named(activity: Activity) -> str:
    return f"{activity.zh} ({activity.name.lower()})"


def _story(told: Told, story: list[dict[str, Any]]) -> Iterator[str]:
    place = 0
    for entry in story:
        msg, unit, after, within = line_of(entry)
        what = f"{_named(ACTIVITIES[msg])} {unit}"
        hits = [i for i, line in enumerate(told.lines) if i >= place and _is(line, msg, unit) and line.day >= after]
        if not hits:
            yield f"expected {what}, from day {after:g}, after what came before; it never happened"
            return
        place = hits[0] + 1
        day = told.lines[hits[0]].day
        if within is not None and day > within + CLOSE:
            yield f"expected {what} within {within:g} days; it took {day:.2f}"


def _is(line: Line, msg: str, unit: str | None) -> bool:
    return line.activity == ACTIVITIES[msg] and unit in (None, line.unit)


def _never(told: Told, refused: list[Any]) -> Iterator[str]:
    for entry in refused:
        msg, unit = (entry, None) if isinstance(entry, str) else next(iter(entry.items()))
        for line in told.lines:
            if _is(line, msg, unit):
                yield f"expected no {_named(line.activity)} {unit or ''}; it happened on day {line.day:.2f}"
                break


def _times(told: Told, counts: dict[str, int]) -> Iterator[str]:
    for msg, expected in counts.items():
        found = sum(line.activity == ACTIVITIES[msg] for line in told.lines)
        if found != expected:
            yield f"expected {_named(ACTIVITIES[msg])} {expected} times; it happened {found} times"


def _closed(told: Told, within: float) -> Iterator[str]:
    days = [line.day for line in told.lines if line.activity == Activity.CLOSED]
    if not days:
        yield f"expected it closed within {within:g} days; it was never closed"
    elif days[-1] > within + CLOSE:
        yield f"expected it closed within {within:g} days; it took {days[-1]:.2f}"


def _state(told: Told, msg: str) -> Iterator[str]:
    assert msg in STATES or msg in _ENDED.values(), f"got state '{msg}'"
    ended = next((_ENDED[line.activity] for line in reversed(told.lines) if line.activity in _ENDED), "gone")
    state = ended if told.state is State.FREE else told.state.name.lower()
    if state != msg:
        yield f"expected the case {msg} at the end; it is {state}"


def _lead(told: Told, unit: str) -> Iterator[str]:
    """Whoever takes it alone leads; of several parties, the one who was asked first."""
    takers = [line.unit for line in told.lines if line.activity in _TAKES]
    order = [line.unit for line in told.lines if line.activity in (Activity.OFFERED, Activity.DECIDED)]
    lead = min(takers, key=lambda taker: order.index(taker) if taker in order else -1, default="nobody")
    if lead != unit:
        yield f"expected {unit} to lead; it is {lead}"


def _answers(told: Told, units: list[str]) -> Iterator[str]:
    found = sorted({line.unit for line in told.lines if line.activity == Activity.ACCEPTED})
    if found != sorted(units):
        yield f"expected {', '.join(sorted(units)) or 'nobody'} to accept; accepted {', '.join(found) or 'nobody'}"


def _asked(told: Told, units: list[str]) -> Iterator[str]:
    found = [line.unit for line in told.lines if line.activity == Activity.OFFERED]
    if found != units:
        yield f"expected to be asked in this order: {', '.join(units)}; asked {', '.join(found) or 'nobody'}"


def _hours(told: Told, expected: dict[str, dict[str, Any]]) -> Iterator[str]:
    for unit, purposes in expected.items():
        for purpose, days in purposes.items():
            found = told.hours[unit][purpose]
            least, most = (days, days) if not isinstance(days, dict) else (days.get("least", 0), days.get("most", 1e9))
            if not least - CLOSE <= found <= most + CLOSE:
                yield f"expected {unit} to spend {days} person-days on {purpose}; it spent {found:.3f}"
