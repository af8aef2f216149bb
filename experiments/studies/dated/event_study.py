"""Period by period, before and after the reform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.studies.dated.clustered import FEWEST, Estimate, Estimates, estimates_of, small_sample
from experiments.studies.dated.trial import Trial

__all__ = ["EventStudy", "Lead", "event_study"]


@dataclass(frozen=True)
class Lead:
    """One coefficient.

    Attributes
    ----------
    period : int
        Counted from the reform; 0 is the first under it.
    estimate : Estimate
        Change since the base period, reformed streets less others.
    """

    period: int
    estimate: Estimate


@dataclass(frozen=True)
class EventStudy:
    """The event study of one district.

    Attributes
    ----------
    base : int
        The period to which the others are compared.
    leads : tuple of Lead
        Every other period, in order.
    pre_trend_p : float or None
        Of no difference before the reform, jointly; None where no period before it can be compared.
    """

    base: int
    leads: tuple[Lead, ...]
    pre_trend_p: float | None

    def value(self, period: int) -> float | None:
        """Return a coefficient, 0 in the base period."""
        if period == self.base:
            return 0.0
        return next((lead.estimate.value for lead in self.leads if lead.period == period), None)

    def as_json(self) -> dict[str, Any]:
        """Return plain values by name."""
        points = [{"period": lead.period, **lead.estimate.as_json()} for lead in self.leads]
        return {"base": self.base, "periods": points, "pre_trend_p": self.pre_trend_p}


def event_study(trial: Trial, base: int = -1) -> EventStudy:
    """Estimate the difference in every period since the base period.

    Equal to the regression on streets, periods and reformed × period; each coefficient is a difference of mean changes.

    Parameters
    ----------
    trial : Trial
        With one date.
    base : int
        Period counted from the reform, below 0. Cases born shortly before the reform are closed under it, so −1 may
        already show some of its effect.

    Raises
    ------
    ValueError
        If there are several dates, too few streets, or no such period before the reform.
    """
    relative = trial.relative
    if base >= 0 or base not in relative:
        raise ValueError(f"base period: expected {int(relative.min())} to -1, got {base}.")
    if min(trial.treated.sum(), (~trial.treated).sum()) < FEWEST:
        raise ValueError(f"streets: expected at least {FEWEST} reformed ones and {FEWEST} others.")
    others = relative != base
    estimates = _changes(trial, int(np.flatnonzero(relative == base)[0]), others)
    periods = relative[others]
    leads = tuple(Lead(int(period), estimates.one(place)) for place, period in enumerate(periods))
    before = np.flatnonzero(periods < base)
    early = Estimates(estimates.values[before], estimates.covariance[np.ix_(before, before)], estimates.clusters)
    return EventStudy(base, leads, early.joint_p())


def _changes(trial: Trial, base: int, others: np.ndarray[Any, np.dtype[np.bool_]]) -> Estimates:
    changes = trial.values[:, others] - trial.values[:, [base]]
    influence, values = np.zeros_like(changes), np.zeros(changes.shape[1])
    for group, sign in ((trial.treated, 1.0), (~trial.treated, -1.0)):
        mean = changes[group].mean(axis=0)
        influence[group] = sign * (changes[group] - mean) / group.sum()
        values += sign * mean
    return estimates_of(values, influence, small_sample(trial.values, len(values)))
