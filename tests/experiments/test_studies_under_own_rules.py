"""Studies under own rules: named by their text, the same in several processes, told in manifest and report."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from experiments import WrongInput, compare, open_study, sweep
from experiments.cli.app import app
from experiments.design.reading import Places
from experiments.design.studyfile import Replicates, StudyFile
from experiments.runner import Where
from experiments.store.opened import OpenStudy
from experiments.studies.compare import KIND
from model.rules import accept
from tests.processes import printed
from tests.test_own_rules import FEARLESS

SMALL = {"run.window_days": 20, "run.warm_up_days": 10}


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "fearless.py"
    path.write_text(FEARLESS, encoding="utf-8")
    return path


def compared(out: Path | None, rules: Path | None, **more: Any) -> Any:
    regimes = more.pop("regimes", ["inverted", "flattened"])
    return compare(
        regimes,
        pairs=more.pop("pairs", 3),
        worlds="reference",
        district="tiny",
        set=SMALL,
        out=out,
        rules=rules,
        **more,
    )


def asked(rules: Path | None) -> StudyFile:
    return StudyFile(
        name="own", experiment="compare", regimes=("inverted", "flattened"), district="tiny", set=SMALL, seed=3,
        worlds="reference", replicates=Replicates(fixed=3), rules=None if rules is None else str(rules),
    )  # fmt: skip


def test_a_study_is_named_by_the_text_of_its_rules_wherever_they_lie(rules: Path, tmp_path: Path) -> None:
    def named(file: Path | None) -> str:
        return KIND.lay_out(asked(file), Places()).plan.folder_name

    elsewhere = tmp_path / "other" / "mine.py"
    elsewhere.parent.mkdir()
    elsewhere.write_text(FEARLESS, encoding="utf-8")
    before = named(rules)
    assert before == named(elsewhere)
    rules.write_text(FEARLESS.replace("return 0\n", "return 0.5\n"), encoding="utf-8")
    assert len({before, named(rules), named(None)}) == 3


def test_two_processes_and_a_resumed_study_have_the_same_runs(rules: Path, tmp_path: Path) -> None:
    def run(out: Path, jobs: int) -> OpenStudy:
        layout = KIND.lay_out(asked(rules), Places())
        return OpenStudy(layout.run(out, Where(jobs), Console(stderr=True), quiet=True).folder)

    one, two = run(tmp_path / "1", 1), run(tmp_path / "2", 2)
    assert one.runs_hash == two.runs_hash
    next((two.folder / "runs").glob("*")).unlink()
    assert run(tmp_path / "2", 1).runs_hash == one.runs_hash


def test_manifest_status_report_and_result_tell_the_rules(rules: Path, tmp_path: Path) -> None:
    found = compared(tmp_path, rules)
    base = found.manifest["bases"][0]
    assert base["resolved"]["rules"] == FEARLESS
    assert base["own_rules"]["replaces"] == ["blame"]
    assert "passed_twice" in found.runs.columns
    assert {"passed_twice", "days_seen"} <= set(found.differences["outcome"])
    status = CliRunner().invoke(app, ["status", str(found.folder)])
    told = re.sub(r"\s+", " ", status.output)
    assert "in place of the shipped rules blame" in told
    assert found.rules == [told[told.index("Under ") :].strip()]
    listed = json.loads(CliRunner().invoke(app, ["status", str(found.folder), "--json"]).output)["own_rules"]
    assert [each["regime"] for each in listed] == ["inverted", "flattened"]
    page = found.report(tmp_path / "report.html").read_text(encoding="utf-8")
    assert "def blame(habits, case, late):" in page
    assert "--rules ./fearless.py" in page
    assert "退转两次以上的比例" in found.report(tmp_path / "zh.html", lang="zh").read_text(encoding="utf-8")
    rules.unlink()  # a study can be read without the file, and none of its code is executed
    code = f"""
