"""A calibration from its file to its answer: monthly shapes, wrong input, logs, and killed studies taken up again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner, Result

import model
from experiments import open_study
from experiments.cli.app import app
from experiments.design.reading import Places, read_study
from experiments.design.targets import CalibrateOptions, OverTime, Shape
from experiments.errors import WrongInput
from experiments.logs.targets import with_values
from experiments.runner.calibration import MEASURES, Monthly, path_of, shape_of
from experiments.store.store import Study
from experiments.studies import OPTIONS

ROOT = Path(__file__).parents[2]

FILE = """\
experiment: calibrate
regimes: [inverted]
district: tiny
set: {run.warm_up_days: 20, run.window_days: 120, run.follow_up_days: 40}
parameters: {acceptance.membership: {uniform: [1, 6]}, routing.noise: {loguniform: [0.05, 0.5]}}
replicates: {fixed: 2}
outcomes: [passed_share, closure_rate]
analysis:
  targets: [{name: passed, outcome: passed_share, value: 0.4, tolerance: 0.05}]
  held_out: [{name: closed, outcome: closure_rate, value: 0.4, tolerance: 0.1}]
  population: 20
  rounds: 3
  least_accepted: 0
  predictive: 10
  recovery: {truths: 10, nearest: 1}
"""


def whistle(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)


def written(folder: Path, text: str = FILE, name: str = "mine.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def state(folder: Path) -> tuple[str, dict[str, Any]]:
    """Return the hash of the runs and the answer of the one study in a folder."""
    study = next(each for each in folder.iterdir() if (each / "manifest.json").exists())
    answer = json.loads((study / "tables" / "answer.json").read_text("utf-8"))
    return Study(study, open_study(study).outcomes, print).runs_hash(), {**answer, "study": ""}


@pytest.mark.slow
def test_a_study_killed_in_its_second_round_ends_as_an_unbroken_one_on_other_processes(tmp_path: Path) -> None:
    path = written(tmp_path)
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    assert whistle("calibrate", path, "--out", whole, "--jobs", 1, "--quiet").exit_code == 0
    command = [sys.executable, "-m", "experiments.cli", "calibrate", str(path), "--out", str(broken), "--jobs", "2"]
    with subprocess.Popen(
        [*command, "--quiet"], cwd=ROOT, stdout=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            _wait_for_second_round(broken, process)
        finally:
            os.killpg(process.pid, signal.SIGKILL)
    done = subprocess.run([*command, "--quiet"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert state(broken) == state(whole)


def _wait_for_second_round(out: Path, process: subprocess.Popen[bytes]) -> None:
    """Wait until runs beyond the first round and the truths lie on disk, and the study is not done."""
    for _ in range(3000):
        studies = list(out.glob("*/runs"))
        kept = sum(Study(each.parent, ("passed_share", "closure_rate"), print).count() for each in studies)
        if kept > 2 * (20 + 10):
            return
        assert process.poll() is None, "it ended before it could be killed"
        time.sleep(0.02)
    raise AssertionError("the second round did not begin")


def runs_of(text: str, folder: Path) -> tuple[Any, dict[str, Any]]:
    """Return the runs of a calibration and its answer."""
    done = whistle("calibrate", written(folder, text), "--out", folder, "--jobs", 1, "--quiet", "--json")
    answer = json.loads(done.stdout)
    return open_study(Path(answer["study"])).runs, answer


@pytest.fixture(scope="module")
def posterior(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, dict[str, Any]]:
    """Runs and answer of a study whose held-out target no parameter set reaches."""
    return runs_of(
        FILE.replace("closure_rate, value: 0.4", "closure_rate, value: 0.99"), tmp_path_factory.mktemp("abc")
    )


def test_every_set_of_a_posterior_has_luck_of_its_own(posterior: tuple[Any, dict[str, Any]]) -> None:
    runs, answer = posterior
    sets = runs.groupby(["phase", "round", "draw"])["luck_block"].agg(["first", "nunique", "size"])
    assert len(sets) == 3 * 20 + 10 + 10
    assert (sets["nunique"] == 1).all() and (sets["size"] == 2).all()  # replicates of a set are of one block
    assert sets["first"].is_unique
    assert {each["parameter"] for each in answer["recovery"]} == {"acceptance.membership", "routing.noise"}


def test_a_target_that_no_set_reaches_is_said_to_be_out_of_reach(posterior: tuple[Any, dict[str, Any]]) -> None:
    _, answer = posterior
    (target,) = answer["held_out"]
    assert target["verdict"] == "missed" and target["greatest"] < 0.9
    for lang, words in (("en", "Out of reach: closed"), ("zh", "超出模型所及：closed")):
        assert words in whistle("report", answer["study"], "--lang", lang).stdout


def test_recovery_that_was_asked_for_and_could_not_be_tested_is_said_to_be_missing(tmp_path: Path) -> None:
    """Two fitted targets want thirty runs of the first round; there are twenty."""
    two = FILE.replace("tolerance: 0.05}]\n  held_out: [", "tolerance: 0.05}, ").replace("rounds: 3", "rounds: 1")
    _, answer = runs_of(two, tmp_path)
    assert answer["recovery"] == []
    assert "Recovery of known values was requested but could not be tested" in whistle("report", answer["study"]).stdout


def test_optuna_compares_its_sets_on_one_luck_and_checks_the_best_on_others(tmp_path: Path) -> None:
    runs, answer = runs_of(FILE.replace("  recovery: {truths: 10, nearest: 1}\n", "  method: optuna\n"), tmp_path)
    blocks = runs.groupby("phase")["luck_block"].agg(set)
    assert len(blocks["fit"]) == 1 and len(blocks["predictive"]) == 10
    assert not blocks["fit"] & blocks["predictive"]
    assert answer["effective"] is None and answer["correlations"] is None and len(answer["parameters"]) == 2
    folder = Path(answer["study"])
    assert {path.stem for path in (folder / "figures").glob("*.png")} == {"parameters", "profile", "predictive"}
    told = whistle("report", folder, "--lang", "zh")
    assert told.exit_code == 0 and "剖面区间" in told.stdout


WRONG = """\
experiment: calibrate
regimes: [inverted]
district: tiny
luck: independent
analysis:
  method: optuna
  targets:
    - {name: one, outcome: passed_shar, value: 0.4, tolerance: 0.05}
    - {name: two, outcome: closure_rate, value: 40, tolerance: 0.05}
    - {name: three, outcome: ping_pong_share, value: 0.1, tolerance: 0}
    - {name: four, value: 0.1, tolerance: 1}
    - {name: five, outcome: overdue_rate, tolerance: 1}
    - {name: six, over_time: {shape: rise, measure: satisfaction, last: 4}, value: 0.1, tolerance: 1}
  held_out:
    - {name: seven, outcome: closure_rate, value: 0.4, tolerance: 0.1}
    - {name: three, outcome: response_rate, value: 0.4, tolerance: 0.1}
  recovery: {truths: 10}
