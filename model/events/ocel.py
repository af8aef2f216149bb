"""OCEL 2.0 as JSON: events related to cases and units; cases are of a kind, on a street's ground."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from model.events.columns import ACTIVITY_NAMES
from model.events.text import joined, quoted, quoted_once, times, where_said, write_lines

__all__ = ["OcelSink"]

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
