"""Phase 2: programmes fall due; what is unmet is sent down to streets and on to communities."""

from __future__ import annotations

from typing import Any

from model import luck
from model.engine.compiled import step
from model.rules import dispatch
from model.terms import Decision

__all__ = ["superiors_assign"]


@step
def superiors_assign(district: Any, law: Any, habits: Any, units: Any) -> None:
    """Phase 2, on the first step of a month: shortfall is booked and sent down, new programmes begin.

    What streets and communities did not do of last month's work lapses.
    """
    length = district.month_days * district.steps_per_day
    if district.step % length != 0:
        return
    month = district.step // length
    total = 0.0
    for u in range(district.first_department, len(units)):
        unit = units[u]
        if u < district.first_department + district.departments:
            total += dispatch.sent_down(law, habits, unit.programmes)
        if district.in_window:
            unit.shortfall += unit.programmes
        key = luck.derive(district.seed ^ unit.key, 2)
        volume = luck.draw(key, Decision.PROGRAMME, month)
        unit.programmes = dispatch.months_work(unit.programme_month, district.programme_spread, volume)
    for s in range(district.streets):
        part = total * units[s].share_of_streets
        below = units[district.streets + s]
        on = dispatch.sent_to_communities(habits, part) if below.staff > 0 else 0.0
        units[s].sent_down = part - on
        below.sent_down = on
