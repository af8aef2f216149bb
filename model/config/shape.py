"""From declarations to checks: pydantic models made of the dataclasses."""

from __future__ import annotations

import dataclasses
from functools import cache
from types import GenericAlias
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from model.config.complaints import complaint
from model.config.topics import declared, default_of, hints, is_topic, optional, topics
from model.config.yamlfile import Sheet
from model.parameter import Declaration
from model.world import Title

__all__ = ["checked", "file_model"]

_STRICT = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


def checked(sheet: Sheet) -> Sheet:
    """Return a sheet with whole numbers made numbers where those are declared, and with its problems told."""
    try:
        filled = file_model().model_validate(sheet.values)
    except ValidationError as error:
        details = sorted(error.errors(include_url=False), key=lambda detail: _position(sheet.place(detail["loc"])))
        told = dict.fromkeys(complaint(sheet, detail) for detail in details)
        return dataclasses.replace(sheet, problems=(*sheet.problems, *told))
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
