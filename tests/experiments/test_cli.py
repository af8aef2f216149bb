"""The command line: exit codes, JSON keys, nothing written where it must not be."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from experiments.charts.series import hand_over_matrix
from experiments.cli.app import app
from experiments.messages import Language, in_language
from experiments.store.opened import OpenStudy, series_by_regime
from experiments.studies.compare import CompareResults

pytestmark = pytest.mark.usefixtures("fake_model")


BOTH = ("inverted", "flattened")
charts = CompareResults.charts


@pytest.fixture(autouse=True)
def _without_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing takes two seconds, which only the test of figures has to spend."""
    monkeypatch.setattr(CompareResults, "charts", lambda _: ())


def _whistle(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)


def _json(*arguments: object) -> dict[str, Any]:
    result = _whistle(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def _compare(out: Path, *more: object) -> tuple[object, ...]:
    return ("compare", *BOTH, "--pairs", 5, "--jobs", 1, "--out", out, *more)


def test_run_has_its_stable_keys() -> None:
    result = _json("run", "inverted", "--seed", 7, "--days", 12)
    assert set(result) == {"regime", "seed", "days", "cases", "seconds", "outcomes"}
    assert (result["regime"], result["seed"], result["days"]) == ("inverted", 7, 12 + 5)  # warm-up and follow-up
    assert result["outcomes"]["never_defined"] is None


def test_compare_has_its_stable_keys(tmp_path: Path) -> None:
    result = _json(*_compare(tmp_path))
    assert set(result) == {"study", "pairs", "regimes", "levels", "differences", "split", "units", "kinds"}
    assert (result["pairs"], result["regimes"]) == (5, ["inverted", "flattened"])
    assert set(result["levels"]["inverted"]["closure_rate"]) == {"mean", "ci_low", "ci_high"}
    keys = {"outcome", "from", "to", "mean", "ci_low", "ci_high", "effect", "clear"}
    assert all(set(difference) == keys for difference in result["differences"])


def test_compare_finds_what_differs_and_only_that(tmp_path: Path) -> None:
    found = {each["outcome"]: each for each in _json(*_compare(tmp_path))["differences"]}
    assert found["closure_rate"]["clear"] and found["closure_rate"]["mean"] == pytest.approx(0.1, abs=0.01)
    assert not found["passes_per_case"]["clear"]
    assert not found["constant"]["clear"] and found["constant"]["effect"] == 0.0
    assert found["never_defined"]["mean"] is None


def test_compare_of_three_regimes_starts_from_the_first(tmp_path: Path) -> None:
    result = _json("compare", "r01", *BOTH, "--pairs", 5, "--jobs", 1, "--out", tmp_path)
    differences = result["differences"]
    assert {(each["from"], each["to"]) for each in differences} == {("r01", "inverted"), ("r01", "flattened")}


def test_one_pair_gives_levels_without_intervals(tmp_path: Path) -> None:
    result = _json("compare", *BOTH, "--pairs", 1, "--jobs", 1, "--out", tmp_path)
    assert result["levels"]["inverted"]["closure_rate"]["ci_low"] is None
    assert result["differences"][0]["effect"] is None


def test_study_has_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CompareResults, "charts", charts)
    study = Path(_json(*_compare(tmp_path))["study"])
    assert study.parent == tmp_path and study.name.startswith("compare-")
    for name in ("manifest.json", "design.parquet", "tables/levels.csv", "tables/differences.csv"):
        assert (study / name).stat().st_size > 0
    figures = {
        "paired_differences",
        "summary",
        "closure_over_time",
        "passes_per_case",
        "workload_by_level",
        "hand_over_matrix",
        "streets",
        "departments",
    }
    for ending in ("png", "svg"):
        assert {path.stem for path in (study / "figures").glob(f"*.{ending}")} >= figures


def test_figures_are_drawn_of_an_odd_number_of_regimes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CompareResults, "charts", charts)
    study = Path(_json("compare", "r01", *BOTH, "--pairs", 2, "--jobs", 1, "--out", tmp_path)["study"])
    charts_of = CompareResults(OpenStudy(study)).charts()
    drawn = {path.stem for path in (study / "figures").glob("*.png")}
    assert drawn == {chart.name for chart in charts_of} and len(drawn) >= 8


