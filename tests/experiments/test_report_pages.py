"""Two pages stand before the annex: in print and in Word, for two and for four regimes, in both languages."""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from pypdf import PdfReader

from experiments.api import compare
from experiments.blocks import Document, Heading, PageBreak, Paragraph, QrCode, Table
from experiments.charts.style import HEIGHT, SMALL, WIDTH, figure_style
from experiments.kinds import FIRST
from experiments.messages import Language, in_language, msg
from experiments.report.docx import docx_of
from experiments.report.writing import MOST_PAGES, document_of, draw_charts, html_of, pdf_of
from experiments.store.opened import OpenStudy
from experiments.studies import kind_of
from tests.experiments.test_real_model import SHORT_RUN

REGIMES = {2: ("inverted", "flattened"), 4: ("inverted", "rules_only", "placement_only", "flattened")}
POINT = 1e-6
SMALL_DISTRICT = {**SHORT_RUN, "demand.scale": 0.02}  # of Chaoyang, which has worlds


@pytest.fixture(scope="module")
def studies(tmp_path_factory: pytest.TempPathFactory) -> dict[int, OpenStudy]:
    """Return small comparisons over worlds by their number of regimes."""
    how: dict[str, Any] = {"pairs": 2, "worlds": 2, "set": SMALL_DISTRICT, "jobs": 1, "progress": False}
    return {count: compare(list(regimes), **how) for count, regimes in REGIMES.items()}


@pytest.fixture(params=[(count, language) for count in REGIMES for language in Language], ids=str)
def first_pages(
    request: pytest.FixtureRequest, studies: dict[int, OpenStudy], tmp_path: Path
) -> tuple[Document, dict[str, Path]]:
    """Return the report of a study in a language, with no more of its annex than a word, and its pictures."""
    count, language = request.param
    study, kind = studies[count], kind_of("compare")
    with in_language(language):
        results = kind.results(study)
        first = [each for each in results.charts() if each.section == FIRST]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(type(results), "charts", lambda _: first)
            drawn, alts = draw_charts(results, tmp_path)
            whole = document_of(kind, study, results, alts)
        end = whole.blocks.index(PageBreak(annex=True))
        annex = (Heading(msg("report_annex")), Paragraph("THE END"))
    return dataclasses.replace(whole, blocks=(*whole.blocks[: end + 1], *annex)), drawn


def _pages_before_the_annex(pdf: bytes) -> int:
    pages = [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]
    return next(place for place, text in enumerate(pages) if "THE END" in text)


def test_two_pages_are_printed_before_the_annex(first_pages: tuple[Document, dict[str, Path]]) -> None:
    given, figures = first_pages
    pdf = pdf_of(given, figures)
    assert _pages_before_the_annex(pdf) <= MOST_PAGES
    for page in PdfReader(BytesIO(pdf)).pages:
        assert "".join(given.kicker.split()) in "".join(page.extract_text().split())


@pytest.mark.skipif(shutil.which("soffice") is None, reason="asks LibreOffice how many pages Word's file has")
def test_two_pages_stand_before_the_annex_in_word(
    first_pages: tuple[Document, dict[str, Path]], tmp_path: Path
) -> None:
    (tmp_path / "report.docx").write_bytes(docx_of(*first_pages))
    command = ["soffice", f"-env:UserInstallation={tmp_path.as_uri()}/own", "--headless", "--convert-to", "pdf",
               "--outdir", str(tmp_path), str(tmp_path / "report.docx")]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert _pages_before_the_annex((tmp_path / "report.pdf").read_bytes()) <= MOST_PAGES


def _figures(study: OpenStudy) -> Iterator[tuple[str, Figure]]:
    with rc_context(figure_style()):
        for chart in kind_of("compare").results(study).charts():
            figure = chart.draw()
            FigureCanvasAgg(figure)
            figure.draw_without_rendering()
            yield chart.name, figure


def test_words_in_figures_can_be_read_on_paper(studies: dict[int, OpenStudy]) -> None:
    """A figure is no larger than a page, so that its points are points on paper, and none of its words is small."""
    for name, figure in _figures(studies[4]):
        width, height = figure.get_size_inches()
        assert width <= WIDTH + POINT and height <= HEIGHT + POINT, name
        said = [text for text in figure.findobj(Text) if isinstance(text, Text) and text.get_text().strip()]
        assert min(float(text.get_fontsize()) for text in said) >= SMALL - POINT, name


def test_a_document_too_long_for_two_pages_is_set_more_narrowly() -> None:
    words = Paragraph("Words that take some room on a page, and go on for a while. " * 8)
    blocks = (*(words,) * 11, PageBreak(), *(words,) * 5, PageBreak(annex=True), Paragraph("THE END"))
    assert _pages_before_the_annex(pdf_of(Document("Title", "kicker", "en", blocks), {})) == MOST_PAGES


def test_no_row_of_a_table_stands_alone_on_a_page() -> None:
    """The first rows stand below their heading and caption, and the last three together, wherever the page ends."""
    rows = tuple((f"row {place}.", "1") for place in range(60))
    for before in range(0, 44, 3):
        blocks = (Paragraph("Above. " + "\n\n".join("x" * 8)), *(Paragraph(f"line {at}") for at in range(before)),
                  Heading("HEAD"), Table(("name", "count"), rows, "CAPTION", "note"))  # fmt: skip
        texts = [page.extract_text() for page in PdfReader(BytesIO(pdf_of(Document("T", "k", "en", blocks), {}))).pages]
        (first,) = (text for text in texts if "HEAD" in text)
        assert "CAPTION" in first and "row 0." in first
        (last,) = (text for text in texts if "row 59." in text)
        assert "row 57." in last


def test_a_square_says_its_words_in_every_form(tmp_path: Path) -> None:
    square = QrCode("whistle compare inverted flattened --pairs 20", "how to repeat it", "a square")
    given = Document("Title", "kicker", "en", (square,))
    page = html_of(given, {})
    assert "data:image/svg+xml;base64," in page and 'alt="a square"' in page
    assert "how to repeat it" in PdfReader(BytesIO(pdf_of(given, {}, ["ua-1"]))).pages[0].extract_text()
    assert docx_of(given, {}) == docx_of(given, {})
    assert square.png().startswith(b"\x89PNG") and QrCode("other", "", "").svg() != square.svg()
