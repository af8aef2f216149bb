"""Packages under many objectives: which no other one beats, which are unlike, how far each is behind the best."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from experiments.stats.ensemble import Doubt, range_over
from experiments.stats.intervals import Bools, Floats, Interval


@dataclasses.dataclass(frozen=True)
class WorldRange:
    """A number over worlds: median, 5 % and 95 % quantile."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Floats) -> "WorldRange":
        """Return that of one value a world, of two worlds or more."""
        found = range_over(values)
        return cls(found.mean or 0.0, found.low or 0.0, found.high or 0.0)

    @property
    def drawn(self) -> Interval:
        """Median and ends, where a number with an interval is shown."""
        return Interval(self.median, self.low, self.high)


@dataclasses.dataclass(frozen=True)
class Judged:
    """A package ("p12"), or a reference regime by its label, in worlds that the search has not seen.

    Attributes:
        package: Value by factor; empty for a reference.
        feasible, efficient: Whether it keeps the constraints in these worlds; whether no other judged package or
            reference beats it.
        worth, regret: By objective, in its outcome's unit: over the worlds (the worst tenth has no interval); how far
            behind the best in the same world, mean over worlds.
        satisfied: Share of the worlds in which every objective is good enough; undefined where no objective says when
            it is.
        kept: Share of the worlds in which every constraint is kept; undefined where there is none.
        worlds, behind: By objective: its outcome, and the regret, over worlds.
        doubt: By objective: what it does to the outcome, against the first reference in the same world with the same
            luck; empty where there is no reference, and for that one.
    """

    name: str
    package: Mapping[str, Any]
    cost: float | None
    feasible: bool
    efficient: bool
    worth: Mapping[str, Interval]
    regret: Mapping[str, Interval]
    satisfied: Interval
    kept: Interval
    worlds: Mapping[str, WorldRange]
    behind: Mapping[str, WorldRange]
    doubt: Mapping[str, Doubt]


def pareto(values: Floats, directions: Sequence[int]) -> Bools:
    """Return which rows of an array (rows, objectives) no other row beats, array (rows,).

    A direction is +1 where more is better, −1 where less is.
    """
    signed = values * np.asarray(directions)
    at_least = (signed[:, None, :] >= signed[None, :, :]).all(axis=2)
    better = (signed[:, None, :] > signed[None, :, :]).any(axis=2)
    return np.asarray(~(at_least & better).any(axis=0))


def spread_out(values: Floats, count: int) -> list[int]:
    """Return at most so many rows (rows, objectives), spread out: its extremes, then always the farthest."""
    if len(values) <= count:
        return list(range(len(values)))
    width = np.ptp(values, axis=0)
    scaled = (values - values.min(axis=0)) / np.where(width > 0, width, 1.0)
    chosen = list(dict.fromkeys(int(np.argmax(column)) for column in scaled.T))[:count]
    while len(chosen) < count:
        distance = np.min(np.linalg.norm(scaled[:, None, :] - scaled[chosen][None, :, :], axis=2), axis=1)
        distance[chosen] = -1.0
        chosen.append(int(np.argmax(distance)))
    return chosen


def regret(table: Floats, direction: int) -> Floats:
    """Return how far each row of an array (packages, worlds) is behind the best row in each world."""
    signed = table * direction
    return np.asarray(signed.max(axis=0) - signed)