@pytest.mark.parametrize(("language", "name", "rotation"), [("en", "street", 90.0), ("zh", "街\n乡", 0.0)])
def test_the_streets_stand_upright_below_the_matrix(tmp_path: Path, language: str, name: str, rotation: float) -> None:
    study = OpenStudy(_json("compare", *BOTH, "--pairs", 1, "--jobs", 1, "--out", tmp_path)["study"])
    with in_language(Language(language)):
        figure = hand_over_matrix(series_by_regime(study))
    label = figure.axes[0].get_xticklabels()[-1]
    assert (label.get_text(), label.get_rotation()) == (name, rotation)


def test_few_pairs_are_no_finding_that_nothing_differs(tmp_path: Path) -> None:
    text = _whistle("compare", *BOTH, "--pairs", 2, "--jobs", 1, "--out", tmp_path).stdout
    assert "too few repetitions to tell (" in text and "nothing can be concluded" not in text


def test_a_damaged_study_is_told(tmp_path: Path) -> None:
    study = Path(_json(*_compare(tmp_path))["study"])
    part = next((study / "runs").iterdir())
    part.write_bytes(b"junk")
    result = _whistle("status", study)
    assert (result.exit_code, result.stdout) == (2, "")
    assert str(part) in result.stderr and "damaged" in result.stderr


def test_repeating_a_comparison_gives_the_same_numbers(tmp_path: Path) -> None:
    assert _json(*_compare(tmp_path)) == _json(*_compare(tmp_path))


