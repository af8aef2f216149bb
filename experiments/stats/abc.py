"""Approximate Bayesian computation: priors on their quantiles, proposals, and how much each simulated set counts.

Every distribution is handled on its quantiles, where it is even from 0 to 1. A set at distance d from n targets has the
likelihood exp(−n d² / 2): tolerances are the standard deviations of a normal error, so that the posterior is exact for
a model with that error (Wilkinson 2013). It is divided by the density with which all rounds together have proposed the
set (Cornuet, Marin, Mira & Robert 2012), so every run counts.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from experiments.stats.intervals import Floats as Floats

FINE, CANDIDATES, PIECE, STEPS = 4000, 20_000, 500, 60
"""Quantiles of a prior that give its spread; draws that measure the part of a kernel mixture inside the bounds, to half
a percent; points whose distances from all centres are held in memory at once; halvings in the search for a widening."""

FROM_PRIOR, KERNEL, RIDGE = 0.1, 2.0, 1e-5
"""Share of every round that is drawn from the prior again, so that no corner is forgotten and weights are bounded;
covariance of the kernel over the weighted covariance of the sets before (Beaumont et al. 2009); what is added to its
diagonal, in quantiles squared, so that it never collapses."""

LEAST_EFFECTIVE, MOST_OF_ALL = 60.0, 0.25
"""Effective sets below which tolerances are widened: with fewer a 95 % interval is the place of single sets; share of
the sets simulated beyond which a posterior is never asked for."""


class Parameter(Protocol):
    """A parameter with its prior: `at` is the value below which a share of it lies."""

    @property
    def name(self) -> str: ...

    @property
    def shape(self) -> str: ...

    def at(self, share: float) -> Any: ...


def own_scale(parameter: Parameter, values: ArrayLike) -> Floats:
    """Return values on the scale on which spread is measured: of the shape "loguniform" that of the logarithm."""
    numbers = np.asarray(values, dtype=np.float64)
    return np.log(numbers) if parameter.shape == "loguniform" else numbers


def prior_values(parameter: Parameter) -> Floats:
    """Return evenly spaced quantiles of a parameter's prior, array (4000,)."""
    return np.array([parameter.at((place + 0.5) / FINE) for place in range(FINE)], dtype=np.float64)


def spread_of(parameter: Parameter) -> float:
    """Return the standard deviation of the prior on the parameter's own scale."""
    return float(np.std(own_scale(parameter, prior_values(parameter))))


def column(parameter: Parameter, sets: Sequence[Mapping[str, Any]]) -> Floats:
    """Return the values of a parameter in sets, array (sets,)."""
    return np.array([float(values[parameter.name]) for values in sets])


def distances(values: Floats, observed: Floats, tolerance: Floats) -> Floats:
    """Return the root mean square of (value − observed) ÷ tolerance over targets, of an array (sets, targets).

    1 is one tolerance on average; infinite where a value is undefined, so that the set is rejected.
    """
    found = np.sqrt(np.mean(((values - observed) / tolerance) ** 2, axis=1))
    return np.where(np.isfinite(found), found, np.inf)


