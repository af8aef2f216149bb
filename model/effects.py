"""A law with what follows from it, computed once: rules read it as `law.effects`."""

from dataclasses import dataclass, field

from model.behaviour import Habits, Slots
from model.policy import Law
from model.rules import effort, feedback, jurisdiction


@dataclass(frozen=True)
class Effects:
    """What follows from a law and from habits alone.

    Attributes:
        street_weight: Weight of the streets' assessment after dilution.
        refusal_factor: By what the weight of a unit that was asked before is multiplied.
        circles: Value, capability and support of the party network together, 0-1.
    """

    street_weight: float = 0.0
    refusal_factor: float = 1.0
    circles: float = 0.0


@dataclass(frozen=True)
class InForce(Law):
    """A law with its effects; `own` are the numbers of own rules, as `Habits` has them."""

    effects: Effects = field(default_factory=Effects)
    own: Slots = field(default_factory=Slots)


def put_in_force(law: Law, habits: Habits) -> InForce:
    """Return a law with its effects."""
    effects = Effects(
        street_weight=effort.effective_weight(law, habits),
        refusal_factor=jurisdiction.refusal_factor(habits, jurisdiction.noise(law, habits)),
        circles=feedback.circles(law),
    )
    return InForce(**vars(law), effects=effects, own=habits.own)
