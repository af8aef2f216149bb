"""Phase 2: the city's programmes fall due; what is unmet is sent down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model import rng
from model.reference.unit import Unit
from model.rules import dispatch
from model.terms import TICKS_PER_DAY, Decision

if TYPE_CHECKING:
    from model.reference.district import PlainDistrict
    from model.reference.street import Street

__all__ = ["superiors_assign"]


def superiors_assign(model: PlainDistrict) -> None:
    """On the first step of a day: programmes fall due, each on its unit's own day; what is missed is sent down."""
    if model.now_step % model.steps_per_day:
        return
    missed = 0.0
    for department, city in zip(model.departments, model.cities, strict=True):
        if department.is_turn():
            missed += department.programmes
            assign(model, department)
            assign(model, city)
    for street in model.streets:
        send_down(model, street, missed)
        if street.is_turn():
            opinion = street.law.opinion
            street.errands += opinion.heard * opinion.work * TICKS_PER_DAY / model.per_scale


def assign(model: PlainDistrict, unit: Unit) -> None:
    """The month's programme begins; what is left of the last one has missed its deadline."""
    unit.book("shortfall", unit.programmes)
    month = model.now_step // (model.world.programmes.months * model.steps_per_day)
    key = rng.derive(model.seed_key ^ unit.key, 2)
    volume = rng.draw(key, Decision.PROGRAMME, month)
    unit.programmes = dispatch.months_work(unit.programme_month, model.world.programmes.spread, volume)


def send_down(model: PlainDistrict, street: Street, missed: float) -> None:
    """A street gets its part and sends some on to its communities; what is left undone lapses bit by bit."""
    below, month = street.community, model.world.programmes.months * 1.0
    work = dispatch.sent_down(street.law, model.habits, missed * street.share_of_streets)
    on = dispatch.sent_to_communities(model.habits, work) if below.staff > 0 else 0.0
    street.sent_down += work - on - dispatch.lapses(street.sent_down, month)
    below.sent_down += on - dispatch.lapses(below.sent_down, month)
