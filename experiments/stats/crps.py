"""The continuous ranked probability score of forecasts that are samples (Gneiting and Raftery 2007, section 4.2)."""

from __future__ import annotations

import numpy as np

from experiments.stats.intervals import Floats


def crps(values: Floats, observed: float, weights: Floats | None = None) -> float:
    """Return the score of a sample, in its unit: 0 where all of it is what was observed; less is better.

    It is the mean distance from what was observed less half the mean distance between two of the sample.

    Args:
        values (array (sample,)): Without order.
        weights (array (sample,)): Of each value; equal unless given.
    """
    weight = np.full(values.size, 1.0 / values.size) if weights is None else weights / weights.sum()
    order = np.argsort(values, kind="stable")
    value, weight = values[order], weight[order]
    share = np.cumsum(weight)[:-1]
    spread = float((np.diff(value) * share * (1.0 - share)).sum())  # half the mean distance of two of the sample
    return float((weight * np.abs(value - observed)).sum()) - spread


def quantiles(values: Floats, levels: Floats, weights: Floats) -> Floats:
    """Return quantiles of a weighted sample, array (levels,): the least value that holds so much of the weight."""
    order = np.argsort(values, kind="stable")
    share = np.cumsum(weights[order])
    return np.asarray(values[order][np.searchsorted(share, levels * share[-1] - 1e-12).clip(0, values.size - 1)])
