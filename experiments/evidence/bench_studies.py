"""What a study's machinery adds to its runs, what a second process gives, how fast results load, what pairs save."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from rich.console import Console

from experiments.design.designs import Row
from experiments.design.plan import Plan, bases_of, make_plan
from experiments.design.reading import load_all
from experiments.design.studyfile import Replicates, StudyFile
from experiments.evidence.bench_engine import ONE_TO_TWENTY
from experiments.evidence.bench_timing import Effort, alternately, over_rounds
from experiments.kinds import Layout
from experiments.runner import Where
from experiments.runner.agenda import agenda_of
from experiments.store.files import now
from experiments.store.opened import open_study
from experiments.store.shards import design_table, run_schema, write_shard
from experiments.store.store import Study
from model import simulate

PAIRED = ("inverted", "r01", "flattened")
"""The saving is measured between the first and each of the others."""

OUTCOME = "closure_rate"
"""In which the saving is measured."""

SWEPT = "assessment.street_weight"
"""Parameter that makes every point a scenario of its own."""

SHARDS = 20
"""Files of the table that is loaded: as many as a study of some hours leaves."""

Results = dict[str, Any]


class _Cost(NamedTuple):
    """Wall time of a study up to its last shard, and what is not simulation as a share of the simulation."""

    seconds: float
    machinery_share: float


def study_cost(district: str, effort: Effort) -> Results:
    """Time a comparison with one and two processes, and a study whose every run is of another scenario."""
    pairs = effort.study_pairs
    compared = _request((PAIRED[0], PAIRED[-1]), district, ONE_TO_TWENTY, pairs, series=True)
    varied = _request((PAIRED[-1],), district, ONE_TO_TWENTY, 1)
    shares = [{SWEPT: share} for share in np.linspace(0.0, 1.0, pairs).tolist()]
    seen = alternately(
        {
            "one": lambda _: _timed(compared, [{}], 1),
            "two": lambda _: _timed(compared, [{}], 2),
            "varied": lambda _: _timed(varied, shares, 1),
        },
        effort.rounds_study,
    )
    both = zip(seen["one"], seen["two"], strict=True)
    return {
        **over_rounds("machinery_share", [one.machinery_share for one in seen["one"]]),
        **over_rounds("two_processes", [one.seconds / two.seconds for one, two in both]),
        **over_rounds("machinery_share_varied", [varied.machinery_share for varied in seen["varied"]]),
    }


def _request(regimes: tuple[str, ...], district: str, scale: float, pairs: int, *, series: bool = False) -> StudyFile:
    return StudyFile(
        name="bench", experiment="compare", regimes=regimes, district=district, set={"demand.scale": scale},
        replicates=Replicates(fixed=pairs), series=series,
    )  # fmt: skip


def _plan(request: StudyFile, points: Sequence[dict[str, float]], *, same_seeds: bool) -> Plan:
    rows = [Row(number, 0 if same_seeds else number, point, point) for number, point in enumerate(points)]
    return make_plan(request, bases_of(request), (), rows)


def _timed(request: StudyFile, points: Sequence[dict[str, float]], jobs: int) -> _Cost:
    """Run a study in a folder that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="whistle-bench-") as out:
        start = time.perf_counter()
        plan = _plan(request, points, same_seeds=False)
        study = Layout(plan, lambda _: agenda_of(plan)).run(Path(out), Where(jobs), Console(stderr=True), quiet=True)
        seconds = time.perf_counter() - start
        runs = float(sum(study.runs()["seconds"].to_pylist()))
    return _Cost(seconds, (seconds - runs) / runs)


