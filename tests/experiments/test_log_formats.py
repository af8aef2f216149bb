"""Logs as offices have them: every format and encoding gives the same numbers, of one file, of several, piped in."""

from __future__ import annotations

import gzip
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest
from typer.testing import CliRunner

import experiments
from experiments.cli.app import app
from experiments.errors import WrongInput
from experiments.logs.options import LogOptions
from experiments.logs.raw import read_raw
from tests.experiments.log_files import answer, log, refused, written
from tests.experiments.order_logs import FILES, HEAD, RIGHT, ROWS, csv_text, excel, ocel2, sqlite, zipped


def right(*arguments: object) -> dict[str, object]:
    found = answer(*arguments, "--closed-by", "办结")
    return {name: found[name] for name in RIGHT}


@pytest.mark.parametrize("name", FILES)
def test_every_format_and_encoding_gives_the_numbers_counted_by_hand(tmp_path: Path, name: str) -> None:
    assert right(written(tmp_path, FILES[name](tmp_path), name)) == RIGHT


@pytest.mark.parametrize("name", FILES)
def test_a_file_without_a_suffix_that_is_known_is_recognised_by_its_bytes(tmp_path: Path, name: str) -> None:
    if name != "carets.txt":  # what divides it is too rare to be a sign
        raw = read_raw(LogOptions((written(tmp_path, FILES[name](tmp_path), "export.dat"),)), [])
        assert (raw.table.num_rows, {"case", "unit", "time"} - raw.mapped.columns.keys()) == (15, set())


@pytest.mark.parametrize(
    "name", ["plain.csv", "chinese.csv", "orders.xlsx", "ocel2.json", "orders.xes.gz", "months.zip"]
)
def test_standard_input_is_read_whatever_its_format(tmp_path: Path, name: str) -> None:
    arguments = ["log", "-", "--closed-by", "办结", "--json", "--out", str(tmp_path / "out")]
    result = CliRunner().invoke(app, arguments, input=FILES[name](tmp_path), catch_exceptions=False)
    found = json.loads(result.stdout)
    assert {key: found[key] for key in RIGHT} == RIGHT and found["file"] == "standard input"


