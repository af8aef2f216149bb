"""The experiments on the real model, on a tiny district: what the stand-in cannot show."""

from __future__ import annotations

import dataclasses
import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import model
from experiments.formatting import by_theme
from experiments.messages import MESSAGES
from experiments.stats.series import BINS_PER_DAY
from experiments.store.opened import OpenStudy, series_by_regime

HERE = Path(__file__).resolve()
ROOT = HERE.parents[2]
SHORT_RUN = {"run.warm_up_days": 20, "run.window_days": 40}
TINY = ("--district", "tiny", *(msg for key, days in SHORT_RUN.items() for msg in ("--set", f"{key}={days}")))


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


def test_the_stand_in_returns_what_the_real_model_returns() -> None:
    fake, real = (
        stand_in(),
        model.simulate(model.load_scenario("inverted", district="tiny", overrides=dict(SHORT_RUN)), 1),
    )
    scenario = fake.load_scenario("inverted")
    fake.prepare(scenario)
    record = fake.simulate(scenario, 1)
    for name in ("daily", "units", "histograms"):
        for column, values in getattr(record, name).items():
            ours = np.asarray(getattr(real, name)[column])
            assert (ours.ndim, ours.dtype.kind in "US") == (values.ndim, values.dtype.kind in "US"), (name, column)
    assert record.hand_over_codes[-1] == real.hand_over_codes[-1] == "street"
    for each in (record, real):
        assert each.hand_overs.shape == (len(each.hand_over_codes),) * 2
        assert set(each.hand_over_codes[:-1]) <= set(each.units["code"].tolist())
        assert {len(series) for series in each.daily.values()} == {each.days}
        assert each.histograms["passes"].shape == (32,)
        assert each.histograms["closures"].shape == each.histograms["drops"].shape
        assert set(each.units["level"].tolist()) <= {"street", "community", "team", "department", "city"}
    assert set(scenario.resolved()["run"]) <= set(model.load_scenario("inverted", district="tiny").resolved()["run"])


def test_every_outcome_stands_under_one_theme() -> None:
    themes = by_theme(model.OUTCOMES)
    assert [name for names in themes.values() for name in names] == list(model.OUTCOMES)
    assert set(themes) <= set(MESSAGES)


def test_closed_dropped_and_open_cases_make_up_the_reported_ones(tmp_path: Path) -> None:
    done = whistle(
        "compare", "inverted", "flattened", *TINY, "--pairs", "2", "--jobs", "1", "--json", "--out", str(tmp_path)
    )
    study = OpenStudy(json.loads(done.stdout)["study"])
    for place, series in enumerate(series_by_regime(study)):
        within = series.histograms["closures"][:, : 30 * BINS_PER_DAY].sum(axis=1) / series.reported
        runs = study.table
        closed = [row["closure_rate_30d"] for row in runs.to_pylist() if row["point"] == place]
        assert within == pytest.approx(closed)


def test_compare_writes_a_study_with_tables_and_figures(tmp_path: Path) -> None:
    done = whistle("compare", *TINY, "--pairs", "3", "--jobs", "1", "--json", "--out", str(tmp_path))
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["regimes"] == ["inverted", "rules_only", "placement_only", "flattened"]
    assert {each["outcome"] for each in answer["split"]} == set(model.OUTCOMES)
    assert answer["pairs"] == 3
    assert set(answer["levels"]["inverted"]) == set(model.OUTCOMES)
    figures = {path.name for path in (Path(answer["study"]) / "figures").glob("*.png")}
    assert figures >= {
        "closure_over_time.png",
        "departments.png",
        "hand_over_matrix.png",
        "paired_differences.png",
        "passes_per_case.png",
        "split.png",
        "streets.png",
        "summary.png",
        "workload_by_level.png",
    }


def test_run_prints_the_outcomes_of_one_seed() -> None:
    done = whistle("run", "flattened", *TINY, "--seed", "3", "--json")
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
    assert "assessment.street_weight: expected 0 to 1" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_regime_that_changes_nothing_is_said_to_be_identical(tmp_path: Path) -> None:
    words = ("inverted", "n10", "--district", "tiny", "--pairs", "2", "--out", str(tmp_path))
    assert "n10 against inverted, 2 pairs: identical in every outcome." in whistle("compare", *words).stdout
