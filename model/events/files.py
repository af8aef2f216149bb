"""Event logs on disk: written chunk by chunk while the district runs, whole files only; read back in any format."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import datetime
from itertools import chain, repeat
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pyarrow as pa
import pyarrow.compute
import pyarrow.csv
import pyarrow.parquet
from numpy.typing import NDArray

from model.config.scenario import Scenario
from model.events.columns import ACTIVITY_NAMES, EPOCH, PLAIN_SCHEMA, TICK_MS, Facts, event_table
from model.events.formats import FORMATS, OF_UNIT, RUN
from model.outcomes.record import Record
from model.simulation import blueprint_of, check_run, record_of, run_with_events
from model.terms import TRADED, Activity

NEEDED = (
    "case:concept:name", "concept:name", "time:timestamp", "org:resource", "org:group", "detail", "case:kind",
    "case:parties", "case:needs_power", "run",
)  # fmt: skip
"""Columns that distinguish logs of this model from others, and that measuring needs."""


class LogError(Exception):
    """An event log cannot be written or read as asked; the message says where, what, and what is allowed."""


def log_run(scenario: Scenario, seed: int, path: str | Path) -> tuple[Record, int]:
    """Run a scenario once and write its event log.

    Args:
        seed: From 0 to 2⁶⁴ − 1.
        path: Its suffix names the format, one of `FORMATS`. The file appears when it is complete.

    Returns:
        As `simulate` returns it; and the number of events.

    Raises:
        LogError: For another suffix, or a folder that cannot be written.
        ConfigError: For another scenario or seed than these.
    """
    check_run(scenario, seed)
    target = check_log_path(path)
    plan, count, facts = blueprint_of(scenario), 0, Facts.of(scenario, seed).text()
    with _whole(target) as temporary, contextlib.closing(FORMATS[_suffix(target)](temporary)) as sink:

        def write(rows: Any) -> None:
            nonlocal count
            sink.write_table(event_table(rows, plan, facts if count == 0 else None))
            count += len(rows)

        tables = run_with_events(scenario, seed, write)
    return record_of(scenario, seed, tables), count


def check_log_path(path: str | Path) -> Path:
    """Return the path of a log to be written; LogError where it cannot be, before anything has run."""
    target = Path(path)
    if _suffix(target) not in FORMATS:
        raise LogError(f"{target}: expected the suffix {' or '.join(FORMATS)}, got '{target.suffix}'.")
    if target.is_dir():
        raise LogError(f"{target}: is a folder. Name a file in it.")
    if not target.parent.is_dir():
        raise LogError(f"{target}: the folder {target.parent} does not exist. Create it first.")
    if not os.access(target.parent, os.W_OK):
        raise LogError(f"{target}: the folder {target.parent} is not writable. Choose another.")
    return target


def _suffix(path: Path) -> str:
    return next((suffix for suffix in FORMATS if path.name.lower().endswith(suffix)), "")


@contextlib.contextmanager
def _whole(target: Path) -> Iterator[Path]:
    """Give a temporary path beside the target that takes its place at the end, or goes."""
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        yield temporary
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


@dataclass(frozen=True)
class Log:
    """An event log, in the order of the file; within a case that is the order in which things happened.

    Attributes:
        case (array of str (events,)): Name of the case.
        activity (array of int (events,)): `terms.Activity`.
        when (array of int (events,)): Ticks since the start of the run.
        unit, level (array of str (events,)): Code and level of the unit.
        detail (array of int (events,)): −1 where the activity says nothing.
        kind (array of str, parties : array of int, needs_power : array of bool (events,)): With births only; "" and 0
            elsewhere.
        facts: Of the run; None where the event that carries them is gone.
    """

    case: NDArray[Any]
    activity: NDArray[np.int8]
    when: NDArray[np.int64]
    unit: NDArray[Any]
    level: NDArray[Any]
    detail: NDArray[np.int64]
    kind: NDArray[Any]
    parties: NDArray[np.int64]
    needs_power: NDArray[np.bool_]
    facts: Facts | None = None

    def of_cases(self) -> Log:
        """Return the log without what is about requests for people and powers."""
        about = ~np.isin(self.activity, [*TRADED])
        kept = {f.name: getattr(self, f.name)[about] for f in fields(self) if f.name != "facts"}
        return self if about.all() else replace(self, **kept)

    @classmethod
    def of(cls, table: pa.Table) -> Log:
        """Return the log of a table with `COLUMNS`; numbers and times may be text.

        KeyError, TypeError, ValueError or pa.ArrowException if it is not one of this model.
        """
        numbers = {name: number for number, name in enumerate(ACTIVITY_NAMES)}
        names, places = _coded(table, "concept:name")
        millis = table.column("time:timestamp").cast(pa.timestamp("ms", "UTC")).cast(pa.timestamp("ms"))
        facts = pa.compute.drop_null(table.column("run")) if "run" in table.column_names else []
        return cls(
            case=_strings(table, "case:concept:name"),
            activity=np.array([numbers[name] for name in names], dtype=np.int8)[places],
            when=(millis.to_numpy() - np.datetime64(EPOCH, "ms")).astype(np.int64) // TICK_MS,
            unit=_strings(table, "org:resource"),
            level=_strings(table, "org:group"),
            detail=_filled(table, "detail", pa.int64(), -1),
            kind=_strings(table, "case:kind"),
            parties=_filled(table, "case:parties", pa.int64(), 0),
            needs_power=_filled(table, "case:needs_power", pa.bool_(), False),
            facts=Facts.read(facts[0].as_py()) if len(facts) else None,
        )


def read_log(path: str | Path) -> Log:
    """Read a log that `log_run` wrote: .parquet, .csv, .xes, .jsonocel or .json.

    Raises:
        ValueError: For another suffix.
        LogError: If the file is damaged, or is not a log of this model.
    """
    source = Path(path)
    if (suffix := _suffix(source)) not in _READERS:
        raise ValueError(f"{source}: expected the suffix {' or '.join(_READERS)}, got '{source.suffix}'.")
    try:
        log = Log.of(_READERS[suffix](source))
    except (KeyError, TypeError, ValueError, pa.ArrowException, ElementTree.ParseError) as error:
        raise LogError(
            f"{source}: is not a complete log written by Whistle ({error!r}). Write it again with log_run."
        ) from error
    if len(log.case) == 0:
        raise LogError(f"{source}: contains no events written by Whistle. Write the log again with log_run.")
    return log


def _coded(table: pa.Table, name: str) -> tuple[list[str], NDArray[Any]]:
    """Return the distinct strings of a column, "" for null, and the place of each row's among them."""
    words = pa.compute.fill_null(table.column(name).cast(pa.string()), "").combine_chunks().dictionary_encode()
    return words.dictionary.to_pylist(), words.indices.to_numpy()


