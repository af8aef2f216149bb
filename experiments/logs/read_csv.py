"""CSV: separator and columns from its header, the columns needed as text, by Arrow."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from experiments.logs import Contents, Format, Place, Source
from experiments.logs.encodings import encoding_of, text_of
from experiments.logs.limits import Memory
from experiments.logs.options import LogOptions
from experiments.messages import msg

if TYPE_CHECKING:
    import pyarrow as pa

SEPARATORS, RARE = ",;\t|", "\x01^~#!: "
"""The one of these that divides the header into most columns; the rare ones where the usual ones do not divide it."""

FEWEST = 3  # columns of a log: case, unit, time
SAID = re.compile(r"sep=(.)\s*")  # a line that Excel writes and heeds
LINES = 3  # looked at where only its bytes tell a file
LONGEST_HEAD = 1 << 20  # letters within which the first line must end
BLOCK = 1 << 23  # bytes that Arrow reads at a time; a row must fit
WIDEST_LETTER = 4  # bytes in UTF-8


class _Utf8(io.RawIOBase):
    """A text as a stream in UTF-8 that counts the lines read through it, the last one too where nothing ends it."""

    def __init__(self, text: TextIO) -> None:
        self.text, self.ended, self.last = text, 0, b"\n"

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        piece = self.text.read(max(1, size // WIDEST_LETTER)).encode()
        self.ended += piece.count(b"\n")
        self.last = piece[-1:] or self.last
        return piece

    @property
    def lines(self) -> int:
        return self.ended + (self.last != b"\n")


@dataclass(frozen=True)
class _File:
    """A CSV file whose header was read: its columns, and how many lines it takes, empty ones before it included."""

    source: Source
    columns: list[str]
    separator: str
    encoding: str
    lines: int

    def read(self, columns: Sequence[str], notes: list[str]) -> tuple[pa.Table, Place]:
        """Read columns as text, and count line breaks inside cells; WrongInput for a damaged row, with its place."""
        import pyarrow as pa

        try:
            table, lines = self._parsed(columns, threads=True)
        except pa.ArrowInvalid as error:
            raise self.source.wrong(self._reason(columns, error)) from error
        inside = max(0, lines - self.lines - table.num_rows)
        if inside:
            notes.append(msg("log_note_lines_inside", count=inside))
            return table, lambda row: f"record {row + 1} (some span lines)"
        return table, lambda row: f"line {row + self.lines + 1}"

    def _parsed(self, columns: Sequence[str], *, threads: bool) -> tuple[pa.Table, int]:
        import pyarrow as pa
        from pyarrow import csv as arrow

        memory, batches = Memory(self.source.wrong), []
        with text_of(self.source, self.encoding) as text:
            counted = _Utf8(text)
            reader = arrow.open_csv(
                pa.PythonFile(counted, mode="r"),
                read_options=arrow.ReadOptions(
                    use_threads=threads, block_size=BLOCK, skip_rows=self.lines, column_names=self.columns
                ),
                parse_options=arrow.ParseOptions(delimiter=self.separator, newlines_in_values=True),
                convert_options=arrow.ConvertOptions(
                    include_columns=list(columns), strings_can_be_null=True, quoted_strings_can_be_null=True,
                    null_values=[""], column_types=dict.fromkeys(columns, pa.string()),
                ),
            )  # fmt: skip
            for batch in reader:
                memory.take(batch.nbytes)
                batches.append(batch)
            return pa.Table.from_batches(batches, reader.schema), counted.lines

    def _reason(self, columns: Sequence[str], error: Exception) -> str:
        """Read again with one thread, which knows the row, and say what is wrong with it."""
        import pyarrow as pa

        reason = str(error)
        try:
            self._parsed(columns, threads=False)
        except pa.ArrowInvalid as again:
            reason = str(again)
        if "straddling" in reason:
            return f"unclosed quote (a row is longer than {BLOCK:,} bytes). Correct the file."
        if "CSV parser got out of sync" in reason or "quoted" in reason:
            return "unclosed quote. Correct the file."
        first = reason.splitlines()[0][:300]
        return f"{first}, but the header has {len(self.columns)} columns. Check --separator and quotes."


def _contents(source: Source, options: LogOptions, notes: list[str]) -> Contents:
    """Read the names of the columns and, where it is not given, which separator divides most of them."""
    encoding = encoding_of(source, options, notes)
    with text_of(source, encoding) as text:
        start = text.read(LONGEST_HEAD)
    if "\n" not in start and "\r" not in start and len(start) == LONGEST_HEAD:
        raise source.wrong(f"is not a CSV log: the first line is longer than {LONGEST_HEAD:,} letters.")
    first, lines = _first_line(start)
    separator = options.separator
    if told := SAID.fullmatch(first):
        after, more = _first_line("".join(io.StringIO(start, newline="").readlines()[lines:]))
        first, lines, separator = after, lines + more, separator or told[1]
    try:
        separator = separator or _separator(first)
        columns = [name.strip() for name in _cells(first, separator)]
    except csv.Error as error:
        raise source.wrong(f"{error}. Check --separator and quotes.") from error
    file = _File(source, columns, separator, encoding, lines)
    return Contents(columns, lambda needed: file.read(needed, notes))


def _first_line(start: str) -> tuple[str, int]:
    """Return the first line that holds anything, and how many lines it takes; a quoted name may go over lines."""
    quotes, taken, lines = 0, "", 0
    for line in io.StringIO(start.removeprefix("\ufeff"), newline=""):
        taken += line
        lines += 1
        quotes += line.count('"')
        if quotes % 2 == 0 and taken.strip():
            break
    return taken, lines


def _separator(header: str) -> str:
    usual = max(SEPARATORS, key=lambda each: len(_cells(header, each)))
    return usual if len(_cells(header, usual)) > 1 else max(usual + RARE, key=lambda each: len(_cells(header, each)))


def _cells(text: str, separator: str) -> list[str]:
    csv.field_size_limit(LONGEST_HEAD)
    return next(csv.reader(io.StringIO(text.strip("\r\n")), delimiter=separator), [])


def _looks(head: str) -> int:
    """Tell whether the first lines are divided alike into as many columns as a log has."""
    lines = [line for line in head.splitlines()[:-1] if line.strip() and not SAID.fullmatch(line)][:LINES] or [head]
    counts = {tuple(line.count(each) for line in lines) for each in SEPARATORS}
    return int(any(len(set(each)) == 1 and each[0] >= FEWEST - 1 for each in counts))


FORMATS = (Format("csv", "CSV", (".csv", ".tsv", ".txt"), _contents, gzip=True, looks=_looks),)
