"""The phase diagram as small multiples: where delegating powers closes more cases, and where fewer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.patheffects import Normal, Stroke
from numpy.typing import NDArray

from experiments.charts.style import QUIET, head, new_figure, note_below
from experiments.formatting import scale, title, unit
from experiments.messages import msg, pairs_text
from experiments.stats.threshold import PhaseDiagram

if TYPE_CHECKING:
    from model import Outcome

COLOURS = "RdBu"
"""Red harms, blue helps: told apart with every common colour blindness, white at zero."""

HATCH = "/////"
DARK = 0.55
"""Cells beyond this share of the scale carry white figures."""

LARGE = 10.0
"""Differences of this size, in the shown unit, are written without decimals."""

SQUARE = 0.05
"""Half the side of a cell whose axis has one value only."""

PERCENT = 100.0


def phase_figure(diagram: PhaseDiagram) -> Figure:
    """Draw one panel for each value of the work sent down; unclear cells are hatched, the threshold is a line.

    Colours are symmetric about zero and the same in all panels.
    """
    from model import OUTCOMES

    outcome = OUTCOMES[diagram.outcome]
    most = float(np.nanmax(np.abs(diagram.mean), initial=0.0)) or 1.0
    figure, grid = new_figure(1.6 + 2.9 * len(diagram.sent_down), 4.3, columns=len(diagram.sent_down))
    for place, axes in enumerate(grid[0]):
        shown = _panel(axes, diagram, place, scale(outcome), most * scale(outcome))
        axes.set_title(msg("phase_panel", sent=float(diagram.sent_down[place]) * PERCENT), fontsize=9)
        axes.set_xlabel(msg("phase_staff"))
        axes.label_outer()
    grid[0, 0].set_ylabel(msg("phase_speed"))
    figure.colorbar(shown, ax=grid[0].tolist(), shrink=0.9, pad=0.01).set_label(_scale_label(diagram, outcome))
    pairs = pairs_text(diagram.pairs)
    head(figure, msg("phase_title", delegated=diagram.delegated * PERCENT, outcome=title(outcome), pairs=pairs))
    line = Line2D([], [], color="black", linewidth=1.5, label=msg("phase_line"))
    unclear = Patch(facecolor="white", edgecolor=QUIET, hatch=HATCH, label=msg("phase_unclear"))
    note_below(figure, [line, unclear], columns=2)
    return figure


def edges(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the borders of cells around increasing values: half-way between neighbours, as wide at the ends."""
    if values.size == 1:
        return np.array([values[0] - SQUARE, values[0] + SQUARE])
    middle = (values[1:] + values[:-1]) / 2.0
    return np.concatenate([[2.0 * values[0] - middle[0]], middle, [2.0 * values[-1] - middle[-1]]])


def _panel(axes: Axes, diagram: PhaseDiagram, place: int, factor: float, most: float) -> QuadMesh:
    x, y = edges(diagram.staff * PERCENT), edges(diagram.speeds)
    cells, line = diagram.mean[place] * factor, diagram.lines[place]
    masked = np.ma.masked_invalid(cells)
    shown = axes.pcolormesh(x, y, masked, cmap=COLOURS, norm=Normalize(-most, most), edgecolors="white", linewidth=0.4)
    for row, column in zip(*np.nonzero(diagram.unclear[place]), strict=True):
        corner, size = (x[column], y[row]), (x[column + 1] - x[column], y[row + 1] - y[row])
        axes.add_patch(Rectangle(corner, *size, fill=False, hatch=HATCH, edgecolor=QUIET, linewidth=0.0))
    for (row, column), value in np.ndenumerate(cells):
        if np.isfinite(value):
            at = float(diagram.staff[column]) * PERCENT, float(diagram.speeds[row])
            _write(axes, at, value, dark=bool(abs(value) > DARK * most))
    if line is not None:
        axes.plot(line.x * PERCENT, line.y, color="black", linewidth=1.5, zorder=3)
    axes.set_xlim(x[0], x[-1])
    axes.set_ylim(y[0], y[-1])
    axes.set_xticks(diagram.staff * PERCENT)
    axes.set_yticks(diagram.speeds)
    return shown


def _write(axes: Axes, at: tuple[float, float], value: float, dark: bool) -> None:
    """Write a difference into its cell."""
    ink, halo = ("white", "0.15") if dark else ("0.15", "white")
    rounded = round(value, 1) + 0.0
    shown = f"{rounded:+.0f}" if abs(rounded) >= LARGE else f"{rounded:+.1f}"
    effects = [Stroke(linewidth=1.2, foreground=halo), Normal()]
    axes.text(*at, shown, color=ink, path_effects=effects, ha="center", va="center", fontsize=6, zorder=4)


def _scale_label(diagram: PhaseDiagram, outcome: Outcome) -> str:
    """Return what the colours mean, with the half width of a typical interval."""
    halves = (diagram.high - diagram.low) * scale(outcome) / 2.0
    known = halves[np.isfinite(halves)]
    half = float(np.median(known)) if known.size else 0.0
    return msg("phase_difference", outcome=title(outcome), unit=unit(outcome, difference=True), half=half)
