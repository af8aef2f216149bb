"""Whom to ask: choosing units, asking them, joining or leaving a case's settled time."""

from __future__ import annotations

import numpy as np

from model import rng
from model.effects import InForce
from model.engine.columns import NOBODY
from model.engine.district import District
from model.engine.eras import kind_of
from model.engine.ledger import note, schedule, schedule_answer, take_slot
from model.engine.rows import CaseRow, ClaimRow
from model.rules import jurisdiction, learning
from model.terms import TICKS_PER_DAY, Activity, Decision, Event, Phase, Slot, State

__all__ = [
    "ask",
    "claim_free",
    "lose_owner",
    "nearest_claim",
    "offer",
    "own",
    "refer",
    "settle_owner",
    "strongest_claim",
    "was_asked",
]


def claim_free(district: District, case: CaseRow, claim: ClaimRow, lead: bool) -> bool:
    """Tell whether a claimant may still be asked: not already a party, and with power if it leads."""
    against = int(lead) & case.needs_power & (1 - claim.enforcement)
    for at in range(case.first_slot, case.first_slot + case.slots):
        against += district.slots[at].unit == claim.unit
    return against == 0


def was_asked(district: District, case: CaseRow, unit: int) -> bool:
    """Tell whether a department was ever asked in this case."""
    d = unit - district.first_department
    return (case.held[d >> 6] >> np.uint64(d & 63)) & np.uint64(1) != np.uint64(0)


def nearest_claim(district: District, law: InForce, case: CaseRow, lead: bool, decision: int, occurrence: int) -> int:
    """Return the claim that looks most responsible to the sender (Gumbel-max by unit code), or −1.

    A street that learns prefers whom it trusts.
    """
    kind = kind_of(district, case)
    trusting = decision == Decision.REFER and district.habits.learning.trust > 0.0
    refused = law.effects.refusal_factor
    best_luck, best_weight, found = 0.5, 0.0, NOBODY
    for j in range(kind.first_claim, kind.last_claim):
        claim = district.claims[j]
        weight = claim.weight * (refused if was_asked(district, case, claim.unit) else 1.0)
        weight = weight if claim_free(district, case, claim, lead) else 0.0
        if trusting:
            believed = district.trust[case.street, claim.unit - district.first_department]
            weight = weight * learning.preference(district.habits, believed)
        u = rng.choice_draw(case.key, decision, occurrence, claim.unit_key)
        if jurisdiction.sooner(u, weight, best_luck, best_weight):
            best_luck, best_weight, found = u, weight, j
    return found


def strongest_claim(district: District, case: CaseRow, lead: bool) -> int:
    """Return the claim with the greatest true membership (ties: first by code), or −1."""
    kind = kind_of(district, case)
    best, found = -1.0, NOBODY
    for j in range(kind.first_claim, kind.last_claim):
        claim = district.claims[j]
        if claim.membership > best and claim_free(district, case, claim, lead):
            best, found = claim.membership, j
    return found


def own(district: District, case: CaseRow, when: int) -> None:
    """Somebody owns the case (again)."""
    if case.responded == NOBODY:
        case.responded = when
        district.units[case.street].month_responded += when - case.reported <= district.kinds[case.kind].limit
    if case.ownerless_since != NOBODY:
        case.ownerless += max(0, when - case.ownerless_since)
        case.ownerless_since = NOBODY


def lose_owner(case: CaseRow, when: int) -> None:
    """Nobody owns the case after a refusal, unless another party has accepted."""
    if case.ownerless_since == NOBODY and case.template == case.parties:
        case.ownerless_since = when


def settle_owner(case: CaseRow, when: int) -> None:
    """All parties stand together: the case stops circulating."""
    case.circulating += when - case.settling_since
    case.settling_since = NOBODY


def ask(district: District, law: InForce, at: int, j: int, when: int, earliest: int) -> None:
    """Offer slot `at` to the unit of claim `j`; its answer comes some time within the limit."""
    slot = district.slots[at]
    case = district.cases[slot.case]
    slot.unit = district.units[district.claims[j].unit].successor
    slot.claim = j
    slot.state = Slot.ASKED
    case.askings += 1
    slot.asking = case.askings
    district.units[slot.unit].received += district.in_window
    d = slot.unit - district.first_department
    district.asked[case.street, d] += 1
    case.offered = 1
    if was_asked(district, case, slot.unit) and case.last_asked != slot.unit:
        case.ping_pong = 1
    case.last_asked = slot.unit
    case.held[d >> 6] |= np.uint64(1) << np.uint64(d & 63)
    if case.whistle_open:
        transit, within = law.whistle.acceptance_days, law.whistle.answer_within
    else:
        transit, within = law.letters.transit_days, law.letters.answer_within
    slot.ready = when + int(transit * TICKS_PER_DAY)
    u = rng.draw(case.key, Decision.ANSWER_TIME, case.askings)
    answered = slot.ready + int(u * within * TICKS_PER_DAY)
    note(district, when, case.key, Activity.OFFERED, slot.unit, NOBODY)
    schedule_answer(district, Event.ANSWER, at, answered, earliest)


def offer(district: District, law: InForce, row: int, when: int, right: bool) -> None:
    """Make the slots of a case and ask the first party, or all at once where they are convened."""
    case = district.cases[row]
    case.state = State.ASKING
    case.convened = rng.draw(case.key, Decision.ENTRY, 0) < law.coordination.convene
    for n in range(case.parties):
        lead = n == 0
        if right:
            j = strongest_claim(district, case, lead)
        else:
            j = nearest_claim(district, law, case, lead, Decision.REFER, case.askings + n)
        if j == NOBODY:
            break
        at = take_slot(district, case)
        district.slots[at].unit = district.claims[j].unit
        district.slots[at].claim = j
    if case.slots == 0:
        case.attempts += 1
        case.state = State.TRIAGE
        schedule(district, Phase.ARRIVAL, Event.RETRIAGE, row, when, district.step + 1)
        return
    case.parties = case.slots
    case.template = case.slots
    case.unworked = case.slots
    for n in range(case.slots if case.convened else 1):
        at = case.first_slot + n
        ask(district, law, at, district.slots[at].claim, when, district.step)


def refer(district: District, law: InForce, row: int, when: int) -> None:
    """The street writes to the department that looks responsible."""
    case = district.cases[row]
    case.whistle_open = 0
    note(district, when, case.key, Activity.REFERRED, case.street, NOBODY)
    offer(district, law, row, when, False)
