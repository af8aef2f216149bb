"""Everything that is declared, for documents, studies and editors: topics with their keys, and the JSON schema."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_origin

from model.config.overrides import ORIGIN, check_code, hint_of
from model.config.topics import HOLDERS, OWN, file_model, topics
from model.errors import ConfigError, nearest
from model.own import NUMBERS_READ
from model.parameter import Declaration, declared, default_of, hints, is_topic, optional
from model.world import World

_NAMES = {"extends": "regimes that this one builds on; later ones win", "parts": "files of a district beside this one"}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Declared(Declaration):
    """What is declared of the value at a dotted path.

    Its type is bool, int, float or str, object where it is a list or a mapping; null is allowed where it is `optional`.
    """

    type: type
    optional: bool
    default: Any


_UNDECLARED = Declaration(unit="1", meaning="", zh="", source="")


def keys_of(row: str) -> list[str]:
    """Return the dotted keys of every value that is declared to serve a row of the claims, as "R1"."""
    known = ((topic.name, topic.keys) for topic in declared_topics() if not topic.listed)
    return [f"{name}.{key}" for name, keys in known for key, each in keys.items() if each.row == row]


def declared_at(path: str, world: World | None = None, own: type | None = None) -> Declared:
    """Return what is declared at a dotted path; entries of lists go by code, those of a world or, without one, any.

    `own` is the class that declares own numbers (`Scenario.own.numbers`); by default the one read last in this process
    that has the number, which is good for words and not for bounds.

    Raises:
        ConfigError: For a path that nobody declared, with the nearest name.
    """
    topic, *steps = path.split(".")
    if topic == OWN:
        own = own or next((each for each in NUMBERS_READ if set(hints(each)) >= set(steps)), None)
    hint = own if topic == OWN and own else hint_of(topic)
    if not is_topic(hint):
        if world is not None and steps:
            check_code(topic, steps[0], [entry.code for entry in getattr(world, topic, ())])
        hint, steps = get_args(hint)[0], steps[1:]
    return _declared(hint, steps, path)


def _declared(topic: Any, steps: list[str], path: str) -> Declared:
    """Walk down the fields of a topic; what stands in a mapping by code has its field's declaration."""
    if not steps:
        raise ConfigError([f"{ORIGIN}: {path}: expected a key below this topic, got the topic itself."])
    fields = {field.name: field for field in dataclasses.fields(topic)}
    if steps[0] not in fields:
        raise ConfigError([f"{ORIGIN}: unknown key '{steps[0]}' in '{path}'{nearest(steps[0], fields)}"])
    field, (hint, may_be_none) = fields[steps[0]], optional(hints(topic)[steps[0]])
    if is_topic(hint):
        return _declared(hint, steps[1:], path)
    inner = get_args(hint)[-1] if get_origin(hint) is dict and len(steps) == 2 else hint
    kind = inner if inner in (bool, int, float, str) else object
    known = declared(field) or _UNDECLARED
    return Declared(**vars(known), type=kind, optional=may_be_none, default=default_of(field))


@dataclasses.dataclass(frozen=True)
class Topic:
    """A top-level key of regime and district files.

    Attributes:
        holder: What it belongs to: "Law", "Habits", "World" or "Timeline".
        listed: Whether it is a list of entries, which all have these keys.
        keys: What is declared of each key beneath it, by dotted path; its meaning is "" where nothing is declared.
    """

    holder: str
    name: str
    listed: bool
    meaning: str
    keys: Mapping[str, Declared]


def declared_topics() -> Iterator[Topic]:
    """Yield every topic in the order of the declarations."""
    for holder in HOLDERS:
        for name, hint in hints(holder).items():
            if name not in topics():
                continue
            topic = hint if is_topic(hint) else get_args(hint)[0]
            above = name if is_topic(hint) else f"{name}.code"
            keys = {path: declared_at(f"{above}.{path}") for path in _paths(topic)}
            yield Topic(holder.__name__, name, not is_topic(hint), topic.__doc__.splitlines()[0], keys)


def _paths(topic: type) -> Iterator[str]:
    """Yield the dotted paths of the values in a topic."""
    for field in dataclasses.fields(topic):
        hint = hints(topic)[field.name]
        if declared(field) is None and is_topic(hint):
            yield from (f"{field.name}.{path}" for path in _paths(hint))
        else:
            yield field.name


def schema() -> dict[str, Any]:
    """Return the JSON schema (2020-12) of regime and district files."""
    made = file_model().model_json_schema()
    names = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
    links = {key: {**names, "description": meaning} for key, meaning in _NAMES.items()}
    made["properties"] = {"title": made["properties"]["title"], **links, **made["properties"]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}
