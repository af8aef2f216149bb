"""Small offices whose laws are known, as the normal form of a log."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator

from experiments.learning.paths import Paths

Case = tuple[float, float, list[tuple[float, int]]]  # arrival, closing (NaN: open), time and unit of events


class Office(Paths):
    """Paths that can be taken apart into cases."""

    def cases(self) -> list[Case]:
        return [
            (float(self.start[at]), float(self.end[at]), list(zip(
                self.time[self.first[at] : self.first[at + 1]].tolist(),
                self.unit[self.first[at] : self.first[at + 1]].tolist(), strict=True)))
            for at in range(len(self))
        ]  # fmt: skip


def paths_from(cases: Sequence[Case], units: int, horizon: float) -> Office:
    """Return cases, in the order of their arrival, as a log that is seen up to a horizon."""
    events = [event for case in cases for event in case[2]]
    return Office(
        np.array([case[0] for case in cases]), np.array([case[1] for case in cases]), np.zeros(len(cases), np.int64),
        np.append(0, np.cumsum([len(case[2]) for case in cases])), np.array([event[0] for event in events]),
        np.array([event[1] for event in events]), np.full(len(events), -1),
        tuple(f"unit {number}" for number in range(units)), ("all",), (), horizon,
    )  # fmt: skip


def office(
    rng: Generator, days: float, hand_over: float = 0.5, begin: float = 0.0, *, memoryless: bool = False
) -> Office:
    """Return an office of four units: two arrivals a day, each case handed over with a chance after some days.

    `memoryless`: passed on and closed at a tenth a day each, whatever happened before.
    """
    cases: list[Case] = []
    for start in np.sort(begin + days * rng.random(int(2 * days))):
        now, unit, events = float(start), int(rng.integers(4)), []
        events.append((now, unit))
        while True:
            if memoryless:
                now += float(rng.exponential(5.0))
                passes = bool(rng.random() < 0.5)
            else:
                now += float(rng.gamma(4.0, 2.0))
                passes = bool(rng.random() < hand_over) and len(events) < 4
            if not passes:
                break
            unit = (unit + int(rng.integers(1, 4))) % 4
            events.append((now, unit))
        events.append((now, unit))
        cases.append((float(start), now, events))
    horizon = begin + days
    seen = [(start, end if end < horizon else np.nan, [each for each in events if each[0] < horizon])
            for start, end, events in cases]  # fmt: skip
    return paths_from(seen, 4, horizon)
