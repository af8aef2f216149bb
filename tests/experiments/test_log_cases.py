"""Logs as offices export them, with the right answers beside them; they lie outside the project."""

from __future__ import annotations

import json
import shlex
from typing import Any

import pytest

from tests.experiments.log_files import REAL, answer, needs_real, refused

CASES = REAL.parents[1] / "cases"
RIGHT: dict[str, dict[str, Any]] = (
    json.loads((CASES / "right.json").read_text("utf-8")) if (CASES / "right.json").exists() else {}
)
NUMBERS = ("cases", "events", "units", "handover_share", "handovers_mean", "ping_pong_share", "open_cases")

needs_cases = pytest.mark.skipif(not RIGHT, reason=f"the cases are not shipped; they would lie in {CASES}")


@needs_cases
@pytest.mark.parametrize("name", sorted(RIGHT) or ["none"])
def test_logs_as_offices_export_them_give_the_right_numbers(name: str) -> None:
    right = RIGHT[name]
    if "exit" in right:
        told = refused(CASES / name)
        assert name in told and ("two readings" not in right["words"] or right["words"] in told)
        return
    flags = shlex.split(right.get("flags", "").partition(" (")[0])
    found = answer(CASES / name, *flags)
    assert {each: found[each] for each in NUMBERS} == {each: right[each] for each in NUMBERS}


@needs_cases
def test_the_steps_of_a_row_a_case_are_found_without_a_flag() -> None:
    found, right = answer(CASES / "one-row-a-case.csv"), RIGHT["one-row-a-case.csv"]
    assert {each: found[each] for each in NUMBERS} == {each: right[each] for each in NUMBERS}


@needs_real
@pytest.mark.parametrize(("number", "share", "mean", "still_open"), [(1, 0.870, 2.73, 277), (3, 0.854, 2.45, 296)])
def test_permit_logs_give_their_known_numbers(number: int, share: float, mean: float, still_open: int) -> None:
    path = REAL / f"permits_municipality_{number}.xes.gz"
    found = answer(path, "--unit", "org:resource", "--closed-by", "01_HOOFD_5")
    assert found["handover_share"] == pytest.approx(share, abs=0.0005)
    assert found["handovers_mean"] == pytest.approx(mean, abs=0.005)
    assert found["open_cases"] == still_open
