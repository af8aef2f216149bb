"""Case kinds under a law: limits, and who claims them."""

from __future__ import annotations

from collections.abc import Sequence

from model.behaviour import Habits
from model.layout.merging import merge_claims
from model.layout.plans import Claim, KindPlan
from model.placement import births_per_day
from model.policy import Law
from model.rng import code_key
from model.rules import jurisdiction
from model.terms import TICKS_PER_DAY
from model.world import Kind, World

__all__ = ["kinds_under", "mix_of_kinds"]


def kinds_under(law: Law, habits: Habits, world: World, into: Sequence[int]) -> tuple[KindPlan, ...]:
    """Return all kinds under a law; `into` names the successor of each department."""
    return tuple(_kind(law, habits, world, kind, into) for kind in world.kinds)


def _kind(law: Law, habits: Habits, world: World, kind: Kind, into: Sequence[int]) -> KindPlan:
    limit = getattr(world.deadlines, kind.deadline)
    street = jurisdiction.membership(law, kind.duties.diffuse.get("street", 0.0), kind.duties.sharp.get("street", 0.0))
    error = jurisdiction.noise(law, habits)
    return KindPlan(
        code=kind.code, key=code_key(kind.code), work_mean=kind.work_days * TICKS_PER_DAY, work_sigma=kind.work_sigma,
        waiting_mean=kind.waiting_days * TICKS_PER_DAY, waiting_sigma=kind.waiting_sigma,
        limit=round(limit * TICKS_PER_DAY), limit_counts=limit * world.run.steps_per_day >= 1.0,
        enforcement=kind.enforcement, joint=kind.joint, third_party=(kind.parties - 2.0) / 2.0, hidden=kind.hidden,
        stake=kind.stake, recur_control=kind.recur_control, recur_cogovernance=kind.recur_cogovernance,
        street_membership=street,
        street_weight=jurisdiction.perceived_weight(max(street, habits.routing.territorial_floor), error),
        street_weight_power=jurisdiction.perceived_weight(habits.routing.territorial_floor, error),
        claims=_claims(law, world, kind, into, error),
    )  # fmt: skip


def _claims(law: Law, world: World, kind: Kind, into: Sequence[int], error: float) -> tuple[Claim, ...]:
    duties, first = kind.duties, 3 * len(world.streets)
    alone = [
        jurisdiction.membership(law, duties.diffuse.get(unit.code, 0.0), duties.sharp.get(unit.code, 0.0))
        for unit in world.departments
    ]
    strength = merge_claims(alone, into)
    return tuple(
        Claim(
            unit=first + d, unit_key=code_key(unit.code), membership=own,
            overlap=jurisdiction.overlap(own, max((m for e, m in enumerate(strength) if e != d), default=0.0)),
            weight=jurisdiction.perceived_weight(own, error), enforcement=unit.enforcement,
        )
        for d, (unit, own) in enumerate(zip(world.departments, strength, strict=True))
        if own > 0.0
    )  # fmt: skip


def mix_of_kinds(world: World) -> tuple[list[list[float]], list[float]]:
    """Return the cumulative mix of kinds by month (12, kinds) and the level of demand by month (12,)."""
    births = births_per_day(world)
    total = sum(births) or 1.0
    week = (5.0 + 2.0 * world.demand.weekend) / 7.0
    chances, season = [], []
    for month in range(12):
        level = [b * kind.season[month] for b, kind in zip(births, world.kinds, strict=True)]
        season.append(sum(level) / total / week)
        running, row = 0.0, []
        for part in level:
            running += part
            row.append(running / (sum(level) or 1.0))
        row[-1] = 1.0
        chances.append(row)
    return chances, season
