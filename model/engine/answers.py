"""Phase 5: departments answer: accept, pass on, let it expire; then come or stay away."""

from __future__ import annotations

from typing import Any

import numpy as np

from model import luck
from model.engine.above import answer_from_above, ask_above
from model.engine.columns import NOBODY
from model.engine.compiled import kernel, step, wide
from model.engine.desk import backlog_days, drop
from model.engine.eras import kind_of, law_of, present_claim
from model.engine.ledger import fetch_next, free_slots, next_event, note, schedule, schedule_slot
from model.engine.offers import ask, lose_owner, nearest_claim, own, settle_owner, strongest_claim, was_asked
from model.engine.queues import enqueue
from model.engine.scoring import settle_late
from model.rules import accept, feedback, learning, teamwork, zones
from model.terms import TICKS_PER_DAY, Activity, Decision, Event, Lane, Phase, Slot, State

__all__ = ["departments_answer"]


@kernel
def begin(
    district: Any, law: Any, habits: Any, cases: Any, slots: Any, units: Any, history: Any, row: int, when: int
) -> None:  # fmt: skip
    """All parties stand together: each queues its share of the work."""
    case = cases[row]
    case.state = State.WORKING
    settle_owner(case, when)
    note(district, history, when, case.key, Activity.ASSEMBLED, case.street, NOBODY)
    share = case.work // case.parties
    rest = case.work - share * case.parties
    meeting = int(teamwork.coordination_work(law, habits, case) * TICKS_PER_DAY)
    at = case.first_slot
    while at != NOBODY:
        slot = slots[at]
        slot.unit = units[slot.unit].successor
        slot.work = share + rest
        rest = 0
        slot.meeting = meeting
        enqueue(district, units[slot.unit], slots, at, when, Lane.EASY if case.pressed > 0 else Lane.OTHERS)
        at = slot.sibling


@kernel
def experience(district: Any, habits: Any, trust: Any, case: Any, unit: int, came: bool) -> None:
    """The street learns whether a department answers and comes (rule 9)."""
    if habits.learning.trust > 0.0:
        d = unit - district.first_department
        trust[case.street, d] = learning.trust(habits, trust[case.street, d], came)


@kernel
def call_together(
    district: Any, law: Any, habits: Any, cases: Any, slots: Any, events: Any, calendar: Any, units: Any, trust: Any,
    asked: Any, tally: Any, history: Any, row: int, when: int,
) -> None:  # fmt: skip
    """Parties that accepted joint or whistled work come, or are called again later."""
    case = cases[row]
    missing = 0
    case.askings += 1
    at = case.first_slot
    while at != NOBODY:
        slot = slots[at]
        if slot.state == Slot.FILLED:
            slot.unit = units[slot.unit].successor
            unit = units[slot.unit]
            load = accept.relative_load(backlog_days(unit), habits.acceptance.load_reference)
            marginal = accept.marginal_score(
                habits, asked[case.street, slot.unit - district.first_department] * district.per_scale
            )
            tally.answers_due += district.in_window
            u = luck.choice_draw(case.key, Decision.SHOW, case.askings, unit.key)
            if u < accept.shows_up(law, habits, unit, case, load, marginal):
                slot.state = Slot.PRESENT
            else:
                missing += 1
                unit.absent += district.in_window
                experience(district, habits, trust, case, slot.unit, False)
                tally.inaction += district.in_window
                note(district, history, when, case.key, Activity.ABSENT, slot.unit, NOBODY)
        at = slot.sibling
    if missing == 0:
        begin(district, law, habits, cases, slots, units, history, row, when)
    else:
        again = when + int(habits.acceptance.absent_days * TICKS_PER_DAY)
        schedule(district, events, calendar, Phase.ANSWERS, Event.SHOW_UP, row, case.key, again, district.step + 1)


