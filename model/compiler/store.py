"""What was compiled, on disk: small files named by the hash of all that decides their content.

A file is written beside its place and renamed; it carries a checksum, and one that does not hold is dropped. Whatever
the disk refuses, compiling goes on without it and says so once.
"""

import contextlib
import os
import sys
import tempfile
import time
import warnings
from pathlib import Path

from model.compiler.reach import digest

MOST_BYTES = 200_000_000  # size at which the files that were not used for longest are removed
_STALE_SECONDS = 3600.0  # age at which a file half written belongs to a process that is gone

_HEAD = 16


def home() -> Path:
    """Return the folder of everything compiled: `WHISTLE_CACHE`, or where the system keeps such files."""
    if given := os.environ.get("WHISTLE_CACHE"):
        return Path(given)
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "whistle"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "whistle"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "whistle"


class Store:
    """A folder of files by kind and key, made when something is first put into it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.writable = True

    def get(self, kind: str, key: str) -> bytes | None:
        """Return what was put, or None; a damaged file is removed."""
        path = self.folder / kind / key
        try:
            content = path.read_bytes()
        except OSError:
            with contextlib.suppress(OSError):
                path.rmdir()  # an empty folder in its place
            return None
        if digest(content[_HEAD:]) != content[:_HEAD]:
            with contextlib.suppress(OSError):
                path.unlink()
            return None
        with contextlib.suppress(OSError):
            os.utime(path)
        return content[_HEAD:]

    def put(self, kind: str, key: str, content: bytes) -> None:
        """Keep something, where the disk lets us."""
        if not self.writable:
            return
        path = self.folder / kind / key
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, digest(content) + content)
        except OSError as error:
            self.writable = False
            reason = error.strerror or type(error).__name__
            warnings.warn(
                f"Compiled code is not cached: {self.folder} is not writable ({reason}). Results are not affected, but "
                "the next start compiles again. To cache it, set WHISTLE_CACHE to a writable folder with enough "
                "space.", RuntimeWarning, stacklevel=2,
            )  # fmt: skip

    def prune(self, most: int = MOST_BYTES) -> None:
        """Remove what was not used for longest until the rest is no larger than `most` bytes."""
        files = []
        with contextlib.suppress(OSError):
            for path in self.folder.glob("*/*"):
                with contextlib.suppress(OSError):
                    facts = path.stat()
                    files.append((facts.st_mtime, facts.st_size, path))
        size, now = sum(one[1] for one in files), time.time()
        for used, bytes_, path in sorted(files):
            half_written = path.suffix == ".part" and now - used > _STALE_SECONDS
            if half_written or size > most:
                with contextlib.suppress(OSError):
                    path.unlink()
                size -= bytes_


def _write(path: Path, content: bytes) -> None:
    """Write a file under a name of its own and rename it: others see all of it, or nothing."""
    handle, part = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(part, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(part)
        raise
