"""What a fitted model says about an observed value, with luck that the fit has not seen."""

from __future__ import annotations

import dataclasses
from typing import Literal

import numpy as np

from experiments.stats.abc import Floats

__all__ = ["Check", "check", "luck_of"]

FEWEST_DEFINED = 10
"""Draws with a defined value below which nothing is predicted."""

FAR, NORMAL = 4.0, 1.4826
"""Where a deviation is cut, and standard deviation over median absolute deviation of a normal distribution."""

WITHIN = 2.0
"""Tolerances between the observed value and the predicted median up to which a value that is not covered is near."""


@dataclasses.dataclass(frozen=True)
class Check:
    """An observed value beside the predictive distribution of the fitted model.

    Attributes
    ----------
    draws, undefined : int
        Predicted values, and those of them that are not defined.
    median, low, high : float or None
        With the 95 % interval; None where too few draws are defined.
    rank : float or None
        Share of the draws below the observed value, ties counted half.
    p : float or None
        Twice the smaller tail, the observed value counted as a draw: small where the model hardly ever gives it.
    luck : float or None
        Standard deviation that luck alone gives; None with one replicate.
    reach : tuple of float or None
        Least and greatest value that any set of the fit gave.
    beyond : bool
        Whether no set gave as much, or as little, as was observed.
    verdict : str
        "covered": inside the interval; "near": within two tolerances of the median; "missed"; "undefined".
    """

    draws: int
    undefined: int
    luck: float | None
    reach: tuple[float, float] | None
    beyond: bool
    verdict: Literal["covered", "near", "missed", "undefined"] = "undefined"
    median: float | None = None
    low: float | None = None
    high: float | None = None
    rank: float | None = None
    p: float | None = None


def luck_of(values: Floats) -> float | None:
    """Return the standard deviation of a mean over replicates that luck alone gives, pooled over parameter sets.

    Deviations are cut at `FAR` robust standard deviations, for a ratio of two small rises has wild ones.

    `values` (sets, replicates) are of single replicates; sets with anything undefined are left out. None with one
    replicate, or where every set is left out.
    """
    sets, replicates = values.shape
    known = values[np.isfinite(values).all(axis=1)] if sets else values
    if replicates < 2 or not len(known):
        return None
    apart = known - known.mean(axis=1, keepdims=True)
    most = FAR * NORMAL * float(np.median(np.abs(apart)))
    cut = np.clip(apart, -most, most) if most > 0.0 else apart
    return float(np.sqrt((cut**2).sum() / (len(known) * (replicates - 1) * replicates)))


def check(observed: float, tolerance: float, values: Floats, luck: float | None, fitted: Floats) -> Check:
    """Compare an observed value with draws (draws,) of the fitted model, and with what all sets of the fit gave."""
    draws, known = values[np.isfinite(values)], fitted[np.isfinite(fitted)]
    reach = (float(known.min()), float(known.max())) if len(known) else None
    beyond = reach is not None and not reach[0] <= observed <= reach[1]
    found = Check(len(values), len(values) - len(draws), luck, reach, beyond)
    if len(draws) < FEWEST_DEFINED:
        return found
    low, median, high = (float(each) for each in np.quantile(draws, (0.025, 0.5, 0.975)))
    near = abs(median - observed) <= WITHIN * tolerance
    rank = float(np.mean(draws < observed) + 0.5 * np.mean(draws == observed))
    p = min(1.0, 2.0 * (min(rank, 1.0 - rank) * len(draws) + 1.0) / (len(draws) + 1.0))
    return dataclasses.replace(
        found, verdict="covered" if low <= observed <= high else "near" if near else "missed",
        median=median, low=low, high=high, rank=rank, p=p,
    )  # fmt: skip
