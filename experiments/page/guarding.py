"""What stands between the page and the network: who is let in, by what name, and how many at once."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from html import escape
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from experiments.messages import Language, msg

HEADERS = (
    # the widgets compile their templates in the browser, which needs eval; nothing may come from elsewhere
    (b"content-security-policy",
     b"default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
     b"img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; "
     b"form-action 'self'"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-opener-policy", b"same-origin"),
)  # fmt: skip

FORBIDDEN, FULL = 403, 503
POLICY_VIOLATION, TRY_AGAIN_LATER = 1008, 1013  # codes with which a websocket is refused
READING = ("GET", "HEAD")  # methods that change nothing, which a link on any site may use
TOKEN = "token"  # what a link calls it
MOST_SESSIONS = 24
"""Pages that are open at once; each holds a district that runs, some tens of megabytes."""


def guard(app: ASGIApp, hosts: frozenset[str], token: str = "", cookie: str = "whistle") -> ASGIApp:
    """Return the app behind a guard that lets through what this page alone asks of this host.

    A page of another site can reach a server on loopback by a name that points there (DNS rebinding), and can open
    a websocket to it; both carry another host or another origin. Where the server is open to a network, whoever asks
    must know its token: from the link at first, and then from a cookie that neither scripts nor other sites can use.

    Args:
        hosts: Names by which the server may be called; none: any.
        token: "" lets everybody in.
        cookie: Its name; cookies are shared by all ports of a host.
    """

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *HEADERS]
            await send(message)

        if scope["type"] not in ("http", "websocket"):
            return await app(scope, receive, send)
        given = _headers(scope)
        if not _own(scope, given, hosts):
            answer: Response | None = _refusal(msg("page_own_address", each) for each in Language)
        elif not token or _same(_cookie(given, cookie), token):
            answer = None
        else:
            answer = _entrance(scope, token, cookie)
        if answer is None:
            await app(scope, receive, with_headers)
        elif scope["type"] == "http":
            await answer(scope, receive, with_headers)
        else:
            await WebSocketClose(POLICY_VIOLATION)(scope, receive, send)

    return guarded


def _headers(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


def _own(scope: Scope, given: Mapping[str, str], hosts: frozenset[str]) -> bool:
    """Tell whether a request names this host and, where it may change something, comes from a page of it."""
    host, origin = given.get("host", ""), given.get("origin")
    if hosts and (urlsplit(f"//{host}").hostname or "") not in hosts:
        return False
    reads = scope["type"] == "http" and scope.get("method", "GET") in READING
    return reads or origin is None or urlsplit(origin).netloc == host


def _cookie(given: Mapping[str, str], name: str) -> str:
    try:
        found = SimpleCookie(given.get("cookie", "")).get(name)
    except CookieError:
        return ""
    return found.value if found else ""


def _same(given: str, token: str) -> bool:
    """Compare in a time that tells nothing of the token."""
    return hmac.compare_digest(given.encode(), token.encode())


def _entrance(scope: Scope, token: str, cookie: str) -> Response:
    """Answer who has no cookie: a link with the token earns one, and leads on to the address without it.

    The page leads on rather than the server: after a redirect a browser counts the link's site as the one that asks,
    and sends no strict cookie to whoever followed a link in a message.
    """
    asked = parse_qsl(scope.get("query_string", b"").decode("latin-1"))
    if scope["type"] != "http" or not _same(dict(asked).get(TOKEN, ""), token):
        return _refusal(msg("page_token_needed", each) for each in Language)
    left = urlencode([(name, value) for name, value in asked if name != TOKEN])
    address = escape(f"/{scope['path'].lstrip('/')}?{left}", quote=True)
    page = f'<!doctype html><title>Whistle</title><meta http-equiv="refresh" content="0; url={address}">'
    answer = HTMLResponse(page, headers={"cache-control": "no-store"})
    answer.set_cookie(cookie, token, httponly=True, samesite="strict")
    return answer


def _refusal(told: Iterable[str], status: int = FORBIDDEN) -> Response:
    return PlainTextResponse("".join(f"{words}\n" for words in told), status)


def limited(app: ASGIApp, most: int = MOST_SESSIONS) -> ASGIApp:
    """Return the app for so many pages at once: whoever opens another one is told so; a page is open by a websocket."""
    opened = set[int]()

    async def counted(scope: Scope, receive: Receive, send: Send) -> None:
        full = len(opened) >= most
        if scope["type"] == "http" and scope["path"] == "/" and full:
            told = [msg("page_full", each, count=most) for each in Language]
            return await _refusal(told, FULL)(scope, receive, send)
        if scope["type"] != "websocket":
            return await app(scope, receive, send)
        if full:
            return await WebSocketClose(TRY_AGAIN_LATER)(scope, receive, send)
        opened.add(id(scope))
        try:
            await app(scope, receive, send)
        finally:
            opened.discard(id(scope))

    return counted
