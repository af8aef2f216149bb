"""Intervals as plain values."""

from __future__ import annotations

from experiments.stats import Interval

__all__ = ["interval_json"]


def interval_json(interval: Interval) -> dict[str, float | None]:
    """Return mean and bounds by the names of `--json`."""
    return {"mean": interval.mean, "ci_low": interval.low, "ci_high": interval.high}
