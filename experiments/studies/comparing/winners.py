"""Winners and losers: every street, or every department, under each regime against the first."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from experiments.charts.style import QUIET, clean, colour, head, marker, new_figure, note_below
from experiments.formatting import scale, unit
from experiments.messages import current_language, msg
from experiments.studies.comparing.compare import Comparison
from experiments.studies.comparing.units import MEASURES, Measure, UnitDifference

__all__ = ["winners_and_losers"]

MOST_REGIMES = 3
"""So many regimes, the last ones, are drawn in a row; more cannot be told apart; `tables/units.csv` has all."""

ROW, PANEL = 0.17, 3.3
"""Height of a row and width of a panel in inches."""

ACROSS = 2
"""So many panels stand side by side, that names can be read on a printed page; both levels have a multiple of it."""


def winners_and_losers(comparison: Comparison, level: str) -> Figure:
    """Draw the difference of each unit with its 95 % interval, one panel a measure.

    Units are sorted by the first measure under the last regime, the greatest gain first. Hollow marks are not clear.
    """
    measures = MEASURES[level]
    drawn = comparison.regimes[1:][-MOST_REGIMES:]
    found = [each for each in comparison.units if each.level == level and each.regime in drawn]
    order = _order(found, measures[0], comparison.regimes[-1])
    rows = -(-len(measures) // ACROSS)
    height = rows * (ROW * max(len(order), 6) + 0.5) + 1.1
    figure, grid = new_figure(2.6 + PANEL * ACROSS, height, rows=rows, columns=ACROSS)
    for axes, measure in zip(grid.flat, measures, strict=True):
        _panel(axes, comparison, [each for each in found if each.measure is measure], list(order), measure)
        axes.set_yticks(range(len(order)), [""] * len(order))
    for axes in grid[:, 0]:
        axes.set_yticks(range(len(order)), list(order.values()), fontsize=6.5)
    head(figure, msg(f"figure_{level}", before=comparison.name(comparison.regimes[0]), basis=comparison.basis))
    note_below(figure, _legend(comparison, drawn))
    return figure


def _order(found: Sequence[UnitDifference], measure: Measure, regime: str) -> dict[str, str]:
    """Return title by code, from the greatest gain to the greatest loss, units without the measure last."""
    size = {
        each.code: measure.direction * (each.interval.mean or 0.0)
        for each in found
        if each.measure is measure and each.regime == regime
    }
    titles = {each.code: each.title(current_language()) for each in found}
    return dict(sorted(titles.items(), key=lambda unit: -size.get(unit[0], float("-inf"))))


def _panel(
    axes: Axes, comparison: Comparison, found: Sequence[UnitDifference], order: Sequence[str], measure: Measure
) -> None:
    axes.axvline(0, color="0.55", linewidth=0.9)
    last = len(comparison.regimes) - 1
    for each in found:
        place = comparison.regimes.index(each.regime)
        height = order.index(each.code) + 0.24 * (place - last + (min(last, MOST_REGIMES) - 1) / 2)
        _mark(axes, height, each, colour(place), marker(place))
    axes.set_ylim(len(order) - 0.4, -0.6)
    axes.set_xlabel(f"{msg(f'measure_{measure.name}')} ({unit(measure, difference=True)})", color=QUIET)
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.xaxis.set_major_formatter("{x:,.0f}")
    clean(axes, grid="x")


def _mark(axes: Axes, height: float, each: UnitDifference, shade: str, shape: str) -> None:
    factor, interval = scale(each.measure), each.interval
    if interval.low is not None and interval.high is not None:
        axes.plot([interval.low * factor, interval.high * factor], [height] * 2, color=shade, linewidth=1.0)
    face = shade if each.clear else "white"
    axes.plot((interval.mean or 0.0) * factor, height, shape, color=shade, markersize=3, markerfacecolor=face)


def _legend(comparison: Comparison, drawn: Sequence[str]) -> list[Line2D]:
    places = {regime: comparison.regimes.index(regime) for regime in drawn}
    marks = [
        Line2D([], [], color=colour(place), marker=marker(place), label=comparison.name(regime))
        for regime, place in places.items()
    ]
    return [*marks, Line2D([], [], color=QUIET, marker="o", markerfacecolor="white", label=msg("unclear"))]
