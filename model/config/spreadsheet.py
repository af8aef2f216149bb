"""A district in a workbook (.xlsx): read cell by cell into rows of values, each with its cell."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from model.config.book import EXAMPLE, MARK, NO, Column, Page, pages, plain, value_of
from model.config.gaps import Gap, gap, gap_of_cell
from model.config.usual import usual_of_column
from model.config.yamlfile import LARGEST_FILE
from model.errors import ConfigError
from model.extras import CORE, needs

MOST_ROWS = 20_000  # of a sheet that are looked at
MOST_COLUMNS = 200
HEADER_WITHIN = 10  # the header is among the first rows
LARGEST_UNPACKED = 100_000_000  # bytes of all parts of a workbook; a small file could hold very much


@dataclass(frozen=True)
class Row:
    """One row that counts: its values by key of the column, and where each cell is.

    Attributes:
        number: As the spreadsheet counts.
        names: Of the entry, in English and in Chinese, for messages.
        values: What is filled in, and right.
        cells: Place of the cell of every column.
    """

    number: int
    names: tuple[str, str]
    values: dict[str, Any]
    cells: Callable[[str], str]


@dataclass
class Read:
    """What was read of a workbook.

    Attributes:
        rows: By name of the sheet.
        sheets: Place of each sheet by its name.
        gaps: What is missing or wrong.
        examples: Rows left out as examples.
        ignored: Headers that mean nothing here, by sheet.
    """

    rows: dict[str, list[Row]] = field(default_factory=dict)
    sheets: dict[str, str] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    examples: int = 0
    ignored: list[tuple[str, str]] = field(default_factory=list)


def read_workbook(path: Path, shown: str) -> Read:
    """Read a workbook; `shown` is its name in messages.

    Raises:
        ConfigError: If it is no workbook, or too large.
        MissingExtra: Without openpyxl.
    """
    needs(CORE, "a district in a workbook", "openpyxl")
    return _read(_bytes(path, shown), shown)


def _bytes(path: Path, shown: str) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ConfigError([f"{shown}: expected at most {LARGEST_FILE:,} bytes, got {path.stat().st_size:,}."])
        raw = path.read_bytes()
        with zipfile.ZipFile(BytesIO(raw)) as parts:
            size = sum(part.file_size for part in parts.infolist())
    except OSError as error:
        raise ConfigError([f"{shown}: cannot be read: {error.strerror or error}."]) from error
    except zipfile.BadZipFile as error:
        raise ConfigError([f"{shown}: is no workbook. Save it as Excel workbook (.xlsx)."]) from error
    if size > LARGEST_UNPACKED:
        raise ConfigError([f"{shown}: expected at most {LARGEST_UNPACKED:,} bytes unpacked, got {size:,}."])
    return raw


def _cells(raw: bytes, shown: str) -> dict[str, list[list[tuple[Any, Any]]]]:
    """Return title and rows of each sheet of ours, a cell as its value and what is written in it (a formula)."""
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of parts that openpyxl does not keep, which nobody needs here
            values, written = (load_workbook(BytesIO(raw), read_only=True, data_only=only) for only in (True, False))
            return {
                sheet.title: [
                    list(zip(*pair, strict=True))
                    for pair in zip(_grid(sheet), _grid(written[sheet.title]), strict=True)
                ]
                for sheet in values.worksheets
                if any(page.titled(sheet.title) for page in pages().values())
            }
    except Exception as error:  # whatever a damaged file makes of the reader
        raise ConfigError([f"{shown}: is a damaged workbook ({type(error).__name__}). Save it again."]) from error


def _grid(sheet: Any) -> Iterator[tuple[Any, ...]]:
    sheet.reset_dimensions()  # what a file says of its size may be absurd
    yield from sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS, values_only=True)


@lru_cache(maxsize=8)
def _read(raw: bytes, shown: str) -> Read:
    found, grids = Read(), _cells(raw, shown)
    for page in pages().values():
        title = next(filter(page.titled, grids), None)
        found.sheets[page.name] = f"{shown}: {title or page.en}"
        found.rows[page.name] = []
        if title is None:
            found.gaps.append(gap(shown, "no_sheet", sheet=(page.en, page.zh)))
        else:
            _Sheet(page, grids[title], found).read()
    return found


class _Sheet:
    """Reads one sheet."""

    def __init__(self, page: Page, grid: list[list[tuple[Any, Any]]], found: Read) -> None:
        self.page, self.grid, self.found = page, grid, found
        self.place = found.sheets[page.name]
        self.columns: dict[int, Column] = {}

    def read(self) -> None:
        start = self._header()
        at = {column.key for column in self.columns.values()}
        for column in self.page.columns:
            if column.needed and column.key not in at:
                words = {"name": (column.en, column.zh), "allowed": column.allowed}
                self.found.gaps.append(gap(self.place, "no_column", **words))
        if any(plain(value) for cells in self.grid[MOST_ROWS:] for value, _ in cells):  # empty ones may be formatted
            self.found.gaps.append(gap(self.place, "too_many", most=MOST_ROWS))
        rows = ((number, cells) for number, cells in enumerate(self.grid[start:MOST_ROWS], start + 1))
        self.found.rows[self.page.name] = [
            self._row(number, cells) for number, cells in rows if self._counts(cells)
        ]  # fmt: skip

    def _header(self) -> int:
        """Find the header and return the number of rows down to it, 0 where there is none."""
        for number, cells in enumerate(self.grid[:HEADER_WITHIN], 1):
            known = {i: self.page.column(value) for i, (value, _) in enumerate(cells) if plain(value)}
            if sum(each is not None for each in known.values()) >= 2:
                self.columns = {i: each for i, each in known.items() if each is not None}
                odd = [str(cells[i][0]) for i, each in known.items() if each is None]
                self.found.ignored += [(self.place, header) for header in odd]
                return number
        return 0

    def _counts(self, cells: list[tuple[Any, Any]]) -> bool:
        """Tell whether a row is filled in and no example."""
        by_key = {column.key: plain(cells[i][0]) for i, column in self.columns.items() if i < len(cells)}
        mark = by_key.pop(MARK, "")
        if mark and mark not in NO and any(by_key.values()):
            self.found.examples += mark in map(plain, EXAMPLE.values())
            return False
        return any(by_key.values())

    def _row(self, number: int, cells: list[tuple[Any, Any]]) -> Row:
        letters = {column.key: f"{self.place}!{_letter(i)}{number}" for i, column in self.columns.items()}
        given = {column.key: cells[i] for i, column in self.columns.items() if i < len(cells)}
        said = {key: str(given[key][0]).strip() for key in _NAMED if key in given and plain(given[key][0])}
        either = next(iter(said.values()), "")
        names = said.get("title.en", either), said.get("title.zh", either)
        row = Row(number, names, {}, lambda key: letters.get(key, f"{self.place}!A{number}"))
        for column in self.columns.values():
            self._cell(row, column, *given.get(column.key, (None, None)))
        return row

    def _cell(self, row: Row, column: Column, value: Any, written: Any) -> None:
        place, known = row.cells(column.key), usual_of_column(self.page.name, column.key)
        if column.key == MARK:
            return
        if not plain(value):
            formula = isinstance(written, str) and written.startswith("=")
            if formula or column.needed:
                what = "formula" if formula else "empty"
                self.found.gaps.append(gap_of_cell(place, what, column, row.names, known))
            return
        try:
            row.values[column.key] = value_of(value, column.known)
        except ValueError:
            self.found.gaps.append(gap_of_cell(place, "wrong", column, row.names, known, value))


_NAMED = ("title.zh", "title.en", "code", "kind", "key")  # columns by which a row is called


def _letter(place: int) -> str:
    """Return the letters of a column, counted from 0, as spreadsheets have them."""
    from openpyxl.utils import get_column_letter

    return get_column_letter(place + 1)
