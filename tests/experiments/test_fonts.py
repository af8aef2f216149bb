"""One face in two weights, small enough to send, with every letter that the package says."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont
from matplotlib import font_manager, rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font
from pypdf import PdfReader

from experiments.blocks import Document, Heading, Paragraph
from experiments.charts.style import figure_style
from experiments.fonts import ALL, BOLD, FAMILY, FOLDER, WEIGHTS, css, files, whole_font
from experiments.messages import MESSAGES
from experiments.report.writing import pdf_of

RARE = "龘"  # no letter of the package's words


def letters(path: Path) -> set[str]:
    return set(map(chr, FT2Font(str(path)).get_charmap()))


def test_every_letter_of_every_message_is_in_both_weights() -> None:
    said = {letter for english, chinese, _ in MESSAGES.values() for letter in english + chinese if letter.isprintable()}
    for path in (whole_font(), BOLD):
        assert said - letters(path) == set(), path.name


def test_the_letters_for_browsers_are_those_for_print_and_small() -> None:
    for path in WEIGHTS.values():
        assert set(map(chr, TTFont(path).getBestCmap())) == letters(BOLD)
    assert sum(path.stat().st_size for path in WEIGHTS.values()) <= 600_000
    assert "SIL OPEN FONT LICENSE" in (FOLDER / "OFL.txt").read_text(encoding="utf-8").upper()


def test_a_style_sheet_names_files_by_their_content_and_the_whole_face_last() -> None:
    named = re.findall(r'url\("([^"]+)"\)', css())
    assert named == list(files()) and [path.suffix for path in files().values()] == [".woff2", ".woff2", ".ttf"]
    stack = css().partition("--face:")[2]
    assert stack.index(FAMILY) < stack.index("PingFang SC") < stack.index(ALL)


def test_figures_take_the_bold_face_and_letters_that_it_lacks_from_the_whole_one(tmp_path: Path) -> None:
    with rc_context(figure_style()):
        bold = font_manager.findfont(font_manager.FontProperties(family=FAMILY, weight="bold"))
        plain = font_manager.findfont(font_manager.FontProperties(family=FAMILY))
        assert (Path(bold), Path(plain)) == (BOLD, whole_font())
        figure = Figure((2.0, 1.0))
        FigureCanvasAgg(figure)
        assert RARE not in letters(BOLD)
        figure.text(0.1, 0.5, f"按期办结 Closed {RARE} → ✓", fontweight="bold")
        figure.savefig(tmp_path / "drawn.png")  # a letter that no face has is a warning, which is an error here


def test_the_print_has_both_weights_and_every_letter() -> None:
    document = Document(f"按期办结 {RARE}", "kicker", "zh", (Heading(f"标题 {RARE}"), Paragraph("正文")))
    page: Any = PdfReader(BytesIO(pdf_of(document, {}))).pages[0]
    fonts = {str(font.get_object()["/BaseFont"]).partition("+")[2] for font in page["/Resources"]["/Font"].values()}
    assert {name.removesuffix("-Identity-H") for name in fonts} == {"NotoSansSC-Bold", "NotoSansSC-Regular"}
    assert page.extract_text().count(RARE) == 2
