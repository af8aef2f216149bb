"""What an empirical study reports of a reform in some streets: estimates from one district, clustered by street."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.stats.intervals import CONFIDENCE
from experiments.stats.panel import Trial

FEWEST = 2
"""Streets of each sort without which there is no standard error."""

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """An estimate in the unit of the measure: clustered standard error, 95 % t interval, two-sided p of no effect."""

    value: float | None = None
    error: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None

    def holds(self, truth: float | None) -> bool | None:
        """Tell whether the interval holds a value, None where either is undefined."""
        if truth is None or self.low is None or self.high is None:
            return None
        return self.low <= truth <= self.high


@dataclass(frozen=True)
class Estimates:
    """Several estimates, their covariance clustered by street, and the number of streets."""

    values: Values
    covariance: Values
    clusters: int

    def one(self, place: int) -> Estimate:
        """Return one of them."""
        from scipy.special import stdtr, stdtrit

        value, variance = float(self.values[place]), float(self.covariance[place, place])
        freedom = self.clusters - 1
        if not math.isfinite(value):
            return Estimate()
        if freedom < 1 or not variance > 0.0:
            return Estimate(value)
        error = math.sqrt(variance)
        half = float(stdtrit(freedom, (1 + CONFIDENCE) / 2)) * error
        return Estimate(value, error, value - half, value + half, 2 * float(stdtr(freedom, -abs(value) / error)))

    def joint_p(self, places: NDArray[np.int64]) -> float | None:
        """Return the p of these being zero, None where the covariance does not allow a test.

        Wald statistic with Hotelling's correction for few clusters.
        """
        from scipy.special import fdtrc

        values, covariance = self.values[places], self.covariance[np.ix_(places, places)]
        count, freedom = len(values), self.clusters - 2
        if count == 0 or freedom < count or np.linalg.matrix_rank(covariance) < count:
            return None
        wald = float(values @ np.linalg.solve(covariance, values))
        return float(fdtrc(count, freedom - count + 1, wald * (freedom - count + 1) / (freedom * count)))


def _estimates(trial: Trial, values: Values, influence: Values, coefficients: int) -> Estimates:
    """Return estimates with the covariance that each street's influence on them gives.

    Outer products of `influence` (streets, estimates) add up to it. The small-sample correction is
    G/(G−1) · (N−1)/(N−K): K counts coefficients and periods, for streets are nested in the clusters.
    """
    streets, periods = trial.values.shape
    cells = streets * periods
    correction = streets / (streets - 1) * (cells - 1) / max(1, cells - coefficients - periods)
    return Estimates(values, correction * influence.T @ influence, streets)


def _between(change: Values, these: NDArray[np.bool_], those: NDArray[np.bool_]) -> tuple[Values, Values]:
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
    reformed only where the others are neither touched by the reform nor on another path.

    Raises:
        ValueError: If fewer than two streets are reformed, or are not, or no period lies before or after.
    """
    treated = int(trial.treated.sum())
    others = len(trial.treated) - treated
    if treated < FEWEST or others < FEWEST:
        raise ValueError(
            f"streets: expected at least {FEWEST} reformed and {FEWEST} others, got {treated} and {others}."
        )
    regressor = _two_way(trial.under)
    size = float((regressor**2).sum())
    if size <= 0.0:
        raise ValueError("reform: expected periods before and after it, got none on one side.")
    value = contrast(trial.values, trial)
    residual = _two_way(trial.values) - value * regressor
    influence = (regressor * residual).sum(axis=1, keepdims=True) / size
    return _estimates(trial, np.array([value]), influence, 1).one(0)


def negative_weight(trial: Trial) -> float:
    """Return the sum of the negative weights with which effects on reformed cells enter `did`, as a positive number.

    All weights add up to 1. It is above 0 only where reforms have several dates: then the estimate may even have the
    wrong sign (de Chaisemartin & D'Haultfœuille 2020).
    """
    regressor = _two_way(trial.under)
    weights = regressor * trial.under / (regressor**2).sum()
    return float(-weights[weights < 0.0].sum())


