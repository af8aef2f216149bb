"""Intervals, tests and sizes of effects; everything undefined is None, never NaN.

Values are independent; those that are None or not finite are left out.
"""

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

CONFIDENCE = 0.95  # coverage of every interval that is printed
CLEAR = 0.05  # a difference is clear if its Holm-adjusted p is smaller
RESAMPLES = 4999  # bootstrap resamples; the Monte Carlo error of a 95 % bound is then far below its width

FEWEST_ALIKE, FEWEST_BOUNDED, FEWEST_NORMAL = 6, 10, 30
"""Pairs that must agree before a difference without spread counts: fewer agree by chance more often than 1 in 20.
Values below which an interval within their range is left out: of skewed ones it holds too little (0.86 at ten); and
below which the normal approximation of a spread or dispersion, and so its bounds, are."""

OFFSETS = (-600.0, 30.0)
"""Logarithms between which an end of an empirical-likelihood interval is sought, in ranges of the values."""

ROUNDING = 1e-12  # differences smaller than this share of the largest value are rounding

SIZES = (("negligible", 0.2), ("small", 0.5), ("medium", 0.8), ("large", math.inf))
"""Names with the size of d_z below which each is used (Cohen 1988)."""

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Interval:
    """A mean with its confidence interval, in the unit of the values."""

    mean: float | None
    low: float | None = None
    high: float | None = None

    @property
    def excludes_zero(self) -> bool:
        return self.low is not None and self.high is not None and (self.low > 0.0 or self.high < 0.0)

    @property
    def half(self) -> float | None:
        return None if self.low is None or self.high is None else (self.high - self.low) / 2

    @property
    def ends(self) -> list[float | None] | None:
        """Low and high as they stand in JSON; None where there is no interval."""
        return None if self.low is None else [self.low, self.high]

    @property
    def bounds(self) -> dict[str, float | None]:
        return {"ci_low": self.low, "ci_high": self.high}

    def as_json(self, mean: str = "mean") -> dict[str, float | None]:
        return {mean: self.mean, **self.bounds}


UNDEFINED = Interval(None)


def to_json(value: Any) -> Any:
    """Return a value as JSON has it: dataclasses as objects, intervals as their bounds, what is not finite as None."""
    if isinstance(value, Interval):
        return value.as_json()
    if is_dataclass(value):
        return {field.name: to_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: to_json(each) for key, each in value.items()}
    if isinstance(value, np.ndarray | Sequence) and not isinstance(value, str):
        return [to_json(each) for each in (value.tolist() if isinstance(value, np.ndarray) else value)]
    return None if isinstance(value, float) and not math.isfinite(value) else value


@dataclass(frozen=True)
class PairedDifference:
    """After minus before over the pairs in which both are defined, with its t interval, in the unit of the outcome.

    `effect` is Cohen's d_z, the mean difference over the standard deviation of the differences; `p` that of the paired
    t test, two-sided, None where no test is possible.
    """

    pairs: int
    interval: Interval
    effect: float | None = None
    p: float | None = None


class Adjusted:
    """A result whose p is adjusted for the number of tests."""

    p_holm: float | None

    @property
    def clear(self) -> bool:
        """Whether it is told from zero."""
        return self.p_holm is not None and self.p_holm < CLEAR


def _finite(values: ArrayLike | Sequence[float | None]) -> Floats:
    numbers = np.asarray(values, dtype=np.float64)
    return numbers[np.isfinite(numbers)]


def _spread(numbers: Floats, scale: float | None = None) -> float:
    """Standard deviation, exactly zero where the values differ by rounding only."""
    largest = float(np.max(np.abs(numbers))) if scale is None else scale
    return 0.0 if np.ptp(numbers) <= ROUNDING * largest else float(np.std(numbers, ddof=1))


