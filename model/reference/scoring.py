"""The cohort: each problem is settled once, as it stood at the end of its follow-up; citizens who give up."""

from model import rng
from model.engine.scoring import MOST_PASSES
from model.reference.agents import Case
from model.reference.state import Model
from model.rules import feedback
from model.terms import TICKS_PER_DAY, Activity, Decision

_THIRTY = 30 * TICKS_PER_DAY


def settle_late(model: Model, case: Case, now: int) -> None:
    """Settle a problem before something happens to it after its follow-up."""
    if now > case.born + model.follow_up:
        settle(model, case)


def by(time: int | None, limit: int) -> bool:
    """Tell whether something has happened by a limit."""
    return time is not None and time <= limit


def settle(model: Model, case: Case) -> None:
    """Book a problem of the cohort; it counts as reported or found if enough of its follow-up is left."""
    if not case.in_cohort:
        return
    case.in_cohort = False
    cutoff = case.born + model.follow_up
    counted = not case.latent
    model.books.add(problems=counted, due_problems=counted and case.kind.limit_counts, hidden=case.was_hidden)
    if case.reported is None or case.reported > cutoff - model.least_follow_up:
        return
    books, reported = model.books, case.reported
    closed, dropped, reopened = by(case.closed, cutoff), by(case.dropped, cutoff), by(case.reopened, cutoff)
    in_time = closed and by(case.closed, reported + case.kind.limit)
    satisfaction = feedback.satisfaction(in_time, reopened) if closed else 0.0
    kept = {"reported": True, "closed_30": closed and by(case.closed, reported + _THIRTY)}
    waiting = not closed and not dropped
    books.add(
        **kept, found=case.was_hidden, closed=closed, dropped=dropped, backlog=waiting, satisfaction=satisfaction,
        repeated=closed and by(case.repeated, cutoff), whistled=case.whistled,
    )  # fmt: skip
    for what, counts in {**kept, "waiting": waiting}.items():
        books.kinds[what, case.kind_row] += counts
    if case.was_hidden:
        books.add(heard=case.channel is not None)
        books.found_by[case.channel] += 1
    if closed and case.closed is not None:
        books.closures[case.kind_row, books.bin(case.closed - reported)] += 1
    elif dropped and case.dropped is not None:
        books.drops[books.bin(case.dropped - reported)] += 1
    if case.kind.limit_counts:
        book_deadline(model, case, in_time, cutoff)
    books.add(declared=by(case.declared, cutoff))
    if case.declared is not None and case.declared <= cutoff - _THIRTY:
        books.add(declared_30=1, reopened_30=by(case.reopened, case.declared + _THIRTY))
    if case.offered:
        book_offered(model, case, cutoff)


def book_deadline(model: Model, case: Case, in_time: bool, cutoff: int) -> None:
    """Count what is measured against the deadline, for classes that a step resolves."""
    due = case.first_report + case.kind.limit
    holder = "offered" if case.offered else "own"
    model.books.kinds[f"{holder}_due", case.kind_row] += 1
    model.books.kinds[f"{holder}_closed", case.kind_row] += in_time
    model.books.add(
        due=1, closed_in_time=in_time, resolved=in_time and not case.latent, overdue=not in_time,
        responded=by(case.responded, due),
        declared_in_time=by(case.declared, cutoff) and by(case.declared, due),
        joint=case.parties > 1, joint_closed=case.parties > 1 and in_time,
        enforcement=case.needs_power, enforcement_closed=case.needs_power and in_time,
        on_the_spot=case.needs_power and case.kind.on_the_spot,
        on_the_spot_closed=case.needs_power and case.kind.on_the_spot and in_time,
        emergency=case.kind.emergency, emergency_closed=case.kind.emergency and in_time,
    )  # fmt: skip


def book_offered(model: Model, case: Case, cutoff: int) -> None:
    """Count passing over the cases ever offered to a department."""
    circulating, ownerless = case.circulating, case.ownerless
    end = cutoff if case.dropped is None else min(cutoff, case.dropped)
    if case.settling_since is not None:
        circulating += max(0, end - case.settling_since)
    if case.ownerless_since is not None:
        ownerless += max(0, end - case.ownerless_since)
    model.books.add(
        offered=1, passes=case.passes, passed=case.passes > 0, evasive=case.evasive, ping_pong=case.ping_pong,
        circulating=circulating, orphans=ownerless > model.orphan_after,
    )  # fmt: skip
    model.books.passes[min(case.passes, MOST_PASSES - 1)] += 1


def lost_patience(model: Model, case: Case, when: int) -> bool:
    """Tell whether the citizen has given up by now; noticed when somebody takes the case up."""
    waited = (when - case.first_report) / TICKS_PER_DAY
    return feedback.gives_up(model.habits, waited, rng.draw(case.key, Decision.PATIENCE, 0))


def give_up(model: Model, case: Case, when: int) -> None:
    """The citizen has given up: the case is gone."""
    case.dropped = when
    model.note(when, case, Activity.DROPPED, case.street)
    case.release_slots()
    settle(model, case)
    model.totals["open"] -= 1
    model.totals["dropped"] += 1
    model.forget(case)
