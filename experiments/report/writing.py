"""Writing the report of a study: `report.html` and `report.pdf`, in the language that is spoken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.blocks import Block, Bullets, Document, Heading, Notice, Paragraph
from experiments.messages import Language, current_language, msg
from experiments.report.files import html_of, pdf_of
from experiments.report.frame import assumed, glossary, limits, repeat, sure
from experiments.store.files import replace_text, whole

if TYPE_CHECKING:
    from experiments.kinds import Kind, Results
    from experiments.store.opened import OpenStudy

TAGS = {Language.EN: "en", Language.ZH: "zh"}


def write_report(
    kind: Kind, opened: OpenStudy, results: Results, figures: Mapping[str, Path], alts: Mapping[str, str]
) -> None:
    """Write both files into the folder of a study.

    Args:
        results: What it found.
        figures, alts: By name: the SVG file, and what it shows in words.
    """
    from experiments.charts.style import chinese_font

    document = document_of(kind, opened, results, alts)
    replace_text(opened.folder / "report.html", html_of(document, figures))
    with whole(opened.folder / "report.pdf") as sink:
        sink.write(pdf_of(document, figures, chinese_font()))


def document_of(kind: Kind, opened: OpenStudy, results: Results, alts: Mapping[str, str]) -> Document:
    """Return the report of a study, without a form."""
    title = results.title() or _title(opened)
    return Document(title, msg("report_kicker"), TAGS[current_language()], tuple(_blocks(kind, opened, results, alts)))


def _title(opened: OpenStudy) -> str:
    given = opened.study.title
    return str(getattr(given, current_language())) if given else msg("report_study", name=opened.study.name)


def _blocks(kind: Kind, opened: OpenStudy, results: Results, alts: Mapping[str, str]) -> Iterator[Block]:
    yield Notice(msg("report_notice"))
    question = opened.study.question
    if question:
        yield Heading(msg("report_asked"))
        yield Paragraph(str(getattr(question, current_language())))
    yield from results.body(alts) or _plain_body(results, alts)
    yield from sure(opened, results.pairs)
    base = opened.manifest["bases"][0]["resolved"]
    yield from assumed(base)
    yield from limits()
    yield from repeat(kind, opened)
    yield from glossary(base, results.explained())
    yield from results.annex()


def _plain_body(results: Results, alts: Mapping[str, str]) -> Iterator[Block]:
    """Yield sentences and tables as on a terminal, then the figures."""
    sentences = list[str]()
    yield Heading(msg("report_found"))
    for each in results.blocks():
        if isinstance(each, str):
            sentences.append(each.strip())
            continue
        yield from _sentences(sentences)
        sentences.clear()
        yield each
    yield from _sentences(sentences)
    images = [each.image(alts[each.name]) for each in results.charts() if each.section and each.name in alts]
    if images:
        yield Heading(msg("report_figures"))
        yield from images


def _sentences(sentences: Iterable[str]) -> Iterator[Block]:
    kept = tuple(each for each in sentences if each)
    if len(kept) == 1:
        yield Paragraph(kept[0])
    elif kept:
        yield Bullets(kept)
