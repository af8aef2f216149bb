"""What the page on the doubt shows: how the answer hangs on choices, and from which scale it may be told."""

from collections.abc import Mapping
from typing import Any

from experiments.documents import table
from experiments.evidence.instruments import NOT_MEASURED
from experiments.store.files import read_measured
from model import OUTCOMES


def doubt_tables() -> str:
    """Return how the answer over worlds hangs on how they were made, and from which scale each outcome may be told."""
    return f"{_choices_table()}\n{_scales_table()}"


def _choices_table() -> str:
    """Return the differences over worlds under every choice."""
    found = read_measured("choices")
    if not found:
        return f"**Choices**: {NOT_MEASURED} yet (`make doubt`).\n"
    names = list(next(iter(found["rows"].values()))["doubt"])
    head = [
        f"{OUTCOMES[name].title_en} ({'pp' if OUTCOMES[name].unit == 'share' else OUTCOMES[name].unit})"
        for name in names
    ]
    rows = (
        (
            choice,
            str(row["worlds"]),
            f"{row['before']:.1%}",
            *(_range(name, row["doubt"][name]) for name in names),
        )
        for choice, row in found["rows"].items()
    )
    return f"**Choices** (scale {found['scale']:g} but in the last row)\n\n" + table(
        ("choice", "worlds", "closure before", *head), rows
    )


def _range(name: str, doubt: Mapping[str, Any]) -> str:
    """Return the typical world, the range of nine in ten, and the share of worlds where it is better (or higher)."""
    outcome = OUTCOMES[name]
    if doubt["low"] is None:
        return "–"
    factor, digits = (100.0, 1) if outcome.unit == "share" else (1.0, 2)
    median, low, high = (f"{factor * doubt[key]:+.{digits}f}" for key in ("median", "low", "high"))
    side = "better" if outcome.direction else "higher"
    return f"{median} ({low} … {high}), {side} in {doubt['better']:.0%}"


def _scales_table() -> str:
    """Return from which scale each outcome may be told, and how far apart its difference is at every smaller one."""
    found = read_measured("scales")
    if not found:
        return f"**Scales**: {NOT_MEASURED} yet (`make scales`).\n"
    scales = [each for each in found["scales"] if each < 1.0]
    rows = []
    for name, each in found["outcomes"].items():
        outcome = OUTCOMES[name]
        least = each["from"]
        told = "–" if each["scales"]["1.0"]["median"] is None else "1 only" if least in (None, 1.0) else f"{least:g}"
        cells = (_apart(each["scales"][str(scale)]["apart"]) for scale in scales)
        rows.append((f"{outcome.title_en} (`{name}`)", told, *cells))
    return f"**Scales** ({found['worlds']} worlds)\n\n" + table(
        ("outcome", "told from scale", *(f"apart at {scale:g}" for scale in scales)), rows
    )


def _apart(share: float | None) -> str:
    return "–" if share is None else f"{share:.2f}"
