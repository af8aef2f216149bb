"""The fluid threshold of delegation: what is known by hand, and what a run in light traffic shows."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.special import ndtri

from experiments.stats.fluid import (
    Delegation,
    after,
    load_of,
    missed,
    referred,
    returned,
    returns_for_good,
    sent_to_streets,
    shortfall,
    speed_needed,
)  # fmt: skip
from experiments.stats.threshold import staff_needed, threshold_line
from model import Scenario, load_scenario, offered_load, simulate
from model.rules import feedback
from tests.support import hand_set

POWERS = 0.6
LIGHT = {
    "demand.scale": 0.25, "staff.load": 0.25, "run.warm_up_days": 60, "effort.hurry": 0, "effort.fatigue": 0,
    "closing.cogovernance": -50, "closing.reversal_generalist": 0, "closing.reversal_specialist": 0,
    "sending_down.hold": 0,
}  # fmt: skip
"""Traffic so light that nobody waits, and the behaviour off that depends on waiting."""

WITHIN = 0.04
"""Of the work by hand; the luck of one run at this scale is a quarter of it."""


@pytest.fixture(scope="module")
def before() -> Scenario:
    return load_scenario("inverted", district=hand_set())


@pytest.fixture(scope="module")
def judged(before: Scenario) -> Delegation:
    return Delegation(before, POWERS)


def hours_in_streets(scenario: Scenario) -> float:
    """Return the person-days a day that streets and communities spend on cases and errands in a run."""
    units = simulate(scenario, 1).units
    here = np.isin(units["level"], ("street", "community"))
    return float((units["case_days"] + units["errand_days"])[here].sum() / scenario.run.window_days)


def test_without_delegated_powers_nothing_changes(before: Scenario) -> None:
    assert Delegation(before, 0.0).handed_over == 0.0
    assert Delegation(before, 0.0).effect_sign(1.0, 0.5) == 0
    pool = Delegation(before, 0.0).streets(1.0)
    assert pool.delegated == 0.0
    assert load_of(pool, 0.2) == load_of(pool, 1.0)


def test_staff_without_powers_to_follow_stays(before: Scenario) -> None:
    without = Delegation(before, 0.0)
    assert without.held == without.streets(1.0).hours == without.streets(0.0).hours


@pytest.mark.parametrize(("hold", "powers"), [(0.0, 1.0), (0.6, 0.1), (1.0, 0.6)])
def test_with_specialists_speed_and_all_staff_delegation_is_never_bad(hold: float, powers: float) -> None:
    scenario = load_scenario("inverted", overrides={"sending_down.hold": hold})
    assert Delegation(scenario, powers).effect_sign(1.0, 1.0) == 1


def test_powers_without_staff_are_bad_and_with_all_staff_good(before: Scenario) -> None:
    speed = before.habits.skill.generalist_speed
    assert Delegation(before, POWERS).effect_sign(0.0, speed) == -1
    assert Delegation(before, POWERS).effect_sign(1.0, speed) == 1


def test_where_letters_cost_nothing_and_no_department_is_full_nothing_is_won() -> None:
    idle = load_scenario("null_queue", overrides={"staff.load": 0.4})
    assert Delegation(idle, POWERS).effect_sign(1.0, 1.0) == 0
    assert Delegation(load_scenario("null_queue"), POWERS).effect_sign(1.0, 1.0) == 1, "planning is over-full before"


def test_the_load_falls_with_speed_and_staff_and_rises_with_work_sent_down(judged: Delegation) -> None:
    pools = [judged.streets(share) for share in (0.0, 0.3, 0.6, 0.9)]
    by_staff = [load_of(pool, 0.65) for pool in pools]
    by_speed = [load_of(pools[1], speed) for speed in (0.3, 0.5, 0.7, 1.0)]
    assert by_staff == sorted(by_staff, reverse=True)
    assert by_speed == sorted(by_speed, reverse=True)
    sent = [load_scenario("inverted", overrides={"sending_down.hold": hold}) for hold in (0.0, 0.5, 1.0)]
    by_hold = [load_of(replace(judged, scenario=scenario).streets(0.5), 0.65) for scenario in sent]
    assert by_hold == sorted(by_hold)
    assert len({*by_staff, *by_speed, *by_hold}) == len(by_staff) + len(by_speed) + len(by_hold)


def test_experts_who_take_all_delegated_cases_leave_no_penalty(judged: Delegation) -> None:
    pool = judged.streets(1.0)
    assert pool.expertise == 1.0
    assert load_of(pool, 0.1) == load_of(pool, 1.0)
    assert speed_needed(pool) is None


def test_at_the_threshold_streets_are_just_full(before: Scenario) -> None:
    speed = speed_needed(Delegation(before, 0.2).streets(0.5))
    assert speed is not None
    assert 0.4 < speed < 0.9, "inside the plane that is drawn"
    assert load_of(Delegation(before, 0.2).streets(0.5), speed) == pytest.approx(1.0)


@pytest.mark.slow
def test_the_line_is_where_the_load_is_one(before: Scenario) -> None:
    terms, line = Delegation(before, 0.2), threshold_line(before, 0.2, [0.3, 0.9])
    for at in (0, 10, 20):
        pool = terms.streets(float(line.x[at]))
        assert load_of(pool, float(line.y[at])) == pytest.approx(1.0, abs=0.01)


def test_a_line_that_nobody_crosses_is_none() -> None:
    followed = np.array([0.0, 0.5, 1.0])
    assert staff_needed(np.array([0.9, 0.8, 0.7]), followed) is None
    assert staff_needed(np.array([1.3, 1.2, 1.1]), followed) is None
    assert staff_needed(np.array([1.2, 1.1, 0.9]), followed) == pytest.approx(0.75)


def test_person_days_grow_with_the_scale_and_ratios_do_not() -> None:
    one, two = (load_scenario("inverted", overrides={"demand.scale": scale}) for scale in (4.0, 8.0))
    for of in (shortfall, sent_to_streets):
        assert of(two) == pytest.approx(2.0 * of(one), rel=0.005)
    for name in ("own_work", "handed_over"):
        less, more = (getattr(Delegation(scenario, POWERS), name) for scenario in (one, two))
        assert more == pytest.approx(2.0 * less, rel=0.005)
    loads = [load_of(Delegation(scenario, POWERS).streets(0.5), 0.5) for scenario in (one, two)]
    assert loads[1] == pytest.approx(loads[0], rel=0.01)
    assert Delegation(two, POWERS).expertise(0.1) == pytest.approx(Delegation(one, POWERS).expertise(0.1))
    assert Delegation(two, POWERS).slack_days == Delegation(one, POWERS).slack_days


def test_work_handed_over_is_in_proportion_to_the_powers(before: Scenario) -> None:
    assert Delegation(before, 0.6).handed_over == pytest.approx(3.0 * Delegation(before, 0.2).handed_over)


def test_following_staff_never_raises_the_load_of_enforcement_departments(before: Scenario) -> None:
    was = {pool.code: pool.load for pool in offered_load(after(before, 0.0, 0.0)) if pool.load is not None}
    for pool in offered_load(after(before, POWERS, 1.0)):
        if pool.level == "department" and pool.load is not None:
            assert pool.load <= was[pool.code] + 0.01, pool.code


@pytest.mark.parametrize("district", ["tiny", "queue", "network"])
def test_small_districts_have_a_sign_too(district: str) -> None:
    small = load_scenario("inverted", district=district)
    assert Delegation(small, 0.0).effect_sign(0.0, 0.5) == 0
    assert Delegation(small, POWERS).effect_sign(0.0, 0.1) == -1, "streets of one or two people, or none"


def test_a_kind_that_no_department_claims_comes_back(before: Scenario) -> None:
    kind = before.world.kinds[0]
    nobodys = replace(kind, duties=replace(kind.duties, diffuse={"street": 0.4}, sharp={}))
    assert returned(before, nobodys) == 1.0
    assert returns_for_good(before, nobodys) == pytest.approx(0.6)


def test_shares_outside_their_bounds_are_refused(before: Scenario) -> None:
    with pytest.raises(ValueError, match="expected 0 to 1"):
        after(before, 1.2, 0.0)


def test_missed_work_has_its_known_limits() -> None:
    assert missed(10.0, 0.0, 7.0) == 3.0
    assert missed(10.0, 0.0, 12.0) == 0.0
    assert missed(10.0, 0.6, 0.0) == 10.0
    assert missed(0.0, 0.6, 5.0) == 0.0
    months = 10.0 * np.exp(0.6 * ndtri((np.arange(100_000) + 0.5) / 100_000) - 0.6**2 / 2.0)
    assert missed(10.0, 0.6, 12.0) == pytest.approx(np.maximum(0.0, months - 12.0).mean(), rel=1e-3)


def test_without_behaviour_full_pools_work_as_declared() -> None:
    scenario = load_scenario("null_queue")
    delegation = Delegation(scenario, POWERS)
    pool = delegation.streets(0.0)
    # at full speed, without residents, and hardly anybody gives up
    assert pool.own == pytest.approx(delegation.own_work, rel=1e-4)
    assert pool.delegated == pytest.approx(delegation.handed_over, rel=1e-4)
    assert feedback.reversal(scenario.habits, 0.0) == 0.0
    assert referred(scenario) == 0.0
    assert sent_to_streets(scenario) == 0.0


def test_a_street_that_is_held_to_nothing_more_gets_nothing_back(before: Scenario) -> None:
    assert referred(load_scenario("inverted", overrides={"routing.territorial_floor": 0})) == 0.0
    assert all(0.0 < returns_for_good(before, kind) < 1.0 for kind in before.world.kinds)


def test_own_and_returned_work_is_that_of_a_run_in_light_traffic() -> None:
    scenario = load_scenario("inverted", overrides=LIGHT)
    kept = sum(pool.work for pool in offered_load(scenario) if pool.level in ("street", "community"))
    assert hours_in_streets(scenario) == pytest.approx(kept + referred(scenario), rel=WITHIN)


@pytest.mark.parametrize("followed", [0.0, 0.5])
def test_delegated_work_is_that_of_a_run_in_light_traffic(followed: float) -> None:
    scenario = load_scenario("null_queue", district=hand_set(), overrides={**LIGHT, "skill.generalist_speed": 0.5})
    pool = Delegation(scenario, POWERS).streets(followed)
    by_hand = load_of(replace(pool, own=0.0), 0.5) * pool.hours
    more = hours_in_streets(after(scenario, POWERS, followed)) - hours_in_streets(scenario)
    assert more == pytest.approx(by_hand, rel=WITHIN)


def test_every_parameter_named_on_the_page_exists(before: Scenario) -> None:
    page = (Path(__file__).parents[2] / "paper" / "fluid_limit.md").read_text("utf-8")
    named = re.findall(r"`([a-z]+_?[a-z]*)\.([a-z_]+)`", page)
    values = before.resolved()
    assert len(named) > 10
    assert [pair for pair in named if pair[1] not in values[pair[0]]] == []


@pytest.mark.slow
def test_sent_down_work_is_that_of_a_run() -> None:
    scenario = load_scenario("inverted", overrides={"sending_down.hold": 1})
    units = simulate(scenario, 1).units
    sent = units["sent_days"][units["level"] == "street"].sum() / scenario.run.window_days
    assert math.isclose(sent, sent_to_streets(scenario), rel_tol=0.15)


@pytest.mark.slow
def test_the_simulated_sign_is_the_fluid_one_at_both_ends(before: Scenario) -> None:
    without, full = after(before, POWERS, 0.0), after(before, POWERS, 1.0)
    for seed in (1, 2):
        rates = [simulate(each, seed).outcomes["closure_rate"] or 0.0 for each in (before, without, full)]
        assert rates[1] < rates[0] < rates[2]


@pytest.mark.slow
def test_in_a_large_even_district_the_sign_flips_at_the_line(before: Scenario) -> None:
    even = {"demand.scale": 4, "demand.arrivals": "poisson", "demand.weekend": 1, "staff.weekend": 1, "staff.even": 0}
    flat = {f"kinds.{kind['code']}.season": [1] * 12 for kind in before.resolved()["kinds"]}
    scenario = load_scenario("inverted", overrides={**even, **flat})
    needed = float(threshold_line(scenario, POWERS, [before.habits.skill.generalist_speed]).x[0])
    shares = needed - 0.07, needed + 0.07
    was = simulate(scenario, 1).outcomes["closure_rate"] or 0.0
    fewer, more = (simulate(after(scenario, POWERS, share), 1).outcomes["closure_rate"] or 0.0 for share in shares)
    assert fewer < was - 0.05
    assert more > was + 0.01
