"""How objects look to those who hold them in Python: data frames, and small tables for a notebook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from model.extras import needs

if TYPE_CHECKING:
    from pandas import DataFrame as DataFrame

WIDEST = 120  # characters of a line that is shown
MOST_ROWS = 20  # rows of a table in a notebook


def frame(columns: Mapping[str, Any], index: str | None = None) -> DataFrame:
    """Return columns as a data frame; `index` names the column that becomes its index."""
    needs("notebook", "to_frame()", "pandas")
    import pandas as pd

    made = pd.DataFrame(dict(columns))
    return made if index is None else made.set_index(index)


def cut(text: str, width: int = WIDEST) -> str:
    """Return a text on one line of at most this width, "…" where it goes on."""
    plain = " ".join(text.split())
    return plain if len(plain) <= width else plain[: width - 1] + "…"


def number(value: Any) -> str:
    """Return a value as it is read in a table: numbers with four digits, – where there is none."""
    if value is None or value != value:
        return "–"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def html_table(title: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a small table; rows beyond `MOST_ROWS` are counted below it."""
    known = [[number(cell) for cell in row] for row in rows]
    lines = ["".join(f"<td>{escape(cut(cell))}</td>" for cell in row) for row in known[:MOST_ROWS]]
    more = f"<p>… and {len(known) - MOST_ROWS} more rows</p>" if len(known) > MOST_ROWS else ""
    columns = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f"<p>{escape(title)}</p><table><thead><tr>{columns}</tr></thead><tbody>{body}</tbody></table>{more}"
