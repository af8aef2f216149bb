"""Regimes on the same seeds: levels, paired differences from the first, and what placement and rules did of them."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal, NamedTuple

import numpy as np

from experiments.stats import Interval, bca_interval, holm, mean_interval, paired_difference, to_json
from experiments.stats.ensemble import CLOSURE, Doubt, ThreeOfClosure, doubt, three_of_closure, world_means
from experiments.stats.intervals import Adjusted, Floats
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
    paired d_z; p is adjusted over all outcomes of the two regimes.
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

    @property
    def equal(self) -> bool:
        return self.one_sided == 0 and self.interval == Interval(0.0, 0.0, 0.0)

    def verdict(self, direction: int) -> Verdict:
        """Return what is to be said of it, where more is better (+1), worse (−1) or neither (0)."""
        mean = self.interval.mean
        if mean is None:
            return "undefined"
        if self.equal:
            return "equal"
        if self.p_holm is None:
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
        gaps: By regime: reported minus real closure rate; empty where the outcomes do not hold both.
        unreached: By regime and outcome: runs in which a quantile was not reached within the follow-up.
        worlds: Plausible worlds that the pairs are spread over, 0 where they are all of one; intervals are then of the
            mean over worlds, each of which speaks by its mean over pairs.
        doubts, closure: Over worlds, of every other regime: what each outcome's difference from the first leaves open,
            and closure by its three outcomes together, where the study kept them.
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
    worlds: int = 0
    doubts: Mapping[str, Mapping[str, Doubt]] = field(default_factory=dict)
    closure: Mapping[str, ThreeOfClosure] = field(default_factory=dict)
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
            "units": [each.as_json() for each in self.units if each.clear], **self._doubt(),
        }  # fmt: skip

    def _doubt(self) -> dict[str, Any]:
        if not self.worlds:
            return {}
        told = {regime: {name: each.as_json() for name, each in found.items()} for regime, found in self.doubts.items()}
        closure = {regime: each.as_json() for regime, each in self.closure.items()}
        return {"worlds": self.worlds, "doubt": told, "closure": closure}


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
    doubts, closure = _over_worlds(values, worlds, directions or {}) if len(worlds) else ({}, {})
    values = _by_world(values, worlds) if len(worlds) else values
    both = all({REPORTED, REAL} <= set(outcomes) for outcomes in values.values())
    return Comparison(
        regimes=regimes,
        levels={name: {what: mean_interval(each) for what, each in side.items()} for name, side in values.items()},
        differences=tuple(each for after in regimes[1:] for each in _differences(values, regimes[0], after)),
        steps=tuple(each for pair in pairwise(regimes) for each in _differences(values, *pair)),
        splits=split_outcomes(values, cross) if cross else {},
        gaps={regime: mean_interval(each[REPORTED] - each[REAL]) for regime, each in values.items()} if both else {},
        unreached={regime: _unreached(each, censored) for regime, each in values.items()},
        worlds=len(set(worlds)),
        doubts=doubts,
        closure=closure,
        by_world=values if len(worlds) else {},
        **known,
    )


def _spread(values: Floats, worlds: Sequence[int]) -> Floats:
    """Return values of pairs as (worlds, seeds), NaN where a world has fewer pairs than another."""
    known = sorted(set(worlds))
    places = [np.flatnonzero(np.asarray(worlds) == world) for world in known]
    table = np.full((len(known), max(map(len, places))), np.nan)
    for row, place in zip(table, places, strict=True):
        row[: len(place)] = values[place]
    return table


def _by_world(values: Values, worlds: Sequence[int]) -> Values:
    """Return every outcome as its mean over the pairs of each world."""
    return {
        regime: {name: world_means(_spread(each, worlds)) for name, each in outcomes.items()}
        for regime, outcomes in values.items()
    }


def _over_worlds(
    values: Values, worlds: Sequence[int], directions: Mapping[str, int]
) -> tuple[dict[str, dict[str, Doubt]], dict[str, ThreeOfClosure]]:
    """Return by regime the doubt of every outcome's difference from the first, and closure by three outcomes."""
    before, *others = values
    doubts, closure = {}, {}
    for after in others:
        gaps = {name: _spread(each - values[before][name], worlds) for name, each in values[after].items()}
        doubts[after] = {name: doubt(each, directions.get(name, 0)) for name, each in gaps.items()}
        if set(CLOSURE) <= set(gaps):
            closure[after] = three_of_closure(gaps)
    return doubts, closure


def _differences(values: Values, before: str, after: str) -> Iterator[Difference]:
    """Yield the difference of each outcome, p adjusted over all outcomes."""
    first, other = values[before], values[after]
    results = [paired_difference(first[outcome], other[outcome]) for outcome in first]
    for outcome, result, p_holm in zip(first, results, holm([each.p for each in results]), strict=True):
        one_sided = int(np.sum(np.isfinite(first[outcome]) != np.isfinite(other[outcome])))
        bca = bca_interval(other[outcome] - first[outcome])
        about = (outcome, before, after, result.pairs, one_sided)
        yield Difference(*about, result.interval, bca, result.effect, p_holm)


def split_outcomes(values: Values, cross: Cross) -> dict[str, dict[str, Interval]]:
    """Return by outcome what placement did, what rules did, and what both did together."""
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
        splits[outcome] = {part: mean_interval(each) for part, each in paired.items()}
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
