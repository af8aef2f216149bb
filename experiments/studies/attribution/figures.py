"""Figures of an attribution: the waterfall, pairs, and each instrument alone, on average and last."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from experiments.charts.style import COLOURS, QUIET, clean, colour, head, marker, new_figure, note_below
from experiments.design.naming import Names
from experiments.formatting import Measured, decimals, number, plus_minus, scale, title, unit
from experiments.messages import msg
from experiments.stats import Interval
from experiments.studies.attribution.answer import Attribution, Contribution

__all__ = ["pairs", "sides", "waterfall"]

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
    from model import OUTCOMES

    outcome = OUTCOMES[found.outcome]
    ranked, factor = found.ranked, scale(outcome)
    figure, grid = new_figure(8.4, ROW * (len(ranked) + 2) + 1.5)
    axes = grid[0, 0]
    level = (found.none.mean or 0.0) * factor
    _level(axes, 0, found.none, outcome)
    for at, each in enumerate(ranked, 1):
        level = _step(axes, at, each, level, outcome)
    _level(axes, len(ranked) + 1, found.whole, outcome)
    called = [names.of(each.instrument) for each in ranked]
    ticks = [msg("attribution_none_level"), *called, msg("attribution_whole_level")]
    _rows(axes, ticks)
    axes.set_xlabel(unit(outcome), color=QUIET)
    head(figure, msg("attribution_waterfall", title=title(outcome)))
    note_below(figure, _legend())
    return figure


def _rows(axes: Axes, ticks: list[str]) -> None:
    axes.set_yticks(range(len(ticks)), ticks)
    axes.set_ylim(len(ticks) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    clean(axes, grid="x")


def _level(axes: Axes, at: int, level: Interval, outcome: Measured) -> None:
    factor = scale(outcome)
    if level.mean is None:
        return
    axes.plot(level.mean * factor, at, "s", color=LEVEL, markersize=7)
    _whisker(axes, at, level.low, level.high, factor)
    _said(axes, at, f"{number(level.mean, outcome, decimals(level, outcome))} {unit(outcome)}")


def _whisker(axes: Axes, at: float, low: float | None, high: float | None, factor: float, start: float = 0.0) -> None:
    if low is not None and high is not None:
        axes.plot([start + low * factor, start + high * factor], [at, at], color="0.1", linewidth=1.1)


def _said(axes: Axes, at: float, words: str) -> None:
    axes.text(1.01, at, words, transform=axes.get_yaxis_transform(), va="center", fontsize=7.5, color="0.25")


def _step(axes: Axes, at: int, each: Contribution, level: float, outcome: Measured) -> float:
    """Draw a step and return the level after it."""
    factor, shade = scale(outcome), UP if (each.shapley.mean or 0.0) >= 0 else DOWN
    width = (each.shapley.mean or 0.0) * factor
    filling = shade if each.clear else "none"
    axes.barh(at, width, left=level, height=0.62, color=filling, edgecolor=shade, linewidth=1.2)
    axes.plot([level, level], [at - 1, at], color="0.7", linewidth=0.7, zorder=0)
    _whisker(axes, at, each.shapley.low, each.shapley.high, factor, level)
    _said(axes, at, f"{plus_minus(each.shapley, outcome)} {unit(outcome, difference=True)}")
    return level + width


def _legend() -> list[Any]:
    return [
        Patch(color=UP, label=msg("attribution_up")),
        Patch(color=DOWN, label=msg("attribution_down")),
        Patch(facecolor="none", edgecolor="0.4", label=msg("attribution_hollow")),
    ]


def pairs(found: Attribution, names: Names) -> Figure:
    """Draw pairwise interactions as a heat map; those whose interval holds zero in grey.

    Raises
    ------
    ValueError
        For an attribution whose runs do not show pairs.
    """
    from model import OUTCOMES

    if found.interactions is None:
        raise ValueError("pairs: expected an attribution with interactions, got one without")
    outcome, shown = OUTCOMES[found.outcome], [each.instrument for each in found.ranked]
    place = {name: at for at, name in enumerate(shown)}
    values = np.full((len(shown), len(shown)), np.nan)
    figure, grid = new_figure(0.62 * len(shown) + 3.6, 0.42 * len(shown) + 2.6)
    axes = grid[0, 0]
    for pair in found.interactions:
        across, down = sorted((place[pair.first], place[pair.second]))
        if pair.index.mean is not None:
            values[down, across] = pair.index.mean * scale(outcome)
            axes.text(across, down, number(pair.index.mean, outcome, decimals(pair.index, outcome), sign=True),
                      ha="center", va="center", fontsize=7, color="black" if pair.clear else "0.6",
                      fontweight="bold" if pair.clear else "normal")  # fmt: skip
    limit = float(np.nanmax(np.abs(values))) if np.isfinite(values).any() else 0.0
    # twice the largest, so that words stay readable on every shade
    image = axes.imshow(values, cmap="PuOr", vmin=-2 * limit or -1.0, vmax=2 * limit or 1.0, aspect="auto")
    called = [names.of(name) for name in shown]
    axes.set_xticks(range(len(shown)), shown)
    axes.set_yticks(range(len(shown)), called)
    axes.tick_params(length=0)
    figure.colorbar(image, ax=axes, label=_difference(outcome), shrink=0.8)
    head(figure, msg("attribution_pairs", title=title(outcome)))
    note_below(figure, [Patch(color="0.6", label=msg("attribution_unclear_pair"))])
    return figure


def _difference(outcome: Measured) -> str:
    return msg("attribution_difference", unit=unit(outcome, difference=True))


def sides(found: Attribution, names: Names) -> Figure:
    """Draw what each instrument does alone, on average over all orders, and when it comes last."""
    from model import OUTCOMES

    outcome = OUTCOMES[found.outcome]
    ranked, factor = found.ranked, scale(outcome)
    figure, grid = new_figure(8.0, ROW * len(ranked) + 1.6)
    axes = grid[0, 0]
    axes.axvline(0, color="0.55", linewidth=0.9)
    for at, each in enumerate(ranked):
        for place, side in enumerate(SIDES):
            interval: Interval = getattr(each, side)
            height = at + 0.22 * (place - 1)
            if interval.mean is not None:
                style: dict[str, Any] = {"color": colour(place), "marker": marker(7 * place), "markersize": 4.5}
                axes.plot(interval.mean * factor, height, **style)
            if interval.low is not None and interval.high is not None:
                axes.plot([interval.low * factor, interval.high * factor], [height] * 2, color=colour(place))
    _rows(axes, [names.of(each.instrument) for each in ranked])
    axes.set_xlabel(_difference(outcome), color=QUIET)
    head(figure, msg("attribution_sides", title=title(outcome)))
    handles = [
        Line2D([], [], color=colour(place), marker=marker(7 * place), label=msg(f"attribution_{side}"))
        for place, side in enumerate(SIDES)
    ]
    note_below(figure, handles)
    return figure
