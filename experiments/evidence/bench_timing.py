"""Timing by turns: what is compared runs alternately, so that a busy minute affects everything alike.

A ratio is taken within a round, between neighbours in time. What is timed in this process is its processor time, which
other programs that want the core do not lengthen.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

NANOSECONDS = 1e9
Results = dict[str, Any]
Seen = TypeVar("Seen")


@dataclass(frozen=True)
class Effort:
    """How long `whistle bench` takes: repetitions and sizes; as they stand, enough for the figures to hold."""

    rounds: int = 7  # of what is compiled
    rounds_plain: int = 5  # of what is plain Python
    rounds_study: int = 3
    rounds_cold: int = 2  # of processes that compile from nothing
    least_turn: float = 0.25  # seconds of a turn: shorter calls are repeated
    large: float = 1e6  # cases between which growth is measured
    small: float = 5e4
    twin: dict[str, Any] = field(default_factory=dict)  # settings of the run that the twin does
    network_days: int = 365  # observed of the passing network, at the volume of a study
    network_days_small: int = 4000  # as shipped
    network_runs: int = 60  # of the engine, by which its accuracy on the network is measured
    pairs: int = 100  # for the saving of paired seeds
    study_pairs: int = 400
    starts: int = 3  # of a command
    rows: int = 1_000_000  # runs, and points, of the table of results that is loaded
    points: int = 1000


@dataclass(frozen=True)
class Timed:
    """Repetitions of one call: its processor time in seconds and the cases that it simulated, by round."""

    seconds: list[float]
    cases: list[int]

    @property
    def ns_per_case(self) -> list[float]:
        return [NANOSECONDS * seconds / max(1, cases) for seconds, cases in zip(self.seconds, self.cases, strict=True)]

    @property
    def typical_ns(self) -> float:
        """The median of nanoseconds a case."""
        return statistics.median(self.ns_per_case)

    def times(self, below: Timed) -> list[float]:
        """Return how many times the time a case of `below` is that of this call, by round."""
        return [a / b for a, b in zip(self.ns_per_case, below.ns_per_case, strict=True)]


def alternately(calls: Mapping[str, Callable[[int], Seen]], rounds: int) -> dict[str, list[Seen]]:
    """Make calls by turns, A B A B, each with the number of the round from 1, and return what each gave, by round."""
    seen: dict[str, list[Seen]] = {name: [] for name in calls}
    for turn in range(1, rounds + 1):
        for name, call in calls.items():
            seen[name].append(call(turn))
    return seen


def by_turns(calls: Mapping[str, Callable[[int], int]], rounds: int, least: float = 0.0) -> dict[str, Timed]:
    """Time calls by turns, after one untimed turn of each that compiles, loads and fills caches.

    A call takes the number of the round and returns how many cases it simulated. It is repeated until a turn lasts
    `least` seconds, so that what disturbs one millisecond does not decide a ratio.
    """

    def timed(call: Callable[[int], int], turn: int) -> tuple[float, int]:
        start, times, spent = time.process_time(), 0, 0.0
        while times == 0 or spent < least:
            cases = call(turn)
            times += 1
            spent = time.process_time() - start
        return spent / times, cases

    for call in calls.values():
        call(0)
    seen = alternately({name: partial(timed, call) for name, call in calls.items()}, rounds)
    return {name: Timed(*map(list, zip(*turns, strict=True))) for name, turns in seen.items()}


def over_rounds(measured: Mapping[str, Sequence[float]]) -> Results:
    """Return of what was measured the median over rounds by its key, and the least and the greatest by KEY_spread."""
    found: Results = {}
    for key, values in measured.items():
        found |= {key: statistics.median(values), f"{key}_spread": [min(values), max(values)]}
    return found
