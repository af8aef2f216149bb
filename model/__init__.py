"""Whistle: an agent-based simulation of multi-level urban governance.

`simulate(load_scenario("flattened"), seed=1)` runs a year of Chaoyang District;
`DistrictModel("flattened", seed=1)` is the same year as a Mesa model, day by day.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from model.compiler import show_progress
    from model.config.handbook import Topic, declared_topics, schema
    from model.config.scenario import Scenario, load_scenario, scenario_of
    from model.config.shipped import nearest, shipped_regimes, shipped_root
    from model.config.varying import Declared, declared_at, keys_of, vary
    from model.config.yamlfile import Sheet, read_yaml
    from model.district import DistrictModel
    from model.engine.compiled import fingerprint
    from model.errors import ConfigError, one_of, span
    from model.events import LogError, check_log_path, log_run, measure, read_log
    from model.explain import (
        PHASE_WORDS,
        UNITS_ZH,
        changes,
        dates_of,
        duty_list,
        era_days,
        idle_instruments,
        offered_load,
    )
    from model.instruments import CONDITIONS, INSTRUMENTS, Claim, Condition, Instrument, Side
    from model.outcomes.definitions import OUTCOMES, Outcome
    from model.outcomes.record import Record
    from model.rng import LARGEST_SEED, seed_problems
    from model.simulation import phase_seconds, prepare, simulate
    from model.terms import TERMS, Activity, Level

__all__ = [
    "CONDITIONS",
    "INSTRUMENTS",
    "LARGEST_SEED",
    "OUTCOMES",
    "PHASE_WORDS",
    "TERMS",
    "UNITS_ZH",
    "Activity",
    "Claim",
    "Condition",
    "ConfigError",
    "Declared",
    "DistrictModel",
    "Instrument",
    "Level",
    "LogError",
    "Outcome",
    "Record",
    "Scenario",
    "Sheet",
    "Side",
    "Topic",
    "changes",
    "check_log_path",
    "dates_of",
    "declared_at",
    "declared_topics",
    "duty_list",
    "era_days",
    "fingerprint",
    "idle_instruments",
    "keys_of",
    "load_scenario",
    "log_run",
    "measure",
    "nearest",
    "offered_load",
    "one_of",
    "phase_seconds",
    "prepare",
    "read_log",
    "read_yaml",
    "scenario_of",
    "schema",
    "seed_problems",
    "shipped_regimes",
    "shipped_root",
    "show_progress",
    "simulate",
    "span",
    "vary",
]

_HOME = {
    "CONDITIONS": "model.instruments",
    "Claim": "model.instruments",
    "Condition": "model.instruments",
    "INSTRUMENTS": "model.instruments",
    "Activity": "model.terms",
    "LARGEST_SEED": "model.rng",
    "Level": "model.terms",
    "TERMS": "model.terms",
    "Instrument": "model.instruments",
    "Side": "model.instruments",
    "OUTCOMES": "model.outcomes.definitions",
    "ConfigError": "model.errors",
    "DistrictModel": "model.district",
    "LogError": "model.events",
    "Outcome": "model.outcomes.definitions",
    "Record": "model.outcomes.record",
    "Scenario": "model.config.scenario",
    "check_log_path": "model.events",
    "PHASE_WORDS": "model.explain",
    "UNITS_ZH": "model.explain",
    "changes": "model.explain",
    "dates_of": "model.explain",
    "duty_list": "model.explain",
    "era_days": "model.explain",
    "idle_instruments": "model.explain",
    "fingerprint": "model.engine.compiled",
    "offered_load": "model.explain",
    "load_scenario": "model.config.scenario",
    "scenario_of": "model.config.scenario",
    "log_run": "model.events",
    "measure": "model.events",
    "phase_seconds": "model.simulation",
    "prepare": "model.simulation",
    "read_log": "model.events",
    "schema": "model.config.handbook",
    "seed_problems": "model.rng",
    "shipped_regimes": "model.config.shipped",
    "shipped_root": "model.config.shipped",
    "show_progress": "model.compiler",
    "simulate": "model.simulation",
    "span": "model.errors",
    "Declared": "model.config.varying",
    "Sheet": "model.config.yamlfile",
    "Topic": "model.config.handbook",
    "declared_topics": "model.config.handbook",
    "declared_at": "model.config.varying",
    "keys_of": "model.config.varying",
    "nearest": "model.config.shipped",
    "one_of": "model.errors",
    "read_yaml": "model.config.yamlfile",
    "vary": "model.config.varying",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: numba and Mesa are not loaded for `whistle --help`."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)
