"""Arrow tables from values that are of any type, and from tables of which each has its own types."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from experiments.logs.limits import Memory, Wrong

if TYPE_CHECKING:
    import pyarrow as pa

ROWS = 1 << 16  # rows taken together
LARGEST = 1 << 53  # whole numbers up to here are exact as floating-point numbers, and stay numbers

Value = Any
"""None, text, a truth value, a number, a date or a time."""


class Rows:
    """Collects rows of values into columns; a column is of numbers or times where all its values are, else of text."""

    def __init__(self, columns: Sequence[str], wrong: Wrong) -> None:
        self.columns, self.memory = list(columns), Memory(wrong)
        self._rows: list[Sequence[Value]] = []
        self._parts: list[list[pa.Array]] = [[] for _ in columns]

    def add(self, row: Sequence[Value]) -> None:
        """Take a row, with a value for each column."""
        self._rows.append(row)
        if len(self._rows) == ROWS:
            self._pack()

    def _pack(self) -> None:
        for parts, values in zip(self._parts, zip(*self._rows, strict=True), strict=False):
            parts.append(array_of(values))
            self.memory.take(parts[-1].nbytes)
        self._rows.clear()

    def table(self) -> pa.Table:
        """Return all rows as a table."""
        import pyarrow as pa

        self._pack()
        return pa.table({name: unified(parts) for name, parts in zip(self.columns, self._parts, strict=True)})


def array_of(values: Sequence[Value]) -> pa.Array:
    """Return values as an array of numbers, times, or text; truth values and what does not fit its type are text."""
    import pyarrow as pa

    kinds = {type(each) for each in values} - {type(None)}
    if kinds and kinds <= {int, float}:
        if kinds == {int}:
            return pa.array(values, pa.int64()) if _exact(values) else pa.array(map(_text, values), pa.string())
        return pa.array(values, pa.float64())
    if kinds and kinds <= {date, datetime} and not any(getattr(each, "tzinfo", None) for each in values):
        return pa.array(values, pa.timestamp("us"))
    return pa.array(map(_text, values), pa.string())


def text_only(text: str) -> str:
    """Return a text without the halves of characters that JSON can hold: each is a question mark."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _exact(values: Iterable[int | None]) -> bool:
    return all(each is None or abs(each) < LARGEST for each in values)


def _text(value: Value) -> str | None:
    if value is None or isinstance(value, str):
        return value and text_only(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < LARGEST:
        return str(int(value))
    return value.isoformat(" ") if isinstance(value, datetime) else str(value)


def unified(parts: Sequence[pa.Array | pa.ChunkedArray]) -> pa.ChunkedArray:
    """Return arrays as one column: of their type, of numbers where all are numbers, else of text."""
    import pyarrow as pa

    plain = [part.cast(part.type.value_type) if pa.types.is_dictionary(part.type) else part for part in parts]
    kinds = {part.type for part in plain if not pa.types.is_null(part.type)}
    if len(kinds) > 1:
        numbers = all(pa.types.is_integer(each) or pa.types.is_floating(each) for each in kinds)
        kinds = {pa.float64() if numbers else pa.large_string()}
    kind = kinds.pop() if kinds else pa.string()
    chunks = [chunk for part in plain
              for chunk in (part.chunks if isinstance(part, pa.ChunkedArray) else [part])]  # fmt: skip
    return pa.chunked_array([chunk.cast(kind) for chunk in chunks], kind)


def joined(tables: Sequence[pa.Table], columns: Sequence[str]) -> pa.Table:
    """Return tables one below the other; what one of them does not have is empty there."""
    import pyarrow as pa

    return pa.table({
        name: unified([table.column(name) if name in table.column_names else pa.nulls(table.num_rows)
                       for table in tables])
        for name in columns
    })  # fmt: skip
