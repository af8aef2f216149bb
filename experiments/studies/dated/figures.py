"""Figures of shocks and dated reforms: estimates beside truths, effects by saturation, excess backlog, bias."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import TwoSlopeNorm
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from experiments.charts.style import COLOURS, QUIET, clean, colour, dashes, head, new_figure, note_below
from experiments.formatting import plus_minus, scale, unit
from experiments.messages import msg, pairs_text, runs_text
from experiments.stats import Interval
from experiments.studies.dated.bias import BiasCell, BiasMap
from experiments.studies.dated.measures import measured, name_of
from experiments.studies.dated.one_truth import OneTruth
from experiments.studies.dated.recovery import Recovery
from experiments.studies.dated.saturation import ESTIMANDS, Saturation
from experiments.studies.dated.told import CASES
from experiments.studies.dated.truth import Truth

__all__ = ["bias_heat", "events_beside_truth", "excess_backlog", "forest", "saturation_lines"]

SHADES = {"estimated": COLOURS[6], "on_reformed": COLOURS[0], "on_others": COLOURS[1], "everywhere": COLOURS[2]}
"""Of the estimate and of the truths, in every figure of this room."""

EFFECTS = dict(zip(ESTIMANDS, (COLOURS[6], COLOURS[1], COLOURS[0], COLOURS[2]), strict=True))
"""Of the effects by saturation; those that a truth has too have its colour."""

ROW = 0.17
"""Height of a run in inches."""


def events_beside_truth(truth: Truth, period_days: int) -> Figure:
    """Draw the event study, what one observer reports of it, and the true effects by period.

    Parameters
    ----------
    truth : Truth
        With `by_period`.
    period_days : int
        Length of a period.
    """
    assert truth.by_period is not None
    figure, grid = new_figure(7.4, 4.4)
    axes, factor, periods = grid[0, 0], scale(measured(truth.measure)), truth.by_period.relative
    axes.axhline(0, color="0.55", linewidth=0.9)
    axes.axvline(-0.5, color=QUIET, linewidth=0.9, linestyle=(0, (4, 2)))
    _one_observer(axes, truth.one_by_one[0], factor)
    for place, (name, values) in enumerate(
        (("on_reformed", truth.by_period.reformed), ("on_others", truth.by_period.others))
    ):
        _line(axes, periods, values, factor, SHADES[name], dashes(7 * place), None)
    _line(axes, periods, truth.by_period.estimated, factor, SHADES["estimated"], "none", "o")
    axes.set_xticks(periods)
    axes.set_xlabel(msg("dated_period", days=period_days))
    axes.set_ylabel(_effect(truth.measure))
    clean(axes)
    head(figure, msg("dated_events_title", measure=name_of(truth.measure), runs=runs_text(truth.runs)))
    note_below(figure, _event_legend(), columns=2)
    return figure


def _one_observer(axes: Axes, one: OneTruth, factor: float) -> None:
    """Draw the clustered intervals of one run beside the points."""
    assert one.events is not None
    for lead in one.events.leads:
        if lead.estimate.low is not None and lead.estimate.high is not None:
            bounds = [lead.estimate.low * factor, lead.estimate.high * factor]
            axes.plot([lead.period + 0.14] * 2, bounds, color="0.72", linewidth=3.0, solid_capstyle="butt")


def _event_legend() -> list[Line2D]:
    return [
        Line2D([], [], color=SHADES["estimated"], marker="o", linestyle="none", label=msg("dated_estimated")),
        Line2D([], [], color=SHADES["on_reformed"], label=msg("dated_on_reformed")),
        Line2D([], [], color="0.72", linewidth=3.0, label=msg("dated_one_run")),
        Line2D([], [], color=SHADES["on_others"], linestyle=dashes(7), label=msg("dated_on_others")),
    ]


def _line(
    axes: Axes, x: Sequence[float], values: Sequence[Interval], factor: float, shade: str, style: Any,
    mark: str | None,
) -> None:  # fmt: skip
    """Draw means with a band, or with bars where they are only marked; gaps where undefined."""
    mean, low, high = (
        np.array([np.nan if (value := getattr(each, name)) is None else value * factor for each in values])
        for name in ("mean", "low", "high")
    )
    if style == "none":
        axes.vlines(x, low, high, color=shade, linewidth=1.3, zorder=4)
    else:
        axes.fill_between(x, low, high, color=shade, alpha=0.2, linewidth=0)
    axes.plot(x, mean, color=shade, linestyle=style, marker=mark, markersize=4, linewidth=1.5, zorder=4)


def forest(truth: Truth) -> Figure:
    """Draw each run's difference-in-differences with its clustered interval, and the true effects of the same luck."""
    ones = sorted(truth.one_by_one, key=lambda one: one.estimate.estimate.value or 0.0)
    figure, grid = new_figure(7.0, ROW * len(ones) + 2.2)
    axes, factor = grid[0, 0], scale(measured(truth.measure))
    axes.axvline(0, color="0.55", linewidth=0.9)
    for height, one in enumerate(ones):
        _forest_row(axes, height, one, factor)
    axes.set_yticks([])
    axes.set_ylabel(msg("dated_run"))
    axes.set_xlabel(_effect(truth.measure))
    clean(axes, grid="x")
    head(figure, msg("dated_forest_title", measure=name_of(truth.measure)))
    note_below(figure, _forest_legend(any(one.everywhere is not None for one in ones)), columns=2)
    return figure


