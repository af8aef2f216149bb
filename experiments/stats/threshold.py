"""The phase diagram of delegation: paired differences by cell, and the fluid threshold beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from experiments.stats.fluid import Delegation, load_of
from experiments.stats.intervals import Bools, Floats
from model import Scenario

STEPS = 20  # the load is computed at so many steps of the staff that follows, and is taken to be straight between them


class Line(NamedTuple):
    """A line over the plane of a diagram: share of staff moved by generalist's speed, in specialists'.

    `x` is NaN, as matplotlib leaves gaps, where streets are never full or always.
    """

    x: Floats
    y: Floats


def staff_needed(loads: Floats, followed: Floats) -> float | None:
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
    return Line(np.array(found, dtype=np.float64), y)


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
    sent_down: Floats
    speeds: Floats
    staff: Floats
    mean: Floats
    low: Floats
    high: Floats
    lines: tuple[Line | None, ...]
    cells: tuple[Cell, ...]

    @property
    def unclear(self) -> Bools:
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
    staff, speeds, sent_down = axes = [np.unique(values) for values in zip(*places, strict=True)]
    table = np.full((3, len(sent_down), len(speeds), len(staff)), np.nan)
    for cell in cells:
        at = [np.searchsorted(*each) for each in zip(axes, cell[:3], strict=True)]
        table[:, *at[::-1]] = np.array(cell[3:], dtype=np.float64)
    found = tuple(lines.get(float(sent)) for sent in sent_down)
    ordered = tuple(sorted(cells, key=lambda cell: cell[2::-1]))
    mean, low, high = table
    return PhaseDiagram(outcome, delegated, pairs, sent_down, speeds, staff, mean, low, high, found, ordered)


@dataclass(frozen=True)
class Crossing:
    """Where along the staff that follows the effect turns from harm to help, at one speed and share sent down.

    Attributes:
        turns: Share of the staff at which the mean effect is zero, by a straight line between cells; None: nowhere.
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
    found, staff = [], diagram.staff
    for sent, speed in np.ndindex(diagram.mean.shape[:2]):
        mean, low, high = (part[sent, speed] for part in (diagram.mean, diagram.low, diagram.high))
        turns, sure_from = _turn(staff, mean), _first_of_tail(staff, low > 0.0)
        sure_until = _first_of_tail(staff[::-1], high[::-1] < 0.0)
        line, at = diagram.lines[sent], float(diagram.speeds[speed])
        limit = np.nan if line is None else float(np.interp(at, line.y, line.x))
        threshold = limit if np.isfinite(limit) else None
        found.append(Crossing(float(diagram.sent_down[sent]), at, turns, sure_from, sure_until, threshold))
    return found


def _turn(staff: Floats, mean: Floats) -> float | None:
    turning = np.flatnonzero((mean[:-1] < 0.0) & (mean[1:] >= 0.0))
    if turning.size == 0:
        return None
    (low, high), (below, above) = (each[turning[-1] :][:2] for each in (staff, mean))
    return float(low + (high - low) * -below / (above - below))


def _first_of_tail(staff: Floats, holds: Bools) -> float | None:
    """Return the first value from which on a condition holds to the end."""
    first = holds.size - int(np.logical_and.accumulate(holds[::-1]).sum())
    return float(staff[first]) if first < len(staff) else None
