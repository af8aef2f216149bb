"""Importance weights: how much each simulated parameter set counts in the posterior.

A set at distance d from n targets has the likelihood exp(−n d² / 2): tolerances are the standard deviations of a
normal error, so that the posterior is exact for a model with that error (Wilkinson 2013). It is divided by the density
with which all rounds together have proposed the set (Cornuet, Marin, Mira & Robert 2012), so every run counts.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Proposal", "density", "effective", "quantile", "resampled", "weighted_covariance", "weights_of", "widening_for",
]  # fmt: skip

CANDIDATES = 20_000
"""Draws from which the part of a kernel mixture inside the bounds is measured: to half a percent."""

FROM_PRIOR = 0.1
"""Share of every round that is drawn from the prior anew, so that no corner is forgotten and weights are bounded."""

KERNEL = 2.0
"""Covariance of the kernel over the weighted covariance of the sets before (Beaumont et al. 2009)."""

RIDGE = 1e-5
"""Added to its diagonal, in quantiles squared, so that it never collapses."""

PIECE = 500
"""Points whose distances from all centres are held in memory at once."""

STEPS = 60
"""Halvings in the search for a widening."""


@dataclasses.dataclass(frozen=True)
class Proposal:
    """Density on quantiles from which a round is drawn: kernels around earlier sets, cut at the bounds, and the prior.

    Attributes
    ----------
    centres : array (sets, dimensions)
    weights : array (sets,)
        Sum to 1.
    covariance : array (dimensions, dimensions)
    inside : float
        Part of the kernels' mass inside the bounds.
    """

    centres: NDArray[np.float64]
    weights: NDArray[np.float64]
    covariance: NDArray[np.float64]
    inside: float

    @classmethod
    def around(
        cls, centres: NDArray[np.float64], weights: NDArray[np.float64], count: int, luck: np.random.Generator
    ) -> tuple[Proposal, NDArray[np.float64]]:
        """Return the proposal around weighted sets, and draws from it, array (count, dimensions)."""
        dimensions = centres.shape[1]
        covariance = KERNEL * weighted_covariance(centres, weights) + RIDGE * np.eye(dimensions)
        parents = luck.choice(len(centres), size=CANDIDATES, p=weights)
        candidates = centres[parents] + luck.multivariate_normal(np.zeros(dimensions), covariance, size=CANDIDATES)
        candidates = candidates[((candidates > 0.0) & (candidates < 1.0)).all(axis=1)]
        fresh = luck.random((count, dimensions))
        chosen = luck.random(count) < FROM_PRIOR
        moved = np.resize(candidates, (count, dimensions)) if len(candidates) else fresh
        made = cls(centres, weights, covariance, len(candidates) / CANDIDATES)
        return made, np.where(chosen[:, None], fresh, moved)

    def at(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the density at points inside the bounds, array (points,)."""
        if self.inside == 0.0:
            return np.ones(len(points))
        pieces = [self._mixture(piece) for piece in np.array_split(points, 1 + len(points) // PIECE)]
        return FROM_PRIOR + (1.0 - FROM_PRIOR) * np.concatenate(pieces) / self.inside

    def _mixture(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        root = np.linalg.cholesky(self.covariance)
        apart = (points[:, None, :] - self.centres[None, :, :]).reshape(-1, points.shape[1])
        squares = (np.linalg.solve(root, apart.T) ** 2).sum(axis=0).reshape(len(points), len(self.centres))
        height = 1.0 / (np.prod(np.diag(root)) * (2.0 * np.pi) ** (points.shape[1] / 2))
        return np.asarray(np.exp(-0.5 * squares) @ self.weights * height)


def weighted_covariance(points: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the covariance of weighted points, array (dimensions, dimensions)."""
    return np.array(np.cov(points.T, aweights=weights, ddof=0), dtype=np.float64, ndmin=2)


def density(
    points: NDArray[np.float64], proposals: Sequence[Proposal | None], sizes: Sequence[int]
) -> NDArray[np.float64]:
    """Return the density with which all rounds together propose points.

    Parameters
    ----------
    points : array (points, dimensions)
        Quantiles of the prior.
    proposals : sequence of Proposal or None
        By round; None is the prior itself, of density 1.
    sizes : sequence of int
        Sets drawn in each round.
    """
    total = np.zeros(len(points))
    for proposal, size in zip(proposals, sizes, strict=True):
        total += size * (np.ones(len(points)) if proposal is None else proposal.at(points))
    return np.asarray(total / sum(sizes))


def weights_of(
    far: NDArray[np.float64], targets: int, proposed: NDArray[np.float64], widening: float = 1.0
) -> NDArray[np.float64]:
    """Return the weights of sets, which sum to 1; all zero where every set was rejected.

    Parameters
    ----------
    far : array (sets,)
        Distances; infinite for a set that was rejected.
    targets : int
    proposed : array (sets,)
        Density with which each was proposed, on quantiles of the prior.
    widening : float
        Factor over every tolerance.
    """
    logarithm = -0.5 * targets * (far / widening) ** 2 - np.log(proposed)
    best = logarithm.max(initial=-np.inf)
    if not np.isfinite(best):
        return np.zeros(len(far))
    weights = np.exp(logarithm - best)
    return np.asarray(weights / weights.sum())


def effective(weights: NDArray[np.float64]) -> float:
    """Return the effective number of sets (Kish 1965)."""
    total = float(weights.sum())
    return total**2 / float((weights**2).sum()) if total > 0 else 0.0


def widening_for(
    far: NDArray[np.float64], targets: int, proposed: NDArray[np.float64], wanted: float, least: float = 1.0
) -> float:
    """Return the smallest factor over all tolerances, from `least`, that leaves so many effective sets.

    Where even the widest does not, that is what is returned: then sets count alike but for their density.
    """
    known = far[np.isfinite(far)]
    if not len(known) or effective(weights_of(far, targets, proposed, least)) >= wanted:
        return least
    low, high = np.log(least), np.log(max(least, float(known.max())) * 100.0)
    for _ in range(STEPS):
        middle = 0.5 * (low + high)
        enough = effective(weights_of(far, targets, proposed, float(np.exp(middle)))) >= wanted
        low, high = (low, middle) if enough else (middle, high)
    return float(np.exp(high))


def quantile(values: NDArray[np.float64], weights: NDArray[np.float64], share: float) -> float:
    """Return a quantile of weighted values, interpolated between the middles of their weights."""
    order = np.argsort(values, kind="stable")
    ordered = weights[order]
    middles = np.cumsum(ordered) - 0.5 * ordered
    return float(np.interp(share * ordered.sum(), middles, values[order]))


def resampled(weights: NDArray[np.float64], count: int, luck: np.random.Generator) -> NDArray[np.int64]:
    """Return the places of sets drawn by weight, systematically: each comes as often as its weight says, within one."""
    marks = (luck.random() + np.arange(count)) / count * weights.sum()
    return np.asarray(np.minimum(np.searchsorted(np.cumsum(weights), marks), len(weights) - 1))
