"""What is said of a regime before it runs."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator
from typing import get_args, get_origin

import pytest

from model import (
    PHASE_WORDS,
    changes,
    dates_of,
    duty_list,
    era_days,
    idle_instruments,
    load_scenario,
    offered_load,
    simulate,
)
from model.config.topics import HOLDERS
from model.engine.day import PHASES
from model.explain.differences import as_percent
from model.explain.load import light_part
from model.parameter import CHOICES_ZH, UNITS_ZH, Declaration, declared, hints, is_topic
from tests.support import hand_set


def test_the_phases_in_words_are_those_of_the_day() -> None:
    assert tuple(PHASE_WORDS) == PHASES


def test_every_value_that_differs_is_said_once_in_both_languages() -> None:
    base, flattened = (load_scenario(name, district="tiny") for name in ("base", "flattened"))
    found = changes(base, flattened)
    assert len({each.key for each in found}) == len(found) > 20
    weight = next(each for each in found if each.key == "assessment.street_weight")
    assert weight.sentence(False) == "Weight of the streets' assessment in a department's score: 0 % → 38 %"
    assert weight.sentence(True) == "街乡对部门的考核权重：0 % → 38 %"
    assert [each.sentence(False) for each in changes(flattened, flattened)] == []


def test_what_differs_between_two_turned_around_differs_the_other_way() -> None:
    sides = [load_scenario(name, district="tiny") for name in ("r01", "worst_case")]
    there, back = changes(*sides), changes(*reversed(sides))
    assert [(each.key, each.before, each.after) for each in there] == [(e.key, e.after, e.before) for e in back]


@pytest.mark.parametrize(
    ("regime", "groups"),
    [
        ("worst_case", {"rules": 1, "people and world": 3}),
        ("null_queue", {"rules": 2, "behaviour": 23}),
        ("placement_only", {"people and world": 4}),
        ("rules_only", {"rules": 19}),
    ],
)
def test_people_and_behaviour_are_told_beside_the_rules(regime: str, groups: dict[str, int]) -> None:
    found = changes(*(load_scenario(each, district=hand_set()) for each in ("base", regime)))
    assert Counter(each.group for each in found) == groups
    order = [each.group for each in found]
    assert order == sorted(order, key=["rules", "people and world", "behaviour"].index)


def test_values_of_units_and_kinds_are_told_with_whose_they_are() -> None:
    settings = {
        "kinds.rubbish.work_days": 0.5,
        "kinds.rubbish.duties.sharp": {"street": 0.5},
        "streets.east.staff": 4,
        "streets.east.type": "township",
        "demand.work": "exponential",
    }
    found = changes(*(load_scenario("base", district="tiny", overrides=given) for given in ({}, settings)))
    english, chinese = ({each.key: each.sentence(zh) for each in found} for zh in (False, True))
    assert english["kinds.rubbish.work_days"] == "Rubbish: mean intrinsic work: 0.4 → 0.5 person-days"
    assert chinese["streets.east.staff"] == "东街，人员：3 → 4 人"
    assert chinese["streets.east.type"].endswith("：街道 → 地区（乡）")
    assert english["demand.work"].endswith(": lognormal → exponential")
    assert english["kinds.rubbish.duties.sharp.street"] == (
        "Rubbish: claim with a fully clear duty list, street: 0.9 → 0.5 membership"
    )


def test_a_street_that_is_in_one_district_alone_is_told() -> None:
    whole = load_scenario("base", district="tiny")
    part = dataclasses.replace(whole, world=dataclasses.replace(whole.world, streets=whole.world.streets[1:]))
    (gone,) = changes(whole, part)
    assert gone.key == "streets.east"
    assert gone.sentence(False) == "East: part of the district: yes → no"
    assert gone.sentence(True) == "东街，属于本区：是 → 否"


def test_every_unit_and_choice_has_chinese_words() -> None:
    known = [each for holder in HOLDERS[:3] for each in _declared(holder)]
    units = {each.unit for each in known if not as_percent(each.unit)}
    assert units - {"1", "word", "switch"} <= set(UNITS_ZH)
    assert {choice for each in known for choice in each.choices} == set(CHOICES_ZH)


def _declared(topic: type) -> Iterator[Declaration]:
    for field in dataclasses.fields(topic):
        hint, known = hints(topic)[field.name], declared(field)
        if known is not None:
            yield known
        elif is_topic(hint):
            yield from _declared(hint)
        elif get_origin(hint) is tuple:
            yield from _declared(get_args(hint)[0])


@pytest.mark.parametrize(
    ("regime", "idle"),
    [
        ("n10", {"N10": ("r10",)}),
        ("n11", {"N11": ("r10",)}),
        ("r04", {"R4": ("r06",)}),
        ("rules_only", {"R4": ("r06",), "R5": ("r06",)}),
        ("n13", {"R4": ("r06",), "R5": ("r06",)}),
        ("flattened", {}),
        ("inverted", {}),
    ],
)
def test_an_instrument_that_acts_on_nothing_is_named(regime: str, idle: dict[str, tuple[str, ...]]) -> None:
    assert {each.row: each.needs for each in idle_instruments(load_scenario(regime, district=hand_set()))} == idle


def test_putting_into_law_does_nothing_without_a_date() -> None:
    held = load_scenario("inverted", district=hand_set(), overrides={"durability.in_law": 1})
    assert [(each.row, each.needs) for each in idle_instruments(held)] == [("N13", ("campaign",))]


def test_an_idle_instrument_leaves_every_outcome_and_one_that_is_not_does_not() -> None:
    same, n10, r10 = (simulate(load_scenario(name, district="tiny"), 3).outcomes for name in ("inverted", "n10", "r10"))
    assert n10 == same
    assert r10 != same


def test_dates_are_told_with_how_long_they_last() -> None:
    (campaign,), (held,) = (dates_of(load_scenario(name)) for name in ("campaign", "n13"))
    assert (campaign["day"], campaign["streets"], campaign["in_law"]) == (270, 43, 0.0)
    assert held["in_law"] == 1.0


def test_a_sharp_list_leaves_no_gap_that_a_diffuse_one_has() -> None:
    before, after = ({each.kind: each.zone for each in duty_list(load_scenario(name))} for name in ("inverted", "r08"))
    assert "no man's land" in before.values()
    assert "no man's land" not in after.values()


def test_each_claim_has_its_zone_and_a_sharp_list_makes_fringe_periphery() -> None:
    before, after = (duty_list(load_scenario(name)) for name in ("inverted", "r08"))
    zones = Counter(claim.zone for each in before for claim in each.claims)
    assert set(zones) == {"heartland", "contested", "fringe", "periphery", "no man's land"}
    assert {claim.zone for each in after for claim in each.claims} == {"heartland", "periphery"}
    for each in (*before, *after):
        assert each.claims[0].zone == each.zone
        assert (each.zone == "no man's land") == all(claim.zone == "no man's land" for claim in each.claims)
        assert sum(claim.zone == "heartland" for claim in each.claims) == (each.zone == "heartland")


def test_the_last_era_of_a_dated_regime_is_that_of_its_reform() -> None:
    dated, undated = load_scenario("n13"), load_scenario("inverted")
    assert era_days(dated) == [0, 270]
    assert era_days(undated) == [0]
    assert era_days(load_scenario("campaign")) == [0, 270]
    assert duty_list(dated) == duty_list(undated) == duty_list(undated, -1)
    assert duty_list(dated, -1) == duty_list(load_scenario("rules_only"))
    assert offered_load(dated, -1) == offered_load(load_scenario("rules_only"))
    assert offered_load(dated) == offered_load(undated) == offered_load(undated, -1)


def test_where_half_of_the_streets_have_a_reform_their_load_is_theirs() -> None:
    pilot, before, after = (
        {each.code: each.load for each in offered_load(load_scenario(name), -1) if each.level == "community"}
        for name in ("pilot_2018", "inverted", "rules_only")
    )
    pilots = set(load_scenario("pilot_2018").stages[0].streets)
    for code, load in pilot.items():
        if code.removesuffix("/communities") not in pilots:
            assert load == before[code] != after[code]


@pytest.mark.parametrize("regime", ["inverted", "flattened"])
def test_the_load_by_hand_is_near_that_of_a_run(regime: str) -> None:
    """Departments within 15 %; streets lower than in the run, by what is left out."""
    scenario = load_scenario(regime, district=hand_set())
    outcomes = simulate(scenario, 1).outcomes
    for levels, most in ((("department", "team"), 0.15), (("street", "community"), 0.30)):
        here = [each for each in offered_load(scenario) if each.level in levels]
        by_hand = sum(each.work for each in here) / sum(each.hours for each in here)
        seen = outcomes[f"offered_load_{levels[0]}"]
        assert seen is not None
        assert abs(by_hand / seen - 1.0) < most


def test_with_behaviour_off_each_level_is_as_full_as_hand_set() -> None:
    """Nothing is left out there, so only luck is between them; departments hand on, and see the city less."""
    scenario = load_scenario("null_queue", district=hand_set())
    units = simulate(scenario, 1).units
    for level, most in (("street", 0.03), ("community", 0.03), ("department", 0.06), ("city", 0.15)):
        at = units["level"] == level
        here = [each for each in offered_load(scenario) if each.level == level]
        by_hand = sum(each.work for each in here) / sum(each.hours for each in here)
        assert by_hand == pytest.approx(units["hours_used"][at].sum() / units["hours_held"][at].sum(), rel=most)


def test_every_pool_has_its_row_and_a_team_is_never_asked_for_more_than_its_hours() -> None:
    scenario = load_scenario("r06")
    found = offered_load(scenario)
    streets, departments = len(scenario.world.streets), len(scenario.world.departments)
    assert len({each.code for each in found}) == len(found) == 3 * streets + 2 * departments
    teams = [each.load for each in found if each.level == "team" and each.load is not None]
    assert teams and all(0.8 < load <= 1.0 for load in teams)


def test_what_a_team_takes_its_departments_do_not_have() -> None:
    with_team, without = (
        sum(each.work for each in offered_load(load_scenario(name)) if each.level in ("team", "department"))
        for name in ("r06", "inverted")
    )
    assert with_team == pytest.approx(without)


@pytest.mark.parametrize(
    ("spread", "expected"),
    [("exponential", (0.632, 0.264)), ("deterministic", (1.0, 1.0)), ("lognormal", (0.691, 0.309))],
)
def test_light_cases_are_many_and_little_work(spread: str, expected: tuple[float, float]) -> None:
    """Mean 1, limit 1, sigma 1: 1 − 1/e and 1 − 2/e; all; Φ(½) and Φ(−½)."""
    assert light_part(spread, 1.0, 1.0, 1.0) == pytest.approx(expected, abs=1e-3)


def test_pools_without_people_have_no_load() -> None:
    loads = offered_load(load_scenario("inverted", district="queue"))
    nobody = {each.level: each.load for each in loads if each.hours == 0.0}
    assert nobody == dict.fromkeys(("street", "community", "team", "city"))
    (office,) = [each for each in loads if each.level == "department"]
    assert office.load == pytest.approx(0.7)


def test_twice_the_demand_with_the_same_people_is_twice_the_load() -> None:
    calm = {"programmes.weight": 0, "sending_down.inspection_work": 0}
    once, twice = (
        load_scenario("inverted", district="tiny", overrides={**calm, "demand.requests_per_year": n})
        for n in (7300, 14600)
    )
    for one, two in zip(offered_load(once), offered_load(twice), strict=True):
        if one.load:
            assert two.load == pytest.approx(2.0 * one.load)
        assert dataclasses.replace(one, work=0) == dataclasses.replace(two, work=0)
