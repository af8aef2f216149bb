"""How a column of the engine's tables is declared: once, with type, unit and meaning.

A table is a structured record array and a row of it a class of annotated columns (`rows`): the class gives the record
its layout, mypy and editors its names, and `configs` its documentation. Kernels hand rows to rules, which read them by
attribute exactly as they read the reference implementation's plain objects.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import cache
from typing import Annotated, Any, NamedTuple, Protocol, TypeVar, cast, get_type_hints

import numpy as np

NOBODY = -1  # index that means: no row

PARTIES_AT, POWER_AT, REASON_AT = 12, 16, 1
"""Bits of the detail of a birth where parties and power stand, above the kind."""

TRADE_AT, WITH_AT = 8, 12
"""Bits of the detail of a trade where what is traded and the row of the other unit, plus one, stand above the rest."""

MANY_LINES = 256  # bytes
HELD_WORDS = 4  # 64-bit words that remember which departments were asked: up to 256 departments

Value = TypeVar("Value")


class Table(Protocol[Value]):
    """A table of rows, or a list of numbers."""

    def __getitem__(self, row: int) -> Value: ...
    def __setitem__(self, row: int, value: Value) -> None: ...
    def __len__(self) -> int: ...


class Grid(Protocol[Value]):
    """Numbers or rows in two or three dimensions."""

    def __getitem__(self, at: tuple[int, ...]) -> Value: ...
    def __setitem__(self, at: tuple[int, ...], value: Value) -> None: ...


Flag = Annotated[int, "i1"]  # zero or one
Int8 = Annotated[int, "i1"]
Int16 = Annotated[int, "i2"]
Int32 = Annotated[int, "i4"]
Int64 = Annotated[int, "i8"]
Float = Annotated[float, "f8"]
Word = Annotated[int, "u8"]  # 64 bits without a sign: a key
Words = Annotated[Table[np.uint64], "u8"]  # some words in a row

word = cast("Callable[[int], int]", np.uint64)
"""Makes a word of a whole number: words and numbers with a sign do not add up to either."""


class Column(NamedTuple):
    """One column of a table."""

    name: str
    type: str
    unit: str
    meaning: str


class _Declared(NamedTuple):
    unit: str
    meaning: str
    is_table: bool
    constant: bool


def column(unit: str, meaning: str, *, constant: bool = False) -> Any:
    """Declare a column: its unit, what it means, whether it never changes; its type is the annotation before it."""
    return _Declared(unit, meaning, False, constant)


def table(shape: str, meaning: str, *, constant: bool = False) -> Any:
    """Declare a table that a district holds: its dimensions, what it means, whether it never changes."""
    return _Declared(shape, meaning, True, constant)


def constants_of(row: type[Row]) -> frozenset[str]:
    """Return the names of the columns and tables that no step of a run changes."""
    declared = {name: value for one in row.__mro__ for name, value in vars(one).items()}
    return frozenset(name for name, value in declared.items() if isinstance(value, _Declared) and value.constant)


class Row:
    """A row of a table; its columns are the annotated names of its class, in their order in memory."""


@cache
def columns_of(row: Any) -> tuple[Column, ...]:
    """Return the columns of a row's class, in order."""
    types = get_type_hints(row, include_extras=True)
    return tuple(
        Column(name, types[name].__metadata__[0], declared.unit, declared.meaning)
        for name, declared in vars(row).items()
        if isinstance(declared, _Declared) and not declared.is_table
    )


def tables_of(row: type[Row]) -> tuple[str, ...]:
    """Return the names of the tables that a class declares, in order."""
    return tuple(name for name, value in vars(row).items() if isinstance(value, _Declared) and value.is_table)


@cache
def record_type(row: Any) -> np.dtype[Any]:
    """Return the aligned record type of a row's class; `held` is the one column with several words.

    Rows of many lines of the processor's cache (64 bytes) are whole lines, so that each begins one.
    """
    shapes = [(c.name, c.type, (HELD_WORDS,)) if c.name == "held" else (c.name, c.type) for c in columns_of(row)]
    plain = np.dtype(shapes, align=True)
    if plain.itemsize > MANY_LINES and plain.fields is not None:
        places = [plain.fields[c.name] for c in columns_of(row)]
        plain = np.dtype({
            "names": list(plain.names or ()), "formats": [kind[0] for kind in places],
            "offsets": [kind[1] for kind in places], "itemsize": -(-plain.itemsize // 64) * 64,
        })  # fmt: skip
    return np.dtype((np.record, plain))


def topic_type(topics: Any) -> np.dtype[Any]:
    """Return the nested record type of a law or of habits, from its dataclass."""
    nested = []
    for field in dataclasses.fields(topics):
        topic = getattr(topics, field.name)
        words = {bool: "i1", int: "i8", float: "f8"}
        inner = [(f.name, words[type(getattr(topic, f.name))]) for f in dataclasses.fields(topic)]
        nested.append((field.name, np.dtype((np.record, np.dtype(inner, align=True)))))
    return np.dtype((np.record, np.dtype(nested, align=True)))
