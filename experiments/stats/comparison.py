"""Regimes on the same seeds: levels, paired differences from the first, and what placement and rules did of them."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal, NamedTuple

import numpy as np

from experiments.stats import Interval, bca_interval, holm, mean_interval, paired_difference, to_json
from experiments.stats.ensemble import (
    CLOSURE,
    Doubt,
    ThreeOfClosure,
    doubt,
    range_over,
    spread_over,
    three_of_closure,
    world_means,
)
from experiments.stats.intervals import Adjusted, Floats
from experiments.stats.kinds import KindFound
from experiments.stats.units import UnitDifference

REAL, REPORTED, COUNTED = "closure_rate", "reported_closure_rate", "backlog_end"
"""What is closed in time; what is reported as closed; a share of the reported cases: undefined only without any."""

FEW = 20  # with fewer pairs the intervals themselves are rough, which the reader is told

PARTS, ORDERS = ("whole", "placement", "rules", "interaction"), ("placement_after_rules", "rules_after_placement")
"""Whole = placement alone + rules alone + interaction, in every pair; the same factors, each where the other is already
in force."""

Verdict = Literal["undefined", "equal", "few", "none", "more", "less", "better", "worse"]

Values = Mapping[str, Mapping[str, Floats]]
"""By regime and outcome: the values of the complete pairs, in the order of the pairs; NaN where undefined."""


@dataclass(frozen=True)
class Difference(Adjusted):
    """One outcome under two regimes: `after` minus `before`, by t and by bootstrap, in the unit of the outcome.

    `pairs` are those in which it is defined under both; those in which it is `one_sided` are left out. `effect` is the
    paired d_z; p is adjusted over all outcomes of the two regimes. Over worlds these are of the mean over worlds, and
    `doubt` holds what is told instead.
    """

    outcome: str
    before: str
    after: str
    pairs: int
    one_sided: int
    interval: Interval
    bca: Interval
    effect: float | None
    p_holm: float | None
    doubt: Doubt | None = None

    @property
    def told(self) -> Interval:
        """What is told of it: median and 90 % range over worlds; in one world its mean with what luck leaves open."""
        return self.interval if self.doubt is None else self.doubt.interval

    @property
    def clear(self) -> bool:
        """Whether nine in ten worlds agree on its sign; in one world, whether it is told from zero."""
        return super().clear if self.doubt is None else self.doubt.holds

    @property
    def equal(self) -> bool:
        return self.one_sided == 0 and self.interval == Interval(0.0, 0.0, 0.0)

    def verdict(self, direction: int) -> Verdict:
        """Return what is to be said of it, where more is better (+1), worse (−1) or neither (0)."""
        mean = self.told.mean
        if mean is None:
            return "undefined"
        if self.equal:
            return "equal"
        if self.doubt is None and self.p_holm is None:
            return "few"
        if not self.clear:
            return "none"
        if direction == 0:
            return "more" if mean > 0 else "less"
        return "better" if mean * direction > 0 else "worse"

    def as_json(self) -> dict[str, Any]:
        return {"outcome": self.outcome, "from": self.before, "to": self.after, **self.interval.as_json(),
                "effect": self.effect, "clear": self.clear}  # fmt: skip


@dataclass(frozen=True)
class Comparison:
    """Levels of every outcome under each regime, and their differences from the first regime.

    Attributes:
        pairs: Replicates that ended well under every regime.
        regimes, names: Labels; what each is called.
        basis: What every number rests on: the pairs and, where it holds, that capacity is kept the same.
        differences, steps: Of every other regime from the first, and of every one from the one before it; each pair
            is a family of tests of its own, so that what is clear of it does not hang on who stands beside it.
        splits: Where the regimes hold a 2 × 2 of placement and rules: what each factor did, by outcome and the names of
            `PARTS` and `ORDERS`, in the outcome's unit; else empty.
        split_ranges: The same over worlds, median and 90 % range; empty without worlds.
        gaps: By regime: reported minus real closure rate; empty where the outcomes do not hold both.
        unreached: By regime and outcome: runs in which a quantile was not reached within the follow-up.
        worlds: Plausible worlds that the pairs are spread over, 0 where they are all of one; intervals are then of the
            mean over worlds, each of which speaks by its mean over pairs.
        closure: Over worlds, of every other regime: closure by its three outcomes together, where the study kept them.
        kinds: Of each kind of problem under every other regime, in the order of the first; empty where the study kept
            none.
        untold: Outcomes whose difference is another one at full volume than at the scale of this study.
        by_world: By regime and outcome: mean over the pairs of each world, array (worlds,); empty without worlds.
        neutral: Whether hours of volunteers and hours saved by technology were booked and not used, in every run.
    """

    pairs: int
    regimes: tuple[str, ...]
    names: Mapping[str, str]
    basis: str
    levels: Mapping[str, Mapping[str, Interval]]
    differences: tuple[Difference, ...]
    steps: tuple[Difference, ...]
    splits: Mapping[str, Mapping[str, Interval]]
    units: tuple[UnitDifference, ...]
    gaps: Mapping[str, Interval]
    unreached: Mapping[str, Mapping[str, int]]
    follow_up: Mapping[str, int]
    neutral: bool
    split_ranges: Mapping[str, Mapping[str, Interval]] = field(default_factory=dict)
    worlds: int = 0
    closure: Mapping[str, ThreeOfClosure] = field(default_factory=dict)
    kinds: tuple[KindFound, ...] = ()
    untold: frozenset[str] = frozenset()
    by_world: Values = field(default_factory=dict, repr=False)

    @property
    def first(self) -> str:
        return self.names[self.regimes[0]]

    @property
    def others(self) -> tuple[str, ...]:
        return self.regimes[1:]

    @property
    def outcomes(self) -> list[str]:
        return list(self.levels[self.regimes[0]])

    @property
    def doubts(self) -> dict[str, dict[str, Doubt]]:
        """What each outcome's difference from the first regime leaves open over worlds, by regime and outcome."""
        found: dict[str, dict[str, Doubt]] = {regime: {} for regime in self.others} if self.worlds else {}
        for each in self.differences:
            if each.doubt is not None:
                found[each.after][each.outcome] = each.doubt
        return found

    @property
    def told_splits(self) -> Mapping[str, Mapping[str, Interval]]:
        """What placement and rules did: over worlds where there are some, else with what luck leaves open."""
        return self.split_ranges or self.splits

    def level(self, regime: str, outcome: str) -> Interval:
        """Return what is told of a level: median and range over worlds; in one world the mean and its interval."""
        if self.worlds:
            return range_over(self.by_world[regime][outcome])
        return self.levels[regime][outcome]

    def relative(self, each: Difference) -> Interval:
        """Return what is told of a difference as a share of the level before: over worlds, that of each world."""
        if self.worlds:
            before, after = (self.by_world[regime][each.outcome] for regime in (each.before, each.after))
            return range_over(np.divide(after - before, before, out=np.full(before.shape, np.nan), where=before > 0.0))
        mean = self.levels[each.before][each.outcome].mean
        ends = (each.interval.mean, each.interval.low, each.interval.high)
        return Interval(*(None if end is None else end / mean if mean else 0.0 for end in ends))

    def of(self, outcome: str) -> dict[str, Difference]:
        """Return the differences of an outcome from the first regime, by regime."""
        return {each.after: each for each in self.differences if each.outcome == outcome}

    def identical(self, regime: str) -> bool:
        """Tell whether a regime is the same as the first in every outcome of every pair, exactly."""
        return self.pairs > 0 and all(
            each.one_sided == 0 and set(dataclasses.astuple(each.interval)) <= {0.0, None}
            for each in self.differences
            if each.after == regime
        )

    def as_json(self) -> dict[str, Any]:
        """Return the stable keys of `whistle compare --json` but the study's."""
        return {
            "pairs": self.pairs, "regimes": list(self.regimes), "levels": to_json(self.levels),
            "differences": [each.as_json() for each in self.differences],
            "split": [{"outcome": outcome, **to_json(parts)} for outcome, parts in self.splits.items()],
            "units": [each.as_json() for each in self.units if each.clear],
            "kinds": [each.as_json() for each in self.kinds], **self._doubt(),
        }  # fmt: skip

    def _doubt(self) -> dict[str, Any]:
        if not self.worlds:
            return {}
        told = {regime: {name: each.as_json() for name, each in found.items()} for regime, found in self.doubts.items()}
        closure = {regime: each.as_json() for regime, each in self.closure.items()}
        parts = [
            {"outcome": outcome, **{part: {"median": each.mean, "low": each.low, "high": each.high}
                                    for part, each in found.items()}}
            for outcome, found in self.split_ranges.items()
        ]  # fmt: skip
        untold = sorted(self.untold)
        return {"worlds": self.worlds, "doubt": told, "closure": closure, "split_doubt": parts, "untold": untold}


