"""The runs of a pattern: its arms, each on the same luck, under its own regime or under the bare queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.studies.facts.kept import MONTHS

__all__ = ["Arms", "Floats"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Arms:
    """Outcomes, and what was kept, of every arm by replicate.

    Attributes
    ----------
    names : sequence of str
        Arms in the order of the pattern.
    outcomes : mapping
        By arm and outcome: array (replicates,), NaN where undefined or not run.
    kept : mapping
        By arm: a sequence (replicates,) of arrays by name, None where the run failed or was not kept.
    """

    names: Sequence[str]
    outcomes: Mapping[str, Mapping[str, Floats]]
    kept: Mapping[str, Sequence[Mapping[str, Any] | None]]

    def outcome(self, arm: str | None, name: str | None, last: bool = False) -> Floats:
        """Return an outcome of an arm, or of the first or last one, by replicate."""
        assert name is not None  # asked for by the form
        return self.outcomes[arm or self.names[-1 if last else 0]][name]

    def number(self, arm: str, name: str) -> Floats:
        """Return a number that was kept of an arm, by replicate."""
        return np.array([np.nan if run is None else float(run[f"pattern_{name}"][0]) for run in self.kept[arm]])

    def curve(self, arm: str, name: str) -> Floats:
        """Return a curve that was kept of an arm: (replicates that have it, points)."""
        rows = [np.asarray(run[f"pattern_{name}"]) for run in self.kept[arm] if run is not None]
        longest = max((row.size for row in rows), default=0)
        return np.array([row for row in rows if row.size == longest]).reshape(-1, longest)

    def monthly(self, arm: str) -> Floats:
        """Return the closure on time by month of report: (replicates, months), NaN where nothing was due."""
        rows = [
            np.full(MONTHS, np.nan) if run is None
            else run["pattern_month_in_time"] / np.where(run["pattern_month_due"] > 0, run["pattern_month_due"], np.nan)
            for run in self.kept[arm]
        ]  # fmt: skip
        return np.array(rows).reshape(-1, MONTHS)
