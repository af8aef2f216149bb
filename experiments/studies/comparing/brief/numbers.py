"""Numbers as a reader without statistics takes them in: with their unit in words, ranges as "from to"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.formatting import decimals, number, unit
from experiments.messages import MESSAGES, msg
from experiments.stats import Interval

if TYPE_CHECKING:
    from experiments.studies.comparing.compare import Comparison
    from model import Outcome

__all__ = ["based", "range_text", "with_unit"]


def based(comparison: Comparison) -> str:
    """Return what every number rests on, in words that say what a pair is."""
    basis = msg("brief_basis_one" if comparison.pairs == 1 else "brief_basis", count=comparison.pairs)
    return msg("basis_neutral", pairs=basis) if comparison.neutral else basis


def with_unit(shown: str, outcome: Outcome, *, difference: bool = False) -> str:
    """Return a number with its unit in words; differences of percentages are points."""
    if outcome.unit == "share" and difference:
        return msg("brief_points", number=shown)
    key = f"brief_unit_{outcome.unit}"
    return msg(key, number=shown) if key in MESSAGES else f"{shown} {unit(outcome)}".strip()


def range_text(interval: Interval, outcome: Outcome, *, sign: bool = True) -> str:
    """Return the bounds of an interval, or a dash where there is none."""
    if interval.low is None or interval.high is None:
        return msg("undefined")
    digits = decimals(interval, outcome)
    low, high = (number(bound, outcome, digits, sign=sign) for bound in (interval.low, interval.high))
    return msg("brief_from_to", low=low, high=high)
