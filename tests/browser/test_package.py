"""A package of rules: as a file, as a link, and what is not taken."""

from __future__ import annotations

import pytest

from experiments.browser.package import LARGEST_FILE, Package, from_file, shipped
from experiments.browser.rules.controls import GROUPS, groups_told, parsed
from experiments.browser.state import Asked, asked_from, link_of
from experiments.words import Language, speaking
from model import CONDITIONS, INSTRUMENTS, ConfigError, declared_at, load_scenario

DISTRICT = "chaoyang"
CHANGED = (
    Package("flattened")
    .with_value("assessment.street_weight", 0.5, DISTRICT)
    .with_value("whistle.answer_within", 5.0, DISTRICT)
)


def test_a_value_that_is_the_presets_own_is_no_change() -> None:
    assert CHANGED.with_value("assessment.street_weight", 0.38, DISTRICT).values == (("whistle.answer_within", 5.0),)
    assert CHANGED.without("whistle.answer_within").values == (("assessment.street_weight", 0.5),)


def test_a_package_is_the_scenario_that_the_command_line_would_load() -> None:
    same = load_scenario("flattened", overrides=dict(CHANGED.values))
    assert (CHANGED.scenario(DISTRICT).law, CHANGED.scenario(DISTRICT).habits) == (same.law, same.habits)


def test_a_file_that_was_saved_is_the_same_package_again() -> None:
    text = CHANGED.yaml({"zh": "我的", "en": "mine: [x] #"})
    assert from_file(text.encode(), DISTRICT) == CHANGED


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"extends: /etc/passwd\n", "rules.yaml:1:1: extends: got '/etc/passwd'"),
        (b"extends: [r01, ../../secret.yaml]\n", "got '../../secret.yaml'"),
        (b"extends: flattend\n", "did you mean 'flattened'?"),
        (b"extends: 3\n", "got '3'"),
        (b"extends: r01\nassessment: {street_weight: 3}\n", "rules.yaml:2:"),
        (b"dates: [{day: 3, regime: r01}]\n", "dates: got some"),
        (b"a: [", "not YAML"),
        (b"\xff\xfe", "not UTF-8"),
        (b"", "the file is empty"),
        (b"#" * (LARGEST_FILE + 1), "allowed 65,536"),
        (b"extends: r01\nkinds: [{code: a, share: 1, duties: {diffuse: {x: 1}, sharp: {x: 1}}}]\n", "rules.yaml"),
        (b"a: &x [1]\nb: *x\n", "unknown"),
    ],
)
def test_a_file_that_is_wrong_or_reaches_for_other_files_is_refused_with_its_place(content: bytes, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        from_file(content, DISTRICT)
    said = "\n".join(caught.value.problems)
    assert words in said
    assert "/tmp" not in said


def test_a_link_makes_the_same_page_again() -> None:
    asked = Asked(Language.EN, "compare", CHANGED, 7)
    assert asked_from(link_of(asked).removeprefix("?"), Asked()) == asked


@pytest.mark.parametrize(
    "query",
    ["", "lang=fr&tab=nowhere&seed=-1", "seed=1e99&rules=../../x", "rules=r01&set=[1]", "rules=r01&set={", "set=1",
     "rules=r01&set=%7B%22assessment.street_weight%22%3A9%7D", "rules=r01&set=%7B%22nobody%22%3A9%7D",
     "rules=r01&set=%7B%22kinds.noise.stake%22%3A0.9%7D", "seed=" + "9" * 40],
)  # fmt: skip
def test_a_link_that_is_wrong_makes_the_page_as_it_is_without(query: str) -> None:
    assert asked_from(query, Asked()) == Asked()


@pytest.mark.parametrize("language", list(Language))
def test_every_claim_has_its_control_names_meaning_and_source(language: Language) -> None:
    with speaking(language):
        groups = groups_told(CHANGED, CHANGED.scenario(DISTRICT), shipped("flattened", DISTRICT))
    assert [group["code"] for group in groups] == list(GROUPS)
    rows = {row["row"]: row for group in groups for row in group["rows"]}
    assert list(rows) == [*(each.row for each in CONDITIONS), *(each.row for each in INSTRUMENTS)]
    for each in INSTRUMENTS:
        row = rows[each.row]
        assert {row["name"], row["other"]} == {each.title_zh, each.title_en}
        assert [control["key"] for control in row["controls"]] == list(each.topics)
        assert row["means"]
        for control in row["controls"]:
            assert control["source"] and control["name"]
            known = declared_at(control["key"])
            if control["kind"] == "number":
                assert known.bounds is not None
                assert parsed(control["key"], control["low"]) == known.bounds[0]
    assert rows["R1"]["changed"] == 1 and rows["R10"]["changed"] == 1 and rows["R2"]["changed"] == 0


def test_a_share_is_shown_in_per_cent_and_taken_back_as_a_share() -> None:
    with speaking(Language.EN):
        groups = groups_told(CHANGED, CHANGED.scenario(DISTRICT), shipped("flattened", DISTRICT))
    control = next(row for row in groups[1]["rows"] if row["row"] == "R1")["controls"][0]
    assert (control["value"], control["preset"], control["unit"], control["high"]) == (50.0, 38.0, "%", 100.0)
    assert parsed("assessment.street_weight", 50) == 0.5
    assert parsed("whistle.in_force", True) is True and parsed("coordination.owner_after_passes", 6.0) == 6
