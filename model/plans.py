"""What the district is before its first day, as plain objects: units, claims, kinds, eras."""

from dataclasses import dataclass

from model.effects import InForce
from model.rules import steering
from model.terms import Level


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
    on_enforcement: float = 0.0
    on_own: float = 0.0
    township: bool = False
    may_whistle: bool = False
    stationed_share: float = 0.0
    enforcement: bool = False
    street_weight: float = 0.0
    share_on_cases: float = 1.0
    balance: float = 0.0
    power: float = 0.0
    responsibility: float = 0.0
    programme_month: float = 0.0
    share_of_streets: float = 0.0
    demand: float = 0.0
    surge: float = 1.0
    latent_pool: float = 0.0
    member_supply: float = 0.0
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
    on_the_spot: bool
    emergency: bool
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
    power_share: float
    duty_share: float
    single_work: float
    lead: int
    member_units: float
    channel_gains: tuple[float, ...]
    channel_gain: float
    claims: tuple[Claim, ...]


@dataclass(frozen=True)
class ChannelPlan:
    """What is fixed about a channel of participation; names as the columns of `engine.rows.ChannelRow`."""

    delay: int
    accuracy: float


@dataclass(frozen=True)
class EraPlan:
    """The district from a day on.

    Attributes:
        day: First day.
        laws: Laws in force somewhere; the last is the district's own. `UnitPlan.law` counts rows over all eras.
        units: Streets, communities, teams (one each a street), departments, city counterparts.
        kinds: By law and kind.
        covers: Whether the platform team of a street has somebody of a department (streets, departments).
    """

    day: int
    laws: tuple[InForce, ...]
    units: tuple[UnitPlan, ...]
    kinds: tuple[tuple[KindPlan, ...], ...]
    covers: list[list[bool]]


@dataclass(frozen=True)
class Blueprint:
    """Everything that is fixed before a run.

    Attributes:
        eras: The first from day 0.
        chances: Cumulative mix of kinds by month (12, kinds).
        season: Demand by month relative to the mean, weekday effect taken out (12,).
        transfers: Chance that a case worked by one department goes on to another (departments, departments).
        streets_before: People of each street before any reform.
        channels: In the order of `terms.Channel`.
    """

    eras: tuple[EraPlan, ...]
    streets: int
    departments: int
    chances: list[list[float]]
    season: list[float]
    transfers: list[list[float]]
    streets_before: tuple[int, ...]
    channels: tuple[ChannelPlan, ...]

    @property
    def trades(self) -> bool:
        """Whether some law of the run lets units trade, or limits the district's attention."""
        return any(steering.acts(law) for era in self.eras for law in era.laws)

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
    def first_department(self) -> int:
        """Row of the first department."""
        return 3 * self.streets
