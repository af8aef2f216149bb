"""How long `whistle bench` takes: enough for figures to hold, or a smoke test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["FULL", "QUICK", "Effort"]


@dataclass(frozen=True)
class Effort:
    """Repetitions and sizes.

    Attributes
    ----------
    rounds, rounds_plain : int
        Repetitions of what is compiled, and of what is plain Python.
    large, small : float
        Cases between which growth is measured.
    twin : dict
        Settings of the run that the twin does.
    network_days : int
        Days observed of the passing network.
    pairs, study_pairs : int
        Pairs for the saving of paired luck; for timing a study.
    starts : int
        Times a command is started.
    rows, points : int
        Runs, and points, of the table of results that is loaded.
    """

    rounds: int
    rounds_plain: int
    large: float
    small: float
    twin: dict[str, Any]
    network_days: int
    pairs: int
    study_pairs: int
    starts: int
    rows: int
    points: int


FULL = Effort(7, 3, 1e6, 5e4, {}, 4000, 100, 400, 3, 1_000_000, 1000)
QUICK = Effort(
    1, 1, 4e3, 1e3, {"run.warm_up_days": 5, "run.window_days": 20, "run.follow_up_days": 5}, 50, 3, 2, 1, 2000, 10
)
