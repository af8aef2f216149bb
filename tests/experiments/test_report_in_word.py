"""The report as a file of Word: opened again, it has every word, table and figure, in Word's own styles."""

from __future__ import annotations

import dataclasses
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from matplotlib.figure import Figure

from experiments.blocks import (
    Block,
    Bullets,
    Code,
    Definitions,
    Document,
    Heading,
    Image,
    Notice,
    Paragraph,
    Table,
)
from experiments.report.docx import docx_of

LANGUAGES = ("en", "zh")
ROWS = (("a theme",), ("a name of some length", "1.5"), ("another", "−2"))
BLOCKS: tuple[Block, ...] = (
    Notice("mind this"), Heading("Part"), Heading("Section", 3), Heading("Deep", 9), Paragraph("办结“按期”——的诉求"),
    Bullets(("first", "second"), numbered=True), Bullets(("loose",)), Bullets(("again first",), numbered=True),
    Table(("name", "count"), ROWS, "what is counted", "how"), Table(("alone",), (("x",),), words=1),
    Code("whistle compare\n  --pairs 4"), Definitions((("term", "what it means"),)),
)  # fmt: skip


def opened(blocks: tuple[Block, ...], language: str = "zh", figures: Mapping[str, Path] | None = None) -> Any:
    """Return a report as it is read again; python-docx leaves most of its types open."""
    return docx.Document(io.BytesIO(docx_of(Document("Title", "kicker", language, blocks), figures or {})))


def test_blocks_have_the_styles_of_word() -> None:
    found = [(each.style.name, each.text) for each in opened(BLOCKS).paragraphs]
    assert found == [
        ("Subtitle", "kicker"), ("Title", "Title"), ("Notice", "mind this"), ("Heading 1", "Part"),
        ("Heading 2", "Section"), ("Heading 3", "Deep"), ("Body Text", "办结“按期”——的诉求"), ("List Number", "first"),
        ("List Number", "second"), ("List Bullet", "loose"), ("List Number", "again first"),
        ("Caption", "what is counted"), ("Table Note", "how"), ("Table Note", ""),
        ("Code", "whistle compare\n  --pairs 4"), ("Definition Term", "term"), ("Definition", "what it means"),
    ]  # fmt: skip


def test_numbers_start_from_one_in_each_list() -> None:
    word = opened(BLOCKS)
    lists = [each._p.pPr.numPr.numId.val for each in word.paragraphs if each.style.name == "List Number"]
    assert lists[0] == lists[1] != lists[2]
    starts = word.part.numbering_part.element.num_having_numId(lists[2]).xpath("w:lvlOverride/w:startOverride/@w:val")
    assert starts == ["1"]


def test_a_table_has_a_header_on_every_page_widths_and_numbers_that_stand_right() -> None:
    table = opened(BLOCKS).tables[0]
    given = next(each for each in BLOCKS if isinstance(each, Table))
    marks = [row._tr.xpath("w:trPr/w:tblHeader") != [] for row in table.rows]
    assert marks == [True, False, False, False]
    wide, narrow = (column.width for column in table.columns)
    first, second = given.to_dict()["widths"]
    assert wide / narrow == pytest.approx(first / second, rel=0.01)
    assert all(row.cells[0].width == wide for row in table.rows if len(row._tr.tc_lst) == 2)
    styles = [[cell.paragraphs[0].style for cell in row.cells] for row in table.rows if len(row._tr.tc_lst) == 2]
    assert all(name.paragraph_format.alignment is None for name, _ in styles)
    assert all(number.paragraph_format.alignment == WD_ALIGN_PARAGRAPH.RIGHT for _, number in styles)
    assert len(table.rows[1]._tr.tc_lst) == 1 and table.rows[1].cells[0].text == "a theme"
    assert table._tbl.tblPr.xpath("w:tblCaption/@w:val") == ["what is counted"]


@pytest.mark.parametrize(("language", "tags"), [("zh", ["zh-CN", "en-US"]), ("en", ["en", "en-GB"])])
def test_language_and_properties_are_set_and_name_nobody(language: str, tags: list[str]) -> None:
    word = opened(BLOCKS, language)
    about = word.core_properties
    assert [about.language, word.styles.element.xpath("w:docDefaults//w:lang/@w:val")[0]] == tags
    assert word.styles.element.xpath("w:docDefaults//w:lang/@w:eastAsia") == ["zh-CN"]
    assert (about.title, about.subject, about.author, about.last_modified_by) == ("Title", "kicker", "", "")
    assert about.created == about.modified and about.created.year == 1980


