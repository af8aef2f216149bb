"""The passing on of cases in numbers: does it go on, is it uneven, who does it, and what does it cost in time."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from experiments.stats.intervals import Interval, share_interval, t_quantile
from model.outcomes.record import gini

FEWEST_CASES = 30
"""Cases below which the chance of another pass is not given."""

MOST_PASSES = 5
"""Cases with more passes count as having so many, lest a few extreme ones decide the slope."""

FEWEST_FOR_SLOPE = 3

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Hazard:
    """Chance that a case passed on so often is passed on again: the share of the cases with at least so many passes."""

    passed_so_far: int
    cases: int
    share: Interval


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


def hazard_of_another(counts: ArrayLike) -> tuple[Hazard, ...]:
    """Return the chance of one more pass by the number so far, given the passes of each case.

    It ends where fewer than 30 cases are left.
    """
    at_least = np.cumsum(np.bincount(np.asarray(counts, dtype=np.int64))[::-1])[::-1].tolist()
    steps = zip(at_least, [*at_least[1:], 0], strict=False)
    return tuple(Hazard(so_far, cases, share_interval(on, cases)) for so_far, (cases, on) in enumerate(steps)
                 if cases >= FEWEST_CASES)  # fmt: skip


def concentration(passed: ArrayLike, received: ArrayLike) -> Concentration:
    """Return how unevenly units pass on, given the passes made and the cases received by each.

    Of units with equally many passes, those that received more come first.
    """
    made, got = np.asarray(passed, dtype=np.float64), np.asarray(received, dtype=np.float64)
    order = np.lexsort((got, made))
    top = order[made.size - math.ceil(made.size / 10) :]
    x = np.linspace(0.0, 1.0, made.size + 1)
    return Concentration(
        _part(made, top), _part(got, top), made.size, x, _cumulative(made[order]), gini(made), _cumulative(got[order])
    )


def _cumulative(amounts: Floats) -> Floats:
    """Return the share reached after each amount, from 0 to 1; a straight line where there is nothing."""
    total = float(amounts.sum())
    even = np.linspace(0.0, 1.0, amounts.size + 1)
    return np.concatenate([[0.0], np.cumsum(amounts)]) / total if total > 0.0 else even


def _part(amounts: Floats, chosen: NDArray[np.int64]) -> float | None:
    total = float(amounts.sum())
    return float(amounts[chosen].sum()) / total if total > 0.0 else None


def longer_by_pass(counts: ArrayLike, days: ArrayLike) -> Interval:
    """Return the factor on the duration that goes with each further pass; an association, not a cause.

    The exponential of the slope of log days of closed cases on passes, at most five, by least squares with its t
    interval; cases without duration are left out.
    """
    from scipy.stats import linregress

    passes, lengths = np.asarray(counts, dtype=np.float64), np.asarray(days, dtype=np.float64)
    known = np.isfinite(lengths) & (lengths > 0.0)
    x, y = np.minimum(passes[known], MOST_PASSES), np.log(lengths[known])
    if x.size < FEWEST_FOR_SLOPE or np.ptp(x) == 0.0:
        return Interval(None)
    line = linregress(x, y)
    slope, half = float(line.slope), t_quantile(x.size - 2) * float(line.stderr)
    return Interval(*(_exp(each) for each in (slope, slope - half, slope + half)))


def _exp(value: float) -> float | None:
    return math.exp(value) if math.isfinite(value) and abs(value) < 700.0 else None
