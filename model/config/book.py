"""The workbook in which an office fills in its district: sheets, columns, and what may stand in a cell.

What a column means, its unit and its bounds are those of the declaration; headers are read in either language.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from model.config.declared import Declared, declared_at, declared_topics
from model.errors import ConfigError, span
from model.parameter import CHOICES_ZH, UNITS_ZH

MARK, SOURCE, REQUESTS = "example", "source", "requests"
"""Columns that are no values of an entry: it is only an example, where its numbers come from, its requests a year."""

KIND, UNIT, NOW, CLEAR = "kind", "unit", "diffuse", "sharp"  # columns of the sheet of duties
KEY, VALUE = "key", "value"  # columns of the sheet of the district
STREET = "street"  # the unit that stands for each street in a duty

EXAMPLE = {"en": "example", "zh": "示例"}  # what marks a row as one
YES = ("yes", "是", "true", "y", "1")
NO = ("no", "否", "false", "n", "0")
WORDS_ZH = {**CHOICES_ZH, "yes": "是", "no": "否", STREET: "街乡"}


@dataclass(frozen=True)
class Column:
    """One column of a sheet.

    Attributes:
        key: Path of the value within its entry, or one of the names above.
        en, zh: Its header.
        known: What is declared of it; None where it is no declared value.
        needed: Whether a row is incomplete without it.
        shown: Whether a new workbook has it; others are read where they are.
        meaning_en, meaning_zh: One sentence.
    """

    key: str
    en: str
    zh: str
    known: Declared | None
    meaning_en: str
    meaning_zh: str
    needed: bool = False
    shown: bool = True

    @property
    def allowed(self) -> tuple[str, str]:
        """What may stand in it, in English and in Chinese."""
        return allowed(self.known, self.key)


def allowed(known: Declared | None, key: str) -> tuple[str, str]:
    """Return what may stand in a cell, in English and in Chinese."""
    if key == REQUESTS:
        return "0 or more requests a year", "0 或更多（件/年）"
    if known is None or (known.type is str and not known.choices):
        return "text", "文字"
    if known.type is bool:
        return "yes or no", "是 或 否"
    if known.choices:
        return " or ".join(known.choices), "、".join(CHOICES_ZH[each] for each in known.choices)
    low, high = known.bounds or (0.0, 1.0)
    whole = known.type is int
    words = span(low, high, known.unit)
    unit = f"（{UNITS_ZH[known.unit]}）" if known.unit in UNITS_ZH else ""
    words_zh = f"{low:,.10g} 至 {high:,.10g}{unit.replace('（（', '（').replace('））', '）')}"
    return (f"a whole number from {words}", f"{words_zh}的整数") if whole else (words, words_zh)


@dataclass(frozen=True)
class Page:
    """One sheet of the workbook; `name` is the topic of its entries, where it has such."""

    name: str
    en: str
    zh: str
    meaning_en: str
    meaning_zh: str
    columns: tuple[Column, ...]

    def titled(self, title: str) -> bool:
        """Tell whether a sheet of this title is this one."""
        return plain(title) in (plain(self.en), plain(self.zh), self.name)

    def column(self, header: Any) -> Column | None:
        """Return the column with a header, None where there is none."""
        word = plain(header)
        return next((each for each in self.columns if word in (plain(each.en), plain(each.zh), each.key)), None)


def plain(cell: Any) -> str:
    """Return what stands in a cell as it is compared: full-width letters narrow, no case, no spaces around."""
    return unicodedata.normalize("NFKC", str(cell if cell is not None else "")).strip().rstrip("*").strip().casefold()


_MARK = Column(MARK, "example?", "示例？", None, "A row marked 'example' is left out. Clear the mark to use it.",
               "标为“示例”的行不计入；删去该标记或整行即可。")  # fmt: skip
_SOURCE = Column(SOURCE, "where the numbers come from", "数据来源", None,
                 "A year-book, a ledger, an estimate by whom; it is kept with every number of the row.",
                 "年鉴、台账，或何人估计；随本行各数一并保存。")  # fmt: skip
_TITLES = (
    Column("title.zh", "name in Chinese", "名称", None, "Either name is enough.", "中文名称；中英文填一种即可。"),
    Column("title.en", "name in English", "英文名称", None, "Either name is enough.", "英文名称；可不填。"),
)

_SHOWN = {
    "streets": ("type", "population", "communities", "villages", "area_km2", "staff", "community_staff", "code"),
    "departments": ("enforcement", "staff", "city_staff", "stationable", "staff_weight", "programme_weight", "sector",
                    "code"),
    "kinds": ("work_days", "enforcement", "joint", "deadline", "waiting_days", "hidden", "stake", "parties",
              "recur_control", "recur_cogovernance", "member_units", "work_sigma", "waiting_sigma", "on_the_spot",
              "code"),
}  # fmt: skip
_NEEDED = {"streets": ("population",), "departments": ("enforcement",), "kinds": ("work_days", "enforcement", "joint")}

ASKED = (
    "demand.weekend", "demand.dispersion", "demand.needs_city", "staff.load", "staff.city", "staff.department",
    "staff.street", "staff.community", "staff.weekend", "programmes.weight", "deadlines.emergency",
    "deadlines.utilities", "deadlines.normal", "deadlines.complex",
)  # fmt: skip
"""Numbers of the whole district that a new workbook asks for; any other may be added by its key."""


@cache
def pages() -> dict[str, Page]:
    """Return the sheets by name, in the order of the workbook."""
    found = (
        Page("district", "district", "区情", "The district; what is left empty takes the number in the table.",
             "全区情况；未填的按表中数值。", _district_columns()),
        Page("streets", "streets", "街乡", "One row a street or township.", "每个街道、地区（乡）一行。",
             tuple(_columns("streets"))),
        Page("departments", "departments", "部门", "One row a department of the district.", "每个区级部门一行。",
             tuple(_columns("departments"))),
        Page("kinds", "requests", "诉求类别", "One row a kind of request, with how many come a year.",
             "每类诉求一行，填全年件数。", tuple(_columns("kinds"))),
        Page("duties", "duties", "职责", "Who is responsible for which kind: a row for each unit with a claim to it.",
             "哪一类归谁管：某单位对某类负有职责的，填一行。", _duty_columns()),
    )  # fmt: skip
    return {page.name: page for page in found}


def _columns(topic: str) -> Iterator[Column]:
    """Yield the columns of a list of entries: those that a new workbook has first, then all others declared."""
    keys = next(each.keys for each in declared_topics() if each.name == topic)
    yield from (_MARK, *_TITLES)
    if topic == "departments":
        yield Column("city_title.zh", "city counterpart in Chinese", "市级对口部门", None, "The same at the city.",
                     "对口的市级部门。", shown=False)  # fmt: skip
        yield Column("city_title.en", "city counterpart in English", "市级对口部门英文名", None,
                     "The same at the city.", "对口的市级部门。", shown=False)  # fmt: skip
    if topic == "kinds":
        yield Column(
            REQUESTS, "requests a year", "年诉求量", None, "How many come in a year.", "全年受理件数。", needed=True
        )
    shown = _SHOWN[topic]
    for key in (*shown, *(key for key, known in keys.items() if known.meaning and key not in shown)):
        known = keys[key]
        if key != "share" and (known.type in (bool, int, float, str)):
            yield _declared_column(key, known, needed=key in _NEEDED[topic], shown=key in shown)
    yield _SOURCE


def _declared_column(key: str, known: Declared, *, needed: bool, shown: bool) -> Column:
    return Column(key, key.replace("_", " "), known.zh, known, known.meaning, f"{known.zh}。", needed, shown)


def _duty_columns() -> tuple[Column, ...]:
    claim = Declared(**{**vars(declared_at("duty_entries.code.membership")), "optional": False})
    return (
        _MARK,
        Column(KIND, "kind", "诉求类别", None, "Name of a kind of request, as on its sheet.",
               "诉求类别的名称，与该表一致。", needed=True),
        Column(UNIT, "unit", "单位", None, "Name of a department, as on its sheet, or 'street'.",
               "部门名称，与部门表一致；街乡填“街乡”。", needed=True),
        Column(NOW, "claim today", "现在的归属度", claim,
               "0-1: 0.9 plainly responsible, 0.5 shared, 0.2 marginal. Of the street: the share it can settle.",
               "0 至 1：0.9 为明确主责，0.5 为职责交叉，0.2 为边缘；街乡填其自身能办的比例。", needed=True),
        Column(CLEAR, "claim with a clear list", "清单明确后的归属度", claim,
               "The same with a fully clear duty list; empty: as today, so a clear list changes nothing here.",
               "职责清单完全明确后的归属度；未填即与现在相同，清单对此项不起作用。"),
        _SOURCE,
    )  # fmt: skip


def _district_columns() -> tuple[Column, ...]:
    words = (
        (KEY, "key", "参数", "Name of the number.", "参数名。"),
        ("meaning", "what it is", "含义", "", ""),
        (VALUE, "value", "数值", "To be filled in.", "请填写。"),
        ("unit", "unit", "计量单位", "", ""),
        ("default", "if left empty", "未填时取", "", ""),
        ("usual", "usual range", "常见范围", "", ""),
    )
    return (*(Column(key, en, zh, None, one, other) for key, en, zh, one, other in words), _SOURCE)


def number_of(cell: Any) -> float | None:
    """Return the number in a cell; text such as "1,200" or "12 %" counts as one, None is returned for all other."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell)
    text = plain(cell).replace(",", "").replace(" ", "")
    try:
        return float(text.removesuffix("%")) / (100.0 if text.endswith("%") else 1.0)
    except ValueError:
        return None


def value_of(cell: Any, known: Declared | None) -> Any:
    """Return the value that a cell holds as it is declared; ValueError where it holds no such value."""
    if known is None:
        return _text(cell)
    word = plain(cell)
    if known.type is bool:
        if word not in (*YES, *NO):
            raise ValueError
        return word in YES
    if known.choices:
        names = {plain(name): each for each in known.choices for name in (each, CHOICES_ZH[each])}
        if word not in names:
            raise ValueError
        return names[word]
    if known.type is str:
        return _text(cell)
    found = number_of(cell)
    low, high = known.bounds or (float("-inf"), float("inf"))
    if found is None or not low <= found <= high or (known.type is int and found != int(found)):
        raise ValueError
    return int(found) if known.type is int else found


def _text(cell: Any) -> str:
    """Return a cell's text; a whole number as Excel keeps it, 12.0, is a code such as 12."""
    return str(int(cell) if isinstance(cell, float) and cell == int(cell) else cell).strip()


def known_number(key: str) -> Declared | None:
    """Return what is declared of a number, word or switch of the whole district; None where there is none."""
    try:
        known = declared_at(key)
    except ConfigError:
        return None
    return known if known.type in (bool, int, float, str) and "*" not in key else None
