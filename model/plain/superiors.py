"""Phase 2: the city's programmes fall due; what is unmet is sent down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model import luck
from model.plain.unit import Unit
from model.rules import dispatch
from model.terms import Decision

if TYPE_CHECKING:
    from model.plain.district import PlainDistrict
    from model.plain.street import Street

__all__ = ["superiors_assign"]


def superiors_assign(model: PlainDistrict) -> None:
    """On the first step of a month shortfall is booked and sent down, and new programmes begin."""
    month, step_of_month = divmod(model.now_step, model.world.programmes.months * model.steps_per_day)
    if step_of_month:
        return
    total = 0.0
    for department in model.departments:
        total += dispatch.sent_down(model.law, model.habits, department.programmes)
    for unit in (*model.departments, *model.cities):
        assign(model, unit, month)
    for street in model.streets:
        send_down(model, street, total * street.share_of_streets)


def assign(model: PlainDistrict, unit: Unit, month: int) -> None:
    """The month's programme begins; what is left of the last one has missed its deadline."""
    unit.book("shortfall", unit.programmes)
    key = luck.derive(model.seed_key ^ unit.key, 2)
    volume = luck.draw(key, Decision.PROGRAMME, month)
    unit.programmes = dispatch.months_work(unit.programme_month, model.world.programmes.spread, volume)


def send_down(model: PlainDistrict, street: Street, work: float) -> None:
    """A street gets its part and sends some on to its communities; last month's rest lapses."""
    below = street.community
    on = dispatch.sent_to_communities(model.habits, work) if below.staff > 0 else 0.0
    street.sent_down = work - on
    below.sent_down = on
