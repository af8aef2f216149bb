"""The report as a PDF, typeset by Typst from plain values, so that no word of a study is taken for markup."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from experiments.blocks import Document

__all__ = ["pdf_of"]

Standard = Literal["ua-1"]

TEMPLATE = Path(__file__).with_name("report.typ")


def pdf_of(document: Document, figures: Mapping[str, Path], font: Path, standards: Sequence[Standard] = ()) -> bytes:
    """Return the file, tagged, with language and alternative texts, so that it can be read aloud.

    The same document gives the same bytes, for no date and no font of the machine enters.

    Parameters
    ----------
    document : Document
    figures : mapping
        SVG file of each figure by name.
    font : Path
        File of the one font, which has Chinese characters.
    standards : sequence of word
        Standards that Typst is to insist on ("ua-1": PDF/UA); it fails where the document breaks one.
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
        source = shutil.copyfile(TEMPLATE, room / TEMPLATE.name)
        made: bytes = typst.compile(
            source, root=room, font_paths=[font.parent], ignore_system_fonts=True, pdf_standards=list(standards)
        )
    return made
