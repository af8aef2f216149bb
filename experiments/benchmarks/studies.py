"""What the machinery of a study adds to its runs, and what a second process gives."""

from __future__ import annotations

import dataclasses
import tempfile
import time
from pathlib import Path

from rich.console import Console

from experiments.kinds.carrying import carry_out_layout
from experiments.kinds.protocol import Layout
from experiments.planning.plan import bases_of, make_plan
from experiments.planning.replicates import Replicates
from experiments.planning.studyfile import StudyFile
from experiments.running.agenda import agenda_of
from experiments.running.where import Where

__all__ = ["StudyCost", "study_cost"]


@dataclasses.dataclass(frozen=True)
class StudyCost:
    """Wall time of a study.

    Attributes
    ----------
    seconds : float
        From the plan to the last shard on disk.
    machinery_share : float
        What is not simulation, as a share of the simulation (in one process).
    """

    seconds: float
    machinery_share: float


def study_cost(regimes: tuple[str, ...], district: str, scale: float, pairs: int, jobs: int) -> StudyCost:
    """Carry out a study in a folder that is thrown away, and time it."""
    overrides = {"demand.scale": scale}
    with tempfile.TemporaryDirectory(prefix="whistle-bench-") as out:
        start = time.perf_counter()
        asked = StudyFile(
            name="bench", experiment="compare", regimes=regimes, district=district, set=overrides,
            replicates=Replicates(fixed=pairs), series=True,
        )  # fmt: skip
        plan = make_plan(asked, bases_of(asked))
        layout = Layout(plan, lambda _: agenda_of(plan))
        study = carry_out_layout(layout, Path(out), Where(jobs), Console(stderr=True), quiet=True)
        seconds = time.perf_counter() - start
        runs = float(sum(study.runs()["seconds"].to_pylist()))
    return StudyCost(seconds, (seconds - runs) / runs)
