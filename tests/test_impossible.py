"""What cannot be compiled is named, with the reason, in a line or two."""

from __future__ import annotations

from typing import Any

import pytest

from model.compiler.problems import CannotCompile
from model.rules import accept
from tests import small_day
from tests.test_compiler import lived, scaled


def with_a_dict(row: Any) -> float:
    return {1: 2.0, 2: float(row.load)}[1]


def with_a_text(row: Any) -> Any:
    return row.load + "days"


def with_a_method(row: Any) -> float:
    return float(len("abc".upper()))


def with_a_list(row: Any) -> float:
    return [1.0, float(row.load)][0]


def with_an_unknown_column(row: Any) -> Any:
    return row.lode


gone = 1.0


def with_a_name_that_is_not_there(row: Any) -> float:
    return gone


del globals()["gone"]


def by_name(row: Any) -> float:
    return accept.relative_load(backlog_days=row.load, reference=1.0)


def of_itself(row: Any) -> float:
    return of_itself(row) if row.load > 1.0 else 0.0


REASONS = {
    with_a_dict: "", with_a_text: "add(float64", with_a_method: "", with_a_list: "object",
    with_an_unknown_column: "'lode'", with_a_name_that_is_not_there: "'gone' is not defined", by_name: "by keyword",
    of_itself: "calls itself",
}  # fmt: skip


@pytest.mark.parametrize(("function", "reason"), REASONS.items(), ids=[one.__name__ for one in REASONS])
def test_what_cannot_be_compiled_is_named_with_the_reason(function: Any, reason: str) -> None:
    with pytest.raises(CannotCompile) as raised:
        lived(called_on_the_row(function))
    told = str(raised.value)
    line = function.__code__.co_firstlineno
    start = f"tests.test_impossible.{function.__name__} (tests/test_impossible.py:{line}) cannot be compiled: "
    assert told.startswith(start)
    assert reason in told[len(start) :]
    assert "\x1b" not in told
    assert len(told.splitlines()) <= 2
    assert len(told) < 400
    assert lived(scaled(2.0)) == 8.0


def called_on_the_row(function: Any) -> Any:
    def day(row: Any, _: int) -> bool:
        row.eased = function(row)
        return True

    return day


def test_an_impossible_rule_is_named_not_the_phase_that_calls_it(monkeypatch: pytest.MonkeyPatch) -> None:
    named = r"^tests.test_impossible.*<lambda> \(tests/test_impossible.py:\d+\) cannot be"
    with monkeypatch.context() as patch, pytest.raises(CannotCompile, match=named):
        patch.setattr(accept, "relative_load", lambda backlog_days, reference: {1: reference}[backlog_days])
        small_day.program()
    assert small_day.lived(small_day.program()) == small_day.lived_plainly()
