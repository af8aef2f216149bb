"""The model's own logs, exported in each format and read back by `whistle log`, give its own outcomes exactly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from experiments.cli.app import app
from experiments.logs.measuring import measures
from model.events import FORMATS, MEASURED

SHORT = ("--district", "tiny", "--seed", "3", "--days", "60", "--set", "run.warm_up_days=20", "--set",
         "run.follow_up_days=45")  # fmt: skip


def whistle(*arguments: object) -> dict[str, Any]:
    result = CliRunner().invoke(app, [*map(str, arguments), "--json", "--quiet"], catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.mark.parametrize("regime", ["inverted", "flattened", "trading"])
@pytest.mark.parametrize("suffix", FORMATS)
def test_a_run_read_back_gives_its_own_outcomes_exactly(tmp_path: Path, regime: str, suffix: str) -> None:
    run = whistle("run", regime, *SHORT, "--events", tmp_path / f"log{suffix}")
    found = whistle("log", tmp_path / f"log{suffix}")
    assert found["whistle"] == {"regime": regime, "seed": 3}
    requests = run["events"]["count"] - found["events"]  # for people and powers, which are no cases
    assert found["events"] > 5_000 and (requests > 0) == (regime == "trading")
    assert found["outcomes"] == {name: run["outcomes"][name] for name in MEASURED}
    assert any("was written by Whistle" in note for note in found["notes"])


@pytest.mark.parametrize("regime", ["flattened", "trading"])
def test_the_measures_of_any_log_are_the_same_in_every_format(tmp_path: Path, regime: str) -> None:
    """To rounding: the order of the cases, and so that of sums, is another in XES."""
    found = []
    for suffix in FORMATS:
        whistle("run", regime, *SHORT, "--events", tmp_path / f"log{suffix}")
        found.append(measures(tmp_path / f"log{suffix}"))
    undefined = {name for name, value in found[0].items() if value is None}
    for other in found[1:]:
        assert {name for name, value in other.items() if value is None} == undefined
        assert other == {name: value if name in undefined else pytest.approx(value, rel=1e-12)
                         for name, value in found[0].items()}  # fmt: skip


def test_both_definitions_stand_beside_each_other_by_name(tmp_path: Path) -> None:
    whistle("run", "inverted", *SHORT, "--events", tmp_path / "log.parquet")
    for language, words in (("en", "defined differently"), ("zh", "口径不同")):
        result = CliRunner().invoke(app, ["log", str(tmp_path / "log.parquet"), "--lang", language])
        assert "passes_per_case" in result.stdout and "handovers_mean" in result.stdout and words in result.stdout


def test_a_damaged_log_of_the_model_keeps_its_general_measures_and_says_so(tmp_path: Path) -> None:
    whistle("run", "inverted", *SHORT, "--events", tmp_path / "log.csv")
    lines = (tmp_path / "log.csv").read_text("utf-8").splitlines(keepends=True)
    (tmp_path / "log.csv").write_text("".join(lines[:1] + lines[2:]), encoding="utf-8")
    found = whistle("log", tmp_path / "log.csv")
    assert (found["whistle"], found["outcomes"]) == (None, None)
    assert any("outcomes of the run cannot be computed" in note for note in found["notes"])
    assert found["events"] == len(lines) - 2


def test_a_lost_event_changes_the_outcomes(tmp_path: Path) -> None:
    run = whistle("run", "inverted", *SHORT, "--events", tmp_path / "log.csv")
    lines = (tmp_path / "log.csv").read_text("utf-8").splitlines(keepends=True)
    (tmp_path / "log.csv").write_text("".join(line for line in lines if '"passed"' not in line), encoding="utf-8")
    assert whistle("log", tmp_path / "log.csv")["outcomes"]["passes_per_case"] != run["outcomes"]["passes_per_case"]
