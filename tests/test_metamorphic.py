"""What must not change the results, and that the comparison would see it if it did."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.config.eras import Stage
from model.config.scenario import Scenario, load_scenario
from model.engine import tables as engine_tables
from model.engine.compiled import advance
from model.engine.tables import begin, grow, lay_out
from model.reference import simulate_reference
from model.simulation import blueprint_of, record_of, run_tables, simulate
from model.world import Duties, Run
from tests.random_worlds import scenarios
from tests.support import (
    REGIMES,
    alike,
    all_rules,
    history_of,
    named_history,
    same,
    shipped_district,
    short,
    tiny,
    with_values,
    write_district,
)

CONTRASTED = ("inverted", "flattened", "r10", "worst_case")
"""Regimes that between them use every instrument."""


def over(path: Path, content: dict[str, Any], regime: str) -> Scenario:
    return short(load_scenario(regime, district=write_district(path, content)), 40)


def with_spare_department(content: dict[str, Any], code: str, **staff: int) -> dict[str, Any]:
    """Add a department that nobody needs: no claim, no programme, no size, nobody there."""
    spare = {"code": code, "title": {"zh": "闲", "en": "Spare"}, "city_title": {"zh": "闲", "en": "Spare"},
             "enforcement": True, "programme_weight": 0, "staff_weight": 0, **staff}  # fmt: skip
    content["departments"].insert(1, spare)
    return content


def without_staff(content: dict[str, Any]) -> dict[str, Any]:
    """Let staff be derived from the load instead of given."""
    for unit in (*content["streets"], *content["departments"]):
        for name in ("staff", "city_staff", "community_staff"):
            unit.pop(name, None)
    return content


def cohort(regime: str, seed: int) -> Any:
    """Return the settled problems of a run in the order of their keys."""
    tables = run_tables(tiny(regime, follow_up=60), seed, cases=True)
    rows = tables.settled[: int(tables.districts[0].settled_used)]
    return rows[np.argsort(rows["key"])]


@pytest.mark.parametrize("regime", CONTRASTED)
@pytest.mark.parametrize("turned", ["streets", "departments", "kinds"])
def test_the_order_of_units_and_kinds_in_the_file_changes_nothing(tmp_path: Path, turned: str, regime: str) -> None:
    content = shipped_district("tiny")
    straight = run_tables(over(tmp_path / "straight.yaml", content, regime), 7, history=True)
    content[turned].reverse()
    reversed_ = run_tables(over(tmp_path / "turned.yaml", content, regime), 7, history=True)
    assert same(straight, reversed_) == []
    assert alike(history_of(straight), history_of(reversed_))


def turned_about(scenario: Scenario, luck: random.Random) -> Scenario:
    """Return the scenario built by hand from the same parts, in another order wherever an order means nothing."""

    def mixed(parts: Any) -> Any:
        return type(parts)(luck.sample(list(parts), len(parts)))

    def keys_mixed(values: dict[str, float]) -> dict[str, float]:
        return dict(luck.sample(list(values.items()), len(values)))

    world = scenario.world
    departments = [replace(unit, hands_over=keys_mixed(unit.hands_over)) for unit in world.departments]
    kinds = [
        replace(kind, duties=Duties(keys_mixed(kind.duties.diffuse), keys_mixed(kind.duties.sharp)))
        for kind in world.kinds
    ]
    world = replace(
        world, streets=mixed(world.streets), departments=mixed(tuple(departments)), kinds=mixed(tuple(kinds))
    )
    days = [stage.day for stage in scenario.stages]
    stages = (
        mixed(scenario.stages) if len(set(days)) == len(days) else scenario.stages
    )  # of one day the later lies above
    stages = tuple(replace(stage, streets=mixed(stage.streets), rules=mixed(stage.rules)) for stage in stages)
    return Scenario(scenario.name, scenario.title, scenario.law, scenario.habits, world, "", {}, stages)


def assert_built_alike(straight: Scenario, turned: Scenario) -> None:
    """Engine, reference and record of two scenarios are the same to the last bit."""
    first, second = (run_tables(each, 7, history=True) for each in (straight, turned))
    assert same(first, second) == [] and alike(history_of(first), history_of(second))
    one, other = (record_of(each, 7, tables) for each, tables in ((straight, first), (turned, second)))
    assert repr(one.outcomes) == repr(other.outcomes)
    assert [name for name in one.units if not np.array_equal(one.units[name], other.units[name])] == []
    plain, turned_plain = (simulate_reference(each, 7, history=True) for each in (straight, turned))
    assert plain.history and plain == turned_plain


@pytest.mark.slow
@settings(max_examples=5, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(scenario=scenarios(), luck=st.randoms(use_true_random=False))
def test_a_scenario_built_by_hand_gives_the_same_run_in_any_order(scenario: Scenario, luck: random.Random) -> None:
    assert_built_alike(scenario, turned_about(scenario, luck))


@pytest.mark.parametrize("turned", ["streets", "departments", "kinds"])
def test_a_world_put_in_by_hand_gives_the_run_of_the_file(turned: str) -> None:
    read = tiny("flattened")
    world = replace(read.world, **{turned: getattr(read.world, turned)[::-1]})
    by_hand = replace(read, world=world)
    assert by_hand == read and by_hand.resolved() == read.resolved()
    assert_built_alike(read, by_hand)


def test_dates_put_in_by_hand_begin_in_the_order_of_their_days() -> None:
    plain = tiny("inverted")
    stages = tuple(Stage(day, name, ("east", "north"), all_rules(tiny(name).law))
                   for day, name in ((10, "flattened"), (20, "n04a"), (30, "inverted")))  # fmt: skip
    assert_built_alike(replace(plain, stages=stages), replace(plain, stages=stages[::-1]))


def test_another_code_has_another_luck(tmp_path: Path) -> None:
    """The counterpart of the test above: it is the code, not the place in the file, that decides."""
    content = shipped_district("tiny")
    straight = run_tables(over(tmp_path / "straight.yaml", content, "inverted"), 7)
    content["streets"][0]["code"] = "eastern"
    renamed = run_tables(over(tmp_path / "renamed.yaml", content, "inverted"), 7)
    assert "daily" in same(straight, renamed)


@pytest.mark.parametrize("regime", CONTRASTED)
@pytest.mark.parametrize("code", ["aaa", "enough", "zzz"])
@pytest.mark.parametrize("derived", [False, True])
def test_a_department_that_nobody_needs_changes_no_case(tmp_path: Path, code: str, regime: str, derived: bool) -> None:
    content = without_staff(shipped_district("tiny")) if derived else shipped_district("tiny")
    nobody = {} if derived else {"staff": 0, "city_staff": 0}
    plain = over(tmp_path / "plain.yaml", content, regime)
    spared = over(tmp_path / "spare.yaml", with_spare_department(content, code, **nobody), regime)
    before, after = run_tables(plain, 11, history=True), run_tables(spared, 11, history=True)
    assert named_history(before, blueprint_of(plain)) == named_history(after, blueprint_of(spared))
    assert same(before, after, but=("units", "hand_overs", "kinds")) == []
    columns = [name for name in before.kinds.dtype.names if name != "lead"]  # the row of a department
    assert all(alike(before.kinds[name], after.kinds[name]) for name in columns)


def test_a_department_that_is_needed_changes_cases(tmp_path: Path) -> None:
    """The comparison above sees a department that claims a kind."""
    content = shipped_district("tiny")
    plain = over(tmp_path / "plain.yaml", content, "inverted")
    content["kinds"][1]["duties"]["diffuse"]["zzz"] = 0.5
    spared = over(tmp_path / "spare.yaml", with_spare_department(content, "zzz", staff=0), "inverted")
    before, after = run_tables(plain, 11, history=True), run_tables(spared, 11, history=True)
    assert named_history(before, blueprint_of(plain)) != named_history(after, blueprint_of(spared))


@pytest.mark.parametrize("regime", REGIMES)
def test_looking_changes_nothing(regime: str) -> None:
    scenario = tiny(regime)
    unseen = run_tables(scenario, 5)
    for cases, history in ((True, False), (False, True), (True, True)):
        assert same(unseen, run_tables(scenario, 5, cases=cases, history=history)) == []
    assert "daily" in same(unseen, run_tables(scenario, 6))


@pytest.mark.parametrize("district", ["tiny", "network"])
def test_the_window_watches_and_does_not_act(district: str) -> None:
    """Where the cohort is born is an observer's choice: the histories are those of any other window."""
    scenario = load_scenario("flattened", district=district, overrides={"closing.cosmetic": -1, "triage.readiness": 5})
    early, late = (with_values(scenario, run=Run(1, warm_up, 70 - warm_up, 30)) for warm_up in (0, 50))
    assert alike(*(history_of(run_tables(watched, 3, history=True)) for watched in (early, late)))


