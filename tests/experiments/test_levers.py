"""The eight levers: they write what the shipped regimes write, and take back what they wrote."""

from __future__ import annotations

import pytest

from experiments.levers import AFTER, BEFORE, LEVERS, TODAY, left_to_others, settings_of, values_of
from experiments.messages import Language
from model import declared_at, free_numbers, load_scenario, vary

NAMES = list(LEVERS)


def decided(values: dict[str, object]) -> dict[str, object]:
    return {name: entries for name, entries in values.items() if name not in ("name", "title", "extends")}


def test_every_lever_at_its_value_before_is_the_district_before() -> None:
    before = load_scenario(BEFORE)
    settings = settings_of({name: lever.before for name, lever in LEVERS.items()})
    assert decided(vary(before, settings).resolved()) == decided(before.resolved())


@pytest.mark.parametrize("preset", [AFTER, TODAY])
def test_levers_and_what_they_leave_make_the_shipped_regime(preset: str) -> None:
    settings = settings_of({name: lever.value_in(preset) for name, lever in LEVERS.items()})
    made = vary(load_scenario(BEFORE), {**settings, **left_to_others(preset)})
    assert decided(made.resolved()) == decided(load_scenario(preset).resolved())


@pytest.mark.parametrize("name", NAMES)
def test_a_lever_finds_the_value_that_it_set(name: str) -> None:
    lever, before = LEVERS[name], load_scenario(BEFORE)
    assert lever.low == min(lever.stops) and lever.high == max(lever.stops)
    assert {lever.before, lever.after, lever.today} <= set(lever.stops)
    for value in lever.stops:
        assert lever.value_of(vary(before, lever.settings(value))) == value


@pytest.mark.parametrize("name", NAMES)
def test_a_lever_moves_no_number_that_a_world_decides(name: str) -> None:
    assert not {number.key for number in free_numbers()} & set(LEVERS[name].keys)


def test_companions_go_no_further_than_after_the_reform() -> None:
    gate = LEVERS["entry_gate"]
    reform, half, twice = (gate.settings(gate.after * part) for part in (1.0, 0.5, 2.0))
    for key in gate.keys[1:]:
        assert half[key] == pytest.approx(reform[key] / 2)
        assert twice[key] == reform[key]
    owner = LEVERS["owner_after"]
    assert owner.settings(10)["coordination.press"] == owner.settings(1)["coordination.press"] > 0.0
    assert owner.stops[:2] == (0.0, 10.0) and owner.stops[-1] == 1.0


def test_no_street_whistles_where_the_lever_is_at_zero() -> None:
    lever = LEVERS["whistle_streets"]
    assert lever.settings(0)["whistle.in_force"] is False
    assert lever.settings(1)["whistle.in_force"] is True
    assert values_of(load_scenario("pilot_2018"))["whistle_streets"] < lever.high


def test_every_lever_has_words_of_its_own_and_stays_within_the_declared_bounds() -> None:
    for lever in LEVERS.values():
        words = [lever.title(language) for language in Language] + [lever.unit(language) for language in Language]
        assert len(set(words)) == len(words)
        for value in (lever.low, lever.high):
            for key, set_to in lever.settings(value).items():
                low, high = declared_at(key).bounds or (False, True)
                assert low <= set_to <= high
