"""Charts of an attribution: the waterfall, pairs, and each instrument alone, on average and last."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from experiments.charts.marks import (
    bar,
    interval_dot,
    named_rows,
    pair_matrix,
    sample,
    value_beside,
    whisker,
    zero_line,
)
from experiments.charts.style import COLOURS, QUIET, colour, finished, marker, one_panel
from experiments.design.naming import Names
from experiments.formatting import Measured, decimals, number, plus_minus, scale, title, unit
from experiments.messages import msg
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
    figure, axes = one_panel(8.4, ROW * (len(ranked) + 2) + 1.5)
    height = (found.none.mean or 0.0) * scale(outcome)
    for at, each in enumerate(ranked, 1):
        height = _step(axes, at, each, height, outcome)
    for at, level in ((0, found.none), (len(ranked) + 1, found.whole)):
        if level.mean is not None:
            axes.plot(level.mean * scale(outcome), at, "s", color=LEVEL, markersize=7)
            whisker(axes, at, level, scale(outcome), color="0.1", linewidth=1.1)
            value_beside(axes, at, f"{number(level.mean, outcome, decimals(level, outcome))} {unit(outcome)}")
    called = [names.of(each.instrument) for each in ranked]
    named_rows(axes, [msg("attribution_none_level"), *called, msg("attribution_whole_level")])
    axes.set_xlabel(unit(outcome), color=QUIET)
    legend = [
        Patch(color=UP, label=msg("attribution_up")),
        Patch(color=DOWN, label=msg("attribution_down")),
        Patch(facecolor="none", edgecolor="0.4", label=msg("attribution_hollow")),
    ]
    return finished(figure, msg("attribution_waterfall", title=title(outcome)), legend)


def _step(axes: Axes, at: int, each: Contribution, level: float, outcome: Measured) -> float:
    """Draw a step and return the level after it."""
    width = (each.shapley.mean or 0.0) * scale(outcome)
    shade = UP if width >= 0 else DOWN
    axes.plot([level, level], [at - 1, at], color="0.7", linewidth=0.7, zorder=0)
    filling = {"color": shade if each.clear else "none", "edgecolor": shade}
    bar(axes, at, each.shapley, scale(outcome), level, height=0.62, linewidth=1.2, **filling)
    value_beside(axes, at, f"{plus_minus(each.shapley, outcome)} {unit(outcome, difference=True)}")
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
    legend = [Patch(color=QUIET, label=msg("attribution_unclear_pair"))]
    return finished(figure, msg("attribution_pairs", title=title(outcome)), legend)


def _difference(outcome: Measured) -> str:
    return msg("attribution_difference", unit=unit(outcome, difference=True))


def alone_and_last(found: Attribution, names: Names) -> Figure:
    """Draw what each instrument does alone, on average over all orders, and when it comes last."""
    outcome, ranked = OUTCOMES[found.outcome], found.ranked
    figure, axes = one_panel(8.0, ROW * len(ranked) + 1.6)
    zero_line(axes)
    for place, side in enumerate(SIDES):
        style: Any = {"color": colour(place), "marker": marker(7 * place), "markersize": 4.5, "linewidth": 1.1}
        for at, each in enumerate(ranked):
            interval_dot(axes, at + 0.22 * (place - 1), getattr(each, side), scale(outcome), **style)
    named_rows(axes, [names.of(each.instrument) for each in ranked])
    axes.set_xlabel(_difference(outcome), color=QUIET)
    legend = [sample(msg(f"attribution_{side}"), colour(at), marker(7 * at)) for at, side in enumerate(SIDES)]
    return finished(figure, msg("attribution_sides", title=title(outcome)), legend)
