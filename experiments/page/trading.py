"""What the page shows of trade between units: who has lent whom, who holds which power, what the district decides."""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict, deque
from typing import TYPE_CHECKING

import numpy as np

from model.engine.columns import NOBODY
from model.events.columns import dealt
from model.rules import steering
from model.terms import TICKS_PER_DAY, TRADED, Activity, Deal, Trade

if TYPE_CHECKING:
    from experiments.page.ledger import Events
    from model import DistrictModel

KEPT = 6  # latest requests of a unit, and latest events of all, that are told
LINES = ("seconded", "borrowed", "entrusted")  # daily series of what is on loan
_TRADED = np.isin(np.arange(len(Activity)), [*TRADED])
_ENDS = (Activity.RETURNED, Activity.CALLED_BACK)
Flow = tuple[int, int, int]  # from row to row (-1 is the district), and how many


@dataclasses.dataclass(frozen=True)
class Request:
    """A request for a person, or the offer of a power, and what became of it so far.

    Attributes:
        asker, asked: Rows of the two sides; -1 is the district.
        kind: Of a power; -1 for a person.
        day: When it was asked for: the day at whose end.
        half: The district supports it, but for half the term.
        answer, answered, reason: Granted, refused or lapsed; when; why (place in `REFUSALS`).
        end, ended, why: Returned or called back; when; why.
    """

    trade: Trade
    asker: int
    asked: int
    kind: int
    day: int
    supported: bool = False
    half: bool = False
    answer: Activity | None = None
    answered: int = 0
    reason: int = 0
    end: Activity | None = None
    ended: int = 0
    why: int = 0

    def after(self, activity: Activity, day: int, extra: int) -> Request:
        """Return it after an event."""
        if activity is Activity.SUPPORTED:
            return dataclasses.replace(self, supported=True, half=extra == steering.AMENDED)
        why = extra if activity in (Activity.REFUSED, Activity.CALLED_BACK) else 0
        if activity in _ENDS:
            return dataclasses.replace(self, end=activity, ended=day, why=why)
        return dataclasses.replace(self, answer=activity, answered=day, reason=why)


@dataclasses.dataclass(frozen=True)
class Running:
    """A request without an answer, a loan or an entrusted power, as it stands.

    `age` is that of a request, `left` what is left of a term, in days; `closures` and `failures` are those under a
    power.
    """

    trade: Trade
    open: bool
    host: int
    home: int
    kind: int
    persons: int
    age: int
    left: int
    waits: bool  # for the district
    closures: int = 0
    failures: int = 0


@dataclasses.dataclass(frozen=True)
class Office:
    """The district's office: hours of its decisions and counts of this month, and of the year."""

    limited: bool
    people: int
    guests: int  # of them from streets
    used: float  # person-days this month
    held: float
    pressed: tuple[int, int]  # this month, this year
    owned: tuple[int, int]
    waiting: int  # requests that it has not heard
    oldest: int  # days
    focus: tuple[int, ...]  # streets at which it looks
    counts: tuple[int, int, int, int]  # people down, up, between streets; powers
    latest: tuple[tuple[Activity, Request], ...]  # the newest first


@dataclasses.dataclass(frozen=True)
class UnitTrade:
    """What a unit trades: people on loan now and in the year, what runs and waits, its latest requests."""

    away: int
    guests: int
    lent_days: int
    guest_days: int
    running: tuple[Running, ...]
    latest: tuple[Request, ...]  # the newest first


@dataclasses.dataclass(frozen=True)
class Trading:
    """What is traded as it stands: of everybody for the map, and of a selected unit.

    `people`, `powers` and `limited` tell what the rules let units trade, and whether the district's hours are limited.
    """

    people: bool
    powers: bool
    limited: bool
    loans: tuple[Flow, ...]
    entrusted: tuple[Flow, ...]
    office: Office
    unit: UnitTrade | None

    @property
    def moves(self) -> bool:
        """Whether people or powers may move at all."""
        return self.people or self.powers


