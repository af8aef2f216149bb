"""What a study runs: points, replicates and seeds, with keys that name what decides the numbers."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shlex
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from experiments.errors import WrongInput
from experiments.planning.scenarios import absolute, load_all

if TYPE_CHECKING:
    from model import Scenario

__all__ = ["DECIDES_NOTHING", "Plan", "Point", "Request", "Task", "digest", "make_plan"]

DECIDES_NOTHING = ("name", "title", "extends")
"""Entries of a resolved configuration that name it without deciding any number."""


@dataclasses.dataclass(frozen=True)
class Request:
    """What the user asked, enough to ask again.

    Attributes
    ----------
    study : str
        Name of the study.
    regimes : tuple of str
        As typed; paths are absolute.
    district : str
        As typed; a path is absolute.
    overrides : dict
        Value by dotted key.
    pairs : int
        Replicates of each regime.
    seed : int
        Replicate i uses seed + i.
    """

    study: str
    regimes: tuple[str, ...]
    district: str
    overrides: dict[str, Any]
    pairs: int
    seed: int


@dataclasses.dataclass(frozen=True)
class Point:
    """A scenario of the study under the label by which tables call it."""

    label: str
    regime: str
    scenario: Scenario
    resolved: dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Task:
    """One run: everything a worker needs to know beside the scenarios."""

    key: str
    point: int
    regime: str
    replicate: int
    seed: int


@dataclasses.dataclass(frozen=True)
class Plan:
    """A study before it runs."""

    request: Request
    points: tuple[Point, ...]
    tasks: tuple[Task, ...]
    outcomes: tuple[str, ...]
    fingerprint: str

    @property
    def folder_name(self) -> str:
        """Name of the study's folder: the request's name and a hash of all keys."""
        return f"{self.request.study}-{digest([task.key for task in self.tasks])[:8]}"

    def command(self, task: Task) -> str:
        """Return the one line that repeats a run alone."""
        words = ["whistle", "run", self.points[task.point].regime, "--seed", str(task.seed)]
        words += ["--district", self.request.district]
        for key, value in self.request.overrides.items():
            words += ["--set", f"{key}={json.dumps(value, ensure_ascii=False)}"]
        return shlex.join(words)


def digest(value: Any) -> str:
    """Return the SHA-256 of a value's canonical JSON, as 64 hexadecimal digits."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=_plain, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _plain(value: Any) -> Any:
    """Turn what JSON does not know, as arrays and dataclasses, into what it knows."""
    if hasattr(value, "tolist"):
        return value.tolist()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    raise TypeError(f"a configuration holds a {type(value).__name__}, which has no canonical form")


def make_plan(request: Request) -> Plan:
    """Load the regimes and lay out the paired runs, pair by pair.

    Parameters
    ----------
    request : Request
        What the user asked.

    Raises
    ------
    WrongInput
        For regimes that cannot be loaded or that are given twice.
    """
    from model import OUTCOMES, fingerprint

    request = dataclasses.replace(
        request, regimes=tuple(map(absolute, request.regimes)), district=absolute(request.district)
    )
    scenarios = load_all(request.regimes, request.district, request.overrides)
    points = _points(request.regimes, scenarios)
    return Plan(request, points, _tasks(request, points, fingerprint()), tuple(OUTCOMES), fingerprint())


def _points(regimes: Sequence[str], scenarios: Sequence[Scenario]) -> tuple[Point, ...]:
    names = [scenario.name for scenario in scenarios]
    labels = [name if names.count(name) == 1 else regime for name, regime in zip(names, regimes, strict=True)]
    twice = sorted({label for label in labels if labels.count(label) > 1})
    if twice:
        raise WrongInput([f"regime '{label}': got it more than once; allowed once in a study." for label in twice])
    return tuple(
        Point(label, regime, scenario, scenario.resolved())
        for label, regime, scenario in zip(labels, regimes, scenarios, strict=True)
    )


def _tasks(request: Request, points: Sequence[Point], fingerprint: str) -> tuple[Task, ...]:
    configurations = [digest(_deciding(point.resolved)) for point in points]
    return tuple(
        Task(digest([configuration, seed, fingerprint])[:32], place, point.label, seed - request.seed, seed)
        for seed in range(request.seed, request.seed + request.pairs)
        for place, (point, configuration) in enumerate(zip(points, configurations, strict=True))
    )


def _deciding(resolved: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in resolved.items() if key not in DECIDES_NOTHING}
