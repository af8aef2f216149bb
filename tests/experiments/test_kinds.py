"""Every kind of experiment from its file to its answer, on a tiny district; taken up again it is the same."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.image import imsave
from typer.testing import CliRunner, Result

from experiments import open_study
from experiments.blocks import Bullets
from experiments.cli.app import app
from experiments.design.reading import read_study, shipped_studies
from experiments.messages import Language, in_language
from experiments.report.writing import document_of
from experiments.store.store import Study
from experiments.studies import OPTIONS, kind_of, kinds
from experiments.studies.compare import CompareResults
from tests.experiments.first_pages import before_annex, check_first_pages

STUDIES = {name: kind_of(name).example for name in kinds() if kind_of(name).example}
"""A small study of each kind, as its file has it."""

PROMISED = {
    "sensitivity": {"outcome", "method", "runs", "indices", "dummy", "noise_share"},
    "attribute": {"outcome", "shapley", "total"},
    "superadditivity": {"outcome", "instruments", "none", "all", "whole", "sum", "difference", "verdict", "pairs",
                        "log_odds", "others", "not_turned"},
    "compare": {"study", "pairs", "regimes", "levels", "differences"},
}  # fmt: skip
"""Keys that scripts rely on."""


def whistle(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)


def asked(kind: str, folder: Path) -> Path:
    """Write the file of a study."""
    path = folder / f"{kind}.yaml"
    path.write_text(f"experiment: {kind}\n{STUDIES[kind]}", encoding="utf-8")
    return path


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the figures of a comparison out: they take seconds."""
    monkeypatch.setattr(CompareResults, "charts", lambda _: ())


def test_every_kind_is_tried_here() -> None:
    assert set(STUDIES) == set(kinds()) - {"patterns"}  # a command without a study's file: tried in test_patterns.py
    shipped = {read_study(name, OPTIONS)[0].experiment for name in shipped_studies()}
    assert shipped <= set(STUDIES)


