"""Seven changes that a newcomer makes, each in one place: the diffs of the pages that tell how, applied to a copy."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.documents.pages import DOCS, ROOT, apply, blocks, copy_of_the_repository

CHANGES = {
    "reason to decline": "contributed_rule", "instrument": "own_instrument", "outcome": "own_outcome",
    "kind of study": "own_study", "figure": "own_figure", "sentence": "own_words", "log format": "own_format",
}  # fmt: skip
"""Each with its page."""

MOST_FILES = 2


def diffs(page: str) -> list[str]:
    return [block.text for block in blocks(DOCS / "en" / "how-to" / f"{page}.md") if block.kind == "diff"]


def quick() -> list[str]:
    """Return the files of tests that `make quick` runs."""
    makefile = (ROOT / "Makefile").read_text("utf-8").replace("\\\n", "")
    (listed,) = re.findall(r"^QUICK := (.+)$", makefile, re.MULTILINE)
    return str(listed).split()


@pytest.mark.parametrize("page", CHANGES.values(), ids=CHANGES)
def test_a_change_edits_at_most_two_files(page: str) -> None:
    edited = {path for diff in diffs(page) for path in re.findall(r"^\+\+\+ b/(\S+)", diff, re.MULTILINE)}
    assert 1 <= len(edited) <= MOST_FILES, edited


@pytest.mark.slow
def test_all_changes_together_break_nothing(tmp_path: Path) -> None:
    """Documents are renewed as the pages say; then what a changed declaration can break is tested.

    Each page is carried out by itself among the quick tests; all together take three minutes, for rules are compiled.
    """
    copy_of_the_repository(tmp_path)
    for page in CHANGES.values():
        for diff in diffs(page):
            apply(diff, tmp_path)
    env = os.environ | {"PYTHONPATH": str(tmp_path)}
    for command in (["-m", "experiments.documents"], ["-m", "pytest", "-q", "-x", *quick()]):
        done = subprocess.run(
            [sys.executable, *command], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
        )
        if done.returncode:
            pytest.fail(f"{command}\n{done.stdout[-6000:]}\n{done.stderr[-2000:]}")
