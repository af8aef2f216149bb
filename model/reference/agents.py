"""Cases with their slots, and the units of government that handle them: their state and simple methods."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field

import mesa

from model import rng
from model.behaviour import Habits
from model.effects import InForce
from model.plans import Claim, KindPlan, UnitPlan
from model.rules import accept, capacity, feedback, learning, member_units, members, supervision, triage
from model.terms import TICKS_PER_DAY, Channel, Deal, Decision, Lane, Level, Slot, State, Step, Trade
from model.world import World


@dataclass(eq=False, slots=True)
class Case:
    """One problem and its history, in ticks; `worked`: when its last party accepted, then when the last finished."""

    key: int
    street: Street
    kind_row: int
    born: int
    generation: int = 0
    state: State = State.HIDDEN
    work: int = 0
    needs_power: bool = False
    stake: float = 0.0
    parties: int = 1
    reported: int | None = None
    responded: int | None = None
    settling_since: int | None = None
    ownerless_since: int | None = None
    declared: int | None = None
    closed: int | None = None
    dropped: int | None = None
    reopened: int | None = None
    repeated: int | None = None
    circulating: int = 0
    ownerless: int = 0
    worked: int = 0
    slots: list[Share] = field(default_factory=list)
    ever_asked: set[Unit] = field(default_factory=set)
    last_asked: Unit | None = None
    passes: int = 0
    evasive: int = 0
    attempts: int = 0
    pressed: int = 0
    askings: int = 0
    rounds: int = 0
    unfilled: int = 0
    unworked: int = 0
    in_cohort: bool = False
    was_hidden: bool = False
    channel: Channel | None = None
    latent: bool = False
    decided: bool = False
    declined: bool = False
    risen: bool = False
    offered: bool = False
    turned_out: bool = False
    whistled: bool = False
    whistle_open: bool = False
    convened: bool = False
    cosmetic: bool = False
    cogoverned: bool = False
    ping_pong: bool = False

    @property
    def kind(self) -> KindPlan:
        """The kind as the law of today on its ground has it."""
        return self.street.kinds[self.kind_row]

    @property
    def law(self) -> InForce:
        return self.street.law

    @property
    def urgent(self) -> bool:
        """Whether it is an emergency that is told by telephone and worked first."""
        return triage.by_telephone(self.law, self.kind, rng.draw(self.key, Decision.TELEPHONE, 0))

    @property
    def first_report(self) -> int:
        """When the clock began to run; only for a problem that is reported."""
        assert self.reported is not None
        return self.reported

    def gain_owner(self, when: int) -> None:
        """Somebody owns the case (again)."""
        if self.responded is None:
            self.responded = when
            self.street.month_responded += when - self.first_report <= self.kind.limit
        if self.ownerless_since is not None:
            self.ownerless += max(0, when - self.ownerless_since)
            self.ownerless_since = None

    def lose_owner(self, when: int) -> None:
        """After a refusal nobody owns the case, unless another party has accepted."""
        if self.ownerless_since is None and self.unfilled == self.parties:
            self.ownerless_since = when

    def stop_circulating(self, when: int) -> None:
        if self.settling_since is not None:
            self.circulating += when - self.settling_since
            self.settling_since = None

    def release_slots(self) -> None:
        for slot in self.slots:
            slot.state = Slot.FREE
        self.slots = []


@dataclass(eq=False, slots=True)
class Share:
    """One party's share of a case."""

    case: Case
    unit: Unit
    claim: Claim | None = None
    state: Slot = Slot.PLANNED
    passes: int = 0
    asking: int = 0
    ready: int = 0
    work: int = 0
    meeting: int = 0
    hours: int = 0
    started: bool = False

    @property
    def leads(self) -> bool:
        return self.case.slots[0] is self


@dataclass(eq=False, slots=True)
class Agreement:
    """A request for a person, or an offer of a power, and the loan or the entrusted power that comes of it.

    `host` has or wants the person or power, None is the district; it comes from `home`; `kind` is that of a power.
    """

    key: int
    trade: Trade
    host: Unit | None
    home: Unit
    kind: int
    since: int
    until: int = 0
    state: Deal = Deal.OPEN
    heard: int = 0
    persons: int = 0
    looks: int = 0

    @property
    def asker(self) -> Unit | None:
        """Who asks, or offers a power."""
        return self.home if self.trade == Trade.ENTRUSTING else self.host


