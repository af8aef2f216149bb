"""Figures of shocks and dated reforms: estimates beside truths, effects by saturation, excess backlog, bias."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from experiments.charts import marks
from experiments.charts.style import CHANGES, GUIDE, clean, colour, dashes, finished, one_panel
from experiments.colours import INK, LIGHTER, PACKAGE, SERIES
from experiments.formatting import measure_title, plus_minus, scale, unit
from experiments.messages import msg, pairs_text, runs_text
from experiments.stats import Interval
from experiments.stats.bias import BiasMap, Truth
from experiments.stats.panel import MEASURES, PERIOD_DAYS
from experiments.stats.recovery import Recovery
from experiments.stats.saturation import ESTIMANDS, Saturation

SHADES = {"estimated": INK, "on_reformed": PACKAGE, "on_others": LIGHTER, "everywhere": SERIES[1]}
"""Of the estimate and of the truths, in every figure."""

EFFECTS = dict(zip(ESTIMANDS, (INK, LIGHTER, PACKAGE, SERIES[1]), strict=True))
"""Of the effects by saturation; those that a truth has too have its colour."""

DASHED, GREY = dashes(2), "0.72"  # a line beside a solid one; of what one observer reports


def _effect(measure: str) -> str:
    return msg("evaluation_effect", unit=unit(MEASURES[measure], difference=True))


def events_beside_truth(truth: Truth) -> Figure:
    """Draw the event study, what one observer reports of it, and the true effects by period; not of several dates."""
    assert truth.periods is not None and truth.one_by_one[0].events is not None
    figure, axes = one_panel(7.4, 4.4)
    factor, periods = scale(MEASURES[truth.measure]), [each.period for each in truth.periods]
    marks.zero_line(axes, lying=True)
    axes.axvline(-0.5, **GUIDE)
    for period, one in truth.one_by_one[0].events.estimates.items():
        if one.low is not None and one.high is not None:
            axes.vlines(period + 0.14, one.low * factor, one.high * factor, color=GREY, linewidth=3.0)
    styles: dict[str, Any] = {
        "on_reformed": {"linestyle": "solid"},
        "on_others": {"linestyle": DASHED},
        "estimated": {"linestyle": "none", "marker": "o"},
    }
    samples = {}
    for name, style in styles.items():
        draw = marks.posts if name == "estimated" else marks.line
        ends = marks.ends_of((getattr(each, name) for each in truth.periods), factor)
        draw(axes, periods, ends, color=SHADES[name], markersize=4, zorder=4, **style)
        samples[name] = marks.sample(msg(f"evaluation_{name}"), SHADES[name], **style)
    axes.set_xticks(periods)
    marks.titled(axes, "", msg("evaluation_period", days=PERIOD_DAYS), _effect(truth.measure))
    observer = marks.sample(msg("evaluation_one_run"), GREY, linewidth=3.0)
    legend = [samples["estimated"], samples["on_reformed"], observer, samples["on_others"]]
    words = msg("evaluation_events_title", measure=measure_title(truth.measure), runs=runs_text(truth.runs))
    return finished(figure, words, legend, columns=2)


MARKS = {"estimated": "o", "on_reformed": "D", "everywhere": "s"}
LINES = {"holds": "0.7", "misses": "0.25"}
"""Of a run in the forest: marks of its values, and shades of an interval that holds the truth or misses it."""


def forest(truth: Truth) -> Figure:
    """Draw each run's difference-in-differences with its clustered interval, and the true effects of the same seed."""
    ones = sorted(truth.one_by_one, key=lambda one: one.estimate.value or 0.0)
    figure, axes = one_panel(7.0, 0.17 * len(ones) + 2.2)
    marks.zero_line(axes)
    factor = scale(MEASURES[truth.measure])
    for height, one in enumerate(ones):
        estimate = one.estimate
        shade = LINES["misses" if estimate.holds(one.on_reformed) is False else "holds"]
        interval = Interval(estimate.value, estimate.low, estimate.high)
        marks.whisker(axes, height, interval, factor, color=shade, linewidth=1.6)
        for (name, mark), value in zip(MARKS.items(), (estimate.value, one.on_reformed, one.everywhere), strict=True):
            if value is not None:
                axes.plot(value * factor, height, mark, color=SHADES[name], markersize=3.5)
    axes.set_yticks([])
    axes.set_ylabel(msg("evaluation_run"))
    axes.set_xlabel(_effect(truth.measure))
    clean(axes, grid="x")
    shown = [name for name in MARKS if name != "everywhere" or any(one.everywhere is not None for one in ones)]
    legend = [marks.sample(msg(f"evaluation_{name}"), SHADES[name], MARKS[name], linestyle="none") for name in shown]
    legend += [marks.sample(msg(f"evaluation_{name}"), shade, linewidth=1.6) for name, shade in LINES.items()]
    return finished(figure, msg("evaluation_forest_title", measure=measure_title(truth.measure)), legend, columns=2)


