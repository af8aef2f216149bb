"""The normal form of a log: cases by arrival with the path of each through the units, and what is known of it when."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from experiments.stats.intervals import Bools, Floats

Ints = NDArray[np.int64]

NEVER = np.inf  # age at which something happens that does not happen, as far as is known


@dataclass(frozen=True)
class Paths:
    """Cases by arrival. Times are days since 1970-01-01.

    Attributes:
        start (array (cases,)): Arrival, ascending.
        end (array (cases,)): Closing; NaN while open at the horizon.
        kind (array (cases,) of int): Place among `kinds`.
        first (array (cases + 1,) of int): Events of case i are those from `first[i]` to before `first[i + 1]`.
        time, unit, activity (arrays (events,)): Of each event, by case and time; an activity is −1 where unknown.
        units, kinds, activities: Names.
        horizon: Last time that is seen.
    """

    start: Floats
    end: Floats
    kind: Ints
    first: Ints
    time: Floats
    unit: Ints
    activity: Ints
    units: tuple[str, ...]
    kinds: tuple[str, ...]
    activities: tuple[str, ...]
    horizon: float

    def __len__(self) -> int:
        return int(self.start.size)

    @cached_property
    def case(self) -> Ints:
        """The case of each event, array (events,)."""
        return np.repeat(np.arange(len(self)), self.lengths)

    @property
    def lengths(self) -> Ints:
        """Number of events of each case, array (cases,)."""
        return np.diff(self.first)

    @property
    def last_event(self) -> Floats:
        """Time of the last event of each case, array (cases,); its arrival where it has none."""
        found = self.start.copy()
        some = self.lengths > 0
        found[some] = self.time[self.first[1:][some] - 1]
        return found

    @property
    def closed(self) -> Bools:
        return np.isfinite(self.end)

    def of(self, chosen: Bools) -> Paths:
        """Return some cases, in this order."""
        events = chosen[self.case]
        lengths = self.lengths[chosen]
        return dataclasses.replace(
            self, start=self.start[chosen], end=self.end[chosen], kind=self.kind[chosen],
            first=np.append(0, np.cumsum(lengths)), time=self.time[events], unit=self.unit[events],
            activity=self.activity[events],
        )  # fmt: skip

    def until(self, moment: float) -> Paths:
        """Return what was known at a moment: cases that had arrived, events that had happened."""
        known = self.of(self.start < moment)
        seen = known.time < moment
        counts = np.bincount(known.case[seen], minlength=len(known))
        return dataclasses.replace(
            known, end=np.where(known.end < moment, known.end, np.nan), first=np.append(0, np.cumsum(counts)),
            time=known.time[seen], unit=known.unit[seen], activity=known.activity[seen], horizon=moment,
        )  # fmt: skip


@dataclass(frozen=True)
class Courses:
    """What becomes of cases by age, in days since arrival; of one set of cases, or of many draws of it.

    Attributes:
        closed (array (…, cases)): Age at closing; `NEVER` while open.
        passed (array (…, cases, most)): Age at each hand-over, ascending, then `NEVER`.
        passer (array (…, cases, most) of int): Unit that hands over, −1 where none does.
        back (array (…, cases, most) of bool): Whether the unit that takes the case had it before.
    """

    closed: Floats
    passed: Floats
    passer: Ints
    back: Bools

    @classmethod
    def of(cls, paths: Paths) -> Courses:
        """Return the courses of a log's cases. Hand-over: two consecutive events of a case with different units."""
        case, age = paths.case, paths.time - paths.start[paths.case]
        same = np.append(False, case[1:] == case[:-1])
        handed = np.flatnonzero(same & np.append(True, paths.unit[1:] != paths.unit[:-1]))
        of_case = case[handed]
        place = np.arange(handed.size) - np.searchsorted(of_case, of_case)
        most = int(place.max()) + 1 if place.size else 1
        shape = (len(paths), most)
        passed, passer, back = np.full(shape, NEVER), np.full(shape, -1), np.zeros(shape, np.bool_)
        passed[of_case, place] = age[handed]
        passer[of_case, place] = paths.unit[handed - 1]
        back[of_case, place] = _had_before(paths, handed)
        return cls(np.where(paths.closed, paths.end - paths.start, NEVER), passed, passer, back)

    @property
    def arrays(self) -> tuple[Floats, Floats, Ints, Bools]:
        return self.closed, self.passed, self.passer, self.back

    def take(self, cases: Ints | tuple[Ints, Ints]) -> Courses:
        """Return the courses of some cases, by place, or by draw and place; they may have any shape."""
        return Courses(self.closed[cases], self.passed[cases], self.passer[cases], self.back[cases])


def _had_before(paths: Paths, handed: Ints) -> Bools:
    """Tell of each hand-over, given the events that take, whether that unit had the case before."""
    taking = np.concatenate([paths.first[:-1][paths.lengths > 0], handed])
    taking.sort()
    key = paths.case[taking] * len(paths.units) + paths.unit[taking]
    again = np.ones(taking.size, np.bool_)
    again[np.unique(key, return_index=True)[1]] = False
    return again[np.searchsorted(taking, handed)]
