"""How many problems a street bears in a step: counts by inversion of one keyed draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model import portable_math, rng
from model.terms import Decision

if TYPE_CHECKING:
    from model.reference.district import PlainDistrict
    from model.reference.street import Street

__all__ = ["births_due", "counted"]

_LARGEST_MEAN = 300.0
"""A larger mean is drawn in parts, so that the chance of zero does not underflow."""


def births_due(model: PlainDistrict, street: Street) -> int:
    """Return how many problems a street bears in this step."""
    level = model.plan.season[model.month] * (model.world.demand.weekend if model.is_weekend else 1.0)
    mean = street.demand * level / model.steps_per_day
    if model.world.demand.arrivals == "deterministic":
        street.carry += mean
        n = int(street.carry)
        street.carry -= n
        return n
    return counted(model, street, 0, mean)


def counted(model: PlainDistrict, street: Street, stream: int, mean: float) -> int:
    """Return a street's count of this step from one of its streams."""
    if mean <= 0.0:
        return 0
    key = rng.derive(rng.derive(model.seed_key ^ street.key, stream), model.now_step)
    parts = int(mean / _LARGEST_MEAN) + 1
    return sum(_count(model, key, mean / parts, part) for part in range(parts))


def _count(model: PlainDistrict, key: int, mean: float, occurrence: int) -> int:
    """Return a Poisson or negative binomial count by inversion of one draw."""
    demand = model.world.demand
    left = rng.draw(key, Decision.DEMAND, occurrence)
    spread = demand.dispersion if demand.arrivals == "negative_binomial" else 1.0
    overdispersed = spread > 1.0
    size = mean / (spread - 1.0) if overdispersed else 0.0
    odds = (spread - 1.0) / spread
    chance = portable_math.exp(-size * portable_math.log(spread)) if overdispersed else portable_math.exp(-mean)
    n = 0
    while left > chance > 0.0:
        left -= chance
        n += 1
        chance *= odds * (size + n - 1.0) / n if overdispersed else mean / n
    return n
