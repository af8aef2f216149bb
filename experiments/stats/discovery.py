"""Scenario discovery: a box in which the cases sought occur, how well it does on worlds it has not seen, and a tree."""

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from experiments.stats.intervals import UNDEFINED, Bools, Floats, Interval, share_interval
from experiments.stats.prim import Box, Column, Found, Range, Tally, find_box, part_of, reproducibility

HELD_OUT, FEWEST, LEAST_LEAF, DEEPEST, FOLDS = 1 / 3, 10, 0.05, 4, 5
"""Share of the worlds that say how good the box is, which is found in the others; cases of either sort below which
nothing is looked for; of the tree: share of all points in the smallest leaf, questions in a row (more cannot be read),
folds of the cross-validation."""


@dataclasses.dataclass(frozen=True)
class Restriction:
    """One side of a box: bounds, both inside, None where it is open, or words that are let in.

    `span` is the smallest and largest value of the input, `p` the quasi-p-value, `reproduced` the share of random
    halves of the worlds in which the input is restricted too.
    """

    input: str
    low: float | None
    high: float | None
    words: tuple[str, ...]
    span: tuple[float, float]
    p: float
    reproduced: float

    @property
    def ends(self) -> tuple[float, float]:
        """Bounds, those of the input where a side is open."""
        smallest, largest = self.span
        return smallest if self.low is None else self.low, largest if self.high is None else self.high


@dataclasses.dataclass(frozen=True)
class Discovery:
    """What was found, the strongest restriction first.

    Attributes:
        columns, sought: Inputs of the worlds looked at, and which of these are cases.
        undefined: Worlds left out for failed runs.
        trouble: Why there is no box: "few", "all", "none", "nothing"; else "".
        leaves: Of the tree, densest first: the box that each is, and how it does.
        coverage, density: On the worlds held out; `_seen`: on those in which it was found: too good, as a best of many.
    """

    condition: str
    columns: tuple[Column, ...]
    sought: Bools
    undefined: int
    trouble: str
    found: Found = dataclasses.field(default_factory=Found)
    restrictions: tuple[Restriction, ...] = ()
    coverage: Interval = UNDEFINED
    density: Interval = UNDEFINED
    coverage_seen: float | None = None
    density_seen: float | None = None
    leaves: tuple[tuple[Box, Tally], ...] = ()

    @property
    def worlds(self) -> int:
        return self.sought.size

    @property
    def cases(self) -> int:
        return int(self.sought.sum())

    def values_of(self, name: str) -> Floats:
        return next(column.values for column in self.columns if column.name == name)

    def rule_of(self, box: Box) -> dict[str, Any]:
        """Return a box as plain values: [low, high] or words by input; null where a side is open."""
        known, rules = {column.name: column for column in self.columns}, dict[str, Any]()
        for name, each in box.ranges.items():
            low, high, words = _plain(known[name], each)
            rules[name] = [low, high] if each.words is None else list(words)
        return rules

    def as_json(self) -> dict[str, Any]:
        return {
            "condition": self.condition, "worlds": self.worlds, "cases": self.cases, "undefined": self.undefined,
            "trouble": self.trouble or None,
            "box": [dataclasses.asdict(each) for each in self.restrictions],
            "coverage": self.coverage.as_json("value"), "density": self.density.as_json("value"),
            "coverage_seen": self.coverage_seen, "density_seen": self.density_seen, "dropped": dict(self.found.dropped),
            "tree": [{"rule": self.rule_of(box), "worlds": each.points, "cases": each.cases, "density": each.density,
                      "coverage": each.coverage} for box, each in self.leaves],
        }  # fmt: skip


def _plain(column: Column, each: Range) -> tuple[float | None, float | None, tuple[str, ...]]:
    """Return low, high and words of a restriction; None where a side is open."""
    low, high = (float(end) if np.isfinite(end) else None for end in (each.low, each.high))
    return low, high, tuple(column.words[place] for place in sorted(each.words or ()))


