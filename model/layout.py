"""The district before its first day: units, kinds and claims, era by era; engine and reference both start from it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from model.behaviour import Habits
from model.config.eras import Era, Stage, average, eras_of, first_streets
from model.effects import InForce, put_in_force
from model.placement import Ground, Placed, births_per_day, cut, merge_people, merge_work, place, successors
from model.plans import Blueprint, ChannelPlan, Claim, EraPlan, KindPlan, UnitPlan
from model.policy import Law
from model.rng import code_key
from model.rules import balance, effort, feedback, jurisdiction, staffing
from model.terms import TICKS_PER_DAY, Channel, Level
from model.world import Kind, Shock, World

_CHANNELS = tuple(channel.name.lower() for channel in Channel)
_MEMBER_TICKS = TICKS_PER_DAY / (1000.0 * 365.0)  # a day's part of a person-day a year for each of 1,000 residents


def build_state(law: Law, habits: Habits, world: World, stages: Sequence[Stage] = ()) -> Blueprint:
    """Return the district of this world under this law, and under what begins later."""
    codes, run = [street.code for street in world.streets], world.run
    eras = _with_shocks(eras_of(law, stages, codes, run.warm_up_days + run.window_days + run.follow_up_days), world)
    chances, season = _mix_of_kinds(world)
    ground = Ground(world, habits)
    plans, first_row = list[EraPlan](), 0
    for era in eras:
        plans.append(_era(era, first_row, ground))
        first_row += len(era.laws)
    departments = [department.code for department in world.departments]
    return Blueprint(
        eras=tuple(plans),
        streets=len(codes),
        departments=len(departments),
        chances=chances,
        season=season,
        transfers=[[unit.hands_over.get(code, 0.0) for code in departments] for unit in world.departments],
        streets_before=tuple(ground.before.streets),
        channels=tuple(_channel(habits, name) for name in _CHANNELS),
    )


def _channel(habits: Habits, name: str) -> ChannelPlan:
    days, accuracy = (getattr(habits.hearing, f"{name}_{what}") for what in ("delay", "accuracy"))
    return ChannelPlan(delay=int(days * TICKS_PER_DAY), accuracy=accuracy)


def _channel_gains(law: Law, habits: Habits, kind: Kind) -> tuple[float, ...]:
    """Return by channel how much sooner a hidden problem of a kind is found through it (R12)."""
    return tuple(
        feedback.channel_gain(
            getattr(law.channels, name), getattr(habits.hearing, f"{name}_volume"), kind.channels.get(name, 1.0)
        )
        for name in _CHANNELS
    )


def _with_shocks(eras: Sequence[Era], world: World) -> list[Era]:
    """Return the eras with one more where a shock begins or is over: the same laws, other demand and posts."""
    days = world.run.warm_up_days + world.run.window_days + world.run.follow_up_days
    found = {era.day: era for era in eras}
    for day in sorted({day for shock in world.shocks for day in (shock.day, shock.day + shock.days)} - set(found)):
        if day < days:
            found[day] = replace(found[max(first for first in found if first < day)], day=day)
    return [found[day] for day in sorted(found)]


def _mix_of_kinds(world: World) -> tuple[list[list[float]], list[float]]:
    """Return the cumulative mix of kinds by month (12, kinds) and the level of demand by month (12,)."""
    births = births_per_day(world)
    total = sum(births) or 1.0
    week = (5.0 + 2.0 * world.demand.weekend) / 7.0
    chances, season = [], []
    for month in range(12):
        level = [b * kind.season[month] for b, kind in zip(births, world.kinds, strict=True)]
        season.append(sum(level) / total / week)
        chances.append([*(running / (sum(level) or 1.0) for running in accumulate(level[:-1])), 1.0])
    return chances, season


def _era(era: Era, first_row: int, ground: Ground) -> EraPlan:
    laws = tuple(put_in_force(law, ground.habits) for law in era.laws)
    into = successors(laws[-1], ground.world)
    by_street, born = tuple(laws[row] for row in era.law_of), births_per_day(ground.world)
    rows = tuple(first_row + row for row in era.law_of)
    shocks = tuple(shock for shock in ground.world.shocks if shock.on(era.day))
    placed = merge_people(cut(place(by_street, ground), shocks, ground.world), into)
    standing = _Standing(ground, by_street, rows, first_row + len(laws) - 1, placed, into, shocks)
    return EraPlan(
        day=era.day,
        laws=laws,
        units=tuple(unit for units in _LEVELS for unit in units(standing)),
        kinds=tuple(
            tuple(_kind(law, ground, kind, into, births) for kind, births in zip(ground.world.kinds, born, strict=True))
            for law in laws
        ),
        covers=[[row[s] > 0 for row in placed.stationed] for s in range(len(by_street))],
    )


def _kind(law: Law, ground: Ground, kind: Kind, into: Sequence[int], births: float) -> KindPlan:
    world, floor = ground.world, ground.habits.routing.territorial_floor
    entries = _entries(world, kind)
    limit, street = getattr(world.deadlines, kind.deadline), _membership(law, kind, "street", entries)
    error = jurisdiction.noise(law, ground.habits)
    claims = _claims(law, world, kind, into, error)
    leads = [claim for claim in claims if claim.enforcement]
    held = kind.enforcement * (1.0 - law.powers.delegated)
    gains = _channel_gains(law, ground.habits, kind)
    return KindPlan(
        code=kind.code, key=code_key(kind.code), work_mean=kind.work_days * TICKS_PER_DAY, work_sigma=kind.work_sigma,
        waiting_mean=kind.waiting_days * TICKS_PER_DAY, waiting_sigma=kind.waiting_sigma,
        limit=round(limit * TICKS_PER_DAY), limit_counts=limit * world.run.steps_per_day >= 1.0,
        on_the_spot=kind.on_the_spot, enforcement=kind.enforcement,
        joint=kind.joint, third_party=(kind.parties - 2.0) / 2.0, hidden=kind.hidden,
        emergency=kind.deadline == "emergency",
        stake=kind.stake, recur_control=kind.recur_control, recur_cogovernance=kind.recur_cogovernance,
        street_membership=street, street_weight=jurisdiction.perceived_weight(max(street, floor), error),
        street_weight_power=jurisdiction.perceived_weight(floor, error), power_share=kind.share * held,
        duty_share=kind.share * law.duty_list.clarity * (1.0 - kind.duties.sharp.get("street", 0.0)) * held,
        single_work=births * kind.work_days * (1.0 - kind.joint) * held,
        lead=max(leads, key=lambda claim: claim.membership).unit if leads else -1, claims=claims,
        member_units=kind.member_units, channel_gains=gains, channel_gain=sum(gains),
    )  # fmt: skip


def _entries(world: World, kind: Kind) -> dict[str, float]:
    """Return what the street's duty list says of a kind: the membership by unit."""
    return {entry.unit: entry.membership for entry in world.duty_entries if entry.kind == kind.code}


