"""Blocks on a terminal."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from experiments.blocks import Block, Bullets, Code, Definitions, Heading, Image, Notice, Paragraph, Table

if TYPE_CHECKING:
    from rich.console import Console

PIPED_WIDTH = 150  # columns when nobody looks: enough that no cell of a comparison of two is folded
LABEL = 30  # columns that the names of rows may always take; longer ones are folded where the terminal is narrow
GAP = 2  # columns between two cells


def console() -> Console:
    """Return standard output: as wide as the terminal, or wide enough for a comparison where nobody looks."""
    from rich.console import Console

    found = Console()
    return found if found.is_terminal else Console(width=PIPED_WIDTH)


def in_notebook() -> bool:
    """Tell whether this runs in a notebook."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return hasattr(shell, "kernel")


def error_console() -> Console:
    """Return the console for progress and warnings: standard error."""
    from rich.console import Console

    return Console(stderr=True)


def show(*blocks: Block | str | Any) -> None:
    """Print blocks, and sentences, on standard output; images are in the study's folder."""
    out = console()
    for block in blocks:
        for drawn in _drawn(block, out.width):
            # a sentence is not broken into lines where it is piped into a file or searched
            out.print(drawn, highlight=False, markup=False, soft_wrap=isinstance(drawn, str))


def _drawn(block: Any, width: int) -> Iterator[Any]:
    """Yield what rich prints of a block."""
    match block:
        case Image():
            return
        case Table():
            yield from (_table(part) for part in _parts(block, width))
        case Heading(text=text):
            yield f"\n{text}"
        case Paragraph(text=text) | Notice(text=text) | Code(text=text):
            yield text
        case Bullets(items=items, numbered=numbered):
            yield from (f"{place}. {item}" if numbered else item for place, item in enumerate(items, 1))
        case Definitions(entries=entries):
            yield from (f"{name}: {meaning}" for name, meaning in entries)
        case _:
            yield block


def _table(table: Table) -> Any:
    from rich import box
    from rich.table import Table as Drawn
    from rich.text import Text

    drawn = Drawn(title=table.caption or None, caption=table.note or None, box=box.SIMPLE_HEAD, pad_edge=False)
    for place, name in enumerate(table.header):
        drawn.add_column(name, justify="left" if place < table.words else "right", overflow="fold")
    for row in table.rows:
        if len(row) == 1 < len(table.header):
            drawn.add_section()
            drawn.add_row(Text(row[0], style="bold"))
        else:
            drawn.add_row(*row)
    return drawn


def _parts(table: Table, width: int) -> Iterator[Table]:
    """Yield a table as one, or as few as fit the width: about as many columns each, the first one in all of them."""
    from rich.cells import cell_len

    whole = [row for row in table.rows if len(row) == len(table.header)]
    widths = [max(map(cell_len, column)) + GAP for column in zip(table.header, *whole, strict=True)]
    free = width - min(widths[0], LABEL)
    if table.words > 1 or sum(widths[1:]) <= free:
        yield table
        return
    others = len(table.header) - 1
    count = math.ceil(others / max(1, free // max(widths[1:])))
    each = math.ceil(others / count)
    for start in range(1, others + 1, each):
        kept = [0, *range(start, min(start + each, others + 1))]
        rows = tuple(row if len(row) == 1 else tuple(row[place] for place in kept) for row in table.rows)
        yield Table(tuple(table.header[place] for place in kept), rows, table.caption, table.note)
