"""What a comparison answers: closure by its three numbers under the first regime and the one that is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from experiments.stats.comparison import Comparison, Cross
from experiments.stats.ensemble import CLOSURE, Sign, sign_of_most
from experiments.stats.intervals import Floats

Way = Literal["up", "down", "same", "open", "undefined"]
Verdict = Literal["better", "worse", "same", "open", "undefined"]

HEADLINE = "closure_rate"
_WAYS: Mapping[Sign, Way] = {
    "better": "up", "worse": "down", "equal": "same", "undecided": "open", "undefined": "undefined",
}  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """The regime that is asked for beside the first.

    Attributes:
        found: The comparison.
        asked: Its regime that is asked for.
        cross: The 2 × 2 of placement and rules that the regimes hold, None where they hold none.
        gaps: By outcome: difference of `asked` from the first regime in every world, in one world in every pair, as
            arrays (worlds,) or (pairs,); NaN where undefined.
    """

    found: Comparison
    asked: str
    cross: Cross | None
    gaps: Mapping[str, Floats]

    @property
    def first(self) -> str:
        return self.found.regimes[0]

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers of closure that the study kept."""
        return tuple(name for name in CLOSURE if name in self.found.outcomes)

    @property
    def cases(self) -> int:
        """Worlds, or pairs where there are no worlds."""
        return self.found.worlds or self.found.pairs

    def level(self, regime: str, outcome: str) -> float | None:
        """Return what is told of a level: median over worlds, in one world the mean."""
        return self.found.level(regime, outcome).mean if outcome in self.found.outcomes else None

    def count(self, outcome: str, sign: int) -> int:
        """Return in how many worlds, or pairs, an outcome is higher (+1) or lower (−1)."""
        return int((self.gaps[outcome] * sign > 0.0).sum())

    def way(self, outcome: str) -> Way:
        """Return where an outcome goes; open where worlds part on it, luck explains it, or the levels say otherwise."""
        levels = [self.level(regime, outcome) for regime in (self.first, self.asked)]
        before, now = levels
        if before is None or now is None:
            return "undefined"
        way = self._over_worlds(outcome) if self.found.worlds else self._over_pairs(outcome)
        return "open" if (way == "up" and now < before) or (way == "down" and now > before) else way

    def _over_worlds(self, outcome: str) -> Way:
        known = self.gaps[outcome][np.isfinite(self.gaps[outcome])]
        return _WAYS[sign_of_most(known)]

    def _over_pairs(self, outcome: str) -> Way:
        each = self.found.of(outcome)[self.asked]
        if each.told.mean is None:
            return "undefined"
        if each.equal:
            return "same"
        if not each.clear:
            return "open"
        return "up" if each.told.mean > 0.0 else "down"

    def verdict(self, number: str) -> Verdict:
        """Return whether a number of closure is better."""
        way = self.way(number)
        if way == "up" or way == "down":
            return "better" if (way == "up") == (CLOSURE[number] > 0) else "worse"
        return way

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """Verdict of each number of closure."""
        return {number: self.verdict(number) for number in self.numbers}

    @property
    def disagreeing(self) -> tuple[str, ...]:
        """Numbers of closure that do not say what closure in time says."""
        return tuple(name for name, verdict in self.verdicts.items() if verdict != self.verdicts[HEADLINE])

    @property
    def better_in_all(self) -> int:
        """Worlds, or pairs, in which every number of closure is better."""
        toward = np.array([self.gaps[name] * CLOSURE[name] for name in self.numbers])
        return int((toward > 0.0).all(axis=0).sum())
