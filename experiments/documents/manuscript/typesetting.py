"""The PDF of the manuscript, from its text and its record."""

from __future__ import annotations

from pathlib import Path

from experiments.documents.manuscript import PAPER
from experiments.store.files import whole

__all__ = ["typeset"]


def typeset(target: Path, root: Path = PAPER) -> None:
    """Typeset the manuscript.

    Parameters
    ----------
    target : Path
        The PDF.
    root : Path
        Folder of `paper.typ`, its text, its bibliographies and `record/`.

    Raises
    ------
    typst.TypstError
        Where the text quotes what the record does not hold, or says what the record does not show.
    """
    import typst

    from experiments.charts.style import chinese_font

    made: bytes = typst.compile(
        root / "paper.typ", root=root, font_paths=[chinese_font().parent], ignore_system_fonts=True
    )
    with whole(target) as sink:
        sink.write(made)
