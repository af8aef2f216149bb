"""Figures of an analysis: bars beside dummy and luck, the Morris plane, pairs, and how indices settle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from experiments.charts.labels import name_points
from experiments.charts.style import (
    COLOURS,
    QUIET,
    clean,
    colour,
    dashes,
    head,
    marker,
    new_figure,
    note_below,
)
from experiments.design.naming import Names
from experiments.formatting import Measured, number, scale, title, unit
from experiments.messages import msg
from experiments.stats import Interval
from experiments.studies.indices.indices import Analysis
from experiments.studies.indices.told import DISTANCE, SHARE

__all__ = ["bars", "pairs", "plane", "settling"]

NOTE = "sensitivity_note"

LUCK_SHADE, DUMMY_SHADE = "0.93", "0.8"
"""Greys of the bands up to luck's index and up to the dummy's bound."""

FOLLOWED = 7
"""Parameters whose indices are followed as runs are added: the most important ones."""


SHARES_SHOWN = (-5.0, 105.0)
"""Limits of an axis of shares in percent: the first stages have intervals far outside."""


def bars(analysis: Analysis, names: Names) -> Figure:
    """Draw the indices of all parameters with their intervals, above bands of what is noise."""
    from model import OUTCOMES

    measured, factor = _measured(analysis)
    shown = [*analysis.ranked, analysis.dummy, analysis.luck]
    figure, grid = new_figure(8.0, 0.36 * len(shown) + 1.7)
    axes = grid[0, 0]
    handles = _bands(axes, analysis, factor)
    parts = ("total", "first") if analysis.method == "sobol" else ("leading",)
    for place, part in enumerate(parts):
        offset = 0.19 * (2 * place - len(parts) + 1)
        for at, index in enumerate(shown):
            interval = index.leading(analysis.method) if part == "leading" else getattr(index, part)
            _bar(axes, at + offset, interval, factor, colour(place), 0.72 / len(parts))
    axes.set_yticks(range(len(shown)), [names.of(index.parameter) for index in shown])
    axes.set_ylim(len(shown) - 0.5, -0.5)
    axes.axvline(0, color="0.55", linewidth=0.9)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel(_axis(analysis, measured), color=QUIET)
    clean(axes, grid="x")
    head(figure, msg("sensitivity_bars", title=title(OUTCOMES[analysis.outcome])))
    note_below(figure, [*_named(parts), *handles], note_key=NOTE)
    return figure


def _named(parts: Sequence[str]) -> list[Patch]:
    if len(parts) == 1:
        return []
    return [Patch(color=colour(place), label=msg(f"sensitivity_{part}")) for place, part in enumerate(parts)]


def _measured(analysis: Analysis) -> tuple[Measured, float]:
    """Return what the leading index is a quantity of, and the factor by which it is shown."""
    from model import OUTCOMES

    own: dict[str, Measured] = {"sobol": SHARE, "morris": OUTCOMES[analysis.outcome]}
    measured = own.get(analysis.method, DISTANCE)
    return measured, scale(measured)


def _axis(analysis: Analysis, measured: Measured) -> str:
    if analysis.method == "sobol":
        return msg("sensitivity_share_axis")
    if analysis.method == "morris":
        return msg("sensitivity_mu_star", unit=unit(measured, difference=True))
    return msg("sensitivity_distance")


def _bands(axes: Axes, analysis: Analysis, factor: float) -> list[Patch]:
    """Shade up to luck's index, where the method has one, and up to the dummy's bound."""
    dummy, luck = (index.leading(analysis.method) for index in (analysis.dummy, analysis.luck))
    found = [(dummy.mean if dummy.high is None else dummy.high, DUMMY_SHADE, "sensitivity_dummy_band")]
    if analysis.method in ("sobol", "morris"):
        key = "sensitivity_luck_band" if analysis.method == "sobol" else "sensitivity_luck_effect"
        found.insert(0, (luck.mean, LUCK_SHADE, key))
    for end, shade, _ in found:
        axes.axvspan(0, (end or 0.0) * factor, color=shade, linewidth=0, zorder=0)
    return [Patch(color=shade, label=msg(key)) for _, shade, key in found]


def _bar(axes: Axes, height: float, interval: Interval, factor: float, shade: str, thick: float) -> None:
    if interval.mean is None:
        return
    axes.barh(height, interval.mean * factor, height=thick, color=shade, alpha=0.75)
    if interval.low is not None and interval.high is not None:
        axes.plot([interval.low * factor, interval.high * factor], [height] * 2, color="0.15", linewidth=1.1)


def plane(analysis: Analysis, names: Names) -> Figure:
    """Draw Morris's plane: how much a parameter does against how unevenly it does it."""
    from model import OUTCOMES

    outcome = OUTCOMES[analysis.outcome]
    figure, grid = new_figure(7.2, 5.4)
    axes, factor = grid[0, 0], scale(outcome)
    handles = _bands(axes, analysis, factor)
    labels: dict[tuple[float, float], list[str]] = {}
    for place, index in enumerate([*analysis.ranked, analysis.dummy, analysis.luck]):
        if index.mu_star.mean is not None and index.sigma is not None:
            at = (index.mu_star.mean * factor, index.sigma * factor)
            labels.setdefault(at, []).append(names.of(index.parameter))
            _dot(axes, index.mu_star, at, factor, place < len(analysis.indices))
    end = factor * max((index.mu_star.mean or 0.0) for index in (*analysis.indices, analysis.luck))
    axes.plot([0, end], [0, end], color=QUIET, linewidth=0.9, linestyle=(0, (4, 2)))
    shown = unit(outcome, difference=True)
    axes.set_xlabel(msg("sensitivity_mu_star", unit=shown))
    axes.set_ylabel(msg("sensitivity_sigma", unit=shown))
    clean(axes)
    head(figure, msg("sensitivity_scatter", title=title(outcome)))
    line = Line2D([], [], color=QUIET, linewidth=0.9, linestyle=(0, (4, 2)), label=msg("sensitivity_equal"))
    note_below(figure, [*handles, line], note_key=NOTE)
    name_points(axes, {at: msg("list_join").join(called) for at, called in labels.items()})
    return figure


