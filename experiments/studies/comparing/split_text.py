"""The 2 × 2 for a reader: a table of what placement and rules did, and the split of closure in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table

from experiments.formatting import plus_minus, title, unit
from experiments.messages import msg
from experiments.studies.comparing.compare import Comparison
from experiments.studies.comparing.splits import ORDERS, PARTS
from experiments.themes import HEADLINE

if TYPE_CHECKING:
    from model import Outcome

__all__ = ["split_sentence", "split_table"]

SPLIT = (*HEADLINE, "equity_gap")
"""Outcomes whose split is printed; `tables/split.csv` has all."""


def split_table(comparison: Comparison, outcomes: Mapping[str, Outcome]) -> Table:
    """Return the whole difference of each headline outcome, split into placement, rules and interaction."""
    heading = msg("split_title", basis=comparison.basis)
    table = Table(title=heading, box=box.SIMPLE_HEAD, pad_edge=False, caption=msg("split_caption"))
    table.add_column(msg("outcome"), overflow="fold")
    for part in PARTS:
        table.add_column(msg(f"part_{part}"), justify="right", overflow="fold")
    for each in comparison.splits:
        if each.outcome in SPLIT:
            outcome = outcomes[each.outcome]
            cells = [plus_minus(each.parts[part], outcome) for part in PARTS]
            table.add_row(f"{title(outcome)} ({unit(outcome, difference=True)})", *cells)
    return table


def split_sentence(comparison: Comparison, outcomes: Mapping[str, Outcome]) -> str:
    """Return the split of closure, in both orders, so that nobody takes a gain of placement for one of rules."""
    each = next(each for each in comparison.splits if each.outcome == HEADLINE[0])
    outcome = outcomes[each.outcome]
    parts = {part: plus_minus(each.parts[part], outcome) for part in (*PARTS, *ORDERS)}
    return msg("split_sentence", title=title(outcome), unit=unit(outcome, difference=True), **parts)
