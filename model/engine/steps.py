"""The seven steps of the whistle: how long a case is in each, and what is counted of it."""

from model import rng
from model.effects import InForce
from model.engine.district import District
from model.engine.rows import CaseRow
from model.rules import capacity, triage
from model.terms import NO_LIMIT, TICKS_PER_DAY, Decision, Step


def book(district: District, step: int, cases: int, waited: int) -> None:
    """Count what a step has taken in the window, and how long it had waited (ticks)."""
    if district.in_window:
        district.step_counts[step, 0] += cases
        district.step_counts[step, 1] += waited


def begins(district: District, step: int, s: int, most: int, times: int, ready: int) -> int:
    """Take a case through a step inside street `s`, `times` over; return when it begins (ticks)."""
    begin = ready
    if most < NO_LIMIT:
        begin = capacity.served(ready, district.step_free[step, s])
        ticks = times * capacity.ticks_each(most, district.units[s].share_of_streets, district.per_scale)
        now = district.step * district.step_ticks
        district.step_free[step, s] = capacity.free_again(now, district.step_free[step, s], ticks)
    book(district, step, times, begin - ready)
    return begin


def heard_at(district: District, law: InForce, case: CaseRow, when: int) -> int:
    """Take a whistle through source, analysis and sending; return when it reaches the platform (ticks)."""
    whistle, s = law.whistle, case.street
    rounds = 1 + (rng.draw(case.key, Decision.SOURCE, case.attempts) < whistle.asked_again)
    at = begins(district, Step.SOURCE, s, whistle.sources_per_day, rounds, when)
    at += rounds * int(whistle.source_days * TICKS_PER_DAY)
    days = whistle.analysis_days + (law.committee.days if case.decided else 0.0)
    at = begins(district, Step.ANALYSIS, s, whistle.analyses_per_day, 1, at) + int(days * TICKS_PER_DAY)
    rounds = 1 + (rng.draw(case.key, Decision.LOST, case.attempts) < whistle.lost)
    at = begins(district, Step.WHISTLE, s, whistle.sendings_per_day, rounds, at)
    at += rounds * int(whistle.sending_days * TICKS_PER_DAY)
    return at + (rounds - 1) * int(triage.letter_days(law) * TICKS_PER_DAY)


def together_at(district: District, law: InForce, case: CaseRow, when: int) -> int:
    """Return when the parties of a whistled case are called together (ticks); those of a letter come at once."""
    if not case.whistle_open:
        return when
    at = begins(district, Step.REPORTING, case.street, law.whistle.meetings_per_day, 1, when)
    return at + int(law.whistle.reporting_days * TICKS_PER_DAY)
