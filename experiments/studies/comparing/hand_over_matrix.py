"""Who passes to whom: between departments, and back to the streets."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

from experiments.charts.style import new_figure
from experiments.messages import msg, runs_text
from experiments.studies.comparing.series import RegimeSeries

__all__ = ["hand_over_matrix"]

LEAST, MOST = 0.001, 10.0
"""Ends of the colour scale in per cent; what lies beyond takes the colour of the end."""


ACROSS = 2
"""Panels beside each other; more would be wider than a page."""


def hand_over_matrix(series: Sequence[RegimeSeries]) -> Figure:
    """Draw the share of hand-overs from row to column, one panel a regime; busiest departments first, as in the first.

    Nobody hands over to itself, and streets only receive: their row is left out.
    """
    columns = min(len(series), ACROSS)
    rows = -(-len(series) // columns)
    figure, grid = new_figure(3.0 + 4.3 * columns, 0.3 + 5.3 * rows, rows=rows, columns=columns)
    order = _busiest_first(series[0].hand_overs)
    panels, spare = list(grid.flat[: len(series)]), grid.flat[len(series) :]
    for axes in spare:
        axes.remove()
    for axes, each in zip(panels, series, strict=True):
        image = _panel(axes, each, order)
    names = [series[0].titles[series[0].codes[at]] for at in order[:-1]]
    for axes in grid[:, 0]:
        axes.set_yticks(range(len(order) - 1), [f"{name}  {place}" for place, name in enumerate(names, 1)])
        axes.set_ylabel(msg("from_department"))
    bar = figure.colorbar(image, ax=panels, shrink=0.6 / rows, aspect=30, pad=0.01, extend="both")
    bar.set_label(msg("hand_over_share", runs=runs_text(series[0].runs)))
    bar.ax.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{share:g} %"))
    return figure


def _busiest_first(hand_overs: NDArray[np.float64]) -> list[int]:
    """Return the departments by what they hand over and receive, and the streets, which stand last, at the end."""
    busy = (hand_overs.sum(axis=0) + hand_overs.sum(axis=1))[:-1]
    return [*map(int, np.argsort(-busy, kind="stable")), len(busy)]


def _narrow(name: str) -> tuple[str, int]:
    """Return a name and its rotation below one column: letters on their side, Chinese upright, a character a line."""
    return (name, 90) if name.isascii() else ("\n".join(name), 0)


def _panel(axes: Axes, series: RegimeSeries, order: list[int]) -> AxesImage:
    total = series.hand_overs.sum()
    matrix = 100.0 * series.hand_overs[np.ix_(order[:-1], order)] / max(total, 1.0)
    image = axes.imshow(np.ma.masked_equal(matrix, 0), norm=LogNorm(LEAST, MOST), cmap="YlGnBu", aspect="auto")
    back = 100.0 * series.hand_overs[:, -1].sum() / max(total, 1.0)
    axes.set_title(
        msg("matrix_title", regime=series.label, total=total, days=series.window, back=back),
        fontsize=9,
        fontweight="bold",
    )
    streets, rotation = _narrow(msg("back_to_street"))
    axes.set_xticks(range(len(order)), [*map(str, range(1, len(order))), streets])
    axes.get_xticklabels()[-1].set(rotation=rotation, linespacing=1.4, fontweight="bold")
    axes.set_yticks(range(len(order) - 1), map(str, range(1, len(order))))
    axes.axvline(len(order) - 1.5, color="white", linewidth=2.5)
    axes.set_xlabel(msg("to_department"))
    axes.tick_params(length=0, labelsize=6.5)
    axes.spines[:].set_visible(False)
    axes.set_facecolor("0.965")
    return image
