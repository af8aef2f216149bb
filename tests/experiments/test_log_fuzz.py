"""Two thousand damaged logs are each measured or refused in clear words; nothing else comes of them."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from experiments.errors import WrongInput
from experiments.logs import read_csv
from tests.experiments import damaged_logs
from tests.experiments.damaged_logs import DAMAGES, damaged, problem_of, problems_of
from tests.experiments.order_logs import FILES

COUNT, PROCESSES = 2_000, 2


@pytest.mark.slow
def test_two_thousand_damaged_logs_are_measured_or_refused_in_clear_words() -> None:
    parts = [range(first, COUNT, PROCESSES) for first in range(PROCESSES)]
    with ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("spawn")) as pool:
        found = [problem for part in pool.map(problems_of, parts) for problem in part.items()]
    assert found == []


def test_one_damaged_log_of_each_format_is_measured_or_refused_in_clear_words() -> None:
    assert problems_of(range(len(FILES))) == {}


def test_a_damaged_log_is_the_same_for_the_same_seed_and_most_are_damaged(tmp_path: Path) -> None:
    seeds = range(3 * len(FILES))
    whole = {name: make(tmp_path) for name, make in FILES.items()}
    changed = 0
    for seed in seeds:
        content = damaged(seed, tmp_path).read_bytes()
        changed += content != whole[list(FILES)[seed % len(FILES)]]
        if not content.startswith(b"PK"):  # archives carry the time at which they were made
            assert damaged(seed, tmp_path).read_bytes() == content
    assert changed > 0.9 * len(seeds) and len(DAMAGES) > 5


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (KeyError("objects"), "a reader of ours fails"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"), "a reader of ours fails"),
        (RecursionError("too deep"), "a reader of ours fails"),
        (WrongInput(["something\nis wrong"]), "said unclearly"),
        (WrongInput(["it failed"]), "does not name the file"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_what_a_reader_may_not_do_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(FILES["plain.csv"](tmp_path))
    assert problem_of(path) is None

    def broken(*_: Any) -> Any:
        raise error

    monkeypatch.setattr(read_csv, "_first_line", broken)
    assert words in str(problem_of(path))


def test_what_reading_prints_leaves_behind_or_takes_too_long_for_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(FILES["plain.csv"](tmp_path))
    monkeypatch.setattr(damaged_logs, "SLOWEST", 0.0)
    assert "took" in str(problem_of(path))
    monkeypatch.setattr(damaged_logs, "LARGEST", -1)
    monkeypatch.setattr(damaged_logs, "problem_of", lambda log: log.with_name("left").touch())
    found = problems_of(range(2))
    assert "the process grew" in found[0] and "left files beside the log" in found[1]
