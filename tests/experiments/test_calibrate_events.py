"""Targets measured from a log, on one that can be counted by hand, and on a real one where it is at hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from experiments.calibrating.events import measured
from experiments.errors import WrongInput

REAL = Path(__file__).parents[3] / "shared" / "reference" / "data" / "receipt.csv.gz"

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


def written(folder: Path, text: str = LOG) -> Path:
    path = folder / "log.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_hand_overs_ping_pong_and_days_are_those_counted_by_hand(tmp_path: Path) -> None:
    found = measured(written(tmp_path), **COLUMNS, case_end="ended", deadline="due")
    assert (found["cases"], found["events"], found["units"], found["open_cases"]) == (3, 7, 3, 1)
    assert found["handover_share"] == pytest.approx(2 / 3)
    assert found["handovers_mean"] == pytest.approx(1.0)
    assert found["ping_pong_share"] == pytest.approx(1 / 3)
    assert found["days_median"] == pytest.approx(11.0)
    assert found["late_share"] == pytest.approx(0.5)
    assert found["sigma_log"] == pytest.approx(1.6282, abs=1e-4)  # log 2 and log 20


def test_a_case_ends_with_its_last_event_where_no_column_says_so(tmp_path: Path) -> None:
    found = measured(written(tmp_path), **COLUMNS, limit=3)
    assert found["open_cases"] == 0 and found["late_share"] == pytest.approx(1 / 3)
    assert measured(written(tmp_path), **COLUMNS)["late_share"] is None


def test_what_is_wrong_with_a_log_is_told(tmp_path: Path) -> None:
    path = written(tmp_path)
    with pytest.raises(WrongInput, match="'time' is missing") as error:
        measured(path, case="id", unit="who", when="at", limit=-1)
    assert len(error.value.problems) == 3
    with pytest.raises(WrongInput, match="no column 'whom'; allowed id, who, at, ended, due"):
        measured(path, **{**COLUMNS, "unit": "whom"})
    with pytest.raises(WrongInput, match=r"row 2, 'at': got 'soon'; allowed ISO 8601"):
        measured(written(tmp_path, LOG.replace("a,x,2024-01-01T00:00:00", "a,x,soon")), **COLUMNS)
    with pytest.raises(WrongInput, match="got no event"):
        measured(written(tmp_path, "id,who,at\n"), **COLUMNS)


@pytest.mark.skipif(not REAL.exists(), reason="the receipt log is not shipped")
def test_the_receipt_log_gives_the_numbers_of_the_shipped_study() -> None:
    columns: dict[str, Any] = {"case": "case:concept:name", "unit": "org:resource", "time": "time:timestamp",
               "case_end": "case:enddate", "deadline": "case:deadline"}  # fmt: skip
    found = measured(REAL, **columns)
    for name, value in (("handover_share", 0.393), ("handovers_mean", 0.84), ("ping_pong_share", 0.125),
                        ("late_share", 0.284)):  # fmt: skip
        assert found[name] == pytest.approx(value, abs=0.005)