import sys
from experiments import open_study
study = open_study({str(found.folder)!r}, lang="zh")
page = study.report({str(tmp_path / "again.html")!r}).read_text(encoding="utf-8")
print(study.rules == {open_study(found.folder, lang="zh").rules!r}, "退转两次以上的比例" in page)
print([name for name in sys.modules if name.startswith("own_rules_")])
"""
    assert printed(code).split("\n") == ["True True", "[]"]


def test_an_own_number_is_swept_within_its_bounds(rules: Path) -> None:
    study = {
        "regimes": ["inverted"], "parameters": {"own.fear": {"values": [0.0, 1.0]}}, "replicates": {"fixed": 3},
        "analysis": {"outcomes": ["passes_per_case", "passed_twice"]},
    }  # fmt: skip
    found = sweep(study, district="tiny", set=SMALL, worlds="reference", rules=rules, out=None)
    passes = found.runs.groupby("own.fear")["passes_per_case"].mean()
    assert passes[0.0] < passes[1.0]
    assert "Fear that is left" in " ".join(found.sentences()) or found.figure(found.figures[0])
    kept = rules.rename(rules.with_suffix(".gone"))  # what was found is read without the file
    again = open_study(found.folder)
    assert again.sentences() == found.sentences() and again.answer == found.answer
    kept.rename(rules)
    beyond = study | {"parameters": {"own.fear": {"values": [0.0, 3.0]}}}
    with pytest.raises(WrongInput, match=r"own\.fear: expected 0 to 1 \(share\), the declared bounds, got 3"):
        sweep(beyond, district="tiny", set=SMALL, worlds="reference", rules=rules, out=None)


def test_a_regime_that_names_its_rules_is_compared_with_one_that_has_none(rules: Path, tmp_path: Path) -> None:
    regime = tmp_path / "fearless.yaml"
    said = "title: {en: Nobody fears blame, zh: 无人怕担责}\nextends: inverted\nrules: fearless.py\n"
    regime.write_text(f"{said}expects: {{passes_per_case: down, closures: up}}\n", encoding="utf-8")
    with pytest.raises(WrongInput, match="expects: unknown outcome 'closures'; did you mean 'closure_rate'"):
        compared(None, None, regimes=["inverted", str(regime)])
    regime.write_text(f"{said}expects: {{passes_per_case: sideways}}\n", encoding="utf-8")
    with pytest.raises(WrongInput, match=r"fearless\.yaml:4.*expected up or down, got 'sideways'"):
        compared(None, None, regimes=["inverted", str(regime)])
    regime.write_text(f"{said}expects: {{passes_per_case: down, enforcement_closure_rate: down}}\n", encoding="utf-8")
    found = compared(None, None, regimes=["inverted", str(regime)], pairs=12)
    assert [each.get("own_rules", {}).get("replaces") for each in found.manifest["bases"]] == [None, ["blame"]]
    passes = found.answer["expected"][0]
    assert (passes["outcome"], passes["expected"], passes["met"]) == ("passes_per_case", "down", "yes")
    assert passes["mean"] < 0.0
    assert any("was expected to fall, and it does" in sentence for sentence in found.sentences())
    assert found.runs.groupby("regime")["passed_twice"].count().to_dict() == {"fearless": 12, "inverted": 0}


def test_what_is_wrong_with_rules_stops_a_study_before_anything_is_written(
    rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules.write_text("def blam(habits, case, late):\n    return 0.0\n", encoding="utf-8")
    done = CliRunner().invoke(
        app, ["compare", "inverted", "flattened", "--rules", str(rules), "--out", str(tmp_path / "a")]
    )
    assert done.exit_code == 2
    assert "fearless.py:1: unknown rule 'blam'; did you mean 'blame'?" in done.output
    rules.write_text("def blame(habits, case, late):\n    return {1: 2.0}[1]\n", encoding="utf-8")
    with pytest.raises(WrongInput, match=r"blame \(fearless\.py:1\) cannot be compiled"):
        compared(tmp_path / "a", rules)
    with pytest.raises(WrongInput, match="nowhere"):
        compared(tmp_path / "a", tmp_path / "nowhere.py")
    with monkeypatch.context() as patch:
        patch.setattr(accept, "blame", lambda habits, case, late: 0.0)
        with pytest.raises(WrongInput, match=r"model\.rules\.accept\.blame: was replaced in memory"):
            compared(tmp_path / "a", None)
    assert not (tmp_path / "a").exists()
