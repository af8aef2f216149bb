"""Charts of a discovery: the trade-off on the way, the box, and the two strongest inputs."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from experiments.charts.marks import axis_label, cross, sample, titled, value_beside
from experiments.charts.style import AMOUNTS, LABEL_SIZE, finished, fold, one_panel
from experiments.colours import BEFORE, PACKAGE, QUIET
from experiments.design.naming import Names
from experiments.formatting import with_titles
from experiments.messages import msg
from experiments.stats.discovery import Discovery, Restriction

LABEL_INCHES = 2.6  # width of what inputs are called, which in plausible worlds is a sentence and a path
CASE, OTHER = PACKAGE, BEFORE


def _finished(figure: Figure, key: str, found: Discovery, legend: list[Line2D] | None = None) -> Figure:
    worlds = [sample(msg(f"discovery_{name}"), shade, "o", linestyle="none")
              for name, shade in (("case", CASE), ("other", OTHER))]  # fmt: skip
    heading = msg(f"discovery_{key}", condition=with_titles(found.condition))
    return finished(figure, heading, legend or worlds, note_key="worlds_note" if found.in_worlds else "chance_only")


def trade_off(found: Discovery) -> Figure:
    """Draw coverage against density of every box on the way, coloured by its restricted inputs."""
    figure, axes = one_panel(6.4, 4.4)
    way, chosen = found.found.trajectory, found.found.chosen
    coverage, density = np.array([(tally.coverage, tally.density) for _, tally in way]).T
    shown = axes.scatter(coverage, density, c=[len(box.ranges) for box, _ in way], cmap=AMOUNTS, s=22)
    bar = figure.colorbar(shown, ax=axes, label=msg("discovery_restricted"))
    bar.ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    ring: dict[str, Any] = {"marker": "o", "markerfacecolor": "none", "color": "0.1", "linestyle": "none"}
    axes.plot(coverage[chosen], density[chosen], markersize=12, **ring)
    if found.coverage.mean is not None and found.density.mean is not None:
        cross(axes, found.coverage, found.density, fmt="s", color=CASE, markersize=5)
    titled(axes, "", msg("discovery_coverage"), msg("discovery_density"))
    axes.set(xlim=(0, 1.02), ylim=(0, 1.02))
    legend = [
        sample(msg("discovery_chosen"), markersize=10, **ring),
        sample(msg("discovery_held_out"), CASE, "s", linestyle="none"),
    ]
    return _finished(figure, "trade", found, legend)


def box_ranges(found: Discovery, names: Names) -> Figure:
    """Draw the box: each restricted input from its smallest to its largest value, with all worlds as ticks."""
    shown = found.restrictions
    figure, axes = one_panel(7.4, 0.62 * len(shown) + 1.7)
    for at, each in enumerate(shown):
        _input(axes, at, each, found)
        value_beside(axes, at, names.range(each.input, each.low, each.high, each.words))
    labels = [fold(names.of(each.input), LABEL_INCHES, LABEL_SIZE) if found.in_worlds else names.of(each.input)
              for each in shown]  # fmt: skip
    axes.set_yticks(range(len(shown)), labels)
    axes.set_ylim(len(shown) - 0.5, -0.5)
    axes.set_xticks([0, 1], [msg("discovery_smallest"), msg("discovery_largest")])
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    return _finished(figure, "box", found)


def _input(axes: Axes, at: int, each: Restriction, found: Discovery) -> None:
    low, high = each.span
    width, values = (high - low) or 1.0, found.values_of(each.input)
    for sought, shade, shift in ((True, CASE, -0.12), (False, OTHER, 0.12)):
        places = (values[found.sought == sought] - low) / width
        axes.plot(places, np.full(places.size, at + shift), "|", color=shade, markersize=6, alpha=0.5)
    if not each.words:
        first, last = ((end - low) / width for end in each.ends)
        axes.add_patch(Rectangle((first, at - 0.3), last - first, 0.6, facecolor="0.2", alpha=0.15, edgecolor="0.2"))


def scatter(found: Discovery, names: Names) -> Figure:
    """Draw all worlds over the two strongest inputs with the box."""
    first, second = found.restrictions[:2]
    x, y = found.values_of(first.input), found.values_of(second.input)
    figure, axes = one_panel(6.2, 4.8)
    for sought, shade in ((False, OTHER), (True, CASE)):
        chosen = found.sought == sought
        axes.scatter(x[chosen], y[chosen], s=14, color=shade, alpha=0.75, linewidths=0)
    (left, right), (bottom, top) = first.ends, second.ends
    axes.add_patch(Rectangle((left, bottom), right - left, top - bottom, fill=False, edgecolor="0.1", linewidth=1.4))
    axes.set_xlabel(axis_label(names.axis(first.input), figure.get_figwidth()))
    axes.set_ylabel(axis_label(names.axis(second.input), figure.get_figheight()))
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(color=QUIET)
    return _finished(figure, "scatter", found)
