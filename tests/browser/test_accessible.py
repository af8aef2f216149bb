"""Everybody can use the page: axe finds nothing on any tab, headings are in order, nothing is too small or cut off."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from experiments.messages import Language
from experiments.page.state import TABS
from tests.browser.conftest import Tab

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

SLOW = 120_000
CONTENT = {
    "home": ".home-head", "district": ".district button.main:enabled", "rules": ".rules .card", "compare": ".compare",
    "log": ".own-log", "limits": ".blocks-tab .notice-box",
}  # fmt: skip
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SMALL = """least => [...document.querySelectorAll(
  '.whistle button, .whistle select, .whistle summary, ' +
  '.whistle input:not([type=range]):not([type=checkbox]):not([type=file])'
)].filter(e => e.offsetParent && !e.closest('.hidden')).map(e => [e.getBoundingClientRect(), e])
  .filter(([box]) => box.height < least - 0.5).map(([box, e]) => `${e.outerHTML.slice(0, 80)} ${box.height}`)"""
HEADINGS = "[...document.querySelectorAll('h1,h2,h3,h4')].filter(e => e.offsetParent).map(e => Number(e.tagName[1]))"


def found(page: Page) -> list[Any]:
    """Return what axe finds: the rule, and where."""
    result = Axe().run(page, options=RULES)
    return [(each["id"], [node["html"][:160] for node in each["nodes"]]) for each in result.response["violations"]]


@pytest.mark.parametrize("language", list(Language))
def test_every_tab_can_be_read_by_everybody(language: Language, new_tab: Callable[..., Tab]) -> None:
    tab = new_tab()
    page = tab.open(f"?lang={language}&tab={TABS[-1]}")
    names = page.locator(".head .tab")
    for place, code in enumerate(TABS):
        names.nth(place).click()
        page.locator(CONTENT[code]).first.wait_for(timeout=SLOW)
        if code == "rules":
            page.locator(".card .fold:enabled").first.click()
            page.locator(".card .control").first.wait_for(timeout=SLOW)
        page.wait_for_function("code => location.search.includes('tab=' + code)", arg=code)
        assert found(page) == [], code
        levels = page.evaluate(HEADINGS)
        assert levels[0] == 1 and levels.count(1) == 1, (code, levels)
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), (code, levels)
        assert page.evaluate(SMALL, 44) == [], code
        assert page.title().startswith(names.nth(place).inner_text()), code


def test_a_narrow_screen_or_large_letters_cut_nothing_off(new_tab: Callable[..., Tab]) -> None:
    """320 pixels are what is left of 1,280 at 400 %."""
    page = new_tab(320).open(f"?lang=en&tab={TABS[-1]}")
    for place, code in enumerate(TABS):
        page.locator(".head .tab").nth(place).click()
        page.locator(CONTENT[code]).first.wait_for(timeout=SLOW)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, code


def test_the_map_is_walked_by_arrow_keys_and_names_do_not_overlap(new_tab: Callable[..., Tab]) -> None:
    tab = new_tab(1440)
    page = tab.open("?lang=zh&tab=district")
    page.locator(CONTENT["district"]).wait_for(timeout=SLOW)
    page.locator(".map .spot[tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    name = page.evaluate("document.activeElement.getAttribute('aria-label')").split("：")[0]
    page.locator("#district-unit h2", has_text=name).wait_for(timeout=SLOW)
    assert page.locator(".map .spot[tabindex='0']").count() == 1
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(300)
        boxes = page.evaluate("""[...document.querySelectorAll('.map text.name')].map(e => e.getBoundingClientRect())
          .map(b => [b.left, b.right, b.top, b.bottom])""")
        assert len(boxes) >= 6
        over = [(a, b) for place, a in enumerate(boxes) for b in boxes[:place]
                if a[0] < b[1] and b[0] < a[1] and a[2] + 2 < b[3] and b[2] + 2 < a[3]]  # fmt: skip
        assert not over
    page.get_by_label("我的街道或部门").fill("民政")
    page.keyboard.press("Enter")
    page.locator("#district-unit h2", has_text="民政部门").wait_for(timeout=SLOW)