class Cross(NamedTuple):
    """The four regimes of a 2 × 2."""

    neither: str
    rules: str
    placement: str
    both: str


def compare(
    values: Values,
    cross: Cross | None,
    censored: Sequence[str],
    worlds: Sequence[int] = (),
    directions: Mapping[str, int] | None = None,
    **known: Any,
) -> Comparison:
    """Compare the first regime with each other one.

    `worlds` tell which world each pair is of; without any all are of one. `directions` tell by outcome whether more is
    better (+1), worse (−1) or neither (0, as of those not named).

    `cross` is the 2 × 2 of placement and rules that the regimes hold, `censored` are outcomes that are undefined where
    the follow-up ends first, `known` the attributes of the comparison that do not follow from the values.
    """
    regimes = tuple(values)
    tables = _by_pair(values) if not len(worlds) else _by_world(values, worlds)
    values = {regime: {name: world_means(each) for name, each in found.items()} for regime, found in tables.items()}
    ways = (directions or {}) if len(worlds) else None
    closure = {after: _closure(tables, regimes[0], after) for after in regimes[1:]} if len(worlds) else {}
    both = all({REPORTED, REAL} <= set(outcomes) for outcomes in values.values())
    return Comparison(
        regimes=regimes,
        levels={name: {what: mean_interval(each) for what, each in side.items()} for name, side in values.items()},
        differences=tuple(each for after in regimes[1:] for each in _differences(tables, regimes[0], after, ways)),
        steps=tuple(each for pair in pairwise(regimes) for each in _differences(tables, *pair, ways)),
        splits=split_outcomes(values, cross, mean_interval) if cross else {},
        split_ranges=split_outcomes(values, cross, range_over) if cross and len(worlds) else {},
        gaps={regime: mean_interval(each[REPORTED] - each[REAL]) for regime, each in values.items()} if both else {},
        unreached={regime: _unreached(each, censored) for regime, each in values.items()},
        worlds=len(set(worlds)),
        closure={after: each for after, each in closure.items() if each is not None},
        by_world=values if len(worlds) else {},
        **known,
    )


