"""First-order figures of a regime, before anything runs: its duty list, and the offered load of every pool."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from types import SimpleNamespace

from model import portable_math
from model.config.scenario import Scenario
from model.effects import InForce
from model.layout import build_state
from model.placement import births_per_day, presence
from model.plans import Claim, EraPlan, KindPlan, UnitPlan
from model.rules import accept, dispatch, jurisdiction, triage
from model.terms import NO_LIMIT, TICKS_PER_DAY, Level, Step

CLEAR_CLAIM = 0.5  # a claim below this (membership 0-1) is no heartland: with no greater one a kind is no man's land
NEARLY_EQUAL = 0.85  # a second claim of at least this part of the first contests it
FRINGE = 0.5  # a weaker claim of at least this part of the first is fringe, one below it periphery

CLOSED, CALLED = 0.9, 0.6
"""By hand: cases that are closed and so may come back; parties' cases that go by whistle where there is one."""


def era_days(scenario: Scenario) -> list[int]:
    """Return the first day, and the day on which the last rules begin where some begin later."""
    return sorted({0} | {max((stage.day for stage in scenario.stages), default=0)})


def _era_of(scenario: Scenario, which: int) -> EraPlan:
    """Return the plan that holds on one of `era_days`."""
    plan = build_state(scenario.law, scenario.habits, scenario.world, scenario.stages)
    return plan.era_on(era_days(scenario)[which])


@dataclass(frozen=True)
class Claimed:
    """The claim of one department on a kind, membership 0-1.

    To this department the kind is "heartland", "contested", "fringe", "periphery" or "no man's land" (`zone`).
    """

    code: str
    membership: float
    zone: str


@dataclass(frozen=True)
class Duty:
    """One case kind under a law: its claims, the strongest first, and the zone of that one; the street's claim, 0-1."""

    kind: str
    title_en: str
    title_zh: str
    zone: str
    street: float
    claims: tuple[Claimed, ...]


def duty_list(scenario: Scenario, era: int = 0) -> list[Duty]:
    """Return the duty list of an era (0 the first, -1 the last), kind by kind, under the district's own law."""
    plan, duties = _era_of(scenario, era), list[Duty]()
    for kind, named in zip(plan.kinds[-1], scenario.world.kinds, strict=True):
        claims = sorted(kind.claims, key=lambda claim: -claim.membership)
        zones = _zones([claim.membership for claim in claims])
        claimed = tuple(
            Claimed(plan.units[claim.unit].code, claim.membership, zone)
            for claim, zone in zip(claims, zones, strict=True)
        )
        zone = zones[0] if zones else "no man's land"
        duties.append(Duty(kind.code, named.title.en, named.title.zh, zone, kind.street_membership, claimed))
    return duties


@dataclass(frozen=True)
class Adopted:
    """An entry that a duty list adds or takes off: the unit's claim on the kind without it and with it, 0-1."""

    code: str
    title_en: str
    title_zh: str
    kind: str
    unit: str
    before: float
    after: float


def adopted(scenario: Scenario, era: int = 0) -> list[Adopted]:
    """Return the entries of the district's list as far as they are adopted in an era (0 the first, -1 the last)."""
    law, kinds = _era_of(scenario, era).laws[-1], {kind.code: kind.duties for kind in scenario.world.kinds}
    found = []
    for each in scenario.world.duty_entries if law.duty_list.adopted > 0.0 else ():
        duties = kinds[each.kind]
        own = jurisdiction.membership(law, duties.diffuse.get(each.unit, 0.0), duties.sharp.get(each.unit, 0.0))
        after = jurisdiction.listed(law, own, each.membership)
        found.append(Adopted(each.code, each.title.en, each.title.zh, each.kind, each.unit, own, after))
    return found


def _zones(sizes: Sequence[float]) -> list[str]:
    """Return the zones of the claims on a kind, the strongest first."""
    if not sizes or sizes[0] < CLEAR_CLAIM:
        return ["no man's land"] * len(sizes)
    near = sum(size >= NEARLY_EQUAL * sizes[0] for size in sizes)
    weaker = ["fringe" if size >= FRINGE * sizes[0] else "periphery" for size in sizes[near:]]
    return [*(["contested"] * near if near > 1 else ["heartland"]), *weaker]


