"""The tags of an XML file as Arrow strings; expat checks the XML, and nothing that can hurt is let in.

In XML a `<` begins a tag, or a comment, a CDATA section or an instruction. expat, which reads the file as a stream,
says where these three stand; they are taken out, and what is left is cut at each `<`. A Python call for each of ten
million tags would take twice as long.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

import pyarrow as pa
import pyarrow.compute as pc

from experiments.errors import WrongInput
from experiments.logs.source import Source, opened

__all__ = ["tags_of"]

CHUNK = 1 << 22
"""Bytes parsed at a time."""

LONGEST_TAG = 1 << 20
"""Bytes of one tag with all its values; more is no log but an attack or an accident."""

_ENCODING = re.compile(rb"""^<\?xml[^>]*\bencoding\s*=\s*["']([\w.-]+)["']""")
_DIRECT = ("utf-8", "ascii")
_HEAD = 512
_ENDS = ((b"<!--", b"-->"), (b"<![CDATA[", b"]]>"), (b"<?", b"?>"))


def tags_of(source: Source) -> Iterator[pa.Array]:
    """Yield the tags of a file, each without its `<` and with the text behind it, a few megabytes at a time.

    Raises
    ------
    WrongInput
        For XML that is not whole, with line and column; for a document type, whose entities could fill the memory or
        read other files; for a tag of more than a megabyte.
    """
    reader = _Reader(source)
    try:
        with opened(source) as stream:
            text = _as_utf8(stream, source)
            while piece := text.read(CHUNK):
                yield reader.tags(piece)
        reader.parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise WrongInput([
            f"{source.path}: line {error.lineno}, column {error.offset + 1}: the XML is damaged or truncated "
            f"({expat.ErrorString(error.code)}). Export the log again."
        ]) from error  # fmt: skip
    except UnicodeDecodeError as error:
        raise WrongInput(
            [f"{source.path}: is not in {error.encoding}, the encoding it declares. Correct it."]
        ) from error


class _Reader:
    """Feeds expat and cuts what it has checked."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.rest, self.base, self.root, self.line = b"", 0, -1, 1
        self.odd: list[int] = []
        self.parser = expat.ParserCreate("utf-8")
        self.parser.StartElementHandler = self._begin
        self.parser.StartDoctypeDeclHandler = self._refuse
        for name in ("CommentHandler", "StartCdataSectionHandler", "ProcessingInstructionHandler"):
            setattr(self.parser, name, self._mark)

    def _begin(self, *_: Any) -> None:
        """Note where the root begins; no other element is asked for."""
        self.root = self.parser.CurrentByteIndex
        self.parser.StartElementHandler = None

    def _mark(self, *_: Any) -> None:
        """Note where something stands that is no tag."""
        self.odd.append(self.parser.CurrentByteIndex)

    def _refuse(self, *_: Any) -> None:
        raise WrongInput([
            f"{self.source.path}: line {self.parser.CurrentLineNumber}: contains a document type (DTD), whose entities "
            "could read other files or exhaust memory. XES needs none: remove it."
        ])  # fmt: skip

    def tags(self, piece: bytes) -> pa.Array:
        """Return the tags that are whole with this piece; what follows them waits for the next."""
        self.parser.Parse(piece, False)
        text = self.rest + piece
        whole = self._whole(text)
        if len(text) - whole > LONGEST_TAG:
            raise WrongInput([self._too_long(self.parser.CurrentLineNumber)])
        self.rest, checked = text[whole:], self._without_odd(text[:whole])
        self.base += whole
        tags = self._cut(checked, text[:whole])
        self.line += text.count(b"\n", 0, whole)
        return tags

    def _whole(self, text: bytes) -> int:
        """Return how many bytes expat has read through; one that reads on in a CDATA section waits at its beginning."""
        last = self.odd[-1] - self.base if self.odd else -1
        return last if last >= 0 and _end(text, last) < 0 else self.parser.CurrentByteIndex - self.base

    def _without_odd(self, text: bytes) -> bytes:
        """Take out the prolog, comments, CDATA sections and instructions."""
        if self.root < 0:
            return b""
        kept, at = [], max(0, self.root - self.base)
        for begin in (index - self.base for index in self.odd):
            if at <= begin < len(text):
                kept.append(text[at:begin])
                at = _end(text, begin)
        self.odd = [index for index in self.odd if index - self.base >= len(text)]
        return b"".join([*kept, text[at:]])

    def _cut(self, text: bytes, whole: bytes) -> pa.Array:
        """Return the tags of a piece; `whole` is the piece with all that was taken out."""
        cut = pc.split_pattern(pa.array([text], pa.binary()), pattern=b"<").values
        tags = cut[1:] if len(cut) else cut
        lengths = pc.binary_length(tags)
        if (pc.max(lengths).as_py() or 0) > LONGEST_TAG:
            place = pc.index(pc.greater(lengths, LONGEST_TAG), True).as_py()
            begin = whole.find(b"<" + tags[place].as_py())
            raise WrongInput([self._too_long(self.line + whole.count(b"\n", 0, begin))])
        return tags.cast(pa.string())

    def _too_long(self, line: int) -> str:
        return (
            f"{self.source.path}: line {line}: a tag or value is longer than "
            f"{LONGEST_TAG:,} bytes. Shorten it or remove the attribute."
        )


def _end(text: bytes, begin: int) -> int:
    """Return where what is no tag ends; −1 where it does not yet."""
    mark = next((end for start, end in _ENDS if text.startswith(start, begin)), None)
    found = -1 if mark is None else text.find(mark, begin)
    return -1 if mark is None or found < 0 else found + len(mark)


def _as_utf8(stream: Any, source: Source) -> Any:
    """Return the stream in UTF-8, whatever encoding the XML names."""
    head = stream.read(_HEAD)
    stream.seek(0)
    named = _ENCODING.match(head.removeprefix(codecs.BOM_UTF8))
    name = named.group(1).decode("ascii") if named else "utf-8"
    try:
        found = codecs.lookup(name)
    except LookupError as error:
        raise WrongInput([f"{source.path}: declares the unknown encoding '{name}'. Save it as UTF-8."]) from error
    return stream if found.name in _DIRECT else codecs.EncodedFile(stream, "utf-8", name)
