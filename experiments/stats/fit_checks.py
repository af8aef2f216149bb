"""Two checks of a fit: whether it gives back what was observed, and whether the targets would tell the parameters.

The first compares an observed value with what the fitted model gives on seeds that the fit has not seen. For the
second, known parameter sets are fitted as if their outcomes had been observed, with an error as large as the tolerances
grant; the runs of the first round are the reference table, for a fit by rounds would take a study a truth. Sets near to
them are kept and moved by local-linear regression on the logit of their quantiles (Beaumont, Zhang & Balding 2002), as
in cross-validation by the package abc (Csilléry et al. 2012). Whether intervals hold what they promise is told by their
coverage and by the ranks of the truths (Talts et al. 2018).
"""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np

from experiments.stats.abc import Floats, Parameter, column, own_scale, quantile, spread_of
from experiments.stats.intervals import Interval, share_interval

FEWEST_DEFINED, FEWEST_TRUTHS = 10, 5
"""Draws with a defined value below which nothing is predicted, truths with defined outcomes below which nothing is
told."""

FAR, NORMAL, WITHIN = 4.0, 1.4826, 2.0
"""Where a deviation is cut; standard deviation over median absolute deviation of a normal distribution; tolerances from
the predicted median up to which an observed value that is not covered is near."""

TAILS, EDGE = (0.025, 0.5, 0.975), 1e-4
"""Quantiles that are told; those nearer to 0 or 1 than this are taken for it before the logit."""

A_COEFFICIENT, FEWEST = 20, 10
"""Runs by coefficient of the regression that are kept at least, where there are so many, and that are needed."""


@dataclasses.dataclass(frozen=True)
class Check:
    """An observed value beside the predictive distribution of the fitted model, with its 95 % interval.

    Attributes:
        draws, undefined: Predicted values, and those of them that are not defined.
        rank: Share of the draws below the observed value, ties counted half.
        p: Twice the smaller tail, the observed value counted as a draw: small where the model hardly ever gives it.
        luck: Standard deviation that luck alone gives; None with one replicate.
        reach, beyond: Least and greatest value that any set of the fit gave; whether the observed one lies outside.
        verdict: "covered": inside the interval; "near": within two tolerances of the median; "missed"; "undefined".
    """

    draws: int
    undefined: int
    luck: float | None
    reach: tuple[float, float] | None
    beyond: bool
    verdict: Literal["covered", "near", "missed", "undefined"] = "undefined"
    median: float | None = None
    low: float | None = None
    high: float | None = None
    rank: float | None = None
    p: float | None = None


def luck_of(values: Floats) -> float | None:
    """Return the standard deviation of a mean over replicates that luck alone gives, pooled over parameter sets.

    Deviations are cut at `FAR` robust standard deviations, for a ratio of two small rises has wild ones. `values`
    (sets, replicates) are of single replicates; sets with anything undefined are left out. None where nothing is left.
    """
    known, replicates = values[np.isfinite(values).all(axis=1)], values.shape[1]
    if replicates < 2 or not len(known):
        return None
    apart = known - known.mean(axis=1, keepdims=True)
    most = FAR * NORMAL * float(np.median(np.abs(apart)))
    cut = np.clip(apart, -most, most) if most > 0.0 else apart
    return float(np.sqrt((cut**2).sum() / (len(known) * (replicates - 1) * replicates)))


def check(observed: float, tolerance: float, values: Floats, luck: float | None, fitted: Floats) -> Check:
    """Compare an observed value with draws (draws,) of the fitted model, and with what all sets of the fit gave."""
    draws, known = values[np.isfinite(values)], fitted[np.isfinite(fitted)]
    reach = (float(known.min()), float(known.max())) if len(known) else None
    beyond = reach is not None and not reach[0] <= observed <= reach[1]
    found = Check(len(values), len(values) - len(draws), luck, reach, beyond)
    if len(draws) < FEWEST_DEFINED:
        return found
    low, median, high = np.quantile(draws, TAILS).tolist()
    near = abs(median - observed) <= WITHIN * tolerance
    rank = float(np.mean(draws < observed) + 0.5 * np.mean(draws == observed))
    p = min(1.0, 2.0 * (min(rank, 1.0 - rank) * len(draws) + 1.0) / (len(draws) + 1.0))
    verdict: Any = "covered" if low <= observed <= high else "near" if near else "missed"
    return dataclasses.replace(found, verdict=verdict, median=median, low=low, high=high, rank=rank, p=p)


