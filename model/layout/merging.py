"""N4a: enforcement departments of like fields become one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from model.placement import Placed
from model.policy import Law
from model.world import World

__all__ = ["merge_claims", "merge_people", "merge_work", "successors"]


def successors(law: Law, world: World) -> list[int]:
    """Return, for each department, the department that does its work: itself, or the one it was merged into.

    In each sector with several enforcement departments the largest of old leads; a share of these sectors, in
    the order of their names, is merged.
    """
    sectors: dict[str, list[int]] = defaultdict(list)
    for d, unit in enumerate(world.departments):
        if unit.enforcement and unit.sector:
            sectors[unit.sector].append(d)
    several = [sectors[name] for name in sorted(sectors) if len(sectors[name]) > 1]
    into = list(range(len(world.departments)))
    for members in several[: round(law.structure.merged_teams * len(several))]:
        leader = min(members, key=lambda d: (-world.departments[d].staff_weight, world.departments[d].code))
        for d in members:
            into[d] = leader
    return into


def merge_people(placed: Placed, into: Sequence[int]) -> Placed:
    """Return the placement with the people of merged departments at their successors."""
    departments = [0] * len(into)
    stationed = [[0] * len(placed.streets) for _ in into]
    for d, leader in enumerate(into):
        departments[leader] += placed.departments[d]
        stationed[leader] = [a + b for a, b in zip(stationed[leader], placed.stationed[d], strict=True)]
    return Placed(placed.city, departments, placed.streets, placed.communities, placed.experts, stationed)


def merge_work(work: Sequence[float], into: Sequence[int]) -> list[float]:
    """Return work by department with that of merged ones at their successors."""
    merged = [0.0] * len(into)
    for d, leader in enumerate(into):
        merged[leader] += work[d]
    return merged


def merge_claims(strength: Sequence[float], into: Sequence[int]) -> list[float]:
    """Return claims by department: a merged one holds what any of its parts held (1 − the product of the rests)."""
    rests = [1.0] * len(into)
    for d, leader in enumerate(into):
        rests[leader] *= 1.0 - strength[d]
    return [1.0 - rest if len([d for d in into if d == at]) > 1 else strength[at] if into[at] == at else 0.0
            for at, rest in enumerate(rests)]  # fmt: skip
