"""A change measured over plausible worlds: in how many of them a check holds, and what the worlds leave open.

Every world has one pair of runs, so that its luck is part of what is counted.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.design.ensemble import ensemble_of_district, read_ensemble
from experiments.design.plan import digest
from experiments.errors import WrongInput
from experiments.evidence.checks import Check
from experiments.stats.ensemble import doubt
from model import Unknowns, shipped_root

DISTRICT = "chaoyang"
COUNT = 20
"""Worlds in which every change is measured: a sign that holds in three of four is seen with a share of ± 20 points."""
SCALE = 0.25
"""Scale of demand at which changes are measured over worlds: a third of the time of the full volume."""

Values = Mapping[str, NDArray[np.float64]]  # by outcome, its value by seed; NaN where undefined


@dataclass(frozen=True)
class OverWorlds:
    """How a table is measured over worlds: the first of an ensemble, world i with seed 1 + i in every arm.

    Attributes:
        count: Worlds; all, where there are fewer.
        size: Set over all arms, beneath their own settings.
        table: Of the ensemble; the one shipped for the district, unless given.
    """

    count: int = COUNT
    size: Mapping[str, Any] = dataclasses.field(default_factory=lambda: {"demand.scale": SCALE})
    table: Path | None = None

    def worlds(self) -> tuple[Unknowns, ...]:
        """Return the worlds.

        Raises:
            WrongInput: If there is no ensemble, or none that can be read.
        """
        path = self.table or ensemble_of_district(DISTRICT)
        if path is None:
            missing = shipped_root() / "worlds" / f"{DISTRICT}.parquet"
            raise WrongInput([
                f"{missing}: there are no plausible worlds over which to measure. Make some with `whistle worlds` and "
                "put their table there, or measure the reference world alone: --only reference (ONLY=reference)."
            ])  # fmt: skip
        return read_ensemble(path).worlds[: self.count]

    def definition(self, *what: Any) -> str | None:
        """Return the hash of what is measured, of worlds and size; None where there is no ensemble."""
        path = self.table or ensemble_of_district(DISTRICT)
        return None if path is None else digest([what, dict(self.size), _digests(path, self.count)])[:32]


@cache
def _digests(path: Path, count: int) -> list[str]:
    return [digest(dict(world)) for world in read_ensemble(path).worlds[:count]]


def told(check: Check, outcomes: Sequence[str], before: Values, after: Values) -> dict[str, Any]:
    """Return what worlds say of a change, as plain values.

    Args:
        check: Of the first outcome.
        before, after: Of the same worlds in the same order.

    Returns:
        `holds`, the number of worlds in which the check holds; `worlds`, those in which its outcome is defined; by
        outcome median, 90 % range and share of worlds above zero (`up`) of the difference, in the outcome's unit.
    """
    first = outcomes[0]
    pairs = zip(before[first].tolist(), after[first].tolist(), strict=True)
    summaries = {outcome: _summary(after[outcome] - before[outcome]) for outcome in outcomes}
    holds = sum(check.holds_in_one(*pair) for pair in pairs)
    return {"holds": holds, "worlds": summaries[first]["worlds"], "outcomes": summaries}


def _summary(differences: NDArray[np.float64]) -> dict[str, Any]:
    found = doubt(differences, 0)
    kept = {name: getattr(found, name) for name in ("worlds", "undefined", "median", "low", "high")}
    return {**kept, "up": found.better}


@dataclass(frozen=True)
class Held:
    """In how many worlds a check holds.

    Attributes:
        of: Worlds in which its outcome is defined.
        median, low, high: Of the change over these worlds, with the ends of the 90 % range, in the outcome's unit.
    """

    holds: int
    of: int
    median: float | None
    low: float | None
    high: float | None

    @property
    def in_most(self) -> bool:
        """Whether it holds in at least half of them."""
        return self.of > 0 and 2 * self.holds >= self.of


def held(row: Mapping[str, Any] | None, change: str) -> Held | None:
    """Return in how many worlds the check of a row's change holds; None where that is not measured."""
    if row is None or "worlds" not in row:
        return None
    found = row["worlds"]["changes"][change]
    summary = next(iter(found["outcomes"].values()))
    return Held(found["holds"], found["worlds"], *(summary[name] for name in ("median", "low", "high")))
