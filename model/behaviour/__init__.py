"""How people behave: uncertain facts, the same under every regime.

None of these numbers is known for Chaoyang. Each is an assumption with a range to sweep.
"""

from dataclasses import dataclass, field

from model.behaviour.streets import Citizens, Closing, Hearing, MemberUnits, Triage
from model.behaviour.trading import Entrusting, Lending, Steering
from model.behaviour.units import Acceptance, Balance, Effort, Learning, Routing, SendingDown, Skill, Teamwork

__all__ = [
    "Acceptance", "Balance", "Citizens", "Closing", "Effort", "Entrusting", "Habits", "Hearing", "Learning", "Lending",
    "MemberUnits", "Routing", "SendingDown", "Skill", "Steering", "Teamwork", "Triage",
]  # fmt: skip


@dataclass(frozen=True)
class Habits:
    """All behavioural assumptions; each topic is a section of a scenario file."""

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
