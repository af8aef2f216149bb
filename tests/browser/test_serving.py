"""What stands between the page and the network."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from collections.abc import Awaitable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.types import ASGIApp

from experiments.errors import WrongInput
from experiments.page import jobs, kept
from experiments.page.guarding import FORBIDDEN, FULL, guard, limited
from experiments.page.serving import NAMES, SETTINGS, Served, _file, free_port, token_for
from tests.experiments.test_real_model import whistle


async def _app(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"ok"})
    else:
        await send({"type": "websocket.accept"})


def _asked(
    kind: str, app: ASGIApp | None = None, query: str = "", method: str = "GET", /, **headers: str
) -> list[dict[str, Any]]:
    """Return what is sent to a request with these headers, by a page on loopback unless another app is given."""
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(dict(message))

    async def receive() -> dict[str, Any]:
        return {}

    scope = {"type": kind, "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
             "path": "/", "query_string": query.encode(), "method": method}  # fmt: skip
    _run((app or guard(_app, NAMES))(scope, receive, send))
    return sent


def _run(awaited: Awaitable[Any]) -> Any:
    """Await in a thread of its own: Playwright has a loop in this one."""

    async def run() -> Any:
        return await awaited

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, run()).result()


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "[::1]:80"])
def test_the_page_answers_to_its_own_names(host: str) -> None:
    sent = _asked("http", host=host)
    assert sent[0]["status"] == 200
    headers = dict(sent[0]["headers"])
    assert b"default-src 'self'" in headers[b"content-security-policy"]
    assert headers[b"x-content-type-options"] == b"nosniff"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "evil.example:80"])
def test_a_name_that_points_here_from_elsewhere_is_refused(host: str) -> None:
    assert _asked("http", host=host)[0]["status"] == FORBIDDEN


def test_a_websocket_of_another_site_is_refused() -> None:
    assert _asked("websocket", host="127.0.0.1:1", origin="http://evil.example")[0]["type"] == "websocket.close"
    assert _asked("websocket", host="127.0.0.1:1", origin="http://127.0.0.1:2")[0]["type"] == "websocket.close"
    assert _asked("websocket", host="127.0.0.1:1", origin="http://127.0.0.1:1")[0]["type"] == "websocket.accept"


def test_another_site_cannot_send_what_would_change_something() -> None:
    asked = {"host": "127.0.0.1:1", "origin": "http://evil.example"}
    assert _asked("http", None, "", "PUT", **asked)[0]["status"] == FORBIDDEN
    assert _asked("http", None, "", "GET", **asked)[0]["status"] == 200  # a link to the page


TOKEN = "secret"
OPEN = guard(_app, frozenset(), TOKEN, "whistle-1")
"""The guard of a server that is open to a network."""


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize("given", [{}, {"cookie": "whistle-1=guessed"}, {"cookie": "whistle-2=secret"}])
def test_beyond_loopback_nobody_gets_in_without_the_token(kind: str, given: dict[str, str]) -> None:
    for query in ("", "token=guessed", "token="):
        first = _asked(kind, OPEN, query, host="here:1", **given)[0]
        assert first.get("status", FORBIDDEN) == FORBIDDEN and first["type"] != "websocket.accept"


def test_the_link_earns_a_cookie_that_opens_page_and_websocket_to_pages_of_this_host() -> None:
    start, body = _asked("http", OPEN, "lang=en&token=secret&tab=log", host="here:1")
    cookie = dict(start["headers"])[b"set-cookie"].decode()
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; ")[1:])
    assert b'url=/?lang=en&amp;tab=log"' in body["body"] and b"secret" not in body["body"]
    known = {"host": "here:1", "cookie": cookie.split("; ")[0]}
    assert _asked("http", OPEN, **known)[1]["body"] == b"ok"
    assert _asked("websocket", OPEN, origin="http://here:1", **known)[0]["type"] == "websocket.accept"
    assert _asked("websocket", OPEN, origin="http://evil.example", **known)[0]["type"] == "websocket.close"


def test_only_loopback_is_open_without_a_token() -> None:
    assert not any(map(token_for, ("127.0.0.1", "localhost", "::1", "127.0.0.2")))
    tokens = {token_for(host) for host in ("0.0.0.0", "::", "10.0.0.1", "office")}
    assert len(tokens) == 4 and all(len(token) >= 32 for token in tokens)
    assert Served("0.0.0.0", 80, token="t").address == "http://127.0.0.1:80/?lang=zh&token=t"


def test_more_pages_than_the_server_takes_are_refused_in_words_until_one_is_closed() -> None:
    ends: list[asyncio.Event] = []

    async def waits(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            ends.append(asyncio.Event())
            await ends[-1].wait()
        await _app(scope, receive, send)

    async def said(app: ASGIApp, kind: str) -> list[Any]:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        async def receive() -> Any:
            return {"type": f"{kind}.disconnect"}

        await app({"type": kind, "headers": [], "path": "/"}, receive, send)
        return sent

    async def story() -> None:
        app = limited(waits, 2)
        first, second = (asyncio.ensure_future(said(app, "websocket")) for _ in range(2))
        await asyncio.sleep(0)
        refused = await said(app, "http")
        assert refused[0]["status"] == FULL and "2 pages" in refused[1]["body"].decode()
        assert (await said(app, "websocket"))[0]["type"] == "websocket.close"
        ends[0].set()
        await first
        assert (await said(app, "http"))[0]["status"] == 200
        ends[1].set()
        await second

    _run(story())


def test_telemetry_is_off_and_missing_assets_are_sought_nowhere() -> None:
    assert SETTINGS["SOLARA_TELEMETRY_MIXPANEL_ENABLE"] == "False"
    assert "127.0.0.1" in SETTINGS["SOLARA_ASSETS_CDN"]


def test_a_port_is_free_or_said_to_be_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(WrongInput, match="cannot be bound"):
            free_port("127.0.0.1", port)
    assert free_port("127.0.0.1", None) > 0
    assert Served("0.0.0.0", 80).address == "http://127.0.0.1:80/?lang=zh"
    assert whistle("explore", "--host", "no.such.host.invalid", "--no-open").returncode == 2


def test_a_server_that_is_told_to_end_removes_its_temporary_folders() -> None:
    program = (
        "import tempfile\nfrom experiments.page.serving import Served, free_port, serve\n"
        "folder = tempfile.TemporaryDirectory()\nport = free_port('127.0.0.1', None)\n"
        "serve(Served('127.0.0.1', port), lambda: print(folder.name, flush=True))\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        folder = Path(server.stdout.readline().strip())
        assert folder.name and folder.is_dir()
        server.terminate()
    assert not folder.exists()


def test_results_are_sent_to_who_knows_the_token_and_nothing_else_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = TemporaryDirectory(dir=tmp_path)
    results = Path(folder.name) / "results"
    results.mkdir()
    (results / "report.html").write_text("mine", encoding="utf-8")
    (results.parent / "secret").write_text("not mine", encoding="utf-8")
    done = jobs.Finished("token", folder, jobs.Order((), 1, 1, {}), results.parent / "study")
    monkeypatch.setitem(kept._KEPT, "token", done)

    def sent(token: str, place: str) -> Any:
        return _run(_file(Request({"type": "http", "path_params": {"token": token, "place": place}})))

    found = sent("token", "report.html")
    assert isinstance(found, FileResponse) and Path(found.path).read_text(encoding="utf-8") == "mine"
    for token, place in (("token", "../secret"), ("token", "/etc/passwd"), ("token", ""), ("other", "report.html")):
        assert sent(token, place).status_code == 404
    folder.cleanup()
