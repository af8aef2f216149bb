"""Processes in which the runs of all tabs take turns: one pool for the whole server, started when first needed.

A tab that asks for much does not keep another one waiting: tasks are taken from one tab after the other. Whatever a
tab cancels is not run; what is under way ends, a second or two later, and nobody hears of it.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import threading
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments.runner import usable_processors

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

BEHIND_THE_PAGE = 5  # niceness: whoever uses the page comes first
MOST_TABS = 64  # tabs whose tasks wait at once
MOST_TASKS = 128  # of one tab
DIED = "the process of this run ended twice before the run did (out of memory or killed)"
ENDED = 5.0  # seconds that a process has to end


@dataclass(frozen=True)
class Done:
    """A task with what it gave, or with why it gave nothing."""

    task: Any
    result: Any = None
    trouble: str = ""


@dataclass
class _Asked:
    """What waits for a worker: a task, whose it is, and whether a process has died of it."""

    tab: object
    task: Any
    take: Callable[[Done], None]
    tried: bool = False
    cancelled: bool = False


class Pool:
    """So many processes, each fed by a thread; every method returns at once.

    Args:
        run: What a process does with a task; at the top of a module, as `prepare`, which it does first.
        count: Processes; one fewer than there are processors, unless given.
    """

    def __init__(self, run: Callable[[Any], Any], prepare: Callable[[], None], count: int | None = None) -> None:
        self.count = count or max(1, usable_processors() - 1)
        self._begin = run, prepare
        self._change = threading.Condition()
        self._waiting: dict[object, deque[_Asked]] = {}  # by tab, the one whose turn it is first
        self._running: dict[int, _Asked] = {}
        self._threads: list[threading.Thread] = []
        self._closed = False

    def warm(self) -> None:
        """Start the processes, where they have not been started."""
        from solara.server.kernel_context import without_context

        with self._change, without_context():  # a tab ends with the threads that belong to it; these serve them all
            if self._threads or self._closed:
                return
            self._threads = [
                threading.Thread(target=self._feed, args=(number,), daemon=True, name=f"whistle-worker-{number}")
                for number in range(self.count)
            ]
            for thread in self._threads:
                thread.start()

    def submit(self, tab: object, tasks: Sequence[Any], take: Callable[[Done], None]) -> bool:
        """Let the tasks of a tab wait for their turn; `take` gets each in a worker's thread.

        Returns:
            Whether there was room; where not, nothing is run.
        """
        self.warm()
        with self._change:
            mine = self._waiting.get(tab, deque())
            if len(mine) + len(tasks) > MOST_TASKS or (not mine and len(self._waiting) >= MOST_TABS):
                return False
            self._waiting.setdefault(tab, mine).extend(_Asked(tab, task, take) for task in tasks)
            self._change.notify_all()
        return True

    def cancel(self, tab: object) -> None:
        """Drop whatever a tab has asked for."""
        with self._change:
            under_way = (each for each in self._running.values() if each.tab is tab)
            for each in (*self._waiting.pop(tab, ()), *under_way):
                each.cancelled = True

    def others(self, tab: object) -> int:
        """Return how many other tabs wait for runs."""
        with self._change:
            return len({id(each) for each in self._waiting} - {id(tab)})

    def close(self) -> None:
        """End the processes; what has been asked for is dropped."""
        with self._change:
            self._closed = True
            self._waiting.clear()
            self._change.notify_all()
        for thread in self._threads:
            thread.join(2 * ENDED)

    def _next(self, number: int) -> _Asked | None:
        """Wait for a task and take it from the tab whose turn it is; None at the end."""
        with self._change:
            self._running.pop(number, None)
            self._change.wait_for(lambda: self._closed or self._waiting)
            if self._closed:
                return None
            tab = next(iter(self._waiting))
            mine = self._waiting.pop(tab)
            asked = self._running[number] = mine.popleft()
            if mine:
                self._waiting[tab] = mine  # behind the others
            return asked

    def _again(self, asked: _Asked) -> None:
        """Let a task be the next one of its tab."""
        with self._change:
            asked.tried = True
            if not asked.cancelled and not self._closed:
                self._waiting.setdefault(asked.tab, deque()).appendleft(asked)

    def _feed(self, number: int) -> None:
        worker = _Worker(*self._begin)
        while (asked := self._next(number)) is not None:
            try:
                done = worker.ask(asked.task)
            except (EOFError, OSError):
                worker.end()
                worker = _Worker(*self._begin)
                if not asked.tried:
                    self._again(asked)
                    continue
                done = Done(asked.task, trouble=DIED)
            if not asked.cancelled:
                asked.take(done)
        worker.end()


class _Worker:
    """A process at the other end of a pipe."""

    def __init__(self, run: Callable[[Any], Any], prepare: Callable[[], None]) -> None:
        from experiments.runner.executors import main_left_alone

        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process: SpawnProcess = context.Process(target=_work, args=(theirs, run, prepare), daemon=True)
        with _STARTING, main_left_alone():
            self._process.start()
        theirs.close()

    def ask(self, task: Any) -> Done:
        """Return what a task gave; raises an `EOFError` or an `OSError` if the process has ended."""
        self._pipe.send(task)
        result, trouble = self._pipe.recv()
        return Done(task, result, trouble)

    def end(self) -> None:
        self._pipe.close()
        self._process.terminate()
        self._process.join(ENDED)


_STARTING = threading.Lock()  # of processes: the names of the main module are put aside meanwhile


def _work(pipe: Connection, run: Callable[[Any], Any], prepare: Callable[[], None]) -> None:
    """Do what comes through a pipe, until nobody is at its other end."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends this process
    with contextlib.suppress(OSError, AttributeError):
        os.nice(BEHIND_THE_PAGE)
    with contextlib.suppress(EOFError, OSError):
        prepare()
        while True:
            task = pipe.recv()
            try:
                answer = run(task), ""
            except Exception:  # whatever a run raises is told, and the others go on
                answer = None, traceback.format_exc(limit=-3)
            pipe.send(answer)
