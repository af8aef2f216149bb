"""Figures of shocks and dated reforms: estimates beside truths, effects by saturation, excess backlog, bias."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import TwoSlopeNorm
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from experiments.charts.style import COLOURS, QUIET, clean, colour, dashes, head, new_figure, note_below
from experiments.formatting import measure_title, plus_minus, scale, unit
from experiments.messages import msg, pairs_text, runs_text
from experiments.stats import Interval
from experiments.stats.bias import BiasCell, BiasMap, OneTruth, Truth
from experiments.stats.panel import MEASURES, PERIOD_DAYS
from experiments.stats.recovery import Recovery
from experiments.stats.saturation import ESTIMANDS, Saturation

SHADES = {"estimated": COLOURS[6], "on_reformed": COLOURS[0], "on_others": COLOURS[1], "everywhere": COLOURS[2]}
"""Of the estimate and of the truths, in every figure."""

EFFECTS = dict(zip(ESTIMANDS, (COLOURS[6], COLOURS[1], COLOURS[0], COLOURS[2]), strict=True))
"""Of the effects by saturation; those that a truth has too have its colour."""

ROW = 0.17
"""Height of a run in inches."""

DASHED = dashes(len(COLOURS))
GREY = "0.72"
"""Of what one observer reports."""


def _axes_of_effects(measure: str, width: float, height: float) -> tuple[Figure, Axes, float]:
    """Return a figure, its axes with a line at zero, and the factor by which effects are shown."""
    figure, grid = new_figure(width, height)
    grid[0, 0].axhline(0, color="0.55", linewidth=0.9)
    grid[0, 0].set_ylabel(msg("dated_effect", unit=unit(MEASURES[measure], difference=True)))
    return figure, grid[0, 0], scale(MEASURES[measure])


def _line(axes: Axes, x: Sequence[float], values: Sequence[Interval], factor: float, **style: Any) -> None:
    """Draw means with a band, or with bars where they are only marked; gaps where undefined."""
    mean, low, high = (
        np.array([np.nan if (value := getattr(each, name)) is None else value * factor for each in values])
        for name in ("mean", "low", "high")
    )
    if style["linestyle"] == "none":
        axes.vlines(x, low, high, color=style["color"], linewidth=1.3, zorder=4)
    else:
        axes.fill_between(x, low, high, color=style["color"], alpha=0.2, linewidth=0)
    axes.plot(x, mean, markersize=4, linewidth=1.5, zorder=4, **style)


def events_beside_truth(truth: Truth) -> Figure:
    """Draw the event study, what one observer reports of it, and the true effects by period; not of several dates."""
    assert truth.periods is not None
    figure, axes, factor = _axes_of_effects(truth.measure, 7.4, 4.4)
    axes.axvline(-0.5, color=QUIET, linewidth=0.9, linestyle=(0, (4, 2)))
    _one_observer(axes, truth.one_by_one[0], factor)
    periods = [each.period for each in truth.periods]
    styles: dict[str, dict[str, Any]] = {
        "on_reformed": {"linestyle": "solid"},
        "on_others": {"linestyle": DASHED},
        "estimated": {"linestyle": "none", "marker": "o"},
    }
    for name, style in styles.items():
        _line(axes, periods, [getattr(each, name) for each in truth.periods], factor, color=SHADES[name], **style)
    axes.set_xticks(periods)
    axes.set_xlabel(msg("dated_period", days=PERIOD_DAYS))
    clean(axes)
    head(figure, msg("dated_events_title", measure=measure_title(truth.measure), runs=runs_text(truth.runs)))
    lines = {name: Line2D([], [], color=SHADES[name], label=msg(f"dated_{name}"), **styles[name]) for name in styles}
    observer = Line2D([], [], color=GREY, linewidth=3.0, label=msg("dated_one_run"))
    note_below(figure, [lines["estimated"], lines["on_reformed"], observer, lines["on_others"]], columns=2)
    return figure


def _one_observer(axes: Axes, one: OneTruth, factor: float) -> None:
    """Draw the clustered intervals of one run beside the points."""
    assert one.events is not None
    for period, estimate in one.events.estimates.items():
        if estimate.low is not None and estimate.high is not None:
            bounds = [estimate.low * factor, estimate.high * factor]
            axes.plot([period + 0.14] * 2, bounds, color=GREY, linewidth=3.0, solid_capstyle="butt")


def forest(truth: Truth) -> Figure:
    """Draw each run's difference-in-differences with its clustered interval, and the true effects of the same seed."""
    ones = sorted(truth.one_by_one, key=lambda one: one.estimate.value or 0.0)
    figure, grid = new_figure(7.0, ROW * len(ones) + 2.2)
    axes, factor = grid[0, 0], scale(MEASURES[truth.measure])
    axes.axvline(0, color="0.55", linewidth=0.9)
    for height, one in enumerate(ones):
        _forest_row(axes, height, one, factor)
    axes.set_yticks([])
    axes.set_ylabel(msg("dated_run"))
    axes.set_xlabel(msg("dated_effect", unit=unit(MEASURES[truth.measure], difference=True)))
    clean(axes, grid="x")
    head(figure, msg("dated_forest_title", measure=measure_title(truth.measure)))
    shown = [name for name in MARKS if name != "everywhere" or any(one.everywhere is not None for one in ones)]
    marks = [
        Line2D([], [], color=SHADES[name], marker=MARKS[name], linestyle="none", label=msg(f"dated_{name}"))
        for name in shown
    ]
    lines = [Line2D([], [], color=shade, linewidth=1.6, label=msg(f"dated_{name}")) for name, shade in LINES.items()]
    note_below(figure, [*marks, *lines], columns=2)
    return figure


