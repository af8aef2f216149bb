"""A calibration: before and after, joint, profile, predictive check, recovery."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import NullLocator

from experiments.charts.marks import axis_label, interval_dot, named_rows, sample, titled, value_beside
from experiments.charts.style import GUIDE, SMALL, clean, finished, fold, new_figure, one_panel, panels
from experiments.colours import DARKER, PACKAGE, QUIET, WORSE
from experiments.design.factors import Factor
from experiments.design.naming import Names
from experiments.design.targets import Target
from experiments.formatting import number, unit
from experiments.messages import msg
from experiments.runner.fitting import Fit
from experiments.stats import Interval
from experiments.stats.abc import Floats, Posterior, column, prior_values, resampled
from experiments.stats.fit_checks import Check, Recovered
from experiments.stats.identifiability import Estimate, Profile

BEFORE, AFTER, HELD, MISS = "0.78", PACKAGE, DARKER, WORSE
PANEL, TALL = 3.6, 2.7  # inches of a panel

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


def _over_priors(axes: Axes, *factors: Factor) -> None:
    """Let axes run over the priors of parameters; a logarithmic one has plain numbers at its ends and its middle."""
    for along, factor in zip("xy", factors, strict=False):
        low, high = _ends(factor)
        axes.set(**{f"{along}lim": (low, high)})
        if factor.shape == "loguniform":
            axes.set(**{f"{along}scale": "log"})
            axis, marks = getattr(axes, f"{along}axis"), np.geomspace(low, high, 4)
            axis.set_ticks(marks, labels=[f"{mark:.2g}" for mark in marks])
            axis.set_minor_locator(NullLocator())


def _ends(factor: Factor) -> tuple[float, float]:
    values = [float(each) for each in factor.choices] or [factor.low, factor.high]
    return min(values), max(values)


def parameters(found: Calibration) -> Figure:
    """Draw each parameter's distribution before and after the fit, with median and 95 % interval."""
    figure, grid = panels(len(found.factors), PANEL, TALL)
    for axes, factor, each in zip(grid, found.factors, found.estimates, strict=True):
        if found.posterior is not None:
            _densities(axes, factor, column(factor, found.fit.sets), found.posterior.weights)
        else:
            axes.plot([each.prior_low, each.prior_high], [0.4] * 2, color=BEFORE, linewidth=2.0)
            axes.set_ylim(0.0, 1.0)
        interval = Interval(each.middle, each.low, each.high)
        interval_dot(axes, 1.12 if found.posterior else 0.6, interval, color=AFTER, linewidth=2.0)
        heading = msg("calibrate_panel", ratio=f"{each.ratio:.2f}", verdict=msg(f"calibrate_{each.verdict}"))
        titled(axes, heading, axis_label(found.names.axis(factor.name), PANEL), size=9)
        axes.set_yticks([])
        axes.set_ylabel(msg("calibrate_density") if found.posterior else "", color=QUIET, fontsize=SMALL)
        _over_priors(axes, factor)
        clean(axes, grid="x")
    handles: list[Any] = [sample(msg("calibrate_best_interval"), AFTER, "o"),
                          sample(msg("calibrate_best_before"), BEFORE, linewidth=2.0)]  # fmt: skip
    if found.posterior is not None:
        handles = [Patch(color=BEFORE, label=msg("calibrate_prior_density")),
                   Patch(color=AFTER, alpha=0.45, label=msg("calibrate_posterior_density")),
                   sample(msg("calibrate_95"), AFTER, "o")]  # fmt: skip
    return finished(figure, msg("calibrate_parameters_figure"), handles, note_key=NOTE)


def _densities(axes: Axes, factor: Factor, values: Floats, weights: Floats) -> None:
    """Draw histograms over parts of equal width on the parameter's own scale, as shares of the highest bar."""
    edges = (np.geomspace if factor.shape == "loguniform" else np.linspace)(*_ends(factor), 17)
    prior = prior_values(factor)
    before, after = np.histogram(prior, edges)[0] / prior.size, np.histogram(values, edges, weights=weights)[0]
    top = max(before.max(), after.max())
    axes.stairs(before / top, edges, fill=True, color=BEFORE)
    axes.stairs(after / top, edges, fill=True, color=AFTER, alpha=0.45)
    axes.set_ylim(0.0, 1.22)


def joint(found: Calibration) -> Figure:
    """Draw each two parameters after the fit, with their correlation; for a posterior of two or more."""
    assert found.posterior is not None and found.correlations is not None  # a point has no joint distribution
    last = len(found.factors) - 1
    chosen = resampled(found.posterior.weights, 250, np.random.default_rng([0, 5]))
    columns = [column(factor, found.fit.sets)[chosen] for factor in found.factors]
    called = [found.names.axis(factor.name) for factor in found.factors]
    figure, grid = new_figure(max(8.0, 2.5 * last + 1.0), max(4.4, 2.2 * last + 1.3), last, last)
    for (row, across), axes in np.ndenumerate(grid):
        up = row + 1
        if across >= up:
            axes.set_visible(False)
            continue
        axes.scatter(columns[across], columns[up], s=9, color=AFTER, alpha=0.3, linewidths=0)
        axes.plot(found.estimates[across].middle, found.estimates[up].middle, marker="+", color="0.1", markersize=9)
        titled(axes, f"r = {found.correlations[up, across]:+.2f}", size=SMALL)
        _over_priors(axes, found.factors[across], found.factors[up])
        if up == last:
            axes.set_xlabel(fold(called[across], 2.3, SMALL), fontsize=SMALL)
        if across == 0:
            axes.set_ylabel(fold(called[up], 2.1, SMALL), fontsize=SMALL)
    handles = [sample(msg("calibrate_drawn"), AFTER, "o", linestyle="none", markersize=4),
               sample(msg("calibrate_median_mark"), "0.1", "+", linestyle="none")]  # fmt: skip
    return finished(figure, msg("calibrate_joint_figure"), handles, note_key="calibrate_joint_note")


