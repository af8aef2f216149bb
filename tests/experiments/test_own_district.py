"""`whistle new-district` and `whistle check`: an office begins its district, fills it in, looks at it, uses it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

import experiments
from experiments import WrongInput, check, new_district
from experiments.cli.app import app
from experiments.report.checked import TRIAL
from experiments.studies.compare import CompareResults
from model import declared_at, load_scenario, to_yaml
from model.config.files import district_sheets
from model.config.yamlfile import read_yaml
from tests.workbooks import SHEETS, filled


def whistle(*words: object) -> Any:
    return CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_workbook_explains_every_column_and_marks_its_examples(tmp_path: Path, lang: Any) -> None:
    book = load_workbook(new_district(tmp_path / "mine", lang=lang))
    assert tuple(book.sheetnames)[1:6] == SHEETS[lang]
    mark = {"en": "example", "zh": "示例"}[lang]
    for name in SHEETS[lang][1:]:
        sheet = book[name]
        assert all(cell.comment is not None for cell in sheet[1])
        assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [mark] * (sheet.max_row - 1)
        assert sheet.data_validations.dataValidation
    told = {(row[0], row[1]) for row in book.worksheets[0].iter_rows(values_only=True)}
    for name in SHEETS[lang][1:]:
        assert {(name, str(cell.value).removesuffix(" *")) for cell in book[name][1]} <= told
    kinds = book[SHEETS[lang][3]]["E1"]
    assert {"en": "usual 0.15 to 1.2", "zh": "常见 0.15 至 1.2"}[lang] in kinds.comment.text


def test_what_may_be_chosen_in_a_cell_is_read_as_that(tmp_path: Path) -> None:
    for lang in ("en", "zh"):
        book = load_workbook(filled(tmp_path / lang, lang) / "district.xlsx")
        chosen = {}
        for name in SHEETS[lang][1:4]:
            for rule in book[name].data_validations.dataValidation:
                if rule.type == "list":
                    cell = str(rule.sqref).partition(":")[0]
                    chosen[f"{name}!{cell}"] = rule.formula1.strip('"').split(",")[0]
        marks = {place: word for place, word in chosen.items() if "!A" in place}
        assert len(marks) == 3 and len(chosen) == 7
        folder = filled(tmp_path / f"{lang}-chosen", lang, {place: chosen[place] for place in set(chosen) - set(marks)})
        kind = next(each for each in load_scenario("base", district=f"{folder}/").world.kinds if each.code == "rubbish")
        assert (kind.deadline, kind.on_the_spot) == ("emergency", True)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_yaml_file_begins_with_what_is_needed_and_its_comments_are_right(tmp_path: Path, lang: Any) -> None:
    path = new_district(tmp_path, format="yaml", lang=lang)
    done = whistle("check", tmp_path, "--lang", lang)
    assert done.exit_code == 2
    for needed in ("demand.requests_per_year", "streets", "departments", "kinds"):
        assert f": {needed}: expected" in done.stderr
    # without the marks of comments that stand before keys of a topic it is the same as by default
    lines = path.read_text("utf-8").splitlines()
    topics = [line.removeprefix("# ").removeprefix("#") for line in lines
              if line.startswith(("# staff:", "# programmes:", "# deadlines:", "#   "))]  # fmt: skip
    (tmp_path / "topics.yaml").write_text("demand:\n" + "\n".join(topics), "utf-8")
    for topic, values in read_yaml(tmp_path / "topics.yaml").values.items():
        for name, value in values.items():
            assert value == pytest.approx(declared_at(f"{topic}.{name}").default, rel=1e-3), name


def test_what_is_there_is_not_overwritten(tmp_path: Path) -> None:
    path = new_district(tmp_path)
    before = path.read_bytes()
    for form in ("xlsx", "yaml"):
        done = whistle("new-district", tmp_path, "--format", form)
        assert done.exit_code == 2 and "is there already" in done.stderr
    assert path.read_bytes() == before and [each.name for each in tmp_path.iterdir()] == ["district.xlsx"]
    with pytest.raises(WrongInput, match="--format: expected yaml or xlsx, got 'csv'"):
        new_district(tmp_path / "other", format="csv")
    (tmp_path / "file").touch()
    with pytest.raises(WrongInput, match="cannot be written"):
        new_district(tmp_path / "file" / "below")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_district_with_gaps_ends_with_code_2_and_all_of_them(tmp_path: Path, lang: Any) -> None:
    requests, streets = SHEETS[lang][3], SHEETS[lang][1]
    folder = filled(tmp_path, lang, {f"{requests}!E2": None, f"{streets}!E3": "many"})
    done = whistle("check", folder, "--lang", lang)
    assert done.exit_code == 2 and done.stdout == ""
    lines = done.stderr.strip().splitlines()
    assert [each.split(": ")[1] for each in lines] == [f"{streets}!E3", f"{requests}!E2"]
    assert all({"en": "Needed: ", "zh": "应填："}[lang] in each for each in lines)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_district_that_runs_is_told_with_what_is_assumed_its_loads_and_a_trial(tmp_path: Path, lang: Any) -> None:
    folder = filled(tmp_path / "mine", lang, {f"{SHEETS[lang][1]}!A4": {"en": "example", "zh": "示例"}[lang]})
    done = whistle("check", folder, "--lang", lang)
    assert done.exit_code == 0, done.stderr
    wanted = {
        "en": ("2 streets, 4 departments, 3 kinds of request, 7,300 requests a year", "1 row marked as an example",
               "Offered load", "busiest", "A trial run: inverted, 60 days", "closure rate", "kinds.work_sigma"),
        "zh": ("2 个街乡，4 个部门，3 类诉求，每年 7,300 件", "未计入标为示例的 1 行", "负荷", "最忙单位",
               "试运行：inverted，60 天", "办结率", "kinds.work_sigma"),
    }[lang]  # fmt: skip
    assert [words for words in wanted if words not in done.stdout] == []


def test_check_as_json_and_as_a_function_are_the_same(tmp_path: Path) -> None:
    folder = filled(tmp_path)
    told, found = json.loads(whistle("check", folder, "--json").stdout), check(folder)
    assert told == json.loads(json.dumps(found.answer))
    assert (told["streets"], told["requests_per_year"], told["notes"]) == (3, 7300, [])
    assert set(told["load"]) == {"inverted", "flattened"} and told["trial"]["days"] == TRIAL["run.window_days"]
    assert 0 < told["trial"]["outcomes"]["closure_rate"] < 1
    assumed = {each["key"]: each for each in told["assumed"]}
    assert (assumed["kinds.work_sigma"]["empty"], assumed["kinds.work_sigma"]["usual"]["high"]) == (3, 1.1)
    assert assumed["streets.area_km2"]["unusual"] and not assumed["kinds.work_sigma"]["unusual"]
    assert any("outside their usual range" in each and "streets.area_km2" in each for each in found.sentences())
    assert "staff.load" not in assumed  # all people are given
    assert found.headline.startswith(f"{folder}/ runs: 3 streets") and "district" in repr(found)
    assert set(found.tables) == {"assumed", "load"} and len(found.tables["load"]) == sum(
        map(len, told["load"].values())
    )
    assert check(folder, trial=False).answer["trial"] is None


def test_a_notebook_shows_what_was_found(tmp_path: Path) -> None:
    shown = check(filled(tmp_path), trial=False, lang="zh")._repr_html_()
    assert "3 个街乡，4 个部门" in shown and "kinds.work_sigma" in shown


def test_people_that_are_not_given_follow_from_the_work_and_check_says_so(tmp_path: Path) -> None:
    cells = {f"streets!{column}{row}": None for column in "IJ" for row in (2, 3, 4)}
    cells |= {f"departments!{column}{row}": None for column in "EF" for row in (2, 3, 4, 5)}
    found = check(filled(tmp_path, cells=cells), trial=False)
    assumed = {each["key"]: each for each in found.answer["assumed"]}
    assert assumed["staff.load"]["usual"]["low"] == 0.7 and assumed["streets.staff"]["value"] is None


def test_units_with_more_work_than_hours_are_named(tmp_path: Path) -> None:
    crowded = check(filled(tmp_path, cells={"departments!E4": 1}), trial=False)
    assert any("more work than hours" in each and "Environment" in each for each in crowded.sentences())
    assert any("生态环境局" in each and "超过工时" in each for each in crowded.sentences("zh"))


def test_a_yaml_district_and_a_shipped_one_are_checked_too(tmp_path: Path) -> None:
    values = dict(district_sheets("tiny")[0].values)
    (tmp_path / "district.yaml").write_text(to_yaml(values), "utf-8")
    assert check(tmp_path, trial=False).answer["load"] == check("tiny", trial=False).answer["load"]
    del values["demand"]
    (tmp_path / "district.yaml").write_text(to_yaml(values), "utf-8")
    assert "demand.requests_per_year" in [each["key"] for each in check(tmp_path, trial=False).answer["assumed"]]
    with pytest.raises(WrongInput, match="unknown district 'nowhere'"):
        check("nowhere")


def test_every_command_takes_a_workbook_for_its_district(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(tmp_path / "mine", "zh")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(CompareResults, "charts", lambda _: ())
    short = ("--set", "run.warm_up_days=5", "--set", "run.window_days=30", "--set", "run.follow_up_days=30")
    compared = whistle("compare", "inverted", "flattened", "--pairs", 2, "--jobs", 1, "--district", "mine/",
                       "--out", "results", "--json", *short)  # fmt: skip
    assert compared.exit_code == 0, compared.stderr
    study = json.loads(compared.stdout)["study"]
    assert experiments.open_study(study).levels is not None
    run = whistle("run", "inverted", "--district", "./mine", "--json", *short)
    same = whistle("run", "inverted", "--district", "mine/district.xlsx", "--json", *short)
    assert json.loads(run.stdout)["outcomes"] == json.loads(same.stdout)["outcomes"]
    origins = json.loads(whistle("show-config", "inverted", "--district", "mine/", "--json").stdout)["origins"]
    assert origins["kinds"] == "mine/district.xlsx: 诉求类别"
    assert "占道经营" in whistle("explain", "inverted", "--district", "mine/", "--lang", "zh").stdout
