"""Measures of logs: on one that can be counted by hand, and on real ones where they are at hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from experiments.errors import WrongInput
from experiments.logs.measuring import measured, measures
from experiments.logs.options import LogOptions
from tests.experiments.log_files import HEAD, REAL, ROWS, answer, needs_real, written

COLUMNS: dict[str, Any] = {"case": "id", "unit": "who", "time": "at"}

LOG = """\
id,who,at,ended,due
b,y,2024-01-03T00:00:00,2024-01-21T00:00:00,2024-01-11
a,x,2024-01-01T00:00:00,2024-01-03T00:00:00,2024-01-11
a,x,2024-01-01T12:00:00,2024-01-03T00:00:00,2024-01-11
b,x,2024-01-01T00:00:00,2024-01-21T00:00:00,2024-01-11
b,x,2024-01-05T00:00:00,2024-01-21T00:00:00,2024-01-11
c,x,2024-01-01T00:00:00,,2024-01-11
c,z,2024-01-02T00:00:00,,2024-01-11
"""
"""a: one unit, 2 days; b: x, y, x, 20 days; c: x, z, open. The rows are out of order."""


def test_hand_overs_ping_pong_and_days_are_those_counted_by_hand(tmp_path: Path) -> None:
    found = measures(written(tmp_path, LOG), **COLUMNS, case_end="ended", deadline="due")
    assert (found["cases"], found["events"], found["units"], found["open_cases"]) == (3, 7, 3, 1)
    assert found["handover_share"] == pytest.approx(2 / 3)
    assert found["handovers_mean"] == pytest.approx(1.0)
    assert found["ping_pong_share"] == pytest.approx(1 / 3)
    assert found["late_share"] == pytest.approx(0.5)
    # c, open on day 20 as well, is overdue
    assert found["late_or_overdue_share"] == pytest.approx(2 / 3)
    assert found["sigma_log"] == pytest.approx(1.6282, abs=1e-4)  # log 2 and log 20


def test_an_open_case_lasts_longer_than_it_has(tmp_path: Path) -> None:
    """Of 2 days, 20 days and one open on day 20, half are closed at 20 days, and nine tenths never."""
    found = measures(written(tmp_path, LOG), **COLUMNS, case_end="ended")
    assert found["days_median"] == pytest.approx(20.0)
    assert found["days_p90"] is None
    closed_alone = measures(written(tmp_path, LOG.replace("c,x", "a,x").replace("c,z", "a,x")), **COLUMNS,
                            case_end="ended")  # fmt: skip
    assert closed_alone["days_p90"] == pytest.approx(20.0)


def test_open_cases_are_seen_up_to_the_last_time_in_the_log_not_to_a_deadline_ahead(tmp_path: Path) -> None:
    path = written(tmp_path, LOG.replace("2024-01-11", "2099-01-01"))
    found = measured(LogOptions((path,), **COLUMNS, case_end="ended", deadline="due"))
    assert found.days.max() == 20.0
    assert found.values["late_or_overdue_share"].mean == 0.0


def test_a_case_ends_with_its_last_event_where_no_column_says_so(tmp_path: Path) -> None:
    found = measures(written(tmp_path, LOG), **COLUMNS, deadline="none", limit=3)
    assert found["open_cases"] == 0 and found["late_share"] == pytest.approx(1 / 3)
    assert measures(written(tmp_path, LOG), **COLUMNS, deadline="none")["late_share"] is None


def test_a_deadline_of_the_case_goes_before_the_limit_and_both_are_told(tmp_path: Path) -> None:
    path = written(tmp_path, LOG.replace("due", "deadline"))
    found = answer(path, "--case", "id", "--unit", "who", "--time", "at", "--case-end", "ended", "--limit", "1")
    assert (found["late_share"], found["over_limit_share"]) == (0.5, 1.0)
    assert any("their own deadlines in 'deadline'" in note for note in found["notes"])


def test_activities_or_states_close_a_case(tmp_path: Path) -> None:
    path = written(tmp_path)
    # one of three closed, after as long as the others are open: half are not reached
    by_activity = measures(path, closed_by="close")
    assert (by_activity["open_cases"], by_activity["days_median"]) == (2, None)
    by_two = measures(path, closed_by=["close", "work"])
    assert (by_two["open_cases"], by_two["days_median"]) == (0, 1.0)
    by_state = measures(path, state="activity", closed_state=("close", "work"))
    assert by_state["open_cases"] == 0
    with pytest.raises(
        WrongInput, match=r"--closed-by: .* has no 'shut'; expected one of 'ask', 'open', 'work', 'close'"
    ):
        measures(path, closed_by="shut")


def test_a_case_circulates_from_its_arrival_to_the_next_work(tmp_path: Path) -> None:
    """a: half a day until work; b: 4 days without any; c: a day until the event of z, which is work."""
    assert measures(written(tmp_path), work="work")["circulating_days"] == pytest.approx((0.5 + 4 + 1) / 3)
    after_work = HEAD + "a,x,2024-01-01,open\na,x,2024-01-02,work\na,x,2024-01-05,rest\na,y,2024-01-07,ask\n"
    # one day until work, then nothing until y asks, with whom it ends
    assert measures(written(tmp_path, after_work), work="work")["circulating_days"] == pytest.approx(1.0)
    assert measures(written(tmp_path))["circulating_days"] is None


def test_units_that_hand_over_are_told_apart_from_those_that_receive(tmp_path: Path) -> None:
    """x hands over twice and holds three cases; y hands over once, z never."""
    found = measured(LogOptions((written(tmp_path),)))
    assert found.spread is not None
    assert found.spread.top_tenth_of_passes == pytest.approx(2 / 3)
    assert found.spread.top_tenth_of_received == pytest.approx(3 / 5)


def test_dates_choose_cases_by_their_beginning(tmp_path: Path) -> None:
    text = HEAD + ROWS + "d,x,2024-02-01T00:00:00,open\n"
    assert measures(written(tmp_path, text), before="2024-02-01")["cases"] == 3
    assert measures(written(tmp_path, text), after="2024-02-01")["cases"] == 1
    with pytest.raises(WrongInput, match="Its cases began from 2024-01-01 to 2024-02-01"):
        measures(written(tmp_path, text), before="2020-01-01")


def test_arrivals_are_counted_by_the_day_as_it_is_written(tmp_path: Path) -> None:
    """Just after midnight in Beijing it is still the day before in UTC; 2024-01-01 was a Monday."""
    text = HEAD + "a,x,2024-01-01T00:30:00+08:00,open\nb,x,2024-01-02T00:30:00+08:00,open\n"
    for name in ("log.csv", "zoned.csv"):
        means = [each.mean for each in measured(LogOptions((written(tmp_path, text, name),))).arrivals.by_weekday]
        assert means[:2] == [1.0, 1.0]
        text = text.replace("+08:00", "Z")


def test_what_is_wrong_with_what_is_asked_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, LOG)
    with pytest.raises(WrongInput, match="unknown 'when'; expected one of activity, after, before, case"):
        measures(path, case="id", unit="who", when="at")
    with pytest.raises(WrongInput, match="limit: expected a number of days, got 'long'"):
        measures(path, limit="long")
    with pytest.raises(WrongInput, match=r"limit: expected a number of days above 0, got -1"):
        measures(path, limit=-1)
    with pytest.raises(WrongInput, match=r"has no column 'whom'"):
        measures(path, **{**COLUMNS, "unit": "whom"})
    with pytest.raises(WrongInput, match=r"line 3: expected a time .* got 'soon'"):
        measures(written(tmp_path, LOG.replace("a,x,2024-01-01T00:00:00", "a,x,soon")), **COLUMNS)
    with pytest.raises(WrongInput, match="got only a header"):
        measures(written(tmp_path, "id,who,at\n"), **COLUMNS)


@needs_real
def test_the_receipt_log_gives_its_known_numbers_without_any_flag() -> None:
    found = answer(REAL / "receipt.csv.gz")
    assert (found["cases"], found["events"]) == (1434, 8577)
    for name, value in (("handover_share", 0.393), ("handovers_mean", 0.84), ("ping_pong_share", 0.125),
                        ("late_share", 0.284)):  # fmt: skip
        assert found[name] == pytest.approx(value, abs=0.005)
    assert found["intervals"]["handover_share"]["ci_low"] < 0.393 < found["intervals"]["handover_share"]["ci_high"]
    assert any("other candidates: 'org:group'" in note for note in found["notes"])


@needs_real
def test_the_closed_problems_give_their_known_numbers_by_organisation() -> None:
    found = measures(REAL / "06_bpic2013_closed.xes.gz", unit="organization involved")
    assert (found["cases"], found["events"]) == (1487, 6660)
    for name, value in (("handover_share", 0.188), ("handovers_mean", 0.44), ("ping_pong_share", 0.079)):
        assert found[name] == pytest.approx(value, abs=0.005)


@needs_real
def test_the_requests_of_chicago_give_their_known_numbers() -> None:
    path = REAL / "chicago_sanitation_311.csv.gz"
    assert measures(path)["cases"] == 74_401
    found = answer(path, "--before", "2014-01-01")
    assert (found["days_median"], found["days_p90"], found["best_family"]) == (3.0, 14.0, "lognormal")
    assert found["sigma_log"] == pytest.approx(1.07, abs=0.005)
    assert (found["events"], found["handover_share"], found["rows_are"]) == (None, None, "cases")
