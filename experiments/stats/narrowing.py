"""What an ensemble of worlds says of its inputs: narrowed, tied, of several kinds; and the world in its middle.

Inputs and outputs are compared by their ranks, so that no scale counts for more than another. Where many inputs or
pairs are looked at, p is adjusted for the share of false discoveries (Benjamini & Hochberg 1995).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.stats.intervals import CLEAR, Bools, Floats

FEWEST = 30  # worlds below which next to nothing could be told from chance

RANKS = 1.06  # variance of Fisher's z of a rank correlation, times worlds less three (Fieller, Hartley & Pearson 1957)

MOST_KINDS, LEAST_SILHOUETTE, LEAST_SHARE, TELLING, NARROWED = 4, 0.25, 0.05, 3, 6
"""Kinds at most; mean silhouette below which worlds are of one kind (Kaufman & Rousseeuw 1990: no substantial
structure); share of the worlds in the smallest kind; inputs, and outputs, that describe a kind; inputs, the most
narrowed, that tell them apart."""

DRAWS = 19  # sets of worlds without kinds that must all be less divided: one in twenty would be more by chance


def adjusted(chances: Floats) -> Floats:
    """Return p-values so adjusted that of those below a level at most this share is false, in their shape."""
    from scipy.stats import false_discovery_control

    return np.asarray(false_discovery_control(chances.ravel()).reshape(chances.shape)) if chances.size else chances


def narrowings(prior: Floats, points: Floats) -> tuple[Floats, Floats]:
    """Return how far the ensemble's distribution of each input is from the prior's, and its p, arrays (inputs,).

    The distance is Kolmogorov and Smirnov's, 0 for an input that evidence did not touch; p is adjusted over inputs.

    Args:
        prior (array (points, inputs)):
        points (array (worlds, inputs)):
    """
    from scipy.stats import ks_2samp

    found = [ks_2samp(before, after, method="asymp") for before, after in zip(prior.T, points.T, strict=True)]
    distances, chances = (np.array([getattr(each, name) for each in found]) for name in ("statistic", "pvalue"))
    return distances, adjusted(chances)


def related(points: Floats, values: Floats, groups: NDArray[np.int64]) -> Floats:
    """Return p of the rank correlation of inputs and outputs within groups, adjusted: array (inputs, outputs).

    Within groups, for waves of a search differ in inputs and outputs alike.

    Args:
        points (array (runs, inputs)):
        values (array (runs, outputs)): NaN where undefined; such runs are left out of that output.
        groups (array (runs,)): Number of the group of each run.
    """
    from scipy.stats import norm

    chances = np.ones((points.shape[1], values.shape[1]))
    for place, column in enumerate(values.T):
        known = np.isfinite(column)
        parts = [np.flatnonzero(known & (groups == group)) for group in np.unique(groups)]
        parts = [part for part in parts if len(part) > 1]
        freedom = sum(map(len, parts)) - len(parts) - 2
        if freedom < 1:
            continue
        inputs, outputs = (np.concatenate([ranked(each[part]) - 0.5 for part in parts]) for each in (points, column))
        size = np.sqrt((inputs**2).sum(axis=0) * (outputs**2).sum())
        correlation = np.divide(outputs @ inputs, size, out=np.zeros(points.shape[1]), where=size > 0.0)
        chances[:, place] = 2.0 * norm.sf(np.abs(fisher(correlation)) * np.sqrt(freedom / RANKS))
    return adjusted(chances)


def fisher(correlations: Floats) -> Floats:
    """Return Fisher's z of correlations, finite also of those that are perfect."""
    return np.asarray(np.arctanh(correlations.clip(-0.999999, 0.999999)))


def untouched(prior: Floats, points: Floats, explored: Floats, values: Floats, groups: NDArray[np.int64]) -> Bools:
    """Tell which inputs nothing shows to be touched: as spread as the prior, related to no output beyond chance.

    Args:
        prior, points: As of `narrowings`.
        explored, values, groups: Every run explored, as of `related`.
    """
    _, kept = narrowings(prior, points)
    return np.asarray((kept >= CLEAR) & (related(explored, values, groups) >= CLEAR).all(axis=1))


def rank_correlations(points: Floats) -> Floats:
    """Return the rank correlation of every pair of columns, array (columns, columns); 0 with one that is constant."""
    centred = ranked(points) - 0.5
    length = np.sqrt((centred**2).sum(axis=0))
    unit = centred / np.where(length > 0.0, length, 1.0)
    return np.asarray(unit.T @ unit)


