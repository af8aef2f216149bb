"""Every format gives the same numbers; broken logs give clear words, never a wrong number in silence."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest
from typer.testing import CliRunner

from experiments.cli.app import app
from experiments.logs import formats, formats_text, read_csv, xml_stream
from tests.experiments.log_files import HEAD, IN_ORDER, ROWS, answer, log, refused, table_of, written, xes_of

COUNTED = {"cases": 3, "events": 7, "units": 3, "handovers_mean": 1.0, "days_median": 1.0}


def counted(found: dict[str, Any]) -> dict[str, Any]:
    return {name: found[name] for name in COUNTED}


def said(found: dict[str, Any], words: str) -> bool:
    return any(words in note for note in found["notes"])


def test_every_format_gives_the_numbers_counted_by_hand(tmp_path: Path) -> None:
    pa.parquet.write_table(table_of(), tmp_path / "log.parquet")
    logs = [
        written(tmp_path),
        written(tmp_path, (HEAD + ROWS).replace(",", ";"), "semicolons.csv"),
        written(tmp_path, (HEAD + ROWS).replace(",", "\t"), "tabs.tsv"),
        written(tmp_path, "\ufeff" + (HEAD + ROWS).replace("\n", "\r\n"), "windows.csv"),
        written(tmp_path, gzip.compress((HEAD + ROWS).encode()), "packed.csv.gz"),
        written(tmp_path, xes_of(), "log.xes"),
        written(tmp_path, gzip.compress(xes_of().encode()), "packed.xes.gz"),
        tmp_path / "log.parquet",
    ]
    for path in logs:
        assert counted(answer(path)) == COUNTED, path


def test_formats_are_told_apart_by_their_suffixes_and_named_in_the_help_and_the_messages(tmp_path: Path) -> None:
    suffixes = [suffix for each in formats() for suffix in each.suffixes]
    assert len(set(suffixes)) >= 15
    assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in suffixes)
    shown = " ".join(CliRunner().invoke(app, ["log", "--help"], env={"COLUMNS": "200"}).stdout.split())
    assert formats_text() in shown
    told = refused(written(tmp_path, b"hello", "log.docx"))
    assert formats_text() in told and all(suffix in told for suffix in suffixes)


SHIPPED = ("CSV", "Excel", "XES", "Parquet", "OCEL", "JSON lines")
"""Formats that pages name; `whistle log --help` names all that are there."""


@pytest.mark.parametrize(
    ("page", "place"),
    [("README.md", "| `log FILE"), ("README.zh.md", "`whistle log "), ("paper/docs/en/how-to/own_log.md", "# Measure")],
)
def test_pages_about_logs_name_every_format(page: str, place: str) -> None:
    text = (Path(__file__).parents[2] / page).read_text("utf-8")
    start = text.index(place)
    assert [each for each in SHIPPED if each not in text[start : start + 300]] == []
    assert set(SHIPPED) <= {each.title for each in formats()}


def test_parquet_may_hold_numbers_dictionaries_dates_and_zoned_times(tmp_path: Path) -> None:
    table = table_of()
    numbers = {"a": 1, "b": 2, "c": 3}
    cases = pa.array([numbers[each] for each in table.column("case").to_pylist()])
    table = table.set_column(0, "case", cases).set_column(1, "unit", table.column("unit").dictionary_encode())
    zoned = pa.array(table.column("time").to_pylist(), pa.timestamp("ns", "Asia/Shanghai"))
    pa.parquet.write_table(table.set_column(2, "time", zoned), tmp_path / "log.parquet")
    assert counted(answer(tmp_path / "log.parquet")) == COUNTED
    pa.parquet.write_table(table.set_column(2, "time", pa.array([True] * 7)), tmp_path / "bad.parquet")
    assert "as text, numbers or timestamps, got bool" in refused(tmp_path / "bad.parquet")
    pa.parquet.write_table(table.set_column(1, "unit", pa.array([[1]] * 7)), tmp_path / "bad.parquet")
    assert "got list<" in refused(tmp_path / "bad.parquet")


def test_ties_keep_the_order_of_the_file(tmp_path: Path) -> None:
    tied = "a,x,2024-01-01,open\na,y,2024-01-01,ask\na,x,2024-01-01,work\n"
    assert answer(written(tmp_path, HEAD + tied))["ping_pong_share"] == 1.0
    grouped = "a,x,2024-01-01,open\na,x,2024-01-01,work\na,y,2024-01-01,ask\n"
    assert answer(written(tmp_path, HEAD + grouped))["ping_pong_share"] == 0.0


def test_a_file_out_of_order_is_sorted_and_that_is_said(tmp_path: Path) -> None:
    assert said(answer(written(tmp_path)), "The file is not in order (events listed after a later one")
    found = answer(written(tmp_path, HEAD + IN_ORDER))
    assert counted(found) == COUNTED and not said(found, "not in order")
    by_time = sorted(ROWS.splitlines(keepends=True), key=lambda row: row.split(",")[2])
    assert not said(answer(written(tmp_path, HEAD + "".join(by_time))), "not in order")


def test_equal_events_are_counted_and_dropped_when_asked(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + IN_ORDER + IN_ORDER.splitlines(keepends=True)[0] * 2)
    kept = answer(path)
    assert kept["events"] == 9 and said(kept, "as an earlier one: 2; kept")
    dropped = answer(path, "--drop-duplicates")
    assert counted(dropped) == COUNTED and said(dropped, "as an earlier one: 2; dropped")


def test_events_without_a_unit_are_dropped_and_counted(tmp_path: Path) -> None:
    for nothing in ("", "NaN", " ", "null"):
        found = answer(written(tmp_path, HEAD + IN_ORDER.replace(",y,", f",{nothing},").replace(",z,", f",{nothing},")))
        assert (found["events"], found["units"], found["handovers_mean"]) == (5, 1, 0.0)
        assert said(found, "2 of 7, dropped. Cases affected: 2, of which 0 have no other event")
    assert "column 'unit' (unit) is empty. " in refused(written(tmp_path, HEAD + "a,nan,2024-01-01,open\n"))


def test_cases_written_as_decimal_numbers_are_whole_again(tmp_path: Path) -> None:
    text = HEAD + IN_ORDER.replace("a,", "1234.0,").replace("b,", "1235.0,").replace("c,", "1236,")
    found = answer(written(tmp_path, text))
    assert counted(found) == COUNTED and said(found, "with a decimal point: 2; 1234.0 is read as 1234")
    table = table_of(text)
    assert pa.types.is_floating(table.schema.field("case").type)
    pa.parquet.write_table(table, tmp_path / "log.parquet")
    found = answer(tmp_path / "log.parquet")
    assert counted(found) == COUNTED and said(found, "1234.0 is read as 1234")


def test_cases_that_a_spreadsheet_rounded_are_refused(tmp_path: Path) -> None:
    words = refused(written(tmp_path, HEAD + IN_ORDER.replace("a,", "1.23457E+11,")))
    assert "cases such as '1.23457E+11': rounded numbers" in words
    table = table_of().set_column(0, "case", pa.array([1e17 + each for each in range(7)]))
    pa.parquet.write_table(table, tmp_path / "log.parquet")
    assert "beyond their precision" in refused(tmp_path / "log.parquet")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"case,": "foo,"}, "no column recognised as case among 'foo', 'unit', 'time', 'activity'"),
        ({"01-03T00:00:00": "01-03T00:00:00+08:00"}, "got both line 2 '2024-01-03T00:00:00+08:00' (1 such"),
        ({"2024-01-03T00:00:00": "3.1.2024 10:00"}, "'3.1.2024 10:00' (1 such values) has two"),
        (
            {"2024-01-03T00:00:00": "2024-02-30T00:00:00"},
            "line 2: expected a date between 1678 and 2262, and a time of day, got '2024-02-30T00:00:00'",
        ),
        ({"a,x,2024-01-01T12:00:00,work": "a,x,2024-01-01T12:00:00,work,more"}, "Expected 4 columns, got 5"),
        ({"a,x,2024-01-01T12:00:00,work": "a,x"}, "Expected 4 columns, got 2"),
        ({"case,unit": "unit,unit"}, "has 2 columns named 'unit'"),
        ({"b,y": "b,y\0"}, "got binary content"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_wrong_with_a_csv_file_is_told_with_its_place(
    tmp_path: Path, change: dict[str, str], words: str
) -> None:
    text = HEAD + ROWS
    for old, new in change.items():
        assert old in text
        text = text.replace(old, new)
    told = refused(written(tmp_path, text))
    assert words in told and "log.csv" in told


def test_zones_in_one_column_alone_are_refused_or_explained(tmp_path: Path) -> None:
    text = "case,unit,time,deadline\na,x,2024-01-01T00:00:00Z,2024-02-01\na,y,2024-01-02T00:00:00Z,2024-02-01\n"
    assert "'time' has time zones, but 'deadline' has none" in refused(written(tmp_path, text))
    assert answer(written(tmp_path, text), "--time-zone", "UTC")["late_share"] == 0.0


def test_times_of_another_form_are_read_when_it_is_told(tmp_path: Path) -> None:
    text = HEAD + "a,x,31.01.24 10:00,open\na,y,01.02.24 10:00,work\n"
    assert "or give its --time-format" in refused(written(tmp_path, text))
    assert answer(written(tmp_path, text), "--time-format", "%d.%m.%y %H:%M")["days_median"] == 1.0
    assert "matches --time-format '%Y', got" in refused(written(tmp_path, text), "--time-format", "%Y")


def test_a_quote_that_is_not_closed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "quote" in refused(written(tmp_path, HEAD + 'a,"x,2024-01-01,open\n' + ROWS))
    monkeypatch.setattr(read_csv, "BLOCK", 1 << 12)
    path = written(tmp_path, gzip.compress((HEAD + 'a,x,2024-01-01,"' + "open" * 5000).encode()), "log.csv.gz")
    assert "a row is longer than 4,096 bytes" in refused(path)


def test_line_breaks_inside_of_cells_are_said(tmp_path: Path) -> None:
    assert said(answer(written(tmp_path, HEAD + 'a,x,2024-01-01,"open\nand shut"\n')), "inside quoted cells: 1")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.csv", b"", "is empty. A log has at least a header and one event"),
        ("head.csv", HEAD.encode(), "got only a header"),
        ("garbage.csv", bytes(range(256)) * 20, "got binary content"),
        ("wide.csv", (HEAD + ROWS).encode("utf-16")[:-1], "is not valid utf-16 text. Give its --encoding"),
        ("log.docx", b"hello", "expected the suffix .csv"),
        ("log.xes", (HEAD + ROWS).encode(), "line 1, column 1: the XML is damaged"),
        ("log.csv.gz", HEAD.encode(), "is named .gz but is not gzip"),
        ("packed.csv", gzip.compress(HEAD.encode()), "is gzip but is not named .gz"),
        ("cut.csv.gz", gzip.compress((HEAD + ROWS * 999).encode())[:-20], "gzip file is damaged or truncated"),
        ("void.csv.gz", gzip.compress(b""), "is empty once unpacked"),
        ("long.csv.gz", gzip.compress(b"a" * (3 << 20)), "the first line is longer than 1,048,576 letters"),
        ("log.parquet", (HEAD + ROWS).encode(), "is not a Parquet file"),
        ("cut.parquet", b"PAR1 and no more", "the Parquet file is damaged or truncated"),
        ("log.parquet.gz", gzip.compress(b"PAR1"), "a compressed parquet file cannot be read"),
        ("other.jsonocel", b'{"events": {}}', "is not a complete OCEL file"),
        ("deep.jsonocel", b"[" * 100_000, "is not a complete OCEL file"),
        ("page.xes", b"<html><body/></html>", "got <html"),
        ("none.xes", b"<log></log>", "expected at least one event"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value[-12:] and " " not in value else "",
)
def test_a_file_that_is_no_log_is_told(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    told = refused(written(tmp_path, content, name))
    assert words in told and name in told


def test_a_folder_a_missing_file_and_one_that_cannot_be_read_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "contains no log. Formats: CSV" in refused(tmp_path)
    assert "does not exist" in refused(tmp_path / "none.csv")
    path = written(tmp_path)

    def locked(*_: Any, **__: Any) -> Any:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", locked)
        assert "cannot be read (Permission denied). Check its permissions" in refused(path)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("</trace>\n", ""), "line 12, column 3: the XML is damaged or truncated (mismatched tag)"),
        (('value="y"', 'value="&nbsp;"'), "(undefined entity)"),
        (("</log>\n", ""), "the XML is damaged or truncated (no element found)"),
        (("<trace>", "<a>" * 200 + "</a>" * 200 + "<trace>"), "nested more than 100 levels deep"),
    ],
    ids=["unclosed", "entity", "cut", "deep"],
)
def test_broken_xml_is_told_with_its_place(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    short = HEAD + "a,x,2024-01-01T00:00:00,open\na,y,2024-01-02T00:00:00,work\n"
    told = refused(written(tmp_path, xes_of(short).replace(*change), "log.xes"))
    assert words.replace("line 12, column 3: ", "") in told and "log.xes" in told


def test_document_types_are_refused_before_their_entities_grow(tmp_path: Path) -> None:
    laughs = '<!DOCTYPE log [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>\n'
    outside = '<!DOCTYPE log SYSTEM "file:///etc/passwd">\n'
    for attack in (laughs, outside):
        text = xes_of().replace("?>\n", "?>\n" + attack, 1).replace('value="y"', 'value="&b;"')
        told = refused(written(tmp_path, text, "log.xes"))
        assert "line 2: contains a document type (DTD)" in told


def test_a_huge_attribute_is_refused_with_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_stream, "LONGEST_TAG", 1 << 12)
    monkeypatch.setattr(xml_stream, "CHUNK", 1 << 12)
    text = xes_of().replace('value="y"', f'value="{"y" * 9000}"')
    line = text[: text.index("yyy")].count("\n") + 1
    assert f"line {line}: a tag or value is longer than 4,096 bytes" in refused(written(tmp_path, text, "log.xes"))


@pytest.mark.parametrize("piece", [7, 64, 1 << 22])
def test_xes_is_read_alike_whatever_the_pieces_and_what_stands_between(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    monkeypatch.setattr(xml_stream, "CHUNK", piece)
    hidden = xes_of(HEAD + "q,q,2024-01-01T00:00:00,open\n")
    hidden = hidden[hidden.index("<trace>") : hidden.index("</log>")]
    odd = (
        f'<!-- {hidden} --><![CDATA[{hidden}]]><?note {hidden}?>\n<global scope="event">'
        '<string key="concept:name" value="__"/></global>\n<extension name="Time"/>\n'
    )
    text = xes_of(inside=odd).replace('key="org:resource" value="x"', "value='x&#33; &amp; &lt;' key=\"org:resource\"")
    found = answer(written(tmp_path, text, "log.xes"))
    assert counted(found) == COUNTED


def test_events_outside_of_traces_are_left_out_and_counted(tmp_path: Path) -> None:
    text = xes_of().replace("</log>", '<event><string key="org:resource" value="q"/></event></log>')
    found = answer(written(tmp_path, text, "log.xes"))
    assert counted(found) == COUNTED and said(found, "outside any trace: 1")


def test_a_case_table_gives_days_and_no_hand_overs(tmp_path: Path) -> None:
    text = "id,created,closed,ward\n1,2024-01-02,2024-01-01,w\n2,2024-01-02,2024-01-05,w\n3,2024-01-02,,v\n"
    found = answer(written(tmp_path, text))
    assert (found["cases"], found["open_cases"], found["units"], found["days_median"]) == (3, 1, 2, 3.0)
    assert (found["events"], found["handover_share"], found["ping_pong_share"]) == (None, None, None)
    assert said(found, "Cases that end before they begin: 1") and said(found, "each record is a case")
    assert answer(written(tmp_path, text), "--case", "id", "--time", "created")["days_median"] == 3.0


def test_rows_that_are_events_are_not_taken_for_cases(tmp_path: Path) -> None:
    text = "id,created,closed,ward\n" + "1,2024-01-02,2024-01-03,w\n1,2024-01-03,2024-01-05,v\n" * 2
    assert "cases of 'id' span several rows" in refused(written(tmp_path, text))
    assert answer(written(tmp_path, text), "--time", "created")["rows_are"] == "events"


def test_flags_that_contradict_one_another_are_told_all_at_once(tmp_path: Path) -> None:
    told = refused(written(tmp_path), "--limit", "-1", "--before", "soon", "--encoding", "klingon", "--state", "x",
                   "--time-zone", "Mars", "--separator", "ab")  # fmt: skip
    assert len(told.strip().splitlines()) == 6


def test_one_event_is_a_log_with_nothing_to_compare(tmp_path: Path) -> None:
    found = answer(written(tmp_path, HEAD + "a,x,2024-01-01,open\n"))
    assert (found["cases"], found["handover_share"], found["best_family"], found["sigma_log"]) == (1, 0.0, None, None)
    shown = log(written(tmp_path, HEAD + "a,x,2024-01-01,open\n"))
    assert shown.exit_code == 0 and "nan" not in shown.stdout.lower()
