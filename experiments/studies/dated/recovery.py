"""After a shock: the excess backlog over the same district and luck without it, and the time until it is gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from experiments.stats import Interval, mean_interval
from experiments.stats.intervals import CONFIDENCE, share_of
from experiments.studies.dated.intervals import interval_json
from experiments.studies.dated.shocks import Shock

if TYPE_CHECKING:
    from model import Record

__all__ = ["Recovered", "Recovery", "Rule", "open_cases", "recovery"]

RESAMPLES = 999
"""Of the pairs, for the interval of the time to recover."""

WEEK = 7
"""Days over which a single pair's excess is averaged before it is judged: demand has a weekly rhythm."""


def open_cases(record: Record) -> dict[str, Any]:
    """Return what a study keeps of a run: cases open at the end of each day, and those that queue at each level."""
    names = ("open", *(name for name in record.daily if name.startswith("queued_")))
    return {f"daily_{name}": np.asarray(record.daily[name], dtype=np.float64) for name in names}


@dataclass(frozen=True)
class Rule:
    """When a district counts as recovered.

    Attributes
    ----------
    tolerance : float
        Share of the peak that the excess must not exceed.
    days : int
        Days in a row on which that must hold.
    """

    tolerance: float = 0.05
    days: int = 14


@dataclass(frozen=True)
class Recovered:
    """Time to recover, counted in days from the end of the shock, or from its first day where it lasts.

    Attributes
    ----------
    days : int or None
        Until the mean excess stays within the tolerance; None: not within the horizon.
    low, high : int or None
        95 % bootstrap interval over pairs; None beyond the horizon.
    half : int or None
        Until the mean excess stays within half its peak.
    unclear : int or None
        Until its interval reaches down to zero and stays so: more pairs see a small rest longer, so this says what the
        pairs can tell and not what the district does.
    share : Interval
        Share of pairs that recover within the horizon, each judged alone by its mean of a week.
    """

    days: int | None
    low: int | None
    high: int | None
    half: int | None
    unclear: int | None
    share: Interval


@dataclass(frozen=True)
class Recovery:
    """What a shock does to the backlog under one regime.

    Attributes
    ----------
    label : str
        Of the regime.
    pairs : int
    rule : Rule
    day, until : int
        First day of the shock, and the day after its last.
    counted_from : int
        Day from which the time to recover is counted.
    horizon : int
        Days between that day and the end of the run: recovery cannot be seen later.
    excess, low, high : array (days,)
        Mean excess of open cases by day of the run from `day` on, with 95 % bounds over pairs.
    peak : Interval
        Largest mean excess, with its interval on that day.
    peak_day : int
        Day of the run.
    recovered : Recovered
    case_days : Interval
        Excess added up from the first day of the shock to the end of the run.
    """

    label: str
    pairs: int
    rule: Rule
    day: int
    until: int
    counted_from: int
    horizon: int
    excess: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    peak: Interval
    peak_day: int
    recovered: Recovered
    case_days: Interval

    def as_json(self) -> dict[str, Any]:
        """Return plain values by name."""
        found = self.recovered
        return {
            "regime": self.label,
            "pairs": self.pairs,
            "peak": interval_json(self.peak),
            "peak_day": self.peak_day,
            "recovery_days": found.days,
            "recovery_low": found.low,
            "recovery_high": found.high,
            "half_days": found.half,
            "unclear_days": found.unclear,
            "recovered_share": interval_json(found.share),
            "horizon_days": self.horizon,
            "case_days": interval_json(self.case_days),
            "tolerance": self.rule.tolerance,
            "days_in_a_row": self.rule.days,
        }


