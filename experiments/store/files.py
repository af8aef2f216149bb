"""Files that are whole or absent, and a folder that one process at a time writes."""

from __future__ import annotations

import csv
import io
import json
import os
import secrets
import socket
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from filelock import FileLock, Timeout

from experiments.errors import WrongInput
from experiments.store.provenance import now

TEMPORARY = ".tmp"
"""Ending of a file that is being written; one found at the start was left by a killed run."""


@contextmanager
def whole(path: Path) -> Iterator[BinaryIO]:
    """Open a file that appears under its name only when it is complete and on disk; its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + TEMPORARY)
    with unfinished.open("wb") as sink:
        yield sink
        sink.flush()
        os.fsync(sink.fileno())
    unfinished.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Bring the renaming itself to disk; Windows cannot open folders and does not need it."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


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


PATIENCE = 5.0
"""Seconds to wait for another writer before saying who it is."""

LOCK, WRITER = ".lock", ".writer.json"
"""The file that is locked, and beside it who holds the lock: Windows forbids reading a locked file."""


@contextmanager
def one_writer(folder: Path, patience: float = PATIENCE) -> Iterator[str]:
    """Hold the lock of a study's folder; the system frees it when this process dies.

    Yields:
        A token left in the folder, by which workers elsewhere know that they see the same one.

    Raises:
        WrongInput: Naming process, machine and since when, if another process still writes after `patience` seconds.
    """
    try:
        held = FileLock(folder / LOCK).acquire(timeout=patience)
    except Timeout as error:
        raise WrongInput(
            [f"{folder}: is being written by {_holder(folder)}. Wait for it to finish or stop it."]
        ) from error
    with held:
        token = secrets.token_hex(8)
        who = {"pid": os.getpid(), "host": socket.gethostname(), "since": now(), "token": token}
        (folder / WRITER).write_text(json.dumps(who), encoding="utf-8")
        yield token


def token_of(folder: Path) -> str | None:
    """Return the token of the process that writes a folder, None where this process does not see the folder."""
    return _writer(folder).get("token")


def _holder(folder: Path) -> str:
    who = _writer(folder)
    return f"process {who['pid']} on {who['host']} since {who['since']}" if who else "an unknown process"


def _writer(folder: Path) -> dict[str, str]:
    try:
        return dict(json.loads((folder / WRITER).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}
