"""Where runs are executed: in this process, in several, or on a Dask cluster.

An executor takes the work and an agenda and yields finished chunks in any order. Runs that fail are finished too, with
their traceback, and the others go on.
"""

import contextlib
import math
import multiprocessing
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Protocol

from experiments.design.plan import Finished, RunResult, Task
from experiments.runner.agenda import Agenda
from experiments.runner.progress import Stop
from experiments.runner.worker import Simulation
from experiments.store.shards import RunSink

CHUNK_SECONDS = 2.0
"""A chunk is written as one shard: long enough that writing costs little, short enough that a kill loses little."""

WORKER_DIED = "the worker process died during this run, with no other run under way (out of memory or killed)"
"""Recorded of a task that ended its worker, instead of a traceback."""


class Executor(Protocol):
    """Runs tasks."""

    def execute(self, work: Simulation, sink: RunSink | None, agenda: Agenda, stop: Stop) -> Iterator[list[Finished]]:
        """Yield finished chunks until the agenda is empty or a stop is requested.

        Args:
            work: Prepared here before anything else, and again in every worker.
            sink: Where workers write what they finished.
            agenda: Asked for more after every chunk; whoever receives a chunk tells the agenda of it before the next.
            stop: Looked at between runs.
        """


class InProcess:
    """Runs one task after another in this process."""

    def execute(self, work: Simulation, sink: RunSink | None, agenda: Agenda, stop: Stop) -> Iterator[list[Finished]]:
        work.prepare()
        while not stop.requested and agenda.ready:
            end = time.monotonic() + CHUNK_SECONDS
            chunk: list[Finished] = []
            while not stop.requested and time.monotonic() < end and (tasks := agenda.take(1)):
                chunk += run_chunk(work, None, tasks)
            yield sink.put(chunk) if sink is not None else chunk


def run_chunk(
    work: Callable[[Task], RunResult],
    sink: RunSink | None,
    tasks: Sequence[Task],
    halted: Callable[[], bool] = lambda: False,
) -> list[Finished]:
    """Run tasks one after another, and write them where this process sees the study's folder.

    `halted` is asked between two runs; what is finished before a stop is kept. Written runs return without their
    series.
    """
    finished: list[Finished] = []
    for task in tasks:
        if halted():
            break
        try:
            finished.append(Finished(task, work(task), None))
        except Exception:  # whatever a run raises is recorded, and the other runs go on
            finished.append(Finished(task, None, traceback.format_exc()))
    return sink.put(finished) if sink is not None and sink.reachable() else finished


class Chunker:
    """Cuts an agenda into chunks of about `CHUNK_SECONDS`, shorter towards the end so that workers end together."""

    def __init__(self, agenda: Agenda, workers: int) -> None:
        self._agenda, self._workers = agenda, workers
        self._seconds_a_run = math.inf

    def next(self) -> list[Task]:
        even = math.ceil(self._agenda.ready / (2 * self._workers))
        return self._agenda.take(max(1, min(round(CHUNK_SECONDS / max(self._seconds_a_run, 1e-6)), even)))

    def learn(self, finished: Sequence[Finished]) -> None:
        """Take the duration of finished runs as a guide."""
        seconds = [done.result.seconds for done in finished if done.result is not None]
        if seconds:
            self._seconds_a_run = sum(seconds) / len(seconds)


class Site(Protocol):
    """Workers somewhere: `room` for so many chunks under way, each a future of finished runs.

    `wait` returns what is done, after the next chunk or a little while. At a stop, `abandon` ends what is under way; it
    returns False where workers look at the stop themselves and are waited for.
    """

    died: type[Exception]

    def room(self) -> int: ...
    def submit(self, chunk: list[Task]) -> Any: ...
    def wait(self, futures: list[Any]) -> Collection[Any]: ...
    def abandon(self, futures: list[Any]) -> bool: ...


