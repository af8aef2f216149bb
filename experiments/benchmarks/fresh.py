"""What only a fresh process shows: compile time, peak memory, how long a command takes to start."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

__all__ = ["command_seconds", "compile_seconds", "peak_memory"]

_PROBE = Path(__file__).with_name("probe.py").stem
_ROOT = Path(__file__).resolve().parents[2]


def compile_seconds(regime: str, district: str) -> float:
    """Return the seconds that compiling the day takes with an empty cache."""
    with tempfile.TemporaryDirectory(prefix="whistle-bench-") as cache:
        return float(_probe("compile", regime, district, WHISTLE_CACHE=cache)["compile_seconds"])


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


def _probe(what: str, regime: str, district: str, **environment: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(
        _python("-m", f"experiments.benchmarks.{_PROBE}", what, regime, district, **environment)
    )
    return answer


def _python(*arguments: str, **environment: str) -> str:
    """Return the standard output of a Python of its own, which finds our packages wherever it is started."""
    path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    return subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "PYTHONPATH": path, **environment},
        stdout=subprocess.PIPE,
        check=True,
        encoding="utf-8",
    ).stdout
