"""Rule 9, optional: what streets and departments learn; at strength 0 nothing changes."""

from typing import Any

from model import portable_math


def trust(habits: Any, before: float, came: bool) -> float:
    """Return a street's belief that a department comes and solves, after one more experience (smoothing)."""
    return before + habits.learning.memory * ((1.0 if came else 0.0) - before)


def preference(habits: Any, believed: float) -> float:
    """Return by what trust multiplies the weight of a department in the street's eyes; 1 at indifference."""
    return portable_math.exp(habits.learning.trust * (believed - 0.5))


def reinforced(habits: Any, propensity: float, payoff: float) -> float:
    """Return a propensity after its choice paid (Roth & Erev 1995): forgetting, then the payoff."""
    return max(0.01, propensity * (1.0 - habits.learning.memory) + payoff)


def worth(law: Any, marginal: float) -> float:
    """Return what accepting pays a department: its score with the street, and rewards."""
    return law.effects.street_weight * marginal + law.assessment.reward


def sway(habits: Any, accepting: float, passing: float) -> float:
    """Return what the two propensities add to the willingness to accept, in log-odds."""
    return habits.learning.propensity * portable_math.log(accepting / passing)
