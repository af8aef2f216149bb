"""How people behave: uncertain facts, the same under every regime.

None of these numbers is known for Chaoyang. Each is an assumption with a range to sweep.
"""

from dataclasses import dataclass, field, fields

from model.behaviour.streets import Citizens, Closing, Hearing, MemberUnits, Triage
from model.behaviour.trading import Entrusting, Lending, Steering
from model.behaviour.units import Acceptance, Balance, Effort, Learning, Routing, SendingDown, Skill, Teamwork

__all__ = [
    "SLOTS", "Acceptance", "Balance", "Citizens", "Closing", "Effort", "Entrusting", "Habits", "Hearing", "Learning",
    "Lending", "MemberUnits", "Routing", "SendingDown", "Skill", "Slots", "Steering", "Teamwork", "Triage",
]  # fmt: skip


@dataclass(frozen=True)
class Slots:
    """Where the engine keeps the numbers that a file of own rules declares, in their order; zero where nobody does."""

    n00: float = 0.0
    n01: float = 0.0
    n02: float = 0.0
    n03: float = 0.0
    n04: float = 0.0
    n05: float = 0.0
    n06: float = 0.0
    n07: float = 0.0
    n08: float = 0.0
    n09: float = 0.0
    n10: float = 0.0
    n11: float = 0.0
    n12: float = 0.0
    n13: float = 0.0
    n14: float = 0.0
    n15: float = 0.0


SLOTS = tuple(each.name for each in fields(Slots))


@dataclass(frozen=True)
class Habits:
    """All behavioural assumptions; each topic is a section of a scenario file; `own` is that of own rules."""

    acceptance: Acceptance = field(default_factory=Acceptance)
    routing: Routing = field(default_factory=Routing)
    effort: Effort = field(default_factory=Effort)
    teamwork: Teamwork = field(default_factory=Teamwork)
    triage: Triage = field(default_factory=Triage)
    closing: Closing = field(default_factory=Closing)
    sending_down: SendingDown = field(default_factory=SendingDown)
    balance: Balance = field(default_factory=Balance)
    skill: Skill = field(default_factory=Skill)
    citizens: Citizens = field(default_factory=Citizens)
    hearing: Hearing = field(default_factory=Hearing)
    member_units: MemberUnits = field(default_factory=MemberUnits)
    learning: Learning = field(default_factory=Learning)
    steering: Steering = field(default_factory=Steering)
    lending: Lending = field(default_factory=Lending)
    entrusting: Entrusting = field(default_factory=Entrusting)
    own: Slots = field(default_factory=Slots)
