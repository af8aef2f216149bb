"""Phase 2: programmes fall due; what is unmet is sent down to streets and on to communities."""

from __future__ import annotations

import numpy as np

from model import rng
from model.engine.district import District
from model.engine.rows import UnitRow
from model.rules import dispatch
from model.terms import TICKS_PER_DAY, Decision

__all__ = ["superiors_assign"]


def is_turn(district: District, unit: UnitRow) -> bool:
    """Tell whether a unit's own day of the month begins; its code fixes the day, so others change nothing."""
    day = district.step // district.steps_per_day
    return day % district.month_days == np.int64(unit.key % np.uint64(district.month_days))


def programmes_due(district: District) -> float:
    """Book what missed its deadline and begin new programmes; return what departments failed to do.

    Departments have their deadlines on different days of the month, their city counterparts on the same.
    """
    length = district.month_days * district.steps_per_day
    missed = 0.0
    for u in range(district.first_department, len(district.units)):
        d = (u - district.first_department) % district.departments
        if not is_turn(district, district.units[district.first_department + d]):
            continue
        unit = district.units[u]
        if u < district.first_department + district.departments:
            missed += unit.programmes
        if district.in_window:
            unit.shortfall += unit.programmes
        key = rng.derive(district.seed ^ unit.key, 2)
        volume = rng.draw(key, Decision.PROGRAMME, district.step // length)
        unit.programmes = dispatch.months_work(unit.programme_month, district.programme_spread, volume)
    return missed


def superiors_assign(district: District) -> None:
    """Phase 2, on the first step of a day: departments send down what they missed; what streets leave undone lapses.

    Streets are heard on projects once a month, each on its own day (R2).
    """
    if district.step % district.steps_per_day != 0:
        return
    missed = programmes_due(district)
    month = district.month_days * 1.0
    for s in range(district.streets):
        street, below = district.units[s], district.units[district.streets + s]
        law = district.laws[street.law]
        part = dispatch.sent_down(law, district.habits, missed * street.share_of_streets)
        on = dispatch.sent_to_communities(district.habits, part) if below.staff > 0 else 0.0
        street.sent_down += part - on - dispatch.lapses(street.sent_down, month)
        below.sent_down += on - dispatch.lapses(below.sent_down, month)
        if is_turn(district, street):
            street.errands += law.opinion.heard * law.opinion.work * TICKS_PER_DAY / district.per_scale
