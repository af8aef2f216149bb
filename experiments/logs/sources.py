"""The files of a log, found, unpacked, recognised and read as one."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
import weakref
import zipfile
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from experiments.errors import WrongInput
from experiments.logs import Contents, Format, Place, Source, damage, formats, formats_text, opened
from experiments.logs.encodings import head_text, utf16
from experiments.logs.limits import MOST_FILES, check_archive, check_disk
from experiments.logs.options import STANDARD_INPUT, LogOptions, quoted
from experiments.logs.tables import joined
from experiments.messages import msg

if TYPE_CHECKING:
    import pyarrow as pa

GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
SURE = 4  # of a format that begins with bytes of its own
HEAD = 4096  # bytes of a file by which it is recognised
PIECE = 1 << 20  # bytes copied together
NO_LOGS = ("__MACOSX", "thumbs.db", "desktop.ini")  # what systems leave in folders, beside names that begin with . or ~


@dataclass(frozen=True)
class _File:
    """A file that may be (part of) a log, how messages name it, and whether it lay in a folder or an archive."""

    path: Path
    name: str
    inside: bool = False

    def wrong(self, problem: str) -> WrongInput:
        return WrongInput([f"{self.name}: {problem}"])

    def head(self) -> bytes:
        try:
            with self.path.open("rb") as raw:
                return raw.read(HEAD)
        except OSError as error:
            raise self.wrong(f"cannot be read ({error.strerror}). Check its permissions.") from error


@contextmanager
def opened_log(options: LogOptions, notes: list[str]) -> Iterator[tuple[Source, Contents]]:
    """Give a log as one source, and what all its files together hold; what is unpacked goes at the end.

    Raises:
        WrongInput: For files that are not there, cannot be recognised or read, or take more than there is room for.
    """
    with tempfile.TemporaryDirectory(prefix="whistle-log-") as folder:
        try:
            found = [each for path in options.paths for each in _files(path, Path(folder))]
            sources = list(_recognised(found, options, notes))
            parts = [(source, _contents(source, options, notes)) for source in sources]
            whole = parts[0][1] if len(parts) == 1 else _as_one(parts, notes)
            form = _format([source.format for source in sources])
            yield Source(options.path, str(options.path), form), whole
        except MemoryError as error:
            raise options.wrong("does not fit in memory. Export fewer columns or a shorter period.") from error


def _contents(source: Source, options: LogOptions, notes: list[str]) -> Contents:
    """Return what a file holds; whatever a library raises while it reads is told as damage of the file."""
    with damage(source.wrong, source.format.title):
        contents = source.format.contents(source, options, notes)

    def read(columns: Sequence[str]) -> tuple[pa.Table, Place]:
        with damage(source.wrong, source.format.title):
            return contents.read(columns)

    return replace(contents, read=read)


def digest_of(options: LogOptions) -> str:
    """Return a hash of the bytes of a log's files, in their order; of an archive those of itself."""
    digest = hashlib.sha256()
    for path in options.paths:
        for each in _in_folder(path) if path.is_dir() else (_named(path).path,):
            with each.open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()


def _files(path: Path, folder: Path) -> Iterator[_File]:
    """Yield the files that a path names, those of archives unpacked into a folder."""
    if path.is_dir():
        for each in _in_folder(path):
            yield from _unpacked(_File(each, str(each), inside=True), folder)
    else:
        yield from _unpacked(_named(path), folder)


def _named(path: Path) -> _File:
    if path == STANDARD_INPUT:
        return _File(_standard_input(), "standard input")
    if not path.is_file():
        why = "is not a regular file." if path.exists() else "does not exist. Check the name and the current folder."
        raise WrongInput([f"{path}: {why}"])
    return _File(path, str(path))


def _in_folder(path: Path) -> list[Path]:
    """Return the files below a folder by their names; WrongInput where they are too many."""
    found: list[Path] = []
    for parent, folders, names in os.walk(path):
        folders[:] = sorted(each for each in folders if not _is_hidden(each))
        found += (Path(parent, each) for each in sorted(names) if not _is_hidden(each) and Path(parent, each).is_file())
        if len(found) > MOST_FILES:
            raise WrongInput(
                [f"{path}: contains more than {MOST_FILES:,} files. Name the log's files or their folder."]
            )
    return found


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "~")) or name.lower() in NO_LOGS or name in NO_LOGS


_inputs: weakref.WeakKeyDictionary[Any, Path] = weakref.WeakKeyDictionary()


def _standard_input() -> Path:
    """Return a file with what is piped in, which can be read once only and is needed twice; it goes with the stream."""
    stream = sys.stdin.buffer
    if stream not in _inputs:
        folder = tempfile.mkdtemp(prefix="whistle-log-")
        weakref.finalize(stream, shutil.rmtree, folder, ignore_errors=True)
        path = Path(folder, "input")
        with path.open("wb") as out:
            while piece := stream.read(PIECE):
                check_disk(len(piece), _File(path, "standard input").wrong)
                out.write(piece)
        _inputs[stream] = path
    return _inputs[stream]


def _unpacked(file: _File, folder: Path) -> Iterator[_File]:
    """Yield the files of an archive, or the file itself where it is none, or is one of an office program."""
    if not file.head().startswith(ZIP):
        yield file
        return
    with damage(file.wrong, "ZIP"), _archive(file.path) as archive:
        members = [each for each in archive.infolist() if not each.is_dir()]
        if any(each.filename == "[Content_Types].xml" for each in members):
            yield file
            return
        if file.inside and file.path.parent == folder:
            raise file.wrong("is an archive inside an archive. Unpack it first.")
        logs = [each for each in members if not any(map(_is_hidden, PurePosixPath(each.filename).parts))]
        check_archive(logs, file.wrong)
        for member in logs:
            target = folder / f"{len(os.listdir(folder))}"
            with archive.open(member) as packed, target.open("wb") as out:
                shutil.copyfileobj(packed, out, PIECE)
            yield from _unpacked(_File(target, f"{file.name}: {member.filename}", inside=True), folder)