@dataclasses.dataclass(frozen=True)
class Recovered:
    """One parameter over all truths, in its unit, arrays (truths,), and on its own scale where spreads are meant.

    Attributes:
        correlation: Of true and recovered; None where one of both does not vary.
        error: Root mean square error of the median ÷ standard deviation of the true values, which is 1 where nothing is
            known; of the truths used, for those that leave a target undefined lie in a part of the prior.
        coverage: Share of the truths inside their 95 % interval.
        evenness: p-value of the ranks of the truths, each within its posterior, being even from 0 to 1
            (Kolmogorov–Smirnov): small where intervals are too narrow, too wide, or lie to one side.
    """

    parameter: str
    true: Floats
    median: Floats
    low: Floats
    high: Floats
    correlation: float | None
    error: float
    coverage: Interval
    evenness: float

    def as_json(self) -> dict[str, Any]:
        return {"parameter": self.parameter, "truths": len(self.true), "correlation": self.correlation,
                "error": self.error, "coverage": self.coverage.mean, "coverage_low": self.coverage.low,
                "coverage_high": self.coverage.high, "ranks_p": self.evenness}  # fmt: skip


def recovered(
    parameters: Sequence[Parameter], table: tuple[Floats, Floats], truths: tuple[Sequence[Mapping[str, Any]], Floats],
    tolerance: Floats, nearest: float, seed: int,
) -> tuple[Recovered, ...]:  # fmt: skip
    """Fit every truth from a reference table and compare; empty where too few are defined.

    Args:
        table, truths: Sets, as quantiles (runs, parameters) and as values by parameter, and what they gave, arrays
            (sets, targets).
        tolerance (array (targets,)): What is granted.
        nearest: Share of the table that is kept.
    """
    (quantiles, given), (sets, outcomes) = table, truths
    known, usable = np.isfinite(given).all(axis=1), np.flatnonzero(np.isfinite(outcomes).all(axis=1))
    runs, coefficients = int(known.sum()), len(tolerance) + 1
    kept = min(runs, max(round(nearest * runs), A_COEFFICIENT * coefficients))
    if runs < FEWEST * coefficients or len(usable) < FEWEST_TRUTHS:
        return ()
    rng = np.random.default_rng([seed, 4])
    noisy = given[known] + tolerance * rng.standard_normal((runs, len(tolerance)))
    observed = outcomes[usable] + tolerance * rng.standard_normal((len(usable), len(tolerance)))
    inside = np.clip(quantiles[known], EDGE, 1.0 - EDGE)
    logits = np.log(inside / (1.0 - inside))
    fits = [_adjusted(logits, noisy, each, kept) for each in observed]
    used, ties = [sets[place] for place in usable.tolist()], rng.random(len(usable))
    return tuple(_compared(parameter, used, [(moved[:, place], weights) for moved, weights in fits], ties)
                 for place, parameter in enumerate(parameters))  # fmt: skip


def _adjusted(logits: Floats, table: Floats, observed: Floats, kept: int) -> tuple[Floats, Floats]:
    """Return the sets kept for one observation, as quantiles, array (kept, parameters), and their weights."""
    spread = table.std(axis=0)
    apart = (table - observed) / np.where(spread > 0.0, spread, 1.0)
    distance = np.sqrt((apart**2).sum(axis=1))
    near = np.argsort(distance, kind="stable")[:kept]
    farthest = distance[near][-1]
    weights = 1.0 - (distance[near] / (farthest * (1.0 + 1e-9))) ** 2 if farthest > 0.0 else np.ones(kept)
    design, root = np.column_stack([np.ones(kept), apart[near]]), np.sqrt(weights)[:, None]
    slopes = np.linalg.lstsq(design * root, logits[near] * root, rcond=None)[0]
    return 1.0 / (1.0 + np.exp(-(logits[near] - apart[near] @ slopes[1:]))), weights


def _compared(
    parameter: Parameter, sets: Sequence[Mapping[str, Any]], fits: Sequence[tuple[Floats, Floats]], ties: Floats
) -> Recovered:
    from scipy.stats import kstest

    true = column(parameter, sets)
    samples = [(np.array([float(parameter.at(min(share, 1.0 - EDGE))) for share in quantiles]), weights)
               for quantiles, weights in fits]  # fmt: skip
    low, median, high = (np.array([quantile(values, weights, share) for values, weights in samples]) for share in TAILS)
    # the weight of the sets below a truth, and of those equal to it so large a part
    ranks = [float(np.average((values < each) + tie * (values == each), weights=weights))
             for (values, weights), each, tie in zip(samples, true.tolist(), ties.tolist(), strict=True)]  # fmt: skip
    first, second = own_scale(parameter, true), own_scale(parameter, median)
    correlation = float(np.corrcoef(first, second)[0, 1]) if first.std() > 0 and second.std() > 0 else None
    error = float(np.sqrt(np.mean((second - first) ** 2))) / (float(first.std()) or spread_of(parameter))
    coverage = share_interval(int(((low <= true) & (true <= high)).sum()), len(true))
    evenness = float(kstest(ranks, "uniform").pvalue)
    return Recovered(parameter.name, true, median, low, high, correlation, error, coverage, evenness)
