"""Phase 9: the day is written, the month scored: ranks and pressure, residents, quotas."""

from __future__ import annotations

from typing import Any

from model.engine.compiled import step
from model.engine.desk import backlog_days
from model.engine.eras import involve_residents
from model.engine.scoring import write_day
from model.rules import staffing, supervision

__all__ = ["score"]


@step
def month_score(street: Any) -> float:
    """Return a street's score of the month."""
    return supervision.month_score(
        street.month_responded * 1.0, street.month_in_time * 1.0, street.month_satisfied, street.month_reports
    )


@step
def rank_streets(district: Any, laws: Any, habits: Any, units: Any) -> None:
    """Streets are ranked (E1): the lower, the more pressure; their standing moves part of the way (S10)."""
    for s in range(district.streets):
        street = units[s]
        mine = month_score(street)
        better = 0
        for other in range(district.streets):
            better += month_score(units[other]) > mine
        place = better / (district.streets - 1) if district.streets > 1 else 0.0
        street.pressure = supervision.pressure_of_rank(laws[street.law], place)
        units[district.streets + s].pressure = street.pressure
        resolved = street.month_in_time / street.month_reports if street.month_reports > 0 else 1.0
        street.standing += habits.citizens.standing_memory * (resolved - street.standing)


@step
def close_month(district: Any, laws: Any, habits: Any, units: Any, asked: Any) -> None:
    """The month is scored and a new one begins with clean sheets."""
    rank_streets(district, laws, habits, units)
    for s in range(district.streets):
        street, below = units[s], units[district.streets + s]
        if below.month_hours > 0.0:
            below.slack = 1.0 - below.month_sent / below.month_hours
        involve_residents(district, laws, units, s)
        street.month_reports = 0
        street.month_responded = 0
        street.month_in_time = 0
        street.month_satisfied = 0.0
        below.month_hours = 0.0
        below.month_sent = 0.0
    asked[:, :] = 0


@step
def load_with(street: Any, more: int) -> float:
    """Return the work that came for each of a street's people, were there so many more of them."""
    return staffing.load(street.period_asked * 1.0, street.staff + more * 1.0)


@step
def reallocate(district: Any, laws: Any, units: Any) -> None:
    """Dynamic quotas (R7): generalists move, one by one, from where least work came to the longest queue of work."""
    posts = 0
    for s in range(district.streets):
        if staffing.floats(laws[units[s].law], units[s].township):
            posts += units[s].staff
    for _ in range(staffing.movable_posts(laws[district.law], posts)):
        giver, taker = -1, -1
        for s in range(district.streets):
            if not staffing.floats(laws[units[s].law], units[s].township):
                continue
            if taker < 0 or backlog_days(units[s]) > backlog_days(units[taker]):
                taker = s
            spare = units[s].staff - units[s].experts > 1
            if spare and (giver < 0 or load_with(units[s], -1) < load_with(units[giver], -1)):
                giver = s
        if giver < 0:
            return
        waits_there, waits_here = backlog_days(units[taker]), backlog_days(units[giver])
        load_there, load_here = load_with(units[taker], 1), load_with(units[giver], -1)
        if not staffing.worth_moving(laws[district.law], waits_there, waits_here, load_there, load_here):
            return
        units[giver].staff -= 1
        units[giver].moved -= 1
        units[taker].staff += 1
        units[taker].moved += 1


@step
def score(district: Any, laws: Any, habits: Any, units: Any, asked: Any, daily: Any) -> None:
    """Phase 9, at the end of a day."""
    if (district.step + 1) % district.steps_per_day:
        return
    day = district.step // district.steps_per_day
    write_day(district, units, daily, day)
    if (day + 1) % district.month_days == 0:
        close_month(district, laws, habits, units, asked)
    if (day + 1) % laws[district.law].staffing.period_days == 0:
        reallocate(district, laws, units)
        for s in range(district.streets):
            units[s].period_asked = 0