class Dealings:
    """Follows the requests of a run; they are some hundreds a year."""

    def __init__(self, model: DistrictModel) -> None:
        self._model, self._first = model, model.setting.world.run.warm_up_days
        laws = model.tables.laws
        trade = laws["trade"]
        self._people = bool(sum(trade[name].sum() for name in ("secondment", "borrowing", "mutual_aid")) > 0.0)
        self._powers, self._limited = bool(trade["entrusting"].max() > 0.0), bool(laws["office"]["attention"].max() > 0)
        self._requests: dict[int, Request] = {}
        self._of = defaultdict[int, deque[int]](lambda: deque(maxlen=KEPT))
        self._latest = deque[tuple[Activity, Request]](maxlen=KEPT)
        self._held = 0  # ticks of the office this month
        self._guests = 0
        self._before = self._yesterday = self._counters()  # at the month's beginning; at the end of the day before

    def _counters(self) -> tuple[float, int, int]:
        tally = self._model.tables.tallies[0]
        return float(tally["district_ticks"]), int(tally["pressed"]), int(tally["owned"])

    def take(self, events: Events) -> None:
        """Take the events of a day, which is over."""
        self._count_hours()
        chosen = _TRADED[events["activity"]]
        if not chosen.any():
            return
        names = ("key", "activity", "unit", "detail")
        for key, number, unit, detail in zip(*(events[name][chosen].tolist() for name in names), strict=True):
            activity = Activity(number)
            said, day = dealt(detail), self._model.day - self._first
            if activity is Activity.REQUESTED:
                self._requests[key] = _asked(said.trade, unit, said.partner, said.extra, day)
                for row in (self._requests[key].asker, self._requests[key].asked):
                    self._of[row].append(key)
            else:
                self._requests[key] = self._requests[key].after(activity, day, said.extra)
            self._latest.append((activity, self._requests[key]))

    def _count_hours(self) -> None:
        district = self._model.tables.districts[0]
        day = self._model.day - 1
        if day % int(district["month_days"]) == 0 and day:
            self._held, self._before = 0, self._yesterday
        presence = float(district["weekend_staff"]) if day % 7 >= 5 else 1.0
        self._held += int((int(district["office_day"]) + self._guests * TICKS_PER_DAY) * presence)
        self._guests, self._yesterday = int(district["office_guests"]), self._counters()

    def seen(self, selected: int | None) -> Trading:
        """Return what is traded now."""
        running = self._running()
        persons, powers = Counter[tuple[int, int]](), Counter[tuple[int, int]]()
        for deal in running:
            if not deal.open:
                persons[deal.home, deal.host] += deal.persons
                powers[deal.home, deal.host] += deal.trade is Trade.ENTRUSTING
        loans, entrusted = (
            tuple((*pair, count) for pair, count in each.most_common() if count) for each in (persons, powers)
        )
        return Trading(
            self._people, self._powers, self._limited, loans, entrusted, self._office(running),
            None if selected is None else self._unit(selected, running),
        )  # fmt: skip

    def _running(self) -> tuple[Running, ...]:
        tables, day = self._model.tables, self._model.day
        rows = tables.deals[: int(tables.districts[0]["deals_used"])]
        found = []
        for row, deal in zip(rows, self._model.deals(), strict=True):
            street = deal["home"] if deal["trade"] is Trade.BORROWING else deal["host"]
            law = tables.laws[int(tables.units["law"][street])]
            heard = steering.is_heard(law, deal["trade"] is Trade.MUTUAL_AID)
            still = int(row["state"]) == Deal.OPEN
            power = tables.powers[deal["host"], deal["kind"]] if deal["kind"] >= 0 and not still else None
            counts = (0, 0) if power is None else (int(power["closures"]), int(power["failures"]))
            found.append(Running(
                deal["trade"], still, deal["host"], deal["home"], deal["kind"], deal["persons"],
                max(0, day - round((int(row["since"]) + 1) / TICKS_PER_DAY)), round(deal["days_left"]),
                still and heard and int(row["heard"]) == 0, *counts,
            ))  # fmt: skip
        return tuple(found)

    def _office(self, running: tuple[Running, ...]) -> Office:
        now, tables = self._counters(), self._model.tables
        month = [after - before for after, before in zip(now, self._before, strict=True)]
        ages = [deal.age for deal in running if deal.waits]
        persons = Counter[Trade]()
        for deal in running:
            persons[deal.trade] += deal.persons
        down = persons[Trade.SECONDMENT] + persons[Trade.ENTRUSTING]
        powers = sum(deal.trade is Trade.ENTRUSTING and not deal.open for deal in running)
        district = tables.districts[0]
        return Office(
            self._limited, round(float(self._model.district.people)), int(district["office_guests"]),
            month[0] / TICKS_PER_DAY, self._held / TICKS_PER_DAY, (int(month[1]), now[1]), (int(month[2]), now[2]),
            len(ages), max(ages, default=0), tuple(np.flatnonzero(tables.units["in_focus"]).tolist()),
            (down, persons[Trade.BORROWING], persons[Trade.MUTUAL_AID], powers), tuple(self._latest)[::-1],
        )  # fmt: skip

    def _unit(self, row: int, running: tuple[Running, ...]) -> UnitTrade:
        unit = self._model.tables.units[row]
        away, guests, lent, got = (int(unit[name]) for name in ("away", "guests", "lent_days", "guest_days"))
        mine = tuple(deal for deal in running if row in (deal.host, deal.home))
        return UnitTrade(away, guests, lent, got, mine, tuple(self._requests[key] for key in list(self._of[row])[::-1]))


def _asked(trade: Trade, unit: int, partner: int, extra: int, day: int) -> Request:
    """Return a new request; where the district asks, the line names the street that is asked."""
    asker, asked = (NOBODY, unit) if partner == NOBODY else (unit, partner)
    return Request(trade, asker, asked, extra if trade is Trade.ENTRUSTING else NOBODY, day)


def dealings_of(model: DistrictModel) -> Dealings | None:
    """Return what follows trade, None where no rules of the run let units trade or limit the district."""
    return Dealings(model) if model.tables.districts[0]["trades"] else None
