"""Whole-path replay: a new case goes the way of a past one, a case that is open the way of one that was once like it.

Nothing is fitted but how fast the past fades and how much periods differ. A past case that was still open when it was
last seen is continued by another that was open at that age after about as many hand-overs (delayed entry), that one
perhaps by a third.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from experiments.fit.measures import Periods, measure
from experiments.fit.paths import NEVER, Courses, Ints, Paths
from experiments.stats.intervals import Floats

VERSIONS = 20  # ways in which the past is completed
LIKENESS = 0.3  # difference of log(1 + hand-overs) at which a donor counts 1/e
BLOCK = 30.4375  # days of arrivals that share the luck of a period


@dataclass(frozen=True)
class Habit:
    """How the past is replayed.

    Attributes:
        memory: Days after which a past case counts 1/e; infinite: all count alike.
        alike: How alike periods are, as the shape of the Gamma distribution of a past month's weight in a draw; infinite: quite.
    """

    memory: float
    alike: float


class Replay:
    """What was known at a moment, made ready to be replayed."""

    def __init__(self, known: Paths, habit: Habit, rng: np.random.Generator) -> None:
        self.known, self._habit, self._rng = known, habit, rng
        self._age = known.horizon - known.start
        self._past = _completed(Courses.of(known), self._age, habit.memory, rng)

    def forecast(self, start: Floats, periods: Periods, draws: int) -> Floats:
        """Return what is foretold from the horizon of what is known, array (draws, periods, measures).

        Args:
            start (array (arrivals,)): When new cases come, ascending.
        """
        open_now = np.flatnonzero(~self.known.closed)
        weight = np.exp(-self._age / self._habit.memory)
        of_period = np.searchsorted(periods.edges[1:-1], start, side="right")
        donors = np.empty((draws, start.size), np.int64)
        for period in range(len(periods)):
            mine = np.flatnonzero(of_period == period)
            donors[:, mine] = self._donors(weight, self._habit.alike, draws, mine.size)
        version = (np.arange(draws) % VERSIONS)[:, None]
        new, stock = _taken(self._past, version, donors), _taken(self._past, version, open_now[None, :])
        together = Courses(*(np.concatenate(pair, axis=1) for pair in (
            (stock.closed, new.closed), (stock.passed, new.passed), (stock.passer, new.passer), (stock.back, new.back),
        )))  # fmt: skip
        return measure(np.concatenate([self.known.start[open_now], start]), together, periods)

    def _donors(self, weight: Floats, alike: float, draws: int, count: int) -> Ints:
        """Return past cases for the new ones of a period, in which some past months weigh more, array (draws, count)."""
        month = (self._age / BLOCK).astype(np.int64)
        shares = np.broadcast_to(weight, (draws, weight.size))
        if np.isfinite(alike):
            shares = weight * self._rng.gamma(alike, 1.0 / alike, (draws, int(month.max()) + 1))[:, month]
        whole = np.cumsum(shares, axis=1)
        at = self._rng.random((draws, count)) * whole[:, -1:]
        return np.stack([np.searchsorted(row, each) for row, each in zip(whole, at, strict=True)])


def _taken(past: Courses, version: Ints, cases: Ints) -> Courses:
    return Courses(past.closed[version, cases], past.passed[version, cases], past.passer[version, cases],
                   past.back[version, cases])  # fmt: skip


def _completed(own: Courses, age: Floats, memory: float, rng: np.random.Generator) -> Courses:
    """Return the past with every open case continued by others, arrays (versions, cases, …).

    The longest seen are continued first, so that who continues another has been continued; where nobody was ever seen
    for longer, nothing more happens.
    """
    cases, most = own.passed.shape
    width = 2 * most
    closed = np.repeat(own.closed[None], VERSIONS, axis=0)
    shape = (VERSIONS, cases, width)
    passed, passer, back = np.full(shape, NEVER), np.full(shape, -1), np.zeros(shape, np.bool_)
    passed[..., :most], passer[..., :most], back[..., :most] = own.passed, own.passer, own.back
    ever = np.arange(VERSIONS)
    for case in sorted(np.flatnonzero(np.isinf(own.closed)), key=lambda each: -age[each]):
        longer = np.flatnonzero((age > age[case]) & (own.closed > age[case]))
        if not longer.size:
            continue
        mine = int((own.passed[case] <= age[case]).sum())
        theirs = (own.passed[longer] <= age[case]).sum(axis=1)
        since = age[longer] - age[case]  # days since they were of that age
        like = np.exp(-np.abs(np.log1p(theirs) - np.log1p(mine)) / LIKENESS - since / memory)
        donor = rng.choice(longer, VERSIONS, p=like / like.sum())
        closed[:, case] = closed[ever, donor]
        later = passed[ever, donor] > age[case]
        at = np.cumsum(later, axis=1) - 1 + mine
        room = later & (at < width)
        row, place = np.nonzero(room)
        for into, out in ((passed, passed), (passer, passer), (back, back)):
            into[row, case, at[room]] = out[row, donor[row], place]
    return Courses(closed, passed, passer, back)
