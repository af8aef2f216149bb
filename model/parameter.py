"""A number declared once: default, unit, bounds, meaning and source travel together."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

__all__ = ["Declaration", "declaration", "declarations", "parameter"]


@dataclasses.dataclass(frozen=True)
class Declaration:
    """What is known of one declared number.

    Attributes
    ----------
    unit : str
        Unit in words, "1" for a pure number.
    bounds : tuple of float or None
        Smallest and largest allowed value; None for words and switches.
    choices : tuple of str
        Allowed words; empty for numbers.
    meaning, zh : str
        One sentence in English and in Chinese.
    source : str
        Where the default comes from, or "assumption" with its range.
    row : str
        Row of the claims table that the number serves ("R1", "P5", …), or "".
    length : int or None
        Number of entries where the value is a list.
    """

    unit: str
    bounds: tuple[float, float] | None
    choices: tuple[str, ...]
    meaning: str
    zh: str
    source: str
    row: str
    length: int | None


def parameter(
    default: Any,
    *,
    unit: str,
    meaning: str,
    zh: str,
    source: str,
    bounds: tuple[float, float] | None = None,
    choices: tuple[str, ...] = (),
    row: str = "",
    length: int | None = None,
) -> Any:
    """Declare a field of a frozen dataclass together with everything said about it.

    Parameters
    ----------
    default : Any
        The one place where the default stands; its type is the field's type.
    unit, meaning, zh, source, bounds, choices, row, length
        See `Declaration`.

    Returns
    -------
    dataclasses.Field
        Typed `Any` so that the annotation of the field decides its type.
    """
    known = Declaration(unit, bounds, choices, meaning, zh, source, row, length)
    return dataclasses.field(default=default, metadata={"declaration": known})


def declaration(field: dataclasses.Field[Any]) -> Declaration:
    """Return what is known of a declared field."""
    known: Declaration = field.metadata["declaration"]
    return known


def declarations(topic: type) -> Iterator[tuple[dataclasses.Field[Any], Declaration]]:
    """Yield every field of a topic with its declaration, in the order of the source."""
    for field in dataclasses.fields(topic):
        yield field, declaration(field)
