"""The platform that accepts whistles, and the district's supervision."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from model import rng
from model.reference.books import settle_late
from model.reference.offers import name_parties, return_to_desk
from model.reference.things import Case
from model.rules import capacity, supervision, triage
from model.terms import TICKS_PER_DAY, Activity, Decision, Event, Phase, State

if TYPE_CHECKING:
    from model.reference.district import PlainDistrict

__all__ = ["Platform", "Supervision", "platform_accepts", "supervision_presses"]


def platform_accepts(model: PlainDistrict) -> None:
    """Phase 4: the platform accepts whistles, a capacity a day."""
    model.platform.accept_whistles()


def supervision_presses(model: PlainDistrict) -> None:
    """Phase 7: cases that are overdue are pressed, a capacity a day."""
    model.supervision.press_overdue()


class Office(mesa.Agent):
    """An office of the district with a capacity a day."""

    model: PlainDistrict
    owed = 0

    def may_take(self, most: int) -> int:
        """Return the cases that this step may take; what is left of a case is carried over."""
        steps = self.model.steps_per_day
        self.owed += capacity.of_a_day(most, self.model.world.demand.scale)
        cases, self.owed = capacity.whole(self.owed, steps), capacity.left_over(self.owed, steps)
        return cases


class Platform(Office):
    """Screens whistles and names the parties."""

    def accept_whistles(self) -> None:
        """Screen whistles in the order they came; those beyond the capacity wait for the next."""
        calendar, step = self.model.calendar, self.model.now_step
        most = self.may_take(self.model.newest.whistle.acceptances_per_day)
        entries = list(calendar.due(Phase.PLATFORM, step))
        for entry in entries[:most]:
            self.screen(entry.case, max(entry.when, self.model.now))
        calendar.put_off(Phase.PLATFORM, step, entries[most:])

    def screen(self, case: Case, when: int) -> None:
        """Return a whistle to the desk, or name its parties: rightly from the duty list, or as the sender sees them."""
        model, law = self.model, case.street.law
        settle_late(model, case, when)
        right = triage.accuracy(law, model.habits, case.street.voices, case.decided)
        verdict = triage.screening(law, right, rng.draw(case.key, Decision.SCREEN, case.attempts))
        model.note(when, case, Activity.SCREENED, case.street)
        case.street.credibility = triage.credibility(model.habits, case.street.credibility, verdict == triage.REJECTED)
        model.count("whistles")
        model.count("whistles_right", verdict == triage.RIGHT)
        if verdict == triage.REJECTED:
            model.note(when, case, Activity.REJECTED, case.street)
            return_to_desk(model, case, when)
        else:
            case.whistle_open = True
            name_parties(model, case, when, rightly=verdict == triage.RIGHT)


class Supervision(Office):
    """Presses overdue cases."""

    def press_overdue(self) -> None:
        """Press overdue cases, look again some days later; beyond the capacity the rest waits for the next step."""
        left = self.may_take(self.model.newest.coordination.presses_per_day)
        now, calendar = self.model.now_step, self.model.calendar
        entries = list(calendar.due(Phase.SUPERVISION, now))
        for place, entry in enumerate(entries):
            if left <= 0:
                calendar.put_off(Phase.SUPERVISION, now, entries[place:])
                break
            case, when = entry.case, max(entry.when, self.model.now)
            if case.state == State.FREE:
                continue
            overdue = case.state not in (State.CLOSED, State.WAITING)
            if overdue and supervision.may_press(case.street.law, rng.draw(case.key, Decision.PRESSED, now)):
                left -= 1
                case.pressed += 1
                self.model.note(when, case, Activity.PRESSED, case.street)
            again = when + int(case.street.law.coordination.press_again_days * TICKS_PER_DAY)
            calendar.enter(Phase.SUPERVISION, Event.PRESS, case, again, earliest=now + 1)
