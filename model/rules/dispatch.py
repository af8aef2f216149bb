"""Rule 6: sending down (administrative subcontract, Zhou 2014)."""

from typing import Any

from model import portable_math


def months_work(mean: float, spread: float, draw: float) -> float:
    """Return this month's programme work around its mean (lognormal: campaigns come unevenly)."""
    return portable_math.lognormal(mean, spread, draw)


def sent_down(law: Any, habits: Any, shortfall: float) -> float:
    """Return the unmet programme work that departments send down to a street.

    Their hold over its assessment is what the streets' weight leaves; departments may ask less, the gate turns
    work back, and the negative list forbids some (R9, N8).
    """
    asked = shortfall * habits.sending_down.hold * (1.0 - law.assessment.street_weight) * (1.0 - law.burden.department)
    return asked * (1.0 - law.burden.entry_gate) * (1.0 - law.burden.negative_list)


def lapses(left: float, month: float) -> float:
    """Return what lapses in a day of work sent down and left: a `month`'s part of it (days)."""
    return left / month


def share_on_cases(habits: Any, unit: Any) -> float:
    """Return the share of hours for cases while other work waits; the ranking pulls a street back to cases."""
    return unit.share_on_cases + (1.0 - unit.share_on_cases) * habits.sending_down.ranking * unit.pressure


def sent_to_communities(law: Any, habits: Any, work: float) -> float:
    """Return the part that a street sends on to its communities; their negative list forbids some of it (N8)."""
    return work * habits.sending_down.community_part * (1.0 - law.burden.community_list)


def being_assessed(law: Any, habits: Any) -> float:
    """Return the person-days that a street spends a month on inspections and forms, at full scale (P3)."""
    return law.assessment.indicators * habits.sending_down.inspection_work


def programme_hours(share_on_cases: float, hours: float, left: float) -> float:
    """Return the hours kept for programmes or work sent down while cases wait; idle hours flow to cases."""
    return min(left, (1.0 - share_on_cases) * hours)
