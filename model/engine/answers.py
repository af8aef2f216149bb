"""Phase 5: departments answer: accept, pass on, let it expire; then come or stay away."""

from model import portable_math, rng
from model.effects import InForce
from model.engine import ledger, offers, steps
from model.engine.columns import NOBODY, REASON_AT
from model.engine.district import District
from model.engine.office import attends
from model.engine.rows import CaseRow, UnitRow
from model.engine.scoring import give_up, lost_patience, settle_late
from model.rules import accept, jurisdiction, learning, teamwork
from model.terms import TICKS_PER_DAY, Activity, Decision, Event, Lane, Phase, Slot, State


def begin(district: District, law: InForce, row: int, when: int) -> None:
    """All parties stand together: each queues its share of the work."""
    case = district.cases[row]
    case.state = State.WORKING
    offers.stop_circulating(case, when)
    ledger.note(district, when, case.key, Activity.ASSEMBLED, case.street, NOBODY)
    share = case.work // case.parties
    rest = case.work - share * case.parties
    first = case.pressed > 0 or ledger.is_urgent(district, law, case)
    meeting = int(teamwork.coordination_work(law, district.habits, case) * TICKS_PER_DAY)
    for at in range(case.first_slot, case.first_slot + case.slots):
        slot = district.slots[at]
        slot.unit = district.units[slot.unit].successor
        slot.work = share + rest
        rest = 0
        slot.meeting = meeting
        ledger.enqueue(district, at, when, Lane.EASY if first else Lane.OTHERS)


def experience(district: District, case: CaseRow, unit: int, came: bool) -> None:
    """The street learns whether a department answers and comes (rule 9)."""
    if district.habits.learning.trust > 0.0:
        d = unit - district.first_department
        district.trust[case.street, d] = learning.trust(district.habits, district.trust[case.street, d], came)


def marginal_score(district: District, case: CaseRow, unit: int) -> float:
    """Return what one more case of its street adds to a department's monthly score."""
    asked = district.asked[case.street, unit - district.first_department] * district.per_scale
    return accept.marginal_score(district.habits, asked)


def misled(law: InForce, case: CaseRow, unit: UnitRow) -> bool:
    """Tell whether a party is called to the wrong place: it is missing, and that is nobody's inaction."""
    wrong = law.whistle.wrong_place
    return wrong > 0.0 and rng.choice_draw(case.key, Decision.PLACE, case.askings, unit.key) < wrong


def call_together(district: District, law: InForce, row: int, when: int) -> None:
    """Parties that accepted joint or whistled work come, or are called again later."""
    case = district.cases[row]
    missing = 0
    case.askings += 1
    for at in range(case.first_slot, case.first_slot + case.slots):
        slot = district.slots[at]
        if slot.state == Slot.FILLED:
            slot.unit = district.units[slot.unit].successor
            unit = district.units[slot.unit]
            if case.whistle_open and misled(law, case, unit):
                missing += 1
                ledger.note(district, when, case.key, Activity.ABSENT, slot.unit, NOBODY)
                continue
            load, marginal = ledger.load_of(district, unit), marginal_score(district, case, slot.unit)
            district.tally.answers_due += district.in_window
            u = rng.choice_draw(case.key, Decision.SHOW, case.askings, unit.key)
            if portable_math.happens(u, accept.shows_up(law, district.habits, unit, case, load, marginal)):
                slot.state = Slot.PRESENT
            else:
                missing += 1
                unit.absent += district.in_window
                experience(district, case, slot.unit, False)
                district.tally.inaction += district.in_window
                ledger.note(district, when, case.key, Activity.ABSENT, slot.unit, NOBODY)
    if missing == 0:
        begin(district, law, row, when)
    else:
        again = when + int(district.habits.acceptance.absent_days * TICKS_PER_DAY)
        again = steps.together_at(district, law, case, again)
        ledger.schedule(district, Phase.ANSWERS, Event.SHOW_UP, row, again, district.step + 1)