def discover(
    condition: str, columns: Sequence[Column], sought: Bools, undefined: int, seed: int, *, keep_all: bool = False
) -> Discovery:
    """Look for the conditions under which the cases sought, an array of bool (worlds,), occur.

    `condition` says in words what is sought, `undefined` how many worlds were left out before; `seed` splits the others
    into those for finding and for judging; `keep_all` keeps restrictions that are not significant too.
    """
    cases, worlds = int(sought.sum()), sought.size
    trouble = {worlds: "all", 0: "none"}.get(cases, "few" if min(cases, worlds - cases) < FEWEST else "")
    start = Discovery(condition, tuple(columns), sought, undefined, trouble)
    if trouble:
        return start
    order = np.random.default_rng(seed).permutation(worlds)
    held, kept = order[: round(HELD_OUT * worlds)], np.sort(order[round(HELD_OUT * worlds) :])
    near, known = part_of(columns, kept), {column.name: column for column in part_of(columns, kept)}
    found = find_box(near, sought[kept], keep_all=keep_all)
    start = dataclasses.replace(start, found=found, leaves=tuple(grow_tree(columns, sought, seed)))
    if not found.box.ranges:
        return dataclasses.replace(start, trouble="nothing")
    again = reproducibility(near, sought[kept])
    spans = {name: (float(each.values.min()), float(each.values.max())) for name, each in known.items()}
    restrictions = [Restriction(name, *_plain(known[name], each), spans[name], found.p_values[name], again[name])
                    for name, each in found.box.ranges.items()]  # fmt: skip
    judged = Tally.of(found.box.inside(part_of(columns, held)), sought[held])
    seen = Tally.of(found.box.inside(near), sought[kept])
    return dataclasses.replace(
        start,
        restrictions=tuple(sorted(restrictions, key=lambda each: each.p)),
        coverage=share_interval(judged.cases, judged.all_cases),
        density=share_interval(judged.cases, judged.points),
        coverage_seen=seen.coverage,
        density_seen=seen.density,
    )


def grow_tree(columns: Sequence[Column], sought: Bools, seed: int = 0) -> list[tuple[Box, Tally]]:
    """Return the leaves of a pruned tree, densest first.

    It is pruned to the simplest within one standard error of the best in cross-validation (Breiman et al. 1984). A
    single leaf: the inputs tell nothing.
    """
    from sklearn.model_selection import StratifiedKFold, cross_val_score
    from sklearn.tree import DecisionTreeClassifier

    if min(sought.sum(), (~sought).sum()) < FOLDS:
        return [(Box(), Tally.of(np.ones(sought.size, dtype=np.bool_), sought))]
    parts = [(column, word) for column in columns for word in (range(len(column.words)) or (None,))]
    table = np.column_stack([column.values if word is None else column.values == word for column, word in parts])
    # scikit-learn takes seeds of 32 bits: a larger one is drawn from
    small = seed if seed < 2**32 else int(np.random.default_rng(seed).integers(2**32))

    def classifier(alpha: float = 0.0) -> Any:
        smallest = {"min_samples_leaf": max(1, round(LEAST_LEAF * sought.size)), "max_depth": DEEPEST}
        return DecisionTreeClassifier(**smallest, random_state=small, ccp_alpha=max(0.0, alpha))

    alphas = classifier().cost_complexity_pruning_path(table, sought).ccp_alphas
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=small)
    scores = np.array([cross_val_score(classifier(alpha), table, sought, cv=folds) for alpha in alphas])
    means = scores.mean(axis=1)
    best = int(np.argmax(means))
    enough = means >= means[best] - scores[best].std(ddof=1) / np.sqrt(FOLDS)
    tree = classifier(alphas[int(np.flatnonzero(enough)[-1])]).fit(table, sought).tree_
    leaves = [(box, Tally.of(box.inside(columns), sought)) for box in _boxes(tree, parts, 0, Box())]
    return sorted(leaves, key=lambda leaf: -leaf[1].density)


def _boxes(tree: Any, parts: Sequence[tuple[Column, int | None]], node: int, box: Box) -> Iterator[Box]:
    """Yield the boxes of the leaves below a node, whose questions are about numbers, or about one word of an input."""
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
