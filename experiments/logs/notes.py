"""What is said of a log while it is read: choices made for the user, and what was left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from experiments.messages import Language, msg

__all__ = ["Note", "note", "quoted"]


@dataclass(frozen=True)
class Note:
    """One thing to be said.

    Attributes
    ----------
    key : str
        Of the words, without `log_note_`.
    values : dict
        What they name and count.
    """

    key: str
    values: dict[str, Any]

    def text(self, language: Language | None = None) -> str:
        """Return the note in a language, or the one that is spoken."""
        return msg(f"log_note_{self.key}", language, **self.values)


def note(key: str, **values: Any) -> Note:
    """Return a note."""
    return Note(key, values)


def quoted(names: Iterable[str]) -> str:
    """Return names in quotes, with commas."""
    return ", ".join(f"'{name}'" for name in names)
