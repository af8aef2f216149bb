"""Whom to ask: who looks responsible, asking them, and the level above (N6, N7), where the procedure is the same."""

import math

from model import portable_math, rng
from model.plans import Claim
from model.reference.agents import Case, Share, Unit
from model.reference.office import attends
from model.reference.state import Model
from model.rules import accept, jurisdiction, learning
from model.terms import TICKS_PER_DAY, Activity, Decision, Event, Lane, Level, Phase, Slot, State


def claim_of_today(slot: Share) -> Claim | None:
    """Return the claim of a slot's unit under the law of today; the one it was asked by where it has lost it."""
    claims = slot.case.kind.claims
    if any(claim is slot.claim for claim in claims):
        return slot.claim
    return next((claim for claim in claims if claim.unit == slot.unit.row), slot.claim)


def may_be_asked(claim: Claim, case: Case, parties: list[Share], *, lead: bool) -> bool:
    """Tell whether a claimant is not a party already and, if it is to lead, has the power."""
    if lead and case.needs_power and not claim.enforcement:
        return False
    return all(slot.unit.row != claim.unit for slot in parties)


def weight_of(model: Model, case: Case, claim: Claim, *, by_street: bool = False) -> float:
    """Return a claimant's weight in a choice: the file shows who was asked before; a street may trust or not."""
    asked_before = model.units[claim.unit] in case.ever_asked
    weight = claim.weight * (case.law.effects.refusal_factor if asked_before else 1.0)
    if by_street and model.habits.learning.trust > 0.0:
        weight = weight * learning.preference(model.habits, case.street.trust[claim.unit])
    return weight


def apparent_claim(model: Model, case: Case, decision: Decision, occurrence: int, *, lead: bool) -> Claim | None:
    """Return the claim that looks most responsible to the sender, if anyone is left to ask."""
    earliest, found = math.inf, None
    for claim in case.kind.claims:
        if may_be_asked(claim, case, case.slots, lead=lead):
            u = rng.choice_draw(case.key, decision, occurrence, claim.unit_key)
            time = jurisdiction.race(u, weight_of(model, case, claim, by_street=decision == Decision.REFER))
            if time < earliest:
                earliest, found = time, claim
    return found


def strongest_claim(case: Case, parties: list[Share], *, lead: bool) -> Claim | None:
    """Return the claim that is truly the greatest (ties: first by code), if anyone beside `parties` is left."""
    free = [claim for claim in case.kind.claims if may_be_asked(claim, case, parties, lead=lead)]
    return max(free, key=lambda claim: claim.membership, default=None)


def led_astray(model: Model, case: Case) -> Claim | None:
    """Return the claim that looks most responsible where the one that truly is gets passed over, if another is left."""
    right = strongest_claim(case, [], lead=True)
    if right is None:
        return None
    case.slots = [Share(case, model.units[right.unit], right)]  # as if it were a party already
    found = apparent_claim(model, case, Decision.REFER, case.askings, lead=True)
    case.slots = []
    return found or right


def name_parties(model: Model, case: Case, when: int, *, rightly: bool) -> None:
    """Name the parties of a case and ask the first, or all at once where they are convened."""
    case.state = State.ASKING
    case.convened = rng.draw(case.key, Decision.ENTRY, 0) < case.law.coordination.convene
    misaddressed = case.whistle_open and not rightly
    u = rng.draw(case.key, Decision.ASTRAY, case.attempts)
    astray = misaddressed and jurisdiction.goes_astray(model.habits, u)
    for n in range(case.parties):
        lead = n == 0
        if rightly:
            claim = strongest_claim(case, case.slots, lead=lead)
        elif lead and astray:
            claim = led_astray(model, case)
        else:
            claim = apparent_claim(model, case, Decision.REFER, case.askings + n, lead=lead)
        if claim is None:
            break
        case.slots.append(Share(case, model.units[claim.unit], claim))
    if not case.slots:
        return_to_desk(model, case, when)
        return
    case.parties = case.unfilled = case.unworked = len(case.slots)
    for slot in case.slots if case.convened else case.slots[:1]:
        ask(model, slot, slot.claim, when, earliest=model.now_step)


