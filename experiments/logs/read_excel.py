"""Excel: the sheet and the row of its header that give a case, a unit and a time; cells as numbers, times and text."""

from __future__ import annotations

import io
import warnings
import zipfile
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from datetime import time, timedelta
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

from experiments.errors import WrongInput
from experiments.logs import Contents, Format, Place, Source
from experiments.logs.limits import Memory, check_archive
from experiments.logs.options import LogOptions, quoted
from experiments.logs.tables import Rows
from experiments.messages import msg

if TYPE_CHECKING:
    import pyarrow as pa

TITLE = "Excel"
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # first bytes of .xls, and of newer files with a password
LOCKED = "EncryptedPackage".encode("utf-16-le")
MOST_ROWS, MOST_COLUMNS = 1_048_576, 1_024  # of a sheet; Excel itself allows 16,384 columns
HEADERS = 20  # rows among which the header is looked for: titles may stand above it

LARGEST = 1 << 31  # bytes of all parts: a full sheet of twenty columns takes half of it, and some minutes
HEAD = 1 << 14  # bytes of a part of a file within which a document type would stand
OLD_BYTES = 10  # bytes of memory for a byte of .xls
ERRORS = ("#N/A", "#REF!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#VALUE!", "#GETTING_DATA")
LOCKED_WORDS = "is protected with a password. Open it, and save it without one."

Cells = Sequence[Any]


@dataclass(frozen=True)
class _Sheet:
    """A sheet: its name, and what reads its rows anew."""

    name: str
    rows: Callable[[], Iterator[Cells]]


@dataclass(frozen=True)
class _Header:
    """The header of a sheet, and how many rows it takes with those above it; `fits`: columns of a log are in it."""

    sheet: _Sheet
    columns: list[str]
    lines: int
    fits: int


def _contents(source: Source, options: LogOptions, notes: list[str]) -> Contents:
    with _book(source) as sheets:
        header = _chosen(source, sheets, options, notes)

    def read(columns: Sequence[str]) -> tuple[pa.Table, Place]:
        with _book(source) as again:
            sheet = next(each for each in again if each.name == header.sheet.name)
            return _read(source, sheet, header, columns)

    return Contents(header.columns, read)


def _read(source: Source, sheet: _Sheet, header: _Header, columns: Sequence[str]) -> tuple[pa.Table, Place]:
    """Read columns; rows without any value are left out."""
    at, rows, numbers = [header.columns.index(name) for name in columns], Rows(columns, source.wrong), array("q")
    for number, cells in enumerate(islice(_checked(source, sheet), header.lines, None), header.lines + 1):
        values = [_plain(cells[each]) if each < len(cells) else None for each in at]
        if any(each is not None for each in values):
            rows.add(values)
            numbers.append(number)
    return rows.table(), lambda row: f"sheet '{sheet.name}', row {numbers[row]}"


def _checked(source: Source, sheet: _Sheet) -> Iterator[Cells]:
    """Yield the rows of a sheet; WrongInput where it is larger than Excel allows, or than a log is."""
    for number, cells in enumerate(sheet.rows()):
        if number >= MOST_ROWS or len(cells) > MOST_COLUMNS:
            raise source.wrong(f"sheet '{sheet.name}' has more than {MOST_ROWS:,} rows or {MOST_COLUMNS:,} columns. "
                               "Delete what lies beside the log, or export it as CSV.")  # fmt: skip
        yield cells


def _plain(cell: Any) -> Any:
    """Return a cell as text, a number or a time; None where it is empty or holds an error."""
    if isinstance(cell, str):
        return None if not cell.strip() or (cell.startswith("#") and cell in ERRORS) else cell
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return str(cell) if isinstance(cell, time | timedelta) else cell


def _chosen(source: Source, sheets: Sequence[_Sheet], options: LogOptions, notes: list[str]) -> _Header:
    """Return the header of the sheet that was named, or of the one that has a case, a unit and a time."""
    names = [each.name for each in sheets]
    if options.sheet is not None and options.sheet not in names:
        raise WrongInput([f"--sheet: {source.name} has no sheet '{options.sheet}'; expected one of {quoted(names)}."])
    headers = [header for each in sheets if options.sheet in (None, each.name)
               if (header := _header(source, each, options)) is not None]  # fmt: skip
    if not headers:
        raise source.wrong("is empty. A log has at least a header and one event.")
    best = max(headers, key=lambda each: each.fits)
    if len(sheets) == 1 or options.sheet is not None or (best.fits == 0 and len(headers) == 1):
        return best
    if best.fits == 0:
        listed = "; ".join(f"'{each.sheet.name}': {quoted(each.columns[:HEADERS])}" for each in headers[:HEADERS])
        raise source.wrong(f"no sheet has columns recognised as case, unit and time. It has {listed}. Name it "
                           "with --sheet NAME, and its columns with --case, --unit and --time.")  # fmt: skip
    others = [each.sheet.name for each in headers if each.fits and each is not best]
    notes.append(msg("log_note_sheet_of" if others else "log_note_sheet", sheet=best.sheet.name, others=quoted(others)))
    return best