def _strings(table: pa.Table, name: str) -> NDArray[Any]:
    words, places = _coded(table, name)
    return np.asarray(np.array(words, dtype=object)[places])


def _filled(table: pa.Table, name: str, kind: pa.DataType, empty: Any) -> NDArray[Any]:
    filled = pa.compute.fill_null(table.column(name).cast(kind), empty)
    return np.asarray(filled.to_numpy(zero_copy_only=False))


def _csv(path: Path) -> pa.Table:
    options = pa.csv.ConvertOptions(column_types=PLAIN_SCHEMA, strings_can_be_null=True)
    return pa.csv.read_csv(path, convert_options=options)


_XES = "{http://www.xes-standard.org/}"


def _xes(path: Path) -> pa.Table:
    traces = (node for _, node in ElementTree.iterparse(path) if node.tag == f"{_XES}trace")
    return _table(event for trace in traces for event in _trace(trace))


def _trace(trace: ElementTree.Element) -> Iterator[dict[str, Any]]:
    of_case = {child.get("key", ""): child.get("value", "") for child in trace if child.tag != f"{_XES}event"}
    for event in trace.iter(f"{_XES}event"):
        values = {child.get("key", ""): child.get("value", "") for child in event}
        yield _row(of_case["concept:name"], values["concept:name"], values, of_case)
    trace.clear()


def _row(case: str, activity: str, values: dict[str, Any], of_case: dict[str, Any]) -> dict[str, Any]:
    born = Activity[activity.upper()] in (Activity.BORN, Activity.REPEATED)
    return {
        "case:concept:name": case,
        "concept:name": activity,
        "time:timestamp": datetime.fromisoformat(values["time:timestamp"]),
        "org:resource": values["org:resource"],
        "org:group": values["org:group"],
        "detail": int(values["detail"]) if "detail" in values else None,
        "case:kind": of_case["kind"] if born else None,
        "case:parties": int(of_case["parties"]) if born else None,
        "case:needs_power": of_case["needs_power"] == "true" if born else None,
        "run": values.get("run"),
    }


def _table(rows: Iterator[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=pa.schema([PLAIN_SCHEMA.field(name) for name in NEEDED]))


def ocel_table(path: Path) -> pa.Table:
    """Return the events, a row each, of an OCEL file that `log_run` wrote.

    KeyError, TypeError or ValueError for others.
    """
    whole = json.loads(path.read_text(encoding="utf-8"))
    objects = {each["id"]: {value["name"]: value["value"] for value in each["attributes"]} for each in whole["objects"]}
    facts = chain([objects[RUN]["facts"]] if RUN in objects else [], repeat(None))  # with the run's first event alone
    return _table(_ocel_row(event, objects) | {"run": run} for event, run in zip(whole["events"], facts, strict=False))


def _ocel_row(event: dict[str, Any], objects: dict[str, dict[str, Any]]) -> dict[str, Any]:
    related = {link["qualifier"]: link["objectId"] for link in event["relationships"]}
    values = {each["name"]: each["value"] for each in event["attributes"]}
    values |= {
        "time:timestamp": event["time"].replace("Z", "+00:00"),
        "org:resource": related["done by"].removeprefix(OF_UNIT),
        "org:group": objects[related["done by"]]["level"],
    }
    return _row(related["case"], event["type"], values, objects[related["case"]])


_READERS: dict[str, Callable[[Path], pa.Table]] = {
    ".parquet": pa.parquet.read_table, ".csv": _csv, ".xes": _xes, ".jsonocel": ocel_table, ".json": ocel_table,
}  # fmt: skip
