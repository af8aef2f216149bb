"""The patient rule induction method (Friedman and Fisher 1999), for scenario discovery (Bryant and Lempert 2010).

A box that holds all points is peeled, a little at a time and always where it helps most for what is cut off (the
lenient objective of Kwakkel and Jaxa-Rozen 2016: without it, words with many values and numbers with ties are cut
first). Of the boxes on the way, the one with the best balance of coverage and density is taken, pasted where it was cut
too far, and freed of restrictions that might as well be luck.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from experiments.studies.discovery.boxes import Bools, Box, Column, Range, Tally

__all__ = ["ALPHA", "LEAST_MASS", "SIGNIFICANT", "Found", "find_box", "peel", "quasi_p", "reproducibility"]

ALPHA = 0.05
"""Share of the points in a box that one cut takes off a number."""

LEAST_MASS = 0.05
"""Share of all points below which no box is looked at."""

SIGNIFICANT = 0.05
"""Restrictions with a larger quasi-p-value are dropped."""

HALVES = 20
"""Random halves in which the search is repeated."""


@dataclasses.dataclass(frozen=True)
class Found:
    """A box and how it was come to.

    Attributes
    ----------
    box : Box
        Empty where no restriction is significant.
    trajectory : tuple of (Box, Tally)
        From all points to the smallest box.
    chosen : int
        Place on the trajectory.
    p_values : dict
        Quasi-p-value of each restriction that is left.
    dropped : dict
        Of those that were dropped.
    """

    box: Box
    trajectory: tuple[tuple[Box, Tally], ...]
    chosen: int
    p_values: dict[str, float]
    dropped: dict[str, float]


def find_box(columns: Sequence[Column], sought: Bools, *, keep_all: bool = False) -> Found:
    """Find a box that holds many of the cases sought and little else.

    Parameters
    ----------
    columns : sequence of Column
    sought : array of bool (points,)
    keep_all : bool
        Keep restrictions that are not significant too.
    """
    trajectory = tuple(peel(columns, sought))
    chosen = max(range(len(trajectory)), key=lambda place: trajectory[place][1].balance)
    box = _pasted(columns, sought, trajectory[chosen][0])
    box, dropped = (box, {}) if keep_all else _significant(columns, sought, box)
    return Found(box, trajectory, chosen, {name: quasi_p(columns, sought, box, name) for name in box.ranges}, dropped)


def peel(columns: Sequence[Column], sought: Bools) -> Iterator[tuple[Box, Tally]]:
    """Yield boxes from all points on, each a cut smaller, until one is too small or holds cases only."""
    box, inside = Box(), np.ones(sought.size, dtype=np.bool_)
    tally = Tally.of(inside, sought)
    yield box, tally
    while tally.density < 1.0:
        best = _best_cut(columns, sought, box, inside, tally)
        if best is None:
            return
        box, inside = best
        tally = Tally.of(inside, sought)
        yield box, tally


def _best_cut(
    columns: Sequence[Column], sought: Bools, box: Box, inside: Bools, tally: Tally
) -> tuple[Box, Bools] | None:
    """Return the cut that raises the density most for each point that it takes off; none where none raises it."""
    least, best, gain = LEAST_MASS * sought.size, None, 0.0
    for column in columns:
        for restriction in _cuts(column, box.ranges.get(column.name, Range()), column.values[inside]):
            smaller = inside & restriction.holds(column)
            points = int(smaller.sum())
            if not least <= points < tally.points:
                continue
            raised = (int((smaller & sought).sum()) / points - tally.density) / (tally.points - points)
            if raised > gain:
                best, gain = (box.with_range(column.name, restriction), smaller), raised
    return best


def _cuts(column: Column, now: Range, values: NDArray[np.float64]) -> Iterator[Range]:
    """Yield what is left of an input when a little is cut off either end, or one word."""
    if column.words:
        left = frozenset(int(value) for value in np.unique(values))
        yield from (dataclasses.replace(now, words=left - {msg}) for msg in left if len(left) > 1)
        return
    ordered = np.unique(values)
    if ordered.size < 2:
        return
    low, high = np.quantile(values, [ALPHA, 1.0 - ALPHA])
    # ties are cut off together, and something always
    yield dataclasses.replace(now, low=float(ordered[max(1, np.searchsorted(ordered, low, side="right"))]
                                             if low < ordered[-1] else ordered[-1]))  # fmt: skip
    place = min(ordered.size - 2, int(np.searchsorted(ordered, high, side="left")) - 1)
    yield dataclasses.replace(now, high=float(ordered[max(0, place)]))


def _pasted(columns: Sequence[Column], sought: Bools, box: Box) -> Box:
    """Give back what was cut too far: as long as the density does not fall."""
    while True:
        density = Tally.of(box.inside(columns), sought).density
        wider = [
            (candidate, tally)
            for column in columns if column.name in box.ranges
            for candidate in _wider(column, box, columns)
            if (tally := Tally.of(candidate.inside(columns), sought)).density >= density
        ]  # fmt: skip
        if not wider:
            return box
        box = max(wider, key=lambda each: (each[1].density, each[1].points))[0]


def _wider(column: Column, box: Box, columns: Sequence[Column]) -> Iterator[Box]:
    now = box.ranges[column.name]
    others = box.without(column.name).inside(columns)
    if now.words is not None:
        for msg in {int(value) for value in np.unique(column.values[others])} - now.words:
            yield box.with_range(column.name, Range(words=now.words | {msg}))
        return
    inside = box.inside(columns)
    step = max(1, int(ALPHA * inside.sum()))
    below = np.sort(column.values[others & (column.values < now.low)])[::-1]
    above = np.sort(column.values[others & (column.values > now.high)])
    if below.size:
        yield box.with_range(column.name, dataclasses.replace(now, low=float(below[min(step, below.size) - 1])))
    if above.size:
        yield box.with_range(column.name, dataclasses.replace(now, high=float(above[min(step, above.size) - 1])))


def quasi_p(columns: Sequence[Column], sought: Bools, box: Box, name: str) -> float:
    """Return the chance that a restriction does as well by luck: a one-sided binomial test of the cases inside.

    Under the null, points inside are cases as often as in the box without this restriction. The box was chosen by the
    same points, hence *quasi*.
    """
    from scipy.stats import binom

    here = Tally.of(box.inside(columns), sought)
    freed = Tally.of(box.without(name).inside(columns), sought)
    return float(binom.sf(here.cases - 1, here.points, freed.density))


def _significant(columns: Sequence[Column], sought: Bools, box: Box) -> tuple[Box, dict[str, float]]:
    """Drop the least significant restriction until all are significant."""
    dropped: dict[str, float] = {}
    while box.ranges:
        values = {name: quasi_p(columns, sought, box, name) for name in box.ranges}
        worst = max(values, key=lambda name: values[name])
        if values[worst] <= SIGNIFICANT:
            break
        dropped[worst] = values[worst]
        box = box.without(worst)
    return box, dropped


def reproducibility(columns: Sequence[Column], sought: Bools, seed: int = 0) -> dict[str, float]:
    """Return, by input, the share of random halves of the points in which it is restricted."""
    luck, counts = np.random.default_rng(seed), dict.fromkeys((column.name for column in columns), 0)
    for _ in range(HALVES):
        half = luck.permutation(sought.size)[: sought.size // 2]
        part = [dataclasses.replace(column, values=column.values[half]) for column in columns]
        for name in find_box(part, sought[half]).box.ranges:
            counts[name] += 1
    return {name: count / HALVES for name, count in counts.items()}
