"""One process in which the districts of all tabs run; what they show comes over a pipe, what they are to do goes back.

A page that simulated in its own process would answer no click meanwhile. The process begins with the first district
and ends with the server; each district is a thread in it.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import itertools
import multiprocessing
import os
import queue
import signal
import threading
import time
from collections import deque
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from experiments.page.watch import Painter, Picture

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

    from model import Scenario

MOST = 10  # districts that run at once; whoever comes next waits until one has ended
FASTEST = 0  # the speed of a district that is not to wait for the clock
SPEEDS = (1, 5, 10, FASTEST)  # days a second
INTERVAL = 0.25  # seconds between two pictures at least: four a second, which an eye follows and a page can draw
REMEMBERED = 3.0  # seconds over which the speed that was reached is measured
BEHIND_THE_PAGE = 5  # steps of priority by which the process gives way to the page


@dataclasses.dataclass(frozen=True)
class Orders:
    """What a district is to do."""

    playing: bool = False  # let days pass
    speed: int = SPEEDS[1]  # days a second
    selected: int | None = None  # row of the unit to describe
    followed: int | None = None  # key of the request to follow; 0: the newest of the selected unit, or of all


class Runner(threading.Thread):
    """A district in the host's process, which runs until closed; every method returns at once.

    `show` takes each picture in this thread, the first one before the first day; where the run failed, the last one
    says why. The next one waits until the last one has been `seen`; days pass meanwhile.
    """

    def __init__(self, scenario: Scenario, seed: int, show: Callable[[Picture], None], orders: Orders) -> None:
        super().__init__(daemon=True, name="whistle-district")
        self._scenario, self._seed, self._show, self._orders = scenario, seed, show, orders
        self._change = threading.Condition()
        self._closed = self._look = False
        self._seen = True
        self._steps = self._sent = 0
        self._due = 0.0  # days that should have passed by the clock, and have not
        self._past = deque[tuple[float, int]]()  # when, and on which day, pictures were made while days passed

    def order(self, steps: int = 0, **changes: Any) -> None:
        """Simulate so many days, or change the orders, which is seen at once."""
        with self._change:
            self._steps += steps
            if changes:
                self._orders, self._look = dataclasses.replace(self._orders, **changes), True
            self._change.notify()

    def seen(self) -> None:
        """Take note that the last picture has been drawn."""
        with self._change:
            self._seen = True
            self._change.notify()

    def close(self) -> None:
        with self._change:
            self._closed = True
            self._change.notify()

    def run(self) -> None:
        """Build the district, and simulate and show it as ordered."""
        try:
            painter = Painter(self._scenario, self._seed)
            while not self._closed:
                self._picture(painter)
                while not self._closed and not self._pass_days(painter):
                    continue
        except Exception as error:  # whatever broke is shown in the page instead of dying unseen
            if not self._closed:
                self._show(Picture(trouble=f"{type(error).__name__}: {error}"))

    def _picture(self, painter: Painter) -> None:
        """Make a picture and show it, with the values of each series that have come since the last one."""
        with self._change:
            if self._orders.followed == 0:
                self._orders = dataclasses.replace(self._orders, followed=painter.newest_case(self._orders.selected))
            orders, plays, self._look = self._orders, self._plays(painter), False
            self._seen = False
        found = painter.picture(orders.selected, orders.followed, plays, self._sent)
        self._sent += max(map(len, found.series.values()), default=0)
        if not self._closed:
            self._show(dataclasses.replace(found, pace=self._pace(painter, plays)))

    def _pace(self, painter: Painter, plays: bool) -> float | None:
        """Return the days a second that were reached lately; None where days do not pass, or have only begun to."""
        if not plays:
            self._past.clear()
            return None
        self._past.append((time.monotonic(), painter.day))
        while self._past[-1][0] - self._past[0][0] > REMEMBERED:
            self._past.popleft()
        (first, before), (last, now) = self._past[0], self._past[-1]
        return (now - before) / (last - first) if last - first > REMEMBERED / 3 else None

    def _pass_days(self, painter: Painter) -> bool:
        """Let days pass until a picture is wanted and the last one has been seen; return whether that is so."""
        with self._change:
            self._change.wait_for(lambda: self._closed or self._look or self._steps or self._plays(painter))
            if self._look or self._steps or self._closed:
                steps, self._steps = self._steps, 0
                self._due = 0.0
                plays = False
            else:
                plays, speed = True, self._orders.speed
        if not plays:
            painter.advance(steps)
            return True
        self._play(painter, speed)
        with self._change:
            return self._seen or self._look or not self._plays(painter)

    def _play(self, painter: Painter, speed: int) -> None:
        """Let the days of one interval pass, by the clock or as fast as they can."""
        began, interval = time.monotonic(), INTERVAL if speed == FASTEST else max(INTERVAL, 1.0 / speed)
        self._due += speed * interval
        while self._undisturbed(painter) and (
            time.monotonic() - began < interval if speed == FASTEST else self._due >= 1.0
        ):
            painter.advance(1)
            self._due = max(0.0, self._due - 1.0)
        self._due = min(self._due, 1.0)  # what a slow machine owes is not made up for
        with self._change:
            rest = interval - (time.monotonic() - began)
            self._change.wait_for(lambda: self._closed or self._look or not self._orders.playing, max(0.0, rest))

    def _undisturbed(self, painter: Painter) -> bool:
        return self._plays(painter) and not self._look and not self._closed

    def _plays(self, painter: Painter) -> bool:
        return self._orders.playing and not painter.over


def work(pipe: Connection) -> None:
    """Run the districts that a page asks for until its end of the pipe is closed: it has ended, however that was."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt reaches the server, which ends this process
    if os.name == "posix":
        os.nice(BEHIND_THE_PAGE)
    runners: dict[int, Runner] = {}
    writing = threading.Lock()

    def show(number: int, picture: Picture) -> None:
        with writing, contextlib.suppress(OSError):  # the page has ended
            pipe.send((number, picture))

    with contextlib.suppress(EOFError, OSError):
        while True:
            what, number, *given = pipe.recv()
            if what == "open":
                scenario, seed, orders = given
                runners[number] = Runner(scenario, seed, functools.partial(show, number), orders)
                runners[number].start()
            elif what == "order":
                runners[number].order(**given[0])
            elif what == "seen":
                runners[number].seen()
            else:
                runners.pop(number).close()
    os._exit(0)


