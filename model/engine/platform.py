"""Phase 4: the platform accepts whistles, a capacity a step."""

from __future__ import annotations

from typing import Any

from model import luck
from model.engine.columns import NOBODY
from model.engine.compiled import step
from model.engine.eras import law_of
from model.engine.ledger import fetch_next, next_event, note, put_off, schedule
from model.engine.offers import offer
from model.engine.scoring import settle_late
from model.rules import triage
from model.terms import Activity, Decision, Event, Phase

__all__ = ["platform_accepts"]


@step
def screen(
    district: Any, laws: Any, habits: Any, cases: Any, slots: Any, events: Any, calendar: Any, units: Any, kinds: Any,
    claims: Any, trust: Any, asked: Any, tally: Any, counts: Any, settled: Any, history: Any, row: int, when: int,
) -> None:  # fmt: skip
    """Reject a whistle, or name its parties: rightly from the duty list, or as the sender sees them."""
    case = cases[row]
    settle_late(district, case, kinds, tally, counts, settled, when)
    law = law_of(laws, units, case)
    street = units[case.street]
    right = triage.accuracy(law, habits, street.voices, case.decided > 0)
    verdict = triage.screening(law, right, luck.draw(case.key, Decision.SCREEN, case.attempts))
    note(district, history, when, case.key, Activity.SCREENED, case.street, verdict)
    street.credibility = triage.credibility(habits, street.credibility, verdict == triage.REJECTED)
    tally.whistles += district.in_window
    tally.whistles_right += district.in_window * (verdict == triage.RIGHT)
    if verdict == triage.REJECTED:
        note(district, history, when, case.key, Activity.REJECTED, case.street, NOBODY)
        case.attempts += 1
        schedule(district, events, calendar, Phase.ARRIVAL, Event.RETRIAGE, row, case.key, when, district.step + 1)
        return
    case.whistle_open = 1
    offer(
        district, law, habits, cases, slots, events, calendar, units, kinds, claims, trust, asked, history, row, when,
        verdict == triage.RIGHT,
    )  # fmt: skip


@step
def platform_accepts(
    district: Any, laws: Any, habits: Any, cases: Any, slots: Any, events: Any, calendar: Any, units: Any, kinds: Any,
    claims: Any, trust: Any, asked: Any, tally: Any, counts: Any, settled: Any, history: Any,
) -> None:  # fmt: skip
    """Phase 4: whistles are screened in the order they came; those beyond the capacity wait for the next step."""
    screened = 0
    at = calendar[Phase.PLATFORM, district.step, 0]
    while at != NOBODY:
        if screened >= district.platform_capacity:
            put_off(district, events, calendar, Phase.PLATFORM, at)
            break
        event = events[at]
        row, when = event.case, max(event.when, district.step * district.step_ticks)
        fetch_next(events, cases, slots, event)
        screened += 1
        screen(district, laws, habits, cases, slots, events, calendar, units, kinds, claims, trust, asked, tally,
               counts, settled, history, row, when)  # fmt: skip
        at = next_event(district, events, at)