class _Expected:
    """Person-days a day if every street had this law.

    Attributes:
        own, light: Of cases that streets keep and that need no power; of these, what may go to communities.
        delegated, desk: Of cases whose power was delegated, at a specialist's speed; of call-backs and duplicates.
        own_cases, light_cases, delegated_cases: Cases a day that streets keep.
        cases, beyond, whistled: Cases a day; of these sent beyond the street, and those whistled at once, without the
            single ones that need power: `beyond_power`, `whistled_power`.
        power, other, city: By department: of single cases that need power, of all others; of its city counterpart.
        team: Of the first, what a platform team that covers them takes up: it is willing, or must.
        willing: Chance that a platform team takes up what its street requests.
    """

    def __init__(self, scenario: Scenario, law: InForce, kinds: Sequence[KindPlan]) -> None:
        self.scenario, self.law = scenario, law
        self.own = self.light = self.delegated = self.desk = 0.0
        self.own_cases = self.light_cases = self.delegated_cases = 0.0
        self.power, self.other, self.city, self.team = ([0.0] * len(scenario.world.departments) for _ in range(4))
        self.cases = self.beyond = self.beyond_power = self.whistled = self.whistled_power = 0.0
        answers = scenario.habits.acceptance.in_force
        self.willing = portable_math.logistic(accept.takes_up(law, scenario.habits)) if answers else 1.0
        for kind, births in zip(kinds, births_per_day(scenario.world), strict=True):
            self._add_kind(kind, births)

    def sections(self, left: float) -> float:
        """Return the work of wrong sections: only what the street works on itself has any."""
        chance = triage.goes_to_wrong_section(self.law, self.scenario.habits)
        below = self.light_cases * left / self.light if self.light > 0.0 else 0.0
        return chance * self.scenario.habits.triage.section_work * (self.own_cases + self.delegated_cases - below)

    def _add_kind(self, kind: KindPlan, births: float) -> None:
        """Add the cases of a kind: the street's own, single ones beyond it, joint ones."""
        demand, law = self.scenario.world.demand, self.law
        cases = births * (1.0 - demand.from_projects * law.opinion.heard) / (1.0 - CLOSED * kind.recur_control)
        work = kind.work_mean / TICKS_PER_DAY * (1.0 + self.scenario.habits.citizens.worsening * kind.hidden)
        single = cases * (1.0 - kind.joint)
        powerless, power = single * (1.0 - kind.enforcement), single * kind.enforcement
        self._add_own(powerless * kind.street_membership, work, kind.work_sigma)
        self.delegated += power * law.powers.delegated * work
        self.delegated_cases += power * law.powers.delegated
        citizens = self.scenario.habits.citizens
        duplicates = citizens.duplicates * (1.0 - law.grids.integration) * citizens.duplicate_work
        self.desk += cases * (duplicates + law.closed_loop.call_back * law.closed_loop.call_back_work)
        weights = [(claim, claim.weight) for claim in kind.claims]
        self._spread(self.other, powerless * (1.0 - kind.street_membership), work, weights)
        enforcing = [(claim, weight if claim.enforcement else 0.0) for claim, weight in weights]
        known, must = list(self.power), law.duty_list.on_the_spot * kind.on_the_spot
        self._spread(self.power, power * (1.0 - law.powers.delegated), work, enforcing)
        for d, (before, after) in enumerate(zip(known, self.power, strict=True)):
            self.team[d] += (after - before) * (must + (1.0 - must) * self.willing)
        members = [(claim, claim.membership) for claim in kind.claims]
        self._spread(self.other, cases * kind.joint, work, members, parties=2.0 + 2.0 * kind.third_party)
        self.cases += cases
        alone, held = powerless * (1.0 - kind.street_membership), power * (1.0 - law.powers.delegated)
        self.beyond += alone + cases * kind.joint
        self.beyond_power += held
        self.whistled += alone * self._whistles(kind, 1) + cases * kind.joint * self._whistles(kind, 2)
        self.whistled_power += held * self._whistles(kind, 1)

    def _whistles(self, kind: KindPlan, parties: int) -> float:
        """Return the chance that an idle, credible street whistles at the first turn, the platform being abreast."""
        street = SimpleNamespace(may_whistle=True, pressure=0.0, credibility=1.0)
        case = SimpleNamespace(parties=parties, attempts=0, stake=kind.stake)
        return triage.whistles(self.law, self.scenario.habits, street, case, 0.0, 0.0)

    def _add_own(self, cases: float, work: float, sigma: float) -> None:
        habits = self.scenario.habits
        light_cases, light_work = light_part(self.scenario.world.demand.work, work, sigma, habits.triage.light_work)
        spent = cases * work * (1.0 - self.law.burden.technology) / habits.skill.local_speed
        self.own += spent
        self.light += spent * light_work
        self.own_cases += cases
        self.light_cases += cases * light_cases

    def _spread(
        self, to: list[float], cases: float, work: float, weights: list[tuple[Claim, float]], parties: float = 1.0
    ) -> None:
        """Spread cases over the claimants by weight; each party coordinates with the others."""
        whole = sum(weight for _, weight in weights)
        if whole <= 0.0:
            return
        demand, law = self.scenario.world.demand, self.law
        pairs = self.scenario.habits.teamwork.pair_work * (parties - 1.0) * (1.0 - law.coordination.interfaces)
        called = law.whistle.meeting_work * (CALLED if law.whistle.in_force else 0.0)
        meeting = called + law.recording.share * law.recording.work
        first = 3 * len(self.scenario.world.streets)
        for claim, weight in weights:
            d, part = claim.unit - first, cases * weight / whole
            to[d] += part * (work + parties * (pairs + meeting))
            self.city[d] += part * work * demand.needs_city * demand.above_work


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
    place, normal = math.log(limit / mean) / sigma, NormalDist()
    return normal.cdf(place + sigma / 2.0), normal.cdf(place - sigma / 2.0)


