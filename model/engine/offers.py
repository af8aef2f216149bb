"""Whom to ask: choosing units, asking them, and the level above (N6, N7), where the procedure is the same."""

from typing import Any

import numpy as np

from model import portable_math, rng
from model.effects import InForce
from model.engine import ledger
from model.engine.columns import NOBODY
from model.engine.district import District
from model.engine.office import attends
from model.engine.rows import CaseRow, ClaimRow, KindRow, SlotRow
from model.engine.scoring import ANSWERS
from model.rules import accept, jurisdiction, learning
from model.terms import TICKS_PER_DAY, Activity, Decision, Event, Lane, Level, Phase, Slot, State


def claim_of_today(district: District, slot: SlotRow, kind: KindRow) -> int:
    """Return the claim of a slot's unit under the law of today; the one it was asked by where it has lost it."""
    if kind.first_claim <= slot.claim < kind.last_claim:
        return slot.claim
    for j in range(kind.first_claim, kind.last_claim):
        if district.claims[j].unit == slot.unit:
            return j
    return slot.claim


def may_be_asked(district: District, case: CaseRow, claim: ClaimRow, lead: bool) -> bool:
    """Tell whether a claimant may still be asked: not already a party, and with power if it leads."""
    against = int(lead) & case.needs_power & (1 - claim.enforcement)
    for at in range(case.first_slot, case.first_slot + case.slots):
        against += district.slots[at].unit == claim.unit
    return against == 0


def was_asked(district: District, case: CaseRow, unit: int) -> bool:
    """Tell whether a department was ever asked in this case."""
    d = unit - district.first_department
    return (case.held[d >> 6] >> np.uint64(d & 63)) & np.uint64(1) != np.uint64(0)


def apparent_claim(district: District, law: InForce, case: CaseRow, lead: bool, decision: int, occurrence: int) -> int:
    """Return the claim that looks most responsible to the sender, or −1; a learning street prefers whom it trusts."""
    kind = ledger.kind_of(district, case)
    trusting = decision == Decision.REFER and district.habits.learning.trust > 0.0
    refused = law.effects.refusal_factor
    best_draw, best_weight, found = 0.5, 0.0, NOBODY
    for j in range(kind.first_claim, kind.last_claim):
        claim = district.claims[j]
        weight = claim.weight * (refused if was_asked(district, case, claim.unit) else 1.0)
        weight = weight if may_be_asked(district, case, claim, lead) else 0.0
        if trusting:
            believed = district.trust[case.street, claim.unit - district.first_department]
            weight = weight * learning.preference(district.habits, believed)
        u = rng.choice_draw(case.key, decision, occurrence, claim.unit_key)
        if jurisdiction.sooner(u, weight, best_draw, best_weight):
            best_draw, best_weight, found = u, weight, j
    return found


def strongest_claim(district: District, case: CaseRow, lead: bool) -> int:
    """Return the claim with the greatest true membership (ties: first by code), or −1."""
    kind = ledger.kind_of(district, case)
    best, found = -1.0, NOBODY
    for j in range(kind.first_claim, kind.last_claim):
        claim = district.claims[j]
        if claim.membership > best and may_be_asked(district, case, claim, lead):
            best, found = claim.membership, j
    return found


def gain_owner(district: District, case: CaseRow, when: int) -> None:
    """Somebody owns the case (again)."""
    if case.responded == NOBODY:
        case.responded = when
        district.units[case.street].month_responded += when - case.reported <= district.kinds[case.kind].limit
    if case.ownerless_since != NOBODY:
        case.ownerless += max(0, when - case.ownerless_since)
        case.ownerless_since = NOBODY


def lose_owner(case: CaseRow, when: int) -> None:
    """Nobody owns the case after a refusal, unless another party has accepted."""
    if case.ownerless_since == NOBODY and case.unfilled == case.parties:
        case.ownerless_since = when


