"""Figures of the series of regimes: closing, passing, who carries the work, who passes to whom."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from experiments.charts.marks import band, ends_of, table_of_colours, titled
from experiments.charts.style import (
    AMOUNTS,
    LABEL_SIZE,
    SMALL,
    WIDTH,
    clean,
    colour,
    fold,
    hatching,
    marker,
    new_figure,
    note_below,
    one_panel,
    panels,
)
from experiments.colours import QUIET
from experiments.messages import msg, runs_text
from experiments.stats.series import BINS_PER_DAY, LEVELS, ON_LOAN, RegimeSeries


def _taller(series: Sequence[RegimeSeries]) -> float:
    """Return the inches that a legend of many regimes takes."""
    return 0.17 * (len(series) // 4)


def _over(series: Sequence[RegimeSeries], key: str = "band") -> str:
    if worlds := series[0].worlds:
        return msg(f"{key}_worlds", worlds=worlds)
    return msg(key, runs=runs_text(series[0].runs))


def closure_over_time(series: Sequence[RegimeSeries]) -> Figure:
    """Draw closure by days since report, then cases a day and open cases by day.

    Closed ÷ reported of the same day is not drawn: under a backlog it compares cases with other cases.
    """
    figure, grid = new_figure(8.0, 6.6 + _taller(series), rows=2, columns=2)
    for axes in grid[0]:
        axes.remove()
    curve = figure.add_subplot(grid[0, 0].get_gridspec()[0, :])
    flow, stock = grid[1]
    for place, each in enumerate(series):
        closed, still_open = each.closed_by_day(), each.daily["open"]
        band(curve, np.arange(1, closed.shape[1] + 1) / BINS_PER_DAY, each.told(closed), place, each.label)
        days, flowing = each.weekly("closed")
        band(flow, days, each.told(flowing), place, each.label)
        band(stock, np.arange(still_open.shape[1]), each.told(still_open), place, each.label)
    # the problems are the same under all regimes, so what comes in is drawn once
    days, reported = series[0].weekly("reported")
    incoming: dict[str, Any] = {"color": QUIET, "linewidth": 1.0, "linestyle": (0, (3, 1.5))}
    label = msg("reported_a_day", regime=series[0].label)
    (line,) = flow.plot(days, reported.mean(axis=0), label=label, **incoming)
    titled(curve, msg("closure_title"), msg("days_since_report"), msg("closed_of_reported"))
    curve.set_xlim(0, closed.shape[1] / BINS_PER_DAY)
    curve.set_ylim(0, 100)
    for axes, title in ((flow, "closed_title"), (stock, "stock_title")):
        titled(axes, msg(title), msg("day"))
        _shade_unobserved(axes, series[0])
    curve.legend([], [], title=_over(series), loc="lower right")
    note_below(figure, [*curve.get_lines(), line])
    return figure


def _shade_unobserved(axes: Axes, series: RegimeSeries) -> None:
    """Shade what is not observed: warm-up before, follow-up after."""
    last = series.daily["open"].shape[1] - 1
    axes.set_xlim(0, last)
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_formatter("{x:,.0f}")
    for start, stop, key in ((0, series.warm_up, "warm_up"), (series.warm_up + series.window, last, "follow_up")):
        if stop > start:
            axes.axvspan(start, stop, color="0.95", zorder=0, linewidth=0)
            upright: dict[str, Any] = {
                "ha": "center",
                "va": "bottom",
                "rotation": 90,
                "color": QUIET,
                "fontsize": SMALL,
            }
            axes.text((start + stop) / 2, 0.02, msg(key), transform=axes.get_xaxis_transform(), **upright)


MOST = 15  # cases passed on as often or more share the last place


def passes_per_case(series: Sequence[RegimeSeries]) -> Figure:
    """Draw the share of cases by number of passes, with what is told of it, on a logarithmic axis."""
    figure, axes = one_panel(8.0, 4.2 + _taller(series))
    for place, each in enumerate(series):
        counted = each.histograms["passes"]
        folded = np.column_stack([counted[:, :MOST], counted[:, MOST:].sum(axis=1)])
        # of each run's cases; zero for a run without cases
        mean, low, high = ends_of(each.told(100 * folded / np.maximum(folded.sum(axis=1, keepdims=True), 1)))
        seen = mean > 0
        step = min(0.12, 0.7 / len(series))
        counts = np.arange(mean.size)[seen] + step * (place - (len(series) - 1) / 2)
        spread = np.abs(np.vstack([mean - np.maximum(low, mean / 100), high - mean]))[:, seen]
        style: dict[str, Any] = {"fmt": marker(place), "markersize": 4, "elinewidth": 1.2, "capsize": 1.5}
        axes.errorbar(counts, mean[seen], spread, color=colour(place), label=each.label, **style)
        # the last place holds several numbers of passes, so no line leads there
        axes.plot(counts[counts < MOST - 0.5], mean[:MOST][seen[:MOST]], color=colour(place), linewidth=0.8)
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter("{x:g} %")
    axes.set_xticks(range(MOST + 1), [*map(str, range(MOST)), f"{MOST}+"])
    titled(axes, msg("passes_title"), msg("passes"), msg("share_of_cases"))
    axes.legend([], [], title=_over(series))
    note_below(figure, axes.containers)
    return figure


ROOM = 4  # regimes of which a bar can have its number above it


def workload_by_level(series: Sequence[RegimeSeries]) -> Figure:
    """Draw hours used of hours held, with what is told of it; levels that hold no hours are left out."""
    figure, axes = one_panel(max(8.0, 1.0 * len(series)), 4.2 + _taller(series))
    held = {level for each in series for level in each.units["level"][each.units["hours_held"] > 0]}
    levels = [level for level in LEVELS if level in held]
    width, drawn = 0.8 / len(series), list[Any]()
    for place, each in enumerate(series):
        positions = np.arange(len(levels)) + width * (place - (len(series) - 1) / 2)
        mean, low, high = ends_of(each.told(np.column_stack([each.workload(level) for level in levels])))
        style: Any = {"color": colour(place), "hatch": hatching(place)}
        drawn.append(axes.bar(positions, mean, width * 0.92, edgecolor="white", label=each.label, **style))
        error: Any = {"fmt": "none", "ecolor": "0.15", "elinewidth": 1.0, "capsize": 2.5}
        axes.errorbar(positions, mean, np.abs(np.vstack([mean - low, high - mean])), **error)
        for position, value, top in zip(positions, mean, high, strict=True):
            if np.isfinite(value) and len(series) <= ROOM:
                axes.text(position, top + 1.0, f"{value:.0f}", ha="center", va="bottom", fontsize=SMALL, color="0.25")
    axes.set_xticks(range(len(levels)), [msg(f"level_{level}") for level in levels])
    axes.tick_params(axis="x", length=0)
    axes.yaxis.set_major_formatter("{x:.0f} %")
    axes.set_ylabel(msg("workload"))
    axes.set_title(msg("workload_title"))
    axes.set_title(_over(series), loc="right", fontsize=SMALL, fontweight="normal")
    note_below(figure, drawn)
    clean(axes)
    return figure


BUSIEST = 14  # departments whose hand-overs are drawn, so that they can be read on a page


def hand_over_matrix(series: Sequence[RegimeSeries]) -> Figure:
    """Draw the share of hand-overs from row to column, one panel a regime; busiest departments first, as in the first.

    Nobody hands over to itself, and streets only receive: their row is left out. Departments that hand over least in
    the first are left out; what they do is in no row and in no column.
    """
    columns = min(len(series), 2)  # more would be wider than a page
    rows = -(-len(series) // columns)
    flows = series[0].hand_overs
    busy = (flows.sum(axis=0) + flows.sum(axis=1))[:-1]
    # the streets stand last
    order = [*map(int, np.argsort(-busy, kind="stable")[:BUSIEST]), len(busy)]
    figure, grid = new_figure(WIDTH, 1.4 + rows * (0.17 * len(order) + 1.0), rows=rows, columns=columns)
    panels = list(grid.flat[: len(series)])
    for axes in grid.flat[len(series) :]:
        axes.remove()
    for axes, each in zip(panels, series, strict=True):
        image = _matrix(axes, each, order)
    names = [series[0].titles[series[0].codes[at]] for at in order[:-1]]
    for axes in grid[:, 0]:
        axes.set_yticks(range(len(order) - 1), [f"{_short(name)}  {place}" for place, name in enumerate(names, 1)])
        axes.set_ylabel(msg("from_department"))
    bar = figure.colorbar(image, ax=panels, shrink=0.6 / rows, aspect=30, pad=0.01, extend="both")
    bar.set_label(_over(series, "hand_over_share"))
    bar.ax.yaxis.set_major_formatter("{x:g} %")
    return figure


LETTERS = 26  # of a unit's name beside a matrix


def _short(name: str) -> str:
    return name if len(name) <= LETTERS else f"{name[: LETTERS - 1]}…"


def _matrix(axes: Axes, series: RegimeSeries, order: list[int]) -> AxesImage:
    total = series.hand_overs.sum()
    shares = 100.0 * series.hand_overs / max(total, 1.0)
    matrix, back = shares[np.ix_(order[:-1], order)], shares[:, -1].sum()
    shades = {"norm": LogNorm(0.001, 10.0), "cmap": AMOUNTS}  # what lies beyond has the colour of the end
    # one column is narrow: letters stand on their side, Chinese upright, a character a line
    streets = msg("back_to_street")
    name, rotation = (streets, 90) if streets.isascii() else ("\n".join(streets), 0)
    places = [*map(str, range(1, len(order)))]
    few = [place if at % 4 == 0 else "" for at, place in enumerate(places)]
    image = table_of_colours(axes, np.ma.masked_equal(matrix, 0), [*few, name], places, **shades)
    heading = msg("matrix_title", regime=series.label, total=total, days=series.window, back=back)
    axes.set_title(fold(heading, 1.5, SMALL), fontsize=SMALL)
    axes.get_xticklabels()[-1].set(rotation=rotation, linespacing=1.4, fontweight="bold")
    axes.axvline(len(order) - 1.5, color="white", linewidth=2.5)
    axes.set_xlabel(fold(msg("to_department"), 1.6, LABEL_SIZE))
    axes.spines[:].set_visible(False)
    axes.set_facecolor("0.965")
    return image


LOANS = (*ON_LOAN, "staff_street", "balance_street")  # daily series, a panel each


def loans_over_time(series: Sequence[RegimeSeries]) -> Figure:
    """Draw people and powers on loan, people in streets and the streets' balance by day."""
    figure, drawn = panels(len(LOANS), 3.6, 2.6)
    for axes, name in zip(drawn, LOANS, strict=False):
        for place, each in enumerate(series):
            days, values = each.weekly(name)
            band(axes, days, each.told(values), place, each.label)
        titled(axes, msg(f"loans_{name}"), msg("day"))
        start, last = series[0].warm_up, series[0].daily[name].shape[1] - 1
        axes.axvspan(0, start, color="0.95", zorder=0, linewidth=0)
        axes.axvspan(min(last, start + series[0].window), last, color="0.95", zorder=0, linewidth=0)
        axes.set_xlim(0, last)
        if name in ON_LOAN:  # the others say more from near
            axes.set_ylim(bottom=0)
    note_below(figure, drawn[0].get_lines())
    return figure
