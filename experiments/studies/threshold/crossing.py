"""Where along the staff that follows the effect of delegation turns from harm to help, beside the fluid threshold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.studies.threshold.diagram import Panel, PhaseDiagram

__all__ = ["Crossing", "crossings"]


@dataclass(frozen=True)
class Crossing:
    """One generalist's speed at one share sent down.

    Attributes
    ----------
    sent_down, speed : float
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
    return [_crossing(diagram, panel, place) for panel in diagram.panels for place in range(len(diagram.speeds))]


def _crossing(diagram: PhaseDiagram, panel: Panel, place: int) -> Crossing:
    staff, speed = diagram.staff, float(diagram.speeds[place])
    positive = panel.low[place] > 0.0
    negative = panel.high[place] < 0.0
    return Crossing(
        panel.sent_down,
        speed,
        _turn(staff, panel.mean[place]),
        _first_of_tail(staff, positive),
        _first_of_tail(staff[::-1], negative[::-1]),
        _threshold(panel, speed),
    )


def _turn(staff: NDArray[np.float64], mean: NDArray[np.float64]) -> float | None:
    """Return where the mean last turns from negative to positive."""
    for place in range(len(staff) - 2, -1, -1):
        below, above = mean[place], mean[place + 1]
        if below < 0.0 <= above:
            return float(staff[place] + (staff[place + 1] - staff[place]) * -below / (above - below))
    return None


def _first_of_tail(staff: NDArray[np.float64], holds: NDArray[np.bool_]) -> float | None:
    """Return the first value from which on a condition holds to the end."""
    failing = np.flatnonzero(~holds)
    first = int(failing[-1]) + 1 if failing.size else 0
    return float(staff[first]) if first < len(staff) else None


def _threshold(panel: Panel, speed: float) -> float | None:
    if panel.line is None:
        return None
    found = float(np.interp(speed, panel.line.y, panel.line.x))
    return found if np.isfinite(found) else None
