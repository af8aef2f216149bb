"""The files with which an office begins its own district: a workbook to fill in, or a commented YAML file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.errors import WrongInput
from experiments.messages import Language, current_language, msg
from model.config.book import (
    ASKED,
    CLEAR,
    EXAMPLE,
    KEY,
    KIND,
    MARK,
    NO,
    NOW,
    REQUESTS,
    SOURCE,
    STREET,
    UNIT,
    WORDS_ZH,
    YES,
    Column,
    Page,
    known_number,
    pages,
)
from model.config.files import DISTRICT_FILES, district_sheets
from model.config.usual import Usual, usual, usual_of_column
from model.parameter import UNITS_ZH

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

FORMATS = dict(zip(("yaml", "xlsx"), DISTRICT_FILES, strict=True))  # the file of each
EXAMPLES = "tiny"  # the shipped district whose entries are the examples; every number in it is invented
FILLABLE = 500  # rows of a sheet that offer choices and refuse what is not allowed
LISTS = "lists"  # hidden sheet from which the choices of units are taken
_DARK, _PALE, _NEEDED = "1F4E78", "808080", "C00000"


def write_district(folder: Path, form: str) -> Path:
    """Write the file of a new district, in the language in use, and return it.

    Raises:
        WrongInput: If the folder holds a district already, or cannot be written.
        MissingExtra: For a workbook, without openpyxl.
    """
    there = [folder / name for name in DISTRICT_FILES if (folder / name).exists()]
    if there:
        raise WrongInput([f"{there[0]}: is there already, and is left as it is. Name another folder, or remove it."])
    target = folder / FORMATS[form]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if form == "xlsx":
            _workbook().save(target)
        else:
            target.write_text("".join(f"{line.rstrip()}\n" for line in _yaml_lines()), encoding="utf-8")
    except OSError as error:
        raise WrongInput([f"{target}: cannot be written: {error.strerror or error}. Name another folder."]) from error
    return target


def _said(english: str, chinese: str) -> str:
    return chinese if current_language() is Language.ZH else english


def _word(word: str) -> str:
    return WORDS_ZH.get(word, word) if current_language() is Language.ZH else word


def _usual_of(page: Page, column: Column) -> Usual | None:
    return usual_of_column(page.name, column.key) if column.known is not None else None


def _range_of(known: Usual | None) -> str:
    return "" if known is None else _said(known.en, known.zh)


def _cell(value: Any) -> Any:
    """Return a value as a cell has it: switches and words in the language in use."""
    if isinstance(value, bool):
        return _word((YES if value else NO)[0])
    return _word(value) if isinstance(value, str) else value


def _default_of(column: Column) -> str:
    """Return what an empty cell means."""
    if column.needed:
        return msg("new_needed")
    if column.key == CLEAR:
        return _said("as today", "与现在相同")
    if column.known is None:
        return "–"
    default = column.known.default
    if default is None:
        return msg("new_derived")
    shown = _cell(default)
    return f"{shown:g}" if isinstance(shown, int | float) else shown or "–"


# the examples


def _examples() -> dict[str, list[dict[str, Any]]]:
    """Return the rows that show how a sheet is filled in, by name of the sheet, each by key of the column."""
    known = {topic: rows for sheet in district_sheets(EXAMPLES) for topic, rows in sheet.values.items()}
    volume = known["demand"]["requests_per_year"]
    names = {each["code"]: _name(each) for topic in ("departments", "kinds") for each in known[topic]}
    names[STREET] = _word(STREET)
    kinds = [{**each, REQUESTS: round(each["share"] * volume)} for each in known["kinds"]]
    duties = [
        {KIND: names[kind["code"]], UNIT: names[unit], NOW: kind["duties"][NOW].get(unit, 0.0),
         CLEAR: kind["duties"][CLEAR].get(unit, 0.0)}
        for kind in known["kinds"] for unit in dict.fromkeys([*kind["duties"][NOW], *kind["duties"][CLEAR]])
    ]  # fmt: skip
    rows = {"streets": known["streets"], "departments": known["departments"], "kinds": kinds, "duties": duties}
    return {name: [{**_needed(name), **row} for row in each] for name, each in rows.items()}


def _needed(name: str) -> dict[str, Any]:
    """Return the defaults of what a row must have: an example that leaves them to the model says them."""
    columns = pages()[name].columns
    return {each.key: each.known.default for each in columns if each.needed and each.known is not None}


def _name(entry: dict[str, Any]) -> str:
    return str(entry["title"][current_language()])


def _value_at(entry: dict[str, Any], key: str) -> Any:
    value: Any = entry
    for step in key.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value


# the workbook


def _workbook() -> Workbook:
    from model import needs
    from model.extras import CORE

    needs(CORE, "whistle new-district", "openpyxl")
    from openpyxl import Workbook

    book, examples = Workbook(), _examples()
    _instructions(book.worksheets[0])
    for page in pages().values():
        sheet = book.create_sheet(_said(page.en, page.zh))
        shown = [column for column in page.columns if column.shown]
        _header(sheet, page, shown)
        rows = list(_district_rows()) if page.name == "district" else [
            {**row, MARK: EXAMPLE[current_language()], SOURCE: msg("new_invented")} for row in examples[page.name]
        ]  # fmt: skip
        for row in rows:
            sheet.append([_cell(_value_at(row, column.key)) if "." in column.key else _cell(row.get(column.key))
                          for column in shown])  # fmt: skip
        if page.name != "district":
            _pale(sheet)
        _rules(sheet, shown)
    _choices(book)
    return book


def _instructions(sheet: Worksheet) -> None:
    """Fill the sheet that says how to fill in the others."""
    from openpyxl.styles import Alignment, Font

    sheet.title = msg("new_read_me")
    sheet.append([msg("new_title")])
    for number in range(1, 7):
        sheet.append([msg(f"new_step_{number}")])
    sheet.append([])
    sheet.append([msg(f"new_{name}") for name in ("sheet", "column", "meaning", "allowed", "empty", "usual")])
    heading = sheet.max_row
    for page in pages().values():
        for column in page.columns if page.name != "district" else ():
            if column.shown:
                sheet.append([_said(page.en, page.zh), _said(column.en, column.zh),
                              _said(column.meaning_en, column.meaning_zh), _said(*column.allowed),
                              _default_of(column), _range_of(_usual_of(page, column))])  # fmt: skip
    for letter, width in zip("ABCDEF", (16, 24, 70, 34, 16, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet["A1"].font = Font(bold=True, size=14)
    for cell in sheet[heading]:
        cell.font = Font(bold=True, color=_DARK)
    for row in sheet.iter_rows(min_row=heading + 1):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def _header(sheet: Worksheet, page: Page, shown: Sequence[Column]) -> None:
    """Write the first row: what is needed in red with a star, and a note on every column."""
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    sheet.append([_said(column.en, column.zh) + (" *" if column.needed else "") for column in shown])
    for number, column in enumerate(shown, 1):
        cell = sheet.cell(1, number)
        cell.font = Font(bold=True, color=_NEEDED if column.needed else _DARK)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        width = 46 if column.key in (SOURCE, "meaning", "usual") else 26 if column.key in (KIND, UNIT, KEY) else 15
        sheet.column_dimensions[get_column_letter(number)].width = width
        note = "\n".join(filter(None, _note(page, column)))
        if note:
            cell.comment = Comment(note, "Whistle", height=150, width=320)
    sheet.freeze_panes = "B2"


def _note(page: Page, column: Column) -> Iterator[str]:
    """Yield the lines of the note on a column."""
    yield _said(column.meaning_en, column.meaning_zh)
    if column.known is not None or column.key == REQUESTS:
        yield f"{msg('new_allowed')}: {_said(*column.allowed)}"
        yield _range_of(_usual_of(page, column))
    if column.known is not None or column.needed:
        yield f"{msg('new_empty')}: {_default_of(column)}"


def _pale(sheet: Worksheet) -> None:
    """Show the example rows as what they are."""
    from openpyxl.styles import Font

    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.font = Font(italic=True, color=_PALE)


def _district_rows() -> Iterator[dict[str, Any]]:
    """Yield the rows of the sheet of the district, by key of the column."""
    for key, english, chinese in (
        ("title.zh", "Its name in Chinese.", "区名。"),
        ("title.en", "Its name in English.", "英文区名。"),
    ):
        yield {KEY: key, "meaning": _said(english, chinese)}
    for key in ASKED:
        known, (topic, _, name) = known_number(key), key.partition(".")
        assert known is not None
        yield {
            KEY: key, "meaning": _said(known.meaning, known.zh), "default": round(known.default, 4),
            "unit": _said(known.unit, UNITS_ZH.get(known.unit, "–")), "usual": _range_of(usual(topic, name)),
        }  # fmt: skip


def _rules(sheet: Worksheet, shown: Sequence[Column]) -> None:
    """Let cells offer their choices and refuse what is not allowed."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    for number, column in enumerate(shown, 1):
        rule: DataValidation | None = None
        known = column.known
        if column.key == MARK:
            rule = _list_of([EXAMPLE[current_language()]])
        elif known is not None and (known.choices or known.type is bool):
            rule = _list_of([_word(each) for each in known.choices or (YES[0], NO[0])])
        elif known is not None and known.bounds and known.type in (int, float):
            low, high = (f"{end:.10g}" for end in known.bounds)
            kind: Any = "whole" if known.type is int else "decimal"
            rule = DataValidation(type=kind, operator="between", formula1=low, formula2=high, allow_blank=True)
        if rule is not None:
            rule.error, rule.showErrorMessage = _said(*column.allowed)[:200], True
            rule.add(f"{get_column_letter(number)}2:{get_column_letter(number)}{FILLABLE}")
            sheet.add_data_validation(rule)


