"""Values of a column: names of cases, units, activities and states as codes, and times in microseconds."""

from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from experiments.errors import WrongInput
from experiments.logs import Place
from experiments.logs.options import LogOptions, accepts
from experiments.messages import msg

MISSING = ("", "nan", "null", "none", "n/a", "<na>", "nat")
"""What stands for nothing, whatever its letters' case; the first is an empty cell."""

LONGEST = 60  # letters of a value in a message
LARGEST_WHOLE = 2.0**53  # from here on floating-point numbers do not tell neighbouring whole ones apart
DAY = 86_400_000_000  # microseconds
UNKNOWN = np.iinfo(np.int64).min  # stands for a time, or a day, that is not known: it lies before all others

_WITH_ZEROS = r"^[+-]?\d+\.0+$"
_ROUNDED = r"^[+-]?\d\.\d+[eE]\+?\d+$"
_ISO = (
    r"^\d{4}-\d\d-\d\d([ T]\d\d(:\d\d(:\d\d(\.\d{1,9})?)?)?)?"  # date, time of day
    r"([Zz]|[+-]\d\d(:?\d\d)?)?$"  # zone
)
_ZONED = r":.*([Zz]|[+-]\d\d(:?\d\d)?)$"
_DATE = 10  # letters of a date at the beginning of a time in ISO 8601

_FORMATS = (
    "%Y-%m-%d %H:%M:%S,%f", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M:%S.%f", "%Y/%m/%d %H:%M", "%Y/%m/%d",
    "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M",
    "%m/%d/%Y", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%Y%m%d",
    "%Y%m%d%H%M%S", "%Y年%m月%d日", "%Y年%m月%d日 %H:%M:%S",
)  # fmt: skip
"""Tried on a value that is not ISO 8601, to propose what may be meant; never taken without being named."""

STEPS = (DAY, 3_600_000_000, 60_000_000, 1_000_000, 1_000, 1)  # of a clock, in microseconds

Ints = NDArray[np.int64]

Coded = tuple[Ints, pa.Array]
"""Of each row the place of its name among the names, −1 where it has none; the names, in the order of the file."""


def coded(column: pa.ChunkedArray) -> Coded:
    """Return a column as codes; spaces around a name do not tell it from another."""
    plain = _without_dictionary(column)
    if pa.types.is_floating(plain.type):
        known = _without_nan(plain)
        plain = known.cast(pa.int64()) if _are_whole(known) else known
    encoded = plain.cast(pa.large_string()).dictionary_encode().combine_chunks()
    chunk = encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded
    return _renamed(_codes(chunk), pc.utf8_trim_whitespace(chunk.dictionary))


