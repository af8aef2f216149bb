"""Which instrument does the work: contributions with their intervals over luck."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from experiments.errors import WrongInput
from experiments.stats import CLEAR, Interval, PairedDifference, holm, mean_interval, paired_difference
from experiments.studies.attribution.scheme import Scheme
from experiments.studies.attribution.shares import Shares, exact_shares, sampled_shares

__all__ = ["Attribution", "Contribution", "Interaction", "attribute"]

SHOWN = 5
"""Runs that a message names."""


@dataclasses.dataclass(frozen=True)
class Contribution:
    """What one instrument does, in the outcome's unit.

    Attributes
    ----------
    instrument : str
    shapley : Interval
        Mean over all orders of introduction.
    p : float or None
        Of the t test of `shapley` against zero, Holm-adjusted over the instruments.
    alone : Interval
        The instrument by itself minus none.
    left_out : Interval
        The whole minus the whole without it.
    showing : tuple of (int, int)
        Replicates that show `alone`, and `left_out`.
    """

    instrument: str
    shapley: Interval
    p: float | None
    alone: Interval
    left_out: Interval
    showing: tuple[int, int]

    @property
    def clear(self) -> bool:
        """Whether the Shapley value is told from zero."""
        return self.p is not None and self.p < CLEAR

    @property
    def turns(self) -> bool:
        """Whether it clearly does the opposite alone of what it does at the end: the others turn its effect."""
        return _sign(self.alone) * _sign(self.left_out) < 0


@dataclasses.dataclass(frozen=True)
class Interaction:
    """What two instruments do together beyond what each does; above zero they help each other up the outcome.

    Attributes
    ----------
    first, second : str
    index : Interval
        Shapley interaction index, in the outcome's unit.
    p : float or None
        Of the t test against zero, Holm-adjusted over the pairs.
    """

    first: str
    second: str
    index: Interval
    p: float | None

    @property
    def clear(self) -> bool:
        """Whether it is told from zero."""
        return self.p is not None and self.p < CLEAR


@dataclasses.dataclass(frozen=True)
class Attribution:
    """How the difference between all instruments and none is divided among them.

    Attributes
    ----------
    outcome : str
    exact : bool
        From all subsets; else from random orders of introduction.
    replicates : int
        Lucks used.
    dropped : tuple of int
        Replicates left out because a run of theirs failed or is undefined.
    contributions : tuple of Contribution
        In the order given.
    none, whole : Interval
        Levels without any instrument and with all.
    total : Interval
        Paired difference of the two.
    interactions : tuple of Interaction or None
        Of all pairs that were shown; None where the runs cannot tell, or for one instrument.
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
    def gap(self) -> float | None:
        """By how much the contributions miss the total: rounding."""
        values = [each.shapley.mean for each in self.contributions]
        if self.total.mean is None or None in values:
            return None
        return abs(float(np.sum(np.array(values, dtype=np.float64))) - self.total.mean)

    @property
    def ranked(self) -> list[Contribution]:
        """Contributions, largest first, whatever their sign."""
        return sorted(self.contributions, key=lambda each: -abs(each.shapley.mean or 0.0))

    @property
    def idle(self) -> bool:
        """Whether nothing that was run changed the outcome."""
        shown = [interval for each in self.contributions for interval in (each.shapley, each.alone, each.left_out)]
        return all(interval.mean in (0.0, None) and interval.low in (0.0, None) for interval in shown)

    def share(self, each: Contribution) -> float | None:
        """Return a contribution as a share of this total; None where the total is not told from zero."""
        if _sign(self.total) == 0 or each.shapley.mean is None or self.total.mean is None:
            return None
        return each.shapley.mean / self.total.mean

    def as_json(self) -> dict[str, Any]:
        """Return the keys of `--json`.

        Notes
        -----
        `total` is the mean of the paired difference. `gap` is what the values miss of it by rounding. `interactions` is
        null where the runs do not hold what it needs, and `interactions_missing` says so. Intervals are at 95 %.
        """
        missing = "orders of introduction without exchanged neighbours do not show pairs"
        return {
            "outcome": self.outcome,
            "scheme": "all subsets" if self.exact else "orders of introduction",
            "replicates": self.replicates,
            "dropped": list(self.dropped),
            "shapley": [_entry(each, each.shapley, p=each.p, clear=each.clear, share=self.share(each))
                        for each in self.contributions],
            "total": self.total.mean,
            "total_ci": _ends(self.total),
            "none": {"value": self.none.mean, "ci": _ends(self.none)},
            "whole": {"value": self.whole.mean, "ci": _ends(self.whole)},
            "gap": self.gap,
            "alone": [_entry(each, each.alone, replicates=each.showing[0]) for each in self.contributions],
            "left_out": [_entry(each, each.left_out, replicates=each.showing[1]) for each in self.contributions],
            "interactions": None if self.interactions is None else [
                {"instruments": [pair.first, pair.second], "value": pair.index.mean, "ci_low": pair.index.low,
                 "ci_high": pair.index.high, "p": pair.p, "clear": pair.clear} for pair in self.interactions
            ],
            "interactions_missing": missing if self.interactions is None and len(self.contributions) > 1 else None,
        }  # fmt: skip


