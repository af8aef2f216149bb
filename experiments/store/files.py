"""Files that are whole or absent, a folder that one process at a time writes, and what was last measured."""

import csv
import io
import json
import os
import secrets
import socket
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from filelock import FileLock, Timeout

from experiments.errors import WrongInput

TEMPORARY = ".tmp"  # ending of a file that is being written; one found at the start was left by a killed run


def now() -> str:
    """Return the present time, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


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
    if os.name == "nt":
        return  # it cannot open folders and does not need it
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)  # brings the renaming itself to disk
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


PATIENCE = 5.0  # seconds to wait for another writer before saying who it is

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
        who = writer_of(folder)
        holder = f"process {who['pid']} on {who['host']} since {who['since']}" if who else "an unknown process"
        raise WrongInput([f"{folder}: is being written by {holder}. Wait for it to finish or stop it."]) from error
    with held:
        token = secrets.token_hex(8)
        who = {"pid": os.getpid(), "host": socket.gethostname(), "since": now(), "token": token}
        (folder / WRITER).write_text(json.dumps(who), encoding="utf-8")
        yield token


def writer_of(folder: Path) -> dict[str, Any]:
    """Return pid, host, since and token of the process that writes a folder; nothing where the folder is not seen."""
    try:
        return dict(json.loads((folder / WRITER).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


_PACKAGE = Path(__file__).resolve().parents[1]


def measured_file(name: str) -> Path:
    """Return the file of the "instruments", "expectations", "patterns" or "scales" measured last.

    It is in `results/measured/` of a clone, in `experiments/measured/` of an installed copy.
    """
    installed = _PACKAGE / "measured"
    folder = installed if installed.is_dir() else _PACKAGE.parent / "results" / "measured"
    return folder / f"{name}.json"


def read_measured(name: str) -> dict[str, Any]:
    """Return what was measured last; nothing before the first measurement."""
    path = measured_file(name)
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found


def keep_measured(name: str, content: dict[str, Any]) -> None:
    """Replace what was measured last."""
    replace_text(measured_file(name), json.dumps(content, ensure_ascii=False, indent=1) + "\n")
