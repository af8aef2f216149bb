"""Figures of a calibration: before and after, joint, profile, predictive check, recovery."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from experiments.charts.labels import axis_label, fold
from experiments.charts.style import COLOURS, QUIET, clean, head, new_figure, note_below
from experiments.design.factors import Factor
from experiments.design.naming import Names
from experiments.messages import msg
from experiments.studies.calibrating.answer import Calibration
from experiments.studies.calibrating.identified import Estimate, Profile
from experiments.studies.calibrating.predicted import Check
from experiments.studies.calibrating.prior import column, generator, prior_values
from experiments.studies.calibrating.recovered import Recovered
from experiments.studies.calibrating.told import observed_text, with_unit
from experiments.studies.calibrating.weighing import resampled

__all__ = ["joint", "parameters", "predictive", "profile", "recovery"]

BEFORE, AFTER, HELD, MISS = "0.78", COLOURS[0], COLOURS[2], COLOURS[1]
PANEL, TALL = 3.6, 2.7
"""Inches of a panel."""

BARS = 16
DOTS = 250
"""Sets drawn for a joint figure."""

NOTE = "calibrate_note"


def _grid(count: int, tall: float = TALL) -> tuple[Figure, list[Axes]]:
    columns = 2 if count in (2, 4) else min(3, count)
    rows = -(-count // columns)
    figure, grid = new_figure(max(8.0, PANEL * columns), tall * rows + 1.1, rows=rows, columns=columns)
    for axes in grid.flat[count:]:
        axes.set_visible(False)
    return figure, list(grid.flat[:count])


def _parameter_axis(axes: Axes, factor: Factor, names: Names) -> None:
    axes.set_xlabel(axis_label(names.axis(factor.name), PANEL))
    axes.set_xlim(*_ends(factor))
    if factor.shape == "loguniform":
        _log_axis(axes.xaxis, axes.set_xscale, factor)


def _log_axis(axis: Any, rescale: Any, factor: Factor) -> None:
    """Make an axis logarithmic, with plain numbers at its ends and its middle."""
    rescale("log")
    low, high = _ends(factor)
    marks = np.geomspace(low, high, 4)
    axis.set_ticks(marks, [f"{mark:.2g}" for mark in marks])
    axis.set_minor_locator(_none())


def _none() -> Any:
    from matplotlib.ticker import NullLocator

    return NullLocator()


def _ends(factor: Factor) -> tuple[float, float]:
    values = [float(each) for each in factor.choices] or [factor.low, factor.high]
    return min(values), max(values)


def _named(words: str) -> str:
    return fold(words, PANEL - 0.5, 9.0)


def parameters(found: Calibration, names: Names) -> Figure:
    """Draw each parameter's distribution before and after the fit, with median and 95 % interval."""
    figure, panels = _grid(len(found.factors))
    for axes, factor, estimate in zip(panels, found.factors, found.estimates, strict=True):
        if found.posterior is not None:
            _densities(axes, factor, column(factor, found.search.sets), found.posterior.weights)
        _interval(axes, estimate, found.posterior is not None)
        heading = msg("calibrate_panel", ratio=f"{estimate.ratio:.2f}", verdict=msg(f"calibrate_{estimate.verdict}"))
        axes.set_title(heading, loc="left", fontsize=9, fontweight="bold")
        axes.set_yticks([])
        axes.set_ylabel(msg("calibrate_density") if found.posterior else "", color=QUIET, fontsize=8)
        _parameter_axis(axes, factor, names)
        clean(axes, grid="x")
    head(figure, msg("calibrate_parameters_figure"))
    note_below(figure, _parameter_legend(found.posterior is not None), note_key=NOTE)
    return figure


def _densities(axes: Axes, factor: Factor, values: NDArray[np.float64], weights: NDArray[np.float64]) -> None:
    """Draw histograms over parts of equal width on the parameter's own scale, as shares of the highest bar."""
    low, high = _ends(factor)
    edges = np.geomspace(low, high, BARS + 1) if factor.shape == "loguniform" else np.linspace(low, high, BARS + 1)
    before = np.histogram(prior_values(factor), edges)[0] / prior_values(factor).size
    after = np.histogram(values, edges, weights=weights)[0]
    top = max(before.max(), after.max())
    axes.stairs(before / top, edges, fill=True, color=BEFORE)
    axes.stairs(after / top, edges, fill=True, color=AFTER, alpha=0.45)
    axes.set_ylim(0.0, 1.22)


def _interval(axes: Axes, estimate: Estimate, sampled: bool) -> None:
    height = 1.12 if sampled else 0.6
    axes.plot([estimate.low, estimate.high], [height] * 2, color=AFTER, linewidth=2.0)
    axes.plot(estimate.middle, height, marker="o", color=AFTER, markersize=5)
    if not sampled:
        axes.plot([estimate.prior_low, estimate.prior_high], [0.4] * 2, color=BEFORE, linewidth=2.0)
        axes.set_ylim(0.0, 1.0)