def dispatch(site: Site, chunks: Chunker, stop: Stop) -> Iterator[list[Finished]]:
    """Give chunks to the workers of a site and yield them finished, until nothing is left or a stop is requested.

    A worker that dies may take innocent runs with it: they are run again one by one, and only a run whose worker dies
    while nothing else is under way is recorded as failed.
    """
    under_way: dict[Any, tuple[list[Task], bool]] = {}
    suspects: list[Task] = []
    while True:
        while not stop.requested and len(under_way) < site.room() and (chunk := chunks.next()):
            under_way[site.submit(chunk)] = chunk, False
        if not stop.requested and not under_way and suspects:
            suspect = [suspects.pop(0)]
            under_way[site.submit(suspect)] = suspect, True
        if not under_way:
            return
        for future in site.wait(list(under_way)):
            chunk, alone = under_way.pop(future)
            try:
                finished = future.result()
            except site.died:
                finished = [Finished(task, None, WORKER_DIED) for task in chunk if alone]
                suspects += [] if alone else chunk
            chunks.learn(finished)
            if finished:
                yield finished
        if stop.requested and site.abandon(list(under_way)):
            return


@contextlib.contextmanager
def main_left_alone() -> Iterator[None]:
    """Start processes that do not import the user's script again: one that asks for a study would ask for it again.

    Workers need nothing of it, so a script works without `if __name__ == "__main__"`.
    """
    names = vars(sys.modules["__main__"])
    kept: dict[str, Any] = {name: names.pop(name) for name in ("__file__", "__spec__") if name in names}
    names["__spec__"] = None
    try:
        yield
    finally:
        names.update(kept)


PRELOADED = ["model", "experiments.runner.executors"]  # modules that the fork server imports once for all workers


class ProcessPool(contextlib.ExitStack):
    """Runs tasks in several processes, which are started again after their death.

    A worker that dies (out of memory, killed) breaks its whole standard pool, so each worker is a pool of its own.
    None starts by `fork`, which copies the locks of other libraries' threads.
    """

    died: type[Exception] = BrokenProcessPool

    def __init__(self, jobs: int) -> None:
        super().__init__()
        self._jobs = jobs
        self._context: Any = multiprocessing.get_context("spawn" if os.name == "nt" else "forkserver")
        if os.name != "nt":
            self._context.set_forkserver_preload(PRELOADED)
        self._kept: tuple[Any, ...] = ()
        self._idle: list[ProcessPoolExecutor] = []
        self._busy: dict[Future[list[Finished]], ProcessPoolExecutor] = {}

    def execute(self, work: Simulation, sink: RunSink | None, agenda: Agenda, stop: Stop) -> Iterator[list[Finished]]:
        work.prepare()
        # A byte of shared memory without a lock: a worker killed while it holds a lock would block the others.
        halt = self._context.RawValue("b", 0)
        stop.on_request(lambda: setattr(halt, "value", 1))
        self._kept = work, sink, halt
        with self:
            yield from dispatch(self, Chunker(agenda, self._jobs), stop)

    def room(self) -> int:
        return self._jobs

    def submit(self, chunk: list[Task]) -> Future[list[Finished]]:
        worker = self._idle.pop() if self._idle else self._start()
        with main_left_alone():
            try:
                future = worker.submit(_run_kept, chunk)
            except BrokenProcessPool:
                worker = self._start()
                future = worker.submit(_run_kept, chunk)
        self._busy[future] = worker
        return future

    def _start(self) -> ProcessPoolExecutor:
        return self.enter_context(
            ProcessPoolExecutor(1, mp_context=self._context, initializer=_begin, initargs=self._kept)
        )

    def wait(self, futures: list[Future[list[Finished]]]) -> set[Future[list[Finished]]]:
        done = wait(futures, return_when=FIRST_COMPLETED).done
        self._idle += [self._busy.pop(future) for future in done]
        return done

    def abandon(self, futures: list[Future[list[Finished]]]) -> bool:
        return False


_KEPT: list[tuple[Simulation, RunSink | None, Any]] = []
"""Work, sink and halt of this worker: the standard pool offers no other place to keep what its initializer gets."""


def _begin(work: Simulation, sink: RunSink | None, halt: Any) -> None:
    """Start a worker: it keeps what it is sent, leaves Ctrl-C to its parent, and ends when its parent does."""
    _KEPT[:] = [(work, sink, halt)]
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A killed parent cannot tell its workers; without this they would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _run_kept(chunk: Sequence[Task]) -> list[Finished]:
    """Run a chunk in a worker; the part finished before a stop is returned."""
    work, sink, halt = _KEPT[0]
    return run_chunk(work, sink, chunk, lambda: bool(halt.value))
