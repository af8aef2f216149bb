"""Deadlines of the cases that are counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model import Scenario

__all__ = ["HALF_A_TICK", "day_limits"]

HALF_A_TICK = 5e-7
"""Days; times are whole ticks of 1/864,000 day, limits are rounded to them."""


def day_limits(scenario: Scenario) -> tuple[tuple[str, float], ...]:
    """Return the days that each kind allows, 0 where the step does not resolve its class; in the order of codes."""
    world = scenario.world
    limits = {kind.code: float(getattr(world.deadlines, kind.deadline)) for kind in world.kinds}
    resolved = {code: limit * scenario.run.steps_per_day >= 1.0 for code, limit in limits.items()}
    return tuple(sorted((code, limit if resolved[code] else 0.0) for code, limit in limits.items()))
