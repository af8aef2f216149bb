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
        return np.repeat(np.arange(len(self)), np.diff(self.first))

    @property
    def closed(self) -> Bools:
        return np.isfinite(self.end)

    def of(self, chosen: Bools) -> Paths:
        """Return some cases, in this order."""
        events = chosen[self.case]
        lengths = np.diff(self.first)[chosen]
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
        returned (array (…, cases)): Age at which a unit first has the case again after another had it.
    """

    closed: Floats
    passed: Floats
    passer: Ints
    returned: Floats

    @classmethod
    def of(cls, paths: Paths) -> Courses:
        """Return the courses of a log's cases. Hand-over: two consecutive events of a case with different units."""
        case, age = paths.case, paths.time - paths.start[paths.case]
        same = np.append(False, case[1:] == case[:-1])
        handed = np.flatnonzero(same & np.append(False, paths.unit[1:] != paths.unit[:-1]))
        of_case = case[handed]
        place = np.arange(handed.size) - np.searchsorted(of_case, of_case)
        most = int(place.max()) + 1 if place.size else 1
        passed, passer = np.full((len(paths), most), NEVER), np.full((len(paths), most), -1)
        passed[of_case, place] = age[handed]
        passer[of_case, place] = paths.unit[handed - 1]
        return cls(paths.end - paths.start if len(paths) == 0 else np.where(paths.closed, paths.end - paths.start, NEVER),
                   passed, passer, _returned(paths, handed, age))  # fmt: skip

    def take(self, cases: Ints) -> Courses:
        """Return the courses of some cases, by place; `cases` may have any shape."""
        return Courses(self.closed[cases], self.passed[cases], self.passer[cases], self.returned[cases])


def _returned(paths: Paths, handed: Ints, age: Floats) -> Floats:
    """Return the age at which a unit first has each case again, array (cases,)."""
    size = len(paths.units)
    begins = np.concatenate([paths.first[:-1][np.diff(paths.first) > 0], handed])  # a unit takes a case
    begins.sort()
    key = paths.case[begins] * size + paths.unit[begins]
    order = np.argsort(key, kind="stable")
    again = order[1:][key[order][1:] == key[order][:-1]]
    found = np.full(len(paths), NEVER)
    np.minimum.at(found, paths.case[begins[again]], age[begins[again]])
    return found