def test_a_run_repeats_the_run_of_a_study(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    study = Path(_json(*_compare(tmp_path, "--seed", 3))["study"])
    rows = [row for part in (study / "runs").iterdir() for row in pq.read_table(part).to_pylist()]
    row = next(row for row in rows if row["regime"] == "flattened" and row["replicate"] == 2)
    outcomes = _json("run", "flattened", "--seed", 5)["outcomes"]
    assert all(row[name] == value for name, value in outcomes.items())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_table_and_headline_claim_no_more_than_was_found(tmp_path: Path, language: str) -> None:
    enough = ("--pairs", 20, "--jobs", 1, "--out", tmp_path)
    text = _whistle("compare", *BOTH, *enough, "--lang", language, "--quiet").stdout
    assert ("nothing can be concluded from so few repetitions (" in text) == (language == "en")
    assert text.count("not clear") == (1 if language == "en" else 0)
    assert ("the same" in text) == (language == "en") and ("相同" in text) == (language == "zh")
    assert ("还不能下结论" in text) == (language == "zh")
    assert " will " not in text


def test_a_quantile_beyond_the_follow_up_is_shown_as_beyond_it(tmp_path: Path) -> None:
    """Under `inverted` no run reaches it, under `flattened` those of even seeds do: 2 and 4 of five."""
    text = _whistle(*_compare(tmp_path, "--quiet")).stdout
    row = next(line for line in text.splitlines() if "p90" in line)
    assert row.split()[-7:] == [">", "2", "1.50", "–", "–", "no", "data"]
    assert "> 2: that share of the requests is not closed within the follow-up of 2 days" in text
    assert "left out of the mean, in flattened 3 of 5 runs." in text
    assert "defined on one side only, and therefore left out of the difference, in flattened 2 of 5 pairs." in text
    found = {each["outcome"]: each for each in _json(*_compare(tmp_path))["differences"]}
    assert found["days_to_close_p90"]["mean"] is None


def test_beyond_the_follow_up_in_chinese_with_other_days_and_of_many_regimes(tmp_path: Path) -> None:
    more = ("--pairs", 2, "--jobs", 1, "--out", tmp_path, "--lang", "zh", "--set", "run.follow_up_days=7")
    text = _whistle("compare", *BOTH, "r01", *more).stdout
    assert "> 7：在每件 7 天的跟踪期内" in text and "仅一方有值、未计入差异的对数：改革后 1/2、考核权重 2/2。" in text
    assert any("p90" in line and "> 7" in line and "= 1.50" in line for line in text.splitlines())


def test_where_all_is_reached_nothing_is_said_of_it(tmp_path: Path) -> None:
    text = _whistle("compare", "r01", "rules_only", "--pairs", 2, "--jobs", 1, "--out", tmp_path).stdout
    assert "> 2" not in text and "one side only" not in text


def test_a_run_shows_a_quantile_beyond_the_follow_up_and_prints_none() -> None:
    row = next(line for line in _whistle("run", "inverted").stdout.splitlines() if "p90" in line)
    assert "> 2" in row
    assert _json("run", "inverted")["outcomes"]["days_to_close_p90"] is None


@pytest.mark.parametrize(("pairs", "clear"), [(5, False), (6, True)])
def test_a_constant_difference_is_clear_only_over_enough_pairs(tmp_path: Path, pairs: int, clear: bool) -> None:
    named = ("compare", "inverted", "rules_only", "--pairs", pairs, "--jobs", 1, "--out", tmp_path)
    found = {each["outcome"]: each for each in _json(*named)["differences"]}
    assert (found["constant"]["mean"], found["constant"]["clear"]) == (0.5, clear)
    row = next(line for line in _whistle(*named).stdout.splitlines() if line.lstrip().startswith("constant"))
    assert row.rstrip().endswith("clearly more" if clear else "too few repetitions")


@pytest.mark.parametrize(("language", "words"), [("en", "identical in every outcome."), ("zh", "各项指标完全相同。")])
def test_a_regime_that_changes_nothing_is_said_to_be_identical(tmp_path: Path, language: str, words: str) -> None:
    """The stand-in's regimes differ by their place in its list; a setting makes them all the first."""
    alone = ("compare", *BOTH, "--pairs", 3, "--jobs", 1, "--out", tmp_path, "--lang", language)
    assert words not in _whistle(*alone).stdout
    text = _whistle(*alone, "--set", "fake.same=1").stdout
    assert words in text and "too few repetitions to tell" not in text and "重复次数太少，" not in text


def test_one_pair_or_many_regimes_may_be_identical_too(tmp_path: Path) -> None:
    same = ("--jobs", 1, "--out", tmp_path, "--set", "fake.same=1")
    assert "identical in every outcome" in _whistle("compare", *BOTH, "--pairs", 1, *same).stdout
    named = ("inverted", "flattened", "r01", "rules_only", "placement_only", "r02")
    assert _whistle("compare", *named, "--pairs", 2, *same).stdout.count("identical in every outcome") == 5


def test_status_counts_runs(tmp_path: Path) -> None:
    study = _json(*_compare(tmp_path))["study"]
    assert _json("status", study) == {"planned": 10, "done": 10, "failed": 0}


def test_resume_goes_on_with_a_study(tmp_path: Path) -> None:
    first = _json(*_compare(tmp_path))
    for shard in (Path(first["study"]) / "runs").iterdir():
        shard.unlink()
    assert _json("status", first["study"])["done"] == 0
    again = _json("resume", first["study"], "--jobs", 1)
    assert again["differences"] == first["differences"]


def test_resume_refuses_a_study_of_other_code(
    tmp_path: Path, fake_model: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = _json(*_compare(tmp_path))["study"]
    monkeypatch.setattr(fake_model, "fingerprint", lambda: "edited")
    result = _whistle("resume", study)
    assert result.exit_code == 2 and "changed since" in result.stderr


def test_failed_runs_are_listed_with_the_command_that_repeats_them(tmp_path: Path) -> None:
    result = _whistle(*_compare(tmp_path, "--set", "fake.fail_seed=2", "--json"))
    assert result.exit_code == 1
    assert json.loads(result.stdout)["pairs"] == 4
    command = "whistle run inverted --seed 2 --district chaoyang --set fake.fail_seed=2"
    assert f"Failed: {command}: ArithmeticError: asked to fail" in result.stderr


def test_failing_run_ends_with_one() -> None:
    result = _whistle("run", "inverted", "--seed", 2, "--set", "fake.fail_seed=2", "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "asked to fail" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("compare", "inverted", "inverterd"), "did you mean 'inverted'"),
        (("compare", "inverted"), "expected two or more"),
        (("compare", "inverted", "inverted"), "more than once"),
        (("compare", "--set", "nonsense.key=1"), "unknown key 'nonsense.key'"),
        (("compare", "--set", "no_equals"), "expected key=value"),
        (("compare", "--set", "a="), "expected key=value"),
        (("compare", "--set", "a=[1"), "not valid YAML"),
        (("compare", "--set", "a=1", "--set", "a=2"), "got it twice"),
        (("compare", "--study", "../up"), "got '../up'"),
        (("compare", "--pairs", "0"), "--pairs"),
        (("compare", "--seed", "-1"), "--seed: expected a whole number from 0 to 18446744073709551615, got -1."),
        (("compare", "--seed", str(2**64)), "got 18446744073709551616."),
        (("compare", "--seed", str(2**64 - 5), "--pairs", "6"), "seed: expected at most 1844674407370955161"),
        (("run", "inverted", "--seed", str(2**64)), "got 18446744073709551616."),
        (("run", "inverted", "--seed", str(2**64), "--dry-run"), "got 18446744073709551616."),
        (("run", "inverted", "--seed", "-1", "--events", "log.csv"), "--seed: expected a whole number"),
        (("patterns", "--seed", str(2**64)), "got 18446744073709551616."),
        (("run", "nowhere"), "nowhere"),
        (("run", "inverted", "--days", "0"), "--days"),
        (("status", "nowhere"), "expected the folder of a study"),
        (("resume", "nowhere"), "expected the folder of a study"),
        (("show-config", "nowhere"), "nowhere"),
        (("nonsense",), "nonsense"),
    ],
)
def test_wrong_input_ends_with_two_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = _whistle(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr
    assert not list(tmp_path.iterdir())


def test_the_largest_seeds_run_and_are_read_back(tmp_path: Path) -> None:
    """Of six pairs the last has the largest seed that there is."""
    largest = 2**64 - 1
    study = Path(_json("compare", *BOTH, "--pairs", 6, "--jobs", 1, "--out", tmp_path, "--seed", largest - 5)["study"])
    assert sorted(set(OpenStudy(study).runs["seed"].tolist())) == list(range(largest - 5, largest + 1))
    assert _whistle("report", study).exit_code == 0
    assert _json("run", "inverted", "--seed", largest)["seed"] == largest


def test_all_problems_are_told_at_once() -> None:
    result = _whistle("compare", "nowhere", "elsewhere")
    assert "nowhere" in result.stderr and "elsewhere" in result.stderr


def test_folder_that_cannot_be_written_is_wrong_input(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = _whistle(*_compare(tmp_path / "file"))
    assert result.exit_code == 2 and "--out" in result.stderr


@pytest.mark.parametrize("command", [("compare",), ("run", "inverted")])
def test_dry_run_does_nothing(tmp_path: Path, command: tuple[str, ...]) -> None:
    assert _json(*command, "--out", tmp_path / "new", "--dry-run")["planned"] >= 1
    assert not (tmp_path / "new").exists()


def test_show_config_names_the_origin_of_values() -> None:
    assert set(_json("show-config", "inverted")) == {"regime", "values", "origins"}
    result = _whistle("show-config", "inverted", "--set", "run.window_days=9")
    assert "run.window_days" in result.stdout and "configs/base.yaml:3" in result.stdout


def test_schema_is_json() -> None:
    assert json.loads(_whistle("schema").stdout) == {"type": "object"}


def test_help_is_quick_because_nothing_heavy_is_loaded() -> None:
    heavy = ("model.config", "numba", "numpy", "scipy", "pyarrow", "matplotlib", "mesa", "pydantic")
    code = f"import sys, experiments.cli.app; print([name for name in {heavy!r} if name in sys.modules])"
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert time.perf_counter() - start < 5  # half a second alone; tests share the machine


def test_help_works() -> None:
    assert "compare" in _whistle("--help").stdout
