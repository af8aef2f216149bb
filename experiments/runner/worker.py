"""What a worker does for one run: simulate, and keep what tables and figures need."""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.design.plan import RunResult, Task

if TYPE_CHECKING:
    from model import Record, Scenario

KEPT_READY = 8  # varied scenarios that a worker keeps: as many as the model keeps tables of


def full_series(record: Record) -> dict[str, Any]:
    """Return all series of a run: by day, by unit, by kind of problem, the hand-overs, the histograms (row by row)."""
    hand_overs = np.asarray(record.hand_overs)
    rows, columns = np.nonzero(hand_overs)
    return {
        **_named("daily", record.daily, np.float64),
        **_named("units", record.units, None),
        **_named("kinds", record.kinds, None),
        **_named("histogram", record.histograms, np.int64),
        "hand_overs_from": rows.astype(np.int32),
        "hand_overs_to": columns.astype(np.int32),
        "hand_overs_count": hand_overs[rows, columns].astype(np.int64),
        "hand_overs_code": np.asarray(record.hand_over_codes),
    }


def _named(prefix: str, arrays: Mapping[str, Any], dtype: type | None) -> dict[str, Any]:
    return {f"{prefix}_{name}": np.asarray(array, dtype=dtype).ravel() for name, array in arrays.items()}


@dataclasses.dataclass(frozen=True)
class Reduction:
    """What an experiment keeps of a run beside its outcomes.

    Attributes:
        of: Returns, for a scenario, what makes arrays by name of its runs; defined at the top of a module, so that it
            can travel.
        cases: Whether it needs the settled cases.
    """

    of: Callable[[Scenario], Callable[[Record], dict[str, Any]]]
    cases: bool = False


def always(reduce: Callable[[Record], dict[str, Any]], _: Scenario) -> Callable[[Record], dict[str, Any]]:
    """Return the same reduction for every scenario."""
    return reduce


SERIES = Reduction(partial(always, full_series))


@dataclasses.dataclass
class Simulation:
    """Simulates tasks of a study; sent once to each worker, where it prepares itself before its first task.

    Attributes:
        scenarios: Bases; a task's values are set over one of them.
        outcomes, reduction: What is kept of a run, and what of those whose series are kept.
        events: Folder of event logs.
    """

    scenarios: tuple[Scenario, ...]
    outcomes: tuple[str, ...]
    reduction: Reduction = SERIES
    events: Path | None = None
    _varied: dict[tuple[Any, ...], Scenario] = dataclasses.field(default_factory=dict, init=False, repr=False)
    _ready: bool = dataclasses.field(default=False, init=False, repr=False)

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel as it was made: another process is not prepared because this one is."""
        return Simulation, (self.scenarios, self.outcomes, self.reduction, self.events)

    def prepare(self) -> None:
        """Compile, and build the tables of the first scenarios."""
        import model

        for scenario in self.scenarios[:KEPT_READY]:
            model.prepare(scenario)
        self._ready = True

    def __call__(self, task: Task) -> RunResult:
        import model

        if not self._ready:
            self.prepare()
        scenario = self.scenarios[task.base]
        if task.values or task.world:
            name = (task.base, repr(task.values), task.world)
            if name not in self._varied:
                if len(self._varied) == KEPT_READY:
                    del self._varied[next(iter(self._varied))]
                varied = model.vary(scenario, dict(task.values)) if task.values else scenario
                self._varied[name] = model.in_world(varied, dict(task.world)) if task.world else varied
            scenario = self._varied[name]
        start = time.perf_counter()
        if task.events and self.events is not None:
            self.events.mkdir(parents=True, exist_ok=True)
            model.log_run(scenario, task.seed, self.events / f"{task.key}.parquet")
        cases = {"cases": True} if task.series and self.reduction.cases else {}
        record = model.simulate(scenario, task.seed, **cases)
        seconds = time.perf_counter() - start
        outcomes = {name: defined(record.outcomes.get(name)) for name in self.outcomes}
        series = self.reduction.of(scenario)(record) if task.series else {}
        return RunResult(int(record.days), int(record.cases_total), seconds, outcomes, series)


def defined(value: float | None) -> float | None:
    """Return a number, or None for what is undefined."""
    return float(value) if value is not None and math.isfinite(value) else None
