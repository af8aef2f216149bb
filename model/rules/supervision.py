"""Rule 8: supervision and blame: pressure raises the stake and the temptation to close on paper."""

from __future__ import annotations

from typing import Any

from model import numbers

__all__ = ["closes_cosmetically", "detection", "is_caught", "may_press", "pressure_of_rank"]


def may_press(law: Any, luck: float) -> bool:
    """Tell whether supervision may press this overdue case."""
    return luck < law.coordination.press


def pressure_of_rank(law: Any, place: float) -> float:
    """Return the pressure that a place in the monthly ranking (0 best, 1 worst) puts on a street (E1)."""
    return law.ranking.weight * (0.3 + 0.7 * place)


def detection(law: Any, habits: Any) -> float:
    """Return the chance that a call-back recognises a cosmetic closure; a record helps (N15)."""
    missed = 1.0 - law.closed_loop.detection
    return 1.0 - missed * (1.0 - habits.closing.recorded_detection * law.recording.share)


def is_caught(law: Any, habits: Any, luck: float) -> bool:
    """Tell whether a call-back is made and recognises a cosmetic closure."""
    return luck < law.closed_loop.call_back * detection(law, habits)


def closes_cosmetically(law: Any, habits: Any, unit: Any, case: Any, load: float) -> float:
    """Return the chance that a unit only pretends to work (Tu & Gong 2022)."""
    lean = habits.closing
    return numbers.logistic(
        lean.cosmetic
        + lean.cosmetic_load * load
        + lean.cosmetic_pressure * case.pressed / (1.0 + case.pressed)
        + lean.cosmetic_ranking * unit.pressure
        - lean.cosmetic_checked * law.closed_loop.call_back * detection(law, habits)
        - lean.cosmetic_recorded * law.recording.share
    )
