"""The seven steps of the whistle: how long a case is in each, and what is counted of it."""

from model import rng
from model.reference.agents import Case
from model.reference.state import Model
from model.rules import capacity, triage
from model.terms import NO_LIMIT, TICKS_PER_DAY, Decision, Step


def book(model: Model, step: Step, cases: int, waited: int) -> None:
    """Count what a step has taken in the window, and how long it had waited (ticks)."""
    if model.in_window:
        model.books.taken[step] += cases
        model.books.waited[step] += waited


def begins(model: Model, step: Step, case: Case, most: int, ready: int, *, times: int = 1) -> int:
    """Take a case through a step inside its street, `times` over; return when it begins (ticks)."""
    begin, street = ready, case.street
    if most < NO_LIMIT:
        begin = capacity.served(ready, street.step_free[step])
        ticks = times * capacity.ticks_each(most, street.share_of_streets, model.per_scale)
        street.step_free[step] = capacity.free_again(model.now, street.step_free[step], ticks)
    book(model, step, times, begin - ready)
    return begin


def heard_at(model: Model, case: Case, when: int) -> int:
    """Take a whistle through source, analysis and sending; return when it reaches the platform (ticks)."""
    law, whistle = case.law, case.law.whistle
    times = 2 if rng.draw(case.key, Decision.SOURCE, case.attempts) < whistle.asked_again else 1
    at = begins(model, Step.SOURCE, case, whistle.sources_per_day, when, times=times)
    at += times * int(whistle.source_days * TICKS_PER_DAY)
    days = whistle.analysis_days + (law.committee.days if case.decided else 0.0)
    at = begins(model, Step.ANALYSIS, case, whistle.analyses_per_day, at) + int(days * TICKS_PER_DAY)
    lost = rng.draw(case.key, Decision.LOST, case.attempts) < whistle.lost
    times = 2 if lost else 1
    at = begins(model, Step.WHISTLE, case, whistle.sendings_per_day, at, times=times)
    at += times * int(whistle.sending_days * TICKS_PER_DAY)
    return at + (int(triage.letter_days(law) * TICKS_PER_DAY) if lost else 0)


def together_at(model: Model, case: Case, when: int) -> int:
    """Return when the parties of a whistled case are called together (ticks); those of a letter come at once."""
    if not case.whistle_open:
        return when
    at = begins(model, Step.REPORTING, case, case.law.whistle.meetings_per_day, when)
    return at + int(case.law.whistle.reporting_days * TICKS_PER_DAY)
