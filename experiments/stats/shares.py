"""Shares of a count with their interval."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.stats.intervals import CONFIDENCE, Interval

__all__ = ["share_interval", "share_of"]


def share_interval(count: int, of: int, confidence: float = CONFIDENCE) -> Interval:
    """Return a share with its Wilson (1927) score interval, which holds near 0 and 1 and for few cases.

    Parameters
    ----------
    count, of : int
        How many, of how many.
    confidence : float
        Coverage, between 0 and 1.
    """
    from scipy.stats import binomtest

    if of == 0:
        return Interval(None, None, None)
    bounds = binomtest(count, of).proportion_ci(confidence, method="wilson")
    return Interval(count / of, float(bounds.low), float(bounds.high))


def share_of(told: Sequence[bool | None]) -> Interval:
    """Return the share of what is true with its Wilson interval; what is undefined is left out."""
    known = [each for each in told if each is not None]
    return share_interval(sum(known), len(known))
