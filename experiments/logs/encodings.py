"""The encoding of a text: as the user says, by its first bytes, UTF-8 where it is, else recognised."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from experiments.logs import Source, opened
from experiments.logs.options import LogOptions
from experiments.messages import msg

UTF8 = "UTF-8"
CHINESE = "gb18030"
PIECE = 1 << 20  # bytes looked at together
SAMPLE = 1 << 16  # bytes by which an encoding is recognised
COMMON = 0.7  # share of common Chinese characters beyond which bytes are taken for Chinese: others make rare ones


def encoding_of(source: Source, options: LogOptions, notes: list[str]) -> str:
    """Return the encoding of a text; one that was recognised by its bytes is noted, WrongInput where none fits."""
    if options.encoding is not None:
        return options.encoding
    with opened(source) as stream:
        odd = _not_utf8(stream)
    if odd is None:
        return UTF8
    if wide := utf16(odd):
        return wide
    found = CHINESE if _is_chinese(odd) else _detected(odd)
    if found is None:
        raise source.wrong(not_text(UTF8))
    notes.append(msg("log_note_encoding", file=source.name, encoding=found))
    return found


def not_text(encoding: str) -> str:
    """Return in words that a file is not in an encoding."""
    return f"is not valid {encoding} text. Give its --encoding, such as latin-1 or gb18030."


@contextmanager
def text_of(source: Source, encoding: str) -> Iterator[io.TextIOWrapper]:
    """Open a text with its line ends as they are; WrongInput where its bytes are in another encoding."""
    with opened(source) as stream:
        try:
            yield io.TextIOWrapper(stream, encoding, newline="")
        except UnicodeError as error:
            raise source.wrong(not_text(encoding)) from error


def head_text(head: bytes) -> str:
    """Return first bytes as text by which a format may be recognised; letters beyond ASCII may be wrong."""
    return head.decode(utf16(head) or "utf-8", "replace").removeprefix("\ufeff")


def utf16(head: bytes) -> str | None:
    """Return which UTF-16 the first bytes are in, by their mark or by the zeros that ASCII has there; None: in none."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) <= len(head) // 20 or min(even, odd) * 20 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _not_utf8(stream: BinaryIO) -> bytes | None:
    """Return the first bytes and those around the first that are not UTF-8, whole lines; None where all are UTF-8."""
    decoder, head = codecs.getincrementaldecoder("utf-8")(), stream.read(SAMPLE)
    if utf16(head):
        return head
    piece = head
    while True:
        try:
            decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            near = piece[max(0, error.start - SAMPLE) :][: 2 * SAMPLE]
            return head if piece is head else head[: head.rfind(b"\n") + 1] + near[near.find(b"\n") + 1 :]
        if not piece:
            return None
        piece = stream.read(PIECE)


def _is_chinese(sample: bytes) -> bool:
    """Tell whether most of what is beyond ASCII would be common Chinese characters; some bytes may be damaged."""
    text = codecs.getincrementaldecoder(CHINESE)("replace").decode(sample)
    beyond = [letter for letter in text if ord(letter) >= 0x80]
    common = sum(0xB0 <= letter.encode("gb2312", "replace")[0] <= 0xD7 or "\u3000" <= letter <= "\u303f"
                 or "\uff00" <= letter <= "\uffef" for letter in beyond)  # fmt: skip
    return common >= COMMON * len(beyond) > 0


def _detected(sample: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    return None if best is None else best.encoding
