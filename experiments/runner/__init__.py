"""Running a plan: in this process, in several, on a cluster.

Here stands only where, because the options of every command load it.
"""

from __future__ import annotations

import dataclasses
import os
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from experiments.runner.executors import Executor

__all__ = ["Engine", "Where", "usable_processors"]


def usable_processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Engine(StrEnum):
    """What carries the runs."""

    LOCAL = "local"
    DASK = "dask"


@dataclasses.dataclass(frozen=True)
class Where:
    """Where the user wants runs to be executed.

    Attributes:
        jobs: Processes on this machine.
        scheduler: Address of a Dask scheduler that already runs.
        cluster: Shipped name or path of a file that says how a batch system starts workers.
    """

    jobs: int
    engine: Engine = Engine.LOCAL
    scheduler: str | None = None
    cluster: str | None = None

    def executor(self, tasks: int) -> Executor:
        """Return the executor for so many tasks; no more processes than tasks."""
        if self.engine is Engine.DASK or self.scheduler is not None or self.cluster is not None:
            from experiments.runner.cluster import DaskCluster

            return DaskCluster(self.jobs, self.scheduler, self.cluster)
        from experiments.runner.executors import InProcess, ProcessPool

        jobs = min(self.jobs, tasks)
        return InProcess() if jobs <= 1 else ProcessPool(jobs)
