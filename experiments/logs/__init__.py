"""Real event logs under the measures that the model applies to itself.

A format of logs is one file here, `read_NAME.py`, with one or more `Format` as its `FORMATS`; it is found by its name,
and everything that names formats follows: detection by suffix, help, messages. Such a file is imported for the help of
`whistle`, so heavy libraries load within its functions.
"""

from __future__ import annotations

import gzip
import importlib
import pkgutil
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from experiments.errors import WrongInput

if TYPE_CHECKING:
    import pyarrow as pa

    from experiments.logs.options import LogOptions

__all__ = ["Contents", "Format", "Place", "Source", "formats", "formats_text", "numbered", "opened", "source_of"]

GZIP = b"\x1f\x8b"
HEAD = 4096  # bytes of a file by which it is recognised
Place = Callable[[int], str]  # gives the place of a row in a file, in words


@dataclass(frozen=True)
class Contents:
    """What a log holds.

    Attributes:
        columns: Names of the columns, those of cases with `case:` before them.
        read: Takes the names of the columns that are needed; returns the table of events (text, numbers or times) and
            the place of each.
    """

    columns: Sequence[str]
    read: Callable[[Sequence[str]], tuple[pa.Table, Place]]


@dataclass(frozen=True)
class Format:
    """A format of event logs.

    Attributes:
        name: As `--json` gives it.
        title: What people call it.
        suffixes: In lower case; the first is the usual one.
        contents: Takes a log, the options and a list to which it may add notes.
        gzip: Whether it may be compressed, `.gz` behind its suffix.
        magic: First bytes of every such file; none: it is text.
        own: Whether only those that Whistle itself has written are read.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    contents: Callable[[Source, LogOptions, list[str]], Contents]
    gzip: bool = False
    magic: bytes = b""
    own: bool = False


@dataclass(frozen=True)
class Source:
    """A log on disk, its format, and whether it is named as compressed with gzip."""

    path: Path
    format: Format
    packed: bool

    def wrong(self, problem: str) -> WrongInput:
        return WrongInput([f"{self.path}: {problem}"])


@cache
def formats() -> tuple[Format, ...]:
    """Return all formats by their titles."""
    names = [each.name for each in pkgutil.iter_modules(__path__) if each.name.startswith("read_")]
    found = (each for name in names for each in importlib.import_module(f"{__name__}.{name}").FORMATS)
    return tuple(sorted(found, key=lambda each: each.title))


def formats_text() -> str:
    """Return what logs may be written in, for a help text or a message."""
    return ", ".join(f"{each.title} (also .gz)" if each.gzip else f"{each.title} (written by Whistle)" if each.own
                     else each.title for each in formats())  # fmt: skip


def numbered(noun: str) -> Place:
    """Return what gives the place of a row as a number behind a noun: `event 3`."""
    return lambda row: f"{noun} {row + 1}"


def source_of(path: Path) -> Source:
    """Return a log with its format, by its suffix; WrongInput if its first bytes are not what its name says."""
    if not path.is_file():
        why = ("is a folder. Name one log file in it." if path.is_dir() else "is not a regular file."
               if path.exists() else "does not exist. Check the name and the current folder.")  # fmt: skip
        raise WrongInput([f"{path}: {why}"])
    parts = [part.lower() for part in path.suffixes]
    packed = parts[-1:] == [".gz"]
    suffix = "".join(parts[:-1][-1:] if packed else parts[-1:])
    known = {suffix: each for each in formats() for suffix in each.suffixes}
    if suffix not in known:
        text = f"{path}: expected the suffix {', '.join(known)}, got '{suffix}'. Formats: {formats_text()}."
        raise WrongInput([text])
    source = Source(path, known[suffix], packed)
    if problem := _problem(source):
        raise source.wrong(problem)
    return source


def _problem(source: Source) -> str | None:
    """Return in words what is wrong with the first bytes of a log, packed and unpacked."""
    form = source.format
    try:
        with source.path.open("rb") as raw:
            head = raw.read(HEAD)
    except OSError as error:
        return f"cannot be read ({error.strerror}). Check its permissions."
    if not head:
        return "is empty. A log has at least a header and one event."
    if source.packed != head.startswith(GZIP):
        held = "is named .gz but is not gzip" if source.packed else "is gzip but is not named .gz"
        return f"{held}. Unpack or rename it."
    if source.packed and not form.gzip:
        return f"a compressed {form.name} file cannot be read. Unpack it first."
    with opened(source) as stream:
        head = stream.read(HEAD)
    if not head:
        return "is empty once unpacked. A log has at least a header and one event."
    if not head.startswith(form.magic):
        return f"is named {form.suffixes[0]} but is not a {form.title} file. Check how it was written."
    if form.magic:
        return None
    binary = [each for each in formats() if each.magic]
    for other in binary:
        if head.startswith(other.magic):
            return f"is {other.title} but is not named {other.suffixes[0]}. Rename it."
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "is UTF-16. Save it as UTF-8."
    texts = ", ".join(each.title for each in binary)
    return f"expected text (or {texts}), got binary content." if b"\0" in head else None


@contextmanager
def opened(source: Source) -> Iterator[BinaryIO]:
    """Open the bytes of a log, unpacked; WrongInput if the file is damaged or cannot be read on."""
    try:
        with source.path.open("rb") as raw:
            yield cast("BinaryIO", gzip.GzipFile(fileobj=raw)) if source.packed else raw
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise source.wrong(f"the gzip file is damaged or truncated ({error}). Download it again.") from error
    except OSError as error:
        raise source.wrong(f"cannot be read ({error.strerror or error}). Check the file.") from error
