"""Whistle: an agent-based simulation of multi-level urban governance.

`simulate(load_scenario("flattened"), seed=1)` runs a year of Chaoyang District;
`DistrictModel("flattened", seed=1)` is the same year as a Mesa model, day by day.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from model.extras import CORE, needs

if TYPE_CHECKING:
    from model.agents import (
        CityAgent,
        CommunityAgent,
        DepartmentAgent,
        DistrictAgent,
        StreetAgent,
        TeamAgent,
        UnitAgent,
    )
    from model.claims import Claim, Condition, Instrument, Side
    from model.compiler import show_progress
    from model.config.declared import Declared, Topic, declared_at, declared_topics, keys_of, schema
    from model.config.files import shipped_regimes, shipped_root
    from model.config.overrides import read_overrides
    from model.config.scenario import Scenario, load_scenario, scenario_of, vary
    from model.config.unknown import FreeNumber, Unknowns, free_numbers, in_world
    from model.config.yamlfile import Sheet, read_yaml, to_yaml
    from model.district import DistrictModel
    from model.engine.compiled import fingerprint, replaced_in_memory
    from model.errors import ConfigError, nearest, one_of, span
    from model.events import LogError, check_log_path, log_run, measure, read_log
    from model.explain.differences import PHASE_WORDS, changes, dates_of, idle_instruments
    from model.explain.load import duty_list, era_days, offered_load
    from model.explain.rules import RuleTold, replaceable_rules, starting_file
    from model.extras import EXTRAS, MissingExtra, install_command
    from model.instruments import CONDITIONS, INSTRUMENTS
    from model.interventions import CHANGEABLE, Intervention
    from model.outcomes.definitions import OUTCOMES
    from model.outcomes.outcome import Outcome
    from model.outcomes.record import Record
    from model.own import OwnRules, learn_words, read_rules, rules_of
    from model.own_outcome import OwnOutcome, outcome
    from model.parameter import UNITS_ZH
    from model.rng import LARGEST_SEED, seed_problems
    from model.simulation import phase_seconds, prepare, simulate
    from model.terms import TERMS, Activity, Level

__all__ = [
    "CHANGEABLE", "CONDITIONS", "EXTRAS", "INSTRUMENTS", "LARGEST_SEED", "OUTCOMES", "PHASE_WORDS", "TERMS", "UNITS_ZH",
    "Activity", "CityAgent", "Claim", "CommunityAgent", "Condition", "ConfigError", "Declared", "DepartmentAgent",
    "DistrictAgent", "DistrictModel", "FreeNumber", "Instrument", "Intervention", "Level", "LogError", "MissingExtra",
    "Outcome", "OwnOutcome", "OwnRules", "Record", "RuleTold", "Scenario", "Sheet", "Side", "StreetAgent", "TeamAgent",
    "Topic", "UnitAgent", "Unknowns", "changes", "check_log_path", "dates_of", "declared_at", "declared_topics",
    "duty_list", "era_days", "fingerprint", "free_numbers", "idle_instruments", "in_world", "install_command",
    "keys_of", "learn_words", "load_scenario", "log_run", "measure", "nearest", "needs", "offered_load", "one_of",
    "outcome", "phase_seconds", "prepare", "read_log", "read_overrides", "read_rules", "read_yaml", "replaceable_rules",
    "replaced_in_memory", "rules_of", "scenario_of", "schema", "seed_problems", "shipped_regimes", "shipped_root",
    "show_progress", "simulate", "span", "starting_file", "to_yaml", "vary",
]  # fmt: skip

_NAMES = {
    "model.agents": "CityAgent CommunityAgent DepartmentAgent DistrictAgent StreetAgent TeamAgent UnitAgent",
    "model.compiler": "show_progress",
    "model.config.files": "shipped_regimes shipped_root",
    "model.config.declared": "Declared Topic declared_at declared_topics keys_of schema",
    "model.config.overrides": "read_overrides",
    "model.config.scenario": "Scenario load_scenario scenario_of vary",
    "model.config.yamlfile": "Sheet read_yaml to_yaml",
    "model.district": "DistrictModel",
    "model.engine.compiled": "fingerprint replaced_in_memory",
    "model.errors": "ConfigError nearest one_of span",
    "model.events": "LogError check_log_path log_run measure read_log",
    "model.explain.differences": "PHASE_WORDS changes dates_of idle_instruments",
    "model.explain.load": "duty_list era_days offered_load",
    "model.explain.rules": "RuleTold replaceable_rules starting_file",
    "model.extras": "EXTRAS MissingExtra install_command needs",
    "model.config.unknown": "FreeNumber Unknowns free_numbers in_world",
    "model.claims": "Claim Condition Instrument Side",
    "model.instruments": "CONDITIONS INSTRUMENTS",
    "model.outcomes.definitions": "OUTCOMES",
    "model.outcomes.outcome": "Outcome",
    "model.own": "OwnRules learn_words read_rules rules_of",
    "model.own_outcome": "OwnOutcome outcome",
    "model.parameter": "UNITS_ZH",
    "model.interventions": "CHANGEABLE Intervention",
    "model.outcomes.record": "Record",
    "model.rng": "LARGEST_SEED seed_problems",
    "model.simulation": "phase_seconds prepare simulate",
    "model.terms": "TERMS Activity Level",
}
_MODULE_OF = {name: module for module, names in _NAMES.items() for name in names.split()}


_NEEDS = {"model.district": ("notebook", "mesa"), "model.events": (CORE, "pyarrow")}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: numba and Mesa are not loaded for `whistle --help`.

    Raises:
        MissingExtra: If it needs a package that is not installed.
    """
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = _MODULE_OF[name]
    if module in _NEEDS:
        extra, package = _NEEDS[module]
        needs(extra, name, package)
    return getattr(importlib.import_module(module), name)


def __dir__() -> list[str]:
    """Return the public names, and nothing that this file needs itself."""
    return sorted(__all__)
