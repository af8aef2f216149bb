"""Every word that tables and figures print, in English and Chinese."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum

from experiments.words.attribution import ATTRIBUTION
from experiments.words.brief import BRIEF
from experiments.words.calibrating import CALIBRATING
from experiments.words.dated import DATED
from experiments.words.discovery import DISCOVERY
from experiments.words.explaining import EXPLAINING
from experiments.words.figures import FIGURES
from experiments.words.instruments import INSTRUMENT_MEANINGS
from experiments.words.meanings import MEANINGS
from experiments.words.packages import PACKAGES
from experiments.words.page import PAGE
from experiments.words.patterns import PATTERNS
from experiments.words.phase import PHASE
from experiments.words.reallog import REALLOG
from experiments.words.report import REPORT
from experiments.words.ruling import RULING
from experiments.words.searching import SEARCHING
from experiments.words.sensitivity import SENSITIVITY
from experiments.words.studies import STUDIES
from experiments.words.sweeping import SWEEPING
from experiments.words.tables import TABLES
from experiments.words.watching import WATCHING

__all__ = ["WORDS", "Language", "pairs_in_words", "runs_in_words", "speaking", "spoken", "unfilled", "word"]


class Language(StrEnum):
    """Languages of the interface."""

    EN = "en"
    ZH = "zh"


_SPOKEN: ContextVar[Language] = ContextVar("spoken", default=Language.EN)


@contextmanager
def in_language(language: Language) -> Iterator[None]:
    """Let everything drawn or printed inside use this language where none is named."""
    before = _SPOKEN.set(language)
    try:
        yield
    finally:
        _SPOKEN.reset(before)


def current_language() -> Language:
    """Return the language that is spoken now."""
    return _SPOKEN.get()


_ROOMS = (
    TABLES, FIGURES, EXPLAINING, STUDIES, SWEEPING, SEARCHING, SENSITIVITY, ATTRIBUTION, PHASE, DATED, DISCOVERY,
    CALIBRATING, PATTERNS, REALLOG, REPORT, BRIEF, MEANINGS, INSTRUMENT_MEANINGS, PAGE, WATCHING, RULING, PACKAGES,
)  # fmt: skip

WORDS: dict[str, tuple[str, str]] = {key: words for room in _ROOMS for key, words in room.items()}
"""By key: English and Chinese."""


def pairs_text(count: int, language: Language | None = None) -> str:
    """Return the number of pairs with its noun."""
    return msg("one_pair" if count == 1 else "several_pairs", language, count=count)


def runs_text(count: int) -> str:
    """Return the number of runs with its noun."""
    return msg("one_run" if count == 1 else "several_runs", count=count)


def template(key: str) -> str:
    """Return the words of a key with its places to fill in, for a page that fills them in itself."""
    return WORDS[key][current_language() is Language.ZH]


def msg(key: str, language: Language | None = None, /, **values: object) -> str:
    """Return the words of a key with values filled in, in this language or the one that is spoken."""
    english, chinese = WORDS[key]
    return (chinese if (language or current_language()) is Language.ZH else english).format(**values)
