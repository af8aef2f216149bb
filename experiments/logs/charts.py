"""Charts of a log: how long cases take, hand-overs, who makes them, when cases begin."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

from experiments.charts.style import COLOURS, QUIET, clean, head, new_figure, note_below
from experiments.kinds import Chart
from experiments.logs.measuring import Measured
from experiments.logs.results import family_text
from experiments.messages import msg
from experiments.stats.cases import Survival
from experiments.stats.families import FAMILIES
from experiments.stats.intervals import Interval

Floats = NDArray[np.float64]

BARS = 28
WEEK = 7
NOTE = "log_figure_note"
GREY = "0.82"
DASHED = (0, (4, 2))
COLOUR = dict(zip(FAMILIES, COLOURS, strict=False))
"""Of a family."""


def charts_of(log: Measured) -> Iterator[Chart]:
    """Yield the charts; those of what a log does not know are left out."""
    yield Chart("arrivals", partial(_arrivals, log))
    if log.survival is not None and (log.days > 0.0).any():
        yield Chart("days", partial(_days, log, log.survival))
    if log.hazard and log.handovers is not None:
        yield Chart("hazard", partial(_hazard, log, log.handovers))
    if log.spread is not None and log.spread.gini is not None:
        yield Chart("concentration", partial(_concentration, log))


def _labelled(axes: Axes, across: str, up: str, title: str = "") -> None:
    if title:
        axes.set_title(msg(title), loc="left", fontweight="bold", fontsize=9.5)
    axes.set_xlabel(across)
    axes.set_ylabel(msg(up))
    clean(axes)


def _bars(intervals: list[Interval]) -> tuple[Floats, Floats]:
    """Return means, 0 where undefined, and how far the bounds are from them, 0 where there are none."""
    means = np.array([each.mean or 0.0 for each in intervals])
    ends = [[mean if end is None else end for end in (each.low, each.high)]
            for each, mean in zip(intervals, means, strict=True)]  # fmt: skip
    return means, np.abs(np.array(ends) - means[:, None]).T


def _days(log: Measured, survival: Survival) -> Figure:
    """Draw the distribution of log days and the share still open, both with the fitted families."""
    figure, grid = new_figure(9.0, 4.6, columns=2)
    edges = _edges(log)
    _masses(grid[0, 0], log, survival, edges)
    _still_open(grid[0, 1], log, survival, edges)
    for axes, up, title in zip(grid[0], ("log_density_axis", "log_still_open"),
                               ("log_density_title", "log_survival_title"), strict=True):  # fmt: skip
        _labelled(axes, msg("log_days_axis"), up, title)
        axes.set_xscale("log")
        axes.set_xlim(edges[0], edges[-1])
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    head(figure, msg("log_days_figure", name=log.path.name))
    short = f"{100 - 100 * float(_open_at(survival, edges[:1])[0]):.1f}"
    handles = [
        Patch(color=GREY, label=msg("log_histogram", share=short)),
        Line2D([], [], color="black", label=msg("log_observed")),
        *(Line2D([], [], color=COLOUR[each.name], label=f"{msg(f'family_{each.name}')} ({family_text(each)})")
          for each in log.families),
    ]  # fmt: skip
    note_below(figure, handles, columns=2, note_key=NOTE)
    return figure


def _edges(log: Measured) -> Floats:
    """Return edges of bars, equally wide on the logarithm, between the steps of the clock; outermost cases are cut."""
    low, high = np.quantile(log.days[log.days > 0.0], [0.01, 0.999])
    edges = np.geomspace(max(low, log.step) * 0.5, max(high, 2 * log.step) * 1.05, BARS + 1)
    return np.unique((np.floor(edges / log.step) + 0.5) * log.step)


def _open_at(survival: Survival, days: Floats) -> Floats:
    """Return the share still open after so many days."""
    return np.append(1.0, survival.share)[np.searchsorted(survival.days, days, side="right")]


def _masses(axes: Axes, log: Measured, survival: Survival, edges: Floats) -> None:
    """Draw the share of cases closed within each bar, as observed and as fitted, for each tenfold of days."""
    tenfolds = np.diff(np.log10(edges)) / 100
    axes.stairs(-np.diff(_open_at(survival, edges)) / tenfolds, edges, fill=True, color=GREY)
    middle = np.sqrt(edges[1:] * edges[:-1])
    for each in log.families:
        axes.plot(middle, -np.diff(each.survival(edges)) / tenfolds, color=COLOUR[each.name], linewidth=1.3)


def _still_open(axes: Axes, log: Measured, survival: Survival, edges: Floats) -> None:
    axes.fill_between(survival.days, 100 * survival.low, 100 * survival.high, step="post", color=GREY, linewidth=0)
    axes.step(survival.days, 100 * survival.share, where="post", color="black", linewidth=1.2)
    days = np.geomspace(edges[0], edges[-1], 200)
    for each in log.families:
        axes.plot(days, 100 * each.survival(days), color=COLOUR[each.name], linewidth=1.1)
    axes.set_ylim(0, 101)


def _hazard(log: Measured, handovers: NDArray[np.int64]) -> Figure:
    """Draw the chance of another hand-over by the number so far, beside a chance that does not change."""
    figure, grid = new_figure(6.4, 4.2)
    axes = grid[0, 0]
    means, spread = _bars([each.share for each in log.hazard])
    place = np.arange(means.size)
    axes.errorbar(place, 100 * means, 100 * spread, color=COLOURS[0], fmt="o", markersize=5, elinewidth=1.3, capsize=2)
    even = 100 * float(handovers.sum() / (handovers.sum() + handovers.size))
    axes.axhline(even, color=QUIET, linestyle=DASHED, linewidth=1.0)
    axes.set_xticks(place, [f"{each.passed_so_far}\n({each.cases:,})" for each in log.hazard])
    axes.set_ylim(0, 100)
    _labelled(axes, f"{msg('log_so_far')} ({msg('log_cases')})", "log_share")
    head(figure, msg("log_hazard_figure", name=log.path.name))
    flat = Line2D([], [], color=QUIET, linestyle=DASHED, label=msg("log_even", share=f"{even:.1f} %"))
    note_below(figure, [flat], note_key=NOTE)
    return figure


def _concentration(log: Measured) -> Figure:
    """Draw the Lorenz curve of hand-overs, and what the same units received."""
    assert log.spread is not None
    figure, grid = new_figure(5.6, 5.2)
    axes = grid[0, 0]
    across = 100 * log.spread.x
    lines = [
        *axes.plot(across, 100 * log.spread.y, color=COLOURS[1], linewidth=1.8, label=msg("log_made")),
        *axes.plot(across, 100 * log.spread.received, color=COLOURS[0], linewidth=1.4, label=msg("log_received")),
        *axes.plot([0, 100], [0, 100], color=QUIET, linewidth=0.9, linestyle=DASHED, label=msg("log_equal")),
    ]
    axes.axvspan(90, 100, color="0.95", zorder=0, linewidth=0)
    axes.set(xlim=(0, 100), ylim=(0, 100), aspect="equal")
    _labelled(axes, msg("log_units_axis"), "log_handovers_axis")
    head(figure, msg("log_concentration_figure", name=log.path.name))
    note_below(figure, lines, columns=2, note_key=NOTE)
    return figure


def _arrivals(log: Measured) -> Figure:
    """Draw cases that begin: the mean of each week along time, and by the day of the week."""
    figure, grid = new_figure(9.0, 4.0, columns=2)
    over_time, by_weekday = grid[0]
    _weekly(over_time, log)
    means, spread = _bars(list(log.arrivals.by_weekday))
    by_weekday.bar(np.arange(WEEK), means, color=COLOURS[0], width=0.7)
    by_weekday.errorbar(np.arange(WEEK), means, spread, fmt="none", ecolor="0.2", capsize=2)
    by_weekday.set_xticks(np.arange(WEEK), [msg(f"weekday_{day}")[:3] for day in range(WEEK)])
    _labelled(by_weekday, msg("log_weekday"), "log_per_day", "log_rhythm_title")
    for axes in grid[0]:
        axes.set_ylim(bottom=0)
    head(figure, msg("log_arrivals_figure", name=log.path.name))
    note_below(figure, [Line2D([], [], color="0.2", label=msg("interval"))], note_key=NOTE)
    return figure


def _weekly(axes: Axes, log: Measured) -> None:
    """Draw the mean of each week; where there is no second one, each day."""
    counts, step = log.arrivals.counts, WEEK if log.arrivals.counts.size >= 2 * WEEK else 1
    means = counts[: counts.size // step * step].reshape(-1, step).mean(axis=1)
    days = log.arrivals.first + step * np.arange(means.size)
    axes.plot(days.astype("datetime64[D]"), means, color=COLOURS[0], linewidth=1.1)
    _labelled(axes, msg("log_weeks_axis"), "log_per_day", "log_weekly")
    axes.tick_params(axis="x", labelrotation=30)
