"""Files that a tab of the browser gives: in a temporary folder of this machine, removed with the tab."""

from __future__ import annotations

import secrets
import shutil
import tempfile
import weakref
from collections.abc import AsyncIterator
from pathlib import Path

from experiments.messages import Language, msg

LARGEST_LOG = 500_000_000  # bytes of all files of a log together; larger ones are for the command line
LARGEST_OF_ALL = 4 * LARGEST_LOG  # bytes of what all tabs have given
MOST_FILES = 60  # of a log: five years by month
LONGEST_NAME = 200  # letters of a file's name

_OPEN: weakref.WeakValueDictionary[str, Uploads] = weakref.WeakValueDictionary()
_HELD: dict[Path, int] = {}  # bytes of each file that is here or on its way, of all tabs


class TooLarge(Exception):
    """More than the page takes was sent; its words say of what."""


class Uploads:
    """What one tab has given: one log after another, of one or several files each.

    Attributes:
        token: Who knows it may send files.
    """

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(24)
        self._folder = tempfile.TemporaryDirectory(prefix="whistle-", ignore_cleanup_errors=True)
        _OPEN[self.token] = self

    @property
    def results(self) -> Path:
        """Folder of pictures."""
        return Path(self._folder.name) / "results"

    @property
    def room(self) -> Path:
        """Folder for what a program unpacks."""
        path = Path(self._folder.name) / "tmp"
        path.mkdir(exist_ok=True)
        return path

    def files(self, log: int) -> Path:
        """Return the folder of the files of a log."""
        return Path(self._folder.name) / f"log-{log}"

    async def take(self, log: int, name: str, pieces: AsyncIterator[bytes]) -> None:
        """Write a file of a log.

        Raises:
            ValueError: For a name that is none.
            TooLarge: If the log is larger than `LARGEST_LOG` or than the disk, has more than `MOST_FILES`, or all tabs
                have given more than `LARGEST_OF_ALL`; nothing of the file stays.
            OSError: If it cannot be written.
        """
        if not name.isprintable() or name != Path(name).name or not 0 < len(name) <= LONGEST_NAME:
            raise ValueError(f"expected the name of a file, got {name!r}")
        folder = self.files(log)
        folder.mkdir(exist_ok=True)
        path = folder / name
        others = [each for each in folder.iterdir() if each != path]
        if len(others) >= MOST_FILES:
            raise _too_much("too_many", MOST_FILES)
        most = min(LARGEST_LOG, shutil.disk_usage(folder).free // 2) - sum(each.stat().st_size for each in others)
        size = 0
        try:
            with path.open("wb") as file:
                async for piece in pieces:
                    size += len(piece)
                    _HELD[path] = size
                    if size > most:
                        raise _too_much("too_large", LARGEST_LOG)
                    if sum(_HELD.values()) > LARGEST_OF_ALL:
                        raise _too_much("no_room", LARGEST_OF_ALL)
                    file.write(piece)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        finally:
            if not path.is_file():  # the tab may have gone meanwhile
                _HELD.pop(path, None)

    def keep_only(self, log: int | None) -> None:
        """Remove the files and pictures of all logs but one."""
        for each in Path(self._folder.name).iterdir():
            if log is None or each != self.files(log):
                shutil.rmtree(each, ignore_errors=True)
                _forget(each)

    def close(self) -> None:
        """Remove everything."""
        _OPEN.pop(self.token, None)
        self._folder.cleanup()
        _forget(Path(self._folder.name))


def _forget(folder: Path) -> None:
    """Count the files of a folder no longer."""
    for path in [path for path in _HELD.copy() if path.is_relative_to(folder)]:
        _HELD.pop(path, None)


def _too_much(what: str, most: int) -> TooLarge:
    return TooLarge(" ".join(msg(f"upload_{what}", each, most=f"{most:,}") for each in Language))


def uploads_of(token: str) -> Uploads | None:
    """Return what a tab has given, None where there is no such tab (any more)."""
    return _OPEN.get(token)
