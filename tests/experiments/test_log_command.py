"""`whistle log`: what it prints, in both languages, what it writes, and that it writes nothing by halves."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import experiments.logs.charts
from experiments.logs.measuring import measured
from experiments.logs.options import LogOptions
from experiments.logs.results import LogResults
from experiments.messages import MESSAGES
from tests.experiments.log_files import HEAD, IN_ORDER, log, refused, written

STABLE = ("cases", "events", "units", "handover_share", "handovers_mean", "ping_pong_share", "days_median", "days_p90",
          "open_cases", "best_family", "sigma_log")  # fmt: skip


def many(folder: Path) -> Path:
    """Write forty cases that are handed over up to three times, of which some stay open."""
    rows = []
    for case in range(40):
        for step in range(1 + case % 4):
            rows.append(f"{case},{'xyz'[(case + step) % 3]},2024-01-{1 + case % 20:02d}T{step:02d}:00:00,ask")
        rows.append(f"{case},z,2024-02-{1 + case % 17:02d},{'close' if case % 5 else 'wait'}")
    return written(folder, HEAD + "\n".join(rows) + "\n")


def test_json_is_one_object_with_the_stable_keys_and_no_nan(tmp_path: Path) -> None:
    result = log(many(tmp_path), "--json", "--closed-by", "close", "--limit", 20)

    def raise_if_any(constant: str) -> Any:
        raise AssertionError(constant)

    found = json.loads(result.stdout, parse_constant=raise_if_any)
    assert tuple(found)[: len(STABLE)] == STABLE
    assert set(found["intervals"]) >= {"handover_share", "handovers_mean", "days_median", "days_p90", "sigma_log"}
    assert found["open_cases"] == 8 and found["closed_when"] == "closed_by"
    assert [each["handovers"] for each in found["hazard"]] == [0, 1]  # then fewer than thirty cases are left
    assert {each["name"] for each in found["families"]} == {"lognormal", "weibull", "gamma", "exponential"}
    assert found["best_family"] == found["families"][0]["name"]
    assert len(found["by_weekday"]) == 7 and (found["whistle"], found["outcomes"]) == (None, None)


def test_what_was_chosen_goes_to_standard_error_and_not_when_quiet(tmp_path: Path) -> None:
    path = many(tmp_path)
    told = log(path, "--json")
    assert "Columns recognised by their names: case = 'case'" in told.stderr and told.stdout.startswith("{")
    assert log(path, "--json", "--quiet").stderr == ""
    assert json.loads(log(path, "--json", "--quiet").stdout)["notes"] == json.loads(told.stdout)["notes"]


def test_tables_and_sentences_are_there_in_both_languages(tmp_path: Path) -> None:
    path = many(tmp_path)
    english = log(path, "--closed-by", "close", "--work", "ask", "--limit", 20).stdout
    chinese = log(path, "--closed-by", "close", "--work", "ask", "--limit", 20, "--lang", "zh").stdout
    for words in ("cases handed over at least once", "Kaplan–Meier", "Hand-over: two consecutive events", "Weibull",
                  "Monday", "took longer than 20 days", "circulates for",
                  "not a forecast for any real district"):  # fmt: skip
        assert words in english
    for words in ("至少转手一次", "韦布尔", "周一", "超过 20 天", "流转", "不是对真实地区的预测"):
        assert words in chinese
    assert not any(each in chinese for each in ("hand-over", "cases", "undefined", "{"))


def bounds_told(found: dict[str, Any]) -> Iterator[tuple[str, float | None, float | None, float | None]]:
    """Yield every measure with an interval: name, value, bounds."""
    for name, each in found["intervals"].items():
        yield name, found[name], each["ci_low"], each["ci_high"]
    for each in found["hazard"]:
        yield "hazard_share", each["share"], each["ci_low"], each["ci_high"]


def test_two_cases_have_no_interval_for_their_mean_and_the_reason_is_told(tmp_path: Path) -> None:
    """By Student's t, 0 and 1 hand-overs would be −5.9 … 6.9 a case."""
    two = written(tmp_path, HEAD + "a,x,2024-01-01,ask\na,y,2024-01-02,ask\nb,x,2024-01-01,ask\nb,x,2024-01-03,ask\n")
    found = json.loads(log(two, "--json", "--work", "ask").stdout)
    assert found["handovers_mean"] == 0.5 and found["circulating_days"] is not None
    for name in ("handovers_mean", "circulating_days", "arrivals_per_day"):
        assert found["intervals"][name] == {"ci_low": None, "ci_high": None}
    assert any("Cases: 2, fewer than 10" in note for note in found["notes"])
    english, chinese = log(two), log(two, "--lang", "zh")
    assert "−" not in english.stdout and "-5" not in english.stdout
    assert "fewer than 10 cases or days has none" in english.stdout and "Cases: 2, fewer than 10" in english.stderr
    assert "不足 10 件或天数的均值不给区间" in chinese.stdout and "仅 2 件" in chinese.stderr


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    cases=st.lists(st.lists(st.tuples(st.sampled_from("xyz"), st.integers(0, 40)), min_size=1, max_size=6), min_size=1,
                   max_size=45),
    often=st.integers(1, 4),
)  # fmt: skip
def test_no_figure_of_a_log_leaves_what_it_can_be(
    tmp_path_factory: pytest.TempPathFactory, cases: list[list[tuple[str, int]]], often: int
) -> None:
    """Nothing told is below 0, no share above 1, and each interval lies around its value."""
    rows = [
        f"{number},{unit},{np.datetime64('2024-01-01') + np.timedelta64(day, 'D')},{'work' if day % 3 else 'ask'}"
        for number, steps in enumerate(cases * often)
        for unit, day in sorted(steps, key=itemgetter(1))
    ]
    path = written(
        tmp_path_factory.mktemp("log"), HEAD + "\n".join([*rows, "last,x,2024-03-01,ask", "last,x,2024-03-02,work"])
    )
    options = LogOptions((path,), case="case", unit="unit", time="time", activity="activity", work=("work",), limit=9)
    found = LogResults(measured(options)).as_json()
    for name, value, low, high in bounds_told(found):
        most = 1.0 if "share" in name else math.inf
        known = [each for each in (low, value, high) if each is not None]
        assert all(0.0 <= each <= most for each in known), name
        assert known == pytest.approx(sorted(known)), name


