"""A street turns to others: to its platform team, with a whistle, or by letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model import luck
from model.plain import things
from model.plain.offers import looks_responsible, name_parties
from model.rules import accept, triage
from model.terms import TICKS_PER_DAY, Activity, Decision, Event, Phase, State

if TYPE_CHECKING:
    from model.plain.street import Street
    from model.plain.unit import Team

__all__ = ["turn_to_others"]


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
        street.hand_to(team, case, when, easy=False)


def team_for(street: Street, case: things.Case) -> Team | None:
    """Return the platform team if it has somebody of the department that looks responsible, time, and the will."""
    model, team = street.model, street.team
    if not case.needs_power or case.parties > 1 or team.staff * team.commanded == 0.0:
        return None
    claim = looks_responsible(model, case, Decision.REFER, case.askings, lead=True)
    covered = claim is not None and model.covers[street.row][claim.unit - model.plan.first_department]
    if not covered or not triage.uses_team(model.habits, team.backlog_days()):
        return None
    u = luck.draw(case.key, Decision.TEAM, case.attempts)
    willing = u < accept.takes_up(street.law, model.habits) or not model.habits.acceptance.in_force
    return team if willing else None


def turn_to_departments(street: Street, case: things.Case, when: int) -> None:
    """Blow the whistle or write a letter."""
    if case.settling_since is None:
        case.settling_since = when
    u = luck.draw(case.key, Decision.WHISTLE, case.attempts)
    whistles = u < triage.whistles(street.law, street.model.habits, street, case, case.attempts)
    if whistles and committee_approves(street, case, when):
        blow_whistle(street, case, when)
    else:
        refer(street, case, when)


def committee_approves(street: Street, case: things.Case, when: int) -> bool:
    """Where the party committee decides (N11), tell whether it approves this whistle; its work is the street's."""
    committee, habits = street.law.committee, street.model.habits
    if luck.draw(case.key, Decision.COMMITTEE, 2 * case.attempts) >= committee.decides:
        return True
    street.errands += committee.work * TICKS_PER_DAY
    u = luck.draw(case.key, Decision.COMMITTEE, 2 * case.attempts + 1)
    case.decided = bool(u < triage.approves(street.law, habits, case))
    street.model.note(when, case, Activity.APPROVED if case.decided else Activity.DECLINED, street)
    return case.decided


def blow_whistle(street: Street, case: things.Case, when: int) -> None:
    """The whistle reaches the platform after some analysis, and the committee's days."""
    law, model = street.law, street.model
    case.state = State.WHISTLED
    case.whistled = True
    model.note(when, case, Activity.WHISTLED, street)
    days = law.whistle.analysis_days + (law.committee.days if case.decided else 0.0)
    heard = when + int(days * TICKS_PER_DAY)
    model.calendar.enter(Phase.PLATFORM, Event.ARRIVES, case, heard, earliest=model.now_step)


def refer(street: Street, case: things.Case, when: int) -> None:
    """Write a letter to the department that looks responsible."""
    case.whistle_open = False
    street.model.note(when, case, Activity.REFERRED, street)
    name_parties(street.model, case, when, rightly=False)
