"""Rows and the calendar: taking and freeing them, entering events, noting history."""

from __future__ import annotations

import numpy as np

from model.compiler import look_ahead
from model.engine.columns import NOBODY
from model.engine.district import District
from model.engine.rows import CaseRow, EventRow, SlotRow
from model.terms import Phase, Slot, State

__all__ = [
    "fetch_next",
    "free_case",
    "free_slots",
    "next_event",
    "note",
    "offer_key",
    "put_off",
    "schedule",
    "schedule_answer",
    "take_case",
    "take_slot",
]


def take_case(district: District) -> int:
    """Return a free case row and mark it used."""
    district.cases_used += 1
    at = district.free_case
    if at == NOBODY:
        at = district.fresh_case
        district.fresh_case += 1
    else:
        district.free_case = district.cases[at].next
        look_ahead(district.cases, district.free_case)
    return at


def free_case(district: District, at: int) -> None:
    """Give a case row back."""
    district.cases[at].state = State.FREE
    district.cases[at].next = district.free_case
    district.free_case = at
    district.cases_used -= 1


def take_slot(district: District, case: int) -> int:
    """Return a free slot row of a case, empty but for its case."""
    district.slots_used += 1
    at = district.free_slot
    if at == NOBODY:
        at = district.fresh_slot
        district.fresh_slot += 1
    else:
        district.free_slot = district.slots[at].next
        look_ahead(district.slots, district.free_slot)
    slot = district.slots[at]
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


def free_slots(district: District, case: CaseRow) -> None:
    """Give back all slots of a case."""
    at = case.first_slot
    while at != NOBODY:
        slot = district.slots[at]
        following = slot.sibling
        slot.state = Slot.FREE
        slot.next = district.free_slot
        district.free_slot = at
        district.slots_used -= 1
        at = following
    case.first_slot = NOBODY


def schedule(district: District, phase: int, what: int, row: int, when: int, earliest: int) -> bool:
    """Enter an event of a case at `when` (ticks), not before step `earliest`; False beyond the end of the run."""
    step = max(when // district.step_ticks, earliest)
    if step >= district.steps:
        return False
    event = new_event(district, phase, step)
    event.what = what
    event.case = row
    event.slot = NOBODY
    event.key = district.cases[row].key
    event.when = max(when, step * district.step_ticks)
    return True


def schedule_answer(district: District, what: int, at: int, when: int, earliest: int) -> None:
    """Enter an event of the answer that slot `at` waits for; as `schedule`. Another offer makes it stale."""
    step = max(when // district.step_ticks, earliest)
    if step < district.steps:
        slot = district.slots[at]
        event = new_event(district, Phase.ANSWERS, step)
        event.what = what
        event.case = slot.case
        event.slot = at
        event.key = offer_key(district.cases[slot.case], slot)
        event.when = max(when, step * district.step_ticks)


def offer_key(case: CaseRow, slot: SlotRow) -> int:
    """Return the key of a slot's present offer."""
    return case.key + np.uint64(slot.asking)


def new_event(district: District, phase: int, step: int) -> EventRow:
    """Append an event to what a phase of a step holds, and return its row."""
    district.events_used += 1
    at = district.free_event
    if at == NOBODY:
        at = district.fresh_event
        district.fresh_event += 1
    else:
        district.free_event = district.events[at].next
        look_ahead(district.events, district.free_event)
    event = district.events[at]
    event.next = NOBODY
    last = district.calendar[phase, step, 1]
    if last == NOBODY:
        district.calendar[phase, step, 0] = at
    else:
        district.events[last].next = at
    district.calendar[phase, step, 1] = at
    return event


def fetch_next(district: District, event: EventRow) -> None:
    """Fetch the rows that the event after this one will need, while this one is dealt with."""
    if event.next != NOBODY:
        following = district.events[event.next]
        look_ahead(district.cases, following.case)
        look_ahead(district.slots, following.slot)
        look_ahead(district.events, following.next)


def next_event(district: District, at: int) -> int:
    """Give back an event that has been dealt with and return the one after it."""
    following = district.events[at].next
    district.events[at].next = district.free_event
    district.free_event = at
    district.events_used -= 1
    return following


def put_off(district: District, phase: int, at: int) -> None:
    """Move an event of this step, and all after it, before what the next step holds."""
    last = district.calendar[phase, district.step, 1]
    if district.step + 1 >= district.steps:
        return
    following = district.calendar[phase, district.step + 1, 0]
    district.events[last].next = following
    district.calendar[phase, district.step + 1, 0] = at
    if following == NOBODY:
        district.calendar[phase, district.step + 1, 1] = last


def note(district: District, when: int, key: int, activity: int, unit: int, detail: int) -> None:
    """Write a line of history where one is kept; what `detail` says of each activity: `observe.activities`."""
    if district.history_on:
        line = district.history[district.history_used]
        line.when = when
        line.key = np.uint64(key)
        line.activity = activity
        line.unit = unit
        line.phase = district.phase
        line.detail = detail
        district.history_used += 1
