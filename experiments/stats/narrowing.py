"""What an ensemble of worlds says of its inputs: narrowed, tied, of several kinds; and the world in its middle.

Inputs and outputs are compared by their ranks, so that no scale counts for more than another.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.stats.intervals import CLEAR, Floats, holm

SHARES = (0.05, 0.5, 0.95)

MOST_KINDS, LEAST_SILHOUETTE, LEAST_SHARE, TELLING, NARROWED = 4, 0.25, 0.05, 3, 6
"""Kinds at most; mean silhouette below which worlds are of one kind (Kaufman & Rousseeuw 1990: no substantial
structure); share of the worlds in the smallest kind; inputs that describe a kind; and, the most narrowed, tell them
apart."""


@dataclass(frozen=True)
class Narrowing:
    """An input before and after.

    `before` and `after` are the 5, 50 and 95 % quantiles; `distance` is Kolmogorov and Smirnov's between the two
    distributions, 0 for an input that evidence did not touch, with its p adjusted over inputs.
    """

    input: int
    before: tuple[float, ...]
    after: tuple[float, ...]
    distance: float
    p_holm: float

    @property
    def clear(self) -> bool:
        return self.p_holm < CLEAR


def narrowings(prior: Floats, points: Floats) -> list[Narrowing]:
    """Compare an ensemble (worlds, inputs) with points of the prior (points, inputs), input by input."""
    from scipy.stats import ks_2samp

    found = [ks_2samp(before, after, method="asymp") for before, after in zip(prior.T, points.T, strict=True)]
    adjusted = holm([float(each.pvalue) for each in found])
    quantiles = [np.quantile(each, SHARES, axis=0).T.tolist() for each in (prior, points)]
    return [
        Narrowing(place, tuple(before), tuple(after), float(test.statistic), 1.0 if p is None else p)
        for place, (before, after, test, p) in enumerate(zip(*quantiles, found, adjusted, strict=True))
    ]


@dataclass(frozen=True)
class Tie:
    """Two inputs that evidence has tied: rank correlation in the ensemble, `p` of its difference from the prior's."""

    first: int
    second: int
    correlation: float
    before: float
    p: float


def tied(prior: Floats, points: Floats) -> list[Tie]:
    """Return pairs of inputs tied beyond chance, by Bonferroni over all pairs, the closest first.

    The prior's own ties, as those of shares that sum to one, do not count: Fisher's z of the two rank correlations is
    compared, with the variance for ranks of Fieller, Hartley & Pearson (1957).
    """
    from scipy.stats import norm

    first, second = np.triu_indices(points.shape[1], 1)
    after, before = (np.asarray(np.corrcoef(ranked(each).T))[first, second] for each in (points, prior))
    error = np.sqrt(1.06 / (len(points) - 3) + 1.06 / (len(prior) - 3))
    apart = np.abs(np.arctanh(after.clip(-0.999999, 0.999999)) - np.arctanh(before.clip(-0.999999, 0.999999)))
    chance = 2.0 * norm.sf(apart / error)
    places = np.flatnonzero(chance * len(first) < CLEAR)
    found = [Tie(int(first[each]), int(second[each]), float(after[each]), float(before[each]), float(chance[each]))
             for each in places]  # fmt: skip
    return sorted(found, key=lambda tie: -abs(tie.correlation))


def ranked(values: Floats) -> Floats:
    """Return by column the ranks of values, from just above 0 to just below 1; ties share theirs."""
    from scipy.stats import rankdata

    return np.asarray((rankdata(values, axis=0) - 0.5) / len(values))


def gower(ranks: Floats) -> Floats:
    """Return the mean absolute difference of ranks over columns (Gower 1971), array (worlds, worlds)."""
    from scipy.spatial.distance import pdist, squareform

    return np.asarray(squareform(pdist(ranks, "cityblock")) / ranks.shape[1])


def medoid(points: Floats) -> int:
    """Return the place of the world with the least mean distance from all others."""
    return int(np.argmin(gower(ranked(points)).sum(axis=0)))


@dataclass(frozen=True)
class Kind:
    """Worlds alike.

    Attributes:
        worlds (array (worlds of the kind,)): Their places.
        medoid: The one in their middle.
        deviations: Inputs that deviate most, with their mean rank among all worlds minus a half, −½ … ½.
    """

    worlds: NDArray[np.int64]
    medoid: int
    deviations: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Kinds:
    """Kinds of worlds, the largest first; one where the `silhouette` of every division is too small."""

    kinds: tuple[Kind, ...]
    silhouette: float
    inputs: tuple[int, ...]


def kinds(prior: Floats, points: Floats, outputs: Floats) -> Kinds:
    """Divide an ensemble by Ward's method on the ranks of its most narrowed inputs and of its outputs.

    Args:
        prior (array (points, inputs)):
        points (array (worlds, inputs)):
        outputs (array (worlds, outputs)): Such as the measured numbers.
    """
    from scipy.cluster.hierarchy import fcluster, linkage

    narrowed = sorted(narrowings(prior, points), key=lambda each: -each.distance)[:NARROWED]
    inputs, ranks = tuple(each.input for each in narrowed), ranked(points)
    table = np.hstack([ranks[:, inputs], ranked(outputs)])
    tree, best, silhouette = linkage(table, "ward"), np.zeros(len(points), dtype=np.int64), 0.0
    for count in range(2, MOST_KINDS + 1):
        labels = fcluster(tree, count, "maxclust").astype(np.int64) - 1
        fits = mean_silhouette(table, labels)
        if fits > silhouette and np.bincount(labels).min() >= LEAST_SHARE * len(points):
            best, silhouette = labels, fits
    if silhouette < LEAST_SILHOUETTE:
        best = np.zeros(len(points), dtype=np.int64)
    found = [kind_of(ranks, points, np.flatnonzero(best == label)) for label in np.unique(best)]
    return Kinds(tuple(sorted(found, key=lambda kind: -len(kind.worlds))), silhouette, inputs)


def kind_of(ranks: Floats, points: Floats, worlds: NDArray[np.int64]) -> Kind:
    """Describe worlds by the inputs whose mean rank is farthest from the middle."""
    deviation = ranks[worlds].mean(axis=0) - 0.5
    most = np.argsort(-np.abs(deviation), kind="stable")[:TELLING]
    return Kind(
        worlds, int(worlds[medoid(points[worlds])]), tuple((int(each), float(deviation[each])) for each in most)
    )


def mean_silhouette(table: Floats, labels: NDArray[np.int64]) -> float:
    """Return the mean silhouette (Rousseeuw 1987) of a division into labels 0, 1, …; 0 of a single one."""
    from scipy.spatial.distance import cdist

    count = np.bincount(labels)
    if len(count) < 2:
        return 0.0
    sums = np.column_stack([cdist(table, table[labels == label]).sum(axis=1) for label in range(len(count))])
    places = np.arange(len(table))
    own = sums[places, labels] / np.maximum(count[labels] - 1, 1)
    means = sums / count
    means[places, labels] = np.inf
    other = means.min(axis=1)
    widths = np.where(count[labels] > 1, (other - own) / np.maximum(np.maximum(own, other), 1e-300), 0.0)
    return float(widths.mean())
