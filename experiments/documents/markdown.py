"""Markdown that several documents share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any


def cells(words: Iterable[str]) -> str:
    """Return a line of a table."""
    return "| " + " | ".join(words) + " |"


def table(columns: Sequence[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table."""
    return "\n".join([cells(columns), "|" + "---|" * len(columns), *map(cells, rows), ""])


def shown_interval(change: Mapping[str, Any], unit: str) -> str:
    """Return a change with its interval in the unit that is shown: shares in points."""
    factor, shown = (100.0, "pp") if unit == "share" else (1.0, unit)
    if change["mean"] is None or change["ci_low"] is None:
        return "–"
    mean, low, high = (factor * change[name] for name in ("mean", "ci_low", "ci_high"))
    return f"{mean:+.2f} [{low:+.2f}, {high:+.2f}] {shown}"