def _parameter_legend(sampled: bool) -> list[Any]:
    if not sampled:
        return [Line2D([], [], color=AFTER, marker="o", label=msg("calibrate_best_interval")),
                Line2D([], [], color=BEFORE, linewidth=2.0, label=msg("calibrate_best_before"))]  # fmt: skip
    return [
        Patch(color=BEFORE, label=msg("calibrate_prior_density")),
        Patch(color=AFTER, alpha=0.45, label=msg("calibrate_posterior_density")),
        Line2D([], [], color=AFTER, marker="o", label=msg("calibrate_95")),
    ]


def joint(found: Calibration, names: Names) -> Figure:
    """Draw each two parameters after the fit, with their correlation.

    Raises
    ------
    ValueError
        For a point estimate, which has no joint distribution.
    """
    if found.posterior is None or found.correlations is None:
        raise ValueError("joint: expected a posterior, got a point estimate")
    size = len(found.factors)
    chosen = resampled(found.posterior.weights, DOTS, generator(0, 5))
    columns = [column(factor, found.search.sets)[chosen] for factor in found.factors]
    figure, grid = new_figure(max(8.0, 2.5 * (size - 1) + 1.0), max(4.4, 2.2 * (size - 1) + 1.3), size - 1, size - 1)
    for row in range(1, size):
        for place in range(size - 1):
            axes = grid[row - 1, place]
            if place >= row:
                axes.set_visible(False)
                continue
            _cloud(axes, found, columns, place, row)
            _outer_names(axes, found, names, place, row)
    head(figure, msg("calibrate_joint_figure"))
    dot = Line2D([], [], color=AFTER, marker="o", linestyle="none", markersize=4, label=msg("calibrate_drawn"))
    cross = Line2D([], [], color="0.1", marker="+", linestyle="none", label=msg("calibrate_median_mark"))
    note_below(figure, [dot, cross], note_key="calibrate_joint_note")
    return figure


def _cloud(axes: Axes, found: Calibration, columns: list[NDArray[np.float64]], across: int, up: int) -> None:
    assert found.correlations is not None  # the caller looked
    axes.scatter(columns[across], columns[up], s=9, color=AFTER, alpha=0.3, linewidths=0)
    axes.plot(found.estimates[across].middle, found.estimates[up].middle, marker="+", color="0.1", markersize=9)
    axes.set_xlim(*_ends(found.factors[across]))
    axes.set_ylim(*_ends(found.factors[up]))
    for axis, rescale, place in ((axes.xaxis, axes.set_xscale, across), (axes.yaxis, axes.set_yscale, up)):
        if found.factors[place].shape == "loguniform":
            _log_axis(axis, rescale, found.factors[place])
    axes.set_title(f"r = {found.correlations[up, across]:+.2f}", loc="left", fontsize=8.5)
    clean(axes)


def _outer_names(axes: Axes, found: Calibration, names: Names, across: int, up: int) -> None:
    size = len(found.factors)
    if up == size - 1:
        axes.set_xlabel(fold(names.axis(found.factors[across].name), 2.3, 8.0), fontsize=8)
    if across == 0:
        axes.set_ylabel(fold(names.axis(found.factors[up].name), 2.1, 8.0), fontsize=8)


def profile(found: Calibration, names: Names) -> Figure:
    """Draw the distance of every set by the value of each parameter, and the least in each part of the prior."""
    figure, panels = _grid(len(found.factors))
    far = found.search.far
    top = float(np.quantile(far[np.isfinite(far)], 0.9))
    for axes, factor, each in zip(panels, found.factors, found.profiles, strict=True):
        axes.scatter(column(factor, found.search.sets), far, s=5, color="0.75", linewidths=0)
        _staircase(axes, each)
        axes.axhline(1.0, color=QUIET, linewidth=0.9, linestyle=(0, (4, 2)))
        axes.set_ylim(0.0, max(1.3, top))
        axes.set_ylabel(msg("calibrate_distance"))
        _parameter_axis(axes, factor, names)
        clean(axes)
    head(figure, msg("calibrate_profile_figure"))
    dot = Line2D([], [], color="0.75", marker="o", linestyle="none", markersize=3, label=msg("calibrate_each_set"))
    line = Line2D([], [], color=AFTER, linewidth=1.6, label=msg("calibrate_best_in_part"))
    one = Line2D([], [], color=QUIET, linewidth=0.9, linestyle=(0, (4, 2)), label=msg("calibrate_one_tolerance"))
    note_below(
        figure,
        [dot, line, one],
        note_key="calibrate_profile_note" if found.posterior else "calibrate_profile_note_best",
    )
    return figure


def _staircase(axes: Axes, each: Profile) -> None:
    for low, high, best in zip(each.edges[:-1], each.edges[1:], each.best, strict=True):
        axes.plot([low, high], [best] * 2, color=AFTER, linewidth=1.8)