def fill(district: District, law: InForce, at: int, when: int) -> None:
    """A unit accepts its slot; the next party is asked, or all are called together."""
    slot = district.slots[at]
    case = district.cases[slot.case]
    slot.state = Slot.FILLED
    case.unfilled -= 1
    district.units[slot.unit].accepted += district.in_window
    offers.gain_owner(district, case, when)
    experience(district, case, slot.unit, True)
    case.worked = max(case.worked, when)
    ledger.note(district, when, case.key, Activity.ACCEPTED, slot.unit, NOBODY)
    if case.unfilled == 0:
        if district.habits.acceptance.in_force and (case.parties > 1 or case.whistle_open):
            together = steps.together_at(district, law, case, case.worked)
            if together > case.worked:
                ledger.schedule(district, Phase.ANSWERS, Event.SHOW_UP, slot.case, together, district.step)
            else:
                call_together(district, law, slot.case, case.worked)
        else:
            begin(district, law, slot.case, case.worked)
    elif not case.convened:
        for other in range(case.first_slot, case.first_slot + case.slots):
            if district.slots[other].state == Slot.PLANNED:
                offers.ask(district, law, other, district.slots[other].claim, when, district.step)
                return


def fall_back(district: District, law: InForce, at: int, when: int) -> None:
    """A slot falls back to the street: a single case to its desk, a joint one is offered to somebody else."""
    slot = district.slots[at]
    case = district.cases[slot.case]
    if case.parties == 1:
        ledger.free_slots(district, case)
        ledger.return_to_desk(district, slot.case, when)
        return
    case.attempts += 1
    lead = at == case.first_slot
    j = offers.apparent_claim(district, law, case, lead, Decision.REFER, case.askings)
    slot.passes = 0
    offers.ask(district, law, at, slot.claim if j == NOBODY else j, when, district.step + 1)


def next_in_line(district: District, law: InForce, at: int) -> int:
    """Return the claim of the unit that looks most responsible to the passer, or −1 for the street."""
    case = district.cases[district.slots[at].case]
    kind = ledger.kind_of(district, case)
    occurrence = district.slots[at].asking
    j = offers.apparent_claim(district, law, case, at == case.first_slot, Decision.NEXT, occurrence)
    if j == NOBODY:
        return NOBODY
    asked_before = offers.was_asked(district, case, district.claims[j].unit)
    weight = district.claims[j].weight * (law.effects.refusal_factor if asked_before else 1.0)
    there = rng.choice_draw(case.key, Decision.NEXT, occurrence, district.claims[j].unit_key)
    back = rng.choice_draw(case.key, Decision.NEXT, occurrence, district.units[case.street].key)
    weight_back = kind.street_weight_power if case.needs_power else kind.street_weight
    return NOBODY if jurisdiction.sooner(back, weight_back, there, weight) else j


def book_pass(district: District, at: int, j: int, to: int, when: int, why: int) -> None:
    """Count a pass to the unit of claim `j` in row `to`, or to the street (−1); evasive unless membership rises."""
    slot = district.slots[at]
    case = district.cases[slot.case]
    kind = ledger.kind_of(district, case)
    case.passes += 1
    slot.passes += 1
    district.units[slot.unit].passed += district.in_window
    district.passes += 1
    offers.lose_owner(case, when)
    after = district.claims[j].membership if j != NOBODY else kind.street_membership * (1 - case.needs_power)
    evasive = not jurisdiction.productive(district.claims[slot.claim].membership, after)
    case.evasive += evasive
    ledger.note(district, when, case.key, Activity.PASSED, slot.unit, evasive + (why << REASON_AT))
    there = district.departments if j == NOBODY else to - district.first_department
    district.hand_overs[slot.unit - district.first_department, there] += district.in_window


def pass_on(district: District, law: InForce, at: int, when: int, why: int) -> None:
    """A unit passes its slot on: to another department, to the street, or the district names the owner."""
    slot = district.slots[at]
    case = district.cases[slot.case]
    experience(district, case, slot.unit, False)
    limit = law.coordination.owner_after_passes
    if 0 < limit <= case.passes + 1 and attends(district, district.laws[district.law].office.decision_work):
        district.tally.owned += district.in_window
        slot.unit, here = NOBODY, slot.unit
        j = offers.strongest_claim(district, case, at == case.first_slot)
        slot.unit = here
        j = slot.claim if j == NOBODY else j  # the present one where nobody else has any
        to = district.units[district.claims[j].unit].successor
        if to != slot.unit:
            book_pass(district, at, j, to, when, why)
        slot.unit = to
        slot.claim = j
        ledger.note(district, when, case.key, Activity.DECIDED, to, NOBODY)
        fill(district, law, at, when)
        return
    j = next_in_line(district, law, at) if slot.passes + 1 < law.letters.most_passes else NOBODY
    to = NOBODY if j == NOBODY else district.claims[j].unit
    book_pass(district, at, j, to, when, why)
    if j == NOBODY:
        fall_back(district, law, at, when)
    else:
        offers.ask(district, law, at, j, when, district.step + 1)


