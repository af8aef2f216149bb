"""Offered load of every pool, by hand: expected work a day over hours a day, on the law of a day.

First order: kinds by their shares, single cases to the strongest claims as a sender perceives them, joint ones in
proportion to claims; repeats, coordination, wrong sections, duplicates, call-backs, the level above are in. Left out,
for they follow from the run: work sent down, cases that come back to the street unsolved, closing with residents,
fatigue. A street stands with its communities, a department with the people it has stationed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from model.blueprint import Blueprint, Claim, KindPlan, draw_up
from model.effects import InForce
from model.placement import births_per_day, presence
from model.rules import triage
from model.scenario import Scenario
from model.terms import TICKS_PER_DAY

__all__ = ["PoolLoad", "offered_load"]


@dataclass(frozen=True)
class PoolLoad:
    """One pool.

    Attributes
    ----------
    code, level, title_en, title_zh : str
    hours, work : float
        Person-days held, and offered, a day.
    """

    code: str
    level: str
    title_en: str
    title_zh: str
    hours: float
    work: float

    @property
    def load(self) -> float | None:
        """Offered work ÷ hours held; None where nobody is."""
        return self.work / self.hours if self.hours > 0.0 else None


def offered_load(scenario: Scenario, day: int = 0) -> list[PoolLoad]:
    """Return the load of every street, department and city counterpart on a day; above 1 a queue grows without end."""
    plan = draw_up(scenario.law, scenario.habits, scenario.world, scenario.stages)
    work = _Work(scenario, plan, day)
    for k, births in enumerate(births_per_day(scenario.world)):
        work.add_kind(k, births)
    return [*work.streets(), *work.departments()]


class _Work:
    """Expected person-days a day by pool, filled kind by kind."""

    def __init__(self, scenario: Scenario, plan: Blueprint, day: int) -> None:
        self.scenario, self.plan, self.era = scenario, plan, plan.era_on(day)
        self.law: InForce = self.era.laws[-1]
        self.on_streets, self.on_departments = 0.0, [0.0] * plan.departments
        self.on_city = [0.0] * plan.departments

    def add_kind(self, k: int, births: float) -> None:
        """Add the cases of a kind: the street's own, single ones beyond it, joint ones."""
        kind, demand, citizens = self.era.kinds[-1][k], self.scenario.world.demand, self.scenario.habits.citizens
        cases = births * (1.0 - demand.from_projects * self.law.opinion.heard) / (1.0 - 0.9 * kind.recur_control)
        work = kind.work_mean / TICKS_PER_DAY * (1.0 + citizens.worsening * kind.hidden)
        single = cases * (1.0 - kind.joint)
        powerless = single * (1.0 - kind.enforcement)
        delegated = single * kind.enforcement * self.law.powers.delegated
        self.add_own(cases, powerless * kind.street_membership, delegated, work)
        self.spread(kind, powerless * (1.0 - kind.street_membership), work, 1.0, lambda claim: claim.weight)
        rest = single * kind.enforcement - delegated
        self.spread(kind, rest, work, 1.0, lambda claim: claim.weight if claim.enforcement else 0.0)
        self.spread(kind, cases * kind.joint, work, 2.0 + 2.0 * kind.third_party, lambda claim: claim.membership)

    def add_own(self, cases: float, own: float, delegated: float, work: float) -> None:
        """Add the street's own cases, and what each case costs its desk."""
        law, habits, demand = self.law, self.scenario.habits, self.scenario.world.demand
        section = triage.goes_to_wrong_section(law, habits) * habits.triage.section_work
        below = demand.needs_street * demand.above_work * 0.5
        lay = habits.skill.generalist_speed
        expert = self.era.units[0].expertise
        self.on_streets += own * (
            work * (1.0 + below) * (1.0 - law.burden.technology) / habits.skill.local_speed + section
        )
        self.on_streets += delegated * (work / (lay + expert * (1.0 - lay)) + section)
        duplicates = habits.citizens.duplicates * (1.0 - law.grids.integration) * habits.citizens.duplicate_work
        self.on_streets += cases * (duplicates + law.closed_loop.call_back * law.closed_loop.call_back_work)

    def spread(
        self, kind: KindPlan, cases: float, work: float, parties: float, weigh: Callable[[Claim], float]
    ) -> None:
        """Spread cases over the claimants; each party coordinates with the others."""
        whole = sum(weigh(claim) for claim in kind.claims)
        if whole <= 0.0:
            return
        demand, law = self.scenario.world.demand, self.law
        pairs = self.scenario.habits.teamwork.pair_work * (parties - 1.0) * (1.0 - law.coordination.interfaces)
        meeting = (
            law.whistle.meeting_work * (0.6 if law.whistle.in_force else 0.0) + law.recording.share * law.recording.work
        )
        each = work + parties * (pairs + meeting)
        for claim in kind.claims:
            d, part = claim.unit - self.plan.first_department, cases * weigh(claim) / whole
            self.on_departments[d] += part * each
            self.on_city[d] += part * work * demand.needs_city * demand.above_work

    def streets(self) -> list[PoolLoad]:
        """Return each street with its communities."""
        share, n = presence(self.scenario.world), self.plan.streets
        return [
            PoolLoad(
                unit.code, "street", unit.title_en, unit.title_zh,
                (unit.staff + self.era.units[n + s].staff) * share, self.on_streets * unit.share_of_streets,
            )
            for s, unit in enumerate(self.era.units[:n])
        ]  # fmt: skip

    def departments(self) -> list[PoolLoad]:
        """Return each department with the people it has stationed, and its city counterpart."""
        share, first, n = presence(self.scenario.world), self.plan.first_department, self.plan.departments
        month = self.scenario.world.programmes.months * TICKS_PER_DAY
        found = []
        for at, level, cases in ((first, "department", self.on_departments), (first + n, "city", self.on_city)):
            for d, unit in enumerate(self.era.units[at : at + n]):
                stationed = sum(self.era.placed.stationed[d]) if level == "department" else 0
                hours, work = (unit.staff + stationed) * share, cases[d] + unit.programme_month / month
                found.append(PoolLoad(unit.code, level, unit.title_en, unit.title_zh, hours, work))
        return found