def _dot(axes: Axes, star: Interval, at: tuple[float, float], factor: float, own: bool) -> None:
    shade = COLOURS[0] if own else COLOURS[1]
    if star.low is not None and star.high is not None:
        axes.plot([star.low * factor, star.high * factor], [at[1]] * 2, color=shade, linewidth=0.9, alpha=0.6)
    axes.plot(*at, marker="o" if own else "D", color=shade, markersize=5)


def pairs(analysis: Analysis, names: Names) -> Figure:
    """Draw second-order indices as a heat map; those whose interval holds zero in grey.

    Raises
    ------
    ValueError
        For an analysis without second-order indices.
    """
    from model import OUTCOMES

    if analysis.pairs is None:
        raise ValueError("pairs: expected an analysis with second-order indices, got one without")
    parameters = [index.parameter for index in (*analysis.ranked, analysis.dummy, analysis.luck)]
    place = {name: at for at, name in enumerate(parameters)}
    figure, grid = new_figure(0.62 * len(parameters) + 3.4, 0.45 * len(parameters) + 2.4)
    axes, size = grid[0, 0], len(parameters)
    values = np.full((size, size), np.nan)
    for pair in analysis.pairs:
        low, high = sorted((place[pair.first], place[pair.second]))
        values[high, low] = (pair.index.mean or 0.0) * 100
        clear = not (pair.index.low or 0.0) <= 0.0 <= (pair.index.high or 0.0)
        axes.text(low, high, number(pair.index.mean, SHARE, 0), ha="center", va="center", fontsize=7,
                  color="black" if clear else "0.65", fontweight="bold" if clear else "normal")  # fmt: skip
    image = axes.imshow(values, cmap="Blues", vmin=0.0, vmax=max(2 * _largest(values), 1.0), aspect="auto")
    called = [f"{at}  {names.of(name)}" for at, name in enumerate(parameters, 1)]
    axes.set_xticks(range(size), range(1, size + 1))
    axes.set_yticks(range(size), called)
    axes.tick_params(length=0)
    figure.colorbar(image, ax=axes, label=msg("sensitivity_share_axis"), shrink=0.8)
    head(figure, msg("sensitivity_pairs", title=title(OUTCOMES[analysis.outcome])))
    note_below(figure, [Patch(color="0.65", label=msg("sensitivity_unclear_pair"))], note_key=NOTE)
    return figure


def _largest(values: Any) -> float:
    return float(np.nanmax(values)) if np.isfinite(values).any() else 0.0


def settling(stages: Sequence[Analysis], names: Names) -> Figure:
    """Draw the leading indices along the number of runs, with their intervals.

    Parameters
    ----------
    stages : sequence of Analysis
        Of one outcome, fewest runs first; one or more.
    """
    from model import OUTCOMES

    last = stages[-1]
    followed = [index.parameter for index in last.ranked[: FOLLOWED - 1]] + [last.luck.parameter]
    measured, factor = _measured(last)
    figure, grid = new_figure(7.6, 4.6)
    axes = grid[0, 0]
    handles = [_path(axes, stages, name, factor, place, names) for place, name in enumerate(followed)]
    axes.set_xscale("log", base=2)
    axes.set_xticks([stage.runs for stage in stages], [f"{stage.runs:,}" for stage in stages])
    axes.minorticks_off()
    if last.method == "sobol":
        axes.set_ylim(*SHARES_SHOWN)
    axes.set_xlabel(msg("sensitivity_runs_axis"))
    axes.set_ylabel(_axis(last, measured))
    clean(axes)
    head(figure, msg("sensitivity_settling", title=title(OUTCOMES[last.outcome])))
    note_below(figure, handles, columns=3, note_key=NOTE)
    return figure


def _path(axes: Axes, stages: Sequence[Analysis], name: str, factor: float, place: int, names: Names) -> Line2D:
    found = [
        index.leading(stage.method)
        for stage in stages
        for index in (*stage.indices, stage.luck)
        if index.parameter == name
    ]
    runs = np.array([stage.runs for stage in stages], dtype=np.float64)
    mean, low, high = (np.array([getattr(each, what) or 0.0 for each in found]) * factor
                       for what in ("mean", "low", "high"))  # fmt: skip
    axes.fill_between(runs, low, high, color=colour(place), alpha=0.12, linewidth=0)
    style: dict[str, Any] = {"color": colour(place), "linestyle": dashes(place), "marker": marker(place)}
    (line,) = axes.plot(runs, mean, markersize=4, linewidth=1.3, label=names.of(name), **style)
    return line
