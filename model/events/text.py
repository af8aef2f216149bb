"""Lines of text from columns of events, a whole chunk at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["joined", "quoted", "quoted_once", "times", "where_said", "write_lines"]


def quoted(words: Any, quote: Callable[[str], str]) -> Any:
    """Return the words of a dictionary column as strings, each distinct one quoted once."""
    column = words.combine_chunks() if isinstance(words, pa.ChunkedArray) else words
    names = pa.array([quote(name) for name in column.dictionary.to_pylist()], pa.string())
    return names.take(column.indices)


def quoted_once(words: Any, quote: Callable[[str], str]) -> Any:
    """Return a column of words, few of them there, as quoted strings; null where there is none."""
    return quoted(words.dictionary_encode(), quote)


def times(when: Any, suffix: str) -> Any:
    """Return times as "2018-01-01T00:00:00.000" and the suffix; a cast, for `strftime` takes thirty times as long."""
    words = when.cast(pa.timestamp("ms")).cast(pa.string())
    return joined(pc.utf8_replace_slice(words, 10, 11, "T"), suffix)


def where_said(before: str, values: Any, after: str) -> Any:
    """Return each value between two texts, and nothing where there is none."""
    return pc.fill_null(joined(before, values.cast(pa.string()), after), "")


def joined(*parts: Any) -> Any:
    """Return the parts, columns and constants, joined row by row; null where one is."""
    return pc.binary_join_element_wise(*parts, "")


def write_lines(out: BinaryIO, lines: Any) -> None:
    """Write strings one behind the other."""
    chunks = lines.chunks if isinstance(lines, pa.ChunkedArray) else [lines]
    for chunk in chunks:
        whole = chunk.cast(pa.large_string())
        _, offsets, characters = whole.buffers()
        ends = memoryview(offsets).cast("q")
        out.write(memoryview(characters)[ends[whole.offset] : ends[whole.offset + len(whole)]] if len(whole) else b"")
