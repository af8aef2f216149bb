"""One run as it travels: what is asked of a worker, and what comes back."""

from __future__ import annotations

import dataclasses
from typing import Any

__all__ = ["Finished", "RunResult", "Task", "Values"]

Values = tuple[tuple[str, Any], ...]
"""Settings over a base scenario, by dotted path."""


@dataclasses.dataclass(frozen=True)
class Task:
    """One run: everything a worker needs to know beside the base scenarios.

    Attributes
    ----------
    key : str
        Hash of everything that decides the numbers.
    point : int
        Place in the study's design.
    regime : str
        Label of the base scenario.
    replicate : int
        Which repetition of the point.
    seed : int
        Names the luck.
    base : int
        Which base scenario.
    values : tuple of (str, value)
        Settings over the base.
    series, events : bool
        Whether the run's series, and its event log, are kept.
    """

    key: str
    point: int
    regime: str
    replicate: int
    seed: int
    base: int = 0
    values: Values = ()
    series: bool = False
    events: bool = False


@dataclasses.dataclass(frozen=True)
class RunResult:
    """One run, reduced to what a study keeps.

    Attributes
    ----------
    days, cases : int
        Days and cases simulated.
    seconds : float
        Wall time of the simulation alone.
    outcomes : dict
        Value by name, None where undefined.
    series : dict
        Arrays by name: `daily_*` by day, `units_*` by unit, `hand_overs_from`, `_to` and `_count` for the non-zero
        entries of the matrix and `_code` of its rows and columns, `histogram_*` by count; what the kind of
        experiment reduces a run to.
    """

    days: int
    cases: int
    seconds: float
    outcomes: dict[str, float | None]
    series: dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Finished:
    """A task with its result, or with the traceback of its failure.

    Attributes
    ----------
    stored : bool
        Whether the worker has written it to the study's folder; its series then stay behind.
    """

    task: Task
    result: RunResult | None
    error: str | None
    stored: bool = False

    def put_away(self) -> Finished:
        """Return it as stored, light enough to travel."""
        assert self.result is not None
        return dataclasses.replace(self, result=dataclasses.replace(self.result, series={}), stored=True)
