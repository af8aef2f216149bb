"""The formats of event logs: Parquet, CSV, XES (IEEE 1849-2016) and OCEL 2.0, all written column by column."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Protocol
from xml.sax.saxutils import quoteattr

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from model.events.columns import PLAIN_SCHEMA, SAID_BY, SCHEMA
from model.terms import Activity

_OF_CASE = ("kind", "parties", "needs_power")
"""Attributes of a case, by the names of their columns without "case:"."""


class Sink(Protocol):
    """Takes the tables of an event log one after the other."""

    def write_table(self, table: pa.Table) -> None:
        """Write the next events."""

    def close(self) -> None:
        """End the file."""


class _Csv(pa.csv.CSVWriter):
    def write_table(self, table: pa.Table) -> None:
        super().write_table(table.cast(PLAIN_SCHEMA))


class _Ocel:
    """Writes events as they come; the objects, cases, requests, units and the run, follow at the end."""

    def __init__(self, path: Path) -> None:
        self.out = path.open("wb")
        self.out.write(_ocel_head().encode())
        self.events = 0
        self.facts: str | None = None
        self.units: dict[str, str] = {}
        self.births: list[pa.Table] = []
        self.requests: list[str] = []

    def write_table(self, table: pa.Table) -> None:
        if len(table) == 0:
            return
        events = table.combine_chunks()
        _write_lines(self.out, _ocel_events(events, self.events))
        self.facts = self.facts or next(iter(events.column("run").drop_null().to_pylist()), None)
        self.events += len(events)
        pairs = events.select(["org:resource", "org:group"]).group_by(["org:resource", "org:group"]).aggregate([])
        self.units |= {str(pair["org:resource"]): str(pair["org:group"]) for pair in pairs.to_pylist()}
        born = events.filter(events.column("case:kind").is_valid())
        columns = ["case:concept:name", "org:resource", *(f"case:{name}" for name in _OF_CASE)]
        asked = pc.equal(events.column("concept:name").cast(pa.string()), Activity.REQUESTED.name.lower())
        self.requests += events.filter(asked).column("case:concept:name").to_pylist()
        self.births.append(born.select(columns).combine_chunks())

    def close(self) -> None:
        """Write the objects and end the file, once."""
        if self.out.closed:
            return
        with self.out as out:
            out.write(b'\n],\n"objects":[')
            run = [_ocel_object(RUN, RUN, {"facts": self.facts})] if self.facts else []
            units = [
                _ocel_object(f"{OF_UNIT}{code}", "unit", {"level": level}, {RUN: "in"} if run else {})
                for code, level in self.units.items()
            ]
            requests = [_ocel_object(key, "request", {}) for key in self.requests]
            out.write(",".join(f"\n{json.dumps(each)}" for each in (*run, *units, *requests)).encode())
            for births in self.births:
                _write_lines(out, _ocel_cases(births))
            out.write(b"\n]}\n")


RUN, OF_UNIT = "run", "unit "
"""OCEL: id and type of the object that holds the facts of the run; with what the id of a unit begins."""

_OCEL_START = "1970-01-01T00:00:00Z"


def _ocel_object(key: str, kind: str, values: dict[str, str], related: dict[str, str] | None = None) -> dict[str, Any]:
    """Return an object; `related` is by id of the other object."""
    return {
        "id": key,
        "type": kind,
        "attributes": [{"name": name, "value": value, "time": _OCEL_START} for name, value in values.items()],
        "relationships": [{"objectId": other, "qualifier": how} for other, how in (related or {}).items()],
    }


def _ocel_head() -> str:
    """Return what stands before the events: the types of objects, and those of events with what each may say."""
    of_case = {name: _type(f"case:{name}", "integer") for name in _OF_CASE}
    objects = {"case": of_case, "unit": {"level": "string"}, "request": {}, RUN: {"facts": "string"}}
    events = {
        activity.name.lower(): {
            name: _type(name, "integer") for name, said_by in SAID_BY.items() if activity in said_by
        }
        for activity in Activity
    }
    return f'{{"objectTypes":{_ocel_types(objects)},\n"eventTypes":{_ocel_types(events)},\n"events":['


def _ocel_types(types: dict[str, dict[str, str]]) -> str:
    return json.dumps([
        {"name": name, "attributes": [{"name": each, "type": kind} for each, kind in attributes.items()]}
        for name, attributes in types.items()
    ])  # fmt: skip


def _unit_ids(table: pa.Table) -> Any:
    return _quoted(table.column("org:resource"), lambda code: json.dumps(f"{OF_UNIT}{code}"))


def _ocel_value(value: Any) -> str:
    """Return a value as OCEL 2.0 has all of them in JSON, as a string."""
    return json.dumps(value if isinstance(value, str) else json.dumps(value))


def _ocel_cases(births: pa.Table) -> Any:
    """Return a case a string, with the comma before it."""
    attributes: list[Any] = []
    for name in _OF_CASE:
        comma = "," if attributes else ""
        value = _quoted(births.column(f"case:{name}"), _ocel_value)
        attributes += [f'{comma}{{"name":"{name}","value":', value, f',"time":"{_OCEL_START}"}}']
    return _joined(
        ',\n{"id":"', births.column("case:concept:name"), '","type":"case","attributes":[', *attributes,
        '],"relationships":[{"objectId":', _unit_ids(births), ',"qualifier":"on the ground of"}]}',
    )  # fmt: skip


def _ocel_events(events: pa.Table, before: int) -> Any:
    """Return an event a string, with the comma before all but the file's first; `before` of them are written."""
    numbers = pa.array(np.arange(before + 1, before + 1 + len(events))).cast(pa.string())
    commas = pc.if_else(pa.array(np.arange(before, before + len(events)) > 0), ",\n", "\n")
    attributes = [
        _where_given(
            f'{"," if place else ""}{{"name":"{name}","value":', _quoted(events.column(name), _ocel_value), "}"
        )
        for place, name in enumerate(SAID_BY)
    ]
    return _joined(
        commas, '{"id":"e', numbers, '","type":', _quoted(events.column("concept:name"), json.dumps), ',"time":"',
        _times(events, "Z"), '","attributes":[', *attributes, '],"relationships":[{"objectId":"',
        events.column("case:concept:name"), '","qualifier":"case"},{"objectId":', _unit_ids(events),
        ',"qualifier":"done by"}]}',
    )  # fmt: skip


