"""How long `whistle bench` takes: enough for figures to hold, or a smoke test."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

__all__ = ["FULL", "QUICK", "Effort"]


@dataclass(frozen=True)
class Effort:
    """Repetitions and sizes.

    Attributes
    ----------
    rounds, rounds_plain, rounds_study, rounds_cold : int
        Rounds of what is compiled, of what is plain Python, of studies, of processes that compile anew.
    least_turn : float
        Seconds of a turn: shorter calls are repeated.
    large, small : float
        Cases between which growth is measured.
    twin : dict
        Settings of the run that the twin does.
    network_days, network_days_small : int
        Days observed of the passing network, at the volume of a study and as shipped.
    network_runs : int
        Runs of the engine by which its accuracy on the network is measured.
    pairs, study_pairs : int
        Pairs for the saving of paired luck; for timing a study.
    starts : int
        Times a command is started.
    rows, points : int
        Runs, and points, of the table of results that is loaded.
    """

    rounds: int = 7
    rounds_plain: int = 5
    rounds_study: int = 3
    rounds_cold: int = 2
    least_turn: float = 0.25
    large: float = 1e6
    small: float = 5e4
    twin: dict[str, Any] = field(default_factory=dict)
    network_days: int = 365
    network_days_small: int = 4000
    network_runs: int = 60
    pairs: int = 100
    study_pairs: int = 400
    starts: int = 3
    rows: int = 1_000_000
    points: int = 1000


FULL = Effort()
QUICK = Effort(
    rounds=1,
    rounds_plain=1,
    rounds_study=1,
    rounds_cold=1,
    least_turn=0.0,
    large=4e3,
    small=1e3,
    twin={"run.warm_up_days": 5, "run.window_days": 20, "run.follow_up_days": 5},
    network_days=20,
    network_days_small=50,
    network_runs=2,
    pairs=3,
    study_pairs=2,
    starts=1,
    rows=2000,
    points=10,
)
