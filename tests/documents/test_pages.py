"""Every page of the documentation does what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.documents.pages import DOCS, blocks, carry_out, copy_of_the_repository

PAGES = sorted(str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md"))


def _changes_the_source(name: str) -> bool:
    return any(block.kind == "diff" for block in blocks(DOCS / name))


SLOW = ("en/how-to/cluster.md", "en/how-to/contributed_rule.md", "zh/tutorial.md")
"""Pages that take a third of a minute each and whose commands other tests carry out too."""


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.slow if name in SLOW else ()) for name in PAGES if blocks(DOCS / name)],
)
def test_a_page_does_what_it_says(name: str, tmp_path: Path) -> None:
    if _changes_the_source(name):
        copy_of_the_repository(tmp_path)
    carry_out(DOCS / name, tmp_path)


def test_a_page_that_promises_something_else_is_found_out(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text('```python\nprint("one")\n```\n\n```text\ntwo\n```\n', encoding="utf-8")
    with pytest.raises(AssertionError, match="should print"):
        carry_out(page, tmp_path)
    page.write_text("```sh\nfalse\n```\n", encoding="utf-8")
    with pytest.raises(AssertionError):
        carry_out(page, tmp_path)
