"""What simulated cases foretell of an office's: those that are open at a moment, and those that arrive later."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from experiments.learning.paths import NEVER, Courses, Ints, Paths
from experiments.learning.simulated import Pool, together
from experiments.stats.intervals import Floats

NEAR = 8  # simulated cases among which the further course of an open one is drawn
FEWEST_ALIKE = 5  # cases of a kind below which any kind will do
OTHER_KIND = 2.0  # hand-overs by which a case of another kind is taken to be further away
MOST_AT_ONCE = 10_000_000  # ages of hand-overs that are held at once


@dataclass(frozen=True)
class Origin:
    """What is known at a moment, and the runs from which its future is drawn.

    Attributes:
        stock: Cases that are open there.
        kind (array (stock,)): Of these, among the kinds that were learned.
        pools: Runs, each as likely as another.
        ahead: Days that a simulated case must be seen for.
    """

    stock: Paths
    kind: Ints
    pools: Sequence[Pool]
    ahead: float

    @cached_property
    def _together(self) -> tuple[Courses, Ints]:
        return together(self.pools)

    @cached_property
    def _age(self) -> Floats:
        return self.stock.horizon - self.stock.start

    @cached_property
    def _history(self) -> Courses:
        return Courses.of(self.stock)

    @cached_property
    def _near(self) -> list[Ints]:
        """Return by pool the simulated cases that are like each open one, array (stock, near)."""
        passed = (self._history.passed <= self._age[:, None]).sum(axis=1)
        return [_like(pool, self._age, passed, self.kind, self.ahead) for pool in self.pools]

    def drawn(self, after: Floats, kind: Ints, rng: np.random.Generator, draws: int) -> Iterator[Courses]:
        """Yield courses of the stock and of new cases, arrays (some draws, cases, …), until there are so many draws.

        Args:
            after (array (arrivals,)): Days from the moment to each arrival, ascending.
            kind (array (arrivals,)): Among the kinds that were learned.
        """
        courses, _ = self._together
        width = (courses.passed.shape[1] + self._history.passed.shape[1]) * max(len(self.stock) + after.size, 1)
        size = max(1, MOST_AT_ONCE // width)
        for begin in range(0, draws, size):
            some = range(begin, min(begin + size, draws))
            place = np.array([self._places(draw % len(self.pools), after, kind, rng) for draw in some])
            yield _with_history(courses.take(place), self._history, self._age)

    def _places(self, at: int, after: Floats, kind: Ints, rng: np.random.Generator) -> Ints:
        """Return a simulated case of a pool for every case, array (cases,)."""
        near = self._near[at]
        old = near[np.arange(len(near)), rng.integers(near.shape[1], size=len(near))]
        found = np.append(old, _arrived(self.pools[at], after, kind, self.ahead, rng))
        return np.asarray(self._together[1][at] + found)


def _arrived(pool: Pool, after: Floats, kind: Ints, ahead: float, rng: np.random.Generator) -> Ints:
    """Return a simulated case for each arrival: of its kind, in a window of the run as long as that of the arrivals."""
    free = max(pool.days - ahead - float(pool.start[0]), 0.0)
    when = float(pool.start[0]) + rng.random() * free + after
    found = np.empty(after.size, np.int64)
    for each in np.unique(kind):
        mine, chosen = np.flatnonzero(pool.kind == each), kind == each
        mine = mine if mine.size >= FEWEST_ALIKE else np.arange(len(pool))
        near = np.searchsorted(pool.start[mine], when[chosen]) + rng.integers(-NEAR, NEAR, int(chosen.sum()))
        found[chosen] = mine[np.clip(near, 0, mine.size - 1)]
    return found


def _like(pool: Pool, age: Floats, passed: Ints, kind: Ints, ahead: float) -> Ints:
    """Return simulated cases like open ones, array (open, near): open at that age, with as many hand-overs, alike.

    Cases that are seen for long enough come first; where none was open at that age, those that lasted longest.
    """
    seen = pool.days - pool.start
    lasting = np.minimum(pool.courses.closed, seen)
    found = np.empty((age.size, NEAR), np.int64)
    for place in range(age.size):
        fit = np.flatnonzero((pool.courses.closed > age[place]) & (seen > age[place]))
        if fit.size == 0:
            found[place] = np.resize(np.argsort(-lasting, kind="stable")[:NEAR], NEAR)
            continue
        then = (pool.courses.passed[fit] <= age[place]).sum(axis=1)
        away = np.abs(then - passed[place]) + OTHER_KIND * (pool.kind[fit] != kind[place])
        away = away + (seen[fit] < age[place] + ahead)
        order = np.argsort(away, kind="stable")[:NEAR] if fit.size <= NEAR else np.argpartition(away, NEAR)[:NEAR]
        found[place] = np.resize(fit[order], NEAR)
    return found


def _with_history(drawn: Courses, history: Courses, age: Floats) -> Courses:
    """Return courses (draws, cases, …) whose first cases have the history that they had up to their age."""
    count, most = age.size, history.passed.shape[1]
    if count == 0:
        return drawn
    shape = (*drawn.passed.shape[:2], drawn.passed.shape[2] + most)
    passed, passer, back = np.full(shape, NEVER), np.full(shape, -1), np.zeros(shape, np.bool_)
    later = np.ones(drawn.passed.shape, np.bool_)
    later[:, :count] = drawn.passed[:, :count] > age[:, None]
    passed[:, :count, :most], passer[:, :count, :most] = history.passed, history.passer
    back[:, :count, :most] = history.back
    passed[..., most:] = np.where(later, drawn.passed, NEVER)
    passer[..., most:] = np.where(later, drawn.passer, -1)
    back[..., most:] = later & drawn.back
    closed = drawn.closed.copy()
    closed[:, :count] = np.where(closed[:, :count] > age, closed[:, :count], NEVER)
    return Courses(closed, passed, passer, back)
