"""Times as offices write them: read alike whatever their form, refused where they have two readings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from experiments.errors import WrongInput
from experiments.logs.options import LogOptions
from experiments.logs.times import read_times
from experiments.logs.values import UNKNOWN


def read(values: Any, **options: Any) -> tuple[list[str | None], list[str | None], bool, list[str]]:
    """Return times and days of a column as text, whether it has zones, and the notes."""
    column = pa.chunked_array([pa.array(values) if isinstance(values, list) else values])
    notes = list[str]()
    micros, days, zoned = read_times(column, "when", LogOptions.of(Path("log.csv"), options), "row {}".format, notes)
    times = [None if each == UNKNOWN else str(np.datetime64(int(each), "us"))[:19] for each in micros]
    return times, [None if each == UNKNOWN else str(np.datetime64(int(each), "D")) for each in days], zoned, notes


def refused(values: list[Any], **options: Any) -> str:
    with pytest.raises(WrongInput) as error:
        read(values, **options)
    (problem,) = error.value.problems
    return str(problem)


@pytest.mark.parametrize(
    "written",
    [
        "2024-03-05T14:30:00", "2024-03-05 14:30", "2024-3-5 14:30:00.0", "2024/3/5 14:30", "2024.03.05 14:30",
        "2024年3月5日 14:30", "2024年03月05日14时30分", "2024年3月5日 14时30分00秒", "2024年3月5日 下午2点30分",
        "2024年3月5日 星期二 14:30", "2024-03-05 下午2:30", "2024年3月5日 14：30", "2024/3/5 2:30 PM", "202403051430",
        "20240305143000", "20240305T143000", "5 Mar 2024 14:30", "05-Mar-2024 14:30:00", "Mar 5, 2024 2:30 PM",
        "Tue, 5 Mar 2024 14:30:00",
    ],
)  # fmt: skip
def test_every_usual_form_of_a_time_is_the_same_time(written: str) -> None:
    assert read([written, "", None]) == (["2024-03-05T14:30:00", None, None], ["2024-03-05", None, None], False, [])


@pytest.mark.parametrize(
    ("written", "hour"),
    [("上午9:05", 9), ("上午12:05", 0), ("中午12:05", 12), ("中午11:05", 11), ("下午12:05", 12), ("下午1:05", 13),
     ("晚上11:05", 23), ("凌晨1:05", 1), ("9时05分", 9), ("下午14:05", 14)],
)  # fmt: skip
def test_halves_of_the_day_are_read_in_chinese(written: str, hour: int) -> None:
    assert read([f"2024年3月5日 {written}"])[0] == [f"2024-03-05T{hour:02}:05:00"]


@pytest.mark.parametrize("word", ["2024-03-05", "2024/3/5", "2024年3月5日", "20240305"])
def test_a_date_without_an_hour_is_its_midnight(word: str) -> None:
    assert read([word])[0] == ["2024-03-05T00:00:00"]


@pytest.mark.parametrize(
    ("values", "reading"),
    [
        ([45356.604166666664], "spreadsheet"), (["45356.604167"], "spreadsheet"),
        ([1709649000], "since 1970-01-01 UTC"), (["1709649000"], "seconds since"), ([1709649000.25], "seconds since"),
        ([1709649000000, None], "milliseconds since"), (["1709649000000"], "milliseconds since"),
        (["1709649000000000"], "microseconds since"), ([1709649000000.0, float("nan")], "milliseconds since"),
    ],
)  # fmt: skip
def test_numbers_are_days_of_a_spreadsheet_or_count_from_1970_and_that_is_said(values: Any, reading: str) -> None:
    times, _, _, notes = read(values)
    assert times[0] == "2024-03-05T14:30:00"
    assert len(notes) == 1 and reading in notes[0]


def test_whole_numbers_of_a_date_are_that_date() -> None:
    assert read([20240305, 20240306])[1] == ["2024-03-05", "2024-03-06"]


def test_days_of_a_spreadsheet_have_no_zone_and_epochs_do() -> None:
    assert not read([45356.5])[2] and read([1709649000])[2]
    assert read([45356.5], time_zone="Asia/Shanghai")[0] == ["2024-03-05T04:00:00"]
    # 23:30 in UTC is the next day in Beijing
    assert read([1709681400], time_zone="Asia/Shanghai")[:2] == (["2024-03-05T23:30:00"], ["2024-03-06"])


def test_the_whole_column_tells_whether_day_or_month_comes_first() -> None:
    assert read(["1/2/2024 9:00", "13/2/2024"])[0] == ["2024-02-01T09:00:00", "2024-02-13T00:00:00"]
    times, _, _, notes = read(["1/2/2024 9:00 AM", "2/13/2024"])
    assert times == ["2024-01-02T09:00:00", "2024-02-13T00:00:00"] and "month first" in notes[0]
    assert read(["13-2-2024", "1.2.2024"])[1] == ["2024-02-13", "2024-02-01"]


def test_two_readings_are_refused_until_it_is_said_which() -> None:
    told = refused(["1/2/2024 9:00", "3/2/2024"])
    assert "has two readings (day first, month first); say which with --time-format" in told and "row 0" in told
    assert read(["1/2/2024"], time_format="day-first")[1] == ["2024-02-01"]
    assert read(["1/2/2024"], time_format="month-first")[1] == ["2024-01-02"]
    assert read(["1/2/2024"], time_format="%m/%d/%Y")[1] == ["2024-01-02"]
    assert "--time-format day-first, got '1/13/2024'" in refused(["1/13/2024"], time_format="day-first")


def test_columns_that_contradict_themselves_are_refused_with_both_places() -> None:
    told = refused(["13/1/2024", "1/13/2024"])
    assert "row 0 '13/1/2024'" in told and "row 1 '1/13/2024'" in told
    assert "dates or numbers in all values" in refused(["2024-03-05", "45356.5"])
    assert "a time zone in all values or in none" in refused(["2024-03-05T10:00Z", "2024/3/5 10:00"])
    assert "all in one unit" in refused([1709649000, 1709649000000])
    assert "all in one unit" in refused([5, 6])


@pytest.mark.parametrize(
    "word", ["2024-02-30 9:00", "2024/13/1", "2024-03-05 25:00", "2024年3月5日 9时61分", "2024/3/5 9:00 +19:00"]
)
def test_a_day_or_an_hour_that_does_not_exist_is_refused(word: str) -> None:
    assert f"expected a date between 1678 and 2262, and a time of day, got '{word}'" in refused([word])


@pytest.mark.parametrize("word", ["soon", "2024", "1.70965E+12", "31.01.24 10:00", "5个工作日"])
def test_what_is_no_time_is_refused_with_an_example(word: str) -> None:
    told = refused([word])
    assert "column 'when': row 0" in told or "all in one unit" in told


@pytest.mark.parametrize(
    ("word", "form"),
    [("05.03.24 14:30", "%d.%m.%y %H:%M"), ("24年3月5日 2:30 下午", "%y年%m月%d日 %I:%M %p"),
     ("065 2024 1430", "%j %Y %H%M"), ("Mar 5 2024 14:30:00.5", "%b %d %Y %H:%M:%S.%f"),
     ("14:30 (5/3/2024)", "%H:%M (%d/%m/%Y)")],
)  # fmt: skip
def test_a_format_that_is_given_is_kept_to(word: str, form: str) -> None:
    assert read([word], time_format=form)[0] == ["2024-03-05T14:30:00"]
    assert f"matches --time-format '{form}', got 'else'" in refused([word, "else"], time_format=form)


def test_zones_are_read_and_days_are_those_written() -> None:
    words = ["2024-03-05T01:00:00+08:00", "2024/3/5 1:00 +0800", "2024年3月5日 1:00+08"]
    assert read(words)[:3] == (["2024-03-04T17:00:00"] * 3, ["2024-03-05"] * 3, True)
    assert read(words[:1], time_format="%Y-%m-%dT%H:%M:%S%z")[:3] == (["2024-03-04T17:00:00"], ["2024-03-05"], True)
    assert read(["2024/3/5 1:00"], time_zone="Asia/Shanghai")[:2] == (["2024-03-04T17:00:00"], ["2024-03-05"])


def test_what_a_database_writes_for_no_time_is_none() -> None:
    assert read(["0000-00-00 00:00:00", "NaT", "9999-12-31", "2024-03-05"])[1] == [None] * 3 + ["2024-03-05"]


def test_a_format_that_is_none_is_told() -> None:
    with pytest.raises(WrongInput, match="--time-format: expected day-first, month-first or a strftime format"):
        LogOptions.of(Path("log.csv"), {"time_format": "%Q%"}).check()
