"""What an empirical study reports of a reform in some streets: estimates from one district, clustered by street."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from experiments.stats.intervals import ROUNDING, Bools, Floats, t_quantile
from experiments.stats.panel import Trial

FEWEST = 2  # streets of each sort without which there is no standard error


@dataclass(frozen=True)
class Estimate:
    """An estimate in the unit of the measure: clustered standard error, 95 % t interval, two-sided p of no effect."""

    value: float | None = None
    error: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None

    def holds(self, truth: float | None) -> bool | None:
        if truth is None or self.low is None or self.high is None:
            return None
        return self.low <= truth <= self.high


def _estimates(trial: Trial, values: Floats, influence: Floats, coefficients: int) -> tuple[list[Estimate], Floats]:
    """Return estimates, and their covariance from each street's influence on them, (streets, estimates): clustered.

    Corrected for small samples by G/(G−1) · (N−1)/(N−K): K counts coefficients and periods, for streets are clusters.
    """
    streets, periods = trial.values.shape
    cells = streets * periods
    correction = streets / (streets - 1) * (cells - 1) / max(1, cells - coefficients - periods)
    covariance = correction * influence.T @ influence
    found = zip(values.tolist(), np.diag(covariance).tolist(), strict=True)
    return [_estimate(value, variance, streets - 1) for value, variance in found], covariance


def _estimate(value: float, variance: float, freedom: int) -> Estimate:
    from scipy.special import stdtr

    if not variance > 0.0:
        return Estimate(value if math.isfinite(value) else None)
    error = math.sqrt(variance)
    half = t_quantile(freedom) * error
    return Estimate(value, error, value - half, value + half, 2 * float(stdtr(freedom, -abs(value) / error)))


def _between(change: Floats, these: Bools, those: Bools) -> tuple[Floats, Floats]:
    """Return the mean change of these streets less that of those, and each street's influence on it.

    `change` is (streets,) or (streets, estimates), and so is the influence.
    """
    value, influence = np.zeros(change.shape[1:]), np.zeros_like(change)
    for group, sign in ((these, 1.0), (those, -1.0)):
        mean = change[group].mean(axis=0)
        value += sign * mean
        influence[group] = sign * (change[group] - mean) / group.sum()
    return value, influence


def did(trial: Trial) -> Estimate:
    """Estimate the effect of the reform by two-way fixed effects (difference-in-differences).

    With one date this is the change of the reformed streets' mean less that of the others'. It is the effect on the
    reformed only where the others are neither touched by the reform nor on another path. ValueError for fewer than two
    streets of a sort.
    """
    counts = int(trial.treated.sum()), int((~trial.treated).sum())
    if min(counts) < FEWEST:
        got = " and ".join(map(str, counts))
        raise ValueError(f"streets: expected at least {FEWEST} reformed and {FEWEST} others, got {got}.")
    regressor, value = _two_way(trial.under), contrast(trial.values, trial)
    residual = _two_way(trial.values) - value * regressor
    influence = (regressor * residual).sum(axis=1, keepdims=True) / (regressor**2).sum()
    return _estimates(trial, np.array([value]), influence, 1)[0][0]


def negative_weight(trial: Trial) -> float:
    """Return the sum of the negative weights with which effects on reformed cells enter `did`, as a positive number.

    All weights add up to 1. With several dates it may be above 0, and the estimate even have the wrong sign (de
    Chaisemartin & D'Haultfœuille 2020).
    """
    regressor = _two_way(trial.under)
    weights = regressor * trial.under / (regressor**2).sum()
    return float(-weights[weights < 0.0].sum())


def contrast(values: Floats, trial: Trial) -> float:
    """Return the same estimate from any values by street and period: it is linear in them."""
    regressor = _two_way(trial.under)
    if (size := float((regressor**2).sum())) < ROUNDING:
        raise ValueError("reform: expected periods before and after it, got none on one side.")
    return float((regressor * values).sum() / size)


def _two_way(values: Floats) -> Floats:
    """Return values less the means of their street and their period, plus the grand mean."""
    across, along = values.mean(axis=1, keepdims=True), values.mean(axis=0, keepdims=True)
    return np.asarray(values - across - along + values.mean())


@dataclass(frozen=True)
class EventStudy:
    """By period, counted from the reform, the change since the base period: reformed streets less others.

    `pre_trend_p` is of no difference before the reform, jointly; None where no period before it can be compared.
    """

    base: int
    estimates: Mapping[int, Estimate]
    pre_trend_p: float | None

    def value(self, period: int) -> float | None:
        return 0.0 if period == self.base else self.estimates[period].value


def event_study(trial: Trial, base: int = -1) -> EventStudy:
    """Estimate the difference in every period since the base period.

    Equal to the regression on streets, periods and reformed × period; each coefficient is a difference of mean changes.
    Cases born shortly before the reform are closed under it, so a base of −1 may already show some of its effect.
    ValueError if there are several dates, or no such period before the reform.
    """
    from scipy.special import fdtrc

    relative = trial.relative
    if base >= 0 or base not in relative:
        raise ValueError(f"base period: expected {int(relative.min())} to -1, got {base}.")
    periods, others = relative[relative != base], relative != base
    values, influence = _between(trial.values[:, others] - trial.values[:, ~others], trial.treated, ~trial.treated)
    found, covariance = _estimates(trial, values, influence, len(periods))
    early = periods < base
    before, spread = values[early], covariance[np.ix_(early, early)]
    count, freedom, p = len(before), len(trial.values) - 2, None
    if 0 < count <= freedom and np.linalg.matrix_rank(spread) == count:
        # Wald's test, with Hotelling's correction for few clusters
        wald = float(before @ np.linalg.solve(spread, before))
        p = float(fdtrc(count, freedom - count + 1, wald * (freedom - count + 1) / (freedom * count)))
    return EventStudy(base, dict(zip(periods.tolist(), found, strict=True)), p)


@dataclass(frozen=True)
class Staggered:
    """Group-time averages by first period under the reform and period looked at, with their means.

    `overall` is over streets and periods under the reform, `since` over streets by period since the reform.
    """

    cells: Mapping[tuple[int, int], Estimate]
    overall: Estimate
    since: Mapping[int, Estimate]


def staggered(trial: Trial, lived_into: int = 0) -> Staggered:
    """Estimate group-time averages of reforms with one date or several (Callaway & Sant'Anna 2021).

    Each cell compares changes since the period before the reform with those of streets not yet reformed, so no weight
    is negative. Cases of the last `lived_into` periods before a reform are still open when it begins ("anticipation"):
    changes count from the period before these, and streets about to be reformed are no controls. ValueError if no
    street is reformed after the first period, or none is left to compare with.
    """
    places = [
        (start, period)
        for start in trial.starts
        for period in range(start, trial.periods)
        if start > lived_into and (trial.adopted > period + lived_into).any()
    ]
    if not places:
        raise ValueError("reform: expected a period in which reformed streets can be compared with others, got none.")
    cells = [
        _between(
            trial.values[:, period] - trial.values[:, start - 1 - lived_into],
            trial.adopted == start, trial.adopted > period + lived_into,
        )
        for start, period in places
    ]  # fmt: skip
    values, influences = zip(*cells, strict=True)
    weights = np.array([(trial.adopted == start).sum() for start, _ in places], dtype=np.float64)
    since = np.array([period - start for start, period in places])
    later = np.unique(since)
    groups = [weights * group for group in (since >= 0, *(since == each for each in later))]
    mixed = np.column_stack([*np.eye(len(places)), *(group / group.sum() for group in groups)])
    influence = np.stack(influences, axis=1) @ mixed
    every = iter(_estimates(trial, np.array(values) @ mixed, influence, len(places))[0])
    by_cell, overall = {place: next(every) for place in places}, next(every)
    return Staggered(by_cell, overall, dict(zip(later.tolist(), every, strict=True)))
