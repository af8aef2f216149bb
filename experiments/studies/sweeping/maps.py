"""Two parameters as a map, one panel a regime; what is not clear is hatched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize, TwoSlopeNorm
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from numpy.typing import NDArray

from experiments.charts.labels import axis_label
from experiments.charts.style import QUIET, head, new_figure, note_below
from experiments.design.naming import shown_name
from experiments.formatting import scale, title, unit
from experiments.messages import msg
from experiments.studies.sweeping.answer import Curve
from experiments.studies.sweeping.figures import Swept

__all__ = ["maps"]

PANEL_WIDTH, PANEL_HEIGHT = 4.6, 4.4
"""Inches."""

LEVELS, DIFFERENCES = "viridis", "RdBu"
"""Colours that every eye tells apart: one scale for levels, one with a middle for differences."""


def maps(swept: Swept, outcome: str) -> Figure:
    """Draw an outcome over both parameters: its level under the first regime, differences from it under the others."""
    from model import OUTCOMES

    sweep, measured = swept.sweep, OUTCOMES[outcome]
    panels = [[curve for curve in sweep.of(outcome) if curve.regime == regime] for regime in sweep.regimes]
    figure, grid = new_figure(PANEL_WIDTH * len(panels), PANEL_HEIGHT, columns=len(panels))
    for place, (axes, curves) in enumerate(zip(grid[0], panels, strict=True)):
        _panel(axes, swept, curves, "difference" if place else "level", scale(measured), figure)
        name = shown_name(sweep.regimes[place], swept.titles[sweep.regimes[place]])
        key = "map_difference" if place else "map_level"
        axes.set_title(msg(key, regime=name, unit=unit(measured, difference=place > 0)), loc="left", fontsize=9)
    head(figure, title(measured))
    unclear = Patch(facecolor="white", edgecolor=QUIET, hatch="////", label=msg("map_unclear"))
    note_below(figure, [unclear] if len(panels) > 1 else [])
    return figure


def _panel(axes: Axes, swept: Swept, curves: Sequence[Curve], what: str, factor: float, figure: Figure) -> None:
    sweep = swept.sweep
    second = sweep.by[-1]
    x = np.array([place.x for place in curves[0].places], dtype=np.float64)
    y = np.array([curve.by[second] for curve in curves], dtype=np.float64)
    cells = np.array([curve.means(what) for curve in curves]) * factor
    mean, low, high = cells[:, 0], cells[:, 1], cells[:, 2]
    if what == "difference":
        most = float(np.nanmax(np.abs(mean))) or 1.0
        norm: Normalize = TwoSlopeNorm(0.0, -most, most)
    else:
        norm = Normalize(float(np.nanmin(mean)), float(np.nanmax(mean)))
    shown = axes.pcolormesh(x, y, mean, cmap=DIFFERENCES if what == "difference" else LEVELS, norm=norm)
    if what == "difference":
        _hatch(axes, x, y, (low <= 0.0) & (high >= 0.0))
    figure.colorbar(shown, ax=axes, shrink=0.85)
    if sweep.mark is not None:
        axes.axvline(sweep.mark, color="white", linewidth=1.2, linestyle=(0, (4, 2)))
    axes.set_xlabel(axis_label(swept.names.axis(sweep.x), PANEL_WIDTH))
    axes.set_ylabel(axis_label(swept.names.axis(second), PANEL_HEIGHT))


def _hatch(axes: Axes, x: NDArray[np.float64], y: NDArray[np.float64], unclear: NDArray[np.bool_]) -> None:
    """Hatch the cells whose interval holds zero."""
    style: Any = {"hatch": "////", "cmap": "Greys", "alpha": 0.0, "edgecolor": QUIET}
    axes.pcolor(x, y, np.ma.masked_where(~unclear, np.ones(unclear.shape)), **style)