def load_cost(rows: int, points: int) -> Results:
    """Write a table of so many runs, all outcomes in it, and time loading and grouping it by a parameter.

    Grouped is in SQL, where only what is asked for is read; loaded are all runs with their parameters, in pandas.
    """
    with tempfile.TemporaryDirectory(prefix="whistle-bench-") as out:
        folder = _written(Path(out), rows, points)
        start = time.perf_counter()
        query = f'SELECT "{SWEPT}", avg({OUTCOME}), stddev({OUTCOME}), count(*) FROM runs JOIN design USING (point) '
        groups = open_study(folder).sql(f'{query} GROUP BY "{SWEPT}"').fetchall()
        grouped = time.perf_counter() - start
        start = time.perf_counter()
        loaded = len(open_study(folder).runs)
        whole = time.perf_counter() - start
    assert (len(groups), loaded) == (points, rows)
    return {"load_group_seconds": grouped, "load_all_seconds": whole}


def _written(out: Path, rows: int, points: int) -> Path:
    """Write a study of made-up numbers, in the layout of a real one."""
    request = _request(("inverted",), "tiny", 1.0, 1)
    plan = _plan(request, [{SWEPT: number / points} for number in range(points)], same_seeds=True)
    study = Study(out / "bench", plan.outcomes, print)
    study.folder.mkdir()
    write_shard(study.folder / "design.parquet", design_table(plan, plan.points))
    each = rows // SHARDS
    for number in range(SHARDS):
        shard = study.folder / "runs" / f"part-{number:016x}.parquet"
        write_shard(shard, _made_up(plan.outcomes, number * each, each, points))
    bases = [{"label": plan.labels[0], "resolved": plan.bases[0].resolved}]
    outcomes = list(plan.outcomes)
    study.write_manifest(
        {"request": request.to_dict(), "outcomes": outcomes, "bases": bases, "planned": rows, "started": now()}
    )
    return study.folder


def _made_up(outcomes: Sequence[str], first: int, rows: int, points: int) -> pa.Table:
    numbers, random = np.arange(first, first + rows), np.random.default_rng(first)
    columns: dict[str, Any] = {
        "key": [f"{number:032x}" for number in numbers],
        "point": numbers % points,
        "regime": pa.repeat("inverted", rows),
        "replicate": numbers // points,
        "seed": numbers // points,
        "days": np.full(rows, 365),
        "cases": np.full(rows, 37_800),
        **{name: random.random(rows) for name in outcomes},
        "seconds": random.random(rows),
        "status": pa.repeat("ok", rows),
    }
    return pa.table(columns, schema=run_schema(outcomes))


def paired_seeds(district: str, effort: Effort) -> Results:
    """Return how many runs the same seeds under two regimes save, by name of the second one."""
    scenarios = load_all(PAIRED, district, {"demand.scale": ONE_TO_TWENTY})
    seeds = range(1, effort.pairs + 1)
    first, *others = ([float(simulate(each, seed).outcomes[OUTCOME] or 0.0) for seed in seeds] for each in scenarios)
    found = {each.name: saved(first, values) for each, values in zip(scenarios[1:], others, strict=True)}
    ratios = [one["ratio"] for one in found.values() if one["ratio"] is not None]
    return {"luck_variance_ratio": min(ratios, default=None), "luck": found, "luck_pairs": effort.pairs}


def saved(before: Sequence[float], after: Sequence[float]) -> dict[str, float | None]:
    """Return how many times fewer runs a paired difference needs for the same interval.

    Given is an outcome on the same seeds under two laws. `ratio` is the variance of the difference of independent means
    over that of paired ones; `bound` the ratio that perfect correlation would give with these two standard deviations
    (None: no bound).
    """
    sd_before, sd_after = statistics.stdev(before), statistics.stdev(after)
    apart = sd_before**2 + sd_after**2
    paired = statistics.variance([b - a for a, b in zip(before, after, strict=True)])
    least = (sd_before - sd_after) ** 2
    both = sd_before * sd_after
    return {
        "ratio": apart / paired if paired > 0 else None,
        "bound": apart / least if least > 0 else None,
        "correlation": (apart - paired) / (2.0 * both) if both > 0 else None,
        "sd_before": sd_before,
        "sd_after": sd_after,
    }
