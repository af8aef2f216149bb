"""Whom to ask: who looks responsible, naming the parties of a case, asking them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from model import rng
from model.layout import Claim
from model.reference import things
from model.rules import jurisdiction, learning
from model.terms import TICKS_PER_DAY, Activity, Decision, Event, Phase, Slot, State

if TYPE_CHECKING:
    from model.reference.district import PlainDistrict

__all__ = [
    "ask",
    "claim_of_today",
    "fall_back",
    "looks_responsible",
    "most_responsible",
    "name_parties",
    "next_in_line",
    "return_to_desk",
]


def may_be_asked(claim: Claim, case: things.Case, parties: list[things.Slot], *, lead: bool) -> bool:
    """Tell whether a claimant is not a party already and, if it is to lead, has the power."""
    if lead and case.needs_power and not claim.enforcement:
        return False
    return all(slot.unit.row != claim.unit for slot in parties)


def claim_of_today(slot: things.Slot) -> Claim | None:
    """Return the claim of a slot's unit under the law of today; the one it was asked by where it has lost it."""
    claims = slot.case.kind.claims
    if any(claim is slot.claim for claim in claims):
        return slot.claim
    return next((claim for claim in claims if claim.unit == slot.unit.row), slot.claim)


def weight_of(model: PlainDistrict, case: things.Case, claim: Claim, *, by_street: bool = False) -> float:
    """Return a claimant's weight in a choice: the file shows who was asked before; a street may trust or not."""
    asked_before = model.units[claim.unit] in case.ever_asked
    weight = claim.weight * (case.street.law.effects.refusal_factor if asked_before else 1.0)
    if by_street and model.habits.learning.trust > 0.0:
        weight = weight * learning.preference(model.habits, case.street.trust[claim.unit])
    return weight


def looks_responsible(
    model: PlainDistrict, case: things.Case, decision: Decision, occurrence: int, *, lead: bool
) -> Claim | None:
    """Return the claim that looks most responsible to the sender, if anyone is left to ask."""
    earliest, found = math.inf, None
    for claim in case.kind.claims:
        if may_be_asked(claim, case, case.slots, lead=lead):
            u = rng.choice_draw(case.key, decision, occurrence, claim.unit_key)
            time = jurisdiction.race(u, weight_of(model, case, claim, by_street=decision == Decision.REFER))
            if time < earliest:
                earliest, found = time, claim
    return found


def next_in_line(model: PlainDistrict, slot: things.Slot) -> Claim | None:
    """Return the claim that looks most responsible to the passer, unless the street does."""
    case = slot.case
    claim = looks_responsible(model, case, Decision.NEXT, slot.asking, lead=slot.leads)
    if claim is None:
        return None
    weight = case.kind.street_weight_power if case.needs_power else case.kind.street_weight
    there = rng.choice_draw(case.key, Decision.NEXT, slot.asking, claim.unit_key)
    back = rng.choice_draw(case.key, Decision.NEXT, slot.asking, case.street.key)
    goes_back = jurisdiction.race(back, weight) < jurisdiction.race(there, weight_of(model, case, claim))
    return None if goes_back else claim


def most_responsible(case: things.Case, parties: list[things.Slot], *, lead: bool) -> Claim | None:
    """Return the claim that is truly the greatest (ties: first by code), if anyone beside `parties` is left."""
    free = [claim for claim in case.kind.claims if may_be_asked(claim, case, parties, lead=lead)]
    return max(free, key=lambda claim: claim.membership, default=None)


def name_parties(model: PlainDistrict, case: things.Case, when: int, *, rightly: bool) -> None:
    """Name the parties of a case and ask the first, or all at once where they are convened."""
    case.state = State.ASKING
    case.convened = rng.draw(case.key, Decision.ENTRY, 0) < case.street.law.coordination.convene
    for n in range(case.parties):
        lead = n == 0
        if rightly:
            claim = most_responsible(case, case.slots, lead=lead)
        else:
            claim = looks_responsible(model, case, Decision.REFER, case.askings + n, lead=lead)
        if claim is None:
            break
        case.slots.append(things.Slot(case, model.units[claim.unit], claim))
    if not case.slots:
        return_to_desk(model, case, when)
        return
    case.parties = case.unfilled = case.unworked = len(case.slots)
    for slot in case.slots if case.convened else case.slots[:1]:
        ask(model, slot, slot.claim, when, earliest=model.now_step)


def ask(model: PlainDistrict, slot: things.Slot, claim: Claim | None, when: int, *, earliest: int) -> None:
    """Offer a slot to the claim's unit; its answer comes some time within the limit."""
    assert claim is not None
    case = slot.case
    slot.unit = unit = model.department_of(claim)
    slot.claim = claim
    slot.state = Slot.ASKED
    case.askings += 1
    slot.asking = case.askings
    unit.book("received")
    unit.asked_by[case.street] += 1
    case.offered = True
    case.ping_pong |= unit in case.ever_asked and unit is not case.last_asked
    case.last_asked = unit
    case.ever_asked.add(unit)
    whistle, letters = case.street.law.whistle, case.street.law.letters
    transit = whistle.acceptance_days if case.whistle_open else letters.transit_days
    within = whistle.answer_within if case.whistle_open else letters.answer_within
    slot.ready = when + int(transit * TICKS_PER_DAY)
    u = rng.draw(case.key, Decision.ANSWER_TIME, case.askings)
    answered = slot.ready + int(u * within * TICKS_PER_DAY)
    model.note(when, case, Activity.OFFERED, unit)
    model.calendar.enter(Phase.ANSWERS, Event.ANSWER, case, answered, earliest=earliest, slot=slot)


def fall_back(model: PlainDistrict, slot: things.Slot, when: int) -> None:
    """A slot falls back to the street: a single case to its desk, a joint one is offered to somebody else."""
    case = slot.case
    if case.parties == 1:
        case.release_slots()
        return_to_desk(model, case, when)
        return
    case.attempts += 1
    other = looks_responsible(model, case, Decision.REFER, case.askings, lead=slot.leads)
    slot.passes = 0
    ask(model, slot, other or slot.claim, when, earliest=model.now_step + 1)


def return_to_desk(model: PlainDistrict, case: things.Case, when: int) -> None:
    """An attempt has failed: the case reaches the street's desk in the next step."""
    case.attempts += 1
    case.state = State.TRIAGE
    model.calendar.enter(Phase.ARRIVAL, Event.RETRIAGE, case, when, earliest=model.now_step + 1)
