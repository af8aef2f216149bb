"""A district that runs in a thread of its own, day by day, and shows a picture of itself now and then."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.page.ledger import Ledger
from experiments.page.trading import LINES, Trading, dealings_of
from model import Activity, DistrictModel, simulate, vary
from model.events.columns import unpacked

if TYPE_CHECKING:
    from model import Scenario

LEVELS = ("street", "community", "team", "department", "city")
MEASURES = ("backlog", "workload", "closure")  # of units: days of work queued; share of hours used, of cases closed
SPEEDS = (1, 2, 5, 10, 30, 100)  # days a second
LEAST_INTERVAL = 0.08  # seconds between two pictures while days pass: some twelve a second, which a browser can draw
REST = 0.3  # share of a picture's time that is left to others at least: many sessions share the machine
WATCHED = {"run.warm_up_days": 0, "run.window_days": 365}
"""Settings of a district that is watched: a year from the first day, without warm-up, so that every hour counts."""

WEEK = 7  # days over which hours, and cases taken and finished, are summed
FLOWS = 40  # busiest paths of the day that are drawn
_TAKEN = (Activity.OWN_WORK, Activity.ACCEPTED)
_DONE = (Activity.WORK_DONE,)
_SENT = (Activity.WHISTLED, Activity.REFERRED)
_BIRTHS = (Activity.BORN, Activity.REPEATED)
_ATTRIBUTES = ("staff", "queued", "backlog_days", "balance")
_COLUMNS = ("enforcement", "street_weight", "standing", "credibility", "share_on_cases")


@dataclasses.dataclass(frozen=True)
class Picture:
    """A district at the end of a day."""

    day: int = 0
    days: int = 0  # of the whole run
    playing: bool = False
    over: bool = False
    measures: dict[str, tuple[float | None, ...]] = dataclasses.field(default_factory=dict)  # of each unit
    queued: tuple[int, ...] = ()  # slots in the queue of each unit
    flows: tuple[tuple[int, int, int], ...] = ()  # from row to row: cases moved today, the busiest first
    today: dict[str, float] = dataclasses.field(default_factory=dict)  # cases reported, closed, passed on; open
    series: dict[str, tuple[float | None, ...]] = dataclasses.field(default_factory=dict)  # a value a day
    unit: dict[str, Any] | None = None  # the selected one
    case: dict[str, Any] | None = None  # followed: events (day, activity, unit, detail); birth (kind, parties, power)
    trading: Trading | None = None  # where units trade
    outcomes: dict[str, float | None] | None = None  # after the last day
    trouble: str = ""  # why there is no more to see


class Painter:
    """A district with what its pictures need of the days before."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self._scenario, self._seed = scenario, seed
        self._model = DistrictModel(scenario, seed=seed, events=True)
        self._days = scenario.run.warm_up_days + scenario.run.window_days
        self._ledger = Ledger(len(self._model.units), len(scenario.world.streets))
        self._dealings = dealings_of(self._model)
        self._staff = [int(unit.staff) for unit in self._model.units]
        self._levels = np.array([unit.level for unit in self._model.units])
        self._hours = deque([self._read_hours()], maxlen=WEEK + 1)
        self._worked = deque([np.zeros((len(self._model.units), 2), np.int64)], maxlen=WEEK)
        self._series = defaultdict[str, list[float | None]](list)
        self._story: list[tuple[float, int, int, int]] = []
        self._followed: int | None = None
        self._outcomes: dict[str, float | None] | None = None

    @property
    def over(self) -> bool:
        """Whether the observed days have passed; in the follow-up nobody's hours are counted any more."""
        return self._model.day >= self._days

    def advance(self, days: int) -> None:
        """Simulate this many days, fewer where the run ends."""
        for _ in range(days):
            if self.over:
                return
            self._model.step()
            events = self._model.take_events()
            self._ledger.take(events)
            if self._dealings is not None:
                self._dealings.take(events)
            self._hours.append(self._read_hours())
            counts = [self._ledger.counts[:, list(each)].sum(axis=1) for each in (_TAKEN, _DONE)]
            self._worked.append(np.column_stack(counts))
            self._lengthen_series()
            if self._followed is not None:
                self._story += self._ledger.story(self._followed, days=1)
            if self._model.day == self._days:  # a run of its own, for its follow-up is not watched
                self._outcomes = simulate(self._scenario, self._seed).outcomes

    def _read_hours(self) -> NDArray[np.float64]:
        """Return hours used and held so far, (2, units)."""
        return np.array(list(self._model.figures("hours_used", "hours_held").values()))

    def _lengthen_series(self) -> None:
        used, held = self._hours[-1] - self._hours[0]
        today = self._model.today
        row: dict[str, float | None] = {"real": self._ledger.real, "declared": self._ledger.declared}
        row |= {name: today[name] for name in ("passes", "reported", "closed")}
        for level in LEVELS:
            here = self._levels == level
            row[f"backlog_{level}"] = today[f"queued_{level}"]
            row[f"workload_{level}"] = float(used[here].sum() / held[here].sum()) if held[here].sum() > 0.0 else None
        if self._dealings is not None:
            row |= {name: today[name] for name in LINES}
        for name, value in row.items():
            self._series[name].append(value)

    def newest_case(self, row: int | None) -> int | None:
        """Return the case that was sent out last today, by a street where that is selected; else the newest one."""
        street = row if row is not None and self._levels[row] == "street" else None
        return next((found for where in dict.fromkeys((street, None)) for what in (_SENT, (Activity.REPORTED,))
                     if (found := self._ledger.newest(what, where))), None)  # fmt: skip

    def picture(self, selected: int | None, followed: int | None, playing: bool) -> Picture:
        """Return the district as it stands; of a unit selected and a case followed what is told of them alone."""
        if followed != self._followed:
            self._followed, self._story = followed, self._ledger.story(followed) if followed is not None else []
        snapshot = self._model.snapshot()
        used, held = self._hours[-1] - self._hours[0]
        workload, closure = np.full((2, len(self._levels)), np.nan)
        np.divide(used, held, out=workload, where=held > 0.0)
        closure[: len(self._ledger.by_street)] = self._ledger.by_street
        births = (unpacked(detail) for _, activity, _, detail in self._story if activity in _BIRTHS)
        measures = zip(MEASURES, (snapshot["backlog_days"], workload, closure), strict=True)
        return Picture(
            day=self._model.day, days=self._days, playing=playing, over=self.over,
            measures={name: tuple(None if np.isnan(each) else round(float(each), 4) for each in values)
                      for name, values in measures},
            queued=tuple(int(each) for each in snapshot["queued"]),
            flows=tuple((a, b, n) for (a, b), n in self._ledger.flows.most_common(FLOWS)),
            today={name: self._model.today.get(name, 0) for name in ("reported", "closed", "passes", "open")},
            series={name: tuple(values) for name, values in self._series.items()},
            unit=None if selected is None else self._unit(selected),
            case=None if followed is None else {"events": tuple(self._story), "birth": next(births, None)},
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


def watched(scenario: Scenario) -> Scenario:
    """Return a scenario as it is watched."""
    return vary(scenario, WATCHED)


@dataclasses.dataclass(frozen=True)
class Orders:
    """What a watch is to do."""

    playing: bool = False  # let days pass
    speed: int = SPEEDS[2]  # days a second
    selected: int | None = None  # row of the unit to describe
    followed: int | None = None  # key of the case to follow; 0: the newest one of the selected unit, or of all


class Watch(threading.Thread):
    """A district that runs until closed; every method returns at once.

    `show` takes each picture in this thread, the first one before the first day; where the run failed, the last one
    says why. After `close` it takes none.
    """

    def __init__(self, scenario: Scenario, seed: int, show: Callable[[Picture], None], orders: Orders) -> None:
        super().__init__(daemon=True, name="whistle-watch")
        self._scenario, self._seed, self._show, self._orders = scenario, seed, show, orders
        self._change = threading.Condition()
        self._closed = self._look = False
        self._steps = 0

    def order(self, *, steps: int = 0, **changes: Any) -> None:
        """Simulate so many days, or change the orders, which is seen at once."""
        with self._change:
            self._steps += steps
            if changes:
                self._orders, self._look = dataclasses.replace(self._orders, **changes), True
            self._change.notify()

    def close(self) -> None:
        with self._change:
            self._closed = True
            self._change.notify()

    def run(self) -> None:
        """Build the district, and simulate and show it as ordered."""
        try:
            painter, days = Painter(self._scenario, self._seed), 0
            while not self._closed:
                began = time.monotonic()
                painter.advance(days)
                with self._change:
                    if self._orders.followed == 0:
                        newest = painter.newest_case(self._orders.selected)
                        self._orders = dataclasses.replace(self._orders, followed=newest)
                    orders, plays = self._orders, self._plays(painter)
                picture = painter.picture(orders.selected, orders.followed, plays)
                if not self._closed:
                    self._show(picture)
                spent = time.monotonic() - began
                interval = max(LEAST_INTERVAL, 1.0 / orders.speed) if plays else 0.0
                days = self._wait(painter, max(interval - spent, REST * spent))
        except Exception as error:  # whatever broke is shown in the page instead of dying unseen
            if not self._closed:
                self._show(Picture(trouble=f"{type(error).__name__}: {error}"))

    def _wait(self, painter: Painter, rest: float) -> int:
        """Rest, then wait until there is something new to see; return how many days have to pass before."""
        with self._change:
            self._change.wait_for(lambda: self._closed or not self._orders.playing, rest)
            self._change.wait_for(lambda: self._closed or self._look or self._steps or self._plays(painter))
            if self._closed or self._look:
                self._look = False
                return 0
            days = 1 if self._steps else max(1, round(self._orders.speed * LEAST_INTERVAL))
            self._steps = max(0, self._steps - 1)
            return days

    def _plays(self, painter: Painter) -> bool:
        return self._orders.playing and not painter.over
