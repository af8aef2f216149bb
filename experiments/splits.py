"""The 2 × 2: what placement did, what rules did, and what they did together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.statistics import Interval, mean_interval

__all__ = ["PARTS", "SPLIT_COLUMNS", "Cross", "Split", "find_cross", "split_outcomes"]

PARTS = ("whole", "placement", "rules", "interaction")
SPLIT_COLUMNS = ["outcome", "part", "mean", "ci_low", "ci_high"]

PLACED = ("placement.", "staffing.", "stationing.share")
"""Beginnings of the keys that say where people are placed; the rest of the law are rules."""

LAW = (
    "placement", "stationing", "staffing", "structure", "powers", "duty_list", "burden", "opinion", "assessment",
    "ranking", "coordination", "letters", "whistle", "committee", "levels", "grids", "closed_loop", "recording",
    "durability", "participation", "party",
)  # fmt: skip


@dataclass(frozen=True)
class Cross:
    """Places of the four regimes of a 2 × 2 among those compared."""

    neither: int
    rules: int
    placement: int
    both: int


@dataclass(frozen=True)
class Split:
    """One outcome of the 2 × 2; whole = placement + rules + interaction, pair by pair.

    Attributes
    ----------
    whole, placement, rules, interaction : Interval
        In the unit of the outcome: both factors, each alone, and what both together add to the sum of each alone.
    """

    outcome: str
    whole: Interval
    placement: Interval
    rules: Interval
    interaction: Interval

    def rows(self) -> list[list[Any]]:
        """Return a line for each part."""
        parts = [(part, getattr(self, part)) for part in PARTS]
        return [[self.outcome, part, each.mean, each.low, each.high] for part, each in parts]

    def as_json(self) -> dict[str, Any]:
        """Return the parts with their bounds."""
        return {"outcome": self.outcome} | {
            part: {"mean": each.mean, "ci_low": each.low, "ci_high": each.high}
            for part in PARTS
            for each in [getattr(self, part)]
        }


def find_cross(resolved: Sequence[Mapping[str, Any]]) -> Cross | None:
    """Return the 2 × 2 that holds the first regime, recognised by what the regimes say, not by their names."""
    sides = [_sides(values) for values in resolved]
    placed, ruled = sides[0]
    alike = range(1, len(sides))
    rules = [i for i in alike if sides[i][0] == placed and sides[i][1] != ruled]
    people = [i for i in alike if sides[i][0] != placed and sides[i][1] == ruled]
    for i in rules:
        for j in people:
            for k in alike:
                if sides[k] == (sides[j][0], sides[i][1]):
                    return Cross(0, i, j, k)
    return None


def _sides(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    law = {f"{topic}.{key}": value for topic in LAW for key, value in values.get(topic, {}).items()}
    law["dates"] = values.get("dates", [])
    placed = {key: value for key, value in law.items() if key.startswith(PLACED)}
    return placed, {key: value for key, value in law.items() if key not in placed}


def split_outcomes(
    values: Mapping[str, Mapping[str, NDArray[np.float64]]],
    regimes: Sequence[str],
    resolved: Sequence[Mapping[str, Any]],
) -> tuple[Split, ...]:
    """Return the split of every outcome; empty where the regimes hold no 2 × 2.

    Parameters
    ----------
    values : mapping
        By regime and outcome: the values of the complete pairs.
    regimes : sequence of str
        Labels, in the order of `resolved`.
    resolved : sequence of mapping
        All values of each regime.
    """
    cross = find_cross(resolved)
    if cross is None:
        return ()
    neither, rules, placement, both = (
        values[regimes[at]] for at in (cross.neither, cross.rules, cross.placement, cross.both)
    )
    return tuple(
        Split(
            outcome,
            whole=mean_interval(both[outcome] - neither[outcome]),
            placement=mean_interval(placement[outcome] - neither[outcome]),
            rules=mean_interval(rules[outcome] - neither[outcome]),
            interaction=mean_interval(both[outcome] - placement[outcome] - rules[outcome] + neither[outcome]),
        )
        for outcome in neither
    )
