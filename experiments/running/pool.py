"""A pool of processes that outlives its workers.

A worker that dies (out of memory, killed) breaks the whole standard pool. Every chunk then under way is run
again one task at a time in a fresh process, so that only a task that kills its process twice is recorded as failed.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import BaseContext
from typing import Any

from experiments.planning.plan import Task
from experiments.running.executors import Chunker, Finished, Work, finish
from experiments.running.interruption import Stop
from experiments.running.worker import RunResult

__all__ = ["ProcessPool"]

PRELOADED = ["model", "experiments.running.executors"]
"""Modules that the fork server imports once for all workers."""

WORKER_DIED = "the worker process died during this run, alone in its process (out of memory, or killed)"


class ProcessPool:
    """Runs tasks in several processes.

    Parameters
    ----------
    jobs : int
        Processes.
    method : str
        How they start: `forkserver` or `spawn`; never `fork`, which copies the locks of other libraries' threads.
    """

    def __init__(self, jobs: int, method: str) -> None:
        self.jobs = jobs
        self._context: BaseContext = multiprocessing.get_context(method)
        if method == "forkserver":
            multiprocessing.get_context("forkserver").set_forkserver_preload(PRELOADED)

    def execute(self, work: Work, tasks: Sequence[Task], stop: Stop) -> Iterator[list[Finished]]:
        """See `Executor.execute`."""
        work.prepare()
        # A byte of shared memory without a lock: a worker killed while it holds a lock would block the others.
        halt = self._context.RawValue("b", 0)
        stop.tell(lambda: setattr(halt, "value", 1))
        chunks = Chunker(tasks, self.jobs)
        suspects: list[Task] = []
        while not stop.requested:
            yield from self._until_broken(work, chunks, halt, stop, suspects)
            if not suspects:
                return
            yield from self._one_by_one(work, suspects, halt, stop)
            suspects.clear()

    def _start(self, workers: int, work: Work, halt: Any) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(workers, mp_context=self._context, initializer=_begin, initargs=(work, halt))

    def _until_broken(
        self, work: Work, chunks: Chunker, halt: Any, stop: Stop, suspects: list[Task]
    ) -> Iterator[list[Finished]]:
        """Yield chunks until all are done or a worker dies; what was under way then goes to `suspects`."""
        under_way: dict[Future[list[Finished]], list[Task]] = {}
        with self._start(self.jobs, work, halt) as pool:
            while True:
                if not stop.requested and not suspects:
                    self._fill(pool, chunks, under_way, suspects)
                if not under_way:
                    return
                done, _ = wait(under_way, return_when=FIRST_COMPLETED)
                for future in done:
                    finished = _result(future, under_way.pop(future), suspects)
                    chunks.learn(finished)
                    if finished:
                        yield finished

    def _fill(
        self,
        pool: ProcessPoolExecutor,
        chunks: Chunker,
        under_way: dict[Future[list[Finished]], list[Task]],
        suspects: list[Task],
    ) -> None:
        """Keep one chunk in waiting for each worker, so that none is idle while this process writes."""
        while len(under_way) < 2 * self.jobs and (chunk := chunks.next()):
            try:
                under_way[pool.submit(_run_chunk, chunk)] = chunk
            except BrokenProcessPool:
                suspects.extend(chunk)
                return

    def _one_by_one(self, work: Work, tasks: Sequence[Task], halt: Any, stop: Stop) -> Iterator[list[Finished]]:
        left = list(tasks)
        while left and not stop.requested:
            with self._start(1, work, halt) as pool:
                while left and not stop.requested:
                    task = left.pop(0)
                    try:
                        yield pool.submit(_run_chunk, [task]).result()
                    except BrokenProcessPool:
                        yield [Finished(task, None, WORKER_DIED)]
                        break


def _result(future: Future[list[Finished]], chunk: list[Task], suspects: list[Task]) -> list[Finished]:
    try:
        return future.result()
    except BrokenProcessPool:
        suspects.extend(chunk)
        return []


class _PreparedOnce:
    """Work that prepares itself before its first task, where a failure is recorded as the task's."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._ready = False

    def __call__(self, task: Task) -> RunResult:
        if not self._ready:
            self._work.prepare()
            self._ready = True
        return self._work(task)


# A worker process serves one study; the standard pool offers no other place to keep what its initializer gets.
_work: _PreparedOnce
_halt: Any


def _begin(work: Work, halt: Any) -> None:
    """Start a worker: it keeps the work, leaves Ctrl-C to its parent, and ends when its parent does."""
    global _work, _halt
    _work, _halt = _PreparedOnce(work), halt
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A killed parent cannot tell its workers; without this they would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _run_chunk(chunk: Sequence[Task]) -> list[Finished]:
    """Run a chunk; the part finished before a stop is returned."""
    finished: list[Finished] = []
    for task in chunk:
        if _halt.value:
            break
        finished.append(finish(_work, task))
    return finished
