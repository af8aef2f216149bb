"""Cases closed a day and cases open, by day, under each regime."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from experiments.figures.data import RegimeSeries
from experiments.figures.style import COLOURS, bounds, clean, new_figure
from experiments.words import word

__all__ = ["closure_over_time"]

WEEK = 7
"""Days of the moving mean: a week, so that the weekly rhythm of requests does not hide the rest."""


def closure_over_time(series: Sequence[RegimeSeries]) -> Figure:
    """Draw mean and 95 % interval over runs of what is closed a day and of what is open."""
    figure, grid = new_figure(7.5, 5.5, rows=2)
    closed, open_cases = grid[:, 0]
    closed.sharex(open_cases)
    for place, each in enumerate(series):
        colour = COLOURS[place % len(COLOURS)]
        _line(closed, _weekly(each.daily["closed"]), WEEK - 1, each, colour)
        _line(open_cases, each.daily["open"], 0, each, colour)
    closed.set_ylabel(word("closed_a_day"))
    open_cases.set_ylabel(word("open_cases"))
    open_cases.set_xlabel(word("day"))
    closed.legend(title=word("band", runs=series[0].runs), frameon=False)
    return figure


def _weekly(daily: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean of each day and the days before it; series shorter than that stay as they are."""
    if daily.shape[1] < WEEK:
        return daily
    means: NDArray[np.float64] = np.lib.stride_tricks.sliding_window_view(daily, WEEK, axis=1).mean(axis=2)
    return means


def _line(axes: Axes, values: NDArray[np.float64], first: int, series: RegimeSeries, colour: str) -> None:
    days = np.arange(values.shape[1]) + (first if values.shape[1] < series.daily["closed"].shape[1] else 0)
    mean, low, high = bounds(values)
    axes.plot(days, mean, color=colour, label=series.label, linewidth=1.2)
    axes.fill_between(days, low, high, color=colour, alpha=0.25, linewidth=0)
    axes.set_ylim(bottom=0)
    clean(axes)