def _without_dictionary(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column


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


def read_times(column: pa.ChunkedArray, name: str, options: LogOptions, place: Place) -> tuple[Ints, Ints, bool]:
    """Read a column of text, time stamps or dates, of this name, as times.

    Returns:
        Microseconds since 1970 UTC, and days of the calendar as they are written, in the time's own zone, since
        1970-01-01, both `UNKNOWN` where there is none; and whether the times came with a zone.

    Raises:
        WrongInput: For values that cannot be read, or zones that only some values have; with place and value.
    """
    words = _without_dictionary(column)
    if pa.types.is_string(words.type) or pa.types.is_large_string(words.type) or pa.types.is_null(words.type):
        bare = pc.utf8_trim_whitespace(words.cast(pa.large_string()))
        words = pc.if_else(pc.equal(bare, ""), pa.scalar(None, pa.large_string()), bare)
        stamps = _from_words(words, name, options, place)
    elif pa.types.is_timestamp(words.type) or pa.types.is_date(words.type):
        stamps = words
    else:
        raise options.wrong(f"column '{name}': expected timestamps, or times as text, got {words.type}.")
    zone = getattr(stamps.type, "tz", None)
    local = stamps
    if zone is not None:
        written = pa.types.is_large_string(words.type) and options.time_format is None
        local = pc.utf8_slice_codeunits(words, 0, _DATE) if written else pc.local_timestamp(stamps)
    days = local.cast(pa.date32(), safe=not pa.types.is_timestamp(local.type)).cast(pa.int32())
    stamps = stamps.cast(pa.timestamp("us", zone), safe=False)
    if zone is None and options.time_zone:
        stamps = pc.assume_timezone(stamps, options.time_zone, ambiguous="earliest", nonexistent="earliest")
    micros, day = (np.asarray(pc.fill_null(each.cast(pa.int64()), UNKNOWN)) for each in (stamps, days))
    return micros, day, zone is not None


def _from_words(words: pa.ChunkedArray, name: str, options: LogOptions, place: Place) -> pa.ChunkedArray:
    if options.time_format is not None:
        return _by_format(words, name, options, place)
    for unit in ("us", "ns"):
        for zone in ("UTC", None):
            try:
                return pc.cast(words, pa.timestamp(unit, zone))
            except pa.ArrowInvalid:
                continue
    raise options.wrong(f"column '{name}': {_reason(words, place)}")


def _reason(words: pa.ChunkedArray, place: Place) -> str:
    """Return in words why times cannot be read: not ISO 8601, zones here and there, or no day of the calendar."""
    wrong = _where(pc.invert(pc.match_substring_regex(words, _ISO)))
    if wrong.size:
        at, value = place(int(wrong[0])), words[int(wrong[0])].as_py()
        shown = value if len(value) <= LONGEST else f"{value[:LONGEST]}…"
        fitting = [form for form in _FORMATS if accepts(partial(datetime.strptime, value), form)][:2]
        hint = " or ".join(f"--time-format '{form}'" for form in fitting) or "--time-format, such as '%d.%m.%Y %H:%M'"
        return (
            f"{at}: expected a time such as 2014-01-31T12:00:00+08:00 or shorter, got '{shown}' ({wrong.size:,} such "
            f"values). Correct it, or give {hint}."
        )
    zoned = pc.match_substring_regex(words, _ZONED)
    with_zone, without = _where(zoned), _where(pc.invert(zoned))
    if with_zone.size and without.size:
        one, other = (f"{place(int(rows[0]))} '{words[int(rows[0])].as_py()}'" for rows in (with_zone, without))
        return (
            f"expected a time zone in all values or in none, got {with_zone.size:,} with one, such as {one}, and "
            f"{without.size:,} without, such as {other}. Write them alike."
        )
    odd = (row for row, word in enumerate(words.to_pylist()) if word and not accepts(datetime.fromisoformat, word))
    row = next(odd, 0)
    return f"{place(row)}: expected a date between 1678 and 2262, got '{words[row].as_py()}'. Correct it."


def _where(mask: Any) -> Ints:
    return np.flatnonzero(np.asarray(pc.fill_null(mask, False)))


def _by_format(words: pa.ChunkedArray, name: str, options: LogOptions, place: Place) -> pa.ChunkedArray:
    form = str(options.time_format)
    try:
        datetime.strptime(datetime(2000, 1, 31, tzinfo=UTC).strftime(form), form)
    except ValueError as error:
        raise WrongInput([f"--time-format: expected a strftime format, got '{form}' ({error})."]) from error
    encoded = words.combine_chunks().dictionary_encode()
    read = [_time(word, form) for word in encoded.dictionary.to_pylist()]
    stamps = pa.array(read, pa.timestamp("us", "UTC" if "%z" in form else None)).take(encoded.indices)
    bad = _where(pc.and_(pc.is_valid(words), pc.is_null(stamps)))
    if bad.size:
        at = int(bad[0])
        raise options.wrong(
            f"column '{name}': {place(at)}: '{words[at].as_py()[:LONGEST]}' does not match --time-format "
            f"'{form}' (such values: {bad.size:,}). Correct one of them."
        )
    return pa.chunked_array([stamps])


def _time(word: str, form: str) -> datetime | None:
    """Return what a word says in a format, None where it does not have it."""
    with suppress(ValueError):
        return datetime.strptime(word, form)
    return None
