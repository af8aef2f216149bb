"""How a district lies in memory: one row of its own, and the addresses and sizes of its tables."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

STRAY = "whistle_stray"  # word in which checked code notes that an index lay beyond a table
WORDS = 4  # words of the block for each table: its address and up to three sizes


@dataclass(frozen=True)
class Layout:
    """What compiled functions know of a district.

    `now` is the record of the columns that the district itself has; its address is the block's first word. `tables` are
    (dtype, dimensions) by name, in the order of their words; those of `one_row` are read as their only row. Tables and
    columns of the district in `constant` are changed by nothing during a call. Indices are `checked` where
    functions may be anybody's.
    """

    now: np.dtype[Any]
    tables: Mapping[str, tuple[np.dtype[Any], int]]
    one_row: frozenset[str]
    constant: frozenset[str]
    checked: bool = False

    def __repr__(self) -> str:
        """Return all that decides how compiled code reads a district."""
        tables = {name: (spelled(dtype), ndim) for name, (dtype, ndim) in self.tables.items()}
        return f"{spelled(self.now)} {tables} {sorted(self.one_row)} {sorted(self.constant)} {WORDS} {self.checked}"


def spelled(dtype: np.dtype[Any]) -> str:
    """Return the columns of a record with their places and types, or the type of a number."""
    if dtype.fields is None:
        return f"{dtype.str}{dtype.shape}"
    inner = ((name, spelled(field[0]), field[1]) for name, field in dtype.fields.items())
    return f"({list(inner)}, {dtype.itemsize})"


def layout_of(
    now: NDArray[Any], tables: Mapping[str, NDArray[Any]], one_row: Iterable[str] = (), constant: Iterable[str] = ()
) -> Layout:
    """Return the layout of a district from its arrays, each in C order."""
    shapes = {name: (table.dtype, table.ndim) for name, table in tables.items()}
    return Layout(now.dtype, shapes, frozenset(one_row), frozenset(constant))


def block_of(now: NDArray[Any], tables: Mapping[str, NDArray[Any]]) -> NDArray[np.int64]:
    """Return the block whose address stands for a district: where its row and tables lie; the caller keeps all."""
    words = np.zeros((len(tables) + 1, WORDS), np.int64)
    for row, table in zip(words, (now, *tables.values()), strict=True):
        row[0] = table.ctypes.data
        row[1 : 1 + table.ndim] = table.shape
    return words
