"""Forest plot: paired differences by theme; an axis holds only what can be compared on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.charts.style import COLOURS, QUIET, clean, colour, head, marker, new_figure, note_below
from experiments.formatting import decimals, number, scale, title, unit
from experiments.messages import msg
from experiments.studies.comparing.compare import Comparison, Difference
from experiments.themes import by_theme

if TYPE_CHECKING:
    from model import Outcome

__all__ = ["SUMMARY", "paired_differences"]

SUMMARY = (
    "closure_rate",
    "reported_closure_rate",
    "problem_resolution",
    "satisfaction",
    "days_to_close_median",
    "reopen_rate",
    "passes_per_case",
    "passed_share",
    "evasive_pass_share",
    "circulating_days",
    "workload_street",
    "workload_department",
    "overload_days",
    "coordination_share",
    "staff_days_per_closure",
    "equity_gap",
)
"""What a reader in a hurry should see."""

ROW = 0.235
"""Height of a row in inches."""

LINE = 0.085
"""Least height of each of several marks in a row."""

UNNAMED = ("0-1", "log ratio")
"""Units that say nothing beside a number."""

VERDICTS = {"better": COLOURS[2], "worse": COLOURS[1], "neither": "0.3"}
"""Colour by whether a clear difference is for the better."""


def paired_differences(
    comparison: Comparison, outcomes: Mapping[str, Outcome], names: Iterable[str] | None = None
) -> Figure:
    """Draw mean and 95 % interval of each difference.

    Parameters
    ----------
    comparison : Comparison
    outcomes : mapping
        Declarations by name.
    names : iterable of str, optional
        The outcomes to draw; all where not given.

    Returns
    -------
    Figure
        Shares in points, others in per cent of the first regime's mean, log ratios as they are. With one regime to
        compare, colour says better or worse; with more, it says which. Hollow marks are not clear.
    """
    panels = _panels(comparison, outcomes, set(outcomes if names is None else names))
    row = max(ROW, LINE * (len(comparison.regimes) - 1))
    lines = {kind: _lines(kind, panel) for kind, panel in panels.items()}
    heights = [sum(ROW if heading else row for _, heading in each) for each in lines.values()] or [0.4]
    figure, grid = new_figure(8.0, sum(heights) + 0.62 * len(heights) + 0.95, rows=len(heights))
    grid[0, 0].get_gridspec().set_height_ratios(heights)
    for axes, (kind, panel) in zip(grid[:, 0], panels.items(), strict=False):
        _panel(axes, lines[kind], panel, comparison, outcomes, ROW / row)
        axes.set_xlabel(msg(f"panel_{kind}", before=comparison.name(comparison.regimes[0])), color=QUIET)
    if not panels:
        grid[0, 0].set_axis_off()
    head(figure, _heading(comparison))
    note_below(figure, _legend(comparison))
    return figure


def _heading(comparison: Comparison) -> str:
    first, *others = map(comparison.name, comparison.regimes)
    after = msg("list_join").join(others) if len(others) <= 2 else msg("others", count=len(others))
    return msg("paired_figure", after=after, before=first, basis=comparison.basis)


def _panels(
    comparison: Comparison, outcomes: Mapping[str, Outcome], names: set[str]
) -> dict[str, dict[str, list[Difference]]]:
    """Return the differences that are defined, by axis and outcome; of a single pair they have no interval."""
    panels: dict[str, dict[str, list[Difference]]] = {}
    for each in comparison.differences:
        if each.outcome in names and each.interval.mean is not None:
            panels.setdefault(_axis(outcomes[each.outcome]), {}).setdefault(each.outcome, []).append(each)
    return panels


def _axis(outcome: Outcome) -> str:
    """Name the axis on which an outcome can be compared with others."""
    return {"share": "pp", "log ratio": "log ratio"}.get(outcome.unit, "percent")


def _lines(kind: str, panel: Iterable[str]) -> list[tuple[str, bool]]:
    """Return the lines of a panel from above: theme or outcome, and whether it is a theme; only shares are many."""
    headed = kind == "pp"
    return [
        line
        for theme, names in by_theme(panel).items()
        for line in [*([(theme, True)] if headed else []), *((name, False) for name in names)]
    ]


def _panel(
    axes: Axes,
    lines: Sequence[tuple[str, bool]],
    panel: Mapping[str, Sequence[Difference]],
    comparison: Comparison,
    outcomes: Mapping[str, Outcome],
    slim: float,
) -> None:
    """Draw the lines of a panel from above; a theme's takes `slim` of the height of an outcome's."""
    ends = np.cumsum([slim if heading else 1.0 for _, heading in lines])
    places = ends - [slim / 2 if heading else 0.5 for _, heading in lines]
    labels = [msg(name) if heading else title(outcomes[name]) for name, heading in lines]
    axes.axvline(0, color="0.55", linewidth=0.9)
    axes.set_yticks(places, labels)
    axes.set_ylim(ends[-1], 0.0)
    axes.tick_params(axis="y", length=0)
    clean(axes, grid="x")
    axes.spines["left"].set_visible(False)
    for at, (name, heading), label in zip(places, lines, axes.get_yticklabels(), strict=True):
        if heading:
            label.set(fontweight="bold", color="0.1")
        else:
            _row(axes, at, panel[name], comparison, outcomes[name])


def _row(axes: Axes, at: float, found: Sequence[Difference], comparison: Comparison, outcome: Outcome) -> None:
    several = len(comparison.regimes) > 2
    step = 0.78 / len(comparison.regimes)
    for each in found:
        factor = _factor(each, comparison, outcome)
        place = comparison.regimes.index(each.after)
        if several:
            _mark(axes, at + step * (place - len(comparison.regimes) / 2), each, factor, colour(place), marker(place))
        else:
            _mark(axes, at, each, factor, _verdict(each, outcome), "o")
    if not several:
        where: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "va": "center", "ha": "left"}
        axes.text(1.015, at, _levels(found[0], comparison, outcome), fontsize=7.5, color="0.25", **where)


def _factor(each: Difference, comparison: Comparison, outcome: Outcome) -> float:
    """Return what turns a difference into the unit of its axis."""
    if _axis(outcome) != "percent":
        return scale(outcome)
    mean = comparison.levels[each.before][each.outcome].mean
    return 100.0 / mean if mean else 0.0


def _mark(axes: Axes, height: float, each: Difference, factor: float, shade: str, shape: str) -> None:
    mean, low, high = each.interval.mean, each.interval.low, each.interval.high
    assert mean is not None  # _panels keeps defined ones only
    if low is not None and high is not None:
        axes.plot([low * factor, high * factor], [height, height], color=shade, linewidth=1.8, solid_capstyle="butt")
    face = shade if each.clear else "white"
    axes.plot(mean * factor, height, shape, color=shade, markersize=5, markerfacecolor=face)


def _levels(each: Difference, comparison: Comparison, outcome: Outcome) -> str:
    """Return the levels on both sides, with no more decimals than it takes to see the difference."""
    first, last = (comparison.levels[regime][each.outcome].mean for regime in (each.before, each.after))
    size = abs(each.interval.mean or 0.0) * scale(outcome)
    digits = min(decimals(each.interval, outcome), 1 if size >= 1 else 2 if size >= 0.05 else 3)
    named = "" if outcome.unit in UNNAMED else f" {unit(outcome)}"
    return f"{number(first, outcome, digits)} → {number(last, outcome, digits)}{named}"


def _verdict(each: Difference, outcome: Outcome) -> str:
    if not each.clear or each.interval.mean is None:
        return QUIET
    better = each.interval.mean * outcome.direction
    return VERDICTS["better" if better > 0 else "worse" if better < 0 else "neither"]


def _legend(comparison: Comparison) -> list[Line2D]:
    if len(comparison.regimes) > 2:
        marks = [
            Line2D([], [], color=colour(place), marker=marker(place), label=comparison.name(regime))
            for place, regime in enumerate(comparison.regimes)
            if place
        ]
    else:
        marks = [Line2D([], [], color=shade, marker="o", label=msg(name)) for name, shade in VERDICTS.items()]
    return [*marks, Line2D([], [], color=QUIET, marker="o", markerfacecolor="white", label=msg("unclear"))]
