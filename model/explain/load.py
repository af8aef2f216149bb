"""Offered load by pool, and what is expected of a case, before anything runs."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from model import portable_math
from model.config.scenario import Scenario
from model.effects import InForce
from model.explain.duties import era_of
from model.layout import Claim, EraPlan, KindPlan, UnitPlan
from model.placement import births_per_day, presence
from model.rules import accept, triage
from model.terms import TICKS_PER_DAY, Level

__all__ = ["Expected", "PoolLoad", "expect", "light_part", "offered_load"]

CLOSED, CALLED = 0.9, 0.6
"""By hand: cases that are closed and so may come back; parties' cases that go by whistle where there is one."""


@dataclass
class Expected:
    """Person-days a day if every street had this law.

    Attributes
    ----------
    own, light : float
        Of cases that streets keep and that need no power; of these, what may go to communities.
    delegated, desk : float
        Of cases whose power was delegated, at a specialist's speed; of call-backs and duplicates.
    power, other, city : list of float
        By department: of single cases that need power, of all others; of its city counterpart.
    willing : float
        Chance that a platform team takes up what its street asks.
    """

    scenario: Scenario
    law: InForce
    power: list[float]
    other: list[float]
    city: list[float]
    willing: float
    own: float = 0.0
    light: float = 0.0
    delegated: float = 0.0
    desk: float = 0.0
    kept: dict[str, float] = field(default_factory=lambda: {"own": 0.0, "light": 0.0, "delegated": 0.0})
    """Cases a day that streets keep, by kind of work."""

    def delegated_at(self, expertise: float) -> float:
        """Return the work of delegated cases in a street with this share of experts."""
        lay = self.scenario.habits.skill.generalist_speed
        return self.delegated / (lay + expertise * (1.0 - lay))

    def sections(self, left: float) -> float:
        """Return the work of wrong sections: only what the street works on itself has any."""
        chance = triage.goes_to_wrong_section(self.law, self.scenario.habits)
        below = self.kept["light"] * left / self.light if self.light > 0.0 else 0.0
        return chance * self.scenario.habits.triage.section_work * (self.kept["own"] + self.kept["delegated"] - below)

    def above(self, left: float) -> float:
        """Return the street's part in what communities work on."""
        demand = self.scenario.world.demand
        return left * demand.needs_street * demand.above_work


def expect(scenario: Scenario, law: InForce, kinds: Sequence[KindPlan]) -> Expected:
    """Return the expected work under a law."""
    count = len(scenario.world.departments)
    answers = scenario.habits.acceptance.in_force
    willing = portable_math.logistic(accept.takes_up(law, scenario.habits)) if answers else 1.0
    found = Expected(scenario, law, [0.0] * count, [0.0] * count, [0.0] * count, willing)
    for kind, births in zip(kinds, births_per_day(scenario.world), strict=True):
        _add_kind(found, kind, births)
    return found


def _add_kind(found: Expected, kind: KindPlan, births: float) -> None:
    """Add the cases of a kind: the street's own, single ones beyond it, joint ones."""
    demand, law = found.scenario.world.demand, found.law
    cases = births * (1.0 - demand.from_projects * law.opinion.heard) / (1.0 - CLOSED * kind.recur_control)
    work = kind.work_mean / TICKS_PER_DAY * (1.0 + found.scenario.habits.citizens.worsening * kind.hidden)
    single = cases * (1.0 - kind.joint)
    powerless, power = single * (1.0 - kind.enforcement), single * kind.enforcement
    _add_own(found, kind, powerless * kind.street_membership, power * law.powers.delegated, work)
    _add_desk(found, cases)
    beyond = powerless * (1.0 - kind.street_membership)
    _spread(found, found.other, kind, beyond, work, 1.0, lambda claim: claim.weight)
    rest = power * (1.0 - law.powers.delegated)
    _spread(found, found.power, kind, rest, work, 1.0, lambda claim: claim.weight if claim.enforcement else 0.0)
    parties = 2.0 + 2.0 * kind.third_party
    _spread(found, found.other, kind, cases * kind.joint, work, parties, lambda claim: claim.membership)


def _add_own(found: Expected, kind: KindPlan, own: float, delegated: float, work: float) -> None:
    habits, limit = found.scenario.habits, found.scenario.habits.triage.light_work
    light_cases, light_work = light_part(found.scenario.world.demand.work, work, kind.work_sigma, limit)
    spent = own * work * (1.0 - found.law.burden.technology) / habits.skill.local_speed
    found.own += spent
    found.light += spent * light_work
    found.delegated += delegated * work
    for name, cases in (("own", own), ("light", own * light_cases), ("delegated", delegated)):
        found.kept[name] += cases


def _add_desk(found: Expected, cases: float) -> None:
    law, citizens = found.law, found.scenario.habits.citizens
    duplicates = citizens.duplicates * (1.0 - law.grids.integration) * citizens.duplicate_work
    found.desk += cases * (duplicates + law.closed_loop.call_back * law.closed_loop.call_back_work)