def stop_circulating(case: CaseRow, when: int) -> None:
    """All parties stand together: the case stops circulating."""
    case.circulating += when - case.settling_since
    case.settling_since = NOBODY


def days_to_answer(district: District, law: InForce, case: CaseRow) -> float:
    """Return the days within which a unit has to answer, by whistle or by letter; an emergency by its deadline."""
    if ledger.is_urgent(district, law, case):
        return district.kinds[case.kind].limit / TICKS_PER_DAY
    return law.whistle.answer_within if case.whistle_open else law.letters.answer_within


def days_on_the_way(district: District, law: InForce, case: CaseRow) -> float:
    """Return the days until a unit has the whistle or the letter in hand; a telephone call is there at once."""
    if ledger.is_urgent(district, law, case):
        return 0.0
    return law.whistle.acceptance_days if case.whistle_open else law.letters.transit_days


def is_letter(district: District, law: InForce, case: CaseRow) -> bool:
    """Tell whether units are asked by letter: by neither whistle nor telephone."""
    return not case.whistle_open and not ledger.is_urgent(district, law, case)


def book_answer(district: District, law: InForce, case: CaseRow, when: int) -> None:
    """Count an answer to a letter, by the day of the week."""
    if district.in_window and is_letter(district, law, case):
        day = when // TICKS_PER_DAY % 7
        district.counts[ANSWERS, day] += 1
        district.tally.letters_answered += 1
        district.tally.weekend_answers += day >= 5


