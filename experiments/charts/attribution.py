"""Charts of an attribution: the waterfall, pairs, and each instrument alone, on average and last."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from experiments.charts.pairs import UNCLEAR, pair_matrix
from experiments.charts.style import COLOURS, QUIET, clean, colour, head, marker, new_figure, note_below
from experiments.design.naming import Names
from experiments.formatting import Measured, decimals, number, plus_minus, scale, title, unit
from experiments.messages import msg
from experiments.stats import Interval
from experiments.stats.attribution import Attribution, Contribution
from model import OUTCOMES

UP, DOWN, LEVEL = COLOURS[0], COLOURS[1], "0.55"
"""Shades of bars that raise and lower the outcome, and of the two levels; no verdict on which is better."""

SIDES = ("alone", "shapley", "left_out")

ROW = 0.4
"""Height of an instrument in inches."""


def waterfall(found: Attribution, names: Names) -> Figure:
    """Draw the way from the level without any instrument to that with all, a step an instrument.

    Steps are Shapley values, largest first; an interval is that of its step, at whose end it stands. Steps that are not
    clear are hollow.
    """
    outcome, ranked = OUTCOMES[found.outcome], found.ranked
    figure, grid = new_figure(8.4, ROW * (len(ranked) + 2) + 1.5)
    axes = grid[0, 0]
    level = (found.none.mean or 0.0) * scale(outcome)
    _level(axes, 0, found.none, outcome)
    for at, each in enumerate(ranked, 1):
        level = _step(axes, at, each, level, outcome)
    _level(axes, len(ranked) + 1, found.whole, outcome)
    called = [names.of(each.instrument) for each in ranked]
    _rows(axes, [msg("attribution_none_level"), *called, msg("attribution_whole_level")], unit(outcome))
    head(figure, msg("attribution_waterfall", title=title(outcome)))
    legend = [
        Patch(color=UP, label=msg("attribution_up")),
        Patch(color=DOWN, label=msg("attribution_down")),
        Patch(facecolor="none", edgecolor="0.4", label=msg("attribution_hollow")),
    ]
    note_below(figure, legend)
    return figure


def _rows(axes: Axes, ticks: list[str], label: str) -> None:
    axes.set_yticks(range(len(ticks)), ticks)
    axes.set_ylim(len(ticks) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel(label, color=QUIET)
    clean(axes, grid="x")


def _level(axes: Axes, at: int, level: Interval, outcome: Measured) -> None:
    if level.mean is None:
        return
    axes.plot(level.mean * scale(outcome), at, "s", color=LEVEL, markersize=7)
    _whisker(axes, at, level, outcome)
    _write(axes, at, f"{number(level.mean, outcome, decimals(level, outcome))} {unit(outcome)}")


def _whisker(
    axes: Axes, at: float, interval: Interval, outcome: Measured, start: float = 0.0, shade: str = "0.1"
) -> None:
    if interval.low is not None and interval.high is not None:
        ends = [start + end * scale(outcome) for end in (interval.low, interval.high)]
        axes.plot(ends, [at, at], color=shade, linewidth=1.1)


def _write(axes: Axes, at: int, text: str) -> None:
    axes.text(1.01, at, text, transform=axes.get_yaxis_transform(), va="center", fontsize=7.5, color="0.25")


def _step(axes: Axes, at: int, each: Contribution, level: float, outcome: Measured) -> float:
    """Draw a step and return the level after it."""
    width = (each.shapley.mean or 0.0) * scale(outcome)
    shade = UP if width >= 0 else DOWN
    filling = shade if each.clear else "none"
    axes.barh(at, width, left=level, height=0.62, color=filling, edgecolor=shade, linewidth=1.2)
    axes.plot([level, level], [at - 1, at], color="0.7", linewidth=0.7, zorder=0)
    _whisker(axes, at, each.shapley, outcome, level)
    _write(axes, at, f"{plus_minus(each.shapley, outcome)} {unit(outcome, difference=True)}")
    return level + width


def interactions(found: Attribution, names: Names) -> Figure:
    """Draw pairwise interactions as a heat map; those that are not clear in grey.

    Raises:
        ValueError: For an attribution whose runs do not show pairs.
    """
    if found.interactions is None:
        raise ValueError("interactions: expected an attribution with interactions, got one without")
    outcome = OUTCOMES[found.outcome]
    called = {each.instrument: names.of(each.instrument) for each in found.ranked}
    cells = {
        (pair.first, pair.second): (
            pair.index.mean * scale(outcome),
            number(pair.index.mean, outcome, decimals(pair.index, outcome), sign=True),
            pair.clear,
        )
        for pair in found.interactions
        if pair.index.mean is not None
    }
    figure = pair_matrix(cells, called, list(called), _difference(outcome), signed=True)
    head(figure, msg("attribution_pairs", title=title(outcome)))
    note_below(figure, [Patch(color=UNCLEAR, label=msg("attribution_unclear_pair"))])
    return figure


def _difference(outcome: Measured) -> str:
    return msg("attribution_difference", unit=unit(outcome, difference=True))


def alone_and_last(found: Attribution, names: Names) -> Figure:
    """Draw what each instrument does alone, on average over all orders, and when it comes last."""
    outcome, ranked = OUTCOMES[found.outcome], found.ranked
    figure, grid = new_figure(8.0, ROW * len(ranked) + 1.6)
    axes = grid[0, 0]
    axes.axvline(0, color="0.55", linewidth=0.9)
    handles = []
    for place, side in enumerate(SIDES):
        style: dict[str, Any] = {"color": colour(place), "marker": marker(7 * place)}
        handles.append(Line2D([], [], **style, label=msg(f"attribution_{side}")))
        for at, each in enumerate(ranked):
            interval: Interval = getattr(each, side)
            height = at + 0.22 * (place - 1)
            if interval.mean is not None:
                axes.plot(interval.mean * scale(outcome), height, **style, markersize=4.5)
            _whisker(axes, height, interval, outcome, shade=colour(place))
    _rows(axes, [names.of(each.instrument) for each in ranked], _difference(outcome))
    head(figure, msg("attribution_sides", title=title(outcome)))
    note_below(figure, handles)
    return figure