def saturation_lines(saturation: Saturation) -> Figure:
    """Draw direct, spill-over, total and overall effects by the share of streets reformed."""
    figure, axes = one_panel(7.0, 4.2)
    marks.zero_line(axes, lying=True)
    levels, legend = [100 * at.level for at in saturation.levels], []
    for name, mark in zip(ESTIMANDS, "os^D", strict=True):
        ends = marks.ends_of((getattr(at, name) for at in saturation.levels), scale(MEASURES[saturation.measure]))
        style: Any = {"color": EFFECTS[name], "linestyle": DASHED if name == "direct" else "solid", "marker": mark}
        marks.line(axes, levels, ends, markersize=4, zorder=4, **style)
        legend.append(marks.sample(msg(f"evaluation_{name}"), **style))
    axes.set_xticks([0, *levels])
    marks.titled(axes, "", msg("evaluation_saturation_x"), _effect(saturation.measure))
    return finished(
        figure, msg("evaluation_saturation_title", measure=measure_title(saturation.measure)), legend, columns=2
    )


def excess_backlog(recoveries: Sequence[Recovery], names: Mapping[str, str]) -> Figure:
    """Draw the excess of open cases by day and regime, by their names; the shock shaded, the day of recovery marked."""
    figure, axes = one_panel(7.4, 4.4)
    first = recoveries[0]
    day, until = first.curve.day, min(first.curve.until, first.curve.day + len(first.curve.mean))
    axes.axvspan(day, until, color="0.94", linewidth=0)
    marks.zero_line(axes, lying=True)
    legend: list[Any] = [Patch(facecolor="0.92", label=msg("evaluation_shock"))]
    for place, each in enumerate(recoveries):
        curve, words = each.curve, {"regime": names.get(each.regime, each.regime)}
        days, ends = curve.day + np.arange(len(curve.mean)), (curve.mean, curve.low, curve.high)
        label = msg("evaluation_not_recovered", horizon=each.horizon_days, **words)
        if each.recovery_days is not None:
            label = msg("evaluation_recovers", days=each.recovery_days, **words)
            day = curve.counted_from + each.recovery_days
            axes.plot(day, curve.mean[day - curve.day], "v", color=colour(place), markersize=8, zorder=5)
        legend.append(marks.line(axes, days, ends, color=colour(place), linestyle=dashes(place), label=label))
    marks.titled(axes, "", msg("day"), f"{msg('evaluation_excess')} ({unit(first)})")
    return finished(figure, msg("evaluation_recovery_title", pairs=pairs_text(first.pairs)), legend, columns=2)


def bias_heat(found: BiasMap) -> Figure:
    """Draw bias by load and share of joint cases; numbers in the cells, hatched where it is not clear."""
    figure, axes = one_panel(1.5 * len(found.loads) + 2.6, 0.8 * len(found.joints) + 2.0)
    measure = MEASURES[found.measure]
    cells = [[found.at(load, joint) for load in found.loads] for joint in found.joints]
    means = [[None if cell is None else cell.bias.mean for cell in row] for row in cells]
    values = np.array(means, dtype=np.float64) * scale(measure)
    loads, joints = [f"{load:.2f}" for load in found.loads], [f"{100 * joint:.0f}" for joint in found.joints]
    ends = marks.even(values)
    shown = marks.table_of_colours(axes, values, loads, joints, cmap=CHANGES, origin="lower", **ends)
    for (y, x), value in np.ndenumerate(values):
        cell = cells[y][x]
        if cell is not None:
            if cell.bias.low is not None and not cell.bias.excludes_zero:
                marks.hatch(axes, (x - 0.5, x + 0.5), (y - 0.5, y + 0.5), "0.75")
            words = plus_minus(cell.bias, measure)
            if cell.coverage.mean is not None:
                words = msg("evaluation_map_cell", bias=words, coverage=100 * cell.coverage.mean)
            marks.in_cell(axes, x, y, words, color="white" if abs(value) > ends["vmax"] / 2 else "0.1")
    axes.set_xlabel(msg("evaluation_map_x"))
    axes.set_ylabel(msg("evaluation_map_y"))
    figure.colorbar(shown, ax=axes, shrink=0.9)
    words = msg("evaluation_map_title", measure=measure_title(found.measure), unit=unit(measure, difference=True))
    return finished(figure, words, [marks.hatched(msg("evaluation_map_unclear"))])
