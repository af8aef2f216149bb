"""A district as it is watched: simulated day by day, with a picture of itself whenever one is wanted."""

from __future__ import annotations

import dataclasses
from collections import defaultdict, deque
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.page.ledger import SMOOTHED, Ledger, limits_of
from experiments.page.trading import LINES, Trading, dealings_of
from model import Activity, DistrictModel, simulate
from model.events.columns import unpacked

if TYPE_CHECKING:
    from model import Scenario

SIDES = {"streets": ("street", "community", "team"), "departments": ("department", "city")}
"""Levels of units by the side to which they belong."""
MEASURES = ("backlog", "workload", "closure")  # of units: days of work queued; share of hours used, of requests closed
WEEK = 7  # days over which hours, and requests taken and finished, are summed; departments are sorted as often
FLOWS = 40  # busiest paths of the day that are drawn
SHOWN_BEFORE = 28  # days of the run-in that charts show: a line needs a past to be read
_TAKEN = (Activity.OWN_WORK, Activity.ACCEPTED)
_DONE = (Activity.WORK_DONE,)
_SENT = (Activity.WHISTLED, Activity.REFERRED)
_BIRTHS = (Activity.BORN, Activity.REPEATED)
_ATTRIBUTES = ("staff", "queued", "backlog_days", "balance")
_COLUMNS = ("enforcement", "street_weight", "standing", "credibility", "share_on_cases")


@dataclasses.dataclass(frozen=True)
class Picture:
    """A district at the end of a day; day 0 is the last one of the run-in."""

    day: int = 0
    days: int = 0  # of the year that is watched
    playing: bool = False
    over: bool = False
    pace: float | None = None  # days a second that were reached lately
    measures: dict[str, tuple[float | None, ...]] = dataclasses.field(default_factory=dict)  # of each unit
    queued: tuple[int, ...] = ()  # slots in the queue of each unit
    most: int = 0  # the longest queue of a department so far
    order: tuple[int, ...] = ()  # rows of departments, the longest queue first, as of the last week's end
    flows: tuple[tuple[int, int, int], ...] = ()  # from row to row: requests moved today, the busiest first
    today: dict[str, float] = dataclasses.field(default_factory=dict)  # requests reported, closed, passed on
    since: int = 0  # values of each series that were sent before and are left out here
    series: dict[str, tuple[float | None, ...]] = dataclasses.field(default_factory=dict)  # a value a day
    unit: dict[str, Any] | None = None  # the selected one
    case: dict[str, Any] | None = None  # followed: events (day, activity, unit, detail); birth (kind, parties, power)
    trading: Trading | None = None  # where units trade
    outcomes: dict[str, float | None] | None = None  # after the last day
    trouble: str = ""  # why there is no more to see
    waiting: int = 0  # place in the line of those who wait until a district may run
    died: bool = False  # the process in which it ran has ended


