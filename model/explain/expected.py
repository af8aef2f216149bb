"""Expected work a day of the whole district under one law, by hand; a street has its share of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from model import portable_math
from model.config.scenario import Scenario
from model.effects import InForce
from model.layout import Claim, KindPlan
from model.placement import births_per_day
from model.rules import accept, triage
from model.terms import TICKS_PER_DAY

__all__ = ["Expected", "expect", "light_part"]

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
