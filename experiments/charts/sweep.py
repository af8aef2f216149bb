"""A sweep as lines with their bands, one panel an outcome, or as maps, one panel a regime; the phase diagram."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import Normal, Stroke

from experiments.charts import marks
from experiments.charts.style import (
    AMOUNTS,
    GUIDE,
    SMALL,
    colour,
    dashes,
    finished,
    marker,
    new_figure,
    panels,
    series,
    verdicts,
)
from experiments.colours import QUIET
from experiments.design.naming import Names, shown_name
from experiments.formatting import scale, title, unit
from experiments.messages import msg, pairs_text, runs_text
from experiments.stats.curves import Curve
from experiments.stats.threshold import PhaseDiagram
from model import OUTCOMES, Outcome

PANEL_WIDTH, LINES_HEIGHT = 4.3, 2.9
MAP_WIDTH, MAP_HEIGHT = 4.6, 4.4  # inches of a panel

LUCK_WIDTH = 0.9  # of the thin bars of luck


@dataclasses.dataclass(frozen=True)
class Sweep:
    """All curves of a study: along which parameter, by outcome in the order of the regimes.

    `mark` is the value of `x` with which the others are compared, None the first; `titles` are those of the regimes by
    language, in the order of the study; `worlds` are plausible ones, 0 where it is looked at as it is written.
    """

    x: str
    mark: Any
    curves: Mapping[str, Sequence[Curve]]
    names: Names
    titles: Mapping[str, Mapping[str, str]]
    worlds: int = 0

    @property
    def regimes(self) -> list[str]:
        """Labels of the regimes; the first is what the others are compared with."""
        return list(self.titles)

    def regime(self, label: str) -> str:
        """Return what a regime is called."""
        return shown_name(label, self.titles[label])

    def name(self, curve: Curve) -> str:
        """Return what tells a curve from the others: its regime where there are several, its other parameters."""
        words = [self.regime(curve.regime)] if len(self.titles) > 1 else []
        return msg("list_join").join(words + [self.names.value(name, value) for name, value in curve.by.items()])


def lines(sweep: Sweep, part: str) -> Figure:
    """Draw means with their 95 % bands, or typical worlds with the 90 % range of worlds, and luck as thin bars.

    `part` is "level", "change" (paired difference from the marked value) or "difference" (from the first regime).
    """
    figure, grid = panels(len(sweep.curves), PANEL_WIDTH, LINES_HEIGHT, columns=2)
    handles: list[Line2D] = []
    for axes, outcome in zip(grid, sweep.curves, strict=True):
        handles = _lines(axes, sweep, outcome, part)
    handles += _legend(sweep, part)
    mark = "" if sweep.mark is None else sweep.names.value(sweep.x, sweep.mark)
    key = "sweep_change_first" if part == "change" and not mark else f"sweep_{part}"
    words = msg(key, x=sweep.names.of(sweep.x), mark=mark, before=sweep.regime(sweep.regimes[0]))
    return finished(figure, words, handles, note_key=_note(sweep))


def _note(sweep: Sweep) -> str:
    return "worlds_note" if sweep.worlds else "chance_only"


def _legend(sweep: Sweep, part: str) -> list[Line2D]:
    """Return what bands and thin bars are."""
    if not sweep.worlds:
        return [marks.sample(msg("sweep_band", runs=_runs(sweep)), "0.7", linewidth=6)]
    found = [each for curves in sweep.curves.values() for curve in curves for each in curve.doubts[part]]
    luck = any(each.luck_half_width is not None for each in found)
    thin = [marks.sample(msg("worlds_mark_luck"), QUIET, linewidth=LUCK_WIDTH)] if luck else []
    return [marks.sample(msg("sweep_band_worlds", worlds=sweep.worlds), "0.7", linewidth=6), *thin]


def _runs(sweep: Sweep) -> str:
    counts = {runs for curves in sweep.curves.values() for curve in curves for runs in curve.runs if runs}
    if len(counts) == 1:
        return runs_text(counts.pop())
    return msg("runs_range", least=min(counts, default=0), most=max(counts, default=0))


def _lines(axes: Axes, sweep: Sweep, outcome: str, part: str) -> list[Line2D]:
    measured = OUTCOMES[outcome]
    curves = [each for each in sweep.curves[outcome] if part != "difference" or each.regime != sweep.regimes[0]]
    handles = []
    for curve in curves:
        x: Any = curve.x if curve.numeric else range(len(curve.x))
        shade, place = _look(sweep, curve)
        style: Any = {"color": shade, "marker": marker(place), "markersize": 3.5, "label": sweep.name(curve)}
        ends, joined = curve.bounds(part) * scale(measured), dashes(place) if curve.numeric else "none"
        handles.append(marks.line(axes, x, ends, linestyle=joined, **style))
        _luck(axes, x, curve, part, scale(measured))
        if not curve.numeric:
            axes.set_xticks(x, [sweep.names.value(sweep.x, each) for each in curve.x])
    if part != "level":
        marks.zero_line(axes, lying=True)
    if sweep.mark is not None and all(curve.numeric for curve in curves):
        axes.axvline(sweep.mark, **GUIDE)
        where: Any = {"transform": axes.get_xaxis_transform(), "rotation": 90, "va": "top", "ha": "right"}
        axes.text(sweep.mark, 0.98, sweep.names.value(sweep.x, sweep.mark), color=QUIET, fontsize=SMALL, **where)
    across = marks.axis_label(sweep.names.axis(sweep.x), PANEL_WIDTH)
    marks.titled(axes, title(measured), across, unit(measured, difference=part != "level"))
    return handles


def _look(sweep: Sweep, curve: Curve) -> tuple[str, int]:
    """Return the colour of a curve, which is its regime's where there are several, and the place of its mark."""
    regime = sweep.regimes.index(curve.regime)
    alike = [each.by for each in next(iter(sweep.curves.values())) if each.regime == curve.regime]
    place = alike.index(curve.by)
    return (colour(regime), place or regime) if len(sweep.regimes) > 1 else (series(place), place + 1)


