"""Offered load of every pool, by hand: expected work a day over hours a day, under the laws of an era.

First order: kinds by their shares, single cases to the strongest claims as a sender perceives them, joint ones in
proportion to claims; repeats, coordination, wrong sections, duplicates, call-backs, the level above are in. A street
leaves light cases to its communities until both are equally full; a platform team takes what it covers and is willing
to take, no more than its hours. Left out, for they follow from the run: work sent down, cases that come back to the
street unsolved, closing with residents, fatigue.
"""

from __future__ import annotations

from dataclasses import dataclass

from model.config.scenario import Scenario
from model.explain.eras import era_of
from model.explain.expected import Expected, expect
from model.layout import EraPlan, UnitPlan
from model.placement import presence
from model.terms import TICKS_PER_DAY, Level

__all__ = ["PoolLoad", "offered_load"]


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
