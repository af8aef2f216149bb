"""What an ensemble of worlds leaves open: spread between worlds, luck within a world, the share in which a sign holds.

A world is one setting of all that is not known, run on one or more seeds; in each seed the regimes are paired. Worlds
weigh equally, however many seeds each has: none is held to be likelier than another. What is undefined in a world is
counted, never filled in.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from experiments.stats.intervals import ROUNDING, Bools, Floats, Interval, t_quantile, to_json

RANGE = (0.05, 0.95)
"""Quantiles over worlds between which the 90 % range lies."""

MOST = 0.9
"""Share of worlds that must agree on a sign before it is told as one that holds."""

MAJORITY = 0.6
"""Share of worlds above which "most of them" is said; two in five of the others are no exception."""

CLOSURE: Mapping[str, int] = {"closure_rate": 1, "closure_rate_30d": 1, "backlog_end": -1}
"""What tells closure, and whether more (+1) or less (−1) of it is better: closed on time, closed within 30 days, still
waiting at the end."""

Sign = Literal["better", "worse", "undecided", "equal", "undefined"]


class _Luck(NamedTuple):
    """What luck does to one paired difference, pooled over worlds; `variance` is None where no world has two seeds."""

    variance: float | None
    freedom: int

    def half_width(self, seeds: ArrayLike) -> Floats | None:
        """Return the half-width of a mean of so many independent differences, at 95 %, by t with pooled freedom."""
        if self.variance is None:
            return None
        return np.asarray(t_quantile(self.freedom) * np.sqrt(self.variance / np.asarray(seeds)))


def range_over(means: ArrayLike) -> Interval:
    """Return the median over worlds and their 90 % range, which a single world does not have; NaN are left out."""
    known = np.asarray(means, dtype=np.float64)
    known = known[np.isfinite(known)]
    ends = np.quantile(known, RANGE).tolist() if known.size > 1 else (None, None)
    return Interval(float(np.median(known)) if known.size else None, *ends)


@dataclass(frozen=True)
class Doubt:
    """A paired difference over an ensemble of worlds, in the unit of the outcome.

    Each world speaks by its mean over seeds, and worlds weigh equally.

    Attributes:
        median, low, high: Of the worlds' means: median, 5 % and 95 % quantile (the 90 % range, luck included); the two
            ends are None for fewer than two worlds.
        better: Share of worlds whose mean is on the better side of zero; of those above zero where neither is better.
        agree: Share of worlds whose mean is on the median's side of zero, or is zero as the median.
        clear: Share of worlds whose mean is on that side by more than luck explains: by more than t × pooled standard
            deviation of luck ÷ √ seeds of that world. None where no world has two seeds.
        luck_half_width: Of the mean over just these worlds, how far other seeds would move it at 95 %: t × √ (pooled
            variance within worlds × mean of 1 ÷ seeds ÷ worlds). It says nothing of other worlds. None as `clear`.
        worlds, undefined: In which the difference is defined, and in which it is not; shares are of the former.
    """

    median: float | None
    low: float | None
    high: float | None
    better: float | None
    agree: float | None
    clear: float | None
    luck_half_width: float | None
    worlds: int
    undefined: int

    @property
    def interval(self) -> Interval:
        """Median and 90 % range over worlds."""
        return Interval(self.median, self.low, self.high)

    @property
    def holds(self) -> bool:
        """Whether nine in ten worlds agree on a sign other than zero."""
        return bool(self.median) and (self.agree or 0.0) >= MOST

    @property
    def width(self) -> float | None:
        """Width of the 90 % range."""
        return None if self.low is None or self.high is None else self.high - self.low

    def as_json(self) -> dict[str, float | None]:
        """Return the stable keys of `doubt` in `whistle compare --json`."""
        return dict(to_json(self))


def spread_over(values: Floats, worlds: Sequence[int]) -> Floats:
    """Return values of pairs (pairs, …) as (worlds, seeds, …), NaN where a world has fewer pairs than another."""
    known = sorted(set(worlds))
    places = [np.flatnonzero(np.asarray(worlds) == world) for world in known]
    table = np.full((len(known), max(map(len, places)), *values.shape[1:]), np.nan)
    for row, place in zip(table, places, strict=True):
        row[: len(place)] = values[place]
    return table


def world_means(differences: ArrayLike) -> Floats:
    """Return each world's mean over its defined seeds, NaN where there is none.

    `differences` has the shape (worlds, seeds, …), or (worlds,) for one seed each.
    """
    means, seeds = _means_and_seeds(_table(differences))
    return np.where(seeds > 0, means, np.nan)


def doubt(differences: ArrayLike, direction: int) -> Doubt:
    """Return what an ensemble says of a paired difference.

    Args:
        differences: After minus before, of the shape (worlds, seeds); NaN where undefined, or where a world has fewer
            seeds than another.
        direction: Whether more is better (+1), worse (−1) or neither (0).
    """
    table = _table(differences)
    means, seeds = _means_and_seeds(table)
    defined = seeds > 0
    worlds, undefined = int(defined.sum()), int((~defined).sum())
    if not worlds:
        return Doubt(None, None, None, None, None, None, None, 0, undefined)
    means, seeds = means[defined], seeds[defined]
    toward, luck = means * (direction or 1), _luck(table)
    beyond, of_mean = luck.half_width(seeds), luck.half_width(worlds / np.mean(1.0 / seeds))
    middle = range_over(means)
    return Doubt(
        median=middle.mean,
        low=middle.low,
        high=middle.high,
        better=float(np.mean(toward > 0.0)),
        agree=float(np.mean(np.sign(means) == np.sign(np.median(means)))),
        clear=None if beyond is None else float(np.mean(toward > beyond)),
        luck_half_width=None if of_mean is None else float(of_mean),
        worlds=worlds,
        undefined=undefined,
    )


@dataclass(frozen=True)
class Components:
    """Where the variance of a paired difference comes from, in the squared unit of the outcome.

    Attributes:
        luck: Within a world, between its seeds.
        between: Between worlds, luck taken out; 0 where luck explains all that their means differ.
        luck_share: Of luck in the variance of a single pair.
        luck_share_of_means: Of luck in the variance of the worlds' means, and so in their range; more seeds lower it.
    """

    luck: float | None
    between: float | None
    luck_share: float | None
    luck_share_of_means: float | None


def components(differences: ArrayLike) -> Components:
    """Return the components of variance of differences (worlds, seeds), by analysis of variance of one random factor.

    Worlds weigh equally, so that with unequal seeds it is that of unweighted means (Searle, Casella and McCulloch 1992,
    ch. 4); with equal seeds the two are the same. None where there are fewer than two worlds, or none with two seeds.
    """
    table = _table(differences)
    means, seeds = _means_and_seeds(table)
    means, seeds, luck = means[seeds > 0], seeds[seeds > 0], _luck(table).variance
    if luck is None or means.size < 2:
        return Components(luck, None, None, None)
    of_means = luck * float(np.mean(1.0 / seeds))
    between = max(0.0, float(np.var(means, ddof=1)) - of_means)
    return Components(luck, between, _share(luck, luck + between), _share(of_means, of_means + between))


@dataclass(frozen=True)
class ThreeOfClosure:
    """Closure told by three outcomes together, which may disagree.

    Attributes:
        doubts, signs: By outcome. The sign is "better", "worse" or "equal" where that holds in more than six in ten of
            the worlds, else "undecided".
        in_all, in_none, mixed: Shares of worlds that are better in all three, in none of them, in one or two.
        worlds, undefined: In which all three are defined, and in which at least one is not.
    """

    doubts: Mapping[str, Doubt]
    signs: Mapping[str, Sign]
    in_all: float | None
    in_none: float | None
    mixed: float | None
    worlds: int
    undefined: int

    @property
    def verdict(self) -> Sign | None:
        """What all three say, None where they disagree."""
        said = set(self.signs.values())
        return said.pop() if len(said) == 1 else None

    @property
    def agree(self) -> bool:
        return self.verdict not in (None, "undefined")

    @property
    def disagreeing(self) -> tuple[str, ...]:
        """Outcomes that do not say what closure on time says."""
        headline = self.signs[next(iter(CLOSURE))]
        return tuple(outcome for outcome, sign in self.signs.items() if sign != headline)

    def as_json(self) -> dict[str, Any]:
        return {"verdict": self.verdict, "agree": self.agree, "disagreeing": list(self.disagreeing), **to_json(self)}


def three_of_closure(differences: Mapping[str, ArrayLike]) -> ThreeOfClosure:
    """Return the verdict on closure over an ensemble.

    Args:
        differences: By each outcome of `CLOSURE`: after minus before, of the shape (worlds, seeds), of the same worlds
            in the same order; other outcomes are not looked at.
    """
    means = {outcome: world_means(differences[outcome]) * direction for outcome, direction in CLOSURE.items()}
    toward = np.array(list(means.values()))
    defined = np.isfinite(toward).all(axis=0)
    better = (toward[:, defined] > 0.0).sum(axis=0)
    return ThreeOfClosure(
        doubts={outcome: doubt(differences[outcome], direction) for outcome, direction in CLOSURE.items()},
        signs={outcome: sign_of_most(each[np.isfinite(each)]) for outcome, each in means.items()},
        in_all=_part(better == len(CLOSURE)),
        in_none=_part(better == 0),
        mixed=_part((better > 0) & (better < len(CLOSURE))),
        worlds=int(defined.sum()),
        undefined=int((~defined).sum()),
    )


def agreement(first: ArrayLike, second: ArrayLike) -> float | None:
    """Return how far the medians of two disjoint samples of worlds lie apart, as a share of the 90 % range.

    Each sample has the shape (worlds, seeds) or (worlds,); the range is the mean of the two samples' ranges, which does
    not grow when they lie apart. 0 where the medians are the same; None where either sample has fewer than two defined
    worlds, or where the medians differ and neither sample has any range.
    """
    one, other = doubt(first, 0), doubt(second, 0)
    if one.median is None or other.median is None or one.width is None or other.width is None:
        return None
    apart, width = abs(one.median - other.median), (one.width + other.width) / 2
    return 0.0 if apart == 0.0 else _share(apart, width)


def _table(differences: ArrayLike) -> Floats:
    """Return differences as (worlds, seeds), NaN wherever they are not finite."""
    table = np.asarray(differences, dtype=np.float64)
    table = table[:, np.newaxis] if table.ndim == 1 else table
    return np.where(np.isfinite(table), table, np.nan)


def _means_and_seeds(table: Floats) -> tuple[Floats, Floats]:
    """Return by world the mean and number of its defined seeds; the mean is 0 where there is none."""
    seeds = np.isfinite(table).sum(axis=1).astype(np.float64)
    return np.nansum(table, axis=1) / np.maximum(seeds, 1.0), seeds


def _luck(table: Floats) -> _Luck:
    """Return the variance within worlds, pooled over all that have two seeds; zero where they differ by rounding."""
    means, seeds = _means_and_seeds(table)
    freedom = int((seeds[seeds > 0] - 1.0).sum())
    if freedom == 0:
        return _Luck(None, 0)
    away = table - means[:, np.newaxis]
    largest = float(np.nanmax(np.abs(table)))
    rounding = float(np.nanmax(np.abs(away))) <= ROUNDING * largest
    return _Luck(0.0 if rounding else float(np.nansum(away**2)) / freedom, freedom)


def sign_of_most(toward: Floats) -> Sign:
    """Return what most worlds say, of means that are positive where the world is better."""
    if not toward.size:
        return "undefined"
    shares: dict[Sign, float] = {
        "better": float(np.mean(toward > 0.0)),
        "worse": float(np.mean(toward < 0.0)),
        "equal": float(np.mean(toward == 0.0)),
    }
    return next((sign for sign, share in shares.items() if share > MAJORITY), "undecided")


def _part(held: Bools) -> float | None:
    return float(held.mean()) if held.size else None


def _share(part: float, whole: float) -> float | None:
    return part / whole if math.isfinite(whole) and whole > 0.0 else None
