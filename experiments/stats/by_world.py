"""Replicates by the world that each is of: from values a replicate to what an ensemble leaves open."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from experiments.stats.ensemble import Doubt, doubt, spread_over
from experiments.stats.intervals import Floats

RANGES = tuple([each.name for each in fields(Doubt)])
"""Columns of what an ensemble leaves open."""


@dataclass(frozen=True)
class ByWorld:
    """Which world each replicate of a study is of, and which way its outcome is better.

    Attributes:
        worlds: Number of the world of each replicate; empty where all are of one, of which there is no doubt to tell.
        direction: Whether more of the outcome is better (+1), worse (−1) or neither (0).
    """

    worlds: Sequence[int]
    direction: int

    @cached_property
    def count(self) -> int:
        """Worlds that there are."""
        return len(set(self.worlds))

    def table(self, values: ArrayLike) -> Floats:
        """Return values of the replicates as (worlds, seeds), NaN where a world has fewer seeds than another."""
        return spread_over(np.asarray(values, dtype=np.float64), self.worlds)

    def doubt(self, differences: ArrayLike) -> Doubt:
        """Return what the worlds leave open of a paired difference, given by replicate; NaN where undefined."""
        return doubt(self.table(differences), self.direction)

    def level(self, values: ArrayLike) -> Doubt:
        """Return what the worlds leave open of a level, of which no side is better."""
        return replace(doubt(self.table(values), 0), better=None, clear=None)
