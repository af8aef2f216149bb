"""Phase 4: the platform accepts whistles, a capacity a day."""

from __future__ import annotations

from model import rng
from model.engine.columns import NOBODY
from model.engine.district import District
from model.engine.eras import law_of
from model.engine.ledger import fetch_ahead, next_event, note, put_off, schedule
from model.engine.offers import offer
from model.engine.scoring import settle_late
from model.rules import capacity, triage
from model.terms import Activity, Decision, Event, Phase

__all__ = ["platform_accepts"]


def screen(district: District, row: int, when: int) -> None:
    """Reject a whistle, or name its parties: rightly from the duty list, or as the sender sees them."""
    case = district.cases[row]
    settle_late(district, case, when)
    law = law_of(district, case)
    street = district.units[case.street]
    right = triage.accuracy(law, district.habits, street.voices, case.decided > 0)
    verdict = triage.screening(law, right, rng.draw(case.key, Decision.SCREEN, case.attempts))
    note(district, when, case.key, Activity.SCREENED, case.street, verdict)
    street.credibility = triage.credibility(district.habits, street.credibility, verdict == triage.REJECTED)
    district.tally.whistles += district.in_window
    district.tally.whistles_right += district.in_window * (verdict == triage.RIGHT)
    if verdict == triage.REJECTED:
        note(district, when, case.key, Activity.REJECTED, case.street, NOBODY)
        case.attempts += 1
        schedule(district, Phase.ARRIVAL, Event.RETRIAGE, row, when, district.step + 1)
        return
    case.whistle_open = 1
    offer(district, law, row, when, verdict == triage.RIGHT)


def platform_accepts(district: District) -> None:
    """Phase 4: whistles are screened in the order they came; those beyond the capacity wait for the next step."""
    owed = district.platform_owed + district.platform_capacity
    left = capacity.whole(owed, district.steps_per_day)
    district.platform_owed = capacity.left_over(owed, district.steps_per_day)
    at = district.calendar[Phase.PLATFORM, district.step, 0]
    while at != NOBODY:
        if left <= 0:
            put_off(district, Phase.PLATFORM, at)
            break
        event = district.events[at]
        row, when = event.case, max(event.when, district.step * district.step_ticks)
        fetch_ahead(district, event)
        left -= 1
        screen(district, row, when)
        at = next_event(district, at)
