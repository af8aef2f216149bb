"""Lines with their bands along the swept parameter, one panel an outcome."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.charts.labels import axis_label
from experiments.charts.style import QUIET, clean, colour, dashes, head, marker, new_figure, note_below
from experiments.design.naming import Names, shown_name
from experiments.formatting import scale, title, unit
from experiments.messages import msg, runs_text
from experiments.studies.sweeping.answer import Curve, Sweep

__all__ = ["Swept", "curve_name", "lines"]

PANEL_WIDTH = 4.3
"""Inches."""


@dataclasses.dataclass(frozen=True)
class Swept:
    """A sweep with the words for it."""

    sweep: Sweep
    names: Names
    titles: Mapping[str, Mapping[str, str]]


def curve_name(curve: Curve, swept: Swept) -> str:
    """Return what tells a curve from the others: its regime where there are several, its other parameters."""
    words = [shown_name(curve.regime, swept.titles[curve.regime])] if len(swept.sweep.regimes) > 1 else []
    words += [swept.names.value(name, value) for name, value in curve.by.items()]
    return msg("list_join").join(words)


def lines(swept: Swept, what: str) -> Figure:
    """Draw means with their 95 % bands.

    Parameters
    ----------
    swept : Swept
    what : str
        "level"; "change", the paired difference from the marked value; "difference", from the first regime.
    """
    sweep = swept.sweep
    columns = min(2, len(sweep.outcomes))
    rows = math.ceil(len(sweep.outcomes) / columns)
    figure, grid = new_figure(PANEL_WIDTH * columns, 2.9 * rows + 0.9, rows=rows, columns=columns)
    for axes in grid.flat[len(sweep.outcomes) :]:
        axes.set_visible(False)
    handles: Sequence[Line2D] = ()
    for axes, outcome in zip(grid.flat, sweep.outcomes, strict=False):
        handles = _panel(axes, swept, outcome, what)
    head(figure, _heading(swept, what))
    note_below(figure, [*handles, Line2D([], [], color="0.7", linewidth=6, label=msg("sweep_band", runs=_runs(sweep)))])
    return figure


def _heading(swept: Swept, what: str) -> str:
    mark = "" if swept.sweep.mark is None else swept.names.value(swept.sweep.x, swept.sweep.mark)
    first = swept.sweep.regimes[0]
    before = shown_name(first, swept.titles[first])
    key = "sweep_change_first" if what == "change" and not mark else f"sweep_{what}"
    return msg(key, x=swept.names.of(swept.sweep.x), mark=mark, before=before)


def _runs(sweep: Sweep) -> str:
    counts = {place.runs for curve in sweep.curves for place in curve.places if place.runs}
    if len(counts) == 1:
        return runs_text(counts.pop())
    return msg("runs_range", least=min(counts, default=0), most=max(counts, default=0))


def _panel(axes: Axes, swept: Swept, outcome: str, what: str) -> list[Line2D]:
    from model import OUTCOMES

    sweep, measured = swept.sweep, OUTCOMES[outcome]
    curves = [curve for curve in sweep.of(outcome) if what != "difference" or curve.regime != sweep.regimes[0]]
    handles = [_line(axes, curve, what, scale(measured), place, swept) for place, curve in enumerate(curves)]
    if what != "level":
        axes.axhline(0, color="0.55", linewidth=0.9)
    if sweep.mark is not None and _numeric(curves):
        axes.axvline(sweep.mark, color=QUIET, linewidth=0.9, linestyle=(0, (4, 2)))
        where: Any = {"transform": axes.get_xaxis_transform(), "rotation": 90, "va": "top", "ha": "right"}
        axes.text(sweep.mark, 0.98, swept.names.value(sweep.x, sweep.mark), color=QUIET, fontsize=7, **where)
    axes.set_title(title(measured), loc="left", fontsize=9.5, fontweight="bold")
    axes.set_ylabel(unit(measured, difference=what != "level"))
    axes.set_xlabel(axis_label(swept.names.axis(sweep.x), PANEL_WIDTH))
    clean(axes)
    return handles


def _numeric(curves: Sequence[Curve]) -> bool:
    return all(isinstance(place.x, int | float) for curve in curves for place in curve.places)


def _line(axes: Axes, curve: Curve, what: str, factor: float, place: int, swept: Swept) -> Line2D:
    mean, low, high = curve.means(what) * factor
    numeric = _numeric([curve])
    x = np.array([each.x for each in curve.places], dtype=np.float64) if numeric else np.arange(len(curve.places))
    style: Any = {"color": colour(place), "linestyle": dashes(place) if numeric else "none"}
    axes.fill_between(x, low, high, color=colour(place), alpha=0.2, linewidth=0)
    if not numeric:
        axes.set_xticks(x, [swept.names.value(swept.sweep.x, each.x) for each in curve.places])
    (line,) = axes.plot(
        x, mean, marker=marker(place), markersize=3.5, linewidth=1.4, label=curve_name(curve, swept), **style
    )
    return line
