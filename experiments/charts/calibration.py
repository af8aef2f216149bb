"""A calibration: before and after, joint, profile, predictive check, recovery."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import NullLocator

from experiments.charts.labels import axis_label, fold
from experiments.charts.style import COLOURS, QUIET, clean, head, new_figure, note_below, panels
from experiments.design.factors import Factor
from experiments.design.naming import Names
from experiments.design.targets import Target
from experiments.formatting import number, unit
from experiments.messages import msg
from experiments.runner.fitting import Fit
from experiments.stats.abc import Floats, Posterior, column, generator, prior_values, resampled
from experiments.stats.fit_checks import Check, Recovered
from experiments.stats.identifiability import Estimate, Profile

BEFORE, AFTER, HELD, MISS = "0.78", COLOURS[0], COLOURS[2], COLOURS[1]
PANEL, TALL = 3.6, 2.7
"""Inches of a panel."""

BARS, DOTS = 16, 250
"""Bars of a density; sets drawn for a joint figure."""

DASHED: Any = {"color": QUIET, "linewidth": 0.9, "linestyle": (0, (4, 2))}
NOTE = "calibrate_note"


@dataclasses.dataclass(frozen=True)
class Calibration:
    """All that a calibration says; estimates, profiles and recovery are in the order of the fit's factors.

    Attributes:
        posterior, correlations (Posterior, array (factors, factors) or None): None for a point estimate.
        checks: By target, those fitted first.
    """

    fit: Fit
    names: Names
    posterior: Posterior | None
    estimates: Sequence[Estimate]
    correlations: Floats | None
    profiles: Sequence[Profile]
    checks: Sequence[Check]
    recovered: Sequence[Recovered]

    @property
    def factors(self) -> tuple[Factor, ...]:
        """The free parameters."""
        return self.fit.factors

    @property
    def checked(self) -> list[tuple[Target, Check]]:
        """Every target with its check."""
        return list(zip(self.fit.options.all_targets, self.checks, strict=True))

    def held_out(self, target: Target) -> bool:
        """Tell whether a target was not fitted."""
        return target in self.fit.options.held_out


def target_text(value: float | None, target: Target, *, with_unit: bool = False) -> str:
    """Return a value of a target in its unit, with the unit itself if it is asked for; a pure number has none."""
    shown = number(value, target, 1 if target.unit == "share" else 2)
    return f"{shown} {unit(target)}" if with_unit and target.unit != "1" else shown


def predicted_text(target: Target, check: Check) -> str:
    """Return what is predicted for a target: median (low … high)."""
    low, high = (target_text(end, target) for end in (check.low, check.high))
    return f"{target_text(check.median, target)} ({low} … {high})"


def _parameter_axis(axes: Axes, factor: Factor, along: str = "x") -> None:
    """Let an axis run over a parameter's prior; a logarithmic one has plain numbers at its ends and its middle."""
    low, high = _ends(factor)
    axes.set(**{f"{along}lim": (low, high)})
    if factor.shape == "loguniform":
        axis = axes.xaxis if along == "x" else axes.yaxis
        axes.set(**{f"{along}scale": "log"})
        marks = np.geomspace(low, high, 4)
        axis.set_ticks(marks, labels=[f"{mark:.2g}" for mark in marks])
        axis.set_minor_locator(NullLocator())


def _ends(factor: Factor) -> tuple[float, float]:
    values = [float(each) for each in factor.choices] or [factor.low, factor.high]
    return min(values), max(values)


def _mark(colour: str, shape: str, label: str, **more: Any) -> Line2D:
    return Line2D([], [], color=colour, marker=shape, label=msg(f"calibrate_{label}"), **more)


