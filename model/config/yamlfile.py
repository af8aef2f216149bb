"""A YAML file as plain values that know their place.

ruamel.yaml parses (YAML 1.2); the values are built here from its events, so that every one keeps
line and column, a key given twice is an error with its place, and aliases cannot grow without end.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from io import StringIO
from pathlib import Path as File
from typing import Any

from ruamel.yaml import YAML, events
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from model.config.yamltext import quote, read_text, scalar
from model.errors import ConfigError

__all__ = ["Path", "Sheet", "parse", "read_yaml"]

Path = tuple[str | int, ...]
"""Where a value stands: keys of mappings, places in lists."""

DEEPEST = 40
MOST_VALUES = 100_000


@dataclass(frozen=True)
class Sheet:
    """What one file says.

    Attributes
    ----------
    shown : str
        The file as messages print it.
    values : dict
        Plain values by key.
    places : dict
        "file:line:column" by path.
    digest : str
        SHA-256 of the text.
    problems : tuple of str
        What is wrong with it so far.
    """

    shown: str
    values: dict[str, Any]
    places: dict[Path, str]
    digest: str = ""
    problems: tuple[str, ...] = ()

    def place(self, path: Path) -> str:
        """Return the place of a value, or of the nearest thing that holds it."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.places:
                return self.places[path[:length]]
        return self.shown


def parse(text: str, shown: str) -> Sheet:
    """Read YAML text whose top is a mapping.

    Raises
    ------
    ConfigError
        For text that is no YAML, nests too deep, holds too much, or is no mapping.
    """
    try:
        sheet = _Builder(shown).sheet(YAML(typ="safe", pure=True).parse(StringIO(text)))
    except MarkedYAMLError as error:
        raise ConfigError([_syntax(error, shown)]) from error
    except YAMLError as error:
        raise ConfigError([f"{shown}: is not valid YAML: {error}."]) from error
    return replace(sheet, digest=hashlib.sha256(text.encode()).hexdigest())


def read_yaml(path: str | File) -> Sheet:
    """Read a YAML file whose top is a mapping.

    Raises
    ------
    ConfigError
        For a file that cannot be read, or text as `parse` refuses it.
    """
    return parse(read_text(File(path), str(path)), str(path))


def _syntax(error: MarkedYAMLError, shown: str) -> str:
    mark = error.problem_mark or error.context_mark
    place = f"{shown}:{mark.line + 1}:{mark.column + 1}" if mark else shown
    return f"{place}: is not valid YAML: {', '.join(words for words in (error.context, error.problem) if words)}."


@dataclass
class _Builder:
    shown: str
    places: dict[Path, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    anchors: dict[str, tuple[Any, int] | None] = field(default_factory=dict)
    count: int = 0

    def sheet(self, stream: Iterator[Any]) -> Sheet:
        event = next((event for event in stream if isinstance(event, events.NodeEvent)), None)
        if event is None:
            raise ConfigError([f"{self.shown}:1:1: expected a mapping of topics, got no content."])
        self.places[()] = self.at(event)
        values = self.node(event, stream, ())
        self.no_second_document(stream)
        if not isinstance(values, dict):
            raise ConfigError([f"{self.at(event)}: expected a mapping of topics, got {quote(values)}."])
        return Sheet(self.shown, values, self.places, problems=tuple(self.problems))

    def at(self, event: Any) -> str:
        return f"{self.shown}:{event.start_mark.line + 1}:{event.start_mark.column + 1}"

    def no_second_document(self, stream: Iterator[Any]) -> None:
        for event in stream:
            if isinstance(event, events.DocumentStartEvent):
                raise ConfigError([f"{self.at(event)}: expected one document in a file, got a second one."])

    def node(self, event: Any, stream: Iterator[Any], path: Path) -> Any:
        """Return the value that begins with this event."""
        self.grow(1, event)
        if len(path) > DEEPEST:
            raise ConfigError([f"{self.at(event)}: is nested more than {DEEPEST} levels deep."])
        if isinstance(event, events.AliasEvent):
            return self.alias(event)
        before = self.count
        if event.anchor:
            self.anchors[event.anchor] = None
        value = self.fresh(event, stream, path)
        if event.anchor:
            self.anchors[event.anchor] = (value, self.count - before + 1)
        return value

    def fresh(self, event: Any, stream: Iterator[Any], path: Path) -> Any:
        if event.tag not in (None, "!"):
            self.problems.append(f"{self.at(event)}: expected a plain value, got the tag {event.tag}.")
        if isinstance(event, events.MappingStartEvent):
            return self.mapping(stream, path)
        if isinstance(event, events.SequenceStartEvent):
            return self.sequence(stream, path)
        return event.value if event.style else scalar(event.value)

    def mapping(self, stream: Iterator[Any], path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key in stream:
            if isinstance(key, events.MappingEndEvent):
                break
            if not isinstance(key, events.ScalarEvent):
                raise ConfigError([f"{self.at(key)}: expected a word as key, got something else."])
            here, twice = (*path, key.value), key.value in values
            if twice:
                dotted = ".".join(map(str, here))
                self.problems.append(f"{self.at(key)}: {dotted}: duplicate key, first given at {self.places[here]}.")
            self.places.setdefault(here, self.at(key))
            value = self.node(next(stream), stream, here)
            values.setdefault(key.value, value)
        return values

    def sequence(self, stream: Iterator[Any], path: Path) -> list[Any]:
        values: list[Any] = []
        for event in stream:
            if isinstance(event, events.SequenceEndEvent):
                break
            here = (*path, len(values))
            self.places[here] = self.at(event)
            values.append(self.node(event, stream, here))
        return values

    def alias(self, event: Any) -> Any:
        if event.anchor not in self.anchors:
            raise ConfigError([f"{self.at(event)}: alias '*{event.anchor}' has no anchor."])
        known = self.anchors[event.anchor]
        if known is None:
            raise ConfigError([f"{self.at(event)}: alias '*{event.anchor}' contains itself."])
        value, size = known
        self.grow(size, event)
        return value

    def grow(self, by: int, event: Any) -> None:
        self.count += by
        if self.count > MOST_VALUES:
            raise ConfigError([f"{self.at(event)}: contains more than {MOST_VALUES:,} values (with aliases expanded)."])
