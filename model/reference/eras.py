"""Other laws come into force: people are placed anew, units merged, teams sent home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.layout import EraPlan
from model.reference.joint import dissolve
from model.reference.unit import Unit

if TYPE_CHECKING:
    from model.reference.district import PlainDistrict

__all__ = ["begin_era"]


def begin_era(model: PlainDistrict, era: EraPlan) -> None:
    """Other laws are in force from today: people are placed anew, units merged, residents involved."""
    given = [era.units[street.row].staff - era.units[street.row].experts for street in model.streets]
    if given != model.given:  # posts given out anew void what quotas had moved
        for street in model.streets:
            street.moved = 0
    model.covers, model.newest, model.given = era.covers, era.laws[-1], given
    by_law = {id(law): kinds for law, kinds in zip(era.laws, era.kinds, strict=True)}
    for unit, plan in zip(model.units, era.units, strict=True):
        unit.post(plan)
    for street in model.streets:
        street.kinds = by_law[id(street.law)]
    for unit in model.units:
        if unit.successor is not unit:
            _absorb(unit.successor, unit)
    for street in model.streets:
        if street.team.staff == 0:
            dissolve(model, street.team)
        street.involve_residents()


def _absorb(unit: Unit, merged: Unit) -> None:
    """Take over the queue and the programmes of a unit merged into this one."""
    for mine, theirs in zip(unit.lanes(), merged.lanes(), strict=True):
        for slot in theirs:
            slot.unit = unit
        mine.extend(theirs)
        theirs.clear()
    unit.queued += merged.queued
    unit.waiting += merged.waiting
    unit.programmes += merged.programmes
    merged.queued = merged.waiting = 0
    merged.programmes = 0.0
