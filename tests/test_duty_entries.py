"""R8: entries added to a duty list or taken off it, and the people who come along; R7: posts by social units."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from model.config.scenario import load_scenario
from model.explain.load import adopted, duty_list
from model.layout import build_state
from model.placement import Ground, Placed, place
from model.world import DutyEntry
from tests.support import hand_set


def plan_of(entries: list[dict[str, Any]], **values: float) -> Any:
    settings = {f"duty_list.{key}": value for key, value in values.items()} | {"duty_entries": entries}
    scenario = load_scenario("base", district="tiny", overrides=settings)
    return build_state(scenario.law, scenario.habits, scenario.world)


def claims(plan: Any, kind: str) -> dict[str, float]:
    found = next(each for each in plan.kinds if each.code == kind)
    return {plan.units[claim.unit].code: claim.membership for claim in found.claims}


ENTRIES = [
    {"code": "a", "kind": "stalls", "unit": "market", "membership": 0},
    {"code": "b", "kind": "stalls", "unit": "environment", "membership": 0.6},
    {"code": "c", "kind": "stalls", "unit": "street", "membership": 0.9},
]


def test_a_department_loses_a_claim_that_it_had_and_gains_one_that_it_had_not() -> None:
    none, half, whole = (claims(plan_of(ENTRIES, adopted=share), "stalls") for share in (0.0, 0.5, 1.0))
    assert none == {"city_management": 0.2, "enforcement": 0.6, "market": 0.5}
    assert half == pytest.approx({"city_management": 0.2, "enforcement": 0.6, "environment": 0.3, "market": 0.25})
    assert whole == pytest.approx({"city_management": 0.2, "enforcement": 0.6, "environment": 0.6})
    stalls = [next(each for each in plan_of(ENTRIES, adopted=share).kinds if each.code == "stalls") for share in (0, 1)]
    assert [each.street_membership for each in stalls] == pytest.approx([0.3, 0.9])


def test_what_is_taken_off_the_street_it_does_not_answer_for() -> None:
    """Its balance of authority and responsibility rises, as far as the list is clear (P2, P8)."""
    less = [{"code": "less", "kind": "rubbish", "unit": "street", "membership": 0}]
    before, after = (plan_of(less, clarity=1.0, adopted=share).units[0].balance for share in (0.0, 1.0))
    assert after > before


def placed(follow: float, **entry: Any) -> Placed:
    scenario = load_scenario("base", district=hand_set(), overrides={"demand.scale": 0.25})
    law = replace(scenario.law, duty_list=replace(scenario.law.duty_list, adopted=1.0, hours_follow=follow))
    entries = (DutyEntry("a", kind="property_management", unit="street", **entry),)
    world = replace(scenario.world, duty_entries=entries)
    return place([law] * len(world.streets), Ground(world, scenario.habits))


def test_people_follow_the_work_to_the_streets_only_where_hours_come_along() -> None:
    staying, moving = placed(0.0, membership=1.0, hours=True), placed(1.0, membership=1.0, hours=True)
    came = sum(moving.streets) - sum(staying.streets)
    assert came == sum(staying.departments) - sum(moving.departments) == sum(moving.experts) > 0
    assert placed(1.0, membership=1.0, hours=False) == staying
    assert placed(1.0, membership=0.1, hours=True) == staying


def test_the_entries_adopted_are_told_and_show_in_the_duty_list() -> None:
    told = {each.code: (each.before, each.after) for each in adopted(load_scenario("r08a", district="tiny"))}
    assert told["drop_fumes"] == pytest.approx((0.23, 0.0)) and len(told) == 4
    assert adopted(load_scenario("inverted", district="tiny")) == []
    fumes = next(duty for duty in duty_list(load_scenario("r08a", district="tiny")) if duty.kind == "waste_oil")
    assert fumes.claims[0].code == "environment" and "enforcement" not in {claim.code for claim in fumes.claims}


def streets_of(**units: int) -> list[int]:
    overrides: dict[str, Any] = {f"streets.{code}.social_units": number for code, number in units.items()}
    overrides |= {"staffing.standard": 1.0, "staffing.by_communities": 0.5, "staffing.by_area": 0.0}
    scenario = load_scenario("base", district="tiny", overrides=overrides | {"streets.north.staff": 20})
    return place([scenario.law] * 3, Ground(scenario.world, scenario.habits)).streets


def test_posts_follow_social_units_where_they_are_known_and_communities_where_not() -> None:
    """East has 60,000 of 100,000 residents and 8 of 14 communities; the township is not covered."""
    assert streets_of() == [13, 10, 1]
    assert streets_of(east=0, north=500) == [7, 16, 1]
    assert streets_of(east=500, north=0) == [18, 5, 1]
