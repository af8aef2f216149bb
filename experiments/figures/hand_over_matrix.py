"""Who passes to whom: hand-overs between departments."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from numpy.typing import NDArray

from experiments.figures.data import RegimeSeries
from experiments.figures.style import new_figure
from experiments.words import word

__all__ = ["hand_over_matrix"]

DEPARTMENT = 3
"""Code of the level `department` in the table of units."""


def hand_over_matrix(series: Sequence[RegimeSeries]) -> Figure:
    """Draw mean hand-overs a run from row to column, one panel a regime, with one logarithmic colour scale."""
    figure, grid = new_figure(5.2 * len(series) + 0.8, 5.4, columns=len(series))
    matrices = [_between_departments(each) for each in series]
    largest = max((matrix.max() for _, matrix in matrices if matrix.size), default=0.0)
    smallest = min(1 / each.runs for each in series)
    norm = LogNorm(smallest, max(largest, smallest * 10))
    for axes, each, (codes, matrix) in zip(grid[0], series, matrices, strict=True):
        image = axes.imshow(np.ma.masked_equal(matrix, 0), norm=norm, cmap="cividis")
        _label(axes, each.label, codes)
    figure.colorbar(image, ax=grid[0].tolist(), label=word("hand_overs_a_run"), shrink=0.8)
    return figure


def _between_departments(series: RegimeSeries) -> tuple[list[str], NDArray[np.float64]]:
    places = np.flatnonzero(series.units["level"][0] == DEPARTMENT)
    codes = [str(code) for code in series.units["code"][0][places]]
    return codes, series.hand_overs[np.ix_(places, places)] / series.runs


def _label(axes: Axes, regime: str, codes: Sequence[str]) -> None:
    axes.set_title(regime)
    axes.set_xticks(range(len(codes)), codes, rotation=90, fontsize=6)
    axes.set_yticks(range(len(codes)), codes, fontsize=6)
    axes.set_xlabel(word("to_department"))
    axes.set_ylabel(word("from_department"))
    axes.set_facecolor("0.95")
