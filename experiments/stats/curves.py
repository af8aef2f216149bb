"""An outcome along a parameter: levels, differences on the same luck, and where it is best.

The best of many noisy means is too good by luck: the place is found in one half of the replicates, and how much better
it is than both ends is measured in the other. Over plausible worlds it is found in one half of the worlds.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any

import numpy as np

from experiments.stats import Interval, holm, mean_interval, paired_difference, to_json
from experiments.stats.by_world import ByWorld
from experiments.stats.ensemble import Doubt, doubt, world_means
from experiments.stats.intervals import CLEAR, Floats

FEWEST_PLACES, FEWEST_REPLICATES = 5, 12
"""That a curve must have before it is asked for a peak; half of the replicates, or worlds, find it, half test it."""

PARTS = ("level", "change", "difference")  # what a curve knows of every place

INSIDE: dict[tuple[bool, ...], str] = {(True, True): "inside", (True, False): "not above high",
                                       (False, True): "not above low"}  # fmt: skip
"""What is told of a best place inside, by whether it is clearly better than the low end, and than the high one."""


@dataclasses.dataclass(frozen=True)
class Peak:
    """The best place of a curve: the value, and how much better it is there than at both ends, in the outcome's unit.

    `where` is "inside", clearly better than both ends; "low end" or "high end", clearly better than the other; "not
    above low" or "not above high", inside, but clearly better than the other end only; "flat", better than neither.
    """

    x: Any
    where: str
    replicates: int
    above_low: Interval
    above_high: Interval


@dataclasses.dataclass(frozen=True)
class PeakOverWorlds:
    """The place that is best on average over one half of the worlds, and what it is worth in the other half.

    Attributes:
        where: "inside"; "low end" or "high end"; "flat" where in no more than half of the worlds it is better than an
            end that it is not itself.
        above_low, above_high: How much better it is than each end, above zero where it is; None for that end itself.
    """

    x: Any
    where: str
    above_low: Doubt | None
    above_high: Doubt | None


@dataclasses.dataclass(frozen=True)
class Curve:
    """An outcome along a parameter, under one regime and one value of every other parameter.

    At every value there are the replicates in which it is defined, its level, its paired difference from this curve at
    the marked value, and that from the first regime at the same value, undefined for the first regime itself.

    Attributes:
        doubts, over: Over plausible worlds: by part what they leave open of every place, and where the curve is best;
            empty and None where the district is looked at as it is written.
    """

    outcome: str
    regime: str
    by: Mapping[str, Any]
    x: Sequence[Any]
    runs: Sequence[int]
    level: Sequence[Interval]
    change: Sequence[Interval]
    difference: Sequence[Interval]
    peak: Peak | None
    doubts: Mapping[str, Sequence[Doubt]] = field(default_factory=dict)
    over: PeakOverWorlds | None = None

    @property
    def numeric(self) -> bool:
        """Whether the values lie on a line."""
        return all(isinstance(value, int | float) for value in self.x)

    def shown(self, part: str) -> Sequence[Interval]:
        """Return a part at every place: the typical world and the 90 % range of worlds, else mean and 95 % interval."""
        intervals: Sequence[Interval] = getattr(self, part)
        return [each.interval for each in self.doubts[part]] if self.doubts else intervals

    def bounds(self, part: str) -> Floats:
        """Return what is shown of a part as 3 × places: the middle, low and high; NaN where undefined."""
        return np.array([dataclasses.astuple(each) for each in self.shown(part)], dtype=np.float64).T

    def as_json(self) -> dict[str, Any]:
        columns = ("x", "runs", *PARTS)
        points = [{name: to_json(getattr(self, name)[at]) for name in columns} for at in range(len(self.x))]
        found = {"outcome": self.outcome, "regime": self.regime, "by": dict(self.by), "points": points,
                 "peak": to_json(self.peak)}  # fmt: skip
        if not self.doubts:
            return found
        for at, point in enumerate(points):
            point["doubt"] = {part: each[at].as_json() for part, each in self.doubts.items()}
        return {**found, "peak_over_worlds": to_json(self.over)}


def curve_along(
    x: Sequence[Any], own: Floats, first: Floats | None, mark: Any, replicates: ByWorld, **about: Any
) -> Curve:
    """Measure a curve, given arrays (places, replicates) under this regime and under the first one, on the same seeds.

    Changes are counted from the value nearest to `mark`, else from the first; `replicates` tell which world each is of
    and which way is better; `about` holds outcome, regime and `by`.
    """
    marked = x.index(mark) if mark in x else 0
    if mark is not None and all(isinstance(value, int | float) for value in x):
        marked = min(range(len(x)), key=lambda at: abs(x[at] - mark))
    change, difference = own - own[marked], np.full_like(own, np.nan) if first is None else own - first
    over_worlds = replicates.count > 0
    doubts = {
        "level": [replicates.level(row) for row in own],
        "change": [replicates.doubt(row) for row in change],
        "difference": [replicates.doubt(row) for row in difference],
    } if over_worlds else {}  # fmt: skip
    return Curve(
        **about, x=x, runs=[int(np.isfinite(row).sum()) for row in own],
        level=[mean_interval(row) for row in own], change=[mean_interval(row) for row in change],
        difference=[mean_interval(row) for row in difference], peak=peak_of(x, own, replicates.direction),
        doubts=doubts, over=peak_over_worlds(x, own, replicates) if over_worlds else None,
    )  # fmt: skip


def peak_of(along: Sequence[Any], values: Floats, direction: int) -> Peak | None:
    """Find the best place of a curve.

    `values` (places, replicates) are on the same seeds, in the order of rising values of the parameter. None for words,
    without direction, for few places or replicates, or where the outcome of a place is undefined.
    """
    if not _may_peak(along, direction) or values.shape[1] < FEWEST_REPLICATES:
        return None
    finding, testing = values[:, ::2] * direction, values[:, 1::2] * direction
    if not np.isfinite(finding).any(axis=1).all():
        return None
    best, last = int(np.argmax(np.nanmean(finding, axis=1))), len(along) - 1
    above_low, above_high = tests = [paired_difference(testing[end], testing[best]) for end in (0, last)]
    adjusted = holm([None if best == end else test.p for end, test in zip((0, last), tests, strict=True)])
    clear = tuple(p is not None and p < CLEAR and (test.interval.mean or 0.0) > 0.0
                  for p, test in zip(adjusted, tests, strict=True))  # fmt: skip
    ends = {0: "low end", last: "high end"}
    where = (ends.get(best) or INSIDE[clear]) if any(clear) else "flat"
    return Peak(along[best], where, testing.shape[1], above_low.interval, above_high.interval)


def _may_peak(along: Sequence[Any], direction: int) -> bool:
    numeric = all(isinstance(value, int | float) and not isinstance(value, bool) for value in along)
    return direction != 0 and numeric and len(along) >= FEWEST_PLACES


def peak_over_worlds(along: Sequence[Any], values: Floats, replicates: ByWorld) -> PeakOverWorlds | None:
    """Find the best place of a curve over plausible worlds, in every other one of them, and test it in the others.

    `values` and None are as in `peak_of`, with as many worlds as it needs replicates.
    """
    if not _may_peak(along, replicates.direction) or replicates.count < FEWEST_REPLICATES:
        return None
    toward = [replicates.table(row) * replicates.direction for row in values]
    finding = np.array([world_means(table[::2]) for table in toward])
    if not np.isfinite(finding).any(axis=1).all():
        return None
    best, last = int(np.argmax(np.nanmean(finding, axis=1))), len(along) - 1
    above = [None if best == end else doubt((toward[best] - toward[end])[1::2], 1) for end in (0, last)]
    better = all((each.better or 0.0) > 0.5 for each in above if each)
    where = {0: "low end", last: "high end"}.get(best, "inside") if better else "flat"
    return PeakOverWorlds(along[best], where, *above)