def test_every_note_exists_in_both_languages() -> None:
    import inspect
    import re

    from experiments.logs import cases, events, measuring, read_csv, read_xes, reading, times, values

    rooms = (cases, events, measuring, read_csv, read_xes, reading, times, values)
    sources = "".join(map(inspect.getsource, rooms))
    keys = set(re.findall(r"\"log_note_(\w+)\"", sources)) | {"duplicates_kept", "duplicates_dropped"}
    assert len(keys) > 12
    assert {key for key in keys if f"log_note_{key}" not in MESSAGES} == set()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_figures_and_tables_are_written_into_a_folder_of_their_own(tmp_path: Path, language: str) -> None:
    result = log(many(tmp_path), "--closed-by", "close", "--out", tmp_path / "out", "--lang", language)
    assert result.exit_code == 0, result.stderr
    (folder,) = (tmp_path / "out").iterdir()
    assert str(folder) in result.stdout.replace("\n", "")
    assert {each.name for each in (folder / "figures").iterdir()} == {
        f"{name}.{ending}" for name in ("arrivals", "concentration", "days", "hazard") for ending in ("png", "svg")
    }
    with (folder / "tables" / "measures.csv").open(encoding="utf-8") as sink:
        rows = {row["measure"]: row for row in csv.DictReader(sink)}
    kept = json.loads((folder / "answer.json").read_text("utf-8"))
    assert float(rows["handovers_mean"]["value"]) == kept["handovers_mean"]
    assert {each.stem for each in (folder / "tables").iterdir()} == {
        "measures", "dropped", "arrivals", "hazard", "families", "survival", "concentration",
    }  # fmt: skip
    assert log(many(tmp_path), "--closed-by", "close", "--out", tmp_path / "out", "--lang", language).exit_code == 0
    assert list((tmp_path / "out").iterdir()) == [folder]


def test_nothing_half_written_remains(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(experiments.logs.charts, "charts_of", broken)
    (tmp_path / "out").mkdir()
    assert "--out" in refused(many(tmp_path), "--out", tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_nothing_is_written_without_out_or_for_a_broken_log(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + IN_ORDER)
    log(path)
    refused(path, "--unit", "nobody", "--out", tmp_path / "out")
    assert list(tmp_path.iterdir()) == [path]
