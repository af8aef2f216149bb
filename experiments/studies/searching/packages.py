"""A package's worth over worlds, and which packages no other one beats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.design.factors import ON, Factor
from experiments.studies.searching.options import Bound, Cost, Objective, SearchOptions

__all__ = ["constraints_of", "cost_of", "pareto", "spread_out", "worth"]

WORST_SHARE = 0.1
"""Share of the worlds that counts as the worst."""


def worth(objective: Objective, values: NDArray[np.float64], direction: int) -> float:
    """Return an objective over worlds, in the outcome's unit.

    Parameters
    ----------
    values : array (worlds,)
        Mean over replicates; NaN where undefined.
    direction : int
        +1 where more is better, −1 where less is.
    """
    if objective.over == "mean":
        return float(np.mean(values))
    count = max(1, round(WORST_SHARE * values.size))
    worst = np.sort(values * direction)[:count]
    return float(np.mean(worst) * direction)


def cost_of(package: Mapping[str, Any], factors: Sequence[Factor], cost: Cost | None) -> float:
    """Return the sum of a package's grades, each times its price; a switch that is on counts 1."""
    prices = cost.prices if cost is not None else {}
    return sum(prices.get(factor.name, 1.0) * _grade(factor, package[factor.name]) for factor in factors)


def _grade(factor: Factor, value: Any) -> float:
    if factor.numeric and factor.high > factor.low:
        return (float(value) - factor.low) / (factor.high - factor.low)
    return float(value in (ON, True))


def constraints_of(
    options: SearchOptions, package: Mapping[str, Any], factors: Sequence[Factor], means: Mapping[str, float]
) -> dict[str, float]:
    """Return by name how far a package is beyond each constraint; kept where zero or less.

    Parameters
    ----------
    means : mapping
        Mean over worlds by outcome.
    """
    found = {f"{bound.outcome}": _beyond(bound, means[bound.outcome]) for bound in options.bounds}
    if options.cost is not None:
        found["cost"] = cost_of(package, factors, options.cost) - options.cost.at_most
    return found


def _beyond(bound: Bound, mean: float) -> float:
    if bound.at_most is not None:
        return mean - bound.at_most
    assert bound.at_least is not None  # one side is given
    return bound.at_least - mean


def pareto(values: NDArray[np.float64], directions: Sequence[int]) -> NDArray[np.bool_]:
    """Return which rows no other row beats.

    Parameters
    ----------
    values : array (packages, objectives)
    directions : sequence of int
        +1 where more is better, −1 where less is.

    Returns
    -------
    array of bool (packages,)
    """
    signed = values * np.asarray(directions)
    at_least = (signed[:, None, :] >= signed[None, :, :]).all(axis=2)
    better = (signed[:, None, :] > signed[None, :, :]).any(axis=2)
    beaten: NDArray[np.bool_] = (at_least & better).any(axis=0)
    return ~beaten


def spread_out(values: NDArray[np.float64], count: int) -> list[int]:
    """Return the places of rows that are spread out over a set: its extremes first, then always the farthest.

    Parameters
    ----------
    values : array (packages, objectives)
    count : int
        At most so many.
    """
    if len(values) <= count:
        return list(range(len(values)))
    width = np.ptp(values, axis=0)
    scaled = (values - values.min(axis=0)) / np.where(width > 0, width, 1.0)
    chosen = list(dict.fromkeys(int(np.argmax(scaled[:, column])) for column in range(values.shape[1])))[:count]
    while len(chosen) < count:
        distance = np.min(np.linalg.norm(scaled[:, None, :] - scaled[chosen][None, :, :], axis=2), axis=1)
        distance[chosen] = -1.0
        chosen.append(int(np.argmax(distance)))
    return chosen
