"""Where runs are executed: in this process, in a pool of processes, or on a cluster.

An executor takes the work and an agenda and yields finished chunks in any order. Runs that fail are finished too, with
their traceback, and the others go on.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from typing import Protocol

from experiments.design.tasks import Finished
from experiments.runner.agenda import Agenda
from experiments.runner.chunks import CHUNK_SECONDS, Work, run_chunk
from experiments.runner.interruption import Stop
from experiments.runner.where import Engine, Where
from experiments.store.shelf import Shelf

__all__ = ["Executor", "InProcess", "executor_for"]


class Executor(Protocol):
    """Runs tasks."""

    def execute(self, work: Work, shelf: Shelf | None, agenda: Agenda, stop: Stop) -> Iterator[list[Finished]]:
        """Yield finished chunks until the agenda is empty or a stop is requested.

        Parameters
        ----------
        work : Work
            Prepared here before anything else.
        shelf : Shelf or None
            Where workers write what they finished.
        agenda : Agenda
            Asked for more after every chunk; whoever receives a chunk tells the agenda of it before the next.
        stop : Stop
            Looked at between runs.
        """


class InProcess:
    """Runs one task after another in this process."""

    def execute(self, work: Work, shelf: Shelf | None, agenda: Agenda, stop: Stop) -> Iterator[list[Finished]]:
        """See `Executor.execute`."""
        work.prepare()
        while not stop.requested and agenda.ready:
            until = _after(CHUNK_SECONDS)
            chunk: list[Finished] = []
            while not stop.requested and not until() and (tasks := agenda.take(1)):
                chunk += run_chunk(work, None, tasks, lambda: False)
            yield shelf.put(chunk) if shelf is not None else chunk


def _after(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() >= end


def executor_for(where: Where, tasks: int) -> Executor:
    """Return the executor for so many tasks; no more processes than tasks."""
    if where.engine is Engine.DASK or where.scheduler is not None or where.cluster is not None:
        from experiments.runner.cluster import DaskCluster

        return DaskCluster(where.jobs, where.scheduler, where.cluster)
    from experiments.runner.pool import ProcessPool

    jobs = min(where.jobs, tasks)
    return InProcess() if jobs <= 1 else ProcessPool(jobs, "spawn" if os.name == "nt" else "forkserver")
