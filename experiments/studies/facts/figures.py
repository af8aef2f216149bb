"""A page of figures: each pattern as it looks in the model, beside the bare queue where that has one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.charts.labels import fold
from experiments.charts.style import COLOURS, QUIET, bounds, clean, head, new_figure, note_below
from experiments.messages import current_language, msg, runs_text
from experiments.studies.facts.arms import Arms, Floats
from experiments.studies.facts.durations import EDGES
from experiments.studies.facts.findings import Finding

__all__ = ["page"]

OWN, BARE, OTHER = COLOURS[0], QUIET, COLOURS[1]
COLUMNS, WIDTH, HEIGHT = 3, 3.5, 2.6
"""Panels in a row; width and height of one in inches."""

Panel = Callable[[Axes, Finding], None]


def page(findings: Sequence[Finding], pairs: int) -> Figure:
    """Draw one panel for every pattern that has one."""
    drawn = [finding for finding in findings if finding.pattern.id in _PANELS]
    rows = -(-len(drawn) // COLUMNS) or 1
    figure, grid = new_figure(WIDTH * COLUMNS, HEIGHT * rows + 1.2, rows, COLUMNS)
    for axes, finding in zip(grid.flat, drawn, strict=False):
        _PANELS[finding.pattern.id](axes, finding)
        title = f"{finding.pattern.id}  {getattr(finding.pattern.title, current_language())}"
        axes.set_title(fold(title, WIDTH * 0.92, TITLE_SIZE), fontsize=TITLE_SIZE)
        axes.xaxis.label.set_fontsize(SMALL)
        axes.yaxis.label.set_fontsize(SMALL)
        axes.tick_params(labelsize=SMALL)
        clean(axes)
    for axes in grid.flat[len(drawn) :]:
        axes.set_axis_off()
    head(figure, msg("patterns_page", runs=runs_text(pairs)))
    note_below(figure, [Line2D([], [], color=OWN, marker="o", markersize=3, label=msg("patterns_own")),
                        Line2D([], [], color=BARE, marker="o", markersize=3, linestyle=(0, (4, 2)),
                               label=msg("patterns_bare"))])  # fmt: skip
    return figure


TITLE_SIZE, SMALL = 8.0, 7.5


def _line(axes: Axes, x: Any, values: Floats, colour: str, *, factor: float = 100.0, dashed: bool = False) -> None:
    """Draw means over replicates with bars of their 95 % interval; `values` (replicates, points)."""
    if not values.size:
        return
    mean, low, high = bounds(values * factor)
    style: Any = (0, (4, 2)) if dashed else "solid"
    axes.plot(x, mean, color=colour, marker="o", markersize=3, linewidth=1.3, linestyle=style)
    axes.vlines(x, low, high, color=colour, linewidth=1.3)


def _both(axes: Axes, finding: Finding, curve: Callable[[Arms], Floats], x: Any = None, factor: float = 100.0) -> None:
    """Draw a curve of the model and of the bare queue over `x`, or over their numbers from 0."""
    for arms, colour in ((finding.null, BARE), (finding.own, OWN)):
        if arms is not None:
            values = curve(arms)
            over = np.arange(values.shape[1]) if x is None else x
            _line(axes, over, values, colour, factor=factor, dashed=colour == BARE)


def _durations(axes: Axes, finding: Finding) -> None:
    middle, width = (EDGES[1:] + EDGES[:-1]) / 2, float(EDGES[1] - EDGES[0])

    def shares(arms: Arms) -> Floats:
        counts = arms.curve(arms.names[0], "log_shape")
        return np.asarray(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1))

    axes.bar(middle, shares(finding.own).mean(axis=0) * 100, width=width, color=OWN, alpha=0.35)
    axes.plot(middle, 100 * width * np.exp(-(middle**2) / 2) / np.sqrt(2 * np.pi), color=OTHER, linewidth=1.3,
              label=msg("patterns_lognormal"))  # fmt: skip
    spread, shift = np.pi / np.sqrt(6), float(np.euler_gamma)
    log = middle * spread - shift  # of exponential days, standardised alike
    axes.plot(middle, 100 * width * spread * np.exp(log - np.exp(log)), color="0.3", linewidth=1.0, linestyle=":",
              label=msg("patterns_exponential"))  # fmt: skip
    axes.legend(fontsize=SMALL - 1)
    axes.set_xlabel(msg("patterns_log_days"))
    axes.set_ylabel(msg("patterns_share_cases") + " (%)")


def _hazard(axes: Axes, finding: Finding) -> None:
    _both(axes, finding, lambda arms: arms.curve(arms.names[0], "hazard"))
    axes.set_xlabel(msg("patterns_so_far"))
    axes.set_ylabel(msg("patterns_another"))


def _concentration(axes: Axes, finding: Finding) -> None:
    lorenz = finding.own.curve(finding.own.names[0], "lorenz")
    x = np.linspace(0.0, 100.0, lorenz.shape[1])
    axes.fill_between(x, 100 * lorenz.min(axis=0), 100 * lorenz.max(axis=0), color=OWN, alpha=0.2, linewidth=0)
    axes.plot(x, 100 * lorenz.mean(axis=0), color=OWN, linewidth=1.3)
    axes.plot([0, 100], [0, 100], color=QUIET, linewidth=0.8, linestyle=":", label=msg("patterns_even"))
    axes.legend(fontsize=SMALL - 1)
    axes.set_xlabel(msg("patterns_units"))
    axes.set_ylabel(msg("patterns_of_passes"))


def _quarters(axes: Axes, finding: Finding) -> None:
    _both(axes, finding, lambda arms: arms.curve(arms.names[0], "quarters"), np.arange(1, 5))
    axes.set_xticks([1, 2, 3, 4])
    axes.set_xlabel(msg("patterns_quarter"))
    axes.set_ylabel(msg("patterns_closure"))


def _path(axes: Axes, finding: Finding) -> None:
    def gain(arms: Arms) -> Floats:
        return arms.monthly("with") - arms.monthly("without")

    _both(axes, finding, gain, np.arange(12) + 0.5)
    axes.axhline(0, color="0.55", linewidth=0.8)
    axes.set_xlabel(msg("patterns_months"))
    axes.set_ylabel(msg("patterns_gain"))


def _sweep(label: str, outcome: str = "closure_rate") -> Panel:
    """Return the panel of a sweep of one number, arms named by it."""

    def draw(axes: Axes, finding: Finding) -> None:
        x = [float(name) for name in finding.own.names]
        _both(axes, finding, lambda arms: _over(arms, outcome), x)
        axes.set_xlabel(msg(label))
        axes.set_ylabel(msg("patterns_gain"))

    return draw


def _over(arms: Arms, outcome: str) -> Floats:
    """Return the change of an outcome from the first arm, on the same luck: (replicates, arms)."""
    levels = np.stack([arms.outcome(name, outcome) for name in arms.names], axis=1)
    return levels - levels[:, :1]


def _sanctions(axes: Axes, finding: Finding) -> None:
    x = [float(name) for name in finding.own.names]
    _line(axes, x, _over(finding.own, "closure_rate"), OWN)
    _line(axes, x, _over(finding.own, "reported_closure_rate"), OTHER)
    axes.legend(handles=[Line2D([], [], color=OTHER, label=msg("patterns_reported")),
                         Line2D([], [], color=OWN, label=msg("patterns_real"))], fontsize=SMALL - 1)  # fmt: skip
    axes.set_xlabel(msg("patterns_pressure"))
    axes.set_ylabel(msg("patterns_gain"))


def _delegation(axes: Axes, finding: Finding) -> None:
    _both(axes, finding, lambda arms: _over(arms, "closure_rate"), np.arange(3))
    axes.set_xticks([0, 1, 2], [fold(msg(f"patterns_{name}"), 1.0, SMALL) for name in finding.own.names])
    axes.set_xlim(-0.4, 2.4)
    axes.set_ylabel(msg("patterns_gain"))


def _nobodys(axes: Axes, finding: Finding) -> None:
    def shares(arms: Arms) -> Floats:
        return np.stack([arms.number(arms.names[0], f"nobodys_{of}") for of in ("cases", "passes")], axis=1)

    _both(axes, finding, shares)
    axes.set_xticks([0, 1], [msg("patterns_cases"), msg("patterns_passes")])
    axes.set_xlim(-0.4, 1.4)
    axes.set_ylim(bottom=0)
    axes.set_ylabel(msg("patterns_of_nobody"))


_PANELS: Mapping[str, Panel] = {
    "S1": _durations,
    "S3": _hazard,
    "S5": _concentration,
    "S6": _quarters,
    "S9": _path,
    "S11": _sweep("patterns_readiness"),
    "S12": _nobodys,
    "S13": _delegation,
    "S14": _sanctions,
    "W": _sweep("patterns_weight"),
}
"""By pattern."""
