"""Results in a cell of a notebook: a sentence, a picture, and tables that are folded; needs nothing from the net."""

import base64
from collections.abc import Iterable
from html import escape

from experiments.blocks import Table

STYLE = {"wide": "max-width:60em", "picture": "max-width:100%", "number": "text-align:right", "word": "text-align:left"}


def html_of_results(headline: str, picture: bytes | None, alt: str, summary: str, tables: Iterable[Table]) -> str:
    """Return a fragment of HTML.

    Args:
        picture: A PNG file, with `alt` in words.
        summary: On which one clicks to see the tables.
    """
    parts = [f'<div style="{STYLE["wide"]}"><p><strong>{escape(headline)}</strong></p>']
    if picture is not None:
        data = base64.b64encode(picture).decode("ascii")
        parts.append(f'<img style="{STYLE["picture"]}" alt="{escape(alt)}" src="data:image/png;base64,{data}">')
    if shown := "".join(map(html_of_table, tables)):
        parts.append(f"<details><summary>{escape(summary)}</summary>{shown}</details>")
    return "".join([*parts, "</div>"])


def html_of_table(table: Table) -> str:
    """Return a table; numbers stand right, and a row of one cell is a heading within it."""
    sides = [STYLE["word" if place < table.words else "number"] for place in range(len(table.header))]
    head = "".join(f'<th style="{side}">{escape(cell)}</th>' for side, cell in zip(sides, table.header, strict=True))
    rows = []
    for row in table.rows:
        if len(row) == 1 < len(table.header):
            rows.append(f'<tr><th style="{STYLE["word"]}" colspan="{len(table.header)}">{escape(row[0])}</th></tr>')
            continue
        cells = zip(sides, row, strict=True)
        rows.append("<tr>{}</tr>".format("".join(f'<td style="{side}">{escape(cell)}</td>' for side, cell in cells)))
    note = f"<p><small>{escape(table.note)}</small></p>" if table.note else ""
    caption = f"<caption>{escape(table.caption)}</caption>" if table.caption else ""
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>{note}"
