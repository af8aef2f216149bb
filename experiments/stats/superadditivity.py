"""Is the whole more than the sum: instruments alone, in pairs and all together, on the same random seeds."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from experiments.stats import Interval, holm, mean_interval, paired_difference
from experiments.stats.intervals import ROUNDING, Adjusted, Floats, PairedDifference

Verdict = Literal["undefined", "few", "unclear", "more", "less"]
Together = Literal["unclear", "strengthen", "weaken", "undo"]

NEAR = 0.1  # a share nearer than this to 0 or 1 leaves little room for what is added


def subsets(count: int) -> list[tuple[int, ...]]:
    """Return what is run, as places of so many instruments: none, each alone, all pairs, and all, which is the last."""
    few = [each for size in range(3) for each in itertools.combinations(range(count), size)]
    return few if count <= 2 else [*few, tuple(range(count))]


def log_odds(shares: Floats) -> Floats:
    """Return shares on a scale without ends; NaN for 0 and 1, which have none there, and outside."""
    inside = np.where((shares > 0.0) & (shares < 1.0), shares, np.nan)
    return np.asarray(np.log(inside / (1.0 - inside)))


def gain(interval: Interval, direction: int) -> Interval:
    """Return a change as a gain, where more is better (+1) or worse (−1); of neither (0) as it is."""
    mean, low, high = interval.mean, interval.low, interval.high
    if direction >= 0 or mean is None:
        return interval
    return Interval(-mean) if low is None or high is None else Interval(-mean, -high, -low)


@dataclass(frozen=True)
class Pair(Adjusted):
    """What two instruments do together, in the unit of the values.

    Attributes:
        both, apart: Effect of both together; sum of what each does alone.
        interaction: The difference of the two, with p adjusted over the pairs.
        alone: What the first and what the second does without any other.
        added: What the first adds where the second is in force, and the second where the first is.
    """

    first: str
    second: str
    both: Interval
    apart: Interval
    interaction: Interval
    p_holm: float | None
    alone: tuple[Interval, Interval]
    added: tuple[Interval, Interval]

    def undoing(self, direction: int) -> tuple[str, str] | None:
        """Return who undoes part of whose effect: what harms beside the other, and does not harm alone."""
        names = (self.first, self.second)
        for place in (1, 0):
            alone, added = (gain(each[place], direction) for each in (self.alone, self.added))
            if (alone.mean or 0.0) >= 0.0 and added.high is not None and added.high < 0.0:
                return names[place], names[1 - place]
        return None

    def together(self, direction: int) -> Together:
        """Return what they do to each other, where more is better (+1) or worse (−1); of neither (0) as if better."""
        if not self.clear:
            return "unclear"
        if (gain(self.interaction, direction).mean or 0.0) > 0.0:
            return "strengthen"
        return "undo" if direction and self.undoing(direction) else "weaken"

    def as_json(self, direction: int) -> dict[str, Any]:
        return {"instruments": [self.first, self.second], **self.interaction.as_json("value"), "p": self.p_holm,
                "clear": self.clear, "both": self.both.mean, "apart": self.apart.mean,
                "together": self.together(direction)}  # fmt: skip


@dataclass(frozen=True)
class Superadditivity(Adjusted):
    """All instruments together against the sum of each alone, in the unit of the values.

    Attributes:
        replicates, dropped: Random seeds used, and left out because one of their runs failed or is undefined.
        none, all: Levels without any instrument and with all.
        alone: Effect of each instrument alone, by name.
        whole, sum: Effect of all together; sum of the effects alone.
        difference: Whole − sum, with p adjusted over the outcomes.
        of_pairs, beyond: The part of the difference that is the sum of the interactions of all pairs, and the rest,
            which comes of three and more.
        sum_level: What the level would be if the parts added up.
    """

    outcome: str
    replicates: int
    dropped: int
    none: Interval
    all: Interval
    alone: Mapping[str, Interval]
    whole: Interval
    sum: Interval
    difference: Interval
    p_holm: float | None
    of_pairs: Interval
    beyond: Interval
    sum_level: Interval
    pairs: tuple[Pair, ...]

    @property
    def idle(self) -> bool:
        """Whether nothing that was run changed the values."""
        shown = [self.whole, *self.alone.values(), *(pair.both for pair in self.pairs)]
        return self.replicates > 0 and all(each.mean == 0.0 and each.low in (0.0, None) for each in shown)

    def verdict(self, direction: int) -> Verdict:
        """Return whether the whole gains more than the sum, where more is better (+1) or worse (−1).

        Of neither (0), whether it changes the values further, whichever way.
        """
        falls = (self.whole.mean or 0.0) < 0.0
        mean = gain(self.difference, direction or (-1 if falls else 1)).mean
        if mean is None:
            return "undefined"
        if self.p_holm is None:
            return "few"
        if not self.clear:
            return "unclear"
        return "more" if mean > 0.0 else "less"

    @property
    def room(self) -> Literal["enough", "little", "none"]:
        """Whether a share has room for the sum of the parts: none where that would lie outside 0 to 1."""
        levels = [each.mean for each in (self.none, self.all, self.sum_level) if each.mean is not None]
        if self.sum_level.mean is not None and not 0.0 <= self.sum_level.mean <= 1.0:
            return "none"
        return "little" if any(not NEAR <= level <= 1.0 - NEAR for level in levels) else "enough"

    def as_json(self, direction: int) -> dict[str, Any]:
        """Return the keys of `--json` of an outcome, effects as they are, whatever is better."""
        return {
            "outcome": self.outcome, "replicates": self.replicates, "dropped": self.dropped,
            "none": self.none.as_json(), "all": self.all.as_json(), "whole": self.whole.as_json(),
            "sum": self.sum.as_json(), "difference": {**self.difference.as_json(), "p": self.p_holm},
            "clear": self.clear, "verdict": self.verdict(direction), "of_pairs": self.of_pairs.as_json(),
            "beyond_pairs": self.beyond.as_json(),
            "alone": [{"instrument": name, **each.as_json("value")} for name, each in self.alone.items()],
            "pairs": [pair.as_json(direction) for pair in self.pairs],
        }  # fmt: skip


class _Runs:
    """Runs of an outcome, of the replicates in which every run is defined: levels, and effects against none."""

    def __init__(self, instruments: Sequence[str], values: Floats) -> None:
        self.instruments, self.levels = instruments, values[:, np.isfinite(values).all(axis=0)]
        self.dropped = values.shape[1] - self.levels.shape[1]
        self._least = ROUNDING * float(np.max(np.abs(self.levels), initial=0.0))
        self.effects = self.settled(self.levels - self.levels[:1])
        self.singles = self.effects[1 : 1 + len(instruments)]
        self.sum, self.at = self.singles.sum(axis=0), list(itertools.combinations(range(len(instruments)), 2))
        self.both = self.effects[1 + len(instruments) :][: len(self.at)]
        apart = np.array([self.singles[first] + self.singles[second] for first, second in self.at])
        self.interactions = self.settled(self.both - apart)
        self.difference = self.settled(self.effects[-1] - self.sum)

    def settled(self, effects: Floats) -> Floats:
        """Return effects; what is rounding is zero."""
        return np.where(np.abs(effects) <= self._least, 0.0, effects)


def superadditivity(instruments: Sequence[str], values: Mapping[str, Floats]) -> list[Superadditivity]:
    """Compare the whole with the sum of its parts for each outcome; p is adjusted over the outcomes.

    Args:
        instruments: Two or more.
        values: By outcome, rows as `subsets` has them × replicates; a replicate that is undefined anywhere is left out.
    """
    runs = {name: _Runs(instruments, each) for name, each in values.items()}
    adjusted = holm([_test(each.difference).p for each in runs.values()])
    return [_compared(name, each, p) for (name, each), p in zip(runs.items(), adjusted, strict=True)]


def _compared(outcome: str, runs: _Runs, p_holm: float | None) -> Superadditivity:
    of_pairs = runs.settled(runs.interactions.sum(axis=0))
    return Superadditivity(
        outcome, runs.levels.shape[1], runs.dropped,
        none=mean_interval(runs.levels[0]), all=mean_interval(runs.levels[-1]),
        alone={name: _test(each).interval for name, each in zip(runs.instruments, runs.singles, strict=True)},
        whole=_test(runs.effects[-1]).interval, sum=_test(runs.sum).interval,
        difference=_test(runs.difference).interval, p_holm=p_holm,
        of_pairs=_test(of_pairs).interval, beyond=_test(runs.settled(runs.difference - of_pairs)).interval,
        sum_level=mean_interval(runs.levels[0] + runs.sum), pairs=tuple(_pairs(runs)),
    )  # fmt: skip


def _pairs(runs: _Runs) -> Iterator[Pair]:
    """Yield every pair, p adjusted over all of them."""
    tests = [_test(each) for each in runs.interactions]
    adjusted = holm([test.p for test in tests])
    for row, (first, second) in enumerate(runs.at):
        both, one, other = runs.both[row], runs.singles[first], runs.singles[second]
        names, test = (runs.instruments[first], runs.instruments[second]), tests[row]
        yield Pair(
            *names, _test(both).interval, _test(one + other).interval, test.interval, adjusted[row],
            alone=(_test(one).interval, _test(other).interval),
            added=(_test(runs.settled(both - other)).interval, _test(runs.settled(both - one)).interval),
        )  # fmt: skip


def _test(effects: Floats) -> PairedDifference:
    """Test effects of paired runs against zero."""
    return paired_difference(np.zeros(len(effects)), effects)
