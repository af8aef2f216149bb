"""Event logs of a run: written while it runs, read back, measured."""

from model.eventlog.columns import COLUMNS
from model.eventlog.facts import Facts
from model.eventlog.measuring import MEASURED, measure
from model.eventlog.reading import Log, ocel_table, read_log
from model.eventlog.writing import FORMATS, LogError, check_log_path, log_run

__all__ = [
    "COLUMNS", "FORMATS", "MEASURED", "Facts", "Log", "LogError", "check_log_path", "log_run", "measure", "ocel_table",
    "read_log",
]  # fmt: skip
