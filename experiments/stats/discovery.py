"""Scenario discovery: a box in which the cases sought occur, how well it does on worlds it has not seen, and a tree."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.stats.intervals import UNDEFINED, Bools, Floats, Interval, share_interval
from experiments.stats.prim import Box, Column, Found, Range, Tally, find_box, part_of, reproducibility
from experiments.stats.tree import Question, as_table, grow, told_by

HELD_OUT, FEWEST, MOST_LEAVES, FOLDS = 1 / 3, 10, 8, 5
"""Share of the worlds that say how good the box is, which is found in the others; cases of either sort below which
nothing is looked for; leaves of the tree (more cannot be read), folds of the cross-validation."""


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
        trouble: Why there is no box: "few", "all", "none", "nothing", "unclear"; else "".
        leaves: Of the tree, densest first: the box that each is, and how it does.
        coverage, density: On the worlds held out; `_seen`: on those in which it was found: too good, as a best of many.
        in_worlds: Whether the worlds are plausible ones: every one is held out once, in one of the folds, and a
            restriction is reproduced in the share of folds without which its input is restricted too.
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
    in_worlds: bool = False

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
    worlds = sought.size
    start = Discovery(condition, tuple(columns), sought, undefined, trouble_of(sought))
    if start.trouble:
        return start
    order = np.random.default_rng(seed).permutation(worlds)
    held, kept = order[: round(HELD_OUT * worlds)], np.sort(order[round(HELD_OUT * worlds) :])
    near, known = part_of(columns, kept), {column.name: column for column in part_of(columns, kept)}
    found = find_box(near, sought[kept], keep_all=keep_all)
    start = dataclasses.replace(start, found=found, leaves=tuple(grow_tree(columns, sought, deal_evenly(worlds, seed))))
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


def trouble_of(sought: Bools) -> str:
    """Return why nothing can be looked for: all points are cases, none is, or few are or are not; else ""."""
    cases, points = int(sought.sum()), sought.size
    return {points: "all", 0: "none"}.get(cases, "few" if min(cases, points - cases) < FEWEST else "")


def deal_evenly(points: int, seed: int) -> NDArray[np.int64]:
    """Return the fold to which each point is dealt, at random."""
    return np.random.default_rng(seed).permutation(points) % FOLDS


def grow_tree(columns: Sequence[Column], sought: Bools, folds: NDArray[np.int64]) -> list[tuple[Box, Tally]]:
    """Return the leaves of a pruned tree, densest first.

    It is pruned to the fewest leaves within one standard error of the best in cross-validation (Breiman et al. 1984). A
    single leaf: the inputs tell nothing.
    """
    if min(sought.sum(), (~sought).sum()) < FOLDS:
        return [(Box(), Tally.of(np.ones(sought.size, dtype=np.bool_), sought))]
    table, parts = as_table(columns)
    effect = sought.astype(np.float64)
    errors = np.empty((FOLDS, MOST_LEAVES))
    for fold in range(FOLDS):
        kept, held = folds != fold, folds == fold
        questions = grow(table[kept], effect[kept], MOST_LEAVES)
        for asked in range(MOST_LEAVES):
            told = told_by(questions[:asked], table[kept], effect[kept], table[held])
            errors[fold, asked] = ((told - effect[held]) ** 2).mean()
    means = errors.mean(axis=0)
    best = int(means.argmin())
    enough = means <= means[best] + errors[:, best].std(ddof=1) / np.sqrt(FOLDS)
    questions = grow(table, effect, 1 + int(np.flatnonzero(enough)[0]))
    leaves = [(box, Tally.of(box.inside(columns), sought)) for box in _boxes(questions, parts)]
    return sorted(leaves, key=lambda leaf: -leaf[1].density)


def _boxes(questions: Sequence[Question], parts: Sequence[tuple[Column, int | None]]) -> list[Box]:
    """Return the box of every leaf; questions are about numbers, or about one word of an input."""
    boxes = [Box()]
    for leaf, part, bound in questions:
        (column, word), box = parts[part], boxes[leaf]
        now = box.ranges.get(column.name, Range())
        if word is None:
            left = dataclasses.replace(now, high=min(now.high, bound))
            right = dataclasses.replace(now, low=max(now.low, float(np.nextafter(bound, np.inf))))
        else:
            words = frozenset(range(len(column.words))) if now.words is None else now.words
            left, right = Range(words=words - {word}), Range(words=frozenset({word}))
        boxes[leaf] = box.with_range(column.name, left)
        boxes.append(box.with_range(column.name, right))
    return boxes
