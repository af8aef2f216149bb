"""Would the targets tell, if the model were true? Known parameter sets, fitted as if their outcomes had been observed.

Each truth's outcomes, with an error as large as the tolerances grant, stand for the targets; the runs of the first
round are the reference table. Sets near to them are kept and moved by local-linear regression on the logit of their
quantiles (Beaumont, Zhang & Balding 2002), as the package abc does in its cross-validation (Csilléry et al. 2012).
Every run of the table and every truth has luck of its own. Whether the intervals hold what they promise is told by
their coverage and by the ranks of the truths (Talts et al. 2018). A fit by rounds of each truth would take as many
studies as there are truths.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.design.factors import Factor
from experiments.stats import Interval
from experiments.stats.intervals import share_interval
from experiments.studies.calibrating.prior import column, generator, own_scale, spread_of, values_at
from experiments.studies.calibrating.weighing import quantile

__all__ = ["Recovered", "Truths", "recovered", "truths_of"]

TAILS = (0.025, 0.5, 0.975)

EDGE = 1e-4
"""Quantiles nearer to 0 or 1 than this are taken for it before the logit."""

A_COEFFICIENT, FEWEST = 20, 10
"""Runs by coefficient of the regression that are kept at least, where there are so many, and that are needed."""

FEWEST_TRUTHS = 5
"""Truths with defined outcomes below which nothing is told."""


@dataclasses.dataclass(frozen=True)
class Recovered:
    """One parameter over all truths, on its own scale where spreads are meant.

    Attributes
    ----------
    parameter : str
    true, median, low, high : array (truths,)
        In the parameter's unit.
    correlation : float or None
        Of true and recovered, on the parameter's own scale; None where one of both does not vary.
    error : float
        Root mean square error of the median ÷ standard deviation of the true values, which is 1 where nothing is known;
        of the truths used, for those that leave a target undefined lie in a part of the prior.
    coverage : Interval
        Share of the truths inside their 95 % interval.
    evenness : float
        p-value of the ranks of the truths, each within its posterior, being even from 0 to 1 (Kolmogorov–Smirnov):
        small where intervals are too narrow, too wide, or lie to one side.
    """

    parameter: str
    true: NDArray[np.float64]
    median: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    correlation: float | None
    error: float
    coverage: Interval
    evenness: float


@dataclasses.dataclass(frozen=True)
class Truths:
    """Parameter sets of the recovery test, and what their runs gave.

    Attributes
    ----------
    sets : list of dict
        Value by factor.
    values : array (truths, aims)
        Of the aims fitted.
    """

    sets: Sequence[dict[str, Any]]
    values: NDArray[np.float64]


def truths_of(factors: Sequence[Factor], count: int, seed: int) -> list[dict[str, Any]]:
    """Return parameter sets drawn from the prior, each for itself."""
    return values_at(factors, generator(seed, 3).random((count, len(factors))))


def recovered(
    factors: Sequence[Factor], quantiles: NDArray[np.float64], table: NDArray[np.float64],
    tolerance: NDArray[np.float64], truths: Truths, nearest: float, seed: int,
) -> tuple[Recovered, ...]:  # fmt: skip
    """Fit every truth from a reference table and compare.

    Parameters
    ----------
    factors : sequence of Factor
    quantiles : array (runs, factors)
        Of the prior; the table's.
    table : array (runs, aims)
        Values of the aims fitted.
    tolerance : array (aims,)
    truths : Truths
    nearest : float
        Share of the table that is kept.
    seed : int

    Returns
    -------
    tuple of Recovered
        By factor; empty where too few runs or truths are defined.
    """
    known = np.isfinite(table).all(axis=1)
    usable = np.flatnonzero(np.isfinite(truths.values).all(axis=1))
    runs, coefficients = int(known.sum()), table.shape[1] + 1
    kept = min(runs, max(round(nearest * runs), A_COEFFICIENT * coefficients))
    if runs < FEWEST * coefficients or len(usable) < FEWEST_TRUTHS:
        return ()
    luck = generator(seed, 4)
    noisy = table[known] + tolerance * luck.standard_normal((runs, len(tolerance)))
    observed = truths.values[usable] + tolerance * luck.standard_normal((len(usable), len(tolerance)))
    logits = _logit(quantiles[known])
    fits = [_adjusted(logits, noisy, each, kept) for each in observed]
    sets = [truths.sets[place] for place in usable.tolist()]
    ties = luck.random(len(usable))
    return tuple(_compared(factor, sets, [(moved[:, place], weights) for moved, weights in fits], ties)
                 for place, factor in enumerate(factors))  # fmt: skip


def _logit(quantiles: NDArray[np.float64]) -> NDArray[np.float64]:
    inside = np.clip(quantiles, EDGE, 1.0 - EDGE)
    return np.asarray(np.log(inside / (1.0 - inside)))


def _adjusted(
    logits: NDArray[np.float64], table: NDArray[np.float64], observed: NDArray[np.float64], kept: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the sets kept for one observation, as quantiles, array (kept, factors), and their weights."""
    spread = table.std(axis=0)
    apart = (table - observed) / np.where(spread > 0.0, spread, 1.0)
    far = np.sqrt((apart**2).sum(axis=1))
    near = np.argsort(far, kind="stable")[:kept]
    weights = 1.0 - (far[near] / (far[near][-1] * (1.0 + 1e-9))) ** 2 if far[near][-1] > 0.0 else np.ones(kept)
    design = np.column_stack([np.ones(kept), apart[near]])
    root = np.sqrt(weights)[:, None]
    slopes = np.linalg.lstsq(design * root, logits[near] * root, rcond=None)[0]
    return 1.0 / (1.0 + np.exp(-(logits[near] - apart[near] @ slopes[1:]))), weights


def _compared(
    factor: Factor, sets: Sequence[dict[str, Any]], fits: Sequence[tuple[NDArray[np.float64], NDArray[np.float64]]],
    ties: NDArray[np.float64],
) -> Recovered:  # fmt: skip
    true = column(factor, sets)
    samples = [(_values(factor, quantiles), weights) for quantiles, weights in fits]
    low, median, high = (np.array([quantile(values, weights, share) for values, weights in samples]) for share in TAILS)
    ranks = [_rank(*sample, each, tie) for sample, each, tie in zip(samples, true.tolist(), ties.tolist(), strict=True)]
    first, second = own_scale(factor, true), own_scale(factor, median)
    correlation = float(np.corrcoef(first, second)[0, 1]) if first.std() > 0 and second.std() > 0 else None
    error = float(np.sqrt(np.mean((second - first) ** 2))) / (float(first.std()) or spread_of(factor))
    inside = int(((low <= true) & (true <= high)).sum())
    coverage = share_interval(inside, len(true))
    return Recovered(factor.name, true, median, low, high, correlation, error, coverage, _evenness(ranks))


def _values(factor: Factor, quantiles: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.array([factor.at(min(share, 1.0 - EDGE)) for share in quantiles], dtype=np.float64)


def _rank(values: NDArray[np.float64], weights: NDArray[np.float64], true: float, tie: float) -> float:
    """Return the weight of the sets below a truth, and of those equal to it so large a part."""
    return float(np.average((values < true) + tie * (values == true), weights=weights))


def _evenness(ranks: Sequence[float]) -> float:
    from scipy.stats import kstest

    return float(kstest(ranks, "uniform").pvalue)
