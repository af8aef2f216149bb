"""What happens after a case is declared closed: call-back, reversal, recurrence, patience."""

from __future__ import annotations

from typing import Any

from model import numbers

__all__ = ["chooses_cogovernance", "gives_up", "is_caught", "recurs", "reversal", "severity", "waiting_time"]


def chooses_cogovernance(habits: Any, load: float) -> float:
    """Return the chance that a street closes with residents: slower, lasting, for those with hours at hand."""
    return numbers.logistic(habits.closing.cogovernance - habits.closing.cogovernance_load * load)


def is_caught(law: Any, luck: float) -> bool:
    """Tell whether a call-back is made and recognises a cosmetic closure."""
    return luck < law.closed_loop.call_back * law.closed_loop.detection


def reversal(habits: Any, specialist: float) -> float:
    """Return the chance that an enforcement closure is reversed, at a given share of specialists' skill."""
    expert, lay = habits.closing.reversal_specialist, habits.closing.reversal_generalist
    return lay + specialist * (expert - lay)


def recurs(habits: Any, kind: Any, cosmetic: bool, cogoverned: bool) -> float:
    """Return the chance that a closed case comes back as a linked repeat."""
    if cosmetic:
        return habits.citizens.complains_again
    return kind.recur_cogovernance if cogoverned else kind.recur_control


def waiting_time(luck: float, mean: float) -> float:
    """Return an exponential waiting time with the given mean (same unit as the mean)."""
    return -mean * numbers.log(luck)


def gives_up(habits: Any, waited_days: float, luck: float) -> bool:
    """Tell whether the citizen gave up before now; −log(luck) ≥ 1 − luck spares most logarithms."""
    mean = habits.citizens.patience_days
    if (1.0 - luck) * mean > waited_days:
        return False
    return waiting_time(luck, mean) < waited_days


def severity(mean: float, luck: float) -> float:
    """Return a case's severity in [0, 1], spread around its kind's mean."""
    return min(1.0, max(0.0, mean + 0.5 * (luck - 0.5)))
