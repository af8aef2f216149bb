"""A file on disk: which format it is, and its bytes, unpacked where they are gzip."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from experiments.errors import WrongInput

__all__ = ["FORMATS", "Source", "opened", "source_of"]

FORMATS = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".xes": "xes", ".xml": "xes", ".parquet": "parquet", ".pq": "parquet",
    ".jsonocel": "ocel",
}  # fmt: skip
"""By suffix; `.gz` may follow, except for Parquet and OCEL."""

_GZIP, _PARQUET = b"\x1f\x8b", b"PAR1"
_HEAD = 4096


@dataclass(frozen=True)
class Source:
    """A log on disk.

    Attributes
    ----------
    path : Path
    format : str
        csv, xes, parquet or ocel.
    packed : bool
        Whether it is gzip.
    """

    path: Path
    format: str
    packed: bool


def source_of(path: Path) -> Source:
    """Return format and packing of a file, by its suffix and its first bytes.

    Raises
    ------
    WrongInput
        If there is no such file, it is a folder, empty or cannot be read, or its bytes are not what its name says.
    """
    if path.is_dir():
        raise WrongInput([f"{path}: is a folder. Name one log file in it."])
    if not path.exists():
        raise WrongInput([f"{path}: does not exist. Check the name and the current folder."])
    if not path.is_file():
        raise WrongInput([f"{path}: is not a regular file."])
    suffix, packed = _suffix(path)
    if suffix not in FORMATS:
        raise WrongInput([f"{path}: expected the suffix {', '.join(FORMATS)} (optionally with .gz), got '{suffix}'."])
    source = Source(path, FORMATS[suffix], packed)
    _check_bytes(source)
    return source


def _suffix(path: Path) -> tuple[str, bool]:
    parts = [part.lower() for part in path.suffixes]
    packed = parts[-1:] == [".gz"]
    rest = parts[:-1] if packed else parts
    return (rest[-1] if rest else ""), packed


def _check_bytes(source: Source) -> None:
    path = source.path
    try:
        with path.open("rb") as raw:
            head = raw.read(_HEAD)
    except OSError as error:
        raise WrongInput([f"{path}: cannot be read ({error.strerror}). Check its permissions."]) from error
    if not head:
        raise WrongInput([f"{path}: is empty. A log has at least a header and one event."])
    if source.packed != head.startswith(_GZIP):
        held = "is named .gz but is not gzip" if source.packed else "is gzip but is not named .gz"
        raise WrongInput([f"{path}: {held}. Unpack or rename it."])
    if source.format in ("parquet", "ocel") and source.packed:
        raise WrongInput([f"{path}: a compressed {source.format} file cannot be read. Unpack it first."])
    with opened(source) as stream:
        _check_content(source, stream.read(_HEAD))


def _check_content(source: Source, head: bytes) -> None:
    path = source.path
    if not head:
        raise WrongInput([f"{path}: is empty once unpacked. A log has at least a header and one event."])
    if source.format == "parquet":
        if not head.startswith(_PARQUET):
            raise WrongInput([f"{path}: is named .parquet but is not a Parquet file. Check how it was written."])
    elif head.startswith(_PARQUET):
        raise WrongInput([f"{path}: is Parquet but is not named .parquet. Rename it."])
    elif head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise WrongInput([f"{path}: is UTF-16. Save it as UTF-8."])
    elif b"\0" in head:
        raise WrongInput([f"{path}: expected text (or Parquet), got binary content."])


@contextmanager
def opened(source: Source) -> Iterator[BinaryIO]:
    """Open the bytes of a log, unpacked; damage met while reading is told.

    Raises
    ------
    WrongInput
        If the file is damaged or cannot be read on.
    """
    path = source.path
    try:
        with path.open("rb") as raw:
            stream = cast("BinaryIO", gzip.GzipFile(fileobj=raw)) if source.packed else raw
            yield stream
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise WrongInput([f"{path}: the gzip file is damaged or truncated ({error}). Download it again."]) from error
    except OSError as error:
        raise WrongInput([f"{path}: cannot be read ({error.strerror or error}). Check the file."]) from error
