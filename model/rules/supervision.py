"""Rule 8: supervision and blame: pressure raises the stake and the temptation to close on paper."""

from __future__ import annotations

from typing import Any

from model import numbers

__all__ = ["closes_cosmetically", "may_press"]


def may_press(law: Any, luck: float) -> bool:
    """Tell whether supervision may press this overdue case."""
    return luck < law.coordination.press


def closes_cosmetically(law: Any, habits: Any, case: Any, load: float) -> float:
    """Return the chance that a unit only pretends to work (Tu & Gong 2022)."""
    lean = habits.closing
    return numbers.logistic(
        lean.cosmetic
        + lean.cosmetic_load * load
        + lean.cosmetic_pressure * case.pressed / (1.0 + case.pressed)
        - lean.cosmetic_checked * law.closed_loop.call_back * law.closed_loop.detection
    )
