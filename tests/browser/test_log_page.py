"""A log of one's own on the page, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from experiments import log
from experiments.errors import WrongInput
from experiments.log_and_worlds import LogFindings
from tests.browser.conftest import Tab
from tests.browser.logs import AMBIGUOUS, drop, gb18030, workbook, written

if TYPE_CHECKING:
    from playwright.sync_api import Page

NewTab = Callable[..., Tab]

SLOW = 120_000
"""Milliseconds that a shared machine may take."""


@pytest.fixture(autouse=True)
def _in_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let sentences name the files as the page does."""
    monkeypatch.chdir(tmp_path)


def _done(page: Page, words: str) -> None:
    page.locator(".own-log .doing", has_text=words).wait_for(timeout=SLOW)


def _says(page: Page, found: LogFindings) -> None:
    """Check that the page says what the command does."""
    text = " ".join(page.locator(".blocks").first.inner_text().split())
    for sentence in [*found.sentences(), *found.notes]:
        assert " ".join(sentence.split()) in text


def test_a_log_is_dropped_measured_as_by_the_command_and_read_otherwise_where_the_user_says_so(
    new_tab: NewTab, tmp_path: Path
) -> None:
    path = written(tmp_path, "工单.csv", gb18030())
    tab = new_tab()
    page = tab.open("?lang=en&tab=log")
    drop(page, path)
    _done(page, "Done.")
    _says(page, log(path.name))
    columns = page.locator(".samples").inner_text()
    assert "unit (guessed)" in columns and "people: not shown" in columns
    whole = page.locator("body").inner_text()
    assert "张三" not in whole and "No district can be learned from this log" in whole
    assert page.get_by_role("button", name="Learn this district").is_disabled()
    page.get_by_label("Closed by").select_option("办结")
    page.locator(".chip", has_text="办结").wait_for(timeout=SLOW)
    page.get_by_label("Kind of case").select_option("none")
    page.get_by_label("Limit in days").fill("5")
    page.get_by_label("Limit in days").press("Enter")
    page.locator(".own-log .notice", has_text="settings have changed").wait_for(timeout=SLOW)
    page.get_by_role("button", name="Measure with these settings").click()
    page.locator(".own-log .notice").wait_for(state="detached", timeout=SLOW)
    _done(page, "Done.")
    _says(page, log(path.name, closed_by=["办结"], kind="none", limit=5))
    assert "--closed-by '办结' --kind none --limit 5" in page.locator(".own-log .command").inner_text()
    assert page.locator(".blocks img").count() >= 3
    tab.shot("log-1280")


def test_files_are_chosen_with_the_button_and_what_is_wrong_is_said_as_on_the_command_line(
    new_tab: NewTab, tmp_path: Path
) -> None:
    tab = new_tab(390)
    page = tab.open("?lang=zh&tab=log")
    page.get_by_label("日志文件").set_input_files(written(tmp_path, "流转.xlsx", workbook()))
    _done(page, "已完成。")
    _says(page, log("流转.xlsx", lang="zh"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    tab.shot("log-390-zh")
    page.get_by_label("日志文件").set_input_files(written(tmp_path, "dates.csv", AMBIGUOUS.encode()))
    page.locator(".own-log .trouble").wait_for(timeout=SLOW)
    _done(page, "未能完成。")
    with pytest.raises(WrongInput) as refused:
        log("dates.csv", lang="zh")
    assert page.locator(".own-log .trouble").inner_text().strip() == str(refused.value)
    assert page.locator(".blocks").count() == 0
    page.locator(".own-log summary").click()
    page.get_by_label("时间格式").fill("day-first")
    page.get_by_label("时间格式").press("Enter")
    page.locator(".own-log .command", has_text="--time-format day-first").wait_for(timeout=SLOW)
    page.get_by_role("button", name="按以上设置统计").click()
    page.locator(".blocks").wait_for(timeout=SLOW)
    _says(page, log("dates.csv", lang="zh", time_format="day-first"))
    page.get_by_role("button", name="移除日志").click()
    page.locator(".own-log .panel").wait_for(state="detached", timeout=SLOW)
    assert not re.search(r"dates\.csv", page.locator("body").inner_text())
