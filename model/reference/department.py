"""A department: it answers what it is offered, or not; accepts it, or passes it on."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from model import portable_math, rng
from model.layout import Claim, UnitPlan
from model.reference import joint, things
from model.reference.above import stay_silent
from model.reference.offers import ask, fall_back, most_responsible, next_in_line
from model.reference.unit import Unit
from model.rules import accept, jurisdiction, learning
from model.terms import Activity, Decision, Slot

if TYPE_CHECKING:
    from model.reference.district import PlainDistrict
    from model.reference.street import Street

__all__ = ["Department"]


class Department(Unit):
    """A department of the district.

    Attributes
    ----------
    place : int
        Its place among the departments.
    asked_by : Counter
        How often each street has asked it this month.
    """

    def __init__(self, model: PlainDistrict, plan: UnitPlan, row: int) -> None:
        super().__init__(model, plan, row)
        self.place = row - model.plan.first_department
        self.asked_by: Counter[Street] = Counter()
        self.accepting = self.passing = 1.0
        self.temper = accept.temper(model.habits, rng.draw(model.seed_key ^ self.key, Decision.TEMPER, 0))

    def marginal_score(self, case: things.Case) -> float:
        """Return what one more case of this street adds to the monthly score."""
        asked = self.asked_by[case.street] * self.model.per_scale
        return float(accept.marginal_score(self.model.habits, asked))

    def answer(self, slot: things.Slot, when: int) -> None:
        """Open the offer: answer with yes or no, or not at all."""
        self.model.count("answers_due")
        if not self.model.habits.acceptance.in_force:
            self.accept(slot, when)
        elif not self.responds(slot):
            stay_silent(self.model, slot)
        elif self.is_willing(slot, when):
            self.accept(slot, when)
        else:
            self.pass_on(slot, when)

    def responds(self, slot: things.Slot) -> bool:
        """Tell whether the department answers within the limit at all."""
        model, case = self.model, slot.case
        odds = accept.answers(case.street.law, model.habits, self, case, self.marginal_score(case))
        return bool(rng.draw(case.key, Decision.ANSWERS, slot.asking) < portable_math.logistic(odds))

    def is_willing(self, slot: things.Slot, when: int) -> bool:
        """Tell whether the department accepts rather than passes on."""
        model, case = self.model, slot.case
        late = min(1.0, (when - case.first_report) / case.kind.limit)
        law, load, marginal = case.street.law, self.load(), self.marginal_score(case)
        odds = accept.willingness(law, model.habits, self, slot.claim, case, load, marginal, late)
        accepts = bool(rng.draw(case.key, Decision.ACCEPT, slot.asking) < portable_math.logistic(odds))
        if model.habits.learning.propensity > 0.0:
            self.reinforce(accepts, learning.worth(law, marginal), load)
        return accepts

    def reinforce(self, accepts: bool, score: float, spared: float) -> None:
        """What it chose pays: score and reward for accepting, hours spared for passing."""
        if accepts:
            self.accepting = learning.reinforced(self.model.habits, self.accepting, score)
        else:
            self.passing = learning.reinforced(self.model.habits, self.passing, spared)

    def accept(self, slot: things.Slot, when: int) -> None:
        """Fill the slot; the next party is asked, or all are called together."""
        model, case = self.model, slot.case
        slot.state = Slot.FILLED
        case.unfilled -= 1
        case.worked = max(case.worked, when)
        self.book("accepted")
        case.gain_owner(when)
        case.street.learn(self, came=True)
        model.note(when, case, Activity.ACCEPTED, self)
        if case.unfilled == 0:
            joint.report_for_duty(model, case, case.worked)
        elif not case.convened:
            following = next(other for other in case.slots if other.state == Slot.PLANNED)
            ask(model, following, following.claim, when, earliest=model.now_step)

    def shows_up(self, case: things.Case) -> bool:
        """Tell whether the department comes to joint work that it has accepted."""
        model = self.model
        model.count("answers_due")
        u = rng.choice_draw(case.key, Decision.SHOW, case.askings, self.key)
        odds = accept.shows_up(case.street.law, model.habits, self, case, self.load(), self.marginal_score(case))
        return bool(u < portable_math.logistic(odds))

    def pass_on(self, slot: things.Slot, when: int) -> None:
        """Pass the slot on: to another department, to the street, or the district names the owner."""
        model, case, law = self.model, slot.case, slot.case.street.law
        case.street.learn(self, came=False)
        if 0 < law.coordination.owner_after_passes <= case.passes + 1:
            self.have_owner_named(slot, when)
            return
        to = next_in_line(self.model, slot) if slot.passes + 1 < law.letters.most_passes else None
        self.book_pass(slot, to, when)
        if to is None:
            fall_back(model, slot, when)
        else:
            ask(model, slot, to, when, earliest=model.now_step + 1)

    def have_owner_named(self, slot: things.Slot, when: int) -> None:
        """The district names the owner, who has to accept; this department itself, if the claim is its own."""
        case = slot.case
        others = [other for other in case.slots if other is not slot]
        claim = most_responsible(case, others, lead=slot.leads) or slot.claim
        assert claim is not None
        owner = self.model.department_of(claim)
        if owner is not self:
            self.book_pass(slot, claim, when)
        slot.unit, slot.claim = owner, claim
        self.model.note(when, case, Activity.DECIDED, owner)
        owner.accept(slot, when)

    def book_pass(self, slot: things.Slot, to: Claim | None, when: int) -> None:
        """Count a pass to another claimant or to the street; it is evasive unless true membership rises."""
        model, case = self.model, slot.case
        case.passes += 1
        slot.passes += 1
        self.book("passed")
        model.totals["passes"] += 1
        case.lose_owner(when)
        model.note(when, case, Activity.PASSED, self)
        assert slot.claim is not None
        after = to.membership if to is not None else case.kind.street_membership * (1 - case.needs_power)
        if not jurisdiction.productive(slot.claim.membership, after):
            case.evasive += 1
        model.record_hand_over(self.place, len(model.departments) if to is None else model.department_of(to).place)
