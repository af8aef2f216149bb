"""Shocks: what befalls the district on some days."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from model import simulate
from model.config.scenario import Scenario
from model.simulation import blueprint_of
from model.world import Shock
from tests.support import tiny, with_values

DAY, DAYS = 40, 20


def shocked(*shocks: Shock, regime: str = "flattened") -> Scenario:
    return with_values(tiny(regime, 60, warm_up=30), shocks=shocks)


def shock(**values: Any) -> Shock:
    return Shock("shock", day=DAY, days=DAYS, **values)


@pytest.mark.parametrize("regime", ["inverted", "flattened", "campaign"])
def test_a_shock_that_changes_nothing_changes_nothing(regime: str) -> None:
    calm, idle = simulate(shocked(regime=regime), 1), simulate(shocked(shock(), regime=regime), 1)
    assert calm.outcomes == idle.outcomes
    assert all(np.array_equal(calm.daily[name], idle.daily[name]) for name in calm.daily)


def test_nothing_changes_before_its_day() -> None:
    calm, after = simulate(shocked(), 1), simulate(shocked(shock(demand=3.0, posts_streets=0.5)), 1)
    differ = [np.flatnonzero(calm.daily[name] != after.daily[name]) for name in calm.daily]
    assert min(days[0] for days in differ if len(days)) == DAY


def test_demand_is_multiplied_on_its_days_and_in_its_streets_alone() -> None:
    calm, after = (simulate(shocked(*these), 1).daily["born"] for these in ((), (shock(demand=3.0),)))
    lasting = slice(DAY, DAY + DAYS)
    assert after[lasting].sum() == pytest.approx(3.0 * calm[lasting].sum(), rel=0.15)
    plan = blueprint_of(shocked(shock(demand=3.0, streets=("east",))))
    assert [unit.surge for unit in plan.era_on(DAY).units[:3]] == [3.0, 1.0, 1.0]
    assert {unit.surge for day in (DAY - 1, DAY + DAYS) for unit in plan.era_on(day).units} == {1.0}


def test_cuts_that_overlap_multiply_and_end_with_the_last_day() -> None:
    half = (
        Shock("a", day=DAY, days=DAYS, posts_departments=0.5),
        Shock("b", day=DAY + 10, days=DAYS, posts_departments=0.5),
    )
    plan = blueprint_of(shocked(*half))
    people = [sum(unit.staff + unit.home_hours for unit in plan.era_on(day).units[6:10]) for day in (0, 45, 55, 65, 80)]
    assert people[0] == people[4] > people[1] == people[3] > people[2] > 0


def test_fewer_people_leave_more_open() -> None:
    calm, after = (simulate(shocked(*these), 1).daily["open"] for these in ((), (shock(posts_streets=0.7),)))
    assert after[DAY + DAYS - 1] > 1.2 * calm[DAY + DAYS - 1]
