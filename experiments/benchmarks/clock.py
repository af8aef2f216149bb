"""Timing by turns: what is to be compared runs alternately, so that a busy minute strikes all alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

__all__ = ["Timed", "by_turns", "ratio"]

NANOSECONDS = 1e9


@dataclass(frozen=True)
class Timed:
    """Repetitions of one call.

    Attributes
    ----------
    seconds : list of float
        Wall time of each repetition.
    cases : list of int
        Cases that each simulated.
    """

    seconds: list[float] = field(default_factory=list)
    cases: list[int] = field(default_factory=list)

    @property
    def ns_per_case(self) -> list[float]:
        """Return nanoseconds a case, by repetition."""
        return [NANOSECONDS * seconds / max(1, cases) for seconds, cases in zip(self.seconds, self.cases, strict=True)]

    @property
    def typical_ns(self) -> float:
        """Return the median of nanoseconds a case."""
        return statistics.median(self.ns_per_case)

    @property
    def typical_seconds(self) -> float:
        """Return the median wall time of a repetition."""
        return statistics.median(self.seconds)


def by_turns(calls: Mapping[str, Callable[[int], int]], rounds: int) -> dict[str, Timed]:
    """Time calls by turns, after one untimed turn of each that compiles, loads and fills caches.

    Parameters
    ----------
    calls : mapping of callable by name
        Each takes the number of the round and returns how many cases it simulated.
    rounds : int
        Timed repetitions of each.

    Returns
    -------
    dict of Timed
        By name.
    """
    timed = {name: Timed() for name in calls}
    for call in calls.values():
        call(0)
    for turn in range(1, rounds + 1):
        for name, call in calls.items():
            start = time.perf_counter()
            cases = call(turn)
            timed[name].seconds.append(time.perf_counter() - start)
            timed[name].cases.append(cases)
    return timed


def ratio(above: Timed, below: Timed) -> float:
    """Return how many times the time a case of `below` is that of `above`: the median over rounds."""
    return statistics.median(a / b for a, b in zip(above.ns_per_case, below.ns_per_case, strict=True))
