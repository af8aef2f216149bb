"""A figure of the calibration of the search for worlds: ranks of known values, and what is covered of known worlds.

It stands in the documentation, whose explanations are in English only.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.stats import binom

from experiments.charts.marks import named_rows, sample, titled
from experiments.charts.style import GUIDE, STYLE, clean, head, new_figure
from experiments.colours import PACKAGE, QUIET, WORSE
from experiments.store.files import whole

EXPECTED = 90.0  # % of true values in ranges from 5 to 95 %

FOUND, LOST, LUCK = PACKAGE, WORSE, "0.87"

GROUPS = {
    "numbers": "all {numbers} free numbers", "narrowest": "the {narrowest} narrowed most",
    "patterns": "what the patterns show", "answers": "what the reform does\nto closure",
}  # fmt: skip


def calibration_of_worlds(measured: Mapping[str, Any]) -> Figure:
    """Draw what `results/measured/known_worlds.json` holds."""
    figure, grid = new_figure(9.8, 3.9, 1, 3)
    ranks, groups, truths = grid[0]
    _ranks(ranks, measured["ranks"])
    _groups(groups, measured)
    _truths(truths, measured)
    head(figure, f"{len(measured['truths'])} known worlds, and where they lie among the worlds found by what they show")
    handles = [
        sample("95 % of bars or points, if calibrated", LUCK, linewidth=7), sample("90 %, as it should be", **GUIDE),
        sample("mean over known worlds, 95 % interval", FOUND, "o"),
        sample("a known world", FOUND, "o", linestyle="", markersize=4),
        sample("one that emulators refused", LOST, "D", linestyle="", markersize=4),
    ]  # fmt: skip
    if not measured["refused"]:
        handles.pop()
    figure.legend(handles=handles, loc="outside lower center", ncols=len(handles))
    return figure


def _ranks(axes: Axes, found: Mapping[str, Any]) -> None:
    """Draw a histogram of ranks over the band in which 95 % of its bars lie where ranks are even."""
    counts = np.array(found["counts"])
    edges = np.linspace(0.0, 1.0, len(counts) + 1)
    axes.axhspan(found["low"], found["high"], color=LUCK, zorder=0)
    axes.axhline(counts.mean(), color=QUIET, linewidth=0.9, zorder=3)
    axes.bar(edges[:-1], counts, np.diff(edges), align="edge", color=FOUND, alpha=0.6, edgecolor="white", linewidth=0.6)
    axes.set_xlim(0.0, 1.0)
    titled(axes, f"Ranks of {counts.sum():,} known values", "rank among the worlds found", "known values", size=8.5)


def _groups(axes: Axes, measured: Mapping[str, Any]) -> None:
    """Draw which share of true values lies in the range of nine worlds in ten, by what it is a value of."""
    known = {
        name: len(measured[name]) if name == "narrowest" else measured["numbers"] for name in ("numbers", "narrowest")
    }
    axes.axvline(EXPECTED, **GUIDE)
    for height, name in enumerate(GROUPS):
        found = {key: 100.0 * value for key, value in measured["coverage"][name].items()}
        low, high = max(found["low"], 0.0), min(found["high"], 100.0)
        axes.plot([low, high], [height] * 2, color=FOUND, linewidth=1.8, solid_capstyle="butt")
        axes.plot(found["mean"], height, "o", color=FOUND, markersize=5, clip_on=False)
    titled(axes, "Truth in the 5 – 95 % range", "% of true values", size=8.5)
    named_rows(axes, [words.format(**known) for words in GROUPS.values()], size=8.5)
    axes.set_xlim(min(axes.get_xlim()[0], 70.0), 101.0)


def _truths(axes: Axes, measured: Mapping[str, Any]) -> None:
    """Draw of every known world which share of its numbers is covered, in the order of that share."""
    truths = sorted((each for each in measured["truths"] if each["covered"] is not None), key=lambda x: x["covered"])
    low, high = binom.ppf([0.025, 0.975], measured["numbers"], EXPECTED / 100.0) / measured["numbers"] * 100.0
    axes.axvspan(low, high, color=LUCK, zorder=0)
    axes.axvline(EXPECTED, **GUIDE)
    beside: Any = {"xycoords": ("axes fraction", "data"), "fontsize": 8, "color": "0.3", "va": "center", "ha": "right"}
    for height, truth in enumerate(truths):
        lost = truth["refused"]
        axes.plot(truth["covered"] * 100.0, height, "D" if lost else "o", color=LOST if lost else FOUND, markersize=4)
        axes.annotate(str(truth["worlds"]), (1.09, height), **beside)
    axes.annotate("found", (1.1, len(truths) + 0.1), **beside)
    titled(axes, "All free numbers, by known world", "% in their 5 – 95 % range", size=8.5)
    axes.set_ylim(-0.8, len(truths) + 0.7)
    axes.set_yticks([])
    axes.set_ylabel(f"{measured['ranked']} known worlds with {measured['least']} or more found")
    clean(axes, grid="x")


def save_calibration(measured: Mapping[str, Any], path: Path) -> None:
    """Draw it and write it as a PNG file."""
    with rc_context(STYLE), whole(path) as sink:
        calibration_of_worlds(measured).savefig(sink, format="png", dpi=200, metadata={"Software": None})
