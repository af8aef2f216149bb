"""The platform that accepts whistles, and the district's supervision."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from model import luck
from model.plain.books import settle_late
from model.plain.offers import name_parties, return_to_desk
from model.plain.things import Case
from model.rules import supervision, triage
from model.terms import TICKS_PER_DAY, Activity, Decision, Event, Phase, State

if TYPE_CHECKING:
    from model.plain.district import PlainDistrict

__all__ = ["Platform", "Supervision", "platform_accepts", "supervision_presses"]


def platform_accepts(model: PlainDistrict) -> None:
    """Phase 4: the platform accepts whistles, a capacity a step."""
    model.platform.accept_whistles()


def supervision_presses(model: PlainDistrict) -> None:
    """Phase 7: cases that are overdue are pressed, a capacity a step."""
    model.supervision.press_overdue()


class Platform(mesa.Agent):
    """Screens whistles, a capacity a step, and names the parties."""

    model: PlainDistrict

    def accept_whistles(self) -> None:
        """Screen whistles in the order they came; those beyond the capacity wait for the next."""
        calendar, step = self.model.calendar, self.model.now_step
        capacity = round(self.model.newest.whistle.acceptances_per_day * self.model.share_of_day)
        entries = list(calendar.due(Phase.PLATFORM, step))
        for entry in entries[:capacity]:
            self.screen(entry.case, max(entry.when, self.model.now))
        calendar.put_off(Phase.PLATFORM, step, entries[capacity:])

    def screen(self, case: Case, when: int) -> None:
        """Reject a whistle, or name its parties: rightly from the duty list, or as the sender sees them."""
        model, law = self.model, case.street.law
        settle_late(model, case, when)
        right = triage.accuracy(law, model.habits, case.street.voices, case.decided)
        verdict = triage.screening(law, right, luck.draw(case.key, Decision.SCREEN, case.attempts))
        rightly = verdict == triage.RIGHT
        model.note(when, case, Activity.SCREENED, case.street)
        case.street.credibility = triage.credibility(model.habits, case.street.credibility, verdict == triage.REJECTED)
        model.count("whistles")
        model.count("whistles_right", rightly)
        if verdict == triage.REJECTED:
            self.reject(case, when)
        else:
            case.whistle_open = True
            name_parties(model, case, when, rightly=rightly)

    def reject(self, case: Case, when: int) -> None:
        """The whistle goes back to the street's desk."""
        self.model.note(when, case, Activity.REJECTED, case.street)
        return_to_desk(self.model, case, when)


class Supervision(mesa.Agent):
    """Presses overdue cases, a capacity a step."""

    model: PlainDistrict

    def press_overdue(self) -> None:
        """Press overdue cases, look again a week later; beyond the step's capacity the rest waits for the next step."""
        left = round(self.model.newest.coordination.presses_per_day * self.model.share_of_day)
        now, calendar = self.model.now_step, self.model.calendar
        entries = list(calendar.due(Phase.SUPERVISION, now))
        for place, entry in enumerate(entries):
            if left <= 0:
                calendar.put_off(Phase.SUPERVISION, now, entries[place:])
                break
            case, when = entry.case, max(entry.when, self.model.now)
            if case.state == State.FREE:
                continue
            u = luck.draw(case.key, Decision.PRESSED, now)
            overdue = case.state not in (State.CLOSED, State.WAITING)
            if overdue and supervision.may_press(case.street.law, u):
                left -= self.press(case, when)
            calendar.enter(Phase.SUPERVISION, Event.PRESS, case, when + 7 * TICKS_PER_DAY, earliest=now + 1)

    def press(self, case: Case, when: int) -> int:
        """Press one case; return the capacity that it takes."""
        case.pressed += 1
        self.model.note(when, case, Activity.PRESSED, case.street)
        return 1