def _spread(
    found: Expected, to: list[float], kind: KindPlan, cases: float, work: float, parties: float,
    weigh: Callable[[Claim], float],
) -> None:  # fmt: skip
    """Spread cases over the claimants; each party coordinates with the others."""
    whole = sum(weigh(claim) for claim in kind.claims)
    if whole <= 0.0:
        return
    demand, law = found.scenario.world.demand, found.law
    pairs = found.scenario.habits.teamwork.pair_work * (parties - 1.0) * (1.0 - law.coordination.interfaces)
    called = law.whistle.meeting_work * (CALLED if law.whistle.in_force else 0.0)
    meeting = called + law.recording.share * law.recording.work
    first = 3 * len(found.scenario.world.streets)
    for claim in kind.claims:
        d, part = claim.unit - first, cases * weigh(claim) / whole
        to[d] += part * (work + parties * (pairs + meeting))
        found.city[d] += part * work * demand.needs_city * demand.above_work


def light_part(spread: str, mean: float, sigma: float, limit: float) -> tuple[float, float]:
    """Return the share of cases whose work is at most a limit, and their share of all work."""
    if spread == "exponential":
        size = limit / mean
        return 1.0 - math.exp(-size), 1.0 - math.exp(-size) * (1.0 + size)
    if spread == "deterministic" or sigma == 0.0:
        light = float(mean <= limit)
        return light, light
    if limit <= 0.0:
        return 0.0, 0.0
    place = math.log(limit / mean) / sigma
    return _normal(place + sigma / 2.0), _normal(place - sigma / 2.0)


def _normal(place: float) -> float:
    return 0.5 * (1.0 + math.erf(place / math.sqrt(2.0)))


@dataclass(frozen=True)
class PoolLoad:
    """One pool.

    Attributes
    ----------
    code, level, title_en, title_zh : str
    hours, work : float
        Person-days commanded, and offered, a day.
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


def offered_load(scenario: Scenario, era: int = 0) -> list[PoolLoad]:
    """Return the load of every pool in an era (0 the first, -1 the last); above 1 a queue grows without end."""
    plan = era_of(scenario, era)
    district = _District(scenario, plan)
    for s in range(len(scenario.world.streets)):
        district.add_street(s)
    return district.pools()


class _District:
    """Person-days a day by unit, filled street by street."""

    def __init__(self, scenario: Scenario, plan: EraPlan) -> None:
        self.scenario, self.plan, self.streets = scenario, plan, len(scenario.world.streets)
        self.expected = [expect(scenario, law, kinds) for law, kinds in zip(plan.laws, plan.kinds, strict=True)]
        # the last law is that of the district's own desk, and rows count over all eras
        self.first_law = plan.units[-1].law - len(plan.laws) + 1 if plan.units else 0
        self.present = presence(scenario.world)
        self.work = [unit.programme_month / self._month for unit in plan.units]

    @property
    def _month(self) -> float:
        return self.scenario.world.programmes.months * TICKS_PER_DAY

    def hours(self, unit: UnitPlan) -> float:
        """Return the person-days a day that a unit commands."""
        return (unit.staff * unit.commanded + unit.home_hours) * self.present

    def add_street(self, s: int) -> None:
        """Add the work of a street's cases to all who share it."""
        street = self.plan.units[s]
        expected, part = self.expected[street.law - self.first_law], street.share_of_streets
        self._add_own(s, expected, part)
        taken = self._add_team(s, expected, part)
        first, departments = 3 * self.streets, len(self.scenario.world.departments)
        for d in range(departments):
            power = expected.power[d] * (1.0 - taken * self.plan.covers[s][d])
            self.work[first + d] += part * (expected.other[d] + power)
            self.work[first + departments + d] += part * expected.city[d]

    def _add_own(self, s: int, expected: Expected, part: float) -> None:
        """Add the street's own cases: light ones below, until street and communities are equally full."""
        here, below = self.plan.units[s], self.plan.units[self.streets + s]
        hours = self.hours(below) / ((self.hours(here) + self.hours(below)) or 1.0)
        own = expected.own + expected.delegated_at(here.expertise)
        left = min(expected.light, own * hours)
        self.work[self.streets + s] += part * left
        self.work[s] += part * (own - left + expected.sections(left) + expected.above(left) + expected.desk)

    def _add_team(self, s: int, expected: Expected, part: float) -> float:
        """Add what the platform team takes; return that share of the enforcement cases that it covers."""
        team = self.plan.units[2 * self.streets + s]
        covered = sum(power for power, covers in zip(expected.power, self.plan.covers[s], strict=True) if covers)
        asked = part * covered * expected.willing
        if asked == 0.0 or self.hours(team) == 0.0:
            return 0.0
        taken = min(asked, self.hours(team))
        self.work[2 * self.streets + s] += taken
        return taken / (part * covered)

    def pools(self) -> list[PoolLoad]:
        """Return every pool, level by level."""
        return [
            PoolLoad(unit.code, Level(unit.level).name.lower(), unit.title_en, unit.title_zh, self.hours(unit), work)
            for unit, work in zip(self.plan.units, self.work, strict=True)
        ]
