"""Times as offices write them, a whole column at once: as microseconds, and as days of the calendar."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from experiments.errors import WrongInput
from experiments.logs import Place
from experiments.logs.clock import EARLIEST, LATEST, MONTHS, Clocked, clocked, matched
from experiments.logs.options import DAY_FIRST, ORDERS, LogOptions
from experiments.logs.values import DAY, LONGEST, MISSING, UNKNOWN, Ints, Words, place_of, plain_of
from experiments.messages import msg

EXCEL_ZERO = -25_569  # day of 1899-12-30, from which spreadsheets count
EXCEL_ROUNDING = 50_000  # microseconds by which a whole second is missed in a number with six decimals
NUMBERS: Mapping[str, tuple[float, float, int]] = {
    "excel": (2e4, 8e4, DAY), "seconds": (1e8, 1e10, 1_000_000), "milliseconds": (1e11, 1e13, 1_000),
    "microseconds": (1e14, 1e16, 1),
}  # fmt: skip
"""How plain numbers are read: from and below which one, in a unit of so many microseconds. Days of a spreadsheet are
those from 1954 to 2119, the others count from 1970 UTC."""

_EXPECTED = "a time such as 2014-01-31T12:00:00+08:00, 2014/1/31 12:00 or 2014年1月31日 12时"
_NO_TIME = (*MISSING, *(day + hour for day in ("0000-00-00", "9999-12-31") for hour in ("", " 00:00:00", " 23:59:59")))
"""What stands for no time; databases write the first day of all, or the last."""

_WHOLE = r"^\d{1,18}$"  # fits into 64 bits
_NUMBER = r"^\d+(\.\d+)?$"
_DATE = 10  # letters of a date at the beginning of a time in ISO 8601
_ISO = r"^\d{4}-\d\d-\d\d([ T]\d\d(:\d\d(:\d\d(\.\d{1,9})?)?)?)?([Zz]|[+-]\d\d(:?\d\d)?)?$"
_ISO_ZONED = r":.*([Zz]|[+-]\d\d(:?\d\d)?)$"

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class _Column:
    """A column of times: its distinct words, of each row the place among them or −1, and what messages need."""

    name: str
    codes: Ints
    words: Words
    options: LogOptions
    place: Place

    def got(self, wrong: Bools) -> tuple[str, str]:
        """Return the place of the first row whose word is among those, and the word with how many rows there are."""
        rows = np.flatnonzero(np.append(wrong, False)[self.codes])
        word = self.words[int(self.codes[rows[0]])].as_py()
        shown = word if len(word) <= LONGEST else f"{word[:LONGEST]}…"
        return self.place(int(rows[0])), f"'{shown}' ({rows.size:,} such values)"

    def unexpected(self, wrong: Bools, expected: str, then: str) -> WrongInput:
        """Return what is wrong with the first of some words, what was expected, and what to do."""
        where, got = self.got(wrong)
        return self.options.wrong(f"column '{self.name}': {where}: expected {expected}, got {got}. {then}")

    def differ(self, some: Bools, others: Bools, expected: str) -> WrongInput:
        """Return that some words do not go with others."""
        (one, got), (other, beside) = self.got(some), self.got(others)
        return self.options.wrong(f"column '{self.name}': expected {expected}, got both {one} {got} and {other} "
                                  f"{beside}. Write them alike.")  # fmt: skip


def read_times(
    column: pa.ChunkedArray, name: str, options: LogOptions, place: Place, notes: list[str]
) -> tuple[Ints, Ints, bool]:
    """Read a column of text, numbers, time stamps or dates, of this name, as times.

    Text is read as it is written in most offices: ISO 8601, other orders and signs, Chinese; which of day and month
    comes first is decided by the column as a whole. Numbers are days of a spreadsheet, or count from 1970.

    Returns:
        Microseconds since 1970 UTC, and days of the calendar as they are written, in the time's own zone, since
        1970-01-01, both `UNKNOWN` where there is none; and whether the times came with a zone.

    Raises:
        WrongInput: For values that cannot be read or have two readings, and zones that only some values have; with
            place and value.
    """
    plain = plain_of(column)
    if pa.types.is_timestamp(plain.type) or pa.types.is_date(plain.type):
        return _of_stamps(plain, options)
    if not (_is_text(plain) or pa.types.is_integer(plain.type) or pa.types.is_floating(plain.type)):
        raise options.wrong(f"column '{name}': expected times, as text, numbers or timestamps, got {plain.type}.")
    bare = pc.utf8_trim_whitespace(plain.cast(pa.large_string()))
    bare = pc.if_else(pc.is_in(pc.utf8_lower(bare), pa.array(_NO_TIME, bare.type)), pa.scalar(None, bare.type), bare)
    stamps = _iso(bare) if _is_text(plain) and options.time_format is None else None
    if stamps is not None:
        days = pc.utf8_slice_codeunits(bare, 0, _DATE).cast(pa.date32()) if stamps.type.tz else None
        return _of_stamps(stamps, options, days)
    column_of = _Column(name, *place_of(bare), options, place)
    numbers = np.asarray(pc.match_substring_regex(column_of.words, _NUMBER), np.bool_) | (not _is_text(plain))
    return _of_words(column_of, numbers, notes)


def _is_text(column: pa.ChunkedArray) -> bool:
    kind = column.type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind))


def _iso(words: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """Return times in ISO 8601, by Arrow; None where some are written otherwise, which Arrow is slow to find."""
    known = pc.drop_null(words)
    if not pc.all(pc.match_substring_regex(known[:1], _ISO)).as_py():
        return None
    if not pc.all(pc.match_substring_regex(known, _ISO)).as_py():
        return None
    zone = "UTC" if len(known) and pc.match_substring_regex(known[:1], _ISO_ZONED)[0].as_py() else None
    for unit in ("us", "ns"):
        with suppress(pa.ArrowInvalid):
            return pc.cast(words, pa.timestamp(unit, zone))
    return None


def _of_stamps(
    stamps: pa.ChunkedArray, options: LogOptions, days: pa.ChunkedArray | None = None
) -> tuple[Ints, Ints, bool]:
    """Return time stamps as `read_times` does; `days`: of text with zones, on which it is written."""
    zone = getattr(stamps.type, "tz", None)
    if days is None:
        local = stamps if zone is None else pc.local_timestamp(stamps)
        days = local.cast(pa.date32(), safe=not pa.types.is_timestamp(local.type))
    micros = _known(stamps.cast(pa.timestamp("us", zone), safe=False))
    day = _known(days.cast(pa.int32()))
    return (micros if zone is not None else _in_zone(micros, options)), day, zone is not None


def _known(column: pa.ChunkedArray) -> Ints:
    return np.asarray(pc.fill_null(column.cast(pa.int64()), UNKNOWN))


def _in_zone(micros: Ints, options: LogOptions) -> Ints:
    """Return local times as times in UTC, by the zone that is given for them."""
    if options.time_zone is None:
        return micros
    local = pa.array(micros, pa.int64(), mask=micros == UNKNOWN).cast(pa.timestamp("us"))
    return _known(pc.assume_timezone(local, options.time_zone, ambiguous="earliest", nonexistent="earliest"))


def _of_words(column: _Column, numbers: Bools, notes: list[str]) -> tuple[Ints, Ints, bool]:
    """Return what distinct words say; `numbers`: which of them are plain numbers."""
    form = column.options.time_format
    if form is not None and form not in ORDERS:
        found = matched(column.words, form)
        if not found.known.all():
            raise column.unexpected(~found.known, f"a time that matches --time-format '{form}'", "Correct one of them.")
        return _settled(column, found)
    found = clocked(column.words)
    counted = numbers & ~found.known
    if counted.any() and not counted.all():
        raise column.differ(counted, ~counted, "dates or numbers in all values")
    if counted.any():
        return _of_numbers(column, notes)
    if not found.known.all():
        raise column.unexpected(~found.known, _EXPECTED, "Correct it, or give its --time-format, such as "
                                "'%d.%m.%y %H.%M'.")  # fmt: skip
    if found.first.any():
        found = found.day_first() if _is_day_first(column, found, notes) else found.month_first()
    return _settled(column, found)


def _is_day_first(column: _Column, found: Clocked, notes: list[str]) -> bool:
    """Tell which of two numbers before a year is the day: one above 12 tells it for the whole column."""
    form = column.options.time_format
    first_is_day, second_is_day = (found.first & (each > len(MONTHS)) for each in (found.month, found.day))
    if form is not None:
        against = second_is_day if form == DAY_FIRST else first_is_day
        if against.any():
            raise column.unexpected(against, f"a date with --time-format {form}", "Correct one of them.")
        return form == DAY_FIRST
    if first_is_day.any() and second_is_day.any():
        raise column.differ(first_is_day, second_is_day, "the day first, or the month first, in all values")
    if not first_is_day.any() and not second_is_day.any():
        where, got = column.got(found.first)
        raise column.options.wrong(
            f"column '{column.name}': {where}: {got} has two readings (day first, month first); say which with "
            f"--time-format: {' or '.join(ORDERS)}."
        )
    order = ORDERS[0] if first_is_day.any() else ORDERS[1]
    reading = msg("log_time_dayfirst" if order == DAY_FIRST else "log_time_monthfirst")
    notes.append(msg("log_note_times", column=column.name, reading=reading))
    return order == DAY_FIRST


def _settled(column: _Column, found: Clocked) -> tuple[Ints, Ints, bool]:
    """Return the times of words that were read; WrongInput for days that no calendar has, and zones here and there."""
    micros, day, fits = found.times()
    if not fits.all():
        raise column.unexpected(~fits, f"a date between {EARLIEST} and {LATEST}, and a time of day", "Correct it.")
    zoned = found.zoned
    if zoned.any() and not zoned.all():
        raise column.differ(zoned, ~zoned, "a time zone in all values or in none")
    micros, day = (np.append(each, UNKNOWN)[column.codes] for each in (micros, day))
    return (micros if zoned.any() else _in_zone(micros, column.options)), day, bool(zoned.any())


def _of_numbers(column: _Column, notes: list[str]) -> tuple[Ints, Ints, bool]:
    """Return what numbers say: days of a spreadsheet, or seconds and fractions of them since 1970 UTC."""
    whole = pc.all(pc.match_substring_regex(column.words, _WHOLE)).as_py()
    values = np.asarray(column.words.cast(pa.int64() if whole else pa.float64()))
    within = {name: (values >= low) & (values < high) for name, (low, high, _) in NUMBERS.items()}
    reading = next((name for name, fits in within.items() if fits.all()), None)
    if reading is None:
        odd = ~max(within.values(), key=np.count_nonzero)
        raise column.unexpected(odd, "times: days of a spreadsheet, or seconds, milliseconds or microseconds since "
                                "1970, all in one unit", "Write them alike, or give their --time-format.")  # fmt: skip
    notes.append(msg("log_note_times", column=column.name, reading=msg(f"log_time_{reading}")))
    if reading == "excel":
        micros = np.append(_of_days(values.astype(np.float64)), UNKNOWN)[column.codes]
        days = np.where(micros == UNKNOWN, UNKNOWN, micros // DAY)
        return _in_zone(micros, column.options), days, False
    micros = np.append(np.rint(values * NUMBERS[reading][2]).astype(np.int64), UNKNOWN)[column.codes]
    stamps = pa.chunked_array([pa.array(micros, pa.int64(), mask=micros == UNKNOWN)])
    return _of_stamps(stamps.cast(pa.timestamp("us", column.options.time_zone or "UTC")), column.options)


def _of_days(values: NDArray[np.float64]) -> Ints:
    """Return days of a spreadsheet as microseconds: whole seconds where rounding alone hides them."""
    micros = np.rint((values + EXCEL_ZERO) * DAY).astype(np.int64)
    seconds = np.rint(micros / 1e6).astype(np.int64) * 1_000_000
    return np.where(np.abs(seconds - micros) <= EXCEL_ROUNDING, seconds, micros)
