"""What the cases of a register show: when they begin, how long they stay open, who passes them on and at what cost."""

import math
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from experiments.stats.intervals import (
    CONFIDENCE,
    FEWEST_BOUNDED,
    UNDEFINED,
    Floats,
    Interval,
    bounded_mean_interval,
    dispersion_interval,
    share_interval,
    t_quantile,
)
from model.outcomes.record import gini

WEEK, THURSDAY = 7, 3  # days of a week; weekday of 1970-01-01, Monday being 0
ROUNDING = 1e-9  # a product of a million factors may miss a round share by this much

FEWEST, MOST_PASSES = 30, 5
"""Cases below which the chance of another pass is not given; cases with more passes count as having so many, lest a few
extreme ones decide the slope."""


@dataclass(frozen=True)
class Survival:
    """Share of cases still open after so many days, with pointwise bounds.

    Attributes:
        days (array (steps,)): Increasing durations at which cases closed or were last seen open.
        share, low, high (array (steps,)): Share that lasts longer, with its interval on the scale of log(−log)
            (Kalbfleisch and Prentice 2002), which stays within 0 and 1; bounds are NaN where the share is 1 or 0.
    """

    days: Floats
    share: Floats
    low: Floats
    high: Floats

    def quantile_interval(self, p: float) -> Interval:
        """Return the days within which this share of all cases is closed (bounds: Brookmeyer and Crowley 1982).

        What is not reached is None.
        """
        low, high = np.where(np.isnan(self.low), self.share, self.low), np.where(np.isnan(self.high), 1.0, self.high)
        reached = (np.flatnonzero(each <= 1.0 - p + ROUNDING) for each in (self.share, low, high))
        return Interval(*(float(self.days[places[0]]) if places.size else None for places in reached))


def kaplan_meier(days: ArrayLike, closed: ArrayLike) -> Survival:
    """Estimate how long cases stay open, those still open counted (product-limit: Kaplan and Meier 1958).

    Args:
        days (array (cases,) of float): Durations; those of open cases so far.
        closed (array (cases,) of bool): False where the case is still open (right-censored).

    Raises:
        ValueError: For no durations, and for negative or undefined ones.
    """
    from scipy.stats import CensoredData, ecdf

    lengths, ended = np.asarray(days, dtype=np.float64), np.asarray(closed, dtype=np.bool_)
    if lengths.size == 0 or not np.isfinite(lengths).all() or (lengths < 0).any():
        raise ValueError("durations: expected 0 days or more, got none, or a negative or undefined one.")
    found: Any = ecdf(CensoredData(uncensored=lengths[ended], right=lengths[~ended])).sf
    with warnings.catch_warnings():
        # where the share is 1 or 0 the formula is undefined, warns and gives NaN
        warnings.simplefilter("ignore", RuntimeWarning)
        bounds = found.confidence_interval(CONFIDENCE, method="log-log")
    return Survival(found.quantiles, found.probabilities, bounds.low.probabilities, bounds.high.probabilities)


@dataclass(frozen=True)
class Hazard:
    """Chance that a case passed on so often is passed on again: the share of the cases with at least so many passes."""

    passed_so_far: int
    cases: int
    share: Interval


def hazard_of_another(counts: ArrayLike) -> tuple[Hazard, ...]:
    """Return the chance of one more pass by the number so far, given the passes of each case; ends at few cases."""
    at_least = np.cumsum(np.bincount(np.asarray(counts, dtype=np.int64))[::-1])[::-1].tolist()
    steps = zip(at_least, [*at_least[1:], 0], strict=False)
    return tuple(Hazard(so_far, cases, share_interval(on, cases)) for so_far, (cases, on) in enumerate(steps)
                 if cases >= FEWEST)  # fmt: skip


@dataclass(frozen=True)
class Concentration:
    """How unevenly units pass on.

    Attributes:
        top_tenth_of_passes, top_tenth_of_received: Share of all passes that come from the tenth of units (rounded up)
            with the most passes; share of all cases received that the same units received.
        x, y (array (units + 1,)): Lorenz curve: share of units, those with fewest passes first, and their share of
            passes.
        gini: 0 where all pass equally often, near 1 where one does all of it.
        received (array (units + 1,)): Share of all cases received by the same units, in the order of the curve.
    """

    top_tenth_of_passes: float | None
    top_tenth_of_received: float | None
    units: int
    x: Floats
    y: Floats
    gini: float | None
    received: Floats


