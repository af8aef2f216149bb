"""N7b: party members report when a branch calls: hours that are bounded, and people who tire."""

from typing import Any


def called(law: Any, habits: Any, load: float, work: float) -> float:
    """Return the work of a case for which members are called: the more, the further behind a unit feels (`load`)."""
    return law.levels.branches * habits.citizens.member_part * load * work


def tired(habits: Any, before: float, hours: float, supply: float) -> float:
    """Return how tired members are, 0-1 over time, after so many hours of a `supply` a day."""
    return before + hours / (supply * habits.citizens.member_memory)


def rested(habits: Any, before: float) -> float:
    """Return how tired members are after a day without calls."""
    return before - before / habits.citizens.member_memory


def turnout(habits: Any, tiredness: float) -> float:
    """Return the share of their hours that members give, tired as they are."""
    return 1.0 - habits.citizens.member_tiring * min(1.0, tiredness)


def filled(habits: Any, left: float, supply: float, tiredness: float) -> float:
    """Return the hours that can be called on after a day more; beyond some weeks' worth they go by."""
    return min(7.0 * habits.citizens.member_reserve * supply, left + supply * turnout(habits, tiredness))
