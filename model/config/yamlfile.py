"""YAML files as plain values that know their place.

libyaml parses; the values are built here from its events, so that every one keeps line and column, a key given
twice is an error with its place, aliases cannot grow without end, and words are those of YAML 1.2.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import Any, AnyStr

import yaml

from model.errors import ConfigError, raise_if_any

KeyPath = tuple[str | int, ...]  # where a value stands: keys of mappings, positions in lists
Where = Callable[[KeyPath], str]  # from where a value stands to "file:line:column: ", with which a message begins
LARGEST_FILE = 2_000_000  # bytes; the whole of Chaoyang takes some 60,000
DEEPEST = 40
MOST_VALUES = 100_000

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_DIGITS = "[0-9]+(?:_[0-9]+)*"
_INTEGER = re.compile(rf"[-+]?{_DIGITS}|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(rf"[-+]?(\.{_DIGITS}|{_DIGITS}(\.({_DIGITS})?)?)([eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS = {word: value for value, words in (
    (None, ("", "~", "null", "Null", "NULL")), (True, ("true", "True", "TRUE")), (False, ("false", "False", "FALSE")),
) for word in words}  # fmt: skip
_MOST_DIGITS = 300
_COLUMN = re.compile(r"(?<=\d):\d+$")
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True)
class Sheet:
    """The content of one file.

    Attributes:
        shown: The file as messages print it.
        values: Plain values by key.
        places: "file:line:column" by path.
        problems: What is wrong with it so far.
    """

    shown: str
    values: dict[str, Any]
    places: dict[KeyPath, str]
    problems: tuple[str, ...] = ()

    def place(self, path: KeyPath) -> str:
        """Return the place of a value, or of the nearest thing that holds it."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.places:
                return self.places[path[:length]]
        return self.shown


def line_of(place: str) -> str:
    """Return a place without its column: "file:line", or as it is where a file has cells."""
    return _COLUMN.sub("", place)


def read_yaml(path: str | Path) -> Sheet:
    """Read a YAML file whose top is a mapping; ConfigError for a file that cannot be read, or text as for `parse`."""
    return parse(read_text(Path(path), str(path)), str(path))


def parse(text: str, shown: str) -> Sheet:
    """Read YAML text whose top is a mapping.

    Raises:
        ConfigError: For text that is no YAML, nests too deep, holds too much, or is no mapping.
    """
    builder = _Builder(shown)
    values = builder.document(text)
    if not builder.places:
        raise ConfigError([f"{shown}:1:1: expected a mapping of topics, got no content."])
    if not isinstance(values, dict):
        raise ConfigError([f"{builder.places[()]}: expected a mapping of topics, got {quote(values)}."])
    return Sheet(shown, values, builder.places, tuple(builder.problems))


def parse_value(text: str) -> Any:
    """Read YAML text of any kind, a word or a list too; null if there is nothing; ConfigError as for `parse`."""
    builder = _Builder("value")
    value = builder.document(text)
    raise_if_any(builder.problems)
    return value


class _Dumper(yaml.SafeDumper):
    """PyYAML writes YAML 1.1, in which 1e5 is a word."""


_Dumper.add_representer(str, lambda dumper, text: dumper.represent_scalar(
    "tag:yaml.org,2002:str", text, style=None if scalar(text) is text else "'"
))  # fmt: skip


def to_yaml(values: Mapping[str, Any]) -> str:
    """Return plain values as YAML text that `parse` reads back."""
    return yaml.dump(dict(values), Dumper=_Dumper, allow_unicode=True, default_flow_style=None)


def read_text(path: Path, shown: str) -> str:
    """Return the text of a file.

    Raises:
        ConfigError: For a file that is missing, not a file, unreadable, too large, not UTF-8, empty, or no text.
    """
    raw = _bytes(path, shown)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place, byte = _line_column(raw, b"\n", error.start), raw[error.start]
        problem = f"{shown}:{place}: expected UTF-8, got the byte 0x{byte:02x}. Save the file as UTF-8."
        raise ConfigError([problem]) from error
    if control := _CONTROL.search(text):
        place, code = _line_column(text, "\n", control.start()), ord(control[0])
        raise ConfigError([f"{shown}:{place}: expected plain text, got the control character U+{code:04X}."])
    if not text.strip():
        raise ConfigError([f"{shown}:1:1: expected a mapping of topics, got an empty file."])
    return text


def _line_column(text: AnyStr, newline: AnyStr, at: int) -> str:
    return f"{text.count(newline, 0, at) + 1}:{at - text.rfind(newline, 0, at)}"


