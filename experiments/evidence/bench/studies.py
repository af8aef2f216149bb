"""What the machinery of a study adds to its runs, what a second process gives, how fast results load."""

from __future__ import annotations

import dataclasses
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from rich.console import Console

from experiments.design.designs import Row
from experiments.design.plan import Plan, bases_of, make_plan
from experiments.design.studyfile import Replicates, StudyFile
from experiments.kinds import Layout
from experiments.runner import Where
from experiments.runner.agenda import agenda_of
from experiments.store.opened import open_study
from experiments.store.provenance import now
from experiments.store.shards import design_table, run_schema, write_shard
from experiments.store.store import Study

__all__ = ["StudyCost", "load_cost", "study_cost", "varied_cost"]

SWEPT = "assessment.street_weight"
"""Parameter that makes every point a scenario of its own."""

SHARDS = 20
"""Files of the table that is loaded: as many as a study of some hours leaves."""


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
    """Carry out a comparison, its series kept, in a folder that is thrown away, and time it."""
    return _timed(_asked(regimes, district, scale, pairs, series=True), [Row(0, 0, {}, {})], jobs)


def varied_cost(regime: str, district: str, scale: float, points: int) -> StudyCost:
    """Carry out a study whose every run is of another scenario, as in an analysis of sensitivity, and time it."""
    rows = [
        Row(number, number, {SWEPT: share}, {SWEPT: share})
        for number, share in enumerate(np.linspace(0.0, 1.0, points).tolist())
    ]
    return _timed(_asked((regime,), district, scale, 1, series=False), rows, 1)


def _asked(regimes: tuple[str, ...], district: str, scale: float, pairs: int, *, series: bool) -> StudyFile:
    return StudyFile(
        name="bench", experiment="compare", regimes=regimes, district=district, set={"demand.scale": scale},
        replicates=Replicates(fixed=pairs), series=series,
    )  # fmt: skip


def _timed(asked: StudyFile, rows: Sequence[Row], jobs: int) -> StudyCost:
    with tempfile.TemporaryDirectory(prefix="whistle-bench-") as out:
        start = time.perf_counter()
        plan = make_plan(asked, bases_of(asked), (), rows)
        layout = Layout(plan, lambda _: agenda_of(plan))
        study = layout.run(Path(out), Where(jobs), Console(stderr=True), quiet=True)
        seconds = time.perf_counter() - start
        runs = float(sum(study.runs()["seconds"].to_pylist()))
    return StudyCost(seconds, (seconds - runs) / runs)


def load_cost(rows: int, points: int) -> dict[str, float]:
    """Write a table of so many runs, all outcomes in it, and time loading and grouping it by a parameter.

    Returns
    -------
    dict
        `load_group_seconds`: in SQL, what is asked for alone; `load_all_seconds`: all runs with their parameters as a
        pandas DataFrame.
    """
    with tempfile.TemporaryDirectory(prefix="whistle-bench-") as out:
        folder = _written(Path(out), rows, points)
        start = time.perf_counter()
        query = (
            f'SELECT "{SWEPT}", avg(closure_rate), stddev(closure_rate), count(*) FROM runs JOIN design USING (point) '
        )
        groups = open_study(folder).sql(f'{query} GROUP BY "{SWEPT}"').fetchall()
        grouped = time.perf_counter() - start
        start = time.perf_counter()
        loaded = len(open_study(folder).runs)
        whole = time.perf_counter() - start
    assert (len(groups), loaded) == (points, rows)
    return {"load_group_seconds": grouped, "load_all_seconds": whole}


def _written(out: Path, rows: int, points: int) -> Path:
    """Write a study of made-up numbers, in the layout of a real one."""
    asked = _asked(("inverted",), "tiny", 1.0, 1, series=False)
    designed = [Row(number, 0, {SWEPT: number / points}, {SWEPT: number / points}) for number in range(points)]
    plan = make_plan(asked, bases_of(asked), (), designed)
    study = Study(out / "bench", plan.outcomes, print)
    study.folder.mkdir()
    write_shard(study.folder / "design.parquet", design_table(plan, plan.points))
    each = rows // SHARDS
    for number in range(SHARDS):
        first = number * each
        write_shard(study.folder / "runs" / f"part-{number:016x}.parquet", _made_up(plan, first, each, points))
    request: dict[str, Any] = {"request": asked.to_dict(), "outcomes": list(plan.outcomes)}
    bases = [{"label": plan.labels[0], "resolved": plan.bases[0].resolved}]
    study.write_manifest({**request, "bases": bases, "planned": rows, "started": now()})
    return study.folder


def _made_up(plan: Plan, first: int, rows: int, points: int) -> pa.Table:
    numbers = np.arange(first, first + rows)
    luck = np.random.default_rng(first)
    columns: dict[str, Any] = {
        "key": [f"{number:032x}" for number in numbers],
        "point": numbers % points,
        "regime": pa.repeat("inverted", rows),
        "replicate": numbers // points,
        "seed": numbers // points,
        "days": np.full(rows, 365),
        "cases": np.full(rows, 37_800),
        **{name: luck.random(rows) for name in plan.outcomes},
        "seconds": luck.random(rows),
        "status": pa.repeat("ok", rows),
    }
    return pa.table(columns, schema=run_schema(plan.outcomes))
