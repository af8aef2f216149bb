"""Who stands where: staff from the offered load, placed by shares, then moved, stationed and merged."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from model.behaviour import Habits
from model.config.eras import average
from model.policy import Law
from model.rules import jurisdiction, staffing
from model.world import DutyEntry, Kind, Shock, Street, World


@dataclass(frozen=True)
class Work:
    """Expected intrinsic work, person-days a day at the run's scale.

    Attributes:
        street: Of cases that streets keep, all streets together.
        departments, programmes: Of cases, and of line programmes, by department (city part included).
        power: Of single cases that need enforcement power, by department.
    """

    street: float
    departments: list[float]
    programmes: list[float]
    power: list[float]

    def own(self, world: World) -> list[float]:
        """Return the own work of each department: cases, and programmes without the city's part."""
        district = 1.0 - world.programmes.city_part
        return [case + line * district for case, line in zip(self.departments, self.programmes, strict=True)]


@dataclass(frozen=True)
class Placed:
    """Whole persons by unit, in the order of the world's lists.

    `stationed[d][s]` are people of department d in the platform team of street s; `experts[s]`
    are people of street s who came from departments.
    """

    city: list[int]
    departments: list[int]
    streets: list[int]
    communities: list[int]
    experts: list[int]
    stationed: list[list[int]]


@dataclass(frozen=True)
class Ground:
    """A district before any reform; its expected work is worked out once, however many laws come over it."""

    world: World
    habits: Habits

    @cached_property
    def work(self) -> Work:
        """Expected work with duties as diffuse as they are."""
        return expected_work(self.world, self.habits)

    @cached_property
    def listed(self) -> Work:
        """The same, were the entries of the duty list that bring their hours along in force."""
        return expected_work(self.world, self.habits, entries=[each for each in self.world.duty_entries if each.hours])

    @cached_property
    def residents(self) -> list[float]:
        """By street."""
        return [float(street.population) for street in self.world.streets]

    @cached_property
    def before(self) -> Placed:
        """People placed as before the reform: as they are given, else after the work."""
        streets, departments = self.world.streets, self.world.departments
        nobody = [0] * len(streets)
        if all(staff is None for staff in [*(s.staff for s in streets), *(d.staff for d in departments)]):
            return Placed(*self._derived(), experts=nobody, stationed=[])
        return Placed(
            city=[department.city_staff or 0 for department in departments],
            departments=[department.staff or 0 for department in departments],
            streets=[street.staff or 0 for street in streets],
            communities=[street.community_staff or 0 for street in streets],
            experts=nobody,
            stationed=[],
        )

    def _derived(self) -> tuple[list[int], list[int], list[int], list[int]]:
        """Return the people of city, departments, streets and communities."""
        world, shares, work = self.world, self.world.staff, self.work
        people = (work.street + sum(work.departments) + sum(work.programmes)) / (shares.load * presence(world))
        levels = largest_remainder(round(people), [shares.city, shares.department, shares.street, shares.community])
        needs = _blend(shares.by_duty, expected_work(world, self.habits, clarity=1.0).own(world), work.own(world))
        sizes = _blend(shares.by_size, [department.staff_weight for department in world.departments], needs)
        posts = _blend(shares.even, [1.0] * len(world.streets), self.residents)
        pools = [_communities(street) for street in world.streets]
        weights = (work.programmes, sizes, posts, pools if sum(pools) > 0.0 else self.residents)
        city, departments, streets, communities = map(largest_remainder, levels, weights)
        return city, departments, streets, communities


def largest_remainder(total: int, weights: Sequence[float]) -> list[int]:
    """Divide whole persons in proportion to weights; remainders to the largest fraction, ties in order."""
    whole = sum(weights)
    if total <= 0 or whole <= 0.0:
        return [0] * len(weights)
    exact = [total * weight / whole for weight in weights]
    given = [int(share) for share in exact]
    order = sorted(range(len(weights)), key=lambda i: (-(exact[i] - given[i]), i))
    for i in order[: total - sum(given)]:
        given[i] += 1
    return given


def _blend(part: float, first: Sequence[float], second: Sequence[float]) -> list[float]:
    """Return weights of which `part` follows the first list and the rest the second."""
    one, two = sum(first) or 1.0, sum(second) or 1.0
    return [part * a / one + (1.0 - part) * b / two for a, b in zip(first, second, strict=True)]


def presence(world: World) -> float:
    """Return the mean share of staff present, over the week."""
    return (5.0 + 2.0 * world.staff.weekend) / 7.0


def births_per_day(world: World) -> list[float]:
    """Return problems born a day by kind: those reported at once, and the hidden ones beside them."""
    requests = world.demand.requests_per_year * world.demand.scale / 365.0
    return [requests * kind.share / (1.0 - kind.hidden) for kind in world.kinds]