"""


def test_everything_that_is_wrong_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    done = whistle("calibrate", written(tmp_path, WRONG), "--out", tmp_path / "out")
    assert done.exit_code == 2 and not (tmp_path / "out").exists()
    for line, words in (
        (4, "expected block"), (8, "unknown outcome 'passed_shar'"), (9, "expected 0 to 1, because 'closure_rate'"),
        (10, "deviation above 0"), (11, "either outcome or over_time"), (12, "expected value, or measure"),
        (13, "expected a section analysis.over_time"), (15, "'closure_rate' once, fitted or held out"),
        (16, "expected 'three' once, fitted or held out, got it at analysis.targets.2"), (17, "expected method abc"),
    ):  # fmt: skip
        assert any(f"mine.yaml:{line}:" in each and words in each for each in done.stderr.splitlines()), (line, words)
    assert "parameters: expected one or more free parameters" in done.stderr


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("{uniform: [1, 6]}", "{values: [3]}", "two or more values, got one"),
        ("replicates: {fixed: 2}", "replicates: {until: {level: {closure_rate: 0.1}}}", "expected fixed"),
        (
            "regimes: [inverted]",
            "regimes: [inverted, flattened]",
            "expected one (the rules that produced the data), got 2",
        ),
        ("outcomes: [passed_share, closure_rate]", "outcomes: [closure_rate]", "one of the outcomes kept"),
        ("routing.noise: {loguniform: [0.05, 0.5]}", "demand.arrivals: {categorical: [poisson]}", "expected numbers"),
        (
            "routing.noise: {loguniform: [0.05, 0.5]}",
            "round: {between: [{routing.noise: 0.1}, {routing.noise: 0.4}]}",
            "expected another name, got 'round'",
        ),
    ],
)
def test_what_cannot_be_calibrated_is_refused(before: str, after: str, words: str, tmp_path: Path) -> None:
    done = whistle("calibrate", written(tmp_path, FILE.replace(before, after)), "--out", tmp_path / "out")
    assert done.exit_code == 2 and words in done.stderr


def test_held_out_targets_may_be_missing(tmp_path: Path) -> None:
    lines = [line for line in FILE.splitlines() if "held_out" not in line]
    done = whistle("calibrate", written(tmp_path, "\n".join(lines)), "--out", tmp_path / "out", "--dry-run")
    assert done.exit_code == 0


def scenario(**more: Any) -> model.Scenario:
    settings = {"run.warm_up_days": 30, "run.window_days": 150, "run.follow_up_days": 60, **more}
    return model.load_scenario("flattened", district="tiny", overrides=settings)


def test_monthly_figures_over_the_whole_cohort_are_the_outcomes_of_that_name() -> None:
    world = scenario()
    everything = Monthly(
        Monthly.of(world, OverTime(reform="e01", day=1, first_day=0, months=2)).limits, 60, 30, 0, 1, 10**6
    )
    record = model.simulate(world, 3, cases=True)
    counts = everything(record)
    for name, (top, bottom) in MEASURES.items():
        assert counts[f"month_{top}"][0] / counts[f"month_{bottom}"][0] == pytest.approx(record.outcomes[name]), name


def test_a_case_counts_in_the_month_in_which_it_was_reported() -> None:
    world = scenario()
    counts = Monthly.of(world, OverTime(reform="e01", day=60, first_day=60, months=4))(
        model.simulate(world, 3, cases=True)
    )
    cases = model.simulate(world, 3, cases=True).cases
    assert cases is not None
    month = np.array([np.searchsorted((60, 90, 120, 150, 180), day, side="right") for day in cases["reported"]])
    followed = cases["reported"] - cases["born"] <= 30.0  # of 60 days at most, 30 must be left
    assert counts["month_reported"].tolist() == [((month == number) & followed).sum() for number in (1, 2, 3, 4)]


def counts(resolution: list[float], response: list[float]) -> dict[str, Any]:
    rates = {"declared": resolution, "responded": response, "satisfaction": [0.5] * 4}
    full = {"due": [100.0] * 4, "reported": [100.0] * 4}
    return {
        f"month_{name}": np.array(values) * (1 if name in full else 100) for name, values in {**rates, **full}.items()
    }


def test_shapes_are_read_off_the_difference_between_twins() -> None:
    twins = [counts([0.5, 0.4, 0.6, 0.5], [0.8] * 4), counts([0.5, 0.5, 0.75, 0.7], [0.8, 0.8, 0.85, 0.9])]
    path = path_of([twins])
    assert path["reported_closure_rate"] == pytest.approx([0.0, 0.1, 0.15, 0.2])

    def read(**asked: Any) -> float:
        return shape_of(path, Shape(**{"measure": "reported_closure_rate", "last": 3, **asked}))

    assert read(shape="rise") == pytest.approx(0.2)
    assert read(shape="rise", first=1) == pytest.approx(0.1)
    assert read(shape="rise", over=3) == pytest.approx(0.175)  # of the months there are
    assert read(shape="share_of_rise", at=2) == pytest.approx(0.75)
    assert read(shape="ratio_of_rises", other="response_rate") == pytest.approx(2.0)
    assert read(shape="sign_of_rise") == 1.0
    assert np.isnan(read(shape="share_of_rise", at=2, least=0.2))
    assert np.isnan(read(shape="ratio_of_rises", other="satisfaction"))
    down = path_of([twins[::-1]])
    assert np.isnan(shape_of(down, Shape(shape="share_of_rise", measure="reported_closure_rate", last=3, at=2)))
    assert path_of([twins, twins[::-1]])["reported_closure_rate"] == pytest.approx([0.0] * 4)


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ("{reform: e01, day: 60, first_day: 30, months: 3}", "expected 60 or later"),
        ("{reform: e01, day: 60, first_day: 60, months: 9}", "to end by day 180, the end of the window, got day 330"),
        ("{reform: e01, day: 40, first_day: 60, months: 4}", "expected 60 to 179"),
        ("{reform: e01, day: 60, first_day: 60, months: 3}", "expected at most 2"),
    ],
)
def test_months_that_the_runs_do_not_have_are_refused(section: str, words: str, tmp_path: Path) -> None:
    text = f"""\
