"""Rivals of the mechanism, each a forecast of the same measures: yesterday, last period, a bare queue; the oracle."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from experiments.learning.measures import CLOSINGS, LEFT, MEASURES, OF_ARRIVALS, TOP, Periods, measure
from experiments.learning.paths import Courses, Paths
from experiments.stats.intervals import Floats

STEPS = 6  # windows of the past begin so many times a period
SETTLED = 0.95  # of closings and hand-overs have happened by the age at which a past period is as good as complete


def settled(known: Paths) -> float:
    """Return the age, in days, by which most of what happens to cases has happened."""
    courses = Courses.of(known)
    ages = np.concatenate([courses.passed.ravel(), courses.closed])
    ages = ages[np.isfinite(ages)]
    return float(np.quantile(ages, SETTLED)) if ages.size else 0.0


def yesterday(known: Paths, periods: Periods) -> list[list[Floats]]:
    """Return all that past periods of this length showed, seen for as long: by period and measure, arrays (sample,).

    The stock's run-off is that of past stocks.
    """
    courses, enough = Courses.of(known), settled(known)
    return [_past(known, courses, periods, period, enough) for period in range(len(periods))]


def _past(known: Paths, courses: Courses, periods: Periods, period: int, enough: float) -> list[Floats]:
    length = float(periods.edges[1] - periods.edges[0])
    follow = periods.horizon - float(periods.edges[period + 1])
    found: dict[str, list[float]] = {name: [] for name in MEASURES}
    for start in _starts(known, length):
        end = start + length
        seen = min(end + follow, known.horizon)
        values = measure(known.start, courses, Periods(np.array([start, end]), seen, periods.limit, periods.units))[0]
        found[TOP].append(values[MEASURES.index(TOP)])
        filled = start - known.start[0] >= enough  # a log by arrival begins without a stock
        if filled:
            found[CLOSINGS].append(values[MEASURES.index(CLOSINGS)])
        if seen - end >= min(follow, enough):
            for name in OF_ARRIVALS:
                found[name].append(values[MEASURES.index(name)])
        later = start + length * (period + 1)
        if later <= known.horizon and filled:
            before = known.start < start
            open_then = before & ~(known.end < start)
            left = open_then & ~(known.end < later)
            found[LEFT].append(left.sum() / open_then.sum() if open_then.any() else np.nan)
    return [np.array([each for each in found[name] if np.isfinite(each)]) for name in MEASURES]


def _starts(known: Paths, length: float) -> Iterator[float]:
    start = known.horizon - length
    while start >= known.start[0]:
        yield start
        start -= length / STEPS


def last_period(known: Paths, periods: Periods, rng: np.random.Generator, draws: int) -> list[list[Floats]]:
    """Return what the last period showed that was seen long enough, with its luck (bootstrap of its cases)."""
    courses = Courses.of(known)
    length = float(periods.edges[1] - periods.edges[0])
    return [_last(known, courses, periods, period, length, rng, draws) for period in range(len(periods))]


def _last(
    known: Paths, courses: Courses, periods: Periods, period: int, length: float, rng: np.random.Generator, draws: int
) -> list[Floats]:
    follow = periods.horizon - float(periods.edges[period + 1])
    end = known.horizon - min(follow, periods.limit)
    mine = np.flatnonzero((known.start >= end - length) & (known.start < end))
    found = dict.fromkeys(MEASURES, np.empty(0))
    if mine.size:
        drawn = rng.choice(mine, (draws, mine.size))
        seen = min(end + follow, known.horizon)
        alike = np.full(mine.size, end - length / 2)
        window = Periods(np.array([end - length, end]), seen, periods.limit, periods.units)
        values = measure(alike, courses.take(drawn), window)[:, 0]
        found |= {name: values[:, MEASURES.index(name)] for name in OF_ARRIVALS}
    window = Periods(np.array([known.horizon - length, known.horizon]), known.horizon, periods.limit, periods.units)
    values = measure(known.start, courses, window)[0]
    found[CLOSINGS] = rng.poisson(values[MEASURES.index(CLOSINGS)], draws).astype(np.float64)
    found[TOP] = values[MEASURES.index(TOP)][None]
    start = known.horizon - length * (period + 1)
    open_then = (known.start < start) & ~(known.end < start)
    if open_then.sum() > 0:
        share = float((open_then & ~known.closed).sum() / open_then.sum())
        found[LEFT] = rng.binomial(int(open_then.sum()), share, draws) / open_then.sum()
    return [found[name][np.isfinite(found[name])] for name in MEASURES]


def oracle(whole: Paths, periods: Periods, rng: np.random.Generator, draws: int) -> Floats:
    """Return the forecast of one who knows how cases will go but not which, array (draws, periods, measures).

    New cases go the way of one that really came in these periods, chosen by lot; of the stock the true share is left,
    but for the luck of so many. Nobody can foretell so well: it is no rival but a ceiling.

    Args:
        whole: What will be known at the horizon.
    """
    courses, start = Courses.of(whole), whole.start
    new = np.flatnonzero((start >= periods.origin) & (start < periods.edges[-1]))
    stock = np.flatnonzero((start < periods.origin) & ~(whole.end < periods.origin))
    drawn = rng.choice(new, (draws, new.size)) if new.size else np.empty((draws, 0), np.int64)
    cases = np.concatenate([np.broadcast_to(stock, (draws, stock.size)), drawn], axis=1)
    values = measure(start[np.concatenate([stock, new])], courses.take(cases), periods)
    if stock.size:
        left = values[..., MEASURES.index(LEFT)]
        values[..., MEASURES.index(LEFT)] = rng.binomial(stock.size, left) / stock.size
    return values