def _forest_row(axes: Axes, height: float, one: OneTruth, factor: float) -> None:
    estimate = one.estimate.estimate
    missed = estimate.holds(one.on_reformed) is False
    if estimate.low is not None and estimate.high is not None:
        bounds = [estimate.low * factor, estimate.high * factor]
        axes.plot(bounds, [height] * 2, color="0.25" if missed else "0.7", linewidth=1.6)
    if estimate.value is not None:
        axes.plot(estimate.value * factor, height, "o", color=SHADES["estimated"], markersize=3.5)
    axes.plot(one.on_reformed * factor, height, "D", color=SHADES["on_reformed"], markersize=3.5)
    if one.everywhere is not None:
        axes.plot(one.everywhere * factor, height, "s", color=SHADES["everywhere"], markersize=3.5)


def _forest_legend(everywhere: bool) -> list[Line2D]:
    def mark(name: str, shape: str) -> Line2D:
        return Line2D([], [], color=SHADES[name], marker=shape, linestyle="none", label=msg(f"dated_{name}"))

    lines = [Line2D([], [], color=shade, linewidth=1.6, label=msg(f"dated_{name}"))
             for name, shade in (("holds", "0.7"), ("misses", "0.25"))]  # fmt: skip
    marks = [mark("estimated", "o"), mark("on_reformed", "D")]
    return [*marks, *([mark("everywhere", "s")] if everywhere else []), *lines]


def saturation_lines(saturation: Saturation) -> Figure:
    """Draw direct, spill-over, total and overall effects by the share of streets reformed."""
    figure, grid = new_figure(7.0, 4.2)
    axes, factor = grid[0, 0], scale(measured(saturation.measure))
    axes.axhline(0, color="0.55", linewidth=0.9)
    levels = [100 * at.level for at in saturation.levels]
    for place, name in enumerate(ESTIMANDS):
        values = [getattr(at, name) for at in saturation.levels]
        _line(axes, levels, values, factor, EFFECTS[name], dashes(0 if place else 7), "os^D"[place])
    axes.set_xticks([0, *levels])
    axes.set_xlabel(msg("dated_saturation_x"))
    axes.set_ylabel(_effect(saturation.measure))
    clean(axes)
    head(figure, msg("dated_saturation_title", measure=name_of(saturation.measure)))
    handles = [
        Line2D([], [], color=EFFECTS[name], marker="os^D"[place], linestyle=dashes(0 if place else 7),
               label=msg(f"dated_{name}"))
        for place, name in enumerate(ESTIMANDS)
    ]  # fmt: skip
    note_below(figure, handles, columns=2)
    return figure


