"""Charts of indices: of a sensitivity analysis (dummy and luck beside, Morris's plane) and of an attribution."""

from collections.abc import Sequence
from typing import Any, Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from experiments.charts import marks
from experiments.charts.style import GUIDE, dashes, finished, marker, one_panel, series
from experiments.colours import BEFORE, PACKAGE, QUIET
from experiments.design.naming import Names
from experiments.formatting import (
    PURE_NUMBER,
    SHARE,
    Measured,
    level_text,
    mean_text,
    number,
    plus_minus,
    scale,
    title,
    unit,
)
from experiments.messages import msg
from experiments.stats import Interval
from experiments.stats.attribution import Attribution, Contribution, Side
from experiments.stats.indices import Analysis
from model import OUTCOMES


def bars(analysis: Analysis, names: Names) -> Figure:
    """Draw the indices of all parameters with their intervals, above bands of what is noise."""
    measured, shown = _measured(analysis), analysis.all_ranked
    figure, axes = one_panel(8.0, 0.36 * len(shown) + 1.7)
    handles = _bands(axes, analysis, scale(measured))
    parts = ("total", "first") if analysis.method == "sobol" else ("leading",)
    for place, part in enumerate(parts):
        style: Any = {"height": 0.72 / len(parts), "color": series(place), "alpha": 0.75}
        for at, index in enumerate(shown):
            marks.bar(axes, at + 0.19 * (2 * place - len(parts) + 1), getattr(index, part), scale(measured), **style)
    marks.named_rows(axes, [names.of(index.parameter) for index in shown])
    marks.zero_line(axes)
    across = "sensitivity_share_axis" if analysis.method == "sobol" else "sensitivity_distance"
    axes.set_xlabel(msg(across, unit=unit(measured, difference=True)), color=QUIET)
    if len(parts) > 1:
        handles[:0] = [Patch(color=series(at), label=msg(f"sensitivity_{part}")) for at, part in enumerate(parts)]
    return _analysed(figure, "bars", analysis, handles)


def _analysed(figure: Figure, key: str, analysis: Analysis, handles: Sequence[Any], columns: int = 4) -> Figure:
    words = msg(f"sensitivity_{key}", title=title(OUTCOMES[analysis.outcome]))
    return finished(figure, words, handles, columns, "sensitivity_note")


def _measured(analysis: Analysis) -> Measured:
    """Return what the leading index is a quantity of."""
    own: dict[str, Measured] = {"sobol": SHARE, "morris": OUTCOMES[analysis.outcome]}
    return own.get(analysis.method, PURE_NUMBER)


def _bands(axes: Axes, analysis: Analysis, factor: float) -> list[Any]:
    """Shade up to luck's index, where the method has one, and up to the dummy's bound."""
    dummy, luck = analysis.dummy.leading, analysis.luck.leading
    bands = [(dummy.mean if dummy.high is None else dummy.high, "0.8", "sensitivity_dummy_band")]
    if analysis.method in ("sobol", "morris"):
        key = "sensitivity_luck_band" if analysis.method == "sobol" else "sensitivity_luck_effect"
        bands.insert(0, (luck.mean, "0.93", key))
    for end, shade, _ in bands:
        axes.axvspan(0, (end or 0.0) * factor, color=shade, linewidth=0, zorder=0)
    return [Patch(color=shade, label=msg(key)) for _, shade, key in bands]


def morris_plane(analysis: Analysis, names: Names) -> Figure:
    """Draw Morris's plane: how much a parameter does against how unevenly it does it."""
    measured = _measured(analysis)
    figure, axes = one_panel(7.2, 5.4)
    factor, shown = scale(measured), unit(measured, difference=True)
    handles = _bands(axes, analysis, factor)
    labels: dict[tuple[float, float], list[str]] = {}
    for index in analysis.all_ranked:
        if index.mu_star.mean is not None and index.sigma is not None:
            at = (index.mu_star.mean * factor, index.sigma * factor)
            labels.setdefault(at, []).append(names.of(index.parameter))
            shade, mark = (PACKAGE, "o") if index in analysis.indices else (BEFORE, "D")
            marks.whisker(axes, at[1], index.mu_star, factor, color=shade, linewidth=0.9, alpha=0.6)
            axes.plot(*at, mark, color=shade, markersize=5)
    end = factor * max((index.mu_star.mean or 0.0) for index in (*analysis.indices, analysis.luck))
    handles += axes.plot([0, end], [0, end], label=msg("sensitivity_equal"), **GUIDE)
    marks.titled(axes, "", msg("sensitivity_mu_star", unit=shown), msg("sensitivity_sigma", unit=shown))
    _analysed(figure, "scatter", analysis, handles)
    marks.name_points(axes, {at: msg("list_join").join(called) for at, called in labels.items()})
    return figure


