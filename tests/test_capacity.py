"""Capacities a day: nothing is lost by rounding, whatever the step and the scale, and nothing is saved up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.config.eras import Stage
from model.config.scenario import Scenario
from model.policy import Durability
from model.reference import simulate_reference
from model.rules import capacity
from model.simulation import run_tables
from model.terms import TICKS_PER_DAY, Activity
from tests.support import all_rules, history_of, tiny, with_values

DAYS = 60
STEPS = [steps for steps in range(1, 10_001) if TICKS_PER_DAY % steps == 0]

mosts = st.integers(0, 1_000_000)
scales = st.floats(0.0001, 100.0)


def taken(days: Sequence[int], steps: int) -> list[int]:
    """Return by day what its steps may take, where `days` are capacities in millionths."""
    owed, found = 0, []
    for day in days:
        found.append(0)
        for _ in range(steps):
            owed += day
            found[-1] += capacity.whole(owed, steps)
            owed = capacity.left_over(owed, steps)
    return found


@given(mosts, scales, st.sampled_from([steps for steps in STEPS if steps <= 100]), st.integers(1, 40))
def test_a_capacity_does_not_depend_on_the_step(most: int, scale: float, steps: int, days: int) -> None:
    a_day = capacity.of_a_day(most, scale)
    assert taken([a_day] * days, steps) == taken([a_day] * days, 1)


@given(mosts, scales, st.integers(1, 400))
def test_a_capacity_follows_the_scale(most: int, scale: float, days: int) -> None:
    """Whatever the number of days, less than a case is missing, and none is too many."""
    expected = most * scale * days
    total = sum(taken([capacity.of_a_day(most, scale)] * days, 1))
    assert expected - 1.0 - 1e-6 * days - 1e-9 * expected <= total <= expected + 1e-6 * days + 1e-9 * expected


@given(st.lists(st.integers(0, 5_000_000), min_size=1, max_size=60), st.sampled_from([1, 3, 8, 96]))
def test_a_capacity_that_changes_loses_nothing_between_eras(days: list[int], steps: int) -> None:
    assert np.cumsum(taken(days, steps)).tolist() == (np.cumsum(days) // capacity.PARTS).tolist()


@given(mosts, scales, st.sampled_from(STEPS))
def test_no_capacity_overflows(most: int, scale: float, steps: int) -> None:
    whole_case = capacity.PARTS * steps
    assert 0 <= whole_case - 1 + capacity.of_a_day(most, scale) < 2**63


def overdue(presses: float, steps: int) -> Scenario:
    """Return a district in which nobody answers and all overdue cases are pressed, so many a day."""
    scenario = tiny("r03", DAYS, steps=steps)
    return with_values(
        scenario,
        demand={"requests_per_year": scenario.world.demand.requests_per_year * scenario.world.demand.scale / 0.05,
                "scale": 0.05},
        coordination={"press": 1.0, "presses_per_day": round(presses / 0.05), "press_again_days": 1.0},
        acceptance={"answering": -10.0, "pressure": 0.0},
        citizens={"patience_days": 10_000.0},
    )  # fmt: skip


def days_of(scenario: Scenario, activity: Activity) -> list[int]:
    lines = history_of(run_tables(scenario, 5, history=True))
    return [int(when) // TICKS_PER_DAY for when in lines["when"][lines["activity"] == activity]]


@pytest.mark.parametrize("presses", [0.25, 3.0, 7.35])
@pytest.mark.parametrize("steps", [1, 4, 8, 96])
def test_a_run_presses_as_many_cases_whatever_its_steps(presses: float, steps: int) -> None:
    """At scale 0.05 with 8 steps nobody was pressed; more cases wait than can be pressed from the second month on."""
    days = [day for day in days_of(overdue(presses, steps), Activity.PRESSED) if 40 <= day < 80]
    assert abs(len(days) - 40 * presses) <= 1.0


@pytest.mark.parametrize("steps", [1, 8])
def test_a_run_screens_whistles_whatever_its_steps(steps: int) -> None:
    scenario = tiny("r10", DAYS, steps=steps)
    most = round(2.5 / scenario.world.demand.scale)
    scenario = with_values(scenario, whistle={"acceptances_per_day": most})
    days = [day for day in days_of(scenario, Activity.SCREENED) if 20 <= day < 60]
    assert abs(len(days) - 40 * most * scenario.world.demand.scale) <= 1.0


def test_what_nobody_needed_is_not_saved_up() -> None:
    """Nothing is overdue for days; then no day presses more than its own whole cases."""
    by_day = np.bincount(days_of(overdue(2.5, 4), Activity.PRESSED))
    assert by_day[:5].sum() == 0
    assert by_day.max() == 3
    assert all(sum(pair) <= 5 for pair in pairwise(by_day.tolist()))


@pytest.mark.parametrize("steps", [1, 8])
def test_engine_and_reference_carry_the_same_fraction_over_when_a_law_changes(steps: int) -> None:
    scenario = overdue(0.3, steps)
    coordination = replace(scenario.law.coordination, presses_per_day=47)
    later = replace(scenario.law, coordination=coordination, durability=Durability(1.0, 20.0))
    streets = tuple(street.code for street in scenario.world.streets)
    scenario = replace(scenario, stages=(Stage(33, "later", streets, all_rules(later)),))
    lines = history_of(run_tables(scenario, 5, history=True))
    reference = simulate_reference(scenario, 5, history=True).history
    told = sorted((int(line["when"]), int(line["key"])) for line in lines if line["activity"] == Activity.PRESSED)
    assert told == sorted((line[0], line[1]) for line in reference or () if line[2] == Activity.PRESSED)
    assert len(told) > 60
