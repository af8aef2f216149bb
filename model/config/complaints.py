"""What pydantic found wrong, in words: where, what, what is allowed, the nearest name."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any, get_args, get_origin

from pydantic_core import ErrorDetails

from model.config.shipped import nearest
from model.config.topics import declared, hints, is_topic, optional, topics
from model.config.yamlfile import KeyPath, Sheet, quote
from model.errors import one_of, span
from model.parameter import Declaration
from model.world import Title

__all__ = ["complaint", "dotted", "unknown"]


def dotted(sheet: Sheet, path: KeyPath) -> str:
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


def complaint(sheet: Sheet, detail: ErrorDetails) -> str:
    """Return one problem of a sheet as a line."""
    path = detail["loc"]
    place = sheet.place(path)
    if detail["type"] == "extra_forbidden":
        return f"{place}: unknown key {unknown(sheet, path)}"
    return f"{place}: {dotted(sheet, path)}: expected {_allowed(path)}, got {quote(detail['input'])}."


def unknown(sheet: Sheet, path: KeyPath, beside: Sequence[str] = ("title", "extends")) -> str:
    """Return the words for a key that nobody knows, with the nearest name; `beside` are known beside the topics."""
    word, above = str(path[-1]), path[:-1]
    known = [*beside, *topics()] if not above else list(hints(_at(above)[0]))
    elsewhere = [f"{topic}.{word}" for topic, hint in topics().items() if is_topic(hint) and word in hints(hint)]
    under = f" under {dotted(sheet, above)}" if above else ""
    guess = f"; did you mean '{elsewhere[0]}'?" if not above and elsewhere else nearest(word, known)
    return f"'{word}'{under}{guess}"


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


_WORDS: dict[Any, str] = {bool: "true or false", str: "a word or text (in quotes if it looks like a number)"}


def _allowed(path: KeyPath) -> str:
    hint, known = _at(path)
    inner, may_be_none = optional(hint)
    return _range(inner, known) + (" or null" if may_be_none else "")


def _range(hint: Any, known: Declaration | None) -> str:
    if get_origin(hint) is tuple:
        entries = f"{known.length} entries" if known and known.length else "entries"
        return f"a list of {entries}, each {_range(get_args(hint)[0], known)}"
    if known is not None and known.choices:
        return one_of(map(repr, known.choices))
    if hint in (int, float):
        return _number(hint, known)
    return _WORDS.get(hint) or f"a mapping{_keys(hint)}"


def _number(hint: Callable[..., Any], known: Declaration | None) -> str:
    number = "a whole number" if hint is int else "a number"
    if known is None or known.bounds is None:
        return number
    return f"{'a whole number from ' if hint is int else ''}{span(*known.bounds, known.unit)}"


def _keys(hint: Any) -> str:
    return f" of {', '.join(hints(hint))}" if is_topic(hint) else ""
