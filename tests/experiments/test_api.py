"""Every command as a function: the same study as the command line's, and a result for pandas and notebooks."""

from __future__ import annotations

import base64
import gc
import inspect
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from typer.testing import CliRunner

import experiments
from experiments import (
    Interrupted,
    Result,
    WrongInput,
    api,
    compare,
    open_study,
    patterns,
    resume,
    study,
    sweep,
    worlds,
)
from experiments.cli.app import app
from experiments.log_and_worlds import Columns, log
from experiments.logs.options import LogOptions
from experiments.studies import kinds
from experiments.studies.compare import CompareResults
from model import MissingExtra
from tests.experiments.conftest import Whistle
from tests.experiments.test_real_model import SHORT_RUN

BOTH = ("inverted", "flattened")


def command(*words: object) -> Any:
    """Run a command as a user does."""
    return CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)


def fake(**given: Any) -> Result:
    """Compare two regimes of the stand-in."""
    return compare(BOTH, **{"pairs": 5, "jobs": 1, **given})


@pytest.fixture(autouse=True)
def _room(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give temporary folders a place of their own, in which is seen what is left."""
    room = tmp_path_factory.mktemp("room")
    monkeypatch.setattr(tempfile, "tempdir", str(room))
    return room


@pytest.fixture
def without_figures(fake_model: ModuleType, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Drawing takes two seconds a study; the stand-in's runs take none."""
    monkeypatch.setattr(CompareResults, "charts", lambda _: ())
    return fake_model


@pytest.fixture(scope="module")
def found() -> Result:
    """Compare two regimes of the real model, on a tiny district."""
    return compare(BOTH, pairs=4, jobs=1, district="tiny", worlds="reference", set={**SHORT_RUN, "demand.scale": 0.9})


@pytest.fixture(scope="module")
def swept() -> Result:
    """Vary two parameters on a tiny district, in Chinese."""
    parameters = {
        "assessment.street_weight": {"values": np.array([0.0, 0.5])},
        "whistle.answer_within": {"values": (1, 3)},
    }
    asked = {"regimes": BOTH, "parameters": parameters, "replicates": {"fixed": 2}, "set": SHORT_RUN}
    return sweep(asked, district="tiny", worlds="reference", jobs=1, lang="zh")


def test_every_command_that_answers_a_question_is_a_function() -> None:
    commands = {each.name or getattr(each.callback, "__name__", "") for each in app.registered_commands}
    elsewhere = {
        "run", "explain", "show-config", "schema", "rules",  # one regime: `model` has them
        "status", "report",  # of what `open_study` returns
        "explore", "bench",
    }  # fmt: skip
    assert {each.replace("-", "_") for each in commands - elsewhere} == set(api.__all__) - {"open_study"}
    assert set(kinds()) <= set(api.__all__) <= set(experiments.__all__) == set(dir(experiments))
    assert all(getattr(experiments, name) is getattr(api, name) for name in api.__all__)


@pytest.mark.parametrize("name", sorted(set(api.__all__) - {"open_study"}))
def test_a_function_takes_what_its_command_takes(name: str) -> None:
    commands = {each.callback.__name__ if each.callback.__name__ != "command" else each.name: each.callback
                for each in app.registered_commands if each.callback}  # fmt: skip
    renamed = {
        "settings": "set",
        "file": "path" if name in ("log", "fit") else "file",
        "no_null": "null",
        "no_trial": "trial",
    }
    printed = {"as_json", "quiet", "dry_run", "reference", "columns", "no_report"}
    flags = {renamed.get(each, each): parameter.default for each, parameter in
             inspect.signature(commands[name]).parameters.items() if each not in printed}  # fmt: skip
    taken = dict(inspect.signature(getattr(api, name)).parameters)
    assert set(taken) - {"progress"} == set(flags)
    own = {"out": inspect.Parameter.empty if name == "fit" else None, "null": True, "trial": True}
    for each, default in flags.items():
        wanted = own.get(each, default)
        assert taken[each].default == wanted, each
    assert all(str(each.annotation) != "inspect._empty" for each in taken.values())
    documented = re.findall(r"^    (\w+): ", getattr(api, name).__doc__, re.MULTILINE)
    assert name in ("log", "fit") or set(documented) >= set(taken)


def test_the_options_of_a_log_are_those_of_the_command() -> None:
    assert list(Columns.__annotations__) == [each.name for each in fields(LogOptions)[1:]]
    assert set(inspect.signature(log).parameters) == {"path", "out", "lang", *Columns.__annotations__}


@pytest.mark.usefixtures("without_figures")
def test_the_study_is_the_command_lines_to_the_byte(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    result = fake(out=ours, seed=3, set={"run.window_days": 20}, study="mine")
    words = ("--pairs", 5, "--jobs", 1, "--seed", 3, "--set", "run.window_days=20", "--study", "mine", "--out", theirs)
    printed = command("compare", *BOTH, *words, "--json")
    assert result.folder.parent == ours and result.folder.name == Path(json.loads(printed.stdout)["study"]).name
    other = open_study(theirs / result.folder.name)
    assert result.runs_hash == other.runs_hash == result.manifest["runs_hash"]
    assert {**result.answer, "study": ""} == {**json.loads(printed.stdout), "study": ""}
    kept = [{path.relative_to(each.folder) for path in each.folder.rglob("*")} for each in (result, other)]
    assert kept[0] == kept[1] and {Path("report.pdf"), Path("report.docx")} <= kept[0]


@pytest.mark.usefixtures("without_figures")
def test_what_nobody_says_is_as_on_the_command_line(tmp_path: Path) -> None:
    result = compare(out=tmp_path, jobs=1)
    assert command("compare", "--out", tmp_path, "--jobs", 1, "--quiet").exit_code == 0
    assert [each.name for each in tmp_path.iterdir()] == [result.folder.name]


@pytest.mark.usefixtures("without_figures")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_sentences_are_those_that_the_command_prints(tmp_path: Path, language: Any) -> None:
    result = fake(out=tmp_path, pairs=20, lang=language)
    printed = command("report", result.folder, "--lang", language).stdout
    assert len(result.sentences()) > 5 and result.headline in result.sentences()
    assert all(sentence in printed for sentence in result.sentences())
    other = "zh" if language == "en" else "en"
    assert bool(re.search("[一-鿿]", " ".join(result.sentences(other)))) == (other == "zh")


@pytest.mark.usefixtures("without_figures")
@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: compare(["inverted", "inverterd"]), ("compare", "inverted", "inverterd")),
        (lambda: compare(["inverted"], study="../up"), ("compare", "inverted", "--study", "../up")),
        (lambda: compare(["inverted"] * 2, seed=-1), ("compare", "inverted", "inverted", "--seed", "-1")),
        (lambda: compare(set={"nonsense.key": 1}), ("compare", "--set", "nonsense.key=1")),
        (lambda: compare(rules="nowhere.py"), ("compare", "--rules", "nowhere.py")),
        (lambda: compare(worlds=0), ("compare", "--worlds", "0")),
        (lambda: compare(executor="local", cluster="slurm"), ("compare", "--executor", "local", "--cluster", "slurm")),
        (lambda: sweep("nowhere"), ("sweep", "nowhere")),
        (lambda: worlds(district="nowhere"), ("worlds", "--district", "nowhere")),
        (lambda: resume("nowhere"), ("resume", "nowhere")),
        (lambda: open_study("nowhere"), ("status", "nowhere")),
        (lambda: log("nowhere.csv"), ("log", "nowhere.csv")),
    ],
)
def test_wrong_input_has_the_words_of_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Callable[[], object], words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WrongInput) as caught:
        call()
    assert command(*words).stderr == f"{caught.value}\n"
    assert not list(tmp_path.iterdir())


