"""The first HTML of the home tab: headline, story and the three rulers, before the app is there and connected.

What stands here is what the views of the home tab show; their style sheets are these views' own. As soon as the app
has drawn the same, `static/adopt.js` hands over to it.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from experiments import fonts
from experiments.messages import Language, in_language, msg
from experiments.page import answer
from experiments.page.live import look_up
from experiments.page.package import BASES, Package
from experiments.page.page import NAMES, STYLE
from experiments.page.state import TABS, parse_link
from experiments.page.story_words import story_told
from experiments.page.view import VIEWS

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

STATIC = "/whistle/static/"
SCRIPTS = ("story.js", "ruler.js", "adopt.js")
STYLED = ("header", "head", "levers", "answer")  # views whose styles the first HTML needs
CODES = {Language.ZH: "zh-CN", Language.EN: "en"}  # by which browsers know the languages
_WORDS = ("title", "subtitle", "caveat", "link", "python", "language", "notice")
_STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)
_SHEETS = re.compile(r'(<link [^>]*rel="stylesheet")([^>]*>)')
_VIEWPORT = re.compile(r'(<meta name="viewport" content=)"[^"]*"')


def with_first(app: ASGIApp) -> ASGIApp:
    """Return the app; the page that it sends says its language, may be zoomed, and at home begins with its content."""

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/":
            return await app(scope, receive, send)
        held: list[Message] = []

        async def hold(message: Message) -> None:
            held.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                await _send_on(held, scope.get("query_string", b"").decode("latin-1"), send)

        plain = [each for each in scope["headers"] if each[0] != b"accept-encoding"]  # to be read here
        return await app({**scope, "headers": plain}, receive, hold)

    return answered


async def _send_on(held: Sequence[Message], query: str, send: Send) -> None:
    """Send what was held, a page with its first content."""
    start, *rest = held
    body = b"".join(part.get("body", b"") for part in rest)
    headers = dict(start.get("headers", ()))
    if headers.get(b"content-type", b"").startswith(b"text/html"):
        body = page_of(body.decode("utf-8"), query).encode("utf-8")
        headers[b"content-length"] = str(len(body)).encode("ascii")
    await send({**start, "headers": list(headers.items())})
    await send({"type": "http.response.body", "body": body})


def prepare() -> None:
    """Make what the usual page begins with, so that whoever opens it first does not wait."""
    for language in Language:
        page_of("", f"lang={language}")


def page_of(page: str, query: str) -> str:
    """Return a page of Solara's with what stands in it from the start, as the query of its address asks for it."""
    link, _ = parse_link(query)
    early = first_html(link.language, link.base, link.package) if link.tab == TABS[0] else ""
    with in_language(link.language):
        title = escape(f"{msg(f'page_tab_{link.tab}')} · {msg('page_title')}")
    said = f'<html lang="{CODES[link.language]}"{" class=early" if early else ""}>'
    page = page.replace("<html>", said, 1).replace("<title>Whistle</title>", f"<title>{title}</title>", 1)
    if early:  # the app's own sheets are not waited for: what is shown first has its own
        page = _SHEETS.sub(r"""\1 media="print" onload="this.media='all'"\2""", page)
    page = _VIEWPORT.sub(r'\1"width=device-width, initial-scale=1"', page, count=1)
    return re.sub(r"(<body[^>]*>)", lambda found: found[1] + early, page, count=1)


@functools.lru_cache(64)
def first_html(language: Language, base: Package, package: Package) -> str:
    """Return headline, story and rulers; "" for packages of which nothing is known before a run."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    seen = look_up(base, package)
    if not seen.worlds or len(seen.worlds) < seen.planned:
        return ""
    environment = Environment(loader=FileSystemLoader(VIEWS), undefined=StrictUndefined, autoescape=True)
    with in_language(language):
        return environment.get_template("first.html.j2").render(
            _content(language, answer.name_of(base), answer.rulers(seen)), headline=answer.headline(seen)
        )


def _content(language: Language, base: str, rulers: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what the template shows beside the headline."""
    story, words = story_told(), {name: msg(f"page_{name}") for name in _WORDS}
    words |= {name: msg(f"home_{name}") for name in ("kind", "question", "change_scale", "against")}
    return {
        "style": style(), "words": words, "story": story, "language": language,
        "drawn": {"story": json.dumps(story and story["data"], ensure_ascii=False),
                  "rulers": [(each["code"], json.dumps(each, ensure_ascii=False)) for each in rulers]},
        "base": base, "bases": [answer.name_of(each) for each in BASES],
        "tabs": [{"code": each, "name": msg(f"page_tab_{each}"), "chosen": each == TABS[0]} for each in TABS],
        "languages": [{"code": str(each), "name": name, "chosen": each is language} for each, name in NAMES.items()],
        "drawing": STATIC + "drawing.js", "scripts": [STATIC + name for name in SCRIPTS],
        "faces": [each for each in fonts.files() if each.endswith(".woff2")], "family": json.dumps(fonts.FAMILY),
    }  # fmt: skip


@functools.cache
def style() -> str:
    """Return the style sheet of the page and of the views that the first HTML shows."""
    views = [_STYLE.findall((VIEWS / f"{name}.vue").read_text("utf-8")) for name in STYLED]
    return "\n".join([STYLE, *(sheet for found in views for sheet in found)])
