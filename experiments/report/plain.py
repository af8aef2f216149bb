"""The body of a report from what any study tells on a terminal: sentences, tables, figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from experiments.blocks import Block, Bullets, Heading, Image, Paragraph, Table
from experiments.messages import msg

if TYPE_CHECKING:
    import rich.table

__all__ = ["plain_body", "sheet_of"]


def plain_body(told: Iterable[Any], alts: Mapping[str, str]) -> Iterator[Block]:
    """Yield sentences and tables in the order in which they are told, then the figures.

    Parameters
    ----------
    told : iterable
        Sentences and blocks.
    alts : mapping
        By name of a figure that was drawn: what it shows, in words.
    """
    sentences = list[str]()
    yield Heading(msg("report_found"))
    for each in told:
        if isinstance(each, str):
            sentences.append(each.strip())
            continue
        yield from _said(sentences)
        sentences.clear()
        yield each if isinstance(each, Block) else sheet_of(each)
    yield from _said(sentences)
    if alts:
        yield Heading(msg("report_figures"))
        yield from (Image(name, alt.partition(":")[2].strip() or name, alt) for name, alt in alts.items())


def _said(sentences: list[str]) -> Iterator[Block]:
    kept = tuple(each for each in sentences if each)
    if len(kept) == 1:
        yield Paragraph(kept[0])
    elif kept:
        yield Bullets(kept)


def sheet_of(table: rich.table.Table) -> Table:
    """Return a table of the terminal as a table of the report."""
    columns = [[_text(cell) for cell in column.cells] for column in table.columns]
    rows = tuple(_row(cells) for cells in zip(*columns, strict=True))
    lefts = [place for place, column in enumerate(table.columns) if column.justify != "right"]
    words = next((place for place in range(len(columns)) if place not in lefts), len(columns))
    header = tuple(_text(column.header) for column in table.columns)
    return Table(header, rows, _text(table.title or ""), _text(table.caption or ""), words)


def _row(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Return a row; one in which the first cell alone says something is a heading within the table."""
    return cells[:1] if len(cells) > 1 and cells[0] and not any(cells[1:]) else cells


def _text(value: Any) -> str:
    return str(getattr(value, "plain", value)).strip()
