"""The district before its first day, as plain objects: units, kinds and claims under a law.

The engine copies these into its tables and the twin's agents start from them, so both begin alike.
"""

from __future__ import annotations

from dataclasses import dataclass

from model.habits import Habits
from model.law import Law
from model.luck import code_key
from model.placement import Placed, births_per_day, expected_work, place
from model.rules import balance, effort, zones
from model.terms import TICKS_PER_DAY, Level
from model.world import Kind, World

__all__ = ["Blueprint", "Claim", "KindPlan", "UnitPlan", "draw_up"]


@dataclass(frozen=True)
class UnitPlan:
    """What is fixed about a unit; names as the columns of `engine.columns.UNITS`."""

    code: str
    title_zh: str
    title_en: str
    key: int
    level: Level
    staff: int = 0
    home_hours: float = 0.0
    commanded: float = 1.0
    specialists: float = 0.0
    enforcement: bool = False
    street_weight: float = 0.0
    share_on_cases: float = 1.0
    balance: float = 0.0
    programme_month: float = 0.0
    share_of_streets: float = 0.0
    demand: float = 0.0
    hands_over: bool = False


@dataclass(frozen=True)
class Claim:
    """A department's claim on a kind; names as the columns of `engine.columns.CLAIMS`."""

    unit: int
    unit_key: int
    membership: float
    overlap: float
    weight: float
    enforcement: bool


@dataclass(frozen=True)
class KindPlan:
    """What is fixed about a case kind; names as the columns of `engine.columns.KINDS`."""

    code: str
    key: int
    work_mean: float
    work_sigma: float
    statutory: int
    limit: int
    limit_counts: bool
    enforcement: float
    joint: float
    third_party: float
    hidden: float
    stake: float
    recur_control: float
    recur_cogovernance: float
    street_membership: float
    street_weight: float
    street_weight_power: float
    claims: tuple[Claim, ...]


@dataclass(frozen=True)
class Blueprint:
    """Everything that is fixed before a run.

    Attributes
    ----------
    units : tuple of UnitPlan
        Streets, communities, teams (one each a street), departments, city counterparts.
    chances : list of list of float
        Cumulative mix of kinds by month (12, kinds).
    season : list of float
        Demand by month relative to the mean, weekday effect taken out (12,).
    covers : list of list of bool
        Whether the platform team of a street has somebody of a department (streets, departments).
    transfers : list of list of float
        Chance that a case worked by one department goes on to another (departments, departments).
    placed : Placed
        Who stands where.
    streets_before : tuple of int
        People of each street before any reform.
    refusal_factor : float
        By what the weight of a unit that was asked before is multiplied.
    """

    units: tuple[UnitPlan, ...]
    kinds: tuple[KindPlan, ...]
    streets: int
    departments: int
    chances: list[list[float]]
    season: list[float]
    covers: list[list[bool]]
    transfers: list[list[float]]
    placed: Placed
    streets_before: tuple[int, ...]
    refusal_factor: float

    @property
    def first_department(self) -> int:
        """Row of the first department."""
        return 3 * self.streets


def draw_up(law: Law, habits: Habits, world: World) -> Blueprint:
    """Return the district of this world under this law."""
    placed = place(law, world, habits)
    first = 3 * len(world.streets)
    kinds = tuple(_kind(law, habits, world, kind, first) for kind in world.kinds)
    chances, season = _mix(world)
    codes = [department.code for department in world.departments]
    return Blueprint(
        units=(
            *_streets(law, habits, world, placed),
            *_communities(habits, world, placed),
            *_teams(law, habits, world, placed),
            *_departments(law, habits, world, placed),
            *_city(habits, world, placed),
        ),
        kinds=kinds,
        streets=len(world.streets),
        departments=len(codes),
        chances=chances,
        season=season,
        covers=[[row[s] > 0 for row in placed.stationed] for s in range(len(world.streets))],
        transfers=[[department.hands_over.get(code, 0.0) for code in codes] for department in world.departments],
        placed=placed,
        streets_before=tuple(place(Law(), world, habits).streets),
        refusal_factor=zones.refusal_factor(habits, zones.noise(law, habits)),
    )


def _streets(law: Law, habits: Habits, world: World, placed: Placed) -> list[UnitPlan]:
    residents = float(sum(street.population for street in world.streets)) or 1.0
    births = sum(births_per_day(world))
    power = sum(kind.share * (1.0 - kind.enforcement * (1.0 - law.powers.delegated)) for kind in world.kinds)
    return [
        UnitPlan(
            code=street.code, title_zh=street.title.zh, title_en=street.title.en, key=code_key(street.code),
            level=Level.STREET, staff=staff, specialists=came / staff if staff else 0.0,
            share_on_cases=1.0 - habits.sending_down.most, balance=balance.of_unit(habits, power, 1.0),
            share_of_streets=street.population / residents, demand=births * street.population / residents,
        )
        for street, staff, came in zip(world.streets, placed.streets, placed.specialists, strict=True)
    ]  # fmt: skip


