"""Rule 8: supervision and blame: pressure raises the stake and the temptation to close on paper."""

from typing import Any


def pressure_of_rank(law: Any, place: float) -> float:
    """Return the pressure that a place in the monthly ranking (0 best, 1 worst) puts on a street (E1)."""
    return law.ranking.weight * (law.ranking.on_the_best + (1.0 - law.ranking.on_the_best) * place)


def showing_work(law: Any, street: Any) -> float:
    """Return the person-days that a street under the ranking spends on showing a request well (E1)."""
    return float(law.ranking.work * street.pressure)


def month_score(responded: float, in_time: float, satisfied: float, reports: int) -> float:
    """Return the monthly score (E1) of a street with reports: the mean of its response, resolution and satisfaction."""
    return (responded + in_time + satisfied) / (3.0 * reports)


def comes_to_light(law: Any, habits: Any) -> float:
    """Return the chance that a cosmetic closure is found out: by a call-back (R11) or from its record (N15)."""
    unnoticed = 1.0 - law.closed_loop.call_back * law.closed_loop.detection
    return 1.0 - unnoticed * (1.0 - law.recording.share * habits.closing.recorded_detection)


def is_caught(law: Any, habits: Any, draw: float) -> bool:
    """Tell whether a cosmetic closure is found out; `draw` is that of the call-back."""
    return draw < comes_to_light(law, habits)


def closes_cosmetically(law: Any, habits: Any, unit: Any, case: Any, load: float) -> float:
    """Return the log-odds that a unit only pretends to work (Tu & Gong 2022)."""
    lean = habits.closing
    return (
        lean.cosmetic
        + lean.cosmetic_load * load
        + lean.cosmetic_pressure * case.pressed / (1.0 + case.pressed)
        + lean.cosmetic_ranking * unit.pressure
        - lean.cosmetic_checked * comes_to_light(law, habits)
    )
