"""Intervals as plain values, and of shares."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.statistics import Interval

__all__ = ["interval_json", "share_interval"]


def interval_json(interval: Interval) -> dict[str, float | None]:
    """Return mean and bounds by the names of `--json`."""
    return {"mean": interval.mean, "ci_low": interval.low, "ci_high": interval.high}


def share_interval(told: Sequence[bool | None]) -> Interval:
    """Return a share with Wilson's 95 % interval; what is undefined is left out."""
    from scipy.stats import binomtest

    known = [each for each in told if each is not None]
    if not known:
        return Interval(None, None, None)
    bounds = binomtest(sum(known), len(known)).proportion_ci(method="wilson")
    return Interval(sum(known) / len(known), float(bounds.low), float(bounds.high))