def answer(district: District, law: InForce, at: int, when: int) -> None:
    """A unit opens the offer: it answers with yes or no, or not at all."""
    slot = district.slots[at]
    case = district.cases[slot.case]
    unit = district.units[slot.unit]
    marginal = marginal_score(district, case, slot.unit)
    district.tally.answers_due += district.in_window
    if district.habits.acceptance.in_force:
        u = rng.draw(case.key, Decision.ANSWERS, slot.asking)
        if not portable_math.happens(u, accept.answers(law, district.habits, unit, case, marginal)):
            offers.stay_silent(district, law, at)
            return
        offers.book_answer(district, law, case, when)
        load = ledger.load_of(district, unit)
        late = min(1.0, (when - case.reported) / district.kinds[case.kind].limit)
        claim = district.claims[slot.claim]
        odds = accept.willingness(law, district.habits, unit, claim, case, load, marginal, late)
        accepts = portable_math.happens(rng.draw(case.key, Decision.ACCEPT, slot.asking), odds)
        if district.habits.learning.propensity > 0.0:  # what it chose pays: score and reward, or hours spared (rule 9)
            if accepts:
                unit.accepting = learning.reinforced(district.habits, unit.accepting, learning.worth(law, marginal))
            else:
                unit.passing = learning.reinforced(district.habits, unit.passing, load)
        if not accepts:
            why = accept.main_reason(district.habits, claim, case, load, late) if district.history_on else 0
            pass_on(district, law, at, when, why)
            return
    else:
        offers.book_answer(district, law, case, when)
    fill(district, law, at, when)


def expire(district: District, law: InForce, at: int, when: int) -> None:
    """The limit has passed without an answer: the slot falls back to the street."""
    slot = district.slots[at]
    case = district.cases[slot.case]
    district.units[slot.unit].expired += district.in_window
    offers.lose_owner(case, when)
    ledger.note(district, when, case.key, Activity.EXPIRED, slot.unit, NOBODY)
    experience(district, case, slot.unit, False)
    fall_back(district, law, at, when)


def open_answer(district: District, at: int, when: int, what: int) -> None:
    """An answer or its limit is due, unless the citizen of a case that nobody has accepted is gone."""
    slot = district.slots[at]
    row = slot.case
    case = district.cases[row]
    law = ledger.law_of(district, case)
    settle_late(district, case, when)
    if case.risen:
        if what == Event.ANSWER:
            offers.answer_from_above(district, law, at, when)
        else:
            ledger.note(district, when, case.key, Activity.EXPIRED, slot.unit, NOBODY)
            offers.send_offer(district, law, at, when, district.step + 1)
        return
    slot.unit = district.units[slot.unit].successor
    slot.claim = offers.claim_of_today(district, slot, ledger.kind_of(district, case))
    if case.unfilled == case.parties and lost_patience(district, case, when):
        give_up(district, row, when)
    elif what == Event.ANSWER:
        answer(district, law, at, when)
    else:
        expire(district, law, at, when)


def departments_answer(district: District) -> None:
    """Phase 5: answers due in this step, in the order they were entered; passes reach the next unit a step later."""
    at = district.calendar[Phase.ANSWERS, district.step, 0]
    while at != NOBODY:
        event = district.events[at]
        row, at_slot, when = event.case, event.slot, event.when
        ledger.fetch_ahead(district, event)
        if event.what == Event.SHOW_UP:
            settle_late(district, district.cases[row], when)
            call_together(district, ledger.law_of(district, district.cases[row]), row, when)
        else:
            slot = district.slots[at_slot]
            key = ledger.offer_key(district.cases[row], slot)
            if slot.state == Slot.ASKED and slot.case == row and key == event.key:  # else it is stale
                open_answer(district, at_slot, when, event.what)
        at = ledger.next_event(district, at)
