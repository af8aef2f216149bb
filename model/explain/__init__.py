"""What a regime is, in plain words and first-order figures, before anything runs."""

from model.explain.differences import Change, changes, dates_of, idle
from model.explain.duties import Duty, duty_list
from model.explain.load import PoolLoad, offered_load
from model.explain.phases import PHASE_WORDS

__all__ = ["PHASE_WORDS", "Change", "Duty", "PoolLoad", "changes", "dates_of", "duty_list", "idle", "offered_load"]