@dataclasses.dataclass(frozen=True)
class Proposal:
    """Density on quantiles from which a round is drawn: kernels around earlier sets, cut at the bounds, and the prior.

    `centres` (sets, dimensions) have `weights` that sum to 1; `inside` is the part of the kernels' mass in the bounds.
    """

    centres: Floats
    weights: Floats
    covariance: Floats
    inside: float

    @classmethod
    def around(cls, centres: Floats, weights: Floats, count: int, rng: np.random.Generator) -> tuple[Proposal, Floats]:
        """Return the proposal around weighted sets, and draws from it, array (count, dimensions)."""
        dimensions = centres.shape[1]
        spread = np.array(np.cov(centres.T, aweights=weights, ddof=0), dtype=np.float64, ndmin=2)
        covariance = KERNEL * spread + RIDGE * np.eye(dimensions)
        parents = rng.choice(len(centres), size=CANDIDATES, p=weights)
        candidates = centres[parents] + rng.multivariate_normal(np.zeros(dimensions), covariance, size=CANDIDATES)
        candidates = candidates[((candidates > 0.0) & (candidates < 1.0)).all(axis=1)]
        fresh, chosen = rng.random((count, dimensions)), rng.random((count, 1)) < FROM_PRIOR
        moved = np.resize(candidates, (count, dimensions)) if len(candidates) else fresh
        return cls(centres, weights, covariance, len(candidates) / CANDIDATES), np.where(chosen, fresh, moved)

    def at(self, points: Floats) -> Floats:
        """Return the density at points inside the bounds, array (points,)."""
        if self.inside == 0.0:
            return np.ones(len(points))
        root, mixture = np.linalg.cholesky(self.covariance), []
        height = 1.0 / (np.prod(np.diag(root)) * (2.0 * np.pi) ** (points.shape[1] / 2))
        for piece in np.array_split(points, 1 + len(points) // PIECE):
            apart = (piece[:, None, :] - self.centres[None, :, :]).reshape(-1, points.shape[1])
            squares = (np.linalg.solve(root, apart.T) ** 2).sum(axis=0).reshape(len(piece), len(self.centres))
            mixture.append(np.exp(-0.5 * squares) @ self.weights * height)
        return FROM_PRIOR + (1.0 - FROM_PRIOR) * np.concatenate(mixture) / self.inside


@dataclasses.dataclass(frozen=True)
class Posterior:
    """All simulated sets, as quantiles (sets, parameters), with weights (sets,) that sum to 1.

    `widening` is the factor by which tolerances had to be widened, `effective` the effective number of sets.
    """

    quantiles: Floats
    weights: Floats
    widening: float
    effective: float


def posterior_of(
    rounds: Sequence[tuple[Floats, Proposal | None]], distance: Floats, targets: int, least: float = 1.0
) -> Posterior:
    """Return all sets weighted for tolerances widened by `least`, and further where too few sets would count.

    `rounds` are quantiles (sets, parameters) with what they were drawn from, None being the prior itself; `distance`
    (sets,) is infinite for sets that were rejected.
    """
    quantiles = np.concatenate([each for each, _ in rounds])
    densities = [len(each) * (1.0 if proposal is None else proposal.at(quantiles)) for each, proposal in rounds]
    proposed = np.asarray(sum(densities, np.zeros(len(quantiles))) / len(quantiles))
    wanted = min(LEAST_EFFECTIVE, MOST_OF_ALL * float(np.isfinite(distance).sum()))
    widening = widening_for(distance, targets, proposed, wanted, least)
    weights = weights_of(distance, targets, proposed, widening)
    return Posterior(quantiles, weights, widening, effective(weights))


def weights_of(distance: Floats, targets: int, proposed: Floats, widening: float) -> Floats:
    """Return the weights of sets proposed with these densities, which sum to 1; all zero where all were rejected."""
    logarithm = -0.5 * targets * (distance / widening) ** 2 - np.log(proposed)
    best = logarithm.max(initial=-np.inf)
    if not np.isfinite(best):
        return np.zeros(len(distance))
    weights = np.exp(logarithm - best)
    return np.asarray(weights / weights.sum())


def effective(weights: Floats) -> float:
    """Return the effective number of sets (Kish 1965)."""
    total = float(weights.sum())
    return total**2 / float((weights**2).sum()) if total > 0 else 0.0


def widening_for(distance: Floats, targets: int, proposed: Floats, wanted: float, least: float = 1.0) -> float:
    """Return the smallest factor over all tolerances that leaves so many effective sets; else sets count alike."""

    def enough(widening: float) -> bool:
        return effective(weights_of(distance, targets, proposed, widening)) >= wanted

    known = distance[np.isfinite(distance)]
    if not len(known) or enough(least):
        return least
    low, high = np.log(least), np.log(max(least, float(known.max())) * 100.0)
    for _ in range(STEPS):
        middle = 0.5 * (low + high)
        low, high = (low, middle) if enough(float(np.exp(middle))) else (middle, high)
    return float(np.exp(high))


def quantile(values: Floats, weights: Floats, share: float) -> float:
    """Return a quantile of weighted values, interpolated between the middles of their weights."""
    order = np.argsort(values, kind="stable")
    ordered = weights[order]
    middles = np.cumsum(ordered) - 0.5 * ordered
    return float(np.interp(share * ordered.sum(), middles, values[order]))


def resampled(weights: Floats, count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return the places of sets drawn by weight, systematically: each comes as often as its weight says, within one."""
    marks = (rng.random() + np.arange(count)) / count * weights.sum()
    return np.asarray(np.minimum(np.searchsorted(np.cumsum(weights), marks), len(weights) - 1))
