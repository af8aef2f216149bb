"""The picture of a log before a district is learned from it: cases by arrival and duration, flows, what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

from experiments.charts.marks import dated, named_rows, sample, titled
from experiments.charts.style import GUIDE, head, new_figure, note_below
from experiments.colours import BEFORE, DARKER, PACKAGE, QUIET, WORSE
from experiments.messages import msg

Floats = NDArray[np.float64]

ARRIVED, CLOSED, OPEN, SEVERE = BEFORE, PACKAGE, DARKER, WORSE
OUTSIDE, MOST_DOTS = "0.93", 20_000  # shade outside the fair window; dots beyond which every so many case is drawn
SOON = 0.04  # days; cases that close sooner are drawn there on the logarithmic axis


@dataclass(frozen=True)
class Mark:
    """A finding: what it is called, from when to when in days since 1970, endless at open ends."""

    title: str
    span: tuple[float, float]
    severe: bool


@dataclass(frozen=True)
class LogLife:
    """What is drawn of a log. Times are days since 1970-01-01.

    Attributes:
        name: Of the log.
        start, end (arrays (cases,)): Arrival, and closing, NaN while open.
        ends: First and last time of the log.
        edges (array (periods + 1,)): Periods by which flows are counted.
        window, split: Where the log is whole, and where its last part begins; none where no split is fair.
        marks: Findings.
    """

    name: str
    start: Floats
    end: Floats
    ends: tuple[float, float]
    edges: Floats
    window: tuple[float, float] | None
    split: float | None
    marks: Sequence[Mark]


def log_diagnosis(log: LogLife) -> Figure:
    """Draw what was found along time; cases by arrival and duration; arrivals, closings and open cases by period."""
    rows = max(len(log.marks), 1)
    figure, grid = new_figure(9.0, 7.4 + 0.2 * rows, rows=4)
    grid[0, 0].get_gridspec().set_height_ratios([0.2 * rows, 2.8, 1.4, 1.2])
    found, cases, flows, stock = grid[:, 0]
    _findings(found, log)
    _cases(cases, log)
    _flows(flows, log)
    _stock(stock, log)
    for axes in grid[:, 0]:
        axes.set_xlim(*_dates(np.array(log.ends)))
        _shade(axes, log)
        dated(axes)
        axes.tick_params(axis="x", labelbottom=axes is stock)
    head(figure, msg("diagnosis_figure", name=log.name))
    note_below(figure, _legend(log), note_key="diagnosis_figure_note")
    return figure


def _dates(days: Floats) -> NDArray[np.datetime64]:
    return np.round(days * 86_400.0).astype("datetime64[s]")


def _findings(axes: Axes, log: LogLife) -> None:
    for row, mark in enumerate(log.marks):
        low, high = _dates(np.clip(np.array(mark.span), *log.ends))
        shade = SEVERE if mark.severe else QUIET
        axes.plot([low, high], [row, row], color=shade, linewidth=5.0, solid_capstyle="butt")
    named_rows(axes, [mark.title for mark in log.marks] or [msg("diagnosis_nothing")])
    axes.set_title(msg("diagnosis_found"), loc="left", fontweight="bold", fontsize=9)


def _cases(axes: Axes, log: LogLife) -> None:
    step = -(-log.start.size // MOST_DOTS) or 1
    start, end = log.start[::step], log.end[::step]
    is_open = ~(end <= log.ends[1])
    days = np.maximum(np.where(is_open, log.ends[1], end) - start, SOON)
    alpha = float(np.clip(800.0 / max(start.size, 1), 0.12, 0.6))
    style: dict[str, Any] = {"linestyle": "none", "marker": ".", "markeredgewidth": 0.0, "rasterized": True}
    axes.plot(_dates(start[~is_open]), days[~is_open], color=CLOSED, markersize=4, alpha=alpha, **style)
    axes.plot(_dates(start[is_open]), days[is_open], color=OPEN, markersize=5, alpha=0.8, **style)
    place = np.linspace(*log.ends, 400)
    axes.plot(_dates(place), np.maximum(log.ends[1] - place, SOON), **GUIDE)
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.set_ylim(SOON * 0.8, max(log.ends[1] - log.ends[0], 1.0) * 1.3)
    titled(axes, msg("diagnosis_cases"), up=msg("diagnosis_days"))


def _flows(axes: Axes, log: LogLife) -> None:
    widths = np.diff(log.edges)
    for times, shade in ((log.start, ARRIVED), (log.end, CLOSED)):
        axes.stairs(np.histogram(times[np.isfinite(times)], log.edges)[0] / widths, _dates(log.edges), color=shade,
                    linewidth=1.3)  # fmt: skip
    axes.set_ylim(bottom=0)
    titled(axes, msg("diagnosis_flows"), up=msg("diagnosis_a_day"))


def _stock(axes: Axes, log: LogLife) -> None:
    times = np.linspace(*log.ends, 400)
    gone = np.sort(log.end[np.isfinite(log.end)])
    still = np.searchsorted(np.sort(log.start), times, side="right") - np.searchsorted(gone, times, side="right")
    axes.fill_between(_dates(times), still, color=OPEN, alpha=0.25, linewidth=0)
    axes.plot(_dates(times), still, color=OPEN, linewidth=1.2)
    axes.set_ylim(bottom=0)
    titled(axes, msg("diagnosis_stock"), up=msg("diagnosis_open"))


def _shade(axes: Axes, log: LogLife) -> None:
    low, high = log.ends
    whole = log.window or (high, high)
    for begin, end in ((low, whole[0]), (whole[1], high)):
        if end > begin:
            axes.axvspan(*_dates(np.array([begin, end])), color=OUTSIDE, zorder=0, linewidth=0)
    if log.split is not None:
        axes.axvline(_dates(np.array([log.split]))[0], color="black", linewidth=1.0, linestyle=(0, (5, 2)))


def _legend(log: LogLife) -> list[Line2D | Patch]:
    dot = {"linestyle": "none", "markersize": 6}
    handles: list[Line2D | Patch] = [
        sample(msg("diagnosis_closed_cases"), CLOSED, ".", **dot),
        sample(msg("diagnosis_open_cases"), OPEN, ".", **dot),
        sample(msg("diagnosis_end_of_log"), **GUIDE),
        sample(msg("diagnosis_arrivals"), ARRIVED),
        sample(msg("diagnosis_closings"), CLOSED),
        Patch(color=OUTSIDE, label=msg("diagnosis_outside")),
    ]
    if log.split is not None:
        handles.append(sample(msg("diagnosis_split"), "black", linestyle=(0, (5, 2)), linewidth=1.0))
    severe = {mark.severe for mark in log.marks}
    handles += [sample(msg("diagnosis_severe"), SEVERE, linewidth=5.0)] if True in severe else []
    return handles + ([sample(msg("diagnosis_mild"), QUIET, linewidth=5.0)] if False in severe else [])
