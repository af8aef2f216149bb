"""How long cases take, kind by kind: which family fits, how wide it is, and the shape over all kinds."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.stats.families import Family, fit_families

__all__ = ["EDGES", "durations_by_kind"]

LEAST_CLOSED = 100
"""Closed cases of a kind below which nothing is fitted."""

MOST_FITTED = 5000
"""Cases of a kind that are fitted, evenly spaced in the order in which they were settled: a spread of 1 is then known
within 0.01, which is less than kinds differ."""

SPREAD = (0.9, 1.4)
"""Spread of log days within a kind of case, as six public logs have it (S1)."""

RESOLUTION = 1e-4
"""Days: times are finer than this, and none is told apart below it."""

EDGES = np.linspace(-4.0, 4.0, 41)
"""Bins of the standardised logarithm of the days to close."""


def durations_by_kind(kind: NDArray[Any], days: NDArray[np.float64], closed: NDArray[np.bool_]) -> dict[str, Any]:
    """Fit lognormal and exponential to every kind, open cases as censored.

    Parameters
    ----------
    kind : array (cases,)
    days : array (cases,) of float
        From report to the last real closure, or to where the case was last seen open or dropped.
    closed : array (cases,) of bool

    Returns
    -------
    dict
        `sigma_log`: spread of log days within a kind, mean over kinds weighted by cases; `sigmas`: by kind;
        `kinds_in_spread`: share of kinds of which it lies in `SPREAD`;
        `kinds_lognormal`: share of kinds that lognormal fits better than exponential (AIC); `log_shape`: closed cases
        by standardised log days, bins of `EDGES`.
    """
    fits, sizes, shape = [], [], np.zeros(EDGES.size - 1)
    for code in np.unique(kind):
        mine = kind == code
        if (mine & closed).sum() < LEAST_CLOSED:
            continue
        some = np.flatnonzero(mine)[:: 1 + int(mine.sum()) // MOST_FITTED]
        lognormal, exponential = _fit(days[some], closed[some])
        fits.append((lognormal.parameters["sigma_log"], lognormal.aic < exponential.aic))
        sizes.append(mine.sum())
        logs = np.log(np.maximum(days[mine & closed], RESOLUTION))
        standard = (logs - lognormal.parameters["mean_log"]) / lognormal.parameters["sigma_log"]
        shape += np.histogram(standard, EDGES)[0]
    if not fits:
        none = dict.fromkeys(("sigma_log", "sigmas", "kinds_in_spread", "kinds_lognormal"), np.nan)
        return {**none, "log_shape": shape}
    sigmas, better = (np.array(column, dtype=np.float64) for column in zip(*fits, strict=True))
    return {
        "sigma_log": float(np.average(sigmas, weights=sizes)), "sigmas": sigmas,
        "kinds_in_spread": float(((sigmas >= SPREAD[0]) & (sigmas <= SPREAD[1])).mean()),
        "kinds_lognormal": float(better.mean()), "log_shape": shape,
    }  # fmt: skip


def _fit(days: NDArray[np.float64], closed: NDArray[np.bool_]) -> tuple[Family, Family]:
    fitted = {each.name: each for each in fit_families(np.maximum(days, 0.0), closed, RESOLUTION, _COMPARED)}
    return fitted["lognormal"], fitted["exponential"]


_COMPARED = ("lognormal", "exponential")
