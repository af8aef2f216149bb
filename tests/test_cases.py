"""Situations that an official can read (tests/cases) come out as told, in the engine and in the reference alike."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.evidence.instruments import change
from model import INSTRUMENTS, Claim, Instrument, load_scenario, simulate
from model.terms import TRADED, Activity
from tests.case_book import ACTIVITIES, ENDS, STATES, Case, all_cases, cases_of, line_of
from tests.case_runs import by_engine, by_reference, stories
from tests.case_verdicts import complaints
from tests.support import hand_set

CASES = all_cases()
SEEDS = (1, 2)
RULES = range(1, 13)
FEWEST = 60


def name_of(case: Case) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", case.en.lower()).strip("-")
    return f"{case.file.removesuffix('.yaml')}-{words}"


def judge(case: Case, tellers: tuple[Any, ...]) -> None:
    """Fail with every complaint and the whole story if a run differs from the case."""
    report = []
    for seed in SEEDS:
        for told, then in stories(case, seed, tellers):
            found = complaints(told, then)
            if found:
                report.append("\n".join([f"  {told.who}, seed {seed}:", *(f"    ! {line}" for line in found)]))
                report.append(told.words())
    assert not report, "\n".join(["", f"  {case.zh}", f"  {case.en}", *report])


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_the_engine_handles_the_case_as_told(case: Case) -> None:
    judge(case, (by_engine,))


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_the_reference_handles_the_case_as_told(case: Case) -> None:
    judge(case, (by_reference,))


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "an event that never happens": ({"story": [{"whistled": "east"}]}, "街乡吹哨 (whistled) east"),
    "an event too late": ({"story": [{"closed": "east", "within": 0.1}]}, "within 0.1 days; it took 0.50"),
    "events in another order": ({"story": [{"closed": "east"}, {"started": "east"}]}, "after what came before"),
    "an event that is refused": ({"never": ["closed"]}, "it happened on day 0.50"),
    "a unit that is refused": ({"never": [{"own_work": "east"}]}, "(own_work) east"),
    "a count": ({"times": {"reported": 2}}, "2 times; it happened 1 times"),
    "passes": ({"passes": 3}, "3 times; it happened 0 times"),
    "a closure too late": ({"within": 0.2}, "closed within 0.2 days; it took 0.50"),
    "a state": ({"state": "working"}, "expected the case working at the end; it is done"),
    "a lead": ({"lead": "enforcement"}, "expected enforcement to lead; it is east"),
    "who answers": ({"answers": ["food"]}, "expected food to accept; accepted nobody"),
    "who is asked": ({"asked": ["food"]}, "asked nobody"),
    "hours": ({"hours": {"east": {"cases": 3}}}, "expected east to spend 3 person-days on cases; it spent 0.500"),
}


@pytest.mark.parametrize("what", WRONG)
@pytest.mark.parametrize("teller", [by_engine, by_reference])
def test_a_wrong_expectation_fails_in_words(what: str, teller: Any) -> None:
    then, words = WRONG[what]
    case = next(case for case in CASES if case.file == "own_cases.yaml")
    with pytest.raises(AssertionError) as failure:
        judge(replace(case, then=then), (teller,))
    assert words in str(failure.value)
    assert "诉求登记 / reported or found: 东街 / East" in str(failure.value)


@pytest.mark.parametrize("key", ["givn", "problem.kindd", "then.storry", "then.story.closd"])
def test_an_unknown_word_in_a_case_is_named(key: str, tmp_path: Path) -> None:
    entry: dict[str, Any] = {"name": {"zh": "例", "en": "example"}, "given": {"problem": {}}, "then": {"story": []}}
    place, _, msg = key.rpartition(".")
    if place == "then.story":
        entry["then"]["story"].append({msg: "east"})
    else:
        {"": entry, "problem": entry["given"]["problem"], "then": entry["then"]}[place][msg] = 1
    path = tmp_path / "example.yaml"
    path.write_text(json.dumps([entry]), encoding="utf-8")
    with pytest.raises(AssertionError, match=msg):
        list(cases_of(path))


def test_there_are_enough_cases_and_none_is_told_twice() -> None:
    assert len(CASES) >= FEWEST
    for names in ([case.zh for case in CASES], [case.en for case in CASES], [name_of(case) for case in CASES]):
        assert [name for name, times in Counter(names).items() if times > 1] == []


SHOWN = {(row, end) for case in CASES for row, end in case.shows.items()}
SMALL: dict[str, Any] = {"demand.scale": 0.05, "run.warm_up_days": 40, "run.window_days": 80}
CLEAR = 4.0
"""Standard errors that a mean difference keeps from zero, so that no chance of a few pairs makes its sign."""


def standard_errors(claim: Claim) -> float:
    """Return how far the observable moves in the claimed direction between both ends, in a small district."""
    arms = change(claim, "alone")
    scenarios = [
        load_scenario(arm.regime, district=hand_set(), overrides=SMALL | dict(arm.settings))
        for arm in (arms.before, arms.after)
    ]
    before, after = (
        np.array([simulate(each, seed).outcomes[claim.outcome] for seed in range(1, 5)]) for each in scenarios
    )
    moved = claim.direction * (after - before)
    return float(moved.mean() / (moved.std(ddof=1) / 2.0)) if moved.any() else 0.0


@pytest.mark.parametrize("instrument", INSTRUMENTS, ids=lambda each: each.row)
def test_every_instrument_is_shown_at_both_ends_by_cases_or_by_its_observable(instrument: Instrument) -> None:
    if {(instrument.row, end) for end in ENDS} <= SHOWN:
        return
    assert standard_errors(instrument) >= CLEAR, "no clear effect in a small district: write a case for either end"


def test_an_observable_that_does_not_move_as_claimed_would_be_found() -> None:
    weight = next(each for each in INSTRUMENTS if each.row == "R1")
    assert standard_errors(weight) >= CLEAR
    assert standard_errors(replace(weight, direction=1)) <= -CLEAR
    assert standard_errors(replace(weight, values={"assessment.street_weight": 0.0})) == 0.0


def test_cases_show_instruments_that_there_are() -> None:
    assert {row for row, _ in SHOWN} <= {each.row for each in INSTRUMENTS}


WITH = [(case, row) for case in CASES for row, end in case.shows.items() if end == "with"]


@pytest.mark.parametrize(("case", "row"), WITH, ids=[f"{row}-{name_of(case)}" for case, row in WITH])
def test_without_its_instrument_the_case_comes_out_otherwise(case: Case, row: str) -> None:
    keys = next(instrument.topics for instrument in INSTRUMENTS if instrument.row == row)
    values = {key: value for key, value in case.given["values"].items() if key not in keys}
    assert len(values) < len(case.given["values"])
    other = replace(case, given=case.given | {"values": values}, en=f"{case.en} Without {row}.")
    with pytest.raises(AssertionError, match="!"):
        judge(other, (by_engine,))


def test_every_rule_is_shown() -> None:
    assert {rule for case in CASES for rule in case.rules} == set(RULES)


def test_every_activity_is_expected_somewhere() -> None:
    told = [then for case in CASES for then in (case.then, *case.then.get("also", {}).values())]
    expected = {ACTIVITIES[line_of(entry)[0]] for then in told for entry in then.get("story", ())}
    assert set(Activity) - TRADED - expected == set()  # requests are no cases: tests/test_trade.py


def test_every_state_is_where_some_case_stands_at_the_end() -> None:
    ends = {case.then.get("state") for case in CASES}
    assert set(STATES) - ends == set()
