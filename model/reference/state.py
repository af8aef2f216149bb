"""The state of a district: its rules and its clock, its agents and cases, what is due, what is counted."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from model import rng
from model.engine.scoring import BINS_PER_DAY
from model.errors import ConfigError
from model.layout import build_state
from model.plans import Claim, KindPlan
from model.reference.agents import Agreement, Case, Department, DistrictOffice, Office, Setting, Share, Street, Unit
from model.terms import TICKS_PER_DAY, Activity, Channel, Event, Phase, State, Step, Trade

_TOTALS = ("born", "prevented", "reported", "closed", "cosmetic", "passes", "open", "hidden", "done", "dropped")


@dataclass(eq=False, slots=True)
class Entry:
    """What the calendar holds; an answer belongs to one slot and one asking, a whistle to one attempt."""

    what: Event
    case: Case
    when: int
    slot: Share | None = None
    asking: int = 0
    attempts: int = 0

    @property
    def waits_at_platform(self) -> bool:
        """Whether its whistle has neither been heard nor withdrawn."""
        return self.case.state == State.WHISTLED and self.case.attempts == self.attempts


class Calendar:
    """For every step and phase what is due, in the order it was entered."""

    def __init__(self, steps: int, step_ticks: int) -> None:
        self.steps, self.step_ticks = steps, step_ticks
        self.pages: defaultdict[tuple[Phase, int], list[Entry]] = defaultdict(list)

    def enter(
        self, phase: Phase, what: Event, case: Case, when: int, *, earliest: int, slot: Share | None = None
    ) -> None:
        """Enter what is due at `when` (ticks), not before step `earliest`; what lies beyond the run is left out."""
        step = max(when // self.step_ticks, earliest)
        if step < self.steps:
            asking = slot.asking if slot is not None else 0
            at = max(when, step * self.step_ticks)
            self.pages[phase, step].append(Entry(what, case, at, slot, asking, case.attempts))

    def due(self, phase: Phase, step: int) -> Iterator[Entry]:
        """Yield what is due, with what is entered for the same step meanwhile."""
        yield from self.pages[phase, step]
        del self.pages[phase, step]

    def put_off(self, phase: Phase, step: int, entries: list[Entry]) -> None:
        """Move entries of a step before what the next one holds."""
        self.pages[phase, step + 1][:0] = entries


class Books:
    """What is counted over the cohort, as `ReferenceRecord` has it; the tally by the names of the engine's columns."""

    def __init__(self, follow_up_days: int) -> None:
        self.last_bin = follow_up_days * BINS_PER_DAY
        self.tally: defaultdict[str, float] = defaultdict(int)
        self.closures: Counter[tuple[int, int]] = Counter()
        self.drops: Counter[int] = Counter()
        self.passes: Counter[int] = Counter()
        self.found_by: Counter[Channel | None] = Counter()
        self.kinds: Counter[tuple[str, int]] = Counter()
        self.hand_overs: Counter[tuple[int, int]] = Counter()
        self.answers: Counter[int] = Counter()
        self.taken: Counter[Step] = Counter()
        self.waited: Counter[Step] = Counter()

    def add(self, **amounts: float) -> None:
        for name, amount in amounts.items():
            self.tally[name] += amount

    def bin(self, ticks: int) -> int:
        """Return the bin of a time since report; later ones share the last."""
        return min(self.last_bin, ticks * BINS_PER_DAY // TICKS_PER_DAY)


class Model(Setting):
    """One district under its laws; `scenario` is anything with `law`, `habits`, `world` and `stages`."""

    def __init__(self, scenario: Any, seed: int, *, history: bool = False) -> None:
        if problems := rng.seed_problems(seed):
            raise ConfigError(problems)
        super().__init__(rng=0)  # never drawn from: all randomness is keyed
        self.law, self.habits, self.world = scenario.law, scenario.habits, scenario.world
        self.plan = build_state(self.law, self.habits, self.world, scenario.stages)
        self.laws = [law for era in self.plan.eras for law in era.laws]
        self.eras = list(self.plan.eras)
        self.seed_key = rng.derive(0, seed)
        run = self.world.run
        days = run.warm_up_days + run.window_days + run.follow_up_days
        self.steps_per_day, self.step_ticks = run.steps_per_day, TICKS_PER_DAY // run.steps_per_day
        self.follow_up = run.follow_up_days * TICKS_PER_DAY
        self.least_follow_up = run.least_follow_up_days * TICKS_PER_DAY
        self.orphan_after = round(self.law.letters.answer_within * TICKS_PER_DAY)
        self.per_scale = 1.0 / self.world.demand.scale
        self.calendar = Calendar(days * run.steps_per_day, self.step_ticks)
        self.now_step = self.phase = 0
        self.make_agents()
        self.books = Books(self.world.run.follow_up_days)
        self.cases: dict[Case, None] = {}
        self.covers = self.plan.eras[0].covers
        self.given: list[int] = []
        self.newest = self.laws[0]
        self.newest_kinds: tuple[KindPlan, ...] = ()
        self.deals: list[Agreement] = []
        self.favours: defaultdict[tuple[Street, Unit | None], float] = defaultdict(float)
        self.desk: list[tuple[Case, int]] = []
        self.totals = dict.fromkeys(_TOTALS, 0)
        self.daily: list[Counter[str]] = []
        self.history: list[tuple[int, int, int, int, int]] | None = [] if history else None

    def make_agents(self) -> None:
        """Make the agents from the plan, in the order of level and code."""
        n, d, plans = self.plan.streets, self.plan.departments, list(enumerate(self.plan.units))
        self.streets = [Street(self, plan, row) for row, plan in plans[:n]]
        communities = [Unit(self, plan, row) for row, plan in plans[n : 2 * n]]
        teams = [Unit(self, plan, row) for row, plan in plans[2 * n : 3 * n]]
        self.departments = [Department(self, plan, row) for row, plan in plans[3 * n : 3 * n + d]]
        self.cities = [Unit(self, plan, row) for row, plan in plans[3 * n + d :]]
        self.units: list[Unit] = [*self.streets, *communities, *teams, *self.departments, *self.cities]
        for street, community, team in zip(self.streets, communities, teams, strict=True):
            street.community, street.team = community, team
        self.platform, self.supervision, self.office = Office(self), Office(self), DistrictOffice(self)

    def open_step(self) -> None:
        """Set the clock; a day begins with an empty line."""
        self.day, step_of_day = divmod(self.now_step, self.steps_per_day)
        self.now = self.now_step * self.step_ticks
        self.month = (self.day % 365) * 12 // 365
        self.is_weekend = self.day % 7 >= 5
        self.presence = self.world.staff.weekend if self.is_weekend else 1.0
        self.in_window = 0 <= self.day - self.world.run.warm_up_days < self.world.run.window_days
        if step_of_day == 0:
            self.today: Counter[str] = Counter()
            self.daily.append(self.today)

    def department_at(self, unit: Unit) -> Department:
        """Return the department that a unit is, or was merged into."""
        return self.departments[self.place_of(unit.successor_row)]

    def department_of(self, claim: Claim) -> Department:
        """Return the department that answers for a claim: it, or what it was merged into."""
        return self.department_at(self.units[claim.unit])

    def place_of(self, row: int) -> int:
        """Return the place among the departments of a row of units."""
        return row - self.plan.first_department

    def count(self, name: str, amount: int = 1) -> None:
        if self.in_window:
            self.books.tally[name] += amount

    def owed(self, deal: Agreement) -> float:
        """Return the persons that the asker owes the other side already; below 0, the other side owes."""
        if isinstance(deal.host, Street):
            sign = -1.0 if deal.trade == Trade.ENTRUSTING else 1.0
            return sign * self.favours[deal.host, deal.home]
        assert isinstance(deal.home, Street)
        return -1.0 * self.favours[deal.home, deal.host]

    def owe(self, deal: Agreement, persons: float) -> None:
        """Who asks owes the other side so many persons more."""
        if not isinstance(deal.host, Street):
            assert isinstance(deal.home, Street)
            self.favours[deal.home, deal.host] -= persons
        else:
            self.favours[deal.host, deal.home] += (-1.0 if deal.trade == Trade.ENTRUSTING else 1.0) * persons
            if isinstance(deal.home, Street):
                self.favours[deal.home, deal.host] -= persons

    def record_hand_over(self, here: Unit, there: Unit | None) -> None:
        """Enter a hand-over from a department to another, or to the street, in the window."""
        if self.in_window:
            to = len(self.departments) if there is None else self.place_of(there.row)
            self.books.hand_overs[self.place_of(here.row), to] += 1

    def note(self, when: int, case: Case, activity: Activity, unit: Unit) -> None:
        if self.history is not None:
            self.history.append((when, case.key, activity, unit.row, self.phase))

    def forget(self, case: Case) -> None:
        case.state = State.FREE
        del self.cases[case]
