"""A case goes its way: to one unit of the street as a whole, with a whistle, or by letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model import portable_math, rng
from model.reference import things
from model.reference.offers import looks_responsible, name_parties
from model.rules import accept, teamwork, triage
from model.terms import TICKS_PER_DAY, Activity, Decision, Event, Lane, Phase, State

if TYPE_CHECKING:
    from model.reference.street import Street
    from model.reference.unit import Team, Unit

__all__ = ["refer", "take_whole", "turn_to_others"]


def turn_to_others(street: Street, case: things.Case, when: int) -> None:
    """Turn to the platform team, or else to the departments; supervision will look once it is overdue."""
    model = street.model
    if not case.turned_out and model.plan.supervises:
        due = max(when, case.first_report + case.kind.limit)
        model.calendar.enter(Phase.SUPERVISION, Event.PRESS, case, due, earliest=model.now_step)
    case.turned_out = True
    case.decided = False
    model.count("turned_out")
    team = team_for(street, case)
    if team is None:
        turn_to_departments(street, case, when)
    else:
        model.count("taken_by_team")
        take_whole(team, case, when, easy=False)


def team_for(street: Street, case: things.Case) -> Team | None:
    """Return the platform team if it has somebody of the department that looks responsible, time, and the will."""
    model, team = street.model, street.team
    if not case.needs_power or case.parties > 1 or team.staff * team.commanded == 0.0:
        return None
    claim = looks_responsible(model, case, Decision.REFER, case.askings, lead=True)
    covered = claim is not None and model.covers[street.row][claim.unit - model.plan.first_department]
    if not covered or not triage.uses_team(model.habits, team.backlog_days()):
        return None
    u = rng.draw(case.key, Decision.TEAM, case.attempts)
    willing = u < portable_math.logistic(accept.takes_up(street.law, model.habits))
    return team if willing or not model.habits.acceptance.in_force else None


def turn_to_departments(street: Street, case: things.Case, when: int) -> None:
    """Blow the whistle or write a letter."""
    if case.settling_since is None:
        case.settling_since = when
    habits = street.model.habits
    load = street.load()
    u = rng.draw(case.key, Decision.WHISTLE, case.attempts)
    if u >= triage.whistles(street.law, habits, street, case, load):
        refer(case, when)
    elif committee_approves(street, case, when):
        blow_whistle(street, case, when)
    else:
        case.declined = True
        case.state = State.TRIAGE
        known = when + int(street.law.committee.days * TICKS_PER_DAY)
        street.model.calendar.enter(Phase.ARRIVAL, Event.RETRIAGE, case, known, earliest=street.model.now_step + 1)


def committee_approves(street: Street, case: things.Case, when: int) -> bool:
    """Where the party committee decides (N11), tell whether it approves this whistle; its work is the street's."""
    committee, habits = street.law.committee, street.model.habits
    if rng.draw(case.key, Decision.COMMITTEE, 2 * case.attempts) >= committee.decides:
        return True
    street.errands += committee.work * TICKS_PER_DAY
    u = rng.draw(case.key, Decision.COMMITTEE, 2 * case.attempts + 1)
    case.decided = bool(u < portable_math.logistic(triage.approves(street.law, habits, case)))
    street.model.note(when, case, Activity.APPROVED if case.decided else Activity.DECLINED, street)
    return case.decided


def blow_whistle(street: Street, case: things.Case, when: int) -> None:
    """The whistle reaches the platform after some analysis, and the committee's days."""
    law, model = street.law, street.model
    street.errands += law.whistle.analysis_work * TICKS_PER_DAY
    case.state = State.WHISTLED
    case.whistled = True
    model.note(when, case, Activity.WHISTLED, street)
    days = law.whistle.analysis_days + (law.committee.days if case.decided else 0.0)
    heard = when + int(days * TICKS_PER_DAY)
    model.calendar.enter(Phase.PLATFORM, Event.ARRIVES, case, heard, earliest=model.now_step)


def refer(case: things.Case, when: int) -> None:
    """The street writes to the department that looks responsible."""
    case.whistle_open = False
    case.street.model.note(when, case, Activity.REFERRED, case.street)
    name_parties(case.street.model, case, when, rightly=False)


def take_whole(unit: Unit, case: things.Case, when: int, *, easy: bool) -> None:
    """One unit of the street takes the whole case into its queue."""
    street, habits = case.street, case.street.model.habits
    case.whistle_open = False
    slot = things.Slot(case, unit, work=case.work)
    slot.meeting = int(teamwork.coordination_work(street.law, habits, case) * TICKS_PER_DAY)
    ready, lane = when, Lane.EASY if easy else Lane.OTHERS
    if unit is street and is_misled(street, case):
        slot.work += int(habits.triage.section_work * TICKS_PER_DAY)
        ready, lane = when + int(habits.triage.section_days * TICKS_PER_DAY), Lane.MISLED
    case.slots = [slot]
    case.unfilled = 0
    case.unworked = 1
    case.state = State.WORKING
    case.gain_owner(when)
    case.stop_circulating(when)
    unit.book("received")
    unit.book("accepted")
    street.model.note(when, case, Activity.OWN_WORK, unit)
    unit.queue(slot, ready, lane)


def is_misled(street: Street, case: things.Case) -> bool:
    """Tell whether an own case first lands in the wrong section."""
    chance = triage.goes_to_wrong_section(street.law, street.model.habits)
    return bool(rng.draw(case.key, Decision.SECTION, case.attempts) < chance)
