"""`whistle explain` and the table of instruments."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from experiments.documents.measured import instruments_page
from experiments.evidence.instruments import CLAIMS, MEASURED, change, table, verdict
from experiments.messages import MESSAGES
from experiments.store import files
from experiments.store.files import measured_file
from model import Claim, load_scenario
from tests.experiments.test_real_model import whistle


def test_explain_says_what_a_regime_changes_where_it_was_said_and_what_it_costs() -> None:
    done = whistle("explain", "flattened")
    assert done.returncode == 0, done.stderr
    for words in (
        "R1",
        "38 %",
        "configs/regimes/r01.yaml",
        "Duty list",
        "Offered load",
        "above 1 in",
        "A run: 605 days",
    ):
        assert words in done.stdout


def test_a_difference_names_both_sides_by_title_and_code_and_gives_the_dates_of_both() -> None:
    for named in (("campaign", "inverted"), ("inverted", "campaign")):
        done = whistle("explain", *named)
        assert done.returncode == 0, done.stderr
        for words in (
            "Before the reform (inverted)",
            "the two are the same on the first day",
            "Dates of Campaign: the reform's rules from a day on, not put into law (campaign):",
            "From day 270, Rules only (rules_only) in 43 streets",
            "none: the rules of the first day hold to the end",
        ):
            assert words in done.stdout


def test_explain_in_chinese_tells_the_difference_of_two() -> None:
    done = whistle("explain", "inverted", "campaign", "--lang", "zh")
    assert done.returncode == 0, done.stderr
    for words in ("两种制度首日相同", "与改革前（权责倒挂）（inverted）的差异", "自第 270 天起", "天减半", "无人地带"):
        assert words in done.stdout


def test_explain_tells_people_and_behaviour_and_what_is_idle() -> None:
    text = whistle("explain", "worst_case", "--lang", "zh").stdout
    assert "人员与环境" in text and re.search("街乡人员比例：.* % → 10 %", text)
    started = whistle("explain", "null_queue").stdout
    assert re.search(r"Head start of an easy case in the street's queue: [\d.]+ → 0 days", started)
    needs = "does nothing without: R10: streets whistle, departments report (r10)."
    assert f"N10 (only pilot streets may whistle) {needs}" in whistle("explain", "n10").stdout
    assert "须与以下制度并用" in whistle("explain", "n10", "--lang", "zh").stdout


def test_explain_prints_one_object() -> None:
    answer = json.loads(whistle("explain", "r01", "--district", "tiny", "--json").stdout)
    assert [(each["key"], each["group"]) for each in answer["differences"]] == [("assessment.street_weight", "rules")]
    keys = "regime against differences idle dates dates_against phases duties entries load steps last cost"
    assert set(answer) == set(keys.split())
    assert answer["last"] is None


def test_explain_gives_the_duty_list_and_every_pool_of_the_last_era_too() -> None:
    answer = json.loads(whistle("explain", "n13", "--json").stdout)
    assert answer["last"]["day"] == 270
    for era in (answer, answer["last"]):
        assert {each["level"] for each in era["load"]} == {"street", "community", "team", "department", "city"}
        assert set(era["load"][0]) == {"code", "level", "title_en", "title_zh", "hours", "work", "load"}
        assert set(era["duties"][0]["claims"][0]) == {"code", "membership", "zone"}
    text = whistle("explain", "campaign").stdout
    assert "Duty list from day 270" in text and "Offered load from day 270" in text


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("explain",), "expected one or two regimes"),
        (("explain", "flatened"), "did you mean 'flattened'"),
        (("explain", "flattened", "--instruments"), "expected a regime or --instruments"),
    ],
)
def test_explain_of_nothing_or_of_a_wrong_name_is_wrong_input(words: tuple[str, ...], expected: str) -> None:
    done = whistle(*words)
    assert done.returncode == 2
    assert expected in done.stderr


def test_a_regime_against_itself_is_the_same_and_instruments_are_told_in_chinese() -> None:
    assert "the two are the same\n" in whistle("explain", "r01", "r01").stdout
    text = whistle("explain", "--instruments", "--lang", "zh").stdout
    assert "相对集中行政处罚权" in text and "不符" in text and "agrees" not in text


def test_the_table_of_instruments_is_that_of_the_last_measurement_and_complete() -> None:
    assert MEASURED.unmeasured() == [], "run `make instruments IDS=changed`"
    assert list(MEASURED.found()["rows"]) == [each.row for each in CLAIMS]
    done = whistle("explain", "--instruments", "--json")
    assert json.loads(done.stdout) == MEASURED.found()


def test_a_row_that_is_not_measured_or_was_measured_otherwise_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    found = MEASURED.found()
    del found["rows"]["R2"]
    found["rows"]["N1"]["definition"]["alone"]["after"]["settings"]["powers.delegated"] = 0.5
    monkeypatch.setattr("experiments.evidence.measuring.read_measured", lambda _: found)
    assert MEASURED.unmeasured() == ["R2", "N1"]
    assert [row[0].split()[0] for row in table().rows if "not measured yet" in row] == ["R2", "N1"]
    lines = [line for line in instruments_page().splitlines() if line.startswith("|") and "尚未测量" in line]
    assert [line.split()[1] for line in lines] == ["R2", "N1"]


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda each: each.row)
def test_a_claim_moves_its_observable_as_it_says_or_the_reason_is_given(claim: Claim) -> None:
    """N1 is the claim that the model denies without staff (S13); a further denial has to be seen and explained."""
    denied = f"limits_why_{claim.row}" in MESSAGES
    assert verdict(claim, MEASURED.rows()[claim.row]) == ("disagrees" if denied else "agrees")


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda each: each.row)
def test_the_two_arms_differ_in_what_is_claimed_alone(claim: Claim) -> None:
    arms = change(claim, "alone")
    before, after = (load_scenario(arm.regime, overrides=dict(arm.settings)) for arm in (arms.before, arms.after))
    turned = {key.split(".")[0] for key in claim.values}
    old, new = before.resolved(), after.resolved()
    assert {topic for topic in old if old[topic] != new[topic]} == turned and before.stages == after.stages


def test_what_was_measured_is_found_in_a_clone_and_in_an_installed_copy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    facts = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    shipped = facts["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert measured_file("patterns").is_file()
    monkeypatch.setattr(files, "_PACKAGE", tmp_path / "experiments")
    assert measured_file("patterns") == tmp_path / "results" / "measured" / "patterns.json"
    (tmp_path / shipped["results/measured"]).mkdir(parents=True)
    assert measured_file("patterns") == tmp_path / "experiments" / "measured" / "patterns.json"