def send_offer(district: District, law: InForce, at: int, when: int, earliest: int) -> None:
    """Offer slot `at` to its unit by whistle or by letter; its answer comes some time within the limit."""
    slot = district.slots[at]
    case = district.cases[slot.case]
    slot.state = Slot.ASKED
    case.askings += 1
    slot.asking = case.askings
    district.units[slot.unit].received += district.in_window
    slot.ready = when + int(days_on_the_way(district, law, case) * TICKS_PER_DAY)
    u = rng.draw(case.key, Decision.ANSWER_TIME, case.askings)
    answered = slot.ready + int(u * days_to_answer(district, law, case) * TICKS_PER_DAY)
    if is_letter(district, law, case):
        u = rng.draw(case.key, Decision.WEEKEND, case.askings)
        answered += accept.waits_for_monday(law, answered // TICKS_PER_DAY, u) * TICKS_PER_DAY
    ledger.note(district, when, case.key, Activity.OFFERED, slot.unit, NOBODY)
    ledger.enter(district, Phase.ANSWERS, Event.ANSWER, at, answered, earliest)


def stay_silent(district: District, law: InForce, at: int) -> None:
    """The unit that was asked lets the limit run out."""
    slot = district.slots[at]
    district.tally.inaction += district.in_window
    until = slot.ready + int(days_to_answer(district, law, district.cases[slot.case]) * TICKS_PER_DAY)
    ledger.enter(district, Phase.ANSWERS, Event.EXPIRE, at, until, district.step + 1)


def ask(district: District, law: InForce, at: int, j: int, when: int, earliest: int) -> None:
    """Offer slot `at` to the unit of claim `j`."""
    slot = district.slots[at]
    case = district.cases[slot.case]
    slot.unit = district.units[district.claims[j].unit].successor
    slot.claim = j
    d = slot.unit - district.first_department
    district.asked[case.street, d] += 1
    case.offered = 1
    if was_asked(district, case, slot.unit) and case.last_asked != slot.unit:
        case.ping_pong = 1
    case.last_asked = slot.unit
    case.held[d >> 6] |= np.uint64(1) << np.uint64(d & 63)
    send_offer(district, law, at, when, earliest)


def led_astray(district: District, law: InForce, case: CaseRow) -> int:
    """Return the claim that looks most responsible where the one that truly is gets passed over, if another is left."""
    right = strongest_claim(district, case, True)
    if right == NOBODY:
        return NOBODY
    at = ledger.take_slot(district, case)
    district.slots[at].unit = district.claims[right].unit  # as if it were a party already
    found = apparent_claim(district, law, case, True, Decision.REFER, case.askings)
    case.slots -= 1
    return right if found == NOBODY else found


def name_parties(district: District, law: InForce, row: int, when: int, right: bool) -> None:
    """Make the slots of a case and ask the first party, or all at once where they are convened."""
    case = district.cases[row]
    case.state = State.ASKING
    case.convened = rng.draw(case.key, Decision.ENTRY, 0) < law.coordination.convene
    astray = False
    if not right and case.whistle_open:
        astray = jurisdiction.goes_astray(district.habits, rng.draw(case.key, Decision.ASTRAY, case.attempts))
    for n in range(case.parties):
        lead = n == 0
        if right:
            j = strongest_claim(district, case, lead)
        elif lead and astray:
            j = led_astray(district, law, case)
        else:
            j = apparent_claim(district, law, case, lead, Decision.REFER, case.askings + n)
        if j == NOBODY:
            break
        at = ledger.take_slot(district, case)
        district.slots[at].unit = district.claims[j].unit
        district.slots[at].claim = j
    if case.slots == 0:
        ledger.return_to_desk(district, row, when)
        return
    case.parties = case.unfilled = case.unworked = case.slots
    for n in range(case.slots if case.convened else 1):
        at = case.first_slot + n
        ask(district, law, at, district.slots[at].claim, when, district.step)


def refer(district: District, law: InForce, row: int, when: int) -> None:
    """The street writes to the department that looks responsible."""
    case = district.cases[row]
    case.whistle_open = 0
    ledger.note(district, when, case.key, Activity.REFERRED, case.street, NOBODY)
    name_parties(district, law, row, when, False)


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


def rise(district: District, law: InForce, row: int, above: int) -> None:
    """The lead turns to the level above with the whole case."""
    case = district.cases[row]
    slot = district.slots[case.first_slot]
    by_whistle = law.levels.up if district.units[slot.unit].level == Level.DEPARTMENT else law.levels.down
    case.risen = 1
    case.state = State.ASKING
    case.unfilled = case.unworked = 1
    case.settling_since = case.worked
    whistles = rng.draw(case.key, Decision.ABOVE, 2 * case.rounds + 1) < by_whistle
    if whistles and district.units[slot.unit].level == Level.DEPARTMENT:
        whistles = attends(district, district.laws[district.law].office.decision_work)
    case.whistle_open = whistles
    ledger.note(district, case.worked, case.key, Activity.RISEN, slot.unit, NOBODY)
    slot.unit = above
    slot.claim = NOBODY
    send_offer(district, law, case.first_slot, case.worked, district.step + 1)


def answer_from_above(district: District, law: InForce, at: int, when: int) -> None:
    """The unit above takes the case into its queue, or does not answer."""
    slot = district.slots[at]
    case = district.cases[slot.case]
    unit = district.units[slot.unit]
    district.tally.answers_due += district.in_window
    u = rng.draw(case.key, Decision.ANSWERS, slot.asking)
    odds = accept.answers_below(district.habits, unit, case.whistle_open > 0)
    if district.habits.acceptance.in_force and not portable_math.happens(u, odds):
        stay_silent(district, law, at)
        return
    book_answer(district, law, case, when)
    gain_owner(district, case, when)
    stop_circulating(case, when)
    district.tally.risen += district.in_window
    district.tally.waited_above += district.in_window * (when - case.worked)
    unit.accepted += district.in_window
    ledger.note(district, when, case.key, Activity.ACCEPTED, slot.unit, NOBODY)
    case.state = State.WORKING
    case.unfilled = 0
    slot.work = max(1, int(case.work * district.above_work))
    slot.meeting = 0
    ledger.enqueue(district, at, when, Lane.EASY if ledger.is_urgent(district, law, case) else Lane.OTHERS)