class Host:
    """The page's side of the process: starts it when a district is wanted, and again when it has died."""

    def __init__(self, most: int = MOST) -> None:
        self._most, self._lock = most, threading.RLock()
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._running: dict[int, Watch] = {}
        self._waiting: list[Watch] = []

    @property
    def process(self) -> BaseProcess | None:
        """The process, where there is one."""
        return self._process

    def open(self, watch: Watch) -> None:
        """Run a district, or tell it that it has to wait."""
        with self._lock:
            self._waiting.append(watch)
            self._admit()

    def close(self, watch: Watch) -> None:
        """End a district; one that waits takes its place."""
        with self._lock:
            if watch in self._waiting:
                self._waiting.remove(watch)
            if self._running.pop(watch.number, None) is not None:
                self._send("close", watch.number)
            self._admit()

    def order(self, watch: Watch, **changes: Any) -> None:
        self._send_for(watch, "order", changes)

    def seen(self, watch: Watch) -> None:
        self._send_for(watch, "seen")

    def _send_for(self, watch: Watch, what: str, *given: Any) -> None:
        with self._lock:
            if watch.number in self._running:
                self._send(what, watch.number, *given)

    def _admit(self) -> None:
        """Start the districts for which there is room, and tell the others their places."""
        while self._waiting and len(self._running) < self._most:
            watch = self._waiting.pop(0)
            self._start()
            self._running[watch.number] = watch
            self._send("open", watch.number, watch.scenario, watch.seed, watch.orders)
        for place, each in enumerate(self._waiting, 1):
            each.take(Picture(waiting=place))

    def _send(self, *message: Any) -> None:
        assert self._pipe is not None
        with contextlib.suppress(OSError):  # it has died: its reader tells
            self._pipe.send(message)

    def prepare(self) -> None:
        """Start the process before somebody wants a district."""
        with self._lock:
            self._start()

    def _start(self) -> None:
        if self._process is not None and self._process.is_alive():
            return
        spawned = multiprocessing.get_context("spawn")  # a fork would copy threads that hold locks
        self._pipe, theirs = spawned.Pipe()
        self._process = spawned.Process(target=work, args=(theirs,), daemon=True, name="whistle-districts")
        self._process.start()
        theirs.close()
        threading.Thread(target=self._read, args=(self._pipe,), daemon=True, name="whistle-pictures").start()

    def _read(self, pipe: Connection) -> None:
        """Hand pictures on until the process ends; then tell whoever had a district in it, and start it again."""
        with contextlib.suppress(EOFError, OSError):
            while True:
                number, picture = pipe.recv()
                watch = self._running.get(number)
                if watch is not None:
                    watch.take(picture)
        with self._lock:
            gone, self._running = list(self._running.values()), {}
            for watch in gone:
                watch.take(Picture(died=True))
            self._process = None
            if gone:
                self._start()  # whoever begins again need not wait for it
            self._admit()


HOST = Host()
"""The one of this server."""

_NUMBERS = itertools.count(1)


class Watch(threading.Thread):
    """A district of a tab, which runs in the host until closed; every method returns at once.

    `show` takes each picture in this thread, which belongs to the tab. After `close` it takes none.
    """

    def __init__(
        self, scenario: Scenario, seed: int, show: Callable[[Picture], None], orders: Orders, host: Host = HOST
    ) -> None:
        super().__init__(daemon=True, name="whistle-watch")
        self.number, self.scenario, self.seed, self.orders = next(_NUMBERS), scenario, seed, orders
        self._show, self._host = show, host
        self._closed = False
        self._pictures = queue.SimpleQueue[Picture | None]()
        self._series: dict[str, tuple[float | None, ...]] = {}

    def run(self) -> None:
        """Show pictures as they come."""
        self._host.open(self)
        while (picture := self._pictures.get()) is not None and not self._closed:
            self._show(self._whole(picture))
            self._host.seen(self)

    def _whole(self, picture: Picture) -> Picture:
        """Return a picture with its series from the first day on."""
        known = {name: (*self._series.get(name, ())[: picture.since], *new) for name, new in picture.series.items()}
        self._series = known
        return dataclasses.replace(picture, series=known, since=0)

    def take(self, picture: Picture) -> None:
        """Show a picture next."""
        self._pictures.put(picture)

    def order(self, *, steps: int = 0, **changes: Any) -> None:
        """Simulate so many days, or change the orders, which is seen at once."""
        self.orders = dataclasses.replace(self.orders, **changes)
        self._host.order(self, steps=steps, **changes)

    def close(self) -> None:
        self._closed = True
        self._host.close(self)
        self._pictures.put(None)
