"""JSON read element by element: the elements of what is outermost are decoded one after the other."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from experiments.logs import Source
from experiments.logs.encodings import text_of
from experiments.logs.limits import Memory

PIECE = 1 << 22  # letters read together
_SPACE = re.compile(r"[ \t\r\n]*")
DECODER = json.JSONDecoder(parse_constant=lambda _: None)  # NaN and Infinity, which JSON does not have, are nothing


def whole_text(source: Source, encoding: str) -> str:
    """Return a text as a whole, where it fits into memory."""
    memory, pieces = Memory(source.wrong), []
    with text_of(source, encoding) as stream:
        while piece := stream.read(PIECE):
            memory.take(2 * piece.__sizeof__())  # once more when the pieces are joined
            pieces.append(piece)
    return "".join(pieces).removeprefix("\ufeff")


@contextmanager
def valid_json(source: Source, what: str) -> Iterator[None]:
    """Say of JSON that is damaged, or nested without end, that the file is none of the kind that it should be."""
    try:
        yield
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}: {error.msg}"
        raise source.wrong(f"is not a complete {what} file ({place}). Export it again.") from error
    except (RecursionError, ValueError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)[:120]
        raise source.wrong(f"is not a complete {what} file ({reason}). Export it again.") from error


def elements(text: str) -> Iterator[tuple[str, str | None, Any]]:
    """Yield the elements of an array, or of the arrays and objects of the outermost object.

    Each comes with the key under which it stands, "" in an array, and, in an object, with its own key.

    Raises:
        ValueError, RecursionError: For text that is no JSON, at the latest where it ends to be.
    """
    walker = _Walker(text)
    for key, at in walker.members(0):
        inside = text[at : at + 1]
        if key is not None and inside in ("[", "{"):
            for own, place in walker.members(at):
                yield key, own, walker.decoded(place)
        else:
            yield key or "", None, walker.decoded(at)
    if walker.at != len(text):
        raise json.JSONDecodeError("Extra data", text, walker.at)


class _Walker:
    """Goes through a text; `at` is where it has come to."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def decoded(self, at: int) -> Any:
        """Return the value at a place."""
        value, self.at = DECODER.raw_decode(self.text, at)
        return value

    def members(self, at: int) -> Iterator[tuple[str | None, int]]:
        """Yield key and place of the values of an object, or None and place in an array; each must be gone through."""
        self._skip(at)
        first = self._sign("[{")
        end = "]" if first == "[" else "}"
        if self.text[self.at : self.at + 1] == end:
            self._sign(end)
            return
        while True:
            key = None
            if first == "{":
                if self.text[self.at : self.at + 1] != '"':
                    raise json.JSONDecodeError("Expecting a name in quotes", self.text, self.at)
                key = self.decoded(self.at)
                self._skip(self.at)
                self._sign(":")
            yield key, self.at
            self._skip(self.at)
            if self._sign(f",{end}") == end:
                return

    def _sign(self, expected: str) -> str:
        found = self.text[self.at : self.at + 1]
        if not found or found not in expected:
            raise json.JSONDecodeError(f"Expecting {' or '.join(expected)}", self.text, self.at)
        self._skip(self.at + 1)
        return found

    def _skip(self, at: int) -> None:
        space = _SPACE.match(self.text, at)
        self.at = at if space is None else space.end()