def expected_work(world: World, habits: Habits, clarity: float = 0.0, entries: Sequence[DutyEntry] = ()) -> Work:
    """Return the intrinsic work of a day before any reform; programmes are a share of all work.

    A single case is expected where claims look strongest to a sender, a joint one in proportion to claims; these are
    as clear as duties are before the reform (0) or with a fully clear duty list (1), and as these entries of it have
    them.
    """
    listed = {(entry.kind, entry.unit): entry.membership for entry in entries}
    street, departments, powers = 0.0, [0.0] * len(world.departments), [0.0] * len(world.departments)
    for kind, births in zip(world.kinds, births_per_day(world), strict=True):
        work = births * kind.work_days * (1.0 + habits.citizens.worsening * kind.hidden)
        competence, *claims = [
            listed.get((kind.code, code), _claim(kind, code, clarity))
            for code in ("street", *(department.code for department in world.departments))
        ]
        seen = [jurisdiction.perceived_weight(claim, habits.routing.noise) if claim > 0.0 else 0.0 for claim in claims]
        able = [weight if unit.enforcement else 0.0 for weight, unit in zip(seen, world.departments, strict=True)]
        powerless = (1.0 - kind.enforcement) * (1.0 - kind.joint)
        street += work * (powerless * competence)
        parts = (
            (able, kind.enforcement * (1.0 - kind.joint)), (seen, powerless * (1.0 - competence)),
            (claims, kind.joint),
        )  # fmt: skip
        for weights, part in parts:
            whole = sum(weights)
            for d, weight in enumerate(weights if whole > 0.0 else ()):
                departments[d] += work * part * (weight / whole)
                powers[d] += work * part * (weight / whole) if weights is able else 0.0
    cases = street + sum(departments)
    programmes = cases * world.programmes.weight / (1.0 - world.programmes.weight)
    sizes = [department.programme_weight * department.staff_weight for department in world.departments]
    whole = sum(sizes)
    return Work(street, departments, [programmes * size / whole if whole > 0.0 else 0.0 for size in sizes], powers)


def _claim(kind: Kind, code: str, clarity: float) -> float:
    diffuse = kind.duties.diffuse.get(code, 0.0)
    return diffuse + clarity * (kind.duties.sharp.get(code, 0.0) - diffuse)


def place(laws: Sequence[Law], ground: Ground) -> Placed:
    """Place people as before the reform, then by the standard, and move and station the stated fractions.

    `laws` are by street. Nobody is lost.
    """
    standing = replace(ground.before, streets=_by_standard(laws, ground.world, ground.before.streets))
    return _stationed(laws, ground, _moved(laws, ground, standing))


def _by_standard(laws: Sequence[Law], world: World, before: list[int]) -> list[int]:
    """Give out the posts of the streets anew as far as the standard holds, each by residents, area, social units."""
    covered = [s for s, law in enumerate(laws) if staffing.may_move(law, world.streets[s].type == "township")]
    if not any(laws[s].staffing.standard > 0.0 for s in covered):
        return before
    posts = sum(before[s] for s in covered)
    wanted = {s: _standard(laws[s], world, covered, s) * posts for s in covered}
    weights = [before[s] + laws[s].staffing.standard * (wanted[s] - before[s]) for s in covered]
    given = dict(zip(covered, largest_remainder(posts, weights), strict=True))
    return [given.get(s, staff) for s, staff in enumerate(before)]


def _standard(law: Law, world: World, covered: Sequence[int], s: int) -> float:
    """Return the share of the covered streets' posts that the standard gives to street s."""
    area, communities = law.staffing.by_area, law.staffing.by_communities
    known = all(world.streets[i].social_units is not None for i in covered)

    def part(of: Callable[[Street], float]) -> float:
        return of(world.streets[s]) / (sum(of(world.streets[i]) for i in covered) or 1.0)

    return (
        (1.0 - area - communities) * part(lambda street: float(street.population))
        + area * part(lambda street: street.area_km2)
        + communities * part(_social_units if known else _communities)
    )


def _communities(street: Street) -> float:
    return float(street.communities + street.villages)


def _social_units(street: Street) -> float:
    return float(street.social_units or 0)


