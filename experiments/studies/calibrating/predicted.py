"""What the fitted model says about each target, with luck that the fit has not seen."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from experiments.studies.calibrating.aims import Aim

__all__ = ["FEWEST_DEFINED", "Check", "checks", "luck_of"]

FEWEST_DEFINED = 10
"""Draws with a defined value below which nothing is predicted."""

FAR, NORMAL = 4.0, 1.4826
"""Where a deviation is cut, and standard deviation over median absolute deviation of a normal distribution."""

WITHIN = 2.0
"""Tolerances between the observed value and the predicted median up to which a value that is not covered is near."""


@dataclasses.dataclass(frozen=True)
class Check:
    """A target beside the predictive distribution of the fitted model.

    Attributes
    ----------
    aim : Aim
    draws : array
        Predicted values that are defined.
    undefined : int
        Draws whose value is not.
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
    verdict : str
        "covered": inside the interval; "near": within two tolerances of the median; "missed"; "undefined".
    """

    aim: Aim
    draws: NDArray[np.float64]
    undefined: int
    median: float | None
    low: float | None
    high: float | None
    rank: float | None
    p: float | None
    luck: float | None
    reach: tuple[float, float] | None
    verdict: Literal["covered", "near", "missed", "undefined"]

    @property
    def beyond(self) -> bool:
        """Whether no set gave as much, or as little, as was observed."""
        return self.reach is not None and not self.reach[0] <= self.aim.value <= self.reach[1]


def luck_of(values: NDArray[np.float64]) -> float | None:
    """Return the standard deviation of a mean over replicates that luck alone gives, pooled over parameter sets.

    Deviations are cut at `FAR` robust standard deviations, for a ratio of two small rises has wild ones.

    Parameters
    ----------
    values : array (sets, replicates)
        Of single replicates; sets with anything undefined are left out.

    Returns
    -------
    float or None
        None with one replicate, or where every set is left out.
    """
    sets, replicates = values.shape
    known = values[np.isfinite(values).all(axis=1)] if sets else values
    if replicates < 2 or not len(known):
        return None
    apart = known - known.mean(axis=1, keepdims=True)
    most = FAR * NORMAL * float(np.median(np.abs(apart)))
    cut = np.clip(apart, -most, most) if most > 0.0 else apart
    return float(np.sqrt((cut**2).sum() / (len(known) * (replicates - 1) * replicates)))


def checks(
    aims: Sequence[Aim], values: NDArray[np.float64], luck: Sequence[float | None], fitted: NDArray[np.float64]
) -> tuple[Check, ...]:
    """Compare every aim with its draws.

    Parameters
    ----------
    aims : sequence of Aim
    values : array (draws, aims)
    luck : sequence of float or None
        Standard deviation by aim.
    fitted : array (sets, aims)
        What all sets of the fit gave.
    """
    return tuple(_check(aim, values[:, place], luck[place], _reach(fitted[:, place])) for place, aim in enumerate(aims))


def _reach(values: NDArray[np.float64]) -> tuple[float, float] | None:
    known = values[np.isfinite(values)]
    return (float(known.min()), float(known.max())) if len(known) else None


def _check(aim: Aim, values: NDArray[np.float64], luck: float | None, reach: tuple[float, float] | None) -> Check:
    draws = values[np.isfinite(values)]
    undefined = len(values) - len(draws)
    if len(draws) < FEWEST_DEFINED:
        return Check(aim, draws, undefined, None, None, None, None, None, luck, reach, "undefined")
    low, median, high = (float(each) for each in np.quantile(draws, (0.025, 0.5, 0.975)))
    rank = float(np.mean(draws < aim.value) + 0.5 * np.mean(draws == aim.value))
    near = abs(median - aim.value) <= WITHIN * aim.tolerance
    verdict: Literal["covered", "near", "missed"] = (
        "covered" if low <= aim.value <= high else "near" if near else "missed"
    )
    tail = min(rank, 1.0 - rank) * len(draws)
    p = min(1.0, 2.0 * (tail + 1.0) / (len(draws) + 1.0))
    return Check(aim, draws, undefined, median, low, high, rank, p, luck, reach, verdict)
