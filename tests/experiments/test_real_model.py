"""The experiments on the real model, on a tiny district: what the stand-in cannot show."""

from __future__ import annotations

import dataclasses
import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import model

HERE = Path(__file__).resolve()
ROOT = HERE.parents[2]
SHORT = ("--set", "run.warm_up_days=20", "--set", "run.window_days=40")


def whistle(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does."""
    command = [sys.executable, "-m", "experiments.cli", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)


def stand_in() -> ModuleType:
    """Return the stand-in that the other tests of this folder use."""
    spec = importlib.util.spec_from_file_location("stand_in_for_model", HERE.with_name("fake_model.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_the_stand_in_has_no_field_that_the_real_record_lacks() -> None:
    fields = {field.name for field in dataclasses.fields(stand_in().Record)}
    assert fields <= {field.name for field in dataclasses.fields(model.Record)}


def test_compare_writes_a_study_with_tables_and_figures(tmp_path: Path) -> None:
    done = whistle(
        "compare", "--district", "tiny", "--pairs", "3", "--jobs", "1", "--json", "--out", str(tmp_path), *SHORT
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["regimes"] == ["inverted", "flattened"]
    assert answer["pairs"] == 3
    assert set(answer["levels"]["inverted"]) == set(model.OUTCOMES)
    figures = {path.name for path in (Path(answer["study"]) / "figures").glob("*.png")}
    assert figures == {
        "closure_over_time.png",
        "hand_over_matrix.png",
        "paired_differences.png",
        "passes_per_case.png",
        "workload_by_level.png",
    }


def test_run_prints_the_outcomes_of_one_seed() -> None:
    done = whistle("run", "flattened", "--district", "tiny", "--seed", "3", "--json", *SHORT)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert set(answer) == {"regime", "seed", "days", "cases", "seconds", "outcomes"}
    assert set(answer["outcomes"]) == set(model.OUTCOMES)


@pytest.mark.parametrize("command", ["schema", "show-config"])
def test_configuration_commands_print_json(command: str) -> None:
    words = (command, "inverted", "--json") if command == "show-config" else (command,)
    done = whistle(*words)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)


def test_wrong_input_names_key_value_and_allowed_range_and_writes_nothing(tmp_path: Path) -> None:
    done = whistle("compare", "--set", "assessment.street_weight=2", "--out", str(tmp_path / "out"))
    assert done.returncode == 2
    assert "assessment.street_weight: got 2" in done.stderr
    assert not (tmp_path / "out").exists()
