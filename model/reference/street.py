"""A street: it hears of problems, keeps what it may and can, and turns to others for the rest."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from model import portable_math, rng
from model.layout import KindPlan, UnitPlan
from model.reference import things
from model.reference.books import settle_late
from model.reference.citizens import give_up, lost_patience
from model.reference.turning import refer, take_whole, turn_to_others
from model.reference.unit import Community, Team, Unit
from model.rules import feedback, learning, supervision, triage
from model.terms import TICKS_PER_DAY, Activity, Decision, Event, Phase, State

if TYPE_CHECKING:
    from model.reference.district import PlainDistrict

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
    kinds: tuple[KindPlan, ...]

    def __init__(self, model: PlainDistrict, plan: UnitPlan, row: int) -> None:
        super().__init__(model, plan, row)
        self.demand = plan.demand
        self.share_of_streets = plan.share_of_streets
        self.township = plan.township
        self.latent = self.latent_pool = plan.latent_pool
        self.carry = 0.0
        self.slack = 1.0
        self.standing = 0.5
        self.credibility = 1.0
        self.month_reports = self.month_responded = self.month_in_time = 0
        self.month_satisfied = 0.0
        self.trust: defaultdict[int, float] = defaultdict(lambda: 0.5)

    def post(self, plan: UnitPlan) -> None:
        """Place people and put the law in force; the right to whistle may be a pilot street's alone."""
        super().post(plan)
        self.may_whistle = plan.may_whistle

    def involve_residents(self) -> None:
        """Residents are heard and take part as far as law, party network and their communities' time allow."""
        self.voices = feedback.voices(self.law, self.slack)
        self.involvement = self.community.involvement = feedback.involvement(self.law, self.slack)

    def month_score(self) -> float:
        """Return the street's score of the month (E1)."""
        parts = self.month_responded, self.month_in_time, self.month_satisfied
        return supervision.month_score(*parts, self.month_reports)

    def learn(self, unit: Unit, *, came: bool) -> None:
        """Learn whether a department answers and comes (rule 9)."""
        if self.model.habits.learning.trust > 0.0:
            self.trust[unit.row] = learning.trust(self.model.habits, self.trust[unit.row], came)

    def report(self, case: things.Case, when: int) -> None:
        """A problem becomes a case: the clock runs from here, and it lies on the desk."""
        case.state = State.TRIAGE
        case.reported = when
        self.model.totals["open"] += 1
        self.model.totals["reported"] += 1
        self.month_reports += 1
        citizens = self.model.habits.citizens
        if rng.draw(case.key, Decision.DUPLICATE, 0) < citizens.duplicates * (1.0 - self.law.grids.integration):
            self.errands += citizens.duplicate_work * TICKS_PER_DAY
        self.errands += supervision.showing_work(self.law, self) * TICKS_PER_DAY
        self.model.note(when, case, Activity.REPORTED, self)
        self.model.desk.append((case, when))

    def triage(self, case: things.Case, when: int) -> None:
        """One case on the desk: its citizen is gone, or it is shelved, kept, or taken to others."""
        if case.attempts > 0 and lost_patience(self.model, case, when):
            give_up(self.model, case, when)
        elif case.declined:
            case.declined = False
            refer(case, when)
        elif self.shelves(case):
            self.shelve(case, when)
        elif self.keeps(case):
            self.take_in_hand(case, when)
        else:
            turn_to_others(self, case, when)

    def shelves(self, case: things.Case) -> bool:
        """Tell whether the street sets a returned case aside."""
        if not triage.may_be_shelved(case):
            return False
        self.model.count("answers_due")
        u = rng.draw(case.key, Decision.SHELVE, case.attempts)
        return bool(u < portable_math.logistic(triage.shelves(self.model.habits, self, self.load(), case)))

    def shelve(self, case: things.Case, when: int) -> None:
        """Set a case aside, to be looked at again much later."""
        case.state = State.SHELVED
        case.attempts += 1
        self.model.count("inaction")
        self.model.note(when, case, Activity.SHELVED, self)
        again = when + int(self.model.habits.triage.shelf_days * TICKS_PER_DAY)
        self.model.calendar.enter(Phase.ARRIVAL, Event.RETRIAGE, case, again, earliest=self.model.now_step + 1)

    def keeps(self, case: things.Case) -> bool:
        """Tell whether the street closes the case itself: it may, and it is its duty."""
        holds = triage.holds_power(self.law, case, rng.draw(case.key, Decision.DELEGATED, 0))
        duty = triage.territorial_duty(self.model.habits, case.kind.street_membership, case.attempts)
        return triage.takes_itself(case, holds, duty, rng.draw(case.key, Decision.COMPETENCE, 0))

    def take_in_hand(self, case: things.Case, when: int) -> None:
        """Own work, of the street or, if light, of its communities."""
        habits, below = self.model.habits, self.community
        work_days = case.work / TICKS_PER_DAY
        easy = triage.is_easy(habits, work_days)
        light = below.staff > 0 and triage.goes_below(habits, work_days, below.backlog_days(), self.backlog_days())
        take_whole(below if light and not case.needs_power else self, case, when, easy=easy)
