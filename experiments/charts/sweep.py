"""A sweep as lines with their bands, one panel an outcome, or as maps, one panel a regime."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize, TwoSlopeNorm
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from experiments.charts.labels import axis_label
from experiments.charts.style import QUIET, clean, colour, dashes, head, marker, new_figure, note_below, panels
from experiments.design.naming import Names, shown_name
from experiments.formatting import scale, title, unit
from experiments.messages import msg, runs_text
from experiments.stats.curves import Curve
from model import OUTCOMES

PANEL_WIDTH, LINES_HEIGHT = 4.3, 2.9
MAP_WIDTH, MAP_HEIGHT = 4.6, 4.4
"""Inches of a panel."""

LEVELS, DIFFERENCES = "viridis", "RdBu"
"""Colours that every eye tells apart: one scale for levels, one with a middle for differences."""

MARK: Any = {"linestyle": (0, (4, 2))}


@dataclasses.dataclass(frozen=True)
class Sweep:
    """All curves of a study: along which parameter, by outcome in the order of the regimes.

    `mark` is the value of `x` with which the others are compared, None the first; `titles` are those of the regimes by
    language, in the order of the study.
    """

    x: str
    mark: Any
    curves: Mapping[str, Sequence[Curve]]
    names: Names
    titles: Mapping[str, Mapping[str, str]]

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
    """Draw means with their 95 % bands.

    Args:
        part: "level"; "change", the paired difference from the marked value; "difference", from the first regime.
    """
    figure, grid = panels(len(sweep.curves), PANEL_WIDTH, LINES_HEIGHT, columns=2)
    handles: Sequence[Line2D] = ()
    for axes, outcome in zip(grid, sweep.curves, strict=True):
        handles = _lines(axes, sweep, outcome, part)
    head(figure, _heading(sweep, part))
    band = Line2D([], [], color="0.7", linewidth=6, label=msg("sweep_band", runs=_runs(sweep)))
    note_below(figure, [*handles, band])
    return figure


def _heading(sweep: Sweep, part: str) -> str:
    mark = "" if sweep.mark is None else sweep.names.value(sweep.x, sweep.mark)
    key = "sweep_change_first" if part == "change" and not mark else f"sweep_{part}"
    return msg(key, x=sweep.names.of(sweep.x), mark=mark, before=sweep.regime(sweep.regimes[0]))


def _runs(sweep: Sweep) -> str:
    counts = {runs for curves in sweep.curves.values() for curve in curves for runs in curve.runs if runs}
    if len(counts) == 1:
        return runs_text(counts.pop())
    return msg("runs_range", least=min(counts, default=0), most=max(counts, default=0))


def _lines(axes: Axes, sweep: Sweep, outcome: str, part: str) -> list[Line2D]:
    measured = OUTCOMES[outcome]
    curves = [each for each in sweep.curves[outcome] if part != "difference" or each.regime != sweep.regimes[0]]
    handles = [_line(axes, sweep, curve, curve.bounds(part) * scale(measured), place)
               for place, curve in enumerate(curves)]  # fmt: skip
    if part != "level":
        axes.axhline(0, color="0.55", linewidth=0.9)
    if sweep.mark is not None and all(curve.numeric for curve in curves):
        axes.axvline(sweep.mark, color=QUIET, linewidth=0.9, **MARK)
        where: Any = {"transform": axes.get_xaxis_transform(), "rotation": 90, "va": "top", "ha": "right"}
        axes.text(sweep.mark, 0.98, sweep.names.value(sweep.x, sweep.mark), color=QUIET, fontsize=7, **where)
    axes.set_title(title(measured), loc="left", fontsize=9.5, fontweight="bold")
    axes.set_ylabel(unit(measured, difference=part != "level"))
    axes.set_xlabel(axis_label(sweep.names.axis(sweep.x), PANEL_WIDTH))
    clean(axes)
    return handles


def _line(axes: Axes, sweep: Sweep, curve: Curve, bounds: Any, place: int) -> Line2D:
    mean, low, high = bounds
    x = np.array(curve.x, dtype=np.float64) if curve.numeric else np.arange(len(curve.x))
    style: Any = {"color": colour(place), "marker": marker(place), "label": sweep.name(curve)}
    axes.fill_between(x, low, high, color=colour(place), alpha=0.2, linewidth=0)
    if not curve.numeric:
        axes.set_xticks(x, [sweep.names.value(sweep.x, each) for each in curve.x])
    dashed = dashes(place) if curve.numeric else "none"
    (line,) = axes.plot(x, mean, linestyle=dashed, markersize=3.5, linewidth=1.4, **style)
    return line


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
        shown = _map(axes, curves, second, part, scale(measured))
        figure.colorbar(shown, ax=axes, shrink=0.85)
        if sweep.mark is not None:
            axes.axvline(sweep.mark, color="white", linewidth=1.2, **MARK)
        axes.set_xlabel(axis_label(sweep.names.axis(sweep.x), MAP_WIDTH))
        axes.set_ylabel(axis_label(sweep.names.axis(second), MAP_HEIGHT))
        heading = msg(f"map_{part}", regime=sweep.regime(regime), unit=unit(measured, difference=regime != first))
        axes.set_title(heading, loc="left", fontsize=9)
    head(figure, title(measured))
    unclear = Patch(facecolor="white", edgecolor=QUIET, hatch="////", label=msg("map_unclear"))
    note_below(figure, [unclear] if len(sweep.titles) > 1 else [])
    return figure


def _map(axes: Axes, curves: Sequence[Curve], second: str, part: str, factor: float) -> Any:
    x = np.array(curves[0].x, dtype=np.float64)
    y = np.array([curve.by[second] for curve in curves], dtype=np.float64)
    mean, low, high = np.array([curve.bounds(part) for curve in curves]).swapaxes(0, 1) * factor
    if part == "level":
        norm: Normalize = Normalize(float(np.nanmin(mean)), float(np.nanmax(mean)))
        return axes.pcolormesh(x, y, mean, cmap=LEVELS, norm=norm)
    most = float(np.nanmax(np.abs(mean))) or 1.0
    shown = axes.pcolormesh(x, y, mean, cmap=DIFFERENCES, norm=TwoSlopeNorm(0.0, -most, most))
    unclear = np.ma.masked_where(~((low <= 0.0) & (high >= 0.0)), np.ones(mean.shape))
    hatched: Any = {"hatch": "////", "cmap": "Greys", "alpha": 0.0, "edgecolor": QUIET}
    axes.pcolor(x, y, unclear, **hatched)
    return shown
