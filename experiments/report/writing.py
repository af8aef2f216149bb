"""Writing the report of a study: `report.html`, `report.pdf` and `report.docx`, in the language that is spoken.

The page has no script, no font, no link, and its figures within. The PDF is typeset by Typst from plain values, so that
no word of a study is taken for markup.
"""

import base64
import dataclasses
import json
import re
import shutil
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from experiments.blocks import Block, Bullets, Document, Heading, Image, Notice, PageBreak, Paragraph, sentences
from experiments.colours import VARIABLES, css
from experiments.fonts import print_folders
from experiments.kinds import Kind, Results
from experiments.messages import Language, current_language, msg
from experiments.report.frame import (
    assumed,
    district_title,
    glossary,
    limits,
    mark,
    notice,
    own_rules,
    repeat,
    sure,
    sure_at_once,
)
from experiments.store.files import whole
from experiments.store.opened import OpenStudy

HERE = Path(__file__).parent

MOST_PAGES = 2  # before the annex
FITS = ("0", "1", "2")
"""How they are set in print: a new page where one is asked for; words that flow on; smaller ones, a smaller picture."""

MOST_SENTENCES, MOST_NUMBERS = 5, 6  # on the pages before the annex, and in one of their sentences
MOST_LETTERS = {Language.EN: 260, Language.ZH: 110}
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


FORMS: Mapping[str, Sequence[str]] = {".html": ["svg"], ".pdf": ["svg"], ".docx": ["png"]}
"""Endings of a report's files, with those of the figures that each shows."""


def write_report(
    kind: Kind, opened: OpenStudy, results: Results, figures: Mapping[str, Path], alts: Mapping[str, str]
) -> None:
    """Write all forms into the folder of a study; by name of a figure its SVG file, and what it shows in words."""
    document = document_of(kind, opened, results, alts)
    for ending in FORMS:
        with whole(opened.folder / f"report{ending}") as sink:
            sink.write(written(document, figures, ending))


def written(document: Document, figures: Mapping[str, Path], ending: str) -> bytes:
    """Return the file of a report that ends so; by name of a figure its SVG file, beside which lies the PNG file.

    Raises:
        KeyError: If it is none of `FORMS`.
    """
    if ending == ".html":
        return html_of(document, figures).encode("utf-8")
    if ending == ".pdf":
        return pdf_of(document, figures)
    if ending == ".docx":
        from experiments.report.docx import docx_of

        return docx_of(document, figures)
    raise KeyError(ending)


def draw_charts(
    results: Results, folder: Path, endings: Sequence[str] = ("png", "svg")
) -> tuple[dict[str, Path], dict[str, str]]:
    """Write every chart into a folder, with the endings that are asked for.

    Returns:
        By name: where the SVG file lies if it is asked for, and what it shows in words.
    """
    charts = tuple(results.charts())
    if not charts:
        return {}, {}
    from matplotlib import rc_context

    from experiments.charts.style import alt_of, figure_style, save

    alts = dict[str, str]()
    with rc_context(figure_style()):
        for chart in charts:
            figure = chart.draw()
            alts[chart.name] = alt_of(figure)
            save(figure, folder, chart.name, endings)
    return {name: folder / f"{name}.svg" for name in alts}, alts


def document_of(kind: Kind, opened: OpenStudy, results: Results, alts: Mapping[str, str]) -> Document:
    """Return the report of a study, without a form."""
    spoken, given = current_language(), opened.study.title
    own = str(getattr(given, spoken)) if given else msg("report_study", name=opened.study.name)
    blocks = tuple(_blocks(kind, opened, results, alts))
    return Document(
        results.title() or own,
        msg("report_kicker", district=district_title(opened)),
        str(spoken),
        blocks,
    )


def _blocks(kind: Kind, opened: OpenStudy, results: Results, alts: Mapping[str, str]) -> Iterator[Block]:
    """Yield the pages for a reader with a minute, then the annex with everything else, each told once."""
    own = results.first_pages(alts)
    first = tuple(_first_pages(opened, results, alts) if own is None else own)
    yield from first
    yield PageBreak(annex=True)
    yield Heading(msg("report_annex"))
    told, shown = set(sentences(first)), {block.name for block in first if isinstance(block, Image)}
    left = {name: alt for name, alt in alts.items() if name not in shown}
    yield from _headed(_untold(block, told) for block in _annex(kind, opened, results, left))


def _untold(block: Block, told: Collection[str]) -> Block | None:
    """Return a block without sentences that were told before, None where nothing is left of it."""
    match block:
        case Paragraph(text) | Notice(text):
            return None if text in told else block
        case Bullets(items=items):
            left = tuple(each for each in items if each not in told)
            return dataclasses.replace(block, items=left) if left else None
        case _:
            return block


def _headed(blocks: Iterable[Block | None]) -> Iterator[Block]:
    """Yield blocks of the annex, their headings below its own; one with nothing below it is left out."""
    waiting = list[Heading]()
    for block in blocks:
        if isinstance(block, Heading):
            waiting = [each for each in waiting if each.level <= block.level]
            waiting.append(dataclasses.replace(block, level=block.level + 1))
        elif block is not None:
            yield from waiting
            waiting.clear()
            yield block


