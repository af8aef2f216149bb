"""A surface through measured points: what a package would give before it is run, and how far that is off.

It is a sum of terms (1, each input, each product of two) and of what is left over near each point: a Gaussian process
whose mean is a ridge (Rasmussen and Williams 2006, ch. 2.7). Shares are fitted as log-odds, so that no estimate leaves
0–1. How strongly terms and neighbours are held back, and how far a point reaches along each input, is what makes the
measured values likeliest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from experiments.stats.intervals import Floats

Link = Literal["logit", "identity"]
Term = tuple[int, ...]  # inputs whose values are multiplied; none: the constant

EDGE = 1e-3
"""Shares nearer to 0 or 1 are fitted as if they were so near: their log-odds have no bound."""

START = (-2.0, -1.0, -2.0, 0.5)
"""Where the search begins, in natural logarithms: variances of a term, of neighbours and of noise, in those of the
values, and the reach along an input that runs from 0 to 1."""

BOUNDS = ((-12.0, 3.0), (-12.0, 3.0), (-9.0, 2.0), (-1.5, 3.0))


def linked(values: Floats, link: Link) -> Floats:
    """Return values as the surface is fitted to them."""
    if link == "identity":
        return np.asarray(values, dtype=np.float64)
    inside = np.clip(values, EDGE, 1.0 - EDGE)
    return np.asarray(np.log(inside / (1.0 - inside)))


def unlinked(values: Floats, link: Link) -> Floats:
    """Return what `linked` was given; what is below zero counts as zero."""
    return np.asarray(np.maximum(values, 0.0) if link == "identity" else 1.0 / (1.0 + np.exp(-values)))


def quadratic_terms(inputs: int) -> list[Term]:
    """Return the constant, the inputs, and every product of two."""
    pairs = [(one, other) for one in range(inputs) for other in range(one, inputs)]
    return [(), *((one,) for one in range(inputs)), *pairs]


def products(points: Floats, terms: Sequence[Term]) -> Floats:
    """Return the value of each term at each point, (points, terms)."""
    return np.stack([points[:, list(term)].prod(axis=1) for term in terms], axis=1)


def nearness(points: Floats, others: Floats, reach: Floats) -> Floats:
    """Return how near points are to others, (points, others): 1 at the same place, falling as a bell."""
    gaps = (points[:, None, :] - others[None, :, :]) / reach
    return np.asarray(np.exp(-0.5 * np.square(gaps).sum(axis=2)))


@dataclass(frozen=True)
class Surface:
    """A fitted surface, on the scale of the link.

    Attributes:
        coefficients (array (terms,)): Of the terms.
        reach (array (inputs,)): How far a point reaches along each input.
        weights (array (points,)): Of the nearness to each point.
        left_out (array (points,)): What the surface says of a point when it is fitted without it.
    """

    coefficients: Floats
    reach: Floats
    weights: Floats
    left_out: Floats


def fit_surface(points: Floats, values: Floats, terms: Sequence[Term]) -> Surface:
    """Fit a surface; the search for its strengths is the same for the same numbers.

    Args:
        points: Of the shape (points, inputs), between 0 and 1.
        values: On the scale of the link, (points,).
        terms: The first is the constant, which is free.
    """
    from scipy.optimize import minimize

    features = products(points, terms)[:, 1:]
    centre, spread = features.mean(axis=0), features.std(axis=0)
    spread = np.where(spread > 0.0, spread, 1.0)
    middle, size = float(values.mean()), float(values.std()) or 1.0
    part = _Likelihood(points, (features - centre) / spread, (values - middle) / size)
    inputs = points.shape[1]
    start = np.array([*START[:3], *[START[3]] * inputs])
    best = minimize(part, start, jac=True, method="L-BFGS-B", bounds=[*BOUNDS[:3], *[BOUNDS[3]] * inputs])
    of_term, of_neighbours, reach, solved, inverse = part.solution(best.x)
    slopes = size * of_term * (part.features.T @ solved) / spread
    left_out = middle + size * (part.values - solved / np.diag(inverse))
    constant = middle - float(slopes @ centre)
    return Surface(np.concatenate(([constant], slopes)), reach, size * of_neighbours * solved, left_out)


@dataclass(frozen=True)
class _Likelihood:
    """How unlikely the values are, by the logarithms of the strengths."""

    points: Floats
    features: Floats
    values: Floats

    def __call__(self, strengths: Floats) -> tuple[float, Floats]:
        """Return minus the logarithm of the likelihood, but for a constant, and its slope."""
        parts, near, reach = self._parts(strengths)
        inverse, solved, log_size = self._solved(np.sum(parts, axis=0))
        fit = 0.5 * float(self.values @ solved) + 0.5 * log_size
        pull = 0.5 * (inverse - np.outer(solved, solved))
        slopes = [float((pull * part).sum()) for part in parts]
        gaps = (self.points[:, None, :] - self.points[None, :, :]) / reach
        along = np.einsum("ij,ijk->k", pull * near, np.square(gaps))
        return fit, np.array([*slopes, *along])

    def solution(self, strengths: Floats) -> tuple[float, float, Floats, Floats, Floats]:
        """Return the variance of a term and of neighbours, the reach, the solved values and the inverse."""
        parts, _, reach = self._parts(strengths)
        inverse, solved, _ = self._solved(np.sum(parts, axis=0))
        of_term, of_neighbours = np.exp(strengths[:2])
        return float(of_term), float(of_neighbours), reach, solved, inverse

    def _parts(self, strengths: Floats) -> tuple[list[Floats], Floats, Floats]:
        of_term, of_neighbours, noise = np.exp(strengths[:3])
        reach = np.asarray(np.exp(strengths[3:]))
        near = of_neighbours * nearness(self.points, self.points, reach)
        return [of_term * (self.features @ self.features.T), near, noise * np.eye(len(self.values))], near, reach

    def _solved(self, whole: Floats) -> tuple[Floats, Floats, float]:
        from scipy.linalg import cho_solve, cholesky

        lower = cholesky(whole, lower=True)
        inverse = np.asarray(cho_solve((lower, True), np.eye(len(self.values))))
        return inverse, inverse @ self.values, 2.0 * float(np.log(np.diag(lower)).sum())
