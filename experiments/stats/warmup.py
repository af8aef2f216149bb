"""Whether a warm-up is long enough: MSER-5 (White 1997; White and Robinson 2010) on daily series.

The rule cuts where the remaining values have the smallest squared standard error. A series that is still moving at its
end is never settled; then the rule says so instead of naming a day.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import ArrayLike

BATCH = 5
"""Days in a batch, whose means the rule looks at."""

FEWEST = 10
"""Batches that a series must have; half of them remain after the last cut."""

LATEST = 0.5
"""A cut in the second half of a series says that it is too short, not where it settles."""


@dataclasses.dataclass(frozen=True)
class Settled:
    """First day after the transient, None where the series does not settle; and the days of the series."""

    day: int | None
    days: int

    def within(self, warm_up: int) -> bool:
        """Tell whether the series has settled by the end of the warm-up."""
        return self.day is not None and self.day <= warm_up


def mser(series: ArrayLike, batch: int = BATCH) -> Settled:
    """Find where a series by day, or the mean over replicates of one by replicate and day, settles.

    That is day 0 for a series that does not move, and no day for one that is too short or still moving at its end.
    """
    values = np.asarray(series, dtype=np.float64)
    daily = values.mean(axis=0) if values.ndim == 2 else values
    count = daily.size // batch
    if count < FEWEST or not np.isfinite(daily).all():
        return Settled(None, daily.size)
    means = daily[: count * batch].reshape(count, batch).mean(axis=1)
    rests = [means[cut:] for cut in range(count - FEWEST // 2 + 1)]
    cut = int(np.argmin([float(((rest - rest.mean()) ** 2).sum()) / rest.size**2 for rest in rests]))
    return Settled(cut * batch if cut < LATEST * count else None, daily.size)
