"""A figure of the calibration of the search for worlds: ranks of known values, and what is covered of each known world.

It stands in the documentation, whose explanations are in English only.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.stats import binom

from experiments.charts.marks import sample, titled
from experiments.charts.style import COLOURS, GUIDE, QUIET, STYLE, clean, head, new_figure
from experiments.store.files import whole

EXPECTED = 0.9  # share of known values in ranges from 5 to 95 %

FOUND, LOST = COLOURS[0], COLOURS[1]


def calibration_of_worlds(measured: Mapping[str, Any]) -> Figure:
    """Draw what `results/measured/known_worlds.json` holds."""
    figure, grid = new_figure(9.6, 4.3, 1, 3)
    ranks, narrowed, truths = grid[0]
    _ranks(ranks, measured["ranks"], f"Ranks of {sum(measured['ranks']['counts']):,} known values")
    few = measured["narrowed"]["ranks"]
    _ranks(narrowed, few, f"Of these, {sum(few['counts']):,} that the search narrowed")
    _covered(truths, measured)
    head(figure, f"{len(measured['truths'])} known worlds, searched for by what they show")
    handles = [
        sample("even within luck (95 %)", "0.85", linewidth=7), sample("90 % expected", **GUIDE),
        sample("known world found again", FOUND, "o", linestyle=""),
        sample("refused by an emulator", LOST, "D", linestyle=""),
    ]  # fmt: skip
    figure.legend(handles=handles, loc="outside lower center", ncols=4, fontsize=8)
    return figure


def _ranks(axes: Axes, found: Mapping[str, Any], title: str) -> None:
    """Draw a histogram of ranks over the band in which 95 % of its bars lie where ranks are even."""
    counts = np.array(found["counts"])
    edges = np.linspace(0.0, 1.0, len(counts) + 1)
    axes.axhspan(found["low"], found["high"], color="0.85", zorder=0)
    axes.axhline(counts.mean(), color=QUIET, linewidth=0.9)
    axes.bar(
        edges[:-1], counts, np.diff(edges), align="edge", color=FOUND, alpha=0.75, edgecolor="white", linewidth=0.6
    )
    axes.set_xlim(0.0, 1.0)
    titled(axes, title, "rank among the worlds found", "values", size=8.5)


def _covered(axes: Axes, measured: Mapping[str, Any]) -> None:
    """Draw of every known world which share of its numbers is covered, in the order of that share."""
    truths = sorted((each for each in measured["truths"] if each["covered"] is not None), key=lambda x: x["covered"])
    low, high = binom.ppf([0.025, 0.975], measured["numbers"], EXPECTED) / measured["numbers"] * 100.0
    axes.axvspan(low, high, color="0.85", zorder=0)
    axes.axvline(EXPECTED * 100.0, **GUIDE)
    for height, truth in enumerate(truths):
        lost = truth["refused"]
        axes.plot(truth["covered"] * 100.0, height, "D" if lost else "o", color=LOST if lost else FOUND, markersize=5)
        axes.annotate(
            str(truth["worlds"]),
            (1.02, height),
            xycoords=("axes fraction", "data"),
            fontsize=7,
            color="0.3",
            va="center",
        )
    axes.annotate(
        "worlds", (1.02, len(truths)), xycoords=("axes fraction", "data"), fontsize=7, color="0.3", va="center"
    )
    axes.set_ylim(-0.7, len(truths) + 0.3)
    titled(axes, "Numbers inside their 5 – 95 % range", "% of the numbers of a known world", size=8.5)
    axes.set_yticks([])
    axes.set_ylabel("known worlds")
    clean(axes, grid="x")


def save_calibration(measured: Mapping[str, Any], path: Any) -> None:
    """Draw it and write it as a PNG file."""
    from matplotlib import rc_context

    with rc_context(STYLE), whole(path) as sink:
        calibration_of_worlds(measured).savefig(sink, format="png", dpi=200, metadata={"Software": None})
