"""Rule 6: sending down (administrative subcontract, Zhou 2014)."""

from __future__ import annotations

from typing import Any

from model import numbers

__all__ = ["months_work", "programme_hours", "sent_down", "sent_to_communities"]


def months_work(mean: float, spread: float, luck: float) -> float:
    """Return this month's programme work around its mean (lognormal: campaigns come unevenly)."""
    return mean * numbers.exp(spread * numbers.normal_quantile(luck) - 0.5 * spread * spread)


def sent_down(law: Any, habits: Any, shortfall: float) -> float:
    """Return the unmet programme work that a department sends down to the streets.

    Its hold over the streets' assessment is what the streets' weight leaves.
    """
    return shortfall * habits.sending_down.hold * (1.0 - law.assessment.street_weight)


def sent_to_communities(habits: Any, work: float) -> float:
    """Return the part that a street sends on to its communities."""
    return work * habits.sending_down.community_part


def programme_hours(share_on_cases: float, hours: float, left: float) -> float:
    """Return the hours kept for programmes or work sent down while cases wait; idle hours flow to cases."""
    return min(left, (1.0 - share_on_cases) * hours)
