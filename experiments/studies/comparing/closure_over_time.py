"""How long closing takes, and what flows in, flows out and lies open day by day, under each regime."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from experiments.charts.style import QUIET, bounds, clean, colour, dashes, new_figure, note_below
from experiments.messages import msg, runs_text
from experiments.studies.comparing.series import RegimeSeries

__all__ = ["closure_over_time"]

WEEK = 7
"""Days of the moving mean: a week, so that the weekly rhythm of requests does not hide the rest."""

BINS_PER_DAY = 8
"""The record counts closures by eighths of a day."""


def closure_over_time(series: Sequence[RegimeSeries]) -> Figure:
    """Draw closure by days since report, then cases a day and open cases by day; means and 95 % intervals over runs.

    Closed ÷ reported of the same day is not drawn: under a backlog it compares cases with other cases.
    """
    figure, grid = new_figure(8.0, 6.6 + 0.17 * (len(series) // 4), rows=2, columns=2)
    for axes in grid[0]:
        axes.remove()
    curve = figure.add_subplot(grid[0, 0].get_gridspec()[0, :])
    flow, stock = grid[1]
    for place, each in enumerate(series):
        days = np.arange(1, each.histograms["closures"].shape[1]) / BINS_PER_DAY
        _band(curve, days, _closed_by_day(each), place, each.label)
        _band(flow, *_weekly(each.daily["closed"]), place, each.label)
        _band(stock, np.arange(each.daily["open"].shape[1]), each.daily["open"], place, each.label)
    incoming = _reported(flow, series[0])
    _describe(curve, "closure_title", "days_since_report")
    curve.set_ylabel(msg("closed_of_reported"))
    curve.set_xlim(0, days[-1])
    curve.set_ylim(0, 100)
    for axes, title in ((flow, "closed_title"), (stock, "stock_title")):
        _describe(axes, title, "day")
        _periods(axes, series[0])
    curve.legend([], [], title=msg("band", runs=runs_text(series[0].runs)), loc="lower right")
    note_below(figure, [*curve.get_lines(), incoming])
    return figure


def _closed_by_day(series: RegimeSeries) -> NDArray[np.float64]:
    """Return the percentage of reported cases closed by the end of each bin; the last bin is open-ended, left out."""
    closed = series.histograms["closures"][:, :-1].cumsum(axis=1)
    shares: NDArray[np.float64] = 100.0 * closed / series.reported[:, None]
    return shares


def _weekly(daily: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return days, and the mean of each and the six before it; series shorter than that stay as they are."""
    if daily.shape[1] < WEEK:
        return np.arange(daily.shape[1]), daily
    means = np.lib.stride_tricks.sliding_window_view(daily, WEEK, axis=1).mean(axis=2)
    return np.arange(WEEK - 1, daily.shape[1]), means


def _band(axes: Axes, days: NDArray[np.generic], values: NDArray[np.float64], place: int, label: str) -> None:
    mean, low, high = bounds(values)
    axes.plot(days, mean, color=colour(place), linestyle=dashes(place), label=label, linewidth=1.4)
    axes.fill_between(days, low, high, color=colour(place), alpha=0.2, linewidth=0)


def _reported(axes: Axes, series: RegimeSeries) -> Line2D:
    """Draw what comes in, under the first regime; the problems are the same under all."""
    days, reported = _weekly(series.daily["reported"])
    label = msg("reported_a_day", regime=series.label)
    style: Any = {"color": QUIET, "linewidth": 1.0, "linestyle": (0, (3, 1.5))}
    return axes.plot(days, reported.mean(axis=0), label=label, **style)[0]


def _describe(axes: Axes, title: str, across: str) -> None:
    axes.set_title(msg(title), loc="left", fontweight="bold", fontsize=9.5)
    axes.set_xlabel(msg(across))
    clean(axes)


def _periods(axes: Axes, series: RegimeSeries) -> None:
    """Shade what is not observed: warm-up before, follow-up after."""
    last = series.daily["open"].shape[1] - 1
    end = series.warm_up + series.window
    axes.set_xlim(0, last)
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_formatter("{x:,.0f}")
    for start, stop, key in ((0, series.warm_up, "warm_up"), (end, last, "follow_up")):
        if stop > start:
            axes.axvspan(start, stop, color="0.95", zorder=0, linewidth=0)
            where: dict[str, Any] = {
                "transform": axes.get_xaxis_transform(),
                "ha": "center",
                "va": "bottom",
                "rotation": 90,
            }
            axes.text((start + stop) / 2, 0.02, msg(key), color=QUIET, fontsize=7, **where)
