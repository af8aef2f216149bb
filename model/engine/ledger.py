"""Rows and the calendar: taking and freeing them, entering events, noting history."""

from __future__ import annotations

from typing import Any

import numpy as np

from model.engine.columns import NOBODY
from model.engine.compiled import kernel, look_ahead, step
from model.terms import Slot, State

__all__ = [
    "fetch_next",
    "free_case",
    "free_slots",
    "next_event",
    "note",
    "put_off",
    "schedule",
    "schedule_slot",
    "take_case",
    "take_slot",
]


@step
def take_case(district: Any, cases: Any) -> int:
    """Return a free case row and mark it used."""
    district.cases_used += 1
    at = district.free_case
    if at == NOBODY:
        at = district.fresh_case
        district.fresh_case += 1
    else:
        district.free_case = cases[at].next
        look_ahead(cases, district.free_case)
    return at


@kernel
def free_case(district: Any, cases: Any, at: int) -> None:
    """Give a case row back."""
    cases[at].state = State.FREE
    cases[at].next = district.free_case
    district.free_case = at
    district.cases_used -= 1


@kernel
def take_slot(district: Any, slots: Any, case: int) -> int:
    """Return a free slot row of a case, empty but for its case."""
    district.slots_used += 1
    at = district.free_slot
    if at == NOBODY:
        at = district.fresh_slot
        district.fresh_slot += 1
    else:
        district.free_slot = slots[at].next
        look_ahead(slots, district.free_slot)
    slot = slots[at]
    slot.case = case
    slot.unit = NOBODY
    slot.claim = NOBODY
    slot.sibling = NOBODY
    slot.next = NOBODY
    slot.state = Slot.PLANNED
    slot.started = 0
    slot.cosmetic = 0
    slot.passes = 0
    slot.asking = 0
    slot.meeting = 0
    return at


@kernel
def free_slots(district: Any, slots: Any, case: Any) -> None:
    """Give back all slots of a case."""
    at = case.first_slot
    while at != NOBODY:
        slot = slots[at]
        following = slot.sibling
        slot.state = Slot.FREE
        slot.next = district.free_slot
        district.free_slot = at
        district.slots_used -= 1
        at = following
    case.first_slot = NOBODY


@kernel
def schedule(
    district: Any, events: Any, calendar: Any, phase: int, what: int, case: int, key: Any, when: int, earliest: int
) -> bool:
    """Enter an event of a case at `when` (ticks), not before step `earliest`; False beyond the end of the run."""
    return schedule_slot(district, events, calendar, phase, what, case, NOBODY, key, when, earliest)


@kernel
def schedule_slot(
    district: Any, events: Any, calendar: Any, phase: int, what: int, case: int, slot: int, key: Any, when: int,
    earliest: int,
) -> bool:  # fmt: skip
    """Enter an event of one slot; as `schedule`."""
    step = max(when // district.step_ticks, earliest)
    if step >= district.steps:
        return False
    district.events_used += 1
    at = district.free_event
    if at == NOBODY:
        at = district.fresh_event
        district.fresh_event += 1
    else:
        district.free_event = events[at].next
        look_ahead(events, district.free_event)
    event = events[at]
    event.what = what
    event.case = case
    event.slot = slot
    event.key = key
    event.when = max(when, step * district.step_ticks)
    event.next = NOBODY
    last = calendar[phase, step, 1]
    if last == NOBODY:
        calendar[phase, step, 0] = at
    else:
        events[last].next = at
    calendar[phase, step, 1] = at
    return True


@kernel
def fetch_next(events: Any, cases: Any, slots: Any, event: Any) -> None:
    """Fetch the rows that the event after this one will need, while this one is dealt with."""
    if event.next != NOBODY:
        following = events[event.next]
        look_ahead(cases, following.case)
        look_ahead(slots, following.slot)
        look_ahead(events, following.next)


@kernel
def next_event(district: Any, events: Any, at: int) -> int:
    """Give back an event that has been dealt with and return the one after it."""
    following = events[at].next
    events[at].next = district.free_event
    district.free_event = at
    district.events_used -= 1
    return following


@kernel
def put_off(district: Any, events: Any, calendar: Any, phase: int, at: int) -> None:
    """Move an event of this step, and all after it, before what the next step holds."""
    last = calendar[phase, district.step, 1]
    if district.step + 1 >= district.steps:
        return
    following = calendar[phase, district.step + 1, 0]
    events[last].next = following
    calendar[phase, district.step + 1, 0] = at
    if following == NOBODY:
        calendar[phase, district.step + 1, 1] = last


@kernel
def note(district: Any, history: Any, when: int, key: Any, activity: int, unit: int, detail: int) -> None:
    """Write a line of history where one is kept; what `detail` says of each activity: `observe.activities`."""
    if district.history_on:
        line = history[district.history]
        line.when = when
        line.key = np.uint64(key)
        line.activity = activity
        line.unit = unit
        line.phase = district.phase
        line.detail = detail
        district.history += 1
