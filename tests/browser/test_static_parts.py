"""The elements that draw, on a page of their own: without the app, in Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from experiments import colours
from experiments.page.view import VIEWS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

ADDRESS = "http://parts.test/"
PAGE = Path(__file__).with_name("static_parts.html")
DAY = "document.querySelector('whistle-story').day"
FINISHED = "() => document.querySelector('whistle-story').day === window.story.days"

Open = Callable[..., "Page"]


def _answer(route: Route) -> None:
    place = route.request.url.removeprefix(ADDRESS)
    if place.startswith("static/"):
        route.fulfill(path=VIEWS.with_name("static") / place.removeprefix("static/"), content_type="text/javascript")
    elif place:
        route.fulfill(status=404)
    else:
        route.fulfill(path=PAGE, content_type="text/html")


@pytest.fixture
def parts(browser: Browser) -> Iterator[Open]:
    """Return a function that opens the page of the parts; no error may be seen."""
    contexts: list[Any] = []
    errors: list[str] = []

    def make(width: int = 1280, **options: Any) -> Page:
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}, **options))
        page: Page = contexts[-1].new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.route(ADDRESS + "**", _answer)
        page.goto(ADDRESS)
        page.locator("whistle-story .mark").first.wait_for(state="attached")
        return page

    yield make
    for context in contexts:
        context.close()
    assert errors == []


@pytest.mark.slow
def test_a_story_tells_itself_and_can_be_told_again(parts: Open) -> None:
    page = parts()
    assert page.evaluate(DAY) < page.evaluate("window.story.days") / 2
    page.wait_for_function(FINISHED, timeout=30_000)
    assert page.locator("whistle-story .days b").all_inner_texts() == ["108", "45"]
    page.get_by_role("button", name="重放").click()
    assert page.evaluate(DAY) < page.evaluate("window.story.days") / 2


def test_with_less_motion_a_story_is_there_at_once(parts: Open) -> None:
    page = parts(reduced_motion="reduce")
    assert page.evaluate(FINISHED)
    assert page.locator("whistle-story .step.past").count() == page.locator("whistle-story .step").count()


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_no_word_lies_on_another_and_nothing_leaves_the_window(parts: Open, width: int) -> None:
    page = parts(width, reduced_motion="reduce")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    boxes = page.evaluate(
        "[...document.querySelectorAll('whistle-story, whistle-ruler')].map(each =>"
        " [...each.shadowRoot.querySelectorAll('svg text')].map(text => text.getBoundingClientRect().toJSON()))"
    )
    assert all(box["left"] >= -1 and box["right"] <= width + 1 for drawn in boxes for box in drawn)
    assert sum(len(drawn) for drawn in boxes) > 40
    assert not [(a, b) for drawn in boxes for a, b in combinations(drawn, 2) if _overlap(a, b)]


def _overlap(one: dict[str, float], other: dict[str, float]) -> bool:
    """Tell whether two words lie on one another; a line of text is higher than its letters, by a quarter above."""
    height = 0.25 * min(one["height"], other["height"])
    across = min(one["right"], other["right"]) - max(one["left"], other["left"])
    return across > 1 and min(one["bottom"], other["bottom"]) - max(one["top"], other["top"]) > height


@pytest.mark.parametrize("width", [320, 1280])
def test_what_ends_without_being_closed_says_so_in_place_of_days(parts: Open, width: int) -> None:
    page = parts(width, reduced_motion="reduce")
    page.evaluate(
        "const told = structuredClone(window.story); Object.assign(told.before, {days: null, until: 27, end: '未办结',"
        " note: 'given up by the citizen on day 27', marks: told.before.marks.slice(0, 3), waits: []});"
        " document.querySelector('whistle-story').data = told"
    )
    assert page.locator("whistle-story .before .days b").inner_text() == "未办结"
    name, note = (page.locator(f"whistle-story .before {each}").bounding_box() for each in (".name", "small"))
    assert name and note and (name["x"] + name["width"] <= note["x"] or width > 1000)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    line = page.locator("whistle-story .before .path.never")
    assert float(line.get_attribute("x2") or 0) > float(line.get_attribute("x1") or 0) + 0.3 * width


@pytest.mark.parametrize("width", [390, 1280])
def test_another_story_moves_nothing_below_it(parts: Open, width: int) -> None:
    page = parts(width, reduced_motion="reduce")
    below = "document.querySelector('.rulers').getBoundingClientRect().top"
    before = page.evaluate(below)
    page.evaluate(
        "const told = structuredClone(window.story); told.days = 44.7; told.before = {...told.after, name: '改革前'};"
        " document.querySelector('whistle-story').data = told"
    )
    assert page.locator("whistle-story .days b").all_inner_texts() == ["45", "45"]
    assert page.evaluate(below) == before


def test_an_element_that_is_moved_goes_on_and_another_takes_over_where_it_is(parts: Open) -> None:
    page = parts()
    page.wait_for_function(f"{DAY} > 1")
    moved = page.evaluate(
        "const told = document.querySelector('whistle-story'), day = told.day;"
        " document.body.append(told);"
        " const other = document.createElement('whistle-story'); other.data = window.story;"
        " document.body.append(other);"
        " other.goOnFrom(told); [day, told.day, other.day]"
    )
    assert moved[0] == moved[1] == moved[2] > 1
    page.wait_for_function(f"{DAY} > {moved[0] + 1}")


def test_whoever_does_not_see_the_picture_reads_the_steps(parts: Open) -> None:
    page = parts(reduced_motion="reduce")
    assert page.get_by_role("img", name="改革前 108 天办结").count() == 1
    assert page.locator("whistle-story ol").count() == 2
    assert page.locator("whistle-story li").first.inner_text() == "第 0 天：街道致函综合执法部门"
    assert page.get_by_role("img", name="改革后 49 件").count() >= 1


def test_the_sign_of_a_difference_is_its_colour_and_its_side(parts: Open) -> None:
    page = parts(reduced_motion="reduce")

    def dots(ruler: str, kind: str) -> list[float]:
        found = page.locator(f"#{ruler} circle.{kind}").all()
        return [float(each.get_attribute("cx") or 0) for each in found]

    zero = float(page.locator("#in_30_days line.zero").get_attribute("x1") or 0)
    better, worse, coming = (dots("in_30_days", kind) for kind in ("better", "lower", "coming"))
    assert (len(better), len(worse), len(coming)) == (5, 2, 13)
    assert max(worse) < zero < min(better)
    assert page.locator("#in_30_days circle.after.estimate").count() == 1
    fewer = [dots("waiting", kind) for kind in ("better", "lower")]  # fewer waiting is better: blue on the left
    assert max(fewer[0]) < float(page.locator("#waiting line.zero").get_attribute("x1") or 0) < min(fewer[1])
    colour = "getComputedStyle(document.querySelector('#waiting').shadowRoot.querySelector('circle.lower')).fill"
    assert page.evaluate(colour) == f"rgb{tuple(bytes.fromhex(colours.WORSE[1:]))}"
    assert page.locator("#waiting .by-luck").count() == 1 and page.locator("#in_time .by-luck").count() == 0


def test_in_forced_colours_words_and_dots_are_seen(parts: Open) -> None:
    page = parts(reduced_motion="reduce", forced_colors="active")
    seen = page.evaluate(
        "['svg text', '.mark', '.path'].map(each =>"
        " getComputedStyle(document.querySelector('whistle-story').shadowRoot.querySelector(each)))"
        ".map(style => [style.fill, style.stroke])"
    )
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert seen[0][0] != ground and seen[1][1] != ground and seen[2][1] != ground
