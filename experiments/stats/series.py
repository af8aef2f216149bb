"""What the daily series of the runs of one regime show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.stats.warmup import Settled, mser

BINS_PER_DAY = 8
"""The record counts closures by eighths of a day."""

LEVELS = ("street", "community", "team", "department", "city")
"""From the ground up."""

WEEK = 7


@dataclass(frozen=True)
class RegimeSeries:
    """Series of all runs of one regime.

    Attributes:
        regime, label: The regime, and what it is called.
        warm_up, window: Days before the observed ones, and observed.
        replicates (array (runs,)):
        daily, histograms: Runs × days, runs × counts.
        units: Runs × units; codes and titles as text.
        titles: Title of every unit by its code, in the language in use.
        codes: Departments, and the streets as one.
        hand_overs (array): Codes × codes, from rows to columns, mean over runs.
        reported (array (runs,)): Reported cases of the cohort.
    """

    regime: str
    label: str
    warm_up: int
    window: int
    replicates: NDArray[np.int64]
    daily: Mapping[str, NDArray[np.float64]]
    histograms: Mapping[str, NDArray[np.float64]]
    units: Mapping[str, NDArray[Any]]
    titles: Mapping[str, str]
    codes: list[str]
    hand_overs: NDArray[np.float64]
    reported: NDArray[np.float64]

    @property
    def runs(self) -> int:
        """Runs of the regime."""
        return len(self.reported)

    def workload(self, level: str) -> NDArray[np.float64]:
        """Return hours used of hours held, in per cent of each run; NaN where the level holds no hours."""
        here = self.units["level"] == level
        used, held = ((self.units[name] * here).sum(axis=1) for name in ("hours_used", "hours_held"))
        percent: NDArray[np.float64] = 100 * np.divide(used, held, out=np.full(used.shape, np.nan), where=held > 0)
        return percent

    def closed_by_day(self) -> NDArray[np.float64]:
        """Return the percentage of reported cases closed by the end of each bin; the last, open-ended one left out."""
        shares: NDArray[np.float64] = (
            100.0 * self.histograms["closures"][:, :-1].cumsum(axis=1) / self.reported[:, None]
        )
        return shares

    def weekly(self, name: str) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return days, and a daily series' mean of each and the six before it; a shorter series as it is."""
        daily = self.daily[name]
        if daily.shape[1] < WEEK:
            return np.arange(daily.shape[1]), daily
        means = np.lib.stride_tricks.sliding_window_view(daily, WEEK, axis=1).mean(axis=2)
        return np.arange(WEEK - 1, daily.shape[1]), means

    def settled(self) -> Settled:
        """Return the day by which closed ÷ reported cases, week by week, settle (MSER), before the follow-up.

        By the week, for the rhythm of week and year in what is reported is no transient.
        """
        weeks = (self.warm_up + self.window) // WEEK
        closed, reported = (
            self.daily[name][:, : weeks * WEEK].sum(axis=0).reshape(weeks, WEEK).sum(axis=1).astype(np.float64)
            for name in ("closed", "reported")
        )
        found = mser(closed / np.maximum(1.0, reported), batch=1)
        return Settled(None if found.day is None else found.day * WEEK, weeks * WEEK)