def _moved(laws: Sequence[Law], ground: Ground, before: Placed) -> Placed:
    """Move posts to the streets, and people after powers that are delegated and duties that are listed as theirs."""
    shares = [law.placement.moved_to_streets for law in laws]
    followers = [law.placement.follow_powers * law.powers.delegated for law in laws]
    listed = [law.duty_list.hours_follow * law.duty_list.adopted for law in laws]
    moved, following, by_list = (average(values, ground.residents) for values in (shares, followers, listed))
    brought = _brought_down(ground) if by_list > 0.0 else [0.0] * len(before.departments)
    work = zip(before.departments, ground.work.power, brought, ground.work.own(ground.world), strict=True)
    leaving = [
        int(staff * min(0.95, moved + following * _part(power, own) + by_list * _part(down, own)))
        for staff, power, down, own in work
    ]
    weights = [size * (a + b + c) for size, a, b, c in zip(ground.residents, shares, followers, listed, strict=True)]
    experts = largest_remainder(sum(leaving), weights)
    return replace(
        before,
        departments=[staff - gone for staff, gone in zip(before.departments, leaving, strict=True)],
        streets=[staff + came for staff, came in zip(before.streets, experts, strict=True)],
        experts=experts,
    )


def _part(work: float, whole: float) -> float:
    return work / whole if work > 0.0 else 0.0


def _brought_down(ground: Ground) -> list[float]:
    """Return the work of each department that listed duties bring to the streets: of what it loses, what these gain."""
    before, after = ground.work, ground.listed
    lost = [max(0.0, old - new) for old, new in zip(before.departments, after.departments, strict=True)]
    part = min(1.0, max(0.0, after.street - before.street) / (sum(lost) or 1.0))
    return [work * part for work in lost]


def cut(placed: Placed, shocks: Sequence[Shock], world: World) -> Placed:
    """Return the placement while shocks cut posts: whole persons, the largest remainders stay."""
    left = [1.0] * len(placed.streets)
    at_departments = 1.0
    for shock in shocks:
        at_departments *= 1.0 - shock.posts_departments
        for s, street in enumerate(world.streets):
            if not shock.streets or street.code in shock.streets:
                left[s] *= 1.0 - shock.posts_streets
    streets = _kept(placed.streets, left)
    return replace(
        placed,
        streets=streets,
        experts=[e * now // (was or 1) for e, now, was in zip(placed.experts, streets, placed.streets, strict=True)],
        departments=_kept(placed.departments, [at_departments] * len(placed.departments)),
        stationed=[_kept(team, [at_departments] * len(team)) for team in placed.stationed],
    )


def _kept(people: list[int], left: Sequence[float]) -> list[int]:
    """Return the people of units of which a share is left; those that lose nobody keep all."""
    cut_at = [at for at, share in enumerate(left) if share < 1.0]
    exact = [people[at] * left[at] for at in cut_at]
    given = dict(zip(cut_at, largest_remainder(round(sum(exact)), exact), strict=True))
    return [min(staff, given.get(at, staff)) for at, staff in enumerate(people)]


def _stationed(laws: Sequence[Law], ground: Ground, before: Placed) -> Placed:
    """Form the platform teams; what cannot be placed whole stays at headquarters."""
    shares = [law.stationing.share for law in laws]
    share = average(shares, ground.residents)
    weights = [size * each for size, each in zip(ground.residents, shares, strict=True)]
    stationed = [
        largest_remainder(int(staff * share * department.stationable), weights)
        for staff, department in zip(before.departments, ground.world.departments, strict=True)
    ]
    staying = [staff - sum(team) for staff, team in zip(before.departments, stationed, strict=True)]
    return replace(before, departments=staying, stationed=stationed)


def successors(law: Law, world: World) -> list[int]:
    """Return, for each department, the department that does its work: itself, or the one it was merged into.

    In each sector with several enforcement departments the largest of old leads; a share of these sectors, in
    the order of their names, is merged.
    """
    sectors: dict[str, list[int]] = defaultdict(list)
    for d, unit in enumerate(world.departments):
        if unit.enforcement and unit.sector:
            sectors[unit.sector].append(d)
    several = [sectors[name] for name in sorted(sectors) if len(sectors[name]) > 1]
    into = list(range(len(world.departments)))
    for members in several[: round(law.structure.merged_teams * len(several))]:
        leader = min(members, key=lambda d: (-world.departments[d].staff_weight, world.departments[d].code))
        for d in members:
            into[d] = leader
    return into


def merge_people(placed: Placed, into: Sequence[int]) -> Placed:
    """Return the placement with the people of merged departments at their successors."""
    departments = [0] * len(into)
    stationed = [[0] * len(placed.streets) for _ in into]
    for d, leader in enumerate(into):
        departments[leader] += placed.departments[d]
        stationed[leader] = [a + b for a, b in zip(stationed[leader], placed.stationed[d], strict=True)]
    return replace(placed, departments=departments, stationed=stationed)


def merge_work(work: Sequence[float], into: Sequence[int]) -> list[float]:
    """Return work by department with that of merged ones at their successors."""
    merged = [0.0] * len(into)
    for d, leader in enumerate(into):
        merged[leader] += work[d]
    return merged
