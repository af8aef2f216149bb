"""What a worker does for one run: simulate, and keep what tables and figures need."""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.planning.plan import Task

if TYPE_CHECKING:
    from model import Record, Scenario

__all__ = ["RunResult", "Simulation", "defined"]


@dataclasses.dataclass(frozen=True)
class RunResult:
    """One run, reduced to what a study keeps.

    Attributes
    ----------
    days, cases : int
        Days and cases simulated.
    seconds : float
        Wall time of the simulation alone.
    outcomes : dict
        Value by name, None where undefined.
    series : dict
        Arrays by name: `daily_*` by day, `units_*` by unit, `hand_overs_from`, `_to` and `_count` for the non-zero
        entries of the matrix and `_code` of its rows and columns, `histogram_*` by count.
    """

    days: int
    cases: int
    seconds: float
    outcomes: dict[str, float | None]
    series: dict[str, Any]


@dataclasses.dataclass
class Simulation:
    """Simulates tasks of a study; sent once to each worker.

    Attributes
    ----------
    scenarios : tuple of Scenario
        By point.
    """

    scenarios: tuple[Scenario, ...]

    def prepare(self) -> None:
        """Compile, and build the tables of each scenario."""
        import model

        for scenario in self.scenarios:
            model.prepare(scenario)

    def __call__(self, task: Task) -> RunResult:
        """Run one task."""
        import model

        start = time.perf_counter()
        record = model.simulate(self.scenarios[task.point], task.seed)
        seconds = time.perf_counter() - start
        outcomes = {name: defined(value) for name, value in record.outcomes.items()}
        return RunResult(int(record.days), int(record.cases_total), seconds, outcomes, _series(record))


def defined(value: float | None) -> float | None:
    """Return a number, or None for what is undefined."""
    return float(value) if value is not None and math.isfinite(value) else None


def _series(record: Record) -> dict[str, Any]:
    hand_overs = np.asarray(record.hand_overs)
    rows, columns = np.nonzero(hand_overs)
    return {
        **_named("daily", record.daily, np.float64),
        **_named("units", record.units, None),
        **_named("histogram", record.histograms, np.int64),
        "hand_overs_from": rows.astype(np.int32),
        "hand_overs_to": columns.astype(np.int32),
        "hand_overs_count": hand_overs[rows, columns].astype(np.int64),
        "hand_overs_code": np.asarray(record.hand_over_codes),
    }


def _named(prefix: str, arrays: Mapping[str, Any], dtype: type | None) -> dict[str, Any]:
    return {f"{prefix}_{name}": np.asarray(array, dtype=dtype) for name, array in arrays.items()}