class _Xes:
    """Spills events by the last digit of their case, and writes the sixteen parts case by case at the end.

    So a sixteenth of a run's events is in memory at a time.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.parts = {digit: path.with_name(f"{path.name}.{digit}") for digit in "0123456789abcdef"}
        self.writers = {
            digit: pa.parquet.ParquetWriter(part, SCHEMA, compression="lz4") for digit, part in self.parts.items()
        }

    def write_table(self, table: pa.Table) -> None:
        last = pc.utf8_slice_codeunits(table.column("case:concept:name"), 15)
        for digit, writer in self.writers.items():
            writer.write_table(table.filter(pc.equal(last, digit)))

    def close(self) -> None:
        """Write the file, once, and clear what was spilled."""
        for writer in self.writers.values():
            writer.close()
        self.writers = {}
        try:
            if all(part.exists() for part in self.parts.values()):
                self._write()
        finally:
            for part in self.parts.values():
                part.unlink(missing_ok=True)

    def _write(self) -> None:
        with self.path.open("wb") as out:
            out.write(_XES_HEAD)
            for part in self.parts.values():
                table, starts = _by_case(pa.parquet.read_table(part))
                ends = np.append(starts[1:], True)
                for first in range(0, len(table), _XES_CHUNK):
                    piece = slice(first, first + _XES_CHUNK)
                    _write_lines(out, _xes_events(table[piece].combine_chunks(), starts[piece], ends[piece]))
            out.write(b"</log>\n")


_XES_CHUNK = 200_000
_XES_HEAD = b"""<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
  <extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
  <extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
  <global scope="trace">
    <string key="concept:name" value=""/>
  </global>
  <global scope="event">
    <string key="concept:name" value=""/>
    <string key="org:resource" value=""/>
    <string key="org:group" value=""/>
    <string key="lifecycle:transition" value="complete"/>
    <date key="time:timestamp" value="1970-01-01T00:00:00.000+00:00"/>
    <int key="phase" value="0"/>
  </global>
  <classifier name="activity" scope="event" keys="concept:name"/>
  <classifier name="resource" scope="event" keys="org:resource"/>
  <string key="lifecycle:model" value="standard"/>
