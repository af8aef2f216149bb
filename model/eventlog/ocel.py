"""OCEL 2.0 as JSON: events related to cases and units; cases are of a kind, on a street's ground."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa

from model.eventlog.columns import ACTIVITY_NAMES

__all__ = ["write_ocel"]

_EVENT_ATTRIBUTES = (("phase", "integer"), ("detail", "integer"))
_CASE_ATTRIBUTES = (("kind", "string"), ("parties", "integer"), ("needs_power", "boolean"))
_BATCH = 200_000


def write_ocel(table: pa.Table, path: Path) -> None:
    """Write a table of events (`columns.COLUMNS`) as OCEL 2.0 JSON, events in the order they happened."""
    with path.open("w", encoding="utf-8") as out:
        out.write('{"objectTypes":' + json.dumps(_object_types()) + ',\n"eventTypes":' + json.dumps(_event_types()))
        _list(out, "objects", _objects(table))
        _list(out, "events", _events(table))
        out.write("}\n")


def _list(out: TextIO, name: str, entries: Iterator[dict[str, Any]]) -> None:
    out.write(f',\n"{name}":[')
    for n, entry in enumerate(entries):
        out.write(("\n" if n == 0 else ",\n") + json.dumps(entry))
    out.write("]")


def _object_types() -> list[dict[str, Any]]:
    attributes = [{"name": name, "type": kind} for name, kind in _CASE_ATTRIBUTES]
    return [
        {"name": "case", "attributes": attributes},
        {"name": "unit", "attributes": [{"name": "level", "type": "string"}]},
    ]


def _event_types() -> list[dict[str, Any]]:
    attributes = [{"name": name, "type": kind} for name, kind in _EVENT_ATTRIBUTES]
    return [{"name": name, "attributes": attributes} for name in ACTIVITY_NAMES]


def _objects(table: pa.Table) -> Iterator[dict[str, Any]]:
    start = "1970-01-01T00:00:00Z"
    units = table.select(["org:resource", "org:group"]).group_by(["org:resource", "org:group"]).aggregate([])
    for unit in units.to_pylist():
        level = {"name": "level", "value": unit["org:group"], "time": start}
        yield {"id": f"unit {unit['org:resource']}", "type": "unit", "attributes": [level]}
    births = table.filter(table.column("case:kind").is_valid())
    for batch in births.to_batches(max_chunksize=_BATCH):
        for birth in batch.to_pylist():
            values = [{"name": n, "value": birth[f"case:{n}"], "time": start} for n, _ in _CASE_ATTRIBUTES]
            ground = {"objectId": f"unit {birth['org:resource']}", "qualifier": "on the ground of"}
            yield {"id": birth["case:concept:name"], "type": "case", "attributes": values, "relationships": [ground]}


def _events(table: pa.Table) -> Iterator[dict[str, Any]]:
    number = 0
    for batch in table.to_batches(max_chunksize=_BATCH):
        for event in batch.to_pylist():
            number += 1
            yield {
                "id": f"e{number}",
                "type": event["concept:name"],
                "time": event["time:timestamp"].isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "attributes": [{"name": n, "value": event[n]} for n, _ in _EVENT_ATTRIBUTES if event[n] is not None],
                "relationships": [
                    {"objectId": event["case:concept:name"], "qualifier": "case"},
                    {"objectId": f"unit {event['org:resource']}", "qualifier": "done by"},
                ],
            }
