"""The picture of a district that was learned: what was foretold of its last part, and what came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from experiments.charts.marks import dated, sample, titled
from experiments.charts.style import finished, panels
from experiments.colours import INK, PACKAGE, QUIET
from experiments.messages import msg
from experiments.stats.intervals import Floats

POOL, CAME = PACKAGE, INK


@dataclass(frozen=True)
class Panel:
    """A measure by period, in the unit in which it is shown. Times are days since 1970-01-01.

    Attributes:
        past (array (periods,)): What the first part showed.
        ahead (array (periods, 4)): Of the last part: middle of the period, low and high end of the forecast, what came.
    """

    title: str
    past: Floats
    ahead: Floats


def foretold(edges: Floats, measures: Sequence[Panel]) -> Figure:
    """Draw every measure by period: the past, the pooled forecast of the last part, and what came.

    Args:
        edges (array (periods + 1,)): Of the periods of the past; the last is the split.
    """
    figure, grid = panels(len(measures), 3.6, 2.3)
    for axes, each in zip(grid, measures, strict=True):
        titled(axes, each.title, size=8.5)
        axes.plot((edges[:-1] + edges[1:]) / 2.0, each.past, color=QUIET, marker="o", markersize=2.5,
                  linewidth=0.9)  # fmt: skip
        middle, low, high, came = each.ahead.T
        axes.vlines(middle, low, high, color=POOL, linewidth=4, alpha=0.45)
        axes.plot(middle, came, color=CAME, marker="o", markersize=3.5, linestyle="")
        axes.axvline(float(edges[-1]), color=QUIET, linewidth=0.9, linestyle=(0, (3, 2)))
        ends = float(edges[0]), float(np.append(middle, edges[-1]).max()) + 60.0
        axes.set_xlim(*ends)
        axes.set_ylim(bottom=0.0)
        dated(axes, 4)
    handles = [sample(msg("fit_mark_past"), QUIET, "o"), sample(msg("fit_mark_came"), CAME, "o", linestyle=""),
               sample(msg("fit_mark_interval"), POOL)]  # fmt: skip
    return finished(figure, msg("fit_foretold"), handles, note_key="fit_mark_note")
