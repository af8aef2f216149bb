"""JSON lines, an object a line, and JSON arrays of such objects: each is an event (or a case), its keys are columns."""

from __future__ import annotations

import io
import json
import re
from array import array
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from experiments.logs import Contents, Format, Place, Source
from experiments.logs.encodings import encoding_of, text_of
from experiments.logs.json_stream import DECODER, elements, valid_json, whole_text
from experiments.logs.options import LogOptions
from experiments.logs.tables import Rows, text_only

if TYPE_CHECKING:
    import pyarrow as pa

LOOKED_AT = (
    20_000  # records whose keys are taken as those of the file, unless a column that was named is not among them
)
LONGEST_LINE = 1 << 24  # letters

Record = dict[str, Any]


def _contents(source: Source, options: LogOptions, notes: list[str]) -> Contents:
    encoding, named = encoding_of(source, options, notes), set(options.columns().values())
    keys = dict[str, None]()
    for count, (_, record) in enumerate(_records(source, encoding)):
        keys |= dict.fromkeys(record)
        if count >= LOOKED_AT and named <= keys.keys():
            break
    if not keys:
        raise source.wrong("expected at least one object with names and values, got none.")
    names = [key for key in keys if key == text_only(key)]
    return Contents(names, lambda columns: _read(source, encoding, columns))


def _read(source: Source, encoding: str, columns: Sequence[str]) -> tuple[pa.Table, Place]:
    rows, numbers = Rows(columns, source.wrong), array("q")
    noun = "line" if _has_lines(source, encoding) else "record"
    for number, record in _records(source, encoding):
        values = [record.get(name) for name in columns]
        for name, value in zip(columns, values, strict=True):
            if isinstance(value, dict | list):
                raise source.wrong(f"{noun} {number}: '{name}' holds several values. Write one value under each name.")
        rows.add(values)
        numbers.append(number)
    return rows.table(), lambda row: f"{noun} {numbers[row]}"


def _records(source: Source, encoding: str) -> Iterator[tuple[int, Record]]:
    """Yield each record and its number, that of its line where each has one; WrongInput for others than objects."""
    lines = _has_lines(source, encoding)
    for number, record in _lines(source, encoding) if lines else _elements(source, encoding):
        if not isinstance(record, dict):
            noun = "line" if lines else "record"
            raise source.wrong(f"{noun} {number}: expected an object with names and values, got {str(record)[:60]}.")
        yield number, record


def _has_lines(source: Source, encoding: str) -> bool:
    """Tell whether the first line that holds anything is an object as a whole, and not one that holds the records."""
    with text_of(source, encoding) as text:
        first = next((line for line in _cut(text) if line.strip("\ufeff \t\r\n")), "").lstrip("\ufeff \t")
    try:
        found = json.loads(first) if first.startswith("{") else None
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and not any(isinstance(each, list) for each in found.values())


def _cut(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(LONGEST_LINE):
        yield line


def _lines(source: Source, encoding: str) -> Iterator[tuple[int, Any]]:
    with text_of(source, encoding) as text:
        for number, line in enumerate(_cut(text), 1):
            if not (bare := line.strip("\ufeff \t\r\n")):
                continue
            try:
                yield number, DECODER.decode(bare)
            except RecursionError as error:
                raise source.wrong(f"line {number}: is nested too deeply. Write one value under each name.") from error
            except ValueError as error:
                reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)[:120]
                raise source.wrong(f"line {number}: is not valid JSON ({reason}). Export the log again.") from error


def _elements(source: Source, encoding: str) -> Iterator[tuple[int, Any]]:
    """Yield the elements of an array; where an object is outermost, those of its first array of objects."""
    text, count, wanted = whole_text(source, encoding), 0, None
    with valid_json(source, "JSON"):
        for key, own, value in elements(text):
            if wanted is None and own is None and (isinstance(value, dict) or key == ""):
                wanted = key
            if key == wanted:
                count += 1
                yield count, value


def _looks(head: str) -> int:
    return 2 if re.match(r"\s*(\[\s*)?\{", head) else 0


FORMATS = (Format("json", "JSON lines", (".jsonl", ".ndjson", ".json"), _contents, gzip=True, looks=_looks),)
