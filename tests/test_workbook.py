"""A district in a workbook: read as the same district in YAML would be, and every gap told by its cell."""

from __future__ import annotations

import dataclasses
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from model import ConfigError, load_scenario, simulate
from model.config.book import number_of, pages
from model.config.files import checked_workbook
from model.config.usual import usual, usual_of_column
from tests.workbooks import SHEETS, filled, without


def problems(folder: Path) -> list[str]:
    with pytest.raises(ConfigError) as found:
        load_scenario("inverted", district=f"{folder}/")
    return found.value.problems


def gaps(folder: Path) -> list[tuple[str, str]]:
    """Return every gap in both languages."""
    return [(each.en, each.zh) for each in checked_workbook(folder / "district.xlsx").gaps]


LEFT_OUT = {"season", "channels", "evidence", "city_title"}
"""What `tiny` says and the columns of a new workbook do not."""


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_examples_are_the_district_that_they_were_taken_from(tmp_path: Path, lang: str) -> None:
    read, tiny = (load_scenario("inverted", district=each) for each in (f"{filled(tmp_path, lang)}/", "tiny"))
    assert read.world.demand == tiny.world.demand
    for topic in ("streets", "departments", "kinds"):
        for ours, theirs in zip(getattr(read.world, topic), getattr(tiny.world, topic), strict=True):
            said, wanted = ({key: value for key, value in dataclasses.asdict(each).items() if key not in LEFT_OUT}
                            for each in (ours, theirs))  # fmt: skip
            if topic == "kinds":
                claims = [{side: {unit: claim for unit, claim in each["duties"][side].items() if claim}
                           for side in ("diffuse", "sharp")} for each in (said, wanted)]  # fmt: skip
                assert claims[0] == claims[1]
                said["duties"] = wanted["duties"]
            assert said == wanted
    assert simulate(read, seed=1).outcomes["closure_rate"] is not None


def test_both_languages_and_file_or_folder_give_the_same_district(tmp_path: Path) -> None:
    for lang in ("en", "zh"):
        filled(tmp_path / lang, lang)
    ways = [tmp_path / "en", tmp_path / "en" / "district.xlsx", tmp_path / "zh"]
    found = [load_scenario("flattened", district=str(each)).world for each in ways]
    plain = [dataclasses.replace(each, streets=(), departments=(), kinds=()) for each in found]
    assert found[0] == found[1] and plain[0] == plain[2]
    assert [each.share for each in found[0].kinds] == [each.share for each in found[2].kinds]


def test_where_a_number_comes_from_goes_with_it_and_what_is_empty_is_an_assumption(tmp_path: Path) -> None:
    scenario = load_scenario("inverted", district=f"{filled(tmp_path, cells={'requests!T2': 'ledger of 2024'})}/")
    rubbish = next(each for each in scenario.world.kinds if each.code == "rubbish")
    assert rubbish.evidence["work_days"] == "ledger of 2024"
    assert rubbish.evidence["share"] == "3650 of 7300 requests a year: ledger of 2024"
    known = usual_of_column("kinds", "work_sigma")
    assert known is not None
    assert rubbish.evidence["work_sigma"].startswith(f"assumption, range {known.low:g}-{known.high:g}")
    assert scenario.origins()["kinds"] == f"{tmp_path}/district.xlsx: requests"


def test_rows_marked_as_examples_do_not_count(tmp_path: Path) -> None:
    marked = filled(tmp_path, cells={"streets!A4": "example", "duties!A4": "示例"})
    assert [each.code for each in load_scenario("inverted", district=f"{marked}/").world.streets] == ["east", "north"]
    assert checked_workbook(marked / "district.xlsx").examples == 2