@kernel
def fill(
    district: Any, law: Any, habits: Any, cases: Any, slots: Any, events: Any, calendar: Any, units: Any, kinds: Any,
    claims: Any, trust: Any, asked: Any, tally: Any, history: Any, at: int, when: int,
) -> None:  # fmt: skip
    """A unit accepts its slot; the next party is asked, or all are called together."""
    slot = slots[at]
    case = cases[slot.case]
    slot.state = Slot.FILLED
    case.unfilled -= 1
    units[slot.unit].accepted += district.in_window
    own(units, kinds, case, when)
    experience(district, habits, trust, case, slot.unit, True)
    case.worked = max(case.worked, when)
    note(district, history, when, case.key, Activity.ACCEPTED, slot.unit, NOBODY)
    if case.unfilled == 0:
        if habits.acceptance.in_force and (case.parties > 1 or case.whistle_open):
            call_together(
                district, law, habits, cases, slots, events, calendar, units, trust, asked, tally, history, slot.case,
                case.worked,
            )  # fmt: skip
        else:
            begin(district, law, habits, cases, slots, units, history, slot.case, case.worked)
    elif not case.convened:
        other = wide(case.first_slot)
        while other != NOBODY and slots[other].state != Slot.PLANNED:
            other = wide(slots[other].sibling)
        if other != NOBODY:
            ask(district, law, cases, slots, events, calendar, units, claims, asked, history, other,
                wide(slots[other].claim), when, district.step)  # fmt: skip


@kernel
def give_back(
    district: Any, law: Any, habits: Any, cases: Any, slots: Any, events: Any, calendar: Any, units: Any, kinds: Any,
    claims: Any, trust: Any, asked: Any, history: Any, at: int, when: int,
) -> None:  # fmt: skip
    """A slot falls back to the street: a single case to its desk, a joint one is offered to somebody else."""
    slot = slots[at]
    case = cases[slot.case]
    case.attempts += 1
    if case.parties == 1:
        row = slot.case
        free_slots(district, slots, case)
        case.state = State.TRIAGE
        schedule(district, events, calendar, Phase.ARRIVAL, Event.RETRIAGE, row, case.key, when, district.step + 1)
        return
    lead = at == case.first_slot
    kind = kind_of(district, units, kinds, case)
    j = nearest_claim(district, law, habits, case, kind, claims, slots, trust, lead, Decision.REFER,
                      wide(case.askings))  # fmt: skip
    slot.passes = 0
    ask(district, law, cases, slots, events, calendar, units, claims, asked, history, at,
        wide(slot.claim) if j == NOBODY else j, when, district.step + 1)  # fmt: skip


@step
def next_unit(
    district: Any, law: Any, habits: Any, case: Any, kind: Any, claims: Any, slots: Any, units: Any, trust: Any, at: int
) -> int:  # fmt: skip
    """Return the claim of the unit that looks most responsible to the passer, or −1 for the street."""
    occurrence = wide(slots[at].asking)
    j = nearest_claim(district, law, habits, case, kind, claims, slots, trust, at == case.first_slot, Decision.NEXT,
                      occurrence)  # fmt: skip
    if j == NOBODY:
        return NOBODY
    asked_before = was_asked(district, case, claims[j].unit)
    weight = claims[j].weight * (law.effects.refusal_factor if asked_before else 1.0)
    there = zones.race(luck.choice_draw(case.key, Decision.NEXT, occurrence, claims[j].unit_key), weight)
    weight = kind.street_weight_power if case.needs_power else kind.street_weight
    back = zones.race(luck.choice_draw(case.key, Decision.NEXT, occurrence, units[case.street].key), weight)
    return NOBODY if back < there else j


@kernel
def owner(case: Any, kind: Any, claims: Any, slots: Any, at: int) -> int:
    """Return the claim of the owner whom the district names: the present one where nobody else has any."""
    slot = slots[at]
    here = slot.unit
    slot.unit = NOBODY
    j = strongest_claim(case, kind, claims, slots, at == case.first_slot)
    slot.unit = here
    return wide(slot.claim) if j == NOBODY else j


@kernel
def book_pass(
    district: Any, case: Any, kind: Any, claims: Any, units: Any, hand_overs: Any, history: Any, slot: Any, j: int,
    to: int, when: int,
) -> None:  # fmt: skip
    """Count a pass to the unit of claim `j` in row `to`, or to the street (−1); evasive unless membership rises."""
    case.passes += 1
    slot.passes += 1
    units[slot.unit].passed += district.in_window
    district.passes += 1
    lose_owner(case, when)
    after = claims[j].membership if j != NOBODY else kind.street_membership * (1 - case.needs_power)
    evasive = not zones.productive(claims[slot.claim].membership, after)
    case.evasive += evasive
    note(district, history, when, case.key, Activity.PASSED, slot.unit, evasive)
    there = district.departments if j == NOBODY else to - district.first_department
    hand_overs[slot.unit - district.first_department, there] += district.in_window


