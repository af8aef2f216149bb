"""Mixes of activities or units: how far apart two are, by chance and in fact; how much one tells of the other."""

from __future__ import annotations

import numpy as np

from experiments.learning.diagnosis_limits import DRAWS, LEVEL, SEED
from experiments.learning.paths import Ints
from experiments.stats.intervals import Floats


def shares(codes: Ints, size: int) -> Floats:
    """Return the share of each code from −1 to `size`, array (size + 1,)."""
    return np.asarray(np.bincount(codes + 1, minlength=size + 1) / max(codes.size, 1), dtype=np.float64)


def distance(one: Ints, other: Ints) -> float:
    """Return the total variation between two mixes of codes: the share that would have to change."""
    size = int(max(one.max(initial=0), other.max(initial=0))) + 1
    return float(np.abs(shares(one, size) - shares(other, size)).sum() / 2.0)


def unlike(one: Ints, other: Ints) -> bool:
    """Tell whether two mixes differ more than chance allows.

    Null: cases are exchangeable between the two. Simulated by drawing tables with the same margins.
    """
    both = np.concatenate([one, other])
    kinds, codes = np.unique(both, return_inverse=True)
    total = np.bincount(codes, minlength=kinds.size)
    rng = np.random.default_rng(SEED)
    drawn = rng.multivariate_hypergeometric(total, one.size, size=DRAWS)
    apart = np.abs(drawn / one.size - (total - drawn) / other.size).sum(axis=1) / 2.0
    return bool((1 + (apart >= distance(one, other)).sum()) / (1 + DRAWS) <= LEVEL)


def told_by(label: Ints, codes: Ints) -> float:
    """Return the share of the uncertainty about codes that a label removes, beyond what it would remove by chance.

    Mutual information ÷ entropy of the codes, both less the mean mutual information over permutations of the label: 0
    for a label that has nothing to do with the codes, 1 where the codes follow from it.
    """
    rng = np.random.default_rng(SEED)
    size = int(label.max(initial=0)) + 1
    entropy = _entropy(np.bincount(codes))

    def information(of: Ints) -> float:
        return entropy + _entropy(np.bincount(of)) - _entropy(np.unique(codes * size + of, return_counts=True)[1])

    chance = float(np.mean([information(rng.permutation(label)) for _ in range(PERMUTATIONS)]))
    left = entropy - chance
    return (information(label) - chance) / left if left > 1e-9 else 0.0


PERMUTATIONS = 20  # their mean is what counts; it hardly varies


def _entropy(tally: Ints) -> float:
    p = tally[tally > 0] / tally.sum()
    return float(-(p * np.log(p)).sum())
