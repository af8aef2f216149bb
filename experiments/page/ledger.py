"""What the page derives from a running district's events: who moves cases to whom, what is closed on time."""

from collections import Counter, deque
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model import Activity

DAYS_TO_CLOSE = 15  # days after which the page looks whether a case is closed: the longest deadline of any kind
SMOOTHED = 28  # days over which shares are taken: four weeks, so that weekdays do not show
Events = Mapping[str, NDArray[Any]]
Story = list[tuple[float, int, int, int]]  # day, activity, unit and detail, in order


def _among(*activities: Activity) -> NDArray[np.bool_]:
    """Return for every activity whether it is one of these: faster to look up than to compare."""
    table = np.zeros(len(Activity), np.bool_)
    table[list(activities)] = True
    return table


_ENDS = (Activity.DONE, Activity.DROPPED)
_FOLLOWED = _among(Activity.REPORTED, Activity.WHISTLED, Activity.REFERRED, Activity.OFFERED, Activity.OWN_WORK, *_ENDS)
_REAL, _DECLARED = _among(Activity.CLOSED), _among(Activity.CLOSED, Activity.CLOSED_COSMETICALLY)


class Ledger:
    """Takes the events of a day at a time; nothing grows with the length of the run but the cases that are open.

    Attributes:
        counts (array (units, activities)): What each unit did today.
        flows: Cases moved today, by (row, row).
        real, declared: Shares closed, really or only declared so, in 15 days after the report; over four weeks.
        by_street (array (streets,)): The first by street; not-a-number where nothing was reported.
    """

    def __init__(self, units: int, streets: int) -> None:
        self.counts = np.zeros((units, len(Activity)), np.int64)
        self.flows = Counter[tuple[int, int]]()
        self.real: float | None = None
        self.declared: float | None = None
        self.by_street = np.full(streets, np.nan)
        self._holders: dict[int, int] = {}
        self._days = deque[Events](maxlen=DAYS_TO_CLOSE + 1)
        self._due = deque[NDArray[np.int64]](maxlen=SMOOTHED)

    def take(self, events: Events) -> None:
        self._days.append(events)
        places = events["unit"].astype(np.int64) * len(Activity) + events["activity"]
        counted = np.bincount(places[events["unit"] >= 0], minlength=self.counts.size)
        self.counts = counted.reshape(self.counts.shape)
        if len(self._days) > DAYS_TO_CLOSE:
            self._close()
        self.flows = Counter()  # every case is followed from unit to unit
        chosen = _FOLLOWED[events["activity"]]
        rows = zip(*(events[name][chosen].tolist() for name in ("key", "activity", "unit")), strict=True)
        for key, activity, unit in rows:
            if activity in _ENDS:
                self._holders.pop(key, None)
                continue
            before = self._holders.get(key, unit)
            if before != unit:
                self.flows[before, unit] += 1
            self._holders[key] = unit

    def _close(self) -> None:
        """Take the shares, by street, of cases reported on the first day that is remembered."""
        first, streets = self._days[0], len(self.by_street)
        reported = first["activity"] == Activity.REPORTED
        keys, street, since = (first[name][reported] for name in ("key", "unit", "day"))
        found = [np.ones(len(keys), np.bool_), *(self._closed(keys, since, each) for each in (_REAL, _DECLARED))]
        self._due.append(np.array([np.bincount(street[each], minlength=streets)[:streets] for each in found]))
        due, real, declared = np.sum(self._due, axis=0)
        self.by_street = np.divide(real, due, out=np.full(streets, np.nan), where=due > 0)
        if due.sum():
            self.real, self.declared = float(real.sum() / due.sum()), float(declared.sum() / due.sum())

    def _closed(self, keys: NDArray[Any], since: NDArray[Any], closes: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return which cases were first closed, on the days that are remembered, in time after their report."""
        closed, when = (np.concatenate([day[name][closes[day["activity"]]] for day in self._days])
                        for name in ("key", "day"))  # fmt: skip
        first = dict(zip(closed[::-1].tolist(), when[::-1].tolist(), strict=True))  # the earliest comes last and stays
        hit: NDArray[np.bool_] = np.array([first.get(key, np.inf) for key in keys.tolist()]) - since <= DAYS_TO_CLOSE
        return hit

    def story(self, key: int, days: int = 0) -> Story:
        """Return what happened to a case on the last so many days, all that are remembered where none are named."""
        found: Story = []
        for day in list(self._days)[-days:]:
            here = np.flatnonzero(day["key"] == np.uint64(key))
            found += zip(*(day[name][here].tolist() for name in ("day", "activity", "unit", "detail")), strict=True)
        return found

    def newest(self, activities: tuple[Activity, ...], street: int | None = None) -> int | None:
        """Return the key of the case to which one of these happened last, in a street where one is named.

        Only cases whose report is remembered, so that their story begins at the start; one that came back as a linked
        repeat is no new one.
        """
        if not self._days:
            return None
        today = self._days[-1]
        chosen = _among(*activities)[today["activity"]]
        if street is not None:
            chosen &= today["unit"] == street
        reported, repeated = (
            np.concatenate([day["key"][day["activity"] == each] for day in self._days])
            for each in (Activity.REPORTED, Activity.REPEATED)
        )
        keys = today["key"][chosen]
        keys = keys[np.isin(keys, reported) & ~np.isin(keys, repeated)]
        return int(keys[-1]) if len(keys) else None
