"""Phase 3: streets triage. Own work, platform team, whistle, letter, or the shelf."""

from __future__ import annotations

from typing import Any

from model import luck
from model.engine.columns import NOBODY
from model.engine.compiled import kernel, look_ahead, step, wide
from model.engine.eras import kind_of, law_of
from model.engine.ledger import free_case, note, schedule, take_slot
from model.engine.offers import nearest_claim, own, refer, settle_owner
from model.engine.queues import enqueue
from model.engine.scoring import settle, settle_late
from model.rules import accept, feedback, teamwork, triage
from model.terms import TICKS_PER_DAY, Activity, Decision, Event, Lane, Phase, State

__all__ = ["backlog_days", "drop", "streets_triage"]


@kernel
def backlog_days(unit: Any) -> float:
    """Return the work in a unit's queue in days of all its people."""
    people = unit.staff * unit.commanded + unit.home_hours
    return unit.waiting / (people * TICKS_PER_DAY) if people > 0.0 else unit.waiting / (0.01 * TICKS_PER_DAY)


@kernel
def drop(
    district: Any, cases: Any, kinds: Any, tally: Any, counts: Any, settled: Any, history: Any, row: int,
    when: int,
) -> None:  # fmt: skip
    """The citizen has given up; the row is free again. Slots must be free already."""
    case = cases[row]
    case.dropped = when
    note(district, history, when, case.key, Activity.DROPPED, case.street, NOBODY)
    settle(district, case, kinds, tally, counts, settled)
    district.open -= 1
    district.dropped += 1
    free_case(district, cases, row)


@kernel
def take_in_hand(
    district: Any, law: Any, habits: Any, cases: Any, slots: Any, units: Any, kinds: Any, history: Any, row: int,
    unit: int, when: int, easy: bool,
) -> None:  # fmt: skip
    """One unit takes the whole case into its queue; in a street it may first land in the wrong section (N4b)."""
    case = cases[row]
    case.whistle_open = 0
    at = take_slot(district, slots, row)
    case.first_slot = at
    case.unfilled = 0
    case.unworked = 1
    case.state = State.WORKING
    slots[at].unit = unit
    slots[at].work = case.work
    slots[at].meeting = int(teamwork.coordination_work(law, habits, case) * TICKS_PER_DAY)
    ready, lane = when, Lane.EASY if easy else Lane.OTHERS
    wrong = luck.draw(case.key, Decision.SECTION, case.attempts) < triage.goes_to_wrong_section(law, habits)
    if unit == case.street and wrong:
        slots[at].work += int(habits.triage.section_work * TICKS_PER_DAY)
        ready += int(habits.triage.section_days * TICKS_PER_DAY)
        lane = Lane.MISLED
    own(units, kinds, case, when)
    if case.settling_since != NOBODY:
        settle_owner(case, when)
    units[unit].received += district.in_window
    units[unit].accepted += district.in_window
    note(district, history, when, case.key, Activity.OWN_WORK, unit, NOBODY)
    enqueue(district, units[unit], slots, at, ready, lane)


@step
def team_for(
    district: Any, law: Any, habits: Any, case: Any, kind: Any, claims: Any, slots: Any, units: Any, covers: Any,
    trust: Any,
) -> int:  # fmt: skip
    """Return the row of the street's platform team if it has somebody of the department that looks responsible.

    It must not be too busy, and it takes the case up or does what home asks instead.
    """
    team = 2 * district.streets + case.street
    if not case.needs_power or case.parties > 1 or units[team].staff * units[team].commanded == 0.0:
        return NOBODY
    j = nearest_claim(district, law, habits, case, kind, claims, slots, trust, True, Decision.REFER,
                      wide(case.askings))  # fmt: skip
    if j == NOBODY or not covers[district.era - 1, case.street, claims[j].unit - district.first_department]:
        return NOBODY
    if not triage.uses_team(habits, backlog_days(units[team])):
        return NOBODY
    willing = luck.draw(case.key, Decision.TEAM, case.attempts) < accept.takes_up(law, habits)
    return team if willing or not habits.acceptance.in_force else NOBODY


@step
def heard_by_committee(district: Any, law: Any, habits: Any, case: Any, street: Any, history: Any, when: int) -> bool:
    """Where the party committee decides (N11), tell whether it approves this whistle; its work is the street's."""
    if luck.draw(case.key, Decision.COMMITTEE, 2 * case.attempts) >= law.committee.decides:
        return True
    street.errands += law.committee.work * TICKS_PER_DAY
    approved = luck.draw(case.key, Decision.COMMITTEE, 2 * case.attempts + 1) < triage.approves(law, habits, case)
    case.decided = approved
    activity = Activity.APPROVED if approved else Activity.DECLINED
    note(district, history, when, case.key, activity, case.street, NOBODY)
    return approved


@step
def blow_whistle(
    district: Any, law: Any, cases: Any, events: Any, calendar: Any, street: Any, history: Any, row: int, when: int
) -> None:  # fmt: skip
    """The street whistles; after its analysis, and the committee's days, the platform hears it."""
    case = cases[row]
    street.errands += law.whistle.analysis_work * TICKS_PER_DAY
    case.state = State.WHISTLED
    case.whistled = 1
    note(district, history, when, case.key, Activity.WHISTLED, case.street, NOBODY)
    days = law.whistle.analysis_days + (law.committee.days if case.decided else 0.0)
    heard = when + int(days * TICKS_PER_DAY)
    schedule(district, events, calendar, Phase.PLATFORM, Event.ARRIVES, row, case.key, heard, district.step)


