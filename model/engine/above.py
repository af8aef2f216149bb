"""The level above: a case worked below may need it (N6, N7); the procedure is the same one level up."""

from __future__ import annotations

from typing import Any

import numpy as np

from model import luck
from model.engine.columns import NOBODY
from model.engine.compiled import kernel, step
from model.engine.ledger import note, schedule_slot
from model.engine.offers import own, settle_owner
from model.engine.queues import enqueue
from model.rules import accept
from model.terms import TICKS_PER_DAY, Activity, Decision, Event, Lane, Level, Phase, Slot, State

__all__ = ["answer_from_above", "ask_above", "rise", "superior_needed"]


@step
def superior_needed(district: Any, units: Any, slots: Any, case: Any) -> int:
    """Return the row of the unit above that a case still needs after those below have done their share, or −1."""
    if case.risen or case.cosmetic:
        return NOBODY
    holder = slots[case.first_slot].unit
    chance = 0.0
    above: Any = NOBODY
    if units[holder].level == Level.DEPARTMENT:
        chance, above = district.needs_city, holder + district.departments
    elif units[holder].level == Level.COMMUNITY:
        chance, above = district.needs_street, np.int64(case.street)
    if luck.draw(case.key, Decision.ABOVE, 2 * case.rounds) >= chance or units[above].staff == 0:
        return NOBODY
    return above


@kernel
def ask_above(
    district: Any, law: Any, cases: Any, slots: Any, events: Any, calendar: Any, units: Any, history: Any, at: int,
    when: int,
) -> None:  # fmt: skip
    """Ask the unit above by whistle or by letter; its answer comes some time within the limit."""
    slot = slots[at]
    case = cases[slot.case]
    slot.state = Slot.ASKED
    case.askings += 1
    slot.asking = case.askings
    units[slot.unit].received += district.in_window
    transit = law.whistle.acceptance_days if case.whistle_open else law.letters.transit_days
    within = law.whistle.answer_within if case.whistle_open else law.letters.answer_within
    slot.ready = when + int(transit * TICKS_PER_DAY)
    answered = slot.ready + int(luck.draw(case.key, Decision.ANSWER_TIME, case.askings) * within * TICKS_PER_DAY)
    note(district, history, when, case.key, Activity.OFFERED, slot.unit, NOBODY)
    key = case.key + np.uint64(slot.asking)
    schedule_slot(district, events, calendar, Phase.ANSWERS, Event.ANSWER, slot.case, at, key, answered,
                  district.step + 1)  # fmt: skip


@step
def rise(
    district: Any, law: Any, cases: Any, slots: Any, events: Any, calendar: Any, units: Any, history: Any, row: int,
    above: int,
) -> None:  # fmt: skip
    """The lead turns to the level above with the whole case."""
    case = cases[row]
    slot = slots[case.first_slot]
    by_whistle = law.levels.up if units[slot.unit].level == Level.DEPARTMENT else law.levels.down
    case.risen = 1
    case.state = State.ASKING
    case.unfilled = 1
    case.unworked = 1
    case.settling_since = case.worked
    case.whistle_open = luck.draw(case.key, Decision.ABOVE, 2 * case.rounds + 1) < by_whistle
    note(district, history, case.worked, case.key, Activity.RISEN, slot.unit, NOBODY)
    slot.unit = above
    slot.claim = NOBODY
    ask_above(district, law, cases, slots, events, calendar, units, history, case.first_slot, case.worked)


@step
def answer_from_above(
    district: Any, law: Any, habits: Any, cases: Any, slots: Any, events: Any, calendar: Any, units: Any, kinds: Any,
    tally: Any, history: Any, at: int, when: int,
) -> None:  # fmt: skip
    """The unit above takes the case into its queue, or does not answer."""
    slot = slots[at]
    case = cases[slot.case]
    unit = units[slot.unit]
    tally.answers_due += district.in_window
    u = luck.draw(case.key, Decision.ANSWERS, slot.asking)
    if habits.acceptance.in_force and u >= accept.answers_below(habits, unit, case.whistle_open > 0):
        tally.inaction += district.in_window
        within = law.whistle.answer_within if case.whistle_open else law.letters.answer_within
        until = slot.ready + int(within * TICKS_PER_DAY)
        key = case.key + np.uint64(slot.asking)
        schedule_slot(district, events, calendar, Phase.ANSWERS, Event.EXPIRE, slot.case, at, key, until,
                      district.step + 1)  # fmt: skip
        return
    own(units, kinds, case, when)
    settle_owner(case, when)
    tally.risen += district.in_window
    tally.waited_above += district.in_window * (when - case.worked)
    unit.accepted += district.in_window
    note(district, history, when, case.key, Activity.ACCEPTED, slot.unit, NOBODY)
    case.state = State.WORKING
    case.unfilled = 0
    slot.work = max(1, int(case.work * district.above_work))
    slot.meeting = 0
    enqueue(district, unit, slots, at, when, Lane.OTHERS)
