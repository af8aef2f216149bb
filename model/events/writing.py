"""Writing an event log while the district runs: chunk by chunk, whole files only."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from model.config.scenario import Scenario
from model.engine.columns import record_type
from model.engine.rows import HistoryRow
from model.events.columns import Facts, event_table
from model.events.formats import OcelSink, XesSink
from model.layout import Blueprint
from model.outcomes.record import Record
from model.simulation import blueprint_of, check_run, record_of, run_with_events

__all__ = ["FORMATS", "LogError", "check_log_path", "log_run"]


class LogError(Exception):
    """An event log cannot be written or read as asked; the message says where, what, and what is allowed."""


class Sink(Protocol):
    """Takes the tables of an event log one after the other."""

    def write_table(self, table: pa.Table) -> None:
        """Write the next events."""

    def close(self) -> None:
        """End the file."""


def log_run(scenario: Scenario, seed: int, path: str | Path) -> tuple[Record, int]:
    """Run a scenario once and write its event log.

    Parameters
    ----------
    scenario : Scenario
    seed : int
        From 0 to 2⁶⁴ − 1.
    path : str or Path
        Its suffix names the format, one of `FORMATS`. The file appears when it is complete.

    Returns
    -------
    Record, int
        As `simulate` gives it; and the number of events.

    Raises
    ------
    LogError
        For another suffix, or a folder that cannot be written.
    ConfigError
        For another scenario or seed than these.
    """
    check_run(scenario, seed)
    target = check_log_path(path)
    plan, count, facts = blueprint_of(scenario), 0, Facts.of(scenario, seed).text()
    with _whole(target) as temporary, _sink(temporary, target, plan) as sink:

        def write(rows: Any) -> None:
            nonlocal count
            sink.write_table(event_table(rows, plan, facts if count == 0 else None))
            count += len(rows)

        tables = run_with_events(scenario, seed, write)
    return record_of(scenario, seed, tables), count


def check_log_path(path: str | Path) -> Path:
    """Return the path of a log to be written, or raise LogError before anything has run."""
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
    name = path.name.lower()
    return next((suffix for suffix in (".xes.gz", *FORMATS) if name.endswith(suffix)), "")


@contextlib.contextmanager
def _whole(target: Path) -> Iterator[Path]:
    """Give a temporary path beside the target that takes its place at the end, or goes."""
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        yield temporary
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def _sink(temporary: Path, target: Path, plan: Blueprint) -> Iterator[Sink]:
    sink = FORMATS[_suffix(target)](temporary, plan)
    try:
        yield sink
    finally:
        sink.close()


def _schema(plan: Blueprint) -> pa.Schema:
    return event_table(np.zeros(0, record_type(HistoryRow)), plan).schema


def _parquet(path: Path, plan: Blueprint) -> Sink:
    writer: Sink = pa.parquet.ParquetWriter(path, _schema(plan), compression="zstd")
    return writer


class _Csv:
    def __init__(self, path: Path, plan: Blueprint) -> None:
        words = [
            pa.field(each.name, pa.string()) if pa.types.is_dictionary(each.type) else each for each in _schema(plan)
        ]
        self.schema = pa.schema(words)
        self.writer = pa.csv.CSVWriter(path, self.schema)

    def write_table(self, table: pa.Table) -> None:
        self.writer.write_table(table.cast(self.schema))

    def close(self) -> None:
        self.writer.close()


FORMATS: dict[str, Callable[[Path, Blueprint], Sink]] = {
    ".parquet": _parquet,
    ".csv": _Csv,
    ".xes": lambda path, plan: XesSink(path, _schema(plan)),
    ".jsonocel": lambda path, plan: OcelSink(path, _schema(plan)),
}
"""By suffix: how the sink of a format is opened."""
