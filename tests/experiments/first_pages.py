"""What stands on the pages before the annex of a report, sentence by sentence, for several tests."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import takewhile

from experiments.blocks import Block, Code, Document, Heading, Image, Notice, Paragraph, Table, sentences
from experiments.messages import MESSAGES, Language

MOST = 6  # numbers in a sentence, however they are counted


def before_annex(document: Document) -> list[Block]:
    """Return the blocks before the heading of the annex, which must be there."""
    annex = Heading(MESSAGES["report_annex"][list(Language).index(Language(document.language))])
    assert document.blocks.count(annex) == 1
    return list(takewhile(lambda block: block != annex, document.blocks))


def told(blocks: Iterable[Block], language: Language) -> Iterator[str]:
    """Yield the sentences of blocks, those of captions among them, from full stop to full stop."""
    for block in blocks:
        assert isinstance(block, Block)
        for text in [*sentences([block]), *([block.caption] if isinstance(block, Image) else [])]:
            stop = r"(?<=[。！？])" if language is Language.ZH else r"(?<=[.!?])\s"
            yield from (each for each in re.split(stop, text) if each.strip())


def numbers(sentence: str) -> int:
    """Return how many numbers a sentence holds."""
    return len(re.findall(r"\d+(?:[.,]\d+)*", sentence))


def check_first_pages(document: Document) -> None:
    """Check what holds before the annex of every report: few numbers, none of the signs of statistics."""
    language, blocks = Language(document.language), before_annex(document)
    for sentence in (document.title, *told(blocks, language)):
        assert numbers(sentence) <= MOST, sentence
    words = [each.to_dict() for each in blocks if isinstance(each, Heading | Paragraph | Notice | Table)]
    assert "±" not in str(words)
    assert not any(isinstance(each, Code) and "\n" in each.text for each in blocks)