def t_quantile(freedom: int) -> float:
    """Return the half-width of an interval, in standard errors, by Student's t with so many degrees of freedom."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, (1 + CONFIDENCE) / 2))


def _t_interval(mean: float, spread: float, count: int) -> Interval:
    half = t_quantile(count - 1) * spread / math.sqrt(count)
    return Interval(mean, mean - half, mean + half)


def mean_interval(values: ArrayLike | Sequence[float | None]) -> Interval:
    """Return the mean, None for no values, with its t interval, None for fewer than two."""
    numbers = _finite(values)
    if numbers.size < 2:
        return Interval(float(numbers[0]) if numbers.size else None)
    return _t_interval(float(np.mean(numbers)), _spread(numbers), numbers.size)


def paired_difference(before: ArrayLike, after: ArrayLike) -> PairedDifference:
    """Compare paired values, as many before as after, by the t test of their differences.

    Constant differences have an interval of no width. At zero their effect is 0 and their p 1; elsewhere there is no
    effect, and p is 0, or None for fewer than six pairs.
    """
    from scipy.special import stdtr

    first, second = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    defined = np.isfinite(first) & np.isfinite(second)
    differences, count = (second - first)[defined], int(defined.sum())
    if count < 2:
        return PairedDifference(count, Interval(float(differences[0]) if count else None))
    scale = float(max(np.max(np.abs(first[defined])), np.max(np.abs(second[defined]))))
    mean, spread = float(np.mean(differences)), _spread(differences, scale)
    if spread == 0.0 and abs(mean) <= ROUNDING * scale:
        return PairedDifference(count, Interval(0.0, 0.0, 0.0), 0.0, 1.0)
    interval = _t_interval(mean, spread, count)
    if spread == 0.0:
        return PairedDifference(count, interval, None, None if count < FEWEST_ALIKE else 0.0)
    p = 2 * float(stdtr(count - 1, -abs(mean / spread) * math.sqrt(count)))
    return PairedDifference(count, interval, mean / spread, p)


def effect_name(effect: float) -> str:
    """Return the name of the size of d_z.

    With the same seeds in both arms it says how surely the sign is known, not how much changes.
    """
    return next(name for name, below in SIZES if abs(effect) < below)


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """Adjust p values, in the order given, for their number (Holm 1979); undefined ones stay so and do not count."""
    known = sorted((p, place) for place, p in enumerate(p_values) if p is not None)
    adjusted: list[float | None] = [None] * len(p_values)
    largest = 0.0
    for rank, (p, place) in enumerate(known):
        largest = max(largest, min(1.0, (len(known) - rank) * p))
        adjusted[place] = largest
    return adjusted


def bca_interval(values: ArrayLike) -> Interval:
    """Return the mean with its bias-corrected accelerated bootstrap interval.

    It has no width for constant values; bounds are None where the bootstrap is undefined.
    """
    from scipy.stats import bootstrap

    numbers = _finite(values)
    if numbers.size < 2 or _spread(numbers) == 0.0:
        return mean_interval(numbers)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a degenerate resampling distribution warns and gives NaN
        found: Any = bootstrap(
            (numbers,), np.mean, confidence_level=CONFIDENCE, n_resamples=RESAMPLES, method="BCa",
            rng=np.random.default_rng(0),
        ).confidence_interval  # fmt: skip
    mean, low, high = float(np.mean(numbers)), float(found.low), float(found.high)
    return Interval(mean, low, high) if math.isfinite(low) and math.isfinite(high) else Interval(mean)


def bounded_mean_interval(values: ArrayLike) -> Interval:
    """Return the mean with its empirical-likelihood interval, which stays within the range of the values.

    A mean of counts or of durations is then never negative, however few or uneven they are, and a log of a million
    cases takes a second. Calibrated by Student's t (Owen 1988; 2001, 3.3). Bounds are None for fewer than ten values,
    and where all are alike: nothing then tells how others would differ.
    """
    numbers = _finite(values)
    mean = float(np.mean(numbers)) if numbers.size else None
    if numbers.size < FEWEST_BOUNDED or _spread(numbers) == 0.0:
        return Interval(mean)
    distinct, times = np.unique(numbers, return_counts=True)
    limit = t_quantile(numbers.size - 1) ** 2
    low = distinct[0] + _least_likely_gap(distinct - distinct[0], times, limit)
    high = distinct[-1] - _least_likely_gap(distinct[-1] - distinct, times, limit)
    return Interval(mean, float(low), float(high))


def _least_likely_gap(gaps: Floats, times: NDArray[np.int64], limit: float) -> float:
    """Return the smallest mean of distances from an end, each so many times, at which likelihood has fallen enough.

    The most likely weights with a smaller mean go with 1 ÷ (distance + something): that something is sought.
    """
    from scipy.optimize import brentq

    count, scale = int(times.sum()), float(gaps.max())

    def weights(offset: float) -> Floats:
        each = 1.0 / (gaps / scale + math.exp(offset))
        return np.asarray(each / (times * each).sum())

    def beyond(offset: float) -> float:
        return float(-2.0 * (times * np.log(count * weights(offset))).sum()) - limit

    return float((times * weights(brentq(beyond, *OFFSETS)) * gaps).sum())


def share_interval(count: int, of: int, tests: int = 1) -> Interval:
    """Return the share of so many of so many with its Wilson (1927) interval, which holds near 0 and 1 and for few.

    `tests`: intervals that are looked at together, all of which are to hold (Bonferroni).
    """
    from scipy.stats import binomtest

    if of == 0:
        return UNDEFINED
    bounds = binomtest(count, of).proportion_ci(1.0 - (1.0 - CONFIDENCE) / tests, method="wilson")
    return Interval(count / of, float(bounds.low), float(bounds.high))


def share_of(judged: Sequence[bool | None]) -> Interval:
    """Return the share of what is true with its Wilson interval; what is undefined is left out."""
    known = [each for each in judged if each is not None]
    return share_interval(sum(known), len(known))


def spread_interval(values: ArrayLike) -> Interval:
    """Return the standard deviation (n − 1) of finite values with its interval."""
    numbers = np.asarray(values, dtype=np.float64)
    spread = float(numbers.std(ddof=1)) if numbers.size > 1 else None
    if not spread:
        return Interval(spread)
    away = numbers - numbers.mean()
    return _by_influence(spread, (away**2 - spread**2) / (2 * spread))


def dispersion_interval(counts: ArrayLike) -> Interval:
    """Return variance ÷ mean of counts with its interval.

    It is 1 for independent rare events and more where they come in clusters; None where nothing was counted.
    """
    numbers = np.asarray(counts, dtype=np.float64)
    mean = float(numbers.mean()) if numbers.size > 1 else 0.0
    if mean == 0.0:
        return UNDEFINED
    variance = float(numbers.var(ddof=1))
    away = numbers - mean
    return _by_influence(variance / mean, (away**2 - variance) / mean - away * variance / mean**2)


def _by_influence(value: float, influence: Floats) -> Interval:
    """Return a value of at least 0 with bounds by the delta method: the spread of what each observation adds to it."""
    from scipy.special import ndtri

    if influence.size < FEWEST_NORMAL:
        return Interval(value)
    half = float(ndtri((1 + CONFIDENCE) / 2)) * float(influence.std()) / math.sqrt(influence.size)
    return Interval(value, max(0.0, value - half), value + half)