def _header(source: Source, sheet: _Sheet, options: LogOptions) -> _Header | None:
    """Return the first row that has the columns of a log, else the first with any value; None in an empty sheet."""
    from experiments.logs.columns import map_columns

    first = None
    for number, cells in enumerate(islice(_checked(source, sheet), HEADERS), 1):
        columns = ["" if _plain(each) is None else str(_plain(each)).strip() for each in cells]
        while columns and not columns[-1]:
            columns.pop()
        if not columns:
            continue
        try:
            return _Header(sheet, columns, number, len(map_columns(columns, options).columns))
        except WrongInput:
            first = first or _Header(sheet, columns, number, 0)
    return first


@contextmanager
def _book(source: Source) -> Iterator[list[_Sheet]]:
    """Open a file and give its sheets; WrongInput where it has a password, or is too large."""
    with source.path.open("rb") as stream:
        old = stream.read(len(OLD)) == OLD
    with _old_book(source) if old else _new_book(source) as sheets:
        if not sheets:
            raise source.wrong("contains no sheet of cells.")
        yield sheets


@contextmanager
def _new_book(source: Source) -> Iterator[list[_Sheet]]:
    with zipfile.ZipFile(source.path) as archive:
        _check_parts(source, archive)
    with source.path.open("rb") as stream, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of all that it would not write back,
        with redirect_stdout(io.StringIO()):  # and prints what is odd in styles
            book = _loaded(stream)
        try:
            yield [_Sheet(each.title, partial(each.iter_rows, values_only=True)) for each in book.worksheets]
        finally:
            book.close()


def _loaded(stream: BinaryIO) -> Any:
    """Load a workbook for reading; what it says of the size of its sheets is left alone.

    It may be wrong, and rows would be filled up to it; where it is missing, sheets would be gone through to find it.
    """
    from openpyxl.reader.excel import ExcelReader
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

    class Sheet(ReadOnlyWorksheet):
        def _get_size(self) -> None:
            """Leave the size open."""

    class Reader(ExcelReader):
        def read_worksheets(self) -> None:
            """Add the sheets that have cells."""
            book: Any = self.wb
            for sheet, part in self.parser.find_sheets():
                if part.target in self.valid_files and "chartsheet" not in part.Type:
                    book._sheets.append(Sheet(book, sheet.name, part.target, self.shared_strings))

    reader = Reader(stream, read_only=True, data_only=True, keep_links=False)
    reader.read()
    return reader.wb


def _check_parts(source: Source, archive: zipfile.ZipFile) -> None:
    """Raise WrongInput where parts are too large, or define entities, which office programs do not."""
    parts = archive.infolist()
    check_archive(parts, source.wrong)
    if sum(each.file_size for each in parts) > LARGEST:
        raise source.wrong(f"is larger than {LARGEST / 1e9:.0f} GB once unpacked. Export the log as CSV.")
    Memory(source.wrong).take(2 * sum(each.file_size for each in parts if "sharedStrings" in each.filename))
    for each in parts:
        if each.filename.endswith((".xml", ".rels")):
            with archive.open(each) as part:
                if b"<!DOCTYPE" in part.read(HEAD):
                    raise source.wrong(f"{each.filename} contains a document type (DTD), whose entities could exhaust "
                                       "memory. Save it again with an office program.")  # fmt: skip


@contextmanager
def _old_book(source: Source) -> Iterator[list[_Sheet]]:
    import xlrd

    memory = Memory(source.wrong)
    memory.take(OLD_BYTES * source.path.stat().st_size)
    if LOCKED in source.path.read_bytes():
        raise source.wrong(LOCKED_WORDS)
    try:
        book = xlrd.open_workbook(str(source.path), on_demand=True, logfile=io.StringIO())
    except xlrd.XLRDError as error:
        if "encrypted" in str(error).lower():
            raise source.wrong(LOCKED_WORDS) from error
        raise
    with book:
        yield [_Sheet(name, partial(_old_rows, book, name)) for name in book.sheet_names()]


def _old_rows(book: Any, name: str) -> Iterator[Cells]:
    import xlrd

    sheet = book.sheet_by_name(name)
    for row in range(sheet.nrows):
        yield [_old_cell(each, book.datemode, xlrd) for each in sheet.row(row)]


def _old_cell(cell: Any, mode: int, xlrd: Any) -> Any:
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return xlrd.xldate_as_datetime(cell.value, mode)
        except (ValueError, OverflowError):
            return cell.value
    if cell.ctype in (xlrd.XL_CELL_ERROR, xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return None
    return bool(cell.value) if cell.ctype == xlrd.XL_CELL_BOOLEAN else cell.value


FORMATS = (Format("excel", TITLE, (".xlsx", ".xlsm", ".xls", ".et"), _contents, magic=(b"PK\x03\x04", OLD)),)
