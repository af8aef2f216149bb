"""The report as files: a page of HTML that needs nothing else, and a PDF.

The page has no script, no font, no link, and its figures within. The PDF is typeset by Typst from plain values, so that
no word of a study is taken for markup.
"""

from __future__ import annotations

import base64
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from experiments.blocks import Document

HERE = Path(__file__).parent


def html_of(document: Document, figures: Mapping[str, Path]) -> str:
    """Return the page.

    Args:
        figures: SVG file of each figure by name.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["embedded"] = lambda name: _embedded(figures[name])
    style = (HERE / "report.css").read_text(encoding="utf-8")
    return environment.get_template("report.html.j2").render(document=document, style=style)


def _embedded(path: Path) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"


def pdf_of(
    document: Document, figures: Mapping[str, Path], font: Path, standards: Sequence[Literal["ua-1"]] = ()
) -> bytes:
    """Return the file, tagged, with language and alternative texts, so that it can be read aloud.

    The same document gives the same bytes, for no date and no font of the machine enters.

    Args:
        figures: SVG file of each figure by name.
        font: File of the one font, which has Chinese characters.
        standards: Standards that Typst is to insist on ("ua-1": PDF/UA); it fails where the document breaks one.
    """
    import typst

    values = {
        "title": document.title, "kicker": document.kicker, "language": document.language,
        "blocks": [block.to_dict() for block in document.blocks],
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        (room / "document.json").write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")
        for figure, path in figures.items():
            shutil.copyfile(path, room / f"{figure}.svg")
        source = shutil.copyfile(HERE / "report.typ", room / "report.typ")
        made: bytes = typst.compile(
            source, root=room, font_paths=[font.parent], ignore_system_fonts=True, pdf_standards=list(standards)
        )
    return made
