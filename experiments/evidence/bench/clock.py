"""Timing by turns: what is to be compared runs alternately, so that a busy minute strikes all alike.

A ratio is taken within a round, between neighbours in time, and told as the median over rounds with the
least and the greatest. What is timed in this process is its processor time, kernel included: other
programs that want the core lengthen the wall time but not this one.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

__all__ = ["Timed", "alternately", "by_turns", "over_rounds", "quotients", "ratio"]

NANOSECONDS = 1e9

Seen = TypeVar("Seen")


@dataclass(frozen=True)
class Timed:
    """Repetitions of one call.

    Attributes
    ----------
    seconds : list of float
        Processor time of a call, by round.
    cases : list of int
        Cases that a call simulated, by round.
    """

    seconds: list[float] = field(default_factory=list)
    cases: list[int] = field(default_factory=list)

    @property
    def ns_per_case(self) -> list[float]:
        """Return nanoseconds a case, by round."""
        return [NANOSECONDS * seconds / max(1, cases) for seconds, cases in zip(self.seconds, self.cases, strict=True)]

    @property
    def typical_ns(self) -> float:
        """Return the median of nanoseconds a case."""
        return statistics.median(self.ns_per_case)

    @property
    def typical_seconds(self) -> float:
        """Return the median time of a call."""
        return statistics.median(self.seconds)


def alternately(calls: Mapping[str, Callable[[int], Seen]], rounds: int) -> dict[str, list[Seen]]:
    """Make calls by turns, A B A B, and return what each gave, by round.

    Parameters
    ----------
    calls : mapping of callable by name
        Each takes the number of the round, from 1.
    rounds : int
        Times that each is called.
    """
    seen: dict[str, list[Seen]] = {name: [] for name in calls}
    for turn in range(1, rounds + 1):
        for name, call in calls.items():
            seen[name].append(call(turn))
    return seen


def by_turns(calls: Mapping[str, Callable[[int], int]], rounds: int, least: float = 0.0) -> dict[str, Timed]:
    """Time calls by turns, after one untimed turn of each that compiles, loads and fills caches.

    Parameters
    ----------
    calls : mapping of callable by name
        Each takes the number of the round and returns how many cases it simulated.
    rounds : int
        Timed turns of each.
    least : float
        Seconds that a turn lasts at least: a short call is repeated, so that what disturbs one
        millisecond does not decide a ratio.

    Returns
    -------
    dict of Timed
        By name.
    """
    for call in calls.values():
        call(0)
    seen = alternately({name: _timing(call, least) for name, call in calls.items()}, rounds)
    return {name: Timed(*(list(column) for column in zip(*turns, strict=True))) for name, turns in seen.items()}


def _timing(call: Callable[[int], int], least: float) -> Callable[[int], tuple[float, int]]:
    def timed(turn: int) -> tuple[float, int]:
        start, times, spent = time.process_time(), 0, 0.0
        while times == 0 or spent < least:
            cases = call(turn)
            times += 1
            spent = time.process_time() - start
        return spent / times, cases

    return timed


def quotients(above: Timed, below: Timed) -> list[float]:
    """Return how many times the time a case of `below` is that of `above`, by round."""
    return [a / b for a, b in zip(above.ns_per_case, below.ns_per_case, strict=True)]


def ratio(above: Timed, below: Timed) -> float:
    """Return how many times the time a case of `below` is that of `above`: the median over rounds."""
    return statistics.median(quotients(above, below))


def over_rounds(key: str, values: Sequence[float]) -> dict[str, Any]:
    """Return the median over rounds under `key`, and the least and the greatest under `key_spread`."""
    return {key: statistics.median(values), f"{key}_spread": [min(values), max(values)]}