@pytest.mark.parametrize("kind", sorted(STUDIES))
def test_a_study_answers_and_taken_up_again_is_the_same(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = asked(kind, tmp_path)
    first = whistle("study", path, "--out", tmp_path, "--jobs", 1, "--json", "--quiet")
    assert first.exit_code == 0, first.stderr
    answer = json.loads(first.stdout)
    assert PROMISED.get(kind, {"study"}) <= set(answer)
    folder = next(each for each in tmp_path.iterdir() if each.is_dir())
    _check_files(folder, kind)
    before = _hash(folder)
    _forget_half(folder)
    monkeypatch.setattr("experiments.charts.style.save", _placed)  # drawn again, not written again
    again = whistle("resume", folder, "--jobs", 1, "--json", "--quiet", "--lang", "zh")
    assert again.exit_code == 0, again.stderr
    assert _hash(folder) == before
    assert json.loads(again.stdout) == answer or kind == "compare"


def _placed(_: Figure, folder: Path, name: str, endings: Iterable[str] = ()) -> None:
    """Put an empty picture in the place of a figure, whose files take seconds."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>', "utf-8")
    imsave(folder / f"{name}.png", np.zeros((1, 1, 3)))


def _hash(folder: Path) -> str:
    study = open_study(folder)
    return Study(folder, study.outcomes, print).runs_hash()


def _forget_half(folder: Path) -> None:
    """Leave a study as a killed writer may leave it."""
    for number, shard in enumerate(sorted((folder / "runs").glob("part-*.parquet"))):
        if number % 2 == 0:
            shard.unlink()
    (folder / "manifest.json").write_text(
        json.dumps({**json.loads((folder / "manifest.json").read_text("utf-8")), "ended": None}), encoding="utf-8"
    )
    shutil.rmtree(folder / "tables")


def _check_files(folder: Path, kind: str) -> None:
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["planned"] == manifest["done"] > 0 == manifest["failed"]
    assert manifest["runs_hash"] == _hash(folder)
    names = set(kind_of(kind).results(open_study(folder)).tables())
    assert {path.stem for path in (folder / "tables").glob("*.csv")} == names
    assert (folder / "tables" / "answer.json").stat().st_size > 2
    figures = list((folder / "figures").glob("*.png"))
    assert figures or kind == "discover"  # nothing may be found in a tiny district
    _check_report(folder)
    result = open_study(folder)
    assert result.answer == json.loads((folder / "tables" / "answer.json").read_text("utf-8"))
    assert set(result.tables) == names and set(result.figures) == {path.stem for path in figures}
    assert len(repr(result).splitlines()) <= 15 and result.headline in result.sentences()
    assert ("<img" in result._repr_html_()) == bool(figures)


def _check_report(folder: Path) -> None:
    """Check that in both languages few numbers stand in a sentence before the annex, and few sentences."""
    for language in Language:
        with in_language(language):
            result = open_study(folder)
            document = document_of(result.kind, result, result.results(str(language)), {})
        check_first_pages(document)
        found = [block for block in before_annex(document) if isinstance(block, Bullets) and block.numbered]
        assert all(1 <= len(block.items) <= 5 for block in found)


def test_the_answer_is_told_anew_without_running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = asked("sweep", tmp_path)
    assert whistle("sweep", path, "--out", tmp_path, "--jobs", 1, "--quiet").exit_code == 0
    folder = next(each for each in tmp_path.iterdir() if each.is_dir())
    monkeypatch.setattr("model.simulate", None)
    told = whistle("report", folder, "--lang", "zh")
    assert told.exit_code == 0 and "办结率" in told.stdout and (folder / "figures" / "zh").is_dir()


def test_results_open_with_one_line_and_parameters_joined(tmp_path: Path) -> None:
    path = asked("sweep", tmp_path)
    assert whistle("sweep", path, "--out", tmp_path, "--jobs", 1, "--quiet").exit_code == 0
    study = open_study(next(each for each in tmp_path.iterdir() if each.is_dir()))
    runs = study.runs
    assert len(runs) == 2 * 5 * 12
    assert set(runs["assessment.street_weight"]) == {0.0, 0.2, 0.38, 0.7, 1.0}
    means = runs.groupby(["regime", "assessment.street_weight"])["closure_rate"].mean()
    query = 'SELECT regime, "assessment.street_weight" AS weight, avg(closure_rate) AS mean FROM runs GROUP BY ALL'
    for regime, weight, mean in study.sql(query).itertuples(index=False):
        assert mean == pytest.approx(means[regime, weight])
    values = study.values("closure_rate")
    assert values.shape == (5, 2, 12)
    row = study.factor("assessment.street_weight").index(0.38)
    assert values[row, 1].mean() == pytest.approx(means["flattened", 0.38])


def test_a_dry_run_says_runs_time_and_disk_and_writes_nothing(tmp_path: Path) -> None:
    path = asked("sweep", tmp_path)
    done = whistle("sweep", path, "--out", tmp_path / "out", "--dry-run", "--json")
    facts = json.loads(done.stdout)
    assert (facts["points"], facts["planned"]) == (10, 120)
    assert facts["seconds_a_run"] > 0 and facts["megabytes"] > 0
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("undrawn")
def test_a_precision_that_is_not_reached_is_told_with_exit_code_3(tmp_path: Path) -> None:
    text = STUDIES["compare"].replace("{fixed: 3}", "{until: {difference: {closure_rate: 0.0001}, budget: 26}}")
    path = tmp_path / "precise.yaml"
    path.write_text(f"experiment: compare\n{text}", encoding="utf-8")
    done = whistle("study", path, "--out", tmp_path, "--jobs", 1, "--quiet")
    assert done.exit_code == 3
    assert "Not precise enough: closure rate, difference of flattened" in done.stderr and "26 replicates" in done.stderr


@pytest.mark.usefixtures("undrawn")
def test_a_study_ends_as_soon_as_it_is_precise(tmp_path: Path) -> None:
    text = STUDIES["compare"].replace("{fixed: 3}", "{until: {difference: {closure_rate: 0.9}, budget: 60}}")
    path = tmp_path / "precise.yaml"
    path.write_text(f"experiment: compare\n{text}", encoding="utf-8")
    done = whistle("study", path, "--out", tmp_path, "--jobs", 1, "--quiet", "--json")
    assert done.exit_code == 0 and json.loads(done.stdout)["pairs"] == 25


@pytest.mark.usefixtures("undrawn")
def test_event_logs_are_kept_of_as_many_replicates_as_asked(tmp_path: Path) -> None:
    path = tmp_path / "logged.yaml"
    path.write_text(f"experiment: compare\nevents: 1\n{STUDIES['compare']}", encoding="utf-8")
    assert whistle("study", path, "--out", tmp_path, "--jobs", 1, "--quiet").exit_code == 0
    folder = next(each for each in tmp_path.iterdir() if each.is_dir())
    keys = {row["key"] for row in open_study(folder).table.to_pylist() if row["replicate"] == 0}
    assert {log.stem for log in (folder / "events").glob("*.parquet")} == keys


def test_packages_whose_bound_is_undefined_everywhere_are_not_judged(tmp_path: Path) -> None:
    path = tmp_path / "bounded.yaml"
    bound = "  bounds: [{outcome: equity_gap, at_most: 0.9}]\n  population: 4\n"
    text = STUDIES["search"].replace("  population: 4\n", bound)
    path.write_text(f"experiment: search\n{text}", encoding="utf-8")
    done = whistle("search", path, "--out", tmp_path, "--jobs", 1, "--quiet", "--json")
    assert [each["name"] for each in json.loads(done.stdout)["judged"]] == ["flattened"]


def test_the_wrong_command_names_the_right_one(tmp_path: Path) -> None:
    done = whistle("search", asked("sweep", tmp_path))
    assert done.exit_code == 2 and "whistle sweep" in done.stderr
