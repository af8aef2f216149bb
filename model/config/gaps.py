"""What a workbook of a district lacks, cell by cell, in English and in Chinese."""

from __future__ import annotations

from dataclasses import dataclass

from model.config.book import Column, Page
from model.config.usual import Usual, usual_of_column

_SAID = {
    "empty": ("{name} is empty. Needed: {allowed}{usual}.", "{name}未填。应填：{allowed}{usual}。"),
    "wrong": (
        "{name}: got '{given}'. Needed: {allowed}{usual}.",
        "{name}填的是“{given}”。应填：{allowed}{usual}。",
    ),
    "formula": (
        "{name}: the result of its formula is not stored. Open the workbook, save it, and check again.",
        "{name}：公式结果未保存。请用表格软件打开并保存后再检查。",
    ),
    "nameless": ("the row has no name. Give it one.", "本行没有名称，请填写。"),
    "twice": (
        "'{given}' is the name or code of {times} rows. Give each its own.",
        "“{given}”有 {times} 行同名（或同代码），请各用各名。",
    ),
    "unknown": ("{name}: '{given}' is no name on sheet '{sheet}'{near}", "{name}：“{given}”不在“{sheet}”表中{near}"),
    "no_number": (
        "'{given}' is no number of the district. Take a key of: whistle show-config base.",
        "没有“{given}”这个参数。参数名见 whistle show-config base。",
    ),
    "claimed_twice": (
        "'{given}' stands here a second time, first in row {row}. Keep one of them.",
        "“{given}”重复，第 {row} 行已有，请留一行。",
    ),
    "no_sheet": (
        "sheet '{sheet}' is missing. Take it from a new workbook: whistle new-district.",
        "缺“{sheet}”表。可用 whistle new-district 生成新表后复制。",
    ),
    "no_column": ("column '{name}' is missing. Needed: {allowed}.", "缺“{name}”列。应填：{allowed}。"),
    "no_row": (
        "no row is filled in (rows marked as examples do not count). {rows} Each needs: {needed}.",
        "没有填写任何一行（示例行不计）。{rows}每行必填：{needed}。",
    ),
    "too_many": (
        "has more than {most:,} rows. Delete the empty ones below the last.",
        "超过 {most:,} 行，请删去末行以下的空行。",
    ),
    "no_requests": (
        "no kind has any requests a year. Fill in how many come.",
        "各类诉求的年诉求量都是 0，请填写。",
    ),
    "no_claim": (
        "'{given}' has no department whose {side} is above 0. Name one on sheet '{sheet}'.",
        "“{given}”没有{side}大于 0 的部门，请在“{sheet}”表中填写。",
    ),
    "no_power": (
        "'{given}' needs enforcement power, but no department with a claim to it has any. Name one on sheet "
        "'{sheet}', or set its enforcement to 0.",
        "“{given}”需要执法权，而对其负有职责的部门都没有。请在“{sheet}”表中补一个，或将需执法权比例填 0。",
    ),
    "few_claims": (
        "'{given}' needs {parties:g} parties where it is joint, but {found} departments have a claim to it. Name more "
        "on sheet '{sheet}', or set joint to 0.",
        "“{given}”联办需 {parties:g} 方，而负有职责的部门只有 {found} 个。请在“{sheet}”表中补充，或将需联合比例填 0。",
    ),
    "some_staff": (
        "'{given}' has no staff, other units have. Give it for all streets and departments (0 is valid), or for none: "
        "then it follows from the work (staff.load).",
        "“{given}”未填人员，而其他单位已填。所有街乡和部门要么都填（可填 0），要么都不填，由工作量推算（staff.load）。",
    ),
    "shares": (
        "the shares of staff add up to {total:.6g}, not 1: {parts}.",
        "各级人员比例之和为 {total:.6g}，应为 1：{parts}。",
    ),
}
"""By what is wrong: in English and in Chinese."""


@dataclass(frozen=True)
class Gap:
    """Something that a workbook lacks or has wrong.

    Attributes:
        place: File, sheet and cell, as "mine/district.xlsx: streets!D4".
        en, zh: What is needed, with a usual range where one is known.
    """

    place: str
    en: str
    zh: str

    @property
    def problem(self) -> str:
        """The gap as an error says it."""
        return f"{self.place}: {self.en}"


def gap(place: str, what: str, **words: object) -> Gap:
    """Return a gap; what differs between the languages is given as a pair (English, Chinese)."""
    each = [{name: pair[i] if isinstance(pair, tuple) else pair for name, pair in words.items()} for i in (0, 1)]
    return Gap(place, *(text.format(**said) for text, said in zip(_SAID[what], each, strict=True)))


def gap_of_no_row(place: str, page: Page) -> Gap:
    """Return that a sheet is empty, with what a row of it needs."""
    asked = [(each, usual_of_column(page.name, each.key)) for each in page.columns if each.needed]
    english = (f"{each.en} ({'; '.join([each.allowed[0], *([known.en] if known else [])])})" for each, known in asked)
    chinese = (f"{each.zh}（{'；'.join([each.allowed[1], *([known.zh] if known else [])])}）" for each, known in asked)
    needed = (", ".join(("name", *english)), "、".join(("名称", *chinese)))
    return gap(place, "no_row", rows=(page.meaning_en, page.meaning_zh), needed=needed)


def gap_of_cell(
    place: str, what: str, column: Column, entry: tuple[str, str], known: Usual | None, given: object = ""
) -> Gap:
    """Return what is wrong in the cell of a column; `entry` is the name of its row in both languages, or empty."""
    of, of_zh = (f" of '{entry[0]}'", f"“{entry[1]}”的") if entry[0] else ("", "")
    name = (f"'{column.en}'{of}", f"{of_zh}“{column.zh}”")
    offered = ("", "") if known is None else (f"; {known.en}", f"；{known.zh}")
    return gap(place, what, name=name, allowed=column.allowed, usual=offered, given=str(given)[:40])
