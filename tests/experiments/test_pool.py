"""Several processes give the table of one, whatever dies."""

from __future__ import annotations

import io
import json
import os
import signal
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from rich.console import Console

from experiments.design.plan import Finished, RunResult, Task
from experiments.messages import Language, in_language
from experiments.runner.agenda import Agenda
from experiments.runner.executors import Chunker
from experiments.runner.progress import reporter
from tests.experiments.conftest import Whistle


def _only_study(out: Path) -> Path:
    (study,) = out.iterdir()
    return study


def _rows(out: Path) -> list[dict[str, object]]:
    shards = [pq.read_table(path) for path in (_only_study(out) / "runs").glob("part-*.parquet")]
    rows = [{**row, "seconds": None} for shard in shards for row in shard.to_pylist()]
    return sorted(rows, key=lambda row: (row["point"], row["replicate"]))


def _compare(out: Path, *more: str, pairs: int = 8, jobs: int = 2) -> list[str]:
    return [
        "compare",
        "inverted",
        "flattened",
        "--pairs",
        str(pairs),
        "--jobs",
        str(jobs),
        "--out",
        str(out),
        "--json",
        *more,
    ]


def test_two_processes_give_the_table_of_one(whistle: Whistle, tmp_path: Path) -> None:
    for jobs in (1, 2):
        assert whistle(*_compare(tmp_path / str(jobs), jobs=jobs)).returncode == 0
    assert _rows(tmp_path / "1") == _rows(tmp_path / "2")


def test_killed_study_taken_up_again_equals_an_uninterrupted_one(whistle: Whistle, tmp_path: Path) -> None:
    slow = ("--set", "fake.seconds=0.1")
    with whistle.start(*_compare(tmp_path / "a", *slow)) as process:
        _wait_for_shard(tmp_path / "a")
        process.send_signal(signal.SIGKILL)
    kept = len(_rows(tmp_path / "a"))
    assert 0 < kept < 16
    for folder in ("a", "b"):
        assert whistle(*_compare(tmp_path / folder, *slow)).returncode == 0
    assert _rows(tmp_path / "a") == _rows(tmp_path / "b")


def _wait_for_shard(out: Path) -> None:
    until = time.monotonic() + 30
    while not list(out.glob("*/runs/part-*.parquet")):
        assert time.monotonic() < until
        time.sleep(0.02)


def test_worker_that_dies_costs_its_own_run_only(whistle: Whistle, tmp_path: Path) -> None:
    done = whistle(*_compare(tmp_path / "a", "--set", "fake.die_seed=3"))
    assert done.returncode == 1
    assert done.stderr.count("worker process died") == 2
    # what was finished and not yet handed over when the pool broke is done again, and alike; readers take it once
    well = [row for row in _rows(tmp_path / "a") if row["status"] == "ok"]
    once = {(row["point"], row["replicate"]): row for row in well}
    assert len(once) == 14 and all(once[row["point"], row["replicate"]] == row for row in well)
    assert json.loads(done.stdout)["pairs"] == 7


@pytest.mark.parametrize("jobs", [1, 2])
def test_interruption_keeps_what_is_finished(whistle: Whistle, tmp_path: Path, jobs: int) -> None:
    arguments = _compare(tmp_path / "a", "--set", "fake.seconds=0.1", jobs=jobs, pairs=20)
    with whistle.start(*arguments, start_new_session=True) as process:
        _wait_for_shard(tmp_path / "a")
        os.killpg(process.pid, signal.SIGINT)
        output, errors = process.communicate(timeout=30)
    assert (process.returncode, output) == (130, "")
    assert f"{len(_rows(tmp_path / 'a'))} of 40 runs are kept" in errors
    assert 0 < len(_rows(tmp_path / "a")) < 40


def test_chunks_cover_all_tasks_and_grow_to_the_time_aimed_at() -> None:
    tasks = [Task(str(number), 0, "a", number, number) for number in range(400)]
    chunker, sizes = Chunker(Agenda((), tasks), workers=2), []
    while chunk := chunker.next():
        sizes.append(len(chunk))
        chunker.learn([Finished(task, RunResult(1, 1, 0.05, {}, {}), None) for task in chunk])
    assert sum(sizes) == 400
    assert (sizes[0], sizes[1], sizes[-1]) == (1, 40, 1)


def test_the_bar_on_a_terminal_speaks_the_language_in_use() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=120, record=True)
    task = Task("a", 0, "a", 0, 1)
    with in_language(Language.ZH), reporter(console, lambda: 4, 1, quiet=False) as report:
        report([Finished(task, RunResult(1, 1, 0.05, {}, {}), None), Finished(task, None, "why")])
    said = console.export_text()
    assert "2/4" in said and "失败 1 次" in said and "failed" not in said
