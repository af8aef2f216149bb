"""What a regime is, in plain words and first-order figures, before anything runs."""

from model.explain.differences import GROUPS, UNITS_ZH, Change, Idle, changes, dates_of, idle_instruments
from model.explain.duties import PHASE_WORDS, Claimed, Duty, duty_list, era_days
from model.explain.load import PoolLoad, offered_load

__all__ = [
    "GROUPS",
    "PHASE_WORDS",
    "UNITS_ZH",
    "Change",
    "Claimed",
    "Duty",
    "Idle",
    "PoolLoad",
    "changes",
    "dates_of",
    "duty_list",
    "era_days",
    "idle_instruments",
    "offered_load",
]
