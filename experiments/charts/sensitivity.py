"""Charts of a sensitivity analysis: bars beside dummy and luck, Morris's plane, pairs, and convergence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from experiments.charts.labels import name_points
from experiments.charts.marks import bar, ends_of, interval_dot, line, named_rows, pair_matrix, titled, zero_line
from experiments.charts.style import COLOURS, GUIDE, QUIET, colour, dashes, finished, marker, one_panel
from experiments.design.naming import Names
from experiments.formatting import PURE_NUMBER, SHARE, Measured, number, scale, title, unit
from experiments.messages import msg
from experiments.stats.sensitivity import Analysis
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
    measured, shown = _measured(analysis), analysis.all_ranked
    figure, axes = one_panel(8.0, 0.36 * len(shown) + 1.7)
    handles = _bands(axes, analysis, scale(measured))
    parts = ("total", "first") if analysis.method == "sobol" else ("leading",)
    for place, part in enumerate(parts):
        style: Any = {"height": 0.72 / len(parts), "color": colour(place), "alpha": 0.75}
        for at, index in enumerate(shown):
            bar(axes, at + 0.19 * (2 * place - len(parts) + 1), getattr(index, part), scale(measured), **style)
    named_rows(axes, [names.of(index.parameter) for index in shown])
    zero_line(axes)
    across = {"sobol": "sensitivity_share_axis", "morris": "sensitivity_mu_star"}.get(analysis.method)
    axes.set_xlabel(msg(across or "sensitivity_distance", unit=unit(measured, difference=True)), color=QUIET)
    if len(parts) > 1:
        handles[:0] = [Patch(color=colour(at), label=msg(f"sensitivity_{part}")) for at, part in enumerate(parts)]
    return _finished(figure, "bars", analysis, handles)


def _finished(figure: Figure, key: str, analysis: Analysis, handles: Sequence[Any], columns: int = 4) -> Figure:
    words = msg(f"sensitivity_{key}", title=title(OUTCOMES[analysis.outcome]))
    return finished(figure, words, handles, columns, NOTE)


def _measured(analysis: Analysis) -> Measured:
    """Return what the leading index is a quantity of."""
    own: dict[str, Measured] = {"sobol": SHARE, "morris": OUTCOMES[analysis.outcome]}
    return own.get(analysis.method, PURE_NUMBER)


def _bands(axes: Axes, analysis: Analysis, factor: float) -> list[Any]:
    """Shade up to luck's index, where the method has one, and up to the dummy's bound."""
    dummy, luck = analysis.dummy.leading, analysis.luck.leading
    bands = [(dummy.mean if dummy.high is None else dummy.high, DUMMY_SHADE, "sensitivity_dummy_band")]
    if analysis.method in ("sobol", "morris"):
        key = "sensitivity_luck_band" if analysis.method == "sobol" else "sensitivity_luck_effect"
        bands.insert(0, (luck.mean, LUCK_SHADE, key))
    for end, shade, _ in bands:
        axes.axvspan(0, (end or 0.0) * factor, color=shade, linewidth=0, zorder=0)
    return [Patch(color=shade, label=msg(key)) for _, shade, key in bands]


def morris_plane(analysis: Analysis, names: Names) -> Figure:
    """Draw Morris's plane: how much a parameter does against how unevenly it does it."""
    measured = _measured(analysis)
    figure, axes = one_panel(7.2, 5.4)
    factor, shown = scale(measured), unit(measured, difference=True)
    handles = _bands(axes, analysis, factor)
    labels: dict[tuple[float, float], list[str]] = {}
    for index in analysis.all_ranked:
        if index.mu_star.mean is not None and index.sigma is not None:
            at = (index.mu_star.mean * factor, index.sigma * factor)
            labels.setdefault(at, []).append(names.of(index.parameter))
            style: Any = {"color": COLOURS[0]} if index in analysis.indices else {"color": COLOURS[1], "marker": "D"}
            interval_dot(axes, at[1], index.mu_star, factor, linewidth=0.9, **style)
    end = factor * max((index.mu_star.mean or 0.0) for index in (*analysis.indices, analysis.luck))
    handles += axes.plot([0, end], [0, end], label=msg("sensitivity_equal"), **GUIDE)
    titled(axes, "", msg("sensitivity_mu_star", unit=shown), msg("sensitivity_sigma", unit=shown))
    _finished(figure, "scatter", analysis, handles)
    name_points(axes, {at: msg("list_join").join(called) for at, called in labels.items()})
    return figure


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
    return _finished(figure, "pairs", analysis, [Patch(color=QUIET, label=msg("sensitivity_unclear_pair"))])


def convergence_lines(stages: Sequence[Analysis], names: Names) -> Figure:
    """Draw the total indices along the number of runs, with their intervals.

    Args:
        stages: Of one outcome by "sobol", fewest runs first; one or more.
    """
    last, runs = stages[-1], [stage.runs for stage in stages]
    figure, axes = one_panel(7.6, 4.6)
    handles = []
    for place, followed in enumerate([*last.ranked[: FOLLOWED - 1], last.luck]):
        name, style = followed.parameter, {"color": colour(place), "linestyle": dashes(place), "marker": marker(place)}
        found = [index.total for stage in stages for index in stage.all_ranked if index.parameter == name]
        handles.append(line(axes, runs, ends_of(found, 100), alpha=0.12, markersize=4, label=names.of(name), **style))
    axes.set_xscale("log", base=2)
    axes.set_xticks(runs, [f"{count:,}" for count in runs])
    axes.minorticks_off()
    axes.set_ylim(*SHARES_SHOWN)
    titled(axes, "", msg("sensitivity_runs_axis"), msg("sensitivity_share_axis"))
    return _finished(figure, "settling", last, handles, columns=3)
