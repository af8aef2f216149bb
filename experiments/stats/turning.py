"""What would turn an answer over worlds: the few numbers that decide its sign or size, and which to measure first."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from experiments.stats.discovery import FEWEST, FOLDS, Restriction
from experiments.stats.ensemble import RANGE
from experiments.stats.intervals import UNDEFINED, Bools, Floats, Interval, share_interval, to_json
from experiments.stats.prim import SIGNIFICANT, Box, Column, Found, Tally, part_of, peel, quasi_p
from experiments.stats.tree import as_table, grow, told_by

MOST, LEAVES, WORST = 3, 4, 0.25
"""Inputs that a rule may name, and leaves of the tree: more cannot be read; share of the worlds that count as the worst
where too few turn the sign."""

BINS, SHUFFLES, BEYOND = 5, 200, 0.95
"""Groups of equal size into which an input is cut; shuffles that tell what luck does to the value of knowing it; their
quantile of the largest such value of all inputs, beyond which an input is worth measuring."""

Ints = NDArray[np.int64]


Trouble = Literal["", "few", "nothing", "unclear"]


@dataclasses.dataclass(frozen=True)
class Rule:
    """A simple rule for which worlds are sought, judged where it was not found; attributes as those of `Turning`.

    Attributes:
        found: Its box, with the boxes on the way to it.
    """

    found: Found
    trouble: Trouble = ""
    restrictions: tuple[Restriction, ...] = ()
    coverage: Interval = UNDEFINED
    density: Interval = UNDEFINED
    coverage_seen: float | None = None
    density_seen: float | None = None


@dataclasses.dataclass(frozen=True)
class Turning:
    """The simple rule for the worlds in which an effect is worse than zero, or else smallest.

    Attributes:
        sought: "sign": worlds with the effect on the worse side of zero; "size": the worst quarter, where fewer than
            `FEWEST` worlds are worse, or are not.
        limit: Effect at which a world counts as sought, in the unit of the effect: 0, or the edge of the worst quarter.
        worlds, undefined, cases: Looked at; left out for an undefined effect; those sought.
        trouble: Why there is no simple rule: "few" cases or others; "nothing" restricts the box; "unclear": in worlds
            not used to find it a box is no denser than all worlds; else "".
        restrictions: At most `MOST`, the surest first; empty where there is no simple rule. Each is `reproduced` in the
            share of folds without which its input is restricted too.
        coverage, density: Of boxes on the folds in which they were not found, all folds together.
        coverage_seen, density_seen: Of the rule on the worlds in which it was found: too good, as a best of many.
        explained: Share of the variance of the effect that a tree of `LEAVES` leaves explains in worlds not used to
            grow it (cross-validated R²), 0 where it does worse than the mean; None where the effect does not vary.
    """

    sought: Literal["sign", "size"]
    limit: float
    worlds: int
    undefined: int
    cases: int
    trouble: Trouble = ""
    restrictions: tuple[Restriction, ...] = ()
    coverage: Interval = UNDEFINED
    density: Interval = UNDEFINED
    coverage_seen: float | None = None
    density_seen: float | None = None
    explained: float | None = None

    @property
    def base(self) -> float | None:
        """Share of all worlds that are sought: the density to beat."""
        return self.cases / self.worlds if self.worlds else None

    def as_json(self) -> dict[str, Any]:
        return {
            **to_json(self), "base": self.base, "trouble": self.trouble or None,
            "coverage": self.coverage.as_json("value"), "density": self.density.as_json("value"),
        }  # fmt: skip


def turning(columns: Sequence[Column], effect: ArrayLike, direction: int, seed: int = 0, tests: int = 1) -> Turning:
    """Look for the two or three inputs that tell in which worlds an effect is worse than zero; see `simple_rule`.

    Args:
        columns: Inputs of the worlds.
        effect: By world, in the unit of the outcome; NaN where undefined.
        direction: Whether more of the outcome is better (+1) or worse (−1); worlds below zero are sought where neither
            is (0).
        seed: Deals the worlds to folds.
        tests: Effects for which a rule is looked for at once.
    """
    values = np.asarray(effect, dtype=np.float64)
    defined = np.flatnonzero(np.isfinite(values))
    known, toward = part_of(columns, defined), values[defined] * (direction or 1)
    kind, edge = _sought(toward)
    sought = toward < 0.0 if kind == "sign" else toward <= edge
    cases, worlds = int(sought.sum()), sought.size
    folds = deal(sought, seed)
    start = Turning(kind, edge * (direction or 1), worlds, values.size - worlds, cases)
    start = dataclasses.replace(start, explained=_explained(known, toward, folds) if worlds >= 2 * FEWEST else None)
    if min(cases, worlds - cases) < FEWEST:
        return dataclasses.replace(start, trouble="few")
    rule = simple_rule(known, sought, folds, tests=tests)
    judged = {each.name: getattr(rule, each.name) for each in dataclasses.fields(rule) if each.name != "found"}
    return dataclasses.replace(start, **judged)


def simple_rule(
    columns: Sequence[Column], sought: Bools, folds: Ints, worlds: Ints | None = None, tests: int = 1
) -> Rule:
    """Look for a box that tells which points are sought, of which there are some, and some that are not.

    It is peeled (patient rule induction) over the inputs that part the points best, each alone: a search over all of a
    hundred inputs loses itself in some hundred worlds. It is a simple rule if boxes found so in four fifths of the
    worlds hold in the last fifth: if the lower 95 % bound (Wilson) of their density there, over all five folds, lies
    above the share of all points that are sought.

    Args:
        columns: Inputs of the points.
        sought: By point.
        folds: To which each is dealt; all points of a world to the same.
        worlds: World of each point, where several share one: an interval then counts worlds, not points.
        tests: Rules that are looked for at once, of which chance must not make one (Bonferroni).
    """
    found = _rule(columns, sought)
    if not found.box.ranges:
        return Rule(found, "nothing")
    boxes = _boxes(columns, sought, folds)
    held, seen = _held(columns, folds, boxes), Tally.of(found.box.inside(columns), sought)
    numbers = np.arange(sought.size) if worlds is None else worlds
    coverage, density = _share(held[sought], numbers[sought]), _share(sought[held], numbers[held])
    rule = Rule(found, "", (), coverage, density, seen.coverage, seen.density)
    if (_share(sought[held], numbers[held], tests).low or 0.0) <= sought.mean():
        return dataclasses.replace(rule, trouble="unclear")
    return dataclasses.replace(rule, restrictions=tuple(_restrictions(columns, sought, found.box, boxes)))


def _share(true: Bools, worlds: Ints, tests: int = 1) -> Interval:
    """Return a share of points with the Wilson interval that as many points as there are worlds would have."""
    share, count = share_interval(int(true.sum()), true.size, tests), np.unique(worlds).size
    if count == true.size:
        return share
    bounds = share_interval(round(count * float(true.mean())), count, tests)
    return Interval(share.mean, bounds.low, bounds.high)


def _sought(toward: Floats) -> tuple[Literal["sign", "size"], float]:
    """Return what is sought of effects that are better above zero, and the effect at its edge."""
    worse = int((toward < 0.0).sum())
    if min(worse, toward.size - worse) >= FEWEST or not toward.size:
        return "sign", 0.0
    return "size", float(np.quantile(toward, WORST, method="lower"))


def deal(sought: Bools, seed: int, worlds: Ints | None = None) -> Ints:
    """Deal worlds to folds at random, as many cases to each as can be; return the fold of each point.

    Args:
        sought: By point.
        seed: Of the order.
        worlds: World of each point; each is its own, unless given.
    """
    numbers = np.arange(sought.size) if worlds is None else np.unique(worlds, return_inverse=True)[1]
    share = np.bincount(numbers, weights=sought) / np.bincount(numbers)
    order = np.random.default_rng(seed).permutation(share.size)
    order = order[np.argsort(share[order], kind="stable")]
    folds = np.empty(share.size, dtype=np.int64)
    folds[order] = np.arange(share.size) % FOLDS
    return np.asarray(folds[numbers])


def _rule(columns: Sequence[Column], sought: Bools) -> Found:
    """Return a box over the `MOST` inputs that part the cases best, each alone, without restrictions that may be luck.

    Of the boxes peeled, it is the one that goes with the cases most closely. Balance of coverage and density, by which
    `find_box` chooses, is best for all worlds where half of them are cases, however well an input parts them.
    """
    best = sorted(columns, key=lambda column: -_parting(column, sought))[:MOST]
    way = tuple(peel(best, sought))
    chosen = max(range(len(way)), key=lambda place: _correlation(way[place][1]))
    box, dropped = way[chosen][0], dict[str, float]()
    while True:
        p_values = {name: quasi_p(columns, sought, box, name) for name in box.ranges}
        worst = max(p_values, key=p_values.__getitem__, default=None)
        if worst is None or p_values[worst] <= SIGNIFICANT:
            return Found(box, way, chosen, p_values, dropped)
        dropped[worst], box = p_values[worst], box.without(worst)


def _correlation(tally: Tally) -> float:
    """Return the correlation φ of lying inside and being a case, but for a factor that all boxes share."""
    raised = tally.density - tally.all_cases / tally.all_points
    return raised * math.sqrt(tally.mass / (1.0 - tally.mass)) if tally.mass < 1.0 else 0.0


def _parting(column: Column, sought: Bools) -> float:
    """Return the Kolmogorov–Smirnov distance between cases and others, for words that of the word that parts best."""
    steps = np.where(sought, 1.0 / sought.sum(), -1.0 / (~sought).sum())
    return max(float(np.abs(_sums_by_value(numbers, steps)).max()) for numbers in as_table([column])[0].T)


def _sums_by_value(numbers: Floats, steps: Floats) -> Floats:
    """Return the sums of steps up to each distinct number, in their order."""
    _, places = np.unique(numbers, return_inverse=True)
    return np.cumsum(np.bincount(places, weights=steps))


def _boxes(columns: Sequence[Column], sought: Bools, folds: Ints) -> list[Box]:
    """Return by fold the box that is found without it."""
    kept = [np.flatnonzero(folds != fold) for fold in range(FOLDS)]
    return [_rule(part_of(columns, each), sought[each]).box for each in kept]


def _held(columns: Sequence[Column], folds: Ints, boxes: Sequence[Box]) -> Bools:
    """Return which points lie in the box that is found without their fold; a box without restrictions holds none."""
    held = [(folds == fold) & box.inside(columns) for fold, box in enumerate(boxes) if box.ranges]
    return np.asarray(np.any([np.zeros(folds.size, dtype=np.bool_), *held], axis=0))


def _restrictions(columns: Sequence[Column], sought: Bools, box: Box, others: Sequence[Box]) -> list[Restriction]:
    """Return the restrictions of a box, the surest first, with the share of other boxes that restrict the input too."""
    known, restrictions = {column.name: column for column in columns}, []
    for name, each in box.ranges.items():
        low, high = (float(end) if np.isfinite(end) else None for end in (each.low, each.high))
        words = tuple(known[name].words[place] for place in sorted(each.words or ()))
        span = (float(known[name].values.min()), float(known[name].values.max()))
        again = sum(name in other.ranges for other in others) / len(others)
        restrictions.append(Restriction(name, low, high, words, span, quasi_p(columns, sought, box, name), again))
    return sorted(restrictions, key=lambda each: each.p)


def _explained(columns: Sequence[Column], effect: Floats, folds: Ints) -> float | None:
    """Return the cross-validated R² of a shallow regression tree, at least 0."""
    table, _ = as_table(columns)
    left = mean = 0.0
    for fold in range(FOLDS):
        kept, held = folds != fold, folds == fold
        told = told_by(grow(table[kept], effect[kept], LEAVES), table[kept], effect[kept], table[held])
        left += float(((effect[held] - told) ** 2).sum())
        mean += float(((effect[held] - effect[kept].mean()) ** 2).sum())
    return max(0.0, 1.0 - left / mean) if mean > 0.0 else None


@dataclasses.dataclass(frozen=True)
class Knowing:
    """What it is worth to know one input.

    Attributes:
        gain: By how much knowing it is expected to lower the 90 % range of the effect, or the regret of choosing among
            packages, in the unit of the effect; what inputs gain that tell nothing is taken off, so that it may be
            below zero.
        share: Of the range, or of the regret, as it is; None where that is 0.
        worth_measuring: Whether it gains more than the best of all inputs does in all but 5 % of shuffled worlds.
    """

    input: str
    gain: float
    share: float | None
    worth_measuring: bool


@dataclasses.dataclass(frozen=True)
class Information:
    """Which number to measure first.

    Attributes:
        of: "range": of one effect; "regret": between packages.
        now: The 90 % range over worlds, or the expected regret of the package that is best on average (the expected
            value of perfect information): what is lost for not knowing which world it is.
        worlds, undefined: Looked at; left out as an effect is undefined.
        inputs: Most valuable first.
    """

    of: Literal["range", "regret"]
    now: float | None
    worlds: int
    undefined: int
    inputs: tuple[Knowing, ...] = ()

    @property
    def worth_measuring(self) -> tuple[str, ...]:
        return tuple(each.input for each in self.inputs if each.worth_measuring)

    def as_json(self) -> dict[str, Any]:
        return {**to_json(self), "worth_measuring": list(self.worth_measuring)}


def information_value(columns: Sequence[Column], effect: ArrayLike, bins: int = BINS, seed: int = 0) -> Information:
    """Return how much it would help to know each input.

    Worlds are grouped by the input, and the range, or the loss, within a group is what knowing it leaves (expected
    value of partial perfect information by strata: Strong and Oakley 2013). Small groups seem to tell something even
    of inputs that tell nothing; how much is found by shuffling the effects among worlds, and taken off. As groups that
    differ need less of that, a strong input gains a little more than is said.

    Args:
        columns: Inputs of the worlds.
        effect: Of the shape (worlds,); or (packages, worlds), more being better, with a row of zeros where doing
            nothing is a choice. NaN where undefined.
        bins: Groups of about equal size into which numbers are cut; words are groups of their own.
        seed: Of the shuffles.
    """
    table = np.asarray(effect, dtype=np.float64)
    of: Literal["range", "regret"] = "range" if table.ndim == 1 else "regret"
    table, measure = np.atleast_2d(table), _range if of == "range" else _loss
    defined = np.flatnonzero(np.isfinite(table).all(axis=0))
    table, known = table[:, defined], part_of(columns, defined)
    start = Information(of, None, defined.size, len(columns[0].values) - defined.size)
    if defined.size < 2:
        return start
    now = float(_range(table)) if of == "range" else float(table.max(axis=0).mean() + _loss(table))
    rng = np.random.default_rng(seed)
    orders = [np.arange(defined.size), *(rng.permutation(defined.size) for _ in range(SHUFFLES))]
    drawn = np.moveaxis(table[:, orders], 0, 1)  # (draws, packages, worlds), the true worlds first
    gains = np.array([_gains(drawn, _groups(column, bins), measure) for column in known])
    gains -= gains[:, 1:].mean(axis=1, keepdims=True)
    beyond = float(np.quantile(gains[:, 1:].max(axis=0), BEYOND))
    inputs = [Knowing(column.name, float(gain), float(gain) / now if now > 0.0 else None, bool(gain > beyond))
              for column, gain in zip(known, gains[:, 0], strict=True)]  # fmt: skip
    return dataclasses.replace(start, now=now, inputs=tuple(sorted(inputs, key=lambda each: -each.gain)))


def _range(effects: Floats) -> Floats:
    """Return the 90 % range of the only package in arrays (..., 1, worlds)."""
    low, high = np.quantile(effects[..., 0, :], RANGE, axis=-1)
    return np.asarray(high - low)


def _loss(effects: Floats) -> Floats:
    """Return minus the mean effect of the package that is best on average, in arrays (..., packages, worlds)."""
    return np.asarray(-effects.mean(axis=-1).max(axis=-1))


def _groups(column: Column, bins: int) -> Iterator[Ints]:
    """Yield the worlds of each group of an input; equal values stay together."""
    edges = np.unique(np.quantile(column.values, np.linspace(0.0, 1.0, bins + 1)[1:-1]))
    labels = column.values if column.words else np.searchsorted(edges, column.values, side="left")
    for label in np.unique(labels):
        yield np.flatnonzero(labels == label)


def _gains(drawn: Floats, groups: Iterator[Ints], measure: Callable[[Floats], Floats]) -> Floats:
    """Return by draw how far a measure of (draws, packages, worlds) falls, on average, within groups of worlds."""
    worlds = drawn.shape[-1]
    within = [measure(drawn[:, :, group]) * (group.size / worlds) for group in groups]
    return np.asarray(measure(drawn) - np.sum(within, axis=0))