@dataclass(eq=False, slots=True)
class Power:
    """The power for a kind of case, entrusted to a street, and how closures under it fare."""

    holder: Unit
    closures: int = 0
    failures: int = 0


class Setting(mesa.Model):
    """What agents know of the district: its rules, its clock, each other."""

    habits: Habits
    world: World
    laws: list[InForce]
    units: list[Unit]
    seed_key: int
    per_scale: float
    steps_per_day: int
    step_ticks: int
    now_step: int
    now: int
    in_window: bool


class Unit(mesa.Agent):
    """Whole persons with a queue of lanes: slots in service, with a head start, misled, the others.

    `waiting` is the work in the queue, `programmes` and `sent_down` what is left of these, in ticks of person-time;
    `books` counts in the window, by the names of the columns of the engine's units.
    """

    model: Setting

    def __init__(self, model: Setting, plan: UnitPlan, row: int) -> None:
        super().__init__(model)
        self.row, self.key, self.level = row, plan.key, Level(plan.level)
        self.hands_over = plan.hands_over
        self.moved = self.lent = self.away = self.guests = self.seconded = 0
        self.post(plan)
        self.in_service: deque[Share] = deque()
        self.easy: deque[Share] = deque()
        self.misled: deque[Share] = deque()
        self.others: deque[Share] = deque()
        self.queued = self.waiting = self.period_asked = 0
        self.programmes = self.sent_down = self.errands = self.assessed = 0.0
        self.overwork = self.pressure = self.involvement = 0.0
        self.month_hours = self.month_sent = 0.0
        self.member_hours = self.member_tired = self.taken_over = 0.0
        self.books: defaultdict[str, float] = defaultdict(int)

    def post(self, plan: UnitPlan) -> None:
        """Place people and put the law in force as the plan of an era says; what quotas have moved stays moved."""
        self.law = self.model.laws[plan.law]
        self.successor_row = plan.successor
        self.staff = plan.staff + self.moved + self.lent
        self.home_hours, self.commanded = plan.home_hours, plan.commanded
        self.experts, self.expertise = plan.experts + self.seconded, plan.expertise
        self.on_enforcement, self.on_own = plan.on_enforcement, plan.on_own
        self.power, self.responsibility = plan.power, plan.responsibility
        self.stationed_share, self.street_weight = plan.stationed_share, plan.street_weight
        self.share_on_cases, self.balance = plan.share_on_cases, plan.balance
        self.programme_month, self.may_whistle = plan.programme_month, plan.may_whistle
        self.surge = plan.surge

    @property
    def successor(self) -> Unit:
        """The unit that does its work: itself, or what it was merged into."""
        return self.model.units[self.successor_row]

    @property
    def people(self) -> float:
        return self.staff * self.commanded + self.home_hours

    @property
    def own_people(self) -> int:
        """People of its own who are there; of a street, its generalists."""
        return self.staff

    def is_day_of(self, period: int) -> bool:
        """Tell whether its own day of so many begins; its code fixes the day."""
        return self.model.now_step // self.model.steps_per_day % period == self.key % period

    def backlog_days(self) -> float:
        """Return the work in the queue in days of all its people."""
        return self.waiting / ((self.people or 0.01) * TICKS_PER_DAY)

    def load(self) -> float:
        """Return the backlog as it is felt, in [0, 1]."""
        return float(accept.relative_load(self.backlog_days(), self.model.habits.acceptance.load_reference))

    def book(self, name: str, amount: float = 1) -> None:
        if self.model.in_window:
            self.books[name] += amount

    def lanes(self) -> tuple[deque[Share], ...]:
        return self.in_service, self.easy, self.misled, self.others

    def queue(self, slot: Share, ready: int, lane: Lane = Lane.OTHERS) -> None:
        """Put a slot with its work at the end of a lane; it can be worked from `ready` (ticks)."""
        slot.state = Slot.QUEUED
        slot.ready = ready
        slot.started = False
        self.queued += 1
        self.waiting += slot.work + slot.meeting
        self.period_asked += slot.work + slot.meeting
        self.book("asked_work", slot.work + slot.meeting)
        {Lane.EASY: self.easy, Lane.MISLED: self.misled, Lane.OTHERS: self.others}[lane].append(slot)

    def take_next(self, free: int) -> Share | None:
        """Take the next slot not in service for a person free at `free`, if it is ready before the step ends."""
        lanes = [lane for lane in (self.easy, self.others, self.misled) if lane]
        lane = min(lanes, key=lambda lane: self.turn(lane, free), default=None)
        return lane.popleft() if lane and lane[0].ready < self.model.now + self.model.step_ticks else None

    def turn(self, lane: deque[Share], free: int) -> tuple[bool, int]:
        """Return the order of a lane: what is there goes by arrival, easy ones as if earlier; then what comes first."""
        ready = lane[0].ready
        if ready > free:
            return True, ready
        return False, ready - (int(self.model.habits.triage.easy_days * TICKS_PER_DAY) if lane is self.easy else 0)