def _membership(law: Law, kind: Kind, code: str, entries: Mapping[str, float]) -> float:
    own = jurisdiction.membership(law, kind.duties.diffuse.get(code, 0.0), kind.duties.sharp.get(code, 0.0))
    return jurisdiction.listed(law, own, entries[code]) if code in entries else own


def _claims(law: Law, world: World, kind: Kind, into: Sequence[int], error: float) -> tuple[Claim, ...]:
    entries = _entries(world, kind)
    strength = _merge_claims([_membership(law, kind, unit.code, entries) for unit in world.departments], into)
    return tuple(
        Claim(
            unit=3 * len(world.streets) + d, unit_key=code_key(unit.code), membership=own,
            overlap=jurisdiction.overlap(own, max((m for e, m in enumerate(strength) if e != d), default=0.0)),
            weight=jurisdiction.perceived_weight(own, error), enforcement=unit.enforcement,
        )
        for d, (unit, own) in enumerate(zip(world.departments, strength, strict=True))
        if own > 0.0
    )  # fmt: skip


def _merge_claims(strength: Sequence[float], into: Sequence[int]) -> list[float]:
    """Return claims by department: a merged one holds what any of its parts held (1 − the product of the rests)."""
    rests = [1.0] * len(into)
    for d, leader in enumerate(into):
        rests[leader] *= 1.0 - strength[d]
    return [1.0 - rest if into.count(at) > 1 else strength[at] if into[at] == at else 0.0
            for at, rest in enumerate(rests)]  # fmt: skip