def test_an_unknown_pattern_has_the_words_of_the_command_line() -> None:
    with pytest.raises(WrongInput, match="unknown pattern 'S99'") as caught:
        patterns(["S99"])
    assert command("patterns", "S99").stderr == f"{caught.value}\n"


@pytest.mark.usefixtures("without_figures")
def test_all_that_is_wrong_is_told_at_once(_room: Path) -> None:
    wrong: dict[str, Any] = {"lang": "fr", "executor": "spark", "jobs": 0, "seed": -1, "worlds": "all", "pairs": 0}
    with pytest.raises(WrongInput) as caught:
        compare(["inverted"], **wrong)
    told = " ".join(caught.value.problems)
    assert len(caught.value.problems) >= 6
    for words in ("en or zh", "local or dask", "--jobs", "--seed", "or reference", "--pairs", "two or more"):
        assert words in told
    assert not list(_room.iterdir())


def test_a_mapping_says_what_a_file_says(tmp_path: Path) -> None:
    values = {"regimes": ["inverted"], "parameters": {"assessment.street_weight": {"values": [0, 1]}},
              "replicates": {"fixed": 2}, "set": SHORT_RUN, "district": "tiny"}  # fmt: skip
    path = tmp_path / "sweep.yaml"
    path.write_text(json.dumps({"experiment": "sweep", **values}), encoding="utf-8")
    ours = sweep(values, jobs=1, worlds="reference")
    theirs = study(path, jobs=1, worlds="reference")
    assert ours.folder.name == theirs.folder.name and ours.runs_hash == theirs.runs_hash
    smaller = sweep({"extends": str(path), "replicates": {"fixed": 1}}, jobs=1, worlds="reference")
    assert len(smaller.runs) == 2


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"regime": ["inverted"]}, "regime: unknown key; did you mean 'regimes'?"),
        ({"experiment": "compare", "regimes": ["inverted"]}, "expected sweep, got 'compare'. Call study"),
        ({"regimes": ["inverted"], "rules": "nowhere.py"}, "rules: expected the path of a file of own rules"),
        ({"regimes": ["inverted"], "analysis": {"mak": 1}}, "analysis.mak: unknown key"),
    ],
)
def test_a_wrong_mapping_is_told_by_dotted_path(values: dict[str, Any], words: str) -> None:
    with pytest.raises(WrongInput, match=re.escape(words)):
        sweep(values)


