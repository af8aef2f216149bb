"""Which instrument does the work: effects with their intervals over random seeds."""

import itertools
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from experiments.errors import WrongInput
from experiments.stats import Interval, holm, mean_interval, paired_difference
from experiments.stats.intervals import Adjusted, Floats
from experiments.stats.shapley import Scheme, effects_of


@dataclass(frozen=True)
class Contribution(Adjusted):
    """What one instrument does, in the outcome's unit.

    `shapley` is the mean over all orders of introduction, with p adjusted over the instruments; `alone` the instrument
    by itself minus none; `left_out` the whole minus the whole without it.
    """

    instrument: str
    shapley: Interval
    p_holm: float | None
    alone: Interval
    left_out: Interval

    @property
    def turns(self) -> bool:
        """Whether it clearly does the opposite alone of what it does at the end: the others turn its effect."""
        opposite = (self.alone.mean or 0.0) * (self.left_out.mean or 0.0) < 0
        return self.alone.excludes_zero and self.left_out.excludes_zero and opposite


@dataclass(frozen=True)
class Interaction(Adjusted):
    """What two instruments do together beyond what each does; above zero they help each other up the outcome.

    `index` is the Shapley interaction index, in the outcome's unit, with p adjusted over the pairs.
    """

    first: str
    second: str
    index: Interval
    p_holm: float | None


@dataclass(frozen=True)
class Attribution:
    """How the difference between all instruments and none is divided among them.

    Attributes:
        exact: From all subsets; else from random orders of introduction.
        replicates, dropped: Random seeds used, and left out because one of their runs failed or is undefined.
        none, whole, total: Levels without any instrument and with all, and the paired difference of the two.
        interactions: Of all pairs that were shown; None where the runs cannot tell, or for one instrument.
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

    @property
    def gap(self) -> float:
        values = np.array([each.shapley.mean for each in self.contributions], dtype=np.float64)
        return abs(float(np.sum(values)) - (self.total.mean or 0.0))

    @property
    def ranked(self) -> list[Contribution]:
        return sorted(self.contributions, key=lambda each: -abs(each.shapley.mean or 0.0))

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
             "clear": each.clear} for each in self.interactions
        ]  # fmt: skip
        return {
            "outcome": self.outcome, "scheme": "all subsets" if self.exact else "orders of introduction",
            "replicates": self.replicates, "dropped": list(self.dropped),
            "shapley": [{"instrument": each.instrument, **each.shapley.as_json("value"), "p": each.p_holm,
                         "clear": each.clear, "share": self.share(each)} for each in self.contributions],
            "total": self.total.mean, "total_ci": self.total.ends,
            "none": {"value": self.none.mean, "ci": self.none.ends},
            "whole": {"value": self.whole.mean, "ci": self.whole.ends},
            "gap": self.gap,
            **{side: [{"instrument": each.instrument, **getattr(each, side).as_json("value"),
                       "replicates": self.replicates} for each in self.contributions]
               for side in ("alone", "left_out")},
            "interactions": pairs,
            "interactions_missing": missing if pairs is None and len(self.contributions) > 1 else None,
        }  # fmt: skip


def attribute(
    scheme: Scheme, outcome: str, masks: Sequence[int], replicates: Sequence[int], values: ArrayLike
) -> Attribution:
    """Divide the difference between all instruments and none among them, with t intervals over complete replicates.

    Subset, replicate and value of each run come in any order; failed ones may be missing or None.

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
    return Attribution(outcome, scheme.exact, len(kept), dropped, contributions, none, whole, total, pairs)


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
