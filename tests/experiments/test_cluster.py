"""A Dask cluster gives the table of one process, whatever dies, and says what is wrong."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from experiments.store.store import Study
from tests.experiments.conftest import Whistle

PAIRS = 12


def compare(out: Path, *more: str, pairs: int = PAIRS) -> list[str]:
    regimes = ("inverted", "flattened")
    return ["compare", *regimes, "--pairs", str(pairs), "--out", str(out), "--json", "--quiet", *more]


def table_hash(out: Path) -> str:
    (folder,) = out.iterdir()
    outcomes = json.loads((folder / "manifest.json").read_text("utf-8"))["outcomes"]
    return Study(folder, outcomes, print).runs_hash()


def until(done: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def shards(out: Path) -> int:
    return len(list(out.glob("*/runs/part-*.parquet")))


def has_shards(out: Path, least: int) -> bool:
    return shards(out) >= least


@contextmanager
def cluster(whistle: Whistle, tmp_path: Path, workers: int = 2) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Start a scheduler and workers, each by itself, as on several machines."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    base = [sys.executable, "-m", "dask"]
    commands = [[*base, "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]]
    commands += [[*base, "worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]] * workers
    environment = {**whistle.environment, "PYTHONWARNINGS": "ignore"}
    options: dict[str, Any] = {"cwd": tmp_path, "env": environment, "stdout": subprocess.DEVNULL,
                               "stderr": subprocess.DEVNULL}  # fmt: skip
    processes = [subprocess.Popen(command, **options) for command in commands]
    try:
        yield address, processes
    finally:
        for process in processes:
            process.kill()
            process.wait()


def started(whistle: Whistle, address: str, workers: int) -> None:
    """Wait until all workers have joined."""
    code = f"from distributed import Client; Client({address!r}, timeout='60s').wait_for_workers({workers}, timeout=60)"
    subprocess.run([sys.executable, "-c", code], env=whistle.environment, check=True, timeout=90)


def test_a_cluster_started_here_gives_the_table_of_one_process(whistle: Whistle, tmp_path: Path) -> None:
    assert whistle(*compare(tmp_path / "one", "--jobs", "1")).returncode == 0
    done = whistle(*compare(tmp_path / "dask", "--executor", "dask", "--jobs", "2"))
    assert done.returncode == 0, done.stderr
    assert table_hash(tmp_path / "dask") == table_hash(tmp_path / "one")


@pytest.mark.slow
def test_separate_workers_killed_and_taken_up_again_give_the_table_of_one_process(
    whistle: Whistle, tmp_path: Path
) -> None:
    slow = ("--set", "fake.seconds=0.15")
    assert whistle(*compare(tmp_path / "one", "--jobs", "1", *slow, pairs=40)).returncode == 0
    with cluster(whistle, tmp_path, workers=3) as (address, processes):
        started(whistle, address, 3)
        asked = compare(tmp_path / "dask", "--scheduler", address, *slow, pairs=40)
        for kept in (1, 3):  # killed twice, with a worker between
            with whistle.start(*asked) as process:
                until(partial(has_shards, tmp_path / "dask", kept))
                process.send_signal(signal.SIGKILL)
            processes[kept].send_signal(signal.SIGKILL) if kept == 1 else None
        assert shards(tmp_path / "dask") > 0
        done = whistle(*asked)
        assert done.returncode == 0, done.stderr
    assert table_hash(tmp_path / "dask") == table_hash(tmp_path / "one")


@pytest.mark.slow
def test_a_run_that_kills_its_worker_is_recorded_and_the_others_go_on(whistle: Whistle, tmp_path: Path) -> None:
    done = whistle(*compare(tmp_path / "a", "--executor", "dask", "--jobs", "2", "--set", "fake.die_seed=3"))
    assert done.returncode == 1
    assert done.stderr.count("worker process died") == 2 and "2 runs failed" in done.stderr
    assert json.loads(done.stdout)["pairs"] == PAIRS - 1


@pytest.mark.slow
def test_a_lost_scheduler_is_told_and_everything_finished_is_kept(whistle: Whistle, tmp_path: Path) -> None:
    with cluster(whistle, tmp_path, workers=1) as (address, processes):
        started(whistle, address, 1)
        asked = compare(tmp_path / "a", "--scheduler", address, "--set", "fake.seconds=0.2", pairs=40)
        with whistle.start(*asked) as process:
            until(lambda: shards(tmp_path / "a") >= 1)
            processes[0].kill()
            _, errors = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "scheduler was lost" in errors and "Repeat the command" in errors


@pytest.mark.slow
def test_ctrl_c_keeps_what_is_finished_on_a_cluster(whistle: Whistle, tmp_path: Path) -> None:
    asked = compare(tmp_path / "a", "--executor", "dask", "--jobs", "2", "--set", "fake.seconds=0.2", pairs=60)
    with whistle.start(*asked, start_new_session=True) as process:
        until(lambda: shards(tmp_path / "a") >= 1)
        os.kill(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130 and "runs are kept" in errors


@pytest.mark.slow
def test_a_scheduler_that_does_not_answer_is_wrong_input(whistle: Whistle, tmp_path: Path) -> None:
    done = whistle(*compare(tmp_path / "a", "--scheduler", "tcp://127.0.0.1:9"))
    assert done.returncode == 2 and "no scheduler answers" in done.stderr


def test_a_scheduler_beside_local_processes_is_wrong_input(whistle: Whistle, tmp_path: Path) -> None:
    done = whistle(*compare(tmp_path / "a", "--executor", "local", "--scheduler", "tcp://127.0.0.1:9"))
    assert done.returncode == 2 and "--executor dask" in done.stderr
