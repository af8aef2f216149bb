"""A street: it hears of problems, keeps what it may and can, and turns to others for the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model import luck
from model.blueprint import UnitPlan
from model.plain import things
from model.plain.books import settle_late
from model.plain.citizens import give_up, lost_patience
from model.plain.offers import looks_responsible, name_parties
from model.plain.unit import Community, Team, Unit
from model.rules import accept, triage
from model.terms import TICKS_PER_DAY, Activity, Decision, Event, Phase, State

if TYPE_CHECKING:
    from model.plain.district import PlainDistrict

__all__ = ["Street", "streets_triage"]


def streets_triage(model: PlainDistrict) -> None:
    """Phase 3: every case on a desk is decided, in the order it came."""
    desk, model.desk = model.desk, []
    for case, when in desk:
        settle_late(model, case, when)
        case.street.triage(case, when)


class Street(Unit):
    """A subdistrict or township with its communities and its platform team."""

    community: Community
    team: Team

    def __init__(self, model: PlainDistrict, plan: UnitPlan, row: int) -> None:
        super().__init__(model, plan, row)
        self.demand = plan.demand
        self.share_of_streets = plan.share_of_streets
        self.carry = 0.0

    def report(self, case: things.Case, when: int) -> None:
        """A problem becomes a case: the clock runs from here, and it lies on the desk."""
        case.state = State.TRIAGE
        case.reported = when
        self.model.totals["open"] += 1
        self.model.totals["reported"] += 1
        self.model.note(when, case, Activity.REPORTED, self)
        self.model.desk.append((case, when))

    def triage(self, case: things.Case, when: int) -> None:
        """One case on the desk: its citizen is gone, or it is shelved, kept, or taken to others."""
        if case.attempts > 0 and lost_patience(self.model, case, when):
            give_up(self.model, case, when)
        elif case.attempts > 0 and self.shelves(case):
            self.shelve(case, when)
        elif self.keeps(case):
            self.take_in_hand(case, when)
        elif (team := self.team_for(case)) is not None:
            case.offered = True
            self.hand_to(team, case, when, easy=False)
        else:
            self.turn_to_departments(case, when)

    def shelves(self, case: things.Case) -> bool:
        """Tell whether the street sets a returned case aside."""
        habits = self.model.habits
        load = accept.relative_load(self.backlog_days(), habits.acceptance.load_reference)
        u = luck.draw(case.key, Decision.SHELVE, case.attempts)
        return bool(u < triage.shelves(habits, load, case.attempts))

    def shelve(self, case: things.Case, when: int) -> None:
        """Set a case aside, to be looked at again much later."""
        case.state = State.SHELVED
        case.attempts += 1
        self.model.note(when, case, Activity.SHELVED, self)
        again = when + int(self.model.habits.triage.shelf_days * TICKS_PER_DAY)
        self.model.calendar.enter(Phase.ARRIVAL, Event.RETRIAGE, case, again, earliest=self.model.now_step + 1)

    def keeps(self, case: things.Case) -> bool:
        """Tell whether the street closes the case itself: it may, and it is its duty."""
        holds = triage.holds_power(self.model.law, case, luck.draw(case.key, Decision.DELEGATED, 0))
        duty = triage.territorial_duty(self.model.habits, case.kind.street_membership, case.attempts)
        return triage.takes_itself(case, holds, duty, luck.draw(case.key, Decision.COMPETENCE, 0))

    def take_in_hand(self, case: things.Case, when: int) -> None:
        """Own work, of the street or, if light, of its communities."""
        habits, below = self.model.habits, self.community
        work_days = case.work / TICKS_PER_DAY
        easy = triage.is_easy(habits, work_days)
        light = below.staff > 0 and triage.goes_below(habits, work_days, below.backlog_days(), self.backlog_days())
        self.hand_to(below if light and not case.needs_power else self, case, when, easy=easy)

    def hand_to(self, unit: Unit, case: things.Case, when: int, *, easy: bool) -> None:
        """One unit of the street takes the whole case into its queue."""
        slot = things.Slot(case, unit, work=case.work)
        case.slots = [slot]
        case.unfilled = 0
        case.unworked = 1
        case.state = State.WORKING
        case.gain_owner(when)
        case.stop_circulating(when)
        unit.book("received")
        unit.book("accepted")
        self.model.note(when, case, Activity.OWN_WORK, unit)
        unit.queue(slot, when, easy=easy)

    def team_for(self, case: things.Case) -> Team | None:
        """Return the platform team if it has somebody of the department that looks responsible, and time."""
        if not case.needs_power or case.parties > 1 or self.team.staff == 0:
            return None
        claim = looks_responsible(self.model, case, Decision.REFER, case.askings, lead=True)
        covered = claim is not None and self.model.plan.covers[self.row][self.model.department_of(claim).place]
        return self.team if covered and triage.uses_team(self.model.habits, self.team.backlog_days()) else None

    def turn_to_departments(self, case: things.Case, when: int) -> None:
        """Blow the whistle or write a letter; supervision will look at it once it is overdue."""
        model = self.model
        case.offered = True
        if case.settling_since is None:
            case.settling_since = when
        u = luck.draw(case.key, Decision.WHISTLE, case.attempts)
        if u < triage.whistles(model.law, model.habits, case, case.attempts):
            self.blow_whistle(case, when)
        else:
            self.refer(case, when)
        if model.law.coordination.press > 0.0 and case.attempts == 0:
            due = case.first_report + case.kind.limit
            model.calendar.enter(Phase.SUPERVISION, Event.PRESS, case, due, earliest=model.now_step)

    def blow_whistle(self, case: things.Case, when: int) -> None:
        """The whistle reaches the platform after some analysis."""
        case.state = State.WHISTLED
        case.whistled = True
        self.model.note(when, case, Activity.WHISTLED, self)
        heard = when + int(self.model.law.whistle.analysis_days * TICKS_PER_DAY)
        self.model.calendar.enter(Phase.PLATFORM, Event.ARRIVES, case, heard, earliest=self.model.now_step)

    def refer(self, case: things.Case, when: int) -> None:
        """Write a letter to the department that looks responsible."""
        case.whistle_open = False
        self.model.note(when, case, Activity.REFERRED, self)
        name_parties(self.model, case, when, rightly=False)