MARKS = {"estimated": "o", "on_reformed": "D", "everywhere": "s"}
LINES = {"holds": "0.7", "misses": "0.25"}
"""Of a run in the forest: marks of its values, and shades of an interval that holds the truth or misses it."""


def _forest_row(axes: Axes, height: float, one: OneTruth, factor: float) -> None:
    estimate = one.estimate
    if estimate.low is not None and estimate.high is not None:
        bounds = [estimate.low * factor, estimate.high * factor]
        shade = LINES["misses" if estimate.holds(one.on_reformed) is False else "holds"]
        axes.plot(bounds, [height] * 2, color=shade, linewidth=1.6)
    values = (estimate.value, one.on_reformed, one.everywhere)
    for (name, mark), value in zip(MARKS.items(), values, strict=True):
        if value is not None:
            axes.plot(value * factor, height, mark, color=SHADES[name], markersize=3.5)


def saturation_lines(saturation: Saturation) -> Figure:
    """Draw direct, spill-over, total and overall effects by the share of streets reformed."""
    figure, axes, factor = _axes_of_effects(saturation.measure, 7.0, 4.2)
    levels, handles = [100 * at.level for at in saturation.levels], []
    for name, mark in zip(ESTIMANDS, "os^D", strict=True):
        line = DASHED if name == "direct" else "solid"
        style: dict[str, Any] = {"color": EFFECTS[name], "linestyle": line, "marker": mark}
        _line(axes, levels, [getattr(at, name) for at in saturation.levels], factor, **style)
        handles.append(Line2D([], [], label=msg(f"dated_{name}"), **style))
    axes.set_xticks([0, *levels])
    axes.set_xlabel(msg("dated_saturation_x"))
    clean(axes)
    head(figure, msg("dated_saturation_title", measure=measure_title(saturation.measure)))
    note_below(figure, handles, columns=2)
    return figure


