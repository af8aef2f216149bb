"""The phase diagram of delegation: paired differences by cell, and the fluid threshold beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.stats.fluid import Delegation, load_of
from model import Scenario

Array = NDArray[np.float64]

STEPS = 20
"""The load is computed at so many steps of the staff that follows, and is taken to be straight between them."""


class Line(NamedTuple):
    """A line over the plane of a diagram: share of staff moved by generalist's speed, in specialists'.

    `x` is NaN, as matplotlib leaves gaps, where streets are never full or always.
    """

    x: Array
    y: Array


def staff_needed(loads: Array, followed: Array) -> float | None:
    """Return the share of staff, increasing, from which on the load is at most 1; None if everywhere or nowhere."""
    over = np.flatnonzero(loads > 1.0)
    if over.size == 0 or over[-1] == loads.size - 1:
        return None
    last = over[-1]
    part = (loads[last] - 1.0) / (loads[last] - loads[last + 1])
    return float(followed[last] + part * (followed[last + 1] - followed[last]))


def threshold_line(scenario: Scenario, delegated: float, speeds: Sequence[float]) -> Line:
    """Return the fluid threshold over the range of a generalist's speeds; section 6 of `paper/fluid_limit.md`."""
    followed = np.linspace(0.0, 1.0, STEPS + 1)
    delegation = Delegation(scenario, delegated)
    pools = [delegation.streets(float(share)) for share in followed]
    y = np.linspace(min(speeds), max(speeds), STEPS + 1)
    found = [staff_needed(np.array([load_of(pool, float(speed)) for pool in pools]), followed) for speed in y]
    return Line(np.array([np.nan if share is None else share for share in found]), y)


class Cell(NamedTuple):
    """One row of the table: share of staff that follows, generalist's speed, share of the shortfall sent down.

    Mean paired difference there and its interval in the unit of the outcome; None where undefined.
    """

    staff: float
    speed: float
    sent_down: float
    mean: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class PhaseDiagram:
    """The effect of delegating a share of the powers over three parameters.

    Attributes:
        pairs: Pairs of runs in a cell, at least.
        sent_down, speeds, staff (array): Values of the parameters, increasing; see `Cell`.
        mean, low, high (array (sent down, speeds, staff)): Paired difference and its interval, in the outcome's unit;
            NaN where there are no runs.
        lines: The fluid threshold by work sent down.
        cells: The same differences, in the order of work sent down, speed and staff.
    """

    outcome: str
    delegated: float
    pairs: int
    sent_down: Array
    speeds: Array
    staff: Array
    mean: Array
    low: Array
    high: Array
    lines: tuple[Line | None, ...]
    cells: tuple[Cell, ...]

    @property
    def unclear(self) -> NDArray[np.bool_]:
        """Cells whose interval holds zero, or that have none."""
        return np.isfinite(self.mean) & ~((self.low > 0.0) | (self.high < 0.0))


def phase_diagram(
    cells: Sequence[Cell], *, outcome: str, delegated: float, pairs: int, lines: Mapping[float, Line]
) -> PhaseDiagram:
    """Return the diagram of a table of cells, in any order, with the threshold by work sent down where there is one.

    Raises:
        ValueError: Without cells, or where two stand at one place.
    """
    places = {cell[:3] for cell in cells}
    if not cells or len(places) < len(cells):
        raise ValueError(f"cells: expected one per place, at least one, got {len(cells)} at {len(places)} places")
    staff, speeds, sent_down = (np.unique(values) for values in zip(*places, strict=True))
    table = np.full((3, len(sent_down), len(speeds), len(staff)), np.nan)
    for cell in cells:
        sent, speed = np.searchsorted(sent_down, cell.sent_down), np.searchsorted(speeds, cell.speed)
        numbers = [np.nan if bound is None else bound for bound in cell[3:]]
        table[:, sent, speed, np.searchsorted(staff, cell.staff)] = numbers
    mean, low, high = table
    found = tuple(lines.get(float(sent)) for sent in sent_down)
    ordered = tuple(sorted(cells, key=lambda cell: cell[2::-1]))
    return PhaseDiagram(outcome, delegated, pairs, sent_down, speeds, staff, mean, low, high, found, ordered)


@dataclass(frozen=True)
class Crossing:
    """Where along the staff that follows the effect turns from harm to help, at one speed and share sent down.

    Attributes:
        turns: Share of the staff at which the mean effect is zero, between cells by a straight line; None where it does
            not turn.
        sure_from, sure_until: The lowest share from which on every cell is clearly positive, and the highest up to
            which every cell is clearly negative; None where there is none.
        threshold: That of the fluid limit; None where streets are never full, or always.
    """

    sent_down: float
    speed: float
    turns: float | None
    sure_from: float | None
    sure_until: float | None
    threshold: float | None


def crossings(diagram: PhaseDiagram) -> list[Crossing]:
    """Return the turning of the effect by work sent down and speed."""
    staff = diagram.staff
    return [
        Crossing(
            float(sent),
            float(speed),
            _turn(staff, diagram.mean[at]),
            _first_of_tail(staff, diagram.low[at] > 0.0),
            _first_of_tail(staff[::-1], diagram.high[at][::-1] < 0.0),
            _threshold(diagram.lines[at[0]], float(speed)),
        )
        for at in np.ndindex(diagram.mean.shape[:2])
        for sent, speed in [(diagram.sent_down[at[0]], diagram.speeds[at[1]])]
    ]


def _turn(staff: Array, mean: Array) -> float | None:
    """Return where the mean last turns from negative to positive."""
    for place in range(len(staff) - 2, -1, -1):
        below, above = mean[place], mean[place + 1]
        if below < 0.0 <= above:
            return float(staff[place] + (staff[place + 1] - staff[place]) * -below / (above - below))
    return None


def _first_of_tail(staff: Array, holds: NDArray[np.bool_]) -> float | None:
    """Return the first value from which on a condition holds to the end."""
    failing = np.flatnonzero(~holds)
    first = int(failing[-1]) + 1 if failing.size else 0
    return float(staff[first]) if first < len(staff) else None


def _threshold(line: Line | None, speed: float) -> float | None:
    found = np.nan if line is None else float(np.interp(speed, line.y, line.x))
    return found if np.isfinite(found) else None
