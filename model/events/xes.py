"""XES (IEEE 1849): one trace a case, events in the order of time; plain XML."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from model.events.text import joined, quoted, quoted_once, times, where_said, write_lines

__all__ = ["XesSink"]

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