@dataclass(frozen=True)
class PoolLoad:
    """One pool: person-days a day that it commands (`hours`) and that are offered to it (`work`)."""

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
    plan = _era_of(scenario, era)
    district = _District(scenario, plan)
    for s in range(len(scenario.world.streets)):
        district.add_street(s)
    return [
        PoolLoad(unit.code, Level(unit.level).name.lower(), unit.title_en, unit.title_zh, district.hours(unit), work)
        for unit, work in zip(plan.units, district.work, strict=True)
    ]


@dataclass(frozen=True)
class StepLoad:
    """A step of the whistle: cases a day that it can take (`capacity`, None: no limit) and that are expected.

    `delay` is in days, `error` a share of its cases.
    """

    code: str
    title_en: str
    title_zh: str
    capacity: float | None
    delay: float
    error: float
    volume: float

    @property
    def load(self) -> float | None:
        """Volume ÷ capacity; None without a limit, and where nothing can be taken."""
        return self.volume / self.capacity if self.capacity else None


def whistle_steps(scenario: Scenario, era: int = 0) -> list[StepLoad]:
    """Return the seven steps of the whistle in an era, as the district's own law has them.

    By hand, so roughly: first turns of idle, credible streets alone (what comes back whistles again on top, what the
    platform's delay keeps from whistling is not taken off), as if every case beyond a street were overdue once.
    """
    plan = _era_of(scenario, era)
    law, district, scale = plan.laws[-1], _District(scenario, plan), scenario.world.demand.scale
    for s in range(len(scenario.world.streets)):
        district.add_street(s)
    whistle, coordination, loop, n = law.whistle, law.coordination, law.closed_loop, district.whistled
    heard = n * (1.0 - whistle.unready) * (1.0 - (1.0 - whistle.accuracy) * (1.0 - whistle.misaddressed))
    rows = (
        (whistle.sources_per_day, whistle.source_days, whistle.asked_again, n * (1.0 + whistle.asked_again)),
        (whistle.analyses_per_day, whistle.analysis_days, whistle.unready, n),
        (whistle.sendings_per_day, whistle.sending_days, whistle.lost, n * (1.0 + whistle.lost)),
        (whistle.acceptances_per_day, whistle.acceptance_days, 1.0 - whistle.accuracy, n),
        (whistle.meetings_per_day, whistle.reporting_days, whistle.wrong_place, heard),
        (coordination.presses_per_day, 0.0, coordination.wrong_desk, coordination.press * district.beyond),
        (loop.call_backs_per_day, loop.call_back_days, 1.0 - loop.detection, loop.call_back * CLOSED * district.cases),
    )
    return [
        StepLoad(step.name.lower(), step.en, step.zh, most * scale if most < NO_LIMIT else None, delay, error, volume)
        for step, (most, delay, error, volume) in zip(Step, rows, strict=True)
    ]


