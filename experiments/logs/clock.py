"""What distinct words say as dates and times of day, by regular expressions over all of them at once."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from experiments.logs.values import UNKNOWN, Ints, Words

Bools = NDArray[np.bool_]

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
BEFORE_NOON = ("am", "上午", "凌晨", "早上", "早晨", "清晨")
AFTER_NOON = ("pm", "下午", "晚上", "傍晚", "中午", "夜间")
NOON = 12  # hour that a half of the day begins with
EARLIEST, LATEST = 1678, 2262  # years that 64 bits of nanoseconds hold
FARTHEST = 18 * 3_600_000_000  # microseconds that a zone may be from UTC
PIVOT = 69  # of years with two digits, those from here on are of the last century (POSIX)

_HALF = "|".join([*BEFORE_NOON[1:], *AFTER_NOON[1:], r"[AaPp]\.?[Mm]\.?"])
_WEEKDAY = r"[(（]?(?:星期|周|礼拜)[一二三四五六日天][)）]?"
_CLOCK = (
    rf"(?:(?:[日号\sTt,]|{_WEEKDAY})+(?P<half>{_HALF})?\s*(?P<hour>\d{{1,2}})(?:[:时点]|小时)?"
    r"(?:(?P<minute>\d{1,2})(?:[:分]|分钟)?(?:(?P<second>\d{1,2})(?:[.,](?P<fraction>\d{1,9}))?秒?)?)?"
    rf"\s*(?P<after>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>[Zz]|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?(?:[日号\s]|{_WEEKDAY})*$"
)
_FORMS = (
    r"^(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})" + _CLOCK,
    r"^(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)(?:[ T]?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?)?$",
    r"^(?:[A-Za-z]{3,9},?\s+)?(?P<day>\d{1,2})[-/. ](?P<name>[A-Za-z]{3,9})[-/., ]\s*(?P<year>\d{4})" + _CLOCK,
    r"^(?:[A-Za-z]{3,9},?\s+)?(?P<name>[A-Za-z]{3,9})\.? (?P<day>\d{1,2}),? (?P<year>\d{4})" + _CLOCK,
)
"""Year first, also without signs between; the name of a month."""

_TWO_NUMBERS = r"^(?P<month>\d{1,2})[-/.](?P<day>\d{1,2})[-/.](?P<year>\d{4})" + _CLOCK
"""Two numbers before the year, of which the first may be the day as well."""

_DIRECTIVES = {
    "Y": r"(?P<year>\d{4})", "y": r"(?P<short>\d{2})", "m": r"(?P<month>\d{1,2})", "d": r"(?P<day>\d{1,2})",
    "H": r"(?P<hour>\d{1,2})", "I": r"(?P<hour>\d{1,2})", "M": r"(?P<minute>\d{1,2})", "S": r"(?P<second>\d{1,2})",
    "f": r"(?P<fraction>\d{1,6})", "p": rf"(?P<half>{_HALF})", "b": r"(?P<name>[A-Za-z]{3})",
    "z": r"(?P<zone>[Zz]|[+-]\d\d:?\d\d)", "%": "%",
}  # fmt: skip
"""Directives of strftime that are read for all words at once; a format with others is read word by word."""


@dataclass(frozen=True)
class Clocked:
    """What words say (arrays (words,)).

    Attributes:
        year, month, day, clock: As written; `clock` is the time of day in microseconds.
        offset: Of the zone, in microseconds; `UNKNOWN` where none is written.
        known: Whether the word was read.
        first: Whether two numbers stand before the year; `month` is the first then.
    """

    year: Ints
    month: Ints
    day: Ints
    clock: Ints
    offset: Ints
    known: Bools
    first: Bools

    @property
    def zoned(self) -> Bools:
        return np.asarray(self.offset != UNKNOWN)

    def month_first(self) -> Clocked:
        return replace(self, first=np.zeros_like(self.first))

    def day_first(self) -> Clocked:
        month, day = (np.where(self.first, *each) for each in ((self.day, self.month), (self.month, self.day)))
        return replace(self, month=month, day=day, first=np.zeros_like(self.first))

    def times(self) -> tuple[Ints, Ints, Bools]:
        """Return microseconds, in UTC where a zone is written, the day as written, and which of them a calendar has."""
        fits = (self.month >= 1) & (self.month <= len(MONTHS)) & (self.year >= EARLIEST) & (self.year < LATEST)
        months = np.where(fits, (self.year - 1970) * len(MONTHS) + self.month - 1, 0).astype("datetime64[M]")
        days = months.astype("datetime64[D]") + (self.day - 1)
        fits &= ~self.zoned | (np.abs(self.offset) <= FARTHEST)
        fits &= (self.day >= 1) & (days.astype("datetime64[M]") == months) & (self.clock >= 0)
        day = days.astype(np.int64)
        micros = days.astype("datetime64[us]").astype(np.int64) + self.clock - np.where(self.zoned, self.offset, 0)
        return micros, day, fits


def clocked(words: Words) -> Clocked:
    """Read words that write out a date, with or without a time of day."""
    plain = pc.utf8_normalize(words, "NFKC")
    found, left = _nothing(len(words)), np.arange(len(words))
    for number, form in enumerate((*_FORMS, _TWO_NUMBERS)):
        if not left.size:
            break
        parts = pc.extract_regex(plain.take(pa.array(left)), form)
        fits = np.asarray(pc.is_valid(parts))
        _fill(found, left[fits], parts.filter(pa.array(fits)), first=number == len(_FORMS))
        left = left[~fits]
    return found


def matched(words: Words, form: str) -> Clocked:
    """Read words in a format of strftime."""
    found = _nothing(len(words))
    directives = re.findall(r"%(.)", form)
    at_once = set(directives) <= _DIRECTIVES.keys() and len(set(directives)) == len(directives)
    if not at_once or {"H", "I"} <= set(directives) or {"Y", "y"} <= set(directives):
        return _word_by_word(words, form, found)
    pieces = re.split(r"%(.)", form)
    text = "".join(_DIRECTIVES[piece] if odd % 2 else r"\s+".join(map(re.escape, re.split(r"\s+", piece)))
                   for odd, piece in enumerate(pieces))  # fmt: skip
    parts = pc.extract_regex(words, f"^{text}$") if "(" in text else None
    if parts is None:
        return _word_by_word(words, form, found)
    fits = np.asarray(pc.is_valid(parts))
    _fill(found, np.flatnonzero(fits), parts.filter(pa.array(fits)), first=False)
    return found


def _nothing(count: int) -> Clocked:
    year, month, day, clock, offset = np.full((5, count), UNKNOWN)
    return Clocked(year, month, day, clock, offset, np.zeros(count, np.bool_), np.zeros(count, np.bool_))


def _fill(found: Clocked, at: Ints, parts: pa.StructArray, *, first: bool) -> None:
    """Enter what the groups of a regular expression hold."""
    if not at.size:
        return
    groups = {each.name: parts.field(place) for place, each in enumerate(parts.type)}
    year = _number(groups, "year", 1970)
    if "short" in groups:
        short = _number(groups, "short", 0)
        year = short + np.where(short < PIVOT, 2000, 1900)
    found.year[at], found.day[at] = year, _number(groups, "day", 1)
    found.month[at] = _month(groups["name"]) if "name" in groups else _number(groups, "month", 1)
    found.clock[at], found.offset[at] = _time_of_day(groups, at.size), _offset(groups, at.size)
    found.known[at], found.first[at] = True, first


def _number(groups: dict[str, pa.Array], name: str, default: int) -> Ints:
    if name not in groups:
        return np.asarray(default)
    digits = pc.if_else(pc.equal(groups[name], ""), str(default), groups[name])
    return np.asarray(digits.cast(pa.int64()))


def _month(names: pa.Array) -> Ints:
    """Return months by their English names, which three letters tell apart; 0 for other words."""
    short = pc.utf8_slice_codeunits(pc.utf8_lower(names), 0, 3)
    return np.asarray(pc.fill_null(pc.index_in(short, pa.array(MONTHS, short.type)), -1)).astype(np.int64) + 1


def _time_of_day(groups: dict[str, pa.Array], count: int) -> Ints:
    """Return times of day in microseconds; below 0 where the clock has no such time."""
    hour, minute, second = (_number(groups, name, 0) + np.zeros(count, np.int64)
                            for name in ("hour", "minute", "second"))  # fmt: skip
    fraction = np.zeros(count, np.int64)
    if "fraction" in groups:
        digits = pc.utf8_slice_codeunits(pc.utf8_rpad(groups["fraction"], 6, "0"), 0, 6)
        fraction = np.asarray(digits.cast(pa.int64()))
    for group in ("half", "after"):
        if group in groups:
            half = pc.replace_substring(pc.utf8_lower(groups[group]), ".", "")
            before, after = (np.asarray(pc.is_in(half, pa.array(those, half.type)), np.bool_)
                             for those in (BEFORE_NOON, AFTER_NOON))  # fmt: skip
            hour = np.where(before & (hour == NOON), 0, np.where(after & (hour < NOON), hour + NOON, hour))
            if group == "half":  # 中午11时 is before noon
                early = np.asarray(pc.equal(half, "中午"), np.bool_) & (hour == 2 * NOON - 1)
                hour = np.where(early, NOON - 1, hour)
    end = (hour == 2 * NOON) & (minute == 0) & (second == 0)
    fits = ((hour < 2 * NOON) | end) & (minute < 60) & (second < 60)
    return np.asarray(np.where(fits, ((hour * 60 + minute) * 60 + second) * 1_000_000 + fraction, -1))


def _offset(groups: dict[str, pa.Array], count: int) -> Ints:
    """Return how far zones are from UTC, in microseconds; `UNKNOWN` where none is written."""
    if "zone" not in groups:
        return np.full(count, UNKNOWN)
    zone = groups["zone"]
    digits = pc.utf8_rpad(pc.replace_substring_regex(zone, r"\D", ""), 4, "0")
    amount = np.asarray(digits.cast(pa.int64()))
    sign = np.where(np.asarray(pc.starts_with(zone, "-"), np.bool_), -1, 1)
    micros = sign * (amount // 100 * 60 + amount % 100) * 60_000_000
    return np.asarray(np.where(np.asarray(pc.equal(zone, ""), np.bool_), UNKNOWN, micros))


def _word_by_word(words: Words, form: str, found: Clocked) -> Clocked:
    for place, word in enumerate(words.to_pylist()):
        with suppress(ValueError):
            read = datetime.strptime(word, form)
            found.year[place], found.month[place], found.day[place] = read.year, read.month, read.day
            seconds = (read.hour * 60 + read.minute) * 60 + read.second
            found.clock[place], found.known[place] = seconds * 1_000_000 + read.microsecond, True
            offset = read.utcoffset()
            if offset is not None:
                found.offset[place] = round(offset.total_seconds() * 1e6)
    return found
