"""Where the user wants runs to be executed."""

from __future__ import annotations

import dataclasses
from enum import StrEnum

__all__ = ["Engine", "Where"]


class Engine(StrEnum):
    """What carries the runs."""

    LOCAL = "local"
    DASK = "dask"


@dataclasses.dataclass(frozen=True)
class Where:
    """Where the user wants runs to be executed.

    Attributes
    ----------
    jobs : int
        Processes on this machine.
    engine : Engine
    scheduler : str or None
        Address of a Dask scheduler that already runs.
    cluster : str or None
        Shipped name or path of a file that says how a batch system starts workers.
    """

    jobs: int
    engine: Engine = Engine.LOCAL
    scheduler: str | None = None
    cluster: str | None = None
