"""What was measured of every instrument, as a table for a reader in either language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich import box
from rich.table import Table

from experiments.evidence.instruments import CLAIMS, Claim, verdict
from experiments.formatting import plus_minus, title, unit
from experiments.messages import Language, current_language, msg, pairs_text
from experiments.stats import Interval
from model import OUTCOMES, Condition

__all__ = ["instruments_table"]

COLUMNS = ("instrument", "observable", "claim", "alone", "whole", "closure_alone", "closure_whole")


def instruments_table(measured: Mapping[str, Any]) -> Table:
    """Return a row for each wrong and instrument: its observable's change beside the claim, and that of closure."""
    heading = msg("instruments_title", pairs=pairs_text(measured["pairs"]))
    table = Table(title=heading, box=box.SIMPLE_HEAD, pad_edge=False, caption=msg("instruments_caption"))
    for key in COLUMNS:
        table.add_column(msg(key), overflow="fold")
    for each in CLAIMS:
        table.add_row(*_row(each, measured["rows"][each.row]))
    return table


def _row(claim: Claim, change: Mapping[str, Any]) -> list[str]:
    outcome, closure = OUTCOMES[claim.outcome], OUTCOMES["closure_rate"]
    name = claim.title_zh if current_language() is Language.ZH else claim.title_en
    beside = claim.answered_by if isinstance(claim, Condition) else claim.beneath
    known = not isinstance(claim, Condition) and claim.by_construction
    sides = [change[side] for side in ("alone", "whole")]
    return [
        f"{claim.row}{_in_brackets(claim, beside)} {name}",
        f"{title(outcome)} ({unit(outcome, difference=True)})",
        "↑" if claim.direction > 0 else "↓",
        *(
            f"{plus_minus(_interval(side['observable']), outcome)} "
            + msg(f"verdict_{verdict(claim, side['observable'])}")
            + (" °" if known else "")
            for side in sides
        ),
        *(plus_minus(_interval(side["closure"]), closure) for side in sides),
    ]


def _in_brackets(claim: Claim, beside: tuple[str, ...]) -> str:
    """Return what must stand beneath an instrument (+), or what answers a wrong (→)."""
    if not beside:
        return ""
    return f" (→ {', '.join(beside)})" if isinstance(claim, Condition) else f" (+ {', '.join(beside)})"


def _interval(change: Mapping[str, Any]) -> Interval:
    return Interval(change["mean"], change["ci_low"], change["ci_high"])