experiment: calibrate
regimes: [inverted]
district: tiny
set: {{run.warm_up_days: 30, run.window_days: 150, run.follow_up_days: 60}}
parameters: {{triage.ranking: {{uniform: [0, 3]}}}}
replicates: {{fixed: 2}}
analysis:
  over_time: {section}
  targets:
    - {{name: a, over_time: {{shape: rise, measure: satisfaction, last: 3}}, value: 0.1, tolerance: 0.1}}
"""
    done = whistle("calibrate", written(tmp_path, text), "--out", tmp_path / "out")
    assert done.exit_code == 2 and words in done.stderr


def test_a_target_from_a_log_keeps_its_value_and_its_hash_and_another_log_is_another_study(tmp_path: Path) -> None:
    text = FILE.replace("value: 0.4, tolerance: 0.05", "measure: handover_share, log: {file: log.csv}, tolerance: 0.05")

    def measuring(path: Path, **columns: Any) -> Mapping[str, Any]:
        return {"handover_share": len(path.read_text("utf-8")) / 100}

    found = []
    for content in ("a" * 40, "a" * 30):
        (tmp_path / "log.csv").write_text(content, encoding="utf-8")
        study, places = read_study(str(written(tmp_path, text)), OPTIONS)
        made = with_values(study.analysis, CalibrateOptions(**study.analysis), places, measuring)
        found.append(made["targets"][0])
    assert [each["value"] for each in found] == [0.4, 0.3]
    assert len({each["log"]["sha256"] for each in found}) == 2 and found[0]["log"]["file"] == "log.csv"
    again = with_values(made, CalibrateOptions(**made), Places(), measuring)
    assert again["targets"] == [found[1]]  # taken up again, no log is read


def test_a_log_that_is_not_there_or_does_not_tell_is_refused_with_its_line(tmp_path: Path) -> None:
    text = FILE.replace("value: 0.4, tolerance: 0.05", "measure: handover_share, log: {file: log.csv}, tolerance: 0.05")
    study, places = read_study(str(written(tmp_path, text)), OPTIONS)
    options = CalibrateOptions(**study.analysis)
    with pytest.raises(WrongInput, match=r"mine.yaml:9:.*'log.csv' not found in .*--log FILE"):
        with_values(study.analysis, options, places, lambda path, **columns: {})
    (tmp_path / "log.csv").touch()
    with pytest.raises(WrongInput, match=r"mine.yaml:9:.*expected cases.* got 'handover_share'"):
        with_values(study.analysis, options, places, lambda path, **columns: {"cases": 3, "best_family": "lognormal"})


def test_a_log_named_on_the_command_line_takes_the_place_of_the_values_in_the_file(tmp_path: Path) -> None:
    given = "value: 0.4, measure: handover_share, tolerance: 0.05"
    text = FILE.replace("value: 0.4, tolerance: 0.05", given).replace(
        "analysis:\n", "analysis:\n  log: {columns: {case: c, unit: u, time: t}}\n"
    )
    log = tmp_path / "log.csv"
    log.write_text("c,u,t\n1,a,2020-01-01\n1,b,2020-01-02\n2,a,2020-01-01\n", encoding="utf-8")
    path = written(tmp_path, text)
    without = whistle("calibrate", path, "--out", tmp_path, "--dry-run")
    measured = whistle("calibrate", path, "--log", log, "--out", tmp_path, "--dry-run")
    assert without.exit_code == measured.exit_code == 0
    assert without.stdout.split(":")[0] != measured.stdout.split(":")[0]  # another target is another study
    study, places = read_study(str(path), OPTIONS)
    named = {**study.analysis, "log": {**study.analysis["log"], "file": str(log)}}
    made = with_values(named, CalibrateOptions(**named), places, lambda path, **columns: {"handover_share": 0.5})
    assert made["targets"][0]["value"] == 0.5 and made["targets"][0]["source"] == "handover_share of log.csv"
    stands = with_values(
        study.analysis, CalibrateOptions(**study.analysis), places, lambda path, **columns: {"handover_share": 0.5}
    )
    assert stands["targets"][0]["value"] == 0.4 and "log" not in stands["targets"][0]


def test_a_log_that_is_no_file_or_for_another_experiment_is_refused(tmp_path: Path) -> None:
    done = whistle("calibrate", written(tmp_path), "--log", tmp_path / "nothing.csv", "--dry-run")
    assert done.exit_code == 2 and "--log: expected the path" in done.stderr and "is not a file" in done.stderr
    done = whistle("sweep", "weight_sweep_smoke", "--log", written(tmp_path), "--dry-run")
    assert done.exit_code == 2 and "of kind calibrate" in done.stderr


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("tolerance: 0.05", "tolerance: .nan", "expected a finite number, got nan"),
        ("value: 0.4", "value: .inf", "expected a finite number, got inf"),
        ("uniform: [1, 6]", "uniform: [6, 1]", "expected low before high"),
        ("acceptance.membership", "acceptance.membershi", "did you mean 'membership'"),
        (FILE[FILE.index("  targets") : FILE.index("  held_out")], "", "analysis.targets: expected one or more"),
        ("value: 0.4, tolerance: 0.05", "log: {file: a.csv}, value: 0.4, tolerance: 0.05", "a measure beside the log"),
        ("value: 0.4, tolerance: 0.05", "measure: handover_share, tolerance: 0.05", "--log FILE"),
    ],
)
def test_what_makes_no_target_or_no_parameter_is_refused(before: str, after: str, words: str, tmp_path: Path) -> None:
    done = whistle("calibrate", written(tmp_path, FILE.replace(before, after, 1)), "--out", tmp_path / "out")
    assert done.exit_code == 2 and words in done.stderr and not (tmp_path / "out").exists()
