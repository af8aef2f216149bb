"""The district as a Mesa model: a step is nine calls in order."""

from __future__ import annotations

from collections import Counter
from typing import Any

import mesa

from model import rng
from model.engine.scoring import BINS_PER_DAY, MOST_PASSES
from model.errors import ConfigError
from model.layout import Claim, build_state
from model.reference.books import Books, settle
from model.reference.calendar import Calendar
from model.reference.closing import results_show
from model.reference.demand import demand_arrives
from model.reference.department import Department
from model.reference.eras import begin_era
from model.reference.joint import departments_answer
from model.reference.month import score
from model.reference.platform import Platform, Supervision, platform_accepts, supervision_presses
from model.reference.street import Street, streets_triage
from model.reference.superiors import superiors_assign
from model.reference.things import Case
from model.reference.unit import City, Community, Team, Unit
from model.reference.work import units_work
from model.terms import TICKS_PER_DAY, Activity, State

__all__ = ["PHASES", "PlainDistrict"]

PHASES = (
    demand_arrives, superiors_assign, streets_triage, platform_accepts, departments_answer, units_work,
    supervision_presses, results_show, score,
)  # fmt: skip
"""The nine phases of the day, in order."""

_TOTALS = ("born", "prevented", "reported", "closed", "cosmetic", "passes", "open", "hidden", "done", "dropped")


class PlainDistrict(mesa.Model):
    """One district under its laws.

    Parameters
    ----------
    scenario : Scenario
        Anything with `law`, `habits`, `world` and `stages`.
    seed : int
        Names the luck.
    history : bool
        Keep what happens to every case.
    """

    def __init__(self, scenario: Any, seed: int, *, history: bool = False) -> None:
        if problems := rng.seed_problems(seed):
            raise ConfigError(problems)
        super().__init__(rng=0)  # never drawn from: all luck is keyed
        self.law, self.habits, self.world = scenario.law, scenario.habits, scenario.world
        self.plan = build_state(self.law, self.habits, self.world, scenario.stages)
        self.laws = [law for era in self.plan.eras for law in era.laws]
        self.eras = list(self.plan.eras)
        self.seed_key = rng.derive(0, seed)
        self.set_clock()
        self.settle_in()
        self.books = Books(BINS_PER_DAY, self.world.run.follow_up_days, MOST_PASSES)
        self.cases: dict[Case, None] = {}
        self.covers = self.plan.eras[0].covers
        self.given: list[int] = []
        self.desk: list[tuple[Case, int]] = []
        self.totals = dict.fromkeys(_TOTALS, 0)
        self.daily: list[Counter[str]] = []
        self.hand_overs: Counter[tuple[int, int]] = Counter()
        self.history: list[tuple[int, int, int, int, int]] | None = [] if history else None

    def set_clock(self) -> None:
        """Read from the world how long the run is and how fine its steps are."""
        run = self.world.run
        self.steps_per_day, self.step_ticks = run.steps_per_day, TICKS_PER_DAY // run.steps_per_day
        self.days = run.warm_up_days + run.window_days + run.follow_up_days
        self.follow_up = run.follow_up_days * TICKS_PER_DAY
        self.least_follow_up = run.least_follow_up_days * TICKS_PER_DAY
        self.orphan_after = round(self.law.letters.answer_within * TICKS_PER_DAY)
        self.per_scale = 1.0 / self.world.demand.scale
        self.calendar = Calendar(self.days * run.steps_per_day, self.step_ticks)
        self.now_step = self.phase = 0

    def settle_in(self) -> None:
        """Make the agents from the blueprint, in the order of level and code."""
        n, d, plans = self.plan.streets, self.plan.departments, list(enumerate(self.plan.units))
        self.streets = [Street(self, plan, row) for row, plan in plans[:n]]
        communities = [Community(self, plan, row) for row, plan in plans[n : 2 * n]]
        teams = [Team(self, plan, row) for row, plan in plans[2 * n : 3 * n]]
        self.departments = [Department(self, plan, row) for row, plan in plans[3 * n : 3 * n + d]]
        self.cities = [City(self, plan, row) for row, plan in plans[3 * n + d :]]
        self.units: list[Unit] = [*self.streets, *communities, *teams, *self.departments, *self.cities]
        for street, community, team in zip(self.streets, communities, teams, strict=True):
            street.community, street.team = community, team
        self.platform, self.supervision = Platform(self), Supervision(self)

    def step(self) -> None:
        """One step: the nine phases of the day in order."""
        self.open_step()
        for self.phase, act in enumerate(PHASES, 1):
            act(self)
        self.now_step += 1
        if self.now_step == self.calendar.steps:
            for case in self.cases:
                settle(self, case)

    def open_step(self) -> None:
        """Set the clock."""
        day, step_of_day = divmod(self.now_step, self.steps_per_day)
        self.now = self.now_step * self.step_ticks
        self.month = (day % 365) * 12 // 365
        self.is_weekend = day % 7 >= 5
        self.presence = self.world.staff.weekend if self.is_weekend else 1.0
        self.in_window = 0 <= day - self.world.run.warm_up_days < self.world.run.window_days
        if step_of_day == 0:
            while self.eras and self.eras[0].day <= day:
                begin_era(self, self.eras.pop(0))
            self.today: Counter[str] = Counter()
            self.daily.append(self.today)

    def department_of(self, claim: Claim) -> Department:
        """Return the department that answers for a claim: it, or what it was merged into."""
        return self.department_at(self.units[claim.unit])

    def department_at(self, unit: Unit) -> Department:
        """Return the department that a unit is, or was merged into."""
        return self.departments[unit.successor_row - self.plan.first_department]

    def count(self, name: str, amount: int = 1) -> None:
        """Add to the tally, in the window."""
        if self.in_window:
            self.books.tally[name] += amount

    def record_hand_over(self, here: int, there: int) -> None:
        """Enter a hand-over between departments, by their places, in the window."""
        if self.in_window:
            self.hand_overs[here, there] += 1

    def note(self, when: int, case: Case, activity: Activity, unit: Unit) -> None:
        """Write a line of history where one is kept."""
        if self.history is not None:
            self.history.append((when, case.key, activity, unit.row, self.phase))

    def forget(self, case: Case) -> None:
        """A case is done or dropped."""
        case.state = State.FREE
        del self.cases[case]