def parameter_pairs(analysis: Analysis, names: Names) -> Figure:
    """Draw second-order indices as a heat map; those whose interval holds zero in grey.

    Raises:
        ValueError: For an analysis without second-order indices.
    """
    if analysis.pairs is None:
        raise ValueError("parameter_pairs: expected an analysis with second-order indices, got one without")
    called = {index.parameter: f"{at}  {names.of(index.parameter)}" for at, index in enumerate(analysis.all_ranked, 1)}
    cells = {
        (pair.first, pair.second): ((pair.index.mean or 0.0) * 100, number(pair.index.mean, SHARE, 0),
                                    pair.index.excludes_zero)
        for pair in analysis.pairs
    }  # fmt: skip
    columns = [str(place) for place in range(1, len(called) + 1)]
    figure = marks.pair_matrix(cells, called, columns, msg("sensitivity_share_axis"), signed=False)
    return _analysed(figure, "pairs", analysis, [Patch(color=QUIET, label=msg("sensitivity_unclear_pair"))])


def convergence_lines(stages: Sequence[Analysis], names: Names) -> Figure:
    """Draw the total indices of the six most important parameters and of luck along the number of runs.

    `stages` are of one outcome by "sobol", fewest runs first; one or more.
    """
    last, runs = stages[-1], [stage.runs for stage in stages]
    figure, axes = one_panel(7.6, 4.6)
    handles = []
    for place, followed in enumerate([*last.ranked[:6], last.luck]):
        name, shade = followed.parameter, QUIET if followed is last.luck else series(place)
        found = [index.total for stage in stages for index in stage.all_ranked if index.parameter == name]
        style: Any = {"color": shade, "linestyle": dashes(place), "marker": marker(place), "markersize": 4}
        handles.append(marks.line(axes, runs, marks.ends_of(found, 100), alpha=0.12, label=names.of(name), **style))
    axes.set_xscale("log", base=2)
    axes.set_xticks(runs, [f"{count:,}" for count in runs])
    axes.minorticks_off()
    axes.set_ylim(-5.0, 105.0)  # in percent: the first stages have intervals far outside
    marks.titled(axes, "", msg("sensitivity_runs_axis"), msg("sensitivity_share_axis"))
    return _analysed(figure, "settling", last, handles, columns=3)


UP, DOWN = PACKAGE, BEFORE  # shades of bars that raise and lower the outcome; no verdict on which is better
ROW = 0.4  # height of an instrument in inches


def waterfall(found: Attribution, names: Names) -> Figure:
    """Draw the way from the level without any instrument to that with all, a step an instrument.

    Steps are Shapley values, largest first; an interval is that of its step, at whose end it stands. Steps that are not
    clear are hollow. Over plausible worlds steps are means, which add up, with the 90 % range of worlds, and hollow
    where that holds zero; the words beside tell the typical world.
    """
    outcome, ranked = OUTCOMES[found.outcome], found.ranked
    figure, axes = one_panel(8.4, ROW * (len(ranked) + 2) + 1.5)
    height = (found.none.mean or 0.0) * scale(outcome)
    for at, each in enumerate(ranked, 1):
        height = _step(axes, at, each, height, outcome)
    ends: tuple[tuple[int, Literal["none", "whole"]], ...] = ((0, "none"), (len(ranked) + 1, "whole"))
    for at, which in ends:
        level: Interval = getattr(found, which)
        if level.mean is not None:
            axes.plot(level.mean * scale(outcome), at, "s", color="0.55", markersize=7)
            shown = found.shown(which)
            marks.whisker(axes, at, shown, scale(outcome), color="0.1", linewidth=1.1)
            told = level_text(shown, outcome) if found.worlds else mean_text(level, outcome)
            marks.value_beside(axes, at, f"{told} {unit(outcome)}")
    called = [names.of(each.instrument) for each in ranked]
    marks.named_rows(axes, [msg("attribution_none_level"), *called, msg("attribution_whole_level")])
    axes.set_xlabel(unit(outcome), color=QUIET)
    in_one = ("attribution_up", "attribution_down", "attribution_hollow")
    over = ("attribution_worlds_up", "attribution_worlds_down", "attribution_worlds_hollow")
    up, down, hollow = map(msg, over if found.worlds else in_one)
    legend: list[Any] = [
        Patch(color=UP, label=up),
        Patch(color=DOWN, label=down),
        Patch(facecolor="none", edgecolor="0.4", label=hollow),
    ]
    return _over(found, figure, "waterfall", legend, "attribution_bar_worlds")


