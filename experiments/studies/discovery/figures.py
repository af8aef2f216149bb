"""Figures of a discovery: the trade-off on the way, the box, and the two strongest inputs."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from experiments.charts.labels import axis_label
from experiments.charts.style import COLOURS, QUIET, clean, head, new_figure, note_below
from experiments.design.naming import Names
from experiments.messages import msg
from experiments.studies.discovery.answer import Discovery, Restriction
from experiments.studies.discovery.boxes import Column
from experiments.studies.discovery.told import range_text, said

__all__ = ["box_ranges", "scatter", "trade_off"]

CASE, OTHER = COLOURS[1], COLOURS[5]


def trade_off(found: Discovery, names: Names) -> Figure:
    """Draw coverage against density of every box on the way, coloured by its restricted inputs."""
    figure, grid = new_figure(6.4, 4.4)
    axes = grid[0, 0]
    coverage = [tally.coverage for tally in found.trajectory]
    density = [tally.density for tally in found.trajectory]
    shown = axes.scatter(coverage, density, c=found.restricted, cmap="viridis", s=22)
    bar = figure.colorbar(shown, ax=axes, label=msg("discovery_restricted"))
    bar.ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.plot(coverage[found.chosen], density[found.chosen], "o", markersize=12, markerfacecolor="none", color="0.1")
    if found.coverage.mean is not None and found.density.mean is not None:
        axes.errorbar(found.coverage.mean, found.density.mean, xerr=_arms(found.coverage), yerr=_arms(found.density),
                      fmt="s", color=CASE, markersize=5)  # fmt: skip
    axes.set_xlim(0, 1.02)
    axes.set_ylim(0, 1.02)
    axes.set_xlabel(msg("discovery_coverage"))
    axes.set_ylabel(msg("discovery_density"))
    clean(axes)
    head(figure, msg("discovery_trade", condition=said(found.condition)))
    marks = [Line2D([], [], marker="o", markersize=10, markerfacecolor="none", color="0.1", linestyle="none",
                    label=msg("discovery_chosen")),
             Line2D([], [], marker="s", color=CASE, linestyle="none", label=msg("discovery_held_out"))]  # fmt: skip
    note_below(figure, marks)
    return figure


def _arms(interval: object) -> NDArray[np.float64]:
    low, mean, high = (float(getattr(interval, name)) for name in ("low", "mean", "high"))
    return np.array([[mean - low], [high - mean]])


def box_ranges(found: Discovery, names: Names) -> Figure:
    """Draw the box: each restricted input from its smallest to its largest value, with all worlds as ticks."""
    known = {column.name: column for column in found.columns}
    figure, grid = new_figure(7.4, 0.62 * len(found.restrictions) + 1.7)
    axes = grid[0, 0]
    for at, each in enumerate(found.restrictions):
        _bar(axes, at, each, known[each.input], found, names)
    axes.set_yticks(range(len(found.restrictions)), [names.of(each.input) for each in found.restrictions])
    axes.set_ylim(len(found.restrictions) - 0.5, -0.5)
    axes.set_xticks([0, 1], [msg("discovery_smallest"), msg("discovery_largest")])
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    head(figure, msg("discovery_box", condition=said(found.condition)))
    note_below(figure, _legend())
    return figure


def _bar(axes: Axes, at: int, each: Restriction, column: Column, found: Discovery, names: Names) -> None:
    low, high = each.span
    width = (high - low) or 1.0
    for sought, shade, shift in ((True, CASE, -0.12), (False, OTHER, 0.12)):
        values = (column.values[found.sought == sought] - low) / width
        axes.plot(values, np.full(values.size, at + shift), "|", color=shade, markersize=6, alpha=0.5)
    if not each.words:
        first = 0.0 if each.low is None else (each.low - low) / width
        last = 1.0 if each.high is None else (each.high - low) / width
        axes.add_patch(Rectangle((first, at - 0.3), last - first, 0.6, facecolor="0.2", alpha=0.15, edgecolor="0.2"))
    axes.text(1.02, at, range_text(each, names), va="center", fontsize=8, color="0.2")


def _legend() -> list[Line2D]:
    return [
        Line2D([], [], marker="o", linestyle="none", color=shade, label=msg(key))
        for shade, key in ((CASE, "discovery_case"), (OTHER, "discovery_other"))
    ]


def scatter(found: Discovery, names: Names) -> Figure:
    """Draw all worlds over the two strongest inputs with the box."""
    known = {column.name: column for column in found.columns}
    first, second = found.restrictions[:2]
    x, y = known[first.input], known[second.input]
    figure, grid = new_figure(6.2, 4.8)
    axes = grid[0, 0]
    for sought, shade in ((False, OTHER), (True, CASE)):
        chosen = found.sought == sought
        axes.scatter(x.values[chosen], y.values[chosen], s=14, color=shade, alpha=0.75, linewidths=0)
    axes.add_patch(Rectangle((_low(first), _low(second)), _high(first) - _low(first), _high(second) - _low(second),
                             fill=False, edgecolor="0.1", linewidth=1.4))  # fmt: skip
    axes.set_xlabel(axis_label(names.axis(first.input), figure.get_figwidth()))
    axes.set_ylabel(axis_label(names.axis(second.input), figure.get_figheight()))
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(color=QUIET)
    head(figure, msg("discovery_scatter", condition=said(found.condition)))
    note_below(figure, _legend())
    return figure


def _low(each: Restriction) -> float:
    return each.span[0] if each.low is None else each.low


def _high(each: Restriction) -> float:
    return each.span[1] if each.high is None else each.high
