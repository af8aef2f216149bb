"""Checks by pydantic, made of the declarations; a problem names its place, what is expected and the nearest name."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import cache
from types import GenericAlias
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model
from pydantic_core import ErrorDetails

from model.config.topics import topics
from model.config.yamlfile import KeyPath, Sheet, quote
from model.errors import nearest, one_of, span
from model.parameter import Declaration, declared, default_of, hints, is_topic, optional
from model.world import Title

__all__ = ["checked", "file_model", "unknown"]

_STRICT = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
_WORDS: dict[Any, str] = {bool: "true or false", str: "a word or text (in quotes if it looks like a number)"}


def checked(sheet: Sheet) -> Sheet:
    """Return a sheet with its problems added, and whole numbers made numbers where those are declared."""
    try:
        filled = file_model().model_validate(sheet.values)
    except ValidationError as error:
        details = sorted(error.errors(include_url=False), key=lambda detail: _position(sheet.place(detail["loc"])))
        found = dict.fromkeys(_format_validation_error(sheet, detail) for detail in details)
        return dataclasses.replace(sheet, problems=(*sheet.problems, *found))
    return dataclasses.replace(sheet, values=filled.model_dump(exclude_unset=True))


def _position(place: str) -> tuple[int, ...]:
    """Return line and column of a place, so that problems come in the order of the file."""
    return tuple(int(part) for part in place.rsplit(":", 2)[1:] if part.isdecimal())


@cache
def file_model() -> type[BaseModel]:
    """Return the model of a whole file: its title and all topics."""
    everything = {"title": Title, **topics()}
    fields: dict[str, Any] = {name: (_annotation(hint, None), _field(None, None)) for name, hint in everything.items()}
    return create_model("Configuration", __config__=_STRICT, **fields)


@cache
def _model(topic: type) -> type[BaseModel]:
    kinds = hints(topic)
    fields: dict[str, Any] = {
        field.name: (_annotation(kinds[field.name], declared(field)), _field(declared(field), default_of(field)))
        for field in dataclasses.fields(topic)
    }
    return create_model(topic.__name__, __config__=_STRICT, __doc__=topic.__doc__, **fields)


def _field(known: Declaration | None, default: Any) -> Any:
    if known is None:
        # left out of what is dumped, so never seen
        return Field(default_factory=dict)
    words = f"{known.meaning} {known.zh}。Unit: {known.unit}. Source: {known.source}."
    return Field(default=default, description=words)


def _annotation(hint: Any, known: Declaration | None) -> Any:
    """Return the type that pydantic checks: bounds, choices and lengths written into it."""
    inner, may_be_none = optional(hint)
    if may_be_none:
        return _annotation(inner, known) | None
    if is_topic(hint):
        return _model(hint)
    if get_origin(hint) is tuple:
        length = known.length if known else None
        several: Any = GenericAlias(list, (_annotation(get_args(hint)[0], known),))
        return Annotated[several, Field(min_length=length, max_length=length)]
    if known is not None and known.choices:
        return Literal[known.choices]
    if known is not None and known.bounds and hint in (int, float):
        return Annotated[hint, Field(ge=known.bounds[0], le=known.bounds[1])]
    return hint


def _format_validation_error(sheet: Sheet, detail: ErrorDetails) -> str:
    path = detail["loc"]
    place = sheet.place(path)
    if detail["type"] == "extra_forbidden":
        return f"{place}: unknown key {unknown(sheet, path)}"
    hint, known = _at(path)
    inner, may_be_none = optional(hint)
    expected = _expected(inner, known) + (" or null" if may_be_none else "")
    return f"{place}: {_dotted(sheet, path)}: expected {expected}, got {quote(detail['input'])}."


def unknown(sheet: Sheet, path: KeyPath, beside: Sequence[str] = ("title", "extends")) -> str:
    """Return the words for a key that nobody knows, with the nearest name; `beside` are known beside the topics."""
    word, above = str(path[-1]), path[:-1]
    known = [*beside, *topics()] if not above else list(hints(_at(above)[0]))
    elsewhere = [f"{topic}.{word}" for topic, hint in topics().items() if is_topic(hint) and word in hints(hint)]
    under = f" under {_dotted(sheet, above)}" if above else ""
    guess = f"; did you mean '{elsewhere[0]}'?" if not above and elsewhere else nearest(word, known)
    return f"'{word}'{under}{guess}"


def _dotted(sheet: Sheet, path: KeyPath) -> str:
    """Return a path as people write it: list entries by their code."""
    words: list[str] = []
    value: Any = sheet.values
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            value = {}
        code = value.get("code") if isinstance(step, int) and isinstance(value, dict) else None
        words.append(str(code or step))
    return ".".join(words)


def _at(path: KeyPath) -> tuple[Any, Declaration | None]:
    """Return type and declaration of what stands at a path."""
    hint: Any = {"title": Title, **topics()}[str(path[0])]
    known: Declaration | None = None
    for step in path[1:]:
        if is_topic(hint):
            known = declared(next(field for field in dataclasses.fields(hint) if field.name == step))
            hint = hints(hint)[str(step)]
        else:
            hint = get_args(hint)[-1 if get_origin(hint) is dict else 0]
    return hint, known


def _expected(hint: Any, known: Declaration | None) -> str:
    if get_origin(hint) is tuple:
        entries = f"{known.length} entries" if known and known.length else "entries"
        return f"a list of {entries}, each {_expected(get_args(hint)[0], known)}"
    if known is not None and known.choices:
        return one_of(map(repr, known.choices))
    if hint not in (int, float):
        keys = f" of {', '.join(hints(hint))}" if is_topic(hint) else ""
        return _WORDS.get(hint, f"a mapping{keys}")
    if known is None or known.bounds is None:
        return "a whole number" if hint is int else "a number"
    return f"{'a whole number from ' if hint is int else ''}{span(*known.bounds, known.unit)}"
