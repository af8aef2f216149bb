"""The manuscript: every number is quoted by key, every work is cited, and nothing is quoted that was not run."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from experiments.errors import WrongInput
from experiments.manuscript import PAPER, gather, quoted, typeset
from experiments.planning.reading import shipped_studies
from tests.experiments.test_real_model import whistle

TEXT = (PAPER / "paper.typ").read_text(encoding="utf-8")

SMALL = {"inverted_or_flattened": ["summary", "split"]}


ALLOWED = {"2018"}
"""The year of the article, which is no result."""


def _prose(text: str) -> str:
    """Return what is written, without settings, code, citations and names of rows."""
    settings = ("#set", "#show", "#let", "//", "#import")
    text = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(settings))
    text = re.sub(r"@[A-Za-z]+\d{4}", "", text)
    while (shorter := re.sub(r"#?[\w.-]*\([^()]*\)|#[\w.]+", "", text)) != text:  # calls, the inner ones first
        text = shorter
    return re.sub(r"\b[PRNSE]\d+[ab]?\b|95 % interval", "", text)


def test_no_number_is_typed() -> None:
    assert set(re.findall(r"\d[\d.,]*", _prose(TEXT))) <= ALLOWED
    assert "Abstract" in _prose(TEXT) and "forecast" in _prose(TEXT)


def test_a_typed_number_would_be_found() -> None:
    assert re.findall(r"\d+", _prose("Closure rises by 12 points (#fixed(3, 1) and @Downs1967).")) == ["12"]


def test_every_work_is_cited_and_every_citation_is_known() -> None:
    known = set(re.findall(r"^@\w+\{(\w+),", (PAPER / "references.bib").read_text(encoding="utf-8"), re.MULTILINE))
    assert known == set(re.findall(r"@([A-Za-z]+\d{4})", TEXT))


def test_the_studies_that_are_quoted_are_shipped() -> None:
    assert set(quoted()) <= set(shipped_studies())
    assert set(re.findall(r"record/\" \+ main \+ \"_(\w+)\.svg", TEXT)) == set(SMALL["inverted_or_flattened"])


def test_what_is_missing_is_said_with_its_command_and_nothing_is_kept(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="whistle study inverted_or_flattened --out"):
        gather(tmp_path, tmp_path / "record", SMALL)
    assert not (tmp_path / "record").exists()


@pytest.mark.slow
def test_the_manuscript_is_typeset_from_finished_studies(tmp_path: Path) -> None:
    for name in quoted():
        done = whistle("study", f"{name}_smoke", "--quiet", "--out", str(tmp_path / "out"))
        assert done.returncode in (0, 3), done.stderr  # 3: finished, less precise than was asked for
    gather(tmp_path / "out", tmp_path / "record", quoted(), "_smoke")
    for name in ("paper.typ", "quoting.typ", "references.bib"):
        shutil.copyfile(PAPER / name, tmp_path / name)
    typeset(tmp_path / "paper.pdf", tmp_path)
    assert (tmp_path / "paper.pdf").read_bytes().startswith(b"%PDF")
