"""The documentation as a site: built offline, nothing fetched, searchable in both languages."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.documents.pages import DOCS, ROOT


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build both languages; a broken link or a page that is nowhere fails the build."""
    target = tmp_path_factory.mktemp("site")
    for form, place in (("mkdocs.yml", target), ("mkdocs.zh.yml", target / "zh")):
        command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(place), "--config-file"]
        env = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
        done = subprocess.run(
            [*command, f"paper/{form}"], cwd=ROOT, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    return target


def test_nothing_is_fetched(site: Path) -> None:
    fetched = re.compile(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=\"?(?:https?:)?//")
    pages = list(site.rglob("*.html"))
    assert len(pages) > 30
    assert {str(page) for page in pages if fetched.search(page.read_text(encoding="utf-8"))} == set()


@pytest.mark.parametrize(("place", "words"), [("", "burden"), ("zh", "简报")])
def test_it_can_be_searched(site: Path, place: str, words: str) -> None:
    index = json.loads((site / place / "search" / "search_index.json").read_text(encoding="utf-8"))
    assert any(words in entry["text"] or words in entry["title"] for entry in index["docs"])


@pytest.mark.parametrize("place", ["", "zh"])
def test_a_page_leads_to_the_notebooks(site: Path, place: str) -> None:
    page = (site / place / "how-to" / "from_a_notebook" / "index.html").read_text(encoding="utf-8")
    named = re.findall(r"href=\"?\.\./\.\./(notebooks/\w+\.ipynb)", page)
    assert len(named) == len(list((DOCS / "notebooks").iterdir()))
    assert all((site / place / each).read_bytes() == (DOCS / each).read_bytes() for each in named)


def test_what_is_made_is_there_in_both_languages(site: Path) -> None:
    assert "closure_rate" in (site / "reference" / "outcomes" / "index.html").read_text(encoding="utf-8")
    assert "办结率" in (site / "zh" / "outcomes" / "index.html").read_text(encoding="utf-8")
    commands = (site / "reference" / "commands" / "index.html").read_text(encoding="utf-8")
    assert "--capacity-neutral" in commands and "whistle explore" in commands
