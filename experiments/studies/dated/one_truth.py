"""What only a simulation knows: the same district, days and luck without the reform, and with it everywhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.studies.dated.clustered import Estimate
from experiments.studies.dated.did import Difference, contrast, did, treatment
from experiments.studies.dated.event_study import EventStudy, event_study
from experiments.studies.dated.panel import Panel
from experiments.studies.dated.staggered import staggered
from experiments.studies.dated.trial import trials_of

__all__ = ["OneTruth", "Worlds", "one_truth"]


@dataclass(frozen=True)
class Worlds:
    """One luck, three worlds.

    Attributes
    ----------
    nowhere, somewhere : Panel
        Nobody reformed; some streets reformed.
    everywhere : Panel or None
        All streets reformed, where that was run.
    adoption : array (streets,)
        Day of the reform in `somewhere`, `reforms.NEVER` where none.
    """

    nowhere: Panel
    somewhere: Panel
    everywhere: Panel | None
    adoption: NDArray[np.int64]


@dataclass(frozen=True)
class OneTruth:
    """One luck: the estimate of an observer beside the truth; every street counts alike.

    Attributes
    ----------
    estimate : Difference
        By difference-in-differences.
    events : EventStudy or None
        None with several dates.
    group_time : Estimate or None
        Mean of the group-time averages (`staggered`), with several dates; None with one.
    on_reformed : float
        True effect: reformed streets, periods under the reform, with less without it.
    on_others : float
        True spill-over: the other streets, periods from the first date on.
    everywhere : float or None
        True effect on all streets if all are reformed from the first date on.
    drift : float
        What the same estimator says in the world without the reform: paths that part by themselves.
    relative : array (periods,)
        Periods counted from the first date.
    reformed_by_period, others_by_period : array (periods,)
        True effects by period; before the date on cases that were still open then.
    """

    estimate: Difference
    events: EventStudy | None
    group_time: Estimate | None
    on_reformed: float
    on_others: float
    everywhere: float | None
    drift: float
    relative: NDArray[np.int64]
    reformed_by_period: NDArray[np.float64]
    others_by_period: NDArray[np.float64]

    @property
    def bias(self) -> float:
        """Estimate less true effect on the reformed: exactly `drift` − `on_others` + `timing`."""
        value = self.estimate.estimate.value
        assert value is not None
        return value - self.on_reformed

    @property
    def timing(self) -> float:
        """What is left of the bias: cases open on the date already profit, and, with several dates, weights."""
        return self.bias - self.drift + self.on_others


def one_truth(worlds: Worlds, measure: str, *, base: int = -1, washout: int = 0) -> OneTruth:
    """Estimate in the reformed world and compare with the others of the same luck.

    Parameters
    ----------
    worlds : Worlds
    measure : str
        Of `panel.MEASURES`.
    base : int
        Base period of the event study.
    washout : int
        Periods before the reform whose cases lived into it: the difference-in-differences leaves them out with one
        date, the group-time averages with several.

    Raises
    ------
    ValueError
        As `did` and `event_study` say.
    """
    panels = [worlds.nowhere, worlds.somewhere, *([worlds.everywhere] if worlds.everywhere else [])]
    without, with_it, *all_of_them = trials_of(panels, measure, worlds.adoption)
    one_date = len(with_it.starts) == 1
    seen, unseen = (each.washed_out(washout) if washout and one_date else each for each in (with_it, without))
    change, first = with_it.values - without.values, with_it.starts[0]
    under, others = treatment(with_it) > 0.0, ~with_it.treated
    return OneTruth(
        estimate=did(seen),
        events=event_study(with_it, base) if one_date else None,
        group_time=None if one_date else staggered(with_it, washout).overall,
        on_reformed=float(change[under].mean()),
        on_others=float(change[others, first:].mean()),
        everywhere=float((all_of_them[0].values - without.values)[:, first:].mean()) if all_of_them else None,
        drift=contrast(unseen.values, seen),
        relative=np.arange(with_it.periods) - first,
        reformed_by_period=change[with_it.treated].mean(axis=0),
        others_by_period=change[others].mean(axis=0),
    )
