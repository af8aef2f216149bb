"""Where along a parameter an outcome is best, and whether that is inside the range.

The best of many noisy means is too good by luck: the place is found in one half of the replicates, and how much better
it is than both ends is measured in the other.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.stats import CLEAR, Interval, holm, paired_difference

__all__ = ["FEWEST_PLACES", "Peak", "peak_of"]

FEWEST_PLACES = 5
"""Places that a curve must have before it is asked for a peak."""

FEWEST_REPLICATES = 12
"""Half of them find the place, half of them test it."""


@dataclasses.dataclass(frozen=True)
class Peak:
    """The best place of a curve.

    Attributes
    ----------
    x : Any
        Value of the parameter.
    where : str
        "inside": clearly better than both ends; "low end", "high end": the best is that end, and clearly better than
        the other; "not above low", "not above high": inside, clearly better than the other end, but not than this
        one; "flat": not clearly better than either end.
    above_low, above_high : Interval
        How much better than at the lowest and at the highest value, in the outcome's unit; positive is better.
    replicates : int
        In which that was measured.
    """

    x: Any
    where: str
    above_low: Interval
    above_high: Interval
    replicates: int

    def as_json(self) -> dict[str, Any]:
        """Return all that was found."""
        entry: dict[str, Any] = {"x": self.x, "where": self.where, "replicates": self.replicates}
        for name in ("above_low", "above_high"):
            mean, low, high = dataclasses.astuple(getattr(self, name))
            entry[name] = {"mean": mean, "ci_low": low, "ci_high": high}
        return entry


def peak_of(along: Sequence[Any], values: NDArray[np.float64], direction: int) -> Peak | None:
    """Find the best place of a curve.

    Parameters
    ----------
    along : sequence
        Values of the parameter, in rising order.
    values : array (places, replicates)
        On paired luck; NaN where undefined.
    direction : int
        +1 where more is better, −1 where less is; 0: there is no best.

    Returns
    -------
    Peak or None
        None for words, for few places or replicates, or where an outcome is undefined everywhere.
    """
    numeric = all(isinstance(value, int | float) and not isinstance(value, bool) for value in along)
    if direction == 0 or not numeric or len(along) < FEWEST_PLACES or values.shape[1] < FEWEST_REPLICATES:
        return None
    finding, testing = values[:, ::2] * direction, values[:, 1::2] * direction
    if not np.isfinite(finding).any(axis=1).all():
        return None
    best = int(np.argmax(np.nanmean(finding, axis=1)))
    tests = [paired_difference(testing[end], testing[best]) for end in (0, len(along) - 1)]
    adjusted = holm([None if best == end else test.p for end, test in zip((0, len(along) - 1), tests, strict=True)])
    better = [
        p is not None and p < CLEAR and (test.interval.mean or 0.0) > 0.0
        for p, test in zip(adjusted, tests, strict=True)
    ]
    return Peak(along[best], _where(best, len(along) - 1, *better), tests[0].interval, tests[1].interval,
                testing.shape[1])  # fmt: skip


def _where(best: int, last: int, above_low: bool, above_high: bool) -> str:
    if best == 0:
        return "low end" if above_high else "flat"
    if best == last:
        return "high end" if above_low else "flat"
    if above_low and above_high:
        return "inside"
    return "not above high" if above_low else "not above low" if above_high else "flat"
