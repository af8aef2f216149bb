"""Nothing is printed that is not executed or generated: README, glossary, pages."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from experiments.design.reading import shipped_studies
from experiments.documents.__main__ import documents
from experiments.documents.declared import FIELD
from model import OUTCOMES
from model.config.files import names
from tests.experiments.test_real_model import whistle

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh.md")


def commands(page: str) -> list[list[str]]:
    """Return the arguments of every whistle command in a code block."""
    text = (ROOT / page).read_text("utf-8")
    blocks = re.findall(r"```\n(.*?)```", text, flags=re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines() if ".venv/bin/whistle" in line]
    return [shlex.split(line.partition("#")[0])[1:] for line in lines]


def test_the_installed_command_runs_from_anywhere(tmp_path: Path) -> None:
    """As `make` installs it: found through the installation, not through the folder in which tests run."""
    command = Path(sys.executable).with_name("whistle")
    without = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run([command, "--help"], cwd=tmp_path, env=without, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "compare" in done.stdout, done.stderr


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_document_that_is_made_is_current(path: Path) -> None:
    assert path.read_text("utf-8") == documents()[path](), "run `make documents`"


def test_a_term_of_the_field_is_said_once() -> None:
    assert len({chinese for chinese, _, _ in FIELD}) == len({english for _, english, _ in FIELD}) == len(FIELD)


def test_titles_of_outcomes_are_told_apart_in_both_languages() -> None:
    for language in ("title_zh", "title_en"):
        assert len({getattr(each, language) for each in OUTCOMES.values()}) == len(OUTCOMES)


@pytest.mark.parametrize("page", READMES)
def test_every_link_of_a_readme_leads_somewhere(page: str) -> None:
    links = re.findall(r"\]\(([^)#]+)\)|src=\"([^\"]+)\"", (ROOT / page).read_text("utf-8"))
    for link in (first or second for first, second in links):
        assert (ROOT / link).exists(), link


@pytest.mark.slow
def test_the_commands_of_the_chinese_readme_run() -> None:
    for arguments in commands("README.zh.md"):
        quick = ["--json"] if arguments[0] in ("explain", "run") else ["--dry-run"]
        done = whistle(*arguments, *quick)
        assert done.returncode == 0, (arguments, done.stderr)


@pytest.mark.parametrize("page", READMES)
def test_both_readmes_give_the_same_two_commands_and_warnings(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    assert "make compare " in text
    assert "make test " in text
    assert ("No figure is a forecast" in text) or ("都不是对朝阳区的预测" in text)


def test_regimes_and_studies_named_in_documents_are_shipped() -> None:
    known = {*names("regime"), *shipped_studies()}
    for arguments in commands("README.zh.md"):
        named = [msg for msg in arguments[1:] if not msg.startswith("-") and msg not in ("zh", "en")]
        assert set(named) <= known
