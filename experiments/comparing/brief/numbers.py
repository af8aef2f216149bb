"""Numbers as a reader without statistics takes them in: with their unit in words, ranges as "from to"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.present import decimals, number, unit
from experiments.statistics import Interval
from experiments.words import WORDS, word

if TYPE_CHECKING:
    from model import Outcome

__all__ = ["range_text", "with_unit"]


def with_unit(shown: str, outcome: Outcome, *, difference: bool = False) -> str:
    """Return a number with its unit in words; differences of percentages are points."""
    if outcome.unit == "share" and difference:
        return word("brief_points", number=shown)
    key = f"brief_unit_{outcome.unit}"
    return word(key, number=shown) if key in WORDS else f"{shown} {unit(outcome)}".strip()


def range_text(interval: Interval, outcome: Outcome, *, sign: bool = True) -> str:
    """Return the bounds of an interval, or a dash where there is none."""
    if interval.low is None or interval.high is None:
        return word("undefined")
    digits = decimals(interval, outcome)
    low, high = (number(bound, outcome, digits, sign=sign) for bound in (interval.low, interval.high))
    return word("brief_from_to", low=low, high=high)