class Street(Unit):
    """A subdistrict or township with its communities and its platform team."""

    community: Unit
    team: Unit
    kinds: tuple[KindPlan, ...]

    def __init__(self, model: Setting, plan: UnitPlan, row: int) -> None:
        super().__init__(model, plan, row)
        self.demand, self.share_of_streets, self.township = plan.demand, plan.share_of_streets, plan.township
        self.latent = self.latent_pool = plan.latent_pool
        self.member_supply = plan.member_supply
        self.carry, self.standing = 0.0, 0.5
        self.slack = self.credibility = self.reliability = 1.0
        self.in_focus, self.powers = False, dict[int, Power]()
        self.trust: defaultdict[int, float] = defaultdict(lambda: 0.5)
        self.step_free: defaultdict[Step, int] = defaultdict(int)
        self.clear_month()

    @property
    def own_people(self) -> int:
        return self.staff - self.experts - self.guests + self.seconded

    def involve_residents(self) -> None:
        """Residents are heard and take part as far as law, party network and their communities' time allow."""
        self.voices = feedback.voices(self.law, self.slack)
        self.involvement = self.community.involvement = feedback.involvement(self.law, self.slack)

    def pass_a_day(self) -> None:
        """A day passes: party members rest and have new hours (N7b), member units forget (G1)."""
        habits = self.model.habits
        self.member_tired = members.rested(habits, self.member_tired)
        self.member_hours = members.filled(habits, self.member_hours, self.member_supply, self.member_tired)
        self.taken_over = member_units.forgotten(habits, self.taken_over)

    def month_score(self) -> float:
        """Return the street's score of the month (E1)."""
        parts = self.month_responded, self.month_in_time, self.month_satisfied
        return supervision.month_score(*parts, self.month_reports)

    def clear_month(self) -> None:
        self.month_reports = self.month_responded = self.month_in_time = self.month_overdue = 0
        self.month_satisfied = 0.0

    def learn(self, unit: Unit, *, came: bool) -> None:
        """Learn whether a department answers and comes (rule 9)."""
        if self.model.habits.learning.trust > 0.0:
            self.trust[unit.row] = learning.trust(self.model.habits, self.trust[unit.row], came)


class Department(Unit):
    """A department of the district; `asked_by` counts how often each street has asked it this month."""

    def __init__(self, model: Setting, plan: UnitPlan, row: int) -> None:
        super().__init__(model, plan, row)
        self.asked_by: Counter[Street] = Counter()
        self.accepting = self.passing = 1.0
        self.temper = accept.temper(model.habits, rng.draw(model.seed_key ^ self.key, Decision.TEMPER, 0))

    def marginal_score(self, case: Case) -> float:
        """Return what one more case of this street adds to the monthly score."""
        asked = self.asked_by[case.street] * self.model.per_scale
        return float(accept.marginal_score(self.model.habits, asked))


class DistrictOffice(mesa.Agent):
    """The district's own office: ticks left today, asked and held since it looked last; people on loan to it."""

    left = asked = held = guests = 0


class Office(mesa.Agent):
    """The platform or the district's supervision: an office with a capacity a day."""

    model: Setting
    owed = 0
    oldest_whistle = 0.0

    def may_take(self, most: int) -> int:
        """Return the cases that this step may take; what is left of a case is carried over."""
        steps = self.model.steps_per_day
        self.owed += capacity.of_a_day(most, self.model.world.demand.scale)
        cases, self.owed = capacity.whole(self.owed, steps), capacity.left_over(self.owed, steps)
        return cases
