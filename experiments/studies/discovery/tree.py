"""A second view of the same question: a classification tree, its leaves as rules."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.studies.discovery.boxes import Bools, Box, Column, Range, Tally

__all__ = ["Leaf", "grow_tree"]

LEAST_LEAF = 0.05
"""Share of all points in the smallest leaf."""

DEEPEST = 4
"""Questions in a row: more cannot be read."""

FOLDS = 5


@dataclasses.dataclass(frozen=True)
class Leaf:
    """A leaf: the box it is, and how it does."""

    box: Box
    tally: Tally


def grow_tree(columns: Sequence[Column], sought: Bools, seed: int = 0) -> list[Leaf]:
    """Return the leaves of a pruned tree, densest first.

    Words become one column each; the tree is pruned to the simplest within one standard error of the best in
    cross-validation (Breiman et al. 1984). A single leaf: the inputs tell nothing.
    """
    from sklearn.model_selection import StratifiedKFold, cross_val_score
    from sklearn.tree import DecisionTreeClassifier

    if min(int(sought.sum()), int((~sought).sum())) < FOLDS:
        return [Leaf(Box(), Tally.of(np.ones(sought.size, dtype=np.bool_), sought))]
    table, names = _table(columns)
    plain: dict[str, Any] = {"max_depth": DEEPEST, "min_samples_leaf": max(1, round(LEAST_LEAF * sought.size)),
                             "random_state": _within_32_bits(seed)}  # fmt: skip
    path = DecisionTreeClassifier(**plain).cost_complexity_pruning_path(table, sought)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=plain["random_state"])
    scores = [
        cross_val_score(DecisionTreeClassifier(ccp_alpha=max(0.0, alpha), **plain), table, sought, cv=folds)
        for alpha in path.ccp_alphas
    ]
    means = np.array([score.mean() for score in scores])
    best = int(np.argmax(means))
    enough = means >= means[best] - scores[best].std(ddof=1) / np.sqrt(FOLDS)
    alpha = path.ccp_alphas[int(np.flatnonzero(enough)[-1])]
    tree = DecisionTreeClassifier(ccp_alpha=max(0.0, alpha), **plain).fit(table, sought)
    leaves = [Leaf(box, Tally.of(box.inside(columns), sought)) for box in _leaves(tree.tree_, names, columns)]
    return sorted(leaves, key=lambda leaf: -leaf.tally.density)


def _within_32_bits(seed: int) -> int:
    """Return the seed as scikit-learn takes it, whose own are of 32 bits: a larger one is drawn from."""
    return seed if seed < 2**32 else int(np.random.default_rng(seed).integers(2**32))


def _table(columns: Sequence[Column]) -> tuple[NDArray[np.float64], list[tuple[Column, int | None]]]:
    """Return numbers as they are and words as one column each, with what every column is."""
    parts, names = [], list[tuple[Column, int | None]]()
    for column in columns:
        if column.words:
            for number in range(len(column.words)):
                parts.append((column.values == number).astype(np.float64))
                names.append((column, number))
        else:
            parts.append(column.values)
            names.append((column, None))
    return np.column_stack(parts), names


def _leaves(tree: Any, names: Sequence[tuple[Column, int | None]], columns: Sequence[Column]) -> list[Box]:
    boxes: list[Box] = []

    def walk(node: int, box: Box) -> None:
        if tree.children_left[node] < 0:
            boxes.append(box)
            return
        column, msg = names[tree.feature[node]]
        bound = float(tree.threshold[node])
        walk(tree.children_left[node], _below(box, column, msg, bound))
        walk(tree.children_right[node], _above(box, column, msg, bound))

    walk(0, Box())
    return boxes


def _below(box: Box, column: Column, msg: int | None, bound: float) -> Box:
    now = box.ranges.get(column.name, Range())
    if msg is not None:
        words = now.words if now.words is not None else frozenset(range(len(column.words)))
        return box.with_range(column.name, Range(words=words - {msg}))
    return box.with_range(column.name, dataclasses.replace(now, high=min(now.high, bound)))


def _above(box: Box, column: Column, msg: int | None, bound: float) -> Box:
    now = box.ranges.get(column.name, Range())
    if msg is not None:
        return box.with_range(column.name, Range(words=frozenset({msg})))
    return box.with_range(column.name, dataclasses.replace(now, low=max(now.low, np.nextafter(bound, np.inf))))
