"""What is foretold of an office: measures by period, of a log and of simulated cases by the same code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from experiments.learning.paths import Courses
from experiments.stats.intervals import Bools, Floats

HANDED, MEAN, BACK, MEDIAN, LATE, CLOSINGS, LEFT, TOP = MEASURES = (
    "handover_share", "handovers_mean", "ping_pong_share", "days_median", "open_after_limit", "closings",
    "stock_still_open", "top_tenth_handovers",
)  # fmt: skip
"""By arrival: the first five. By date: closings, the hand-overs of the top tenth of units. Of the stock open at the
beginning: the share that is still open at the end of the period."""

SHARES = (HANDED, BACK, LATE, LEFT, TOP)  # between zero and one; the others are not below zero

PART = 10_000_000  # numbers that are drawn at once

OF_ARRIVALS = (HANDED, MEAN, BACK, MEDIAN, LATE)


@dataclass(frozen=True)
class Periods:
    """Periods that follow one another from an origin, and up to when their cases are seen.

    Attributes:
        edges (array (periods + 1,)): In days; the first is the origin.
        horizon: Last time that is seen, not before the last edge.
        limit: Days after which a case that is open is late.
        units: Number of units.
    """

    edges: Floats
    horizon: float
    limit: float
    units: int

    def __len__(self) -> int:
        return int(self.edges.size) - 1

    @property
    def origin(self) -> float:
        return float(self.edges[0])


def measure(start: Floats, courses: Courses, periods: Periods) -> Floats:
    """Measure cases by period.

    Args:
        start (array (cases,)): Arrival; cases from before the origin are the stock that is open there.
        courses: Of these cases, or of draws of them.

    Returns:
        Array (…, periods, measures), NaN where undefined: no case, the limit not reached by all, nothing handed over.
    """
    seen = periods.horizon - start
    closed = np.where(courses.closed <= seen, courses.closed, np.inf)
    passed = courses.passed <= seen[:, None]
    arrived = (np.searchsorted(periods.edges, start, side="right") - 1).clip(-1, len(periods))
    found = np.full((*closed.shape[:-1], len(periods), len(MEASURES)), np.nan)
    number, back = passed.sum(axis=-1), np.asarray((passed & courses.back).any(axis=-1))
    for period in range(len(periods)):
        mine = arrived == period
        if mine.any():
            found[..., period, : len(OF_ARRIVALS)] = _of_arrivals(
                number[..., mine], back[..., mine], closed[..., mine], seen[mine], periods.limit
            )
    found[..., MEASURES.index(CLOSINGS)] = _closings(start, closed, periods)
    found[..., MEASURES.index(LEFT)] = _left(start, closed, arrived < 0, periods)
    found[..., MEASURES.index(TOP)] = _top(start, courses, passed, periods)
    return found


def _of_arrivals(number: Floats, back: Bools, closed: Floats, seen: Floats, limit: float) -> Floats:
    late = (closed > limit).mean(axis=-1) if seen.min() >= limit else np.full(closed.shape[:-1], np.nan)
    days = np.median(np.minimum(closed, seen), axis=-1)
    return np.stack([(number > 0).mean(axis=-1), number.mean(axis=-1), back.mean(axis=-1), days, late], axis=-1)


def _closings(start: Floats, closed: Floats, periods: Periods) -> Floats:
    when = start + closed
    return np.stack([
        ((when >= low) & (when < high)).sum(axis=-1).astype(np.float64)
        for low, high in zip(periods.edges[:-1], periods.edges[1:], strict=True)
    ], axis=-1)  # fmt: skip


def _left(start: Floats, closed: Floats, stock: Bools, periods: Periods) -> Floats:
    if not stock.any():
        return np.full((*closed.shape[:-1], len(periods)), np.nan)
    when = (start + closed)[..., stock]
    return np.stack([(when >= edge).mean(axis=-1) for edge in periods.edges[1:]], axis=-1)


def _top(start: Floats, courses: Courses, passed: Bools, periods: Periods) -> Floats:
    """Return the share of a period's hand-overs that the top tenth of units make, units without any counted too."""
    when = start[:, None] + courses.passed
    lead = when.shape[:-2]
    draws = int(np.prod(lead, dtype=int))
    period = np.searchsorted(periods.edges, when, side="right") - 1
    inside = passed & (period >= 0) & (period < len(periods)) & (courses.passer >= 0)
    draw = np.broadcast_to(np.arange(draws).reshape(*lead, 1, 1), when.shape)
    key = (draw[inside] * len(periods) + period[inside]) * periods.units + courses.passer[inside]
    made = np.bincount(key, minlength=draws * len(periods) * periods.units).reshape(*lead, len(periods), periods.units)
    most = max(1, round(periods.units / 10))
    top = np.sort(made, axis=-1)[..., -most:].sum(axis=-1)
    whole = made.sum(axis=-1)
    return np.where(whole > 0, top / np.maximum(whole, 1), np.nan)


def in_parts(forecast: Callable[[int], Floats], draws: int, cells: int) -> Floats:
    """Return a forecast of so many draws, made in parts that fit into memory; `cells` are the numbers of one draw."""
    most = max(1, PART // max(cells, 1))
    return np.concatenate([forecast(min(most, draws - done)) for done in range(0, draws, most)])


def periods_from(origin: float, length: float, horizon: float, limit: float, units: int) -> Periods:
    """Return the whole periods of a length, in days, between an origin and the horizon."""
    count = max(0, int((horizon - origin) / length + 1e-9))
    return Periods(np.asarray(origin + length * np.arange(count + 1), np.float64), horizon, limit, units)


def text_of(edges: Floats, period: int) -> str:
    """Return a period as dates, from and to before: `2014-02-03/2014-05-05`."""
    low, high = (np.datetime64(round(edges[period + side]), "D") for side in (0, 1))
    return f"{low}/{high}"
