"""Where a result comes from: code, packages, machine."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PACKAGES = (
    "whistle-abm", "numpy", "numba", "llvmlite", "scipy", "pydantic", "PyYAML", "mesa", "pyarrow", "duckdb",
    "pandas", "SALib", "scikit-learn", "optuna", "distributed", "matplotlib", "typer", "rich",
)  # fmt: skip
"""Distributions whose versions a reader needs to repeat a study."""


def now() -> str:
    """Return the present time, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def usable_processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def provenance() -> dict[str, Any]:
    """Return code version, package versions, Python and machine, ready for JSON."""
    return {
        "code": _code(),
        "packages": {name: _version(name) for name in PACKAGES},
        "python": sys.version.split()[0],
        "machine": {
            "system": platform.platform(),
            "processor": platform.processor() or platform.machine(),
            "processors": usable_processors(),
        },
    }


def _version(distribution: str) -> str | None:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def _code() -> dict[str, Any]:
    """Return commit and whether files differ from it; both None outside a clone."""
    folder = Path(__file__).parents[2]
    try:
        # check the top level: an installed copy may lie inside another project's clone
        if Path(_git(folder, "rev-parse", "--show-toplevel")).resolve() == folder.resolve():
            commit = _git(folder, "rev-parse", "HEAD")
            return {"commit": commit, "dirty": bool(_git(folder, "status", "--porcelain", "--untracked-files=no"))}
    except (OSError, subprocess.SubprocessError):
        pass
    return {"commit": None, "dirty": None}


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=10, check=True
    )
    return done.stdout.strip()
