"""What the fit says about each parameter: how much narrower than the prior, and which parameters move together."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from experiments.design.factors import Factor
from experiments.studies.calibrating.prior import column, own_scale, prior_values, spread_of
from experiments.studies.calibrating.weighing import effective, quantile

__all__ = [
    "FEWEST_EFFECTIVE",
    "IDENTIFIED",
    "WEAKLY",
    "Estimate",
    "Profile",
    "best_estimates",
    "correlations",
    "estimates",
    "profiles",
    "with_pull",
]

IDENTIFIED, WEAKLY = 0.5, 0.8
"""Spread of the posterior over that of the prior: identified up to the first, weakly up to the second."""

PROFILE_BINS = 10
"""Parts of equal prior probability in which the best distance is sought."""

RISE = 3.841
"""95 % quantile of chi-square with one degree of freedom: the most that the sum of squares may rise in a profile."""

FEWEST_EFFECTIVE = 25.0
"""Effective sets below which no verdict is given: a standard deviation is then known to a seventh at best."""

CHANCE = 0.05
"""p-value from which what targets explain of a parameter is taken for luck."""

FEWEST_RUNS = 20
"""Runs below which it is not asked."""

Verdict = Literal["identified", "weakly", "not", "undecided"]


@dataclasses.dataclass(frozen=True)
class Estimate:
    """What is known of a parameter after the fit.

    Attributes
    ----------
    parameter : str
    middle : float
        Median of the posterior, or the best point.
    low, high : float
        95 % credible interval, or the interval of the profile, in the parameter's unit.
    prior_low, prior_high : float
        95 % interval of the prior.
    ratio : float
        Posterior spread ÷ prior spread: of standard deviations, or of the widths of these intervals.
    verdict : str
        "identified", "weakly" or "not"; "undecided" where too few sets carry the posterior.
    pull : float or None
        Share of its variance that the fitted targets, known without error, would explain: R² of its ranks on theirs
        over the first round, before anything was learned. Far above what the fit told, it asks for smaller tolerances.
    moves : bool
        Whether it is more than luck: a parameter that no target follows can never be told from them.
    """

    parameter: str
    middle: float
    low: float
    high: float
    prior_low: float
    prior_high: float
    ratio: float
    verdict: Verdict
    pull: float | None = None
    moves: bool = True


@dataclasses.dataclass(frozen=True)
class Profile:
    """Best distance by value of a parameter, in parts of equal prior probability; NaN where nothing was run.

    Attributes
    ----------
    parameter : str
    edges : array (parts + 1,)
    best : array (parts,)
    runs : array of int (parts,)
    """

    parameter: str
    edges: NDArray[np.float64]
    best: NDArray[np.float64]
    runs: NDArray[np.int64]


def verdict_of(ratio: float) -> Verdict:
    """Return what a ratio of spreads says."""
    return "identified" if ratio <= IDENTIFIED else "weakly" if ratio <= WEAKLY else "not"


def estimates(
    factors: Sequence[Factor], sets: Sequence[Mapping[str, Any]], weights: NDArray[np.float64]
) -> tuple[Estimate, ...]:
    """Return each parameter's posterior beside its prior."""
    found = tuple(_estimate(factor, column(factor, sets), weights) for factor in factors)
    if effective(weights) >= FEWEST_EFFECTIVE:
        return found
    return tuple(dataclasses.replace(each, verdict="undecided") for each in found)


def _estimate(factor: Factor, values: NDArray[np.float64], weights: NDArray[np.float64]) -> Estimate:
    own = own_scale(factor, values)
    mean = float(np.average(own, weights=weights))
    spread = float(np.sqrt(np.average((own - mean) ** 2, weights=weights)))
    low, middle, high = (quantile(values, weights, share) for share in (0.025, 0.5, 0.975))
    ratio = spread / spread_of(factor)
    return Estimate(factor.name, middle, low, high, *_prior_interval(factor), ratio, verdict_of(ratio))


