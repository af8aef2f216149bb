"""Values of a column: names of cases, units, activities and states as codes."""

from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from experiments.logs.options import LogOptions
from experiments.messages import msg

MISSING = ("", "nan", "null", "none", "n/a", "<na>", "nat")
"""What stands for nothing, whatever its letters' case; the first is an empty cell."""

LONGEST = 60  # letters of a value in a message
LARGEST_WHOLE = 2.0**53  # from here on floating-point numbers do not tell neighbouring whole ones apart
UNKNOWN = np.iinfo(np.int64).min  # stands for a time, or a day, that is not known: it lies before all others

_WITH_ZEROS = r"^[+-]?\d+\.0+$"
_ROUNDED = r"^[+-]?\d\.\d+[eE]\+?\d+$"

DAY = 86_400_000_000  # microseconds
STEPS = (DAY, 3_600_000_000, 60_000_000, 1_000_000, 1_000, 1)  # of a clock, in microseconds

Ints = NDArray[np.int64]

Words: TypeAlias = pa.LargeStringArray  # distinct values of a column

Coded = tuple[Ints, pa.Array]
"""Of each row the place of its name among the names, −1 where it has none; the names, in the order of the file."""


def coded(column: pa.ChunkedArray) -> Coded:
    """Return a column as codes; spaces around a name do not tell it from another."""
    codes, words = place_of(plain_of(column).cast(pa.large_string()))
    return _renamed(codes, pc.utf8_trim_whitespace(words))


def plain_of(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column without dictionary or NaN; floating-point numbers that are whole as integers."""
    plain = column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
    if not pa.types.is_floating(plain.type):
        return plain
    known = _without_nan(plain)
    return known.cast(pa.int64()) if _are_whole(known) else known


def place_of(words: pa.ChunkedArray) -> tuple[Ints, Words]:
    """Return of each row the place of its word among the distinct ones, −1 where it has none; and those."""
    encoded = words.dictionary_encode().combine_chunks()
    chunk = encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded
    return _codes(chunk), chunk.dictionary


def _without_nan(numbers: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.if_else(pc.is_nan(numbers), pa.scalar(None, numbers.type), numbers)


def _are_whole(numbers: pa.ChunkedArray) -> bool:
    """Tell whether floating-point numbers are whole ones, and small enough to be told apart."""
    values = np.asarray(pc.drop_null(numbers))
    return bool((np.abs(values) < LARGEST_WHOLE).all() and (values == np.floor(values)).all())


def _codes(encoded: pa.DictionaryArray) -> Ints:
    return np.asarray(pc.fill_null(encoded.indices, -1)).astype(np.int64)


def _renamed(codes: Ints, names: pa.Array) -> Coded:
    """Give the same code to names that have become the same, and none to those that stand for nothing."""
    nothing = pc.is_in(pc.utf8_lower(names), pa.array(MISSING, names.type))
    again = pc.if_else(nothing, None, names).dictionary_encode()
    return np.append(_codes(again), -1)[codes], again.dictionary


def case_codes(column: pa.ChunkedArray, name: str, options: LogOptions, notes: list[str]) -> Coded:
    """Return cases as codes; numbers that were written with a decimal point are whole again, which is noted.

    WrongInput for numbers of which a spreadsheet has kept the first digits alone, such as 1.23457E+11.
    """
    (codes, names), floating = coded(column), pa.types.is_floating(column.type)
    rounded = names.filter(pc.match_substring_regex(names, _ROUNDED))
    problem = f"{len(rounded):,} cases such as '{rounded[0]}': rounded numbers" if len(rounded) else ""
    if floating and not _are_whole(_without_nan(column)):
        problem = "case numbers with decimals or beyond their precision"
    if problem:
        raise options.wrong(f"column '{name}' has {problem}, which may merge several cases into one. Export the column "
                            "as text.")  # fmt: skip
    decimal = pc.match_substring_regex(names, ".*" if floating else _WITH_ZEROS)
    shown = names.filter(decimal)
    if not len(shown):
        return codes, names
    whole = pc.if_else(decimal, pc.replace_substring_regex(names, r"\.0+$", ""), names)
    first = shown[0].as_py()
    notes.append(msg("log_note_float_cases", column=name, count=len(shown), whole=first.split(".")[0],
                     shown=f"{first}.0" if floating else first))  # fmt: skip
    return _renamed(codes, whole)
