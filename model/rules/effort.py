"""Rule 3: how a department splits its hours, and how load changes speed.

Multitask agency (Holmström & Milgrom 1991); load and overwork (Kc & Terwiesch 2009; Delasay et al. 2016).
"""

from typing import Any

from model import portable_math


def effective_weight(law: Any, habits: Any) -> float:
    """Return the streets' weight after dilution by the number of indicators."""
    return law.assessment.street_weight / portable_math.power(law.assessment.indicators * 1.0, habits.effort.dilution)


def street_share(habits: Any, weight: float) -> float:
    """Return the share of hours for street cases at an effective weight in [0, 1].

    A statutory part is fixed; the rest follows weight^η ÷ (weight^η + (1−weight)^η).
    """
    pull = portable_math.power(weight, habits.effort.elasticity)
    other = portable_math.power(1.0 - weight, habits.effort.elasticity)
    return habits.effort.statutory_share + (1.0 - habits.effort.statutory_share) * pull / (pull + other)


def speed(habits: Any, skill: float, load: float, overworked: float) -> float:
    """Return the work done in an hour: skill, a little more when busy, less after sustained overwork."""
    return skill * (1.0 + habits.effort.hurry * load - habits.effort.fatigue * overworked)


def in_field(habits: Any, own: float, strongest: float) -> float:
    """Return a department's speed with its claim on a case, against that of the unit whose claim is the strongest."""
    if own >= strongest:
        return 1.0
    return 1.0 - habits.skill.out_of_field * (1.0 - own / strongest)


def overwork(habits: Any, before: float, utilisation: float, days: float) -> float:
    """Return sustained overwork in [0, 1]: exponential smoothing of utilisation beyond 90 %."""
    now = min(1.0, max(0.0, (utilisation - 0.9) * 10.0))
    return before + (now - before) * min(1.0, days / habits.effort.memory)