def _communities(habits: Habits, world: World, placed: Placed) -> list[UnitPlan]:
    return [
        UnitPlan(
            code=f"{street.code}/communities", title_zh=f"{street.title.zh}社区",
            title_en=f"{street.title.en} communities", key=code_key(f"{street.code}/communities"),
            level=Level.COMMUNITY, staff=staff, share_on_cases=1.0 - habits.sending_down.most,
        )
        for street, staff in zip(world.streets, placed.communities, strict=True)
    ]  # fmt: skip


def _teams(law: Law, habits: Habits, world: World, placed: Placed) -> list[UnitPlan]:
    weight = effort.effective_weight(law, habits)
    return [
        UnitPlan(
            code=f"{street.code}/team", title_zh=f"{street.title.zh}综合执法平台", title_en=f"{street.title.en} team",
            key=code_key(f"{street.code}/team"), level=Level.TEAM, staff=sum(row[s] for row in placed.stationed),
            commanded=law.stationing.street_time, enforcement=True, street_weight=weight,
            balance=balance.of_unit(habits, 1.0, law.stationing.street_time),
        )
        for s, street in enumerate(world.streets)
    ]  # fmt: skip


def _departments(law: Law, habits: Habits, world: World, placed: Placed) -> list[UnitPlan]:
    weight = effort.effective_weight(law, habits)
    share = effort.street_share(habits, weight)
    programmes = expected_work(world, habits).programmes
    month = world.programmes.months * (1.0 - world.programmes.city_part) * TICKS_PER_DAY
    return [
        UnitPlan(
            code=unit.code, title_zh=unit.title.zh, title_en=unit.title.en, key=code_key(unit.code),
            level=Level.DEPARTMENT, staff=staff, home_hours=sum(team) * (1.0 - law.stationing.street_time),
            enforcement=unit.enforcement, street_weight=weight, share_on_cases=share,
            balance=balance.of_unit(habits, 1.0 if unit.enforcement else 0.5, share), programme_month=work * month,
            hands_over=bool(unit.hands_over),
        )
        for unit, staff, team, work in zip(
            world.departments, placed.departments, placed.stationed, programmes, strict=True
        )
    ]  # fmt: skip


def _city(habits: Habits, world: World, placed: Placed) -> list[UnitPlan]:
    programmes = expected_work(world, habits).programmes
    month = world.programmes.months * world.programmes.city_part * TICKS_PER_DAY
    return [
        UnitPlan(
            code=f"{unit.code}/city", title_zh=unit.city_title.zh, title_en=unit.city_title.en,
            key=code_key(f"{unit.code}/city"), level=Level.CITY, staff=staff, share_on_cases=0.0,
            programme_month=work * month,
        )
        for unit, staff, work in zip(world.departments, placed.city, programmes, strict=True)
    ]  # fmt: skip


def _kind(law: Law, habits: Habits, world: World, kind: Kind, first: int) -> KindPlan:
    limit = getattr(world.deadlines, kind.deadline)
    street = zones.membership(law, kind.duties.diffuse.get("street", 0.0), kind.duties.sharp.get("street", 0.0))
    error = zones.noise(law, habits)
    return KindPlan(
        code=kind.code, key=code_key(kind.code), work_mean=kind.work_days * TICKS_PER_DAY, work_sigma=kind.work_sigma,
        statutory=round(kind.statutory_days * TICKS_PER_DAY), limit=round(limit * TICKS_PER_DAY),
        limit_counts=limit * world.run.steps_per_day >= 1.0, enforcement=kind.enforcement, joint=kind.joint,
        third_party=(kind.parties - 2.0) / 2.0, hidden=kind.hidden, stake=kind.stake,
        recur_control=kind.recur_control, recur_cogovernance=kind.recur_cogovernance, street_membership=street,
        street_weight=zones.perceived_weight(max(street, habits.routing.territorial_floor), error),
        street_weight_power=zones.perceived_weight(habits.routing.territorial_floor, error),
        claims=_claims(law, world, kind, first, error),
    )  # fmt: skip


def _claims(law: Law, world: World, kind: Kind, first: int, error: float) -> tuple[Claim, ...]:
    duties = kind.duties
    strength = [
        zones.membership(law, duties.diffuse.get(unit.code, 0.0), duties.sharp.get(unit.code, 0.0))
        for unit in world.departments
    ]
    return tuple(
        Claim(
            unit=first + d, unit_key=code_key(unit.code), membership=own,
            overlap=zones.overlap(own, max((m for e, m in enumerate(strength) if e != d), default=0.0)),
            weight=zones.perceived_weight(own, error), enforcement=unit.enforcement,
        )
        for d, (unit, own) in enumerate(zip(world.departments, strength, strict=True))
        if own > 0.0
    )  # fmt: skip


def _mix(world: World) -> tuple[list[list[float]], list[float]]:
    births = births_per_day(world)
    total = sum(births) or 1.0
    week = (5.0 + 2.0 * world.demand.weekend) / 7.0
    chances, season = [], []
    for month in range(12):
        level = [b * kind.season[month] for b, kind in zip(births, world.kinds, strict=True)]
        season.append(sum(level) / total / week)
        running, row = 0.0, []
        for part in level:
            running += part
            row.append(running / (sum(level) or 1.0))
        row[-1] = 1.0
        chances.append(row)
    return chances, season
