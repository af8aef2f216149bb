"""The page in a real browser, as its users use it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from experiments.messages import Language, msg
from experiments.page.state import TABS
from tests.browser.conftest import Tab

if TYPE_CHECKING:
    from playwright.sync_api import Page

NewTab = Callable[..., Tab]

SLOW = 120_000
"""Milliseconds that a shared machine may take."""


def _ready(page: Page) -> None:
    page.locator(".district button.main:enabled").wait_for(timeout=SLOW)


def _day(page: Page) -> int:
    found = re.search(r"\d+", page.locator(".district .day").inner_text())
    assert found
    return int(found[0])


def _later(page: Page, day: int) -> None:
    page.wait_for_function(
        "day => Number((document.querySelector('.district .day').innerText.match(/\\d+/) || [0])[0]) > day",
        arg=day, timeout=SLOW,
    )  # fmt: skip


def _card(page: Page, row: str) -> None:
    """Open a card of the Rules tab, and what is finer in it."""
    page.locator(".card .fold", has=page.locator(".row-code", has_text=re.compile(f"^{row}$"))).click()
    card = page.locator(".card.open", has=page.locator(".row-code", has_text=re.compile(f"^{row}$")))
    card.locator(".control").first.wait_for(timeout=SLOW)
    for more in card.locator("details:not(.sources):not([open]) > summary").all():
        more.click()


def test_the_page_opens_offline_and_says_what_is_running(new_tab: NewTab) -> None:
    tab = new_tab()
    page = tab.open("?lang=en&tab=district")
    _ready(page)
    assert "After the reform" in page.locator(".head .state").first.inner_text()
    assert msg("page_caveat", Language.EN) in page.locator(".head").inner_text()
    assert page.locator(".map .spot").count() == 43
    tab.shot("district-first")


def test_days_pass_stop_and_begin_again(new_tab: NewTab) -> None:
    tab = new_tab()
    page = tab.open("?lang=en&tab=district")
    _ready(page)
    page.get_by_role("button", name="One day").click()
    _later(page, 0)
    assert _day(page) == 1
    page.get_by_label("Speed").select_option(label="as fast as possible")
    page.get_by_role("button", name="Play").click()
    _later(page, 30)
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Play").wait_for(timeout=SLOW)
    page.wait_for_timeout(600)
    stopped = _day(page)
    page.wait_for_timeout(800)
    assert _day(page) == stopped
    assert page.locator(".charts polyline").count() == 9
    tab.shot("district-played")
    page.get_by_role("button", name="Start again").click()
    _ready(page)
    page.wait_for_function("document.querySelector('.district .day').innerText.startsWith('Day 0')", timeout=SLOW)


def test_a_unit_and_a_case_are_told_in_words(new_tab: NewTab) -> None:
    tab = new_tab()
    page = tab.open("?lang=en&tab=district")
    _ready(page)
    page.locator(".map .spot").nth(5).click()
    page.locator(".facts dt", has_text="enforcement power").wait_for(timeout=SLOW)
    page.get_by_role("button", name="One day").click()
    _later(page, 0)
    page.get_by_role("button", name="Follow one request all the way").click()
    page.locator(".steps li").first.wait_for(timeout=SLOW)
    assert page.locator(".steps li").count() == 7
    assert page.locator(".story li").count() >= 1
    page.get_by_label("My street or department").fill("civil affairs")
    page.keyboard.press("Enter")
    page.locator(".side h2", has_text="Civil affairs department").wait_for(timeout=SLOW)
    tab.shot("district-unit")


def test_a_rule_is_changed_put_back_saved_and_loaded(new_tab: NewTab) -> None:
    tab = new_tab()
    page = tab.open("?lang=en&tab=rules")
    _card(page, "R1")
    weight = page.locator("[id='assessment.street_weight']")
    assert weight.input_value() == "38"
    weight.fill("70")
    weight.press("Enter")
    changed = page.locator(".card.changed")
    changed.wait_for(timeout=SLOW)
    assert "R1" in changed.inner_text() and "start: 38 %" in changed.inner_text()
    page.locator(".state", has_text="The rules have been changed since").wait_for()
    tab.shot("rules-changed")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save the package").click()
    file = saved.value.path()
    assert "street_weight: 0.7" in file.read_text(encoding="utf-8")
    page.get_by_role("button", name="Reset everything").click()
    changed.wait_for(state="detached", timeout=SLOW)
    page.get_by_label("rules as a YAML file").set_input_files(file)
    changed.wait_for(timeout=SLOW)
    weight.fill("170")
    weight.press("Enter")
    page.locator(".control .trouble", has_text="expected 0 to 100 %, got 170 %").wait_for(timeout=SLOW)
    page.get_by_role("button", name="Run the district under these rules").click()
    page.locator(".state", has_text="settings changed: 1").wait_for(timeout=SLOW)


def test_a_file_that_is_wrong_is_refused_in_words(new_tab: NewTab) -> None:
    from playwright.sync_api import FilePayload

    page = new_tab().open("?lang=en&tab=rules")
    for content, words in (("extends: /etc/passwd\n", "unknown regime '/etc/passwd'"), ("#" * 70_000, "too large")):
        file = FilePayload(name="x.yaml", mimeType="text/yaml", buffer=content.encode())
        page.get_by_label("rules as a YAML file").set_input_files(file)
        page.locator(".trouble", has_text=words).wait_for(timeout=SLOW)


def test_packages_are_compared_and_the_brief_is_drawn_when_asked_for(new_tab: NewTab) -> None:
    tab = new_tab()
    page = tab.open("?lang=en&tab=compare")
    page.get_by_label("Repeat").select_option("10")
    page.get_by_role("button", name="Compare", exact=True).last.click()
    page.get_by_role("button", name="Cancel").wait_for(timeout=SLOW)
    page.locator(".progress", has_text="Done:").wait_for(timeout=600_000)
    text = page.locator(".blocks").inner_text()
    assert "What most plausible worlds say" in text and "nine worlds in ten" in text and "95 % interval" not in text
    assert page.locator(".blocks img").count() == 0  # nothing was drawn yet
    page.get_by_role("button", name="Draw the brief").click()
    page.locator(".progress", has_text="The brief is ready.").wait_for(timeout=300_000)
    page.locator(".blocks img").first.scroll_into_view_if_needed()
    tab.shot("compare-done")
    for name, start in (
        ("brief (PDF)", b"%PDF"),
        ("brief (Word)", b"PK"),
        ("brief (web page)", b"<!doc"),
        ("figures (ZIP)", b"PK"),
        ("data and rules (ZIP)", b"PK"),
    ):
        with page.expect_download() as taken:
            page.get_by_role("link", name=name).click()
        assert taken.value.path().read_bytes().startswith(start)
    page.get_by_role("button", name="中文").click()
    page.locator(".blocks", has_text="多数合理情形的结论").wait_for(timeout=SLOW)
    page.get_by_role("button", name="制作简报").wait_for(timeout=SLOW)
    page.reload()
    page.locator(".blocks", has_text="多数合理情形的结论").wait_for(timeout=SLOW)
    assert page.get_by_label("重复推演").input_value() == "10"
    assert page.locator(".compare .notice-box").count() == 0
    page.get_by_label("重复推演").select_option("80")
    page.locator(".compare .notice-box", has_text="已有改动").wait_for(timeout=SLOW)
    page.get_by_role("button", name="开始比较").click()
    page.get_by_role("button", name="取消").click()
    page.locator(".progress", has_text="已取消").wait_for(timeout=SLOW)
    assert page.locator(".blocks", has_text="多数合理情形的结论").count() == 1


def test_a_comparison_is_cancelled(new_tab: NewTab) -> None:
    page = new_tab().open("?lang=en&tab=compare")
    page.get_by_role("button", name="Compare", exact=True).last.click()
    page.locator(".progress", has_text="runs done").wait_for(timeout=SLOW)
    page.get_by_role("button", name="Cancel").click()
    page.locator(".progress", has_text="Cancelled.").wait_for(timeout=SLOW)
    assert page.locator(".blocks").count() == 0


def test_the_same_rules_twice_are_refused(new_tab: NewTab) -> None:
    page = new_tab().open("?lang=en&tab=compare")
    page.locator(".packages select").nth(1).select_option("inverted")
    page.get_by_role("button", name="Compare", exact=True).last.click()
    page.locator(".trouble", has_text="different packages").wait_for(timeout=SLOW)


def test_a_link_makes_the_page_again(new_tab: NewTab) -> None:
    page = new_tab().open("?lang=en&tab=rules")
    page.get_by_label("Change which package").select_option("r10")
    page.locator("a[download='r10.yaml']").wait_for(timeout=SLOW)  # the tab has taken it
    _card(page, "R10")
    page.locator("[id='whistle.reach']").fill("60")
    page.locator("[id='whistle.reach']").press("Enter")
    page.wait_for_url(re.compile("whistle.reach"), timeout=SLOW)
    again = new_tab().open("?" + urlsplit(page.url).query)
    _card(again, "R10")
    assert again.locator("[id='whistle.reach']").input_value() == "60"
    assert "R10" in again.get_by_label("Change which package").locator("option:checked").inner_text()
    assert "settings changed: 1" in again.locator(".state").first.inner_text()


def test_back_leads_to_the_tab_before(new_tab: NewTab) -> None:
    page = new_tab().open("?lang=en&tab=district")
    _ready(page)
    for name, content in (("Rules", ".rules"), ("Compare", ".compare")):
        page.locator("nav button", has_text=name).click()
        page.locator(content).wait_for(timeout=SLOW)
    page.wait_for_url(re.compile("tab=compare"), timeout=SLOW)
    page.go_back()
    page.locator(".rules").wait_for(timeout=SLOW)
    page.go_back()
    page.locator(".district").wait_for(timeout=SLOW)
    page.go_forward()
    page.locator(".rules").wait_for(timeout=SLOW)
    page.wait_for_url(re.compile("tab=rules"), timeout=SLOW)


def test_an_address_without_a_language_opens_in_the_one_of_the_command(new_tab: NewTab) -> None:
    page = new_tab().open("?tab=rules&seed=x")
    assert page.locator("html").get_attribute("lang") == "en"
    assert "seed=x" in page.locator(".state[role=alert]").inner_text()
    page.get_by_role("button", name="Close this message").click()
    page.locator(".state[role=alert]").wait_for(state="detached", timeout=SLOW)


def test_rules_are_run_at_once_and_departments_stand_by_their_queues(new_tab: NewTab) -> None:
    tab = new_tab()
    page = tab.open("?lang=en&tab=rules")
    page.get_by_role("button", name="Run the district under these rules").click()
    page.locator(".district").wait_for(timeout=SLOW)
    _later(page, 20)
    page.get_by_role("button", name="Pause").click()
    queues = [int(each.replace(",", "")) for each in page.locator(".map .unit text:last-of-type").all_text_contents()]
    assert queues[0] > 0 and queues[0] >= queues[-1]
    page.locator(".map .unit").first.click()
    page.locator(".facts dt", has_text="queue").first.wait_for(timeout=SLOW)
    page.get_by_role("button", name="Follow one request all the way").click()
    page.locator(".story li").first.wait_for(timeout=SLOW)
    tab.shot("district-case")


def test_the_language_switch_reaches_every_tab(new_tab: NewTab) -> None:
    tab = new_tab()
    page = tab.open("?lang=en&tab=district")
    _ready(page)
    page.get_by_role("button", name="中文").click()
    page.get_by_role("button", name="播放").wait_for(timeout=SLOW)
    assert page.evaluate("document.documentElement.lang") == "zh"
    assert parse_qs(urlsplit(page.url).query)["lang"] == ["zh"]
    for name, content in CONTENT.items():
        page.locator("nav button", has_text=name).click()
        page.locator("nav button[aria-current=page]", has_text=name).wait_for(timeout=SLOW)
        page.locator(content).wait_for(timeout=SLOW)
        page.wait_for_timeout(500)
        text = page.locator(".whistle").all_inner_texts()
        left = re.findall(ENGLISH, " ".join(text))
        assert len(left) <= LEFT.get(name, 0), (name, left)
        tab.shot(f"zh-{name}")


CONTENT = {
    "逐日演示": ".district",
    "全部规则": ".rules",
    "比较": ".compare",
    "本单位日志": ".own-log",
    "能信到什么程度": ".blocks-tab .notice-box",
}

ENGLISH = r"\b(?:the|and|of|with|share|cases|days|street)\b"
LEFT = {"能信到什么程度": 9}
"""English words that stay: the last tab names English works."""


def test_two_tabs_are_two_sessions(new_tab: NewTab) -> None:
    first, second = new_tab().open("?lang=en&tab=district"), new_tab().open("?lang=zh&tab=district")
    _ready(first)
    _ready(second)
    first.get_by_role("button", name="One day").click()
    _later(first, 0)
    assert _day(second) == 0
    assert first.locator("html").get_attribute("lang") == "en"
    assert second.locator("html").get_attribute("lang") == "zh"


def test_leaving_a_tab_frees_its_run(new_tab: NewTab) -> None:
    stays, leaves = new_tab(), new_tab()
    _ready(stays.open("?lang=en&tab=district"))
    page = leaves.open("?lang=en&tab=district")
    _ready(page)
    page.get_by_role("button", name="Play").click()
    _later(page, 3)
    before = _sessions(stays)
    page.goto("about:blank")
    stays.page.wait_for_function(
        "count => fetch('/resourcez').then(a => a.json()).then(a => a.kernels.total < count)", arg=before, timeout=SLOW
    )


def _sessions(tab: Tab) -> int:
    """Return how many tabs the server holds."""
    found: int = tab.page.evaluate("fetch('/resourcez').then(a => a.json()).then(a => a.kernels.total)")
    return found


@pytest.mark.parametrize("tab_name", TABS)
@pytest.mark.parametrize("width", [390])
def test_nothing_is_cut_off_sideways(new_tab: NewTab, tab_name: str, width: int) -> None:
    tab = new_tab(width)
    page = tab.open(f"?lang=en&tab={tab_name}")
    page.wait_for_timeout(800)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    ends = (
        "[...document.querySelectorAll('.panel, button, select, input')]"
        ".filter(e => !e.closest('nav, .cards-row')).map(e => e.getBoundingClientRect().right)"
    )
    assert max(page.evaluate(ends)) <= width
    tab.shot(f"{tab_name}-{width}")


def test_what_is_on_the_screen_is_offered_as_python(new_tab: NewTab) -> None:
    tab = new_tab()
    page = tab.open(
        "?lang=en&tab=rules&rules=flattened&set=%7B%22assessment.street_weight%22%3A0.5%7D&compare=base,mine"
    )
    page.get_by_role("button", name="Python").click()
    program = page.locator(".program pre")
    assert 'load_scenario("flattened", overrides={"assessment.street_weight": 0.5})' in program.inner_text()
    page.locator("nav button", has_text="Compare").click()
    page.locator(".program pre", has_text='compare(["base", "flattened_changed.yaml"]').wait_for(timeout=SLOW)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator(".program button", has_text="Copy").click()
    page.locator(".program button", has_text="Copied").wait_for(timeout=SLOW)
    assert page.evaluate("navigator.clipboard.readText()") == program.inner_text()
    tab.shot("python-1280")
    page.get_by_role("button", name="中文").click()
    page.get_by_role("button", name="Python 代码").wait_for(timeout=SLOW)
    page.set_viewport_size({"width": 390, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    tab.shot("python-390-zh")


def test_the_page_is_used_by_keyboard_alone(new_tab: NewTab) -> None:
    page = new_tab().open("?lang=en&tab=district")
    _ready(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Skip to content"
    page.locator("nav button", has_text="All rules").focus()
    page.keyboard.press("Enter")
    page.locator(".rules").wait_for(timeout=SLOW)
    _card(page, "R1")
    page.locator("[id='assessment.street_weight']").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    page.locator(".card.changed").wait_for(timeout=SLOW)
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert outline == "3px"


def test_people_and_powers_on_loan_are_lines_of_the_map(new_tab: NewTab) -> None:
    tab = new_tab()
    page = tab.open("?lang=en&tab=district&rules=trading")
    _ready(page)
    page.get_by_label("Speed").select_option(label="as fast as possible")
    page.get_by_role("button", name="Play").click()
    _later(page, 90)
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Play").wait_for(timeout=SLOW)
    page.wait_for_timeout(600)
    people, powers = (page.locator(f".map path.way.{what}") for what in ("people", "powers"))
    both = people.count(), powers.count()
    assert min(both) > 0 and page.locator(".map g.deal").count() == sum(both)
    assert "on loan" in people.first.locator("title").inner_html()
    lines = page.get_by_label("Lines")
    for chosen, left in (("cases", (0, 0)), ("people", (both[0], 0)), ("powers", (0, both[1]))):
        lines.select_option(chosen)
        page.wait_for_timeout(300)
        assert (people.count(), powers.count()) == left
        assert (page.locator(".map path.flow").count() > 0) == (chosen == "cases")
    lines.select_option("all")
    page.locator(".map .office").click()
    assert page.locator("h2", has_text="District office").count() == 1
    tab.shot("district-trading")


def test_where_nobody_trades_the_map_is_as_it_was(new_tab: NewTab) -> None:
    page = new_tab().open("?lang=en&tab=district")
    _ready(page)
    assert page.locator(".map .office, .map .way, .map marker").count() == 0
    assert page.get_by_label("Lines").count() == 0 and page.locator("h2", has_text="District office").count() == 0
