"""Python in fresh processes: code of another tree, another environment, a cache of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from model.config.files import shipped_root

HOME = shipped_root().parent
"""The folder that holds `model` and `configs`."""


def start(code: str, *arguments: str, home: Path = HOME, **environment: str) -> subprocess.Popen[str]:
    """Start code in a process that imports the model from `home`; every warning is shown."""
    return subprocess.Popen(
        [sys.executable, "-W", "always", "-c", code, *arguments],
        cwd=home, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(home), "PYTHONDONTWRITEBYTECODE": "1", **environment},
    )  # fmt: skip


def printed(code: str, *arguments: str, home: Path = HOME, **environment: str) -> str:
    """Return what code prints, which has nothing to complain of."""
    return ended(start(code, *arguments, home=home, **environment))


def ended(process: subprocess.Popen[str]) -> str:
    """Return what a process prints, which has nothing to complain of."""
    out, problems = process.communicate(timeout=600)
    assert process.returncode == 0, problems
    assert "Warning" not in problems
    return out.strip()