class _District:
    """Person-days a day by unit, filled street by street."""

    def __init__(self, scenario: Scenario, plan: EraPlan) -> None:
        self.scenario, self.plan, self.streets = scenario, plan, len(scenario.world.streets)
        self.expected = [_Expected(scenario, law, kinds) for law, kinds in zip(plan.laws, plan.kinds, strict=True)]
        # the last law is that of the district's own desk, and rows count over all eras
        self.first_law = plan.units[-1].law - len(plan.laws) + 1 if plan.units else 0
        self.present = presence(scenario.world)
        month = scenario.world.programmes.months * TICKS_PER_DAY
        self.work = [unit.programme_month / month for unit in plan.units]
        self.cases = self.beyond = self.whistled = 0.0  # cases a day: all, sent beyond the street, whistled at once

    def hours(self, unit: UnitPlan) -> float:
        return (unit.staff * unit.commanded + unit.home_hours) * self.present

    def add_street(self, s: int) -> None:
        """Add the work of a street's cases to all who share it."""
        street = self.plan.units[s]
        expected, part = self.expected[street.law - self.first_law], street.share_of_streets
        self._add_own(s, expected, part)
        taken = self._add_team(s, expected, part)
        power = sum(expected.power)
        covered = sum(work for work, covers in zip(expected.power, self.plan.covers[s], strict=True) if covers)
        left = 1.0 - taken * covered / power if power > 0.0 else 1.0
        self.cases += part * expected.cases
        self.beyond += part * (expected.beyond + left * expected.beyond_power)
        self.whistled += street.may_whistle * part * (expected.whistled + left * expected.whistled_power)
        first, departments = 3 * self.streets, len(self.scenario.world.departments)
        for d in range(departments):
            power = expected.power[d] * (1.0 - taken * self.plan.covers[s][d])
            self.work[first + d] += part * (expected.other[d] + power)
            self.work[first + departments + d] += part * expected.city[d]

    def _add_own(self, s: int, expected: _Expected, part: float) -> None:
        """Add the street's own cases: light ones below, until street and communities are equally full."""
        here, below = self.plan.units[s], self.plan.units[self.streets + s]
        hours = self.hours(below) / ((self.hours(here) + self.hours(below)) or 1.0)
        demand, lay = self.scenario.world.demand, self.scenario.habits.skill.generalist_speed
        own = expected.own + expected.delegated / (lay + here.expertise * (1.0 - lay))
        left = min(expected.light, own * hours)
        above = left * demand.needs_street * demand.above_work
        self.work[self.streets + s] += part * left
        self.work[s] += part * (own - left + expected.sections(left) + above + expected.desk)
        forms = dispatch.being_assessed(expected.law, self.scenario.habits) * demand.scale
        self.work[s] += forms / self.scenario.world.programmes.months

    def _add_team(self, s: int, expected: _Expected, part: float) -> float:
        """Add what the platform team takes; return that share of the enforcement cases that it covers."""
        team = self.plan.units[2 * self.streets + s]
        covered = sum(power for power, covers in zip(expected.power, self.plan.covers[s], strict=True) if covers)
        requested = part * sum(work for work, covers in zip(expected.team, self.plan.covers[s], strict=True) if covers)
        if requested == 0.0 or self.hours(team) == 0.0:
            return 0.0
        taken = min(requested, self.hours(team))
        self.work[2 * self.streets + s] += taken
        return taken / (part * covered)
