"""After a shock: the excess backlog over the same district and seed without it, and the time until it is gone."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from experiments.stats.intervals import (
    CONFIDENCE,
    Bools,
    Floats,
    Interval,
    mean_interval,
    share_of,
    t_quantile,
    to_json,
)

RESAMPLES, WEEK = 999, 7
"""Of the pairs, for the interval of the time to recover; days over which a pair's excess is averaged before it is
judged alone: demand has a weekly rhythm."""


@dataclass(frozen=True)
class Rule:
    """A district has recovered when the excess stays within a share of its peak for so many days in a row."""

    tolerance: float = 0.05
    days: int = 14


@dataclass(frozen=True)
class Curve:
    """Mean excess of open cases by day of the run from the first of the shock on, (days,), with 95 % bounds over pairs.

    `until` is the day after the shock's last. Recovery is `counted_from` there, or from its first day where it lasts.
    """

    day: int
    until: int
    counted_from: int
    mean: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class Recovery:
    """What a shock does to the backlog under one regime.

    Attributes:
        peak, peak_day: Largest mean excess, with its interval on that day of the run.
        recovery_days, recovery_low, recovery_high: Until the mean excess stays within the tolerance, with its 95 %
            bootstrap interval over pairs; None: not within the horizon.
        half_days: Until the mean excess stays within half its peak.
        unclear_days: Until its interval reaches down to zero and stays so: what the pairs can tell, for more of them
            see a small rest longer.
        recovered_share: Share of pairs that recover within the horizon, each judged alone by its mean of a week.
        horizon_days, case_days: Days from `counted_from`, and excess added up from the shock, to the end of the run.
    """

    unit: ClassVar[str] = "cases"

    regime: str
    pairs: int
    peak: Interval
    peak_day: int
    recovery_days: int | None
    recovery_low: int | None
    recovery_high: int | None
    half_days: int | None
    unclear_days: int | None
    recovered_share: Interval
    horizon_days: int
    case_days: Interval
    tolerance: float
    days_in_a_row: int
    curve: Curve

    def as_json(self) -> dict[str, Any]:
        return {name: to_json(value) for name, value in vars(self).items() if name != "curve"}


def recovery(
    regime: str, without: ArrayLike, with_it: ArrayLike, day: int, until: int, rule: Rule | None = None
) -> Recovery:
    """Compare open cases with and without a shock, pair by pair.

    Less backlog than without the shock counts as recovered. Whether the interval reaches zero is reported apart: if
    that were required too, recovery would come later the more pairs are run.

    Args:
        without, with_it (array-like (pairs, days)): Open cases at the end of each day of the run; a row has one seed.

    Raises:
        ValueError: If the arrays differ in shape or hold fewer than two pairs.
    """
    before, after = np.asarray(without, dtype=np.float64), np.asarray(with_it, dtype=np.float64)
    if before.shape != after.shape or before.ndim != 2 or len(before) < 2:
        raise ValueError(f"pairs: expected equal shapes (2 or more pairs, days), got {before.shape} and {after.shape}.")
    rule = rule or Rule()
    (pairs, last), excess = before.shape, (after - before)[:, day:]
    mean, counted_from = excess.mean(axis=0), day if until >= last else until
    half = t_quantile(pairs - 1) * excess.std(axis=0, ddof=1) / np.sqrt(pairs)
    curve = Curve(day, until, counted_from, mean, mean - half, mean + half)
    top, wait = int(np.argmax(mean)), counted_from - day
    low, high = _bounds(excess, wait, rule)
    weeks = np.lib.stride_tricks.sliding_window_view(excess, WEEK, axis=1).mean(axis=2)
    return Recovery(
        regime=regime,
        pairs=pairs,
        peak=Interval(float(mean[top]), float(curve.low[top]), float(curve.high[top])),
        peak_day=day + top,
        recovery_days=_days_until(mean, wait, rule),
        recovery_low=low,
        recovery_high=high,
        half_days=_days_until(mean, wait, replace(rule, tolerance=0.5)),
        unclear_days=_first_of_a_row(curve.low <= 0.0, top, wait, rule.days),
        recovered_share=share_of([_days_until(week, wait, rule) is not None for week in weeks]),
        horizon_days=last - counted_from,
        case_days=mean_interval(excess.sum(axis=1)),
        tolerance=rule.tolerance,
        days_in_a_row=rule.days,
        curve=curve,
    )


def _bounds(excess: Floats, wait: int, rule: Rule) -> list[int | None]:
    """Return the bounds of the days to recover, by resampling pairs; None beyond the horizon."""
    rng = np.random.default_rng(0)  # of the resampling alone: the same pairs give the same interval
    samples = (excess[rng.integers(0, len(excess), len(excess))] for _ in range(RESAMPLES))
    draws = [_days_until(sample.mean(axis=0), wait, rule) for sample in samples]
    times = sorted(draws, key=lambda draw: np.inf if draw is None else draw)
    tail = (1 - CONFIDENCE) / 2
    return [times[int(share * RESAMPLES)] for share in (tail, 1 - tail)]


def _days_until(excess: Floats, wait: int, rule: Rule) -> int | None:
    """Return the days until an excess by day has recovered from its peak, counted after so many days of the shock."""
    calm = excess <= rule.tolerance * excess.max()
    return _first_of_a_row(calm, int(np.argmax(excess)), wait, rule.days)


def _first_of_a_row(calm: Bools, peak: int, wait: int, days: int) -> int | None:
    """Return the first place, from the peak and the end of the shock on, of so many calm days in a row."""
    first = max(peak, wait)
    if len(calm) - first < days:
        return None
    rows = np.lib.stride_tricks.sliding_window_view(calm[first:], days).all(axis=1)
    return first - wait + int(np.argmax(rows)) if rows.any() else None