def _list_of(words: Sequence[str]) -> Any:
    from openpyxl.worksheet.datavalidation import DataValidation

    return DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)


def _choices(book: Workbook) -> None:
    """Let the sheet of duties offer the kinds and units that stand on their own sheets."""
    from openpyxl.worksheet.datavalidation import DataValidation

    lists, named = book.create_sheet(LISTS), {name: _said(page.en, page.zh) for name, page in pages().items()}
    lists.sheet_state = "hidden"
    letter = _said("C", "B")  # the column of names in this language
    lists["B1"] = _word(STREET)
    for row in range(2, FILLABLE + 1):
        for place, topic in (("A", "kinds"), ("B", "departments")):
            source = f"'{named[topic]}'!${letter}${row}"
            lists[f"{place}{row}"] = f'=IF({source}="","",{source})'
    for place, column, first in (("A", "B", 2), ("B", "C", 1)):
        rule = DataValidation(type="list", formula1=f"{LISTS}!${place}${first}:${place}${FILLABLE}", allow_blank=True)
        rule.showErrorMessage = False
        rule.add(f"{column}2:{column}{FILLABLE}")
        book[named["duties"]].add_data_validation(rule)


# the YAML file


def _yaml_lines() -> Iterator[str]:
    """Yield the lines of the file."""
    from model import to_yaml

    yield from (f"# {msg(f'new_yaml_{number}')}" for number in range(1, 5))
    yield "title: {zh: '', en: ''}"
    yield "demand:"
    yield f"  requests_per_year:   # {msg('new_needed')}: {_meaning('demand.requests_per_year')}"
    topic = "demand"
    for key in ASKED:
        above, _, name = key.partition(".")
        if above != topic:
            topic = above
            yield f"# {above}:"
        known = known_number(key)
        assert known is not None
        yield f"#   {name}: {known.default:.4g}   # {_meaning(key)} {_range_of(usual(above, name))}"
    for name, page in pages().items():
        if name not in ("district", "duties"):
            yield f"\n# {_said(page.meaning_en, page.meaning_zh)}\n{name}:"
            yield from _yaml_keys(page)
            yield f"  # {msg('new_yaml_example')}"
            known_rows = next(sheet.values[name] for sheet in district_sheets(EXAMPLES) if name in sheet.values)
            yield from (f"  # {line}" for line in to_yaml({name: known_rows[:1]}).splitlines()[1:])


def _yaml_keys(page: Page) -> Iterator[str]:
    for column in page.columns:
        if column.known is not None and column.shown:
            default = _default_of(column) if column.needed else f"{msg('new_empty')} {_default_of(column)}"
            meaning = _said(column.meaning_en, column.meaning_zh).rstrip(".。")
            words = [meaning, _said(*column.allowed), _range_of(_usual_of(page, column)), default]
            yield f"  #   {column.key}: {'; '.join(filter(None, words))}"
    if page.name == "kinds":
        yield from (f"  #   {key}: {msg(f'new_yaml_{key}')}" for key in ("share", "duties"))


def _meaning(key: str) -> str:
    known = known_number(key)
    assert known is not None
    return _said(f"{known.meaning} ({known.unit}).", f"{known.zh}（{UNITS_ZH.get(known.unit, known.unit)}）。")
