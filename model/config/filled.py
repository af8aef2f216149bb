"""What a filled workbook says of a district, as the values of a YAML file; and what of it does not fit together."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from model.config.book import (
    CLEAR,
    KEY,
    KIND,
    NOW,
    REQUESTS,
    SOURCE,
    STREET,
    UNIT,
    VALUE,
    WORDS_ZH,
    Column,
    known_number,
    pages,
    plain,
    value_of,
)
from model.config.gaps import Gap, gap, gap_of_cell, gap_of_no_row
from model.config.spreadsheet import Read, Row, read_workbook
from model.config.usual import usual, usual_of_column
from model.config.yamlfile import KeyPath, Sheet

UNITS = ("streets", "departments")
LEVELS = ("city", "department", "street", "community")  # shares of the staff
_PARTIES = 2.0  # of a joint case, where nothing is said: as declared
_FORBIDDEN = re.compile(r"[\s./]+")


@dataclass(frozen=True)
class Filled:
    """A workbook that was read.

    Attributes:
        sheet: Its values with their cells; its problems are the gaps in English.
        gaps: What is missing, wrong or does not fit.
        examples: Rows left out as examples.
        ignored: Headers that mean nothing here: sheet and header.
        as_today: Claims whose value under a clear list was left empty.
    """

    sheet: Sheet
    gaps: tuple[Gap, ...]
    examples: int
    ignored: tuple[tuple[str, str], ...]
    as_today: int


def read_filled(path: Path, shown: str) -> Filled:
    """Read a workbook; ConfigError as `read_workbook`."""
    read = read_workbook(path, shown)
    made = _Values(read)
    made.all()
    gaps = (*read.gaps, *made.gaps)
    sheet = Sheet(shown, made.values, made.places, tuple(dict.fromkeys(each.problem for each in gaps)))
    return Filled(sheet, gaps, read.examples, tuple(read.ignored), made.as_today)


class _Values:
    """Makes the values of a YAML file of rows."""

    def __init__(self, read: Read) -> None:
        self.read = read
        self.values: dict[str, Any] = {}
        self.places: dict[KeyPath, str] = {(): read.sheets["district"]}
        self.gaps: list[Gap] = []
        self.named: dict[str, dict[str, str]] = {}  # code by name as it is compared, by sheet
        self.spelt: dict[str, list[str]] = {}  # the names as they are written
        self.as_today = 0

    def all(self) -> None:
        for topic in (*UNITS, "kinds"):
            self._entries(topic)
        self._district()
        self._requests()
        self._duties()
        self.gaps += _staff(self.read)

    def _entries(self, topic: str) -> None:
        rows, page = self.read.rows[topic], pages()[topic]
        self.places[(topic,)] = self.read.sheets[topic]
        if not rows:
            self.gaps.append(gap_of_no_row(self.read.sheets[topic], page))
        codes = [_code(row) for row in rows]
        self.gaps += [gap(row.cells("code"), "nameless") for row, code in zip(rows, codes, strict=True) if not code]
        self._name(topic, rows, codes)
        self.values[topic] = [
            self._entry(topic, i, row, code) for i, (row, code) in enumerate(zip(rows, codes, strict=True))
        ]  # fmt: skip

    def _name(self, topic: str, rows: list[Row], codes: list[str]) -> None:
        """Note by which names other sheets may speak of the rows; one that stands for two is a gap."""
        names = [{code, *(str(row.values.get(f"title.{lang}", "")) for lang in ("zh", "en"))} - {""}
                 for row, code in zip(rows, codes, strict=True)]  # fmt: skip
        times = Counter(plain(name) for each in names for name in {plain(name): name for name in each}.values())
        self.spelt[topic] = [name for each in names for name in sorted(each)]
        self.named[topic] = {plain(name): code for each, code in zip(names, codes, strict=True) for name in each}
        for row, each in zip(rows, names, strict=True):
            twice = next((name for name in sorted(each) if times[plain(name)] > 1), None)
            if twice is not None:
                self.gaps.append(gap(row.cells("title.zh"), "twice", given=twice, times=times[plain(twice)]))

    def _entry(self, topic: str, place: int, row: Row, code: str) -> dict[str, Any]:
        entry: dict[str, Any] = {"code": code, "title": _title(row, "title")}
        if topic == "departments":
            city = _title(row, "city_title")
            title = entry["title"]
            entry["city_title"] = city or {"zh": f"{title['zh']}（市级）", "en": f"{title['en']} (city)"}
        apart = ("code", REQUESTS, SOURCE)
        entry |= {key: value for key, value in row.values.items() if "." not in key and key not in apart}
        entry["evidence"] = _evidence(topic, row)
        self.places[(topic, place)] = row.cells("code")
        self.places |= {(topic, place, *key.split(".")): row.cells(key) for key in row.values}
        return entry

    def _district(self) -> None:
        page = pages()["district"]
        value = next(column for column in page.columns if column.key == VALUE)
        for row in self.read.rows["district"]:
            key, cell = str(row.values.get(KEY, "")), row.values.get(VALUE)
            if cell is None:
                continue
            known = None if key.startswith("title.") else known_number(key)
            if known is None and not key.startswith("title."):
                self.gaps.append(gap(row.cells(KEY), "no_number", given=key))
                continue
            topic, _, name = key.partition(".")
            try:
                self.values.setdefault(topic, {})[name] = value_of(cell, known)
                self.places[(topic, name)] = row.cells(VALUE)
            except ValueError:
                asked = Column(**{**vars(value), "known": known})
                self.gaps.append(gap_of_cell(row.cells(VALUE), "wrong", asked, (key, key), usual(topic, name), cell))
        self._shares()
        title = self.values.get("title", {})
        either = title.get("zh") or title.get("en") or Path(self.read.sheets["district"].partition(":")[0]).parent.name
        self.values["title"] = {"zh": title.get("zh", either), "en": title.get("en", either)}

    def _shares(self) -> None:
        """Note shares of the staff, given or by default, that do not add up to 1."""
        given = self.values.get("staff", {})
        shares = {
            level: given.get(level, known.default) for level in LEVELS if (known := known_number(f"staff.{level}"))
        }
        total = sum(shares.values())
        if not math.isclose(total, 1.0, abs_tol=1e-6) and set(given) & set(shares):
            parts = " + ".join(f"staff.{level} {share:g}" for level, share in shares.items())
            self.gaps.append(gap(self.read.sheets["district"], "shares", total=total, parts=parts))

    def _requests(self) -> None:
        """Make shares of the counts; their sum is the volume, unless the sheet of the district gives one."""
        counts = [float(row.values.get(REQUESTS, 0.0)) for row in self.read.rows["kinds"]]
        total = sum(counts)
        if counts and total <= 0.0:
            self.gaps.append(gap(self.read.sheets["kinds"], "no_requests"))
        for i, (entry, row, count) in enumerate(
            zip(self.values["kinds"], self.read.rows["kinds"], counts, strict=True)
        ):
            entry["share"] = count / total if total > 0.0 else 0.0
            entry["evidence"]["share"] = f"{count:g} of {total:g} requests a year: {row.values.get(SOURCE, _OFFICE)}"
            self.places[("kinds", i, "share")] = row.cells(REQUESTS)
        self.values.setdefault("demand", {}).setdefault("requests_per_year", total)
        self.places.setdefault(("demand", "requests_per_year"), self.read.sheets["kinds"])

    def _duties(self) -> None:
        claims: dict[str, dict[str, dict[str, float]]] = {}
        first: dict[tuple[str, str], int] = {}
        for row in self.read.rows["duties"]:
            kind, unit = self._named(row, KIND, "kinds"), self._named(row, UNIT, "departments")
            if kind is None or unit is None or NOW not in row.values:
                continue
            if (kind, unit) in first:
                words = f"{row.values[KIND]} – {row.values[UNIT]}"
                self.gaps.append(gap(row.cells(KIND), "claimed_twice", given=words, row=first[kind, unit]))
            first.setdefault((kind, unit), row.number)
            self.as_today += CLEAR not in row.values
            sides = claims.setdefault(kind, {NOW: {}, CLEAR: {}})
            sides[NOW][unit] = row.values[NOW]
            sides[CLEAR][unit] = row.values.get(CLEAR, row.values[NOW])
        for i, (entry, row) in enumerate(zip(self.values["kinds"], self.read.rows["kinds"], strict=True)):
            entry["duties"] = claims.get(entry["code"], {NOW: {}, CLEAR: {}})
            self.places[("kinds", i, "duties")] = self.read.sheets["duties"]
            self.gaps += self._claimed(entry, row)

    def _named(self, row: Row, key: str, topic: str) -> str | None:
        """Return the code of what a cell names, None where nothing has this name."""
        given = row.values.get(key)
        if given is None:
            return None
        if key == UNIT and plain(given) in (STREET, plain(WORDS_ZH[STREET])):
            return STREET
        if (code := self.named[topic].get(plain(given))) is None:
            page, column = pages()[topic], next(each for each in pages()["duties"].columns if each.key == key)
            close = get_close_matches(str(given), self.spelt[topic], n=1)
            near = (f"; did you mean '{close[0]}'?", f"，是否为“{close[0]}”？") if close else (".", "。")
            self.gaps.append(gap(row.cells(key), "unknown", name=(f"'{column.en}'", f"“{column.zh}”"), given=given,
                                 sheet=(page.en, page.zh), near=near))  # fmt: skip
        return code

    def _claimed(self, entry: dict[str, Any], row: Row) -> Iterator[Gap]:
        """Yield what the claims on a kind lack."""
        page, duties = pages()["duties"], entry["duties"]
        power = {each["code"] for each in self.values["departments"] if each.get("enforcement")}
        words: dict[str, Any] = {"given": row.names, "sheet": (page.en, page.zh)}
        able = [
            {unit for unit, claim in duties[side].items() if unit != STREET and claim > 0.0} for side in (NOW, CLEAR)
        ]
        headers = [(each.en, each.zh) for key in (NOW, CLEAR) for each in page.columns if each.key == key]
        if empty := [header for header, units in zip(headers, able, strict=True) if not units]:
            yield gap(row.cells("title.zh"), "no_claim", side=empty[0], **words)
            return
        if entry.get("enforcement", 0.0) > 0.0 and not all(each & power for each in able):
            yield gap(row.cells("enforcement"), "no_power", **words)
        parties, found = entry.get("parties", _PARTIES), len(able[0] | able[1])
        if entry.get("joint", 0.0) > 0.0 and found < parties:
            yield gap(row.cells("joint"), "few_claims", parties=parties, found=found, **words)


_OFFICE = "given in the workbook"


def _code(row: Row) -> str:
    """Return the code of an entry: as it is given, else its name without what codes must not have."""
    return _FORBIDDEN.sub("_", str(row.values.get("code") or row.names[1])).strip("_")


def _title(row: Row, key: str) -> dict[str, str]:
    """Return the names of an entry, one language borrowing from the other; empty where it has none."""
    given = {lang: str(row.values[f"{key}.{lang}"]) for lang in ("zh", "en") if f"{key}.{lang}" in row.values}
    either = next(iter(given.values()), row.names[1] if key == "title" else "")
    return {lang: given.get(lang, either) for lang in ("zh", "en")} if either else {}


def _evidence(topic: str, row: Row) -> dict[str, str]:
    """Return where each number comes from; what is left empty is an assumption with its usual range."""
    said = str(row.values.get(SOURCE, _OFFICE))
    found = {key: said for key in row.values if "." not in key and key not in ("code", REQUESTS, SOURCE)}
    for column in pages()[topic].columns:
        if column.known is None or column.key in row.values or column.known.type not in (int, float):
            continue
        if (known := usual_of_column(topic, column.key)) is not None and column.known.factor:
            low, high = min(known.low, column.known.default), max(known.high, column.known.default)
            found[column.key] = (
                f"assumption, range {low:g}-{high:g}; left empty, so the default {column.known.default:g}"
            )
    return found


def _staff(read: Read) -> Iterator[Gap]:
    """Staff is given for all units or for none."""
    rows = [row for topic in UNITS for row in read.rows[topic]]
    missing = [row for row in rows if "staff" not in row.values]
    for row in missing if len(missing) < len(rows) else ():
        yield gap(row.cells("staff"), "some_staff", given=row.names)
