"""CSV: separator and columns from its header, the columns needed as text, by Arrow."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from experiments.logs import Contents, Format, Place, Source, opened
from experiments.logs.options import LogOptions
from experiments.messages import msg

if TYPE_CHECKING:
    import pyarrow as pa

SEPARATORS = ",;\t|"
UTF8 = "UTF-8"
LONGEST_HEAD = 1 << 20  # bytes within which the first line must end
BLOCK = 1 << 23  # bytes that Arrow reads at a time; a row must fit


class _Counted(io.RawIOBase):
    """A stream that counts the lines read through it, the last one too where nothing ends it."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream, self.ended, self.last = stream, 0, b"\n"

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        piece = self.stream.read(size)
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
        except (UnicodeDecodeError, LookupError) as error:
            raise self.source.wrong(_not_text(self.encoding)) from error
        inside = max(0, lines - self.lines - table.num_rows)
        if inside:
            notes.append(msg("log_note_lines_inside", count=inside))
            return table, lambda row: f"record {row + 1} (some span lines)"
        return table, lambda row: f"line {row + self.lines + 1}"

    def _parsed(self, columns: Sequence[str], *, threads: bool) -> tuple[pa.Table, int]:
        import pyarrow as pa
        from pyarrow import csv as arrow

        with opened(self.source) as stream:
            counted = _Counted(stream)
            table = arrow.read_csv(
                pa.PythonFile(counted, mode="r"),
                read_options=arrow.ReadOptions(
                    use_threads=threads, block_size=BLOCK, encoding="utf8" if self.encoding == UTF8 else self.encoding,
                    skip_rows=self.lines, column_names=self.columns,
                ),
                parse_options=arrow.ParseOptions(delimiter=self.separator, newlines_in_values=True),
                convert_options=arrow.ConvertOptions(
                    include_columns=list(columns), strings_can_be_null=True, quoted_strings_can_be_null=True,
                    null_values=[""], column_types=dict.fromkeys(columns, pa.string()),
                ),
            )  # fmt: skip
            return table, counted.lines

    def _reason(self, columns: Sequence[str], error: Exception) -> str:
        """Read again with one thread, which knows the row, and say what is wrong with it."""
        import pyarrow as pa

        reason = str(error)
        try:
            self._parsed(columns, threads=False)
        except pa.ArrowInvalid as again:
            reason = str(again)
        except (UnicodeDecodeError, LookupError):
            return _not_text(self.encoding)
        if "UTF8" in reason:
            return _not_text(self.encoding)
        if "straddling" in reason:
            return f"unclosed quote (a row is longer than {BLOCK:,} bytes). Correct the file."
        if "CSV parser got out of sync" in reason or "quoted" in reason:
            return "unclosed quote. Correct the file."
        first = reason.splitlines()[0][:300]
        return f"{first}, but the header has {len(self.columns)} columns. Check --separator and quotes."


def _not_text(encoding: str) -> str:
    return f"is not valid {encoding} text. Give its --encoding, such as latin-1 or gb18030."


def _contents(source: Source, options: LogOptions, notes: list[str]) -> Contents:
    """Read the names of the columns and, where it is not given, which separator divides most of them."""
    encoding = options.encoding or UTF8
    with opened(source) as stream:
        start = stream.read(LONGEST_HEAD)
    if b"\n" not in start and b"\r" not in start and len(start) == LONGEST_HEAD:
        raise source.wrong(f"is not a CSV log: the first line is longer than {LONGEST_HEAD:,} bytes.")
    first, lines = _first_line(start)
    try:
        text = first.decode(encoding).removeprefix("\ufeff")
        separator = options.separator or max(SEPARATORS, key=lambda each: len(_cells(text, each)))
        columns = [name.strip() for name in _cells(text, separator)]
    except UnicodeDecodeError as error:
        raise source.wrong(_not_text(encoding)) from error
    except csv.Error as error:
        raise source.wrong(f"{error}. Check --separator and quotes.") from error
    file = _File(source, columns, separator, encoding, lines)
    return Contents(columns, lambda needed: file.read(needed, notes))


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
    csv.field_size_limit(LONGEST_HEAD)
    return next(csv.reader(io.StringIO(text.strip("\r\n")), delimiter=separator), [])


FORMATS = (Format("csv", "CSV", (".csv", ".tsv", ".txt"), _contents, gzip=True),)
