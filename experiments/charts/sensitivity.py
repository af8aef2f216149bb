"""Charts of a sensitivity analysis: bars beside dummy and luck, Morris's plane, pairs, and convergence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from experiments.charts.labels import name_points
from experiments.charts.pairs import UNCLEAR, pair_matrix
from experiments.charts.style import COLOURS, QUIET, clean, colour, dashes, head, marker, new_figure, note_below
from experiments.design.naming import Names
from experiments.formatting import PURE_NUMBER, SHARE, Measured, number, scale, title, unit
from experiments.messages import msg
from experiments.stats import Interval
from experiments.stats.indices import Analysis
from model import OUTCOMES

NOTE = "sensitivity_note"

LUCK_SHADE, DUMMY_SHADE = "0.93", "0.8"
"""Greys of the bands up to luck's index and up to the dummy's bound."""

FOLLOWED = 7
"""Parameters whose indices are followed as runs are added: the most important ones."""

SHARES_SHOWN = (-5.0, 105.0)
"""Limits of an axis of shares in percent: the first stages have intervals far outside."""


def bars(analysis: Analysis, names: Names) -> Figure:
    """Draw the indices of all parameters with their intervals, above bands of what is noise."""
    measured = _measured(analysis)
    shown, factor = analysis.all_ranked, scale(measured)
    figure, grid = new_figure(8.0, 0.36 * len(shown) + 1.7)
    axes = grid[0, 0]
    handles = _bands(axes, analysis, factor)
    parts = ("total", "first") if analysis.method == "sobol" else ("leading",)
    for place, part in enumerate(parts):
        offset = 0.19 * (2 * place - len(parts) + 1)
        for at, index in enumerate(shown):
            _bar(axes, at + offset, getattr(index, part), factor, colour(place), 0.72 / len(parts))
    axes.set_yticks(range(len(shown)), [names.of(index.parameter) for index in shown])
    axes.set_ylim(len(shown) - 0.5, -0.5)
    axes.axvline(0, color="0.55", linewidth=0.9)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel(_axis(analysis, measured), color=QUIET)
    clean(axes, grid="x")
    head(figure, _heading("sensitivity_bars", analysis))
    if len(parts) > 1:
        handles = [
            *(Patch(color=colour(at), label=msg(f"sensitivity_{part}")) for at, part in enumerate(parts)),
            *handles,
        ]
    note_below(figure, handles, note_key=NOTE)
    return figure


def _heading(key: str, analysis: Analysis) -> str:
    return msg(key, title=title(OUTCOMES[analysis.outcome]))


def _measured(analysis: Analysis) -> Measured:
    """Return what the leading index is a quantity of."""
    own: dict[str, Measured] = {"sobol": SHARE, "morris": OUTCOMES[analysis.outcome]}
    return own.get(analysis.method, PURE_NUMBER)


def _axis(analysis: Analysis, measured: Measured) -> str:
    key = {"sobol": "sensitivity_share_axis", "morris": "sensitivity_mu_star"}.get(analysis.method)
    return msg(key or "sensitivity_distance", unit=unit(measured, difference=True))


def _bands(axes: Axes, analysis: Analysis, factor: float) -> list[Patch]:
    """Shade up to luck's index, where the method has one, and up to the dummy's bound."""
    dummy, luck = analysis.dummy.leading, analysis.luck.leading
    bands = [(dummy.mean if dummy.high is None else dummy.high, DUMMY_SHADE, "sensitivity_dummy_band")]
    if analysis.method in ("sobol", "morris"):
        key = "sensitivity_luck_band" if analysis.method == "sobol" else "sensitivity_luck_effect"
        bands.insert(0, (luck.mean, LUCK_SHADE, key))
    for end, shade, _ in bands:
        axes.axvspan(0, (end or 0.0) * factor, color=shade, linewidth=0, zorder=0)
    return [Patch(color=shade, label=msg(key)) for _, shade, key in bands]


def _bar(axes: Axes, height: float, interval: Interval, factor: float, shade: str, thick: float) -> None:
    if interval.mean is None:
        return
    axes.barh(height, interval.mean * factor, height=thick, color=shade, alpha=0.75)
    if interval.low is not None and interval.high is not None:
        axes.plot([interval.low * factor, interval.high * factor], [height] * 2, color="0.15", linewidth=1.1)


def morris_plane(analysis: Analysis, names: Names) -> Figure:
    """Draw Morris's plane: how much a parameter does against how unevenly it does it."""
    measured = _measured(analysis)
    figure, grid = new_figure(7.2, 5.4)
    axes, factor = grid[0, 0], scale(measured)
    handles = _bands(axes, analysis, factor)
    labels: dict[tuple[float, float], list[str]] = {}
    for place, index in enumerate(analysis.all_ranked):
        if index.mu_star.mean is not None and index.sigma is not None:
            at = (index.mu_star.mean * factor, index.sigma * factor)
            labels.setdefault(at, []).append(names.of(index.parameter))
            _dot(axes, index.mu_star, at, factor, place < len(analysis.indices))
    end = factor * max((index.mu_star.mean or 0.0) for index in (*analysis.indices, analysis.luck))
    line = {"color": QUIET, "linewidth": 0.9, "linestyle": (0, (4, 2)), "label": msg("sensitivity_equal")}
    handles += axes.plot([0, end], [0, end], **line)
    shown = unit(measured, difference=True)
    axes.set_xlabel(msg("sensitivity_mu_star", unit=shown))
    axes.set_ylabel(msg("sensitivity_sigma", unit=shown))
    clean(axes)
    head(figure, _heading("sensitivity_scatter", analysis))
    note_below(figure, handles, note_key=NOTE)
    name_points(axes, {at: msg("list_join").join(called) for at, called in labels.items()})
    return figure


