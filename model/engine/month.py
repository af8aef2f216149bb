"""Phase 9: the day is written, the month scored: ranks and pressure, residents, quotas."""

from __future__ import annotations

from model.engine.desk import backlog_days
from model.engine.district import District
from model.engine.eras import involve_residents
from model.engine.rows import UnitRow
from model.engine.scoring import write_day
from model.rules import staffing, supervision

__all__ = ["score"]


def month_score(street: UnitRow) -> float:
    """Return the score of the month of a street with reports."""
    return supervision.month_score(
        street.month_responded * 1.0, street.month_in_time * 1.0, street.month_satisfied, street.month_reports
    )


def place_of(district: District, street: UnitRow, ranked: int) -> float:
    """Return a street's place among so many `ranked` ones: 0 best, 1 worst."""
    mine = month_score(street)
    better = 0
    for s in range(district.streets):
        other = district.units[s]
        better += other.month_reports > 0 and month_score(other) > mine
    return better / (ranked - 1) if ranked > 1 else 0.0


def rank_streets(district: District) -> None:
    """Streets with reports are ranked (E1): the lower, the more pressure; all standings move part of the way (S10)."""
    ranked = 0
    for s in range(district.streets):
        ranked += district.units[s].month_reports > 0
    for s in range(district.streets):
        street = district.units[s]
        street.pressure = 0.0
        if street.month_reports > 0:
            street.pressure = supervision.pressure_of_rank(
                district.laws[street.law], place_of(district, street, ranked)
            )
        district.units[district.streets + s].pressure = street.pressure
        resolved = street.month_in_time / street.month_reports if street.month_reports > 0 else 1.0
        street.standing += district.habits.citizens.standing_memory * (resolved - street.standing)


def close_month(district: District) -> None:
    """The month is scored and a new one begins with clean sheets."""
    rank_streets(district)
    for s in range(district.streets):
        street, below = district.units[s], district.units[district.streets + s]
        if below.month_hours > 0.0:
            below.slack = 1.0 - below.month_sent / below.month_hours
        involve_residents(district, s)
        street.month_reports = 0
        street.month_responded = 0
        street.month_in_time = 0
        street.month_satisfied = 0.0
        below.month_hours = 0.0
        below.month_sent = 0.0
    for s in range(district.streets):
        for d in range(district.departments):
            district.asked[s, d] = 0


def load_with(street: UnitRow, more: int) -> float:
    """Return the work that came for each of a street's people, were there so many more of them."""
    return staffing.load(street.period_asked * 1.0, street.staff + more * 1.0)


def reallocate(district: District) -> None:
    """Dynamic quotas (R7): generalists move, one by one, from where least work came to the longest queue of work."""
    posts = 0
    for s in range(district.streets):
        if staffing.floats(district.laws[district.units[s].law], district.units[s].township > 0):
            posts += district.units[s].staff
    for _ in range(staffing.movable_posts(district.laws[district.law], posts)):
        giver, taker = -1, -1
        for s in range(district.streets):
            if not staffing.floats(district.laws[district.units[s].law], district.units[s].township > 0):
                continue
            if taker < 0 or backlog_days(district.units[s]) > backlog_days(district.units[taker]):
                taker = s
            spare = district.units[s].staff - district.units[s].experts > 1
            if spare and (giver < 0 or load_with(district.units[s], -1) < load_with(district.units[giver], -1)):
                giver = s
        if giver < 0:
            return
        waits_there, waits_here = backlog_days(district.units[taker]), backlog_days(district.units[giver])
        load_there, load_here = load_with(district.units[taker], 1), load_with(district.units[giver], -1)
        if not staffing.worth_moving(district.laws[district.law], waits_there, waits_here, load_there, load_here):
            return
        district.units[giver].staff -= 1
        district.units[giver].moved -= 1
        district.units[taker].staff += 1
        district.units[taker].moved += 1


def score(district: District) -> None:
    """Phase 9, at the end of a day."""
    if (district.step + 1) % district.steps_per_day:
        return
    day = district.step // district.steps_per_day
    write_day(district, day)
    if (day + 1) % district.month_days == 0:
        close_month(district)
    if (day + 1) % district.laws[district.law].staffing.period_days == 0:
        reallocate(district)
        for s in range(district.streets):
            district.units[s].period_asked = 0
