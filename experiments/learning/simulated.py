"""Runs of a district read as a log is: the path of each simulated case through the units that the log knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.learning.paths import NEVER, Courses, Ints, Paths
from experiments.stats.intervals import Floats
from model import Activity, Record

if TYPE_CHECKING:
    from model import Scenario, Unknowns

TICKS = 864_000.0  # of the engine's clock in a day; a test compares

CLOSING = (Activity.CLOSED, Activity.CLOSED_COSMETICALLY)
BIRTHS = (Activity.BORN, Activity.REPEATED)
AT_HOLDERS = (
    Activity.REPORTED, Activity.OWN_WORK, Activity.OFFERED, Activity.ACCEPTED, Activity.PASSED, Activity.EXPIRED,
    Activity.STARTED, Activity.HANDED_OVER, Activity.WORK_DONE, *CLOSING,
)  # fmt: skip
"""What an office's log has a line for: a case is somewhere and something is done with it. A log of this model has a
line for every activity."""
AFTER = (Activity.DONE, Activity.PREVENTED)  # lines of the model's own books, which no office writes


@dataclass(frozen=True)
class Reading:
    """How a simulated case is read, so that it is comparable with the log's.

    Attributes:
        places: Place of each of the district's units among the log's, by code.
        units, kinds: Of the log.
        kind_places: Place of each of the district's kinds among those of the log, by code.
        own: Whether the log is one of this model: then every activity is a line.
        closed_by_street: Whether the line that closes a case is of the unit that opened it; else of the last holder.
    """

    places: Mapping[str, int]
    units: tuple[str, ...]
    kinds: tuple[str, ...]
    kind_places: Mapping[str, int]
    own: bool
    closed_by_street: bool

    def of(self, record: Record) -> Paths:
        """Return the cases of a run that were reported, in days since its first."""
        rows = _by_case(record.events)
        key, activity, when = rows["key"], rows["activity"], rows["when"] / TICKS
        begins = np.append(True, key[1:] != key[:-1])
        case = np.cumsum(begins) - 1
        count = int(case[-1]) + 1 if case.size else 0
        start = np.full(count, np.inf)
        reported = activity == Activity.REPORTED
        np.minimum.at(start, case[reported], when[reported])
        closing = np.isin(activity, CLOSING)
        end = np.full(count, np.inf)
        np.minimum.at(end, case[closing], when[closing])
        kind = np.zeros(count, np.int64)
        born = np.isin(activity, BIRTHS)
        kind[case[born]] = self._kinds(record)[_kind_row(rows["detail"][born])]
        shown = self._shown(activity) & (when >= start[case]) & np.isfinite(start[case])
        unit = self._units(record)[rows["unit"]]
        if not self.closed_by_street:
            unit = _held(unit, closing, shown, case)
        return self._paths(start, np.where(np.isfinite(end), end, np.nan), kind, case, when, unit, shown, record.days)

    def _shown(self, activity: Ints) -> Any:
        if self.own:
            return ~np.isin(activity, (*BIRTHS, *AFTER))
        return np.isin(activity, AT_HOLDERS)

    def _kinds(self, record: Record) -> Ints:
        return np.array([self.kind_places[code] for code in record.kinds["code"]])

    def _units(self, record: Record) -> Ints:
        """Return the place of every unit of the run; pools of a unit, such as its communities, are the unit."""
        codes = [str(code).partition("/")[0] for code in record.units["code"]]
        return np.array([self.places[code] for code in codes])

    def _paths(
        self, start: Floats, end: Floats, kind: Ints, case: Ints, when: Floats, unit: Ints, shown: Any, days: int
    ) -> Paths:
        known = np.flatnonzero(np.isfinite(start))
        order = known[np.argsort(start[known], kind="stable")]
        place = np.full(start.size, -1)
        place[order] = np.arange(order.size)
        events = np.flatnonzero(shown)
        events = events[np.argsort(place[case[events]], kind="stable")]
        counts = np.bincount(place[case[events]], minlength=order.size)
        return Paths(
            start[order], end[order], kind[order], np.append(0, np.cumsum(counts)), when[events], unit[events],
            np.full(events.size, -1), self.units, self.kinds, (), float(days),
        )  # fmt: skip


def _by_case(events: Any) -> Any:
    """Return lines about cases, by case and within a case as they happened."""
    about = events[events["activity"] < Activity.REQUESTED]
    return about[np.argsort(about["key"], kind="stable")]


def _kind_row(detail: Ints) -> Ints:
    from model.events import unpacked

    return np.asarray(unpacked(detail)[0])


def _held(unit: Ints, closing: Any, shown: Any, case: Ints) -> Ints:
    """Return units with each closing line at the unit that held the case before."""
    last = np.maximum.accumulate(np.where(shown & ~closing, np.arange(unit.size), -1))
    moved = closing & (last >= 0) & (case[last] == case)
    return np.where(moved, unit[last], unit)


@dataclass(frozen=True)
class Pool:
    """The cases of a run that are reported after its warm-up.

    Attributes:
        start (array (cases,)): In days since the first day of the run, ascending.
        kind (array (cases,)):
        courses: By case.
        days: Length of the run.
    """

    start: Floats
    kind: Ints
    courses: Courses
    days: float

    def __len__(self) -> int:
        return int(self.start.size)


@dataclass(frozen=True)
class Work:
    """Runs of one district in worlds; safe to send to other processes."""

    scenario: Scenario
    reading: Reading

    def pool(self, world: Unknowns, seed: int) -> Pool:
        """Run a world once."""
        from model import in_world, simulate

        record = simulate(in_world(self.scenario, world), seed, events=True)
        paths = self.reading.of(record)
        paths = paths.of(paths.start >= self.scenario.world.run.warm_up_days)
        return Pool(paths.start, paths.kind, Courses.of(paths), float(record.days))


def together(pools: Sequence[Pool]) -> tuple[Courses, Ints]:
    """Return the courses of several pools, one after the other, and where each begins, array (pools + 1,)."""
    most = max(pool.courses.passed.shape[1] for pool in pools)

    def wide(values: Any, fill: float) -> Any:
        return np.pad(values, ((0, 0), (0, most - values.shape[1])), constant_values=fill)

    courses = [pool.courses for pool in pools]
    return Courses(
        np.concatenate([each.closed for each in courses]),
        np.concatenate([wide(each.passed, NEVER) for each in courses]),
        np.concatenate([wide(each.passer, -1) for each in courses]),
        np.concatenate([wide(each.back, False) for each in courses]),
    ), np.append(0, np.cumsum([len(pool) for pool in pools]))  # fmt: skip