def attribute(
    scheme: Scheme, outcome: str, masks: Sequence[int], replicates: Sequence[int], values: ArrayLike
) -> Attribution:
    """Divide the difference between all instruments and none among them.

    Parameters
    ----------
    scheme : Scheme
    outcome : str
        Its name.
    masks, replicates : sequence of int
        Subset and replicate of each run, in any order; failed runs may be missing.
    values : array-like of float
        In the outcome's unit; None where undefined.

    Returns
    -------
    Attribution
        From the replicates that are complete. Intervals are t intervals over replicates, whose runs share luck.

    Raises
    ------
    WrongInput
        For runs that the scheme does not hold or that are given twice, or where no replicate is complete.
    """
    known = _by_replicate(scheme, masks, replicates, values)
    kept = [replicate for replicate, each in enumerate(known) if len(each) == len(scheme.masks(replicate))]
    dropped = tuple(replicate for replicate in range(scheme.replicates) if replicate not in set(kept))
    if not kept:
        raise WrongInput([f"{outcome}: expected at least one replicate in which every run is defined, got none."])
    if scheme.exact:
        shares = exact_shares(np.array([[known[each][mask] for each in kept] for mask in scheme.masks(0)]))
    else:
        shares = sampled_shares(scheme, [known[each] for each in kept], kept)
    return _summed_up(scheme, outcome, shares, dropped)


def _by_replicate(
    scheme: Scheme, masks: Sequence[int], replicates: Sequence[int], values: ArrayLike
) -> list[dict[int, float]]:
    """Return the finite values by subset of every replicate."""
    given: NDArray[np.float64] = np.asarray(values, dtype=np.float64)
    keys = [(int(mask), int(replicate)) for mask, replicate in zip(masks, replicates, strict=True)]
    if given.shape != (len(keys),):
        raise WrongInput([f"values: expected {len(keys)}, one per run, got {given.size}."])
    twice = [key for key, count in Counter(keys).items() if count > 1]
    unknown = sorted(set(keys) - set(scheme.runs()))
    problems = [
        f"runs: expected {wanted}, got the subset and replicate {', '.join(map(str, which[:SHOWN]))}{said}."
        for which, wanted, said in ((unknown, "runs of the scheme", ""), (twice, "each run once", " more than once"))
        if which
    ]
    if problems:
        raise WrongInput(problems)
    known: list[dict[int, float]] = [{} for _ in range(scheme.replicates)]
    for (mask, replicate), value in zip(keys, given.tolist(), strict=True):
        if math.isfinite(value):
            known[replicate][mask] = value
    return known


def _summed_up(scheme: Scheme, outcome: str, shares: Shares, dropped: tuple[int, ...]) -> Attribution:
    tests = [_against_zero(column) for column in shares.shapley.T]
    adjusted = holm([test.p for test in tests])
    contributions = tuple(
        Contribution(
            instrument=name,
            shapley=tests[place].interval,
            p=adjusted[place],
            alone=_against_zero(shares.alone[:, place]).interval,
            left_out=_against_zero(shares.left_out[:, place]).interval,
            showing=(_count(shares.alone[:, place]), _count(shares.left_out[:, place])),
        )
        for place, name in enumerate(scheme.instruments)
    )
    return Attribution(
        outcome, scheme.exact, len(shares.none), dropped, contributions, mean_interval(shares.none),
        mean_interval(shares.whole), paired_difference(shares.none, shares.whole).interval,
        _interactions(scheme, shares.interactions),
    )  # fmt: skip


def _interactions(scheme: Scheme, found: NDArray[np.float64] | None) -> tuple[Interaction, ...] | None:
    if found is None or len(scheme.instruments) == 1:
        return None
    places = list(itertools.combinations(range(len(scheme.instruments)), 2))
    tests = [_against_zero(found[:, one, other]) for one, other in places]
    adjusted = holm([test.p for test in tests])
    return tuple(
        Interaction(scheme.instruments[one], scheme.instruments[other], test.interval, p)
        for (one, other), test, p in zip(places, tests, adjusted, strict=True)
    )


def _against_zero(effects: NDArray[np.float64]) -> PairedDifference:
    return paired_difference(np.zeros(len(effects)), effects)


def _count(effects: NDArray[np.float64]) -> int:
    return int(np.isfinite(effects).sum())


def _sign(interval: Interval) -> int:
    """Return on which side of zero an interval lies, 0 where it holds zero or is unknown."""
    if interval.low is None or interval.high is None:
        return 0
    return int(interval.low > 0) - int(interval.high < 0)


def _entry(each: Contribution, interval: Interval, **more: Any) -> dict[str, Any]:
    ends = {"value": interval.mean, "ci_low": interval.low, "ci_high": interval.high}
    return {"instrument": each.instrument, **ends, **more}


def _ends(interval: Interval) -> list[float | None] | None:
    return None if interval.low is None else [interval.low, interval.high]
