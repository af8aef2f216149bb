"""Every word that tables, figures and pages print, in English and Chinese: `messages.po`, which is read when needed."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple


class Language(StrEnum):
    """Languages of the interface."""

    EN = "en"
    ZH = "zh"


_CURRENT: ContextVar[Language] = ContextVar("language", default=Language.EN)


@contextmanager
def in_language(language: Language) -> Iterator[None]:
    """Let everything drawn or printed inside use this language where none is named."""
    before = _CURRENT.set(language)
    try:
        yield
    finally:
        _CURRENT.reset(before)


def current_language() -> Language:
    """Return the language that is spoken now."""
    return _CURRENT.get()


class Message(NamedTuple):
    """What stands behind a key, its places not filled in; where it counts something, also its English for 1."""

    english: str
    chinese: str
    one: str = ""


@cache
def _catalogue() -> dict[str, Message]:
    from polib import pofile

    found = {}
    for entry in pofile(str(Path(__file__).with_name("messages.po")), check_for_duplicates=True):
        if entry.msgid_plural:
            found[entry.msgctxt] = Message(entry.msgid_plural, entry.msgstr_plural[0], entry.msgid)
        else:
            found[entry.msgctxt] = Message(entry.msgid, entry.msgstr)
    return found


class _Messages(Mapping[str, Message]):
    """The catalogue; the file is read when something is looked up for the first time."""

    def __getitem__(self, key: str) -> Message:
        return _catalogue()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(_catalogue())

    def __len__(self) -> int:
        return len(_catalogue())


MESSAGES: Mapping[str, Message] = _Messages()  # by key


def register(messages: Mapping[str, tuple[str, str]]) -> None:
    """Add messages by key, English and Chinese, as a kind of study has them that is one file.

    Raises:
        ValueError: For a key that has other words already.
    """
    for key, texts in messages.items():
        if _catalogue().setdefault(key, Message(*texts)) != Message(*texts):
            raise ValueError(f"message '{key}': expected a key of its own, got one that is in use.")


def pairs_text(count: int, language: Language | None = None) -> str:
    """Return the number of pairs with its noun."""
    return msg("pairs", language, count=count)


def runs_text(count: int) -> str:
    """Return the number of runs with its noun."""
    return msg("runs", count=count)


def running_text(sentences: Iterable[str]) -> str:
    """Return sentences one after the other; in English a space parts them."""
    return ("" if current_language() is Language.ZH else " ").join(sentences)


def template(key: str) -> str:
    """Return the words of a key with its places to fill in, for a page that fills them in itself."""
    return MESSAGES[key].chinese if current_language() is Language.ZH else MESSAGES[key].english


def msg(key: str, language: Language | None = None, /, **values: object) -> str:
    """Return the words of a key with values filled in, in this language or the one that is spoken."""
    several, chinese, one = MESSAGES[key]
    english = one if one and values["count"] == 1 else several
    return (chinese if (language or current_language()) is Language.ZH else english).format(**values)
