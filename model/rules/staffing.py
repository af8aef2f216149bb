"""R7: dynamic quotas: posts follow the queues."""

from __future__ import annotations

from typing import Any

__all__ = ["floats", "may_move", "movable_posts", "worth_moving"]


def may_move(law: Any, township: bool) -> bool:
    """Tell whether a street's posts belong to the standard: subdistricts, and townships where these are included."""
    return law.staffing.townships or not township


def floats(law: Any, township: bool) -> bool:
    """Tell whether people of a street may follow the queues."""
    return law.staffing.dynamic > 0.0 and may_move(law, township)


def movable_posts(law: Any, posts: int) -> int:
    """Return how many of the streets' posts may move at the end of a period."""
    return int(law.staffing.dynamic * posts)


def worth_moving(law: Any, longest: float, shortest: float) -> bool:
    """Tell whether the longest queue (days of work) is so much longer that a person should move."""
    return longest > shortest + law.staffing.gap_days