@step
def to_departments(
    district: Any, law: Any, habits: Any, cases: Any, slots: Any, events: Any, calendar: Any, units: Any, kinds: Any,
    claims: Any, covers: Any, trust: Any, asked: Any, tally: Any, history: Any, row: int, when: int,
) -> None:  # fmt: skip
    """The street turns to its platform team, blows the whistle, or writes a letter."""
    case = cases[row]
    street = units[case.street]
    first = not case.turned_out
    case.turned_out = 1
    case.decided = 0
    tally.turned_out += district.in_window
    kind = kind_of(district, units, kinds, case)
    if first and district.supervises:
        due = max(when, case.reported + kind.limit)
        schedule(district, events, calendar, Phase.SUPERVISION, Event.PRESS, row, case.key, due, district.step)
    team = team_for(district, law, habits, case, kind, claims, slots, units, covers, trust)
    if team != NOBODY:
        tally.taken_by_team += district.in_window
        take_in_hand(district, law, habits, cases, slots, units, kinds, history, row, team, when, False)
        return
    if case.settling_since == NOBODY:
        case.settling_since = when
    load = accept.relative_load(backlog_days(street), habits.acceptance.load_reference)
    if luck.draw(case.key, Decision.WHISTLE, case.attempts) >= triage.whistles(law, habits, street, case, load):
        refer(district, law, habits, cases, slots, events, calendar, units, kinds, claims, trust, asked, history, row,
              when)  # fmt: skip
    elif heard_by_committee(district, law, habits, case, street, history, when):
        blow_whistle(district, law, cases, events, calendar, street, history, row, when)
    else:
        case.declined = 1
        case.state = State.TRIAGE
        known = when + int(law.committee.days * TICKS_PER_DAY)
        schedule(district, events, calendar, Phase.ARRIVAL, Event.RETRIAGE, row, case.key, known, district.step + 1)


@step
def own_unit(district: Any, habits: Any, case: Any, units: Any, work_days: float) -> int:
    """Return the row of the street, or of its communities for light work."""
    street = units[case.street]
    below = units[district.streets + case.street]
    light = triage.goes_below(habits, work_days, backlog_days(below), backlog_days(street))
    if not case.needs_power and below.staff > 0 and light:
        return district.streets + case.street
    return case.street


@step
def shelve(
    district: Any, habits: Any, events: Any, calendar: Any, history: Any, case: Any, row: int, when: int
) -> None:  # fmt: skip
    """The street sets a case aside for a while."""
    case.state = State.SHELVED
    case.attempts += 1
    note(district, history, when, case.key, Activity.SHELVED, case.street, NOBODY)
    again = when + int(habits.triage.shelf_days * TICKS_PER_DAY)
    schedule(district, events, calendar, Phase.ARRIVAL, Event.RETRIAGE, row, case.key, again, district.step + 1)


@step
def decide(
    district: Any, laws: Any, habits: Any, cases: Any, slots: Any, events: Any, calendar: Any, units: Any, kinds: Any,
    claims: Any, covers: Any, trust: Any, asked: Any, tally: Any, history: Any, row: int, when: int,
) -> None:  # fmt: skip
    """One case on the desk: keep it, shelve it, or turn to others."""
    case = cases[row]
    street = units[case.street]
    law = law_of(laws, units, case)
    if case.declined:
        case.declined = 0
        refer(district, law, habits, cases, slots, events, calendar, units, kinds, claims, trust, asked, history, row,
              when)  # fmt: skip
        return
    if triage.may_be_shelved(case):
        tally.answers_due += district.in_window
        load = accept.relative_load(backlog_days(street), habits.acceptance.load_reference)
        if luck.draw(case.key, Decision.SHELVE, case.attempts) < triage.shelves(habits, street, load, case):
            tally.inaction += district.in_window
            shelve(district, habits, events, calendar, history, case, row, when)
            return
    holds = triage.holds_power(law, case, luck.draw(case.key, Decision.DELEGATED, 0))
    membership = kind_of(district, units, kinds, case).street_membership
    duty = triage.territorial_duty(habits, membership, case.attempts)
    if triage.takes_itself(case, holds, duty, luck.draw(case.key, Decision.COMPETENCE, 0)):
        work_days = case.work / TICKS_PER_DAY
        unit = own_unit(district, habits, case, units, work_days)
        take_in_hand(district, law, habits, cases, slots, units, kinds, history, row, unit, when,
                     triage.is_easy(habits, work_days))  # fmt: skip
    else:
        to_departments(
            district, law, habits, cases, slots, events, calendar, units, kinds, claims, covers, trust, asked, tally,
            history, row, when,
        )  # fmt: skip


@step
def streets_triage(
    district: Any, laws: Any, habits: Any, cases: Any, slots: Any, events: Any, calendar: Any, units: Any, kinds: Any,
    claims: Any, covers: Any, trust: Any, asked: Any, desk: Any, tally: Any, counts: Any, settled: Any, history: Any,
) -> None:  # fmt: skip
    """Phase 3: every case on a desk is decided, in the order it came; tired citizens are gone by then."""
    for i in range(district.triage):
        row, when = desk[i].case, desk[i].when
        if i + 1 < district.triage:
            look_ahead(cases, desk[i + 1].case)
        case = cases[row]
        settle_late(district, case, kinds, tally, counts, settled, when)
        waited = (when - case.reported) / TICKS_PER_DAY
        if case.attempts > 0 and feedback.gives_up(habits, waited, luck.draw(case.key, Decision.PATIENCE, 0)):
            drop(district, cases, kinds, tally, counts, settled, history, row, when)
        else:
            decide(
                district, laws, habits, cases, slots, events, calendar, units, kinds, claims, covers, trust, asked,
                tally, history, row, when,
            )  # fmt: skip
    district.triage = 0
