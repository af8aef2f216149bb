"""Words of a column as codes: cases, units, activities, states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from experiments.errors import WrongInput
from experiments.logs.asked import Asked
from experiments.logs.notes import Note, note

__all__ = ["Coded", "case_codes", "coded"]

MISSING = ("", "nan", "null", "none", "n/a", "<na>", "nat")
"""What stands for nothing, whatever its letters' case; the first is an empty cell."""

MOST, LONGEST = 40, 60
"""Names in a message, and letters of each."""

LARGEST_WHOLE = 2.0**53
"""From here on decimal numbers of a computer do not tell neighbouring whole ones apart."""

_WITH_ZEROS = r"^[+-]?\d+\.0+$"
_ROUNDED = r"^[+-]?\d\.\d+[eE]\+?\d+$"


@dataclass(frozen=True)
class Coded:
    """A column of words.

    Attributes
    ----------
    codes : array (rows,) of int
        Place of the word among the names; −1 where there is none.
    names : pa.Array of str
        Distinct words, in the order in which they first stand in the file.
    """

    codes: NDArray[np.int64]
    names: pa.Array

    def is_one_of(self, words: Sequence[str], flag: str, asked: Asked) -> NDArray[np.bool_]:
        """Tell for each row whether it has one of the words.

        Raises
        ------
        WrongInput
            For words that no row has; the flag is the one that named them.
        """
        known = self.names.to_pylist()
        unknown = [msg for msg in words if msg not in known]
        if unknown:
            shown = ", ".join(f"'{name[:LONGEST]}'" for name in known[:MOST])
            more = f" and {len(known) - MOST:,} more" if len(known) > MOST else ""
            raise WrongInput(
                [f"{flag}: {asked.path} has no '{word}'; expected one of {shown}{more}." for word in unknown]
            )
        chosen = np.append(np.isin(known, words), False)
        return np.asarray(chosen[self.codes])

    def rows(self, chosen: NDArray[Any]) -> Coded:
        """Return the column of some rows, in this order; all names stay."""
        return Coded(self.codes[chosen], self.names)


def coded(column: pa.ChunkedArray) -> Coded:
    """Return a column as codes; spaces around a word do not tell it from another."""
    encoded = _words(column).dictionary_encode().combine_chunks()
    chunk = encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded
    codes = np.asarray(pc.fill_null(chunk.indices, -1)).astype(np.int64)
    return _renamed(codes, pc.utf8_trim_whitespace(chunk.dictionary))


def _words(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column of any plain type as text."""
    plain = column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
    if pa.types.is_floating(plain.type):
        known = pc.if_else(pc.is_nan(plain), pa.scalar(None, plain.type), plain)
        plain = known.cast(pa.int64()) if _are_whole(known) else known
    return plain.cast(pa.large_string())


def _are_whole(numbers: pa.ChunkedArray) -> bool:
    """Tell whether decimal numbers are whole ones, and small enough to be told apart."""
    values = np.asarray(pc.drop_null(numbers))
    return bool((np.abs(values) < LARGEST_WHOLE).all() and (values == np.floor(values)).all())


def _renamed(codes: NDArray[np.int64], names: pa.Array) -> Coded:
    """Give the same code to words that have become the same, and none to those that stand for nothing."""
    nothing = np.asarray(pc.is_in(pc.utf8_lower(names), pa.array(MISSING, names.type)))
    again = pc.if_else(pa.array(nothing), None, names).dictionary_encode()
    place = np.append(np.asarray(pc.fill_null(again.indices, -1)).astype(np.int64), -1)
    return Coded(place[codes], again.dictionary)


def case_codes(column: pa.ChunkedArray, name: str, asked: Asked, notes: list[Note]) -> Coded:
    """Return cases as codes; numbers that were written with a decimal point are whole again, which is said.

    Raises
    ------
    WrongInput
        For numbers of which a spreadsheet has kept the first digits alone, such as 1.23457E+11.
    """
    found = coded(column)
    if pa.types.is_floating(column.type):
        return _of_numbers(column, name, asked, found, notes)
    rounded = found.names.filter(pc.match_substring_regex(found.names, _ROUNDED))
    if len(rounded):
        raise WrongInput([
            f"{asked.path}: column '{name}' has {len(rounded):,} cases such as '{rounded[0]}': rounded numbers, "
            "which may merge several cases into one. Export the column as text."
        ])  # fmt: skip
    decimal = np.asarray(pc.match_substring_regex(found.names, _WITH_ZEROS))
    if not decimal.any():
        return found
    shown = found.names.filter(pa.array(decimal))[0].as_py()
    whole = pc.if_else(pa.array(decimal), pc.replace_substring_regex(found.names, r"\.0+$", ""), found.names)
    notes.append(note("float_cases", column=name, count=int(decimal.sum()), shown=shown, whole=shown.split(".")[0]))
    return _renamed(found.codes, whole)


def _of_numbers(column: pa.ChunkedArray, name: str, asked: Asked, found: Coded, notes: list[Note]) -> Coded:
    if not _are_whole(pc.drop_null(column.filter(pc.fill_null(pc.invert(pc.is_nan(column)), False)))):
        raise WrongInput([
            f"{asked.path}: column '{name}' has case numbers with decimals or beyond their precision, which may merge "
            "several cases into one. Write the column as text."
        ])  # fmt: skip
    if len(found.names):
        whole = found.names[0].as_py()
        notes.append(note("float_cases", column=name, count=len(found.names), shown=f"{whole}.0", whole=whole))
    return found