def _bytes(path: Path, shown: str) -> bytes:
    try:
        if not path.exists():
            raise ConfigError([f"{shown}: does not exist."])
        if not path.is_file():
            kind = "a folder" if path.is_dir() else "not a regular file"
            raise ConfigError([f"{shown}: is {kind}. Name a YAML file."])
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise ConfigError([f"{shown}: expected at most {LARGEST_FILE:,} bytes, got {size:,}."])
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise ConfigError([f"{shown}: cannot be read: {getattr(error, 'strerror', None) or error}."]) from error


def scalar(text: str) -> str | int | float | bool | None:
    """Return the value of a plain (unquoted) word in the core schema of YAML 1.2; NO, on and 2020-01-01 are words."""
    if text in _WORDS:
        return _WORDS[text]
    if len(text) <= _MOST_DIGITS and _INTEGER.fullmatch(text):
        return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))
    if _FLOAT.fullmatch(text):
        return float(text)
    if _SPECIAL.fullmatch(text):
        return float(text.replace(".", ""))
    return text


def quote(value: object) -> str:
    """Return a value as a message shows it: YAML words, long ones cut."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}"
    if isinstance(value, int) and value.bit_length() > 200:
        return "a very large number"
    text = repr(value) if isinstance(value, str) else str(value)
    text = f".{text}" if text in ("nan", "inf") else text.replace("-inf", "-.inf")
    return text if len(text) <= 60 else text[:57] + "…"


@dataclass
class _Builder:
    """Builds values from the events of a parser."""

    shown: str
    places: dict[KeyPath, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    anchors: dict[str | None, tuple[Any, int] | None] = field(default_factory=dict)
    count: int = 0

    def document(self, text: str) -> Any:
        """Return the value of the only document in a text, None if there is none."""
        try:
            stream = yaml.parse(text, _LOADER)
            top = next((event for event in stream if isinstance(event, yaml.NodeEvent)), None)
            if top is None:
                return None
            self.places[()] = self.at(top)
            value = self.node(top, stream, ())
            second = next((event for event in stream if isinstance(event, yaml.DocumentStartEvent)), None)
        except (yaml.YAMLError, UnicodeError) as error:
            raise ConfigError([self.syntax(error)]) from error
        if second is not None:
            raise ConfigError([f"{self.at(second)}: expected one document in a file, got a second one."])
        return value

    def syntax(self, error: Exception) -> str:
        if not isinstance(error, yaml.MarkedYAMLError):
            return f"{self.shown}: is not valid YAML: {error}."
        mark = error.problem_mark or error.context_mark
        place = f"{self.shown}:{mark.line + 1}:{mark.column + 1}" if mark else self.shown
        return f"{place}: is not valid YAML: {', '.join(filter(None, (error.context, error.problem)))}."

    def at(self, event: Any) -> str:
        return f"{self.shown}:{event.start_mark.line + 1}:{event.start_mark.column + 1}"

    def node(self, event: Any, stream: Iterator[Any], path: KeyPath) -> Any:
        """Return the value that begins with this event."""
        self.grow(1, event)
        if len(path) > DEEPEST:
            raise ConfigError([f"{self.at(event)}: is nested more than {DEEPEST} levels deep."])
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event)
        if event.tag not in (None, "!"):
            self.problems.append(f"{self.at(event)}: expected a plain value, got the tag {event.tag}.")
        before = self.count
        self.anchors[event.anchor] = None
        if isinstance(event, yaml.MappingStartEvent):
            value: Any = self.mapping(stream, path)
        elif isinstance(event, yaml.SequenceStartEvent):
            value = self.sequence(stream, path)
        else:
            value = event.value if event.style else scalar(event.value)
        self.anchors[event.anchor] = (value, self.count - before + 1)
        return value

    def mapping(self, stream: Iterator[Any], path: KeyPath) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key in takewhile(lambda event: not isinstance(event, yaml.MappingEndEvent), stream):
            if not isinstance(key, yaml.ScalarEvent):
                raise ConfigError([f"{self.at(key)}: expected a word as key, got something else."])
            here = (*path, key.value)
            if key.value in values:
                dotted = ".".join(map(str, here))
                self.problems.append(f"{self.at(key)}: {dotted}: duplicate key, first given at {self.places[here]}.")
            self.places.setdefault(here, self.at(key))
            values.setdefault(key.value, self.node(next(stream), stream, here))
        return values

    def sequence(self, stream: Iterator[Any], path: KeyPath) -> list[Any]:
        values: list[Any] = []
        for event in takewhile(lambda event: not isinstance(event, yaml.SequenceEndEvent), stream):
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