def profile(found: Calibration) -> Figure:
    """Draw the distance of every set by the value of each parameter, and the least in each part of the prior."""
    figure, grid = panels(len(found.factors), PANEL, TALL)
    distance = found.fit.distance
    top = float(np.quantile(distance[np.isfinite(distance)], 0.9))
    for axes, factor, each in zip(grid, found.factors, found.profiles, strict=True):
        axes.scatter(column(factor, found.fit.sets), distance, s=5, color="0.75", linewidths=0)
        axes.hlines(each.best, each.edges[:-1], each.edges[1:], color=AFTER, linewidth=1.8)
        axes.axhline(1.0, **GUIDE)
        axes.set_ylim(0.0, max(1.3, top))
        titled(axes, "", axis_label(found.names.axis(factor.name), PANEL), msg("calibrate_distance"))
        _over_priors(axes, factor)
    handles = [sample(msg("calibrate_each_set"), "0.75", "o", linestyle="none", markersize=3),
               sample(msg("calibrate_best_in_part"), AFTER, linewidth=1.6),
               sample(msg("calibrate_one_tolerance"), **GUIDE)]  # fmt: skip
    note = "calibrate_profile_note" if found.posterior else "calibrate_profile_note_best"
    return finished(figure, msg("calibrate_profile_figure"), handles, note_key=note)


def predictive(found: Calibration) -> Figure:
    """Draw predicted against observed for every target: in tolerances, and in native units beside."""
    shown = [(target, check) for target, check in found.checked if check.median is not None]
    figure, axes = one_panel(9.0, 0.55 * len(shown) + 2.3)
    for width, shade in ((2.0, "0.95"), (1.0, "0.88")):
        axes.axvspan(-width, width, color=shade, linewidth=0, zorder=0)
    axes.axvline(0.0, color="0.3", linewidth=1.0)
    looks = {False: (AFTER, "o", "fitted"), True: (HELD, "s", "held")}
    for place, (target, check) in enumerate(shown):
        ends = np.array((check.median, check.low, check.high), np.float64)
        median, low, high = ((ends - target.observed) / target.tolerance).tolist()
        shade, mark, _ = looks[found.held_out(target)]
        interval_dot(axes, place, Interval(median, low, high), color=shade, marker=mark, markersize=6, linewidth=2.0)
        words = msg("calibrate_native", predicted=predicted_text(target, check),
                    observed=target_text(target.observed, target, with_unit=True))  # fmt: skip
        value_beside(axes, place, words.replace("; ", "\n").replace("；", "\n"))
    named_rows(axes, [fold(target.shown, 3.2, 9.0) for target, _ in shown])
    axes.set_xlabel(msg("calibrate_in_tolerances"))
    handles = [
        *(sample(msg(f"calibrate_{key}"), shade, mark)
          for held, (shade, mark, key) in looks.items() if not held or any(found.held_out(each) for each, _ in shown)),
        sample(msg("calibrate_observed_line"), "0.3", linewidth=1.0),
        Patch(color="0.88", label=msg("calibrate_granted")),
    ]  # fmt: skip
    words = msg("calibrate_predictive_figure", draws=max(check.draws for _, check in shown))
    return finished(figure, words, handles, note_key=NOTE)


def recovery(found: Calibration) -> Figure:
    """Draw recovered against true values of each parameter, with their 95 % intervals."""
    figure, grid = panels(len(found.recovered), PANEL, 3.3)
    for axes, factor, each in zip(grid, found.factors, found.recovered, strict=True):
        inside = (each.low <= each.true) & (each.true <= each.high)
        for holds, shade, shape in ((inside, AFTER, "o"), (~inside, MISS, "D")):
            axes.vlines(each.true[holds], each.low[holds], each.high[holds], color=shade, alpha=0.3, linewidth=1.0)
            axes.plot(each.true[holds], each.median[holds], shape, color=shade, markersize=3.5, linestyle="none")
        axes.plot(_ends(factor), _ends(factor), **GUIDE)
        correlation = msg("undefined") if each.correlation is None else f"{each.correlation:.2f}"
        heading = msg("calibrate_recovery_panel", correlation=correlation, error=f"{each.error:.2f}",
                      coverage=f"{each.coverage.mean:.0%}")  # fmt: skip
        across = axis_label(msg("calibrate_true", name=found.names.axis(factor.name)), PANEL)
        titled(axes, fold(heading, PANEL - 0.3, 8.5), across, msg("calibrate_found"), size=SMALL)
        _over_priors(axes, factor, factor)
    handles = [
        sample(msg("calibrate_recovered"), AFTER, "o"),
        sample(msg("calibrate_outside"), MISS, "D"),
        sample(msg("calibrate_same"), QUIET, linestyle=GUIDE["linestyle"]),
    ]
    words = msg("calibrate_recovery_figure", truths=len(found.recovered[0].true))
    return finished(figure, words, handles, note_key=NOTE)
