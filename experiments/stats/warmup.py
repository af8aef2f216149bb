"""Whether a warm-up is long enough: MSER-5 (White 1997; White and Robinson 2010) on daily series.

The rule cuts where the remaining values have the smallest squared standard error. A series that is still moving at its
end is never settled; then the rule says so instead of naming a day.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["BATCH", "Settled", "mser"]

BATCH = 5
"""Days in a batch, whose means the rule looks at."""

FEWEST = 10
"""Batches that a series must have."""

LATEST = 0.5
"""A cut in the second half of a series says that it is too short, not where it settles."""


@dataclasses.dataclass(frozen=True)
class Settled:
    """What MSER says of a series.

    Attributes
    ----------
    day : int or None
        First day after the transient; None where the series does not settle.
    days : int
        Length of the series.
    """

    day: int | None
    days: int

    def within(self, warm_up: int) -> bool:
        """Tell whether the series has settled by the end of the warm-up."""
        return self.day is not None and self.day <= warm_up


def mser(series: ArrayLike, batch: int = BATCH) -> Settled:
    """Find where a series settles.

    Parameters
    ----------
    series : array-like
        By day; or replicates × days, of which the mean over replicates is taken.
    batch : int
        Days in a batch.

    Returns
    -------
    Settled
        Day 0 for a series that does not move; no day for one that is too short or still moving at its end.
    """
    values = np.asarray(series, dtype=np.float64)
    daily = values.mean(axis=0) if values.ndim == 2 else values
    count = daily.size // batch
    if count < FEWEST or not np.isfinite(daily).all():
        return Settled(None, daily.size)
    means = daily[: count * batch].reshape(count, batch).mean(axis=1)
    errors = _errors(means)
    cut = int(np.argmin(errors))
    return Settled(cut * batch if cut < LATEST * count else None, daily.size)


def _errors(means: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the squared standard error of what remains after each cut, at least `FEWEST` ÷ 2 batches of it."""
    last = means.size - FEWEST // 2
    rest = [means[cut:] for cut in range(last + 1)]
    return np.array([float(((part - part.mean()) ** 2).sum()) / part.size**2 for part in rest])
