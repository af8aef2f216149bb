"""Real event logs under the measures that the model applies to itself.

A format of logs is one file here, `read_NAME.py`, with one or more `Format` as its `FORMATS`; it is found by its name,
and everything that names formats follows: detection by suffix and by first bytes, help, messages. Such a file is
imported for the help of `whistle`, so heavy libraries load within its functions.
"""

from __future__ import annotations

import importlib
import pkgutil
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from gzip import BadGzipFile
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from experiments.errors import WrongInput
from experiments.logs.limits import Unpacked

if TYPE_CHECKING:
    import pyarrow as pa

    from experiments.logs.options import LogOptions

__all__ = ["Contents", "Format", "Place", "Source", "damage", "formats", "formats_text", "numbered", "opened"]

Place = Callable[[int], str]  # gives the place of a row in a file, in words


@dataclass(frozen=True)
class Contents:
    """What a log holds.

    Attributes:
        columns: Names of the columns, those of cases with `case:` before them.
        read: Takes the names of the columns that are needed; returns the table of events (text, numbers or times) and
            the place of each.
        files: Where several files make up the log: the name of each, and its columns.
    """

    columns: Sequence[str]
    read: Callable[[Sequence[str]], tuple[pa.Table, Place]]
    files: Sequence[tuple[str, Sequence[str]]] = ()


@dataclass(frozen=True)
class Format:
    """A format of event logs.

    Attributes:
        name: As `--json` gives it.
        title: What people call it.
        suffixes: In lower case; the first is the usual one.
        contents: Takes a log, the options and a list to which it may add notes.
        gzip: Whether it may be compressed, `.gz` behind its suffix.
        magic: First bytes of every such file, one of these; none: it is text.
        looks: Tells by its first bytes, as text, how surely a file is one: from 0, not at all, to 3, of this kind of
            them; None: its suffix alone says so.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    contents: Callable[[Source, LogOptions, list[str]], Contents]
    gzip: bool = False
    magic: tuple[bytes, ...] = ()
    looks: Callable[[str], int] | None = None


@dataclass(frozen=True)
class Source:
    """A file of a log, how messages name it, its format, and whether it is compressed with gzip."""

    path: Path
    name: str
    format: Format
    packed: bool = False

    def wrong(self, problem: str) -> WrongInput:
        return WrongInput([f"{self.name}: {problem}"])


@cache
def formats() -> tuple[Format, ...]:
    """Return all formats by their titles."""
    names = [each.name for each in pkgutil.iter_modules(__path__) if each.name.startswith("read_")]
    found = (each for name in names for each in importlib.import_module(f"{__name__}.{name}").FORMATS)
    return tuple(sorted(found, key=lambda each: each.title))


def formats_text() -> str:
    """Return what logs may be written in, for a help text or a message."""
    packed = {each.title for each in formats() if each.gzip}
    titles = dict.fromkeys(each.title for each in formats())
    return ", ".join(f"{title} (also .gz)" if title in packed else title for title in titles)


def numbered(noun: str) -> Place:
    """Return what gives the place of a row as a number behind a noun: `event 3`."""
    return lambda row: f"{noun} {row + 1}"


@contextmanager
def opened(source: Source) -> Iterator[BinaryIO]:
    """Open the bytes of a log, unpacked; WrongInput if the file is damaged, cannot be read on, or is a bomb."""
    try:
        with source.path.open("rb") as raw:
            yield cast("BinaryIO", Unpacked(raw, source.wrong)) if source.packed else raw
    except (EOFError, zlib.error, BadGzipFile) as error:
        raise source.wrong(f"the gzip file is damaged or truncated ({error}). Download it again.") from error
    except OSError as error:
        raise source.wrong(f"cannot be read ({error.strerror or error}). Check the file.") from error


@contextmanager
def damage(wrong: Callable[[str], WrongInput], what: str) -> Iterator[None]:
    """Say that a file is damaged where a library fails in reading it: damage makes libraries raise whatever they like.

    Args:
        wrong: Makes the error that names the file.
        what: What the file should be.
    """
    try:
        yield
    except (WrongInput, MemoryError):
        raise
    except Exception as error:
        lines = str(error).splitlines() or [""]
        reason = f"{type(error).__name__}: {lines[0][:120]}"
        raise wrong(f"the {what} file is damaged or truncated ({reason}). Export it again.") from error
