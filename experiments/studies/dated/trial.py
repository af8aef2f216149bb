"""A balanced panel of one measure with the period in which each street is reformed."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.studies.dated.panel import Panel
from experiments.studies.dated.reforms import NEVER

__all__ = ["Trial", "trials_of"]


@dataclass(frozen=True)
class Trial:
    """Streets by whole periods, without holes.

    Attributes
    ----------
    values : array (streets, periods)
        Of the measure.
    adopted : array (streets,)
        Place of the first period under the reform, the number of periods where it never comes.
    streets : array (streets,)
        Codes.
    left_out : tuple of str
        Streets left out, for some cell of theirs has no case or the reform reached them before the panel.
    first_day : array (periods,)
    period_days : int
    """

    values: NDArray[np.float64]
    adopted: NDArray[np.int64]
    streets: NDArray[Any]
    left_out: tuple[str, ...]
    first_day: NDArray[np.int64]
    period_days: int

    @property
    def periods(self) -> int:
        """Number of periods."""
        return int(self.values.shape[1])

    @property
    def treated(self) -> NDArray[np.bool_]:
        """Which streets are ever reformed."""
        return np.asarray(self.adopted < self.periods)

    @property
    def starts(self) -> list[int]:
        """Return the periods in which streets are reformed, in order."""
        return sorted({int(each) for each in self.adopted[self.treated]})

    @property
    def start(self) -> int:
        """Return the one period in which streets are reformed.

        Raises
        ------
        ValueError
            If there is none, or several: then `staggered` has the estimator.
        """
        starts = self.starts
        if len(starts) != 1:
            raise ValueError(f"dates of reform: expected one, got {len(starts)}.")
        return starts[0]

    @property
    def relative(self) -> NDArray[np.int64]:
        """Return periods counted from the reform, which is 0."""
        return np.asarray((self.first_day - self.first_day[self.start]) // self.period_days)

    def washed_out(self, periods: int) -> Trial:
        """Return the trial without the last periods before the reform, whose cases were still open when it began."""
        start = self.start
        if not 0 <= periods < start:
            raise ValueError(f"periods washed out: expected 0 to {start - 1}, got {periods}.")
        kept = np.r_[: start - periods, start : self.periods]
        adopted = np.where(self.treated, start - periods, len(kept))
        return dataclasses.replace(self, values=self.values[:, kept], adopted=adopted, first_day=self.first_day[kept])


def trials_of(panels: Sequence[Panel], measure: str, adoption: NDArray[np.int64]) -> list[Trial]:
    """Return worlds of one luck as trials of the same streets and periods.

    Parameters
    ----------
    panels : sequence of Panel
        As of the district without, and with, the reform.
    measure : str
        Of `panel.MEASURES`.
    adoption : array (streets,)
        Day of the reform by street, `NEVER` where none; must be the first of a period.

    Raises
    ------
    ValueError
        If a reform begins within a period.
    """
    first = panels[0]
    days = first.first_day[first.whole]
    values = np.stack([panel.share(measure)[:, panel.whole] for panel in panels])
    kept = np.isfinite(values).all(axis=(0, 2)) & (adoption > days[0])
    within = sorted({int(day) for day in adoption[adoption != NEVER] if day not in days and days[0] < day < days[-1]})
    if within:
        raise ValueError(f"reform on day {within[0]}: lies within a period. Anchor the panel at that day.")
    adopted = np.searchsorted(days, adoption)
    left_out = tuple(str(code) for code in first.streets[~kept])
    return [
        Trial(world[kept], adopted[kept], first.streets[kept], left_out, days, first.period_days) for world in values
    ]
