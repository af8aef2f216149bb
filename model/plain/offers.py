"""Whom to ask: who looks responsible, naming the parties of a case, asking them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from model import luck
from model.blueprint import Claim
from model.plain import things
from model.rules import zones
from model.terms import TICKS_PER_DAY, Activity, Decision, Event, Phase, Slot, State

if TYPE_CHECKING:
    from model.plain.district import PlainDistrict

__all__ = ["ask", "fall_back", "looks_responsible", "most_responsible", "name_parties", "weight_of"]


def may_be_asked(model: PlainDistrict, case: things.Case, claim: Claim, *, lead: bool) -> bool:
    """Tell whether a claimant is not a party already and, if it is to lead, has the power."""
    if lead and case.needs_power and not claim.enforcement:
        return False
    return all(slot.unit is not model.units[claim.unit] for slot in case.slots)


def weight_of(model: PlainDistrict, case: things.Case, claim: Claim) -> float:
    """Return a claimant's weight in a choice: the file shows who was asked before."""
    asked_before = model.units[claim.unit] in case.ever_asked
    return claim.weight * (model.plan.refusal_factor if asked_before else 1.0)


def looks_responsible(
    model: PlainDistrict, case: things.Case, decision: Decision, occurrence: int, *, lead: bool
) -> Claim | None:
    """Return the claim that looks most responsible to the sender, if anyone is left to ask."""
    earliest, found = math.inf, None
    for claim in case.kind.claims:
        if may_be_asked(model, case, claim, lead=lead):
            u = luck.choice_draw(case.key, decision, occurrence, claim.unit_key)
            time = zones.race(u, weight_of(model, case, claim))
            if time < earliest:
                earliest, found = time, claim
    return found


def most_responsible(model: PlainDistrict, case: things.Case, *, lead: bool) -> Claim | None:
    """Return the claim that is truly the greatest (ties: first by code), if anyone is left to ask."""
    free = [claim for claim in case.kind.claims if may_be_asked(model, case, claim, lead=lead)]
    return max(free, key=lambda claim: claim.membership, default=None)


def name_parties(model: PlainDistrict, case: things.Case, when: int, *, rightly: bool) -> None:
    """Name the parties of a case and ask the first, or all at once where they are convened."""
    case.state = State.ASKING
    case.convened = luck.draw(case.key, Decision.ENTRY, 0) < model.law.coordination.convene
    for n in range(case.parties):
        lead = n == 0
        if rightly:
            claim = most_responsible(model, case, lead=lead)
        else:
            claim = looks_responsible(model, case, Decision.REFER, case.askings + n, lead=lead)
        if claim is None:
            break
        case.slots.append(things.Slot(case, model.units[claim.unit], claim))
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
    case.ping_pong |= unit in case.ever_asked
    case.ever_asked.add(unit)
    procedure = model.law.whistle if case.whistle_open else model.law.letters
    transit = model.law.whistle.acceptance_days if case.whistle_open else model.law.letters.transit_days
    slot.ready = when + int(transit * TICKS_PER_DAY)
    u = luck.draw(case.key, Decision.ANSWER_TIME, case.askings)
    answered = slot.ready + int(u * procedure.answer_within * TICKS_PER_DAY)
    model.note(when, case, Activity.OFFERED, unit)
    model.calendar.enter(Phase.ANSWERS, Event.ANSWER, case, answered, earliest=earliest, slot=slot)


def fall_back(model: PlainDistrict, slot: things.Slot, when: int) -> None:
    """A slot falls back to the street: a single case to its desk, a joint one is offered to somebody else."""
    case = slot.case
    case.attempts += 1
    if case.parties == 1:
        case.release_slots()
        case.state = State.TRIAGE
        model.calendar.enter(Phase.ARRIVAL, Event.RETRIAGE, case, when, earliest=model.now_step + 1)
        return
    other = looks_responsible(model, case, Decision.REFER, case.askings, lead=slot.leads)
    slot.passes = 0
    ask(model, slot, other or slot.claim, when, earliest=model.now_step + 1)
