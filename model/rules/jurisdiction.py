"""Rule 2: who looks responsible (Downs's territory: heartland, fringe, no man's land, periphery)."""

import math
from typing import Any

from model import portable_math


def membership(law: Any, diffuse: float, sharp: float) -> float:
    """Return the claim on a kind between its diffuse and its sharp version, as far as the duty list is clear."""
    return diffuse + law.duty_list.clarity * (sharp - diffuse)


def listed(law: Any, own: float, entry: float) -> float:
    """Return the claim on a kind where the street's list has an entry for it, as far as the list is adopted (R8)."""
    return own + law.duty_list.adopted * (entry - own)


def noise(law: Any, habits: Any) -> float:
    """Return the error in perceiving who is responsible, in units of membership."""
    unclear = 1.0 - habits.routing.clarity_gain * law.duty_list.clarity
    return habits.routing.noise * unclear * (1.0 - habits.routing.data_gain * law.grids.integration)


def perceived_weight(claim: float, error: float) -> float:
    """Return the weight of a candidate in a choice: perceived membership plus Gumbel noise is greatest."""
    return portable_math.exp((claim - 1.0) / error)


def refusal_factor(habits: Any, error: float) -> float:
    """Return by what the weight of a unit that was asked before is multiplied."""
    return portable_math.exp(-habits.routing.known_refusal / error)


def race(draw: float, weight: float) -> float:
    """Return the time of a candidate in an exponential race; the earliest is the Gumbel maximum.

    `draw` in (0, 1) is keyed by case and unit code. Without weight a candidate never comes.
    """
    return -portable_math.log(draw) / weight if weight > 0.0 else math.inf


def sooner(draw: float, weight: float, other_draw: float, other_weight: float) -> bool:
    """Tell whether a candidate's time in the race is before another's; no logarithm where bounds of it decide."""
    ahead = portable_math.log2_below(draw) * other_weight - portable_math.log2_below(other_draw) * weight
    if abs(ahead) < portable_math.LOG2_SLACK * (weight + other_weight):
        return race(draw, weight) < race(other_draw, other_weight)
    return ahead > 0.0


def overlap(own: float, strongest_other: float) -> float:
    """Return how nearly another unit claims as much, in [0, 1]."""
    if own <= 0.0:
        return 1.0
    return min(1.0, strongest_other / own)


def goes_astray(habits: Any, draw: float) -> bool:
    """Tell whether a misaddressed whistle passes over the unit most responsible."""
    return bool(draw < habits.routing.astray)


def productive(before: float, after: float) -> bool:
    """Tell whether a pass raises true membership; otherwise it is evasive."""
    return after > before
