"""XES (IEEE 1849): columns of events and traces, read as a stream."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from experiments.logs import Contents, Format, Place, Source, numbered
from experiments.logs.limits import Memory
from experiments.logs.options import LogOptions
from experiments.logs.xml_stream import XmlStream
from experiments.messages import msg

if TYPE_CHECKING:
    import pyarrow as pa

LOOKED_AT = 20_000  # events whose keys are taken as those of the file, unless a column that was named is not among them
_LOG, _TRACE, _INSIDE_TRACE, _INSIDE_EVENT = 1, 2, 3, 4  # depths of elements


class _Reader(XmlStream):
    """Collects attributes of events and traces while expat reads; values are kept of the columns given."""

    def __init__(self, source: Source, columns: Sequence[str] = ()) -> None:
        super().__init__(source)
        self.columns: dict[str, list[str | None]] = {name: [] for name in columns}
        self.trace_keys, self.event_keys = dict[str, Any](), dict[str, Any]()
        self.events = self.loose = 0
        self._of_events = [(name, values) for name, values in self.columns.items() if not name.startswith("case:")]
        self._of_traces = [(name[5:], values) for name, values in self.columns.items() if name.startswith("case:")]
        self._first = 0
        self._trace: dict[str, str | None] | None = None
        self._event: dict[str, str | None] | None = None

    def keys(self) -> list[str]:
        """Return the keys met so far as names of columns."""
        return list(dict.fromkeys([*(f"case:{key}" for key in self.trace_keys), *self.event_keys]))

    def begin(self, name: str, pairs: dict[str, str]) -> None:
        depth = self.depth
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

    def end(self, name: str) -> None:
        depth = self.depth
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

    reader, memory = _Reader(source, columns), Memory(source.wrong)
    parts: dict[str, list[pa.Array]] = {name: [] for name in columns}
    for _ in reader.pieces():
        for name, values in reader.columns.items():
            parts[name].append(pa.array(values, pa.string()))
            memory.take(parts[name][-1].nbytes)
            values.clear()
    if reader.loose:
        notes.append(msg("log_note_loose_events", count=reader.loose))
    table = pa.table({name: pa.chunked_array(arrays, pa.string()) for name, arrays in parts.items()})
    return table, numbered("event")


def _looks(head: str) -> int:
    return 2 if re.search(r"<(\w+:)?log\b", head) else 0


FORMATS = (Format("xes", "XES", (".xes", ".xml"), _contents, gzip=True, looks=_looks),)
