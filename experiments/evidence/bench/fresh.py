"""What only a fresh process shows: peak memory, how long a command takes to start, a first outcome."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["FirstRun", "command_seconds", "first_run", "peak_memory"]

_PROBE = Path(__file__).with_name("probe.py").stem
_ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class FirstRun:
    """One run in a process of its own.

    Attributes
    ----------
    seconds : float
        Wall time from the start of the process to its outcomes.
    compile_seconds : float
        Of these, what it took to compile (or load) the day.
    outcomes : dict
        By name.
    """

    seconds: float
    compile_seconds: float
    outcomes: dict[str, float | None]


def first_run(regime: str, district: str, scale: float, home: Path, cache: Path) -> FirstRun:
    """Run the code of `home` once, with what `cache` holds compiled."""
    start = time.perf_counter()
    told = _probe("first_run", regime, district, str(scale), home=home, WHISTLE_CACHE=str(cache))
    seconds = time.perf_counter() - start
    if not Path(told["home"]).is_relative_to(home.resolve()):
        raise RuntimeError(f"the code of {told['home']} ran instead of that of {home}")
    return FirstRun(seconds, told["compile_seconds"], told["outcomes"])


def peak_memory(regime: str, district: str) -> dict[str, float]:
    """Return the peak of a run above the imports, and the cases most at once in its tables (warm cache)."""
    return _probe("memory", regime, district)


def command_seconds(arguments: list[str], times: int) -> float:
    """Return the median wall time of a `whistle` command, process start included."""
    return statistics.median(_timed(arguments) for _ in range(times))


def _timed(arguments: list[str]) -> float:
    start = time.perf_counter()
    _python("-m", "experiments.cli", *arguments)
    return time.perf_counter() - start


def _probe(what: str, *arguments: str, home: Path = _ROOT, **environment: str) -> dict[str, Any]:
    module = f"experiments.evidence.bench.{_PROBE}"
    answer: dict[str, Any] = json.loads(_python("-m", module, what, *arguments, home=home, **environment))
    return answer


def _python(*arguments: str, home: Path = _ROOT, **environment: str) -> str:
    """Return the standard output of a Python of its own, which finds the packages of `home` wherever it is started."""
    path = os.pathsep.join(filter(None, (str(home), os.environ.get("PYTHONPATH"))))
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=None if home == _ROOT else home,  # Python looks into the current folder first
        env={**os.environ, "PYTHONPATH": path, **environment},
        stdout=subprocess.PIPE,
        check=True,
        encoding="utf-8",
    ).stdout
