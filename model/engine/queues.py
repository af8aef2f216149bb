"""The three lanes of a unit: slots in service, slots with a head start, the others."""

from __future__ import annotations

from typing import Any

from model.engine.columns import NOBODY
from model.engine.compiled import kernel, step
from model.terms import Slot

__all__ = ["enqueue", "keep_going", "take_next"]


@kernel
def enqueue(district: Any, unit: Any, slots: Any, at: int, ready: int, easy: bool) -> None:
    """Put a slot with its work at the end of a lane; it can be worked from `ready` (ticks)."""
    slot = slots[at]
    slot.state = Slot.QUEUED
    slot.ready = ready
    slot.started = 0
    slot.next = NOBODY
    unit.waiting += slot.work + slot.meeting
    unit.queued += 1
    if district.in_window:
        unit.asked_work += slot.work + slot.meeting
    if easy:
        if unit.easy == NOBODY:
            unit.easy = at
        else:
            slots[unit.easy_last].next = at
        unit.easy_last = at
    else:
        if unit.queue == NOBODY:
            unit.queue = at
        else:
            slots[unit.queue_last].next = at
        unit.queue_last = at


@step
def keep_going(unit: Any, slots: Any, at: int) -> None:
    """Put a slot whose work has begun at the end of the lane in service."""
    slots[at].next = NOBODY
    if unit.going == NOBODY:
        unit.going = at
    else:
        slots[unit.going_last].next = at
    unit.going_last = at


@step
def take_next(unit: Any, slots: Any, head_start: int) -> int:
    """Return the next slot not in service without taking it: easy ones count as earlier by `head_start` ticks."""
    if unit.easy == NOBODY:
        return unit.queue
    if unit.queue == NOBODY or slots[unit.easy].ready - head_start <= slots[unit.queue].ready:
        return unit.easy
    return unit.queue
