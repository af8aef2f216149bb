"""Who carries the work: hours used of hours held, by level."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from experiments.figures.data import RegimeSeries
from experiments.figures.style import COLOURS, bounds, clean, new_figure
from experiments.words import word

__all__ = ["workload_by_level"]

LEVELS = ("street", "community", "team", "department", "city")
"""From the ground up."""


def workload_by_level(series: Sequence[RegimeSeries]) -> Figure:
    """Draw the mean over runs with its 95 % interval; levels that hold no hours are left out."""
    figure, grid = new_figure(7.5, 3.8)
    axes = grid[0, 0]
    held = {level for each in series for level in each.units["level"][each.units["hours_held"] > 0]}
    levels = [level for level in LEVELS if level in held]
    width = 0.8 / len(series)
    for place, each in enumerate(series):
        mean, low, high = bounds(np.column_stack([_workload(each, level) for level in levels]))
        spread = np.abs(np.vstack([mean - low, high - mean]))
        positions = np.arange(len(levels)) + width * (place - (len(series) - 1) / 2)
        colour = COLOURS[place % len(COLOURS)]
        axes.bar(positions, mean, width * 0.9, yerr=spread, color=colour, capsize=3, label=each.label)
    axes.set_xticks(range(len(levels)), [word(f"level_{level}") for level in levels])
    axes.set_ylabel(word("workload"))
    title = word("band", runs=series[0].runs)
    figure.legend(title=title, loc="outside upper center", ncols=len(series), frameon=False)
    clean(axes)
    return figure


def _workload(series: RegimeSeries, level: str) -> NDArray[np.float64]:
    """Return the percentage of each run; undefined where the level holds no hours."""
    here = series.units["level"] == level
    used, held = ((series.units[name] * here).sum(axis=1) for name in ("hours_used", "hours_held"))
    percent: NDArray[np.float64] = 100 * np.divide(used, held, out=np.full(used.shape, np.nan), where=held > 0)
    return percent
