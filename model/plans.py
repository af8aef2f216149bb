"""What the district is before its first day, as plain objects: units, claims, kinds, and what is merged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from model.effects import InForce
from model.placement import Placed
from model.policy import Law
from model.terms import Level
from model.world import World

__all__ = [
    "Blueprint", "Claim", "EraPlan", "KindPlan", "UnitPlan", "merge_claims", "merge_people", "merge_work",
    "successors",
]  # fmt: skip


@dataclass(frozen=True)
class UnitPlan:
    """What is fixed about a unit during an era; names as the columns of `engine.rows.UNITS`."""

    code: str
    title_zh: str
    title_en: str
    key: int
    level: Level
    law: int = 0
    staff: int = 0
    home_hours: float = 0.0
    commanded: float = 1.0
    experts: int = 0
    expertise: float = 0.0
    township: bool = False
    may_whistle: bool = False
    stationed_share: float = 0.0
    enforcement: bool = False
    street_weight: float = 0.0
    share_on_cases: float = 1.0
    balance: float = 0.0
    programme_month: float = 0.0
    share_of_streets: float = 0.0
    demand: float = 0.0
    latent_pool: float = 0.0
    hands_over: bool = False
    successor: int = 0


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
    """What is fixed about a case kind under a law; names as the columns of `engine.columns.KINDS`."""

    code: str
    key: int
    work_mean: float
    work_sigma: float
    waiting_mean: float
    waiting_sigma: float
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
class EraPlan:
    """The district from a day on.

    Attributes
    ----------
    day : int
        First day.
    laws : tuple of InForce
        Laws in force somewhere; the last is the district's own. `UnitPlan.law` counts rows over all eras.
    units : tuple of UnitPlan
        Streets, communities, teams (one each a street), departments, city counterparts.
    kinds : tuple of tuple of KindPlan
        By law and kind.
    covers : list of list of bool
        Whether the platform team of a street has somebody of a department (streets, departments).
    placed : Placed
        Who stands where.
    """

    day: int
    laws: tuple[InForce, ...]
    units: tuple[UnitPlan, ...]
    kinds: tuple[tuple[KindPlan, ...], ...]
    covers: list[list[bool]]
    placed: Placed


@dataclass(frozen=True)
class Blueprint:
    """Everything that is fixed before a run.

    Attributes
    ----------
    eras : tuple of EraPlan
        The first from day 0.
    chances : list of list of float
        Cumulative mix of kinds by month (12, kinds).
    season : list of float
        Demand by month relative to the mean, weekday effect taken out (12,).
    transfers : list of list of float
        Chance that a case worked by one department goes on to another (departments, departments).
    streets_before : tuple of int
        People of each street before any reform.
    """

    eras: tuple[EraPlan, ...]
    streets: int
    departments: int
    chances: list[list[float]]
    season: list[float]
    transfers: list[list[float]]
    streets_before: tuple[int, ...]

    @property
    def supervises(self) -> bool:
        """Whether some law of the run lets supervision press."""
        return any(law.coordination.press > 0.0 for era in self.eras for law in era.laws)

    def era_on(self, day: int) -> EraPlan:
        """Return the era of a day."""
        return next(era for era in reversed(self.eras) if era.day <= day)

    @property
    def units(self) -> tuple[UnitPlan, ...]:
        """Units on the first day."""
        return self.eras[0].units

    @property
    def kinds(self) -> tuple[KindPlan, ...]:
        """Kinds under the law of the first day."""
        return self.eras[0].kinds[0]

    @property
    def placed(self) -> Placed:
        """Who stands where on the first day."""
        return self.eras[0].placed

    @property
    def first_department(self) -> int:
        """Row of the first department."""
        return 3 * self.streets


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
    return Placed(placed.city, departments, placed.streets, placed.communities, placed.experts, stationed)


def merge_work(work: Sequence[float], into: Sequence[int]) -> list[float]:
    """Return work by department with that of merged ones at their successors."""
    merged = [0.0] * len(into)
    for d, leader in enumerate(into):
        merged[leader] += work[d]
    return merged


def merge_claims(strength: Sequence[float], into: Sequence[int]) -> list[float]:
    """Return claims by department: a merged one holds what any of its parts held (1 − the product of the rests)."""
    rests = [1.0] * len(into)
    for d, leader in enumerate(into):
        rests[leader] *= 1.0 - strength[d]
    return [1.0 - rest if len([d for d in into if d == at]) > 1 else strength[at] if into[at] == at else 0.0
            for at, rest in enumerate(rests)]  # fmt: skip
