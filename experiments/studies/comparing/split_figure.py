"""The 2 × 2: what placement did, what rules did, and what both did together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.charts.style import COLOURS, QUIET, clean, head, new_figure, note_below
from experiments.formatting import plus_minus, scale, title, unit
from experiments.messages import msg
from experiments.studies.comparing.compare import Comparison
from experiments.studies.comparing.splits import PARTS, Split

if TYPE_CHECKING:
    from model import Outcome

__all__ = ["SHOWN", "split_of_the_whole"]

SHOWN = (
    "closure_rate", "closure_rate_30d", "reported_closure_rate", "problem_resolution", "passed_share",
    "workload_street", "workload_department", "equity_gap",
)  # fmt: skip
"""Shares, so that one axis holds them."""

SHADES = {"whole": "0.1", "placement": COLOURS[5], "rules": COLOURS[4], "interaction": COLOURS[3]}
"""Not those of the regimes: a part is a difference, not a regime."""

ROW = 0.62
"""Height of an outcome in inches."""


def split_of_the_whole(comparison: Comparison, outcomes: Mapping[str, Outcome]) -> Figure:
    """Draw the whole, placement alone, rules alone and their interaction, with 95 % intervals over pairs."""
    defined = {each.outcome: each for each in comparison.splits if each.parts["whole"].mean is not None}
    shown = [defined[name] for name in SHOWN if name in defined]
    figure, grid = new_figure(8.0, ROW * len(shown) + 1.3)
    axes = grid[0, 0]
    axes.axvline(0, color="0.55", linewidth=0.9)
    for at, each in enumerate(shown):
        _marks(axes, at, each, outcomes[each.outcome])
    axes.set_yticks(range(len(shown)), [title(outcomes[each.outcome]) for each in shown])
    axes.set_ylim(len(shown) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    clean(axes, grid="x")
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(msg("panel_pp"), color=QUIET)
    head(figure, msg("split_figure", basis=comparison.basis))
    note_below(figure, _legend())
    return figure


def _marks(axes: Axes, at: float, each: Split, outcome: Outcome) -> None:
    for place, part in enumerate(PARTS):
        interval, factor, height = each.parts[part], scale(outcome), at + 0.19 * (place - 1.5)
        if interval.low is not None and interval.high is not None:
            axes.plot([interval.low * factor, interval.high * factor], [height] * 2, color=SHADES[part], linewidth=2.0)
        if interval.mean is not None:
            axes.plot(interval.mean * factor, height, "o", color=SHADES[part], markersize=5)
        label = f"{plus_minus(interval, outcome)} {unit(outcome, difference=True)}"
        axes.text(1.01, height, label, transform=axes.get_yaxis_transform(), va="center",
                  fontsize=7, color="0.25")  # fmt: skip


def _legend() -> Sequence[Line2D]:
    return [Line2D([], [], color=SHADES[part], marker="o", label=msg(f"part_{part}")) for part in PARTS]