def test_frames_of_a_comparison_have_their_columns(found: Result) -> None:
    assert list(found.levels) == ["regime", "outcome", "mean", "ci_low", "ci_high"]
    assert list(found.differences) == ["outcome", "from", "to", "mean", "ci_low", "ci_high", "effect", "clear"]
    assert found.differences["clear"].dtype == bool and found.levels["mean"].dtype == float
    doubt = ["regime", "outcome", "median", "low", "high", "better", "clear", "luck_half_width"]
    assert list(found.doubt) == doubt and found.doubt.empty
    assert len(found.levels) == 2 * len(found.differences) == 2 * len(found.outcomes)
    kept = found.tables["differences"].set_index("outcome")["mean"]
    pd.testing.assert_series_equal(found.differences.set_index("outcome")["mean"], kept)
    runs = found.runs.pivot(index="replicate", columns="regime", values="closure_rate")
    assert kept["closure_rate"] == pytest.approx((runs["flattened"] - runs["inverted"]).mean())
    assert set(found.tables) == {path.stem for path in (found.folder / "tables").glob("*.csv")}


@pytest.mark.usefixtures("without_figures")
def test_what_is_undefined_is_nan_in_frames_and_none_in_the_answer() -> None:
    result = fake()
    assert result.runs["never_defined"].dtype == float and result.runs["never_defined"].isna().all()
    levels = result.levels.set_index(["regime", "outcome"])
    assert levels["mean"].isna()["inverted", "never_defined"]
    assert result.answer["levels"]["inverted"]["never_defined"]["mean"] is None
    for frame in (*result.tables.values(), result.sql("SELECT * FROM runs")):
        assert not frame.map(lambda cell: cell is None).any(axis=None)
    assert json.dumps(result.answer, allow_nan=False)


def test_units_and_days_have_a_row_each(found: Result) -> None:
    units, days = found.units, found.daily
    assert {"regime", "replicate", "code", "level", "hours_used"} <= set(units)
    assert not units.duplicated(["regime", "replicate", "code"]).any()
    assert units.groupby(["regime", "replicate"])["code"].nunique().nunique() == 1
    assert set(units.groupby(["regime", "replicate"]).groups) == set(found.runs.groupby(["regime", "replicate"]).groups)
    assert (days.groupby(["regime", "replicate"])["day"].max() + 1 == found.runs["days"].iloc[0]).all()
    row = found.series.iloc[0]
    assert days[(days["point"] == row["point"]) & (days["replicate"] == row["replicate"])]["reported"].tolist() == list(
        row["daily_reported"]
    )


def test_parameters_stand_beside_outcomes_in_runs_and_in_sql(swept: Result) -> None:
    names = ["assessment.street_weight", "whistle.answer_within"]
    assert swept.parameters == names and set(names) <= set(swept.runs) and set(names) <= set(swept.design)
    query = f'SELECT regime, "{names[0]}" AS weight, avg(closure_rate) AS mean FROM runs GROUP BY ALL'
    asked = swept.sql(query).set_index(["regime", "weight"])["mean"].sort_index()
    ours = swept.runs.groupby(["regime", names[0]])["closure_rate"].mean().sort_index()
    assert asked.to_numpy() == pytest.approx(ours.to_numpy()) and len(asked) == 4


