"""Shares of a count with their interval."""

from __future__ import annotations

import math

from experiments.statistics.intervals import CONFIDENCE, Interval

__all__ = ["share_interval"]


def share_interval(count: int, of: int, confidence: float = CONFIDENCE) -> Interval:
    """Return a share with its Wilson (1927) score interval, which holds near 0 and 1 and for few cases.

    Parameters
    ----------
    count, of : int
        How many, of how many.
    confidence : float
        Coverage, between 0 and 1.
    """
    from scipy.special import ndtri

    if of == 0:
        return Interval(None, None, None)
    z = float(ndtri((1 + confidence) / 2))
    share, scale = count / of, 1 + z * z / of
    middle = (share + z * z / (2 * of)) / scale
    half = z / scale * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return Interval(share, max(0.0, middle - half), min(1.0, middle + half))
