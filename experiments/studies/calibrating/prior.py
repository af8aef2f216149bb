"""The prior of the free parameters: every distribution is handled on its quantiles, where it is even from 0 to 1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from experiments.design.designs import mapped
from experiments.design.factors import Factor

__all__ = ["column", "drawn", "generator", "own_scale", "prior_values", "spread_of", "values_at"]

FINE = 4000
"""Quantiles from which the spread of a prior is worked out."""


def generator(seed: int, *names: int) -> np.random.Generator:
    """Return the generator of one step of the method; the luck of the runs has nothing to do with it."""
    return np.random.default_rng([seed, *names])


def drawn(count: int, dimensions: int, luck: np.random.Generator) -> NDArray[np.float64]:
    """Return a Latin hypercube of quantiles, array (count, dimensions)."""
    from scipy.stats import qmc

    return np.asarray(qmc.LatinHypercube(d=dimensions, rng=luck).random(count))


def values_at(factors: Sequence[Factor], quantiles: NDArray[np.float64]) -> list[dict[str, Any]]:
    """Return rows of values by factor, from rows of quantiles."""
    return mapped(quantiles, factors)


def own_scale(factor: Factor, values: ArrayLike) -> NDArray[np.float64]:
    """Return values on the scale on which spread is measured: the logarithm of a loguniform parameter."""
    numbers = np.asarray(values, dtype=np.float64)
    return np.log(numbers) if factor.shape == "loguniform" else numbers


def prior_values(factor: Factor, count: int = FINE) -> NDArray[np.float64]:
    """Return evenly spaced quantiles of a parameter's prior, array (count,)."""
    return np.array([factor.at((place + 0.5) / count) for place in range(count)], dtype=np.float64)


def spread_of(factor: Factor) -> float:
    """Return the standard deviation of the prior on the parameter's own scale."""
    return float(np.std(own_scale(factor, prior_values(factor))))


def column(factor: Factor, rows: Sequence[Mapping[str, Any]]) -> NDArray[np.float64]:
    """Return the values of a factor in rows, array (rows,)."""
    return np.array([float(row[factor.name]) for row in rows])
