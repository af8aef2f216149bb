"""The manuscript: every number by key, every conclusion borne out, every work cited, every study finished."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import typst
from pypdf import PdfReader

from experiments.design.reading import shipped_studies
from experiments.documents.manuscript import PAPER, RECORD, gather, main, quoted, typeset
from experiments.errors import WrongInput
from tests.experiments.test_real_model import whistle

FILES = [PAPER / "paper.typ", *sorted((PAPER / "text").glob("*.typ"))]
TEXT = "\n".join(path.read_text(encoding="utf-8") for path in FILES)
MAIN = "inverted_or_flattened"

ALLOWED = {"2018", "95"}
"""The year of the article, and the level of every interval: neither is a result."""

STRUCTURAL = {"0", "1", "2"}
"""Digits of an equation."""


def _prose(text: str) -> str:
    """Return what is written, without settings, code, equations, citations and names of rows."""
    text = re.sub(r"^#let [^\n]*\{\n.*?^\}\)?$", "", text, flags=re.DOTALL | re.MULTILINE)
    settings = ("#set", "#show", "#let", "//", "#import", "#include", "#counter")
    text = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(settings))
    text = re.sub(r"\$[^$]*\$|@[A-Za-z]+\d{4}", "", text)
    while (shorter := re.sub(r"#?[\w.-]*\([^()]*\)|#[\w.]+", "", text)) != text:  # calls, the inner ones first
        text = shorter
    return re.sub(r"\b[PRNSE]\d+[ab]?\b", "", text)


def test_no_number_is_typed() -> None:
    prose = _prose(TEXT)
    assert set(re.findall(r"\d[\d.,]*", prose)) <= ALLOWED
    assert set(re.findall(r"\d+", "".join(re.findall(r"\$[^$]*\$", TEXT)))) <= STRUCTURAL
    assert "Abstract" in prose and "forecast" in prose and "Whether they work" in prose


def test_a_typed_number_would_be_found() -> None:
    typed = "Closure rises by 12 points (#fixed(3, 1) and @Downs1967).#holds(found(7) > 8)[It is 13.]"
    assert re.findall(r"\d+", _prose(typed)) == ["12", "13"]


def test_every_work_is_cited_and_every_citation_is_known() -> None:
    bibliographies = "".join((PAPER / f"{name}.bib").read_text(encoding="utf-8") for name in ("references", "methods"))
    known = re.findall(r"^@\w+\{(\w+),", bibliographies, re.MULTILINE)
    assert sorted(known) == sorted(set(re.findall(r"[@<]([A-Za-z]+\d{4})", TEXT)))


def test_the_studies_that_are_quoted_are_shipped_and_each_kept_figure_is_shown() -> None:
    assert set(quoted()) - {"patterns"} <= set(shipped_studies())
    shown = {pair for path in FILES for pair in _figures(path.read_text(encoding="utf-8"))}
    assert shown == {(name, figure) for name, figures in quoted().items() for figure in figures}


def _figures(text: str) -> list[tuple[str, str]]:
    """Return (study, figure) of each figure in a file, whose studies stand in words or under a name of the file."""
    named = {"main": MAIN, **dict(re.findall(r'#let (\w+) = "(\w+)"', text))}
    calls = re.findall(r'#study-figure\(("?)(\w+)"?, "(\w+)"', text)
    return [(study if quote else named[study], figure) for quote, study, figure in calls]


def test_the_record_is_of_finished_studies_of_one_version() -> None:
    kept = [json.loads((RECORD / f"{name}.json").read_text(encoding="utf-8")) for name in quoted()]
    assert len({each["fingerprint"] for each in kept}) == 1
    for each in kept:
        assert each["done"] > 0 and each["failed"] == 0 and not each["code"]["dirty"], each["study"]


def _copied(folder: Path) -> Path:
    shutil.copytree(PAPER, folder, ignore=shutil.ignore_patterns("docs", "site", "*.md", "*.pdf"))
    return folder


def _words(pdf: Path) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(pdf).pages).split())


def _changed(root: Path, name: str, change: Any) -> None:
    path = root / "record" / f"{name}.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.slow
def test_the_manuscript_says_what_the_record_holds(tmp_path: Path) -> None:
    root = _copied(tmp_path / "paper")
    typeset(tmp_path / "before.pdf", root)
    _changed(root, "district", lambda kept: kept.update(streets=777))
    typeset(tmp_path / "after.pdf", root)
    before, after = (_words(tmp_path / f"{name}.pdf") for name in ("before", "after"))
    assert "777 streets" in after and "777" not in before
    assert "no forecast" in before


def test_a_conclusion_that_the_record_does_not_bear_is_not_typeset(tmp_path: Path) -> None:
    root = _copied(tmp_path / "paper")

    def turned(kept: dict[str, Any]) -> None:
        split = next(each for each in kept["answer"]["split"] if each["outcome"] == "closure_rate")
        split["rules"], split["placement"] = split["placement"], split["rules"]

    _changed(root, MAIN, turned)
    with pytest.raises(typst.TypstError, match="does not show"):
        typeset(tmp_path / "paper.pdf", root)
    assert not (tmp_path / "paper.pdf").exists()


def test_a_key_that_the_record_lacks_is_refused(tmp_path: Path) -> None:
    root = _copied(tmp_path / "paper")
    _changed(root, MAIN, lambda kept: kept["answer"]["levels"]["flattened"].pop("closure_rate"))
    with pytest.raises(typst.TypstError, match="closure_rate"):
        typeset(tmp_path / "paper.pdf", root)


def test_what_is_missing_is_said_with_its_command_and_nothing_is_kept(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match=r"(?s)whistle patterns --out .*whistle study inverted_or_flattened --out"):
        gather(tmp_path, tmp_path / "record", {"patterns": [], MAIN: ["summary"]})
    assert not (tmp_path / "record").exists()


def test_the_commands_of_the_studies_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--commands"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "whistle patterns" in lines and f"whistle study {MAIN}" in lines and len(lines) == len(quoted())


@pytest.mark.slow
def test_a_finished_study_is_kept_as_it_was_answered(tmp_path: Path) -> None:
    name = "pilot_or_everywhere_smoke"
    done = whistle("study", name, "--quiet", "--out", str(tmp_path))
    assert done.returncode == 0, done.stderr
    gather(tmp_path, tmp_path / "record", {name: ["change"]})
    folder = next(tmp_path.glob(f"{name}-*"))
    kept = json.loads((tmp_path / "record" / f"{name}.json").read_text(encoding="utf-8"))
    answer = json.loads((folder / "tables" / "answer.json").read_text(encoding="utf-8"))
    assert kept["answer"] == {key: each for key, each in answer.items() if key != "study"}
    assert kept["runs_hash"] == json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["runs_hash"]
    drawn = (tmp_path / "record" / f"{name}_change.svg").read_bytes()
    assert drawn == (folder / "figures" / "change.svg").read_bytes()
