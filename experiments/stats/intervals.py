"""Intervals and tests for paired runs; everything undefined is None, never NaN."""

from __future__ import annotations

import dataclasses
import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "CLEAR",
    "FEWEST_BOUNDED",
    "Interval",
    "PairedDifference",
    "bca_interval",
    "bounded_mean_interval",
    "holm",
    "mean_interval",
    "paired_difference",
    "to_json",
]

CONFIDENCE = 0.95
"""Coverage of every interval that is printed."""

CLEAR = 0.05
"""A difference is clear if its Holm-adjusted p is smaller."""

RESAMPLES = 4999
"""Bootstrap resamples; the Monte Carlo error of a 95 % bound is then far below its width."""

FEWEST_ALIKE = 6
"""Pairs that must agree before a difference without spread counts: fewer agree by luck more often than 1 in 20."""

FEWEST_BOUNDED = 10
"""Values below which an interval within their range is left out: of skewed ones it holds too little (0.86 at ten)."""

OFFSETS = (-600.0, 30.0)
"""Logarithms between which an end of an empirical-likelihood interval is sought, in ranges of the values."""

ROUNDING = 1e-12
"""Differences smaller than this share of the largest value are rounding, not variation."""


@dataclass(frozen=True)
class Interval:
    """A mean with its confidence interval, in the unit of the values."""

    mean: float | None
    low: float | None
    high: float | None

    @property
    def excludes_zero(self) -> bool:
        """Whether both bounds lie on one side of zero."""
        return self.low is not None and self.high is not None and (self.low > 0.0 or self.high < 0.0)

    def as_json(self, mean: str = "mean") -> dict[str, float | None]:
        """Return the mean under this key, and the bounds as `ci_low` and `ci_high`."""
        return {mean: self.mean, "ci_low": self.low, "ci_high": self.high}


