"""Difference-in-differences of reformed streets against the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.studies.dated.clustered import FEWEST, Estimate, estimates_of, small_sample
from experiments.studies.dated.trial import Trial

__all__ = ["FEWEST", "Difference", "contrast", "did", "treatment", "two_way"]


@dataclass(frozen=True)
class Difference:
    """The estimate of one district.

    Attributes
    ----------
    estimate : Estimate
        Two-way fixed effects, standard error clustered by street.
    treated, others : int
        Streets ever reformed, and never.
    periods : int
    negative_weight : float
        Sum of the negative weights with which effects on reformed cells enter the estimate, as a positive number; they
        add up to 1 in all. Above 0 only where reforms have several dates: then the estimate may even have the wrong
        sign (de Chaisemartin & D'Haultfœuille 2020).
    """

    estimate: Estimate
    treated: int
    others: int
    periods: int
    negative_weight: float

    def as_json(self) -> dict[str, Any]:
        """Return plain values by name."""
        counts = {"treated": self.treated, "others": self.others, "periods": self.periods}
        return {**self.estimate.as_json(), **counts, "negative_weight": self.negative_weight}


def did(trial: Trial) -> Difference:
    """Estimate the effect of the reform by two-way fixed effects.

    With one date this is the change of the reformed streets' mean less that of the others'. It is the effect on the
    reformed only where the others are neither touched by the reform nor on another path.

    Parameters
    ----------
    trial : Trial

    Raises
    ------
    ValueError
        If fewer than two streets are reformed, or are not, or no period lies before or after.
    """
    treated = int(trial.treated.sum())
    others = len(trial.treated) - treated
    if treated < FEWEST or others < FEWEST:
        raise ValueError(
            f"streets: expected at least {FEWEST} reformed and {FEWEST} others, got {treated} and {others}."
        )
    regressor = two_way(treatment(trial))
    size = float((regressor**2).sum())
    if size <= 0.0:
        raise ValueError("reform: expected periods before and after it, got none on one side.")
    value = float((regressor * trial.values).sum()) / size
    residual = two_way(trial.values) - value * regressor
    influence = (regressor * residual).sum(axis=1, keepdims=True) / size
    scale = small_sample(trial.values, 1)
    estimate = estimates_of(np.array([value]), influence, scale).one(0)
    return Difference(estimate, treated, others, trial.periods, _negative_weight(trial, regressor))


def contrast(values: NDArray[np.float64], trial: Trial) -> float:
    """Return the same estimate from any values by street and period: it is linear in them."""
    regressor = two_way(treatment(trial))
    return float((regressor * values).sum() / (regressor**2).sum())


def treatment(trial: Trial) -> NDArray[np.float64]:
    """Return 1 for cells under the reform, 0 for others."""
    return (np.arange(trial.periods) >= trial.adopted[:, None]).astype(np.float64)


def two_way(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return values less the means of their street and their period, plus the grand mean."""
    across, along = values.mean(axis=1, keepdims=True), values.mean(axis=0, keepdims=True)
    return np.asarray(values - across - along + values.mean())


def _negative_weight(trial: Trial, regressor: NDArray[np.float64]) -> float:
    weights = (regressor * treatment(trial)) / (regressor**2).sum()
    return float(-weights[weights < 0.0].sum())
