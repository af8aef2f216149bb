"""What a fit says about each parameter: how much narrower than the prior, and which parameters move together."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from experiments.stats.abc import Floats, Parameter, column, effective, own_scale, prior_values, quantile, spread_of

IDENTIFIED, WEAKLY = 0.5, 0.8
"""Spread of the posterior over that of the prior: identified up to the first, weakly up to the second."""

PROFILE_BINS, RISE = 10, 3.841
"""Parts of equal prior probability in which the best distance is sought; the most that the sum of squares may rise in a
profile: the 95 % quantile of chi-square with one degree of freedom."""

FEWEST_EFFECTIVE, FEWEST_RUNS, CHANCE = 25.0, 20, 0.05
"""Effective sets below which no verdict is given: a standard deviation is then known to a seventh at best; runs below
which it is not asked what targets explain of a parameter; p-value from which that is taken for luck."""

Sets = Sequence[Mapping[str, Any]]
Verdict = Literal["identified", "weakly", "not", "undecided"]


@dataclasses.dataclass(frozen=True)
class Estimate:
    """What is known of a parameter after the fit, in its unit.

    Attributes:
        middle: Median of the posterior, or the best point.
        low, high: 95 % credible interval, or the interval of the profile; beside it that of the prior.
        ratio: Posterior spread ÷ prior spread: of standard deviations, or of the widths of these intervals.
        verdict: "undecided" where too few sets carry the posterior.
        pull: Share of its variance that the fitted targets, known without error, would explain: R² of its ranks on
            theirs over the first round. Far above what the fit told, it asks for smaller tolerances.
        moves: Whether it is more than luck: a parameter that no target follows can never be told from them.
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
    """Best distance by value of a parameter, in parts of equal prior probability; NaN where nothing was run."""

    parameter: str
    edges: Floats
    best: Floats
    runs: NDArray[np.int64]


def _verdict(ratio: float) -> Verdict:
    return "identified" if ratio <= IDENTIFIED else "weakly" if ratio <= WEAKLY else "not"


def estimates(parameters: Sequence[Parameter], sets: Sets, weights: Floats) -> tuple[Estimate, ...]:
    """Return each parameter's posterior beside its prior."""
    found, enough = [], effective(weights) >= FEWEST_EFFECTIVE
    for parameter in parameters:
        values = column(parameter, sets)
        own = own_scale(parameter, values)
        mean = float(np.average(own, weights=weights))
        ratio = float(np.sqrt(np.average((own - mean) ** 2, weights=weights))) / spread_of(parameter)
        low, middle, high = (quantile(values, weights, share) for share in (0.025, 0.5, 0.975))
        prior = float(parameter.at(0.025)), float(parameter.at(0.975))
        verdict = _verdict(ratio) if enough else "undecided"
        found.append(Estimate(parameter.name, middle, low, high, *prior, ratio, verdict))
    return tuple(found)


def best_estimates(
    parameters: Sequence[Parameter], sets: Sets, distance: Floats, with_luck: Floats, targets: int
) -> tuple[Estimate, ...]:
    """Return the best point with the interval in which the sum of squares rises by no more than `RISE`.

    The interval is read from `with_luck` (sets,), distances with luck added to the tolerances.
    """
    close = targets * (with_luck**2 - with_luck.min() ** 2) <= RISE
    close[np.argmin(distance)] = True
    found = []
    for parameter in parameters:
        values, prior = column(parameter, sets), (float(parameter.at(0.025)), float(parameter.at(0.975)))
        low, high = float(values[close].min()), float(values[close].max())
        ratio = float(np.ptp(own_scale(parameter, (low, high))) / np.ptp(own_scale(parameter, prior)))
        best = float(values[np.argmin(distance)])
        found.append(Estimate(parameter.name, best, low, high, *prior, ratio, _verdict(ratio)))
    return tuple(found)


def with_pull(
    found: Sequence[Estimate], parameters: Sequence[Parameter], sets: Sets, values: Floats
) -> tuple[Estimate, ...]:
    """Return estimates with their `pull`: `sets` of the first round gave these values (sets, targets) of the fitted."""
    known = np.isfinite(values).all(axis=1)
    pulls = (_pull(column(parameter, sets)[known], values[known]) for parameter in parameters)
    return tuple(dataclasses.replace(each, **pull) for each, pull in zip(found, pulls, strict=True))


def _pull(parameter: Floats, values: Floats) -> dict[str, Any]:
    """Return R² of the parameter's ranks on those of all targets, and whether the F test tells it from none."""
    from scipy.stats import f, rankdata

    runs = len(parameter)
    if runs < FEWEST_RUNS or parameter.std() == 0.0:
        return {}
    ranks = rankdata(parameter)
    design = np.column_stack([np.ones(runs), rankdata(values, axis=0)])
    slopes, _, rank, _ = np.linalg.lstsq(design, ranks, rcond=None)
    share = 1.0 - float(np.var(ranks - design @ slopes) / np.var(ranks))
    targets = int(rank) - 1
    if targets == 0:  # no target varies
        return {"pull": 0.0, "moves": False}
    ratio = (share / targets) / max((1.0 - share) / (runs - targets - 1), 1e-12)
    return {"pull": share, "moves": bool(f.sf(ratio, targets, runs - targets - 1) < CHANCE)}


def correlations(parameters: Sequence[Parameter], sets: Sets, weights: Floats) -> Floats:
    """Return the posterior's correlations on the parameters' own scales, array (parameters, parameters)."""
    columns = np.array([own_scale(parameter, column(parameter, sets)) for parameter in parameters])
    covariance = np.atleast_2d(np.cov(columns, aweights=weights, ddof=0))
    spread = np.sqrt(np.diag(covariance))
    apart = np.outer(spread, spread)
    return np.where(apart > 0.0, covariance / np.where(apart > 0.0, apart, 1.0), np.eye(len(parameters)))


def profiles(parameters: Sequence[Parameter], sets: Sets, distance: Floats) -> tuple[Profile, ...]:
    """Return by parameter the least distance of any set in each part of its prior."""
    found = []
    for parameter in parameters:
        values = column(parameter, sets)
        edges = np.unique(np.quantile(prior_values(parameter), np.linspace(0.0, 1.0, PROFILE_BINS + 1)))
        edges[0], edges[-1] = min(edges[0], values.min()), max(edges[-1], values.max())
        parts = max(1, len(edges) - 1)
        part = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, parts - 1)
        near = [distance[(part == number) & np.isfinite(distance)] for number in range(parts)]
        best = np.array([each.min() if len(each) else np.nan for each in near])
        found.append(Profile(parameter.name, edges, best, np.bincount(part, minlength=parts)))
    return tuple(found)
