"""Phase 9: the day is written, the month scored: ranks and pressure, residents, quotas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.rules import staffing, supervision

if TYPE_CHECKING:
    from model.reference.district import PlainDistrict
    from model.reference.street import Street

__all__ = ["score"]


def score(model: PlainDistrict) -> None:
    """At the end of a day it is entered in the books; months and quota periods are closed."""
    day, step_of_day = divmod(model.now_step + 1, model.steps_per_day)
    if step_of_day:
        return
    model.today.update(model.totals)
    for unit in model.units:
        model.today[f"queued_{unit.level.name.lower()}"] += unit.queued
    if day % model.world.programmes.months == 0:
        close_month(model)
    if day % model.newest.staffing.period_days == 0:
        reallocate(model)
        for street in model.streets:
            street.period_asked = 0


def close_month(model: PlainDistrict) -> None:
    """The month is scored and a new one begins with clean sheets."""
    rank_streets(model)
    for street in model.streets:
        below = street.community
        if below.month_hours > 0.0:
            street.slack = 1.0 - below.month_sent / below.month_hours
        street.involve_residents()
        street.month_reports = street.month_responded = street.month_in_time = 0
        street.month_satisfied = 0.0
        below.month_hours = below.month_sent = 0.0
    for department in model.departments:
        department.asked_by.clear()


def rank_streets(model: PlainDistrict) -> None:
    """Streets with reports are ranked (E1): the lower, the more pressure; all standings move part of the way (S10)."""
    scores = {street: street.month_score() for street in model.streets if street.month_reports > 0}
    for street in model.streets:
        pressure, resolved = 0.0, 1.0
        if street in scores:
            better = sum(score > scores[street] for score in scores.values())
            pressure = supervision.pressure_of_rank(street.law, better / max(1, len(scores) - 1))
            resolved = street.month_in_time / street.month_reports
        street.pressure = street.community.pressure = pressure
        street.standing += model.habits.citizens.standing_memory * (resolved - street.standing)


def reallocate(model: PlainDistrict) -> None:
    """Dynamic quotas (R7): generalists move, one by one, from where least work came to the longest queue of work."""
    floating = [street for street in model.streets if staffing.floats(street.law, street.township)]
    posts = sum(street.staff for street in floating)
    for _ in range(staffing.movable_posts(model.newest, posts)):
        taker = max(floating, key=lambda street: street.backlog_days())
        givers = [street for street in floating if street.staff - street.experts > 1]
        giver = min(givers, key=lambda street: load_with(street, -1), default=None)
        if giver is None or not worth_moving(model, giver, taker):
            return
        move_one(giver, taker)


def worth_moving(model: PlainDistrict, giver: Street, taker: Street) -> bool:
    """Tell whether one person should change the street."""
    loads = load_with(taker, 1), load_with(giver, -1)
    return staffing.worth_moving(model.newest, taker.backlog_days(), giver.backlog_days(), *loads)


def load_with(street: Street, more: int) -> float:
    """Return the work that came for each of a street's people, were there so many more of them."""
    return staffing.load(float(street.period_asked), float(street.staff + more))


def move_one(giver: Street, taker: Street) -> None:
    """One person changes the street."""
    giver.staff -= 1
    giver.moved -= 1
    taker.staff += 1
    taker.moved += 1
