"""Changes by hand during a run: what may be changed, what stays in balance, and that no such run hides it."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import numpy as np
import pytest

from model import CHANGEABLE, ConfigError, DistrictModel, Intervention, Scenario, load_scenario, simulate
from model.engine.columns import columns_of
from model.engine.rows import UnitRow
from model.interventions import STREET
from model.terms import TICKS_PER_DAY, Level
from tests.support import alike, same
from tests.test_conservation import audit

SEED = 4


def stepped(model: DistrictModel, days: int) -> DistrictModel:
    """Return the model after so many days more."""
    for _ in range(days):
        model.step()
    return model


def a_unit(model: DistrictModel, level: str) -> str:
    """Return the code of the first unit of a level that has people."""
    return next(unit.code for unit in model.units if unit.level == level and unit.staff > 2)


def with_changes(scenario: Scenario) -> DistrictModel:
    """Return a whole run with some changes on the way."""
    model = stepped(DistrictModel(scenario, seed=SEED), 5)
    street, department = a_unit(model, "street"), a_unit(model, "department")
    model.intervene(street, by={"staff": 3}, why="a campaign")
    model.intervene(department, {"overwork": 0.9, "temper": -2.0})
    stepped(model, 5).intervene(street, {"demand": 12.0})
    model.run_model()
    return model


def test_a_change_by_hand_changes_the_run_and_stands_in_its_record(inverted: Scenario) -> None:
    model = with_changes(inverted)
    plain = simulate(inverted, SEED)
    assert model.record is not None and model.outcomes != plain.outcomes
    kept = model.record.provenance["interventions"]
    assert [(each.day, each.column, each.after, each.why) for each in kept] == [
        (5, "staff", kept[0].before + 3, "a campaign"), (5, "overwork", 0.9, ""), (5, "temper", -2.0, ""),
        (10, "demand", 12.0, ""),
    ]  # fmt: skip
    assert kept[0].before == next(unit.plan.staff for unit in model.units if unit.code == kept[0].unit)
    assert plain.provenance["interventions"] == []
    others = {name: value for name, value in plain.provenance.items() if name != "interventions"}
    assert {name: model.record.provenance[name] for name in others} == others


def test_the_same_changes_give_the_same_bits(inverted: Scenario) -> None:
    first, second = with_changes(inverted), with_changes(inverted)
    assert first.interventions == second.interventions
    assert same(first._tables, second._tables) == []


def test_a_run_with_changes_can_be_made_again_from_its_record(inverted: Scenario) -> None:
    first = with_changes(inverted)
    assert first.record is not None
    said = json.loads(json.dumps(first.record.provenance))
    again = DistrictModel(inverted, seed=said["seed"], interventions=said["interventions"])
    again.run_model()
    assert again.record is not None and again.record.provenance == first.record.provenance
    assert same(first._tables, again._tables) == [] and again.outcomes == first.outcomes
    early = DistrictModel(inverted, seed=1, interventions=[(0, "east", "overwork", 0.0, 0.5)])
    assert early.units[0].columns["overwork"] == 0.5 and early.interventions[0].day == 0


def test_changes_that_no_run_could_have_are_told_at_once(inverted: Scenario) -> None:
    wrong: list[Any] = [(500, "east", "staff", 1, 2), (1, "eastt", "stafff", 1, 2), ("east", 3)]
    with pytest.raises(ConfigError) as caught:
        DistrictModel(inverted, interventions=wrong)
    words = (
        "expected 0 to 70 days, got 500",
        "did you mean 'east'?",
        "did you mean 'staff'?",
        "interventions[2]: expected",
    )
    assert len(caught.value.problems) == 4 and all(word in str(caught.value) for word in words)


def test_a_change_undone_before_the_next_day_changes_nothing_but_is_kept(inverted: Scenario) -> None:
    model = stepped(DistrictModel(inverted, seed=SEED), 5)
    unit = model.units[0]
    was = unit.columns["overwork"].item()
    model.intervene(unit, {"overwork": 0.5}, why="a test")
    model.intervene(unit, {"overwork": was})
    model.run_model()
    assert model.outcomes == simulate(inverted, SEED).outcomes
    assert model.interventions == [
        Intervention(5, unit.code, "overwork", was, 0.5, "a test"), Intervention(5, unit.code, "overwork", 0.5, was)
    ]  # fmt: skip


@pytest.mark.parametrize("copied", [lambda model: pickle.loads(pickle.dumps(model)), copy.deepcopy])
def test_a_copy_in_the_middle_keeps_what_was_changed_and_goes_on_alike(inverted: Scenario, copied: Any) -> None:
    model = stepped(DistrictModel(inverted, seed=SEED, events=True, cases=True), 4)
    model.intervene(a_unit(model, "street"), by={"staff": 200})
    stepped(model, 3)
    twin = copied(model)
    assert twin.units[0].columns["queued"] == model.units[0].queued
    twin.run_model()
    assert model.day == 7 and [unit.queued for unit in twin.units] == twin._tables.units["queued"].tolist()
    model.run_model()
    assert model.record is not None and model.record.events is not None and model.record.cases is not None
    assert twin.interventions == model.interventions and twin.outcomes == model.outcomes
    assert same(model._tables, twin._tables) == []
    assert alike(model.record.events, twin.record.events)
    assert alike(model._tables.settled[:50], twin._tables.settled[:50]) and len(model.record.cases["key"]) > 50


@pytest.mark.parametrize("copied", [lambda model: pickle.loads(pickle.dumps(model)), copy.deepcopy])
def test_the_units_of_a_copy_show_the_copy_and_it_is_small(inverted: Scenario, copied: Any) -> None:
    model = stepped(DistrictModel(inverted, seed=SEED), 4)
    assert model.units[0].received >= 0  # views are made, and must not be taken for tables of the copy's own
    twin = stepped(copied(model), 20)
    assert [unit.queued for unit in twin.units] == twin._tables.units["queued"].tolist()
    assert [unit.queued for unit in twin.units] != [unit.queued for unit in model.units]
    assert len(pickle.dumps(model)) < 2_000_000 < model._tables.events.nbytes


@pytest.mark.parametrize("regime", ["inverted", "flattened", "trading", "n04a"])
def test_nothing_is_lost_when_people_come_and_go(regime: str) -> None:
    scenario = load_scenario(regime, district="tiny", overrides={"run.window_days": 60, "run.warm_up_days": 10})
    model = DistrictModel(scenario, seed=SEED)
    draws = np.random.default_rng(1)
    changed = 0
    for _ in range(60):
        before = model.tables.units.copy()
        for unit in draws.choice(np.array(model.units, dtype=object), 4):
            try:
                model.intervene(unit, by={"staff": int(draws.integers(-2, 4))})
                changed += 1
            except ConfigError as error:
                assert "persons" in str(error) or "nobody is posted" in str(error)
        held = model.tables.units["held_ticks"].copy()
        assert (held == before["held_ticks"]).all()
        model.step()
        assert audit(model._tables, before) == []
    assert changed > 60


LATER: dict[str, Any] = {
    "dates": [{"day": 20, "regime": "flattened"}], "durability.in_law": 1.0, "run.warm_up_days": 0,
}  # fmt: skip


@pytest.mark.parametrize("day", [0, 10])
def test_the_rules_to_come_are_looked_at_before_people_go(day: int) -> None:
    model = stepped(DistrictModel(load_scenario("inverted", district="tiny", overrides=LATER), seed=SEED), day)
    east, north = model.units[:2]
    assert (east.staff, north.staff) == (3, 2)
    model._tables.posts["experts"][1, east.row] = 2
    model._tables.posts["staff"][1, north.row] = 0
    with pytest.raises(ConfigError, match="east: staff: expected at least 2 persons"):
        model.intervene(east, {"staff": 1})
    with pytest.raises(ConfigError, match="north: staff: from day 20 on the rules post nobody there"):
        model.intervene(north, by={"staff": 1})
    model.intervene(east, {"staff": 2})
    assert model._tables.posts["staff"][:, east.row].tolist()[0] == 2


def test_forms_are_never_more_than_the_errands_that_are_due(inverted: Scenario) -> None:
    model = DistrictModel(inverted, seed=SEED)
    model._tables.units["errands"][0], model._tables.units["assessed"][0] = 9 * TICKS_PER_DAY, 5 * TICKS_PER_DAY
    model.intervene(model.units[0], by={"errands": -2.0})
    assert model.units[0].columns["assessed"] == 5 * TICKS_PER_DAY
    model.intervene(model.units[0], {"errands": 3.0})
    assert model.units[0].columns["assessed"] == model.units[0].columns["errands"] == 3 * TICKS_PER_DAY


def test_people_stay_when_the_rules_change_later() -> None:
    scenario = load_scenario("inverted", district="tiny", overrides=LATER)
    plain, model = (stepped(DistrictModel(scenario, seed=SEED), 10) for _ in range(2))
    unit = next(unit for unit in model.units if unit.code == a_unit(model, "street"))
    model.intervene(unit, by={"staff": 5})
    for days in (1, 15):
        stepped(model, days), stepped(plain, days)
        assert unit.staff == plain.units[unit.row].staff + 5
    assert plain.tables.districts[0]["era"] == 2


@pytest.mark.parametrize("name", CHANGEABLE)
def test_every_column_that_may_be_changed_is_one_and_moves_the_run(name: str) -> None:
    scenario = load_scenario("trading", district="tiny", overrides=SENSITIVE)
    free = CHANGEABLE[name]
    model, plain = (stepped(DistrictModel(scenario, seed=SEED), 30) for _ in range(2))
    units = [unit for unit in model.units if Level[unit.level.upper()] in free.levels and unit.staff > 0]
    declared = {column.name: column for column in columns_of(UnitRow)}[name]
    assert (declared.unit == "ticks") == free.ticks and (free.ticks or declared.unit == free.unit)
    for unit in units:
        value = unit.columns[name].item()
        far = free.high if value < (free.low + free.high) / 2 else free.low
        to = value + 40 if name == "staff" else min(far, 500.0)
        model.intervene(unit, {name: to})
        assert unit.columns[name] == pytest.approx(to * (TICKS_PER_DAY if free.ticks else 1))
    model.run_model()
    plain.run_model()
    assert len(model.interventions) == len(units) > 0
    assert model.outcomes != plain.outcomes


SENSITIVE: dict[str, Any] = {
    "run.window_days": 60, "run.warm_up_days": 10, "learning.propensity": 2.0, "learning.memory": 0.1,
    "demand.latent": 5.0, "levels.branches": 1.0, "party.member_units": 1.0, "citizens.usual_standing": 0.1,
    "citizens.feedback": 1.0, "citizens.member_part": 1.0,
}  # fmt: skip
"""Settings under which every column matters."""


WRONG: dict[str, tuple[Any, dict[str, Any], dict[str, Any], str]] = {
    "unknown unit": ("eaast", {"overwork": 0.0}, {}, "intervene: unknown unit 'eaast'; did you mean 'east'?"),
    "no unit": (3, {"overwork": 0.0}, {}, "intervene: unknown unit '3'; expected one of east"),
    "unknown column": ("east", {"overwrok": 0.0}, {}, "unknown column 'overwrok'; did you mean 'overwork'?"),
    "a counter": (
        "east",
        {"queued": 0},
        {},
        "queued is not free to change (slots waiting or in service); expected one",
    ),
    "beyond": ("east", {"overwork": 1.5}, {}, "east: overwork: expected 0 to 1 (0-1), got 1.5."),
    "beyond by adding": ("east", {}, {"overwork": 1.5}, "east: overwork: expected 0 to 1 (0-1), got 1.5."),
    "no number": ("east", {"overwork": "much"}, {}, "overwork: expected a number, got 'much'."),
    "not a number": ("east", {"overwork": float("nan")}, {}, "overwork: expected a number, got nan."),
    "half a person": ("east", {}, {"staff": 0.5}, "staff: expected a whole number, got 0.5."),
    "another level": ("east", {"temper": 1.0}, {}, "temper: expected a unit of level department, got a street."),
    "nobody left": ("east", {"staff": 0}, {}, "east: staff: expected 1 to 1,000,000 persons, got 0."),
    "twice": ("east", {"staff": 9}, {"staff": 1}, "staff: expected one change, got a value and an addition."),
    "nothing": ("east", {}, {}, "expected what is changed, one of staff"),
    "a team of nobody": ("east/team", {}, {"staff": 1}, "nobody is posted there under these rules"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_may_not_be_changed_is_refused_with_a_reason_and_nothing_is_changed(inverted: Scenario, name: str) -> None:
    unit, to, by, words = WRONG[name]
    model = stepped(DistrictModel(inverted, seed=SEED), 3)
    with pytest.raises(ConfigError) as caught:
        model.intervene(unit, {**to, "share_on_cases": 0.0} if to and name != "no unit" else to, by=by)
    assert words in str(caught.value)
    assert model.interventions == []
    model.run_model()
    assert model.outcomes == simulate(inverted, SEED).outcomes


def test_all_problems_of_a_change_are_told_at_once(inverted: Scenario) -> None:
    with pytest.raises(ConfigError) as caught:
        DistrictModel(inverted, seed=1).intervene("east", {"overwork": 2.0, "mood": 1.0}, by={"standing": 3.0})
    assert len(caught.value.problems) == 3


def test_a_run_that_is_over_and_units_of_another_model_are_not_changed(inverted: Scenario) -> None:
    model, other = DistrictModel(inverted, seed=1), DistrictModel(inverted, seed=1)
    with pytest.raises(ConfigError, match="unknown unit '<StreetAgent east"):
        model.intervene(other.units[0], {"overwork": 0.1})
    model.run_model()
    with pytest.raises(ConfigError, match=f"the run is over; its last day was day {model.days}"):
        model.intervene("east", {"overwork": 0.1})


def test_people_on_loan_and_experts_cannot_be_taken_away() -> None:
    model = DistrictModel("delegated_2020_with_staff", seed=SEED)
    unit = next(unit for unit in model.units if unit.level == "street" and unit.columns["experts"] > 1)
    fewest = int(unit.columns["experts"])
    with pytest.raises(ConfigError, match=f"expected at least {fewest} persons"):
        model.intervene(unit, {"staff": fewest - 1})
    model.intervene(unit, {"staff": fewest})
    assert unit.staff == fewest and STREET in CHANGEABLE["staff"].levels
