"""Figures of a search: what must be given up for what, what packages consist of, how far behind the best they are."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.charts.labels import name_points
from experiments.charts.style import COLOURS, QUIET, clean, colour, head, marker, new_figure, note_below
from experiments.design.naming import Names
from experiments.formatting import scale, title, unit
from experiments.messages import msg
from experiments.stats import Interval
from experiments.studies.searching.answer import Judged, Judgement
from experiments.studies.searching.options import Objective

__all__ = ["packages", "regrets", "trade_offs"]

MOST_PAIRS = 6
"""Panels of a figure of trade-offs."""


def trade_offs(judgement: Judgement) -> Figure:
    """Draw each two objectives against each other: all packages tried, and those judged with their intervals."""
    pairs = list(itertools.combinations(range(len(judgement.objectives)), 2))[:MOST_PAIRS]
    columns = min(3, len(pairs))
    rows = -(-len(pairs) // columns)
    figure, grid = new_figure(max(8.0, 4.0 * columns), 3.8 * rows + 0.9, rows=rows, columns=columns)
    for axes in grid.flat[len(pairs) :]:
        axes.set_visible(False)
    for axes, pair in zip(grid.flat, pairs, strict=False):
        _panel(axes, judgement, *pair)
    head(figure, msg("search_trade", fresh=judgement.fresh))
    note_below(figure, _legend(judgement))
    for axes, pair in zip(grid.flat, pairs, strict=False):
        name_points(axes, _names(judgement, *pair), size=6.5)
    return figure


def _names(judgement: Judgement, across: int, up: int) -> dict[tuple[float, float], str]:
    names: dict[tuple[float, float], str] = {}
    for each in judgement.judged:
        at = tuple((each.worth[one.key].mean or 0.0) * _scale(one)
                   for one in (judgement.objectives[across], judgement.objectives[up]))  # fmt: skip
        names.setdefault((at[0], at[1]), judgement.shown(each))
    return names


def _panel(axes: Axes, judgement: Judgement, across: int, up: int) -> None:
    objectives = (judgement.objectives[across], judgement.objectives[up])
    factors = [_scale(objective) for objective in objectives]
    tried = judgement.searched[:, (across, up)] * factors
    axes.scatter(tried[:, 0], tried[:, 1], s=6, color="0.8", linewidths=0)
    for place, each in enumerate(judgement.judged):
        x, y = (each.worth[objective.key] for objective in objectives)
        _cross(axes, x, y, factors, _shade(place, each), _mark(place, each))
    axes.set_xlabel(_axis(objectives[0]))
    axes.set_ylabel(_axis(objectives[1]))
    clean(axes)


def _scale(objective: Objective) -> float:
    from model import OUTCOMES

    return scale(OUTCOMES[objective.outcome])


def _axis(objective: Objective) -> str:
    from model import OUTCOMES

    outcome = OUTCOMES[objective.outcome]
    arrow = msg("search_more") if outcome.direction > 0 else msg("search_less")
    over = "" if objective.over == "mean" else f", {msg('search_worst')}"
    return f"{title(outcome)}{over} ({unit(outcome)}; {arrow})"


def _shade(place: int, each: Judged) -> str:
    return colour(place) if each.package else "0.1"


def _mark(place: int, each: Judged) -> str:
    return marker(place) if each.package else "*"


def _cross(axes: Axes, x: Interval, y: Interval, factors: Sequence[float], shade: str, shape: str) -> None:
    error: dict[str, Any] = {"fmt": shape, "color": shade, "markersize": 5 if shape != "*" else 9, "elinewidth": 0.9}
    axes.errorbar(
        (x.mean or 0.0) * factors[0], (y.mean or 0.0) * factors[1],
        xerr=_arms(x, factors[0]), yerr=_arms(y, factors[1]), **error,
    )  # fmt: skip


def _arms(interval: Interval, factor: float) -> Any:
    if interval.mean is None or interval.low is None or interval.high is None:
        return None
    return [[(interval.mean - interval.low) * factor], [(interval.high - interval.mean) * factor]]


def _legend(judgement: Judgement) -> list[Line2D]:
    marks = [Line2D([], [], color="0.8", marker="o", linestyle="none", label=msg("search_tried"))]
    return [*marks, *(
        Line2D([], [], color=_shade(place, each), marker=_mark(place, each), linestyle="none",
               label=judgement.shown(each))
        for place, each in enumerate(judgement.judged)
    )]  # fmt: skip


def packages(judgement: Judgement, names: Names) -> Figure:
    """Draw what each judged package consists of: grades from 0, off, to 1, on."""
    shown = [each for each in judgement.judged if each.package]
    grades = np.array([[_grade(judgement, each, at) for at in range(len(judgement.factors))] for each in shown])
    figure, grid = new_figure(max(6.0, 0.62 * len(shown) + 3.5), 0.34 * len(judgement.factors) + 1.6)
    axes = grid[0, 0]
    image = axes.imshow(grades.T, cmap="Blues", vmin=0.0, vmax=1.0, aspect="auto")
    axes.set_xticks(range(len(shown)), [each.name for each in shown])
    axes.set_yticks(range(len(judgement.factors)), [names.of(factor.name) for factor in judgement.factors])
    for (column, row), grade in np.ndenumerate(grades):
        shade = "white" if grade > 0.6 else "0.2"
        axes.text(column, row, f"{grade:.2f}", ha="center", va="center", fontsize=7, color=shade)
    figure.colorbar(image, ax=axes, label=msg("search_grade"), shrink=0.8)
    axes.tick_params(length=0)
    head(figure, msg("search_contents"))
    note_below(figure, [])
    return figure


def _grade(judgement: Judgement, each: Judged, at: int) -> float:
    factor = judgement.factors[at]
    value = each.package[factor.name]
    if factor.numeric:
        return (float(value) - factor.low) / (factor.high - factor.low)
    return factor.choices.index(value) / max(1, len(factor.choices) - 1)


def regrets(judgement: Judgement) -> Figure:
    """Draw how far each judged package and reference is behind the best in the same world."""
    from model import OUTCOMES

    count = len(judgement.objectives)
    figure, grid = new_figure(max(8.0, 2.9 * count), 0.3 * len(judgement.judged) + 1.7, columns=count)
    for column, (axes, objective) in enumerate(zip(grid[0], judgement.objectives, strict=True)):
        outcome = OUTCOMES[objective.outcome]
        for at, each in enumerate(judgement.judged):
            regret = each.regret[objective.key]
            shade = COLOURS[0] if each.package else "0.1"
            axes.errorbar((regret.mean or 0.0) * scale(outcome), at, xerr=_arms(regret, scale(outcome)), fmt="o",
                          color=shade, markersize=4.5)  # fmt: skip
        axes.set_yticks(
            range(len(judgement.judged)), [judgement.shown(each) for each in judgement.judged] if column == 0 else []
        )
        axes.set_ylim(len(judgement.judged) - 0.5, -0.5)
        axes.axvline(0, color="0.55", linewidth=0.9)
        axes.set_xlabel(unit(outcome, difference=True), color=QUIET)
        axes.set_title(title(outcome), loc="left", fontsize=9, fontweight="bold")
        clean(axes, grid="x")
    head(figure, msg("search_regret_figure", fresh=judgement.fresh))
    note_below(figure, [])
    return figure
