"""Stands in for the package `model`: the same public names, runs of a millisecond, failures on demand."""

from __future__ import annotations

import os
import signal
import time
import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

TITLES = {
    "inverted": "改革前",
    "flattened": "改革后",
    "r01": "考核权重",
    "rules_only": "规则",
    "placement_only": "人员",
    "r02": "意见权",
}
"""Chinese titles by name."""

REGIMES = ("inverted", "flattened", "r01", "rules_only", "placement_only", "r02")
DEFAULTS: dict[str, Any] = {
    "run": {"warm_up_days": 3, "window_days": 30, "follow_up_days": 2},
    "assessment": {"street_weight": 0.0},
    "fake": {"fail_seed": -1, "die_seed": -1, "seconds": 0.0, "unprepared": 0, "same": 0},
}


LARGEST_SEED = 2**64 - 1


def seed_problems(seed: int) -> list[str]:
    """Return what is wrong with a seed."""
    return [] if 0 <= seed <= LARGEST_SEED else [f"seed: expected a whole number from 0 to {LARGEST_SEED}, got {seed}."]


class MissingExtra(ImportError):
    """Packages are missing."""


def needs(extra: str, what: str, *packages: str) -> None:
    """Miss nothing."""


class ConfigError(Exception):
    """Wrong configuration."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass(frozen=True)
class Outcome:
    """Declaration of an outcome."""

    name: str
    unit: str
    direction: int
    formula: str
    title_zh: str
    title_en: str
    theme: str
    shown: tuple[str, ...]
    censored: bool
    means_en = means_zh = "fake"


HEADLINE = ("headline", "report", "figure")
OUTCOMES = {
    name: Outcome(
        name, unit, direction, "fake", f"{name}（中）", name.replace("_", " "), theme, shown, "days_to" in name
    )
    for name, theme, unit, direction, shown in (
        ("closure_rate", "closure", "share", 1, HEADLINE),
        ("passes_per_case", "passing", "passes/case", -1, HEADLINE),
        ("workload_street", "work", "share", 0, HEADLINE),
        ("never_defined", "work", "share", 1, ()),
        ("constant", "work", "days", 0, ()),
        ("backlog_end", "time", "share", -1, ()),
        ("days_to_close_p90", "time", "days", -1, ()),
    )
}


@dataclass(frozen=True)
class Title:
    """A name in two languages."""

    zh: str = "假想区"
    en: str = "Fake district"


@dataclass(frozen=True)
class Scenario:
    """A regime with its values."""

    name: str
    values: dict[str, Any]
    stages: tuple[Any, ...] = ()
    own = habits = expects = None

    @property
    def district_title(self) -> Title:
        """Return the title of its district."""
        return Title()

    @property
    def run(self) -> types.SimpleNamespace:
        """Return how long it is watched."""
        return types.SimpleNamespace(**self.values["run"])

    def resolved(self) -> dict[str, Any]:
        """Return every value."""
        return {
            "name": self.name,
            "title": {"en": self.name, "zh": TITLES[self.name]},
            "level": REGIMES.index(self.name),
            **self.values,
        }

    def origins(self) -> dict[str, str]:
        """Return where values come from."""
        return {"run.window_days": "configs/base.yaml:3"}


@dataclass(frozen=True)
class Record:
    """What a run leaves."""

    outcomes: dict[str, float | None]
    daily: dict[str, Any]
    units: dict[str, Any]
    hand_overs: Any
    hand_over_codes: list[str]
    histograms: dict[str, Any]
    kinds: dict[str, Any]
    days: int
    cases_total: int


def replaced_in_memory() -> list[str]:
    """Return that nothing was."""
    return []


def fingerprint() -> str:
    """Return a constant."""
    return "fake"


def one_of(known: Iterable[str]) -> str:
    """Return what is known."""
    return f"one of {', '.join(known)}"


def span(low: float, high: float, unit: str) -> str:
    """Return bounds with their unit."""
    return f"{low:,.10g} to {high:,.10g} ({unit})"


def nearest(word: str, known: list[str]) -> str:
    """Return what is known."""
    return f"; expected {one_of(known)}."


def read_overrides(settings: Iterable[str]) -> tuple[dict[str, Any], list[str]]:
    """Read `key=value` settings that are right."""
    parts = (setting.partition("=") for setting in settings)
    return {key: yaml.safe_load(value) for key, _, value in parts}, []


def to_yaml(value: Any) -> str:
    """Return values as YAML."""
    text: str = yaml.safe_dump(value, allow_unicode=True, sort_keys=False)
    return text


def schema() -> dict[str, Any]:
    """Return an empty schema."""
    return {"type": "object"}


def load_scenario(
    name: str, *, district: str = "chaoyang", overrides: Mapping[str, Any] | None = None, rules: str | None = None
) -> Scenario:
    """Return a regime or complain about everything."""
    problems = [] if name in REGIMES else [f"regime '{name}': unknown; did you mean 'inverted'?"]
    values = {topic: dict(entries) for topic, entries in DEFAULTS.items()}
    for key, value in (overrides or {}).items():
        topic, _, entry = key.partition(".")
        if entry not in values.get(topic, {}):
            problems.append(f"--set: unknown key '{key}'.")
        else:
            values[topic][entry] = value
    if problems:
        raise ConfigError(problems)
    return Scenario(name, values)


def vary(scenario: Scenario, values: Mapping[str, Any]) -> Scenario:
    """Return a scenario with other values."""
    before = {f"{topic}.{name}": value for topic, entries in scenario.values.items() for name, value in entries.items()}
    return load_scenario(scenario.name, overrides=before | dict(values))


INSTRUMENTS = ()


def shipped_root() -> Path:
    """Return a folder in which nothing is."""
    return Path(__file__).with_name("nothing")


def free_numbers() -> tuple[Any, ...]:
    """Return what nobody knows of it: nothing."""
    return ()


def scenario_of(values: Mapping[str, Any], *, own: bool = True) -> Scenario:
    """Return the regime of which these are the values."""
    return Scenario(values["name"], {topic: values[topic] for topic in DEFAULTS})


def changes(before: Scenario, after: Scenario) -> list[Any]:
    """Return nothing: regimes differ in their names."""
    return []


_prepared: set[str] = set()


def prepare(scenario: Scenario) -> None:
    """Remember that this process is ready for a scenario."""
    _prepared.add(scenario.name)


def show_progress(progress: Any) -> None:
    """Nothing is compiled here."""


def simulate(scenario: Scenario, seed: int) -> Record:
    """Return numbers that depend on regime and seed alone, or fail as asked."""
    assert scenario.name in _prepared
    fake = scenario.values["fake"]
    time.sleep(fake["seconds"])
    if seed == fake["die_seed"]:
        os.kill(os.getpid(), signal.SIGKILL)
    if seed == fake["fail_seed"]:
        raise ArithmeticError("asked to fail")
    return _record(0 if fake["same"] else REGIMES.index(scenario.name), scenario.values["run"]["window_days"], seed)


def _record(level: int, days: int, seed: int) -> Record:
    common = np.random.default_rng(seed).normal()
    luck = np.random.default_rng([seed, level])
    outcomes = {
        "closure_rate": 0.6 + 0.1 * level + 0.01 * common + 0.001 * luck.normal(),
        "passes_per_case": 2.0 + 0.1 * common + 0.1 * luck.normal(),
        "workload_street": 0.8 - 0.1 * level + 0.01 * luck.normal(),
        "never_defined": float("nan") if seed % 2 else None,
        "constant": 3.0 + 0.5 * (level > 2),
        "backlog_end": 0.5,
        "days_to_close_p90": None if level == 0 or (level == 1 and seed % 2) else 1.5,
    }
    daily = {name: luck.poisson(20, days + 5) for name in ("born", "reported", "closed", "open")}
    units = {
        "code": np.array(["s01", "s02", "d01", "d02"]),
        "level": np.array(["street", "street", "department", "department"]),
        "title_en": np.array(["East", "West", "Police", "Housing"]),
        "title_zh": np.array(["东街", "西街", "公安", "住建"]),
        "passed": np.array([0, 0, 3, 4]),
        "received": np.full(4, 9),
        "waiting": luck.uniform(0, 9, 4),
        "hours_used": luck.uniform(1, 2, 4),
        "hours_held": np.full(4, 2.0),
    }
    hand_overs = np.zeros((3, 3), dtype=np.int64)
    hand_overs[0, 1] = luck.poisson(5)
    histograms = {
        "passes": np.bincount(luck.poisson(1, 200).clip(0, 31), minlength=32),
        "closures": luck.poisson(9, 17),
        "drops": luck.poisson(1, 17),
        "due": np.full(2, 50),
        "closed_in_time": 20 + 10 * level + luck.poisson(2, 2),
    }
    return Record(outcomes, daily, units, hand_overs, ["d01", "d02", "street"], histograms, {}, days + 5, 600)