def contrast(values: Values, trial: Trial) -> float:
    """Return the same estimate from any values by street and period: it is linear in them."""
    regressor = _two_way(trial.under)
    return float((regressor * values).sum() / (regressor**2).sum())


def _two_way(values: Values) -> Values:
    """Return values less the means of their street and their period, plus the grand mean."""
    across, along = values.mean(axis=1, keepdims=True), values.mean(axis=0, keepdims=True)
    return np.asarray(values - across - along + values.mean())


@dataclass(frozen=True)
class EventStudy:
    """The event study of one district: by period the change since the base period, reformed streets less others.

    Periods are counted from the reform, of which 0 is the first. `pre_trend_p` is of no difference before the reform,
    jointly; None where no period before it can be compared.
    """

    base: int
    estimates: Mapping[int, Estimate]
    pre_trend_p: float | None

    def value(self, period: int) -> float | None:
        """Return a coefficient, 0 in the base period."""
        return 0.0 if period == self.base else self.estimates[period].value


def event_study(trial: Trial, base: int = -1) -> EventStudy:
    """Estimate the difference in every period since the base period.

    Equal to the regression on streets, periods and reformed × period; each coefficient is a difference of mean changes.
    The base period is counted from the reform. Cases born shortly before it are closed under it, so −1 may already show
    some of its effect.

    Raises:
        ValueError: If there are several dates, too few streets, or no such period before the reform.
    """
    relative = trial.relative
    if base >= 0 or base not in relative:
        raise ValueError(f"base period: expected {int(relative.min())} to -1, got {base}.")
    if min(trial.treated.sum(), (~trial.treated).sum()) < FEWEST:
        raise ValueError(f"streets: expected at least {FEWEST} reformed ones and {FEWEST} others.")
    others = relative != base
    changes = trial.values[:, others] - trial.values[:, ~others]
    estimates = _estimates(trial, *_between(changes, trial.treated, ~trial.treated), changes.shape[1])
    periods = relative[others]
    found = {int(period): estimates.one(place) for place, period in enumerate(periods)}
    return EventStudy(base, found, estimates.joint_p(np.flatnonzero(periods < base)))


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
    is negative. Cases of the last `lived_into` periods before a reform are still open when it begins ("anticipation" in
    the literature): changes count from the period before these, and streets about to be reformed are no controls.

    Raises:
        ValueError: If no period can be compared: no street is reformed after the first period, or none is left to
            compare with.
    """
    places = [
        (start, period)
        for start in trial.starts
        for period in range(start, trial.periods)
        if start > lived_into and (trial.adopted > period + lived_into).any()
    ]
    if not places:
        raise ValueError("reform: expected a period in which reformed streets can be compared with others, got none.")
    values, influences = zip(*(_cell(trial, *place, lived_into) for place in places), strict=True)
    weights = np.array([(trial.adopted == start).sum() for start, _ in places], dtype=np.float64)
    since = np.array([period - start for start, period in places])
    later = np.unique(since)
    groups = [np.ones(len(places), bool), *(since == each for each in later)]
    averages = np.stack([np.where(group, weights, 0.0) / weights[group].sum() for group in groups], axis=1)
    mixed = np.hstack([np.eye(len(places)), averages])
    estimates = _estimates(trial, np.array(values) @ mixed, np.stack(influences, axis=1) @ mixed, len(places))
    every = [estimates.one(place) for place in range(mixed.shape[1])]
    overall = len(places)
    cells = dict(zip(places, every[:overall], strict=True))
    return Staggered(cells, every[overall], dict(zip(later.tolist(), every[overall + 1 :], strict=True)))


def _cell(trial: Trial, start: int, period: int, lived_into: int) -> tuple[Values, Values]:
    """Return the effect on the streets of a date in a period, and each street's influence on it."""
    change = trial.values[:, period] - trial.values[:, start - 1 - lived_into]
    return _between(change, trial.adopted == start, trial.adopted > period + lived_into)
