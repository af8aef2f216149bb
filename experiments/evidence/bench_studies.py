"""What a study's machinery adds to its runs, what a second process gives, how fast results load, what pairs save."""

import statistics
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from rich.console import Console

from experiments.design.designs import Row
from experiments.design.plan import bases_of, make_plan
from experiments.design.reading import load_all
from experiments.design.studyfile import Replicates, StudyFile
from experiments.evidence.bench_engine import ONE_TO_TWENTY, VARIED
from experiments.evidence.bench_timing import Effort, Results, alternately, over_rounds
from experiments.kinds import Layout
from experiments.runner import Where
from experiments.store.files import now
from experiments.store.opened import OpenStudy
from experiments.store.shards import design_table, run_schema, write_shard
from experiments.store.store import Study
from model import simulate

PAIRED = ("inverted", "r01", "flattened")  # the saving is measured between the first and each of the others
OUTCOME = "closure_rate"  # in which the saving is measured
SHARDS = 20  # files of the table that is loaded: as many as a study of some hours leaves


def study_cost(district: str, effort: Effort) -> Results:
    """Time a comparison with one and two processes, and a study whose every run is of another scenario."""
    pairs = effort.study_pairs
    compared = _request((PAIRED[0], PAIRED[-1]), district, ONE_TO_TWENTY, pairs, series=True)
    varied = _request((PAIRED[-1],), district, ONE_TO_TWENTY, 1)
    shares = [{VARIED: share} for share in np.linspace(0.0, 1.0, pairs).tolist()]
    points = [Row(number, number, each, each) for number, each in enumerate(shares)]
    calls = {"one": partial(_cost, compared, None, 1), "two": partial(_cost, compared, None, 2),
             "varied": partial(_cost, varied, points, 1)}  # fmt: skip
    seen = alternately(calls, effort.rounds_study)
    return over_rounds({
        "machinery_share": [share for _, share in seen["one"]],
        "two_processes": [one / two for (one, _), (two, _) in zip(seen["one"], seen["two"], strict=True)],
        "machinery_share_varied": [share for _, share in seen["varied"]],
    })  # fmt: skip


def _request(regimes: tuple[str, ...], district: str, scale: float, pairs: int, *, series: bool = False) -> StudyFile:
    return StudyFile(
        name="bench", experiment="compare", regimes=regimes, district=district, set={"demand.scale": scale},
        replicates=Replicates(fixed=pairs), series=series,
    )  # fmt: skip


def _cost(request: StudyFile, rows: Sequence[Row] | None, jobs: int, _: int) -> tuple[float, float]:
    """Run a study; return its wall time to the last shard, and what is not simulation as a share of the simulation."""
    with tempfile.TemporaryDirectory(prefix="whistle-bench-") as out:
        start = time.perf_counter()
        plan = make_plan(request, bases_of(request), (), rows)
        study = Layout(plan).run(Path(out), Where(jobs), Console(stderr=True), quiet=True)
        seconds = time.perf_counter() - start
        runs = float(sum(study.runs()["seconds"].to_pylist()))
    return seconds, (seconds - runs) / runs


def load_cost(_: str, effort: Effort) -> Results:
    """Write a study of made-up runs, all outcomes in it, and time loading and grouping it by a parameter.

    Grouped is in SQL, where only what is asked for is read; loaded are all runs with their parameters, in pandas.
    """
    rows, points = effort.rows, effort.points
    request, each = _request(("inverted",), "tiny", 1.0, 1), rows // SHARDS
    values = [{VARIED: number / points} for number in range(points)]
    plan = make_plan(request, bases_of(request), (), [Row(number, 0, x, x) for number, x in enumerate(values)])
    about = {"request": request.to_dict(), "outcomes": list(plan.outcomes), "planned": rows, "started": now(),
             "bases": [{"label": plan.labels[0], "resolved": plan.bases[0].resolved}]}  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="whistle-bench-") as out:
        study = Study(Path(out) / "bench", plan.outcomes, print)
        study.folder.mkdir()
        write_shard(study.folder / "design.parquet", design_table(plan, plan.points))
        for number in range(SHARDS):
            shard = study.folder / "runs" / f"part-{number:016x}.parquet"
            write_shard(shard, _made_up(plan.outcomes, number * each, each, points))
        study.write_manifest(about)
        start = time.perf_counter()
        query = f'SELECT "{VARIED}", avg({OUTCOME}), stddev({OUTCOME}), count(*) FROM runs '
        groups = OpenStudy(study.folder).sql(f'{query} GROUP BY "{VARIED}"')
        grouped = time.perf_counter() - start
        start = time.perf_counter()
        loaded = len(OpenStudy(study.folder).runs)
        whole = time.perf_counter() - start
    assert (len(groups), loaded) == (points, rows)
    return {"load_group_seconds": grouped, "load_all_seconds": whole}


def _made_up(outcomes: Sequence[str], first: int, rows: int, points: int) -> pa.Table:
    numbers, random = np.arange(first, first + rows), np.random.default_rng(first)
    columns: dict[str, Any] = {
        "key": [f"{number:032x}" for number in numbers], "point": numbers % points,
        "regime": pa.repeat("inverted", rows), "replicate": numbers // points, "seed": numbers // points,
        "days": np.full(rows, 365), "cases": np.full(rows, 37_800), "status": pa.repeat("ok", rows),
        **{name: random.random(rows) for name in (*outcomes, "seconds")},
    }  # fmt: skip
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
    least, both = (sd_before - sd_after) ** 2, sd_before * sd_after
    return {
        "ratio": apart / paired if paired > 0 else None,
        "bound": apart / least if least > 0 else None,
        "correlation": (apart - paired) / (2.0 * both) if both > 0 else None,
        "sd_before": sd_before,
        "sd_after": sd_after,
    }
