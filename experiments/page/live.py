"""The answer of one tab: a package against its base, world by world, from what was measured and from runs."""

from __future__ import annotations

import dataclasses
import functools
import queue
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import solara

from experiments.design.plan import digest
from experiments.front import known_front
from experiments.page.package import BEFORE, Package
from experiments.page.workers import Done, Pool
from experiments.page.world_runs import InWorld, Run, of_front, prepare, simulated
from experiments.stats.ensemble import CLOSURE

BETWEEN = 0.25  # seconds between two pictures at least
MOST_KEPT = 2_000  # results of runs that the server keeps, some ten kilobytes each
WORLDS = 20  # in which an answer is looked at where nothing was measured
FIRST_SEED = 1  # of the first world; each has the next one
HEADLINE = next(iter(CLOSURE))

POOL = Pool(simulated, prepare)
"""Of the whole server."""


@functools.cache
def _measured(first: bool) -> Mapping[str, Mapping[int, InWorld]]:
    """Return what each measured package gives in each world, by the digest of its rules.

    Args:
        first: Whether outcomes are of the first seed, which alone a new package is run on; nothing then where the
            model has changed since, for runs of two models are no pair. Else means of all seeds.
    """
    known = known_front()
    if known is None or (first and known.stale):
        return {}
    packages = {preset: each for preset, each in known.packages.items() if each.first or not first}
    return {_rules(Package(preset)): of_front(each, known.worlds, first) for preset, each in packages.items()}


def outdated(seen: Seen) -> bool:
    """Tell whether an answer was measured with an earlier version of the model."""
    known = known_front()
    measured = _measured(first=False)
    return known is not None and known.stale and seen.before is measured.get(_rules(seen.base))


@functools.lru_cache(512)
def _rules(package: Package) -> str:
    """Return a digest of the rules that a package amounts to, however it is written."""
    resolved = package.scenario().resolved()
    return digest({name: each for name, each in resolved.items() if name not in ("name", "title")})


def nearest(side: Mapping[int, InWorld]) -> Mapping[int, InWorld] | None:
    """Return the measured package that is nearest to what has been run, in closure; None where none was measured."""
    known = _measured(first=True).values()
    return min(known, key=lambda each: sum(abs(_gap(each[world], side[world])) for world in side), default=None)


class _Kept:
    """Results of runs, so that what one tab has seen is there at once for all; the oldest ones go."""

    def __init__(self) -> None:
        self._found: OrderedDict[tuple[str, int, int], InWorld] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, run: Run) -> InWorld | None:
        return self._found.get((_rules(run.package), run.world, run.seed))

    def put(self, run: Run, found: InWorld) -> None:
        with self._lock:
            self._found[_rules(run.package), run.world, run.seed] = found
            while len(self._found) > MOST_KEPT:
                self._found.popitem(last=False)


KEPT = _Kept()


@functools.cache
def order() -> tuple[int, ...]:
    """Return the worlds in the order in which they are run: first that whose change is nearest to the median."""
    known = _measured(first=False)
    before, after = (known.get(_rules(package)) for package in (BEFORE, Package()))
    count = WORLDS if before is None else len(before)
    if before is None or after is None:
        return tuple(range(count))
    change = np.array([_gap(before[world], after[world]) for world in range(count)], np.float64)
    first = int(np.nanargmin(np.abs(change - np.nanmedian(change))))
    return (first, *(world for world in range(count) if world != first))


def _gap(before: InWorld, after: InWorld) -> float:
    values = [each.outcomes[HEADLINE] for each in (before, after)]
    return float("nan") if None in values else float(values[1] or 0.0) - float(values[0] or 0.0)


@dataclasses.dataclass(frozen=True)
class Seen:
    """How far an answer is.

    Attributes:
        base, package: That are compared.
        before, after: What each gives, by world.
        planned: Worlds that there will be.
        phase: "waiting", "running", "done", "cancelled", "failed" or, where no more tabs can wait, "full".
        others: Tabs that wait for runs as well.
        trouble: Why runs failed.
    """

    base: Package
    package: Package
    before: Mapping[int, InWorld] = dataclasses.field(default_factory=dict)
    after: Mapping[int, InWorld] = dataclasses.field(default_factory=dict)
    planned: int = 0
    phase: str = "waiting"
    others: int = 0
    trouble: str = ""

    @property
    def worlds(self) -> tuple[int, ...]:
        """Worlds in which both are known, in the order in which they are run."""
        return tuple(world for world in order() if world in self.before and world in self.after)

    @property
    def busy(self) -> bool:
        return self.phase in ("waiting", "running")


