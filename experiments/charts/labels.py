"""Words of a figure: broken lines, names beside points that do not cover one another, and what it shows in words."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from experiments.messages import Language, current_language, msg

EM_WIDTH = {Language.EN: 0.62, Language.ZH: 1.05}
"""Widths of a bold letter in sizes of its font; a Chinese character is a square and may end a line anywhere."""

POINTS_PER_INCH = 72.0

LABEL_SIZE = 9.0
"""Of the words along an axis, in points."""

BESIDE_AXES = 0.9
"""Inches of a panel that its axes do not have: ticks, their values and the other axis' words."""

NEAR, FAR = 5.0, 17.0
"""Distances of a name from its point, in points; the far one gets a line."""

GAP, POINT = 1.0, 3.0
"""Pixels that names keep between them, and that a point takes on every side."""


def fold(words: str, inches: float, size: float) -> str:
    """Break words into lines that fit a width, at a size of the font in points."""
    return textwrap.fill(words, max(8, int(inches * POINTS_PER_INCH / (size * EM_WIDTH[current_language()]))))


def axis_label(words: str, inches: float) -> str:
    """Break the words of an axis so that they fit a panel of this width or height."""
    return fold(words, inches - BESIDE_AXES, LABEL_SIZE)


def name_points(axes: Axes, names: Mapping[tuple[float, float], str], size: float = 7.0) -> None:
    """Write names beside points, the first ones first; one that would cover another, or leave the axes, is left out.

    To be called when everything else is drawn, for it settles the layout of the figure.

    Args:
        names (mapping of (float, float) to str): By place of the point, in data coordinates; the most important first.
        size: Of the font, in points.
    """
    figure = axes.get_figure()
    assert isinstance(figure, Figure)
    figure.draw_without_rendering()
    taken = [Bbox([at, at]).padded(POINT) for at in axes.transData.transform(list(names))] if names else []
    for place, (point, words) in enumerate(names.items()):
        others = taken[:place] + taken[place + 1 :]
        box = _written(axes, point, words, size, others)
        if box is not None:
            taken.append(box)


def _written(axes: Axes, point: tuple[float, float], words: str, size: float, taken: list[Bbox]) -> Bbox | None:
    """Write the words at the first free spot around a point and return the space they take."""
    for away in (NEAR, FAR):
        line: dict[str, Any] = {"arrowstyle": "-", "color": "0.6", "linewidth": 0.5} if away == FAR else {}
        for across, up in ((1, 0.8), (1, -0.8), (-1, 0.8), (-1, -0.8), (0, 1), (0, -1)):
            note = axes.annotate(
                words, point, (across * away, up * away), textcoords="offset points", fontsize=size, color="0.25",
                ha={1: "left", 0: "center", -1: "right"}[across], va="bottom" if up > 0 else "top",
                arrowprops=line or None,
            )  # fmt: skip
            note.set_in_layout(False)
            box = Bbox(note.get_window_extent().get_points()).padded(GAP)
            within = axes.bbox.contains(*box.min) and axes.bbox.contains(*box.max)
            if within and not any(box.overlaps(other) for other in taken):
                return box
            note.remove()
    return None


def alt_of(figure: Figure) -> str:
    """Return title and panels, then what stands along the axes; each once, without breaks of lines."""
    titles = [axes.get_title(side) for axes in figure.axes for side in ("left", "center", "right")]
    across = [label for axes in figure.axes for label in (axes.get_xlabel(), axes.get_ylabel())]
    words, axes = (
        msg("headline_join").join(dict.fromkeys(" ".join(each.split()) for each in found if each.strip()))
        for found in ([figure.get_suptitle(), *titles], across)
    )
    return msg("report_alt", words=words, axes=axes) if axes else msg("report_alt_plain", words=words)
