"""The span in which a log is dense, its periods, and what its cases show there; what all detectors start from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from experiments.learning.diagnosis_limits import DENSE, FAR
from experiments.learning.paths import Ints, Paths
from experiments.messages import msg
from experiments.stats.cases import kaplan_meier
from experiments.stats.intervals import Bools, Floats

YEAR, WEEKS = 365.0, 56.0  # days from which on periods are months, and weeks
EPSILON = 1e-6  # days; so long is a log of one moment


@dataclass(frozen=True)
class Finding:
    """What is wrong with a log.

    Attributes:
        what: Name of the detector that found it.
        where, words: Where in the log, and a sentence, in the language that was spoken.
        severe: Whether it changes what may be learned or foretold, and not only how it is read.
        span: From when to when it concerns the log, in days; endless where it concerns all of it.
    """

    what: str
    where: str
    words: str
    severe: bool
    span: tuple[float, float] = (-np.inf, np.inf)

    def to_dict(self) -> dict[str, str]:
        return {"what": self.what, "where": self.where, "words": self.words}


def finding(what: str, span: tuple[float, float], severe: bool, **values: object) -> Finding:
    """Return a finding with its words; those that name the span are filled in as `from` and `to`."""
    low, high = span
    places = {"from": date_text(low), "to": date_text(high)}
    ends = "all" if not np.isfinite([low, high]).any() else "before" if low == -np.inf else "after"
    where = msg(f"diagnosis_where_{'between' if np.isfinite([low, high]).all() else ends}", **places)
    return Finding(what, where, msg(f"diagnosis_{what}", **places | values), severe, span)


def date_text(moment: float) -> str:
    """Return the date of a moment in days since 1970, `–` where it has none."""
    return str(np.datetime64(int(np.floor(moment)), "D")) if np.isfinite(moment) else "–"


@dataclass(frozen=True)
class Span:
    """A log between the first and the last time at which it is dense.

    Attributes:
        paths: The whole log.
        low, high: Ends of the dense span, in days.
    """

    paths: Paths
    low: float
    high: float

    @cached_property
    def inside(self) -> Bools:
        """Which cases arrive in the span and do not end before they begin, array (cases,)."""
        arrived = (self.paths.start >= self.low) & (self.paths.start <= self.high)
        return arrived & ~(self.paths.end < self.paths.start)

    @cached_property
    def start(self) -> Floats:
        """Arrival of the cases inside."""
        return self.paths.start[self.inside]

    @cached_property
    def end(self) -> Floats:
        """Closing of the cases inside, NaN while open at the end of the span."""
        return np.where(self.paths.end <= self.high, self.paths.end, np.nan)[self.inside]

    @property
    def closed(self) -> Bools:
        return np.isfinite(self.end)

    @property
    def age(self) -> Floats:
        """Days from arrival to the end of the span of the cases inside."""
        return self.high - self.start

    @property
    def days(self) -> Floats:
        """How long the cases inside lasted, or have lasted so far."""
        return np.where(self.closed, self.end - self.start, self.age)

    @property
    def last_arrival(self) -> float:
        return float(self.start[-1])

    @cached_property
    def event(self) -> Bools:
        """Which events happen in the span, array (events,)."""
        return (self.paths.time >= self.low) & (self.paths.time <= self.high)

    @cached_property
    def edges(self) -> Floats:
        """Edges of the periods: calendar months, of a short log weeks or days; the first and last may be cut."""
        return edges_between(self.low, self.high)

    def duration(self, share: float) -> float:
        """Return the days within which this share of the cases that close has closed; 0 where none closes."""
        return quantile_of(self.days[self.closed], share)


def quantile_of(days: Floats, share: float) -> float:
    """Return a quantile, 0 of nothing."""
    return float(np.quantile(days, share)) if days.size else 0.0


def edges_between(low: float, high: float) -> Floats:
    """Return the ends of a span and the beginnings of the calendar months, weeks or days between them.

    At either end less than half a period belongs to its neighbour.
    """
    unit = "M" if high - low >= YEAR else "W" if high - low >= WEEKS else "D"
    first, last = (np.datetime64(int(np.floor(each)), "D").astype(f"datetime64[{unit}]") for each in (low, high))
    begins = np.arange(first, last + 2).astype("datetime64[D]").astype(np.int64).astype(np.float64)
    half = float(np.median(np.diff(begins))) / 2.0
    return np.concatenate([[low], begins[(begins >= low + half) & (begins <= high - half)], [max(high, low + EPSILON)]])


def span_of(paths: Paths) -> Span:
    """Return the dense span of a log with at least one case."""
    times = np.concatenate([paths.time, paths.start, paths.end[paths.closed]])
    times = times[np.isfinite(times)]
    times, place = np.unique(times, return_inverse=True)
    low, high = np.sort(place)[[int(share * (place.size - 1)) for share in (DENSE, 1.0 - DENSE)]].tolist()
    gaps = np.diff(times)
    widest = FAR * float(gaps[low:high].max(initial=0.0))
    before, after = np.flatnonzero(gaps[:low] > widest), np.flatnonzero(gaps[high:] > widest)
    first = int(before[-1]) + 1 if before.size else 0
    last = high + int(after[0]) if after.size else times.size - 1
    return Span(
        paths, float(times[first]), float(times[last]) if after.size else max(paths.horizon, float(times[last]))
    )


def open_longer(days: Floats, closed: Bools, ages: Floats) -> Floats:
    """Return the share of cases open longer than each age, by the product-limit estimate from these cases."""
    curve = kaplan_meier(days, closed)
    return np.append(1.0, curve.share)[np.searchsorted(curve.days, ages, side="right")]


def counts(times: Floats, edges: Floats) -> Ints:
    """Return how many times fall into each period."""
    return np.histogram(times[np.isfinite(times)], edges)[0].astype(np.int64)


def seldom(observed: float, expected: float) -> float:
    """Return the chance of so few, or fewer, where cases are independent.

    Of a Poisson count. A sum of independent events with different chances is less dispersed, so this is never too small
    (Hoeffding 1956).
    """
    from scipy.stats import poisson

    return float(poisson.cdf(observed, expected))
