"""The outcomes are those that were last agreed on; whoever changes them says so in the changelog.

Outcomes that are not in the file are new; `make golden` adds them.
"""

from __future__ import annotations

import json

import pytest

from experiments.evidence.kept import GOLDEN, REGIMES, SCALE, SEEDS, outcomes
from model import load_scenario, simulate
from tests.support import hand_set

FORMER = {"sending_down.inspection_work": 0, "triage.waiting": 0, "triage.withdrawing": 0, "routing.astray": 0}
"""Habits whose default is not the absence of what they describe, and the values at which it is absent."""


@pytest.fixture(scope="module")
def now() -> dict[str, dict[str, float | None]]:
    return outcomes()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("regime", REGIMES)
def test_outcomes_are_the_golden_ones(now: dict[str, dict[str, float | None]], regime: str, seed: int) -> None:
    """To the last bit; to take over new ones: `make golden`, and say in CHANGELOG.md whose results change."""
    run = f"{regime}, seed {seed}"
    golden = json.loads(GOLDEN.read_text("utf-8"))[run]
    assert set(golden) <= set(now[run])
    assert {name: (value, now[run][name]) for name, value in golden.items() if now[run][name] != value} == {}


@pytest.mark.parametrize("regime", REGIMES)
def test_what_came_later_changes_nothing_where_it_is_absent(regime: str) -> None:
    """`former.json`: the golden outcomes before these were in the model, to the last bit."""
    golden = json.loads(GOLDEN.with_name("former.json").read_text("utf-8"))[f"{regime}, seed 1"]
    now = simulate(load_scenario(regime, district=hand_set(), overrides=SCALE | FORMER), 1).outcomes
    assert {name: (value, now[name]) for name, value in golden.items() if now[name] != value} == {}


@pytest.mark.parametrize("seed", SEEDS)
def test_streets_that_do_not_notice_the_platform_give_the_outcomes_of_before(seed: int) -> None:
    """`r10` is the one shipped regime in which the platform falls behind; `before_noticing.json` is from before."""
    before = json.loads(GOLDEN.with_name("before_noticing.json").read_text("utf-8"))[f"r10, seed {seed}"]
    blind = load_scenario("r10", district=hand_set(), overrides=SCALE | FORMER)
    found = simulate(blind, seed).outcomes
    assert {name: (value, found[name]) for name, value in before.items() if found[name] != value} == {}
    seeing = simulate(load_scenario("r10", district=hand_set(), overrides=SCALE), seed).outcomes
    assert (seeing["whistle_wait_days"] or 0.0) < (found["whistle_wait_days"] or 0.0)