def test_chinese_stands_as_an_official_paper_does() -> None:
    word = opened(BLOCKS)
    section = word.sections[0]
    sides = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(each.cm, 1) for each in sides] == [3.7, 3.5, 2.8, 2.6]
    assert [round(each.cm, 1) for each in (section.page_width, section.page_height)] == [21.0, 29.7]
    assert section.footer._element.xpath(".//w:fldSimple/@w:instr") == ["PAGE"]
    fonts = word.styles.element.xpath("w:docDefaults//w:rFonts")[0]
    assert (fonts.get(qn("w:eastAsia")), fonts.get(qn("w:ascii"))) == ("FangSong", "Times New Roman")
    for name in ("Title", "Heading 1", "Heading 2", "Heading 3"):
        assert word.styles[name].element.xpath("w:rPr/w:rFonts/@w:eastAsia") == ["SimHei"]
    (written,) = (each for each in word.paragraphs if each.style.name == "Body Text")
    assert written._p.xpath(".//w:rFonts/@w:hint") == ["eastAsia"]  # its quotation marks are Chinese ones
    with zipfile.ZipFile(io.BytesIO(docx_of(Document("t", "k", "zh", ()), {}))) as packed:
        assert "仿宋,FangSong_GB2312" in packed.read("word/fontTable.xml").decode("utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_report_is_the_same_file(language: str, tmp_path: Path) -> None:
    blocks = (*BLOCKS, Image("drawn", "below", "what it shows"))
    made = [docx_of(Document("Title", "kicker", language, blocks), drawn(tmp_path / each)) for each in ("a", "b")]
    assert made[0] == made[1]
    with zipfile.ZipFile(io.BytesIO(made[0])) as packed:
        assert {each.date_time for each in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}  # not when it was written
    assert docx_of(Document("Other", "kicker", language, blocks), drawn(tmp_path / "c")) != made[0]


def drawn(folder: Path, height: float = 2.0) -> dict[str, Path]:
    """Return a figure drawn into a folder, as the report is handed it."""
    folder.mkdir()
    Figure((4.0, height)).savefig(folder / "drawn.png", metadata={"Software": None})
    return {"drawn": folder / "drawn.svg"}


def test_a_high_figure_leaves_room_for_its_caption(tmp_path: Path) -> None:
    word = opened((Image("drawn", "below", "what it shows"),), "en", drawn(tmp_path / "high", 20.0))
    (shape,) = word.inline_shapes
    section = word.sections[0]
    assert shape.height < 0.9 * (section.page_height - section.top_margin - section.bottom_margin)
    assert shape.height / shape.width == pytest.approx(5.0, rel=0.01)
    assert word.element.body.xpath(".//wp:docPr/@descr") == ["what it shows"]


def test_what_xml_forbids_is_left_out_and_the_rest_kept(tmp_path: Path) -> None:
    bad = "a\x00b\x0bc\x1fd\ufffee\ud800f<&>\"'😀"
    blocks = (
        Notice(bad), Heading(bad), Paragraph(bad), Bullets((bad,)), Bullets((bad,), numbered=True), Code(bad),
        Definitions(((bad, bad),)), Table((bad,), ((bad,),), bad, bad), Image("drawn", bad, bad),
    )  # fmt: skip
    made = docx_of(Document(bad * 60, bad, "en", blocks), drawn(tmp_path / "bad"))
    word = docx.Document(io.BytesIO(made))
    kept = "abcdef<&>\"'😀"
    assert {each.text for each in word.paragraphs if each.text} == {kept, kept * 60}
    assert {cell.text for row in word.tables[0].rows for cell in row.cells} == {kept}
    assert word.element.xpath(".//wp:docPr/@descr") == [kept]
    assert word.core_properties.title == (kept * 60)[:255]


@dataclasses.dataclass(frozen=True)
class Poem(Block):
    """A kind of block that nobody gave a form."""

    text: str


def test_a_kind_of_block_without_a_form_is_an_error() -> None:
    with pytest.raises(TypeError, match=r"a Poem has no form in Word; give it one in experiments\.report\.docx"):
        opened((Poem("roses"),))


def test_every_kind_of_block_is_tried_here() -> None:
    kinds = {kind for kind in Block.__subclasses__() if kind.__module__ == Block.__module__}
    assert kinds == {type(block) for block in BLOCKS} | {Image}