@pytest.mark.parametrize(
    ("cell", "value", "place", "en", "zh"),
    [
        ("streets!E2", None, "streets!E2", "'population' of 'East' is empty. Needed: a whole number", "“常住人口”未填"),
        ("streets!E2", 1.5, "streets!E2", "got '1.5'", "填的是“1.5”"),
        ("streets!E2", "#DIV/0!", "streets!E2", "got '#DIV/0!'", "填的是“#DIV/0!”"),
        ("streets!D2", "city", "streets!D2", "Needed: subdistrict or township", "街道、地区（乡）"),
        ("requests!E3", -1, "requests!E3", "usual 0.15 to 1.2 (the 16 kinds of Chaoyang", "常见 0.15 至 1.2"),
        ("requests!E3", "=1/0", "requests!E3", "its formula is not stored", "公式结果未保存"),
        ("departments!D2", "perhaps", "departments!D2", "Needed: yes or no", "是 或 否"),
        ("departments!E2", None, "departments!E2", "'City management' has no staff, other", "“城管委”未填人员"),
        ("streets!B3", "东街", "streets!B2", "'东街' is the name or code of 2 rows", "“东街”有 2 行同名"),
        ("duties!B2", "Dust", "duties!B2", "'Dust' is no name on sheet 'requests'", "“Dust”不在“诉求类别”表中"),
        ("duties!C3", "City managment", "duties!C3", "did you mean 'City management'?", "是否为“City management”？"),
        ("duties!C3", "street", "duties!B3", "a second time, first in row 2", "第 2 行已有"),
        ("district!C4", "often", "district!C4", "got 'often'. Needed: 0 to 5", "填的是“often”"),
        ("district!A4", "demand.weekand", "district!A4", "'demand.weekand' is no number", "没有“demand.weekand”"),
        ("district!C8", 0.5, "district", "the shares of staff add up to 1.425, not 1", "各级人员比例之和为 1.425"),
        ("departments!D3", "no", "requests!F3", "needs enforcement power, but no department", "需要执法权"),
        ("requests!I4", 4, "requests!G4", "needs 4 parties where it is joint, but 3", "联办需 4 方"),
    ],
)  # fmt: skip
def test_a_gap_names_its_cell_what_is_needed_and_a_usual_range(
    tmp_path: Path, cell: str, value: Any, place: str, en: str, zh: str
) -> None:
    cells = {cell: value}
    if cell == "district!A4":
        cells["district!C4"] = 1
    if cell == "departments!D3":
        cells |= {"departments!D4": "no", "departments!D5": "no"}
    if cell == "requests!I4":
        cells = {"requests!L4": value}
    folder = filled(tmp_path, cells=cells)
    found = [each for each in problems(folder) if en in each]
    assert found and found[0].startswith(f"{folder}/district.xlsx: {place}: "), problems(folder)
    assert any(zh in chinese for _, chinese in gaps(folder))


def test_everything_is_told_at_once(tmp_path: Path) -> None:
    cells = {"streets!E2": None, "requests!E2": "much", "requests!E3": None, "duties!D2": 7, "departments!D3": None}
    found = problems(filled(tmp_path, cells=cells))
    for place in cells:
        assert any(f": {place}: " in each for each in found), place


def test_a_new_workbook_says_for_every_sheet_what_it_needs(tmp_path: Path) -> None:
    from experiments import new_district

    new_district(tmp_path)
    found = "\n".join(problems(tmp_path))
    for words in (
        "streets: no row is filled in", "population (a whole number", "usual 16,", "enforcement (yes or no)",
        "requests a year (0 or more", "work days (0 to 1,000 person-days",
    ):  # fmt: skip
        assert words in found


def test_a_lost_sheet_or_column_or_all_claims_are_told(tmp_path: Path) -> None:
    assert "sheet 'duties' is missing" in problems(without(filled(tmp_path / "a"), "duties"))[0]
    lost = filled(tmp_path / "b", cells={"requests!E1": "effort"})
    assert any("column 'work days' is missing. Needed: 0 to 1,000 person-days" in each for each in problems(lost))
    assert checked_workbook(lost / "district.xlsx").ignored == ((f"{lost}/district.xlsx: requests", "effort"),)
    bare = filled(tmp_path / "c", cells={f"duties!D{row}": 0 for row in range(2, 13)})
    assert any("'Rubbish' has no department whose claim today is above 0" in each for each in problems(bare))


def test_a_claim_under_a_clear_list_is_as_today_unless_it_is_given(tmp_path: Path) -> None:
    folder = filled(tmp_path, cells={"duties!E3": None})
    kind = next(each for each in load_scenario("base", district=f"{folder}/").world.kinds if each.code == "rubbish")
    assert kind.duties.sharp["city_management"] == kind.duties.diffuse["city_management"] == 0.5
    assert checked_workbook(folder / "district.xlsx").as_today == 1


