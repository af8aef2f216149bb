"""Marks that figures share: points with intervals and names, lines with bands, bars, rows, cells of colour, samples."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from experiments.charts.style import AMOUNTS, CHANGES, LABEL_SIZE, SMALL, clean, colour, dashes, fold, one_panel
from experiments.colours import QUIET
from experiments.stats import Interval, mean_interval

Floats = NDArray[np.float64]

Place = tuple[float, float]

HATCH = "////"  # of cells that are not clear


def whisker(axes: Axes, at: float, interval: Interval, factor: float = 1.0, start: float = 0.0, **style: Any) -> None:
    """Draw an interval as a line at a height, counted from `start`; nothing where it is undefined."""
    if interval.low is not None and interval.high is not None:
        ends = [start + interval.low * factor, start + interval.high * factor]
        axes.plot(ends, [at] * 2, **{"solid_capstyle": "butt", **style})


def interval_dot(
    axes: Axes, height: float, interval: Interval, factor: float = 1.0, *, filled: bool = True, **style: Any
) -> None:
    """Draw a mean as a point at a height, hollow unless `filled`, and its interval as a line; nothing if undefined.

    Values are shown times `factor`; `style` has `color`, and where others than usual are wanted `marker`,
    `markersize`, `linewidth`.
    """
    style = {"marker": "o", "markersize": 5, "linewidth": 1.8, **style}
    wide, shade = style.pop("linewidth"), style["color"]
    whisker(axes, height, interval, factor, color=shade, linewidth=wide)
    if interval.mean is not None:
        axes.plot(interval.mean * factor, height, **style, markerfacecolor=shade if filled else "white")


def cross(axes: Axes, x: Interval, y: Interval, scales: tuple[float, float] = (1.0, 1.0), **style: Any) -> Place:
    """Draw a point with its intervals along both axes, where they are defined, and return where it stands."""
    at, arms = [], []
    for each, factor in zip((x, y), scales, strict=True):
        mean, low, high = np.nan_to_num(ends_of([each], factor))
        at.append(float(mean[0]))
        arms.append(None if each.low is None else [(mean - low).tolist(), (high - mean).tolist()])
    axes.errorbar(at[0], at[1], xerr=arms[0], yerr=arms[1], **style)
    return at[0], at[1]


def ends_of(intervals: Iterable[Interval], factor: float = 1.0) -> Floats:
    """Return mean, low and high of each interval (3, intervals): no width where it has none, NaN without a mean."""
    ends = [
        [each.mean, each.mean if each.low is None else each.low, each.mean if each.high is None else each.high]
        for each in intervals
    ]
    return np.asarray(ends, dtype=np.float64).reshape(-1, 3).T * factor


def bounds(values: Floats) -> Floats:
    """Return mean, low and high of the 95 % interval of each column; no width where undefined."""
    return ends_of(mean_interval(column) for column in values.T)


def line(axes: Axes, x: Any, ends: Sequence[Any] | Floats, *, alpha: float = 0.2, **style: Any) -> Line2D:
    """Draw means as a line, and the interval around them as a band; `ends` are means, lows and highs."""
    mean, low, high = ends
    axes.fill_between(x, low, high, color=style["color"], alpha=alpha, linewidth=0)
    return axes.plot(x, mean, **{"linewidth": 1.4, **style})[0]


def band(axes: Axes, x: NDArray[np.generic], told: Iterable[Interval], place: int, label: str) -> Line2D:
    """Draw what is told as a line and from where to where as a band, in the colour of a regime's place."""
    return line(axes, x, ends_of(told), color=colour(place), linestyle=dashes(place), label=label)


def posts(axes: Axes, x: Any, ends: Floats, **style: Any) -> None:
    """Draw means as points, joined by a line where its style says so, and their intervals as upright lines."""
    mean, low, high = ends
    axes.vlines(x, low, high, color=style["color"], linewidth=1.3, zorder=style.get("zorder", 2))
    axes.plot(x, mean, **style)


def bar(axes: Axes, at: float, interval: Interval, factor: float, start: float = 0.0, **style: Any) -> None:
    """Draw a mean as a lying bar from `start`, in shown units, with its interval; nothing where it is undefined."""
    if interval.mean is not None:
        axes.barh(at, interval.mean * factor, left=start, **style)
        whisker(axes, at, interval, factor, start, color="0.15", linewidth=1.1)


