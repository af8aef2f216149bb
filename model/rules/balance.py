"""Rule 7: authority against responsibility (P8)."""

from typing import Any

from model import portable_math


def of_unit(habits: Any, power: float, responsibility: float) -> float:
    """Return log((power + ε) ÷ (responsibility + ε)); 0 is balanced, below means duty without power."""
    small = habits.balance.epsilon
    return portable_math.log((power + small) / (responsibility + small))


def oversight(law: Any, habits: Any, weight: float, near_loss: float) -> float:
    """Return how closely a unit is watched, 0–1: by assessment, by call-back, and by the threat to lose its power.

    `near_loss` is how near an entrusted power is to being called back, in [0, 1]; 0 where none is.
    """
    watched = weight + habits.balance.called_back * law.closed_loop.call_back
    return min(1.0, watched + habits.entrusting.fear * near_loss)


def acts_arbitrarily(habits: Any, unit: Any, watched: float) -> float:
    """Return the log-odds of an arbitrary act when an enforcement case is closed."""
    lean = habits.balance
    return lean.arbitrary + lean.arbitrary_excess * max(0.0, unit.balance) - lean.oversight * watched