def _luck(axes: Axes, x: Any, curve: Curve, part: str, factor: float) -> None:
    """Draw at every place how far other seeds would move the mean over these worlds, where that is known."""
    for at, found in zip(x, curve.doubts.get(part, ()), strict=False):
        if found.luck_half_width is not None and found.median is not None:
            middle, half = found.median * factor, found.luck_half_width * factor
            axes.vlines(at, middle - half, middle + half, color=QUIET, linewidth=LUCK_WIDTH, zorder=3)


def maps(sweep: Sweep, outcome: str) -> Figure:
    """Draw an outcome over both parameters: its level under the first regime, differences from it under the others.

    Cells whose difference is not clear are hatched.
    """
    measured, first = OUTCOMES[outcome], sweep.regimes[0]
    figure, grid = new_figure(MAP_WIDTH * len(sweep.titles), MAP_HEIGHT, columns=len(sweep.titles))
    for axes, regime in zip(grid[0], sweep.regimes, strict=True):
        curves = [curve for curve in sweep.curves[outcome] if curve.regime == regime]
        part = "level" if regime == first else "difference"
        second = list(curves[0].by)[-1]
        figure.colorbar(_map(axes, curves, second, part, measured), ax=axes, shrink=0.85)
        if sweep.mark is not None:
            axes.axvline(sweep.mark, **GUIDE | {"color": "white", "linewidth": 1.2})
        axes.set_xlabel(marks.axis_label(sweep.names.axis(sweep.x), MAP_WIDTH))
        axes.set_ylabel(marks.axis_label(sweep.names.axis(second), MAP_HEIGHT))
        key = f"map_{part}_worlds" if sweep.worlds else f"map_{part}"
        heading = msg(key, regime=sweep.regime(regime), unit=unit(measured, difference=regime != first))
        axes.set_title(heading, fontsize=9)
    hatched = [marks.hatched(msg("map_unclear_worlds" if sweep.worlds else "map_unclear"))]
    return finished(figure, title(measured), hatched if len(sweep.titles) > 1 else [], note_key=_note(sweep))


