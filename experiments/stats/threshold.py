"""The phase diagram of delegation: paired differences by cell, and the fluid threshold beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.stats.fluid import load_of, streets_after, terms_of
from model import Scenario

__all__ = [
    "Cell", "Crossing", "Line", "Panel", "PhaseDiagram", "crossings", "phase_diagram", "staff_needed", "threshold_line",
]  # fmt: skip

Array = NDArray[np.float64]

STEPS = 20
"""The load is computed at so many steps of the staff that follows, and is taken to be straight between them."""


class Line(NamedTuple):
    """A line over the plane of a panel: share of staff moved by generalist's speed, in specialists'.

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
    terms = terms_of(scenario, delegated)
    pools = [streets_after(terms, float(share)) for share in followed]
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
class Panel:
    """One value of the work sent down, with the fluid threshold.

    Arrays are (speeds, shares of staff), in the outcome's unit; NaN where there are no runs.
    """

    sent_down: float
    mean: Array
    low: Array
    high: Array
    line: Line | None

    @property
    def unclear(self) -> NDArray[np.bool_]:
        """Cells whose interval holds zero, or that have none."""
        return np.isfinite(self.mean) & ~((self.low > 0.0) | (self.high < 0.0))


@dataclass(frozen=True)
class PhaseDiagram:
    """The effect of delegating a share of the powers over three parameters, each increasing.

    `pairs`: of runs in a cell, at least. Cells are in the order of panels, speeds and staff.
    """

    outcome: str
    delegated: float
    pairs: int
    staff: Array
    speeds: Array
    panels: tuple[Panel, ...]
    cells: tuple[Cell, ...]


def phase_diagram(
    cells: Sequence[Cell], *, outcome: str, delegated: float, pairs: int, lines: Mapping[float, Line]
) -> PhaseDiagram:
    """Return the diagram of a table of cells, in any order; panels without a line by work sent down have none.

    Raises
    ------
    ValueError
        Without cells, or where two stand at one place.
    """
    places = {cell[:3] for cell in cells}
    if not cells or len(places) < len(cells):
        raise ValueError(f"cells: expected one per place, at least one, got {len(cells)} at {len(places)} places")
    staff, speeds = sorted({cell.staff for cell in cells}), sorted({cell.speed for cell in cells})
    sent_down = sorted({cell.sent_down for cell in cells})
    table = np.full((len(sent_down), 3, len(speeds), len(staff)), np.nan)
    for cell in cells:
        at = sent_down.index(cell.sent_down), slice(None), speeds.index(cell.speed), staff.index(cell.staff)
        table[at] = [np.nan if bound is None else bound for bound in cell[3:]]
    panels = tuple(
        Panel(sent, mean, low, high, lines.get(sent)) for sent, (mean, low, high) in zip(sent_down, table, strict=True)
    )
    ordered = tuple(sorted(cells, key=lambda cell: cell[2::-1]))
    return PhaseDiagram(outcome, delegated, pairs, np.array(staff), np.array(speeds), panels, ordered)


@dataclass(frozen=True)
class Crossing:
    """Where along the staff that follows the effect turns from harm to help, at one speed and share sent down.

    Attributes
    ----------
    turns : float or None
        Share of the staff at which the mean effect is zero, between cells by a straight line; None where it does not
        turn.
    sure_from, sure_until : float or None
        The lowest share from which on every cell is clearly positive, and the highest up to which every cell is
        clearly negative; None where there is none.
    threshold : float or None
        That of the fluid limit; None where streets are never full, or always.
    """

    sent_down: float
    speed: float
    turns: float | None
    sure_from: float | None
    sure_until: float | None
    threshold: float | None


def crossings(diagram: PhaseDiagram) -> list[Crossing]:
    """Return the turning of the effect by panel and speed."""
    staff = diagram.staff
    return [
        Crossing(
            panel.sent_down,
            float(speed),
            _turn(staff, panel.mean[place]),
            _first_of_tail(staff, panel.low[place] > 0.0),
            _first_of_tail(staff[::-1], panel.high[place, ::-1] < 0.0),
            _threshold(panel.line, float(speed)),
        )
        for panel in diagram.panels
        for place, speed in enumerate(diagram.speeds)
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