def concentration(passed: ArrayLike, received: ArrayLike) -> Concentration:
    """Return how unevenly units pass on, given the passes made and the cases received by each."""
    made, got = np.asarray(passed, dtype=np.float64), np.asarray(received, dtype=np.float64)
    order = np.lexsort((got, made))  # of units with equally many passes, those that received less come first
    x = np.linspace(0.0, 1.0, made.size + 1)
    top = order[made.size - math.ceil(made.size / 10) :]
    curves, parts = [], []
    for amounts in (made, got):
        total = float(amounts.sum())
        # a straight line where there is nothing
        curves.append(np.concatenate([[0.0], np.cumsum(amounts[order])]) / total if total > 0.0 else x)
        parts.append(float(amounts[top].sum()) / total if total > 0.0 else None)
    return Concentration(parts[0], parts[1], made.size, x, curves[0], gini(made), curves[1])


def longer_by_pass(counts: ArrayLike, days: ArrayLike) -> Interval:
    """Return the factor on the duration that goes with each further pass; an association, not a cause.

    The exponential of the slope of log days of closed cases on passes, at most five, by least squares with its t
    interval, which is left out for fewer than ten; cases without duration are left out.
    """
    from scipy.stats import linregress

    passes, lengths = np.asarray(counts, dtype=np.float64), np.asarray(days, dtype=np.float64)
    known = np.isfinite(lengths) & (lengths > 0.0)
    x, y = np.minimum(passes[known], MOST_PASSES), np.log(lengths[known])
    if x.size < 3 or np.ptp(x) == 0.0:
        return UNDEFINED
    line = linregress(x, y)
    slope = float(line.slope)
    half = t_quantile(x.size - 2) * float(line.stderr) if x.size >= FEWEST_BOUNDED else math.nan
    ends = (slope, slope - half, slope + half)
    return Interval(*(math.exp(each) if math.isfinite(each) and abs(each) < 700.0 else None for each in ends))


@dataclass(frozen=True)
class Arrivals:
    """Cases that begin, by day from the first to the last beginning.

    Attributes:
        first, counts (array (days,)): Day since 1970-01-01, and cases from then on.
        per_day: Mean with its interval, never below 0; days taken as independent.
        dispersion: Variance ÷ mean of the counts: 1 for independent arrivals at an even rate.
        within_weekdays: The same about the mean of each weekday: what the weekly rhythm does not explain.
        by_weekday: Mean of each weekday, Monday first.
    """

    first: int
    counts: NDArray[np.int64]
    per_day: Interval
    dispersion: Interval
    within_weekdays: float | None
    by_weekday: tuple[Interval, ...]

    @property
    def weekend_share(self) -> float | None:
        """Share of cases that begin on a Saturday or Sunday, at equal numbers of all weekdays; even: 2/7."""
        means = [each.mean for each in self.by_weekday if each.mean is not None]
        return sum(means[-2:]) / sum(means) if len(means) == WEEK else None


def arrivals(days: ArrayLike) -> Arrivals:
    """Count beginnings by day, given the day since 1970-01-01 on which each of at least one case begins."""
    begun = np.asarray(days, dtype=np.int64)
    first = int(begun.min())
    counts = np.bincount(begun - first).astype(np.int64)
    weekday = (np.arange(counts.size) + first + THURSDAY) % WEEK
    known = np.bincount(weekday, minlength=WEEK)
    free = counts.size - int((known > 0).sum())
    away = counts - (np.bincount(weekday, counts, minlength=WEEK) / np.maximum(known, 1))[weekday]
    within = float((away**2).sum() / free / counts.mean()) if free > 0 else None
    by_weekday = tuple(bounded_mean_interval(counts[weekday == day]) for day in range(WEEK))
    return Arrivals(first, counts, bounded_mean_interval(counts), dispersion_interval(counts), within, by_weekday)
