"""What the page derives from a running district's events: who moves requests to whom, what is closed in time."""

from collections import Counter, deque
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model import Activity, DistrictModel
from model.events.columns import unpacked
from model.terms import TICKS_PER_DAY

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
_BIRTHS = _among(Activity.BORN, Activity.REPEATED)
_DECLARED = _among(Activity.CLOSED, Activity.CLOSED_COSMETICALLY)


def limits_of(model: DistrictModel) -> list[float]:
    """Return the days within which each kind of request is to be closed, not-a-number where that does not count."""
    return [kind.limit / TICKS_PER_DAY if kind.limit_counts else np.nan for kind in model.plan.kinds]


class Due(NamedTuple):
    """Requests reported on a day whose time limit counts: arrays (requests,)."""

    key: NDArray[np.uint64]
    street: NDArray[np.int64]
    since: NDArray[np.float64]
    limit: NDArray[np.float64]  # days


class Ledger:
    """Takes the events of a day at a time; nothing grows with the length of the run but the requests that are open.

    Args:
        units, streets: How many there are; streets come first.
        limits: Days within which each kind of request is to be closed, not-a-number where that does not count.

    Attributes:
        counts (array (units, activities)): What each unit did today.
        flows: Requests moved today, by (row, row).
        real, declared: Shares closed within their time limit, really or only declared so, as the outcomes
            closure_rate and reported_closure_rate have it; over four weeks, of requests whose limits are over.
        by_street (array (streets,)): The first by street; not-a-number where nothing was reported.
    """

    def __init__(self, units: int, streets: int, limits: Sequence[float]) -> None:
        self.counts = np.zeros((units, len(Activity)), np.int64)
        self.flows = Counter[tuple[int, int]]()
        self.real: float | None = None
        self.declared: float | None = None
        self.by_street = np.full(streets, np.nan)
        self.longest = int(np.ceil(np.nanmax([0.0, *limits])))  # days until every limit is over
        self._limits = np.array(limits)
        self._kinds: dict[int, int] = {}  # of problems that nobody has reported
        self._holders: dict[int, int] = {}
        self._really: dict[int, float] = {}  # by request whose limit is not over: when it was closed
        self._said: dict[int, float] = {}
        self._days = deque[Events](maxlen=self.longest + 1)
        self._reported = deque[Due](maxlen=self.longest + 1)
        self._due = deque[NDArray[np.int64]](maxlen=SMOOTHED)

    def take(self, events: Events) -> None:
        self._days.append(events)
        self._reported.append(due := self._due_of(events))
        for closures in (self._really, self._said):
            closures.update(dict.fromkeys(due.key.tolist(), np.inf))
        self._note_closures(events)
        places = events["unit"].astype(np.int64) * len(Activity) + events["activity"]
        counted = np.bincount(places[events["unit"] >= 0], minlength=self.counts.size)
        self.counts = counted.reshape(self.counts.shape)
        if len(self._days) > self.longest:
            self._close()
        self.flows = Counter()  # every request is followed from unit to unit
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

    def _due_of(self, events: Events) -> Due:
        """Return the requests reported today; of a problem that was hidden before, the kind is remembered until then.

        A report without a known birth, from before the first day that was taken, is left out.
        """
        born = _BIRTHS[events["activity"]]
        births = dict(zip(events["key"][born].tolist(), unpacked(events["detail"][born])[0].tolist(), strict=True))
        reported = events["activity"] == Activity.REPORTED
        keys, street, since = (events[name][reported] for name in ("key", "unit", "day"))
        kinds = [births.pop(key) if key in births else self._kinds.pop(key, -1) for key in keys.tolist()]
        self._kinds |= births
        found = np.array(kinds, np.int64)
        limit = np.where(found >= 0, self._limits[found], np.nan)
        counts = ~np.isnan(limit)
        return Due(keys[counts], street[counts], since[counts], limit[counts])

    def _note_closures(self, events: Events) -> None:
        """Remember when requests whose limits are not over were first declared closed, and last really closed."""
        chosen = _DECLARED[events["activity"]]
        rows = zip(*(events[name][chosen].tolist() for name in ("key", "activity", "day")), strict=True)
        for key, activity, when in rows:
            if key in self._really:
                self._said[key] = min(self._said[key], when)
                if activity == Activity.CLOSED:
                    self._really[key] = when

    def _close(self) -> None:
        """Take the shares, by street, of requests reported on the first day that is remembered."""
        due, streets = self._reported[0], len(self.by_street)
        keys = due.key.tolist()
        found = [np.ones(len(keys), np.bool_)]
        for closures in (self._really, self._said):
            when = np.array([closures.pop(key) for key in keys], np.float64)
            found.append(when - due.since <= due.limit)
        self._due.append(np.array([np.bincount(due.street[each], minlength=streets)[:streets] for each in found]))
        count, real, declared = np.sum(self._due, axis=0)
        self.by_street = np.divide(real, count, out=np.full(streets, np.nan), where=count > 0)
        if count.sum():
            self.real, self.declared = float(real.sum() / count.sum()), float(declared.sum() / count.sum())

    def story(self, key: int, days: int = 0) -> Story:
        """Return what happened to a request on the last so many days, all that are remembered where none are named."""
        found: Story = []
        for day in list(self._days)[-days:]:
            here = np.flatnonzero(day["key"] == np.uint64(key))
            found += zip(*(day[name][here].tolist() for name in ("day", "activity", "unit", "detail")), strict=True)
        return found

    def newest(self, activities: tuple[Activity, ...], street: int | None = None) -> int | None:
        """Return the key of the request to which one of these happened last, in a street where one is named.

        Only requests whose report is remembered, so that their story begins at the start; one that came back as a
        linked repeat is no new one.
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
