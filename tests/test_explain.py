"""What is said of a regime before it runs."""

from __future__ import annotations

import dataclasses

import pytest

from model import PHASE_WORDS, changes, dates_of, duty_list, load_scenario, offered_load, simulate
from model.engine.day import PHASES
from model.law import Law


def test_the_phases_in_words_are_those_of_the_day() -> None:
    assert tuple(PHASE_WORDS) == PHASES


def test_every_value_that_differs_is_said_once_in_both_languages() -> None:
    law = load_scenario("flattened", district="tiny").law
    found = changes(Law(), law)
    assert len({each.key for each in found}) == len(found) > 20
    weight = next(each for each in found if each.key == "assessment.street_weight")
    assert weight.sentence(False) == "Weight of the streets' assessment in a department's score: 0 % → 38 %"
    assert weight.sentence(True) == "街乡对部门的考核权重：0 % → 38 %"
    assert [each.sentence(False) for each in changes(law, law)] == []


def test_what_differs_between_two_turned_around_differs_the_other_way() -> None:
    laws = [load_scenario(name, district="tiny").law for name in ("r01", "r10")]
    there, back = changes(*laws), changes(*reversed(laws))
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
