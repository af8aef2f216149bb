"""Charts of a log: how long cases take, hand-overs, who makes them, when cases begin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

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
from experiments.stats.families import Family
from experiments.stats.survival import Survival

__all__ = ["charts_of"]

Floats = NDArray[np.float64]

BARS = 28
WEEK = 7
NOTE = "log_figure_note"
GREY = "0.82"


def charts_of(found: Measured) -> Iterator[Chart]:
    """Yield the charts; those of what a log does not know are left out."""
    yield Chart("arrivals", partial(_arrivals, found))
    if found.survival is not None and (found.days > 0.0).any():
        yield Chart("days", partial(_days, found, found.survival))
    if found.hazard:
        yield Chart("hazard", partial(_hazard, found))
    if found.spread is not None and found.spread.gini is not None:
        yield Chart("concentration", partial(_concentration, found))


def _titled(axes: Axes, key: str, across: str, up: str) -> None:
    axes.set_title(msg(key), loc="left", fontweight="bold", fontsize=9.5)
    axes.set_xlabel(msg(across))
    axes.set_ylabel(msg(up))
    clean(axes)


def _percent(axes: Axes) -> None:
    axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{share:g}"))


def _days(found: Measured, survival: Survival) -> Figure:
    """Draw the distribution of log days and the share still open, both with the fitted families."""
    figure, grid = new_figure(9.0, 4.6, columns=2)
    edges = _edges(found)
    _masses(grid[0, 0], survival, found.families, edges)
    _still_open(grid[0, 1], found, survival, edges)
    for axes in grid[0]:
        axes.set_xscale("log")
        axes.set_xlim(edges[0], edges[-1])
        axes.xaxis.set_major_formatter(FuncFormatter(lambda day, _: f"{day:g}"))
    head(figure, msg("log_days_figure", name=found.path.name))
    lines = [Line2D([], [], color=_colour(each), label=f"{msg(f'family_{each.name}')} ({family_text(each)})")
             for each in found.families]  # fmt: skip
    short = f"{100 - 100 * float(_open_at(survival, edges[:1])[0]):.1f}"
    observed = [
        Patch(color=GREY, label=msg("log_histogram", share=short)),
        Line2D([], [], color="black", label=msg("log_observed")),
    ]
    note_below(figure, [*observed, *lines], columns=2, note_key=NOTE)
    return figure


def _edges(found: Measured) -> Floats:
    """Return edges of bars, equally wide on the logarithm, between the steps of the clock; outermost cases are cut."""
    above = found.days[found.days > 0.0]
    low, high = np.quantile(above, [0.01, 0.999])
    edges = np.geomspace(max(low, found.step) * 0.5, max(high, 2 * found.step) * 1.05, BARS + 1)
    return np.unique((np.floor(edges / found.step) + 0.5) * found.step)


def _open_at(survival: Survival, days: Floats) -> Floats:
    """Return the share still open after so many days."""
    place = np.searchsorted(survival.days, days, side="right")
    return np.append(1.0, survival.share)[place]


def _masses(axes: Axes, survival: Survival, families: Sequence[Family], edges: Floats) -> None:
    """Draw the share of cases closed within each bar, as observed and as fitted, for each tenfold of days."""
    tenfolds = np.diff(np.log10(edges)) / 100
    axes.stairs(-np.diff(_open_at(survival, edges)) / tenfolds, edges, fill=True, color=GREY)
    middle = np.sqrt(edges[1:] * edges[:-1])
    for each in families:
        axes.plot(middle, -np.diff(each.survival(edges)) / tenfolds, color=_colour(each), linewidth=1.3)
    _titled(axes, "log_density_title", "log_days_axis", "log_density_axis")
    _percent(axes)


def _still_open(axes: Axes, found: Measured, survival: Survival, edges: Floats) -> None:
    axes.fill_between(survival.days, 100 * survival.low, 100 * survival.high, step="post", color=GREY, linewidth=0)
    axes.step(survival.days, 100 * survival.share, where="post", color="black", linewidth=1.2)
    days = np.geomspace(edges[0], edges[-1], 200)
    for each in found.families:
        axes.plot(days, 100 * each.survival(days), color=_colour(each), linewidth=1.1)
    axes.set_ylim(0, 101)
    _titled(axes, "log_survival_title", "log_days_axis", "log_still_open")
    _percent(axes)


_ORDER = ("lognormal", "weibull", "gamma", "exponential")


def _colour(family: Family) -> str:
    return COLOURS[_ORDER.index(family.name)]


def _hazard(found: Measured) -> Figure:
    """Draw the chance of another hand-over by the number so far, beside a chance that does not change."""
    figure, grid = new_figure(6.4, 4.2)
    axes = grid[0, 0]
    shares = np.array([[each.share.mean, each.share.low, each.share.high] for each in found.hazard], dtype=np.float64)
    place = np.arange(len(shares))
    spread = np.abs(shares[:, 1:] - shares[:, :1]).T
    style: dict[str, Any] = {"fmt": "o", "markersize": 5, "elinewidth": 1.3, "capsize": 2}
    axes.errorbar(place, 100 * shares[:, 0], 100 * spread, color=COLOURS[0], **style)
    every = found.handovers
    assert every is not None
    even = float(every.sum() / (every.sum() + every.size))
    axes.axhline(100 * even, color=QUIET, linestyle=(0, (4, 2)), linewidth=1.0)
    axes.set_xticks(place, [f"{each.passed_so_far}\n({each.cases:,})" for each in found.hazard])
    axes.set_ylim(0, 100)
    axes.set_xlabel(f"{msg('log_so_far')} ({msg('log_cases')})")
    axes.set_ylabel(msg("log_share"))
    clean(axes)
    head(figure, msg("log_hazard_figure", name=found.path.name))
    flat = Line2D([], [], color=QUIET, linestyle=(0, (4, 2)), label=msg("log_even", share=f"{100 * even:.1f} %"))
    note_below(figure, [flat], note_key=NOTE)
    return figure


def _concentration(found: Measured) -> Figure:
    """Draw the Lorenz curve of hand-overs, and what the same units received."""
    assert found.spread is not None
    figure, grid = new_figure(5.6, 5.2)
    axes = grid[0, 0]
    across = 100 * found.spread.x
    lines = [
        *axes.plot(across, 100 * found.spread.y, color=COLOURS[1], linewidth=1.8, label=msg("log_made")),
        *axes.plot(across, 100 * found.spread.received, color=COLOURS[0], linewidth=1.4, label=msg("log_received")),
        *axes.plot([0, 100], [0, 100], color=QUIET, linewidth=0.9, linestyle=(0, (4, 2)), label=msg("log_equal")),
    ]
    axes.axvspan(90, 100, color="0.95", zorder=0, linewidth=0)
    axes.set(xlim=(0, 100), ylim=(0, 100), aspect="equal")
    axes.set_xlabel(msg("log_units_axis"))
    axes.set_ylabel(msg("log_handovers_axis"))
    clean(axes)
    head(figure, msg("log_concentration_figure", name=found.path.name))
    note_below(figure, lines, columns=2, note_key=NOTE)
    return figure


def _arrivals(found: Measured) -> Figure:
    """Draw cases that begin: the mean of each week along time, and by the day of the week."""
    figure, grid = new_figure(9.0, 4.0, columns=2)
    _weekly(grid[0, 0], found)
    axes = grid[0, 1]
    days = found.arrivals.by_weekday
    means = np.array([each.mean or 0.0 for each in days])
    bounds = np.array([[each.low if each.low is not None else each.mean or 0.0,
                        each.high if each.high is not None else each.mean or 0.0] for each in days])  # fmt: skip
    axes.bar(np.arange(WEEK), means, color=COLOURS[0], width=0.7)
    axes.errorbar(np.arange(WEEK), means, np.abs(bounds - means[:, None]).T, fmt="none", ecolor="0.2", capsize=2)
    axes.set_xticks(np.arange(WEEK), [msg(f"weekday_{day}")[:3] for day in range(WEEK)])
    _titled(axes, "log_rhythm_title", "log_weekday", "log_per_day")
    axes.set_ylim(bottom=0)
    head(figure, msg("log_arrivals_figure", name=found.path.name))
    note_below(figure, [Line2D([], [], color="0.2", label=msg("interval"))], note_key=NOTE)
    return figure


def _weekly(axes: Axes, found: Measured) -> None:
    counts, first = found.arrivals.counts, found.arrivals.first
    weeks = counts.size // WEEK
    if weeks > 1:
        days = first + WEEK * np.arange(weeks)
        means = counts[: weeks * WEEK].reshape(weeks, WEEK).mean(axis=1)
    else:
        days, means = first + np.arange(counts.size), counts.astype(np.float64)
    axes.plot(days.astype("datetime64[D]"), means, color=COLOURS[0], linewidth=1.1)
    axes.set_ylim(bottom=0)
    _titled(axes, "log_weekly", "log_weeks_axis", "log_per_day")
    axes.tick_params(axis="x", labelrotation=30)