def test_any_number_of_the_district_can_be_added_by_its_key(tmp_path: Path) -> None:
    folder = filled(tmp_path, cells={"district!A18": "letters.transit_days", "district!C18": 2.5,
                                     "district!A19": "demand.requests_per_year", "district!C19": "12,000"})  # fmt: skip
    scenario = load_scenario("base", district=f"{folder}/")
    assert scenario.law.letters.transit_days == 2.5
    assert scenario.world.demand.requests_per_year == 12_000


@pytest.mark.parametrize(
    ("cell", "number"), [(3, 3.0), ("1,200", 1200.0), ("１２", 12.0), ("20 %", 0.2), ("12人", None), (True, None)]
)
def test_numbers_are_read_as_offices_write_them(cell: Any, number: float | None) -> None:
    assert number_of(cell) == number


def test_what_is_no_workbook_or_too_large_is_told(tmp_path: Path) -> None:
    path = tmp_path / "district.xlsx"
    path.write_bytes(b"PK no workbook")
    assert "is no workbook" in problems(tmp_path)[0]
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("xl/workbook.xml", "<a/>")
    assert "is a damaged workbook" in problems(tmp_path)[0]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b"0" * 200_000_000)
    assert "bytes unpacked, got 200,000,000" in problems(tmp_path)[0]
    book = Workbook()
    book.create_sheet("streets").cell(20_001, 3).value = 1
    book.save(path)
    assert any("streets: has more than 20,000 rows" in each for each in problems(tmp_path))
    book = Workbook()
    book.save(path)
    assert "sheet 'streets' is missing" in problems(tmp_path)[1]


def test_a_damaged_workbook_is_read_or_refused_in_words(tmp_path: Path) -> None:
    """Bytes are changed in the file, letters within its parts; entities that grow without end are refused."""
    path, dice = filled(tmp_path) / "district.xlsx", random.Random(1)
    whole = path.read_bytes()
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    said = set()
    for number in range(40):
        if number % 2:
            broken = bytearray(whole)
            broken[dice.randrange(len(whole))] = dice.randrange(256)
            path.write_bytes(broken[: dice.choice([None, dice.randrange(len(whole))])])
        else:
            name = dice.choice([name for name in parts if name.endswith(".xml")])
            broken = bytearray(parts[name])
            broken[dice.randrange(len(broken))] = dice.choice(b"<>&09a/ =")
            _pack(path, {**parts, name: bytes(broken)})
        try:
            load_scenario("inverted", district=f"{tmp_path}/")
        except ConfigError as error:
            said.add(error.problems[0].split(": ")[1][:20])
    assert len(said) >= 2
    grow = "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
    sheet = parts["xl/worksheets/sheet3.xml"].replace(b"<t>", b"<t>&j;", 1)
    entities = f'<!DOCTYPE worksheet [<!ENTITY a "aaaaaaaaaa">{grow}]>'.encode()
    _pack(path, {**parts, "xl/worksheets/sheet3.xml": entities + sheet})
    assert "is a damaged workbook" in problems(tmp_path)[0]


def _pack(path: Path, parts: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)


def test_a_folder_is_one_district(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "expected district.yaml or district.xlsx in this folder, neither is there" in problems(tmp_path)[0]
    filled(tmp_path / "mine")
    (tmp_path / "mine" / "district.yaml").write_text("title: {zh: 区}\n", "utf-8")
    assert "both are there. Keep one of them" in problems(tmp_path / "mine")[0]
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match=r"A folder of this name is here: write \./mine"):
        load_scenario("base", district="mine")


def test_every_header_is_known_in_both_languages_and_once() -> None:
    assert [[page.en for page in pages().values()], [page.zh for page in pages().values()]] == [
        list(SHEETS["en"]), list(SHEETS["zh"])
    ]  # fmt: skip
    for page in pages().values():
        for column in page.columns:
            for header in (column.en, column.zh, column.key, f"{column.en} *"):
                assert page.column(header) == column, (page.name, header)
        assert page.column("anything else") is None


def test_usual_ranges_are_declared_or_those_of_the_shipped_district() -> None:
    declared = usual("demand", "dispersion")
    assert declared is not None and (declared.low, declared.high) == (2.0, 14.0)
    assert usual("demand", "requests_per_year") is None and usual("nothing", "there") is None
    column = usual_of_column("kinds", "work_days")
    assert column is not None and column.en == "usual 0.15 to 1.2 (the 16 kinds of Chaoyang, partly assumed)"
    assert usual_of_column("streets", "staff") is None
