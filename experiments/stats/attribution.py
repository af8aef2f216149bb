"""Which instrument does the work: effects with their intervals over random seeds, or over plausible worlds."""

import itertools
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from experiments.errors import WrongInput
from experiments.stats import Interval, holm, mean_interval, paired_difference
from experiments.stats.by_world import ByWorld
from experiments.stats.ensemble import Doubt, world_means
from experiments.stats.intervals import Adjusted, Floats
from experiments.stats.shapley import Effects, Scheme, effects_of

Side = Literal["shapley", "alone", "left_out"]
SIDES: tuple[Side, ...] = get_args(Side)


@dataclass(frozen=True)
class Contribution(Adjusted):
    """What one instrument does, in the outcome's unit.

    `shapley` is the mean over all orders of introduction, with p adjusted over the instruments; `alone` the instrument
    by itself minus none; `left_out` the whole minus the whole without it.

    Attributes:
        doubts: Over plausible worlds, what they leave open of "shapley", "alone" and "left_out"; empty in one world.
        largest: Share of worlds in which its Shapley value is the largest in size; None in one world.
    """

    instrument: str
    shapley: Interval
    p_holm: float | None
    alone: Interval
    left_out: Interval
    doubts: Mapping[str, Doubt] = field(default_factory=dict)
    largest: float | None = None

    def shown(self, side: Side) -> Interval:
        """Return a side: the typical world and the 90 % range of worlds, else mean and 95 % interval."""
        interval: Interval = getattr(self, side)
        return self.doubts[side].interval if self.doubts else interval

    @property
    def settled(self) -> bool:
        """Whether its sign is known: over worlds the 90 % range leaves zero out, in one world it is clear."""
        return self.shown("shapley").excludes_zero if self.doubts else self.clear

    @property
    def turns(self) -> bool:
        """Whether it clearly does the opposite alone of what it does at the end: the others turn its effect."""
        alone, left_out = self.shown("alone"), self.shown("left_out")
        opposite = (alone.mean or 0.0) * (left_out.mean or 0.0) < 0
        return alone.excludes_zero and left_out.excludes_zero and opposite

    def as_json(self, side: Side) -> dict[str, Any]:
        interval: Interval = getattr(self, side)
        more = {"doubt": self.doubts[side].as_json()} if self.doubts else {}
        return {"instrument": self.instrument, **interval.as_json("value"), **more}


@dataclass(frozen=True)
class Interaction(Adjusted):
    """What two instruments do together beyond what each does; above zero they help each other up the outcome.

    `index` is the Shapley interaction index, in the outcome's unit, with p adjusted over the pairs.
    """

    first: str
    second: str
    index: Interval
    p_holm: float | None
    doubt: Doubt | None = None

    @property
    def shown(self) -> Interval:
        """The typical world and the 90 % range of worlds, else mean and 95 % interval."""
        return self.doubt.interval if self.doubt else self.index

    @property
    def settled(self) -> bool:
        """Whether its sign is known: over worlds the 90 % range leaves zero out, in one world it is clear."""
        return self.shown.excludes_zero if self.doubt else self.clear


