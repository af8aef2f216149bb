"""The threshold as a line: how many people have to follow, at each speed of a generalist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.studies.threshold.fluid import load_of, streets_after, terms_of
from model import Scenario

__all__ = ["Line", "staff_needed", "threshold_line"]

STEPS = 20
"""The load is computed at so many steps of the staff that follows, and is taken to be straight between them."""


@dataclass(frozen=True)
class Line:
    """A line over the plane of a panel.

    Attributes
    ----------
    x, y : array (points,)
        Staff moved, share; generalist's speed, in specialists'. `x` is NaN, as matplotlib leaves gaps, where
        streets are never full or always.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]


def staff_needed(loads: NDArray[np.float64], followed: NDArray[np.float64]) -> float | None:
    """Return the share of staff from which on the load is at most 1; None if that is so everywhere or nowhere.

    Parameters
    ----------
    loads, followed : array (points,)
        Loads at increasing shares of the staff that follows.
    """
    over = np.flatnonzero(loads > 1.0)
    if over.size == 0 or over[-1] == loads.size - 1:
        return None
    last = over[-1]
    part = (loads[last] - 1.0) / (loads[last] - loads[last + 1])
    return float(followed[last] + part * (followed[last + 1] - followed[last]))


def threshold_line(scenario: Scenario, delegated: float, speeds: Sequence[float]) -> Line:
    """Return the fluid threshold over the range of a generalist's speeds; section 6 of `paper/fluid_limit.md`."""
    followed = np.linspace(0.0, 1.0, STEPS + 1)
    terms = terms_of(scenario, delegated)
    pools = [streets_after(terms, float(share)) for share in followed]
    y = np.linspace(min(speeds), max(speeds), STEPS + 1)
    found = [staff_needed(np.array([load_of(pool, float(speed)) for pool in pools]), followed) for speed in y]
    return Line(np.array([np.nan if share is None else share for share in found]), y)