def predictive(found: Calibration, names: Names) -> Figure:
    """Draw predicted against observed for every target: in tolerances, and in native units beside."""
    shown = [check for check in found.checks if check.median is not None]
    figure, grid = new_figure(9.0, 0.55 * len(shown) + 2.3)
    axes = grid[0, 0]
    for width, shade in ((2.0, "0.95"), (1.0, "0.88")):
        axes.axvspan(-width, width, color=shade, linewidth=0, zorder=0)
    axes.axvline(0.0, color="0.3", linewidth=1.0)
    for place, check in enumerate(shown):
        _predicted(axes, check, place)
    axes.set_yticks(range(len(shown)), [fold(check.aim.shown, 3.2, 9.0) for check in shown])
    axes.set_ylim(len(shown) - 0.5, -0.5)
    axes.set_xlabel(msg("calibrate_in_tolerances"))
    axes.tick_params(axis="y", length=0)
    clean(axes, grid="x")
    draws = max(len(check.draws) + check.undefined for check in shown)
    head(figure, msg("calibrate_predictive_figure", draws=draws))
    note_below(figure, _predictive_legend(shown), note_key=NOTE)
    return figure


def _predicted(axes: Axes, check: Check, place: int) -> None:
    aim = check.aim
    assert check.median is not None and check.low is not None and check.high is not None  # the caller looked
    low, median, high = ((each - aim.value) / aim.tolerance for each in (check.low, check.median, check.high))
    shade = HELD if aim.held_out else AFTER
    axes.plot([low, high], [place] * 2, color=shade, linewidth=2.0)
    axes.plot(median, place, marker="s" if aim.held_out else "o", color=shade, markersize=6)
    told = msg("calibrate_native", predicted=_range(check), observed=with_unit(aim.value, aim))
    where: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "va": "center", "fontsize": 7.5, "color": "0.25"}
    axes.text(1.02, place, told.replace("; ", "\n").replace("；", "\n"), **where)


def _range(check: Check) -> str:
    ends = " … ".join(observed_text(each, check.aim) for each in (check.low, check.high))
    return f"{observed_text(check.median, check.aim)} ({ends})"


def _predictive_legend(shown: list[Check]) -> list[Any]:
    handles: list[Any] = [Line2D([], [], color=AFTER, marker="o", label=msg("calibrate_fitted"))]
    if any(check.aim.held_out for check in shown):
        handles.append(Line2D([], [], color=HELD, marker="s", label=msg("calibrate_held")))
    observed = Line2D([], [], color="0.3", linewidth=1.0, label=msg("calibrate_observed_line"))
    return [*handles, observed, Patch(color="0.88", label=msg("calibrate_granted"))]


def recovery(found: Calibration, names: Names) -> Figure:
    """Draw recovered against true values of each parameter, with their 95 % intervals."""
    figure, panels = _grid(len(found.recovered), tall=3.3)
    for axes, factor, each in zip(panels, found.factors, found.recovered, strict=True):
        _against(axes, factor, each)
        axes.set_xlabel(axis_label(msg("calibrate_true", name=names.axis(factor.name)), PANEL))
        axes.set_ylabel(msg("calibrate_found"))
        axes.set_title(fold(_panel_title(each), PANEL - 0.3, 8.5), loc="left", fontsize=8)
        clean(axes)
    head(figure, msg("calibrate_recovery_figure", truths=len(found.recovered[0].true)))
    dot = Line2D([], [], color=AFTER, marker="o", label=msg("calibrate_recovered"))
    miss = Line2D([], [], color=MISS, marker="D", label=msg("calibrate_outside"))
    line = Line2D([], [], color=QUIET, linestyle=(0, (4, 2)), label=msg("calibrate_same"))
    note_below(figure, [dot, miss, line], note_key=NOTE)
    return figure


def _against(axes: Axes, factor: Factor, each: Recovered) -> None:
    inside = (each.low <= each.true) & (each.true <= each.high)
    for holds, shade, shape in ((inside, AFTER, "o"), (~inside, MISS, "D")):
        axes.vlines(each.true[holds], each.low[holds], each.high[holds], color=shade, alpha=0.3, linewidth=1.0)
        axes.plot(each.true[holds], each.median[holds], shape, color=shade, markersize=3.5, linestyle="none")
    ends = _ends(factor)
    axes.plot(ends, ends, color=QUIET, linewidth=0.9, linestyle=(0, (4, 2)))
    axes.set_xlim(*ends)
    axes.set_ylim(*ends)
    if factor.shape == "loguniform":
        _log_axis(axes.xaxis, axes.set_xscale, factor)
        _log_axis(axes.yaxis, axes.set_yscale, factor)


def _panel_title(each: Recovered) -> str:
    correlation = msg("undefined") if each.correlation is None else f"{each.correlation:.2f}"
    return msg("calibrate_recovery_panel", correlation=correlation, error=f"{each.error:.2f}",
                coverage=f"{each.coverage.mean:.0%}")  # fmt: skip
