"""Event logs of a run: written while it runs, read back, measured."""

from model.events.columns import COLUMNS, DETAILS, EPOCH, TRADES, Facts, unpacked
from model.events.files import NEEDED, Log, LogError, check_log_path, log_run, read_log
from model.events.formats import FORMATS, OF_UNIT, RUN
from model.events.measuring import MEASURED, measure

__all__ = [
    "COLUMNS", "DETAILS", "EPOCH", "FORMATS", "MEASURED", "NEEDED", "OF_UNIT", "RUN", "TRADES", "Facts", "Log",
    "LogError", "check_log_path", "log_run", "measure", "read_log", "unpacked",
]  # fmt: skip
