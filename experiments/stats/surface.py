"""A quadratic surface through measured points: what a package would give before it is run, and how far that is off.

The surface is linear in its terms (1, each input, each product of two) after a link: shares are fitted as log-odds, so
that no estimate leaves 0–1. Ridge holds the terms that the points do not tell apart; its strength is the one that errs
least on points left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from experiments.stats.intervals import Floats

Link = Literal["logit", "identity"]
Term = tuple[int, ...]  # inputs whose values are multiplied; none: the constant

EDGE = 1e-4
"""Shares nearer to 0 or 1 are fitted as if they were so near: their log-odds have no bound."""

STRENGTHS = np.logspace(-6.0, 1.0, 29)
"""Of the ridge, in variances of a term, among which the best is taken."""


def linked(values: Floats, link: Link) -> Floats:
    """Return values as the surface is fitted to them."""
    if link == "identity":
        return np.asarray(values, dtype=np.float64)
    inside = np.clip(values, EDGE, 1.0 - EDGE)
    return np.asarray(np.log(inside / (1.0 - inside)))


def unlinked(values: Floats, link: Link) -> Floats:
    """Return what `linked` was given."""
    return np.asarray(values if link == "identity" else 1.0 / (1.0 + np.exp(-values)))


def quadratic_terms(inputs: int) -> list[Term]:
    """Return the constant, the inputs, and every product of two."""
    pairs = [(one, other) for one in range(inputs) for other in range(one, inputs)]
    return [(), *((one,) for one in range(inputs)), *pairs]


def products(points: Floats, terms: Sequence[Term]) -> Floats:
    """Return the value of each term at each point, (points, terms)."""
    return np.stack([points[:, list(term)].prod(axis=1) for term in terms], axis=1)


@dataclass(frozen=True)
class Surface:
    """A fitted surface.

    Attributes:
        coefficients (array (terms,)): On the scale of the link.
        left_out (array (points,)): What the surface fitted without a point says of it, on the scale of the link.
        strength: Of the ridge.
    """

    coefficients: Floats
    left_out: Floats
    strength: float


def fit_surface(points: Floats, values: Floats, terms: Sequence[Term]) -> Surface:
    """Fit a surface by ridge; the strength errs least on points left out, one at a time, the constant is free.

    Args:
        points: Of the shape (points, inputs).
        values: On the scale of the link, (points,).
        terms: The first is the constant.
    """
    features = products(points, terms)[:, 1:]
    centre, spread = features.mean(axis=0), features.std(axis=0)
    spread = np.where(spread > 0.0, spread, 1.0)
    standard, middle = (features - centre) / spread, float(values.mean())
    left, singular, right = np.linalg.svd(standard, full_matrices=False)
    fits = [_left_out(left, singular, values - middle, strength * len(values)) for strength in STRENGTHS]
    best = int(np.argmin([float(np.square(each - (values - middle)).sum()) for each in fits]))
    shrunk = singular / (singular**2 + STRENGTHS[best] * len(values))
    slopes = right.T @ (shrunk * (left.T @ (values - middle))) / spread
    constant = middle - float(slopes @ centre)
    return Surface(np.concatenate(([constant], slopes)), fits[best] + middle, float(STRENGTHS[best]))


def _left_out(left: Floats, singular: Floats, values: Floats, penalty: float) -> Floats:
    """Return what a ridge without each value says of it, by its leverage; the constant is refitted too."""
    weights = left * (singular**2 / (singular**2 + penalty))
    fitted = weights @ (left.T @ values)
    leverage = (weights * left).sum(axis=1) + 1.0 / len(values)
    return np.asarray(values - (values - fitted) / (1.0 - leverage))
