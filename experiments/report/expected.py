"""Own instruments: whether what a regime's file expects to move has moved as it says."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import numpy as np

from experiments.blocks import Block, Bullets, Heading
from experiments.formatting import bracketed, outcome_of, share_of_worlds, title
from experiments.messages import msg
from experiments.stats.comparison import Comparison, Difference

Met = Literal["yes", "no", "open"]


@dataclasses.dataclass(frozen=True)
class Expected:
    """An outcome that a regime is expected to move, against the first regime of a comparison.

    `way` is 1 (up) or −1 (down), `share` the share of worlds in which it moved that way, None without worlds.
    """

    regime: str
    way: int
    found: Difference
    share: float | None

    @property
    def met(self) -> Met:
        """Whether it moved as expected: clearly so, clearly the other way, or neither."""
        mean = self.found.told.mean
        if mean is None or not self.found.clear:
            return "open"
        return "yes" if mean * self.way > 0.0 else "no"

    def as_json(self) -> dict[str, Any]:
        """Return it as `whistle compare --json` has it."""
        told = self.found.told
        way = "up" if self.way > 0 else "down"
        return {
            "regime": self.regime, "outcome": self.found.outcome, "expected": way, "met": self.met,
            "mean": told.mean, "low": told.low, "high": told.high, "worlds": self.share,
        }  # fmt: skip

    def sentence(self, name: str) -> str:
        """Return it in words; `name` is the regime's."""
        outcome = outcome_of(self.found.outcome)
        way, found = msg("expected_up" if self.way > 0 else "expected_down"), bracketed(self.found.told, outcome)
        said = msg(f"expected_{self.met}", regime=name, title=title(outcome), way=way, found=found)
        return said if self.share is None else said + msg("expected_worlds", share=share_of_worlds(self.share))


def expected(comparison: Comparison, bases: Sequence[Mapping[str, Any]]) -> list[Expected]:
    """Return what the regimes of a study expect, as its manifest's `bases` have it, of outcomes that were kept."""
    return [
        Expected(base["label"], way, comparison.of(name)[base["label"]], _share(comparison, base["label"], name, way))
        for base in bases if base["label"] in comparison.others
        for name, way in base.get("expects", {}).items() if name in comparison.outcomes
    ]  # fmt: skip


def _share(comparison: Comparison, regime: str, outcome: str, way: int) -> float | None:
    if not comparison.worlds:
        return None
    moved = comparison.by_world[regime][outcome] - comparison.by_world[comparison.regimes[0]][outcome]
    known = moved[np.isfinite(moved)]
    return float(np.mean(known * way > 0.0)) if known.size else None


def expected_blocks(found: Sequence[Expected], names: Mapping[str, str]) -> Iterator[Block]:
    """Yield whether expectations were met; nothing where no regime has any."""
    if found:
        yield Heading(msg("expected_heading"))
        yield Bullets(tuple(each.sentence(names[each.regime]) for each in found))
