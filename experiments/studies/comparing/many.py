"""Many regimes side by side: the first one's levels, and what differs under each other one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from experiments.formatting import decimals, plus_minus, title, unit
from experiments.messages import msg
from experiments.studies.comparing.compare import Comparison, Difference
from experiments.studies.comparing.levels import level_text
from experiments.themes import by_theme

if TYPE_CHECKING:
    from model import Outcome

__all__ = ["many_tables"]

CELL, LEVEL = 18, 10
"""Columns of a page that a difference and a level take."""

LABEL = 30
"""Columns that the name of an outcome may always take; longer ones are folded where the page is narrow."""

Outcomes = Mapping[str, "Outcome"]


def many_tables(comparison: Comparison, outcomes: Outcomes, width: int) -> Iterator[Table]:
    """Yield as few tables as fit a page of this many columns, about equally wide."""
    others = comparison.regimes[1:]
    longest = max(cell_len(_label(outcomes[name])) for name in comparison.levels[comparison.regimes[0]])
    label = min(longest, max(LABEL, width - LEVEL - 3 * CELL))
    count = math.ceil(len(others) / max(1, (width - label - LEVEL) // CELL))
    each = math.ceil(len(others) / count)
    for start in range(0, len(others), each):
        yield _many(comparison, others[start : start + each], outcomes, label)


def _label(outcome: Outcome) -> str:
    return f"  {title(outcome)} ({unit(outcome)})"


def _many(comparison: Comparison, others: Sequence[str], outcomes: Outcomes, label: int) -> Table:
    first = comparison.regimes[0]
    heading = msg("many_title", before=comparison.name(first), basis=comparison.basis)
    table = Table(title=heading, box=box.SIMPLE_HEAD, pad_edge=False, caption=msg("many_caption"))
    table.add_column(msg("outcome"), overflow="fold", max_width=label)
    for regime in (first, *others):
        table.add_column(comparison.name(regime), justify="right", overflow="fold")
    found = {(each.outcome, each.after): each for each in comparison.differences}
    for theme, names in by_theme(comparison.levels[first]).items():
        table.add_section()
        table.add_row(Text(msg(theme), style="bold"))
        for name in names:
            outcome, level = outcomes[name], comparison.levels[first][name]
            cells = [_cell(comparison, found[name, regime], outcome) for regime in others]
            shown = level_text(comparison, first, outcome, decimals(level, outcome))
            table.add_row(_label(outcome), shown, *cells)
    return table


def _cell(comparison: Comparison, each: Difference, outcome: Outcome) -> str:
    """Return the difference, marked where it is not clear; its level where the first regime has none."""
    if each.interval.mean is None:
        level = comparison.levels[each.after][each.outcome]
        shown = level_text(comparison, each.after, outcome, decimals(level, outcome))
        return shown if level.mean is None else f"= {shown}"
    if each.equal:
        return msg("equal")
    mark = "" if each.clear or comparison.pairs == 1 else " °"
    return plus_minus(each.interval, outcome) + mark
