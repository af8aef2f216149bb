"""Files that would take all memory, or all day, are refused in a sentence."""

from __future__ import annotations

import gzip
import io
import json
import random
import shutil
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet
import pytest

from experiments.logs import limits, read_excel
from tests.experiments.log_files import HEAD, answer, refused, written
from tests.experiments.order_logs import FILES, RIGHT, csv_text, excel, ocel2_xml, zipped

MUCH = 1 << 25  # bytes


def with_sheet(old: str, new: str, part: str = "xl/worksheets/sheet2.xml") -> bytes:
    """Return an Excel file in which a text of a part is another."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(excel())) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as changed:
        for name in archive.namelist():
            text = archive.read(name).decode()
            assert name != part or old in text
            changed.writestr(name, text.replace(old, new, 1) if name == part else text)
    return out.getvalue()


def test_zip_bombs_are_refused_before_they_are_unpacked(tmp_path: Path) -> None:
    bomb = zipped({"log.csv": (HEAD + "a,x,2024-01-01,open\n" * (MUCH // 20)).encode()})
    assert len(bomb) < MUCH // 200
    assert "unpacks to more than 200 times its size" in refused(written(tmp_path, bomb, "log.zip"))
    many = zipped({f"{number}.csv": b"x" for number in range(1_001)})
    assert "contains 1,001 files" in refused(written(tmp_path, many, "log.zip"))


def test_gzip_bombs_are_refused_while_they_are_unpacked(tmp_path: Path) -> None:
    bomb = gzip.compress((HEAD + "a,x,2024-01-01,open\n" * (MUCH // 20)).encode())
    assert "unpacks to more than 200 times its size" in refused(written(tmp_path, bomb, "log.csv.gz"))
    nothing = gzip.compress(b" " * MUCH)
    for name in ("log.jsonl.gz", "log.xes.gz", "log.jsonocel.gz"):
        assert "unpacks to more than" in refused(written(tmp_path, nothing, name))


def test_what_does_not_fit_on_the_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000))
    path = written(tmp_path, FILES["months.zip"](tmp_path), "log.zip")
    assert "needs 0.0 GB on the disk of temporary files" in refused(path)


def test_the_size_that_a_sheet_states_takes_no_memory(tmp_path: Path) -> None:
    content = with_sheet('<dimension ref="A1:E16"', '<dimension ref="A1:XFD1048576"')
    found = answer(written(tmp_path, content, "log.xlsx"), "--closed-by", "办结")
    assert {name: found[name] for name in RIGHT} == RIGHT


@pytest.mark.parametrize("place", ["XFD17", "ZZZ1000", "A1048577", "A2000000000", "AAAA1"])
def test_a_cell_at_the_end_of_the_world_is_refused(tmp_path: Path, place: str) -> None:
    row = place.lstrip("AFDXZ")
    cell = f'<row r="{row}"><c r="{place}"><v>1</v></c></row></sheetData>'
    told = refused(written(tmp_path, with_sheet("</sheetData>", cell), "log.xlsx"))
    assert "has more than 1,048,576 rows or 1,024 columns" in told or "is damaged" in told


def test_entities_in_spreadsheets_and_in_ocel_are_refused(tmp_path: Path) -> None:
    laughs = '<!DOCTYPE log [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>\n'
    content = with_sheet("<worksheet", f"{laughs}<worksheet")
    assert "xl/worksheets/sheet2.xml contains a document type" in refused(written(tmp_path, content, "log.xlsx"))
    text = ocel2_xml().replace("?>\n", "?>\n" + laughs, 1)
    assert "line 2: contains a document type (DTD)" in refused(written(tmp_path, text, "log.xml"))


def test_spreadsheets_with_a_password_or_too_large_ones_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = read_excel.OLD + b"\0" * 512 + read_excel.LOCKED + b"\0" * 512
    for name in ("log.xlsx", "log.xls"):
        assert "is protected with a password" in refused(written(tmp_path, locked, name))
    monkeypatch.setattr(read_excel, "LARGEST", 1_000)
    assert "once unpacked. Export the log as CSV" in refused(written(tmp_path, excel(), "log.xlsx"))


@pytest.mark.parametrize("name", ["log.json", "log.jsonl", "log.jsonocel"])
def test_json_nested_without_end_is_refused(tmp_path: Path, name: str) -> None:
    for text in ("[" * 100_000, '{"events":' * 100_000, '{"a": ' + "[" * 100_000 + "]" * 100_000 + "}"):
        assert "nested too deeply" in refused(written(tmp_path, text, name)) or "is not" in refused(tmp_path / name)
    text = json.dumps([{"case": 1, "unit": "x", "time": "2024-01-01"}]).replace("1,", "9" * 5_000 + ",")
    assert "is not a complete JSON file" in refused(written(tmp_path, text, "log.json"))


def test_a_long_text_that_a_parquet_file_repeats_is_refused(tmp_path: Path) -> None:
    count = 1_000_000
    long = pa.DictionaryArray.from_arrays(pa.array([0] * count, pa.int32()), ["x" * 1_000_000])
    same = pa.DictionaryArray.from_arrays(pa.array([0] * count, pa.int32()), ["2024-01-01"])
    path = tmp_path / "log.parquet"
    pa.parquet.write_table(pa.table({"case": same, "unit": long, "time": same}).replace_schema_metadata(None), path)
    assert path.stat().st_size < 10_000_000
    assert "does not fit: the columns needed take more than" in refused(path)


@pytest.mark.parametrize(
    "name", ["plain.csv", "orders.xlsx", "orders.xls", "orders.parquet", "orders.xes", "orders.jsonl", "records.json",
             "ocel2.json", "ocel2.xml", "ocel2.sqlite", "months.zip"],
)  # fmt: skip
def test_a_log_larger_than_memory_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    path = written(tmp_path, FILES[name](tmp_path), name)
    monkeypatch.setattr(limits, "_free", lambda: 100.0)
    assert "does not fit: the columns needed take more than 0.0 GB" in refused(path)


def test_memory_that_runs_out_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none_left(*_: object) -> None:
        raise MemoryError

    path = written(tmp_path, csv_text())
    monkeypatch.setattr(limits.Memory, "take", none_left)
    assert "does not fit in memory" in refused(path)


def test_a_log_that_packs_well_is_no_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SMALL", 1_000)
    luck = random.Random(1)
    rows = "".join(f"{case},{luck.choice('xyz')},2024-01-{1 + case % 28:02d},open\n" for case in range(20_000))
    assert answer(written(tmp_path, gzip.compress((HEAD + rows).encode()), "log.csv.gz"))["cases"] == 20_000
    assert answer(written(tmp_path, zipped({"log.csv": (HEAD + rows).encode()}), "log.zip"))["cases"] == 20_000
