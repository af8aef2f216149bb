"""Every page of the documentation does what it says."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.documents.pages import DOCS, ROOT, apply, blocks, carry_out, copy_of_the_repository

PAGES = sorted(str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md"))


def _changes_the_source(name: str) -> bool:
    return any(block.kind == "diff" for block in blocks(DOCS / name))


TOOLS = ("ema", "joblib", "mesa", "netlogo", "r", "ray", "salib", "scikit_learn")

SLOW = (
    "zh/how-to/own_rule.md", "zh/how-to/from_a_notebook.md", "zh/how-to/district_in_a_spreadsheet.md",
    "en/how-to/cluster.md", "en/how-to/own_instrument.md", "en/how-to/contributed_rule.md", "zh/tutorial.md",
    "zh/how-to/own_figure.md", "zh/how-to/own_outcome.md", "en/how-to/fit.md",
    "en/how-to/own_figure.md", "en/how-to/own_words.md", "en/how-to/own_outcome.md", "en/how-to/own_rule.md",
    "en/how-to/from_a_notebook.md", "en/how-to/district_in_a_spreadsheet.md", "en/how-to/own_district.md",
    *(f"en/how-to/with_{tool}.md" for tool in TOOLS),
)  # fmt: skip
"""Pages that take longest and whose commands other tests carry out too, or that compile the whole day anew."""

NEEDS = {"en/how-to/with_ema.md": "ema_workbench", "en/how-to/with_ray.md": "ray"}
"""Packages that are not installed for the tests: one imports what is under the GPL, the other has 240 MB."""

R_PAGE = DOCS / "en" / "how-to" / "with_r.md"


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
    if (package := NEEDS.get(name)) and importlib.util.find_spec(package) is None:
        pytest.skip(f"the page is for users of {package}, which is not installed")
    if _changes_the_source(name):
        copy_of_the_repository(tmp_path)
    carry_out(DOCS / name, tmp_path)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
@pytest.mark.parametrize("package", ["jsonlite", "reticulate"])
def test_what_the_page_for_users_of_r_says_runs_in_r(package: str, tmp_path: Path) -> None:
    (program,) = (block.text for block in blocks(R_PAGE) if f"library({package})" in block.text)
    have = subprocess.run(["Rscript", "-e", f"library({package})"], capture_output=True, check=False)
    if have.returncode:
        pytest.skip(f"R has no package {package}")
    env = os.environ | {"WHISTLE_PYTHON": sys.executable, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["Rscript", "-e", program], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr
    assert ("closure rate: 0." in done.stdout and "ci_low" in done.stdout) or "load passes" in done.stdout


def test_a_page_that_promises_something_else_is_found_out(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text('```python\nprint("one")\n```\n\n```text\ntwo\n```\n', encoding="utf-8")
    with pytest.raises(AssertionError, match="should print"):
        carry_out(page, tmp_path)
    page.write_text("```sh\nfalse\n```\n", encoding="utf-8")
    with pytest.raises(AssertionError):
        carry_out(page, tmp_path)
