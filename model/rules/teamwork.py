"""Rule 4: joint work (moral hazard in teams, Holmström 1982)."""

from __future__ import annotations

from typing import Any

from model import numbers

__all__ = ["daily_effort"]


def daily_effort(law: Any, habits: Any, parties: int) -> float:
    """Return the share of a person's day that each of `parties` gives to a joint case.

    Hours given fall as parties^−α; a convenor restores a share of what is lost. The work needed stays.
    """
    alone = numbers.power(parties * 1.0, -habits.teamwork.free_riding)
    return alone + law.coordination.restore * (1.0 - alone)
