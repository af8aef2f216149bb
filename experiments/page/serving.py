"""Serving the page: on loopback and a free port unless told otherwise, offline, without telemetry; who may see it."""

from __future__ import annotations

import ipaddress
import os
import secrets
import signal
import socket
import sys
import threading
import warnings
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import uvicorn
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from experiments.errors import WrongInput
from experiments.fonts import PLACE, files
from experiments.page.guarding import guard, limited
from experiments.page.kept import kept
from experiments.page.package import REAL_NAMES
from experiments.page.uploads import TooLarge, uploads_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


def with_language(app: ASGIApp, language: str) -> ASGIApp:
    """Return the app; whoever asks for the page without a language is sent to it in this one."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        query = scope.get("query_string", b"").decode("latin-1")
        if scope["type"] == "http" and scope["path"] == "/" and "lang" not in parse_qs(query):
            address = "/?" + "&".join(filter(None, [query, f"lang={language}"]))
            return await RedirectResponse(address)(scope, receive, send)
        return await app(scope, receive, send)

    return answer


LOOPBACK = "127.0.0.1"
NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
LARGEST_MESSAGE = 1_000_000  # bytes that a browser may send at once: above the largest file that the page takes
FILES = "/whistle/results/{token}/{place:path}"  # where a tab finds the files of a result
LOGS = "/whistle/logs/{token}/{log:int}/{name}"  # where a tab puts the files of a log of its user
STATIC = "/whistle/static"  # where the page finds the elements that draw
FONT = PLACE + "{name}"  # where the page finds its letters
NOWHERE = "http://127.0.0.1:9/"  # an asset that is not installed is sought here: nothing leaves the machine
SETTINGS: Mapping[str, str] = {  # read by Solara when it is imported
    "SOLARA_APP": "experiments.page.page:Page",
    "SOLARA_ASSETS_CDN": NOWHERE,
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "False",
    "SOLARA_KERNEL_CULL_TIMEOUT": "30s",  # a tab whose connection broke is given up
    "SOLARA_MODE": "production",
    "SOLARA_SESSION_HTTP_ONLY": "True",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    "SOLARA_THEME_LOADER": "plain",
    "SOLARA_THEME_SHOW_BANNER": "False",
    "SOLARA_THEME_TITLE": "Whistle",
}


@dataclass(frozen=True)
class Served:
    """Where the page is served, the language of a page whose address names none, and how.

    Attributes:
        token: Whoever knows it may see the page; "": whoever reaches it.
        real_names: Whether departments are called by their real names.
    """

    host: str
    port: int
    language: str = "zh"
    token: str = ""
    real_names: bool = False

    @property
    def shown_host(self) -> str:
        """Name of the host in an address that this machine reaches."""
        host = LOOPBACK if self.host in ("0.0.0.0", "::") else self.host
        return f"[{host}]" if ":" in host else host

    @property
    def address(self) -> str:
        """What to type in a browser."""
        token = f"&token={self.token}" if self.token else ""
        return f"http://{self.shown_host}:{self.port}/?lang={self.language}{token}"


def token_for(host: str) -> str:
    """Return a new token where others than this machine can reach the host, else none."""
    if host in NAMES:
        return ""
    try:
        return "" if ipaddress.ip_address(host).is_loopback else secrets.token_urlsafe(24)
    except ValueError:
        return secrets.token_urlsafe(24)


def free_port(host: str, wanted: int | None) -> int:
    """Return the wanted port, or a free one; raises a `WrongInput` if it cannot be bound."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, wanted or 0))
        except (OSError, OverflowError) as error:
            problem = f"--host {host} --port {wanted}: cannot be bound ({error}). Leave out --port."
            raise WrongInput([problem]) from error
        return int(probe.getsockname()[1])