def test_what_a_kind_does_not_have_is_told_with_what_there_is(swept: Result) -> None:
    with pytest.raises(AttributeError, match=re.escape('a sweep study has no levels; it has .tables["sweep"]')):
        _ = swept.levels
    with pytest.raises(AttributeError, match="kept no units series; ask for series: true"):
        _ = swept.units
    assert len(swept.tables["sweep"]) > 4 and swept.answer["parameter"] == "assessment.street_weight"


def test_figures_are_drawn_in_the_language_asked_for(found: Result, swept: Result) -> None:
    assert {"summary", "closure_over_time"} <= set(found.figures) and "sweep" in swept.figures
    english, chinese = (found.figure("summary", lang) for lang in ("en", "zh"))
    assert isinstance(english, Figure) and "权责倒挂" in chinese.get_suptitle() and "倒" not in english.get_suptitle()
    assert re.search("[一-鿿]", swept.figure("sweep").get_suptitle())
    with pytest.raises(WrongInput, match="unknown figure 'sumary'; did you mean 'summary'"):
        found.figure("sumary")


@pytest.mark.parametrize("which", ["found", "swept"])
def test_what_is_printed_of_a_result_is_short(which: str, request: pytest.FixtureRequest) -> None:
    lines = repr(request.getfixturevalue(which)).splitlines()
    assert 4 <= len(lines) <= 15 and max(map(len, lines)) <= 120


def test_a_notebook_shows_headline_picture_and_folded_tables(found: Result, swept: Result) -> None:
    for result in (found, swept):
        page = result._repr_html_()
        told = page.partition("<strong>")[2].partition("</strong>")[0]
        assert told == result.headline.replace("&", "&amp;").replace("'", "&#x27;")
        assert base64.b64decode(page.partition("base64,")[2].partition('"')[0]).startswith(b"\x89PNG")
        assert page.index("<img") < page.index("<details><summary>") < page.index("<table>")
        assert not re.search(r"<script|https?:|<link", page)


def test_the_report_is_written_where_it_is_asked_for(swept: Result, tmp_path: Path) -> None:
    page = swept.report(tmp_path / "brief.html").read_text(encoding="utf-8")
    assert '<html lang="zh">' in page and page.count("data:image/svg+xml") == len(swept.figures)
    assert swept.report(str(tmp_path / "brief.pdf"), lang="en").read_bytes().startswith(b"%PDF")
    assert swept.report(tmp_path / "brief.docx").read_bytes().startswith(b"PK")
    with pytest.raises(WrongInput, match=r"ends with \.html or \.pdf or \.docx"):
        swept.report(tmp_path / "brief.doc")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["brief.docx", "brief.html", "brief.pdf"]