"""


def _by_case(table: pa.Table) -> tuple[pa.Table, Any]:
    """Return events case by case in the order of births, and which of them begin a trace."""
    names = table.column("case:concept:name").to_numpy(zero_copy_only=False).astype("S16")
    _, first, case = np.unique(names, return_index=True, return_inverse=True)
    place = first[case]
    order = np.argsort(place, kind="stable")
    return table.take(pa.array(order)), order == place[order]


def _xes_events(events: pa.Table, starts: Any, ends: Any) -> Any:
    """Return an event a string; that of a trace's first event begins the trace, that of its last one ends it."""
    words = ("concept:name", "org:resource", "org:group", "lifecycle:transition")
    nothing = pa.array(np.full(len(events), ""), pa.string())
    return _joined(
        pc.replace_with_mask(nothing, pa.array(starts), _xes_cases(events.filter(pa.array(starts)))),
        "    <event>", *(_xes_attribute(events, name) for name in words),
        '<date key="time:timestamp" value="', _times(events, "+00:00"), '"/>',
        *(_xes_attribute(events, name) for name in (*SAID_BY, "run")), "</event>\n",
        pc.if_else(pa.array(ends), "  </trace>\n", ""),
    )  # fmt: skip


def _xes_cases(births: pa.Table) -> Any:
    """Return what stands before the first event of each trace: the case and its attributes."""
    names = ("concept:name", *_OF_CASE)
    attributes = [part for name in names for part in ("    ", _xes_attribute(births, f"case:{name}"), "\n")]
    return _joined("  <trace>\n", *attributes)


def _xes_attribute(table: pa.Table, column: str) -> Any:
    key = f'<{_type(column, "int")} key="{column.removeprefix("case:")}" value='
    return _where_given(key, _quoted(table.column(column), _in_xml), "/>")


def _in_xml(value: Any) -> str:
    return quoteattr(value if isinstance(value, str) else json.dumps(value))


def _type(column: str, integer: str) -> str:
    """Return the type of a column as both standards name it, but for integers."""
    kind = SCHEMA.field(column).type
    return integer if pa.types.is_integer(kind) else "boolean" if pa.types.is_boolean(kind) else "string"


def _quoted(column: Any, quote: Callable[[Any], str]) -> Any:
    """Return a column as strings, each distinct value quoted once; null where there is none."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    coded = whole if pa.types.is_dictionary(whole.type) else whole.dictionary_encode()
    return pa.array(map(quote, coded.dictionary.to_pylist()), pa.string()).take(coded.indices)


def _times(events: pa.Table, suffix: str) -> Any:
    """Return times as "2018-01-01T00:00:00.000" and the suffix; a cast, for `strftime` takes thirty times as long."""
    words = events.column("time:timestamp").cast(pa.timestamp("ms")).cast(pa.string())
    return _joined(pc.utf8_replace_slice(words, 10, 11, "T"), suffix)


def _where_given(before: str, values: Any, after: str) -> Any:
    """Return each value between two texts, and nothing where there is none."""
    return pc.fill_null(_joined(before, values, after), "")


def _joined(*parts: Any) -> Any:
    """Return the parts, columns and constants, joined row by row; null where one is."""
    return pc.binary_join_element_wise(*parts, "")


def _write_lines(out: BinaryIO, lines: Any) -> None:
    """Write strings one behind the other."""
    chunks = lines.chunks if isinstance(lines, pa.ChunkedArray) else [lines]
    for chunk in chunks:
        whole = chunk.cast(pa.large_string())
        _, offsets, characters = whole.buffers()
        ends = memoryview(offsets).cast("q")
        out.write(memoryview(characters)[ends[whole.offset] : ends[whole.offset + len(whole)]] if len(whole) else b"")


FORMATS: dict[str, Callable[[Path], Sink]] = {
    ".parquet": partial(pa.parquet.ParquetWriter, schema=SCHEMA, compression="zstd"),
    ".csv": partial(_Csv, schema=PLAIN_SCHEMA),
    ".xes": _Xes,
    ".jsonocel": _Ocel,
    ".json": _Ocel,
}
"""By suffix: how the sink of a format is opened."""
