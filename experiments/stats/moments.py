"""Large-sample intervals of spread and dispersion, from the influence of each value; undefined is None, never NaN."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from experiments.stats.intervals import CONFIDENCE, Interval

__all__ = ["dispersion_interval", "spread_interval"]

FEWEST = 30
"""Values below which the normal approximation, and so the bounds, are left out."""


def spread_interval(values: ArrayLike) -> Interval:
    """Return the standard deviation (n − 1) with its interval.

    Parameters
    ----------
    values : array (n,) of float
        Independent and finite.
    """
    numbers = np.asarray(values, dtype=np.float64)
    spread = float(numbers.std(ddof=1)) if numbers.size > 1 else None
    if spread is None or spread == 0.0:
        return Interval(spread, None, None)
    away = numbers - numbers.mean()
    return _around(spread, (away**2 - spread**2) / (2 * spread))


def dispersion_interval(counts: ArrayLike) -> Interval:
    """Return variance ÷ mean of counts (1 for independent rare events) with its interval; None where nothing counts.

    Parameters
    ----------
    counts : array (n,) of int
    """
    numbers = np.asarray(counts, dtype=np.float64)
    mean = float(numbers.mean()) if numbers.size > 1 else 0.0
    if mean == 0.0:
        return Interval(None, None, None)
    variance = float(numbers.var(ddof=1))
    away = numbers - mean
    return _around(variance / mean, (away**2 - variance) / mean - away * variance / mean**2)


def _around(value: float, influence: NDArray[np.float64]) -> Interval:
    """Return a value with bounds by the delta method: the spread of what each observation adds to it."""
    from scipy.special import ndtri

    if influence.size < FEWEST:
        return Interval(value, None, None)
    half = float(ndtri((1 + CONFIDENCE) / 2)) * float(influence.std()) / math.sqrt(influence.size)
    return Interval(value, max(0.0, value - half), value + half)