def excess_backlog(recoveries: Sequence[Recovery], names: Mapping[str, str]) -> Figure:
    """Draw the excess of open cases by day and regime, the shock shaded, the day of recovery marked.

    Parameters
    ----------
    recoveries : sequence of Recovery
    names : mapping
        What labels of regimes are called.
    """
    figure, grid = new_figure(7.4, 4.4)
    axes, first = grid[0, 0], recoveries[0]
    until = min(first.until, first.day + len(first.excess))
    axes.axvspan(first.day, until, color="0.94", linewidth=0)
    axes.axhline(0, color="0.55", linewidth=0.9)
    handles: list[Any] = [Patch(facecolor="0.92", label=msg("dated_shock"))]
    for place, each in enumerate(recoveries):
        handles.append(_excess(axes, each, place, names.get(each.label, each.label)))
    axes.set_xlabel(msg("day"))
    axes.set_ylabel(f"{msg('dated_excess')} ({unit(CASES)})")
    clean(axes)
    head(figure, msg("dated_recovery_title", pairs=pairs_text(first.pairs)))
    note_below(figure, handles, columns=2)
    return figure


def _excess(axes: Axes, each: Recovery, place: int, name: str) -> Line2D:
    days = each.day + np.arange(len(each.excess))
    axes.fill_between(days, each.low, each.high, color=colour(place), alpha=0.2, linewidth=0)
    found = each.recovered.days
    if found is None:
        label = msg("dated_not_recovered", regime=name, horizon=each.horizon)
    else:
        label = msg("dated_recovers", regime=name, days=found)
        day = each.counted_from + found
        axes.plot(day, each.excess[day - each.day], "v", color=colour(place), markersize=8, zorder=5)
    (line,) = axes.plot(days, each.excess, color=colour(place), linestyle=dashes(place), linewidth=1.5, label=label)
    return line


def bias_heat(found: BiasMap) -> Figure:
    """Draw bias by load and share of joint cases; numbers in the cells, hatched where it is not clear."""
    figure, grid = new_figure(1.5 * len(found.loads) + 2.6, 0.8 * len(found.joints) + 2.0)
    axes, factor = grid[0, 0], scale(measured(found.measure))
    cells = [[found.at(load, joint) for load in found.loads] for joint in found.joints]
    values = np.array([[_bias(cell) * factor for cell in row] for row in cells])
    most = float(np.nanmax(np.abs(values))) or 1.0
    shown = axes.imshow(values, cmap="PuOr", norm=TwoSlopeNorm(0.0, -most, most), origin="lower", aspect="auto")
    for y, row in enumerate(cells):
        for x, cell in enumerate(row):
            if cell is not None:
                _cell_words(axes, x, y, cell, found.measure, abs(values[y, x]) > most / 2)
    axes.set_xticks(range(len(found.loads)), [f"{load:.2f}" for load in found.loads])
    axes.set_yticks(range(len(found.joints)), [f"{100 * joint:.0f}" for joint in found.joints])
    axes.set_xlabel(msg("dated_map_x"))
    axes.set_ylabel(msg("dated_map_y"))
    figure.colorbar(shown, ax=axes, shrink=0.9)
    kind = unit(measured(found.measure), difference=True)
    head(figure, msg("dated_map_title", measure=name_of(found.measure), unit=kind))
    unclear = Patch(facecolor="white", edgecolor=QUIET, hatch="////", label=msg("dated_map_unclear"))
    note_below(figure, [unclear])
    return figure


def _bias(cell: BiasCell | None) -> float:
    return np.nan if cell is None or cell.bias.mean is None else cell.bias.mean


def _cell_words(axes: Axes, x: int, y: int, cell: BiasCell, measure: str, dark: bool) -> None:
    low, high = cell.bias.low, cell.bias.high
    if low is not None and high is not None and low <= 0.0 <= high:
        axes.add_patch(_hatched(x, y))
    words = plus_minus(cell.bias, measured(measure))
    if cell.coverage.mean is not None:
        words = msg("dated_map_cell", bias=words, coverage=100 * cell.coverage.mean)
    axes.text(x, y, words, ha="center", va="center", fontsize=8, color="white" if dark else "0.1")


def _hatched(x: int, y: int) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((x - 0.5, y - 0.5), 1.0, 1.0, fill=False, hatch="///", edgecolor="0.75", linewidth=0)


def _effect(measure: str) -> str:
    return msg("dated_effect", unit=unit(measured(measure), difference=True))