class Live:
    """The answer of one tab; every method returns at once."""

    def __init__(self) -> None:
        self.seen = solara.reactive(look_up(BEFORE, Package()))
        self._collector: _Collector | None = None

    def look(self, base: Package, package: Package) -> None:
        """Answer for these two; what was asked before is dropped."""
        if (self.seen.value.base, self.seen.value.package) == (base, package) and self.seen.value.phase != "cancelled":
            return
        self.close()
        seen = look_up(base, package)
        self.seen.set(seen)
        if seen.busy:
            self._collector = _Collector(self, seen)
            self._collector.start()

    def cancel(self) -> None:
        """Drop the runs that have not begun."""
        self.close()
        if self.seen.value.busy:
            self.seen.set(dataclasses.replace(self.seen.value, phase="cancelled"))

    def close(self) -> None:
        """Drop the runs; nothing more is shown."""
        if self._collector is not None:
            self._collector.end()
            self._collector = None


def look_up(base: Package, package: Package) -> Seen:
    """Return what is known of two packages without a run."""
    measured = _measured(first=False)
    before, after = (measured.get(_rules(each)) for each in (base, package))
    if before is None or after is None:
        before, after = _known(base), _known(package)
    seen = Seen(base, package, before, after, len(order()))
    return dataclasses.replace(seen, phase="done") if len(seen.worlds) == seen.planned else seen


def _known(package: Package) -> Mapping[int, InWorld]:
    """Return what is known of a package on the first seed of each world."""
    measured = _measured(first=True).get(_rules(package))
    if measured is not None:
        return measured
    runs = ((run.world, KEPT.get(run)) for run in _runs(package, order()))
    return {world: found for world, found in runs if found is not None}


def _runs(package: Package, numbers: Sequence[int]) -> Iterator[Run]:
    return (Run(package, world, FIRST_SEED + world) for world in numbers)


class _Collector(threading.Thread):
    """Takes the results of a tab's runs, and shows them a few times a second at most."""

    def __init__(self, live: Live, seen: Seen) -> None:
        super().__init__(daemon=True, name="whistle-answer")
        self._live, self._seen = live, seen
        self._done: queue.SimpleQueue[Done | None] = queue.SimpleQueue()
        self._ended = threading.Event()

    def end(self) -> None:
        self._ended.set()
        POOL.cancel(self)
        self._done.put(None)

    def run(self) -> None:
        missing = [
            run
            for world in order()
            for package, known in ((self._seen.base, self._seen.before), (self._seen.package, self._seen.after))
            if world not in known
            for run in _runs(package, (world,))
        ]
        if not POOL.submit(self, missing, self._done.put):
            return self._show(phase="full")
        left = len(missing)
        self._show(others=POOL.others(self))
        while left and not self._ended.is_set():
            left -= self._take()
            time.sleep(BETWEEN)
        if not self._ended.is_set():
            self._show(phase="failed" if self._seen.trouble else "done")

    def _take(self) -> int:
        """Wait for a result, show it with all others that are there, and return how many they were."""
        found = [self._done.get()]
        while not self._done.empty():
            found.append(self._done.get())
        before, after, trouble = dict(self._seen.before), dict(self._seen.after), self._seen.trouble
        for done in found:
            if done is None:
                return 0
            if done.trouble:
                trouble = done.trouble
                continue
            KEPT.put(done.task, done.result)
            for package, known in ((self._seen.base, before), (self._seen.package, after)):
                if package == done.task.package:
                    known[done.task.world] = done.result
        self._show(before=before, after=after, trouble=trouble, phase="running", others=POOL.others(self))
        return len(found)

    def _show(self, **changes: Any) -> None:
        self._seen = dataclasses.replace(self._seen, **changes)
        if not self._ended.is_set():
            self._live.seen.set(self._seen)
