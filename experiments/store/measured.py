"""What was last measured of the model: `results/measured/` of a clone, `experiments/measured/` of an installed copy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from experiments.store.files import replace_text

_PACKAGE = Path(__file__).resolve().parents[1]


def measured_file(name: str) -> Path:
    """Return the JSON file of "instruments", "expectations" or "patterns", in a clone as in an installed copy."""
    installed = _PACKAGE / "measured"
    folder = installed if installed.is_dir() else _PACKAGE.parent / "results" / "measured"
    return folder / f"{name}.json"


def read_measured(name: str) -> dict[str, Any]:
    """Return what was measured last; nothing before the first measurement."""
    path = measured_file(name)
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found


def keep_measured(name: str, content: dict[str, Any]) -> None:
    """Replace what was measured last."""
    replace_text(measured_file(name), json.dumps(content, ensure_ascii=False, indent=1) + "\n")
