"""Times: ISO 8601 or a format that is told; with a zone everywhere or nowhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from experiments.errors import WrongInput
from experiments.logs.asked import Asked

__all__ = ["DAY", "Stamps", "clock_step", "read_stamps"]

DAY = 86_400_000_000
"""Microseconds."""

_ISO = (
    r"^\d{4}-\d\d-\d\d([ T]\d\d(:\d\d(:\d\d(\.\d{1,9})?)?)?)?"  # date, time of day
    r"([Zz]|[+-]\d\d(:?\d\d)?)?$"  # zone
)
_ZONED = r":.*([Zz]|[+-]\d\d(:?\d\d)?)$"

_FORMATS = (
    "%Y-%m-%d %H:%M:%S,%f", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M:%S.%f", "%Y/%m/%d %H:%M", "%Y/%m/%d",
    "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M",
    "%m/%d/%Y", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%Y%m%d",
    "%Y%m%d%H%M%S", "%Y年%m月%d日", "%Y年%m月%d日 %H:%M:%S",
)  # fmt: skip
"""Tried on a value that is not ISO 8601, to propose what may be meant; never taken without being told."""

_DATE = 10
"""Letters of a date at the beginning of a time in ISO 8601."""

_STEPS = (DAY, 3_600_000_000, 60_000_000, 1_000_000, 1_000, 1)

LONGEST_SHOWN = 60


@dataclass(frozen=True)
class Stamps:
    """A column of times.

    Attributes
    ----------
    micros : array (rows,) of int
        Microseconds since 1970 UTC; 0 where unknown.
    known : array (rows,) of bool
    zoned : bool
        Whether the times came with a zone.
    day : array (rows,) of int
        Day of the calendar as it is written, in the time's own zone, since 1970-01-01; 0 where unknown.
    """

    micros: NDArray[np.int64]
    known: NDArray[np.bool_]
    zoned: bool
    day: NDArray[np.int64]

    def rows(self, chosen: NDArray[Any]) -> Stamps:
        """Return some rows, in this order."""
        return Stamps(self.micros[chosen], self.known[chosen], self.zoned, self.day[chosen])


def read_stamps(column: pa.ChunkedArray, name: str, asked: Asked, place: Callable[[int], str]) -> Stamps:
    """Read a column of times.

    Parameters
    ----------
    column : pa.ChunkedArray
        Text, time stamps or dates.
    name : str
        Of the column.
    asked : Asked
        Tells format and zone.
    place : callable
        Gives the place of a row in the file, in words.

    Raises
    ------
    WrongInput
        For values that cannot be read, or zones that only some values have; with place and value.
    """
    words = column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
    if pa.types.is_string(words.type) or pa.types.is_large_string(words.type) or pa.types.is_null(words.type):
        words = _trimmed(words)
        stamps = _from_words(words, name, asked, place)
    elif pa.types.is_timestamp(words.type) or pa.types.is_date(words.type):
        stamps = words
    else:
        raise WrongInput([f"{asked.path}: column '{name}': expected timestamps, or times as text, got {words.type}."])
    day = _written_day(words, stamps, asked)
    zoned = getattr(stamps.type, "tz", None) is not None
    if not zoned and asked.time_zone:
        stamps = pc.assume_timezone(
            stamps.cast(pa.timestamp("us"), safe=False), asked.time_zone, ambiguous="earliest", nonexistent="earliest"
        )
    known = np.asarray(pc.is_valid(stamps))
    micros = stamps.cast(pa.timestamp("us", getattr(stamps.type, "tz", None)), safe=False).cast(pa.int64())
    return Stamps(np.asarray(pc.fill_null(micros, 0)), known, zoned, day)


def _written_day(words: pa.ChunkedArray, stamps: pa.ChunkedArray, asked: Asked) -> NDArray[np.int64]:
    """Return the day of the calendar in the zone in which each time is written."""
    if getattr(stamps.type, "tz", None) is None:
        local = stamps
    elif pa.types.is_large_string(words.type) and asked.time_format is None:
        local = pc.utf8_slice_codeunits(words, 0, _DATE)
    else:
        local = pc.local_timestamp(stamps)
    days = local.cast(pa.date32(), safe=False) if pa.types.is_timestamp(local.type) else local.cast(pa.date32())
    return np.asarray(pc.fill_null(days.cast(pa.int32()), 0)).astype(np.int64)


def _trimmed(words: pa.ChunkedArray) -> pa.ChunkedArray:
    bare = pc.utf8_trim_whitespace(words.cast(pa.large_string()))
    return pc.if_else(pc.equal(bare, ""), pa.scalar(None, pa.large_string()), bare)


def _from_words(words: pa.ChunkedArray, name: str, asked: Asked, place: Callable[[int], str]) -> pa.ChunkedArray:
    if asked.time_format is not None:
        return _by_format(words, name, asked, place)
    for unit in ("us", "ns"):
        for zone in ("UTC", None):
            try:
                return pc.cast(words, pa.timestamp(unit, zone))
            except pa.ArrowInvalid:
                continue
    raise WrongInput([f"{asked.path}: column '{name}': {_reason(words, place)}"])


def _reason(words: pa.ChunkedArray, place: Callable[[int], str]) -> str:
    """Return in words why times cannot be read: not ISO 8601, zones here and there, or no day of the calendar."""
    wrong = _rows(pc.invert(pc.match_substring_regex(words, _ISO)))
    if wrong.size:
        return _not_iso(words[int(wrong[0])].as_py(), wrong.size, place(int(wrong[0])))
    zoned = pc.match_substring_regex(words, _ZONED)
    with_zone, without = _rows(zoned), _rows(pc.invert(zoned))
    if with_zone.size and without.size:
        shown = [f"{place(int(rows[0]))} '{words[int(rows[0])].as_py()}'" for rows in (with_zone, without)]
        return (
            f"expected a time zone in all values or in none, got {with_zone.size:,} with one, such as {shown[0]}, and "
            f"{without.size:,} without, such as {shown[1]}. Write them alike."
        )
    at = _first_bad(words)
    return f"{place(at)}: expected a date between 1678 and 2262, got '{words[at].as_py()}'. Correct it."


def _rows(mask: Any) -> NDArray[np.int64]:
    return np.flatnonzero(np.asarray(pc.fill_null(mask, False)))


def _not_iso(value: str, count: int, where: str) -> str:
    shown = value if len(value) <= LONGEST_SHOWN else f"{value[:LONGEST_SHOWN]}…"
    fitting = [form for form in _FORMATS if _fits(value, form)][:2]
    hint = " or ".join(f"--time-format '{form}'" for form in fitting) or "--time-format, such as '%d.%m.%Y %H:%M'"
    return (
        f"{where}: expected a time such as 2014-01-31T12:00:00+08:00 or shorter, got '{shown}' ({count:,} such "
        f"values). Correct it, or give {hint}."
    )


def _fits(value: str, form: str) -> bool:
    try:
        datetime.strptime(value, form)  # only to propose a format; the zone is not looked at
    except ValueError:
        return False
    return True


def _first_bad(words: pa.ChunkedArray) -> int:
    """Return the row of the first value that cannot be cast; found by halving."""
    zone = "UTC" if _rows(pc.match_substring_regex(words, _ZONED)).size else None
    low, high = 0, len(words)
    while high - low > 1:
        middle = (low + high) // 2
        try:
            pc.cast(words[low:middle], pa.timestamp("ns", zone))
            low = middle
        except pa.ArrowInvalid:
            high = middle
    return low


def _by_format(words: pa.ChunkedArray, name: str, asked: Asked, place: Callable[[int], str]) -> pa.ChunkedArray:
    import pandas as pd

    series = pd.Series(words.to_numpy(), dtype="object")
    zoned = "%z" in str(asked.time_format)
    try:
        read = pd.to_datetime(series, format=asked.time_format, errors="coerce", utc=zoned)
    except (ValueError, TypeError) as error:
        raise WrongInput(
            [f"--time-format: expected a strftime format, got '{asked.time_format}' ({error})."]
        ) from error
    bad = np.flatnonzero((read.isna() & series.notna()).to_numpy())
    if bad.size:
        at = int(bad[0])
        raise WrongInput([
            f"{asked.path}: column '{name}': {place(at)}: '{str(series[at])[:LONGEST_SHOWN]}' does not match "
            f"--time-format '{asked.time_format}' ({bad.size:,} such values). Correct one of them."
        ])  # fmt: skip
    return pa.chunked_array([pa.array(read, pa.timestamp("us", "UTC" if zoned else None), safe=False)])


def clock_step(*columns: NDArray[np.int64]) -> float:
    """Return the step of the clock in days: the longest of a day, an hour, … that all these microseconds keep to."""
    values = np.concatenate(columns) if columns else np.zeros(0, np.int64)
    return next(step for step in _STEPS if not (values % step).any()) / DAY
