"""Shallow trees: questions one after the other, each the one that explains most (Breiman et al. 1984).

The first questions of a tree are the smaller tree, so that pruning is to stop earlier.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.stats.intervals import Floats
from experiments.stats.prim import Column

LEAST_LEAF = 0.05  # share of all points in the smallest leaf

Ints = NDArray[np.int64]


class Question(NamedTuple):
    """Which points of a leaf lie above a bound: these become a new leaf, with the next number."""

    leaf: int
    part: int
    bound: float


def as_table(columns: Sequence[Column]) -> tuple[Floats, list[tuple[Column, int | None]]]:
    """Return inputs as numbers (points, parts), and of which input and word each part is.

    An input of words has a part for each: whether it is that word.
    """
    parts = [(column, word) for column in columns for word in (range(len(column.words)) or (None,))]
    table = [column.values if word is None else column.values == word for column, word in parts]
    return np.column_stack(table).astype(np.float64), parts


def grow(table: Floats, effect: Floats, leaves: int) -> list[Question]:
    """Return the questions of a tree of at most so many leaves, of points (points, parts) with an effect (points,)."""
    least = max(1, round(LEAST_LEAF * effect.size))
    place, questions = np.zeros(effect.size, dtype=np.int64), list[Question]()
    best: dict[int, tuple[float, int, float]] = {}  # by leaf; a leaf that was not divided keeps its own
    while len(questions) < leaves - 1:
        new = [leaf for leaf in range(len(questions) + 1) if leaf not in best]
        best |= {leaf: _best(table[place == leaf], effect[place == leaf], least) for leaf in new}
        leaf = max(sorted(best), key=lambda each: best[each][0])
        gain, part, bound = best.pop(leaf)
        if gain <= 0.0:
            break
        questions.append(Question(leaf, part, bound))
        place = leaves_of(table, questions)
    return questions


def leaves_of(table: Floats, questions: Sequence[Question]) -> Ints:
    """Return the number of the leaf of each point, array (points,)."""
    leaves = np.zeros(len(table), dtype=np.int64)
    for number, (leaf, part, bound) in enumerate(questions, start=1):
        leaves[(leaves == leaf) & (table[:, part] > bound)] = number
    return leaves


def told_by(questions: Sequence[Question], table: Floats, effect: Floats, others: Floats) -> Floats:
    """Return what a tree says of other points: the mean effect of the points of their leaf."""
    place = leaves_of(table, questions)
    means = np.array([effect[place == leaf].mean() for leaf in range(len(questions) + 1)])
    return np.asarray(means[leaves_of(others, questions)])


def _best(table: Floats, effect: Floats, least: int) -> tuple[float, int, float]:
    """Return how much the best question takes off the sum of squares, the part of the table it asks, and the bound."""
    count = effect.size
    if count < 2 * least:
        return 0.0, 0, 0.0
    order = np.argsort(table, axis=0, kind="stable")
    ordered, below = np.take_along_axis(table, order, axis=0), np.arange(1, count)[:, np.newaxis]
    sums = np.cumsum((effect - effect.mean())[order], axis=0)[:-1]
    gains = sums**2 / below + sums**2 / (count - below)
    gains[(np.diff(ordered, axis=0) <= 0.0) | (below < least) | (count - below < least)] = 0.0
    row, part = np.unravel_index(int(gains.argmax()), gains.shape)
    return float(gains[row, part]), int(part), float(ordered[row, part] + ordered[row + 1, part]) / 2
