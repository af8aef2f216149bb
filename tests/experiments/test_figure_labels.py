"""Words of a figure stay within it and do not cover one another."""

from __future__ import annotations

import itertools

import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Annotation

from experiments.charts.marks import axis_label, name_points
from experiments.charts.style import LABEL_SIZE, fold, note_below

CLUSTER = {(0.50 + 0.002 * place, 0.50): f"department.discretion {place}" for place in range(12)}


def drawn(width: float = 4.0, height: float = 3.0) -> tuple[Figure, Axes]:
    """Return an empty figure with one panel."""
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    return figure, axes


def names_written(axes: Axes) -> list[Annotation]:
    return [text for text in axes.texts if isinstance(text, Annotation)]


def test_names_of_a_cluster_do_not_cover_one_another() -> None:
    """Twelve points in one spot: the first has its name, and no two names overlap."""
    figure, axes = drawn()
    name_points(axes, CLUSTER)
    figure.draw_without_rendering()
    written = names_written(axes)
    assert written[0].get_text() == "department.discretion 0"
    assert 1 < len(written) < len(CLUSTER), "some had to be left out, not all"
    boxes = [note.get_window_extent() for note in written]
    assert not any(one.overlaps(other) for one, other in itertools.combinations(boxes, 2))


def test_names_stay_within_the_axes() -> None:
    """A point in a corner has its name on the inner side."""
    figure, axes = drawn()
    name_points(axes, {(0.99, 0.99): "street.capacity", (0.01, 0.01): "load"})
    figure.draw_without_rendering()
    frame = axes.get_window_extent()
    assert len(names_written(axes)) == 2
    for note in names_written(axes):
        box = note.get_window_extent()
        assert frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1


@pytest.mark.parametrize("columns", [1, 3, 6])
def test_a_legend_with_long_words_stays_within_the_figure(columns: int) -> None:
    """However many columns are asked for, the legend is no wider than the figure."""
    figure, axes = drawn()
    handles = [axes.plot([0, 1], [0, 1], label=f"delegation of everything to streets {n}")[0] for n in range(6)]
    note_below(figure, handles, columns)
    figure.draw_without_rendering()
    (legend,) = figure.legends
    assert legend.get_window_extent().width <= figure.bbox.width
    assert len(legend.get_texts()) == len(handles)


def test_broken_words_fit_and_lose_nothing() -> None:
    """A long label is broken to the width of its panel, a short one is left alone."""
    words = "share of demands closed within their statutory hours, difference to the reference in percentage points"
    assert " ".join(axis_label(words, 4.0).split("\n")) == words
    figure, axes = drawn()
    axes.set_xlabel(axis_label(words, 4.0), fontsize=LABEL_SIZE)
    figure.draw_without_rendering()
    box = axes.xaxis.label.get_window_extent()
    assert box.x0 >= 0 and box.x1 <= figure.bbox.width
    assert fold("load", 4.0, LABEL_SIZE) == "load"