@step
def pass_on(
    district: Any, law: Any, habits: Any, cases: Any, slots: Any, events: Any, calendar: Any, units: Any, kinds: Any,
    claims: Any, trust: Any, asked: Any, hand_overs: Any, tally: Any, history: Any, at: int, when: int,
) -> None:  # fmt: skip
    """A unit passes its slot on: to another department, to the street, or the district names the owner."""
    slot = slots[at]
    case = cases[slot.case]
    kind = kind_of(district, units, kinds, case)
    experience(district, habits, trust, case, slot.unit, False)
    limit = law.coordination.owner_after_passes
    if 0 < limit <= case.passes + 1:
        j = owner(case, kind, claims, slots, at)
        to = wide(units[claims[j].unit].successor)
        if to != slot.unit:
            book_pass(district, case, kind, claims, units, hand_overs, history, slot, j, to, when)
        slot.unit = to
        slot.claim = j
        note(district, history, when, case.key, Activity.DECIDED, to, NOBODY)
        fill(district, law, habits, cases, slots, events, calendar, units, kinds, claims, trust, asked, tally, history,
             at, when)  # fmt: skip
        return
    j = NOBODY
    if slot.passes + 1 < law.letters.most_passes:
        j = next_unit(district, law, habits, case, kind, claims, slots, units, trust, at)
    to = NOBODY if j == NOBODY else wide(claims[j].unit)
    book_pass(district, case, kind, claims, units, hand_overs, history, slot, j, to, when)
    if j == NOBODY:
        give_back(district, law, habits, cases, slots, events, calendar, units, kinds, claims, trust, asked, history,
                  at, when)  # fmt: skip
    else:
        ask(district, law, cases, slots, events, calendar, units, claims, asked, history, at, j, when,
            district.step + 1)  # fmt: skip


@step
def reinforce(law: Any, habits: Any, unit: Any, accepts: bool, load: float, marginal: float) -> None:
    """What a department chose pays: score and reward for accepting, hours spared for passing (rule 9)."""
    if habits.learning.propensity > 0.0:
        if accepts:
            unit.accepting = learning.reinforced(habits, unit.accepting, learning.worth(law, marginal))
        else:
            unit.passing = learning.reinforced(habits, unit.passing, load)


@step
def answer(
    district: Any, law: Any, habits: Any, cases: Any, slots: Any, events: Any, calendar: Any, units: Any, kinds: Any,
    claims: Any, trust: Any, asked: Any, hand_overs: Any, tally: Any, history: Any, at: int, when: int,
) -> None:  # fmt: skip
    """A unit opens the offer: it answers with yes or no, or not at all."""
    slot = slots[at]
    case = cases[slot.case]
    unit = units[slot.unit]
    marginal = accept.marginal_score(
        habits, asked[case.street, slot.unit - district.first_department] * district.per_scale
    )
    tally.answers_due += district.in_window
    if habits.acceptance.in_force:
        u = luck.draw(case.key, Decision.ANSWERS, slot.asking)
        if u >= accept.answers(law, habits, unit, case, marginal):
            tally.inaction += district.in_window
            within = law.whistle.answer_within if case.whistle_open else law.letters.answer_within
            until = slot.ready + int(within * TICKS_PER_DAY)
            key = case.key + np.uint64(slot.asking)
            schedule_slot(district, events, calendar, Phase.ANSWERS, Event.EXPIRE, slot.case, at, key, until,
                          district.step + 1)  # fmt: skip
            return
        load = accept.relative_load(backlog_days(unit), habits.acceptance.load_reference)
        late = min(1.0, (when - case.reported) / kinds[case.kind].limit)
        chance = accept.willingness(law, habits, unit, claims[slot.claim], case, load, marginal, late)
        accepts = luck.draw(case.key, Decision.ACCEPT, slot.asking) < chance
        reinforce(law, habits, unit, accepts, load, marginal)
        if not accepts:
            pass_on(
                district, law, habits, cases, slots, events, calendar, units, kinds, claims, trust, asked, hand_overs,
                tally, history, at, when,
            )  # fmt: skip
            return
    fill(district, law, habits, cases, slots, events, calendar, units, kinds, claims, trust, asked, tally, history, at,
         when)  # fmt: skip