def _over(found: Attribution, figure: Figure, key: str, legend: list[Any], words: str = "") -> Figure:
    """Finish a figure; over worlds it says of how many, and by `words` what the lines are."""
    own = title(OUTCOMES[found.outcome])
    if not found.worlds:
        return finished(figure, msg(f"attribution_{key}", title=own), legend)
    own = msg("attribution_over_worlds", title=own, worlds=found.worlds)
    lines = [marks.sample(msg(words), "0.15", linewidth=1.1)] if words else []
    return finished(figure, msg(f"attribution_{key}", title=own), [*legend, *lines], 2, "worlds_note")


def _step(axes: Axes, at: int, each: Contribution, level: float, outcome: Measured) -> float:
    """Draw a step and return the level after it."""
    width, shown = (each.shapley.mean or 0.0) * scale(outcome), each.shown("shapley")
    shade = UP if width >= 0 else DOWN
    axes.plot([level, level], [at - 1, at], color="0.7", linewidth=0.7, zorder=0)
    filling = {"color": shade if each.settled else "none", "edgecolor": shade}
    step = Interval(each.shapley.mean, shown.low, shown.high)
    marks.bar(axes, at, step, scale(outcome), level, height=0.62, linewidth=1.2, **filling)
    told = level_text(shown, outcome, sign=True) if each.doubts else plus_minus(shown, outcome)
    marks.value_beside(axes, at, f"{told} {unit(outcome, difference=True)}")
    return level + width


def instrument_pairs(found: Attribution, names: Names) -> Figure:
    """Draw pairwise interactions as a heat map; those that are not clear in grey.

    Raises:
        ValueError: For an attribution whose runs do not show pairs.
    """
    if found.interactions is None:
        raise ValueError("instrument_pairs: expected an attribution with interactions, got one without")
    outcome = OUTCOMES[found.outcome]
    called = {each.instrument: names.of(each.instrument) for each in found.ranked}
    cells = {
        (pair.first, pair.second): (
            pair.shown.mean * scale(outcome),
            mean_text(pair.shown, outcome, sign=True),
            pair.settled,
        )
        for pair in found.interactions
        if pair.shown.mean is not None
    }
    figure = marks.pair_matrix(cells, called, list(called), _difference(outcome), signed=True)
    key = "attribution_unclear_pair_worlds" if found.worlds else "attribution_unclear_pair"
    return _over(found, figure, "pairs", [Patch(color=QUIET, label=msg(key))])


def _difference(outcome: Measured) -> str:
    return msg("attribution_difference", unit=unit(outcome, difference=True))


def alone_and_last(found: Attribution, names: Names) -> Figure:
    """Draw what each instrument does alone, on average over all orders, and when it comes last."""
    outcome, ranked = OUTCOMES[found.outcome], found.ranked
    sides: tuple[Side, ...] = ("alone", "shapley", "left_out")
    figure, axes = one_panel(8.0, ROW * len(ranked) + 1.6)
    marks.zero_line(axes)
    for place, side in enumerate(sides):
        style: Any = {"color": series(place), "marker": marker(place), "markersize": 4.5, "linewidth": 1.1}
        for at, each in enumerate(ranked):
            marks.interval_dot(axes, at + 0.22 * (place - 1), each.shown(side), scale(outcome), **style)
    marks.named_rows(axes, [names.of(each.instrument) for each in ranked])
    axes.set_xlabel(_difference(outcome), color=QUIET)
    legend = [marks.sample(msg(f"attribution_{side}"), series(at), marker(at)) for at, side in enumerate(sides)]
    return _over(found, figure, "sides", legend, "attribution_dot_worlds")