@dataclass(frozen=True)
class _Standing:
    """What the units of an era are made of.

    Attributes:
        laws, rows: By street, its law and the row of that.
        newest: The row of the district's own law.
        into: By department, its successor.
        shocks: Those that last now.
    """

    ground: Ground
    laws: tuple[InForce, ...]
    rows: tuple[int, ...]
    newest: int
    placed: Placed
    into: list[int]
    shocks: tuple[Shock, ...]

    def surge(self, code: str) -> float:
        """Return how many times the usual demand a street has now."""
        return math.prod(shock.demand for shock in self.shocks if not shock.streets or code in shock.streets)

    @property
    def residents(self) -> list[float]:
        """Shares of the streets."""
        total = sum(self.ground.residents) or 1.0
        return [residents / total for residents in self.ground.residents]


def _streets(standing: _Standing) -> list[UnitPlan]:
    world, habits, placed = standing.ground.world, standing.ground.habits, standing.placed
    births = sum(births_per_day(world))
    year = world.demand.requests_per_year * world.demand.scale
    codes = [street.code for street in world.streets]
    laws = dict(zip(standing.rows, standing.laws, strict=True))
    whistling = {row: frozenset(first_streets(law.whistle.pilot_share, codes)) for row, law in laws.items()}
    authority = {row: (_power(law, world), _responsibility(law, world)) for row, law in laws.items()}
    expected = {row: _single_work(law, world) for row, law in laws.items()}
    people = zip(world.streets, standing.rows, placed.streets, placed.experts, standing.residents, strict=True)
    return [
        UnitPlan(
            code=street.code, title_zh=street.title.zh, title_en=street.title.en, key=code_key(street.code),
            level=Level.STREET, law=row, staff=staff, experts=experts, successor=s,
            expertise=staffing.expertise(experts, staff, *expected[row]), on_enforcement=expected[row][0],
            on_own=expected[row][1], township=street.type == "township",
            share_on_cases=1.0 - habits.sending_down.most, may_whistle=street.code in whistling[row],
            balance=balance.of_unit(habits, *authority[row]), power=authority[row][0],
            responsibility=authority[row][1], share_of_streets=residents, demand=births * residents,
            surge=standing.surge(street.code),
            latent_pool=world.demand.latent * year * residents,
            member_supply=street.population * world.demand.scale * _MEMBER_TICKS * habits.citizens.member_hours,
        )
        for s, (street, row, staff, experts, residents) in enumerate(people)
    ]  # fmt: skip


def _power(law: InForce, world: World) -> float:
    """Return the share of cases that a street may close by itself."""
    return sum(kind.share * (1.0 - kind.enforcement * (1.0 - law.powers.delegated)) for kind in world.kinds)


def _responsibility(law: InForce, world: World) -> float:
    """Return the share of cases that a street answers for: all on its ground, unless a list says which are its own.

    A power that is delegated brings the responsibility with it.
    """
    listed, delegated, own = law.duty_list.clarity, law.powers.delegated, list[float]()
    for kind in world.kinds:
        sharp = kind.duties.sharp.get("street", 0.0)
        own.append(jurisdiction.listed(law, sharp, _entries(world, kind).get("street", sharp)))
    return sum(
        kind.share * (1.0 - listed * (1.0 - share) * (1.0 - kind.enforcement * delegated))
        for kind, share in zip(world.kinds, own, strict=True)
    )


def _single_work(law: InForce, world: World) -> tuple[float, float]:
    """Return the work of a day of single cases that streets have: of delegated powers, and of their own duty."""
    enforcement = own = 0.0
    for kind, births in zip(world.kinds, births_per_day(world), strict=True):
        single = births * kind.work_days * (1.0 - kind.joint)
        enforcement += single * kind.enforcement * law.powers.delegated
        own += single * (1.0 - kind.enforcement) * kind.duties.diffuse.get("street", 0.0)
    return enforcement, own


