"""An outcome along a parameter: levels, differences on the same luck, and where it is best.

The best of many noisy means is too good by luck: the place is found in one half of the replicates, and how much better
it is than both ends is measured in the other.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from experiments.stats import Interval, holm, mean_interval, paired_difference, to_json
from experiments.stats.intervals import CLEAR, UNDEFINED, Floats

FEWEST_PLACES, FEWEST_REPLICATES = 5, 12
"""That a curve must have before it is asked for a peak; half of the replicates find it, half of them test it."""

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
class Curve:
    """An outcome along a parameter, under one regime and one value of every other parameter.

    At every value there are the replicates in which it is defined, its level, its paired difference from this curve at
    the marked value, and that from the first regime at the same value, undefined for the first regime itself.
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

    @property
    def numeric(self) -> bool:
        """Whether the values lie on a line."""
        return all(isinstance(value, int | float) for value in self.x)

    def bounds(self, part: str) -> Floats:
        """Return mean, low and high of a part as 3 × places; NaN where undefined."""
        return np.array([dataclasses.astuple(each) for each in getattr(self, part)], dtype=np.float64).T

    def as_json(self) -> dict[str, Any]:
        columns = ("x", "runs", *PARTS)
        points = [{name: to_json(getattr(self, name)[at]) for name in columns} for at in range(len(self.x))]
        return {"outcome": self.outcome, "regime": self.regime, "by": dict(self.by), "points": points,
                "peak": to_json(self.peak)}  # fmt: skip


def curve_along(x: Sequence[Any], own: Floats, first: Floats | None, mark: Any, direction: int, **about: Any) -> Curve:
    """Measure a curve, given arrays (places, replicates) under this regime and under the first one, on the same seeds.

    Changes are counted from the value nearest to `mark`, else from the first; `direction` is +1 where more is better,
    −1 where less is, 0 where there is no best; `about` holds outcome, regime and `by`.
    """
    marked = x.index(mark) if mark in x else 0
    if mark is not None and all(isinstance(value, int | float) for value in x):
        marked = min(range(len(x)), key=lambda at: abs(x[at] - mark))
    reference = own[marked]
    return Curve(
        **about, x=x, runs=[int(np.isfinite(row).sum()) for row in own],
        level=[mean_interval(row) for row in own], change=[mean_interval(row - reference) for row in own],
        difference=[UNDEFINED] * len(x) if first is None else [mean_interval(row) for row in own - first],
        peak=peak_of(x, own, direction),
    )  # fmt: skip


def peak_of(along: Sequence[Any], values: Floats, direction: int) -> Peak | None:
    """Find the best place of a curve.

    `values` (places, replicates) are on the same seeds, in the order of rising values of the parameter. None for words,
    without direction, for few places or replicates, or where the outcome of a place is undefined.
    """
    numeric = all(isinstance(value, int | float) and not isinstance(value, bool) for value in along)
    if direction == 0 or not numeric or len(along) < FEWEST_PLACES or values.shape[1] < FEWEST_REPLICATES:
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
