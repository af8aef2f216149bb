"""Reforms with a date: which streets they reach, what that sets in a scenario, and what its stages say."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from experiments.design.reading import Places
from experiments.design.studyfile import StudyFile
from experiments.stats.panel import MEASURES, NEVER
from model import one_of

if TYPE_CHECKING:
    from model import Scenario

Settings = dict[str, Any]

LEVELS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Shares of the streets that are reformed, unless a study names others."""


def nowhere() -> Settings:
    """Return the settings under which nothing begins on a date: the world without the reform."""
    return {"dates": [], "durability.in_law": 1.0}


def everywhere(regime: str, day: int) -> Settings:
    """Return the settings under which a regime's rules begin in all streets on a day, and do not fade."""
    return {"dates": [{"day": day, "regime": regime}], "durability.in_law": 1.0}


def somewhere(regime: str, day: int, streets: Sequence[str]) -> Settings:
    """Return the settings under which they begin in these streets; in none, where none are named."""
    if not streets:
        return nowhere()
    return {"dates": [{"day": day, "regime": regime, "only": sorted(streets)}], "durability.in_law": 1.0}


def adoption_days(scenario: Scenario, streets: ArrayLike) -> NDArray[np.int64]:
    """Return the day on which the first dated reform of each street (code) begins, `NEVER` where none does."""
    codes = [str(code) for code in np.asarray(streets)]
    days = [min((stage.day for stage in scenario.stages if code in stage.streets), default=NEVER) for code in codes]
    return np.array(days, dtype=np.int64)


def keyed_order(names: Sequence[str], *key: object) -> list[str]:
    """Return names in a random order that is a pure function of key and name, not of their order."""

    def draw(name: str) -> tuple[bytes, str]:
        return hashlib.blake2b("\x1f".join(map(str, (*key, name))).encode(), digest_size=16).digest(), name

    return sorted(names, key=draw)


@dataclass(frozen=True)
class Arm:
    """One run of a randomised-saturation experiment: `level` is the share aimed at, `streets` the reformed ones."""

    replicate: int
    level: float
    streets: tuple[str, ...]
    settings: Settings


def saturation_arms(
    streets: Sequence[str], regime: str, day: int, replicates: int, *,
    levels: Sequence[float] = LEVELS, crossed: bool = True, design_seed: int = 1,
) -> list[Arm]:  # fmt: skip
    """Draw the share of streets reformed by run, and which streets within it.

    Streets of a district share its departments, so they are not independent: **the cluster is the district**, and there
    is one of it in a run. Intervals are therefore over runs. On the ground this would need many districts; a simulation
    repeats the one.

    Args:
        crossed: Every seed meets every saturation, which only a simulation can do; else each seed draws one, as an
            experiment on districts would, every saturation as often as any other.
        design_seed: The streets of a replicate stand in one order at every saturation: those of a smaller share belong
            to every larger one.
    """
    arms = []
    for replicate in range(replicates):
        order = keyed_order(streets, design_seed, "street", replicate)
        # each block of as many replicates as levels draws each level once
        block, place = divmod(replicate, len(levels))
        drawn = float(keyed_order([str(level) for level in levels], design_seed, "level", block)[place])
        for level in levels if crossed else [drawn]:
            chosen = tuple(sorted(order[: round(level * len(order))]))
            arms.append(Arm(replicate, level, chosen, somewhere(regime, day, chosen)))
    return arms


def frame_problems(study: StudyFile, places: Places, measures: Sequence[str], regimes: int | None = 1) -> Iterator[str]:
    """Yield what a study of dated reforms or shocks cannot do."""
    if regimes is not None and len(study.regimes) != regimes:
        yield f"{places('regimes')}expected {regimes}, the district before the reform, got {len(study.regimes)}."
    if study.parameters:
        yield f"{places('parameters')}expected none here, got {', '.join(study.parameters)}."
    if study.replicates.fixed is None or study.replicates.fixed < 2:
        yield f"{places('replicates')}expected fixed: 2 or more."
    if study.luck != "block":
        yield f"{places('luck')}expected block, got independent. Worlds are compared with the same seeds."
    for measure in measures:
        if measure not in MEASURES:
            yield f"{places('analysis', 'measures')}expected {one_of(MEASURES)}, got '{measure}'."