def _communities(standing: _Standing) -> list[UnitPlan]:
    streets, share = standing.ground.world.streets, 1.0 - standing.ground.habits.sending_down.most
    return [
        UnitPlan(
            code=f"{street.code}/communities", title_zh=f"{street.title.zh}社区",
            title_en=f"{street.title.en} communities", key=code_key(f"{street.code}/communities"),
            level=Level.COMMUNITY, law=row, staff=staff, share_on_cases=share, successor=len(streets) + s,
        )
        for s, (street, row, staff) in enumerate(zip(streets, standing.rows, standing.placed.communities, strict=True))
    ]  # fmt: skip


def _teams(standing: _Standing) -> list[UnitPlan]:
    streets = standing.ground.world.streets
    return [
        UnitPlan(
            code=f"{street.code}/team", title_zh=f"{street.title.zh}综合执法平台", title_en=f"{street.title.en} team",
            key=code_key(f"{street.code}/team"), level=Level.TEAM, law=standing.rows[s],
            staff=sum(row[s] for row in standing.placed.stationed), commanded=law.stationing.street_time,
            enforcement=True, street_weight=law.effects.street_weight, stationed_share=1.0,
            successor=2 * len(streets) + s,
            balance=balance.of_unit(standing.ground.habits, 1.0, law.stationing.street_time), power=1.0,
            responsibility=law.stationing.street_time,
        )
        for s, (street, law) in enumerate(zip(streets, standing.laws, strict=True))
    ]  # fmt: skip


def _departments(standing: _Standing) -> list[UnitPlan]:
    world, habits, placed = standing.ground.world, standing.ground.habits, standing.placed
    weight = average([law.effects.street_weight for law in standing.laws], standing.residents)
    share = effort.street_share(habits, weight)
    programmes = merge_work(standing.ground.work.programmes, standing.into)
    month = world.programmes.months * (1.0 - world.programmes.city_part) * TICKS_PER_DAY
    people = zip(world.departments, placed.departments, placed.stationed, strict=True)
    return [
        UnitPlan(
            code=unit.code, title_zh=unit.named(world.run).zh, title_en=unit.named(world.run).en,
            key=code_key(unit.code), level=Level.DEPARTMENT, law=standing.newest, staff=staff,
            home_hours=_home_hours(team, standing.laws),
            enforcement=unit.enforcement, stationed_share=sum(team) / (sum(team) + staff) if any(team) else 0.0,
            street_weight=weight, share_on_cases=share,
            balance=balance.of_unit(habits, 1.0 if unit.enforcement else 0.5, share),
            power=1.0 if unit.enforcement else 0.5, responsibility=share,
            programme_month=programmes[d] * month, hands_over=bool(unit.hands_over),
            successor=3 * len(world.streets) + standing.into[d],
        )
        for d, (unit, staff, team) in enumerate(people)
    ]  # fmt: skip


def _home_hours(stationed: Sequence[int], laws: Sequence[InForce]) -> float:
    """Return the person-days a day that stationed people spend on what home asks."""
    if len({law.stationing.street_time for law in laws}) == 1:
        return sum(stationed) * (1.0 - laws[0].stationing.street_time)
    return sum(staff * (1.0 - law.stationing.street_time) for staff, law in zip(stationed, laws, strict=True))


def _city(standing: _Standing) -> list[UnitPlan]:
    world, programmes = standing.ground.world, standing.ground.work.programmes
    month = world.programmes.months * world.programmes.city_part * TICKS_PER_DAY
    first = 3 * len(world.streets) + len(world.departments)
    up = average([law.levels.up for law in standing.laws], standing.residents)
    people = zip(world.departments, standing.placed.city, programmes, strict=True)
    return [
        UnitPlan(
            code=f"{unit.code}/city", title_zh=unit.city_named(world.run).zh, title_en=unit.city_named(world.run).en,
            key=code_key(f"{unit.code}/city"), level=Level.CITY, law=standing.newest, staff=staff,
            share_on_cases=standing.ground.habits.effort.statutory_share * up, programme_month=work * month,
            successor=first + d,
        )
        for d, (unit, staff, work) in enumerate(people)
    ]  # fmt: skip


_LEVELS = (_streets, _communities, _teams, _departments, _city)  # the units of each level, in the order of their rows
