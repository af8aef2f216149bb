"""What counts as closed: cases that never close, work after closing, closing on few days, closing by itself."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from experiments.learning.diagnosis_limits import (
    AFTERWARDS,
    AUTOMATIC,
    BATCHED,
    BUSIEST,
    CROWDED,
    DRAWS,
    LEVEL,
    MANY_BATCHED,
    MANY_UNCLOSED,
    NEAR,
    OLD,
    PERIOD_CASES,
    SEED,
    STANDS_OUT,
    UNCLOSED,
)
from experiments.learning.diagnosis_recording import listed
from experiments.learning.diagnosis_span import Finding, Span, finding
from experiments.learning.paths import Ints
from experiments.stats.cases import THURSDAY, WEEK
from experiments.stats.intervals import Bools, Floats

ALL = (-np.inf, np.inf)
DAY, MONTH = 1.0, 30


def unclosed(span: Span) -> Iterator[Finding]:
    """Yield a finding where many cases that are older than nearly all others became are still open."""
    days = span.duration(OLD)
    old = span.age > days
    share = float((old & ~span.closed).sum() / max(old.sum(), 1))
    if old.sum() >= PERIOD_CASES and share >= UNCLOSED:
        yield finding("unclosed", ALL, share >= MANY_UNCLOSED, share=100.0 * share, days=days,
                      names=_last_activities(span, old & ~span.closed))  # fmt: skip


def _last_activities(span: Span, chosen: Bools) -> str:
    """Return what cases inside did last, the most frequent first; empty where it is not known."""
    paths = span.paths
    some = (np.diff(paths.first) > 0)[span.inside]
    did = paths.activity[(paths.first[1:] - 1)[span.inside][chosen & some]]
    found, count = np.unique(did[did >= 0], return_counts=True)
    return listed([paths.activities[each] for each in found[np.argsort(-count, kind="stable")]][:2])


def goes_on(span: Span) -> Iterator[Finding]:
    """Yield a finding where work goes on in many cases after their closing."""
    paths = span.paths
    after = paths.time - paths.end[paths.case]
    late = np.zeros(len(paths))
    np.maximum.at(late, paths.case, np.nan_to_num(after, nan=0.0))
    late = late[span.inside][span.closed]
    share = float((late > DAY).mean()) if late.size else 0.0
    if share >= AFTERWARDS:
        yield finding("goes_on", ALL, False, share=100.0 * share, days=float(np.median(late[late > DAY])))


def batches(span: Span) -> Iterator[Finding]:
    """Yield a finding where closing happens on few days.

    The null: closings of a month are spread over its days as days of the week have their shares in the whole log;
    simulated. The busiest days must hold a share that matters and is several times that of the null.
    """
    day = np.floor(span.end[span.closed]).astype(np.int64)
    if np.unique(day).size <= PERIOD_CASES:
        return
    first = int(day.min())
    tally = np.bincount(day - first)
    share = float(np.sort(tally)[-BUSIEST:].sum() / day.size)
    place = np.arange(tally.size)
    weekday, month = (place + first + THURSDAY) % WEEK, place // MONTH
    weight = np.bincount(weekday, tally)[weekday] / np.bincount(weekday)[weekday]
    expected = weight * (np.bincount(month, tally) / np.bincount(month, weight).clip(1e-12))[month]
    rng = np.random.default_rng(SEED)
    drawn = np.array([np.partition(rng.multinomial(day.size, expected / expected.sum()), -BUSIEST)[-BUSIEST:].sum()
                      for _ in range(DRAWS)]) / day.size  # fmt: skip
    usual = float(drawn.mean())
    if share >= max(BATCHED, CROWDED * usual) and (1 + (drawn >= share).sum()) / (1 + DRAWS) <= LEVEL:
        yield finding("batches", ALL, share >= MANY_BATCHED, share=100.0 * share, days=BUSIEST, usual=100.0 * usual)


def automatic(span: Span) -> Iterator[Finding]:
    """Yield a finding where many cases close a fixed number of days after the last work on them.

    The null: lags are spread smoothly, a Poisson count at the median of those of the days around. Cases with work at
    two times or more, so that their closing is not simply their duration.
    """
    lags = last_lags(span)
    days = np.floor(lags + 0.5).astype(np.int64)
    tally = np.bincount(days, minlength=2 * NEAR + 2)
    if days.size < PERIOD_CASES:
        return
    from scipy.stats import poisson

    around = _around(tally)
    chance = poisson.sf(tally - 1, np.maximum(around, 1.0))
    alone = (tally >= AUTOMATIC * span.closed.sum()) & (tally >= STANDS_OUT * around) & (chance <= LEVEL / tally.size)
    alone[:2] = False  # work on the same or the next day is none that waits
    if alone.any():
        at = int(np.where(alone, tally, 0).argmax())
        yield finding("automatic", ALL, False, share=100.0 * float(tally[at] / span.closed.sum()), days=at)


def last_lags(span: Span) -> Floats:
    """Return the days from the last work before its closing to the closing of each case that has work at two times."""
    paths = span.paths
    before = paths.time < paths.end[paths.case] - 1e-6
    last = np.full(len(paths), -np.inf)
    np.maximum.at(last, paths.case[before], paths.time[before])
    lag = paths.end - last
    used = span.inside & np.isfinite(lag) & (last > paths.start + 1e-6) & (paths.end <= span.high)
    return np.asarray(lag[used], dtype=np.float64)


def _around(tally: Ints) -> Floats:
    """Return the median of the days around each, itself left out."""
    padded = np.pad(tally.astype(np.float64), NEAR, constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * NEAR + 1)
    return np.asarray(np.nanmedian(np.delete(windows, NEAR, axis=1), axis=1), dtype=np.float64)
