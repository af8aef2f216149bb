"""A search: what must be given up for what, what packages consist of, how far behind the best they are."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from experiments.charts.labels import name_points
from experiments.charts.style import COLOURS, QUIET, clean, colour, head, marker, new_figure, note_below, panels
from experiments.design.factors import Factor
from experiments.design.naming import Names, shown_name
from experiments.design.objectives import Objective
from experiments.formatting import scale, title, unit
from experiments.messages import msg
from experiments.stats import Interval
from experiments.stats.pareto import Judged
from model import OUTCOMES

MOST_PAIRS = 6
"""Panels of a figure of trade-offs."""

TRIED, REFERENCE = "0.8", "0.1"
"""Colours of packages that were only tried, and of reference regimes."""


@dataclasses.dataclass(frozen=True)
class Judgement:
    """The judged packages, and the worth of all that were tried (packages, objectives), NaN where a run failed.

    `factors` are those of a package, `fresh` the number of worlds that judged, `titles` those of the references by
    label and language.
    """

    objectives: Sequence[Objective]
    factors: Sequence[Factor]
    judged: Sequence[Judged]
    tried: NDArray[np.float64]
    fresh: int
    names: Names
    titles: Mapping[str, Mapping[str, str]]

    def shown(self, each: Judged) -> str:
        """Return what a package or a reference is called in the language in use."""
        return each.name if each.package else shown_name(each.name, self.titles.get(each.name, {}))

    @property
    def packages(self) -> list[Judged]:
        """Judged packages, without the references."""
        return [each for each in self.judged if each.package]


def trade_offs(judgement: Judgement) -> Figure:
    """Draw each two objectives against each other: all packages tried, and those judged with their intervals."""
    pairs = list(itertools.combinations(range(len(judgement.objectives)), 2))[:MOST_PAIRS]
    figure, grid = panels(len(pairs), 4.0, 3.8)
    points = [_trade_off(axes, judgement, *pair) for axes, pair in zip(grid, pairs, strict=True)]
    head(figure, msg("search_trade", fresh=judgement.fresh))
    tried = Line2D([], [], color=TRIED, marker="o", linestyle="none", label=msg("search_tried"))
    judged = [
        Line2D([], [], color=_shade(place, each), marker=_mark(place, each), linestyle="none",
               label=judgement.shown(each))
        for place, each in enumerate(judgement.judged)
    ]  # fmt: skip
    note_below(figure, [tried, *judged])
    for axes, names in zip(grid, points, strict=True):
        name_points(axes, names, size=6.5)
    return figure


def _trade_off(axes: Axes, judgement: Judgement, across: int, up: int) -> dict[tuple[float, float], str]:
    """Draw one panel and return the names of its points by place."""
    objectives = (judgement.objectives[across], judgement.objectives[up])
    factors = [scale(OUTCOMES[objective.outcome]) for objective in objectives]
    tried = judgement.tried[:, (across, up)] * factors
    axes.scatter(tried[:, 0], tried[:, 1], s=6, color=TRIED, linewidths=0)
    names: dict[tuple[float, float], str] = {}
    for place, each in enumerate(judgement.judged):
        x, y = (each.worth[objective.key] for objective in objectives)
        at = ((x.mean or 0.0) * factors[0], (y.mean or 0.0) * factors[1])
        axes.errorbar(
            *at, xerr=_arms(x, factors[0]), yerr=_arms(y, factors[1]), fmt=_mark(place, each),
            color=_shade(place, each), markersize=5 if each.package else 9, elinewidth=0.9,
        )  # fmt: skip
        names.setdefault(at, judgement.shown(each))
    axes.set_xlabel(_axis(objectives[0]))
    axes.set_ylabel(_axis(objectives[1]))
    clean(axes)
    return names


def _axis(objective: Objective) -> str:
    outcome = OUTCOMES[objective.outcome]
    arrow = msg("search_more") if outcome.direction > 0 else msg("search_less")
    over = "" if objective.over == "mean" else f", {msg('search_worst')}"
    return f"{title(outcome)}{over} ({unit(outcome)}; {arrow})"


def _shade(place: int, each: Judged) -> str:
    return colour(place) if each.package else REFERENCE


def _mark(place: int, each: Judged) -> str:
    return marker(place) if each.package else "*"


def _arms(interval: Interval, factor: float) -> Any:
    if interval.mean is None or interval.low is None or interval.high is None:
        return None
    return [[(interval.mean - interval.low) * factor], [(interval.high - interval.mean) * factor]]


def packages(judgement: Judgement) -> Figure:
    """Draw what each judged package consists of: grades from 0, off, to 1, on."""
    shown, factors = judgement.packages, judgement.factors
    grades = np.array([[_grade(factor, each.package[factor.name]) for factor in factors] for each in shown])
    figure, grid = new_figure(max(6.0, 0.62 * len(shown) + 3.5), 0.34 * len(factors) + 1.6)
    axes = grid[0, 0]
    image = axes.imshow(grades.T, cmap="Blues", vmin=0.0, vmax=1.0, aspect="auto")
    axes.set_xticks(range(len(shown)), [each.name for each in shown])
    axes.set_yticks(range(len(factors)), [judgement.names.of(factor.name) for factor in factors])
    for (column, row), grade in np.ndenumerate(grades):
        shade = "white" if grade > 0.6 else "0.2"
        axes.text(column, row, f"{grade:.2f}", ha="center", va="center", fontsize=7, color=shade)
    figure.colorbar(image, ax=axes, label=msg("search_grade"), shrink=0.8)
    axes.tick_params(length=0)
    head(figure, msg("search_contents"))
    note_below(figure, [])
    return figure


def _grade(factor: Factor, value: Any) -> float:
    if factor.numeric:
        return (float(value) - factor.low) / (factor.high - factor.low)
    return factor.choices.index(value) / max(1, len(factor.choices) - 1)


def regrets(judgement: Judgement) -> Figure:
    """Draw how far each judged package and reference is behind the best in the same world."""
    count, names = len(judgement.objectives), [judgement.shown(each) for each in judgement.judged]
    figure, grid = new_figure(max(8.0, 2.9 * count), 0.3 * len(names) + 1.7, columns=count)
    for column, (axes, objective) in enumerate(zip(grid[0], judgement.objectives, strict=True)):
        outcome = OUTCOMES[objective.outcome]
        for at, each in enumerate(judgement.judged):
            regret, shade = each.regret[objective.key], COLOURS[0] if each.package else REFERENCE
            axes.errorbar((regret.mean or 0.0) * scale(outcome), at, xerr=_arms(regret, scale(outcome)), fmt="o",
                          color=shade, markersize=4.5)  # fmt: skip
        axes.set_yticks(range(len(names)), [] if column else names)
        axes.set_ylim(len(names) - 0.5, -0.5)
        axes.axvline(0, color="0.55", linewidth=0.9)
        axes.set_xlabel(unit(outcome, difference=True), color=QUIET)
        axes.set_title(title(outcome), loc="left", fontsize=9, fontweight="bold")
        clean(axes, grid="x")
    head(figure, msg("search_regret_figure", fresh=judgement.fresh))
    note_below(figure, [])
    return figure
