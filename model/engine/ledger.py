"""Rows, the calendar and the lanes of queues: taking and freeing rows, entering events, noting history."""

import numpy as np

from model import rng, terms
from model.compiler import look_ahead
from model.effects import InForce
from model.engine.columns import NOBODY, word
from model.engine.district import District
from model.engine.rows import CaseRow, EventRow, KindRow, LaneRow, SlotRow, UnitRow
from model.rules import accept, triage
from model.terms import Decision, Event, Lane, Phase, Slot, State
from model.world import MOST_PARTIES

BLOCK = 32
"""Rows of a block of events: one phase of one step fills it, so that they are read in the order in which they lie."""

AHEAD = 3  # rows are fetched so many cases before they are needed
NOT_YET = 1 << 60  # ticks beyond every run
GOING = len(Lane)  # the lane of slots in service, behind those of `Lane`
LANES = GOING, int(Lane.EASY), int(Lane.MISLED), int(Lane.OTHERS)  # lanes in the order in which a queue is gone through


def law_of(district: District, case: CaseRow) -> InForce:
    """Return the law on whose ground a case lies."""
    return district.laws[district.units[case.street].law]


def kind_of(district: District, case: CaseRow) -> KindRow:
    """Return a case's kind as the law on its ground has it."""
    return district.kinds[district.units[case.street].law * district.kinds_a_law + case.kind]


def take_case(district: District) -> int:
    """Return a free case row and mark it used."""
    district.cases_used += 1
    if district.spare_cases > 0:
        district.spare_cases -= 1
        soon = district.spare_cases - AHEAD
        look_ahead(district.cases, district.spare[soon] if soon >= 0 else NOBODY)
        return district.spare[district.spare_cases]
    district.fresh_case += 1
    return district.fresh_case - 1


def free_case(district: District, row: int) -> None:
    """Give a case row back."""
    district.cases[row].state = State.FREE
    district.spare[district.spare_cases] = row
    district.spare_cases += 1
    district.cases_used -= 1


def take_slot(district: District, case: CaseRow) -> int:
    """Give a case one more slot, empty but for its case, and return its row."""
    at = case.first_slot + case.slots
    case.slots += 1
    slot = district.slots[at]
    slot.case = case.first_slot // MOST_PARTIES
    slot.unit = slot.claim = slot.next = NOBODY
    slot.state = Slot.PLANNED
    slot.started = slot.cosmetic = slot.passes = slot.asking = slot.meeting = 0
    return at


def free_slots(district: District, case: CaseRow) -> None:
    """Take a case's slots away."""
    for at in range(case.first_slot, case.first_slot + case.slots):
        district.slots[at].state = Slot.FREE
    case.slots = 0


def schedule(district: District, phase: int, what: int, row: int, when: int, earliest: int) -> bool:
    """Enter an event of a case at `when` (ticks), not before step `earliest`; False beyond the end of the run."""
    return enter(district, phase, what, district.cases[row].first_slot, when, earliest)


def offer_key(case: CaseRow, slot: SlotRow) -> int:
    """Return the key of a slot's present offer."""
    return case.key + word(slot.asking)


def whistle_key(case: CaseRow) -> int:
    """Return the key of a case's present whistle."""
    return case.key + word(case.attempts)


def waits_at_platform(district: District, event: EventRow) -> bool:
    """Tell whether the whistle of an event has neither been heard nor withdrawn."""
    case = district.cases[event.case]
    return case.state == State.WHISTLED and event.key == whistle_key(case)


def is_urgent(district: District, law: InForce, case: CaseRow) -> bool:
    """Tell whether a case is an emergency that is told by telephone and worked first."""
    return triage.by_telephone(law, district.kinds[case.kind], rng.draw(case.key, Decision.TELEPHONE, 0))


