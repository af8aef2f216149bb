"""Writing an event log while the district runs: chunk by chunk, whole files only."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from model.config.scenario import Scenario
from model.events.columns import Facts, event_table
from model.events.formats import FORMATS
from model.outcomes.record import Record
from model.simulation import blueprint_of, check_run, record_of, run_with_events


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
