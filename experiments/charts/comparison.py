"""Figures of a comparison: differences by outcome, the 2 × 2 of placement and rules, winners and losers."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from experiments.charts.marks import interval_dot, named_rows, sample, value_beside, zero_line
from experiments.charts.style import LABEL_SIZE, WIDTH, colour, finished, fold, marker, new_figure, one_panel
from experiments.colours import BETTER, INK, NEITHER, QUIET, SERIES, WORSE
from experiments.formatting import (
    bracketed,
    by_theme,
    decimals,
    number,
    outcome_of,
    over_worlds,
    plus_minus,
    scale,
    shown_in,
    title,
    unit,
)
from experiments.messages import msg
from experiments.stats.comparison import PARTS, Comparison, Difference
from experiments.stats.units import MEASURES, Measure, UnitDifference

ROW, LINE = 0.235, 0.085  # inches of an outcome's row, and the least ones of each of several marks in it

VERDICTS = {"better": BETTER, "worse": WORSE, "neither": NEITHER}
"""Colour by whether a clear difference is for the better."""

Line = tuple[str, Mapping[str, Difference]]
"""What stands on the left of a row, and its differences by regime; none beside a theme, which heads those below it."""


def paired_differences(comparison: Comparison, names: Iterable[str] | None = None) -> Figure:
    """Draw what is told of each difference: median and 90 % range over worlds; in one world mean and 95 % interval.

    Args:
        names: The outcomes to draw; all where not given.

    Returns:
        Shares in points, others in per cent of the first regime's mean, log ratios as they are: an axis holds only what
        can be compared on it. With one regime to compare, colour says better or worse; with more, it says which. Hollow
        marks are not clear.
    """
    panels = _panels(comparison, comparison.outcomes if names is None else names)
    row = max(ROW, LINE * len(comparison.others))
    heights = [sum(row if found else ROW for _, found in lines) for lines in panels.values()] or [0.4]
    figure, grid = new_figure(8.0, sum(heights) + 0.62 * len(heights) + 0.95, rows=len(heights))
    grid[0, 0].get_gridspec().set_height_ratios(heights)
    for axes, (kind, lines) in zip(grid[:, 0], panels.items(), strict=False):
        _draw_lines(axes, lines, comparison, ROW / row)
        key = "panel_percent_worlds" if kind == "percent" and comparison.worlds else f"panel_{kind}"
        axes.set_xlabel(msg(key, before=comparison.first), color=QUIET)
    if not panels:
        grid[0, 0].set_axis_off()
    others = [comparison.names[each] for each in comparison.others]
    after = msg("list_join").join(others) if len(others) <= 2 else msg("others", count=len(others))
    words = msg("paired_figure", after=after, before=comparison.first, basis=comparison.basis)
    named = ((over_worlds(name, comparison.worlds), shade) for name, shade in VERDICTS.items())
    verdicts = [*(sample(name, shade, "o") for name, shade in named), _hollow(comparison)]
    legend = verdicts if len(others) == 1 else _regimes(comparison, comparison.others)
    return _finished(comparison, figure, words, legend)


def _finished(comparison: Comparison, figure: Figure, words: str, handles: Sequence[Line2D]) -> Figure:
    """Return a figure with its legend, and what its intervals are."""
    return finished(figure, words, handles, note_key="worlds_note" if comparison.worlds else "chance_only")


def _panels(comparison: Comparison, names: Iterable[str]) -> dict[str, list[Line]]:
    """Return rows by axis, of differences that are defined; shares, which are many, stand under their themes."""
    panels: dict[str, list[Line]] = {}
    for theme, members in by_theme(names).items():
        heading: Line = (msg(theme), {})
        for name in members:
            found = {after: each for after, each in comparison.of(name).items() if each.told.mean is not None}
            if found:
                lines = panels.setdefault(_axis(name), [])
                lines += [heading] if _axis(name) == "pp" and heading not in lines else []
                lines.append((title(outcome_of(name)), found))
    return panels


def _axis(name: str) -> str:
    """Name the axis on which an outcome can be compared with others."""
    return {"share": "pp", "log ratio": "log ratio"}.get(outcome_of(name).unit, "percent")


def _draw_lines(axes: Axes, lines: Sequence[Line], comparison: Comparison, slim: float) -> None:
    """Draw the rows of a panel from above; a theme's takes `slim` of the height of an outcome's."""
    heights = np.array([1.0 if found else slim for _, found in lines])
    places, labels = heights.cumsum() - heights / 2, [label for label, _ in lines]
    zero_line(axes)
    named_rows(axes, labels)
    axes.set_yticks(places, labels)
    axes.set_ylim(heights.sum(), 0.0)
    axes.spines["left"].set_visible(False)
    for at, (_, found), label in zip(places, lines, axes.get_yticklabels(), strict=True):
        if found:
            _draw_row(axes, at, found, comparison)
        else:
            label.set(fontweight="bold", color="0.1")


def _draw_row(axes: Axes, at: float, found: Mapping[str, Difference], comparison: Comparison) -> None:
    several, count = len(comparison.others) > 1, len(comparison.regimes)
    for regime, each in found.items():
        outcome, place = outcome_of(each.outcome), comparison.regimes.index(regime)
        relative = _axis(each.outcome) == "percent"
        told, factor = (comparison.relative(each), 100.0) if relative else (each.told, scale(outcome))
        if several:
            height, style = at + 0.78 / count * (place - count / 2), {"color": colour(place), "marker": marker(place)}
        else:
            shade = VERDICTS.get(each.verdict(outcome.direction), VERDICTS["neither"])
            height, style = at, {"color": shade if each.clear else QUIET}
            value_beside(axes, at, _levels(each, comparison))
        interval_dot(axes, height, told, factor, filled=each.clear, **style)


def _levels(each: Difference, comparison: Comparison) -> str:
    """Return the levels on both sides, with no more decimals than it takes to see the difference."""
    outcome = outcome_of(each.outcome)
    size = abs(each.told.mean or 0.0) * scale(outcome)
    digits = min(decimals(each.told, outcome), 1 if size >= 1 else 2 if size >= 0.05 else 3)
    first, last = (
        number(comparison.level(regime, each.outcome).mean, outcome, digits) for regime in (each.before, each.after)
    )
    return f"{first} → {last}" + ("" if outcome.unit in ("0-1", "log ratio") else f" {unit(outcome)}")


def _regimes(comparison: Comparison, drawn: Sequence[str]) -> list[Line2D]:
    """Return what stands in the legend for regimes, and for what is not clear."""
    places = [comparison.regimes.index(regime) for regime in drawn]
    named = zip(drawn, places, strict=True)
    return [*(sample(comparison.names[regime], colour(at), marker(at)) for regime, at in named), _hollow(comparison)]


def _hollow(comparison: Comparison) -> Line2D:
    return sample(over_worlds("unclear", comparison.worlds), QUIET, "o", markerfacecolor="white")


SHADES = {"whole": INK, "placement": SERIES[1], "rules": SERIES[4], "interaction": QUIET}
"""Not those of the regimes: a part is a difference, not a regime."""


def split_of_the_whole(comparison: Comparison) -> Figure:
    """Draw the whole, placement alone, rules alone and their interaction, with what is told of them."""
    defined = {name: parts for name, parts in comparison.told_splits.items() if parts["whole"].mean is not None}
    shown = [name for name in shown_in("split") if name in defined]
    figure, axes = one_panel(WIDTH, 0.78 * len(shown) + 1.3)
    zero_line(axes)
    for at, name in enumerate(shown):
        outcome = outcome_of(name)
        for place, part in enumerate(PARTS):
            height = at + 0.19 * (place - 1.5)
            interval_dot(axes, height, defined[name][part], scale(outcome), color=SHADES[part], linewidth=2.0)
            words = bracketed if comparison.worlds else plus_minus
            label = f"{words(defined[name][part], outcome)} {unit(outcome, difference=True)}"
            value_beside(axes, height, label)
    named_rows(axes, [title(outcome_of(name)) for name in shown])
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(msg("panel_pp"), color=QUIET)
    parts = [sample(msg(f"part_{part}"), SHADES[part], "o") for part in PARTS]
    return _finished(comparison, figure, msg("split_figure", basis=comparison.basis), parts)


def winners_and_losers(comparison: Comparison, level: str) -> Figure:
    """Draw the difference of each unit, with what is told of it, under the last three regimes, by its first measures.

    Units are sorted by the first measure under the last regime, the greatest gain first. Hollow marks are not clear.
    More regimes cannot be told apart, more measures not read on a page; `tables/units.csv` has all.
    """
    measures, drawn = MEASURES[level][:2], comparison.others[-3:]
    found = [each for each in comparison.units if each.level == level and each.regime in drawn]
    order = _order(found, measures[0], comparison.regimes[-1])
    places = {code: place for place, code in enumerate(order)}
    figure, grid = new_figure(WIDTH, 0.165 * max(len(order), 6) + 1.6, columns=2)
    for axes, measure in zip(grid.flat, measures, strict=True):
        zero_line(axes)
        for each in found:
            if each.measure is measure:
                place = comparison.regimes.index(each.regime)
                shift = 0.24 * (place - len(comparison.others) + (len(drawn) - 1) / 2)
                style = {"color": colour(place), "marker": marker(place), "markersize": 3, "linewidth": 1.0}
                height = places[each.code] + shift
                interval_dot(axes, height, each.told, scale(measure), filled=each.clear, **style)
        named_rows(axes, list(order.values()) if axes in grid[:, 0] else [""] * len(order))
        axes.set_ylim(len(order) - 0.4, -0.6)
        across = f"{msg(f'measure_{measure.name}')} ({unit(measure, difference=True)})"
        axes.set_xlabel(fold(across, 2.0, LABEL_SIZE), color=QUIET)
        axes.xaxis.set_major_locator(MaxNLocator(5))
        axes.xaxis.set_major_formatter("{x:,.0f}")
    words = msg(f"figure_{level}", before=comparison.first, basis=comparison.basis)
    return _finished(comparison, figure, words, _regimes(comparison, drawn))


def _order(found: Sequence[UnitDifference], measure: Measure, regime: str) -> dict[str, str]:
    """Return title by code, from the greatest gain to the greatest loss, units without the measure last."""
    size = {
        each.code: measure.direction * (each.told.mean or 0.0)
        for each in found
        if each.measure is measure and each.regime == regime
    }
    titles = {each.code: each.title for each in found}
    return dict(sorted(titles.items(), key=lambda unit: -size.get(unit[0], float("-inf"))))
