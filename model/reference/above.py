"""The level above: a case worked below may need it (N6, N7); the procedure is the same one level up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model import portable_math, rng
from model.reference import things
from model.reference.unit import Unit
from model.rules import accept
from model.terms import TICKS_PER_DAY, Activity, Decision, Event, Level, Phase, Slot, State

if TYPE_CHECKING:
    from model.reference.district import PlainDistrict

__all__ = ["answer_from_above", "ask_above", "rise", "stay_silent", "superior_needed"]


def superior_needed(model: PlainDistrict, case: things.Case) -> Unit | None:
    """Return the unit above that a case still needs after those below have done their share."""
    if case.risen or case.cosmetic:
        return None
    holder, demand = case.slots[0].unit, model.world.demand
    if holder.level == Level.DEPARTMENT:
        chance, above = demand.needs_city, model.units[holder.row + len(model.departments)]
    elif holder.level == Level.COMMUNITY:
        chance, above = demand.needs_street, case.street
    else:
        return None
    needed = rng.draw(case.key, Decision.ABOVE, 2 * case.rounds) < chance
    return above if needed and above.staff > 0 else None


def rise(model: PlainDistrict, case: things.Case, above: Unit) -> None:
    """The lead turns to the level above with the whole case, by whistle or by letter."""
    slot, levels = case.slots[0], case.street.law.levels
    by_whistle = levels.up if slot.unit.level == Level.DEPARTMENT else levels.down
    case.risen = True
    case.state = State.ASKING
    case.unfilled = case.unworked = 1
    case.settling_since = case.worked
    case.whistle_open = rng.draw(case.key, Decision.ABOVE, 2 * case.rounds + 1) < by_whistle
    model.note(case.worked, case, Activity.RISEN, slot.unit)
    slot.unit, slot.claim = above, None
    ask_above(model, slot, case.worked)


def ask_above(model: PlainDistrict, slot: things.Slot, when: int) -> None:
    """Ask the unit above; its answer comes some time within the limit."""
    case = slot.case
    slot.state = Slot.ASKED
    case.askings += 1
    slot.asking = case.askings
    slot.unit.book("received")
    law = case.street.law
    transit = law.whistle.acceptance_days if case.whistle_open else law.letters.transit_days
    within = law.whistle.answer_within if case.whistle_open else law.letters.answer_within
    slot.ready = when + int(transit * TICKS_PER_DAY)
    answered = slot.ready + int(rng.draw(case.key, Decision.ANSWER_TIME, case.askings) * within * TICKS_PER_DAY)
    model.note(when, case, Activity.OFFERED, slot.unit)
    model.calendar.enter(Phase.ANSWERS, Event.ANSWER, case, answered, earliest=model.now_step + 1, slot=slot)


def answer_from_above(model: PlainDistrict, slot: things.Slot, when: int) -> None:
    """The unit above takes the case into its queue, or does not answer."""
    case, unit, habits = slot.case, slot.unit, model.habits
    model.count("answers_due")
    chance = portable_math.logistic(accept.answers_below(habits, unit, case.whistle_open))
    if habits.acceptance.in_force and rng.draw(case.key, Decision.ANSWERS, slot.asking) >= chance:
        stay_silent(model, slot)
        return
    case.gain_owner(when)
    case.stop_circulating(when)
    model.count("risen")
    model.count("waited_above", when - case.worked)
    unit.book("accepted")
    model.note(when, case, Activity.ACCEPTED, unit)
    case.state = State.WORKING
    case.unfilled = 0
    slot.work = max(1, int(case.work * model.world.demand.above_work))
    slot.meeting = 0
    unit.queue(slot, when)


def stay_silent(model: PlainDistrict, slot: things.Slot) -> None:
    """The unit that was asked lets the limit run out."""
    case, law = slot.case, slot.case.street.law
    model.count("inaction")
    procedure = law.whistle if case.whistle_open else law.letters
    until = slot.ready + int(procedure.answer_within * TICKS_PER_DAY)
    model.calendar.enter(Phase.ANSWERS, Event.EXPIRE, case, until, earliest=model.now_step + 1, slot=slot)
