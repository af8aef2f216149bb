"""Winners and losers: every street, or every department, under each regime against the first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.compare import Comparison
from experiments.figures.style import QUIET, clean, colour, new_figure
from experiments.units import MEASURES, UnitDifference
from experiments.words import pairs_in_words, spoken, word

__all__ = ["winners_and_losers"]

MOST_REGIMES = 3
"""So many regimes, the last ones, are drawn beside each other; more cannot be told apart here."""

ROW = 0.17
"""Height of a row in inches."""


def winners_and_losers(comparison: Comparison, level: str) -> Figure:
    """Draw the difference of each unit with its 95 % interval, one panel a measure, sorted under the last regime."""
    measures = list(MEASURES[level])
    found = {measure: _of(comparison, level, measure) for measure in measures}
    order = _order(found[measures[0]], comparison.regimes[-1])
    figure, grid = new_figure(9.5, ROW * max(len(order), 6) + 1.6, columns=len(measures))
    for axes, measure in zip(grid[0], measures, strict=True):
        _panel(axes, comparison, found[measure], order, f"unit_{level}_{measure}")
    titles = {each.code: getattr(each, f"title_{spoken()}") for each in found[measures[0]]}
    grid[0, 0].set_yticks(range(len(order)), [titles.get(code, code) for code in order], fontsize=6.5)
    for axes in grid[0, 1:]:
        axes.set_yticks(range(len(order)), [""] * len(order))
    heading = word(f"winners_{level}", before=comparison.name(comparison.regimes[0]),
                   pairs=pairs_in_words(comparison.pairs))  # fmt: skip
    figure.suptitle(heading, x=0.01, ha="left", fontweight="bold", fontsize=10.5)
    note: dict[str, Any] = {"title": word("luck_only"), "title_fontsize": 7.5}
    handles, labels = grid[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3, fontsize=8, **note)
    return figure


def _of(comparison: Comparison, level: str, measure: str) -> list[UnitDifference]:
    return [each for each in comparison.units if (each.level, each.measure) == (level, measure)]


def _order(found: Sequence[UnitDifference], regime: str) -> list[str]:
    """Return the codes from the greatest loss to the greatest gain."""
    last = [each for each in found if each.regime == regime and each.interval.mean is not None]
    return [each.code for each in sorted(last, key=lambda each: (each.interval.mean or 0.0) * each.direction)]


def _panel(
    axes: Axes, comparison: Comparison, found: Sequence[UnitDifference], order: Sequence[str], across: str
) -> None:
    axes.axvline(0, color="0.55", linewidth=0.9)
    drawn = comparison.regimes[1:][-MOST_REGIMES:]
    for place, regime in enumerate(drawn):
        shade = colour(comparison.regimes.index(regime))
        here = {each.code: each for each in found if each.regime == regime}
        rows = [at for at, code in enumerate(order) if code in here]
        units = [here[order[at]] for at in rows]
        heights = np.array(rows) + 0.22 * (place - (len(drawn) - 1) / 2)
        means = np.array([100 * (each.interval.mean or 0.0) for each in units])
        ends = [(each.interval.low, each.interval.high) for each in units]
        spread = [abs(100 * (m if m is not None else 0.0) - mean) if m is not None else 0.0
                  for (low, high), mean in zip(ends, means, strict=True) for m in (low, high)]  # fmt: skip
        error = np.array(spread).reshape(-1, 2).T if units else None
        axes.errorbar(means, heights, xerr=error, fmt="o", markersize=3, elinewidth=1, color=shade,
                      label=comparison.name(regime))  # fmt: skip
    axes.set_ylim(len(order) - 0.4, -0.6)
    axes.set_xlabel(word(across), color=QUIET)
    axes.tick_params(axis="y", length=0)
    clean(axes, grid="x")
