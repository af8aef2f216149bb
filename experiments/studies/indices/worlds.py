"""What an outcome is over all the worlds of a design: how far it goes, and how often a difference is a gain."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.stats import Interval, mean_interval

__all__ = ["OverWorlds", "over_worlds"]

ENDS = (0.025, 0.5, 0.975)


@dataclasses.dataclass(frozen=True)
class OverWorlds:
    """An outcome, or its difference, over parameters drawn from their ranges; luck is one of them.

    Attributes
    ----------
    outcome : str
    worlds : int
        Rows in which it is defined.
    low, median, high : float or None
        The middle 95 % of the worlds and their median, in the outcome's unit; None without any world.
    positive : Interval
        Share of the worlds in which it is above 0, with its 95 % interval over independent blocks of rows.
    """

    outcome: str
    worlds: int
    low: float | None
    median: float | None
    high: float | None
    positive: Interval

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        positive = {"mean": self.positive.mean, "ci_low": self.positive.low, "ci_high": self.positive.high}
        return {"worlds": self.worlds, "low": self.low, "median": self.median, "high": self.high, "positive": positive}


def over_worlds(outcome: str, values: NDArray[np.float64], block: NDArray[np.int64]) -> OverWorlds:
    """Describe an outcome over the rows of a design.

    Parameters
    ----------
    outcome : str
    values : array (rows,)
        NaN where undefined.
    block : array (rows,)
        Which rows belong together: a Saltelli block, a trajectory, or the row alone.
    """
    known = np.isfinite(values)
    if not known.any():
        return OverWorlds(outcome, 0, None, None, None, Interval(None, None, None))
    low, median, high = np.quantile(values[known], ENDS).tolist()
    shares = [float((values[known & (block == each)] > 0.0).mean()) for each in np.unique(block[known])]
    return OverWorlds(outcome, int(known.sum()), low, median, high, mean_interval(shares))