def serve(served: Served, ready: Callable[[], object]) -> None:
    """Serve until interrupted; `ready` is called once, when the page can be opened: loading it takes some seconds."""
    os.environ.update(SETTINGS)
    if served.real_names:
        os.environ[REAL_NAMES] = "1"
    warnings.filterwarnings("ignore", message="Cookies with samesite=none", category=UserWarning)  # on loopback: lax
    from solara.server.starlette import app
    from starlette.applications import Starlette
    from starlette.middleware.gzip import GZipMiddleware
    from starlette.routing import Mount, Route
    from starlette.staticfiles import StaticFiles

    from experiments.page.first import prepare, with_first

    prepare_others = _preparation()

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            prepare()
            ready()
            threading.Thread(target=prepare_others, daemon=True, name="whistle-prepare").start()

    class Parts(StaticFiles):
        def file_response(self, *given: Any, **named: Any) -> Response:
            response = super().file_response(*given, **named)
            response.headers["cache-control"] = "no-cache"  # kept, and asked for again: most answers are "not modified"
            return response

    routes = [
        Route(FONT, _font),
        Route(FILES, _file),
        Route(LOGS, _log, methods=["PUT"]),
        Mount(STATIC, Parts(directory=Path(__file__).parent / "static")),
        Mount("/", app),
    ]
    page = GZipMiddleware(with_first(Starlette(routes=routes, lifespan=app.router.lifespan_context)))
    whole = with_language(page, served.language)
    names = frozenset() if served.token else NAMES | {served.host}
    config = uvicorn.Config(
        guard(limited(whole), names, served.token, f"whistle-{served.port}"), host=served.host, port=served.port,
        log_level="warning", ws_max_size=LARGEST_MESSAGE, timeout_graceful_shutdown=1, lifespan="on",
    )  # fmt: skip
    if threading.current_thread() is threading.main_thread():  # the end by a signal removes temporary folders as well
        signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    with suppress(KeyboardInterrupt):
        Server(config).run()


def _preparation() -> Callable[[], None]:
    """Return what reads what tabs other than the first one need, before somebody opens them.

    It is imported here: two threads that import the same modules at once find them half made.
    """
    from experiments.messages import Language
    from experiments.page.controls import cards
    from experiments.page.host import HOST
    from experiments.page.package import Package
    from experiments.page.rules_tab import presets
    from experiments.page.stage import fields_of

    def prepare() -> None:
        HOST.prepare()
        for language in Language:
            presets(language)
            cards(language)
        fields_of(Package().scenario())

    return prepare


async def _font(request: Request) -> Response:
    """Send a file of the face; its address has a part of its hash, so that a browser may keep it for good."""
    path = files().get(request.url.path)
    if path is None:
        return PlainTextResponse("This font does not exist.\n", status_code=404)
    kind = "font/woff2" if path.suffix == ".woff2" else "font/ttf"
    return FileResponse(path, media_type=kind, headers={"cache-control": "public, max-age=31536000, immutable"})


async def _file(request: Request) -> Response:
    """Send a file of a result to whoever knows its token."""
    token = request.path_params["token"]
    found = kept(token) or uploads_of(token)
    path = (found.results / request.path_params["place"]).resolve() if found else None
    if found is None or path is None or not path.is_relative_to(found.results.resolve()) or not path.is_file():
        return PlainTextResponse("This file does not exist or is no longer kept.\n", status_code=404)
    return FileResponse(path)


async def _log(request: Request) -> Response:
    """Take a file of a log from a tab, known by its token; no other site can send one: it would have to ask first."""
    token, log, name = (request.path_params[key] for key in ("token", "log", "name"))
    found = uploads_of(token)
    if found is None:
        return PlainTextResponse("This page is no longer open.\n", status_code=404)
    try:
        await found.take(log, name, request.stream())
    except TooLarge as error:
        return PlainTextResponse(f"{name}: {error}\n", status_code=413)
    except (ValueError, OSError) as error:
        return PlainTextResponse(f"{name}: cannot be taken ({error}). Rename it.\n", status_code=400)
    return PlainTextResponse("", status_code=204)
