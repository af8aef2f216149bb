"""How a log was cut out of the register: by closing date, by arrival, by date of events; ramps, gaps, stray times.

The null of each test is a log that holds every case that arrived in its span, with cases independent of one another.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from experiments.learning.diagnosis_limits import (
    DENSE,
    FILLED,
    HARDLY_ANY,
    LASTING,
    LEVEL,
    MOST_FILLING,
    PERIOD_CASES,
    QUIET,
    RAMP_SIDE,
    SHAPE,
    STRAY_ENDS,
    TOO_FEW,
    TYPICAL,
    UNLIKE,
    WIDER,
    YOUNG,
)
from experiments.learning.diagnosis_mixes import distance, unlike
from experiments.learning.diagnosis_span import (
    Finding,
    Span,
    counts,
    date_text,
    edges_between,
    finding,
    open_longer,
    seldom,
)
from experiments.learning.paths import Ints
from experiments.stats.intervals import Bools

DAY = 1.0


def stray_times(span: Span) -> Iterator[Finding]:
    """Yield a finding where times lie far outside the span in which the log is dense."""
    paths = span.paths
    times = np.concatenate([paths.time, paths.start, paths.end[paths.closed]])
    outside = int((times < span.low).sum() + (times > span.high).sum())
    if outside:
        yield finding("stray_times", (-np.inf, np.inf), False, count=outside,
                      **{"from": date_text(span.low), "to": date_text(span.high)})  # fmt: skip


def cut_by_closing(span: Span) -> Iterator[Finding]:
    """Yield a finding where cases that were open at the last closing are missing.

    Two deficits of open cases are asked for, among those that arrived within so many days before it, each against the
    share that lasts longer by the product limit in the later half of the cases:

    - against the cases that did arrive: a cut leaves hardly any open, though cases last as long as ever, while arrivals
      that truly stopped leave none to be open;
    - against as many arrivals as there were before: a cut thins them too, to those that close in time.

    Asked at the last closing, for events may follow it, and before a few stray ones; of a log that is cut by closing
    date at its beginning, which is then likely at its end, at a milder level. Where every closing is merely the
    last event, and what the youngest cases did last is not what other cases closed with, the cases are there but
    nothing says that they are open.
    """
    ends = np.sort(span.end[span.closed])[::-1]
    level = SHAPE if any(closed_too_early(span)) else LEVEL / (len(YOUNG) * len(STRAY_ENDS))
    for stray in dict.fromkeys(int(share * ends.size) for share in STRAY_ENDS if ends.size):
        then = Span(span.paths, span.low, float(ends[stray]))
        half = then.age.size // 2
        days, closed = then.days[half:], then.closed[half:]
        for limit in np.quantile(days[closed], YOUNG).tolist() if closed.any() else []:
            young = then.age < limit
            observed, arrived = int((young & ~then.closed).sum()), int(young.sum())
            expected = float(open_longer(days, closed, then.age[young]).sum())
            usual = _usual_arrivals(then, limit) * float(open_longer(days, closed, np.linspace(0, limit, GRID)).mean())
            few = observed < TOO_FEW * min(expected, usual)
            if few and seldom(observed, expected) <= SHAPE and seldom(observed, usual) <= level:
                what = "unmarked_open" if _in_progress(then, limit) else "cut_by_closing"
                yield finding(what, (then.high - limit, np.inf), True, young=arrived, days=limit, open=observed,
                              expected=expected, date=date_text(then.high))  # fmt: skip
                return


GRID = 100  # ages at which the share of open cases is averaged


def _usual_arrivals(span: Span, limit: float) -> float:
    """Return how many cases arrived in so many days before the youngest ones, on average over up to twice that time."""
    begin = max(span.low, span.high - 3.0 * limit)
    before = (span.start >= begin) & (span.age >= limit)
    return float(before.sum() / max((span.high - limit - begin) / limit, 1.0))


def _in_progress(span: Span, limit: float) -> bool:
    """Tell whether young cases are in progress though they count as closed by their last event.

    Young cases are compared with older ones that were as quick. Without activities: whether arrivals keep up to the
    end, which a cut by closing date thins to the share that closes in time.
    """
    paths, last = span.paths, span.paths.first[1:] - 1
    some = (np.diff(paths.first) > 0) & paths.closed
    if not some.any() or not np.allclose(paths.time[last[some]], paths.end[some], atol=1e-6):
        return False
    young = span.age < limit
    quick = ~young & span.closed & (span.days < limit)
    did = paths.activity[last.clip(0)][span.inside]
    if len(paths.activities) > 1:
        return distance(did[young], did[quick]) >= UNLIKE and unlike(did[young], did[quick])
    before = (span.age >= 2 * limit) & (span.age < 5 * limit)
    return bool(young.sum() > TOO_FEW * before.sum() / 3.0)


def closed_too_early(span: Span) -> Iterator[Finding]:
    """Yield a finding where cases that closed before a date are missing, though cases arrived before it.

    Expected ends before the date: of each case that arrived before it, the share that closes in time among those that
    arrived later. Tried at the first end, and behind a few stray ones.
    """
    paths = span.paths
    ends = np.sort(paths.end[paths.closed])
    found = None
    for stray in dict.fromkeys(int(share * ends.size) for share in STRAY_ENDS if ends.size):
        date = float(ends[stray])
        later = span.start >= date
        if not (span.closed & later).any():
            continue
        early = paths.start[paths.start < date]
        expected = float((1.0 - open_longer(span.days[later], span.closed[later], date - early)).sum())
        if stray < HARDLY_ANY * expected and seldom(stray, expected) <= LEVEL / len(STRAY_ENDS):
            found = finding("closed_too_early", (-np.inf, date), True, early=early.size, closed=stray,
                            expected=expected)  # fmt: skip
    yield from [found] if found else ()


def begins_empty(span: Span) -> Iterator[Finding]:
    """Yield a finding where cases that were open when the log begins are missing: as yet few close.

    The null: closings in the first median duration are as many as arrivals that close at all. Not asked of a log whose
    early closings are missing: there the open cases are what is left.
    """
    if any(closed_too_early(span)):
        return
    days = span.duration(TYPICAL)
    arrived = int((span.start < span.low + days).sum())
    ends = int((span.end < span.low + days).sum())
    expected = arrived * float(span.closed.mean())
    if ends < TOO_FEW * expected and seldom(ends, expected) <= LEVEL:
        until = span.low + min(span.duration(FILLED), MOST_FILLING * (span.high - span.low))
        yield finding("begins_empty", (-np.inf, until), False, arrived=arrived, ends=ends, days=days)


def begins_within(span: Span) -> Iterator[Finding]:
    """Yield a finding where the first cases of the log begin with other activities than later ones.

    The log was cut by date of events then: their beginnings are missing, and they did not arrive when they seem to.
    """
    paths = span.paths
    if len(paths.activities) < 2:
        return
    days = max(span.duration(TYPICAL), DAY)
    has = np.diff(paths.first)[span.inside] > 0
    did = paths.activity[paths.first[:-1][span.inside][has]]
    early = span.start[has] < span.low + days
    if min(early.sum(), (~early).sum()) < PERIOD_CASES:
        return
    gap = distance(did[early], did[~early])
    if gap >= UNLIKE and unlike(did[early], did[~early]):
        until = span.low + min(span.duration(LASTING), MOST_FILLING * (span.high - span.low))
        yield finding("begins_within", (-np.inf, until), True, share=100.0 * gap)


def ramps(span: Span) -> Iterator[Finding]:
    """Yield findings where arrivals begin or end with periods far below the quietest ones between, and where they stop.

    The null: a Poisson count at the rate of the quietest tenth of the periods in the middle of the span.
    """
    edges = edges_between(span.low, span.last_arrival)
    widths, arrived = np.diff(edges), counts(span.start, edges)
    place = (edges[:-1] + edges[1:]) / 2.0
    sides = span.low + np.array([RAMP_SIDE, 1.0 - RAMP_SIDE]) * (span.last_arrival - span.low)
    middle = (place > sides[0]) & (place < sides[1])
    if not middle.any():
        return
    quiet = float(np.quantile((arrived / widths)[middle], QUIET))
    low = (arrived < TOO_FEW * quiet * widths) & _seldom_each(arrived, quiet * widths)
    first, last = np.flatnonzero(low & (place < sides[0])), np.flatnonzero(low & (place > sides[1]))
    if first.size:
        until = float(edges[first[-1] + 1])
        yield finding("ramp_up", (-np.inf, until), False, count=int((span.start < until).sum()), usual=quiet)
    since, missing = span.high - span.last_arrival, quiet * (span.high - span.last_arrival)
    if (
        since > WIDER * np.diff(span.start[: int(span.start.size * (1.0 - DENSE))]).max()
        and seldom(0, missing) <= LEVEL
    ):
        yield finding("arrivals_stop", (span.last_arrival, np.inf), False, expected=missing)
    if last.size:
        begin = float(edges[last[0]])
        yield finding("ramp_down", (begin, np.inf), False, count=int((span.start >= begin).sum()),
                      usual=quiet)  # fmt: skip


def _seldom_each(observed: Ints, expected: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Bools:
    from scipy.stats import poisson

    return np.asarray(poisson.cdf(observed, expected) <= LEVEL / max(observed.size, 1))


def gaps(span: Span) -> Iterator[Finding]:
    """Yield a finding for each row of periods in the middle without a single event.

    The null: a Poisson count of cases at work, at the quietest tenth of all periods that have any.
    """
    edges, paths = span.edges, span.paths
    pairs = np.unique(np.stack([np.searchsorted(edges, paths.time[span.event], side="right"),
                                paths.case[span.event]]), axis=1)  # fmt: skip
    seen = np.bincount(pairs[0], minlength=edges.size + 1)[1 : edges.size]
    if not (seen > 0).any():
        return
    rate = float(np.quantile((seen / np.diff(edges))[seen > 0], QUIET))
    empty = np.flatnonzero(np.diff(np.concatenate([[False], seen == 0, [False]]).astype(np.int64)))
    for first, last in empty.reshape(-1, 2):
        if first > 0 and last < seen.size and seldom(0, rate * (edges[last] - edges[first])) <= LEVEL:
            yield finding("gap", (float(edges[first]), float(edges[last])), True)
