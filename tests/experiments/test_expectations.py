"""Expectations: what is wrong in the file is told, every entry moves its outcome, table and page are those of the file.

The directions are those of the file; where the last measurement surprised, that of the measurement.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.special import stdtrit

from experiments.documents import measured as sheet
from experiments.documents.measured import expectations_page
from experiments.errors import WrongInput
from experiments.evidence.__main__ import main
from experiments.evidence.expectations import (
    FILE,
    MEASURED,
    Expectation,
    Surprise,
    read_expectations,
    subject,
    verdict,
)
from experiments.evidence.measuring import Arm, Subject, interval_of, measure
from experiments.evidence.over_worlds import Values
from model import load_scenario, simulate

READ = read_expectations()
FOUND = MEASURED.rows()
"""What was measured as it is defined now; a test below says what was not."""

PAIRS = MEASURED.pairs

FEW = 4
SMALL: dict[str, object] = {"demand.scale": 0.05, "run.warm_up_days": 40, "run.window_days": 80}
FULL: dict[str, object] = {}

CLEAR = 4.0
"""Standard errors that a mean difference keeps from zero, so that no luck of a few pairs makes its sign."""

UNCLEAR_WHEN_SMALL = frozenset({
    "X06", "X09", "X14", "X25", "X35", "X39", "X41", "X43", "X44", "X45", "X50", "X54", "X64", "X69", "X74", "X75",
    "X77", "X78", "X82", "X85", "X87", "X94", "X101", "X114", "X116",
    "X193", "X108", "X117", "X119", "X120", "X121", "X122", "X123", "X05", "X10", "X32", "X72", "X99", "X110", "X111",
    "X57", "X68", "X113", "X202", "X203",
})  # fmt: skip
"""Entries whose sign takes the full volume: a small district's pools or a short year hide or turn it."""

AGAIN = "run `make expectations IDS=changed`"


