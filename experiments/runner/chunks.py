"""What a worker does with a chunk of runs, wherever it stands: run them, and put them on the study's shelf."""

from __future__ import annotations

import math
import traceback
from collections.abc import Callable, Sequence
from typing import Protocol

from experiments.design.tasks import Finished, RunResult, Task
from experiments.runner.agenda import Agenda
from experiments.store.shelf import Shelf

__all__ = ["CHUNK_SECONDS", "WORKER_DIED", "Chunker", "Work", "finish", "run_chunk"]

CHUNK_SECONDS = 2.0
"""A chunk is written as one shard: long enough that writing costs little, short enough that a kill loses little."""


WORKER_DIED = "the worker process died during this run, alone in its process (out of memory or killed)"
"""Recorded of a task that ended its worker, instead of a traceback."""


class Work(Protocol):
    """What is done for each task; picklable, sent once to each worker."""

    def prepare(self) -> None:
        """Do what is needed once a process."""

    def __call__(self, task: Task) -> RunResult:
        """Run one task."""


def run_chunk(
    work: Callable[[Task], RunResult], shelf: Shelf | None, tasks: Sequence[Task], halted: Callable[[], bool]
) -> list[Finished]:
    """Run tasks one after another and put them on the shelf.

    Parameters
    ----------
    work : callable
    shelf : Shelf or None
        Where this process writes what it finished; None leaves the writing to who receives it.
    tasks : sequence of Task
    halted : callable
        Asked between two runs; what is finished before a stop is kept.

    Returns
    -------
    list of Finished
        Those on the shelf without their series.

    Raises
    ------
    OSError
        If the shelf cannot be written.
    """
    finished: list[Finished] = []
    for task in tasks:
        if halted():
            break
        finished.append(finish(work, task))
    return shelf.put(finished) if shelf is not None and shelf.in_sight() else finished


def finish(work: Callable[[Task], RunResult], task: Task) -> Finished:
    """Run one task and keep the traceback if it fails."""
    try:
        return Finished(task, work(task), None)
    except Exception:  # whatever a run raises is recorded, and the other runs go on
        return Finished(task, None, traceback.format_exc())


class Chunker:
    """Cuts an agenda into chunks of about `CHUNK_SECONDS`, shorter towards the end so that workers end together."""

    def __init__(self, agenda: Agenda, workers: int) -> None:
        self._agenda = agenda
        self._workers = workers
        self._seconds_a_run = math.inf

    def next(self) -> list[Task]:
        """Return the next tasks; none when all are given out or results are awaited."""
        even = math.ceil(self._agenda.ready / (2 * self._workers))
        return self._agenda.take(max(1, min(round(CHUNK_SECONDS / max(self._seconds_a_run, 1e-6)), even)))

    def learn(self, finished: Sequence[Finished]) -> None:
        """Take the duration of finished runs as a guide."""
        seconds = [done.result.seconds for done in finished if done.result is not None]
        if seconds:
            self._seconds_a_run = sum(seconds) / len(seconds)
