"""The picture of a district that was learned: what was foretold of its last part, and what came."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.charts.marks import sample, titled
from experiments.charts.style import COLOURS, QUIET, finished, panels
from experiments.messages import msg
from experiments.stats.intervals import Floats

if TYPE_CHECKING:
    from experiments.learning.results import FitResults
    from experiments.learning.scores import HeldOut

POOL, CAME = COLOURS[0], "0.1"


def foretold(results: FitResults) -> Figure:
    """Draw every measure by period: the past, the pooled forecast of the last part, and what came."""
    from experiments.learning.results import measure_title

    scores = results.scores
    figure, grid = panels(len(scores.measures), 3.6, 2.3)
    edges, values = results.past()
    for axes, name in zip(grid, scores.measures, strict=True):
        titled(axes, measure_title(name), size=8.5)
        _past(axes, edges, values[name])
        _forecast(axes, scores.of_measure(name), results.factor(name))
        axes.axvline(_when(edges[-1:])[0], color=QUIET, linewidth=0.9, linestyle=(0, (3, 2)))
        axes.tick_params(axis="x", labelsize=6.5)
        axes.set_ylim(bottom=0.0)
    handles = [sample(msg("fit_mark_past"), QUIET, "o"), sample(msg("fit_mark_came"), CAME, "o"),
               sample(msg("fit_mark_interval"), POOL)]  # fmt: skip
    return finished(figure, msg("fit_foretold"), handles, note_key="fit_mark_note")


def _when(days: Floats) -> np.ndarray[tuple[int], np.dtype[np.datetime64]]:
    return np.asarray([np.datetime64(round(each), "D") for each in days])


def _past(axes: Axes, edges: Floats, values: Floats) -> None:
    axes.plot(_when((edges[:-1] + edges[1:]) / 2.0), values, color=QUIET, marker="o", markersize=2.5, linewidth=0.9)


def _forecast(axes: Axes, rows: Sequence[HeldOut], factor: float) -> None:
    for row in rows:
        low, high = (np.datetime64(each, "D") for each in row.period.split("/"))
        middle = low + (high - low) // 2
        axes.plot([middle, middle], [row.low * factor, row.high * factor], color=POOL, linewidth=4, alpha=0.45,
                  solid_capstyle="butt")  # fmt: skip
        axes.plot([middle], [row.observed * factor], color=CAME, marker="o", markersize=3.5)