@step
def expire(
    district: Any, law: Any, habits: Any, cases: Any, slots: Any, events: Any, calendar: Any, units: Any, kinds: Any,
    claims: Any, trust: Any, asked: Any, history: Any, at: int, when: int,
) -> None:  # fmt: skip
    """The limit has passed without an answer: the slot falls back to the street."""
    slot = slots[at]
    case = cases[slot.case]
    units[slot.unit].expired += district.in_window
    lose_owner(case, when)
    note(district, history, when, case.key, Activity.EXPIRED, slot.unit, NOBODY)
    experience(district, habits, trust, case, slot.unit, False)
    give_back(district, law, habits, cases, slots, events, calendar, units, kinds, claims, trust, asked, history, at,
              when)  # fmt: skip


@step
def still_asked(case: Any, slot: Any, row: int, key: Any) -> bool:
    """Tell whether an entry still speaks of this slot's present offer; else it is stale."""
    return slot.state == Slot.ASKED and slot.case == row and case.key + np.uint64(slot.asking) == key


@step
def open_answer(
    district: Any, laws: Any, habits: Any, cases: Any, slots: Any, events: Any, calendar: Any, units: Any, kinds: Any,
    claims: Any, trust: Any, asked: Any, hand_overs: Any, tally: Any, counts: Any, settled: Any, history: Any, at: int,
    when: int, what: int,
) -> None:  # fmt: skip
    """An answer or its limit is due, unless the citizen of a case that nobody has accepted is gone."""
    slot = slots[at]
    row = wide(slot.case)
    case = cases[row]
    law = law_of(laws, units, case)
    settle_late(district, case, kinds, tally, counts, settled, when)
    if case.risen:
        if what == Event.ANSWER:
            answer_from_above(district, law, habits, cases, slots, events, calendar, units, kinds, tally, history, at,
                              when)  # fmt: skip
        else:
            note(district, history, when, case.key, Activity.EXPIRED, slot.unit, NOBODY)
            ask_above(district, law, cases, slots, events, calendar, units, history, at, when)
        return
    slot.unit = units[slot.unit].successor
    slot.claim = present_claim(district, slot, kind_of(district, units, kinds, case), claims)
    waited = (when - case.reported) / TICKS_PER_DAY
    if case.unfilled == case.parties and feedback.gives_up(habits, waited, luck.draw(case.key, Decision.PATIENCE, 0)):
        free_slots(district, slots, case)
        drop(district, cases, kinds, tally, counts, settled, history, row, when)
    elif what == Event.ANSWER:
        answer(district, law, habits, cases, slots, events, calendar, units, kinds, claims, trust, asked, hand_overs,
               tally, history, at, when)  # fmt: skip
    else:
        expire(district, law, habits, cases, slots, events, calendar, units, kinds, claims, trust, asked, history, at,
               when)  # fmt: skip


@step
def departments_answer(
    district: Any, laws: Any, habits: Any, cases: Any, slots: Any, events: Any, calendar: Any, units: Any, kinds: Any,
    claims: Any, trust: Any, asked: Any, hand_overs: Any, tally: Any, counts: Any, settled: Any, history: Any,
) -> None:  # fmt: skip
    """Phase 5: answers due in this step, in the order they were entered; passes reach the next unit a step later."""
    at = calendar[Phase.ANSWERS, district.step, 0]
    while at != NOBODY:
        event = events[at]
        row, at_slot, when = wide(event.case), wide(event.slot), event.when
        fetch_next(events, cases, slots, event)
        if event.what == Event.SHOW_UP:
            settle_late(district, cases[row], kinds, tally, counts, settled, when)
            call_together(district, law_of(laws, units, cases[row]), habits, cases, slots, events, calendar, units,
                          trust, asked, tally, history, row, when)  # fmt: skip
        elif still_asked(cases[row], slots[at_slot], row, event.key):
            open_answer(
                district, laws, habits, cases, slots, events, calendar, units, kinds, claims, trust, asked, hand_overs,
                tally, counts, settled, history, at_slot, when, event.what,
            )  # fmt: skip
        at = next_event(district, events, at)