def _archive(path: Path) -> zipfile.ZipFile:
    """Open an archive; Windows writes Chinese names of files in GB 18030 and does not say so."""
    with suppress(UnicodeDecodeError):
        return zipfile.ZipFile(path, metadata_encoding="gb18030")
    return zipfile.ZipFile(path)


def _recognised(files: Sequence[_File], options: LogOptions, notes: list[str]) -> Iterator[Source]:
    """Yield the files of a log with their formats; in folders and archives, others are left out, which is noted."""
    others: list[str] = []
    found = 0
    for file in files:
        if file.inside and not _known(_suffix(file.name)[0]) and _by_bytes(file) is None:
            others.append(file.name)
            continue
        found += 1
        yield _source_of(file)
    if not found:
        raise options.wrong(f"contains no log. Formats: {formats_text()}.")
    if others:
        notes.append(msg("log_note_no_logs", files=quoted(others)))


def _suffix(name: str) -> tuple[str, bool]:
    """Return the suffix of a file in lower case, and whether `.gz` stands behind it."""
    parts = [part.lower() for part in PurePosixPath(name).suffixes]
    packed = parts[-1:] == [".gz"]
    return "".join(parts[:-1][-1:] if packed else parts[-1:]), packed


def _known(suffix: str) -> list[Format]:
    return [each for each in formats() if suffix in each.suffixes]


def _by_bytes(file: _File) -> Source | None:
    """Return a file with the format that its first bytes show, None where they show none."""
    head, packed = file.head(), False
    if head.startswith(GZIP):
        head, packed = _unzipped(file), True
    best = max(formats(), key=lambda each: _sureness(each, head))
    return Source(file.path, file.name, best, packed) if _sureness(best, head) else None


def _sureness(form: Format, head: bytes) -> int:
    """Return how surely first bytes are those of a format; 0: not at all."""
    if form.magic:
        return SURE if head.startswith(form.magic) else 0
    return form.looks(head_text(head)) if form.looks and _is_text(head) else 0


def _is_text(head: bytes) -> bool:
    return b"\0" not in head or utf16(head) is not None


def _unzipped(file: _File) -> bytes:
    with opened(Source(file.path, file.name, formats()[0], packed=True)) as stream:
        return stream.read(HEAD)


def _source_of(file: _File) -> Source:
    head, (suffix, packed) = file.head(), _suffix(file.name)
    if not head:
        raise file.wrong("is empty. A log has at least a header and one event.")
    known = _known(suffix)
    if not known:
        if (found := _by_bytes(file)) is not None:
            return found
        every = ", ".join(dict.fromkeys(suffix for each in formats() for suffix in each.suffixes))
        raise file.wrong(f"expected the suffix {every}, got '{suffix}'. Formats: {formats_text()}.")
    if packed != head.startswith(GZIP):
        held = "is named .gz but is not gzip" if packed else "is gzip but is not named .gz"
        raise file.wrong(f"{held}. Unpack or rename it.")
    if packed and not any(each.gzip for each in known):
        raise file.wrong(f"a compressed {known[0].name} file cannot be read. Unpack it first.")
    if packed and not (head := _unzipped(file)):
        raise file.wrong("is empty once unpacked. A log has at least a header and one event.")
    if problem := _problem(head, known):
        raise file.wrong(problem)
    return Source(file.path, file.name, max(known, key=lambda each: _sureness(each, head)), packed)


def _problem(head: bytes, known: Sequence[Format]) -> str | None:
    """Return in words how the first bytes of a log contradict its suffix."""
    first, binary = known[0], [each for each in formats() if each.magic]
    if any(head.startswith(each.magic) for each in known if each.magic):
        return None
    if all(each.magic for each in known):
        return f"is named {first.suffixes[0]} but is not a {first.title} file. Check how it was written."
    for other in binary:
        if head.startswith(other.magic):
            return f"is {other.title} but is not named {other.suffixes[0]}. Rename it."
    texts = ", ".join(dict.fromkeys(each.title for each in binary))
    return None if _is_text(head) else f"expected text (or {texts}), got binary content."


def _format(found: Sequence[Format]) -> Format:
    """Return the format of a log; of several, one that names them all."""
    different = {each.title: each for each in found}
    return replace(found[0], name="+".join(dict.fromkeys(each.name for each in different.values())),
                   title=", ".join(different))  # fmt: skip


def _as_one(parts: Sequence[tuple[Source, Contents]], notes: list[str]) -> Contents:
    """Return files as one log: columns of the same name are one."""
    columns: list[str] = []
    for _, contents in parts:
        columns += [each for each in contents.columns if each not in columns]

    def read(wanted: Sequence[str]) -> tuple[pa.Table, Place]:
        tables, places = [], list[tuple[str, Place]]()
        for source, contents in parts:
            here = [each for each in wanted if each in contents.columns]
            if missing := [each for each in wanted if each not in here]:
                notes.append(msg("log_note_lacks", file=source.name, columns=quoted(missing)))
            table, place = contents.read(here)
            tables.append(table)
            places.append((source.name, place))
        ends = [sum(each.num_rows for each in tables[: number + 1]) for number in range(len(tables))]

        def place_of(row: int) -> str:
            at = bisect_right(ends, row)
            name, place = places[at]
            return f"{name}: {place(row - ends[at] + tables[at].num_rows)}"

        return joined(tables, wanted), place_of

    return Contents(columns, read, [(source.name, contents.columns) for source, contents in parts])
