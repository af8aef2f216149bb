"""What is said of a regime before it runs."""

from __future__ import annotations

import dataclasses
import re

import pytest

from model import PHASE_WORDS, changes, dates_of, duty_list, idle, load_scenario, offered_load, simulate
from model.engine.day import PHASES
from model.explain import Change
from model.parameter import declaration


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
    sides = [load_scenario(name, district="tiny") for name in ("r01", "r10")]
    there, back = changes(*sides), changes(*reversed(sides))
    assert [(each.key, each.before, each.after) for each in there] == [(e.key, e.after, e.before) for e in back]


def test_dates_are_told_with_how_long_they_last() -> None:
    (campaign,), (held,) = (dates_of(load_scenario(name)) for name in ("campaign", "n13"))
    assert (campaign["day"], campaign["streets"], campaign["in_law"]) == (270, 43, 0.0)
    assert held["in_law"] == 1.0


def test_a_sharp_list_leaves_no_gap_that_a_diffuse_one_has() -> None:
    before, after = ({each.kind: each.zone for each in duty_list(load_scenario(name))} for name in ("inverted", "r08"))
    assert "no man's land" in before.values()
    assert "no man's land" not in after.values()


@pytest.mark.parametrize("regime", ["inverted", "flattened"])
def test_the_load_by_hand_is_near_that_of_a_run(regime: str) -> None:
    """Departments within 15 %; streets lower than in the run, by what is left out."""
    scenario = load_scenario(regime)
    outcomes = simulate(scenario, 1).outcomes
    for level, most in (("department", 0.15), ("street", 0.30)):
        here = [each for each in offered_load(scenario) if each.level == level]
        by_hand = sum(each.work for each in here) / sum(each.hours for each in here)
        seen = outcomes[f"offered_load_{level}"]
        assert seen is not None
        assert abs(by_hand / seen - 1.0) < most


def test_pools_without_people_have_no_load() -> None:
    loads = offered_load(load_scenario("inverted", district="queue"))
    assert {each.level: each.load for each in loads if each.hours == 0.0} == {"street": None, "city": None}
    (office,) = [each for each in loads if each.level == "department"]
    assert office.load == pytest.approx(0.7)


def test_twice_the_demand_with_the_same_people_is_twice_the_load() -> None:
    once, twice = (
        load_scenario("inverted", district="tiny", overrides={"demand.requests_per_year": n, "programmes.weight": 0})
        for n in (7300, 14600)
    )
    for one, two in zip(offered_load(once), offered_load(twice), strict=True):
        if one.load:
            assert two.load == pytest.approx(2.0 * one.load)
        assert dataclasses.replace(one, work=0) == dataclasses.replace(two, work=0)


def test_people_and_behaviour_are_told_beside_the_rules() -> None:
    base, worst, null = (load_scenario(name) for name in ("base", "worst_case", "null_queue"))
    people = {each.key for each in changes(base, worst) if each.part == "world"}
    assert people == {"staff.city", "staff.department", "staff.street"}
    behaviour = [each for each in changes(base, null) if each.part == "habits"]
    assert len(behaviour) > 15
    assert all(each.sentence(True) != each.sentence(False) for each in behaviour)


def test_a_unit_of_every_value_has_a_chinese_word() -> None:
    scenario = load_scenario("base")
    fields = [(field, declaration(field)) for part in (scenario.law, scenario.world, scenario.habits)
              for topic in vars(part).values() if dataclasses.is_dataclass(topic)
              for field in dataclasses.fields(topic)]  # fmt: skip
    for field, known in fields:
        if known.unit == "switch":
            continue
        one = Change(field.name, "law", known.row, 0.5, 0.25, known.unit, known.meaning, known.zh)
        assert not re.search("[a-z]", one.sentence(True).split("：")[-1]), known.unit


@pytest.mark.parametrize(
    ("regime", "rows"),
    [("r04", ["R4"]), ("n10", ["N10"]), ("n11", ["N11"]), ("n03", ["N3"]), ("r05", ["R5"]), ("n13", []), ("r10", []),
     ("flattened", []), ("inverted", [])],
)  # fmt: skip
def test_an_instrument_without_its_ground_is_told_to_do_nothing(regime: str, rows: list[str]) -> None:
    assert [each.row for each in idle(load_scenario(regime))] == rows


def test_what_begins_on_a_date_shows_in_duties_and_load_of_that_day() -> None:
    campaign = load_scenario("campaign")
    zones = [{each.kind: each.zone for each in duty_list(campaign, day)} for day in (0, 269, 270)]
    assert zones[0] == zones[1] != zones[2]
    assert offered_load(campaign, 0) == offered_load(campaign, 269) != offered_load(campaign, 270)
