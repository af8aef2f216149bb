"""Every topic of a configuration in one namespace: those of the law, of habits and of the world."""

from __future__ import annotations

import dataclasses
import inspect
import re
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from model.behaviour import Habits
from model.config.timeline import Timeline
from model.parameter import Declaration
from model.policy import Law
from model.world import World

__all__ = [
    "HOLDERS",
    "build",
    "built",
    "declared",
    "default_of",
    "hints",
    "is_topic",
    "optional",
    "origin_of_default",
    "topics",
]

HOLDERS: tuple[type, ...] = (Law, Habits, World, Timeline)

Built = TypeVar("Built")


@cache
def topics() -> dict[str, Any]:
    """Return the type of each topic: a dataclass, or a tuple of dataclasses for lists of units."""
    return {name: hint for holder in HOLDERS for name, hint in hints(holder).items()}


@cache
def hints(topic: type) -> dict[str, Any]:
    """Return the type of each field of a dataclass."""
    known = get_type_hints(topic)
    return {field.name: known[field.name] for field in dataclasses.fields(topic)}


def is_topic(hint: Any) -> bool:
    """Tell whether a type is a dataclass."""
    return isinstance(hint, type) and dataclasses.is_dataclass(hint)


def optional(hint: Any) -> tuple[Any, bool]:
    """Return the type without None, and whether None was allowed."""
    if get_origin(hint) is not UnionType:
        return hint, False
    inner = [part for part in get_args(hint) if part is not NoneType]
    return inner[0], len(inner) < len(get_args(hint))


def declared(field: dataclasses.Field[Any]) -> Declaration | None:
    """Return what is known of a field, None where it holds a nested mapping."""
    known: Declaration | None = field.metadata.get("declaration")
    return known


def default_of(field: dataclasses.Field[Any]) -> Any:
    """Return the default of a field."""
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default


def build(topic: type[Built], values: dict[str, Any]) -> Built:
    """Make a dataclass of checked values; what is not given keeps its default."""
    known: Any = topic
    kinds = hints(known)
    return topic(**{name: built(kinds[name], value) for name, value in values.items()})


def built(hint: Any, value: Any) -> Any:
    """Return a checked value as its type has it: lists as tuples, mappings as dataclasses."""
    if is_topic(hint):
        return build(hint, value)
    if get_origin(hint) is tuple:
        return tuple(built(get_args(hint)[0], entry) for entry in value)
    return value


def origin_of_default(topic: type, name: str) -> str:
    """Return "model/file.py:line" of the declaration of a field."""
    lines, first, file = _source(topic)
    declares = re.compile(rf"\s+{name}\s*:")
    return f"model/{file}:{first + next(i for i, line in enumerate(lines) if declares.match(line))}"


@cache
def _source(topic: type) -> tuple[list[str], int, str]:
    lines, first = inspect.getsourcelines(topic)
    return lines, first, Path(inspect.getfile(topic)).resolve().relative_to(Path(__file__).parents[1]).as_posix()
