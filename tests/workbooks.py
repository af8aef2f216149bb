"""Workbooks of districts as an office would leave them: new ones whose examples count, cells changed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from openpyxl import load_workbook

from experiments import new_district

SHEETS = {"en": ("district", "streets", "departments", "requests", "duties"),
          "zh": ("区情", "街乡", "部门", "诉求类别", "职责")}  # fmt: skip


def filled(folder: Path, lang: Any = "en", cells: Mapping[str, Any] | None = None) -> Path:
    """Write a workbook in which the examples count, change cells ("requests!E2") and return the folder."""
    folder.mkdir(exist_ok=True)
    book = load_workbook(BytesIO(_new(lang)))
    for name in SHEETS[lang][1:]:
        for row in range(2, book[name].max_row + 1):
            book[name].cell(row, 1).value = None
    for place, value in (cells or {}).items():
        sheet, _, cell = place.partition("!")
        book[sheet][cell] = value
    book.save(folder / "district.xlsx")
    return folder


@cache
def _new(lang: Any) -> bytes:
    with TemporaryDirectory() as folder:
        return new_district(Path(folder), lang=lang).read_bytes()


def without(folder: Path, sheet: str, row: int | None = None) -> Path:
    """Take a row, or a whole sheet, out of the workbook of a folder and return the folder."""
    book = load_workbook(folder / "district.xlsx")
    if row is None:
        book.remove(book[sheet])
    else:
        book[sheet].delete_rows(row)
    book.save(folder / "district.xlsx")
    return folder
