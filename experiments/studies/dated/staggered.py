"""Reforms with several dates: group-time averages in the manner of Callaway & Sant'Anna (2021)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.studies.dated.clustered import Estimate, estimates_of, small_sample
from experiments.studies.dated.event_study import Lead
from experiments.studies.dated.trial import Trial

__all__ = ["GroupTime", "Staggered", "staggered"]


@dataclass(frozen=True)
class GroupTime:
    """The effect on the streets of one date in one period.

    Attributes
    ----------
    start, period : int
        Places of the first period under the reform, and of the one looked at.
    streets : int
        Streets of this date.
    estimate : Estimate
    """

    start: int
    period: int
    streets: int
    estimate: Estimate


@dataclass(frozen=True)
class Staggered:
    """Effects by date and period, and their averages.

    Attributes
    ----------
    cells : tuple of GroupTime
        Each compares changes since the period before the reform with those of streets not yet reformed.
    overall : Estimate
        Mean over streets and periods under the reform.
    leads : tuple of Lead
        Mean over streets by periods since the reform, 0 and later.
    """

    cells: tuple[GroupTime, ...]
    overall: Estimate
    leads: tuple[Lead, ...]

    def as_json(self) -> dict[str, Any]:
        """Return plain values by name."""
        cells = [
            {"start": c.start, "period": c.period, "streets": c.streets, **c.estimate.as_json()} for c in self.cells
        ]
        leads = [{"period": lead.period, **lead.estimate.as_json()} for lead in self.leads]
        return {"overall": self.overall.as_json(), "periods": leads, "groups": cells}


def staggered(trial: Trial, lived_into: int = 0) -> Staggered:
    """Estimate effects by date and period; controls are the streets not yet reformed in that period.

    No cell is compared with streets that are already reformed, so no weight is negative.

    Parameters
    ----------
    trial : Trial
        One date or several.
    lived_into : int
        Periods before a reform whose cases are still open when it begins ("anticipation" in the literature): changes
        count from the period before these, and streets about to be reformed are no controls.

    Raises
    ------
    ValueError
        If no period can be compared: no street is reformed after the first period, or none is left to compare with.
    """
    places = [
        (start, period)
        for start in trial.starts
        for period in range(start, trial.periods)
        if start > lived_into and (trial.adopted > period + lived_into).any()
    ]
    if not places:
        raise ValueError("reform: expected a period in which reformed streets can be compared with others, got none.")
    found = [_cell(trial, start, period, lived_into) for start, period in places]
    values = np.array([value for value, _ in found])
    influence = np.stack([one for _, one in found], axis=1)
    weights = np.array([(trial.adopted == start).sum() for start, _ in places], dtype=np.float64)
    since = np.array([period - start for start, period in places])
    groups = [np.ones(len(places), bool), *(since == each for each in np.unique(since))]
    mixing = np.stack([np.where(group, weights, 0.0) / weights[group].sum() for group in groups], axis=1)
    everything = np.hstack([np.eye(len(places)), mixing])
    scale = small_sample(trial.values, len(places))
    estimates = estimates_of(values @ everything, influence @ everything, scale)
    cells = tuple(
        GroupTime(start, period, int(weights[place]), estimates.one(place))
        for place, (start, period) in enumerate(places)
    )
    after = range(len(places) + 1, everything.shape[1])
    leads = tuple(Lead(int(each), estimates.one(place)) for each, place in zip(np.unique(since), after, strict=True))
    return Staggered(cells, estimates.one(len(places)), leads)


def _cell(trial: Trial, start: int, period: int, lived_into: int) -> tuple[float, NDArray[np.float64]]:
    """Return the effect on the streets of a date in a period, and each street's influence on it."""
    change = trial.values[:, period] - trial.values[:, start - 1 - lived_into]
    value, influence = 0.0, np.zeros(len(change))
    for group, sign in ((trial.adopted == start, 1.0), (trial.adopted > period + lived_into, -1.0)):
        mean = change[group].mean()
        value += sign * float(mean)
        influence[group] = sign * (change[group] - mean) / group.sum()
    return value, influence
