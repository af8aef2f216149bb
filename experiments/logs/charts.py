"""Charts of a log: how long cases take, hand-overs, who makes them, when cases begin."""

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

from experiments.charts.style import clean, head, new_figure, note_below, series
from experiments.colours import BEFORE, PACKAGE, QUIET
from experiments.kinds import Chart
from experiments.logs.measuring import Measured
from experiments.logs.results import family_text
from experiments.messages import msg
from experiments.stats.cases import Concentration, Survival
from experiments.stats.families import FAMILIES
from experiments.stats.intervals import Interval

Floats = NDArray[np.float64]

BARS = 28
WEEK = 7
GREY = "0.82"
DASHED = (0, (4, 2))
COLOUR = {family: series(place) for place, family in enumerate(FAMILIES)}  # of a family


def charts_of(log: Measured) -> Iterator[Chart]:
    """Yield the charts; those of what a log does not know are left out."""
    yield Chart("arrivals", partial(_arrivals, log))
    if log.survival is not None and (log.days > 0.0).any():
        yield Chart("days", partial(_days, log, log.survival))
    if log.hazard and log.handovers is not None:
        yield Chart("hazard", partial(_hazard, log, log.handovers))
    if log.spread is not None and log.spread.gini is not None:
        yield Chart("concentration", partial(_concentration, log, log.spread))


def _labelled(axes: Axes, across: str, up: str, title: str = "") -> None:
    if title:
        axes.set_title(msg(title), loc="left", fontweight="bold", fontsize=9)
    axes.set_xlabel(across)
    axes.set_ylabel(msg(up))
    clean(axes)


def _finished(figure: Figure, log: Measured, title: str, handles: Sequence[Artist], columns: int = 4) -> Figure:
    head(figure, msg(title, name=log.options.path.name))
    note_below(figure, handles, columns=columns, note_key="log_figure_note")
    return figure


def _bars(intervals: Sequence[Interval]) -> tuple[Floats, Floats]:
    """Return means, 0 where undefined, and how far the bounds are from them, 0 where there are none."""
    means = np.array([each.mean or 0.0 for each in intervals])
    ends = [[mean if end is None else end for end in (each.low, each.high)]
            for each, mean in zip(intervals, means, strict=True)]  # fmt: skip
    return means, np.abs(np.array(ends) - means[:, None]).T


def _days(log: Measured, survival: Survival) -> Figure:
    """Draw the distribution of log days and the share still open, both with the fitted families.

    Bars are equally wide on the logarithm and end between the steps of the clock; outermost cases are cut.
    """
    low, high = np.quantile(log.days[log.days > 0.0], [0.01, 0.999])
    edges = np.geomspace(max(low, log.step) * 0.5, max(high, 2 * log.step) * 1.05, BARS + 1)
    edges = np.unique((np.floor(edges / log.step) + 0.5) * log.step)
    still_open = np.append(1.0, survival.share)[np.searchsorted(survival.days, edges, side="right")]
    tenfolds = np.diff(np.log10(edges)) / 100
    middle, days = np.sqrt(edges[1:] * edges[:-1]), np.geomspace(edges[0], edges[-1], 200)
    figure, grid = new_figure(9.0, 4.6, columns=2)
    masses, curve = grid[0]
    masses.stairs(-np.diff(still_open) / tenfolds, edges, fill=True, color=GREY)
    curve.fill_between(survival.days, 100 * survival.low, 100 * survival.high, step="post", color=GREY, linewidth=0)
    curve.step(survival.days, 100 * survival.share, where="post", color="black", linewidth=1.2)
    for each in log.families:
        masses.plot(middle, -np.diff(each.survival(edges)) / tenfolds, color=COLOUR[each.name], linewidth=1.3)
        curve.plot(days, 100 * each.survival(days), color=COLOUR[each.name], linewidth=1.1)
    curve.set_ylim(0, 101)
    _labelled(masses, msg("log_days_axis"), "log_density_axis", "log_density_title")
    _labelled(curve, msg("log_days_axis"), "log_still_open", "log_survival_title")
    for axes in grid[0]:
        axes.set_xscale("log")
        axes.set_xlim(edges[0], edges[-1])
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    handles = [
        Patch(color=GREY, label=msg("log_histogram", share=f"{100 - 100 * float(still_open[0]):.1f}")),
        Line2D([], [], color="black", label=msg("log_observed")),
        *(Line2D([], [], color=COLOUR[each.name], label=f"{msg(f'family_{each.name}')} ({family_text(each)})")
          for each in log.families),
    ]  # fmt: skip
    return _finished(figure, log, "log_days_figure", handles, columns=2)