def parameters(found: Calibration) -> Figure:
    """Draw each parameter's distribution before and after the fit, with median and 95 % interval."""
    figure, grid = panels(len(found.factors), PANEL, TALL)
    for axes, factor, estimate in zip(grid, found.factors, found.estimates, strict=True):
        if found.posterior is not None:
            _densities(axes, factor, column(factor, found.fit.sets), found.posterior.weights)
        _interval(axes, estimate, found.posterior is not None)
        heading = msg("calibrate_panel", ratio=f"{estimate.ratio:.2f}", verdict=msg(f"calibrate_{estimate.verdict}"))
        axes.set_title(heading, loc="left", fontsize=9, fontweight="bold")
        axes.set_yticks([])
        axes.set_ylabel(msg("calibrate_density") if found.posterior else "", color=QUIET, fontsize=8)
        axes.set_xlabel(axis_label(found.names.axis(factor.name), PANEL))
        _parameter_axis(axes, factor)
        clean(axes, grid="x")
    head(figure, msg("calibrate_parameters_figure"))
    if found.posterior is None:
        handles: list[Any] = [_mark(AFTER, "o", "best_interval"), _mark(BEFORE, "", "best_before", linewidth=2.0)]
    else:
        handles = [Patch(color=BEFORE, label=msg("calibrate_prior_density")),
                   Patch(color=AFTER, alpha=0.45, label=msg("calibrate_posterior_density")),
                   _mark(AFTER, "o", "95")]  # fmt: skip
    note_below(figure, handles, note_key=NOTE)
    return figure


def _densities(axes: Axes, factor: Factor, values: Floats, weights: Floats) -> None:
    """Draw histograms over parts of equal width on the parameter's own scale, as shares of the highest bar."""
    edges = (np.geomspace if factor.shape == "loguniform" else np.linspace)(*_ends(factor), BARS + 1)
    prior = prior_values(factor)
    before, after = np.histogram(prior, edges)[0] / prior.size, np.histogram(values, edges, weights=weights)[0]
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


def joint(found: Calibration) -> Figure:
    """Draw each two parameters after the fit, with their correlation; for a posterior of two or more."""
    assert found.posterior is not None  # a point has no joint distribution
    last = len(found.factors) - 1
    chosen = resampled(found.posterior.weights, DOTS, generator(0, 5))
    columns = [column(factor, found.fit.sets)[chosen] for factor in found.factors]
    figure, grid = new_figure(max(8.0, 2.5 * last + 1.0), max(4.4, 2.2 * last + 1.3), last, last)
    for (row, across), axes in np.ndenumerate(grid):
        up = row + 1
        if across >= up:
            axes.set_visible(False)
            continue
        axes.scatter(columns[across], columns[up], s=9, color=AFTER, alpha=0.3, linewidths=0)
        _correlated(axes, found, across, up)
        if up == last:
            axes.set_xlabel(fold(found.names.axis(found.factors[across].name), 2.3, 8.0), fontsize=8)
        if across == 0:
            axes.set_ylabel(fold(found.names.axis(found.factors[up].name), 2.1, 8.0), fontsize=8)
    head(figure, msg("calibrate_joint_figure"))
    handles = [_mark(AFTER, "o", "drawn", linestyle="none", markersize=4),
               _mark("0.1", "+", "median_mark", linestyle="none")]  # fmt: skip
    note_below(figure, handles, note_key="calibrate_joint_note")
    return figure


def _correlated(axes: Axes, found: Calibration, across: int, up: int) -> None:
    assert found.correlations is not None  # a posterior has them
    axes.plot(found.estimates[across].middle, found.estimates[up].middle, marker="+", color="0.1", markersize=9)
    _parameter_axis(axes, found.factors[across])
    _parameter_axis(axes, found.factors[up], "y")
    axes.set_title(f"r = {found.correlations[up, across]:+.2f}", loc="left", fontsize=8.5)
    clean(axes)


def profile(found: Calibration) -> Figure:
    """Draw the distance of every set by the value of each parameter, and the least in each part of the prior."""
    figure, grid = panels(len(found.factors), PANEL, TALL)
    distance = found.fit.distance
    top = float(np.quantile(distance[np.isfinite(distance)], 0.9))
    for axes, factor, each in zip(grid, found.factors, found.profiles, strict=True):
        axes.scatter(column(factor, found.fit.sets), distance, s=5, color="0.75", linewidths=0)
        for low, high, best in zip(each.edges[:-1], each.edges[1:], each.best, strict=True):
            axes.plot([low, high], [best] * 2, color=AFTER, linewidth=1.8)
        axes.axhline(1.0, **DASHED)
        axes.set_ylim(0.0, max(1.3, top))
        axes.set_ylabel(msg("calibrate_distance"))
        axes.set_xlabel(axis_label(found.names.axis(factor.name), PANEL))
        _parameter_axis(axes, factor)
        clean(axes)
    head(figure, msg("calibrate_profile_figure"))
    handles = [_mark("0.75", "o", "each_set", linestyle="none", markersize=3),
               Line2D([], [], color=AFTER, linewidth=1.6, label=msg("calibrate_best_in_part")),
               Line2D([], [], label=msg("calibrate_one_tolerance"), **DASHED)]  # fmt: skip
    note_below(figure, handles, note_key="calibrate_profile_note" if found.posterior else "calibrate_profile_note_best")
    return figure