def excess_backlog(recoveries: Sequence[Recovery], names: Mapping[str, str]) -> Figure:
    """Draw the excess of open cases by day and regime, the shock shaded, the day of recovery marked.

    `names` say what labels of regimes are called.
    """
    figure, grid = new_figure(7.4, 4.4)
    axes, first = grid[0, 0], recoveries[0]
    day, until = first.curve.day, min(first.curve.until, first.curve.day + len(first.curve.mean))
    axes.axvspan(day, until, color="0.94", linewidth=0)
    axes.axhline(0, color="0.55", linewidth=0.9)
    lines = [_excess(axes, each, place, names.get(each.regime, each.regime)) for place, each in enumerate(recoveries)]
    axes.set_xlabel(msg("day"))
    axes.set_ylabel(f"{msg('dated_excess')} ({unit(first)})")
    clean(axes)
    head(figure, msg("dated_recovery_title", pairs=pairs_text(first.pairs)))
    note_below(figure, [Patch(facecolor="0.92", label=msg("dated_shock")), *lines], columns=2)
    return figure


def _excess(axes: Axes, each: Recovery, place: int, name: str) -> Line2D:
    curve = each.curve
    days = curve.day + np.arange(len(curve.mean))
    axes.fill_between(days, curve.low, curve.high, color=colour(place), alpha=0.2, linewidth=0)
    if each.recovery_days is None:
        label = msg("dated_not_recovered", regime=name, horizon=each.horizon_days)
    else:
        label = msg("dated_recovers", regime=name, days=each.recovery_days)
        day = curve.counted_from + each.recovery_days
        axes.plot(day, curve.mean[day - curve.day], "v", color=colour(place), markersize=8, zorder=5)
    (line,) = axes.plot(days, curve.mean, color=colour(place), linestyle=dashes(place), linewidth=1.5, label=label)
    return line


def bias_heat(found: BiasMap) -> Figure:
    """Draw bias by load and share of joint cases; numbers in the cells, hatched where it is not clear."""
    figure, grid = new_figure(1.5 * len(found.loads) + 2.6, 0.8 * len(found.joints) + 2.0)
    axes, measure = grid[0, 0], MEASURES[found.measure]
    cells = [[found.at(load, joint) for load in found.loads] for joint in found.joints]
    values = np.array([[_bias(cell) * scale(measure) for cell in row] for row in cells])
    most = float(np.nanmax(np.abs(values))) or 1.0
    shown = axes.imshow(values, cmap="PuOr", norm=TwoSlopeNorm(0.0, -most, most), origin="lower", aspect="auto")
    for (y, x), value in np.ndenumerate(values):
        cell = cells[y][x]
        if cell is not None:
            _write(axes, x, y, cell, found.measure, "white" if abs(value) > most / 2 else "0.1")
    axes.set_xticks(range(len(found.loads)), [f"{load:.2f}" for load in found.loads])
    axes.set_yticks(range(len(found.joints)), [f"{100 * joint:.0f}" for joint in found.joints])
    axes.set_xlabel(msg("dated_map_x"))
    axes.set_ylabel(msg("dated_map_y"))
    figure.colorbar(shown, ax=axes, shrink=0.9)
    words = {"measure": measure_title(found.measure), "unit": unit(measure, difference=True)}
    head(figure, msg("dated_map_title", **words))
    note_below(figure, [Patch(facecolor="white", edgecolor=QUIET, hatch="////", label=msg("dated_map_unclear"))])
    return figure


def _bias(cell: BiasCell | None) -> float:
    return np.nan if cell is None or cell.bias.mean is None else cell.bias.mean


def _write(axes: Axes, x: int, y: int, cell: BiasCell, measure: str, ink: str) -> None:
    """Write bias and coverage into a cell, and hatch it where the bias may be zero."""
    if cell.bias.low is not None and not cell.bias.excludes_zero:
        corner = (x - 0.5, y - 0.5)
        axes.add_patch(Rectangle(corner, 1.0, 1.0, fill=False, hatch="///", edgecolor="0.75", linewidth=0))
    words = plus_minus(cell.bias, MEASURES[measure])
    if cell.coverage.mean is not None:
        words = msg("dated_map_cell", bias=words, coverage=100 * cell.coverage.mean)
    axes.text(x, y, words, ha="center", va="center", fontsize=8, color=ink)
