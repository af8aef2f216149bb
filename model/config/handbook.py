"""Everything that is declared, for documents and editors: topics with their keys, and the JSON schema of files."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from model.config.shape import file_model
from model.config.topics import HOLDERS, declared, hints, is_topic
from model.config.varying import Declared, declared_at

__all__ = ["Topic", "declared_topics", "schema"]

_NAMES = {"extends": "regimes that this one builds on; later ones win", "parts": "files of a district beside this one"}


@dataclasses.dataclass(frozen=True)
class Topic:
    """A top-level key of regime and district files.

    Attributes
    ----------
    holder : str
        What it belongs to: "Law", "Habits", "World" or "Timeline".
    name : str
    listed : bool
        Whether it is a list of entries, which all have these keys.
    meaning : str
    keys : dict
        What is declared of each key beneath it, by dotted path; its meaning is "" where nothing is declared.
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
