"""The printed report: what it must say, what it must never say, and that it needs nothing else to be read."""

from __future__ import annotations

import html
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from matplotlib.figure import Figure
from pypdf import PdfReader

from experiments.blocks import Bullets, Code, Definitions, Document, Heading, Image, Notice, Paragraph, Table
from experiments.execution import write
from experiments.kinds import Chart
from experiments.messages import MESSAGES, Language, in_language, msg
from experiments.report.writing import document_of, html_of, pdf_of
from experiments.result import Result
from experiments.store.opened import OpenStudy
from experiments.studies import kind_of
from experiments.studies.compare import CompareResults
from model import OUTCOMES
from tests.experiments.first_pages import check_first_pages
from tests.experiments.test_real_model import ROOT, TINY, whistle

LANGUAGES = tuple(Language)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small comparison of three regimes, one of them a package of the user's with a hostile title."""
    out = tmp_path_factory.mktemp("out")
    package = out / "package.yaml"
    package.write_text(
        'title: {zh: "方案<script>alert(1)</script>", en: "Package <b>&#[x] *y*"}\nextends: inverted\n'
        "assessment: {street_weight: 0.5}\n",
        encoding="utf-8",
    )
    done = whistle(
        "compare", "inverted", "flattened", str(package), "--pairs", "4", "--out", str(out), "--quiet", *TINY
    )
    assert done.returncode == 0, done.stderr
    return next(out.glob("compare-*"))


@pytest.fixture(scope="module", params=LANGUAGES, ids=str)
def reported(
    request: pytest.FixtureRequest, study: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Language, Path]:
    """Return the study with its report in a language."""
    folder = tmp_path_factory.mktemp("reported") / study.name
    shutil.copytree(study, folder)
    _report(folder, request.param)
    return request.param, folder


def _report(folder: Path, language: Language) -> None:
    write(Result(folder, language))


def _words(page: str) -> str:
    """Return what a reader sees of a page of HTML."""
    body = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", " ", body))


def _page(folder: Path) -> str:
    return (folder / "report.html").read_text(encoding="utf-8")


def _pdf(folder: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(folder / "report.pdf").pages)


def test_the_page_asks_for_nothing_and_links_nowhere(reported: tuple[Language, Path]) -> None:
    page = _page(reported[1])
    assert not re.findall(r"<(script|link|iframe|object|embed|a)\b", page)
    assert all(source.startswith("data:image/svg+xml;base64,") for source in re.findall(r'src="([^"]*)"', page))
    assert "url(" not in page and "@import" not in page
    assert "default-src 'none'" in page
    assert not re.findall(r"https?://", _words(page))


def test_the_report_never_says_what_is_going_to_be(reported: tuple[Language, Path]) -> None:
    language, folder = reported
    for text in (_words(_page(folder)), _pdf(folder)):
        assert not re.findall(
            r"\bwill\b" if language is Language.EN else r"将会|必将|一定会|必然", text, flags=re.IGNORECASE
        )


@pytest.mark.parametrize("key", [key for key in MESSAGES if key.startswith(("report_", "brief_", "means_", "term_"))])
def test_no_word_of_a_report_is_a_promise(key: str) -> None:
    english, chinese, _ = MESSAGES[key]
    assert not re.search(r"\bwill\b", english)
    assert not re.search(r"将会|必将|一定会|必然", chinese)


def test_five_questions_of_a_lay_reader_have_their_section(reported: tuple[Language, Path]) -> None:
    """At what cost, what would turn it, who gains, what is not known, what next; then how sure, and everything."""
    language, folder = reported
    text = _words(_page(folder))
    for key in (
        "glance_three",
        "glance_cost",
        "glance_turn",
        "takeaway_who",
        "takeaway_unknown",
        "takeaway_next",
        "brief_what",
        "report_sure",
        "brief_work",
        "report_limits",
    ):
        assert MESSAGES[key][LANGUAGES.index(language)] in text


def test_two_pages_stand_before_the_annex_and_everything_is_told_once(reported: tuple[Language, Path]) -> None:
    document, _ = _blocks_of(*reported)
    check_first_pages(document)
    annex = "".join(MESSAGES["report_annex"][LANGUAGES.index(reported[0])].split())
    pages = [page.extract_text().strip() for page in PdfReader(reported[1] / "report.pdf").pages]
    assert any(line.strip() == annex for page in pages[:3] for line in page.splitlines())
    tables = [block.rows for block in document.blocks if isinstance(block, Table)]
    assert len(tables) == len(set(tables))
    images = [block.name for block in document.blocks if isinstance(block, Image)]
    assert images[0] == "closure" and len(images) == len(set(images))
    assert isinstance(document.blocks[-1], Table)  # of the hashes


