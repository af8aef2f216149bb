"""What only a simulation knows: the same district, days and luck without the reform, and with it everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.dated.did import Difference, contrast, did, treatment
from experiments.dated.event_study import EventStudy, event_study
from experiments.dated.panel import Panel
from experiments.dated.trial import trials_of
from experiments.statistics import Interval, mean_interval

__all__ = [
    "EffectsByPeriod", "OneTruth", "Truth", "Worlds", "interval_json", "one_truth", "share_interval",
    "truth",
]  # fmt: skip


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


@dataclass(frozen=True)
class EffectsByPeriod:
    """Means over luck by period, with their 95 % intervals."""

    relative: tuple[int, ...]
    estimated: tuple[Interval, ...]
    reformed: tuple[Interval, ...]
    others: tuple[Interval, ...]


@dataclass(frozen=True)
class Truth:
    """Over luck: estimates and truths with paired 95 % intervals, in the unit of the measure.

    Attributes
    ----------
    measure : str
    runs : int
    estimate, on_reformed, on_others, everywhere : Interval
    bias, drift, spill, timing : Interval
        Bias and its three parts: `drift`, minus the spill-over, and `timing`.
    error : float or None
        Mean clustered standard error that an observer reports.
    spread : float or None
        Standard deviation of the estimate over luck.
    coverage : Interval
        Share of runs whose clustered 95 % interval holds the true effect on the reformed (Wilson's interval).
    coverage_everywhere : Interval
        Share whose interval holds the true effect if the reform were everywhere.
    pre_trend_rejected : float or None
        Share of runs in which the pre-trend test rejects at 5 %.
    negative_weight : float
        Mean over runs; see `Difference`.
    by_period : EffectsByPeriod or None
    one_by_one : tuple of OneTruth
    """

    measure: str
    runs: int
    estimate: Interval
    on_reformed: Interval
    on_others: Interval
    everywhere: Interval
    bias: Interval
    drift: Interval
    spill: Interval
    timing: Interval
    error: float | None
    spread: float | None
    coverage: Interval
    coverage_everywhere: Interval
    pre_trend_rejected: float | None
    negative_weight: float
    by_period: EffectsByPeriod | None
    one_by_one: tuple[OneTruth, ...]

    def as_json(self) -> dict[str, Any]:
        """Return plain values by name."""
        names = ("estimate", "on_reformed", "on_others", "everywhere", "bias", "drift", "spill", "timing",
                 "coverage", "coverage_everywhere")  # fmt: skip
        return {
            "measure": self.measure,
            "runs": self.runs,
            **{name: interval_json(getattr(self, name)) for name in names},
            "reported_error": self.error,
            "spread": self.spread,
            "pre_trend_rejected": self.pre_trend_rejected,
            "negative_weight": self.negative_weight,
            "periods": None if self.by_period is None else _periods_json(self.by_period),
        }


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
        Periods before the reform that the difference-in-differences leaves out: cases born in them lived into it.

    Raises
    ------
    ValueError
        As `did` and `event_study` say.
    """
    panels = [worlds.nowhere, worlds.somewhere, *([worlds.everywhere] if worlds.everywhere else [])]
    without, with_it, *all_of_them = trials_of(panels, measure, worlds.adoption)
    one_date = len(with_it.starts) == 1
    seen, unseen = (each.washed_out(washout) if washout else each for each in (with_it, without))
    change, first = with_it.values - without.values, with_it.starts[0]
    under, others = treatment(with_it) > 0.0, ~with_it.treated
    return OneTruth(
        estimate=did(seen),
        events=event_study(with_it, base) if one_date else None,
        on_reformed=float(change[under].mean()),
        on_others=float(change[others, first:].mean()),
        everywhere=float((all_of_them[0].values - without.values)[:, first:].mean()) if all_of_them else None,
        drift=contrast(unseen.values, seen),
        relative=np.arange(with_it.periods) - first,
        reformed_by_period=change[with_it.treated].mean(axis=0),
        others_by_period=change[others].mean(axis=0),
    )


def truth(measure: str, ones: Sequence[OneTruth]) -> Truth:
    """Return what the runs say together."""
    values = _defined([one.estimate.estimate.value for one in ones])
    rejected = [one.events.pre_trend_p < LEVEL for one in ones if one.events and one.events.pre_trend_p is not None]
    errors = _defined([one.estimate.estimate.error for one in ones])
    return Truth(
        measure=measure,
        runs=len(ones),
        estimate=mean_interval(values),
        **{
            name: mean_interval(_defined([getattr(one, name) for one in ones]))
            for name in ("on_reformed", "on_others", "everywhere", "bias", "drift", "timing")
        },
        spill=mean_interval([-one.on_others for one in ones]),
        error=float(np.mean(errors)) if errors else None,
        spread=float(np.std(values, ddof=1)) if len(values) > 1 else None,
        coverage=share_interval([one.estimate.estimate.holds(one.on_reformed) for one in ones]),
        coverage_everywhere=share_interval([one.estimate.estimate.holds(one.everywhere) for one in ones]),
        pre_trend_rejected=float(np.mean(rejected)) if rejected else None,
        negative_weight=float(np.mean([one.estimate.negative_weight for one in ones])),
        by_period=_by_period(ones),
        one_by_one=tuple(ones),
    )


LEVEL = 0.05
"""Of the pre-trend test."""


def interval_json(interval: Interval) -> dict[str, float | None]:
    """Return mean and bounds by the names of `--json`."""
    return {"mean": interval.mean, "ci_low": interval.low, "ci_high": interval.high}


def share_interval(told: Sequence[bool | None]) -> Interval:
    """Return a share with Wilson's 95 % interval; what is undefined is left out."""
    from scipy.stats import binomtest

    known = [each for each in told if each is not None]
    if not known:
        return Interval(None, None, None)
    bounds = binomtest(sum(known), len(known)).proportion_ci(method="wilson")
    return Interval(sum(known) / len(known), float(bounds.low), float(bounds.high))


def _defined(values: Sequence[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def _by_period(ones: Sequence[OneTruth]) -> EffectsByPeriod | None:
    studies = [one.events for one in ones if one.events is not None]
    if len(studies) < len(ones) or not ones:
        return None
    relative = [int(period) for period in ones[0].relative]
    return EffectsByPeriod(
        tuple(relative),
        tuple(mean_interval(_defined([study.value(period) for study in studies])) for period in relative),
        tuple(mean_interval(column) for column in np.stack([one.reformed_by_period for one in ones]).T),
        tuple(mean_interval(column) for column in np.stack([one.others_by_period for one in ones]).T),
    )


def _periods_json(by_period: EffectsByPeriod) -> list[dict[str, Any]]:
    columns = zip(by_period.estimated, by_period.reformed, by_period.others, strict=True)
    return [
        {"period": period, "estimated": interval_json(estimated), "on_reformed": interval_json(reformed),
         "on_others": interval_json(others)}
        for period, (estimated, reformed, others) in zip(by_period.relative, columns, strict=True)
    ]  # fmt: skip
