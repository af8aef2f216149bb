"""A page of figures: each pattern as it looks in the model, beside the bare queue where that has one."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.charts.marks import bounds, posts, sample, zero_line
from experiments.charts.style import GUIDE, SMALL, clean, finished, fold, panels
from experiments.colours import DARKER, PACKAGE, QUIET
from experiments.design.patterns import Pattern
from experiments.messages import current_language, msg, runs_text
from experiments.stats.arms import Arms, Floats
from experiments.stats.case_patterns import EDGES

OWN, BARE, OTHER = PACKAGE, QUIET, DARKER
WIDTH, HEIGHT = 3.5, 2.6  # of a panel, in inches

DASHED = GUIDE["linestyle"]


class Runs(NamedTuple):
    """Runs of a pattern's arms in the model, and in the bare queue where they were made."""

    pattern: Pattern
    own: Arms
    null: Arms | None


def patterns_page(patterns: Sequence[Runs], pairs: int) -> Figure:
    """Draw one panel for every pattern that has one."""
    drawn = [each for each in patterns if each.pattern.id in _PANELS]
    figure, grid = panels(len(drawn), WIDTH, HEIGHT)
    for axes, runs in zip(grid, drawn, strict=True):
        draw, *labels = _PANELS[runs.pattern.id]
        draw(axes, runs)
        for axis, label in zip((axes.xaxis, axes.yaxis), labels, strict=True):
            axis.set_label_text(msg(label) if label else "", fontsize=SMALL)
        title = f"{runs.pattern.id}  {getattr(runs.pattern.title, current_language())}"
        axes.set_title(fold(title, WIDTH * 0.92, SMALL), fontsize=SMALL)
        clean(axes)
    own = sample(msg("patterns_own"), OWN, "o", markersize=3)
    bare = sample(msg("patterns_bare"), BARE, "o", markersize=3, linestyle=DASHED)
    return finished(figure, msg("patterns_page", runs=runs_text(pairs)), [own, bare])


def _line(axes: Axes, x: Any, values: Floats, colour: str) -> None:
    """Draw means over replicates of shares, with bars of their 95 % interval; `values` (replicates, points)."""
    if values.size:
        style = DASHED if colour == BARE else "solid"
        posts(axes, x, bounds(values * 100.0), color=colour, marker="o", markersize=3, linewidth=1.3, linestyle=style)


def _both(
    axes: Axes, runs: Runs, curve: Callable[[Arms], Floats], x: Any = None, labels: Sequence[str] | None = None
) -> None:
    """Draw a curve of the bare queue and of the model over `x`, or over their numbers from 0, which have labels."""
    for arms, colour in ((runs.null, BARE), (runs.own, OWN)):
        if arms is not None:
            values = curve(arms)
            _line(axes, np.arange(values.shape[1]) if x is None else x, values, colour)
    if labels is not None:
        axes.set_xticks(range(len(labels)), labels)
        axes.set_xlim(-0.4, len(labels) - 0.6)


def _durations(axes: Axes, runs: Runs) -> None:
    middle, width = (EDGES[1:] + EDGES[:-1]) / 2, float(EDGES[1] - EDGES[0])
    counts = runs.own.curve(runs.own.names[0], "log_shape")
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    axes.bar(middle, shares.mean(axis=0) * 100, width=width, color=OWN, alpha=0.35)
    normal = 100 * width * np.exp(-(middle**2) / 2) / np.sqrt(2 * np.pi)
    axes.plot(middle, normal, color=OTHER, linewidth=1.3, label=msg("patterns_lognormal"))
    # of exponential days, standardised alike
    spread = np.pi / np.sqrt(6)
    log = middle * spread - float(np.euler_gamma)
    exponential = 100 * width * spread * np.exp(log - np.exp(log))
    axes.plot(middle, exponential, color="0.3", linewidth=1.0, linestyle=":", label=msg("patterns_exponential"))
    axes.legend(fontsize=SMALL)


def _concentration(axes: Axes, runs: Runs) -> None:
    lorenz = 100 * runs.own.curve(runs.own.names[0], "lorenz")
    x = np.linspace(0.0, 100.0, lorenz.shape[1])
    axes.fill_between(x, lorenz.min(axis=0), lorenz.max(axis=0), color=OWN, alpha=0.2, linewidth=0)
    axes.plot(x, lorenz.mean(axis=0), color=OWN, linewidth=1.3)
    axes.plot([0, 100], [0, 100], color=QUIET, linewidth=0.8, linestyle=":", label=msg("patterns_even"))
    axes.legend(fontsize=SMALL)


def _sweep(axes: Axes, runs: Runs) -> None:
    """Draw a sweep of one number, arms named by it."""
    _both(axes, runs, _gain, [float(name) for name in runs.own.names])


def _first(axes: Axes, runs: Runs, kind: str, ticks: Sequence[int] | None = None) -> None:
    """Draw a curve of the only arm."""
    _both(axes, runs, lambda arms: arms.curve(arms.names[0], kind), ticks)
    if ticks is not None:
        axes.set_xticks(ticks)


def _gain(arms: Arms, outcome: str = "closure_rate") -> Floats:
    """Return the change of an outcome from the first arm, on the same seeds: (replicates, arms)."""
    levels = np.stack([arms.outcome(name, outcome) for name in arms.names], axis=1)
    return levels - levels[:, :1]


def _sanctions(axes: Axes, runs: Runs) -> None:
    for outcome, colour in (("closure_rate", OWN), ("reported_closure_rate", OTHER)):
        _line(axes, [float(name) for name in runs.own.names], _gain(runs.own, outcome), colour)
    samples = [sample(msg("patterns_reported"), OTHER), sample(msg("patterns_real"), OWN)]
    axes.legend(handles=samples, fontsize=SMALL)


def _delegation(axes: Axes, runs: Runs) -> None:
    _both(axes, runs, _gain, labels=[fold(msg(f"patterns_{name}"), 1.0, SMALL) for name in runs.own.names])


def _nobodys(axes: Axes, runs: Runs) -> None:
    def shares(arms: Arms) -> Floats:
        return np.stack([arms.number(arms.names[0], f"nobodys_{of}") for of in ("cases", "passes")], axis=1)

    _both(axes, runs, shares, labels=[msg("patterns_cases"), msg("patterns_passes")])
    axes.set_ylim(bottom=0)


def _path(axes: Axes, runs: Runs) -> None:
    _both(axes, runs, lambda arms: arms.monthly("with") - arms.monthly("without"), np.arange(12) + 0.5)
    zero_line(axes, lying=True)


_PANELS: dict[str, tuple[Callable[[Axes, Runs], None], str, str]] = {
    "S1": (_durations, "patterns_log_days", "patterns_share_cases"),
    "S3": (partial(_first, kind="hazard"), "patterns_so_far", "patterns_another"),
    "S5": (_concentration, "patterns_units", "patterns_of_passes"),
    "S6": (partial(_first, kind="quarters", ticks=(1, 2, 3, 4)), "patterns_quarter", "patterns_closure"),
    "S9": (_path, "patterns_months", "patterns_gain"),
    "S11": (_sweep, "patterns_readiness", "patterns_gain"),
    "S12": (_nobodys, "", "patterns_of_nobody"),
    "S13": (_delegation, "", "patterns_gain"),
    "S14": (_sanctions, "patterns_pressure", "patterns_gain"),
    "W": (_sweep, "patterns_weight", "patterns_gain"),
}
"""By pattern: what draws it, labels of its axes."""
