"""One writer a study: a lock of the kernel, so that a killed writer leaves none behind."""

from __future__ import annotations

import errno
import json
import os
import secrets
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from experiments.errors import WrongInput
from experiments.store.provenance import now

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

__all__ = ["PATIENCE", "one_writer", "token_of"]

PATIENCE = 5.0
"""Seconds to wait for another writer before saying who it is."""

LOCK = ".lock"

LOCK_BYTE = 1 << 20
"""Windows locks a byte and then forbids reading it: one far behind the words that say who holds the lock."""

TAKEN = (errno.EAGAIN, errno.EACCES, errno.EDEADLK)


@contextmanager
def one_writer(folder: Path, patience: float = PATIENCE) -> Iterator[str]:
    """Hold the study's lock.

    Parameters
    ----------
    folder : Path
        The study; must exist.
    patience : float
        Seconds to wait for another writer.

    Yields
    ------
    str
        A word left in the lock, by which workers elsewhere know that they see the same folder.

    Raises
    ------
    WrongInput
        Naming process, machine and since when, if another writer stays.
    """
    path = folder / LOCK
    with path.open("a+", encoding="utf-8") as handle:
        if not _taken_within(handle, patience):
            raise WrongInput([f"{folder}: is being written by {_holder(path)}. Wait for it to finish or stop it."])
        handle.seek(0)
        handle.truncate()
        token = secrets.token_hex(8)
        handle.write(json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "since": now(), "token": token}))
        handle.flush()
        yield token


def token_of(folder: Path) -> str | None:
    """Return the word in a study's lock, None where this process does not see the folder."""
    try:
        return str(json.loads((folder / LOCK).read_text(encoding="utf-8"))["token"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _taken_within(handle: IO[str], patience: float) -> bool:
    until = time.monotonic() + patience
    while not _try(handle):
        if time.monotonic() >= until:
            return False
        time.sleep(0.05)
    return True


def _try(handle: IO[str]) -> bool:
    try:
        if sys.platform == "win32":
            handle.seek(LOCK_BYTE)
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in TAKEN:
            return False
        raise
    return True


def _holder(path: Path) -> str:
    try:
        who = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return "an unknown process"
    return f"process {who['pid']} on {who['host']} since {who['since']}"