class Painter:
    """A district with what its pictures need of the days before; it is run in, as any run, before the first picture."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self._scenario, self._seed = scenario, seed
        self._model = DistrictModel(scenario, seed=seed, events=True)
        self._first, self._days = scenario.world.run.warm_up_days, scenario.world.run.window_days
        self._ledger = Ledger(len(self._model.units), len(scenario.world.streets), limits_of(self._model))
        self._dealings = dealings_of(self._model)
        self._staff = [int(unit.staff) for unit in self._model.units]
        self._levels = np.array([unit.level for unit in self._model.units])
        self._departments = np.flatnonzero(self._levels == "department")
        self._hours = deque([self._read_hours()], maxlen=WEEK + 1)
        self._worked = deque([np.zeros((len(self._model.units), 2), np.int64)], maxlen=WEEK)
        self._series = defaultdict[str, list[float | None]](list)
        self._story: list[tuple[float, int, int, int]] = []
        self._followed: int | None = None
        self._outcomes: dict[str, float | None] | None = None
        self._run_in()
        self._order = self._sorted()
        self._most = 0

    @property
    def day(self) -> int:
        """Days of the year that have passed."""
        return self._model.day - self._first

    @property
    def over(self) -> bool:
        """Whether the observed days have passed; in the follow-up nobody's hours are counted any more."""
        return self.day >= self._days

    def _run_in(self) -> None:
        """Simulate the days before the year; only the last of them leave something in pictures."""
        shown = self._first - max(SHOWN_BEFORE, WEEK + 1) - self._ledger.longest - SMOOTHED
        while self._model.day < self._first:
            self._model.step()
            events = self._model.take_events()
            if self._dealings is not None:
                self._dealings.take(events)
            if self._model.day > shown:
                self._take(events)
        for values in self._series.values():
            del values[:-SHOWN_BEFORE]

    def advance(self, days: int) -> None:
        """Simulate this many days, fewer where the run ends."""
        for _ in range(days):
            if self.over:
                return
            self._model.step()
            events = self._model.take_events()
            if self._dealings is not None:
                self._dealings.take(events)
            self._take(events)
            if self._followed is not None:
                self._story += self._ledger.story(self._followed, days=1)
            if self.day % WEEK == 0:
                self._order = self._sorted()
            if self._model.day == self._first + self._days:  # a run of its own, for its follow-up is not watched
                self._outcomes = simulate(self._scenario, self._seed).outcomes

    def _take(self, events: dict[str, NDArray[Any]]) -> None:
        self._ledger.take(events)
        self._hours.append(self._read_hours())
        counts = [self._ledger.counts[:, list(each)].sum(axis=1) for each in (_TAKEN, _DONE)]
        self._worked.append(np.column_stack(counts))
        self._lengthen_series()

    def _read_hours(self) -> NDArray[np.float64]:
        """Return hours used and held so far, (2, units)."""
        return np.array(list(self._model.figures("hours_used", "hours_held").values()))

    def _sorted(self) -> tuple[int, ...]:
        """Return the rows of departments, the longest queue first; once a week, so that a list can be read."""
        queued = self._model.snapshot()["queued"][self._departments]
        return tuple(int(row) for row in self._departments[np.argsort(-queued, kind="stable")])

    def _lengthen_series(self) -> None:
        used, held = self._hours[-1] - self._hours[0]
        today = self._model.today
        row: dict[str, float | None] = {"real": self._ledger.real, "declared": self._ledger.declared}
        row |= {name: today[name] for name in ("passes", "reported", "closed")}
        for side, levels in SIDES.items():
            here = np.isin(self._levels, levels)
            row[f"backlog_{side}"] = sum(today[f"queued_{level}"] for level in levels)
            row[f"workload_{side}"] = float(used[here].sum() / held[here].sum()) if held[here].sum() > 0.0 else None
        if self._dealings is not None:
            row |= {name: today[name] for name in LINES}
        for name, value in row.items():
            self._series[name].append(value)

    def newest_case(self, row: int | None) -> int | None:
        """Return the request that was sent out last today, by a street where that is selected; else the newest one."""
        street = row if row is not None and self._levels[row] == "street" else None
        return next((found for where in dict.fromkeys((street, None)) for what in (_SENT, (Activity.REPORTED,))
                     if (found := self._ledger.newest(what, where))), None)  # fmt: skip

    def picture(self, selected: int | None, followed: int | None, playing: bool, since: int = 0) -> Picture:
        """Return the district as it stands; of a unit selected and a request followed what is told of them alone.

        `since` leaves out so many values at the beginning of each series.
        """
        if followed != self._followed:
            self._followed, self._story = followed, self._ledger.story(followed) if followed is not None else []
        snapshot = self._model.snapshot()
        self._most = max(self._most, int(snapshot["queued"][self._departments].max(initial=0)))
        used, held = self._hours[-1] - self._hours[0]
        workload, closure = np.full((2, len(self._levels)), np.nan)
        np.divide(used, held, out=workload, where=held > 0.0)
        closure[: len(self._ledger.by_street)] = self._ledger.by_street
        births = (unpacked(detail) for _, activity, _, detail in self._story if activity in _BIRTHS)
        story = tuple((when - self._first, *rest) for when, *rest in self._story)
        measures = zip(MEASURES, (snapshot["backlog_days"], workload, closure), strict=True)
        return Picture(
            day=self.day, days=self._days, playing=playing, over=self.over,
            measures={name: tuple(None if np.isnan(each) else round(float(each), 4) for each in values)
                      for name, values in measures},
            queued=tuple(int(each) for each in snapshot["queued"]), order=self._order, most=self._most,
            flows=tuple((a, b, n) for (a, b), n in self._ledger.flows.most_common(FLOWS)),
            today={name: self._model.today.get(name, 0) for name in ("reported", "closed", "passes")},
            since=since, series={name: tuple(values[since:]) for name, values in self._series.items()},
            unit=None if selected is None else self._unit(selected),
            case=None if followed is None else {"events": story, "birth": next(births, None)},
            trading=None if self._dealings is None else self._dealings.seen(selected),
            outcomes=self._outcomes,
        )  # fmt: skip

    def _unit(self, row: int) -> dict[str, Any]:
        unit = self._model.units[row]
        law = self._model.tables.laws[int(unit.columns["law"])]  # in force there today
        return {
            "row": row,
            "staff_first": self._staff[row],
            "week": tuple(int(each) for each in np.sum(self._worked, axis=0)[row]),
            **{name: getattr(unit, name) for name in _ATTRIBUTES},
            **{name: unit.columns[name].item() for name in _COLUMNS},
            "whistles": bool(unit.columns["may_whistle"] and law["whistle"]["in_force"]),
            "delegated": float(law["powers"]["delegated"]),
            "did": {Activity(place).name: int(count) for place, count in enumerate(self._ledger.counts[row]) if count},
        }
