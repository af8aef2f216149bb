"""Whom to ask: choosing units, asking them, joining or leaving a case's settled time."""

from __future__ import annotations

from typing import Any

import numpy as np

from model import luck
from model.engine.columns import NOBODY
from model.engine.compiled import kernel, wide
from model.engine.eras import kind_of
from model.engine.ledger import note, schedule, schedule_slot, take_slot
from model.rules import learning, zones
from model.terms import TICKS_PER_DAY, Activity, Decision, Event, Phase, Slot, State

__all__ = [
    "ask", "claim_free", "lose_owner", "nearest_claim", "offer", "own", "refer", "settle_owner", "strongest_claim",
    "was_asked",
]  # fmt: skip


@kernel
def claim_free(case: Any, slots: Any, claim: Any, lead: bool) -> bool:
    """Tell whether a claimant may still be asked: not already a party, and with power if it leads."""
    if lead and case.needs_power and not claim.enforcement:
        return False
    at = case.first_slot
    while at != NOBODY:
        if slots[at].unit == claim.unit:
            return False
        at = slots[at].sibling
    return True


@kernel
def was_asked(district: Any, case: Any, unit: int) -> bool:
    """Tell whether a department was ever asked in this case."""
    d = unit - district.first_department
    return (case.held[d >> 6] >> np.uint64(d & 63)) & np.uint64(1) != np.uint64(0)


@kernel
def nearest_claim(
    district: Any, law: Any, habits: Any, case: Any, kind: Any, claims: Any, slots: Any, trust: Any, lead: bool,
    decision: int, occurrence: int,
) -> int:  # fmt: skip
    """Return the claim that looks most responsible to the sender (Gumbel-max by unit code), or −1.

    A street that learns prefers whom it trusts.
    """
    trusting = decision == Decision.REFER and habits.learning.trust > 0.0
    best, found = np.inf, NOBODY
    for j in range(kind.first_claim, kind.last_claim):
        claim = claims[j]
        if claim_free(case, slots, claim, lead):
            weight = claim.weight * (law.effects.refusal_factor if was_asked(district, case, claim.unit) else 1.0)
            if trusting:
                believed = trust[case.street, claim.unit - district.first_department]
                weight = weight * learning.preference(habits, believed)
            time = zones.race(luck.choice_draw(case.key, decision, occurrence, claim.unit_key), weight)
            if time < best:
                best, found = time, j
    return found


@kernel
def strongest_claim(case: Any, kind: Any, claims: Any, slots: Any, lead: bool) -> int:
    """Return the claim with the greatest true membership (ties: first by code), or −1."""
    best, found = -1.0, NOBODY
    for j in range(kind.first_claim, kind.last_claim):
        claim = claims[j]
        if claim.membership > best and claim_free(case, slots, claim, lead):
            best, found = claim.membership, j
    return found


@kernel
def own(units: Any, kinds: Any, case: Any, when: int) -> None:
    """Somebody owns the case (again)."""
    if case.responded == NOBODY:
        case.responded = when
        units[case.street].month_responded += when - case.reported <= kinds[case.kind].limit
    if case.ownerless_since != NOBODY:
        case.ownerless += max(0, when - case.ownerless_since)
        case.ownerless_since = NOBODY


@kernel
def lose_owner(case: Any, when: int) -> None:
    """Nobody owns the case after a refusal, unless another party has accepted."""
    if case.ownerless_since == NOBODY and case.unfilled == case.parties:
        case.ownerless_since = when


@kernel
def settle_owner(case: Any, when: int) -> None:
    """All parties stand together: the case stops circulating."""
    case.circulating += when - case.settling_since
    case.settling_since = NOBODY


@kernel
def ask(
    district: Any, law: Any, cases: Any, slots: Any, events: Any, calendar: Any, units: Any, claims: Any,
    asked: Any, history: Any, at: int, j: int, when: int, earliest: int,
) -> None:  # fmt: skip
    """Offer slot `at` to the unit of claim `j`; its answer comes some time within the limit."""
    slot = slots[at]
    case = cases[slot.case]
    slot.unit = units[claims[j].unit].successor
    slot.claim = j
    slot.state = Slot.ASKED
    case.askings += 1
    slot.asking = case.askings
    units[slot.unit].received += district.in_window
    d = slot.unit - district.first_department
    asked[case.street, d] += 1
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
    u = luck.draw(case.key, Decision.ANSWER_TIME, case.askings)
    answered = slot.ready + int(u * within * TICKS_PER_DAY)
    note(district, history, when, case.key, Activity.OFFERED, slot.unit, NOBODY)
    key = case.key + np.uint64(slot.asking)
    schedule_slot(district, events, calendar, Phase.ANSWERS, Event.ANSWER, slot.case, at, key, answered, earliest)


@kernel
def offer(
    district: Any, law: Any, habits: Any, cases: Any, slots: Any, events: Any, calendar: Any, units: Any, kinds: Any,
    claims: Any, trust: Any, asked: Any, history: Any, row: int, when: int, right: bool,
) -> None:  # fmt: skip
    """Make the slots of a case and ask the first party, or all at once where they are convened."""
    case = cases[row]
    kind = kind_of(district, units, kinds, case)
    case.state = State.ASKING
    case.convened = luck.draw(case.key, Decision.ENTRY, 0) < law.coordination.convene
    last, n = NOBODY, 0
    while n < case.parties:
        lead = n == 0
        if right:
            j = strongest_claim(case, kind, claims, slots, lead)
        else:
            j = nearest_claim(district, law, habits, case, kind, claims, slots, trust, lead, Decision.REFER,
                              wide(case.askings + n))  # fmt: skip
        if j == NOBODY:
            break
        at = take_slot(district, slots, row)
        slots[at].unit = claims[j].unit
        slots[at].claim = j
        if last == NOBODY:
            case.first_slot = at
        else:
            slots[last].sibling = at
        last = at
        n += 1
    if n == 0:
        case.attempts += 1
        case.state = State.TRIAGE
        schedule(district, events, calendar, Phase.ARRIVAL, Event.RETRIAGE, row, case.key, when, district.step + 1)
        return
    case.parties = n
    case.unfilled = n
    case.unworked = n
    at = case.first_slot
    while at != NOBODY:
        following = slots[at].sibling
        ask(district, law, cases, slots, events, calendar, units, claims, asked, history, wide(at),
            wide(slots[at].claim), when, district.step)  # fmt: skip
        at = following if case.convened else NOBODY


@kernel
def refer(
    district: Any, law: Any, habits: Any, cases: Any, slots: Any, events: Any, calendar: Any, units: Any, kinds: Any,
    claims: Any, trust: Any, asked: Any, history: Any, row: int, when: int,
) -> None:  # fmt: skip
    """The street writes to the department that looks responsible."""
    case = cases[row]
    case.whistle_open = 0
    note(district, history, when, case.key, Activity.REFERRED, case.street, NOBODY)
    offer(district, law, habits, cases, slots, events, calendar, units, kinds, claims, trust, asked, history, row,
          when, False)  # fmt: skip
