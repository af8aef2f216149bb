"""The phase diagram: filled from a table, drawn in both languages."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from matplotlib import rc_context
from matplotlib.patches import Rectangle

from experiments.charts.marks import edges
from experiments.charts.style import figure_style, save
from experiments.charts.sweep import phase_figure
from experiments.messages import Language, in_language
from experiments.stats.threshold import Cell, Line, PhaseDiagram, phase_diagram

CELLS: list[Cell] = [
    Cell(staff, speed, sent, 0.1 * (staff - 0.5), 0.1 * (staff - 0.5) - 0.02, 0.1 * (staff - 0.5) + 0.02)
    for staff in (0.0, 0.5, 1.0) for speed in (0.4, 0.9) for sent in (0.0, 0.6)
]  # fmt: skip


def drawn(cells: list[Cell]) -> PhaseDiagram:
    line = Line(np.array([0.3, math.nan, 0.5]), np.array([0.4, 0.6, 0.9]))
    return phase_diagram(cells, outcome="closure_rate", delegated=0.6, pairs=8, lines={0.6: line})


def test_the_order_of_the_table_does_not_matter() -> None:
    one, two = drawn(CELLS), drawn(CELLS[::-1])
    assert np.array_equal(one.mean, two.mean)
    assert one.sent_down.tolist() == [0.0, 0.6]
    assert one.mean[0, 0].tolist() == pytest.approx([-0.05, 0.0, 0.05])
    assert one.lines[0] is None
    assert one.lines[1] is not None


def test_cells_whose_interval_holds_zero_or_is_missing_are_unclear() -> None:
    diagram = drawn([*CELLS[1:], Cell(0.0, 0.4, 0.0, -0.05, None, None)])
    assert diagram.unclear[0].tolist() == [[True, True, False], [False, True, False]]


def test_places_without_runs_are_neither_clear_nor_unclear() -> None:
    diagram = drawn(CELLS[1:])
    assert math.isnan(diagram.mean[0, 0, 0])
    assert not diagram.unclear[0, 0, 0]


def test_two_cells_at_one_place_are_refused() -> None:
    with pytest.raises(ValueError, match="one per place"):
        drawn([*CELLS, CELLS[0]])
    with pytest.raises(ValueError, match="at least one"):
        drawn([])


def test_borders_of_cells_lie_half_way() -> None:
    assert edges(np.array([0.0, 1.0, 3.0])).tolist() == [-0.5, 0.5, 2.0, 4.0]
    assert np.diff(edges(np.array([0.6]))).tolist() == pytest.approx([0.1])


@pytest.mark.parametrize("language", list(Language))
def test_the_figure_hatches_what_is_unclear_and_colours_evenly_about_zero(language: Language, tmp_path: Path) -> None:
    with in_language(language), rc_context(figure_style()):
        figure = phase_figure(drawn(CELLS))
        save(figure, tmp_path, "phase")
    axes = figure.axes[1]
    assert sum(patch.get_hatch() is not None for patch in axes.patches if isinstance(patch, Rectangle)) == 2
    low, high = axes.collections[0].get_clim()
    assert -low == high == pytest.approx(5.0)
    assert len(axes.lines) == 1
    assert (tmp_path / "phase.png").stat().st_size > 10_000


def test_a_diagram_without_any_difference_can_be_drawn(tmp_path: Path) -> None:
    with rc_context(figure_style()):
        save(phase_figure(drawn([cell._replace(mean=0.0, low=0.0, high=0.0) for cell in CELLS])), tmp_path, "flat")
