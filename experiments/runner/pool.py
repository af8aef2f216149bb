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

from experiments.design.tasks import Finished, RunResult, Task
from experiments.runner.agenda import Agenda
from experiments.runner.chunks import WORKER_DIED, Chunker, Work, run_chunk
from experiments.runner.interruption import Stop
from experiments.store.shelf import Shelf

__all__ = ["ProcessPool"]

PRELOADED = ["model", "experiments.runner.chunks"]
"""Modules that the fork server imports once for all workers."""


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

    def execute(self, work: Work, shelf: Shelf | None, agenda: Agenda, stop: Stop) -> Iterator[list[Finished]]:
        """See `Executor.execute`."""
        work.prepare()
        # A byte of shared memory without a lock: a worker killed while it holds a lock would block the others.
        halt = self._context.RawValue("b", 0)
        stop.tell(lambda: setattr(halt, "value", 1))
        session = _Session(work, shelf, halt)
        chunks = Chunker(agenda, self.jobs)
        suspects: list[Task] = []
        while not stop.requested:
            yield from self._until_broken(session, chunks, stop, suspects)
            if not suspects:
                return
            yield from self._one_by_one(session, suspects, stop)
            suspects.clear()

    def _start(self, workers: int, session: _Session) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(workers, mp_context=self._context, initializer=_begin, initargs=(session,))

    def _until_broken(
        self, session: _Session, chunks: Chunker, stop: Stop, suspects: list[Task]
    ) -> Iterator[list[Finished]]:
        """Yield chunks until all are done or a worker dies; what was under way then goes to `suspects`."""
        under_way: dict[Future[list[Finished]], list[Task]] = {}
        with self._start(self.jobs, session) as pool:
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
        """Keep one chunk in waiting for each worker, so that none is idle while this process decides what is next."""
        while len(under_way) < 2 * self.jobs and (chunk := chunks.next()):
            try:
                under_way[pool.submit(_run_chunk, chunk)] = chunk
            except BrokenProcessPool:
                suspects.extend(chunk)
                return

    def _one_by_one(self, session: _Session, tasks: Sequence[Task], stop: Stop) -> Iterator[list[Finished]]:
        left = list(tasks)
        while left and not stop.requested:
            with self._start(1, session) as pool:
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


class _Session:
    """What a worker process keeps: the work, which prepares itself before its first task, the shelf, the halt.

    A failing preparation is then recorded as the task's.
    """

    def __init__(self, work: Work, shelf: Shelf | None, halt: Any) -> None:
        self.work, self.shelf, self.halt = work, shelf, halt
        self._ready = False

    def __call__(self, task: Task) -> RunResult:
        if not self._ready:
            self.work.prepare()
            self._ready = True
        return self.work(task)


_KEPT: list[_Session] = []
"""What this worker serves: the standard pool offers no other place to keep what its initializer gets."""


def _begin(session: _Session) -> None:
    """Start a worker: it keeps what it is sent, leaves Ctrl-C to its parent, and ends when its parent does."""
    _KEPT[:] = [session]
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
    session = _KEPT[0]
    return run_chunk(session, session.shelf, chunk, lambda: bool(session.halt.value))
