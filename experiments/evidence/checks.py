"""What is claimed of a change, and whether a measured change does it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Check:
    """Where an outcome is said to go, and what it is said to reach, in its own unit.

    Attributes:
        band: Size up to which a change counts as none.
        reaches: Least and most that the outcome is after the change, both included; None: anything.
    """

    expect: Literal["up", "down", "none"]
    band: float = 0.0
    reaches: tuple[float | None, float | None] | None = None

    def holds(self, difference: Mapping[str, Any], after: Mapping[str, Any]) -> bool | None:
        """Return whether the intervals of change and level say what is claimed, False: otherwise; None: neither."""
        if self.expect == "none":
            found = [lies_within(difference, -self.band, self.band)]
        else:
            found = [moves(difference, self.expect)]
        if self.reaches is not None:
            least, most = self.reaches
            low, high = (-math.inf if least is None else least), (math.inf if most is None else most)
            found.append(lies_within(after, low, high))
        return False if False in found else None if None in found else True

    def holds_in_one(self, before: float, after: float) -> bool:
        """Return whether one pair does what is claimed; what is undefined does not."""
        return self.holds(_point(after - before), _point(after)) is True


def _point(value: float) -> dict[str, float]:
    return {"ci_low": value, "ci_high": value}


def moves(difference: Mapping[str, Any], way: Literal["up", "down"]) -> bool | None:
    """Return whether a difference goes a way, False: the other; None where its interval does not tell."""
    return lies_within(difference, *((0.0, math.inf) if way == "up" else (-math.inf, 0.0)), edges=False)


def lies_within(plain: Mapping[str, Any], low: float, high: float, *, edges: bool = True) -> bool | None:
    """Return whether an interval lies within a range, its edges included or not, False: outside; None between."""
    least, most = plain["ci_low"], plain["ci_high"]
    if least is None or most is None:
        return None
    if (low < least and most < high) or (edges and low <= least and most <= high):
        return True
    return False if most < low or least > high else None
