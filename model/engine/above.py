"""The level above: a case worked below may need it (N6, N7); the procedure is the same one level up."""

from __future__ import annotations

from typing import Any

import numpy as np

from model import portable_math, rng
from model.effects import InForce
from model.engine.columns import NOBODY
from model.engine.district import District
from model.engine.ledger import note, schedule_answer
from model.engine.offers import own, settle_owner
from model.engine.queues import enqueue
from model.engine.rows import CaseRow
from model.rules import accept
from model.terms import TICKS_PER_DAY, Activity, Decision, Event, Lane, Level, Slot, State

__all__ = ["answer_from_above", "ask_above", "rise", "superior_needed"]


def superior_needed(district: District, case: CaseRow) -> int:
    """Return the row of the unit above that a case still needs after those below have done their share, or −1."""
    if case.risen or case.cosmetic:
        return NOBODY
    holder = district.slots[case.first_slot].unit
    chance = 0.0
    above: Any = NOBODY
    if district.units[holder].level == Level.DEPARTMENT:
        chance, above = district.needs_city, holder + district.departments
    elif district.units[holder].level == Level.COMMUNITY:
        chance, above = district.needs_street, np.int64(case.street)
    if rng.draw(case.key, Decision.ABOVE, 2 * case.rounds) >= chance or district.units[above].staff == 0:
        return NOBODY
    return above


def ask_above(district: District, law: InForce, at: int, when: int) -> None:
    """Ask the unit above by whistle or by letter; its answer comes some time within the limit."""
    slot = district.slots[at]
    case = district.cases[slot.case]
    slot.state = Slot.ASKED
    case.askings += 1
    slot.asking = case.askings
    district.units[slot.unit].received += district.in_window
    transit = law.whistle.acceptance_days if case.whistle_open else law.letters.transit_days
    within = law.whistle.answer_within if case.whistle_open else law.letters.answer_within
    slot.ready = when + int(transit * TICKS_PER_DAY)
    answered = slot.ready + int(rng.draw(case.key, Decision.ANSWER_TIME, case.askings) * within * TICKS_PER_DAY)
    note(district, when, case.key, Activity.OFFERED, slot.unit, NOBODY)
    schedule_answer(district, Event.ANSWER, at, answered, district.step + 1)


def rise(district: District, law: InForce, row: int, above: int) -> None:
    """The lead turns to the level above with the whole case."""
    case = district.cases[row]
    slot = district.slots[case.first_slot]
    by_whistle = law.levels.up if district.units[slot.unit].level == Level.DEPARTMENT else law.levels.down
    case.risen = 1
    case.state = State.ASKING
    case.template = 1
    case.unworked = 1
    case.settling_since = case.worked
    case.whistle_open = rng.draw(case.key, Decision.ABOVE, 2 * case.rounds + 1) < by_whistle
    note(district, case.worked, case.key, Activity.RISEN, slot.unit, NOBODY)
    slot.unit = above
    slot.claim = NOBODY
    ask_above(district, law, case.first_slot, case.worked)


def answer_from_above(district: District, law: InForce, at: int, when: int) -> None:
    """The unit above takes the case into its queue, or does not answer."""
    slot = district.slots[at]
    case = district.cases[slot.case]
    unit = district.units[slot.unit]
    district.tally.answers_due += district.in_window
    u = rng.draw(case.key, Decision.ANSWERS, slot.asking)
    odds = accept.answers_below(district.habits, unit, case.whistle_open > 0)
    if district.habits.acceptance.in_force and not portable_math.happens(u, odds):
        district.tally.inaction += district.in_window
        within = law.whistle.answer_within if case.whistle_open else law.letters.answer_within
        until = slot.ready + int(within * TICKS_PER_DAY)
        schedule_answer(district, Event.EXPIRE, at, until, district.step + 1)
        return
    own(district, case, when)
    settle_owner(case, when)
    district.tally.risen += district.in_window
    district.tally.waited_above += district.in_window * (when - case.worked)
    unit.accepted += district.in_window
    note(district, when, case.key, Activity.ACCEPTED, slot.unit, NOBODY)
    case.state = State.WORKING
    case.template = 0
    slot.work = max(1, int(case.work * district.above_work))
    slot.meeting = 0
    enqueue(district, unit, at, when, Lane.OTHERS)
