"""Who passes to whom: between departments, and back to the streets."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

from experiments.figures.data import RegimeSeries
from experiments.figures.style import new_figure
from experiments.words import word

__all__ = ["hand_over_matrix"]


def hand_over_matrix(series: Sequence[RegimeSeries]) -> Figure:
    """Draw mean hand-overs a run from row to column, one panel a regime, with one logarithmic colour scale."""
    figure, grid = new_figure(5.2 * len(series) + 0.8, 5.4, columns=len(series))
    matrices = [each.hand_overs / each.runs for each in series]
    largest = max((matrix.max() for matrix in matrices if matrix.size), default=0.0)
    smallest = min(1 / each.runs for each in series)
    norm = LogNorm(smallest, max(largest, smallest * 10))
    for axes, each, matrix in zip(grid[0], series, matrices, strict=True):
        image = axes.imshow(np.ma.masked_equal(matrix, 0), norm=norm, cmap="cividis")
        _label(axes, each.label, each.codes)
    figure.colorbar(image, ax=grid[0].tolist(), label=word("hand_overs_a_run"), shrink=0.8)
    return figure


def _label(axes: Axes, regime: str, codes: Sequence[str]) -> None:
    axes.set_title(regime)
    axes.set_xticks(range(len(codes)), codes, rotation=90, fontsize=6)
    axes.set_yticks(range(len(codes)), codes, fontsize=6)
    axes.set_xlabel(word("to_department"))
    axes.set_ylabel(word("from_department"))
    axes.set_facecolor("0.95")
