"""A pool of forecasts: a mixture whose weights are learned where all of them could be watched.

The CRPS of a mixture is quadratic in its weights, so that what a weight costs is known without drawing anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from experiments.stats.crps import crps, quantiles
from experiments.stats.intervals import Floats

MECHANISM, REPLAY, LAST, YESTERDAY = MEMBERS = ("mechanism", "replay", "last", "yesterday")
"""Whose forecasts are pooled. Yesterday is among them because a pool without it can be beaten by it."""

BEFORE = (0.1, 0.45, 0.1, 0.35)
"""Weights before anything was watched, to which the learned ones are drawn: half of it lies on the mechanism and its
neighbours that follow change, the other on what has always been. Set before any last part was looked at."""

PULL = 2.0  # with which weights are drawn to those above, in scores of yesterday for a squared difference of one
POINTS = 100  # quantiles that stand for a forecast where members are compared
LEVELS = np.array([0.05, 0.95])  # ends of what is told of a forecast: nine in ten, as of worlds


class Watched(NamedTuple):
    """One forecast that could be watched: what each member said, arrays (sample,), and what came."""

    measure: str
    said: Mapping[str, Floats]
    came: float


@dataclass(frozen=True)
class Weights:
    """Weights of the members, in their order.

    Attributes:
        whole (array (members,)): Over all measures.
        by_measure: For each that was watched, array (members,).
    """

    members: tuple[str, ...]
    whole: Floats
    by_measure: Mapping[str, Floats]

    def of(self, measure: str) -> Floats:
        return self.by_measure.get(measure, self.whole)


class Pooled(NamedTuple):
    """A pooled forecast: its values and the weight of each, arrays (sample,)."""

    values: Floats
    weights: Floats

    @classmethod
    def of(cls, said: Mapping[str, Floats], weights: Weights, measure: str) -> Pooled:
        """Pool what members said; one that says nothing gives its weight to the others."""
        told = [(said[name], weight) for name, weight in zip(weights.members, weights.of(measure), strict=True)
                if name in said and said[name].size]  # fmt: skip
        total = sum(weight for _, weight in told)
        if total <= 0.0:
            told, total = [(values, 1.0) for values, _ in told], float(len(told))
        values = np.concatenate([each for each, _ in told])
        return cls(values, np.concatenate([np.full(each.size, weight / total / each.size) for each, weight in told]))

    def score(self, came: float) -> float:
        return crps(self.values, came, self.weights)

    def interval(self) -> tuple[float, float]:
        """Return the ends between which 90 % of the forecast lies."""
        low, high = quantiles(self.values, LEVELS, self.weights)
        return float(low), float(high)


class _Cost(NamedTuple):
    """What weights w cost: `near @ w − w @ apart @ w / 2`, in scores of yesterday."""

    near: Floats
    apart: Floats


def learn_weights(watched: Sequence[Watched], members: tuple[str, ...] = MEMBERS) -> Weights:
    """Return the weights that would have done best, drawn to those before; those of a measure to those of all."""
    before = np.array([BEFORE[MEMBERS.index(name)] for name in members])
    before /= before.sum()
    by_measure: dict[str, list[Watched]] = {}
    for each in watched:
        if all(each.said[name].size for name in members):
            by_measure.setdefault(each.measure, []).append(each)
    costs = {name: _cost(each, members) for name, each in by_measure.items()}
    if not costs:
        return Weights(members, before, {})
    near, apart = (np.mean(each, axis=0) for each in zip(*costs.values(), strict=True))
    whole = _best(_Cost(near, apart), before)
    return Weights(members, whole, {name: _best(cost, whole) for name, cost in costs.items()})


def _cost(watched: Sequence[Watched], members: tuple[str, ...]) -> _Cost:
    """Return what weights cost of one measure, mean over what was watched."""
    levels = (np.arange(POINTS) + 0.5) / POINTS
    near, apart, scale = [], [], []
    for each in watched:
        points = np.array([np.quantile(each.said[name], levels) for name in members])
        near.append(np.abs(points - each.came).mean(axis=1))
        apart.append(np.abs(points[:, None, :, None] - points[None, :, None, :]).mean(axis=(2, 3)))
        scale.append(crps(each.said[YESTERDAY], each.came))
    unit = max(float(np.mean(scale)), 1e-12)
    return _Cost(np.mean(near, axis=0) / unit, np.mean(apart, axis=0) / unit)


def _best(cost: _Cost, before: Floats) -> Floats:
    """Return the weights that cost least, each difference from those before added."""
    from scipy.optimize import Bounds, LinearConstraint, minimize

    def total(weights: Floats) -> float:
        pull = PULL * ((weights - before) ** 2).sum()
        return float(cost.near @ weights - weights @ cost.apart @ weights / 2 + pull)

    alone = LinearConstraint(np.ones((1, before.size)), 1.0, 1.0)
    found = minimize(total, before, bounds=Bounds(0.0, 1.0), method="SLSQP", constraints=alone)
    weights = np.clip(found.x, 0.0, None)
    return np.asarray(weights / weights.sum())
