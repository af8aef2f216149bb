"""The first page: in the language that the command named, unless the address names one."""

from __future__ import annotations

from urllib.parse import parse_qs

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["Greeting"]


class Greeting:
    """Sends whoever asks for the page without a language to the page in the usual one.

    Parameters
    ----------
    app : ASGI application
    language : str
    """

    def __init__(self, app: ASGIApp, language: str) -> None:
        self._app, self._language = app, language

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        if scope["type"] == "http" and scope["path"] == "/":
            said = scope["query_string"].decode("latin-1")
            if "lang" not in parse_qs(said):
                address = "/?" + "&".join(filter(None, [said, f"lang={self._language}"]))
                return await RedirectResponse(address)(scope, receive, send)
        return await self._app(scope, receive, send)