@dataclass(frozen=True)
class Attribution:
    """How the difference between all instruments and none is divided among them.

    Attributes:
        exact: From all subsets; else from random orders of introduction.
        replicates, dropped: Random seeds used, and left out because one of their runs failed or is undefined.
        none, whole, total: Levels without any instrument and with all, and the paired difference of the two.
        interactions: Of all pairs that were shown; None where the runs cannot tell, or for one instrument.
        worlds: Plausible worlds that the seeds are spread over; 0 in one world.
        doubts: Over worlds, what they leave open of "none", "whole" and "total"; empty in one world.
    """

    outcome: str
    exact: bool
    replicates: int
    dropped: tuple[int, ...]
    contributions: tuple[Contribution, ...]
    none: Interval
    whole: Interval
    total: Interval
    interactions: tuple[Interaction, ...] | None
    worlds: int = 0
    doubts: Mapping[str, Doubt] = field(default_factory=dict)

    def shown(self, level: Literal["none", "whole", "total"]) -> Interval:
        """Return a level or the total: the typical world and the 90 % range of worlds, else mean and 95 % interval."""
        interval: Interval = getattr(self, level)
        return self.doubts[level].interval if self.doubts else interval

    @property
    def gap(self) -> float:
        values = np.array([each.shapley.mean for each in self.contributions], dtype=np.float64)
        return abs(float(np.sum(values)) - (self.total.mean or 0.0))

    @property
    def ranked(self) -> list[Contribution]:
        return sorted(self.contributions, key=lambda each: -abs(each.shown("shapley").mean or 0.0))

    @property
    def idle(self) -> bool:
        """Whether nothing that was run changed the outcome."""
        shown = [interval for each in self.contributions for interval in (each.shapley, each.alone, each.left_out)]
        return all(interval.mean in (0.0, None) and interval.low in (0.0, None) for interval in shown)

    def share(self, each: Contribution) -> float | None:
        """Return a contribution as a share of this total; None where the total is not told from zero."""
        if not self.total.excludes_zero or each.shapley.mean is None or self.total.mean is None:
            return None
        return each.shapley.mean / self.total.mean

    def as_json(self) -> dict[str, Any]:
        """Return the keys of `--json`; `interactions_missing` says why `interactions` is null."""
        missing = "orders of introduction without exchanged neighbours do not show pairs"
        pairs = None if self.interactions is None else [
            {"instruments": [each.first, each.second], **each.index.as_json("value"), "p": each.p_holm,
             "clear": each.clear, **({"doubt": each.doubt.as_json()} if each.doubt else {})}
            for each in self.interactions
        ]  # fmt: skip
        told = {name: each.as_json() for name, each in self.doubts.items()}
        return {
            "outcome": self.outcome, **({"worlds": self.worlds, "doubt": told} if told else {}),
            "scheme": "all subsets" if self.exact else "orders of introduction",
            "replicates": self.replicates, "dropped": list(self.dropped),
            "shapley": [{**each.as_json("shapley"), "p": each.p_holm, "clear": each.clear, "share": self.share(each),
                         **({"largest": each.largest} if each.doubts else {})} for each in self.contributions],
            "total": self.total.mean, "total_ci": self.total.ends,
            "none": {"value": self.none.mean, "ci": self.none.ends},
            "whole": {"value": self.whole.mean, "ci": self.whole.ends},
            "gap": self.gap,
            **{side: [{**each.as_json(side), "replicates": self.replicates} for each in self.contributions]
               for side in SIDES[1:]},
            "interactions": pairs,
            "interactions_missing": missing if pairs is None and len(self.contributions) > 1 else None,
        }  # fmt: skip


def attribute(
    scheme: Scheme,
    outcome: str,
    masks: Sequence[int],
    replicates: Sequence[int],
    values: ArrayLike,
    by_world: ByWorld | None = None,
) -> Attribution:
    """Divide the difference between all instruments and none among them, with t intervals over complete replicates.

    Subset, replicate and value of each run come in any order; failed ones may be missing or None. `by_world` tells
    which world each replicate of the scheme is of.

    Raises:
        WrongInput: For runs that the scheme does not hold or that are given twice, or where no replicate is complete.
    """
    known = _by_replicate(scheme, masks, replicates, values)
    kept = [replicate for replicate, each in enumerate(known) if len(each) == len(scheme.masks(replicate))]
    if not kept:
        raise WrongInput([f"{outcome}: expected at least one replicate in which every run is defined, got none."])
    effects = effects_of(scheme, [known[each] for each in kept], kept)
    tests = (_against_zero(each.T) for each in (effects.shapley, effects.alone, effects.left_out))
    contributions = tuple(
        Contribution(name, shapley, p, alone, left_out)
        for name, (shapley, p), (alone, _), (left_out, _) in zip(scheme.instruments, *tests, strict=True)
    )
    pairs: tuple[Interaction, ...] | None = None
    if effects.interactions is not None and len(scheme.instruments) > 1:
        found = _against_zero(effects.interactions[:, *np.triu_indices(len(scheme.instruments), 1)].T)
        names = itertools.combinations(scheme.instruments, 2)
        pairs = tuple(Interaction(*two, *each) for two, each in zip(names, found, strict=True))
    dropped = tuple(sorted(set(range(scheme.replicates)) - set(kept)))
    none, whole = mean_interval(effects.none), mean_interval(effects.whole)
    total = paired_difference(effects.none, effects.whole).interval
    divided = Attribution(outcome, scheme.exact, len(kept), dropped, contributions, none, whole, total, pairs)
    return _over_worlds(divided, effects, kept, by_world) if by_world and by_world.count else divided


