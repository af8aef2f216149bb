"""Forest plot: the paired difference of every outcome, one panel a unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.compare import Comparison, Difference
from experiments.figures.style import COLOURS, clean, new_figure
from experiments.present import scale, title, unit
from experiments.words import Language, word

if TYPE_CHECKING:
    from model import Outcome

__all__ = ["paired_differences"]

ROW = 0.24
"""Height of a row in inches."""


def paired_differences(comparison: Comparison, outcomes: Mapping[str, Outcome]) -> Figure:
    """Draw mean and 95 % interval of each difference; a filled mark is clear after Holm's adjustment."""
    panels = _by_unit(comparison.differences, outcomes)
    rows = [len({each.outcome for each in panel}) for panel in panels.values()]
    figure, grid = new_figure(7.5, ROW * sum(rows) + 0.75 * len(rows) + 0.9, rows=max(len(rows), 1))
    if rows:
        grid[0, 0].get_gridspec().set_height_ratios([count + 1 for count in rows])
    for axes, (label, panel) in zip(grid[:, 0], panels.items(), strict=False):
        _panel(axes, label, panel, comparison.regimes[1:], outcomes)
    figure.suptitle(word("paired_figure", before=comparison.regimes[0]) + "; " + word("filled_is_clear"))
    if rows:
        handles, _ = grid[0, 0].get_legend_handles_labels()
        figure.legend(handles=handles, loc="outside lower center", ncols=3, frameon=False)
    return figure


def _by_unit(differences: Sequence[Difference], outcomes: Mapping[str, Outcome]) -> dict[str, list[Difference]]:
    panels: dict[str, list[Difference]] = {}
    for each in differences:
        if each.interval.low is not None:
            panels.setdefault(unit(outcomes[each.outcome], Language.EN, difference=True), []).append(each)
    return panels


def _panel(
    axes: Axes, label: str, panel: Sequence[Difference], regimes: Sequence[str], outcomes: Mapping[str, Outcome]
) -> None:
    names = list(dict.fromkeys(each.outcome for each in panel))
    axes.axvline(0, color="0.6", linewidth=0.8)
    for place, regime in enumerate(regimes):
        # an empty line gives each regime one entry in the legend, whatever is clear
        axes.plot([], [], "o-", color=_colour(place), label=regime)
    for each in panel:
        place = regimes.index(each.after)
        _row(axes, each, names.index(each.outcome) + 0.18 * (place - (len(regimes) - 1) / 2), place, outcomes)
    axes.set_yticks(range(len(names)), [title(outcomes[name], Language.EN) for name in names])
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xlabel(label)
    clean(axes)


def _row(axes: Axes, each: Difference, height: float, place: int, outcomes: Mapping[str, Outcome]) -> None:
    factor, colour = scale(outcomes[each.outcome]), _colour(place)
    mean, low, high = each.interval.mean, each.interval.low, each.interval.high
    assert mean is not None and low is not None and high is not None  # _by_unit keeps defined ones only
    axes.plot([low * factor, high * factor], [height, height], color=colour, linewidth=1.5)
    axes.plot(mean * factor, height, "o", color=colour, markersize=5, markerfacecolor=colour if each.clear else "white")


def _colour(place: int) -> str:
    """Return the colour of a regime; the first colour is the one that all are compared with."""
    return COLOURS[(place + 1) % len(COLOURS)]
