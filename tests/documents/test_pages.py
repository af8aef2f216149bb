"""Every page of the documentation does what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.documents.pages import DOCS, apply, blocks, carry_out, copy_of_the_repository

PAGES = sorted(str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md"))


def _changes_the_source(name: str) -> bool:
    return any(block.kind == "diff" for block in blocks(DOCS / name))


SLOW = (
    "en/how-to/cluster.md", "en/how-to/own_instrument.md", "en/how-to/own_rule.md", "zh/tutorial.md",
    "zh/how-to/own_figure.md", "zh/how-to/own_outcome.md",
)  # fmt: skip
"""Pages that take longest and whose commands other tests carry out too, or that compile the whole day anew."""


def test_the_changes_of_slow_pages_fit_the_source_as_it_is(tmp_path: Path) -> None:
    for name in filter(_changes_the_source, SLOW):
        copy_of_the_repository(tmp_path / name)
        for block in blocks(DOCS / name):
            if block.kind == "diff":
                apply(block.text, tmp_path / name)


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