def _over_worlds(found: Attribution, effects: Effects, kept: Sequence[int], by_world: ByWorld) -> Attribution:
    """Return an attribution with what the worlds leave open of all that it says; replicates left out are undefined."""

    def by_replicate(rows: Floats) -> Floats:
        every = np.full((len(by_world.worlds), *rows.shape[1:]), np.nan)
        every[kept] = rows
        return every.T

    sides = {side: by_replicate(getattr(effects, side)) for side in SIDES}
    none, whole = by_replicate(effects.none), by_replicate(effects.whole)
    contributions = tuple(
        replace(each, doubts={side: by_world.doubt(rows[place]) for side, rows in sides.items()}, largest=share)
        for place, (each, share) in enumerate(
            zip(found.contributions, _largest(sides["shapley"], by_world), strict=True)
        )
    )
    pairs = found.interactions
    if effects.interactions is not None and pairs is not None:
        rows = by_replicate(effects.interactions[:, *np.triu_indices(len(contributions), 1)])
        pairs = tuple(replace(each, doubt=by_world.doubt(row)) for each, row in zip(pairs, rows, strict=True))
    doubts = {"none": by_world.level(none), "whole": by_world.level(whole), "total": by_world.doubt(whole - none)}
    return replace(found, contributions=contributions, interactions=pairs, worlds=by_world.count, doubts=doubts)


def _largest(shapley: Floats, by_world: ByWorld) -> list[float | None]:
    """Return for each instrument (rows) the share of defined worlds in which its Shapley value is largest in size."""
    sizes = np.abs([world_means(by_world.table(row)) for row in shapley])
    sizes = sizes[:, np.isfinite(sizes).all(axis=0)]
    if not sizes.size:
        return [None] * len(shapley)
    first = np.argmax(sizes, axis=0)
    return [float(np.mean(first == place)) for place in range(len(shapley))]


def _by_replicate(
    scheme: Scheme, masks: Sequence[int], replicates: Sequence[int], values: ArrayLike
) -> list[dict[int, float]]:
    """Return the finite values by subset of every replicate."""
    keys = list(zip(map(int, masks), map(int, replicates), strict=True))
    wrong = {
        ("runs of the scheme", ""): sorted(set(keys) - set(scheme.runs())),
        ("each run once", " more than once"): [key for key, count in Counter(keys).items() if count > 1],
    }
    problems = [f"runs: expected {wanted}, got the subset and replicate {', '.join(map(str, which[:5]))}{more}."
                for (wanted, more), which in wrong.items() if which]  # fmt: skip
    if problems:
        raise WrongInput(problems)
    known: list[dict[int, float]] = [{} for _ in range(scheme.replicates)]
    for (mask, replicate), value in zip(keys, np.asarray(values, dtype=np.float64).tolist(), strict=True):
        if math.isfinite(value):
            known[replicate][mask] = value
    return known


def _against_zero(rows: Floats) -> list[tuple[Interval, float | None]]:
    """Return mean and interval of each row of effects, with the p of their t tests adjusted for their number."""
    tests = [paired_difference(np.zeros(len(row)), row) for row in rows]
    return [(test.interval, p) for test, p in zip(tests, holm([test.p for test in tests]), strict=True)]
