"""Golden numbers: the outcomes of four regimes under two seeds, so that a change of results is noticed.

`make golden` writes them; a test compares them with what the code gives.
"""

from __future__ import annotations

import json
from pathlib import Path

from experiments.store.files import replace_text
from model import load_scenario, simulate

FILE = Path(__file__).resolve().parents[2] / "results" / "golden" / "outcomes.json"
REGIMES = ("inverted", "flattened", "rules_only", "null_queue")
SEEDS = (1, 2)
SCALE = {"demand.scale": 0.25}
"""A quarter of the volume: all units keep several people, and eight runs take some seconds."""

Outcomes = dict[str, dict[str, float | None]]


def outcomes() -> Outcomes:
    """Return every outcome by "regime, seed", as the code gives it."""
    return {
        f"{regime}, seed {seed}": simulate(load_scenario(regime, overrides=SCALE), seed).outcomes
        for regime in REGIMES
        for seed in SEEDS
    }


def known() -> Outcomes:
    """Return every outcome as it was when the file was last written."""
    read: Outcomes = json.loads(FILE.read_text(encoding="utf-8"))
    return read


def refresh() -> None:
    """Write the file."""
    replace_text(FILE, json.dumps(outcomes(), indent=1) + "\n")