def ask(model: Model, slot: Share, claim: Claim | None, when: int, *, earliest: int) -> None:
    """Offer a slot to the claim's unit."""
    assert claim is not None
    case = slot.case
    slot.unit = unit = model.department_of(claim)
    slot.claim = claim
    unit.asked_by[case.street] += 1
    case.offered = True
    case.ping_pong |= unit in case.ever_asked and unit is not case.last_asked
    case.last_asked = unit
    case.ever_asked.add(unit)
    send_offer(model, slot, when, earliest=earliest)


def days_to_answer(case: Case) -> float:
    """Return the days within which a unit has to answer, by whistle or by letter; an emergency by its deadline."""
    if case.urgent:
        return case.kind.limit / TICKS_PER_DAY
    return case.law.whistle.answer_within if case.whistle_open else case.law.letters.answer_within


def is_letter(case: Case) -> bool:
    """Tell whether units are asked by letter: by neither whistle nor telephone."""
    return not (case.whistle_open or case.urgent)


def book_answer(model: Model, case: Case, when: int) -> None:
    """Count an answer to a letter, by the day of the week."""
    if model.in_window and is_letter(case):
        day = when // TICKS_PER_DAY % 7
        model.books.answers[day] += 1
        model.books.add(letters_answered=1, weekend_answers=day >= 5)


def send_offer(model: Model, slot: Share, when: int, *, earliest: int) -> None:
    """Offer a slot to its unit by whistle or by letter; its answer comes some time within the limit."""
    case = slot.case
    slot.state = Slot.ASKED
    case.askings += 1
    slot.asking = case.askings
    slot.unit.book("received")
    transit = case.law.whistle.acceptance_days if case.whistle_open else case.law.letters.transit_days
    slot.ready = when + (0 if case.urgent else int(transit * TICKS_PER_DAY))
    u = rng.draw(case.key, Decision.ANSWER_TIME, case.askings)
    answered = slot.ready + int(u * days_to_answer(case) * TICKS_PER_DAY)
    if is_letter(case):
        u = rng.draw(case.key, Decision.WEEKEND, case.askings)
        answered += accept.waits_for_monday(case.law, answered // TICKS_PER_DAY, u) * TICKS_PER_DAY
    model.note(when, case, Activity.OFFERED, slot.unit)
    model.calendar.enter(Phase.ANSWERS, Event.ANSWER, case, answered, earliest=earliest, slot=slot)


def stay_silent(model: Model, slot: Share) -> None:
    """The unit that was asked lets the limit run out."""
    model.count("inaction")
    until = slot.ready + int(days_to_answer(slot.case) * TICKS_PER_DAY)
    model.calendar.enter(Phase.ANSWERS, Event.EXPIRE, slot.case, until, earliest=model.now_step + 1, slot=slot)


def return_to_desk(model: Model, case: Case, when: int) -> None:
    """An attempt has failed: the case reaches the street's desk in the next step."""
    case.attempts += 1
    case.state = State.TRIAGE
    model.calendar.enter(Phase.ARRIVAL, Event.RETRIAGE, case, when, earliest=model.now_step + 1)


def superior_needed(model: Model, case: Case) -> Unit | None:
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


def rise(model: Model, case: Case, above: Unit) -> None:
    """The lead turns to the level above with the whole case, by whistle or by letter."""
    slot, levels = case.slots[0], case.law.levels
    by_whistle = levels.up if slot.unit.level == Level.DEPARTMENT else levels.down
    case.risen = True
    case.state = State.ASKING
    case.unfilled = case.unworked = 1
    case.settling_since = case.worked
    case.whistle_open = rng.draw(case.key, Decision.ABOVE, 2 * case.rounds + 1) < by_whistle
    if case.whistle_open and slot.unit.level == Level.DEPARTMENT:
        case.whistle_open = attends(model, model.newest.office.decision_work)
    model.note(case.worked, case, Activity.RISEN, slot.unit)
    slot.unit, slot.claim = above, None
    send_offer(model, slot, case.worked, earliest=model.now_step + 1)


def answer_from_above(model: Model, slot: Share, when: int) -> None:
    """The unit above takes the case into its queue, or does not answer."""
    case, unit, habits = slot.case, slot.unit, model.habits
    model.count("answers_due")
    chance = portable_math.logistic(accept.answers_below(habits, unit, case.whistle_open))
    if habits.acceptance.in_force and rng.draw(case.key, Decision.ANSWERS, slot.asking) >= chance:
        stay_silent(model, slot)
        return
    book_answer(model, case, when)
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
    unit.queue(slot, when, Lane.EASY if case.urgent else Lane.OTHERS)
