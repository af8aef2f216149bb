"""What stands between the page and the network: whose host, whose origin, and what the browser may load."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

__all__ = ["Guard"]

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

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

FORBIDDEN = 403
POLICY_VIOLATION = 1008
"""Code with which a websocket is refused."""


class Guard:
    """Let through what was asked of this host, by this page alone.

    A page of another site can reach a server on loopback by a name that points there (DNS rebinding), and can open
    a websocket to it; both carry another host or another origin.

    Parameters
    ----------
    app : ASGI application
    hosts : iterable of str
        Names by which the server may be called; empty: any, where the user has opened it to a network.
    """

    def __init__(self, app: App, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
        elif not self._welcome(scope):
            await _refuse(scope, send)
        else:
            await self._app(scope, receive, _with_headers(send))

    def _welcome(self, scope: Scope) -> bool:
        given = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        host = given.get("host", "")
        if self._hosts and (urlsplit(f"//{host}").hostname or "") not in self._hosts:
            return False
        origin = given.get("origin")
        return scope["type"] == "http" or origin is None or urlsplit(origin).netloc == host


async def _refuse(scope: Scope, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": POLICY_VIOLATION})
        return
    await send({"type": "http.response.start", "status": FORBIDDEN, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"This page answers on its own address only.\n"})


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *HEADERS]
        await send(message)

    return sending
