"""Under which conditions a regime fails or wins: a box, how well it does on worlds it has not seen, and a tree."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.stats import Interval
from experiments.stats.intervals import share_interval
from experiments.studies.discovery.boxes import Bools, Box, Column, Range, Tally
from experiments.studies.discovery.prim import Found, find_box, quasi_p, reproducibility
from experiments.studies.discovery.tree import Leaf, grow_tree

__all__ = ["Discovery", "Restriction", "discover"]

HELD_OUT = 1 / 3
"""Share of the worlds that the box is not found in, and that say how good it is."""

FEWEST = 10
"""Cases of either sort below which nothing is looked for."""


@dataclasses.dataclass(frozen=True)
class Restriction:
    """One side of the box.

    Attributes
    ----------
    input : str
    low, high : float or None
        Bounds, both inside; None where it is open.
    words : tuple of str
        Words that are let in.
    span : tuple of float
        Smallest and largest value of the input.
    p : float
        Quasi-p-value.
    reproduced : float
        Share of random halves of the worlds in which the input is restricted too.
    """

    input: str
    low: float | None
    high: float | None
    words: tuple[str, ...]
    span: tuple[float, float]
    p: float
    reproduced: float


@dataclasses.dataclass(frozen=True)
class Discovery:
    """What was found.

    Attributes
    ----------
    condition : str
    worlds, cases, undefined : int
        Worlds looked at; of these, cases sought; worlds left out for failed runs.
    trouble : str
        Why there is no box: "few", "all", "nothing"; else "".
    restrictions : tuple of Restriction
        Strongest first.
    coverage, density : Interval
        On the worlds held out, with Wilson's intervals.
    coverage_seen, density_seen : float or None
        On the worlds in which it was found: too good, as every best of many.
    trajectory : tuple of Tally
        With `restricted`, the number of restricted inputs of each.
    dropped : dict
        Quasi-p-values of restrictions that might be luck.
    """

    condition: str
    worlds: int
    cases: int
    undefined: int
    trouble: str
    restrictions: tuple[Restriction, ...]
    coverage: Interval
    density: Interval
    coverage_seen: float | None
    density_seen: float | None
    trajectory: tuple[Tally, ...]
    restricted: tuple[int, ...]
    chosen: int
    dropped: Mapping[str, float]
    leaves: tuple[Leaf, ...]
    columns: tuple[Column, ...]
    sought: NDArray[np.bool_]

    def as_json(self) -> dict[str, Any]:
        """Return the box, how good it is, and the leaves of the tree."""
        bounds = {
            name: {"value": each.mean, "ci_low": each.low, "ci_high": each.high}
            for name, each in (("coverage", self.coverage), ("density", self.density))
        }
        return {
            "condition": self.condition, "worlds": self.worlds, "cases": self.cases, "undefined": self.undefined,
            "trouble": self.trouble or None,
            "box": [dataclasses.asdict(each) for each in self.restrictions],
            **bounds,
            "coverage_seen": self.coverage_seen, "density_seen": self.density_seen, "dropped": dict(self.dropped),
            "tree": [{"rule": rule_of(leaf.box, self.columns), "worlds": leaf.tally.points, "cases": leaf.tally.cases,
                      "density": leaf.tally.density, "coverage": leaf.tally.coverage} for leaf in self.leaves],
        }  # fmt: skip


def rule_of(box: Box, columns: Sequence[Column]) -> dict[str, Any]:
    """Return a box as plain values: [low, high] or words by input; null where a side is open."""
    known = {column.name: column for column in columns}
    return {
        name: [known[name].words[msg] for msg in sorted(each.words)] if each.words is not None
        else [_finite(each.low), _finite(each.high)]
        for name, each in box.ranges.items()
    }  # fmt: skip


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def discover(
    condition: str, columns: Sequence[Column], sought: Bools, undefined: int, seed: int, *, keep_all: bool = False
) -> Discovery:
    """Look for the conditions under which the cases sought occur.

    Parameters
    ----------
    condition : str
        What is sought, in words.
    columns : sequence of Column
    sought : array of bool (worlds,)
    undefined : int
        Worlds left out before.
    seed : int
        Of the split into worlds for finding and for judging.
    keep_all : bool
        Keep restrictions that are not significant too.
    """
    cases = int(sought.sum())
    trouble = "few" if min(cases, sought.size - cases) < FEWEST else ""
    if cases in (0, sought.size):
        trouble = "all" if cases else "none"
    if trouble:
        return _empty(condition, columns, sought, undefined, trouble)
    order = np.random.default_rng(seed).permutation(sought.size)
    held = order[: round(HELD_OUT * sought.size)]
    kept = np.setdiff1d(order, held)
    near, found = _part(columns, kept), find_box(_part(columns, kept), sought[kept], keep_all=keep_all)
    judged = Tally.of(found.box.inside(_part(columns, held)), sought[held])
    seen = Tally.of(found.box.inside(near), sought[kept])
    empty = not found.box.ranges
    return Discovery(
        condition, sought.size, cases, undefined, "nothing" if empty else "",
        _restrictions(near, sought[kept], found),
        Interval(None, None, None) if empty else share_interval(judged.cases, judged.all_cases),
        Interval(None, None, None) if empty else share_interval(judged.cases, judged.points),
        None if empty else seen.coverage, None if empty else seen.density,
        tuple(tally for _, tally in found.trajectory), tuple(len(box.ranges) for box, _ in found.trajectory),
        found.chosen, found.dropped, tuple(grow_tree(columns, sought, seed)), tuple(columns), sought,
    )  # fmt: skip


def _empty(condition: str, columns: Sequence[Column], sought: Bools, undefined: int, trouble: str) -> Discovery:
    nothing = Interval(None, None, None)
    cases = int(sought.sum())
    return Discovery(condition, sought.size, cases, undefined, trouble, (), nothing, nothing, None, None, (), (), 0, {},
                     (), tuple(columns), sought)  # fmt: skip


def _part(columns: Sequence[Column], rows: NDArray[np.int64]) -> list[Column]:
    return [dataclasses.replace(column, values=column.values[rows]) for column in columns]


def _restrictions(columns: Sequence[Column], sought: Bools, found: Found) -> tuple[Restriction, ...]:
    known = {column.name: column for column in columns}
    again = reproducibility(columns, sought) if found.box.ranges else {}
    made = [
        _restriction(known[name], each, quasi_p(columns, sought, found.box, name), again[name])
        for name, each in found.box.ranges.items()
    ]
    return tuple(sorted(made, key=lambda each: each.p))


def _restriction(column: Column, each: Range, p: float, reproduced: float) -> Restriction:
    words = tuple(column.words[msg] for msg in sorted(each.words)) if each.words is not None else ()
    span = (float(column.values.min()), float(column.values.max()))
    return Restriction(column.name, _finite(each.low), _finite(each.high), words, span, p, reproduced)
