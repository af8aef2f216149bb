"""How long cases stay open, those still open counted: the product-limit estimate (Kaplan and Meier 1958)."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from experiments.stats.intervals import CONFIDENCE, Interval

ROUNDING = 1e-9
"""A product of a million factors may miss a round share by this much."""

Floats = NDArray[np.float64]


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

    def quantile(self, p: float) -> float | None:
        """Return the days within which this share of all cases is closed; None where that is not reached."""
        return self._first_below(self.share, p)

    def quantile_interval(self, p: float) -> Interval:
        """Return the quantile with its interval (Brookmeyer and Crowley 1982); a bound not reached is None."""
        low, high = np.where(np.isnan(self.low), self.share, self.low), np.where(np.isnan(self.high), 1.0, self.high)
        return Interval(self.quantile(p), self._first_below(low, p), self._first_below(high, p))

    def _first_below(self, share: Floats, p: float) -> float | None:
        reached = np.flatnonzero(share <= 1.0 - p + ROUNDING)
        return float(self.days[reached[0]]) if reached.size else None


def kaplan_meier(days: ArrayLike, closed: ArrayLike | None = None, confidence: float = CONFIDENCE) -> Survival:
    """Estimate how long cases stay open, with bounds of a pointwise confidence.

    Args:
        days (array (cases,) of float): Durations, at least 0; those of open cases so far. ValueError for none, and for
            negative or infinite ones.
        closed (array (cases,) of bool, optional): False where the case is still open (right-censored); default: all
            closed.
    """
    from scipy.stats import CensoredData, ecdf

    lengths = np.asarray(days, dtype=np.float64)
    ended = np.ones(lengths.shape, np.bool_) if closed is None else np.asarray(closed, dtype=np.bool_)
    if lengths.size == 0 or not np.isfinite(lengths).all() or (lengths < 0).any():
        raise ValueError("durations: expected 0 days or more, got none, or a negative or undefined one.")
    found: Any = ecdf(CensoredData(uncensored=lengths[ended], right=lengths[~ended])).sf
    with warnings.catch_warnings():
        # where the share is 1 or 0 the formula is undefined, warns and gives NaN
        warnings.simplefilter("ignore", RuntimeWarning)
        bounds = found.confidence_interval(confidence, method="log-log")
    return Survival(found.quantiles, found.probabilities, bounds.low.probabilities, bounds.high.probabilities)