@pytest.mark.usefixtures("without_figures")
def test_without_a_folder_nothing_is_left_on_disk(_room: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = fake()
    assert result.folder.is_relative_to(_room) and not (result.folder / "report.pdf").exists()
    frame = result.differences
    del result
    gc.collect()
    assert not list(_room.iterdir()) and not list(tmp_path.iterdir()) and len(frame)


def test_failed_runs_are_warned_of_and_told_by_the_result(without_figures: ModuleType) -> None:
    with pytest.warns(RuntimeWarning, match="2 of 10 runs failed") as warned:
        result = fake(set={"fake.fail_seed": 2})
    assert Path(warned[0].filename).name == Path(__file__).name
    assert [each["seed"] for each in result.failures] == [2, 2] and len(result.runs) == 8
    assert result.answer["pairs"] == 4 and "2 failed" in repr(result)


@pytest.mark.usefixtures("without_figures")
def test_a_precision_that_was_not_reached_is_told_by_the_result() -> None:
    until = {"difference": {"passes_per_case": 0.00001}, "budget": 26}
    result = study({"experiment": "compare", "regimes": BOTH, "replicates": {"until": until}}, jobs=1)
    assert len(result.imprecise) == 1 and "26 replicates" in result.imprecise[0]
    assert fake().imprecise == []


@pytest.fixture
def interrupting(without_figures: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Have Ctrl-C pressed in the first run of seed 3; the seeds that are run."""
    seeds, simulate = list[int](), without_figures.simulate

    def run(scenario: Any, seed: int) -> Any:
        seeds.append(seed)
        if seeds.count(3) == 1 and seed == 3:
            os.kill(os.getpid(), signal.SIGINT)
        return simulate(scenario, seed)

    monkeypatch.setattr(without_figures, "simulate", run)
    yield seeds


@pytest.mark.parametrize("kept", [True, False])
def test_an_interrupted_call_goes_on_when_it_is_repeated(
    tmp_path: Path, _room: Path, interrupting: list[int], kept: bool
) -> None:
    out = tmp_path if kept else None
    with pytest.raises(Interrupted, match="of 10 runs are kept"):
        fake(out=out)
    first = len(interrupting)
    assert 0 < first < 10
    result = fake(out=out)
    assert len(interrupting) == 10 and len(result.runs) == 10
    whole = fake(out=None)
    assert result.runs_hash == whole.runs_hash


def test_a_folder_that_cannot_be_run_leaves_no_temporary_one(without_figures: ModuleType, _room: Path) -> None:
    vars(without_figures)["simulate"] = None
    vars(without_figures)["prepare"] = None
    with pytest.raises(TypeError):
        fake()
    assert not list(_room.iterdir())


def test_a_study_is_resumed_or_refused_where_the_code_is_another(
    tmp_path: Path, without_figures: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = fake(out=tmp_path)
    for shard in (result.folder / "runs").iterdir():
        shard.unlink()
    assert resume(result.folder, jobs=1).runs_hash == result.manifest["runs_hash"]
    monkeypatch.setattr(without_figures, "fingerprint", lambda: "edited")
    with pytest.raises(WrongInput, match="has changed since"):
        resume(result.folder)


def test_a_script_asks_for_processes_without_ceremony(whistle: Whistle) -> None:
    """Workers must not run the script again, though it has no `if __name__ == "__main__"`."""
    script = whistle.tree / "mine.py"
    script.write_text(
        "print('once')\nfrom experiments import compare\n"
        "print(len(compare(['inverted', 'flattened'], pairs=6, jobs=2).runs), __file__ is not None)\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, str(script)], cwd=whistle.tree, env=whistle.environment, capture_output=True, text=True,
        check=False, timeout=120,
    )  # fmt: skip
    assert (done.stdout, done.returncode) == ("once\n12 True\n", 0), done.stderr


@pytest.mark.parametrize("name", ["levels", "differences", "doubt", "tables", "runs"])
def test_a_table_without_pandas_says_what_installs_it(
    found: Result, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("model.extras.find_spec", lambda _: None)
    with pytest.raises(MissingExtra, match=r"needs pandas, .*: make extra-notebook"):
        getattr(open_study(found.folder), name)


def test_importing_the_package_loads_nothing_heavy() -> None:
    heavy = ("mesa", "matplotlib", "pandas", "solara", "dask", "pyarrow", "numba", "numpy", "pydantic")
    code = f"import sys, experiments; dir(experiments); print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_log_is_measured_as_by_its_command(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    held = [(case, unit, day) for case in range(12) for unit, day in (("a", 1 + case), ("b", 3 + case))]
    rows = [f"{case},{unit},2024-01-{day:02d}" for case, unit, day in held]
    path.write_text("\n".join(["case,unit,time", *rows]), encoding="utf-8")
    measured = log(path)
    assert measured.answer == json.loads(command("log", path, "--quiet", "--json").stdout)
    printed = command("log", path, "--quiet").stdout
    assert measured.sentences() and all(sentence in printed for sentence in measured.sentences())
    assert measured.tables["measures"].set_index("measure").loc["handover_share", "value"] == 1.0
    assert isinstance(measured.figure(measured.figures[0]), Figure) and measured.folder is None
    assert len(repr(measured).splitlines()) <= 15 and "<img" in measured._repr_html_()
    with pytest.raises(WrongInput, match="unknown 'cas'"):
        cast(Any, log)(path, cas="case")


def test_the_plausible_worlds_of_a_district_are_shown_without_a_study() -> None:
    known = worlds()
    assert known.answer["worlds"] > 40 and known.headline and known.tables == {} and known.figures == []
    assert known.answer == json.loads(command("worlds", "--json").stdout)


def test_a_sweep_of_two_parameters_over_points_without_rows_is_refused_before_it_runs() -> None:
    varied = {key: {"uniform": [0.1, 0.5]} for key in ("assessment.street_weight", "powers.delegated")}
    asked = {"regimes": ["inverted"], "parameters": varied, "design": {"kind": "lhs", "points": 4}}
    with pytest.raises(WrongInput, match=r"design\.kind: expected grid or list for a sweep, got lhs"):
        sweep(asked, district="tiny", out=None)
