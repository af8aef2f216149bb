"""Who carries the work: hours used of hours held, by level."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter
from numpy.typing import NDArray

from experiments.charts.style import COLOURS, bounds, clean, colour, new_figure, note_below
from experiments.messages import msg, runs_text
from experiments.studies.comparing.series import RegimeSeries

__all__ = ["LEVELS", "workload_by_level", "workload_of"]

LEVELS = ("street", "community", "team", "department", "city")
"""From the ground up."""

HATCHES = ("", "///", "...")
"""Tell bars apart where colours repeat."""

NARROW = 0.13
"""Narrower bars have no room for their value."""


def workload_by_level(series: Sequence[RegimeSeries]) -> Figure:
    """Draw the mean over runs with its 95 % interval; levels that hold no hours are left out."""
    figure, grid = new_figure(max(8.0, 1.0 * len(series)), 4.2 + 0.17 * (len(series) // 4))
    axes = grid[0, 0]
    held = {level for each in series for level in each.units["level"][each.units["hours_held"] > 0]}
    levels = [level for level in LEVELS if level in held]
    width, bars = 0.8 / len(series), list[Any]()
    for place, each in enumerate(series):
        positions = np.arange(len(levels), dtype=np.float64) + width * (place - (len(series) - 1) / 2)
        values = np.column_stack([workload_of(each, level) for level in levels])
        bars.append(_bars(axes, positions, values, width, place, each.label))
    axes.set_xticks(range(len(levels)), [msg(f"level_{level}") for level in levels])
    axes.tick_params(axis="x", length=0)
    axes.yaxis.set_major_formatter(PercentFormatter(decimals=0, symbol=" %"))
    axes.set_ylabel(msg("workload"))
    axes.set_title(msg("workload_title"), loc="left", fontweight="bold")
    axes.set_title(msg("band", runs=runs_text(series[0].runs)), loc="right", fontsize=8, fontweight="normal")
    note_below(figure, bars)
    clean(axes)
    return figure


def _bars(
    axes: Axes, positions: NDArray[np.float64], values: NDArray[np.float64], width: float, place: int, label: str
) -> Any:
    """Draw one bar a level with its interval and, where there is room, its value; none where no hours are held."""
    mean, low, high = bounds(values)
    hatch = HATCHES[place // len(COLOURS) % len(HATCHES)]
    bars = axes.bar(positions, mean, width * 0.92, color=colour(place), label=label, hatch=hatch, edgecolor="white")
    error: dict[str, Any] = {"fmt": "none", "ecolor": "0.15", "elinewidth": 1.0, "capsize": 2.5}
    axes.errorbar(positions, mean, np.abs(np.vstack([mean - low, high - mean])), **error)
    for position, value, top in zip(positions, mean, high, strict=True):
        if np.isfinite(value) and width > NARROW:
            axes.text(position, top + 1.0, f"{value:.1f}", ha="center", va="bottom", fontsize=7.5, color="0.25")
    return bars


def workload_of(series: RegimeSeries, level: str) -> NDArray[np.float64]:
    """Return the percentage of each run; undefined where the level holds no hours."""
    here = series.units["level"] == level
    used, held = ((series.units[name] * here).sum(axis=1) for name in ("hours_used", "hours_held"))
    percent: NDArray[np.float64] = 100 * np.divide(used, held, out=np.full(used.shape, np.nan), where=held > 0)
    return percent
