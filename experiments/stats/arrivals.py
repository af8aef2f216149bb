"""How cases arrive: by day, how unevenly, with which weekly rhythm."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from experiments.stats.intervals import Interval, bounded_mean_interval, dispersion_interval

WEEK, THURSDAY = 7, 3
"""Days of a week; weekday of 1970-01-01, Monday being 0."""


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
