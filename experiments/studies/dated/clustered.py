"""Estimates from one district, with standard errors clustered by street: what an empirical study would report."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.stats.intervals import CONFIDENCE

__all__ = ["Estimate", "Estimates", "estimates_of", "joint_test", "small_sample"]

FEWEST = 2
"""Streets of each sort without which there is no standard error."""


@dataclass(frozen=True)
class Estimate:
    """An estimate with its clustered standard error, in the unit of the measure.

    Attributes
    ----------
    value, error, low, high : float or None
        With the 95 % t interval; undefined ones are None.
    p : float or None
        Two-sided, of no effect.
    """

    value: float | None
    error: float | None
    low: float | None
    high: float | None
    p: float | None

    def holds(self, truth: float | None) -> bool | None:
        """Tell whether the interval holds a value, None where either is undefined."""
        if truth is None or self.low is None or self.high is None:
            return None
        return self.low <= truth <= self.high

    def as_json(self) -> dict[str, Any]:
        """Return plain values by name."""
        return {"value": self.value, "error": self.error, "ci_low": self.low, "ci_high": self.high, "p": self.p}


@dataclass(frozen=True)
class Estimates:
    """Several estimates with their covariance.

    Attributes
    ----------
    values : array (estimates,)
    covariance : array (estimates, estimates)
        Clustered by street.
    clusters : int
        Streets.
    """

    values: NDArray[np.float64]
    covariance: NDArray[np.float64]
    clusters: int

    def one(self, place: int) -> Estimate:
        """Return one of them."""
        variance = float(self.covariance[place, place])
        return _estimate(float(self.values[place]), variance, self.clusters - 1)

    def joint_p(self) -> float | None:
        """Return the p of all being zero (Wald statistic, Hotelling's correction for few clusters)."""
        return joint_test(self.values, self.covariance, self.clusters - 2)


def estimates_of(values: NDArray[np.float64], influence: NDArray[np.float64], scale: float) -> Estimates:
    """Return estimates from each street's influence on them.

    Parameters
    ----------
    values : array (estimates,)
    influence : array (streets, estimates)
        Of which the outer products add up to the covariance.
    scale : float
        Correction for a small sample.
    """
    return Estimates(values, scale * influence.T @ influence, len(influence))


def small_sample(values: NDArray[np.float64], coefficients: int) -> float:
    """Return G/(G−1) · (N−1)/(N−K): K counts coefficients and periods, for streets are nested in the clusters."""
    streets, periods = values.shape
    cells = streets * periods
    correction: float = streets / (streets - 1) * (cells - 1) / max(1, cells - coefficients - periods)
    return correction


def joint_test(values: NDArray[np.float64], covariance: NDArray[np.float64], freedom: int) -> float | None:
    """Return the p of all values being zero, None where the covariance does not allow a test."""
    from scipy.special import fdtrc

    count = len(values)
    if count == 0 or freedom < count or np.linalg.matrix_rank(covariance) < count:
        return None
    wald = float(values @ np.linalg.solve(covariance, values))
    return float(fdtrc(count, freedom - count + 1, wald * (freedom - count + 1) / (freedom * count)))


def _estimate(value: float, variance: float, freedom: int) -> Estimate:
    from scipy.special import stdtr, stdtrit

    if not math.isfinite(value):
        return Estimate(None, None, None, None, None)
    if freedom < 1 or not variance > 0.0:
        return Estimate(value, None, None, None, None)
    error = math.sqrt(variance)
    half = float(stdtrit(freedom, (1 + CONFIDENCE) / 2)) * error
    return Estimate(value, error, value - half, value + half, 2 * float(stdtr(freedom, -abs(value) / error)))
