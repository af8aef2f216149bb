"""Event logs of a run: written while it runs, read back, measured."""

from model.events.columns import COLUMNS, DETAILS, EPOCH, TRADES, Facts, unpacked
from model.events.files import NEEDED, Log, LogError, check_log_path, log_run, ocel_table, read_log
from model.events.formats import FORMATS
from model.events.measuring import MEASURED, measure

__all__ = [
    "COLUMNS", "DETAILS", "EPOCH", "FORMATS", "MEASURED", "NEEDED", "TRADES", "Facts", "Log", "LogError",
    "check_log_path", "log_run", "measure", "ocel_table", "read_log", "unpacked",
]  # fmt: skip
