"""Whole-path replay: a new case goes the way of a past one, a case that is open the way of one that was once like it.

Nothing is fitted but how fast the past fades and how much periods differ. A past case that was still open when it was
last seen is continued by another that was open at that age after about as many hand-overs (delayed entry), that one
perhaps by a third.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from experiments.learning.measures import Periods, in_parts, measure
from experiments.learning.paths import NEVER, Courses, Ints, Paths
from experiments.stats.intervals import Floats

VERSIONS, CELLS = 20, 20_000_000
"""Ways in which the past is completed, where so many hand-overs have room; with more cases they are fewer."""

LIKENESS = 0.3  # difference of log(1 + hand-overs) at which a donor counts 1/e
ASKED = 400  # donors, chosen by lot, among which one is found
BLOCK = 30.4375  # days of arrivals that share the luck of a period


@dataclass(frozen=True)
class Habit:
    """How the past is replayed.

    Attributes:
        memory: Days after which a past case counts 1/e; infinite: all count alike.
        alike: Shape of the Gamma distribution of a past month's weight in a draw: how alike periods are; infinite:
            quite alike.
    """

    memory: float
    alike: float


HABITS = tuple(Habit(memory, alike) for memory in (np.inf, 360.0, 120.0) for alike in (np.inf, 1.0, 0.1))
"""Habits that are tried; which are kept is learned on the inner origins."""


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
        cells = (start.size + int((~self.known.closed).sum())) * self._past.passed.shape[-1]
        return in_parts(lambda part: self._forecast(start, periods, part), draws, cells)

    def _forecast(self, start: Floats, periods: Periods, draws: int) -> Floats:
        open_now = np.flatnonzero(~self.known.closed)
        weight = np.exp(-self._age / self._habit.memory)
        of_period = np.searchsorted(periods.edges[1:-1], start, side="right")
        donors = np.empty((draws, start.size), np.int64)
        for period in range(len(periods)):
            mine = np.flatnonzero(of_period == period)
            donors[:, mine] = self._donors(weight, self._habit.alike, draws, mine.size)
        version = (np.arange(draws) % len(self._past.closed))[:, None]
        new, stock = self._past.take((version, donors)), self._past.take((version, open_now[None, :]))
        pairs = zip(stock.arrays, new.arrays, strict=True)
        together = Courses(*(np.concatenate(pair, axis=1) for pair in pairs))
        return measure(np.concatenate([self.known.start[open_now], start]), together, periods)

    def _donors(self, weight: Floats, alike: float, draws: int, count: int) -> Ints:
        """Return past cases for the new ones of a period, in which some months weigh more, (draws, count)."""
        month = (self._age / BLOCK).astype(np.int64)
        shares = np.broadcast_to(weight, (draws, weight.size))
        if np.isfinite(alike):
            shares = weight * self._rng.gamma(alike, 1.0 / alike, (draws, int(month.max()) + 1))[:, month]
        whole = np.cumsum(shares, axis=1)
        at = self._rng.random((draws, count)) * whole[:, -1:]
        return np.stack([np.searchsorted(row, each) for row, each in zip(whole, at, strict=True)])


def _completed(own: Courses, age: Floats, memory: float, rng: np.random.Generator) -> Courses:
    """Return the past with every open case continued by others, arrays (versions, cases, …).

    The longest seen are continued first, so that who continues another has been continued; where nobody was ever seen
    for longer, nothing more happens.
    """
    cases, most = own.passed.shape
    width = 2 * most
    versions = min(VERSIONS, max(2, CELLS // (cases * width)))
    closed = np.repeat(own.closed[None], versions, axis=0)
    shape = (versions, cases, width)
    passed, passer, back = np.full(shape, NEVER), np.full(shape, -1), np.zeros(shape, np.bool_)
    passed[..., :most], passer[..., :most], back[..., :most] = own.passed, own.passer, own.back
    ever = np.arange(versions)
    for case in sorted(np.flatnonzero(np.isinf(own.closed)), key=lambda each: -age[each]):
        longer = np.flatnonzero((age > age[case]) & (own.closed > age[case]))
        if not longer.size:
            continue
        if longer.size > ASKED:
            longer = rng.choice(longer, ASKED, replace=False)
        mine = int((own.passed[case] <= age[case]).sum())
        theirs = (own.passed[longer] <= age[case]).sum(axis=1)
        since = age[longer] - age[case]  # days since they were of that age
        like = np.exp(-np.abs(np.log1p(theirs) - np.log1p(mine)) / LIKENESS - since / memory)
        donor = rng.choice(longer, versions, p=like / like.sum())
        closed[:, case] = closed[ever, donor]
        later = passed[ever, donor] > age[case]
        at = np.cumsum(later, axis=1) - 1 + mine
        room = later & (at < width)
        row, place = np.nonzero(room)
        for into, out in ((passed, passed), (passer, passer), (back, back)):
            into[row, case, at[room]] = out[row, donor[row], place]
    return Courses(closed, passed, passer, back)
