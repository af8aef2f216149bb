"""How outcomes are shown: titles, units, and numbers a reader can take in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.statistics import Interval
from experiments.words import Language, word

if TYPE_CHECKING:
    from model import Outcome

__all__ = ["interval_text", "number", "scale", "title", "unit"]


def title(outcome: Outcome, language: Language) -> str:
    """Return the outcome's title."""
    return outcome.title_zh if language is Language.ZH else outcome.title_en


def scale(outcome: Outcome) -> float:
    """Return the factor by which values are shown: shares as percentages."""
    return 100.0 if outcome.unit == "share" else 1.0


def unit(outcome: Outcome, language: Language, *, difference: bool = False) -> str:
    """Return the unit in which values, or differences, are shown."""
    if outcome.unit == "share":
        return word("pp" if difference else "percent", language)
    return outcome.unit


def number(value: float | None, outcome: Outcome, *, sign: bool = False) -> str:
    """Return a value in the outcome's shown unit, to three or so meaningful digits."""
    if value is None:
        return word("undefined")
    shown = value * scale(outcome)
    digits = 0 if abs(shown) >= 1000 else 1 if abs(shown) >= 100 else 2 if abs(shown) >= 1 or shown == 0 else 3
    return f"{shown:{'+' if sign else ''},.{digits}f}"


def interval_text(interval: Interval, outcome: Outcome, *, sign: bool = False) -> str:
    """Return `low to high`, or a dash where undefined."""
    if interval.low is None or interval.high is None:
        return word("undefined")
    return f"{number(interval.low, outcome, sign=sign)} … {number(interval.high, outcome, sign=sign)}"
