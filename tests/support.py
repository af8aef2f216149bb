"""What several tests share: small districts, short runs, a bound on their time."""

from __future__ import annotations

import atexit
import dataclasses
import functools
import json
import shutil
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from model.config.files import find_file, names, shipped_root
from model.config.scenario import Scenario, load_scenario
from model.config.yamlfile import read_yaml
from model.engine.tables import Tables
from model.plans import Blueprint
from model.policy import Law
from model.world import Run

Result = TypeVar("Result")

REGIMES = tuple(names("regime"))
"""Every shipped regime."""


def shipped_district(name: str) -> dict[str, Any]:
    """Return the content of a shipped district of one file, free to change."""
    return read_yaml(find_file("district", name)).values


def write_district(path: Path, content: dict[str, Any]) -> str:
    """Write a district (JSON is YAML too) and return its path as a name to load it by."""
    path.write_text(json.dumps(content), encoding="utf-8")
    return str(path)


def short(scenario: Scenario, days: int, *, warm_up: int = 0, follow_up: int = 30, steps: int = 1) -> Scenario:
    """Return the scenario over a window of so many days."""
    return with_values(scenario, run=Run(steps, warm_up, days, follow_up))


def tiny(regime: str, days: int = 40, **length: int) -> Scenario:
    """Return a regime over the tiny district, run for so many days."""
    return short(load_scenario(regime, district="tiny"), days, **length)


def all_rules(law: Law) -> tuple[tuple[str, Any], ...]:
    """Return every rule of a law by its dotted key, as a stage holds them."""
    return tuple(
        (f"{topic}.{name}", value)
        for topic, values in dataclasses.asdict(law).items()
        for name, value in values.items()
    )


def with_values(scenario: Scenario, **topics: Any) -> Scenario:
    """Return the scenario with topics replaced, each by a new one or by a dict of some of its values."""
    parts = {}
    for part in ("law", "habits", "world"):
        old = getattr(scenario, part)
        changes = {
            name: dataclasses.replace(getattr(old, name), **value) if isinstance(value, dict) else value
            for name, value in topics.items()
            if hasattr(old, name)
        }
        parts[part] = dataclasses.replace(old, **changes)
    return dataclasses.replace(scenario, **parts)


def history_of(tables: Tables) -> np.ndarray[Any, Any]:
    """Return the lines of history that a run wrote."""
    lines: np.ndarray[Any, Any] = tables.history[: int(tables.districts[0].history_used)]
    return lines


def named_history(tables: Tables, plan: Blueprint) -> list[tuple[Any, ...]]:
    """Return the history with units by code, which compares runs whose unit rows differ."""
    codes = [unit.code for unit in plan.units]
    return [
        (int(line["when"]), int(line["key"]), int(line["activity"]), codes[line["unit"]], int(line["phase"]))
        for line in history_of(tables)
    ]


def alike(first: np.ndarray[Any, Any], second: np.ndarray[Any, Any]) -> bool:
    """Tell whether two tables hold the same bits; what lies between aligned columns is no content."""
    if first.dtype.names is None:
        return first.tobytes() == second.tobytes()
    return all(first[name].tobytes() == second[name].tobytes() for name in first.dtype.names)


def same(first: Tables, second: Tables, *, but: tuple[str, ...] = ()) -> list[str]:
    """Return the names of the result tables of two runs that differ."""
    results = ("units", "tallies", "kinds", "counts", "kind_days", "hand_overs", "step_counts", "daily")
    return [name for name in results if name not in but and not alike(getattr(first, name), getattr(second, name))]


def within(seconds: float, call: Callable[[], Result]) -> Result:
    """Return what the call returns, or fail if it does not end in time (kernels cannot be interrupted)."""
    answer: list[Result] = []
    problem: list[BaseException] = []

    def work() -> None:
        try:
            answer.append(call())
        except BaseException as error:
            problem.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds)
    if problem:
        raise problem[0]
    assert answer, f"did not end within {seconds} seconds"
    return answer[0]


@functools.cache
def hand_set() -> str:
    """Return the path of Chaoyang as it was set by hand, without its reference world."""
    folder = Path(tempfile.mkdtemp(prefix="whistle-by-hand-")) / "chaoyang"
    atexit.register(shutil.rmtree, folder.parent, ignore_errors=True)
    shutil.copytree(shipped_root() / "districts" / "chaoyang", folder, ignore=shutil.ignore_patterns("reference.yaml"))
    return str(folder / "district.yaml")