def test_several_files_and_a_folder_are_one_log_and_messages_name_the_file(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    first = written(tmp_path / "log", csv_text(rows=ROWS[:6]), "a.csv")
    second = written(tmp_path / "log", excel(ROWS[6:]), "b.xlsx")
    written(tmp_path / "log", b"no log", "notes.docx")
    assert right(first, second) == right(tmp_path / "log") == RIGHT
    assert experiments.log([first, second], closed_by="办结").answer["cases"] == 5
    assert any("notes.docx" in note for note in answer(tmp_path / "log")["notes"])
    assert "a.csv and 1 more has no column 'nobody'" in log(first, first, "--unit", "nobody").stderr
    odd = written(tmp_path, csv_text(rows=(("W9", "soon", "x", "办结", "y"),)), "odd.csv")
    assert "odd.csv: line 2" in refused(first, odd)


def test_a_file_that_lacks_a_column_that_is_needed_is_told(tmp_path: Path) -> None:
    first = written(tmp_path, csv_text())
    second = written(tmp_path, "工单编号,时间,谁\nW7,2024-03-01 09:00,x\n", "second.csv")
    assert "second.csv: has no column '承办单位' (unit), which the other files have" in refused(first, second)
    third = written(tmp_path, "工单编号,时间,承办单位\nW7,2024-03-01 09:00,x\n", "third.csv")
    assert any("third.csv has no column '环节'" in note for note in answer(first, third)["notes"])


def test_the_encoding_can_be_named_and_what_was_recognised_is_said(tmp_path: Path) -> None:
    path = written(tmp_path, csv_text().encode("gb18030"))
    assert any("recognised as gb18030" in note for note in answer(path)["notes"])
    assert right(path, "--encoding", "gbk") == RIGHT
    assert "is not valid utf-8 text" in refused(path, "--encoding", "utf-8")
    western = "case,unit,time\n" + "a,Bürgeramt,2024-01-01\na,Straßenmeisterei München,2024-01-02\n" * 20
    assert not any("gb18030" in note for note in answer(written(tmp_path, western.encode("latin-1")))["notes"])


def test_bytes_that_are_not_utf_8_far_into_a_file_are_found(tmp_path: Path) -> None:
    rows = ROWS + tuple((f"X{number}", "2024-03-01 09:00", "a", "b", "c") for number in range(60_000))
    text = csv_text(rows=rows[15:] + rows[:15]).replace(",".join(HEAD), "case,time,unit,activity,kind")
    found = answer(written(tmp_path, text.encode("gb18030")), "--closed-by", "办结")
    assert found["cases"] == 60_005 and found["open_cases"] == 60_001


def test_the_sheet_can_be_named_and_others_are_told(tmp_path: Path) -> None:
    path = written(tmp_path, excel(), "orders.xlsx")
    assert right(path, "--sheet", "流转记录") == RIGHT
    assert "expected one of 'Sheet', '流转记录'" in refused(path, "--sheet", "流转")
    assert "no column recognised as case" in refused(path, "--sheet", "Sheet")


def test_types_of_objects_are_named_or_guessed_and_a_unit_may_be_an_attribute(tmp_path: Path) -> None:
    path = written(tmp_path, FILES["ocel2.json"](tmp_path), "log.json")
    assert right(path, "--case-type", "工单", "--unit-type", "单位") == RIGHT
    assert any("each '工单' is a case, each '单位' a unit" in note for note in answer(path)["notes"])
    assert "it has '单位' (6), '工单' (5)" in refused(path, "--unit-type", "部门")
    text = json.dumps(ocel2(), ensure_ascii=False)
    renamed = text.replace("工单", "Alpha").replace("单位", "Beta")
    told = refused(written(tmp_path, renamed, "renamed.json"))
    assert "which objects are the cases?" in told and "'Alpha' (5)" in told
    assert right(tmp_path / "renamed.json", "--case-type", "Alpha", "--unit-type", "Beta") == RIGHT
    assert "which objects are the units?" in refused(tmp_path / "renamed.json", "--case-type", "Alpha")
    whole = ocel2()
    for event in whole["events"]:
        event["attributes"] = [{"name": "经办", "value": event["relationships"].pop()["objectId"]}]
    assert right(written(tmp_path, json.dumps(whole), "attribute.json"), "--unit", "经办") == RIGHT


def test_events_of_several_cases_or_of_none_are_counted(tmp_path: Path) -> None:
    whole = ocel2()
    whole["events"][0]["relationships"].append({"objectId": "W2", "qualifier": "also"})
    whole["events"][9]["relationships"] = []
    whole["events"][14]["relationships"].append({"objectId": "朝阳街道", "qualifier": "too"})
    found = answer(written(tmp_path, json.dumps(whole), "log.json"))
    assert (found["events"], found["cases"]) == (15, 4)
    for words in ("concern no case: 1 of 15", "concern several cases: 1", "several units: 1"):
        assert any(words in note for note in found["notes"])


def test_half_a_character_in_json_is_a_question_mark(tmp_path: Path) -> None:
    for name in ("records.json", "orders.jsonl", "ocel2.jsonocel.gz"):
        content = FILES[name](tmp_path)
        text = (gzip.decompress(content) if name.endswith(".gz") else content).decode()
        odd = text.replace("朝阳街道", "\\ud83d街道").replace("\\u671d\\u9633\\u8857\\u9053", "\\ud83d\\u8857\\u9053")
        assert odd != text
        raw = read_raw(LogOptions((written(tmp_path, odd, name.removesuffix(".gz")),)), [])
        assert "?街道" in raw.column("unit").to_pylist()


def test_text_that_is_none_in_a_parquet_file_is_told_with_its_column(tmp_path: Path) -> None:
    broken = pa.StringArray.from_buffers(2, pa.py_buffer(b"\0\0\0\0\2\0\0\0\4\0\0\0"), pa.py_buffer(b"ab\xff\xfe"))
    table = pa.table({"case": ["a", "a"], "unit": broken, "time": ["2024-01-01", "2024-01-02"]})
    pa.parquet.write_table(table, tmp_path / "log.parquet")
    assert "column 'unit' holds bytes that are no text" in refused(tmp_path / "log.parquet")


def test_an_archive_inside_an_archive_and_one_with_a_password_are_refused(tmp_path: Path) -> None:
    inner = zipped({"a.csv": csv_text().encode()})
    assert "is an archive inside an archive" in refused(written(tmp_path, zipped({"inner.zip": inner}), "log.zip"))
    locked = bytearray(inner)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + at] |= 1
    assert "is protected with a password" in refused(written(tmp_path, bytes(locked), "log.zip"))
    assert "contains no log" in refused(written(tmp_path, zipped({"a.docx": b"x"}), "log.zip"))


def test_an_sqlite_file_that_computes_is_in_use_or_holds_other_tables_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    sqlite(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as base:
        base.execute("BEGIN EXCLUSIVE")
        assert "is in use by another program" in refused(path)
        base.execute("ROLLBACK")
        base.execute("UPDATE event SET ocel_type = x'ff00' WHERE ocel_id = 'e3'")
        assert "holds bytes that are no text" in refused(path)
        base.execute("ALTER TABLE event RENAME TO events")
        assert "it has no table 'event'" in refused(path)
        base.execute(
            "CREATE VIEW event AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n"
        )
        assert "contains views, triggers or computed columns ('event')" in refused(path)
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as base:
        base.execute("CREATE TABLE orders (id TEXT, twice TEXT AS (id || id))")
    assert "computed columns ('orders')" in refused(other)


def test_python_takes_one_path_or_several(tmp_path: Path) -> None:
    path = written(tmp_path, csv_text())
    assert experiments.log(path).answer == experiments.log([str(path)]).answer
    with pytest.raises(WrongInput, match="does not exist"):
        experiments.log([path, tmp_path / "none.csv"])