def with_pull(
    found: Sequence[Estimate], factors: Sequence[Factor], sets: Sequence[Mapping[str, Any]], values: NDArray[np.float64]
) -> tuple[Estimate, ...]:
    """Return estimates that say how far the fitted targets together follow each parameter.

    Parameters
    ----------
    found : sequence of Estimate
        By factor.
    factors, sets : sequence
        Sets of the first round.
    values : array (sets, aims)
        What they gave of the aims fitted.
    """
    known = np.isfinite(values).all(axis=1)
    pulls = [_pull(column(factor, sets)[known], values[known]) for factor in factors]
    return tuple(dataclasses.replace(each, pull=pull, moves=moves)
                 for each, (pull, moves) in zip(found, pulls, strict=True))  # fmt: skip


def _pull(parameter: NDArray[np.float64], values: NDArray[np.float64]) -> tuple[float | None, bool]:
    """Return R² of the parameter's ranks on those of all targets, and whether the F test tells it from none."""
    from scipy.stats import f, rankdata

    runs = len(parameter)
    if runs < FEWEST_RUNS or parameter.std() == 0.0:
        return None, True
    ranks = rankdata(parameter)
    design = np.column_stack([np.ones(runs), rankdata(values, axis=0)])
    slopes, _, rank, _ = np.linalg.lstsq(design, ranks, rcond=None)
    share = 1.0 - float(np.var(ranks - design @ slopes) / np.var(ranks))
    targets = int(rank) - 1
    if targets == 0:  # no target varies
        return 0.0, False
    ratio = (share / targets) / max((1.0 - share) / (runs - targets - 1), 1e-12)
    return share, bool(f.sf(ratio, targets, runs - targets - 1) < CHANCE)


def _prior_interval(factor: Factor) -> tuple[float, float]:
    return float(factor.at(0.025)), float(factor.at(0.975))


def best_estimates(
    factors: Sequence[Factor], sets: Sequence[Mapping[str, Any]], far: NDArray[np.float64],
    with_luck: NDArray[np.float64], targets: int,
) -> tuple[Estimate, ...]:  # fmt: skip
    """Return the best point with the interval in which the sum of squares rises by no more than `RISE`.

    Parameters
    ----------
    factors, sets : sequence
    far, with_luck : array (sets,)
        Distances; those from which the interval is read, luck added to the tolerances.
    targets : int
    """
    close = targets * (with_luck**2 - with_luck.min() ** 2) <= RISE
    close[np.argmin(far)] = True
    found = []
    for factor in factors:
        values = column(factor, sets)
        low, high = float(values[close].min()), float(values[close].max())
        before = _prior_interval(factor)
        width, whole = (np.ptp(own_scale(factor, ends)) for ends in ((low, high), before))
        ratio = float(width / whole)
        found.append(Estimate(factor.name, float(values[np.argmin(far)]), low, high, *before, ratio, verdict_of(ratio)))
    return tuple(found)


def correlations(
    factors: Sequence[Factor], sets: Sequence[Mapping[str, Any]], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the posterior's correlations on the parameters' own scales, array (factors, factors)."""
    columns = np.array([own_scale(factor, column(factor, sets)) for factor in factors])
    covariance = np.atleast_2d(np.cov(columns, aweights=weights, ddof=0))
    spread = np.sqrt(np.diag(covariance))
    apart = np.outer(spread, spread)
    return np.where(apart > 0.0, covariance / np.where(apart > 0.0, apart, 1.0), np.eye(len(factors)))


def profiles(
    factors: Sequence[Factor], sets: Sequence[Mapping[str, Any]], far: NDArray[np.float64]
) -> tuple[Profile, ...]:
    """Return by parameter the least distance of any set in each part of its prior."""
    return tuple(_profile(factor, column(factor, sets), far) for factor in factors)


def _profile(factor: Factor, values: NDArray[np.float64], far: NDArray[np.float64]) -> Profile:
    fine = prior_values(factor)
    edges = np.unique(np.quantile(fine, np.linspace(0.0, 1.0, PROFILE_BINS + 1)))
    edges[0], edges[-1] = min(edges[0], values.min()), max(edges[-1], values.max())
    part = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, max(0, len(edges) - 2))
    parts = max(1, len(edges) - 1)
    near = [far[(part == number) & np.isfinite(far)] for number in range(parts)]
    best = np.array([each.min() if len(each) else np.nan for each in near])
    return Profile(factor.name, edges, best, np.array([int((part == number).sum()) for number in range(parts)]))
