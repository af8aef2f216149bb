"""Where runs are executed: in this process, or in a pool of processes.

An executor takes the work and its tasks and yields finished chunks in any order. Runs that fail are
finished too, with their traceback, and the others go on.
"""

from __future__ import annotations

import math
import os
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from experiments.planning.plan import Task
from experiments.running.interruption import Stop
from experiments.running.worker import RunResult

__all__ = ["Chunker", "Executor", "Finished", "InProcess", "Work", "executor_for", "finish"]

CHUNK_SECONDS = 2.0
"""A chunk is written as one shard: long enough that writing costs little, short enough that a kill loses little."""


class Work(Protocol):
    """What is done for each task; picklable, sent once to each worker."""

    def prepare(self) -> None:
        """Do what is needed once a process."""

    def __call__(self, task: Task) -> RunResult:
        """Run one task."""


@dataclass(frozen=True)
class Finished:
    """A task with its result, or with the traceback of its failure."""

    task: Task
    result: RunResult | None
    error: str | None


class Executor(Protocol):
    """Runs tasks."""

    def execute(self, work: Work, tasks: Sequence[Task], stop: Stop) -> Iterator[list[Finished]]:
        """Yield finished chunks until the tasks end or a stop is requested.

        Parameters
        ----------
        work : Work
            Prepared here before anything else.
        tasks : sequence of Task
        stop : Stop
            Looked at between runs.
        """


class Chunker:
    """Cuts tasks into chunks of about `CHUNK_SECONDS`, shorter towards the end so that workers end together."""

    def __init__(self, tasks: Sequence[Task], workers: int) -> None:
        self._tasks = tasks
        self._workers = workers
        self._given = 0
        self._seconds_a_run = math.inf

    def next(self) -> list[Task]:
        """Return the next tasks, none when all are given."""
        left = len(self._tasks) - self._given
        even = math.ceil(left / (2 * self._workers))
        size = max(1, min(round(CHUNK_SECONDS / max(self._seconds_a_run, 1e-6)), even))
        chunk = list(self._tasks[self._given : self._given + size])
        self._given += len(chunk)
        return chunk

    def learn(self, finished: Sequence[Finished]) -> None:
        """Take the duration of finished runs as a guide."""
        seconds = [done.result.seconds for done in finished if done.result is not None]
        if seconds:
            self._seconds_a_run = sum(seconds) / len(seconds)


class InProcess:
    """Runs one task after another in this process."""

    def execute(self, work: Work, tasks: Sequence[Task], stop: Stop) -> Iterator[list[Finished]]:
        """See `Executor.execute`."""
        work.prepare()
        pending = iter(tasks)
        while not stop.requested:
            chunk, until = list[Finished](), time.monotonic() + CHUNK_SECONDS
            while not stop.requested and time.monotonic() < until and (task := next(pending, None)):
                chunk.append(finish(work, task))
            if not chunk:
                return
            yield chunk


def finish(work: Callable[[Task], RunResult], task: Task) -> Finished:
    """Run one task and keep the traceback if it fails."""
    try:
        return Finished(task, work(task), None)
    except Exception:  # whatever a run raises is recorded, and the other runs go on
        return Finished(task, None, traceback.format_exc())


def executor_for(jobs: int, tasks: int) -> Executor:
    """Return the executor for a number of processes; no more processes than tasks."""
    from experiments.running.pool import ProcessPool

    jobs = min(jobs, tasks)
    return InProcess() if jobs <= 1 else ProcessPool(jobs, "spawn" if os.name == "nt" else "forkserver")
