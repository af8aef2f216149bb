"""Marks that figures share: points with intervals, bands, bars with intervals, rows of words, cells of colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

from experiments.charts.style import QUIET, bounds, clean, colour, dashes, marker
from experiments.messages import msg
from experiments.stats import Interval


def interval_dot(
    axes: Axes, height: float, interval: Interval, factor: float = 1.0, *, filled: bool = True, **style: Any
) -> None:
    """Draw a mean as a point at a height, and its interval as a line; nothing where it is undefined.

    Args:
        height: In data coordinates.
        factor: By which its values are shown.
        filled: Hollow points are not clear.
        **style: `color`, and where others than usual are wanted `marker`, `markersize`, `linewidth`.
    """
    style = {"marker": "o", "markersize": 5, "linewidth": 1.8, **style}
    wide, shade = style.pop("linewidth"), style["color"]
    if interval.low is not None and interval.high is not None:
        ends = [interval.low * factor, interval.high * factor]
        axes.plot(ends, [height] * 2, color=shade, linewidth=wide, solid_capstyle="butt")
    if interval.mean is not None:
        axes.plot(interval.mean * factor, height, **style, markerfacecolor=shade if filled else "white")


def zero_line(axes: Axes) -> None:
    """Draw where nothing differs."""
    axes.axvline(0, color="0.55", linewidth=0.9)


def named_rows(
    axes: Axes, places: Sequence[float] | NDArray[np.float64], labels: Sequence[str], ends: tuple[float, float]
) -> None:
    """Name rows on the left; `ends` are the lower and the upper end of the axis, rows being counted from above."""
    axes.set_yticks(places, labels)
    axes.set_ylim(*ends)
    axes.tick_params(axis="y", length=0)
    clean(axes, grid="x")
    axes.spines["left"].set_visible(False)


def value_beside(axes: Axes, height: float, words: str, size: float = 7.5) -> None:
    """Write words on the right of the axes, at the height of a row."""
    where: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "va": "center", "ha": "left"}
    axes.text(1.012, height, words, fontsize=size, color="0.25", **where)


def band(axes: Axes, x: NDArray[np.generic], values: NDArray[np.float64], place: int, label: str) -> Line2D:
    """Draw the mean over runs as a line and its 95 % interval as a band, in the colour of a regime's place."""
    mean, low, high = bounds(values)
    axes.fill_between(x, low, high, color=colour(place), alpha=0.2, linewidth=0)
    return axes.plot(x, mean, color=colour(place), linestyle=dashes(place), label=label, linewidth=1.4)[0]


def bars(axes: Axes, x: NDArray[np.float64], values: NDArray[np.float64], width: float, **style: Any) -> Any:
    """Draw a bar a column of runs × columns, with its 95 % interval; none where it is undefined.

    Returns:
        For the legend.
    """
    mean, low, high = bounds(values)
    drawn = axes.bar(x, mean, width * 0.92, edgecolor="white", **style)
    error: dict[str, Any] = {"fmt": "none", "ecolor": "0.15", "elinewidth": 1.0, "capsize": 2.5}
    axes.errorbar(x, mean, np.abs(np.vstack([mean - low, high - mean])), **error)
    return drawn


def percent_axis(axis: Any) -> None:
    """Write a percent sign behind the values of an axis."""
    axis.set_major_formatter(FuncFormatter(lambda share, _: f"{share:g} %"))


def titled(axes: Axes, title: str, across: str = "", up: str = "") -> None:
    """Set title and words along the axes."""
    axes.set_title(title, loc="left", fontweight="bold", fontsize=9.5)
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    clean(axes)


def key_of(places: dict[str, int]) -> list[Line2D]:
    """Return what stands in the legend for regimes, by name with their places, and for what is not clear."""
    marks = [Line2D([], [], color=colour(at), marker=marker(at), label=name) for name, at in places.items()]
    return [*marks, hollow()]


def hollow() -> Line2D:
    """Return what stands in the legend for a difference that is not clear."""
    return Line2D([], [], color=QUIET, marker="o", markerfacecolor="white", label=msg("unclear"))