def enter(district: District, phase: int, what: int, at_slot: int, when: int, earliest: int) -> bool:
    """Enter an event of a slot, as `schedule`; another offer makes an answer stale. Neighbours lie in one block."""
    step = max(when // district.step_ticks, earliest)
    if step >= district.steps:
        return False
    last = district.calendar[phase, step, 1]
    at = last + 1
    if last == NOBODY or at % BLOCK == 0:  # another block: one given back, or one never used
        district.events_used += BLOCK
        at = district.free_event
        if at != NOBODY:
            district.free_event = district.events[at].next
        else:
            at = district.fresh_event
            district.fresh_event += BLOCK
    if last == NOBODY:
        district.calendar[phase, step, 0] = at
    else:
        district.events[last].next = at
    district.calendar[phase, step, 1] = at
    event = district.events[at]
    row = at_slot // MOST_PARTIES
    case = district.cases[row]
    event.next = NOBODY
    event.what, event.case, event.slot = what, row, at_slot
    event.key = case.key
    if what in (Event.ANSWER, Event.EXPIRE):
        event.key = offer_key(case, district.slots[at_slot])
    elif what in (Event.ARRIVES, Event.WITHDRAW):
        event.key = whistle_key(case)
    event.when = max(when, step * district.step_ticks)
    return True


def return_to_desk(district: District, row: int, when: int) -> None:
    """An attempt has failed: the case reaches the street's desk in the next step."""
    district.cases[row].attempts += 1
    district.cases[row].state = State.TRIAGE
    schedule(district, Phase.ARRIVAL, Event.RETRIAGE, row, when, district.step + 1)


def next_event(district: District, at: int) -> int:
    """Leave an event that has been dealt with and return the one after it; a block is given back with its last."""
    following = district.events[at].next
    if following != at + 1 or following % BLOCK == 0:
        first = at - at % BLOCK
        district.events[first].next = district.free_event
        district.free_event = first
        district.events_used -= BLOCK
    return following


def fetch(district: District, at: int) -> None:
    """Fetch a slot that is needed soon, if it is one, and its case."""
    look_ahead(district.slots, at)
    look_ahead(district.cases, at // MOST_PARTIES)


def fetch_ahead(district: District, event: EventRow) -> None:
    """Fetch what the third event after this one will need, while this one is dealt with."""
    at = event.next
    for _ in range(AHEAD - 1):
        if at == NOBODY:
            return
        at = district.events[at].next
    if at != NOBODY:
        fetch(district, district.events[at].slot)


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
    """Write a line of history where one is kept; what `detail` says: `events.columns`."""
    if district.history_on:
        line = district.history[district.history_used]
        line.when = when
        line.key = key
        line.activity = activity
        line.unit = unit
        line.phase = district.phase
        line.detail = detail
        district.history_used += 1


def enqueue(district: District, at: int, ready: int, lane: int) -> None:
    """Put a slot with its work at the end of a lane of its unit; it can be worked from `ready` (ticks)."""
    slot = district.slots[at]
    unit = district.units[slot.unit]
    slot.state = Slot.QUEUED
    slot.ready = ready
    slot.started = 0
    unit.waiting += slot.work + slot.meeting
    unit.queued += 1
    unit.period_asked += slot.work + slot.meeting
    if district.in_window:
        unit.asked_work += slot.work + slot.meeting
    append(district, district.lanes[slot.unit, lane], at)


def append(district: District, lane: LaneRow, at: int) -> None:
    """Put a slot at the end of a lane."""
    district.slots[at].next = district.slots[at].later = NOBODY
    if lane.head == NOBODY:
        lane.head = at
    else:
        district.slots[lane.last].next = at
        district.slots[lane.before].later = at
        lane.before = lane.last
    lane.last = at


def turn(district: District, at: int, head_start: int, free: int) -> int:
    """Return the order of a lane's head for a person who is `free` (ticks): who is there by arrival, then who comes."""
    if at == NOBODY:
        return 2 * NOT_YET
    ready = district.slots[at].ready
    return ready - head_start if ready <= free else NOT_YET + ready


def next_lane(district: District, u: int, head_start: int, free: int) -> int:
    """Return the lane of who is next, not in service, for a person free at `free`; easy ones have a head start."""
    _, easy, misled, others = LANES
    lane, first = easy, turn(district, district.lanes[u, easy].head, head_start, free)
    later = turn(district, district.lanes[u, others].head, 0, free)
    if later < first:
        lane, first = others, later
    return misled if turn(district, district.lanes[u, misled].head, 0, free) < first else lane


def is_day_of(district: District, unit: UnitRow, period: int) -> bool:
    """Tell whether a unit's own day of so many begins; its code fixes the day, so others change nothing."""
    day = district.step // district.steps_per_day
    return day % period == np.int64(unit.key % np.uint64(period))


def backlog_days(unit: UnitRow) -> float:
    """Return the work in a unit's queue in days of all its people."""
    people = unit.staff * unit.commanded + unit.home_hours
    return unit.waiting / ((people if people > 0.0 else 0.01) * terms.TICKS_PER_DAY)


def own_people(unit: UnitRow) -> int:
    """Return the people of a unit's own who are there: of a street, its generalists."""
    return unit.staff - unit.experts - unit.guests + unit.seconded if unit.level == terms.Level.STREET else unit.staff


def load_of(district: District, unit: UnitRow) -> float:
    """Return a unit's backlog as it is felt, in [0, 1]."""
    return accept.relative_load(backlog_days(unit), district.habits.acceptance.load_reference)
