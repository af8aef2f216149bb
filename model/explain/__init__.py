"""What a regime is, in plain words and first-order figures, before anything runs."""

from model.explain.differences import GROUPS, Change, changes, dates_of
from model.explain.duties import Claimed, Duty, duty_list
from model.explain.eras import era_days
from model.explain.load import PoolLoad, offered_load
from model.explain.needs import Idle, idle_instruments
from model.explain.phases import PHASE_WORDS
from model.explain.values import UNITS_ZH

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