def predictive(found: Calibration) -> Figure:
    """Draw predicted against observed for every target: in tolerances, and in native units beside."""
    shown = [(target, check) for target, check in found.checked if check.median is not None]
    figure, grid = new_figure(9.0, 0.55 * len(shown) + 2.3)
    axes = grid[0, 0]
    for width, shade in ((2.0, "0.95"), (1.0, "0.88")):
        axes.axvspan(-width, width, color=shade, linewidth=0, zorder=0)
    axes.axvline(0.0, color="0.3", linewidth=1.0)
    for place, (target, check) in enumerate(shown):
        _predicted(axes, place, target, check, held_out=found.held_out(target))
    axes.set_yticks(range(len(shown)), [fold(target.shown, 3.2, 9.0) for target, _ in shown])
    axes.set_ylim(len(shown) - 0.5, -0.5)
    axes.set_xlabel(msg("calibrate_in_tolerances"))
    axes.tick_params(axis="y", length=0)
    clean(axes, grid="x")
    head(figure, msg("calibrate_predictive_figure", draws=max(check.draws for _, check in shown)))
    note_below(figure, list(_predictive_legend(any(found.held_out(target) for target, _ in shown))), note_key=NOTE)
    return figure


def _predicted(axes: Axes, place: int, target: Target, check: Check, *, held_out: bool) -> None:
    assert check.median is not None and check.low is not None and check.high is not None  # the caller looked
    ends = (check.low, check.median, check.high)
    low, median, high = ((each - target.observed) / target.tolerance for each in ends)
    shade = HELD if held_out else AFTER
    axes.plot([low, high], [place] * 2, color=shade, linewidth=2.0)
    axes.plot(median, place, marker="s" if held_out else "o", color=shade, markersize=6)
    text = msg("calibrate_native", predicted=predicted_text(target, check),
               observed=target_text(target.observed, target, with_unit=True))  # fmt: skip
    where: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "va": "center", "fontsize": 7.5, "color": "0.25"}
    axes.text(1.02, place, text.replace("; ", "\n").replace("；", "\n"), **where)


def _predictive_legend(held_out: bool) -> Iterator[Any]:
    yield _mark(AFTER, "o", "fitted")
    if held_out:
        yield _mark(HELD, "s", "held")
    yield Line2D([], [], color="0.3", linewidth=1.0, label=msg("calibrate_observed_line"))
    yield Patch(color="0.88", label=msg("calibrate_granted"))


def recovery(found: Calibration) -> Figure:
    """Draw recovered against true values of each parameter, with their 95 % intervals."""
    figure, grid = panels(len(found.recovered), PANEL, 3.3)
    for axes, factor, each in zip(grid, found.factors, found.recovered, strict=True):
        inside = (each.low <= each.true) & (each.true <= each.high)
        for holds, shade, shape in ((inside, AFTER, "o"), (~inside, MISS, "D")):
            axes.vlines(each.true[holds], each.low[holds], each.high[holds], color=shade, alpha=0.3, linewidth=1.0)
            axes.plot(each.true[holds], each.median[holds], shape, color=shade, markersize=3.5, linestyle="none")
        axes.plot(_ends(factor), _ends(factor), **DASHED)
        _parameter_axis(axes, factor)
        _parameter_axis(axes, factor, "y")
        axes.set_xlabel(axis_label(msg("calibrate_true", name=found.names.axis(factor.name)), PANEL))
        axes.set_ylabel(msg("calibrate_found"))
        correlation = msg("undefined") if each.correlation is None else f"{each.correlation:.2f}"
        heading = msg("calibrate_recovery_panel", correlation=correlation, error=f"{each.error:.2f}",
                      coverage=f"{each.coverage.mean:.0%}")  # fmt: skip
        axes.set_title(fold(heading, PANEL - 0.3, 8.5), loc="left", fontsize=8)
        clean(axes)
    head(figure, msg("calibrate_recovery_figure", truths=len(found.recovered[0].true)))
    same = Line2D([], [], color=QUIET, linestyle=(0, (4, 2)), label=msg("calibrate_same"))
    note_below(figure, [_mark(AFTER, "o", "recovered"), _mark(MISS, "D", "outside"), same], note_key=NOTE)
    return figure
