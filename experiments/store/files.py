"""Files that are whole or absent: written beside, flushed, then renamed."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

__all__ = ["TEMPORARY", "append_line", "csv_text", "replace_text", "whole"]

TEMPORARY = ".tmp"
"""Ending of a file that is being written; one found at the start was left by a killed run."""


@contextmanager
def whole(path: Path) -> Iterator[BinaryIO]:
    """Open a file for writing that appears under its name only when complete and on disk.

    Parameters
    ----------
    path : Path
        Final name; its folder is made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + TEMPORARY)
    with unfinished.open("wb") as sink:
        yield sink
        sink.flush()
        os.fsync(sink.fileno())
    unfinished.replace(path)
    _sync_folder(path.parent)


def replace_text(path: Path, text: str) -> None:
    """Write a text file as a whole, in UTF-8."""
    with whole(path) as sink:
        sink.write(text.encode("utf-8"))


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a table as CSV; None is an empty cell."""
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return sink.getvalue()


def append_line(path: Path, line: str) -> None:
    """Append one line and bring it to disk."""
    with path.open("a", encoding="utf-8") as sink:
        sink.write(line + "\n")
        sink.flush()
        os.fsync(sink.fileno())


def _sync_folder(folder: Path) -> None:
    """Bring the renaming itself to disk; Windows cannot open folders and does not need it."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
