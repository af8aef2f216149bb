"""G1: a member unit is asked to take over a part of the work, weighs it, and answers."""

from typing import Any

_MONTH = 30.0  # days


def asks(law: Any, draw: float) -> bool:
    """Tell whether a street asks a member unit about this case."""
    return draw < law.party.member_units


def takes_over(law: Any, habits: Any, a_day: float) -> float:
    """Return the log-odds that a member unit takes its part over.

    Joining in is worth what value and support of the party network make it (R13), powers make refusing harder (N12);
    `a_day` is how many cases the units of this street take over a day of late, at full scale.
    """
    weighs, asked = habits.member_units, _MONTH * a_day
    worth = weighs.worth * law.party.value * law.party.support + weighs.powers * law.party.powers
    return weighs.intercept + worth - weighs.load * asked / (asked + weighs.capacity)


def remembered(habits: Any, a_day: float) -> float:
    """Return the cases taken over a day, smoothed, after one more."""
    return a_day + 1.0 / habits.member_units.memory


def forgotten(habits: Any, a_day: float) -> float:
    """Return the same a day later."""
    return a_day - a_day / habits.member_units.memory
