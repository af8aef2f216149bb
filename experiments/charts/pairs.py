"""What two inputs do together, as a triangle of cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from experiments.charts.style import new_figure

UNCLEAR = "0.45"
"""Grey of numbers that are not told from zero."""

Cell = tuple[float, str, bool]
"""A value in the unit shown, as it is written, and whether it is clear."""


def pair_matrix(
    cells: Mapping[tuple[str, str], Cell], names: Mapping[str, str], columns: Sequence[str], label: str, *, signed: bool
) -> Figure:
    """Draw values of pairs as a heat map below the diagonal, those that are clear in bold.

    Args:
        cells: By pair of inputs, in either order.
        names: What each input is called, in the order of the rows.
        columns: What stands below each column, in the same order.
        label: Of the bar of colours.
        signed: Colours on both sides of zero.
    """
    size, place = len(names), {name: at for at, name in enumerate(names)}
    figure, grid = new_figure(0.62 * size + 3.5, 0.44 * size + 2.5)
    axes, values = grid[0, 0], np.full((size, size), np.nan)
    for (first, second), (value, text, clear) in cells.items():
        across, down = sorted((place[first], place[second]))
        values[down, across] = value
        axes.text(across, down, text, ha="center", va="center", fontsize=7, color="black" if clear else UNCLEAR,
                  fontweight="bold" if clear else "normal")  # fmt: skip
    largest = float(np.nanmax(np.abs(values))) if cells else 0.0
    # twice the largest, so that numbers stay readable on every shade
    limit = 2 * largest if signed and largest else max(2 * largest, 1.0)
    shades = {"cmap": "PuOr", "vmin": -limit} if signed else {"cmap": "Blues", "vmin": 0.0}
    image = axes.imshow(values, vmax=limit, aspect="auto", **shades)
    axes.set_xticks(range(size), columns)
    axes.set_yticks(range(size), list(names.values()))
    axes.tick_params(length=0)
    figure.colorbar(image, ax=axes, label=label, shrink=0.8)
    return figure