def _dot(axes: Axes, star: Interval, at: tuple[float, float], factor: float, own: bool) -> None:
    shade = COLOURS[0] if own else COLOURS[1]
    if star.low is not None and star.high is not None:
        axes.plot([star.low * factor, star.high * factor], [at[1]] * 2, color=shade, linewidth=0.9, alpha=0.6)
    axes.plot(*at, marker="o" if own else "D", color=shade, markersize=5)


def interactions(analysis: Analysis, names: Names) -> Figure:
    """Draw second-order indices as a heat map; those whose interval holds zero in grey.

    Raises:
        ValueError: For an analysis without second-order indices.
    """
    if analysis.pairs is None:
        raise ValueError("interactions: expected an analysis with second-order indices, got one without")
    called = {index.parameter: f"{at}  {names.of(index.parameter)}" for at, index in enumerate(analysis.all_ranked, 1)}
    cells = {
        (pair.first, pair.second): ((pair.index.mean or 0.0) * 100, number(pair.index.mean, SHARE, 0),
                                    pair.index.excludes_zero)
        for pair in analysis.pairs
    }  # fmt: skip
    columns = [str(place) for place in range(1, len(called) + 1)]
    figure = pair_matrix(cells, called, columns, msg("sensitivity_share_axis"), signed=False)
    head(figure, _heading("sensitivity_pairs", analysis))
    note_below(figure, [Patch(color=UNCLEAR, label=msg("sensitivity_unclear_pair"))], note_key=NOTE)
    return figure


def convergence_lines(stages: Sequence[Analysis], names: Names) -> Figure:
    """Draw the total indices along the number of runs, with their intervals.

    Args:
        stages: Of one outcome by "sobol", fewest runs first; one or more.
    """
    last = stages[-1]
    followed = [*last.ranked[: FOLLOWED - 1], last.luck]
    figure, grid = new_figure(7.6, 4.6)
    axes = grid[0, 0]
    handles = [_path(axes, stages, index.parameter, place, names) for place, index in enumerate(followed)]
    axes.set_xscale("log", base=2)
    axes.set_xticks([stage.runs for stage in stages], [f"{stage.runs:,}" for stage in stages])
    axes.minorticks_off()
    axes.set_ylim(*SHARES_SHOWN)
    axes.set_xlabel(msg("sensitivity_runs_axis"))
    axes.set_ylabel(msg("sensitivity_share_axis"))
    clean(axes)
    head(figure, _heading("sensitivity_settling", last))
    note_below(figure, handles, columns=3, note_key=NOTE)
    return figure


def _path(axes: Axes, stages: Sequence[Analysis], name: str, place: int, names: Names) -> Line2D:
    found = [index.total for stage in stages for index in stage.all_ranked if index.parameter == name]
    runs = np.array([stage.runs for stage in stages], dtype=np.float64)
    mean, low, high = (
        np.array([getattr(each, what) or 0.0 for each in found]) * 100 for what in ("mean", "low", "high")
    )
    axes.fill_between(runs, low, high, color=colour(place), alpha=0.12, linewidth=0)
    style: dict[str, Any] = {"color": colour(place), "linestyle": dashes(place), "marker": marker(place)}
    (line,) = axes.plot(runs, mean, markersize=4, linewidth=1.3, label=names.of(name), **style)
    return line