def _hazard(log: Measured, handovers: NDArray[np.int64]) -> Figure:
    """Draw the chance of another hand-over by the number so far, beside a chance that does not change."""
    figure, grid = new_figure(6.4, 4.2)
    axes = grid[0, 0]
    means, spread = _bars([each.share for each in log.hazard])
    place = np.arange(means.size)
    axes.errorbar(place, 100 * means, 100 * spread, color=PACKAGE, fmt="o", markersize=5, elinewidth=1.3, capsize=2)
    even = 100 * float(handovers.sum() / (handovers.sum() + handovers.size))
    axes.axhline(even, color=QUIET, linestyle=DASHED, linewidth=1.0)
    axes.set_xticks(place, [f"{each.passed_so_far}\n({each.cases:,})" for each in log.hazard])
    axes.set_ylim(0, 100)
    _labelled(axes, f"{msg('log_so_far')} ({msg('log_cases')})", "log_share")
    flat = Line2D([], [], color=QUIET, linestyle=DASHED, label=msg("log_even", share=f"{even:.1f} %"))
    return _finished(figure, log, "log_hazard_figure", [flat])


def _concentration(log: Measured, spread: Concentration) -> Figure:
    """Draw the Lorenz curve of hand-overs, and what the same units received."""
    figure, grid = new_figure(5.6, 5.2)
    axes = grid[0, 0]
    across = 100 * spread.x
    lines = [
        *axes.plot(across, 100 * spread.y, color=PACKAGE, linewidth=1.8, label=msg("log_made")),
        *axes.plot(across, 100 * spread.received, color=BEFORE, linewidth=1.4, label=msg("log_received")),
        *axes.plot([0, 100], [0, 100], color=QUIET, linewidth=0.9, linestyle=DASHED, label=msg("log_equal")),
    ]
    axes.axvspan(90, 100, color="0.95", zorder=0, linewidth=0)
    axes.set(xlim=(0, 100), ylim=(0, 100), aspect="equal")
    _labelled(axes, msg("log_units_axis"), "log_handovers_axis")
    return _finished(figure, log, "log_concentration_figure", lines, columns=2)


def _arrivals(log: Measured) -> Figure:
    """Draw cases that begin: the mean of each week along time, or each day of less than two; and by day of the week."""
    figure, grid = new_figure(9.0, 4.0, columns=2)
    over_time, by_weekday = grid[0]
    counts, step = log.arrivals.counts, WEEK if log.arrivals.counts.size >= 2 * WEEK else 1
    weekly = counts[: counts.size // step * step].reshape(-1, step).mean(axis=1)
    days = log.arrivals.first + step * np.arange(weekly.size)
    over_time.plot(days.astype("datetime64[D]"), weekly, color=PACKAGE, linewidth=1.1)
    _labelled(over_time, msg("log_weeks_axis"), "log_per_day", "log_weekly")
    over_time.tick_params(axis="x", labelrotation=30)
    means, spread = _bars(log.arrivals.by_weekday)
    by_weekday.bar(np.arange(WEEK), means, color=PACKAGE, width=0.7)
    by_weekday.errorbar(np.arange(WEEK), means, spread, fmt="none", ecolor="0.2", capsize=2)
    by_weekday.set_xticks(np.arange(WEEK), [msg(f"weekday_{day}")[:3] for day in range(WEEK)])
    _labelled(by_weekday, msg("log_weekday"), "log_per_day", "log_rhythm_title")
    for axes in grid[0]:
        axes.set_ylim(bottom=0)
    return _finished(figure, log, "log_arrivals_figure", [Line2D([], [], color="0.2", label=msg("interval"))])
