"""Writing the report of a study: `report.html` and `report.pdf`, in the language that is spoken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.blocks import Block, Document, Heading, Notice, Paragraph
from experiments.messages import Language, current_language, msg
from experiments.report.frame import assumed, glossary, limits, sure
from experiments.report.html import html_of
from experiments.report.pdf import pdf_of
from experiments.report.plain import plain_body
from experiments.report.repeat import repeat
from experiments.store.files import replace_text, whole

if TYPE_CHECKING:
    from experiments.kinds import Results
    from experiments.store.opened import OpenStudy

__all__ = ["document_of", "write_report"]

TAGS = {Language.EN: "en", Language.ZH: "zh"}


def write_report(opened: OpenStudy, results: Results, figures: Mapping[str, Path], alts: Mapping[str, str]) -> None:
    """Write both files into the folder of a study.

    Parameters
    ----------
    opened : OpenStudy
    results : Results
        What it found.
    figures, alts : mapping
        By name: the SVG file, and what it shows in words.
    """
    from experiments.charts.style import chinese_font

    document = document_of(opened, results, alts)
    replace_text(opened.folder / "report.html", html_of(document, figures))
    with whole(opened.folder / "report.pdf") as sink:
        sink.write(pdf_of(document, figures, chinese_font()))


def document_of(opened: OpenStudy, results: Results, alts: Mapping[str, str]) -> Document:
    """Return the report of a study, without a form."""
    title = results.title() or _title(opened)
    return Document(title, msg("report_kicker"), TAGS[current_language()], tuple(_blocks(opened, results, alts)))


def _title(opened: OpenStudy) -> str:
    given = opened.study.title
    return str(getattr(given, current_language())) if given else msg("report_study", name=opened.study.name)


def _blocks(opened: OpenStudy, results: Results, alts: Mapping[str, str]) -> Iterator[Block]:
    yield Notice(msg("report_notice"))
    question = opened.study.question
    if question:
        yield Heading(msg("report_asked"))
        yield Paragraph(str(getattr(question, current_language())))
    yield from results.body(alts) or plain_body(results.blocks(), alts)
    yield from sure(opened, results.pairs)
    base = opened.manifest["bases"][0]["resolved"]
    yield from assumed(base)
    yield from limits()
    yield from repeat(opened)
    yield from glossary(base, results.explained())
    yield from results.annex()
