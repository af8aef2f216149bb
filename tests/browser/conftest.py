"""A served page and a real browser to look at it."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import solara

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

ROOT = Path(__file__).parents[2]
SHOTS = Path(os.environ.get("WHISTLE_SCREENSHOTS", ROOT / "results" / "screenshots"))
"""Where screenshots are kept; ignored by git."""

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

WRONG = 400
"""HTTP codes from here on are errors."""

OWN = "Failed to evaluate Vue script and find module.exports"
"""What Solara says of a template of its own."""


Render = Callable[[Any], Any]


@pytest.fixture
def render() -> Iterator[Render]:
    """Return a function that renders a component and returns the widget it draws."""
    contexts = []

    def make(element: Any) -> Any:
        box, context = solara.render(element, handle_error=False)
        contexts.append(context)
        return box.children[0].children[0] if not hasattr(box.children[0], "template") else box.children[0]

    yield make
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the browser of this machine."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chromium on this machine: on Debian or Ubuntu `sudo apt-get install chromium`")
    return found


@contextlib.contextmanager
def served(state: Path, *arguments: str) -> Iterator[str]:
    """Serve the page in a process of its own, which keeps what users keep in a folder; yield its address."""
    command = [sys.executable, "-m", "experiments.cli", "explore", "--no-open", "--lang", "en", *arguments]
    kept = os.environ | {"WHISTLE_STATE": str(state)}
    with subprocess.Popen(command, cwd=ROOT, env=kept, stderr=subprocess.PIPE, text=True, encoding="utf-8") as server:
        assert server.stderr is not None
        try:
            said = server.stderr.readline()
            found = re.search(r"http://127\.0\.0\.1:\d+/", said)
            assert found, said
            urllib.request.urlopen(found[0]).close()  # can be opened as soon as it is told
            yield found[0]
        finally:
            server.kill()


@pytest.fixture(scope="session")
def address(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the page; return where."""
    with served(tmp_path_factory.mktemp("state")) as found:
        yield found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """Start a real browser without a window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


class Tab:
    """A tab of the browser that notes what must not happen."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.troubles: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.troubles.append(f"error: {error}"))
        page.on("request", self._request)
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(OWN):
            self.troubles.append(f"{message.type}: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.troubles.append(f"left the machine: {request.url}")

    def _response(self, answer: Response) -> None:
        if answer.status >= WRONG:
            self.troubles.append(f"{answer.status} {answer.url}")

    def open(self, query: str) -> Page:
        """Open the page and wait for its content."""
        self.page.goto(self.address + query)
        self.page.locator("#content").wait_for(timeout=60_000)
        return self.page

    def shot(self, name: str) -> None:
        """Keep a screenshot of the whole page."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}.png", full_page=True)


@pytest.fixture
def new_tab(browser: Browser, address: str) -> Iterator[Callable[..., Tab]]:
    """Return a function that opens tabs; at the end none may have seen trouble."""
    contexts: list[Any] = []
    tabs: list[Tab] = []

    def make(width: int = 1280) -> Tab:
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}))
        tabs.append(Tab(contexts[-1].new_page(), address))
        return tabs[-1]

    yield make
    for context in contexts:
        context.close()
    assert [tab.troubles for tab in tabs if tab.troubles] == []
