"""What a report is made of: blocks without a form, which the page and the print each give their own."""

import dataclasses
import io
import unicodedata
from collections.abc import Iterable
from typing import Any


@dataclasses.dataclass(frozen=True)
class Block:
    """Anything that stands in a report."""

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values, with its kind."""
        return {"kind": type(self).__name__.lower(), **dataclasses.asdict(self)}


@dataclasses.dataclass(frozen=True)
class Heading(Block):
    """A heading; the title of the report is level 1."""

    text: str
    level: int = 2


@dataclasses.dataclass(frozen=True)
class Paragraph(Block):
    """A paragraph."""

    text: str


@dataclasses.dataclass(frozen=True)
class Bullets(Block):
    """Sentences one below the other; numbered where they are the ones that matter."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclasses.dataclass(frozen=True)
class Notice(Block):
    """What nobody may overlook."""

    text: str


@dataclasses.dataclass(frozen=True)
class Table(Block):
    """A table.

    Attributes:
        header: Names of the columns.
        rows: Cells; a row of one cell is a heading within the table.
        caption, note: Above and below it.
        words: So many columns, the first ones, hold words and stand left; the others hold numbers and stand right.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    note: str = ""
    words: int = 1

    def to_dict(self) -> dict[str, Any]:
        """Return it with the room that each column asks for, relative to the others."""
        columns = zip(*(row for row in self.rows if len(row) == len(self.header)), strict=True)
        rooms = [max(map(_room, column)) for column in columns] or [LEAST] * len(self.header)
        heads = [max(_room(name) / 2, *(1 + _room(word) for word in name.split() or [""])) for name in self.header]
        widths = [min(MOST, max(LEAST, *pair)) for pair in zip(rooms, heads, strict=True)]
        return super().to_dict() | {"widths": widths}


LEAST, MOST = 8, 36  # room of a column of a table in letters; what is longer is folded


def _room(words: str) -> int:
    """Return the width of words in letters; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in words)


@dataclasses.dataclass(frozen=True)
class Image(Block):
    """A figure of the study.

    Attributes:
        name: Of its file, without the ending.
        caption: Below it.
        alt: What it shows, for those who cannot see it.
    """

    name: str
    caption: str
    alt: str


@dataclasses.dataclass(frozen=True)
class Code(Block):
    """What is typed in a terminal."""

    text: str


@dataclasses.dataclass(frozen=True)
class PageBreak(Block):
    """What follows starts a new page in print, where there is room; an annex does in every form that has pages.

    Attributes:
        annex: Whether it is the annex, whose heading comes next.
    """

    annex: bool = False


@dataclasses.dataclass(frozen=True)
class QrCode(Block):
    """A square that a telephone reads.

    Attributes:
        text: What it says, such as a link or a command.
        caption: Beside it.
        alt: What it is, for those who cannot see it.
    """

    text: str
    caption: str
    alt: str

    def svg(self) -> str:
        """Return it as a picture with lines; raises a `ValueError` for a text that none can hold."""
        return self._made().svg_inline(scale=4, border=1, omitsize=True, xmldecl=False, dark="#000", light="#fff")

    def png(self) -> bytes:
        """Return it as a picture with dots; raises as `svg`."""
        sink = io.BytesIO()
        self._made().save(sink, kind="png", scale=8, border=1)
        return sink.getvalue()

    def _made(self) -> Any:
        import segno

        return segno.make(self.text, error="m", micro=False)

    def to_dict(self) -> dict[str, Any]:
        """Return it with its picture."""
        return super().to_dict() | {"svg": self.svg()}


@dataclasses.dataclass(frozen=True)
class Definitions(Block):
    """Words with what they mean."""

    entries: tuple[tuple[str, str], ...]


def sentences(blocks: Iterable[Block | str]) -> list[str]:
    """Return the sentences among blocks; what tables, headings and pictures say is left out."""
    found = list[str]()
    for block in blocks:
        match block:
            case str(text) | Paragraph(text) | Notice(text):
                found.append(text.strip())
            case Bullets(items=items):
                found += items
            case _:
                continue
    return [each for each in found if each]


@dataclasses.dataclass(frozen=True)
class Document:
    """A report.

    Attributes:
        title, kicker: What it is about, and what kind of paper it is.
        language: Tag of the language, as HTML and PDF have it.
    """

    title: str
    kicker: str
    language: str
    blocks: tuple[Block, ...]