def _first_pages(opened: OpenStudy, results: Results, alts: Mapping[str, str]) -> Iterator[Block]:
    """Yield what was asked, what was found in a few short sentences and one picture, and how sure that is."""
    yield notice(opened)
    if learned := mark(opened):
        yield Notice(learned)
    yield from _asked(opened)
    found = [each for each in dict.fromkeys([results.headline(), *sentences(results.blocks())]) if _short(each)]
    if found:
        yield Heading(msg("report_found"))
        yield Bullets(tuple(found[:MOST_SENTENCES]), numbered=True)
    drawn = sorted((each for each in results.charts() if each.section and each.name in alts),
                   key=lambda each: not each.on_page)  # fmt: skip
    yield from [each.image(alts[each.name]) for each in drawn[:1]]
    yield Heading(msg("report_how_sure"))
    yield Bullets(sure_at_once(opened, results.pairs))


def _short(sentence: str) -> bool:
    """Tell whether a sentence can be taken in at once."""
    return 0 < len(sentence) <= MOST_LETTERS[current_language()] and len(NUMBER.findall(sentence)) <= MOST_NUMBERS


def _asked(opened: OpenStudy) -> Iterator[Block]:
    if question := opened.study.question:
        yield Heading(msg("report_asked"))
        yield Paragraph(str(getattr(question, current_language())))


def _annex(kind: Kind, opened: OpenStudy, results: Results, alts: Mapping[str, str]) -> Iterator[Block]:
    """Yield everything else; what repeats the study stands last, and its hashes at the very end."""
    yield notice(opened)
    if learned := mark(opened):
        yield Notice(learned)
    yield from _asked(opened)
    yield from results.body(alts) or _plain_body(results, alts)
    yield from sure(opened, results.pairs)
    base = opened.manifest["bases"][0]["resolved"]
    yield from own_rules(opened)
    yield from assumed(base, opened)
    yield from limits()
    yield from glossary(base, results.explained())
    yield from results.annex()
    yield from repeat(kind, opened)


def _plain_body(results: Results, alts: Mapping[str, str]) -> Iterator[Block]:
    """Yield sentences and tables as on a terminal, then the figures."""
    waiting = list[str]()
    yield Heading(msg("report_all_found"))
    for each in results.blocks():
        if isinstance(each, str):
            waiting.append(each.strip())
            continue
        yield from _sentences(waiting)
        waiting.clear()
        yield each
    yield from _sentences(waiting)
    images = [each.image(alts[each.name]) for each in results.charts() if each.section and each.name in alts]
    if images:
        yield Heading(msg("report_figures"))
        yield from images


def _sentences(given: Iterable[str]) -> Iterator[Block]:
    kept = tuple(each for each in given if each)
    if len(kept) == 1:
        yield Paragraph(kept[0])
    elif kept:
        yield Bullets(kept)


def html_of(document: Document, figures: Mapping[str, Path]) -> str:
    """Return the page; `figures` are the SVG files by name."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["embedded"] = lambda name: base64.b64encode(figures[name].read_bytes()).decode("ascii")
    environment.filters["base64"] = lambda text: base64.b64encode(text.encode("utf-8")).decode("ascii")
    style = css() + "\n" + (HERE / "report.css").read_text(encoding="utf-8")
    return environment.get_template("report.html.j2").render(document=document, style=style)


def pdf_of(document: Document, figures: Mapping[str, Path], standards: Sequence[Literal["ua-1"]] = ()) -> bytes:
    """Return the file, tagged, with language and alternative texts, so that it can be read aloud.

    The same document gives the same bytes, for no date and no font of the machine enters.

    Args:
        figures: SVG file of each figure by name.
        standards: Standards that Typst is to insist on ("ua-1": PDF/UA); it fails where the document breaks one.
    """
    import typst

    values = {
        "title": document.title, "kicker": document.kicker, "language": document.language, "colours": VARIABLES,
        "blocks": [block.to_dict() for block in document.blocks],
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        (room / "document.json").write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")
        for figure, path in figures.items():
            shutil.copyfile(path, room / f"{figure}.svg")
        source = shutil.copyfile(HERE / "report.typ", room / "report.typ")
        world: Any = {"root": room, "font_paths": print_folders(), "ignore_system_fonts": True}
        fit = next((fit for fit in FITS if _begins(source, fit, world) <= MOST_PAGES + 1), FITS[-1])
        made: bytes = typst.compile(source, sys_inputs={"fit": fit}, pdf_standards=list(standards), **world)
    return made


def _begins(source: Path, fit: str, world: Mapping[str, Any]) -> int:
    """Return the page on which the annex begins when what is before is set like this; 0 where there is none."""
    import typst

    found = json.loads(typst.query(source, "<annex>", field="value", sys_inputs={"fit": fit}, **world))
    return int(found[0]) if found else 0