@pytest.mark.parametrize("regime", REGIMES)
def test_same_seed_gives_the_same_problems_under_every_regime(regime: str) -> None:
    first, other = cohort("inverted", 9), cohort(regime, 9)
    assert len(first) > 500
    for column in ("key", "street", "kind", "needs_power", "born", "stake"):
        assert first[column].tobytes() == other[column].tobytes(), column
    prevented = (other["reported"] < 0) & (other["was_hidden"] == 0)
    assert alike(first["was_hidden"][~prevented], other["was_hidden"][~prevented])
    known = (first["was_hidden"] == 0) & ~prevented  # a hidden problem grows until it is found
    assert alike(first["work"][known], other["work"][known])


def test_another_seed_gives_other_problems() -> None:
    assert not np.intersect1d(cohort("inverted", 9)["key"], cohort("inverted", 10)["key"]).size


@pytest.mark.parametrize("regime", CONTRASTED)
def test_the_same_seed_repeats_the_run_to_the_last_bit(regime: str) -> None:
    scenario = tiny(regime)
    first, second = run_tables(scenario, 4, history=True), run_tables(scenario, 4, history=True)
    assert same(first, second) == []
    assert alike(history_of(first), history_of(second))
    assert simulate(scenario, 4).outcomes == simulate(scenario, 4).outcomes


@pytest.mark.parametrize("regime", CONTRASTED)
def test_tables_that_have_to_grow_give_the_same_run(monkeypatch: pytest.MonkeyPatch, regime: str) -> None:
    scenario = tiny(regime)
    roomy = run_tables(scenario, 2, cases=True, history=True)
    monkeypatch.setattr(engine_tables, "_FIRST_ROWS", 4)
    tight = run_tables(scenario, 2, cases=True, history=True)
    assert len(tight.cases) < len(roomy.cases)
    assert same(roomy, tight) == []
    assert alike(history_of(roomy), history_of(tight))
    settled = int(roomy.districts[0].settled_used)
    assert alike(roomy.settled[:settled], tight.settled[:settled])


@pytest.mark.parametrize("piece", [1, 7, 33])
def test_a_run_in_pieces_is_the_run_at_once(flattened: Scenario, piece: int) -> None:
    whole = run_tables(flattened, 8, history=True)
    plan = blueprint_of(flattened)
    template = lay_out(plan, flattened.habits, flattened.world)
    tables = begin(template, 8, settled=False, history=True)
    steps = int(tables.districts[0].steps)
    for until in [*range(piece, steps, piece), steps]:
        while not advance(tables, until):
            tables = grow(tables)
    assert same(whole, tables) == []
    assert alike(history_of(whole), history_of(tables))