def _by_pair(values: Values) -> Values:
    return {regime: {name: each[:, None] for name, each in found.items()} for regime, found in values.items()}


def _by_world(values: Values, worlds: Sequence[int]) -> Values:
    """Return every outcome as (worlds, seeds)."""
    return {
        regime: {name: spread_over(each, worlds) for name, each in found.items()} for regime, found in values.items()
    }


def _closure(tables: Values, before: str, after: str) -> ThreeOfClosure | None:
    """Return closure by its three outcomes, None where the study kept fewer."""
    if not set(CLOSURE) <= set(tables[after]):
        return None
    return three_of_closure({name: tables[after][name] - tables[before][name] for name in CLOSURE})


def _differences(tables: Values, before: str, after: str, ways: Mapping[str, int] | None) -> Iterator[Difference]:
    """Yield the difference of each outcome, p adjusted over all outcomes.

    Args:
        tables: By regime and outcome: (worlds, seeds), or (pairs, 1) in one world.
        ways: Over worlds: which way is better, by outcome; None in one world.
    """
    first, other = ({name: world_means(each) for name, each in tables[side].items()} for side in (before, after))
    results = [paired_difference(first[outcome], other[outcome]) for outcome in first]
    for outcome, result, p_holm in zip(first, results, holm([each.p for each in results]), strict=True):
        one_sided = int(np.sum(np.isfinite(first[outcome]) != np.isfinite(other[outcome])))
        bca = bca_interval(other[outcome] - first[outcome])
        about = (outcome, before, after, result.pairs, one_sided)
        gap = tables[after][outcome] - tables[before][outcome]
        left = None if ways is None else doubt(gap, ways.get(outcome, 0))
        yield Difference(*about, result.interval, bca, result.effect, p_holm, left)


def split_outcomes(values: Values, cross: Cross, told: Callable[[Floats], Interval]) -> dict[str, dict[str, Interval]]:
    """Return by outcome what placement did, what rules did, and what both did together, as `told` sums up values."""
    splits = {}
    for outcome in values[cross.both]:
        neither, rules, placement, both = (values[regime][outcome] for regime in cross)
        paired = {
            "whole": both - neither,
            "placement": placement - neither,
            "rules": rules - neither,
            "interaction": (both - neither) - (placement - neither) - (rules - neither),
            "placement_after_rules": both - rules,
            "rules_after_placement": both - placement,
        }
        splits[outcome] = {part: told(each) for part, each in paired.items()}
    return splits


def _unreached(values: Mapping[str, Floats], censored: Sequence[str]) -> dict[str, int]:
    """Return by censored outcome the runs in which cases were reported and it was not reached, where there are any."""
    if COUNTED not in values:
        return {}
    missed = {name: np.isnan(values[name]) & np.isfinite(values[COUNTED]) for name in censored if name in values}
    return {name: int(each.sum()) for name, each in missed.items() if each.any()}


def not_reached(outcome: str, outcomes: Mapping[str, float | None]) -> bool:
    """Tell whether a censored outcome of a run was not reached within the follow-up."""
    return outcomes[outcome] is None and outcomes.get(COUNTED) is not None
