"""Event logs as XES (IEEE 1849) and OCEL 2.0, written column by column."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, BinaryIO
from xml.sax.saxutils import quoteattr

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from model.events.columns import ACTIVITY_NAMES

__all__ = ["OcelSink", "XesSink", "joined", "quoted", "quoted_once", "times", "where_said", "write_lines"]


def quoted(words: Any, quote: Callable[[str], str]) -> Any:
    """Return the words of a dictionary column as strings, each distinct one quoted once."""
    column = words.combine_chunks() if isinstance(words, pa.ChunkedArray) else words
    names = pa.array([quote(name) for name in column.dictionary.to_pylist()], pa.string())
    return names.take(column.indices)


def quoted_once(words: Any, quote: Callable[[str], str]) -> Any:
    """Return a column of words, few of them there, as quoted strings; null where there is none."""
    return quoted(words.dictionary_encode(), quote)


def times(when: Any, suffix: str) -> Any:
    """Return times as "2018-01-01T00:00:00.000" and the suffix; a cast, for `strftime` takes thirty times as long."""
    words = when.cast(pa.timestamp("ms")).cast(pa.string())
    return joined(pc.utf8_replace_slice(words, 10, 11, "T"), suffix)


def where_said(before: str, values: Any, after: str) -> Any:
    """Return each value between two texts, and nothing where there is none."""
    return pc.fill_null(joined(before, values.cast(pa.string()), after), "")


def joined(*parts: Any) -> Any:
    """Return the parts, columns and constants, joined row by row; null where one is."""
    return pc.binary_join_element_wise(*parts, "")


def write_lines(out: BinaryIO, lines: Any) -> None:
    """Write strings one behind the other."""
    chunks = lines.chunks if isinstance(lines, pa.ChunkedArray) else [lines]
    for chunk in chunks:
        whole = chunk.cast(pa.large_string())
        _, offsets, characters = whole.buffers()
        ends = memoryview(offsets).cast("q")
        out.write(memoryview(characters)[ends[whole.offset] : ends[whole.offset + len(whole)]] if len(whole) else b"")


_EVENT_ATTRIBUTES = (("phase", "integer"), ("detail", "integer"), ("reason", "string"), ("run", "string"))
_CASE_ATTRIBUTES = (("kind", "string"), ("parties", "integer"), ("needs_power", "boolean"))
_START = "1970-01-01T00:00:00Z"


class OcelSink:
    """Writes events as they come; what they tell of cases and units follows at the end."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.out = path.open("wb")
        self.out.write(f'{{"objectTypes":{json.dumps(_object_types())},\n'.encode())
        self.out.write(f'"eventTypes":{json.dumps(_event_types())},\n"events":['.encode())
        self.events = 0
        self.units: dict[str, str] = {}
        self.births: list[pa.Table] = []

    def write_table(self, table: pa.Table) -> None:
        """Write the next events."""
        if len(table) == 0:
            return
        events = table.combine_chunks()
        write_lines(self.out, _events(events, self.events))
        self.events += len(events)
        pairs = events.select(["org:resource", "org:group"]).group_by(["org:resource", "org:group"]).aggregate([])
        self.units |= {str(pair["org:resource"]): str(pair["org:group"]) for pair in pairs.to_pylist()}
        born = events.filter(events.column("case:kind").is_valid())
        columns = ("case:concept:name", "case:kind", "case:parties", "case:needs_power", "org:resource")
        self.births.append(born.select(columns).combine_chunks())

    def close(self) -> None:
        """Write the objects and end the file, once."""
        if self.out.closed:
            return
        with self.out as out:
            out.write(b'\n],\n"objects":[')
            out.write(",".join(f"\n{line}" for line in _units(self.units)).encode())
            for births in self.births:
                write_lines(out, _cases(births))
            out.write(b"\n]}\n")


def _object_types() -> list[dict[str, Any]]:
    attributes = [{"name": name, "type": kind} for name, kind in _CASE_ATTRIBUTES]
    return [
        {"name": "case", "attributes": attributes},
        {"name": "unit", "attributes": [{"name": "level", "type": "string"}]},
    ]


def _event_types() -> list[dict[str, Any]]:
    attributes = [{"name": name, "type": kind} for name, kind in _EVENT_ATTRIBUTES]
    return [{"name": name, "attributes": attributes} for name in ACTIVITY_NAMES]


def _units(levels: dict[str, str]) -> Iterable[str]:
    for code, level in levels.items():
        attributes = [{"name": "level", "value": level, "time": _START}]
        yield json.dumps({"id": _unit(code), "type": "unit", "attributes": attributes})


def _unit(code: str) -> str:
    return f"unit {code}"


def _named(units: Any) -> Any:
    """Return the identifiers of units as JSON strings."""
    return quoted(units, lambda code: json.dumps(_unit(code)))