def to_json(value: Any) -> Any:
    """Return a dataclass as plain values by name of field, however deep; intervals as `Interval.as_json` has them."""
    if isinstance(value, Interval):
        return value.as_json()
    if isinstance(value, tuple):
        return [to_json(each) for each in value]
    if dataclasses.is_dataclass(value):
        return {field.name: to_json(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return value


@dataclass(frozen=True)
class PairedDifference:
    """Mean of after minus before over the pairs in which both are defined.

    Attributes
    ----------
    pairs : int
        Pairs used.
    interval : Interval
        Mean difference and its t interval, in the unit of the outcome.
    effect : float or None
        Cohen's d_z: mean difference over the standard deviation of the differences.
    p : float or None
        Two-sided p of the paired t test; None where no test is possible.
    """

    pairs: int
    interval: Interval
    effect: float | None
    p: float | None


def _finite(values: ArrayLike) -> NDArray[np.float64]:
    numbers = np.asarray(values, dtype=np.float64)
    return numbers[np.isfinite(numbers)]


def _spread(numbers: NDArray[np.float64], scale: float) -> float:
    """Standard deviation, exactly zero where the values differ by rounding only."""
    if np.ptp(numbers) <= ROUNDING * scale:
        return 0.0
    return float(np.std(numbers, ddof=1))


def _half_width(spread: float, count: int, confidence: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(count - 1, (1 + confidence) / 2)) * spread / math.sqrt(count)


def mean_interval(values: ArrayLike, confidence: float = CONFIDENCE) -> Interval:
    """Return the mean with its t interval.

    Parameters
    ----------
    values : array-like of float
        Independent values; None and non-finite ones are left out.
    confidence : float
        Coverage, between 0 and 1.

    Returns
    -------
    Interval
        Bounds are None for fewer than two values, the mean is None for none.
    """
    numbers = _finite(values)
    if numbers.size == 0:
        return Interval(None, None, None)
    mean = float(np.mean(numbers))
    if numbers.size == 1:
        return Interval(mean, None, None)
    half = _half_width(_spread(numbers, float(np.max(np.abs(numbers)))), numbers.size, confidence)
    return Interval(mean, mean - half, mean + half)


def paired_difference(before: ArrayLike, after: ArrayLike, confidence: float = CONFIDENCE) -> PairedDifference:
    """Compare paired values by the t test of their differences.

    Parameters
    ----------
    before, after : array-like of float
        Equally long; pairs in which one is None or not finite are left out.
    confidence : float
        Coverage, between 0 and 1.

    Returns
    -------
    PairedDifference
        Constant differences have an interval of no width. At zero their effect is 0 and their p 1; elsewhere there is
        no effect, and p is 0, or None for fewer than six pairs.
    """
    first, second = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    defined = np.isfinite(first) & np.isfinite(second)
    first, second = first[defined], second[defined]
    count = first.size
    if count < 2:
        mean = float(second[0] - first[0]) if count else None
        return PairedDifference(count, Interval(mean, None, None), None, None)
    scale = float(max(np.max(np.abs(first)), np.max(np.abs(second))))
    return _tested(second - first, scale, confidence)


def _tested(differences: NDArray[np.float64], scale: float, confidence: float) -> PairedDifference:
    from scipy.special import stdtr

    count, mean, spread = differences.size, float(np.mean(differences)), _spread(differences, scale)
    if spread == 0.0:
        if abs(mean) <= ROUNDING * scale:
            return PairedDifference(count, Interval(0.0, 0.0, 0.0), 0.0, 1.0)
        return PairedDifference(count, Interval(mean, mean, mean), None, None if count < FEWEST_ALIKE else 0.0)
    half = _half_width(spread, count, confidence)
    effect = mean / spread
    p = 2 * float(stdtr(count - 1, -abs(effect) * math.sqrt(count)))
    return PairedDifference(count, Interval(mean, mean - half, mean + half), effect, p)


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """Adjust p values for their number (Holm 1979); undefined ones stay undefined and are not counted.

    Parameters
    ----------
    p_values : sequence of float or None

    Returns
    -------
    list of float or None
        In the order given.
    """
    known = sorted((p, place) for place, p in enumerate(p_values) if p is not None)
    adjusted: list[float | None] = [None] * len(p_values)
    largest = 0.0
    for rank, (p, place) in enumerate(known):
        largest = max(largest, min(1.0, (len(known) - rank) * p))
        adjusted[place] = largest
    return adjusted


def bca_interval(values: ArrayLike, confidence: float = CONFIDENCE, seed: int = 0) -> Interval:
    """Return the mean with its bias-corrected accelerated bootstrap interval.

    Parameters
    ----------
    values : array-like of float
        Independent values; None and non-finite ones are left out.
    confidence : float
        Coverage, between 0 and 1.
    seed : int
        Of the resampling.

    Returns
    -------
    Interval
        Of no width for constant values; bounds are None where the bootstrap is undefined.
    """
    numbers = _finite(values)
    if numbers.size < 2:
        return mean_interval(numbers, confidence)
    mean = float(np.mean(numbers))
    if _spread(numbers, float(np.max(np.abs(numbers)))) == 0.0:
        return Interval(mean, mean, mean)
    low, high = _bootstrapped(numbers, confidence, seed)
    return Interval(mean, low, high) if math.isfinite(low) and math.isfinite(high) else Interval(mean, None, None)


def _bootstrapped(numbers: NDArray[np.float64], confidence: float, seed: int) -> tuple[float, float]:
    from scipy.stats import bootstrap

    with warnings.catch_warnings():
        # A degenerate resampling distribution warns and gives NaN, which the caller turns into None.
        warnings.simplefilter("ignore")
        result: Any = bootstrap(
            (numbers,),
            np.mean,
            confidence_level=confidence,
            n_resamples=RESAMPLES,
            method="BCa",
            rng=np.random.default_rng(seed),
        )
    return float(result.confidence_interval.low), float(result.confidence_interval.high)


def bounded_mean_interval(values: ArrayLike, confidence: float = CONFIDENCE) -> Interval:
    """Return the mean with its empirical-likelihood interval, which stays within the range of the values.

    A mean of counts or of durations is then never negative, however few or uneven they are, and no resampling is
    needed: a log of a million cases takes a second. Calibrated by Student's t (Owen 1988; 2001, 3.3).

    Parameters
    ----------
    values : array-like of float
        Independent values; None and non-finite ones are left out.
    confidence : float
        Coverage, between 0 and 1.

    Returns
    -------
    Interval
        Bounds are None for fewer than ten values, and where all are alike: nothing then tells how others would differ.
    """
    from scipy.special import stdtrit

    numbers = _finite(values)
    mean = float(np.mean(numbers)) if numbers.size else None
    if numbers.size < FEWEST_BOUNDED or _spread(numbers, float(np.max(np.abs(numbers)))) == 0.0:
        return Interval(mean, None, None)
    distinct, times = np.unique(numbers, return_counts=True)
    limit = float(stdtrit(numbers.size - 1, (1 + confidence) / 2)) ** 2
    low = distinct[0] + _least_likely_gap(distinct - distinct[0], times, limit)
    high = distinct[-1] - _least_likely_gap(distinct[-1] - distinct, times, limit)
    return Interval(mean, float(low), float(high))


def _least_likely_gap(gaps: NDArray[np.float64], times: NDArray[np.int64], limit: float) -> float:
    """Return the smallest mean of distances from an end, each so many times, at which likelihood has fallen enough.

    The most likely weights with a smaller mean go with 1 ÷ (distance + something): that something is sought.
    """
    from scipy.optimize import brentq

    count, scale = int(times.sum()), float(gaps.max())

    def weights(offset: float) -> NDArray[np.float64]:
        each = 1.0 / (gaps / scale + math.exp(offset))
        return np.asarray(each / (times * each).sum())

    def beyond(offset: float) -> float:
        return float(-2.0 * (times * np.log(count * weights(offset))).sum()) - limit

    found = weights(brentq(beyond, *OFFSETS))
    return float((times * found * gaps).sum())