def recovery(label: str, without: ArrayLike, with_it: ArrayLike, shock: Shock, rule: Rule | None = None) -> Recovery:
    """Compare open cases with and without a shock, pair by pair.

    The district has recovered on the first day from which, for so many days in a row, the mean excess is at most the
    tolerance times its peak. Less backlog than without the shock counts as recovered. Whether the interval reaches
    zero is told apart: asked for as well, recovery would come the later, the more pairs are run.

    Parameters
    ----------
    label : str
    without, with_it : array-like (pairs, days)
        Open cases, or those queued at a level, at the end of each day of the run; rows of one seed.
    shock : Shock
        Gives its days.
    rule : Rule, optional

    Raises
    ------
    ValueError
        If the arrays differ in shape or hold fewer than two pairs.
    """
    before, after = np.asarray(without, dtype=np.float64), np.asarray(with_it, dtype=np.float64)
    if before.shape != after.shape or before.ndim != PAIRS_BY_DAYS or len(before) < FEWEST:
        raise ValueError(f"pairs: expected equal shapes (2 or more pairs, days), got {before.shape} and {after.shape}.")
    rule = rule or Rule()
    excess = (after - before)[:, shock.day :]
    mean, low, high = _band(excess)
    top = int(np.argmax(mean))
    lasting = shock.until >= before.shape[1]
    from_place = 0 if lasting else shock.until - shock.day
    return Recovery(
        label=label, pairs=len(before), rule=rule, day=shock.day, until=shock.until,
        counted_from=shock.day + from_place, horizon=excess.shape[1] - from_place,
        excess=mean, low=low, high=high,
        peak=Interval(float(mean[top]), float(low[top]), float(high[top])), peak_day=shock.day + top,
        recovered=_recovered(excess, from_place, rule),
        case_days=mean_interval(excess.sum(axis=1)),
    )  # fmt: skip


PAIRS_BY_DAYS = 2
"""Dimensions of the series of all pairs."""

FEWEST = 2
"""Pairs without which there is no interval."""


def _band(excess: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return mean, low and high by day."""
    from scipy.special import stdtrit

    pairs = len(excess)
    mean = excess.mean(axis=0)
    half = float(stdtrit(pairs - 1, (1 + CONFIDENCE) / 2)) * excess.std(axis=0, ddof=1) / np.sqrt(pairs)
    return mean, mean - half, mean + half


def _recovered(excess: NDArray[np.float64], from_place: int, rule: Rule) -> Recovered:
    luck = np.random.default_rng(0)  # of the resampling alone: the same pairs give the same interval
    draws = [_day_of(excess[luck.integers(0, len(excess), len(excess))], from_place, rule) for _ in range(RESAMPLES)]
    beyond = excess.shape[1]
    times = np.sort([beyond if draw is None else draw for draw in draws])
    tail = (1 - CONFIDENCE) / 2
    bounds = (times[int(tail * RESAMPLES)], times[int((1 - tail) * RESAMPLES)])
    low, high = (None if bound >= beyond else int(bound) for bound in bounds)
    mean, edge, _ = _band(excess)
    unclear = _first_of_a_row(edge <= 0.0, int(np.argmax(mean)), from_place, rule.days)
    share = share_of(_alone(excess, from_place, rule))
    half = _day_of(excess, from_place, replace(rule, tolerance=0.5))
    return Recovered(_day_of(excess, from_place, rule), low, high, half, unclear, share)


def _day_of(excess: NDArray[np.float64], from_place: int, rule: Rule) -> int | None:
    """Return the days from `from_place` to recovery of the mean of some pairs."""
    mean = excess.mean(axis=0)
    return _first_of_a_row(mean <= rule.tolerance * mean.max(), int(np.argmax(mean)), from_place, rule.days)


def _alone(excess: NDArray[np.float64], from_place: int, rule: Rule) -> Sequence[bool]:
    """Tell of each pair whether it recovers: without an interval, by its mean of a week against its own peak."""
    weeks = np.lib.stride_tricks.sliding_window_view(excess, WEEK, axis=1).mean(axis=2)
    return [
        _first_of_a_row(week <= rule.tolerance * week.max(), int(np.argmax(week)), from_place, rule.days) is not None
        for week in weeks
    ]


def _first_of_a_row(calm: NDArray[np.bool_], peak: int, from_place: int, days: int) -> int | None:
    """Return the first place, from the peak and the end of the shock on, of so many calm days in a row."""
    first = max(peak, from_place)
    if len(calm) - first < days:
        return None
    rows = np.lib.stride_tricks.sliding_window_view(calm[first:], days).all(axis=1)
    return first - from_place + int(np.argmax(rows)) if rows.any() else None
