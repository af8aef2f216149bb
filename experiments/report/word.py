"""An empty report in Word: its styles, its page, what it says of itself; and how it becomes bytes, always the same."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement, parse_xml
from docx.shared import Cm, Length
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from experiments.colours import VARIABLES

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.opc.rel import Relationships
    from docx.text.paragraph import Paragraph as WordParagraph

    from experiments.blocks import Document

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Sheet:
    """Margins of an A4 page, and how far what stands above and below it is from its edges; centimetres."""

    top: float
    bottom: float
    left: float
    right: float
    footer: float
    header: float
    width: float = 21.0
    height: float = 29.7

    @property
    def text_width(self) -> Length:
        """How wide the text is."""
        return Cm(self.width - self.left - self.right)

    @property
    def text_height(self) -> Length:
        """How high the text is."""
        return Cm(self.height - self.top - self.bottom)


@dataclass(frozen=True)
class Tongue:
    """What a language asks of a file of Word: its tag, that of Latin words in it, the page, how punctuation is set."""

    tag: str
    latin_tag: str
    sheet: Sheet
    spacing: str


TONGUES = {
    "zh": Tongue(
        "zh-CN", "en-US", Sheet(3.7, 3.5, 2.8, 2.6, footer=2.5, header=2.3), "compressPunctuation"
    ),  # GB/T 9704
    "en": Tongue("en", "en-GB", Sheet(2.2, 2.0, 2.2, 2.2, footer=1.0, header=1.1), "doNotCompress"),
}

NUMBERED = 2  # number of the numbered kind of list in `report.numbering.xml.j2`
LONGEST_PROPERTY = 255  # letters of a title in the properties of a file
ALWAYS = datetime(1980, 1, 1)  # date of all that is dated, so that the same report is the same file; a ZIP's first day

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WIDE = re.compile("[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")


def allowed(words: str) -> str:
    """Return words without what XML forbids: control characters, halves of a surrogate pair."""
    return _FORBIDDEN.sub("", words)


def write_words(paragraph: WordParagraph, words: str, style: str | None = None) -> None:
    """Write words at the end of a paragraph; quotation marks and dashes among Chinese ones are Chinese ones."""
    kept = allowed(words)
    run = paragraph.add_run(kept, style)
    if _WIDE.search(kept):
        run.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:hint"), "eastAsia")


def empty_word(document: Document) -> WordDocument:
    """Return an empty file of Word for a report, in its language.

    Raises:
        KeyError: If Word's form of this language is not known.
    """
    word, tongue = docx.Document(), TONGUES[document.language]
    _drop(word.part.package.rels, RELATIONSHIP_TYPE.THUMBNAIL, RELATIONSHIP_TYPE.EXTENDED_PROPERTIES)
    _drop(
        word.part.rels, RELATIONSHIP_TYPE.CUSTOM_XML, RELATIONSHIP_TYPE.WEB_SETTINGS, RELATIONSHIP_TYPE.FONT_TABLE,
        "http://schemas.microsoft.com/office/2007/relationships/stylesWithEffects",
    )  # fmt: skip
    _style(word, document.language, tongue)
    _set_page(word, document, tongue.sheet)
    _describe(word, document, tongue)
    return word


def _drop(relations: Relationships, *kinds: str) -> None:
    """Leave parts of the library's template out."""
    for name in [name for name, each in relations.items() if each.reltype in kinds]:
        del relations[name]


def _style(word: WordDocument, language: str, tongue: Tongue) -> None:
    """Replace the styles, lists and fonts of the library's template by those of a report."""
    environment = Environment(loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined)
    for element, name in (
        (word.styles.element, "report.styles.xml.j2"),
        (word.part.numbering_part.element, "report.numbering.xml.j2"),
    ):
        made = environment.get_template(name).render(language=language, latin_tag=tongue.latin_tag, colours=VARIABLES)
        element[:] = list(parse_xml(made))
    fonts = (HERE / "report.fonts.xml").read_bytes()
    place = PackURI("/word/fontTable.xml")
    part = Part(place, CONTENT_TYPE.WML_FONT_TABLE, fonts, word.part.package)
    word.part.relate_to(part, RELATIONSHIP_TYPE.FONT_TABLE)
    settings = word.settings.element
    for path, attribute, value in (
        ("w:themeFontLang", "w:val", tongue.latin_tag), ("w:themeFontLang", "w:eastAsia", "zh-CN"),
        ("w:characterSpacingControl", "w:val", tongue.spacing), ("w:zoom", "w:percent", "100"),
        ("w:compat/w:compatSetting[@w:name='compatibilityMode']", "w:val", "15"),
    ):  # fmt: skip
        settings.xpath(path)[0].set(qn(attribute), value)


def _set_page(word: WordDocument, document: Document, sheet: Sheet) -> None:
    """Make it A4, with what it is above and the page number below."""
    section = word.sections[0]
    section.page_width, section.page_height = Cm(sheet.width), Cm(sheet.height)
    section.top_margin, section.bottom_margin = Cm(sheet.top), Cm(sheet.bottom)
    section.left_margin, section.right_margin = Cm(sheet.left), Cm(sheet.right)
    section.footer_distance, section.header_distance = Cm(sheet.footer), Cm(sheet.header)
    above = section.header.paragraphs[0]
    above.style = word.styles["Header"]
    write_words(above, document.kicker)
    below = section.footer.paragraphs[0]
    below.style = word.styles["Footer"]
    below.add_run("— ")
    field = OxmlElement("w:fldSimple", {qn("w:instr"): "PAGE"})
    field.append(below.add_run("1").element)
    below.add_run(" —").element.addprevious(field)


def _describe(word: WordDocument, document: Document, tongue: Tongue) -> None:
    """Say in the file's properties what it is; nothing of who wrote it, nor when."""
    about = word.core_properties
    about.title = allowed(document.title)[:LONGEST_PROPERTY]
    about.subject = allowed(document.kicker)[:LONGEST_PROPERTY]
    about.language = tongue.tag
    about.author = about.last_modified_by = about.comments = ""
    about.created = about.modified = ALWAYS


def packed(word: WordDocument) -> bytes:
    """Return the file; the same content gives the same bytes."""
    written, sink = io.BytesIO(), io.BytesIO()
    word.save(written)
    with ZipFile(written) as given, ZipFile(sink, "w", ZIP_DEFLATED) as kept:
        for name in given.namelist():
            entry = ZipInfo(name, ALWAYS.timetuple()[:6])
            entry.compress_type, entry.create_system = ZIP_DEFLATED, 0
            kept.writestr(entry, given.read(name))
    return sink.getvalue()