def test_what_is_not_clear_is_called_so(reported: tuple[Language, Path]) -> None:
    language, folder = reported
    text, place = _words(_page(folder)), LANGUAGES.index(language)
    comparison = kind_of("compare").results(OpenStudy(folder)).as_json()
    assert any(not each["clear"] for each in comparison["differences"])
    assert MESSAGES["brief_verdict_none"][place] in text


def test_the_same_study_gives_the_same_bytes(reported: tuple[Language, Path]) -> None:
    language, folder = reported
    before = [(folder / name).read_bytes() for name in ("report.html", "report.pdf", "report.docx")]
    _report(folder, language)
    assert before == [(folder / name).read_bytes() for name in ("report.html", "report.pdf", "report.docx")]


def test_the_words_of_the_pdf_can_be_taken_out_and_its_fonts_are_within(reported: tuple[Language, Path]) -> None:
    language, folder = reported
    text = "".join(_pdf(folder).split())
    named = ("Tiny district (teaching and tests)", "微型区（教学与测试）")[LANGUAGES.index(language)]
    assert "".join(msg("report_notice_of", language, district=named).split()) in text
    for key in ("report_limits_range", "report_assumed_behaviour"):
        assert "".join(MESSAGES[key][LANGUAGES.index(language)].split()) in text
    fonts = [font for page in PdfReader(folder / "report.pdf").pages for font in _fonts(page)]
    assert any("NotoSansSC" in name for name, _ in fonts)
    assert all(embedded for _, embedded in fonts)


def _fonts(page: Any) -> Iterator[tuple[str, bool]]:
    for font in page["/Resources"]["/Font"].values():
        inner = font.get_object()["/DescendantFonts"][0].get_object()
        yield inner["/BaseFont"], "/FontFile2" in inner["/FontDescriptor"] or "/FontFile3" in inner["/FontDescriptor"]


def test_a_title_is_shown_as_it_is_written(reported: tuple[Language, Path]) -> None:
    language, folder = reported
    title = "Package <b>&#[x] *y*" if language is Language.EN else "方案<script>alert(1)</script>"
    assert html.escape(title) in _page(folder)
    assert "".join(title.split()) in "".join(_pdf(folder).split())


def test_numbers_of_the_report_are_those_of_the_tables(reported: tuple[Language, Path]) -> None:
    folder = reported[1]
    levels = kind_of("compare").results(OpenStudy(folder)).as_json()["levels"]
    shown = re.findall(
        r"<th scope=\"row\">(?:closure rate|按期真正办结率) \(%\)</th>\s*<td[^>]*>([\d.]+)</td>", _page(folder)
    )
    assert shown
    assert all(abs(float(each) - 100 * levels["inverted"]["closure_rate"]["mean"]) < 0.06 for each in shown)


