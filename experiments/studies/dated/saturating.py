"""The design of a randomised-saturation experiment: what share of the streets is reformed, and which.

Streets of a district share its departments, so they are not independent: **the cluster is the district**, and there is
one of it in a run. The design therefore draws the saturation by run, and within a run the streets; intervals are over
runs. On the ground this would need many districts; a simulation repeats the one. Estimands: Hudgens & Halloran (2008),
Baird, Bohren, McIntosh & Özler (2018).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from experiments.studies.dated.reforms import Settings, keyed_order, somewhere

__all__ = ["LEVELS", "Arm", "design"]

LEVELS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Shares of the streets that are reformed, unless a study names others."""


@dataclass(frozen=True)
class Arm:
    """One run of the design.

    Attributes
    ----------
    replicate : int
        Seed of the run, counted from that of the study.
    level : float
        Share of the streets that is meant; that of `streets` is the nearest to it.
    streets : tuple of str
        Codes of the reformed ones.
    settings : dict
        Over the base scenario.
    """

    replicate: int
    level: float
    streets: tuple[str, ...]
    settings: Settings


def design(
    streets: Sequence[str], regime: str, day: int, replicates: int, *,
    levels: Sequence[float] = LEVELS, crossed: bool = True, design_seed: int = 1,
) -> list[Arm]:  # fmt: skip
    """Draw saturations by run, and streets within it.

    Parameters
    ----------
    streets : sequence of str
        Codes of all streets.
    regime : str
        Whose rules begin.
    day : int
    replicates : int
        Seeds.
    levels : sequence of float
    crossed : bool
        Every seed meets every saturation, which only a simulation can do; else each seed draws one, as an experiment on
        districts would, every saturation as often as any other.
    design_seed : int
        Names the luck of the design. The streets of a replicate stand in one order at every saturation: those of a
        smaller share belong to every larger one.
    """
    arms = []
    for replicate in range(replicates):
        order = keyed_order(streets, design_seed, "street", replicate)
        for level in levels if crossed else [_drawn(levels, replicate, design_seed)]:
            chosen = tuple(sorted(order[: round(level * len(order))]))
            arms.append(Arm(replicate, level, chosen, somewhere(regime, day, chosen)))
    return arms


def _drawn(levels: Sequence[float], replicate: int, design_seed: int) -> float:
    """Return the saturation of a replicate: each block of as many replicates as levels holds each once."""
    block, place = divmod(replicate, len(levels))
    return float(keyed_order([str(level) for level in levels], design_seed, "level", block)[place])
