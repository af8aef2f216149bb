"""Wrong input of every kind: all errors at once, each with its place and what is allowed."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from model.config.scenario import load_scenario
from model.errors import ConfigError

Complain = Callable[[str], list[str]]


@pytest.fixture
def complain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Complain:
    """Return the problems of a regime with this text."""
    monkeypatch.chdir(tmp_path)

    def problems(text: str | bytes) -> list[str]:
        raw = text if isinstance(text, bytes) else text.encode()
        (tmp_path / "x.yaml").write_bytes(raw)
        return problems_of("./x.yaml")

    return problems


def problems_of(regime: str = "base", district: str = "tiny", overrides: Any = None) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_scenario(regime, district=district, overrides=overrides)
    assert str(caught.value) == "\n".join(caught.value.problems)
    assert pickle.loads(pickle.dumps(caught.value)).problems == caught.value.problems
    return caught.value.problems


def test_all_errors_of_a_file_come_at_once_in_its_order(complain: Complain) -> None:
    assert complain(
        "assessment:\n  street_weight: 1.5\n  indicater: 3\nwhistle:\n  in_force: 1\nstaff: {staf_share: 2}\n"
        "acceptence: {blame: 2}\nblame: 3\ndemand: {arrivals: poison, scale: .nan, dispersion: .inf}\nrun: 3\n"
    ) == [
        "x.yaml:2:3: assessment.street_weight: expected 0 to 1 (share), got 1.5.",
        "x.yaml:3:3: unknown key 'indicater' under assessment; did you mean 'indicators'?",
        "x.yaml:5:3: whistle.in_force: expected true or false, got 1.",
        "x.yaml:6:9: unknown key 'staf_share' under staff; expected one of load, city, department, street, community, "
        "even, by_size, by_duty, weekend, capacity_neutral.",
        "x.yaml:7:1: unknown key 'acceptence'; did you mean 'acceptance'?",
        "x.yaml:8:1: unknown key 'blame'; did you mean 'acceptance.blame'?",
        "x.yaml:9:10: demand.arrivals: expected one of 'negative_binomial', 'poisson', 'deterministic', got 'poison'.",
        "x.yaml:9:28: demand.scale: expected 0.0001 to 100 (share), got .nan.",
        "x.yaml:9:41: demand.dispersion: expected 1 to 100 (variance/mean), got .inf.",
        "x.yaml:10:1: run: expected a mapping of steps_per_day, warm_up_days, window_days, follow_up_days, "
        "least_follow_up_days, real_names, got 3.",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("assessment: {street_weight: true}", "expected 0 to 1 (share), got true."),
        ("assessment: {street_weight: '0.3'}", "expected 0 to 1 (share), got '0.3'."),
        ("assessment: {street_weight: null}", "expected 0 to 1 (share), got null."),
        ("assessment: {indicators: 2.5}", "expected a whole number from 1 to 200 indicators, got 2.5."),
        ("whistle: {in_force: NO}", "expected true or false, got 'NO'."),
        ("assessment: [1]", "expected a mapping of street_weight, indicators, budget, reward, got a list of 1."),
        ("assessment:", "expected a mapping of street_weight, indicators, budget, reward, got null."),
        ("kinds: {a: 1}", "expected a list of entries, each a mapping of code"),
        ("run: {window_days: 99999999999999999999999999}", "expected a whole number from 1 to"),
    ],
)
def test_wrong_types_are_told_with_what_is_allowed(complain: Complain, text: str, expected: str) -> None:
    (problem,) = complain(text)
    assert expected in problem


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "x.yaml:1:1: expected a mapping of topics, got an empty file."),
        ("# nothing\n", "x.yaml:1:1: expected a mapping of topics, got no content."),
        ("---\n", "x.yaml:2:1: expected a mapping of topics, got null."),
        ("- a\n- b\n", "x.yaml:1:1: expected a mapping of topics, got a list of 2."),
        ("word", "x.yaml:1:1: expected a mapping of topics, got 'word'."),
        ("a: [1\nb: 2\n", "x.yaml:2:"),
        ("a: 1\n\tb: 2\n", "x.yaml:2:1: is not valid YAML: "),
        ("a: {b: *b}\n", "x.yaml:1:8: alias '*b' has no anchor."),
        ("a: &a {b: *a}\n", "x.yaml:1:11: alias '*a' contains itself."),
        ("? [a]\n: 1\n", "x.yaml:1:3: expected a word as key, got something else."),
        ("title: {en: a}\n---\ntitle: {en: b}\n", "x.yaml:2:1: expected one document in a file, got a second one."),
        ("a: " + "[" * 60 + "]" * 60, "x.yaml:1:44: is nested more than 40 levels deep."),
        ("a: " + "[" * 100_000, "nested more than 40 levels deep."),
        ("a: [" + "1," * 100_001 + "]", "more than 100,000 values (with aliases expanded)."),
        ("title: {en: a\0b}\n", "x.yaml:1:14: expected plain text, got the control character U+0000."),
        ("title:\n  en: a\x1bb\n", "x.yaml:2:8: expected plain text, got the control character U+001B."),
        (b"title:\n  en: \xc4\xe3\xba\xc3\n", "x.yaml:2:7: expected UTF-8, got the byte 0xc4. Save the file as UTF-8."),
        ("#" * 2_000_001, "x.yaml: expected at most 2,000,000 bytes, got 2,000,001."),
    ],
)
def test_text_that_is_no_configuration_is_refused(complain: Complain, text: str, expected: str) -> None:
    (problem,) = complain(text)
    assert expected in problem


def test_an_alias_bomb_is_refused(complain: Complain) -> None:
    lines = ["a0: &a0 [1, 1]"] + [f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 30)]
    (problem,) = complain("\n".join(lines))
    assert "more than 100,000 values" in problem


def test_every_key_given_twice_is_told(complain: Complain) -> None:
    assert complain("whistle: {accuracy: 0.9, accuracy: 0.8}\nwhistle: {in_force: true}\n") == [
        "x.yaml:1:26: whistle.accuracy: duplicate key, first given at x.yaml:1:11.",
        "x.yaml:2:1: whistle: duplicate key, first given at x.yaml:1:1.",
    ]


def test_tags_are_refused(complain: Complain) -> None:
    (problem,) = complain("assessment: {street_weight: !!float 0.5}\n")
    assert problem.startswith("x.yaml:1:29: expected a plain value, got the tag ")


def test_words_stay_words_in_yaml_1_1_too(complain: Complain) -> None:
    (problem,) = complain("%YAML 1.1\n---\nwhistle: {in_force: yes}\n")
    assert "got 'yes'" in problem


def test_a_file_that_is_missing_or_a_folder_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.yaml").mkdir()
    assert problems_of("./absent.yaml", "./absent2.yaml") == [
        "absent2.yaml: does not exist.",
        "absent.yaml: does not exist.",
    ]
    assert problems_of("folder.yaml") == ["folder.yaml: is a folder. Name a YAML file."]
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    assert "not a valid file path" in problems_of("./loop.yaml")[0] or "cannot be read" in problems_of("./loop.yaml")[0]
    assert problems_of("a\0b.yaml") == ["'a\\x00b.yaml': is not a valid file path: embedded null byte."]


def test_names_that_are_not_shipped_are_told_with_the_nearest() -> None:
    assert problems_of("flatened", "tinny") == [
        "unknown district 'tinny'; did you mean 'tiny'?",
        "unknown regime 'flatened'; did you mean 'flattened'?",
    ]


def test_extends_must_name_what_exists(complain: Complain) -> None:
    assert complain("title: {en: x}\nextends: [r01, r99]\n")[0].startswith("x.yaml:2:1: extends: unknown regime 'r99'")
    assert complain("extends: 3\n") == ["x.yaml:1:1: extends: expected a name or a list of names, got 3."]
    assert complain("extends: [r01, [r03]]\n")[0].endswith("expected a name or a list of names, got a list of 2.")
    assert complain("extends: ./y.yaml\n") == ["y.yaml: does not exist."]


def test_circles_are_told(complain: Complain, tmp_path: Path) -> None:
    assert complain("extends: x\n") == ["x.yaml:1:1: extends: circular reference: x.yaml → x.yaml."]
    (tmp_path / "y.yaml").write_text("extends: x\n", encoding="utf-8")
    assert complain("extends: y\n") == ["y.yaml:1:1: extends: circular reference: x.yaml → y.yaml → x.yaml."]


def test_a_chain_that_never_ends_is_refused(complain: Complain, tmp_path: Path) -> None:
    for i in range(60):
        (tmp_path / f"c{i}.yaml").write_text(f"extends: c{i + 1}\n", encoding="utf-8")
    (problem,) = complain("extends: c0\n")
    assert problem.endswith("extends: the chain is longer than 40 files.")


def test_parts_may_not_say_the_same_topic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("district.yaml").write_text("parts: [a.yaml, b.yaml, c.yaml]\n", encoding="utf-8")
    Path("a.yaml").write_text("demand: {scale: 1}\n", encoding="utf-8")
    Path("b.yaml").write_text("demand: {scale: 1000}\n", encoding="utf-8")
    assert problems_of(district="./district.yaml") == [
        "c.yaml: does not exist.",
        "b.yaml:1:1: demand: duplicate key, first given at a.yaml:1:1.",
        "b.yaml:1:10: demand.scale: expected 0.0001 to 100 (share), got 1000.",
    ]


def test_regimes_have_no_parts(complain: Complain) -> None:
    assert complain("parts: [a.yaml]\n")[0].startswith("x.yaml:1:1: unknown key 'parts'")


def test_wrong_settings_are_told_all_at_once() -> None:
    settings = [
        "assessment.street_weight=2", "street_weight=1", "kinds.stals.share=1", "kinds.stalls.shara=1", "x", "a=",
        "staff=3", "kinds.stalls=3", "assessment.street_weight.x=1", "title.en=a", "run.window_days=[1",
    ]  # fmt: skip
    told = problems_of(overrides=settings)
    for expected in (
        "--set x: expected key=value, got no key or no value.",
        "--set a=: expected key=value, got no key or no value.",
        "--set: assessment.street_weight: expected 0 to 1 (share), got 2.",
        "--set: assessment.street_weight: expected 0 to 1 (share), got a mapping.",
        "--set: unknown key 'street_weight'; did you mean 'assessment.street_weight'?",
        "--set: kinds: unknown code 'stals'; did you mean 'stalls'?",
        "--set: unknown key 'shara' under kinds.stalls; did you mean 'share'?",
        "--set: kinds.stalls: expected a key below it, such as kinds.stalls.title, got 3.",
    ):
        assert expected in told
    assert any(problem.startswith("--set: staff: expected a mapping of load") for problem in told)
    assert any(problem.startswith("--set: unknown key 'title'") for problem in told)
    assert "--set run.window_days=[1: the value is not valid YAML." in told
    assert not any(re.search(r"Traceback|pydantic", problem) for problem in told)
