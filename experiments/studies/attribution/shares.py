"""What each instrument contributes, luck by luck: from all subsets, or along orders of introduction."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from experiments.stats.intervals import ROUNDING
from experiments.studies.attribution.scheme import Scheme, Walk, prefixes

__all__ = ["Shares", "exact_shares", "sampled_shares"]

Array = NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class Shares:
    """Contributions by replicate, in the outcome's unit; NaN where a replicate does not show them.

    Attributes
    ----------
    shapley : array
        Replicates × instruments; sums to whole minus none in every replicate.
    alone, left_out : array
        Replicates × instruments: the instrument by itself minus none; the whole minus the whole without it.
    interactions : array or None
        Replicates × instruments × instruments, symmetric: the Shapley interaction index.
    none, whole : array
        Level by replicate.
    """

    shapley: Array
    alone: Array
    left_out: Array
    interactions: Array | None
    none: Array
    whole: Array


def exact_shares(values: Array) -> Shares:
    """Return contributions from the values of all subsets.

    Parameters
    ----------
    values : array of float
        Subsets × replicates, 2^n × R, finite; bit i of a row's number says whether instrument i is in.

    Returns
    -------
    Shares
        Shapley (1953): φ_i = Σ_S |S|! (n − |S| − 1)! / n! · (v(S ∪ i) − v(S)) over subsets S without i. Grabisch and
        Roubens (1999): I_ij = Σ_S |S|! (n − |S| − 2)! / (n − 1)! · (v(S ∪ ij) − v(S ∪ i) − v(S ∪ j) + v(S)) over S
        without i and j.

    Raises
    ------
    ValueError
        If the number of rows is no power of two above 1.
    """
    many = len(values).bit_length() - 1
    if many < 1 or len(values) != 1 << many:
        raise ValueError(f"values: expected a power of two from 2, got {len(values)} subsets")
    subsets, whole = np.arange(len(values)), len(values) - 1
    sizes = np.bitwise_count(subsets).astype(np.int64)
    singles = [1 << place for place in range(many)]
    shapley = [_average(values, _without(subsets, bit), sizes, (bit,), many) for bit in singles]
    interactions = np.full((many, many, values.shape[1]), np.nan)
    for one, other in itertools.combinations(range(many), 2):
        bits = (1 << one, 1 << other)
        index = _average(values, _without(subsets, sum(bits)), sizes, bits, many)
        interactions[one, other] = interactions[other, one] = index
    return Shares(
        _settled(np.array(shapley).T, values),
        _settled((values[singles] - values[0]).T, values),
        _settled((values[whole] - values[[whole ^ bit for bit in singles]]).T, values),
        _settled(np.moveaxis(interactions, 2, 0), values),
        values[0],
        values[whole],
    )


def _without(subsets: NDArray[np.int64], bits: int) -> NDArray[np.int64]:
    return np.compress(subsets & bits == 0, subsets)


def _average(
    values: Array, without: NDArray[np.int64], sizes: NDArray[np.int64], bits: tuple[int, ...], many: int
) -> Array:
    """Average the effect of a bit, or the joint one of two, over orders of introduction; by replicate."""
    orders = many - len(bits) + 1
    weight = np.array([1 / (orders * math.comb(orders - 1, size)) for size in range(orders)])
    if len(bits) == 1:
        effects = values[without | bits[0]] - values[without]
    else:
        one, other = bits
        effects = values[without | one | other] - values[without | one] - values[without | other] + values[without]
    return np.asarray(weight[sizes[without]] @ effects)


def _settled(effects: Array, values: Array) -> Array:
    """Return effects with those that are rounding made zero."""
    largest = np.max(np.abs(values), initial=0.0)
    return np.where(np.abs(effects) <= ROUNDING * largest, 0.0, effects)


def sampled_shares(scheme: Scheme, values: Sequence[Mapping[int, float]], replicates: Sequence[int]) -> Shares:
    """Return contributions along random orders of introduction and their reverses.

    Parameters
    ----------
    scheme : Scheme
        With walks.
    values : sequence of mapping
        Finite value by subset, a mapping a replicate.
    replicates : sequence of int
        Which of the scheme's they are.

    Returns
    -------
    Shares
        The mean over replicates of `shapley` is unbiased (Castro 2009). Two instruments that are neighbours in a
        uniform order have before them a subset whose size is uniform and, given its size, any: the weights of the
        interaction index; so its mean over the replicates that show it is unbiased too.
    """
    many, whole = len(scheme.instruments), scheme.whole
    shapley, alone, left_out = (np.full((len(values), many), np.nan) for _ in range(3))
    interactions = np.full((len(values), many, many), np.nan)
    for row, (replicate, known) in enumerate(zip(replicates, values, strict=True)):
        walk = scheme.walks[replicate]
        shapley[row] = _along(walk, known)
        for place in range(many):
            alone[row, place] = known.get(1 << place, np.nan) - known[0]
            left_out[row, place] = known[whole] - known.get(whole ^ 1 << place, np.nan)
        if scheme.interactions:
            interactions[row] = _of_neighbours(walk, known)
    scale = np.array([value for known in values for value in known.values()])
    return Shares(
        _settled(shapley, scale), _settled(alone, scale), _settled(left_out, scale),
        _settled(interactions, scale) if scheme.interactions else None,
        np.array([known[0] for known in values]), np.array([known[whole] for known in values]),
    )  # fmt: skip


def _along(walk: Walk, known: Mapping[int, float]) -> Array:
    """Return what each instrument adds when it comes, mean over the order and its reverse."""
    added = np.zeros(len(walk.order))
    for order in walk.orders:
        levels = np.array([known[mask] for mask in prefixes(order)])
        added[list(order)] += np.diff(levels) / len(walk.orders)
    return added


def _of_neighbours(walk: Walk, known: Mapping[int, float]) -> Array:
    """Return the joint effect of neighbours beyond their own, mean over the order and its reverse."""
    many = len(walk.order)
    found = np.full((many, many), np.nan)
    for one, other in itertools.pairwise(walk.order):
        joint = []
        for order in walk.orders:
            before = prefixes(order)[min(order.index(one), order.index(other))]
            joint.append(
                known[before | 1 << one | 1 << other] - known[before | 1 << one] - known[before | 1 << other]
                + known[before]
            )  # fmt: skip
        found[one, other] = found[other, one] = sum(joint) / len(joint)
    return found