def zero_line(axes: Axes, *, lying: bool = False) -> None:
    """Draw where nothing differs: upright at x = 0, or `lying` at y = 0."""
    (axes.axhline if lying else axes.axvline)(0, color="0.55", linewidth=0.9)


def named_rows(axes: Axes, labels: Sequence[str], size: float | None = None) -> None:
    """Name rows on the left, one apart and counted from above."""
    axes.set_yticks(range(len(labels)), labels, fontsize=size)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    clean(axes, grid="x")


def value_beside(axes: Axes, height: float, words: str, size: float = SMALL) -> None:
    """Write words on the right of the axes, at the height of a row."""
    where: Any = {"transform": axes.get_yaxis_transform(), "va": "center", "ha": "left"}
    axes.text(1.012, height, words, fontsize=size, color="0.25", **where)


def titled(axes: Axes, title: str, across: str = "", up: str = "", size: float = LABEL_SIZE) -> None:
    """Set title and words along the axes."""
    axes.set_title(title, loc="left", fontweight="bold", fontsize=size)
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    clean(axes)


LONG, MONTHS = 180.0, (1, 2, 3, 6, 12, 24, 60, 120, 600)  # days along which months are enough; months between ticks


def dated(axes: Axes, ticks: int = 8) -> None:
    """Write dates along the lower axis, not more than so many: months, of a short time days.

    To be called when the ends of the axis are settled. Numbers only, which every language reads.
    """
    low, high = axes.get_xlim()
    first, last = np.floor([low, high]).astype(np.int64).astype("datetime64[D]")
    if high - low < LONG:
        shown = np.arange(first, last + 1, max(1, -(-int(high - low + 1) // ticks)))
    else:
        months = np.arange(first.astype("datetime64[M]") + 1, last.astype("datetime64[M]") + 1)
        step = next((each for each in MONTHS if months.size <= ticks * each), MONTHS[-1])
        shown = months[months.astype(np.int64) % step == 0]
    axes.set_xticks(shown.astype("datetime64[D]").astype(np.int64), shown.astype(str).tolist())


def axis_label(words: str, inches: float) -> str:
    """Break the words of an axis so that they fit a panel of this width or height, less what ticks and words take."""
    return fold(words, inches - 0.9, LABEL_SIZE)


def name_points(axes: Axes, names: Mapping[tuple[float, float], str], size: float = SMALL) -> None:
    """Write names beside points, the first ones first; one that would cover another, or leave the axes, is left out.

    To be called when everything else is drawn, for it settles the layout of the figure. Places of points are in data
    coordinates, the size of the font in points.
    """
    figure = axes.get_figure()
    assert isinstance(figure, Figure)
    figure.draw_without_rendering()
    taken = [Bbox([at, at]).padded(3.0) for at in axes.transData.transform(list(names))] if names else []
    for place, (point, words) in enumerate(names.items()):
        others = taken[:place] + taken[place + 1 :]
        box = _written(axes, point, words, size, others)
        if box is not None:
            taken.append(box)


def _written(axes: Axes, point: tuple[float, float], words: str, size: float, taken: list[Bbox]) -> Bbox | None:
    """Write the words at the first free spot around a point and return the space they take."""
    for away in (5.0, 17.0):  # points; far away with a line
        line: dict[str, Any] = {"arrowstyle": "-", "color": "0.6", "linewidth": 0.5} if away > 5.0 else {}
        for across, up in ((1, 0.8), (1, -0.8), (-1, 0.8), (-1, -0.8), (0, 1), (0, -1)):
            note = axes.annotate(
                words, point, (across * away, up * away), textcoords="offset points", fontsize=size, color="0.25",
                ha={1: "left", 0: "center", -1: "right"}[across], va="bottom" if up > 0 else "top",
                arrowprops=line or None,
            )  # fmt: skip
            note.set_in_layout(False)
            box = Bbox(note.get_window_extent().get_points()).padded(1.0)
            within = axes.bbox.contains(*box.min) and axes.bbox.contains(*box.max)
            if within and not any(box.overlaps(other) for other in taken):
                return box
            note.remove()
    return None


def table_of_colours(
    axes: Axes, values: Floats, columns: Sequence[str], rows: Sequence[str], **shades: Any
) -> AxesImage:
    """Draw values (rows, columns) as cells of colour with the names of both."""
    image = axes.imshow(values, aspect="auto", **shades)
    axes.set_xticks(range(len(columns)), columns)
    axes.set_yticks(range(len(rows)), rows)
    axes.tick_params(length=0)
    return image


def in_cell(axes: Axes, x: Any, y: Any, words: str, **style: Any) -> None:
    """Write words into the middle of a cell."""
    axes.text(x, y, words, ha="center", va="center", **{"fontsize": SMALL, **style})


def map_of_colours(axes: Axes, x: Floats, y: Floats, values: Floats, unclear: Any, **shades: Any) -> QuadMesh:
    """Draw values (y, x) as cells of colour around increasing places; those that are not clear are hatched."""
    across, up = edges(x), edges(y)
    shown = axes.pcolormesh(across, up, np.ma.masked_invalid(values), **shades)
    for row, column in zip(*np.nonzero(unclear), strict=True):
        hatch(axes, across[column : column + 2], up[row : row + 2])
    return shown


def hatch(axes: Axes, across: Any, up: Any, shade: str = QUIET) -> None:
    """Hatch the cell between these ends."""
    corner, width, height = (across[0], up[0]), across[1] - across[0], up[1] - up[0]
    axes.add_patch(Rectangle(corner, width, height, fill=False, hatch=HATCH, edgecolor=shade, linewidth=0.0))


def edges(values: Floats) -> Floats:
    """Return the borders of cells around increasing values: half-way between neighbours, as wide at the ends."""
    if values.size == 1:
        return np.array([values[0] - 0.05, values[0] + 0.05])
    middle = (values[1:] + values[:-1]) / 2.0
    return np.concatenate([[2.0 * values[0] - middle[0]], middle, [2.0 * values[-1] - middle[-1]]])


def even(values: Floats) -> dict[str, float]:
    """Return the ends of a scale of colours as far below zero as above; of no difference at all, one."""
    most = float(np.nanmax(np.abs(values), initial=0.0)) or 1.0
    return {"vmin": -most, "vmax": most}


Cell = tuple[float, str, bool]  # a value in the unit shown, as it is written, and whether it is clear


def pair_matrix(
    cells: Mapping[tuple[str, str], Cell], names: Mapping[str, str], columns: Sequence[str], label: str, *, signed: bool
) -> Figure:
    """Draw values of pairs as a heat map below the diagonal, those that are clear in bold.

    Args:
        cells: By pair of inputs, in either order.
        names: What each input is called, in the order of the rows.
        columns: What stands below each column, in the same order.
        label: Of the bar of colours.
        signed: Colours on both sides of zero.
    """
    size, place = len(names), {name: at for at, name in enumerate(names)}
    figure, axes = one_panel(0.62 * size + 3.5, 0.44 * size + 2.5)
    values = np.full((size, size), np.nan)
    for pair, (value, words, clear) in cells.items():
        across, down = sorted(place[each] for each in pair)
        values[down, across] = value
        in_cell(axes, across, down, words, color="black" if clear else QUIET, fontweight="bold" if clear else "normal")
    largest = float(np.nanmax(np.abs(values))) if cells else 0.0
    # twice the largest, so that numbers stay readable on every shade
    limit = 2 * largest if signed and largest else max(2 * largest, 1.0)
    shades: Any = {"cmap": CHANGES, "vmin": -limit} if signed else {"cmap": AMOUNTS, "vmin": 0.0}
    image = table_of_colours(axes, values, columns, list(names.values()), vmax=limit, **shades)
    figure.colorbar(image, ax=axes, label=label, shrink=0.8)
    return figure


def sample(label: str, color: str, marker: str = "", **style: Any) -> Line2D:
    """Return what stands in the legend for a line or a mark."""
    return Line2D([], [], color=color, marker=marker, label=label, **style)


def hatched(label: str) -> Patch:
    """Return what stands in the legend for cells that are not clear."""
    return Patch(facecolor="white", edgecolor=QUIET, hatch=HATCH, label=label)