@pytest.fixture(autouse=True)
def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare the page and the command reading anew what was read above."""
    monkeypatch.setattr(sheet, "read_expectations", lambda: READ)


@cache
def ran(arm: str, size: str, pairs: int) -> Values:
    """Return the outcomes by seed of an arm; arms that entries share are run once a process."""
    regime, settings = json.loads(arm)
    scenario = load_scenario(regime, overrides=json.loads(size) | settings)
    runs = [simulate(scenario, seed).outcomes for seed in range(1, pairs + 1)]
    return {name: np.array([run[name] for run in runs], dtype=np.float64) for name in runs[0]}


def row_at(each: Expectation, size: dict[str, object], pairs: int) -> dict[str, Any]:
    """Return the row of an entry at a size."""

    def values_of(arm: Arm) -> Values:
        return ran(arm.key, json.dumps(size, sort_keys=True), pairs)

    return subject(each).measured(values_of)


def standard_errors(row: dict[str, Any]) -> float:
    """Return the mean difference in standard errors."""
    difference = interval_of(row["difference"])
    assert difference.mean is not None and difference.low is not None and difference.high is not None
    half = (difference.high - difference.low) / 2.0
    if half == 0.0:
        return math.copysign(math.inf, difference.mean) if difference.mean else 0.0
    return difference.mean / half * float(stdtrit(row["pairs"] - 1, 0.975))


def said(each: Expectation) -> str:
    """Return the verdict of the last measurement; before the first one nothing surprises."""
    return verdict(each, FOUND[each.id]) if each.id in FOUND else "as expected"


def direction(each: Expectation) -> int:
    """Return where an outcome moves: as expected or, where that was a surprise, as measured last."""
    if said(each) != "surprise":
        return {"up": 1, "down": -1, "none": 0}[each.expect]
    return 1 if FOUND[each.id]["difference"]["mean"] > 0.0 else -1


def named(chosen: list[Expectation]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("each", chosen, ids=lambda each: each.id)


@named([each for each in READ.expectations if each.id not in UNCLEAR_WHEN_SMALL])
def test_an_outcome_moves_as_expected_or_as_the_recorded_surprise_says(each: Expectation) -> None:
    row = row_at(each.model_copy(update={"surprise": None}), SMALL, FEW)
    if each.expect == "none":
        assert verdict(each, row) == said(each)
        return
    assert direction(each) * standard_errors(row) >= CLEAR, f"{row}: wrong, or for UNCLEAR_WHEN_SMALL?"
    if each.reaches is not None:
        assert verdict(each, row) == "as expected", row


@pytest.mark.slow
@named(list(READ.expectations))
def test_at_full_volume_everything_comes_out_as_the_table_says(each: Expectation) -> None:
    row = row_at(each, FULL, PAIRS)
    assert figures(row) == pytest.approx(figures(FOUND[each.id]), rel=1e-6, abs=1e-9, nan_ok=True), (
        "run `make expectations`"
    )


def figures(row: Mapping[str, Any]) -> dict[str, float]:
    """Return every number of a row by its path, without its definition and what worlds say."""
    numbers: dict[str, float] = {}
    for name, part in row.items():
        if isinstance(part, Mapping) and name not in ("definition", "worlds"):
            numbers |= {f"{name}/{path}": value for path, value in figures(part).items()}
        elif not isinstance(part, Mapping):
            numbers[name] = math.nan if part is None else part
    return numbers


def test_what_was_measured_is_what_the_file_asks() -> None:
    assert MEASURED.unmeasured() == [], AGAIN
    found = MEASURED.found()
    assert list(found["rows"]) == [each.id for each in READ.expectations], AGAIN
    assert {row["pairs"] for row in found["rows"].values()} == {found["pairs"]} == {PAIRS}


@named([each for each in READ.expectations if each.id in FOUND])
def test_what_came_out_otherwise_is_explained_and_nothing_else_is(each: Expectation) -> None:
    assert (each.surprise is None) == (said(each) == "as expected"), "trace it, or drop what is told"


@named([each for each in READ.expectations if "without" in FOUND.get(each.id, {})])
def test_what_is_said_to_make_a_surprise_does(each: Expectation) -> None:
    assert verdict(each, FOUND[each.id]["without"]) == "as expected"


def test_every_topic_has_an_expectation_and_every_source_is_used() -> None:
    assert set(READ.topics) == {each.topic for each in READ.expectations}
    assert set(READ.sources) == {each.source for each in READ.expectations}


ENTRY = FILE.read_text("utf-8").partition("expectations:\n")[2].partition("  - id: X03")[0]
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
        (8, "staff.load: expected "),
        (9, "did you mean 'closure_rate'?"),
        (14, "did you mean 'BrownEtAl2005'?"),
        (17, "expected X01 once"),
    ):
        assert any(each.startswith(f"asked.yaml:{line}:") and words in each for each in found_problems), (line, words)
    assert len(found_problems) == 5


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("regime: inverted", "regime: invertd", "did you mean 'inverted'?"),
        ("expect: down", "expect: sideways", "expected 'up', 'down' or 'none', got 'sideways'"),
        ("expect: down", "expect: none", "band: expected with expect: none"),
        ("expect: down", "expect: down\n    band: 0.1", "band: expected with expect: none"),
        ("[0.72, 0.9]", "[0.72, 0.72]", "got the same twice for staff.load"),
        (
            "    change:",
            "    beside: {staff.load: 0.5}\n    change:",
            "staff.load: expected only under change",
        ),
        ("staff.load", "staff.lod", "did you mean 'load'?"),
        ("    outcome:", "    outcom:", "outcom: unknown key; did you mean 'outcome'?"),
        ("- id: X01", "- id: 1", "expected text, got 1"),
        ("    source:", "    surprise: {en: a, zh: b, moved: [backlog]}\n    source:", "did you mean 'backlog_end'?"),
        (
            "    source:",
            "    surprise: {en: a, zh: b, without: {staff.city: 90}}\n    source:",
            "expectations.0.surprise.without.staff.city: staff.city: expected ",
        ),
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


@pytest.mark.slow
def test_two_arms_differ_in_what_is_turned_alone() -> None:
    for each in READ.expectations:
        arms = (each.arm("start"), each.arm("end"))
        before, after = (load_scenario(arm.regime, overrides=SMALL | dict(arm.settings)).resolved() for arm in arms)
        topics = {topic for topic in before if before[topic] != after[topic]}
        assert topics <= {key.split(".")[0] for key in each.change} | {"name", "title"}, each.id


TINY: dict[str, object] = {"demand.scale": 0.02, "run.warm_up_days": 10, "run.window_days": 20}


def measured(each: Expectation, out: Path) -> dict[str, Any]:
    """Return the row of an entry as the runner measures it."""
    row: dict[str, Any] = measure("expectations", [subject(each)], 2, out, TINY, jobs=1)[each.id]
    return row


def test_a_change_of_nothing_is_no_change(tmp_path: Path) -> None:
    """The counterpart of every test above: the same settings in both arms give a difference of exactly zero."""
    still = READ.expectations[0].model_copy(update={"change": {"staff.load": (0.72, 0.72)}})
    row = measured(still, tmp_path)
    assert interval_of(row["difference"]).mean == 0.0
    assert standard_errors(row) == 0.0


SURPRISE = Surprise(en="No.", zh="否。", moved=("passes_per_case",), without={"acceptance.in_force": False})


def test_what_tells_a_surprise_is_measured_with_it_and_what_makes_it_is_turned_off_in_both_arms(
    tmp_path: Path,
) -> None:
    first = READ.expectations[0]
    told = first.model_copy(update={"surprise": SURPRISE})
    off = first.model_copy(update={"beside": {"acceptance.in_force": False}})
    passes = first.model_copy(update={"outcome": "passes_per_case"})
    row, plain, turned, other = (measured(each, tmp_path) for each in (told, first, off, passes))
    assert row["difference"] == plain["difference"] != row["without"]["difference"]
    assert figures(row["without"]) == figures(turned)
    assert figures(row["moved"]["passes_per_case"]) == figures(other)


def table() -> dict[str, Any]:
    """Return a table in which every entry stands as it is asked, with made-up figures."""
    ends = {"mean": 0.5, "ci_low": 0.4, "ci_high": 0.6}
    row = {"pairs": PAIRS, "before": ends, "after": ends, "difference": ends}
    return {
        each.id: {"definition": each.definition(), **row, "moved": dict.fromkeys(each.moved, row), "without": row}
        for each in READ.expectations
    }


def test_measured_again_it_is_read_from_the_study_and_the_numbers_are_those_of_direct_runs(tmp_path: Path) -> None:
    first = READ.expectations[0]
    row = measured(first, tmp_path)
    (folder,) = tmp_path.iterdir()
    written = {path.name: path.stat().st_mtime_ns for path in (folder / "runs").iterdir()}
    assert measured(first, tmp_path) == row == row_at(first, TINY, 2)
    assert {path.name: path.stat().st_mtime_ns for path in (folder / "runs").iterdir()} == written


def test_words_are_free_and_everything_else_asks_for_a_new_measurement() -> None:
    each = next(each for each in READ.expectations if each.without)
    assert each.surprise is not None
    words = each.surprise.model_copy(update={"en": "Otherwise."})
    fewer = each.surprise.model_copy(update={"without": {}})
    for update, asks in (
        ({"why": words}, False),
        ({"surprise": words}, False),
        ({"surprise": fewer}, True),
        ({"surprise": None}, True),
        ({"beside": {"staff.load": 0.5}}, True),
        ({"outcome": "equity_gap"}, True),
    ):
        new = each.model_copy(update=update)
        assert (new.definition() != table()[each.id]["definition"]) is asks, update


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Stand in for the file of what was measured last."""
    kept: dict[str, Any] = {"pairs": PAIRS, "rows": table()}
    monkeypatch.setattr("experiments.evidence.measuring.read_measured", lambda _: kept)
    monkeypatch.setattr("experiments.evidence.measuring.keep_measured", lambda _, content: kept.update(content))
    return kept