def test_the_command_of_the_report_asks_for_the_same_study(reported: tuple[Language, Path], study: Path) -> None:
    """Typed in the folder in which the package's file lies."""
    folder = reported[1]
    found = re.search(r"<pre[^>]*>(whistle compare .*?)</pre>", _page(folder), re.DOTALL)
    assert found
    words = [*shlex.split(html.unescape(found[1]))[1:], "--out", str(folder.parent), "--dry-run"]
    assert "./package.yaml" in words and str(study.parent) not in " ".join(words[: words.index("--out")])
    done = subprocess.run(
        [sys.executable, "-m", "experiments.cli", *words], cwd=study.parent, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert folder.name in done.stdout.replace("\n", "")


def test_every_outcome_is_explained_to_lay_readers() -> None:
    for each in OUTCOMES.values():
        assert each.means_en.endswith(".") and each.means_zh.endswith("。")
        assert not re.search(r"\bwill\b|将会|必将|一定会|必然", each.means_en + each.means_zh)


def _document(language: str) -> Document:
    words = "*no* _markup_ #here $x$ 中文"
    blocks = (
        Notice("note"), Heading("Words"), Paragraph(words), Bullets(("one", "two"), numbered=True), Bullets(("three",)),
        Table(("a", "b"), (("theme",), ("x", "1")), "caption", "note"), Table(("a",), (("x",),), words=1),
        Code("whistle compare `x`"), Definitions((("word", "meaning"),)),
    )  # fmt: skip
    return Document("Title 标题", "kicker", language, blocks)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_block_has_a_form_on_the_page_and_in_print(language: Language) -> None:
    document = _document(str(language))
    assert "*no* _markup_ #here $x$ 中文" in _words(html_of(document, {}))
    text = PdfReader(BytesIO(pdf_of(document, {}))).pages[0].extract_text()
    assert "*no* _markup_ #here $x$ 中文" in text


def test_the_print_can_be_read_aloud(reported: tuple[Language, Path]) -> None:
    """Typst refuses to claim PDF/UA for a document without language, title or alternative texts."""
    document, drawn = _blocks_of(*reported)
    assert pdf_of(document, drawn, ["ua-1"])


def _blocks_of(language: Language, folder: Path) -> tuple[Document, dict[str, Path]]:
    """Return the report of a study without a form, and its figures by name."""
    opened = OpenStudy(folder)
    drawn = sorted((folder / "figures" / ("zh" if language is Language.ZH else "")).glob("*.svg"))
    with in_language(language):
        kind = kind_of("compare")
        document = document_of(kind, opened, kind.results(opened), {path.stem: "alt" for path in drawn})
    return document, {path.stem: path for path in drawn}


def test_every_word_of_the_report_is_in_the_file_of_word(reported: tuple[Language, Path]) -> None:
    document, _ = _blocks_of(*reported)
    word = docx.Document(str(reported[1] / "report.docx"))
    said = {paragraph.text for paragraph in word.paragraphs}
    assert document.title in said
    assert [each.text for each in word.sections[0].header.paragraphs] == [document.kicker]
    for block in document.blocks:
        match block:
            case Heading(text) | Paragraph(text) | Notice(text) | Code(text):
                assert text in said
            case Bullets(items):
                assert set(items) <= said
            case Definitions(entries):
                assert {each for entry in entries for each in entry} <= said
            case Image(caption=caption):
                assert caption in said
            case Table():
                assert {block.caption, block.note} <= said | {""}
    assert word.core_properties.language == {Language.EN: "en", Language.ZH: "zh-CN"}[reported[0]]


def test_every_table_and_figure_of_the_report_is_in_the_file_of_word(reported: tuple[Language, Path]) -> None:
    document, _ = _blocks_of(*reported)
    word = docx.Document(str(reported[1] / "report.docx"))
    tables = [block for block in document.blocks if isinstance(block, Table)]
    images = [block for block in document.blocks if isinstance(block, Image)]
    assert tables and images
    for given, found in zip(tables, word.tables, strict=True):
        rows = [row if len(row) > 1 else row * len(given.header) for row in (given.header, *given.rows)]
        assert [tuple(cell.text for cell in row.cells) for row in found.rows] == rows
    about = word.element.body.xpath(".//wp:docPr")
    assert [name for each in about if (name := each.get("name")) != "qr"] == [image.name for image in images]
    assert all(len(each.get("descr")) > 10 for each in about)


def test_a_new_figure_stands_in_its_section_with_its_caption(
    reported: tuple[Language, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One without a section of its own stands last, one that is for the folder alone nowhere."""
    language, folder = reported
    own = [
        Chart("own", Figure, ("Own words", "自己的话"), "work"),
        Chart("last", Figure),
        Chart("hidden", Figure, section=""),
    ]
    shipped = CompareResults.charts
    monkeypatch.setattr(CompareResults, "charts", lambda self: [*shipped(self), *own])
    drawn = {"workload_by_level": "alt", "own": "alt", "last": "alt", "hidden": "alt"}
    with in_language(language):
        body = list(CompareResults(OpenStudy(folder)).body(drawn))
    place = LANGUAGES.index(language)
    work, others = (MESSAGES[key][place] for key in ("brief_work", "report_figures"))
    told = [each.text if isinstance(each, Heading) else each.name for each in body if isinstance(each, Heading | Image)]
    images = [each for each in told if each in drawn]
    assert images == ["workload_by_level", "own", "last"]
    assert told.index(work) < told.index("workload_by_level") and told[-2:] == [others, "last"]
    assert [each.caption for each in body if isinstance(each, Image) and each.name == "own"] == [
        ("Own words", "自己的话")[place]
    ]


@pytest.mark.parametrize("alt", ["Figure: Closure by day. Axes: day.", "图：Closure by day. Axes: day."])
def test_a_figure_without_a_caption_takes_what_it_says_of_itself(alt: str) -> None:
    assert Chart("closure", Figure).image(alt).caption.startswith("Closure by day")
