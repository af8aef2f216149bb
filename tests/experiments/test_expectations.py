"""Expectations: the file is read with all that is wrong in it, and every entry moves its outcome at a small size.

The directions are those of the file; where the last measurement surprised, that of the measurement.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from scipy.special import stdtrit

from experiments.errors import WrongInput
from experiments.expectations.form import Expectation
from experiments.expectations.measuring import found, interval_of, measure, verdict
from experiments.expectations.page import PAGE, page
from experiments.expectations.reading import FILE, arm, read_expectations

READ = read_expectations()
SMALL: dict[str, object] = {"demand.scale": 0.05, "run.warm_up_days": 60, "run.window_days": 120}
PAIRS = 8
LONG: dict[str, object] = {"demand.scale": 0.05}
"""A fading reform needs the time to fade, citizens the time to be asked again."""

LARGE: dict[str, object] = {"demand.scale": 0.25}
SIZES: dict[str, dict[str, object]] = {"X43": LONG}
"""Entries that say nothing at the small size, by what they need instead."""

SLOW: frozenset[str] = frozenset()
"""Entries whose size takes seconds."""

CLEAR = 3.0
"""Standard errors that a mean difference keeps from zero, so that no luck of eight pairs makes its sign."""


def standard_errors(row: dict[str, Any]) -> float:
    """Return the mean difference in standard errors."""
    difference = interval_of(row["difference"])
    assert difference.mean is not None and difference.low is not None and difference.high is not None
    half = (difference.high - difference.low) / 2.0
    if half == 0.0:
        return math.copysign(math.inf, difference.mean) if difference.mean else 0.0
    return difference.mean / half * float(stdtrit(row["pairs"] - 1, 0.975))


def direction(each: Expectation) -> int:
    """Return where an outcome moves: as expected or, where that was a surprise, as measured last."""
    expected = {"up": 1, "down": -1, "none": 0}[each.expect]
    row = found()[each.id]
    if verdict(each, row) != "surprise":
        return expected
    measured: float = row["difference"]["mean"]
    return 1 if measured > 0.0 else -1


def moves(each: Expectation) -> None:
    """Check an entry at its small size."""
    row = measure([each], PAIRS, SIZES.get(each.id, SMALL), workers=1)[each.id]
    if each.expect == "none":
        assert verdict(each, row) == verdict(each, found()[each.id])
        return
    assert direction(each) * standard_errors(row) >= CLEAR, row
    if each.reaches is not None:
        assert verdict(each, row) == "as expected", row


def named(chosen: list[Expectation]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("each", chosen, ids=lambda each: each.id)


@named([each for each in READ.expectations if each.id not in SLOW])
def test_an_outcome_moves_as_expected_or_as_the_recorded_surprise_says(each: Expectation) -> None:
    moves(each)


@pytest.mark.slow
@named([each for each in READ.expectations if each.id in SLOW])
def test_an_outcome_moves_as_expected_at_a_larger_size(each: Expectation) -> None:
    moves(each)


def test_the_page_is_that_of_the_last_measurement() -> None:
    assert PAGE.read_text("utf-8") == page(), "run `make documents`"


def test_what_was_measured_is_what_the_file_asks() -> None:
    assert {name: row["asked"] for name, row in found().items()} == {
        each.id: each.asked() for each in READ.expectations
    }, "run `make expectations`"


@named(list(READ.expectations))
def test_what_came_out_otherwise_is_explained_and_nothing_else_is(each: Expectation) -> None:
    assert (each.surprise is None) == (verdict(each, found()[each.id]) == "as expected")


def test_every_topic_has_an_expectation_and_every_source_is_used() -> None:
    assert set(READ.topics) == {each.topic for each in READ.expectations}
    assert set(READ.sources) == {each.source for each in READ.expectations}


ENTRY = FILE.read_text("utf-8").partition("expectations:\n")[2].partition("  - id: X02")[0]
HEAD = "topics: {demand: {en: Demand, zh: 需求}}\nsources: {BrownEtAl2005: {en: Brown, zh: Brown}}\nexpectations:\n"


def problems_of(text: str, folder: Path) -> list[str]:
    """Return what is wrong with expectations, without the folder."""
    path = folder / "asked.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WrongInput) as caught:
        read_expectations(path)
    return [problem.replace(f"{folder}/", "") for problem in caught.value.problems]


def test_every_wrong_name_value_and_bound_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    assert ENTRY.count("- id") == 1
    wrong = (
        ENTRY.replace("topic: demand", "topic: demnd")
        .replace("[0.72, 0.9]", "[0.72, 90]")
        .replace("closure_rate", "closure_rat")
        .replace("BrownEtAl2005", "BrownEtAl205")
    )
    found_problems = problems_of(HEAD + wrong + ENTRY, tmp_path)
    for line, words in (
        (6, "unknown topic 'demnd'; did you mean 'demand'?"),
        (8, "staff.load: got 90"),
        (9, "did you mean 'closure_rate'?"),
        (14, "did you mean 'BrownEtAl2005'?"),
        (16, "got X01 twice"),
    ):
        assert any(each.startswith(f"asked.yaml:{line}:") and words in each for each in found_problems), (line, words)
    assert len(found_problems) == 5


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("regime: inverted", "regime: invertd", "did you mean 'inverted'?"),
        ("expect: down", "expect: sideways", "allowed 'up', 'down' or 'none'"),
        ("expect: down", "expect: none", "band: allowed with expect: none"),
        ("expect: down", "expect: down\n    band: 0.1", "band: allowed with expect: none"),
        ("[0.72, 0.9]", "[0.72, 0.72]", "staff.load stays as it is"),
        ("staff.load", "staff.lod", "did you mean 'load'?"),
        ("    outcome:", "    outcom:", "unknown key 'outcom'; did you mean 'outcome'?"),
        ("- id: X01", "- id: 1", "allowed"),
    ],
)
def test_one_wrong_thing_is_told_with_what_is_allowed(old: str, new: str, words: str, tmp_path: Path) -> None:
    assert any(words in each for each in problems_of(HEAD + ENTRY.replace(old, new), tmp_path))


def row_of(low: float, high: float) -> dict[str, Any]:
    ends = {"mean": (low + high) / 2.0, "ci_low": low, "ci_high": high}
    return {"difference": ends, "after": ends}


@pytest.mark.parametrize(
    ("expect", "low", "high", "said"),
    [
        ("up", 0.1, 0.2, "as expected"), ("up", -0.1, 0.2, "unclear"), ("up", -0.2, -0.1, "surprise"),
        ("up", 0.0, 0.0, "unclear"), ("down", -0.2, -0.1, "as expected"), ("down", 0.1, 0.2, "surprise"),
        ("none", -0.01, 0.01, "as expected"), ("none", 0.0, 0.2, "unclear"), ("none", 0.1, 0.2, "surprise"),
        ("none", 0.0, 0.0, "as expected"),
    ],
)  # fmt: skip
def test_the_verdict_is_what_the_interval_says(expect: str, low: float, high: float, said: str) -> None:
    changes = {"expect": expect, "band": 0.05 if expect == "none" else None}
    assert verdict(READ.expectations[0].model_copy(update=changes), row_of(low, high)) == said


def test_an_outcome_that_does_not_reach_what_was_expected_is_a_surprise() -> None:
    extreme = next(each for each in READ.expectations if each.reaches and each.reaches.at_least is not None)
    assert verdict(extreme, row_of(0.95, 0.96)) == "as expected"
    assert verdict(extreme, row_of(0.5, 0.6)) == "surprise"
    assert verdict(extreme, row_of(0.5, 0.96)) == "unclear"


def test_two_arms_differ_in_what_is_turned_alone() -> None:
    for each in READ.expectations:
        before, after = (arm(each, end, SMALL).resolved() for end in (False, True))
        topics = {topic for topic in before if before[topic] != after[topic]}
        assert topics <= {key.split(".")[0] for key in each.change} | {"name", "title"}, each.id


def test_a_change_of_nothing_is_no_change() -> None:
    """The counterpart of every test above: the same settings in both arms give a difference of exactly zero."""
    still = READ.expectations[0].model_copy(update={"change": {"staff.load": (0.72, 0.72)}})
    row = measure([still], 2, {"demand.scale": 0.02, "run.warm_up_days": 10, "run.window_days": 20}, workers=1)["X01"]
    assert interval_of(row["difference"]).mean == 0.0
    assert standard_errors(row) == 0.0
