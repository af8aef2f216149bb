"""XML as a stream, read by expat; nothing that can do harm is let in."""

from __future__ import annotations

import codecs
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, BinaryIO
from xml.parsers import expat

from experiments.logs import Source, opened

CHUNK = 1 << 20  # bytes parsed at a time
LONGEST_TAG = 1 << 20  # bytes of one tag with all its values; more is no log but an attack or an accident
DEEPEST = 100  # nesting of elements

_ENCODING = re.compile(rb"""^(?:\xef\xbb\xbf)?<\?xml[^>]*\bencoding\s*=\s*["']([\w.-]+)["']""")
_HEAD = 512


class XmlStream(ABC):
    """Reads a log in XML; what is done where an element begins and ends is defined by its subclasses.

    Attributes:
        depth: Of the element that begins or ends; the outermost one has 1.
    """

    def __init__(self, source: Source) -> None:
        self.source, self.depth = source, 0
        self.parser = expat.ParserCreate("utf-8")
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._deeper, self._higher
        self.parser.StartDoctypeDeclHandler = self._refuse

    @abstractmethod
    def begin(self, name: str, pairs: dict[str, str]) -> None:
        """Take the name of an element that begins, and its attributes."""

    @abstractmethod
    def end(self, name: str) -> None:
        """Take the name of an element that ends."""

    def pieces(self) -> Iterator[None]:
        """Read on, stopping after each piece; WrongInput for XML that is not whole or could do harm, with its line."""
        parser, fed = self.parser, 0
        try:
            with opened(self.source) as stream:
                text = self._as_utf8(stream)
                while piece := text.read(CHUNK):
                    parser.Parse(piece, False)
                    fed += len(piece)
                    if fed - parser.CurrentByteIndex > LONGEST_TAG:
                        raise self.source.wrong(
                            f"line {parser.CurrentLineNumber}: a tag or value is longer than {LONGEST_TAG:,} bytes. "
                            "Shorten it or remove the attribute."
                        )
                    yield
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise self.source.wrong(
                f"line {error.lineno}, column {error.offset + 1}: the XML is damaged or truncated "
                f"({expat.ErrorString(error.code)}). Export the log again."
            ) from error
        except UnicodeDecodeError as error:
            raise self.source.wrong(f"is not in {error.encoding}, the encoding it declares. Correct it.") from error

    def _as_utf8(self, stream: BinaryIO) -> BinaryIO | codecs.StreamRecoder:
        """Return the stream in UTF-8: expat does not know GB 18030 and the like."""
        named = _ENCODING.match(stream.read(_HEAD))
        stream.seek(0)
        name = named[1].decode("ascii") if named else "utf-8"
        try:
            direct = codecs.lookup(name).name in ("utf-8", "ascii")
        except LookupError as error:
            raise self.source.wrong(f"declares the unknown encoding '{name}'. Save it as UTF-8.") from error
        return stream if direct else codecs.EncodedFile(stream, "utf-8", name)

    def _deeper(self, name: str, pairs: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.source.wrong(
                f"is not an {self.source.format.title} log: elements are nested more than {DEEPEST} levels deep."
            )
        self.begin(name, pairs)

    def _higher(self, name: str) -> None:
        self.end(name)
        self.depth -= 1

    def _refuse(self, *_: Any) -> None:
        raise self.source.wrong(
            f"line {self.parser.CurrentLineNumber}: contains a document type (DTD), whose entities could read other "
            f"files or exhaust memory. {self.source.format.title} needs none: remove it."
        )
