"""Where whistles wait longer than a letter may take, whoever runs or compares is told so in words."""

from __future__ import annotations

import pytest

from experiments.blocks import Notice
from experiments.messages import Language, in_language
from experiments.report.brief import platform_behind
from model import load_scenario
from tests.experiments.test_real_model import whistle

BASE = load_scenario("r10", district="tiny").resolved()
SHORT = ("--district", "tiny", "--set", "run.window_days=200", "--set", "run.warm_up_days=60")
BLIND = ("--set", "triage.waiting=0", "--set", "triage.withdrawing=0", "--set", "whistle.acceptances_per_day=1")


@pytest.mark.parametrize(("language", "words"), [(Language.EN, "waits 7.5 days"), (Language.ZH, "平均等待 7.5 天")])
def test_a_platform_that_is_slower_than_a_letter_is_named_with_the_number(language: Language, words: str) -> None:
    with in_language(language):
        (notice,) = platform_behind("R10", BASE, 7.5)
    assert isinstance(notice, Notice) and words in notice.text and "R10" in notice.text and "7" in notice.text


@pytest.mark.parametrize("wait", [None, 0.0, 7.0])
def test_a_platform_that_keeps_up_is_not(wait: float | None) -> None:
    assert list(platform_behind("R10", BASE, wait)) == []


def test_a_run_warns_of_it_and_one_whose_platform_keeps_up_does_not() -> None:
    assert "longer than the 7 days" in whistle("run", "r10", *SHORT, *BLIND).stdout
    assert "longer than the 7 days" not in whistle("run", "r10", *SHORT).stdout


def test_explain_prints_the_seven_steps_and_leaves_them_out_where_there_is_no_whistle() -> None:
    told = whistle("explain", "flattened", "--lang", "zh", "--set", "whistle.analyses_per_day=1000000").stdout
    for words in ("吹哨七步", "哨源", "研判", "受理", "评价反馈", "不限"):
        assert words in told
    assert "seven steps" not in whistle("explain", "inverted").stdout
