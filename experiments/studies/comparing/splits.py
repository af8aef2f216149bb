"""The 2 × 2: what placement did, what rules did, and what they did together."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.design.plan import DECIDES_NOTHING
from experiments.stats import Interval, mean_interval

__all__ = ["ORDERS", "PARTS", "SPLIT_COLUMNS", "Cross", "Split", "find_cross", "split_outcomes"]

PARTS = ("whole", "placement", "rules", "interaction")
"""Whole = placement alone + rules alone + interaction, in every pair."""

ORDERS = ("placement_after_rules", "rules_after_placement")
"""The same factors, each where the other is already in force."""

SPLIT_COLUMNS = ["outcome", "part", "mean", "ci_low", "ci_high"]

PLACED = ("placement.", "staffing.", "stationing.share")
"""Beginnings of the keys that say where people are placed; everything else counts as rules."""


@dataclass(frozen=True)
class Cross:
    """Places of the four regimes of a 2 × 2 among those compared."""

    neither: int
    rules: int
    placement: int
    both: int


@dataclass(frozen=True)
class Split:
    """One outcome of the 2 × 2: paired differences, by the names of `PARTS` and `ORDERS`, in the outcome's unit."""

    outcome: str
    parts: Mapping[str, Interval]

    def rows(self) -> list[list[Any]]:
        """Return a line for each part."""
        return [[self.outcome, part, each.mean, each.low, each.high] for part, each in self.parts.items()]

    def as_json(self) -> dict[str, Any]:
        """Return the parts with their bounds."""
        bounds = {
            part: {"mean": each.mean, "ci_low": each.low, "ci_high": each.high} for part, each in self.parts.items()
        }
        return {"outcome": self.outcome} | bounds


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
    """Return what a regime says about placement, and all the rest but its names."""
    said = {
        f"{topic}.{key}": value
        for topic, entries in values.items()
        if topic not in DECIDES_NOTHING
        for key, value in (entries.items() if isinstance(entries, Mapping) else [("", entries)])
    }
    placed = {key: value for key, value in said.items() if key.startswith(PLACED)}
    return placed, {key: value for key, value in said.items() if key not in placed}


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
    sides = {place: values[regimes[at]] for place, at in dataclasses.asdict(cross).items()}
    return tuple(
        Split(outcome, _parts(**{place: side[outcome] for place, side in sides.items()})) for outcome in sides["both"]
    )


def _parts(
    neither: NDArray[np.float64], rules: NDArray[np.float64], placement: NDArray[np.float64], both: NDArray[np.float64]
) -> dict[str, Interval]:
    """Return the mean and 95 % interval of each part over the pairs."""
    paired = {
        "whole": both - neither,
        "placement": placement - neither,
        "rules": rules - neither,
        "interaction": (both - neither) - (placement - neither) - (rules - neither),
        "placement_after_rules": both - rules,
        "rules_after_placement": both - placement,
    }
    return {part: mean_interval(values) for part, values in paired.items()}