def _cases(births: pa.Table) -> Any:
    """Return a case a string, with the comma before it."""
    values = (
        quoted(births.column("case:kind"), json.dumps),
        births.column("case:parties").cast(pa.string()),
        pc.if_else(births.column("case:needs_power"), "true", "false"),
    )
    attributes: list[Any] = []
    for (name, _), value in zip(_CASE_ATTRIBUTES, values, strict=True):
        attributes += [f'{"," if attributes else ""}{{"name":"{name}","value":', value, f',"time":"{_START}"}}']
    return joined(
        ',\n{"id":"', births.column("case:concept:name"), '","type":"case","attributes":[', *attributes,
        '],"relationships":[{"objectId":', _named(births.column("org:resource")), ',"qualifier":"on the ground of"}]}',
    )  # fmt: skip


def _events(events: pa.Table, before: int) -> Any:
    """Return an event a string, with the comma before all but the file's first; `before` of them are written."""
    numbers = pa.array(np.arange(before + 1, before + 1 + len(events))).cast(pa.string())
    commas = pc.if_else(pa.array(np.arange(before, before + len(events)) > 0), ",\n", "\n")
    return joined(
        commas, '{"id":"e', numbers, '","type":', quoted(events.column("concept:name"), json.dumps), ',"time":"',
        times(events.column("time:timestamp"), "Z"), '","attributes":[{"name":"phase","value":',
        events.column("phase").cast(pa.string()), "}",
        where_said(',{"name":"detail","value":', events.column("detail"), "}"),
        where_said(',{"name":"reason","value":', quoted(events.column("reason"), json.dumps), "}"),
        where_said(',{"name":"run","value":', quoted_once(events.column("run"), json.dumps), "}"),
        '],"relationships":[{"objectId":"',
        events.column("case:concept:name"), '","qualifier":"case"},{"objectId":', _named(events.column("org:resource")),
        ',"qualifier":"done by"}]}',
    )  # fmt: skip


_HEAD = b"""<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2023" xes.features="" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
  <extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
  <extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
  <classifier name="activity" keys="concept:name"/>
"""
_STRINGS = ("concept:name", "org:resource", "org:group", "lifecycle:transition")
_LAST_DIGIT = 15
_CHUNK = 200_000


class XesSink:
    """Spills events by the last digit of their case, and writes the sixteen parts case by case at the end.

    So a sixteenth of a run's events is in memory at a time.
    """

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.path = path
        self.parts = {digit: path.with_name(f"{path.name}.{digit}") for digit in "0123456789abcdef"}
        self.writers = {
            digit: pa.parquet.ParquetWriter(part, schema, compression="lz4") for digit, part in self.parts.items()
        }

    def write_table(self, table: pa.Table) -> None:
        """Spill the next events."""
        last = pc.utf8_slice_codeunits(table.column("case:concept:name"), _LAST_DIGIT)
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
            out.write(_HEAD)
            for part in self.parts.values():
                table, starts = by_case(pa.parquet.read_table(part))
                ends = np.append(starts[1:], True)
                for first in range(0, len(table), _CHUNK):
                    piece = slice(first, first + _CHUNK)
                    write_lines(out, _lines(table[piece].combine_chunks(), starts[piece], ends[piece]))
            out.write(b"</log>\n")


def by_case(table: pa.Table) -> tuple[pa.Table, Any]:
    """Return events case by case in the order of births, and which of them begin a trace."""
    names = table.column("case:concept:name").to_numpy(zero_copy_only=False).astype("S16")
    _, first, case = np.unique(names, return_index=True, return_inverse=True)
    place = first[case]
    order = np.argsort(place, kind="stable")
    return table.take(pa.array(order)), order == place[order]


def _lines(events: pa.Table, starts: Any, ends: Any) -> Any:
    """Return an event a string; that of a trace's first event begins the trace, that of its last one ends it."""
    words = [part for name in _STRINGS for part in (
        f'<string key="{name}" value=', quoted(events.column(name), quoteattr), "/>"
    )]  # fmt: skip
    lines = joined(
        "    <event>", *words, '<date key="time:timestamp" value="', times(events.column("time:timestamp"), "+00:00"),
        '"/><int key="phase" value="', events.column("phase").cast(pa.string()), '"/>',
        where_said('<int key="detail" value="', events.column("detail"), '"/>'),
        where_said('<string key="reason" value=', quoted(events.column("reason"), quoteattr), "/>"),
        where_said('<string key="run" value=', quoted_once(events.column("run"), quoteattr), "/>"), "</event>\n",
    )  # fmt: skip
    heads = _heads(events.filter(pa.array(starts)))
    nothing = pa.array(np.full(len(events), ""), pa.string())
    tails = pc.if_else(pa.array(ends), "  </trace>\n", "")
    return joined(pc.replace_with_mask(nothing, pa.array(starts), heads), lines, tails)


def _heads(births: pa.Table) -> Any:
    """Return what stands before the first event of each trace: the case and its attributes."""
    power = pc.if_else(births.column("case:needs_power"), "true", "false")
    return joined(
        '  <trace>\n    <string key="concept:name" value="', births.column("case:concept:name"),
        '"/>\n    <string key="kind" value=', quoted(births.column("case:kind"), quoteattr),
        '/>\n    <int key="parties" value="', births.column("case:parties").cast(pa.string()),
        '"/>\n    <boolean key="needs_power" value="', power, '"/>\n',
    ).combine_chunks()  # fmt: skip
