"""XES (IEEE 1849): columns of events and traces, read as a stream by expat; nothing that can do harm is let in."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO
from xml.parsers import expat

from experiments.logs import Contents, Format, Place, Source, numbered, opened
from experiments.logs.options import LogOptions
from experiments.messages import msg

if TYPE_CHECKING:
    import pyarrow as pa

CHUNK = 1 << 20  # bytes parsed at a time
LONGEST_TAG = 1 << 20  # bytes of one tag with all its values; more is no log but an attack or an accident
DEEPEST = 100  # nesting of elements
LOOKED_AT = 20_000  # events whose keys are taken as those of the file, unless a column that was named is not among them
_LOG, _TRACE, _INSIDE_TRACE, _INSIDE_EVENT = 1, 2, 3, 4  # depths of elements

_ENCODING = re.compile(rb"""^(?:\xef\xbb\xbf)?<\?xml[^>]*\bencoding\s*=\s*["']([\w.-]+)["']""")
_HEAD = 512


class _Reader:
    """Collects attributes of events and traces while expat reads; values are kept of the columns given."""

    def __init__(self, source: Source, columns: Sequence[str] = ()) -> None:
        self.source = source
        self.columns: dict[str, list[str | None]] = {name: [] for name in columns}
        self.trace_keys, self.event_keys = dict[str, Any](), dict[str, Any]()
        self.events = self.loose = 0
        self._of_events = [(name, values) for name, values in self.columns.items() if not name.startswith("case:")]
        self._of_traces = [(name[5:], values) for name, values in self.columns.items() if name.startswith("case:")]
        self._depth = self._first = 0
        self._trace: dict[str, str | None] | None = None
        self._event: dict[str, str | None] | None = None
        self._parser = expat.ParserCreate("utf-8")
        self._parser.StartElementHandler, self._parser.EndElementHandler = self._begin, self._end
        self._parser.StartDoctypeDeclHandler = self._refuse

    def keys(self) -> list[str]:
        """Return the keys met so far as names of columns."""
        return list(dict.fromkeys([*(f"case:{key}" for key in self.trace_keys), *self.event_keys]))

    def pieces(self) -> Iterator[None]:
        """Read on, stopping after each piece; WrongInput for XML that is not whole or could do harm, with its line."""
        parser, fed = self._parser, 0
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

    def _begin(self, name: str, pairs: dict[str, str]) -> None:
        self._depth = depth = self._depth + 1
        if depth == _INSIDE_EVENT:
            if self._event is not None and "key" in pairs:
                self._event[pairs["key"]] = pairs.get("value")
        elif depth == _INSIDE_TRACE:
            if self._trace is not None and name == "event":
                self._event = {}
            elif self._trace is not None and "key" in pairs:
                self._trace[pairs["key"]] = pairs.get("value")
        elif depth == _TRACE:
            self.loose += name == "event"
            if name == "trace":
                self._trace, self._first = {}, self.events
        elif depth == _LOG and name != "log":
            raise self.source.wrong(f"is not an XES log: expected <log> first, got <{name[:60]}>.")
        elif depth > DEEPEST:
            raise self.source.wrong(f"is not an XES log: elements are nested more than {DEEPEST} levels deep.")

    def _end(self, _name: str) -> None:
        depth, self._depth = self._depth, self._depth - 1
        if depth == _INSIDE_TRACE and self._event is not None:
            for key, values in self._of_events:
                values.append(self._event.get(key))
            self.event_keys |= self._event
            self.events += 1
            self._event = None
        elif depth == _TRACE and self._trace is not None:
            for key, values in self._of_traces:
                values.extend([self._trace.get(key)] * (self.events - self._first))
            self.trace_keys |= self._trace
            self._trace = None

    def _refuse(self, *_: Any) -> None:
        raise self.source.wrong(
            f"line {self._parser.CurrentLineNumber}: contains a document type (DTD), whose entities could read other "
            "files or exhaust memory. XES needs none: remove it."
        )


def _contents(source: Source, options: LogOptions, notes: list[str]) -> Contents:
    reader, named = _Reader(source), set(options.columns().values())
    for _ in reader.pieces():
        if reader.events >= LOOKED_AT and named <= set(reader.keys()):
            break
    if not reader.events:
        raise source.wrong("expected at least one event inside a trace, got none.")
    return Contents(reader.keys(), lambda columns: _read(source, columns, notes))


def _read(source: Source, columns: Sequence[str], notes: list[str]) -> tuple[pa.Table, Place]:
    """Read columns as text; events outside of all traces are left out."""
    import pyarrow as pa

    reader = _Reader(source, columns)
    parts: dict[str, list[pa.Array]] = {name: [] for name in columns}
    for _ in reader.pieces():
        for name, values in reader.columns.items():
            parts[name].append(pa.array(values, pa.string()))
            values.clear()
    if reader.loose:
        notes.append(msg("log_note_loose_events", count=reader.loose))
    table = pa.table({name: pa.chunked_array(arrays, pa.string()) for name, arrays in parts.items()})
    return table, numbered("event")


FORMATS = (Format("xes", "XES", (".xes", ".xml"), _contents, gzip=True),)
