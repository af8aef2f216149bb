"""Phase 3: streets triage. Own work, platform team, whistle, letter, or the shelf."""

from __future__ import annotations

from typing import Any

from model import luck
from model.engine.columns import NOBODY
from model.engine.compiled import kernel, look_ahead, step
from model.engine.ledger import free_case, note, schedule, take_slot
from model.engine.offers import nearest_claim, offer, own, settle_owner
from model.engine.queues import enqueue
from model.engine.scoring import settle, settle_late
from model.rules import accept, feedback, triage
from model.terms import TICKS_PER_DAY, Activity, Decision, Event, Phase, State

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
    note(district, history, when, case.key, Activity.DROPPED, case.street)
    settle(district, case, kinds, tally, counts, settled)
    district.open -= 1
    district.dropped += 1
    free_case(district, cases, row)


@kernel
def take_in_hand(
    district: Any, habits: Any, cases: Any, slots: Any, units: Any, history: Any, row: int, unit: int, when: int,
    easy: bool,
) -> None:  # fmt: skip
    """One unit takes the whole case into its queue."""
    case = cases[row]
    at = take_slot(district, slots, row)
    case.first_slot = at
    case.unfilled = 0
    case.unworked = 1
    case.state = State.WORKING
    slots[at].unit = unit
    slots[at].work = case.work
    own(case, when)
    if case.settling_since != NOBODY:
        settle_owner(case, when)
    units[unit].received += district.in_window
    units[unit].accepted += district.in_window
    note(district, history, when, case.key, Activity.OWN_WORK, unit)
    enqueue(district, units[unit], slots, at, when, easy)


@step
def team_for(district: Any, habits: Any, case: Any, kind: Any, claims: Any, slots: Any, units: Any, covers: Any) -> int:
    """Return the row of the street's platform team if it has somebody of the department that looks responsible."""
    team = 2 * district.streets + case.street
    if not case.needs_power or case.parties > 1 or units[team].staff == 0:
        return NOBODY
    j = nearest_claim(district, case, kind, claims, slots, True, Decision.REFER, case.askings)
    if j == NOBODY or not covers[case.street, claims[j].unit - district.first_department]:
        return NOBODY
    return team if triage.uses_team(habits, backlog_days(units[team])) else NOBODY


@step
def to_departments(
    district: Any, law: Any, habits: Any, cases: Any, slots: Any, events: Any, calendar: Any, units: Any, kinds: Any,
    claims: Any, covers: Any, asked: Any, history: Any, row: int, when: int,
) -> None:  # fmt: skip
    """The street turns to its platform team, blows the whistle, or writes a letter."""
    case = cases[row]
    case.offered = 1
    team = team_for(district, habits, case, kinds[case.kind], claims, slots, units, covers)
    if team != NOBODY:
        take_in_hand(district, habits, cases, slots, units, history, row, team, when, False)
        return
    if case.settling_since == NOBODY:
        case.settling_since = when
    if luck.draw(case.key, Decision.WHISTLE, case.attempts) < triage.whistles(law, habits, case, case.attempts):
        case.state = State.WHISTLED
        case.whistled = 1
        note(district, history, when, case.key, Activity.WHISTLED, case.street)
        heard = when + int(law.whistle.analysis_days * TICKS_PER_DAY)
        schedule(district, events, calendar, Phase.PLATFORM, Event.ARRIVES, row, case.key, heard, district.step)
    else:
        case.whistle_open = 0
        note(district, history, when, case.key, Activity.REFERRED, case.street)
        offer(district, law, cases, slots, events, calendar, units, kinds, claims, asked, history, row, when, False)
    if law.coordination.press > 0.0 and case.attempts == 0:
        due = case.reported + kinds[case.kind].limit
        schedule(district, events, calendar, Phase.SUPERVISION, Event.PRESS, row, case.key, due, district.step)


@step
def decide(
    district: Any, law: Any, habits: Any, cases: Any, slots: Any, events: Any, calendar: Any, units: Any, kinds: Any,
    claims: Any, covers: Any, asked: Any, history: Any, row: int, when: int,
) -> None:  # fmt: skip
    """One case on the desk: keep it, shelve it, or turn to others."""
    case = cases[row]
    street = units[case.street]
    load = accept.relative_load(backlog_days(street), habits.acceptance.load_reference)
    if case.attempts > 0 and luck.draw(case.key, Decision.SHELVE, case.attempts) < triage.shelves(
        habits, load, case.attempts
    ):
        case.state = State.SHELVED
        case.attempts += 1
        note(district, history, when, case.key, Activity.SHELVED, case.street)
        again = when + int(habits.triage.shelf_days * TICKS_PER_DAY)
        schedule(district, events, calendar, Phase.ARRIVAL, Event.RETRIAGE, row, case.key, again, district.step + 1)
        return
    holds = triage.holds_power(law, case, luck.draw(case.key, Decision.DELEGATED, 0))
    duty = triage.territorial_duty(habits, kinds[case.kind].street_membership, case.attempts)
    if triage.takes_itself(case, holds, duty, luck.draw(case.key, Decision.COMPETENCE, 0)):
        work_days = case.work / TICKS_PER_DAY
        unit = case.street
        below = units[district.streets + case.street]
        if (
            not case.needs_power
            and below.staff > 0
            and triage.goes_below(habits, work_days, backlog_days(below), backlog_days(street))
        ):
            unit = district.streets + case.street
        take_in_hand(district, habits, cases, slots, units, history, row, unit, when, triage.is_easy(habits, work_days))
    else:
        to_departments(
            district, law, habits, cases, slots, events, calendar, units, kinds, claims, covers, asked, history, row,
            when,
        )  # fmt: skip


@step
def streets_triage(
    district: Any, law: Any, habits: Any, cases: Any, slots: Any, events: Any, calendar: Any, units: Any, kinds: Any,
    claims: Any, covers: Any, asked: Any, desk: Any, tally: Any, counts: Any, settled: Any, history: Any,
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
                district, law, habits, cases, slots, events, calendar, units, kinds, claims, covers, asked, history,
                row, when,
            )  # fmt: skip
    district.triage = 0
