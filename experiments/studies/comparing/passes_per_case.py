"""How often cases are passed on: the distribution over cases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

from experiments.charts.style import bounds, clean, colour, marker, new_figure, note_below
from experiments.messages import msg, runs_text
from experiments.studies.comparing.series import RegimeSeries

__all__ = ["passes_per_case"]

MOST = 15
"""Cases passed on as often or more share the last place."""


def passes_per_case(series: Sequence[RegimeSeries]) -> Figure:
    """Draw the share of cases by number of passes, mean and 95 % interval over runs, on a logarithmic axis."""
    figure, grid = new_figure(8.0, 4.2 + 0.17 * (len(series) // 4))
    axes = grid[0, 0]
    for place, each in enumerate(series):
        mean, low, high = bounds(_shares(_folded(each.histograms["passes"])))
        seen = mean > 0
        step = min(0.12, 0.7 / len(series))
        counts = np.arange(mean.size)[seen] + step * (place - (len(series) - 1) / 2)
        spread = np.abs(np.vstack([mean - np.maximum(low, mean / 100), high - mean]))[:, seen]
        style: dict[str, Any] = {"fmt": marker(place), "markersize": 4, "elinewidth": 1.2, "capsize": 1.5}
        axes.errorbar(counts, mean[seen], spread, color=colour(place), label=each.label, **style)
        # the last place holds several numbers of passes, so no line leads there
        axes.plot(counts[counts < MOST - 0.5], mean[:MOST][seen[:MOST]], color=colour(place), linewidth=0.8)
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{share:g} %"))
    axes.set_xticks(range(MOST + 1), [*map(str, range(MOST)), f"{MOST}+"])
    axes.set_title(msg("passes_title"), loc="left", fontweight="bold")
    axes.set_xlabel(msg("passes"))
    axes.set_ylabel(msg("share_of_cases"))
    axes.legend([], [], title=msg("band", runs=runs_text(series[0].runs)))
    note_below(figure, axes.containers)
    clean(axes)
    return figure


def _folded(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the counts with all from the last place on added up."""
    return np.column_stack([counts[:, :MOST], counts[:, MOST:].sum(axis=1)])


def _shares(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return percentages of each run's cases; zero for a run without cases."""
    shares: NDArray[np.float64] = 100 * counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    return shares
