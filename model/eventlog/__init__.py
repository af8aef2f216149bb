"""Event logs of a run: written while it runs, read back, measured."""

from model.eventlog.measuring import MEASURED, measure
from model.eventlog.reading import Log, read_log
from model.eventlog.writing import FORMATS, LogError, check_log_path, log_run

__all__ = ["FORMATS", "MEASURED", "Log", "LogError", "check_log_path", "log_run", "measure", "read_log"]
