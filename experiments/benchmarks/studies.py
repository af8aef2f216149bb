"""What the machinery of a study adds to its runs, and what a second process gives."""

from __future__ import annotations

import dataclasses
import tempfile
import time
from pathlib import Path

from rich.console import Console

from experiments.planning.plan import Request, make_plan
from experiments.running.executors import executor_for
from experiments.running.run import carry_out
from experiments.running.worker import Simulation

__all__ = ["StudyCost", "study_cost"]


@dataclasses.dataclass(frozen=True)
class StudyCost:
    """Wall time of a study.

    Attributes
    ----------
    seconds : float
        From the plan to the last shard on disk.
    machinery_share : float
        What is not simulation, as a share of the simulation (in one process).
    """

    seconds: float
    machinery_share: float


def study_cost(regimes: tuple[str, ...], district: str, scale: float, pairs: int, jobs: int) -> StudyCost:
    """Carry out a study in a folder that is thrown away, and time it."""
    overrides = {"demand.scale": scale}
    with tempfile.TemporaryDirectory(prefix="whistle-bench-") as out:
        start = time.perf_counter()
        plan = make_plan(Request("bench", regimes, district, overrides, pairs, 1))
        work = Simulation(tuple(point.scenario for point in plan.points))
        study = carry_out(
            plan, Path(out), work, lambda tasks: executor_for(jobs, tasks), Console(stderr=True), quiet=True
        )
        seconds = time.perf_counter() - start
        runs = float(sum(study.runs()["seconds"].to_pylist()))
    return StudyCost(seconds, (seconds - runs) / runs)
