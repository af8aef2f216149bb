"""CSV: separator and columns from its head, the columns needed as text, by Arrow."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.csv

from experiments.errors import WrongInput
from experiments.logs.asked import Asked
from experiments.logs.source import Source, opened

__all__ = ["Head", "csv_head", "read_csv"]

SEPARATORS = ",;\t|"
LONGEST_HEAD = 1 << 20
"""Bytes within which the first line must end."""

BLOCK = 1 << 23
"""Bytes that Arrow reads at a time; a row must fit."""


@dataclass(frozen=True)
class Head:
    """The first line of a CSV file.

    Attributes
    ----------
    columns : tuple of str
    separator : str
    lines : int
        Lines that it takes, empty ones before it included.
    """

    columns: tuple[str, ...]
    separator: str
    lines: int


def csv_head(source: Source, asked: Asked) -> Head:
    """Read the names of the columns and, where it is not told, which separator divides most of them.

    Raises
    ------
    WrongInput
        If the first line does not end, or is not text in the encoding.
    """
    with opened(source) as stream:
        start = stream.read(LONGEST_HEAD)
    ended = max(start.find(b"\n"), start.find(b"\r")) >= 0 or len(start) < LONGEST_HEAD
    if not ended:
        raise WrongInput([f"{source.path}: is not a CSV log: the first line is longer than {LONGEST_HEAD:,} bytes."])
    first, lines = _first_line(start)
    try:
        text = first.decode(asked.encoding or "utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise WrongInput([_not_text(source, asked)]) from error
    separator = asked.separator or max(SEPARATORS, key=lambda each: len(_cells(text, each)))
    return Head(tuple(name.strip() for name in _cells(text, separator)), separator, lines)


def _first_line(start: bytes) -> tuple[bytes, int]:
    """Return the first line that holds anything, and how many lines it takes; a quoted name may go over lines."""
    quotes, taken, lines = 0, b"", 0
    for line in start.splitlines(keepends=True):
        taken += line
        lines += 1
        quotes += line.count(b'"')
        if quotes % 2 == 0 and taken.strip():
            break
    return taken, lines


def _cells(text: str, separator: str) -> list[str]:
    rows = csv.reader(io.StringIO(text.strip("\r\n")), delimiter=separator)
    csv.field_size_limit(LONGEST_HEAD)
    return next(rows, [])


def _not_text(source: Source, asked: Asked) -> str:
    encoding = asked.encoding or "UTF-8"
    return f"{source.path}: is not valid {encoding} text. Give its --encoding, such as latin-1 or gb18030."


class _Counted(io.RawIOBase):
    """A stream that counts the lines read through it."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.lines = 0
        self.last = b"\n"

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        piece = self.stream.read(size)
        self.lines += piece.count(b"\n")
        self.last = piece[-1:] or self.last
        return piece

    def total(self) -> int:
        """Return lines, the last one too where nothing ends it."""
        return self.lines + (self.last != b"\n")


def read_csv(
    source: Source, head: Head, columns: Sequence[str], asked: Asked
) -> tuple[pa.Table, Callable[[int], str], int]:
    """Read columns as text: dictionaries, except for what looks like times.

    Returns
    -------
    pa.Table, callable, int
        The columns; the place of a row in words; and how many lines are inside of cells.

    Raises
    ------
    WrongInput
        For rows with more or fewer cells than the head, bytes that are no text, or a row that does not end.
    """
    with opened(source) as stream:
        counted = _Counted(stream)
        try:
            table = _parsed(counted, head, columns, asked, threads=True)
        except pa.ArrowInvalid as error:
            raise WrongInput([_in_words(source, head, columns, asked, error)]) from error
        except (UnicodeDecodeError, LookupError) as error:
            raise WrongInput([_not_text(source, asked)]) from error
    inside = max(0, counted.total() - head.lines - table.num_rows)
    return table, (_line(head) if inside == 0 else _record), inside


def _line(head: Head) -> Callable[[int], str]:
    return lambda row: f"line {row + head.lines + 1}"


def _record(row: int) -> str:
    return f"record {row + 1} (some span lines)"


def _parsed(stream: Any, head: Head, columns: Sequence[str], asked: Asked, *, threads: bool) -> pa.Table:
    return pa.csv.read_csv(
        pa.PythonFile(stream, mode="r"),
        read_options=pa.csv.ReadOptions(
            use_threads=threads, block_size=BLOCK, encoding=asked.encoding or "utf8", skip_rows=head.lines,
            column_names=list(head.columns),
        ),
        parse_options=pa.csv.ParseOptions(delimiter=head.separator, newlines_in_values=True),
        convert_options=pa.csv.ConvertOptions(
            include_columns=list(columns), strings_can_be_null=True, quoted_strings_can_be_null=True, null_values=[""],
            column_types=dict.fromkeys(columns, pa.string()),
        ),
    )  # fmt: skip


def _in_words(source: Source, head: Head, columns: Sequence[str], asked: Asked, error: pa.ArrowInvalid) -> str:
    """Read again with one thread, which knows the row, and say what is wrong with it."""
    reason = str(error)
    with opened(source) as stream:
        try:
            _parsed(_Counted(stream), head, columns, asked, threads=False)
        except pa.ArrowInvalid as again:
            reason = str(again)
        except (UnicodeDecodeError, LookupError):
            return _not_text(source, asked)
    if "UTF8" in reason:
        return _not_text(source, asked)
    if "straddling" in reason:
        return f"{source.path}: unclosed quote (a row is longer than {BLOCK:,} bytes). Correct the file."
    if "CSV parser got out of sync" in reason or "quoted" in reason:
        return f"{source.path}: unclosed quote. Correct the file."
    first = reason.splitlines()[0][:300]
    return f"{source.path}: {first}, but the header has {len(head.columns)} columns. Check --separator and quotes."
