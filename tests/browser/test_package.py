"""A package of rules: as a file, as a link, and what is not taken."""

from __future__ import annotations

import json
import re
from urllib.parse import urlencode

import pytest

from experiments.messages import Language, in_language
from experiments.page.controls import GROUPS, WORKS, cards, changed_rows, control_of, open_card, parsed, source_text
from experiments.page.package import LARGEST_FILE, Choice, Package, from_file
from experiments.page.rules_tab import problem_text, value_refused
from experiments.page.state import Link, parse_link
from model import CONDITIONS, INSTRUMENTS, ConfigError, declared_at, keys_of, load_scenario
from model.claims import KINDS_OF_ROWS

CHANGED = Package("flattened").with_value("assessment.street_weight", 0.5).with_value("whistle.answer_within", 5.0)


def test_a_value_that_is_the_presets_own_is_no_change() -> None:
    assert CHANGED.with_value("assessment.street_weight", 0.38).values == (("whistle.answer_within", 5.0),)
    assert CHANGED.without("whistle.answer_within").values == (("assessment.street_weight", 0.5),)


def test_a_package_is_the_scenario_that_the_command_line_would_load() -> None:
    same = load_scenario("flattened", overrides=dict(CHANGED.values))
    assert (CHANGED.scenario().law, CHANGED.scenario().habits) == (same.law, same.habits)


