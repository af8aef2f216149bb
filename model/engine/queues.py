"""The lanes of a unit: slots in service, with a head start, on their way from the wrong section, the others."""

from __future__ import annotations

from model.engine.columns import NOBODY
from model.engine.district import District
from model.engine.rows import UnitRow
from model.terms import Lane, Slot

__all__ = ["enqueue", "keep_going", "leave_lane", "take_next"]

NOT_YET = 1 << 60
"""Ticks beyond every run."""


def enqueue(district: District, unit: UnitRow, at: int, ready: int, lane: int) -> None:
    """Put a slot with its work at the end of a `Lane`; it can be worked from `ready` (ticks)."""
    slot = district.slots[at]
    slot.state = Slot.QUEUED
    slot.ready = ready
    slot.started = 0
    slot.next = NOBODY
    slot.later = NOBODY
    unit.waiting += slot.work + slot.meeting
    unit.queued += 1
    unit.period_asked += slot.work + slot.meeting
    if district.in_window:
        unit.asked_work += slot.work + slot.meeting
    if lane == Lane.EASY:
        if unit.easy == NOBODY:
            unit.easy = at
        else:
            district.slots[unit.easy_last].next = at
            district.slots[unit.easy_before].later = at
            unit.easy_before = unit.easy_last
        unit.easy_last = at
    elif lane == Lane.MISLED:
        if unit.misled == NOBODY:
            unit.misled = at
        else:
            district.slots[unit.misled_last].next = at
        unit.misled_last = at
    else:
        if unit.queue == NOBODY:
            unit.queue = at
        else:
            district.slots[unit.queue_last].next = at
            district.slots[unit.queue_before].later = at
            unit.queue_before = unit.queue_last
        unit.queue_last = at


def keep_going(district: District, unit: UnitRow, at: int) -> None:
    """Put a slot whose work has begun at the end of the lane in service."""
    district.slots[at].next = NOBODY
    district.slots[at].later = NOBODY
    if unit.going == NOBODY:
        unit.going = at
    else:
        district.slots[unit.going_last].next = at
        district.slots[unit.going_before].later = at
        unit.going_before = unit.going_last
    unit.going_last = at


def turn(district: District, at: int, head_start: int, free: int) -> int:
    """Return by what the heads of lanes are ordered for a person who is `free` (ticks).

    Those that are there go by their arrival less their head start, the others after them by when they come.
    """
    if at == NOBODY:
        return 2 * NOT_YET
    ready = district.slots[at].ready
    return ready - head_start if ready <= free else NOT_YET + ready


def take_next(district: District, unit: UnitRow, head_start: int, free: int) -> int:
    """Return the next slot not in service for a person who is free at `free` (ticks), without taking it.

    Easy ones count as earlier by `head_start` ticks; nobody waits for what is not there yet while something is.
    """
    at, first = unit.easy, turn(district, unit.easy, head_start, free)
    if turn(district, unit.queue, 0, free) < first:
        at, first = unit.queue, turn(district, unit.queue, 0, free)
    return unit.misled if turn(district, unit.misled, 0, free) < first else at


def leave_lane(district: District, unit: UnitRow, at: int) -> None:
    """Take the head of a lane out of it."""
    if at == unit.easy:
        unit.easy = district.slots[at].next
    elif at == unit.queue:
        unit.queue = district.slots[at].next
    else:
        unit.misled = district.slots[at].next
