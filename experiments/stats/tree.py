"""A classification tree, its leaves as boxes: a second view beside the patient rule induction method."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from experiments.stats.prim import Bools, Box, Column, Range, Tally

__all__ = ["Leaf", "grow_tree"]

LEAST_LEAF = 0.05
"""Share of all points in the smallest leaf."""

DEEPEST = 4
"""Questions in a row: more cannot be read."""

FOLDS = 5

Part = tuple[Column, int | None]
"""What a column of the table that the tree sees is: an input of numbers, or one word of an input."""


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
    parts: list[Part] = [(column, word) for column in columns for word in (range(len(column.words)) or (None,))]
    table = np.column_stack([column.values if word is None else column.values == word for column, word in parts])
    # scikit-learn takes seeds of 32 bits: a larger one is drawn from
    small = seed if seed < 2**32 else int(np.random.default_rng(seed).integers(2**32))
    least = max(1, round(LEAST_LEAF * sought.size))

    def classifier(alpha: float = 0.0) -> Any:
        return DecisionTreeClassifier(
            max_depth=DEEPEST, min_samples_leaf=least, random_state=small, ccp_alpha=max(0.0, alpha)
        )

    alphas = classifier().cost_complexity_pruning_path(table, sought).ccp_alphas
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=small)
    scores = np.array([cross_val_score(classifier(alpha), table, sought, cv=folds) for alpha in alphas])
    means = scores.mean(axis=1)
    best = int(np.argmax(means))
    enough = means >= means[best] - scores[best].std(ddof=1) / np.sqrt(FOLDS)
    tree = classifier(alphas[int(np.flatnonzero(enough)[-1])]).fit(table, sought).tree_
    leaves = [Leaf(box, Tally.of(box.inside(columns), sought)) for box in _boxes(tree, parts, 0, Box())]
    return sorted(leaves, key=lambda leaf: -leaf.tally.density)


def _boxes(tree: Any, parts: Sequence[Part], node: int, box: Box) -> Iterator[Box]:
    """Yield the boxes of the leaves below a node."""
    if tree.children_left[node] < 0:
        yield box
        return
    column, word = parts[tree.feature[node]]
    bound, now = float(tree.threshold[node]), box.ranges.get(column.name, Range())
    if word is None:
        left = dataclasses.replace(now, high=min(now.high, bound))
        right = dataclasses.replace(now, low=max(now.low, float(np.nextafter(bound, np.inf))))
    else:
        words = frozenset(range(len(column.words))) if now.words is None else now.words
        left, right = Range(words=words - {word}), Range(words=frozenset({word}))
    yield from _boxes(tree, parts, tree.children_left[node], box.with_range(column.name, left))
    yield from _boxes(tree, parts, tree.children_right[node], box.with_range(column.name, right))
