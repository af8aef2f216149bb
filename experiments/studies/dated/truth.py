"""What the runs say together: estimate, truth and bias with intervals over luck, and how often an observer is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.stats import Interval, mean_interval
from experiments.stats.intervals import share_of
from experiments.studies.dated.intervals import interval_json
from experiments.studies.dated.one_truth import OneTruth

__all__ = ["EffectsByPeriod", "Truth", "truth"]

LEVEL = 0.05
"""Of the pre-trend test."""


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
    estimate, group_time, on_reformed, on_others, everywhere : Interval
        `group_time` has no mean with one date.
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
    group_time: Interval
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
        names = ("estimate", "group_time", "on_reformed", "on_others", "everywhere", "bias", "drift", "spill", "timing",
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


def truth(measure: str, ones: Sequence[OneTruth]) -> Truth:
    """Return what the runs say together."""
    values = _defined([one.estimate.estimate.value for one in ones])
    rejected = [one.events.pre_trend_p < LEVEL for one in ones if one.events and one.events.pre_trend_p is not None]
    errors = _defined([one.estimate.estimate.error for one in ones])
    return Truth(
        measure=measure,
        runs=len(ones),
        estimate=mean_interval(values),
        group_time=mean_interval(_defined([one.group_time.value for one in ones if one.group_time is not None])),
        **{
            name: mean_interval(_defined([getattr(one, name) for one in ones]))
            for name in ("on_reformed", "on_others", "everywhere", "bias", "drift", "timing")
        },
        spill=mean_interval([-one.on_others for one in ones]),
        error=float(np.mean(errors)) if errors else None,
        spread=float(np.std(values, ddof=1)) if len(values) > 1 else None,
        coverage=share_of([one.estimate.estimate.holds(one.on_reformed) for one in ones]),
        coverage_everywhere=share_of([one.estimate.estimate.holds(one.everywhere) for one in ones]),
        pre_trend_rejected=float(np.mean(rejected)) if rejected else None,
        negative_weight=float(np.mean([one.estimate.negative_weight for one in ones])),
        by_period=_by_period(ones),
        one_by_one=tuple(ones),
    )


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
