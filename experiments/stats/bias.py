"""How wrong an observer of a reform is: estimates beside the truth, which the same seeds in other worlds give."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.stats.did import Estimate, EventStudy, contrast, did, event_study, negative_weight, staggered
from experiments.stats.intervals import CLEAR, Floats, Interval, mean_interval, share_of, to_json
from experiments.stats.panel import Panel, trials_of


class Worlds(NamedTuple):
    """Worlds of one seed: no street reformed, some, and all where that was run; `adoption` as `trials_of` has it."""

    nowhere: Panel
    somewhere: Panel
    everywhere: Panel | None
    adoption: NDArray[np.int64]


@dataclass(frozen=True)
class OneTruth:
    """One seed: the estimate of an observer beside the truth; every street counts alike.

    Attributes:
        events, group_time: The one with one date, `staggered` with several.
        on_reformed: True effect: reformed streets, periods under the reform, with less without it.
        on_others: True spill-over: the other streets, periods from the first date on.
        everywhere: True effect on all streets if all are reformed from the first date on.
        drift: What the same estimator says in the world without the reform: paths that part by themselves.
        relative, reformed_by_period, others_by_period (array (periods,)): Periods counted from the first date, and true
            effects by period; before the date on cases that were still open then.
    """

    estimate: Estimate
    negative_weight: float
    events: EventStudy | None
    group_time: Estimate | None
    on_reformed: float
    on_others: float
    everywhere: float | None
    drift: float
    relative: NDArray[np.int64]
    reformed_by_period: Floats
    others_by_period: Floats

    @property
    def bias(self) -> float:
        """Exactly `drift` + `spill` + `timing`."""
        assert self.estimate.value is not None
        return self.estimate.value - self.on_reformed

    @property
    def spill(self) -> float:  # by the spill-over on the streets compared with
        return -self.on_others

    @property
    def timing(self) -> float:  # cases open on the date already profit, and, with several dates, weights
        return self.bias - self.drift + self.on_others


def one_truth(worlds: Worlds, measure: str, *, base: int = -1, washout: int = 0) -> OneTruth:
    """Estimate in the reformed world and compare with the others of the same seed.

    `base` is that of the event study, `washout` the periods before the reform whose cases lived into it: the
    difference-in-differences leaves them out with one date, the group-time averages with several.
    """
    panels = [panel for panel in worlds[:3] if panel is not None]
    without, with_it, *all_of_them = trials_of(panels, measure, worlds.adoption)
    one_date = len(with_it.starts) == 1
    seen, unseen = (each.washed_out(washout) if washout and one_date else each for each in (with_it, without))
    change, first = with_it.values - without.values, with_it.starts[0]
    others = ~with_it.treated
    return OneTruth(
        estimate=did(seen),
        negative_weight=negative_weight(seen),
        events=event_study(with_it, base) if one_date else None,
        group_time=None if one_date else staggered(with_it, washout).overall,
        on_reformed=float(change[with_it.under > 0.0].mean()),
        on_others=float(change[others, first:].mean()),
        everywhere=float((all_of_them[0].values - without.values)[:, first:].mean()) if all_of_them else None,
        drift=contrast(unseen.values, seen),
        relative=np.arange(with_it.periods) - first,
        reformed_by_period=change[with_it.treated].mean(axis=0),
        others_by_period=change[others].mean(axis=0),
    )


@dataclass(frozen=True)
class PeriodEffect:
    """Means over seeds in a period, counted from the reform."""

    period: int
    estimated: Interval
    on_reformed: Interval
    on_others: Interval


@dataclass(frozen=True)
class Truth:
    """Over seeds: estimates, truths, bias and its parts with paired 95 % intervals, in the unit of the measure.

    `coverage` is the share of runs whose clustered 95 % interval holds the true effect on the reformed, and that of
    reforming all streets; `reported_error` and `spread` are the mean clustered standard error and the standard
    deviation of the estimate over seeds; `pre_trend_rejected` is the share of runs in which that test rejects at 5 %.
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
    coverage: Interval
    coverage_everywhere: Interval
    reported_error: float | None
    spread: float | None
    pre_trend_rejected: float | None
    negative_weight: float
    periods: tuple[PeriodEffect, ...] | None
    one_by_one: tuple[OneTruth, ...]

    def as_json(self) -> dict[str, Any]:
        return {name: to_json(value) for name, value in vars(self).items() if name != "one_by_one"}


def truth(measure: str, ones: Sequence[OneTruth]) -> Truth:
    """Return what the runs say together."""
    events = [one.events for one in ones if one.events]
    values = [one.estimate.value for one in ones if one.estimate.value is not None]
    rejected = [each.pre_trend_p < CLEAR for each in events if each.pre_trend_p is not None]
    parts = ("on_reformed", "on_others", "everywhere", "bias", "drift", "spill", "timing")
    return Truth(
        measure=measure, runs=len(ones), estimate=mean_interval(values),
        group_time=mean_interval([one.group_time.value for one in ones if one.group_time]),
        **{name: mean_interval([getattr(one, name) for one in ones]) for name in parts},
        coverage=share_of([one.estimate.holds(one.on_reformed) for one in ones]),
        coverage_everywhere=share_of([one.estimate.holds(one.everywhere) for one in ones]),
        reported_error=mean_interval([one.estimate.error for one in ones]).mean,
        spread=float(np.std(values, ddof=1)) if len(values) > 1 else None,
        pre_trend_rejected=mean_interval(rejected).mean,
        negative_weight=float(np.mean([one.negative_weight for one in ones])),
        periods=tuple(_periods(ones, events)) if events else None, one_by_one=tuple(ones),
    )  # fmt: skip


def _periods(ones: Sequence[OneTruth], events: Sequence[EventStudy]) -> Iterator[PeriodEffect]:
    for place, period in enumerate(ones[0].relative.tolist()):
        estimated = mean_interval([study.value(period) for study in events])
        reformed = mean_interval([one.reformed_by_period[place] for one in ones])
        yield PeriodEffect(period, estimated, reformed, mean_interval([one.others_by_period[place] for one in ones]))


@dataclass(frozen=True)
class BiasCell:
    """The bias at a `staff.load` and share of problems that need several parties.

    `truth` is the effect on the reformed; bias `relative` to it is None where its interval reaches zero.
    """

    load: float
    joint: float
    runs: int
    bias: Interval
    truth: Interval
    relative: float | None
    coverage: Interval


@dataclass(frozen=True)
class BiasMap:
    """The cells of one measure."""

    measure: str
    cells: tuple[BiasCell, ...]

    @property
    def loads(self) -> list[float]:
        return sorted({cell.load for cell in self.cells})

    @property
    def joints(self) -> list[float]:
        return sorted({cell.joint for cell in self.cells})

    def at(self, load: float, joint: float) -> BiasCell | None:
        return next((cell for cell in self.cells if (cell.load, cell.joint) == (load, joint)), None)


def bias_map(measure: str, runs: Iterable[tuple[float, float, OneTruth]]) -> BiasMap:
    """Return the map of runs by load and share of joint cases; their order does not matter."""
    places: dict[tuple[float, float], list[OneTruth]] = {}
    for load, joint, one in runs:
        places.setdefault((load, joint), []).append(one)
    cells = []
    for place in sorted(places):
        found = truth(measure, places[place])
        bias, true = found.bias, found.on_reformed
        relative = bias.mean / true.mean if true.excludes_zero and bias.mean is not None and true.mean else None
        cells.append(BiasCell(*place, found.runs, bias, true, relative, found.coverage))
    return BiasMap(measure, tuple(cells))