def test_a_page_of_another_list_is_refused_with_what_to_run(kept: dict[str, Any]) -> None:
    kept["rows"] = {name: row for name, row in table().items() if name not in ("X03", "X05")}
    with pytest.raises(WrongInput, match="X03, X05: not measured as defined now; run `make expectations IDS=changed`"):
        expectations_page()


def test_only_what_is_named_or_new_is_measured_and_the_rest_is_kept(
    monkeypatch: pytest.MonkeyPatch, kept: dict[str, Any], tmp_path: Path
) -> None:
    asked: list[list[str]] = []

    def measured(_: str, chosen: list[Subject], *__: Any, **___: Any) -> dict[str, Any]:
        asked.append([each.id for each in chosen])
        return {each.id: table()[each.id] for each in chosen}

    monkeypatch.setattr("experiments.evidence.measuring.measure", measured)
    kept["rows"] = {name: row for name, row in table().items() if name != "X05"}
    assert main(["expectations", "X04", "X03", "--only", "reference", "--out", str(tmp_path)]) == 0
    assert "X05" not in kept["rows"]
    assert main(["expectations", "changed", "--only", "reference"]) == 0
    assert asked == [["X04", "X03"], ["X05"]]
    assert list(kept["rows"].items()) == list(table().items())
    assert main(["expectations", "--only", "reference"]) == 0
    assert asked[-1] == list(table())


@pytest.mark.usefixtures("kept")
def test_the_page_tells_every_entry_and_every_surprise_in_both_languages() -> None:
    written = expectations_page()
    for each in READ.expectations:
        assert written.count(f"| {each.id} |") == 1
        for words in (each.why, *((each.surprise,) if each.surprise else ())):
            assert words.en in written
            assert words.zh in written
    assert "+50.00 [+40.00, +60.00] pp" in written
    assert "+0.50 [+0.40, +0.60] passes/case" in written


def test_an_unknown_id_is_told_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["expectations", "X10x"]) == 2
    assert "unknown row 'X10x'; did you mean 'X10'?" in capsys.readouterr().err
