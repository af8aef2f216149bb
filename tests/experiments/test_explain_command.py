"""`whistle explain` and the table of instruments."""

from __future__ import annotations

import json

import pytest

from experiments.instruments import CLAIMS, PAGE, Claim, found, page, sides, turned, verdict
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


def test_explain_in_chinese_tells_the_difference_of_two() -> None:
    done = whistle("explain", "inverted", "campaign", "--lang", "zh")
    assert done.returncode == 0, done.stderr
    for words in ("自首日起相同", "自第 270 天起", "天减半", "无人地带"):
        assert words in done.stdout


def test_explain_of_two_tells_the_dates_of_both() -> None:
    text = whistle("explain", "campaign", "inverted").stdout
    assert "campaign: From day 270, rules_only in 43 streets" in text


def test_explain_of_a_dated_regime_shows_duties_and_load_before_and_after() -> None:
    text = whistle("explain", "campaign").stdout
    assert all(f"Offered load on day {day}" in text and f"Duty list on day {day}" in text for day in (0, 270))


def test_explain_prints_one_object() -> None:
    answer = json.loads(whistle("explain", "r01", "--district", "tiny", "--json").stdout)
    assert [each["key"] for each in answer["differences"]] == ["assessment.street_weight"]
    assert set(answer) == {
        "regime", "against", "differences", "idle", "dates", "dates_against", "phases", "duties", "load", "cost",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("explain",), "got no regime"),
        (("explain", "flatened"), "did you mean 'flattened'"),
        (("explain", "flattened", "--instruments"), "give one of them"),
    ],
)
def test_explain_of_nothing_or_of_a_wrong_name_is_wrong_input(words: tuple[str, ...], expected: str) -> None:
    done = whistle(*words)
    assert done.returncode == 2
    assert expected in done.stderr


def test_a_regime_against_itself_is_the_same_and_instruments_are_told_in_chinese() -> None:
    assert "the same from the first day" in whistle("explain", "r01", "r01").stdout
    text = whistle("explain", "--instruments", "--lang", "zh").stdout
    assert "相对集中行政处罚权" in text and "不符" in text and "agrees" not in text


def test_the_table_of_instruments_is_that_of_the_last_measurement_and_complete() -> None:
    assert PAGE.read_text("utf-8") == page(), "run `make instruments`"
    assert list(found()["rows"]) == [each.row for each in CLAIMS]
    done = whistle("explain", "--instruments", "--json")
    assert json.loads(done.stdout) == found()


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda each: each.row)
def test_a_claim_moves_its_observable_as_it_says_or_the_table_says_otherwise(claim: Claim) -> None:
    """N1 is the claim that the model denies without staff (S13); a further denial has to be seen and named here."""
    alone = found()["rows"][claim.row]["alone"]["observable"]
    assert verdict(claim, alone) == ("disagrees" if claim.row == "N1" else "agrees")


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda each: each.row)
def test_the_two_sides_differ_in_what_is_claimed_alone(claim: Claim) -> None:
    without, with_it = sides(claim, False, {})
    before, after = without.resolved(), with_it.resolved()
    turned_topics = {key.split(".")[0] for key in turned(claim)[1]} | {"dates", "name", "title"}
    assert {topic for topic in before if before[topic] != after[topic]} <= turned_topics
