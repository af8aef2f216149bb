"""XES (IEEE 1849): one trace a case, events in the order of time; plain XML."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np
import pyarrow as pa

__all__ = ["by_case", "write_xes"]

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2023" xes.features="" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
  <extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
  <extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
  <classifier name="activity" keys="concept:name"/>
"""
_STRINGS = ("concept:name", "org:resource", "org:group", "lifecycle:transition")
_BATCH = 200_000


def by_case(table: pa.Table) -> pa.Table:
    """Return events case by case in the order of births; each case's own in the order they were written."""
    names = table.column("case:concept:name").to_numpy(zero_copy_only=False).astype("S16")
    _, first, case = np.unique(names, return_index=True, return_inverse=True)
    return table.take(pa.array(np.argsort(first[case], kind="stable")))


def write_xes(table: pa.Table, path: Path) -> None:
    """Write a table of events (`columns.COLUMNS`) as XES; cases are gathered in memory first."""
    with path.open("w", encoding="utf-8") as out:
        out.write(_HEAD)
        open_case = ""
        for batch in by_case(table).to_batches(max_chunksize=_BATCH):
            for event in batch.to_pylist():
                if event["case:concept:name"] != open_case:
                    out.write("  </trace>\n" if open_case else "")
                    open_case = event["case:concept:name"]
                    out.write(_trace(event))
                out.write(_event(event))
        out.write(("  </trace>\n" if open_case else "") + "</log>\n")


def _trace(event: dict[str, object]) -> str:
    lines = [f'    <string key="concept:name" value={quoteattr(str(event["case:concept:name"]))}/>']
    if event["case:kind"] is not None:
        lines += [
            f'    <string key="kind" value={quoteattr(str(event["case:kind"]))}/>',
            f'    <int key="parties" value="{event["case:parties"]}"/>',
            f'    <boolean key="needs_power" value="{str(event["case:needs_power"]).lower()}"/>',
        ]
    return "\n".join(("  <trace>", *lines, ""))


def _event(event: dict[str, object]) -> str:
    words = "".join(f'<string key="{name}" value={quoteattr(str(event[name]))}/>' for name in _STRINGS)
    when = event["time:timestamp"].isoformat(timespec="milliseconds")  # type: ignore[attr-defined]  # a datetime
    detail = "" if event["detail"] is None else f'<int key="detail" value="{event["detail"]}"/>'
    return (
        f'    <event>{words}<date key="time:timestamp" value="{when}"/>'
        f'<int key="phase" value="{event["phase"]}"/>{detail}</event>\n'
    )
