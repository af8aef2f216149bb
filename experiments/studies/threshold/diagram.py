"""The phase diagram as arrays, filled from a table of paired differences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.studies.threshold.lines import Line

__all__ = ["Cell", "Panel", "PhaseDiagram", "phase_diagram"]


class Cell(NamedTuple):
    """One row of the table: where it stands, and the paired difference there.

    Attributes
    ----------
    staff : float
        Share of the staff that follows the powers.
    speed : float
        Generalist's speed, in specialists'.
    sent_down : float
        Share of the shortfall that departments send down.
    mean, low, high : float or None
        Mean paired difference and its interval, in the unit of the outcome; None where undefined.
    """

    staff: float
    speed: float
    sent_down: float
    mean: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Panel:
    """One value of the work sent down.

    Attributes
    ----------
    sent_down : float
        Share of the shortfall that departments send down.
    mean, low, high : array (speeds, shares of staff)
        Paired difference of the outcome and its interval, in the outcome's unit; NaN where there are no runs.
    line : Line or None
        The fluid threshold.
    """

    sent_down: float
    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    line: Line | None

    @property
    def unclear(self) -> NDArray[np.bool_]:
        """Cells whose interval holds zero, or that have none."""
        known = np.isfinite(self.mean)
        clear: NDArray[np.bool_] = (self.low > 0.0) | (self.high < 0.0)
        return known & ~clear


@dataclass(frozen=True)
class PhaseDiagram:
    """The effect of delegating powers over three parameters.

    Attributes
    ----------
    outcome : str
        Name in `model.OUTCOMES`.
    delegated : float
        Share of the powers that is delegated.
    pairs : int
        Pairs of runs a cell, at least.
    staff, speeds : array
        Values of the axes, increasing: staff that follows, share; generalist's speed, in specialists'.
    panels : tuple of Panel
        By work sent down, increasing.
    """

    outcome: str
    delegated: float
    pairs: int
    staff: NDArray[np.float64]
    speeds: NDArray[np.float64]
    panels: tuple[Panel, ...]


def phase_diagram(
    cells: Iterable[Cell], *, outcome: str, delegated: float, pairs: int, lines: Mapping[float, Line]
) -> PhaseDiagram:
    """Return the diagram of a table of cells, in any order.

    Parameters
    ----------
    cells : iterable of Cell
        Shares, speeds, shares of the shortfall; differences in the unit of the outcome.
    outcome, delegated, pairs
        As in `PhaseDiagram`.
    lines : mapping
        Threshold by work sent down; panels without one have none.

    Raises
    ------
    ValueError
        Without cells, or where two stand at one place.
    """
    found = list(cells)
    places = {cell[:3] for cell in found}
    if not found or len(places) < len(found):
        raise ValueError(f"cells: expected one per place, at least one, got {len(found)} at {len(places)} places")
    staff, speeds = sorted({cell.staff for cell in found}), sorted({cell.speed for cell in found})
    columns = sorted({cell.sent_down for cell in found})
    table = np.full((len(columns), 3, len(speeds), len(staff)), np.nan)
    for cell in found:
        bounds = [np.nan if bound is None else bound for bound in (cell.mean, cell.low, cell.high)]
        table[columns.index(cell.sent_down), :, speeds.index(cell.speed), staff.index(cell.staff)] = bounds
    panels = tuple(
        Panel(sent, mean, low, high, lines.get(sent)) for sent, (mean, low, high) in zip(columns, table, strict=True)
    )
    return PhaseDiagram(outcome, delegated, pairs, np.array(staff), np.array(speeds), panels)
