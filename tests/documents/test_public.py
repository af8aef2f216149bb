"""What is public stands on its page, in both languages, and is there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import experiments
import model
from experiments.cli.app import app
from experiments.documents.public import commands
from experiments.studies.compare import CompareResults
from model import OUTCOMES
from tests.documents.pages import DOCS

PAGES = (DOCS / "en" / "reference" / "public.md", DOCS / "zh" / "public.md")


def section(page: Path, title: str) -> str:
    """Return the part of a page under a heading that has these words."""
    return next(each for each in page.read_text("utf-8").split("\n## ") if title in each.partition("\n")[0])


@pytest.mark.parametrize("page", PAGES, ids=("en", "zh"))
def test_the_page_lists_what_is_public_and_nothing_else(page: Path) -> None:
    for package in (model, experiments):
        listed = re.findall(r"^\| `(\w+)` \|", section(page, f"`{package.__name__}`"), flags=re.MULTILINE)
        assert sorted(listed) == sorted(package.__all__)
        assert all(hasattr(package, name) for name in listed)
    for title, names in (("Outcomes" if page == PAGES[0] else "指标", OUTCOMES),
                         ("Commands" if page == PAGES[0] else "命令", commands())):  # fmt: skip
        assert set(re.findall(r"`([\w-]+)`", section(page, title))) == {*names}


def keys(command: str) -> tuple[set[str], set[str]]:
    """Return the keys of `--json` that the page promises of a command, and those that it may have beside."""
    promised = section(PAGES[0], "Keys of `--json`")
    (row,) = re.findall(rf"^\| `{command}` \| (.*) \|$", promised, flags=re.MULTILINE)
    always, _, more = row.partition(";")
    return set(re.findall(r"`(\w+)`", always)), set(re.findall(r"`(\w+)`", more))


SMALL = ("--district", "tiny", "--set", "run.warm_up_days=2", "--set", "run.window_days=10", "--quiet")


def printed(*words: str) -> set[str]:
    """Return the keys that a command prints."""
    done = CliRunner().invoke(app, [*words, "--json"])
    assert done.exit_code == 0, done.output
    return set(json.loads(done.stdout))


def test_commands_print_the_keys_that_the_page_promises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CompareResults, "charts", lambda _: ())  # drawing takes seconds
    log = ("--events", str(tmp_path / "log.parquet"))
    assert (printed("run", "inverted", *SMALL), printed("run", "inverted", *log, *SMALL) - {"events"}) == (
        keys("run")[0], keys("run")[0]
    )  # fmt: skip
    compared = ("compare", "inverted", "flattened", "--pairs", "4", "--jobs", "1", "--out", str(tmp_path), *SMALL)
    assert printed(*compared, "--worlds", "reference") == keys("compare")[0]
    whole = ("--district", "chaoyang", "--set", "demand.scale=0.02")  # the tiny district has no worlds
    assert printed(*compared, *whole, "--worlds", "2") == set.union(*keys("compare"))
    (study, *_) = tmp_path.glob("compare-*")
    assert printed("status", str(study)) == keys("status")[0]
    assert printed("show-config", "inverted") == keys("show-config")[0]