def _map(axes: Axes, curves: Sequence[Curve], second: str, part: str, measured: Outcome) -> QuadMesh:
    direction, factor = measured.direction, scale(measured)
    x, y = np.array(curves[0].x, np.float64), np.array([curve.by[second] for curve in curves], np.float64)
    mean, low, high = np.array([curve.bounds(part) for curve in curves]).swapaxes(0, 1) * factor
    if part == "level":
        return marks.map_of_colours(axes, x, y, mean, (), cmap=AMOUNTS)
    shades = {"cmap": verdicts(direction), **marks.even(mean)}
    return marks.map_of_colours(axes, x, y, mean, (low <= 0.0) & (high >= 0.0), **shades)


def phase_figure(diagram: PhaseDiagram) -> Figure:
    """Draw one panel for each value of the work sent down; unclear cells are hatched, the threshold is a line.

    Colours are symmetric about zero and the same in all panels.
    """
    outcome, values = OUTCOMES[diagram.outcome], diagram.mean * scale(OUTCOMES[diagram.outcome])
    figure, grid = new_figure(1.6 + 2.9 * len(diagram.sent_down), 4.3, columns=len(diagram.sent_down))
    for place, axes in enumerate(grid[0]):
        shown = _phase(axes, diagram, place, values[place], marks.even(values))
        axes.set_title(msg("phase_panel", sent=100.0 * float(diagram.sent_down[place])), fontsize=9)
        axes.set_xlabel(msg("phase_staff"))
        axes.label_outer()
    grid[0, 0].set_ylabel(msg("phase_speed"))
    # with the half width of a typical interval
    halves = (diagram.high - diagram.low) * scale(outcome) / 2.0
    half = float(np.nanmedian(halves)) if np.isfinite(halves).any() else 0.0
    label = msg("phase_difference", outcome=title(outcome), unit=unit(outcome, difference=True), half=half)
    figure.colorbar(shown, ax=grid[0].tolist(), shrink=0.9, pad=0.01).set_label(label)
    pairs = pairs_text(diagram.pairs)
    words = msg("phase_title", delegated=100.0 * diagram.delegated, outcome=title(outcome), pairs=pairs)
    legend = [marks.sample(msg("phase_line"), "black", linewidth=1.5), marks.hatched(msg("phase_unclear"))]
    return finished(figure, words, legend, columns=2)


def _phase(axes: Axes, diagram: PhaseDiagram, place: int, cells: marks.Floats, ends: dict[str, float]) -> QuadMesh:
    x, y, turns = diagram.staff * 100.0, diagram.speeds, diagram.lines[place]
    style: Any = {
        "cmap": verdicts(OUTCOMES[diagram.outcome].direction),
        "edgecolors": "white",
        "linewidth": 0.4,
        **ends,
    }
    shown = marks.map_of_colours(axes, x, y, cells, diagram.unclear[place], **style)
    for (row, column), value in np.ndenumerate(cells):
        if np.isfinite(value):
            ink, halo = ("white", "0.15") if abs(value) > 0.55 * ends["vmax"] else ("0.15", "white")
            rounded = round(value, 1) + 0.0
            words = f"{rounded:+.0f}" if abs(rounded) >= 10.0 else f"{rounded:+.1f}"
            effects = [Stroke(linewidth=1.2, foreground=halo), Normal()]
            marks.in_cell(axes, x[column], y[row], words, color=ink, path_effects=effects, zorder=4)
    if turns is not None:
        axes.plot(turns.x * 100.0, turns.y, color="black", linewidth=1.5, zorder=3)
    axes.set(xlim=marks.edges(x)[[0, -1]], ylim=marks.edges(y)[[0, -1]], xticks=x, yticks=y)
    return shown