@dataclass(frozen=True)
class Tie:
    """Two inputs that evidence has tied: rank correlation in the ensemble, `p` of its difference from the prior's."""

    first: int
    second: int
    correlation: float
    before: float
    p: float


def tied(prior: Floats, points: Floats) -> list[Tie]:
    """Return pairs of inputs tied beyond chance, p adjusted over all pairs, the closest first.

    The prior's own ties, as those of shares that sum to one, do not count: Fisher's z of the two rank correlations is
    compared.
    """
    from scipy.stats import norm

    first, second = np.triu_indices(points.shape[1], 1)
    after, before = (rank_correlations(each)[first, second] for each in (points, prior))
    error = np.sqrt(RANKS / (len(points) - 3) + RANKS / (len(prior) - 3))
    chance = adjusted(2.0 * norm.sf(np.abs(fisher(after) - fisher(before)) / error))
    found = [Tie(int(first[each]), int(second[each]), float(after[each]), float(before[each]), float(chance[each]))
             for each in np.flatnonzero(chance < CLEAR)]  # fmt: skip
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


Deviations = tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Kind:
    """Worlds alike.

    Attributes:
        worlds (array (worlds of the kind,)): Their places.
        medoid: The one in their middle.
        inputs, outputs: Those that deviate most, with their mean rank among all worlds minus a half, −½ … ½.
    """

    worlds: NDArray[np.int64]
    medoid: int
    inputs: Deviations
    outputs: Deviations


@dataclass(frozen=True)
class Kinds:
    """Kinds of worlds, the largest first; none where the best `silhouette` of all divisions is too small.

    It is also where it is no larger than `chance`: the largest of worlds that are spread evenly along the same ties.
    """

    kinds: tuple[Kind, ...]
    silhouette: float
    chance: float


def kinds(prior: Floats, points: Floats, outputs: Floats) -> Kinds:
    """Divide an ensemble by Ward's method on the ranks of its most narrowed inputs and of its outputs.

    Args:
        prior (array (points, inputs)):
        points (array (worlds, inputs)):
        outputs (array (worlds, outputs)): What the worlds show.
    """
    distances, _ = narrowings(prior, points)
    inputs = np.argsort(-distances, kind="stable")[:NARROWED]
    ranks, shown = ranked(points), ranked(outputs)
    table = np.hstack([ranks[:, inputs], shown])
    (labels, silhouette), rng = division(table), np.random.default_rng(DRAWS)
    chance = max(division(without_kinds(table, rng))[1] for _ in range(DRAWS))
    if silhouette < LEAST_SILHOUETTE or silhouette <= chance:
        return Kinds((), silhouette, chance)
    found = [kind_of(ranks, shown, np.flatnonzero(labels == label)) for label in np.unique(labels)]
    return Kinds(tuple(sorted(found, key=lambda kind: -len(kind.worlds))), silhouette, chance)


def division(table: Floats) -> tuple[NDArray[np.int64], float]:
    """Return the labels 0, 1, … of the rows in the division with the largest silhouette, and this silhouette."""
    from scipy.cluster.hierarchy import fcluster, linkage

    tree, best, silhouette = linkage(table, "ward"), np.zeros(len(table), dtype=np.int64), 0.0
    for count in range(2, MOST_KINDS + 1):
        labels = fcluster(tree, count, "maxclust").astype(np.int64) - 1
        fits = mean_silhouette(table, labels)
        if fits > silhouette and np.bincount(labels).min() >= LEAST_SHARE * len(table):
            best, silhouette = labels, fits
    return best, silhouette


def without_kinds(table: Floats, rng: np.random.Generator) -> Floats:
    """Return ranks of normal values correlated as the ranks of a table are, in its shape."""
    centred = table - table.mean(axis=0)
    return ranked(rng.standard_normal((len(table), len(table))) @ centred)


def kind_of(inputs: Floats, outputs: Floats, worlds: NDArray[np.int64]) -> Kind:
    """Describe worlds by what deviates most, given ranks among all worlds."""
    middle = int(worlds[medoid(inputs[worlds])])
    return Kind(worlds, middle, farthest(inputs[worlds]), farthest(outputs[worlds]))


def farthest(ranks: Floats) -> Deviations:
    """Return the columns whose mean rank is farthest from the middle, with how far it is."""
    deviation = ranks.mean(axis=0) - 0.5
    most = np.argsort(-np.abs(deviation), kind="stable")[:TELLING]
    return tuple((int(each), float(deviation[each])) for each in most)


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
