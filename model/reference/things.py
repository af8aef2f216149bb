"""What the agents handle: a case, its slots, and what stands in the calendar."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from model import terms
from model.layout import Claim, KindPlan
from model.terms import TICKS_PER_DAY, State

if TYPE_CHECKING:
    from model.reference.street import Street
    from model.reference.unit import Unit

__all__ = ["Case", "Entry", "Slot"]


@dataclass(eq=False, slots=True)
class Case:
    """One problem and what has happened to it; times in ticks, None until they come.

    `worked` is when its last party accepted, then when its last party finished.
    """

    key: int
    street: Street
    kind_row: int
    born: int
    generation: int = 0
    state: State = State.HIDDEN

    work: int = 0
    needs_power: bool = False
    stake: float = 0.0
    parties: int = 1

    reported: int | None = None
    responded: int | None = None
    settling_since: int | None = None
    ownerless_since: int | None = None
    declared: int | None = None
    closed: int | None = None
    dropped: int | None = None
    reopened: int | None = None
    repeated: int | None = None
    circulating: int = 0
    ownerless: int = 0
    worked: int = 0

    slots: list[Slot] = field(default_factory=list)
    ever_asked: set[Unit] = field(default_factory=set)
    last_asked: Unit | None = None
    passes: int = 0
    evasive: int = 0
    attempts: int = 0
    pressed: int = 0
    askings: int = 0
    rounds: int = 0
    unfilled: int = 0
    unworked: int = 0

    in_cohort: bool = False
    was_hidden: bool = False
    latent: bool = False
    decided: bool = False
    declined: bool = False
    risen: bool = False
    offered: bool = False
    turned_out: bool = False
    whistled: bool = False
    whistle_open: bool = False
    convened: bool = False
    cosmetic: bool = False
    cogoverned: bool = False
    ping_pong: bool = False

    @property
    def kind(self) -> KindPlan:
        """The kind of the case as the law of today on its ground has it."""
        return self.street.kinds[self.kind_row]

    @property
    def first_report(self) -> int:
        """When the clock began to run; only for a problem that is reported."""
        assert self.reported is not None
        return self.reported

    def waited_days(self, now: int) -> float:
        """Return the days since the first report."""
        return (now - self.first_report) / TICKS_PER_DAY

    def gain_owner(self, when: int) -> None:
        """Somebody owns the case (again)."""
        if self.responded is None:
            self.responded = when
            self.street.month_responded += when - self.first_report <= self.kind.limit
        if self.ownerless_since is not None:
            self.ownerless += max(0, when - self.ownerless_since)
            self.ownerless_since = None

    def lose_owner(self, when: int) -> None:
        """After a refusal nobody owns the case."""
        if self.ownerless_since is None and self.template == self.parties:
            self.ownerless_since = when

    def stop_circulating(self, when: int) -> None:
        """All its parties stand together."""
        if self.settling_since is not None:
            self.circulating += when - self.settling_since
            self.settling_since = None

    def release_slots(self) -> None:
        """Let all parties go."""
        for slot in self.slots:
            slot.state = terms.Slot.FREE
        self.slots = []


@dataclass(eq=False, slots=True)
class Slot:
    """One party's share of a case."""

    case: Case
    unit: Unit
    claim: Claim | None = None
    state: terms.Slot = terms.Slot.PLANNED
    passes: int = 0
    asking: int = 0
    ready: int = 0
    work: int = 0
    meeting: int = 0
    hours: int = 0
    started: bool = False

    @property
    def leads(self) -> bool:
        """Tell whether this party leads the case."""
        return self.case.slots[0] is self


@dataclass(eq=False, slots=True)
class Entry:
    """What the calendar holds; an answer belongs to one slot and one asking."""

    what: terms.Event
    case: Case
    when: int
    slot: Slot | None = None
    asking: int = 0
