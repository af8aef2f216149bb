"""Dated instruments: nothing before the day, everything after it; pilots; fading without a law behind it."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.config.eras import eras_of, first_streets
from model.config.files import names
from model.config.scenario import Scenario, load_scenario
from model.errors import ConfigError
from model.simulation import blueprint_of, run_tables, simulate
from model.terms import TICKS_PER_DAY, Activity
from tests.support import alike, history_of, same, short

TITLE = "title: {zh: 试, en: Test}\nextends: base\n"


@pytest.fixture
def dated(tmp_path: Path) -> Any:
    """Return a function from the text of a regime to its scenario over 80 days of the tiny district."""

    def write(text: str) -> Scenario:
        path = tmp_path / "mine.yaml"
        path.write_text(TITLE + text, encoding="utf-8")
        return short(load_scenario(str(path), district="tiny"), 80)

    return write


UNLIKE = {"campaign", "n13", "pilot_2018", "null_queue", "worst_case", "flattened_neutral", "negative_control",
          "flattened_blind"}  # fmt: skip
"""Regimes with dates of their own, other habits, or another world, which no date brings about."""


@pytest.mark.parametrize("regime", sorted(set(names("regime")) - UNLIKE))
def test_a_reform_in_law_from_the_first_day_is_the_reform(dated: Any, regime: str) -> None:
    always = run_tables(short(load_scenario(regime, district="tiny"), 80), 2, history=True)
    from_day_0 = run_tables(
        dated(f"dates: [{{day: 0, regime: {regime}}}]\ndurability: {{in_law: 1}}\n"), 2, history=True
    )
    assert same(always, from_day_0, but=("kinds", "units")) == []
    columns = [name for name in always.units.dtype.names if name != "law"]
    assert all(alike(always.units[name], from_day_0.units[name]) for name in columns)
    assert alike(history_of(always), history_of(from_day_0))


def test_nothing_changes_before_the_day_and_much_after_it(dated: Any) -> None:
    never = history_of(run_tables(dated(""), 4, history=True))
    later = history_of(
        run_tables(dated("dates: [{day: 40, regime: flattened}]\ndurability: {in_law: 1}\n"), 4, history=True)
    )
    day = 40 * TICKS_PER_DAY
    assert alike(never[never["when"] < day], later[later["when"] < day])
    assert not (never["activity"] == Activity.WHISTLED).any()
    assert (later["activity"][later["when"] >= day] == Activity.WHISTLED).any()


def test_only_pilot_streets_whistle_and_their_neighbours_feel_it(dated: Any) -> None:
    scenario = dated("dates: [{day: 0, regime: rules_only, only: [east]}]\ndurability: {in_law: 1}\n")
    lines = history_of(run_tables(scenario, 4, history=True))
    codes = [unit.code for unit in blueprint_of(scenario).units]
    assert {codes[row] for row in lines["unit"][lines["activity"] == Activity.WHISTLED]} == {"east"}
    before = history_of(run_tables(dated(""), 4, history=True))
    north = codes.index("north")
    closed = [line[(line["unit"] == north) & (line["activity"] == Activity.CLOSED)] for line in (before, lines)]
    assert not alike(*closed)


def test_streets_of_a_smaller_share_belong_to_every_larger_one() -> None:
    codes = [f"street_{i}" for i in range(43)]
    shares = [set(first_streets(share / 43, codes)) for share in range(44)]
    assert [len(streets) for streets in shares] == list(range(44))
    assert all(small <= large for small, large in itertools.pairwise(shares))


def test_what_no_law_holds_fades_by_half_in_a_half_life() -> None:
    scenario = load_scenario("campaign", overrides={"durability.half_life_days": 60})
    eras = eras_of(scenario.law, scenario.stages, [street.code for street in scenario.world.streets], 605)
    weights = {era.day: era.laws[-1].assessment.street_weight for era in eras}
    assert weights[0] == 0.0
    assert weights[270] == pytest.approx(0.38)
    assert weights[330] == pytest.approx(0.19)
    assert weights[390] == pytest.approx(0.095)
    n13 = load_scenario("n13")
    held = eras_of(n13.law, n13.stages, [], 605)
    assert [era.day for era in held] == [0, 270]


def test_a_law_keeps_what_a_campaign_loses() -> None:
    campaign, held = (
        simulate(load_scenario(regime, overrides={"demand.scale": 0.2, "durability.half_life_days": 45}), 1)
        for regime in ("campaign", "n13")
    )
    last = slice(480, 545)
    assert campaign.daily["passes"][last].sum() > 1.2 * held.daily["passes"][last].sum()


def test_people_are_kept_when_they_are_placed_on_a_date(dated: Any) -> None:
    plan = blueprint_of(dated("dates: [{day: 30, regime: placement_only}]\n"))
    totals = [sum(unit.staff * unit.commanded + unit.home_hours for unit in era.units) for era in plan.eras]
    assert np.ptp(totals) == pytest.approx(0.0, abs=1e-9)
    assert plan.eras[0].units != plan.eras[1].units


def test_a_department_merged_on_a_date_hands_its_queue_to_its_successor(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(TITLE + "dates: [{day: 40, regime: n04a}]\n", encoding="utf-8")
    one_field = {"departments.environment.sector": "order"}
    scenario = short(load_scenario(str(path), district="tiny", overrides=one_field), 80)
    tables = run_tables(scenario, 4, history=True)
    rows = {unit.code: row for row, unit in enumerate(blueprint_of(scenario).units)}
    merged, leader = tables.units[rows["environment"]], tables.units[rows["enforcement"]]
    assert (merged["queued"], merged["waiting"], merged["staff"]) == (0, 0, 0)
    assert leader["staff"] == 16
    lines = history_of(tables)
    mine = lines[lines["unit"] == rows["environment"]]
    assert (mine["activity"][mine["when"] < 40 * TICKS_PER_DAY] == Activity.WORK_DONE).any()
    assert not np.isin(
        mine["activity"][mine["when"] >= 41 * TICKS_PER_DAY], (Activity.WORK_DONE, Activity.OFFERED)
    ).any()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "dates: [{day: 3, regime: flatened}]",
            "mine.yaml:3:9: dates.0: unknown regime 'flatened'; did you mean 'flattened'?",
        ),
        ("dates: [{day: 3, regime: r01, only: [eas]}]", "dates.0: only: unknown street 'eas'; did you mean 'east'?"),
        ("dates: [{day: 3, regime: null_queue}]", "in regime 'null_queue', got 'acceptance'"),
        ("dates: [{day: 3, regime: campaign}]", "in regime 'campaign', got 'dates'"),
        ("dates: [{day: -3, regime: r01}]", "expected a whole number from 0 to"),
        ("dates: [{dai: 3, regime: r01}]", "unknown key 'dai'"),
    ],
)
def test_a_wrong_date_is_told_with_its_place(dated: Any, text: str, expected: str) -> None:
    with pytest.raises(ConfigError) as caught:
        dated(text + "\n")
    assert any(expected in problem for problem in caught.value.problems), caught.value.problems


def laws_on(scenario: Scenario, days: int) -> dict[int, dict[str, Any]]:
    """Return, by first day of an era, the law of each street."""
    codes = [street.code for street in scenario.world.streets]
    eras = eras_of(scenario.law, scenario.stages, codes, days)
    return {era.day: {code: era.laws[row] for code, row in zip(codes, era.law_of, strict=True)} for era in eras}


def test_a_later_date_brings_a_street_only_its_own_rules(dated: Any) -> None:
    """Staggered pilots: what began in one street does not begin in another with the next date."""
    scenario = dated("dates: [{day: 10, regime: r01, only: [east]}, {day: 20, regime: r10, only: [west]}]\n")
    laws = laws_on(scenario, 21)[20]
    assert [laws[code].assessment.street_weight > 0.0 for code in ("east", "north", "west")] == [True, False, False]
    assert [laws[code].whistle.in_force for code in ("east", "north", "west")] == [False, False, True]


def test_every_reform_fades_by_its_own_age(dated: Any) -> None:
    fading = "durability: {half_life_days: 60}\n"
    both = laws_on(dated(f"{fading}dates: [{{day: 0, regime: r01}}, {{day: 60, regime: n14}}]\n"), 200)
    first = laws_on(dated(f"{fading}dates: [{{day: 0, regime: r01}}]\n"), 200)
    weights = {day: both[day]["east"].assessment.street_weight for day in both}
    assert weights[60] == pytest.approx(0.19)
    assert all(weights[day] == pytest.approx(laws["east"].assessment.street_weight) for day, laws in first.items())
    assert both[120]["east"].assessment.reward == pytest.approx(both[60]["east"].assessment.reward / 2)


def test_a_law_that_comes_late_holds_what_is_left_and_brings_nothing_back(dated: Any, tmp_path: Path) -> None:
    (tmp_path / "law.yaml").write_text(TITLE + "durability: {in_law: 1}\n", encoding="utf-8")
    fading = "durability: {half_life_days: 60}\n"
    laws = laws_on(dated(f"{fading}dates: [{{day: 0, regime: r01}}, {{day: 60, regime: law.yaml}}]\n"), 400)
    weights = [laws[day]["east"].assessment.street_weight for day in sorted(laws) if day >= 60]
    assert len(weights) > 3
    assert weights == pytest.approx([0.19] * len(weights))


def test_streets_differ_in_law_where_only_some_put_it_into_law(dated: Any, tmp_path: Path) -> None:
    (tmp_path / "law.yaml").write_text(TITLE + "durability: {in_law: 1}\n", encoding="utf-8")
    dates = "dates: [{day: 0, regime: r01}, {day: 0, regime: law.yaml, only: [north]}]\n"
    laws = laws_on(dated("durability: {half_life_days: 60}\n" + dates), 121)[120]
    assert [laws[code].assessment.street_weight for code in ("east", "north")] == pytest.approx([0.095, 0.38])
