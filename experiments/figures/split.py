"""The 2 × 2: what placement did, what rules did, and what both did together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.compare import Comparison
from experiments.figures.style import QUIET, clean, colour, new_figure
from experiments.present import scale, title, unit
from experiments.splits import Split
from experiments.words import pairs_in_words, spoken, word

if TYPE_CHECKING:
    from model import Outcome

__all__ = ["split_of_the_whole"]

SHOWN = (
    "closure_rate", "closure_rate_30d", "reported_closure_rate", "passed_share", "workload_street",
    "workload_department", "equity_gap",
)  # fmt: skip
"""Shares, so that one axis holds them."""

PARTS = ("placement", "rules", "interaction", "whole")


def split_of_the_whole(comparison: Comparison, outcomes: Mapping[str, Outcome]) -> Figure:
    """Draw placement alone, rules alone, their interaction and the whole, with 95 % intervals over pairs."""
    shown = [each for name in SHOWN for each in comparison.splits if each.outcome == name]
    figure, grid = new_figure(8.0, 0.62 * len(shown) + 1.3)
    axes = grid[0, 0]
    axes.axvline(0, color="0.55", linewidth=0.9)
    for place, part in enumerate(PARTS):
        _marks(axes, shown, outcomes, part, place)
    axes.set_yticks(range(len(shown)), [title(outcomes[each.outcome], spoken()) for each in shown])
    axes.set_ylim(len(shown) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    clean(axes, grid="x")
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(unit(outcomes[shown[0].outcome], spoken(), difference=True), color=QUIET)
    axes.set_title(word("split_figure", pairs=pairs_in_words(comparison.pairs)))
    note: dict[str, Any] = {"title": word("luck_only"), "title_fontsize": 7.5}
    figure.legend(loc="outside lower center", ncols=4, fontsize=8, **note)
    return figure


def _marks(axes: Axes, shown: Sequence[Split], outcomes: Mapping[str, Outcome], part: str, place: int) -> None:
    heights = np.arange(len(shown)) + 0.18 * (place - 1.5)
    shade = "0.1" if part == "whole" else colour(place)
    for height, each in zip(heights, shown, strict=True):
        interval, factor = getattr(each, part), scale(outcomes[each.outcome])
        if interval.low is not None and interval.high is not None:
            axes.plot([interval.low * factor, interval.high * factor], [height, height], color=shade, linewidth=2.0)
        if interval.mean is not None:
            label = word(f"part_{part}") if height == heights[0] else None
            axes.plot(interval.mean * factor, height, "o", color=shade, markersize=5, label=label)
