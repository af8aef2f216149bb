"""The report as a file of Word, which an office can edit and file: the blocks of the page in Word's own styles."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Cm, Emu, Length, Pt

from experiments.blocks import (
    Block,
    Bullets,
    Code,
    Definitions,
    Document,
    Heading,
    Image,
    Notice,
    PageBreak,
    Paragraph,
    QrCode,
    Table,
)
from experiments.report.word import NUMBERED, TONGUES, allowed, empty_word, packed, write_words

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.shape import InlineShape
    from docx.table import Table as WordTable
    from docx.table import _Row
    from docx.text.paragraph import Paragraph as WordParagraph

LEVELS = 3  # of headings that have a style
LONG, TOGETHER = 25, 3  # rows of a table that may break, and how many of its ends stay together
SQUARE = Cm(2.6)  # of a square that a telephone reads
AFTER = Pt(5)  # height of what parts a table from the next
HIGHEST_FIRST = Cm(8.2)  # of a figure on the pages before an annex
HIGHEST = 0.85  # of the text's height that a figure may take, so that its caption stands on the same page


def docx_of(document: Document, figures: Mapping[str, Path]) -> bytes:
    """Return the file, with language, alternative texts, and the styles from which Word makes outline and contents.

    The same document and figures give the same bytes: no date and no name of a user enters.

    Args:
        figures: SVG file of each figure by name; the PNG file that lies beside it is what is shown.

    Raises:
        TypeError: For a kind of block that has no form here.
    """
    word, sheet = empty_word(document), TONGUES[document.language].sheet
    writer = _Writer(word, figures, sheet.text_width, Emu(int(HIGHEST * sheet.text_height)))
    writer.annexed = PageBreak(annex=True) not in document.blocks
    writer.words(document.title, "Title")
    for block in document.blocks:
        writer.put(block)
    return packed(word)


@dataclass
class _Writer:
    """What blocks are written with: the file, the figures, the room for them, and where that is.

    Attributes:
        due: Whether a new page is due.
        annexed: Whether what comes need not stand on the pages before an annex.
    """

    word: WordDocument
    figures: Mapping[str, Path]
    width: Length
    height: Length
    due: bool = False
    annexed: bool = True

    def put(self, block: Block) -> None:
        """Write a block at the end of the file."""
        match block:
            case Heading(text, level):
                self.words(text, f"Heading {min(max(level - 1, 1), LEVELS)}")  # the title is level 1
            case Paragraph(text):
                self.words(text, "Body Text")
            case Notice(text):
                self.words(text, "Notice")
            case Code(text):
                self.words(text, "Code")
            case Bullets(items, numbered):
                self._list(items, numbered)
            case Definitions(entries):
                for term, meaning in entries:
                    self.words(term, "Definition Term")
                    self.words(meaning, "Definition")
            case Table():
                self._table(block)
            case Image():
                self._figure(block)
            case PageBreak(annex):
                self.due |= annex  # words before the annex flow on: how many fit a page, Word alone knows
                self.annexed |= annex
            case QrCode():
                self._square(block)
            case _:
                raise TypeError(f"a {type(block).__name__} has no form in Word; give it one in {__name__}")

    def words(self, text: str, style: str) -> WordParagraph:
        """Write a paragraph and return it."""
        paragraph = self._paragraph(style)
        write_words(paragraph, text)
        return paragraph

    def _paragraph(self, style: str) -> WordParagraph:
        """Begin a paragraph, on a new page if one is due."""
        paragraph = self.word.add_paragraph(style=style)
        if self.due:
            paragraph.paragraph_format.page_break_before = True
            self.due = False
        return paragraph

    def _list(self, items: Sequence[str], numbered: bool) -> None:
        """Write sentences one below the other; numbers start from one in each list."""
        if not numbered:
            for item in items:
                self.words(item, "List Bullet")
            return
        number = self.word.part.numbering_part.element.add_num(NUMBERED)
        number.add_lvlOverride(ilvl=0).add_startOverride(1)
        for item in items:
            paragraph = self.words(item, "List Number").paragraph_format.element
            paragraph.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = number.numId

    def _figure(self, block: Image) -> None:
        """Write a figure as wide as the text, less where it would be too high, and its caption below."""
        shape = self._picture(str(self.figures[block.name].with_suffix(".png")), self.width, block.name, block.alt)
        highest = self.height if self.annexed else HIGHEST_FIRST
        if shape.height > highest:
            shape.width, shape.height = Emu(int(shape.width * highest / shape.height)), highest
        self.words(block.caption, "Caption")

    def _square(self, block: QrCode) -> None:
        """Write a square that a telephone reads, and its caption below."""
        self._picture(io.BytesIO(block.png()), SQUARE, "qr", block.alt)
        self.words(block.caption, "Caption")

    def _picture(self, source: str | IO[bytes], width: Length, name: str, alt: str) -> InlineShape:
        """Write a picture in a paragraph of its own and return it."""
        run = self._paragraph("Figure").add_run()
        shape = run.add_picture(source, width=width)
        about = run.element.xpath(".//wp:docPr")[0]
        about.set("name", allowed(name))
        about.set("descr", allowed(alt))
        return shape

    def _table(self, block: Table) -> None:
        """Write a table between its caption and its note."""
        if block.caption or self.due:
            self.words(block.caption, "Caption").paragraph_format.keep_with_next = True
        table = self.word.add_table(0, len(block.header), "Report Table")
        _lay_out(table, block, self.width)
        _fill(_row(table, "w:tblHeader"), block.header, block.words)
        for row in block.rows:
            added = _row(table)
            if len(row) == 1 < len(block.header):
                added.cells[0].merge(added.cells[-1])
                write_words(added.cells[0].paragraphs[0], row[0], "Strong")
                added.cells[0].paragraphs[0].style = "Table Text"
            else:
                _fill(added, row, block.words)
        _keep(table)
        after = self.words(block.note, "Table Note")  # two tables without a paragraph between them are one
        if not block.note:
            after.paragraph_format.line_spacing = AFTER


def _lay_out(table: WordTable, block: Table, width: Length) -> None:
    """Give a table without rows columns as wide as they ask for, and its caption for those who cannot see it."""
    table.autofit = False
    rooms = block.to_dict()["widths"]
    for column, room in zip(table.columns, rooms, strict=True):
        column.width = Emu(int(width * room / sum(rooms)))
    about = table._tbl.tblPr
    about.xpath("w:tblW")[0].attrib.update({qn("w:type"): "dxa", qn("w:w"): str(width.twips)})
    about.xpath("w:tblLook")[0].attrib.update(LOOK)
    about.append(OxmlElement("w:tblCaption", {qn("w:val"): allowed(block.caption or block.header[0])}))


def _keep(table: WordTable) -> None:
    """Keep the rows of a short table on one page; of a long one the header and the first rows, and the last ones."""
    rows = table.rows
    for place, row in enumerate(rows):
        near = place < TOGETHER or place >= len(rows) - TOGETHER
        if (len(rows) <= LONG or near) and place < len(rows) - 1:
            for cell in row.cells:
                cell.paragraphs[0].paragraph_format.keep_with_next = True


LOOK = {qn(f"w:{name}"): value for name, value in (("val", "0620"), ("firstColumn", "0"), ("noHBand", "1"))}
"""A table whose first row alone is set apart."""


def _row(table: WordTable, *marks: str) -> _Row:
    """Add a row that no page parts."""
    added: _Row = table.add_row()
    for mark in ("w:cantSplit", *marks):
        added._tr.get_or_add_trPr().append(OxmlElement(mark))
    return added


def _fill(row: _Row, texts: Sequence[str], words: int) -> None:
    """Write the cells of a row: the first ones hold words, the others numbers."""
    for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        write_words(cell.paragraphs[0], text)
        cell.paragraphs[0].style = "Table Text" if place < words else "Table Number"
