"""A unit of government: its people, its queue and its books."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING

import mesa

from model.layout import UnitPlan
from model.reference import things
from model.rules import accept
from model.terms import TICKS_PER_DAY, Lane, Level, Slot

if TYPE_CHECKING:
    from model.reference.district import PlainDistrict

__all__ = ["City", "Community", "Team", "Unit"]


class Unit(mesa.Agent):
    """Whole persons with a queue of three lanes: slots in service, slots with a head start, the others.

    Attributes
    ----------
    waiting : int
        Work in the queue, ticks of person-time.
    programmes, sent_down : float
        Programme work of the month and work sent down that is left, ticks.
    books : defaultdict
        What is counted in the window; names as the columns of the engine's units.
    """

    model: PlainDistrict

    def __init__(self, model: PlainDistrict, plan: UnitPlan, row: int) -> None:
        super().__init__(model)
        self.row = row
        self.key = plan.key
        self.level = Level(plan.level)
        self.hands_over = plan.hands_over
        self.moved = 0
        self.post(plan)
        self.in_service: deque[things.Slot] = deque()
        self.easy: deque[things.Slot] = deque()
        self.misled: deque[things.Slot] = deque()
        self.others: deque[things.Slot] = deque()
        self.queued = self.waiting = self.period_asked = 0
        self.programmes = 0.0
        self.sent_down = 0.0
        self.errands = 0.0
        self.overwork = 0.0
        self.pressure = 0.0
        self.involvement = 0.0
        self.month_hours = self.month_sent = 0.0
        self.books: defaultdict[str, float] = defaultdict(int)

    def post(self, plan: UnitPlan) -> None:
        """Place people and put the law in force as the plan of an era says; what quotas have moved stays moved."""
        self.law = self.model.laws[plan.law]
        self.successor_row = plan.successor
        self.staff = plan.staff + self.moved
        self.home_hours = plan.home_hours
        self.commanded = plan.commanded
        self.experts = plan.experts
        self.expertise = plan.expertise
        self.stationed_share = plan.stationed_share
        self.street_weight = plan.street_weight
        self.share_on_cases = plan.share_on_cases
        self.balance = plan.balance
        self.programme_month = plan.programme_month

    @property
    def successor(self) -> Unit:
        """The unit that does its work: itself, or what it was merged into."""
        return self.model.units[self.successor_row]

    def is_turn(self) -> bool:
        """Tell whether its own day of the month begins; its code fixes the day."""
        day, months = self.model.now_step // self.model.steps_per_day, self.model.world.programmes.months
        return day % months == self.key % months

    def run_errands(self, hours: int) -> int:
        """Errands come first; return what they take of the hours (ticks)."""
        done = min(self.errands, hours * 1.0)
        self.errands -= done
        return int(done)

    def lanes(self) -> tuple[deque[things.Slot], ...]:
        """Return slots in service, with a head start, on their way from the wrong section, and the others."""
        return self.in_service, self.easy, self.misled, self.others

    @property
    def people(self) -> float:
        """Persons it commands, in whole days."""
        return self.staff * self.commanded + self.home_hours

    def backlog_days(self) -> float:
        """Return the work in the queue in days of all its people."""
        people = self.people
        return self.waiting / (people * TICKS_PER_DAY) if people > 0.0 else self.waiting / (0.01 * TICKS_PER_DAY)

    def load(self) -> float:
        """Return the backlog as it is felt, in [0, 1]."""
        return float(accept.relative_load(self.backlog_days(), self.model.habits.acceptance.load_reference))

    def book(self, name: str, amount: float = 1) -> None:
        """Count something, in the window."""
        if self.model.in_window:
            self.books[name] += amount

    def queue(self, slot: things.Slot, ready: int, lane: Lane = Lane.OTHERS) -> None:
        """Put a slot with its work at the end of a lane; it can be worked from `ready` (ticks)."""
        slot.state = Slot.QUEUED
        slot.ready = ready
        slot.started = False
        self.queued += 1
        self.waiting += slot.work + slot.meeting
        self.period_asked += slot.work + slot.meeting
        self.book("asked_work", slot.work + slot.meeting)
        {Lane.EASY: self.easy, Lane.MISLED: self.misled, Lane.OTHERS: self.others}[lane].append(slot)

    def take_next(self, free: int) -> things.Slot | None:
        """Take the next slot not in service for a person free at `free`, if it is ready before the step ends.

        What is there goes by its arrival, easy ones as if earlier; what is not, by when it comes.
        """
        lanes = [lane for lane in (self.easy, self.others, self.misled) if lane]
        lane = min(lanes, key=lambda lane: self.turn(lane, free), default=None)
        return lane.popleft() if lane and lane[0].ready < self.model.now + self.model.step_ticks else None

    def turn(self, lane: deque[things.Slot], free: int) -> tuple[bool, int]:
        """Return by what the heads of lanes are ordered."""
        ready = lane[0].ready
        if ready > free:
            return True, ready
        return False, ready - (int(self.model.habits.triage.easy_days * TICKS_PER_DAY) if lane is self.easy else 0)


class Community(Unit):
    """The communities of a street, one pool."""


class Team(Unit):
    """The platform team of a street: people stationed by departments."""


class City(Unit):
    """The city's counterpart of a department."""