def test_a_file_that_was_saved_is_the_same_package_again() -> None:
    text = CHANGED.yaml()
    assert from_file(text.encode()) == CHANGED


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"extends: /etc/passwd\n", "rules.yaml:1:1: extends: unknown regime '/etc/passwd'"),
        (b"extends: [r01, ../../secret.yaml]\n", "unknown regime '../../secret.yaml'"),
        (b"extends: flattend\n", "did you mean 'flattened'?"),
        (b"extends: 3\n", "unknown regime '3'"),
        (b"extends: r01\nassessment: {street_weight: 3}\n", "rules.yaml:2:"),
        (b"dates: [{day: 3, regime: r01}]\n", "dates: expected none here"),
        (b"a: [", "not valid YAML"),
        (b"\xff\xfe", "expected UTF-8"),
        (b"", "got an empty file"),
        (b"#" * (LARGEST_FILE + 1), "at most 65,536 bytes"),
        (b"extends: r01\nkinds: [{code: a, share: 1, duties: {diffuse: {x: 1}, sharp: {x: 1}}}]\n", "rules.yaml"),
        (b"a: &x [1]\nb: *x\n", "unknown"),
    ],
)
def test_a_file_that_is_wrong_or_reaches_for_other_files_is_refused_with_its_place(content: bytes, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        from_file(content)
    said = "\n".join(caught.value.problems)
    assert words in said
    assert "/tmp" not in said


def test_a_link_makes_the_same_page_again() -> None:
    link = Link(Language.EN, "compare", CHANGED, 7, Choice(("r01", "mine", "base"), 10), "token", base=CHANGED)
    assert parse_link(link.query().removeprefix("?")) == (link, ())


@pytest.mark.parametrize(
    ("query", "misread"),
    [("", 0), ("lang=fr&tab=nowhere&seed=-1", 3), ("seed=1e99&rules=../../x&set={}", 2), ("set=[1]", 1), ("set={", 1),
     ("set=1", 1), ("set=%7B%22assessment.street_weight%22%3A9%7D", 1), ("set=%7B%22nobody%22%3A9%7D", 1),
     ("set=%7B%22kinds.noise.stake%22%3A0.9%7D", 1), ("seed=" + "9" * 40, 1), ("compare=r01,nowhere", 1),
     ("pairs=7", 1), ("size=x", 0), ("base=nowhere", 1), ("compare=" + ",".join(["base"] * 9), 1)],
)  # fmt: skip
def test_what_is_wrong_in_a_link_is_left_out_and_said(query: str, misread: int) -> None:
    found, left_out = parse_link(query)
    assert (found, len(left_out)) == (Link(), misread)
    assert all(len(each) <= 80 for each in left_out)


def test_one_wrong_value_in_a_link_leaves_the_others() -> None:
    query = urlencode(
        {"rules": "r01", "set": json.dumps({"assessment.street_weight": 9, "whistle.answer_within": 5.0})}
    )
    found, misread = parse_link(query)
    assert found.package == Package("r01", (("whistle.answer_within", 5.0),))
    assert misread == ("assessment.street_weight=9",)


@pytest.mark.parametrize("name", ["../my rules.yaml", "我的.yaml", "", "a" * 300])
def test_a_file_is_called_what_its_user_calls_it(name: str) -> None:
    with pytest.raises(ConfigError) as caught:
        from_file(b"extends: r01\nassessment: {street_weight: 3}\n", name)
    said = caught.value.problems[0]
    shown = {"../my rules.yaml": "my_rules.yaml:2:", "": "rules.yaml:2:"}.get(name, name[-80:] + ":2:")
    assert said.startswith(shown)


def test_a_list_in_a_file_is_refused_by_the_files_name() -> None:
    content = (
        b"extends: r01\nduty_entries: []\nkinds: [{code: a, share: 1, duties: {diffuse: {x: 1}, sharp: {x: 1}}}]\n"
    )
    with pytest.raises(ConfigError) as caught:
        from_file(content, "mine.yaml")
    assert all("mine.yaml" in each and "rules.yaml" not in each for each in caught.value.problems)


def test_every_source_is_told_in_chinese() -> None:
    rows = [each.row for each in CONDITIONS] + [each.row for each in INSTRUMENTS]
    keys = {key for row in rows for key in keys_of(row)}
    names = re.compile(
        r"Wang|Zhou|Downs|Lipsky|Weaver|Holmström|Milgrom|Kc|Terwiesch|Delasay|Tu|Gong|Jones|Baumgartner|Gouldner|Naor|"
        r"[ST]\d+"
    )
    with in_language(Language.ZH):
        for key in keys:
            told = source_text(declared_at(key).told)
            assert not re.search(r"[A-Za-z]", names.sub("", told)), told
    cited = {part.split(": ")[0] for key in keys for part in declared_at(key).told.split("; ")}
    assert set(WORKS) <= cited  # no work is listed that nothing rests on


@pytest.mark.parametrize(
    ("key", "given", "language", "words"),
    [
        ("assessment.street_weight", 250, Language.EN, "expected 0 to 100 %, got 250 %"),
        ("assessment.street_weight", 250, Language.ZH, "应为 0 至 100 %，实际输入 250 %"),
        ("assessment.indicators", 0, Language.ZH, "应为 1 至"),
        ("whistle.answer_within", -1, Language.EN, "days"),
    ],
)
def test_a_refused_value_is_told_in_the_fields_own_name_and_unit(
    key: str, given: float, language: Language, words: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        CHANGED.with_value(key, parsed(key, given)).scenario()
    with in_language(language):
        said = value_refused(key, given, caught.value)
        assert words in said and control_of(key)["name"] in said
    assert key not in said


def test_an_empty_field_and_a_broken_number_are_told() -> None:
    with in_language(Language.EN):
        for given, words in ((None, "got nothing"), (3.7, "expected a whole number, got 3.7")):
            with pytest.raises(ValueError) as caught:
                parsed("coordination.owner_after_passes", given)
            assert words in value_refused("coordination.owner_after_passes", given, caught.value)


def test_what_is_wrong_with_a_file_is_told_in_chinese_where_its_form_is_known() -> None:
    content = b"extends: r01\nassessment: {street_weight: 3, indicatos: 4}\nwhistle: {in_force: 7}\n"
    with pytest.raises(ConfigError) as caught:
        from_file(content)
    with in_language(Language.ZH):
        said = "\n".join(map(problem_text, caught.value.problems))
    assert (
        "应为 0 至 1（文件中写作比例，0.5 即 50%），实际为 3" in said
        and "不存在“assessment.indicatos”这一键，是否应为“indicators”？" in said
    )
    assert "true 或 false" in said and "英文原文" not in said


@pytest.mark.parametrize(
    ("problem", "chinese"),
    [
        ("x.yaml:1:1: dates: expected none here (choose a preset that has dates), got some.",
         "x.yaml:1:1: dates：应为 空（如需日期，请选用含日期的方案），实际为 已填写。"),
        ("x.yaml: kinds.a: expected topic.name here, got an entry of a list.",
         "x.yaml: kinds.a：应为 “主题.名称”形式，实际为 列表中的一项。"),
        ("x.yaml: something else", "程序提示（英文原文）：x.yaml: something else"),
        ("--set: behaviour.x: expected a whole number from 1 to 9, got 3.5.", "x：应为 整数 1 至 9，实际为 3.5。"),
        ("x.yaml:2:3: unknown key 'nobody'; expected one of a, b.", "x.yaml:2:3: 不存在“nobody”这一键。"),
    ],
)  # fmt: skip
def test_the_models_problems_are_reworded_in_chinese_and_left_alone_in_english(problem: str, chinese: str) -> None:
    with in_language(Language.ZH):
        assert chinese in problem_text(problem)
    with in_language(Language.EN):
        assert problem_text(problem) == problem.removeprefix("--set: ")


@pytest.mark.parametrize("language", list(Language))
def test_every_claim_has_its_control_names_meaning_and_source(language: Language) -> None:
    groups = cards(language)
    assert [group["code"] for group in groups] == list(GROUPS) == [*KINDS_OF_ROWS, "P"]
    rows = {row["row"]: row for group in groups for row in group["rows"]}
    plain = [each for each in INSTRUMENTS if not each.parts]
    assert list(rows) == [*(each.row for each in plain), *(each.row for each in CONDITIONS)]
    for each in plain:
        row = rows[each.row]
        assert {row["name"], row["other"]} == {each.title_zh, each.title_en}
        assert row["means"] == (each.means_zh if language is Language.ZH else each.means_en)
        with in_language(language):
            card = open_card(each.row, CHANGED)
        assert [control["key"] for control in card["controls"]] == list(each.topics)
        assert len(card["controls"]) + len(card["more"]) == row["count"]
        for control in card["controls"]:
            assert control["source"] and control["name"]
            known = declared_at(control["key"])
            if control["kind"] == "number":
                assert known.bounds is not None
                assert parsed(control["key"], control["low"]) == known.bounds[0]
    changed = changed_rows(CHANGED)
    assert changed["R1"] == 1 and changed["R10"] == 1 and "R2" not in changed


def test_a_share_is_shown_in_per_cent_and_taken_back_as_a_share() -> None:
    with in_language(Language.EN):
        control = open_card("R1", CHANGED)["controls"][0]
    assert (control["value"], control["preset"], control["unit"], control["high"]) == (50.0, 38.0, "%", 100.0)
    assert parsed("assessment.street_weight", 50) == 0.5
    assert parsed("whistle.in_force", True) is True and parsed("coordination.owner_after_passes", 6.0) == 6
