"""The one picture of a comparison: closure by its three numbers, levels as bars, worlds as dots below."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from experiments.charts.style import HEAD_SIZE, LABEL_SIZE, SMALL, WIDTH, fold, new_figure
from experiments.colours import BEFORE, BETTER, DARKER, INK, LIGHTER, LINE, NEITHER, PACKAGE, QUIET, WORSE
from experiments.formatting import over_worlds, per_hundred
from experiments.messages import msg
from experiments.stats.answer import Answer
from experiments.stats.ensemble import CLOSURE
from experiments.stats.intervals import Floats

BAR, DOTS = 0.27, 0.8  # inches of a regime's bar, and of the dots of a number
MOST = 40  # dots; of more worlds so many quantiles are drawn
COLUMNS = 30  # of dots across the range


def closure_at_a_glance(answer: Answer) -> Figure:
    """Draw a column for each number of closure, per hundred requests: a bar a regime, and every world below as a dot.

    A dot is the difference of the regime asked for from the first; orange ones are worse.
    """
    found, numbers = answer.found, answer.numbers
    bars = BAR * len(found.regimes) + 0.1
    figure, grid = new_figure(WIDTH, bars + DOTS + 0.85, 2, len(numbers))
    grid[0, 0].get_gridspec().set_height_ratios([bars, DOTS])
    for column, number in enumerate(numbers):
        _levels(grid[0, column], answer, number, named=column == 0)
        _dots(grid[1, column], answer, number)
    return figure


def _levels(axes: Axes, answer: Answer, number: str, *, named: bool) -> None:
    """Draw the level under every regime as a bar along 0–100."""
    found = answer.found
    for place, regime in enumerate(found.regimes):
        level = answer.level(regime, number)
        axes.barh(place, 100.0, height=0.55, color=LINE, alpha=0.45)
        if level is None:
            continue
        axes.barh(place, 100.0 * level, height=0.55, color=_shade(answer, regime))
        at = 100.0 * level
        inside = at > 75.0
        axes.text(
            at + (-2.5 if inside else 2.5), place, per_hundred(level), va="center", fontsize=HEAD_SIZE,
            fontweight="bold", ha="right" if inside else "left", color="white" if inside else INK,
        )  # fmt: skip
    names = [fold(found.names[regime], 1.25, SMALL) for regime in found.regimes] if named else []
    axes.set_yticks(range(len(found.regimes)) if named else [], names, fontsize=SMALL, color=INK)
    axes.set_ylim(len(found.regimes) - 0.5, -0.5)
    axes.set_xlim(0.0, 100.0)
    axes.set_xticks([])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_title(fold(msg(f"glance_panel_{number}"), 1.85, LABEL_SIZE), loc="left", fontsize=LABEL_SIZE)


def _shade(answer: Answer, regime: str) -> str:
    """Return grey for the first regime, the blue of a package for the one asked for, other blues for the rest."""
    others = [each for each in answer.found.others if each != answer.asked]
    if regime in others:
        return (LIGHTER, DARKER)[others.index(regime) % 2]
    return BEFORE if regime == answer.first else PACKAGE


def _dots(axes: Axes, answer: Answer, number: str) -> None:
    """Draw the difference in every world as a dot over its place, and how many are better below."""
    values = 100.0 * answer.gaps[number][np.isfinite(answer.gaps[number])]
    axes.set_yticks([])
    axes.spines[["left", "top", "right"]].set_visible(False)
    axes.spines["bottom"].set_color(LINE)
    axes.tick_params(labelsize=SMALL, length=2, color=LINE, labelcolor=QUIET)
    axes.axvline(0.0, color=INK, linewidth=0.9)
    if not values.size:
        return
    at, heights, width = stacked(values)
    toward = np.sign(at) * CLOSURE[number]
    shades = [BETTER if each > 0 else WORSE if each < 0 else NEITHER for each in toward]
    axes.scatter(at, heights, s=20, c=shades, linewidths=0, clip_on=False)
    axes.set_ylim(0.2, max(5.5, heights.max() + 0.8))
    axes.set_xlim(min(at.min(), 0.0) - 2 * width, max(at.max(), 0.0) + 2 * width)
    axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:+.3g}".replace("-", "−") if value else "0")
    better = answer.count(number, CLOSURE[number])
    words = over_worlds("glance_better_in", answer.found.worlds, better=better, count=answer.cases)
    axes.set_title(words, loc="left", fontsize=SMALL, fontweight="normal", color=INK)


def stacked(values: Floats) -> tuple[Floats, Floats, float]:
    """Return where dots stand, how high in their stack, and how wide a stack is; none changes its side of zero."""
    if values.size > MOST:
        values = np.quantile(values, (np.arange(MOST) + 0.5) / MOST)
    reach = max(float(values.max()), 0.0) - min(float(values.min()), 0.0)
    width = max(reach, 1e-9) / COLUMNS
    places = np.sign(values) * np.ceil(np.abs(values) / width)
    heights = [int((places[:number] == places[number]).sum()) + 1 for number in range(places.size)]
    return places * width, np.asarray(heights, dtype=np.float64), width
