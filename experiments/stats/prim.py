"""The patient rule induction method (Friedman and Fisher 1999), for scenario discovery (Bryant and Lempert 2010).

A box that holds all points is peeled, a little at a time and always where it helps most for what is cut off (lenient
objective, Kwakkel and Jaxa-Rozen 2016: else words with many values and numbers with ties are cut first). Of the boxes
on the way, the one with the best balance of coverage and density is pasted where it was cut too far, and freed of
restrictions that might as well be chance.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.stats.intervals import Bools, Floats

ALPHA, LEAST_MASS = 0.05, 0.05
"""Share of the points in a box that one cut takes off a number; share of all points below which no box is looked at."""

SIGNIFICANT, HALVES = 0.05, 20
"""Quasi-p-value above which restrictions are dropped; random halves in which the search is repeated."""


@dataclasses.dataclass(frozen=True)
class Column:
    """An input: its values, one a point; words are numbered in `words`."""

    name: str
    values: Floats
    words: tuple[str, ...] = ()


def columns_of(inputs: Mapping[str, Sequence[Any]]) -> list[Column]:
    """Return inputs as columns; words and switches are numbered. ValueError for values that are undefined."""
    columns = []
    for name, values in inputs.items():
        numeric = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
        words = () if numeric else tuple(dict.fromkeys(map(str, values)))
        numbers = np.array([words.index(str(value)) if words else value for value in values], dtype=np.float64)
        if not np.isfinite(numbers).all():
            raise ValueError(f"{name}: expected numbers or words, got an undefined value.")
        columns.append(Column(name, numbers, words))
    return columns


def part_of(columns: Sequence[Column], points: NDArray[np.int64]) -> list[Column]:
    """Return the columns of some of the points."""
    return [dataclasses.replace(column, values=column.values[points]) for column in columns]


@dataclasses.dataclass(frozen=True)
class Range:
    """A restriction of an input: of numbers from low to high, both inside, or of words to some of them."""

    low: float = -np.inf
    high: float = np.inf
    words: frozenset[int] | None = None

    def holds(self, column: Column) -> Bools:
        if self.words is not None:
            return np.isin(column.values, list(self.words))
        return np.asarray((column.values >= self.low) & (column.values <= self.high))


@dataclasses.dataclass(frozen=True)
class Box:
    """Restrictions by input; an input without any is free."""

    ranges: Mapping[str, Range] = dataclasses.field(default_factory=dict)

    def inside(self, columns: Sequence[Column]) -> Bools:
        held = [self.ranges[column.name].holds(column) for column in columns if column.name in self.ranges]
        return np.asarray(np.all([np.ones(len(columns[0].values), dtype=np.bool_), *held], axis=0))

    def with_range(self, name: str, restriction: Range) -> Box:
        return Box({**self.ranges, name: restriction})

    def without(self, name: str) -> Box:
        return Box({other: each for other, each in self.ranges.items() if other != name})


@dataclasses.dataclass(frozen=True)
class Tally:
    """How a box does: points and cases sought, inside and in all.

    Density is the share of the points inside that are cases, coverage that of all cases that lie inside, mass that of
    all points.
    """

    points: int
    cases: int
    all_points: int
    all_cases: int

    @classmethod
    def of(cls, inside: Bools, sought: Bools) -> Tally:
        return cls(int(inside.sum()), int((inside & sought).sum()), sought.size, int(sought.sum()))

    @property
    def density(self) -> float:
        return self.cases / self.points if self.points else 0.0

    @property
    def coverage(self) -> float:
        return self.cases / self.all_cases if self.all_cases else 0.0

    @property
    def mass(self) -> float:
        return self.points / self.all_points if self.all_points else 0.0

    @property
    def balance(self) -> float:
        total = self.coverage + self.density
        return 2 * self.coverage * self.density / total if total else 0.0


@dataclasses.dataclass(frozen=True)
class Found:
    """A box and how it was found.

    Attributes:
        box: Empty where no restriction is significant.
        trajectory (tuple of (Box, Tally)): From all points to the smallest box.
        chosen: Place on the trajectory.
        p_values, dropped: Quasi-p-values of the restrictions that are left, and of those that were dropped.
    """

    box: Box = dataclasses.field(default_factory=Box)
    trajectory: tuple[tuple[Box, Tally], ...] = ()
    chosen: int = 0
    p_values: Mapping[str, float] = dataclasses.field(default_factory=dict)
    dropped: Mapping[str, float] = dataclasses.field(default_factory=dict)


def find_box(columns: Sequence[Column], sought: Bools, *, keep_all: bool = False) -> Found:
    """Find a box that holds many of the cases sought, an array of bool (points,), and little else.

    With `keep_all` it keeps restrictions that are not significant too.
    """
    trajectory = tuple(peel(columns, sought))
    chosen = max(range(len(trajectory)), key=lambda place: trajectory[place][1].balance)
    box, dropped = _pasted(columns, sought, trajectory[chosen][0]), dict[str, float]()
    while True:
        p_values = {name: quasi_p(columns, sought, box, name) for name in box.ranges}
        worst = max(p_values, key=p_values.__getitem__, default=None)
        if keep_all or worst is None or p_values[worst] <= SIGNIFICANT:
            return Found(box, trajectory, chosen, p_values, dropped)
        dropped[worst], box = p_values[worst], box.without(worst)


def peel(columns: Sequence[Column], sought: Bools) -> Iterator[tuple[Box, Tally]]:
    """Yield boxes, each smaller by the cut that raises the density most for each point it takes off.

    They begin with all points and end with a box that is too small or holds cases only.
    """
    box, inside = Box(), np.ones(sought.size, dtype=np.bool_)
    while True:
        now, best, gain = Tally.of(inside, sought), None, 0.0
        yield box, now
        cuts = ((column, cut) for column in columns
                for cut in _cuts(column, box.ranges.get(column.name, Range()), column.values[inside]))  # fmt: skip
        for column, cut in cuts:
            smaller = inside & cut.holds(column)
            left = Tally.of(smaller, sought)
            if LEAST_MASS * sought.size <= left.points < now.points:
                raised = (left.density - now.density) / (now.points - left.points)
                if raised > gain:
                    best, gain = (box.with_range(column.name, cut), smaller), raised
        if best is None:
            return
        box, inside = best


def _cuts(column: Column, now: Range, values: Floats) -> Iterator[Range]:
    """Yield what is left of an input when a little is cut off either end, or one word."""
    ordered = np.unique(values)
    if ordered.size < 2:
        return
    if column.words:
        left = frozenset(int(value) for value in ordered)
        yield from (dataclasses.replace(now, words=left - {word}) for word in left)
        return
    low, high = np.quantile(values, [ALPHA, 1.0 - ALPHA])
    # ties are cut off together, and something always
    first = np.searchsorted(ordered, low, side="right").clip(1, ordered.size - 1)
    last = np.searchsorted(ordered, high, side="left").clip(1, ordered.size - 1) - 1
    yield dataclasses.replace(now, low=float(ordered[first]))
    yield dataclasses.replace(now, high=float(ordered[last]))


def _pasted(columns: Sequence[Column], sought: Bools, box: Box) -> Box:
    """Give back what was cut too far: as long as the density does not fall."""
    while True:
        density = Tally.of(box.inside(columns), sought).density
        restricted = [column for column in columns if column.name in box.ranges]
        wider = [(Tally.of(each.inside(columns), sought), each)
                 for column in restricted for each in _wider(column, box, columns)]  # fmt: skip
        good = [(tally, each) for tally, each in wider if tally.density >= density]
        if not good:
            return box
        box = max(good, key=lambda pair: (pair[0].density, pair[0].points))[1]


def _wider(column: Column, box: Box, columns: Sequence[Column]) -> Iterator[Box]:
    now = box.ranges[column.name]
    others = box.without(column.name).inside(columns)
    if now.words is not None:
        for word in {int(value) for value in np.unique(column.values[others])} - now.words:
            yield box.with_range(column.name, Range(words=now.words | {word}))
        return
    step = max(1, int(ALPHA * box.inside(columns).sum()))
    below = np.sort(column.values[others & (column.values < now.low)])[::-1]
    above = np.sort(column.values[others & (column.values > now.high)])
    if below.size:
        yield box.with_range(column.name, dataclasses.replace(now, low=float(below[min(step, below.size) - 1])))
    if above.size:
        yield box.with_range(column.name, dataclasses.replace(now, high=float(above[min(step, above.size) - 1])))


def quasi_p(columns: Sequence[Column], sought: Bools, box: Box, name: str) -> float:
    """Return the chance that a restriction does as well by chance: a one-sided binomial test of the cases inside.

    Under the null they are as frequent as in the box without it. The same points chose the box, hence *quasi*.
    """
    from scipy.stats import binom

    here = Tally.of(box.inside(columns), sought)
    freed = Tally.of(box.without(name).inside(columns), sought)
    return float(binom.sf(here.cases - 1, here.points, freed.density))


def reproducibility(columns: Sequence[Column], sought: Bools) -> dict[str, float]:
    """Return, by input, the share of random halves of the points in which it is restricted."""
    rng = np.random.default_rng(0)
    halves = [rng.permutation(sought.size)[: sought.size // 2] for _ in range(HALVES)]
    found = Counter(name for half in halves for name in find_box(part_of(columns, half), sought[half]).box.ranges)
    return {column.name: found[column.name] / HALVES for column in columns}
