"""What the page says before its app is there, and that the app takes over in place."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from experiments.messages import Language, in_language
from experiments.page.first import page_of, with_first
from experiments.page.story_words import stories, story_told

if TYPE_CHECKING:
    from tests.browser.conftest import Tab

PAGE = (
    '<html><head><title>Whistle</title><meta name="viewport" content="user-scalable=no">'
    '<link href="/app.css" rel="stylesheet" class="a"></head><body data-base-url="/"><div id="app"></div></body></html>'
)
AT = (
    "root => ['.brand', 'h1#content, .home-head h1', 'whistle-story', '.answer-head', '.rulers > :nth-child(1)',"
    " '.rulers > :nth-child(3)'].map(each => document.querySelector(root).querySelector(each))"
    ".map(each => { const box = each.getBoundingClientRect(); return [box.x, box.y, box.width].map(Math.round) })"
)


def test_the_home_tab_begins_with_its_answer_in_the_language_of_the_address() -> None:
    for language, lang, name in (("zh", "zh-CN", "改革前"), ("en", "en", "before the reform")):
        page = page_of(PAGE, f"lang={language}")
        assert f'<html lang="{lang}" class=early>' in page
        early = page[page.index('<main id="early">') : page.index('<div id="app">')]
        assert name in early
        assert (early.count("<whistle-story"), early.count("<whistle-ruler")) == (1, 3)
        assert "user-scalable" not in page
        assert """media="print" onload="this.media='all'" class="a">""" in page  # not waited for


def test_other_tabs_and_packages_that_were_not_measured_begin_empty() -> None:
    for query in ("lang=en&tab=rules", 'lang=en&rules=flattened&set={"letters.answer_within":9}'):
        page = page_of(PAGE, query)
        assert '<html lang="en">' in page and "early" not in page
        assert 'rel="stylesheet" class="a">' in page


def test_only_the_page_itself_is_read_and_its_length_is_told_anew() -> None:
    sent: list[dict[str, Any]] = []

    async def app(scope: Any, _: Any, send: Any) -> None:
        assert scope["path"] != "/" or not dict(scope["headers"]).get(b"accept-encoding")
        headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(PAGE)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": PAGE.encode()})

    async def send(message: Any) -> None:
        sent.append(dict(message))

    async def receive() -> Any:
        return {"type": "http.request"}

    async def answered(scope: Any) -> None:
        await with_first(app)(scope, receive, send)

    for path in ("/", "/other"):
        scope = {
            "type": "http",
            "path": path,
            "query_string": b"lang=en&tab=log",
            "headers": [(b"accept-encoding", b"gzip")],
        }
        with ThreadPoolExecutor(1) as pool:  # Playwright has a loop in this thread
            pool.submit(asyncio.run, answered(scope)).result()
    first, other = sent[1]["body"], sent[3]["body"]
    assert b'lang="en"' in first and other == PAGE.encode()
    assert dict(sent[0]["headers"])[b"content-length"] == str(len(first)).encode()


def test_stories_have_words_in_both_languages_and_one_got_worse() -> None:
    for language in Language:
        with in_language(language):
            told = [story_told(each["id"]) for each in stories()]
            assert story_told("no such story") == story_told()
        for found, story in zip(told, stories(), strict=True):
            assert found is not None and found["chosen"] == story["id"]
            assert "".join(part["text"] for part in found["parts"]) == found["title"]
            for side in ("before", "after"):
                track = found["data"][side]
                assert len(track["told"]) == len(track["marks"]) == len(story[side]["marks"])
                assert all(mark["text"] for mark in track["marks"] if mark["kind"] != "plain")
                assert all(0 <= each["from"] <= each["until"] <= track["until"] for each in track["waits"])
    assert [each["turned"] for each in stories() if each["id"] != each["kind"]] == ["worse"]


@pytest.mark.parametrize(("width", "language"), [(1440, "zh"), (1440, "en"), (390, "zh")])
def test_the_app_takes_over_where_the_first_page_is(new_tab: Callable[..., Tab], width: int, language: str) -> None:
    tab = new_tab(width)
    tab.page.add_init_script(
        "window.moved = 0; new PerformanceObserver(seen => seen.getEntries().forEach(each => {"
        " if (!each.hadRecentInput) window.moved += each.value })).observe({ type: 'layout-shift', buffered: true });"
        f"const look = () => {{ if (document.querySelector('#early whistle-ruler svg circle, #early whistle-ruler')"
        f"?.shadowRoot?.querySelector('circle')) {{ window.at = ({AT})('#early');"
        " window.day = document.querySelector('#early whistle-story').day }"
        " requestAnimationFrame(look) }; requestAnimationFrame(look);"
        "document.addEventListener('whistle-adopted', () => {"
        f" window.then = ({AT})('#app'); window.later = document.querySelector('#app whistle-story').day }})"
    )
    tab.page.goto(f"{tab.address}?lang={language}")
    tab.page.wait_for_function("window.then", timeout=60_000)
    assert tab.page.evaluate("window.then") == tab.page.evaluate("window.at")
    assert tab.page.evaluate("window.later") >= tab.page.evaluate("window.day") > 0
    assert tab.page.locator("#early").count() == 0
    assert tab.page.evaluate("window.moved") <= 0.05
    tab.shot(f"first-{width}-{language}")
