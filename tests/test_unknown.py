"""What nobody knows: every free number has a range that a machine reads, and a world changes nothing else."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from model import (
    INSTRUMENTS,
    ConfigError,
    FreeNumber,
    declared_topics,
    free_numbers,
    in_world,
    load_scenario,
    simulate,
    vary,
)
from model.config.scenario import Scenario
from model.config.unknown import DRAW, FOURTH, MEMBERSHIP, SPREAD
from tests.support import hand_set, shipped_district, tiny, write_district

NUMBERS = free_numbers()
WRITTEN = re.compile(r"(?:assumption|range)s? -?[\d.]+ ?(?:-|to|–) ?-?[\d.]+")
RANGE = re.compile(r"range (-?[\d.]+)-(-?[\d.]+)")


def middle(**known: float) -> dict[str, float]:
    """Return the world in the middle of every range, with some numbers set."""
    return {each.key: each.at(0.5) for each in NUMBERS} | known


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: number.key)
def test_a_free_number_has_a_range_with_its_source(number: FreeNumber) -> None:
    assert number.low < number.high
    assert number.told
    assert number.meaning and number.zh
    for quantile in (0.0, 0.3, 1.0):
        assert number.low <= number.at(quantile) <= number.high
    if not number.whole:
        assert number.quantile(number.at(0.3)) == pytest.approx(0.3)


def test_a_wide_range_above_zero_is_sampled_on_the_scale_of_logarithms() -> None:
    wide = next(each for each in NUMBERS if each.low > 0.0 and each.high / each.low >= 8.0 and "*" not in each.key)
    assert wide.scale == "log"
    assert wide.at(0.5) == pytest.approx((wide.low * wide.high) ** 0.5, rel=0.1)


def test_a_range_stands_in_the_declaration_and_is_printed_from_there() -> None:
    written = {
        f"{topic.name}.{key}": known.source
        for topic in declared_topics() for key, known in topic.keys.items() if WRITTEN.search(known.source)
    }  # fmt: skip
    assert written == {}, "a range as text: declare it as plausible= or tried="


def test_a_declared_default_lies_in_its_bounds_and_its_range() -> None:
    known = {each.key: each for each in NUMBERS}
    outside = {}
    for topic in declared_topics():
        for key, each in topic.keys.items():
            ends = each.plausible or each.tried
            if ends is None:
                continue
            assert each.bounds is not None and each.bounds[0] <= ends[0] <= ends[1] <= each.bounds[1]
            if each.plausible and not topic.listed and f"{topic.name}.{key}" != FOURTH:
                assert f"{topic.name}.{key}" in known
                if not ends[0] <= each.default <= ends[1]:
                    outside[f"{topic.name}.{key}"] = each.default
    assert outside == {}


def test_no_lever_that_is_off_before_the_reform_is_sampled() -> None:
    turned = {key for each in INSTRUMENTS for key in each.values}
    sampled = turned & {each.key for each in NUMBERS}
    before = {"party.value", "party.capability", "party.support", "participation.strength", "stationing.street_time",
              "assessment.indicators"}  # fmt: skip
    assert sampled == before


@pytest.mark.parametrize("topic", ["kinds", "departments"])
def test_every_number_of_a_table_lies_in_the_range_of_its_evidence(topic: str) -> None:
    for entry in getattr(load_scenario("inverted", district=hand_set()).world, topic):
        for name, words in entry.evidence.items():
            value = getattr(entry, name, None)
            if isinstance(value, float) and name != "share" and (found := RANGE.search(words)):
                assert float(found.group(1)) <= value <= float(found.group(2)), f"{entry.code}.{name}"


def test_a_world_sets_every_declared_number() -> None:
    world = {each.key: each.at(0.7) for each in NUMBERS}
    resolved = in_world(load_scenario("inverted"), world).resolved()
    for number in NUMBERS:
        topic, *path = number.key.split(".")
        if topic != "tables" and "*" not in path:
            assert resolved[topic][path[0]] == pytest.approx(world[number.key]), number.key
    assert sum(resolved["staff"][name] for name in ("city", "department", "street", "community")) == pytest.approx(1.0)


def test_what_a_regime_decides_stays_as_it_decides_it() -> None:
    world = middle(**{"party.value": 0.11, "participation.strength": 0.12})
    before, after = (in_world(load_scenario(regime), world) for regime in ("inverted", "r13"))
    assert before.law.party.value == 0.11
    assert after.law.party.value == load_scenario("r13").law.party.value
    assert after.law.participation.strength == 0.12


def test_what_a_setting_says_stays_as_it_says_it() -> None:
    settings = {"acceptance.intercept": 0.77, "kinds.sanitation.work_days": 0.9, "staff.street": 0.2}
    found = in_world(load_scenario("inverted", overrides=settings), middle(**{SPREAD: 1.0}))
    assert found.habits.acceptance.intercept == 0.77
    assert next(kind for kind in found.world.kinds if kind.code == "sanitation").work_days == 0.9
    assert found.world.staff.street == 0.2


def test_tables_as_written_where_no_entry_leaves_them_and_no_factor_stands_on_them() -> None:
    scenario = load_scenario("inverted", district=hand_set())
    found = in_world(scenario, {SPREAD: 0.0, DRAW: 7.0})
    assert found.world.kinds == scenario.world.kinds
    assert found.world.departments == scenario.world.departments


def test_single_entries_stay_in_the_range_of_their_evidence() -> None:
    scenario = load_scenario("inverted", district=hand_set())
    found = in_world(scenario, {SPREAD: 1.0, DRAW: 7.0})
    for topic in ("kinds", "departments"):
        for old, new in zip(getattr(scenario.world, topic), getattr(found.world, topic), strict=True):
            for name, words in old.evidence.items():
                value = getattr(new, name, None)
                if isinstance(value, float) and name != "share" and (ends := RANGE.search(words)):
                    assert float(ends.group(1)) <= value <= float(ends.group(2)), f"{old.code}.{name}"
    assert sum(kind.share for kind in found.world.kinds) == pytest.approx(1.0)
    claims = [
        (old.duties.diffuse[unit], new.duties.diffuse[unit])
        for old, new in zip(scenario.world.kinds, found.world.kinds, strict=True) for unit in old.duties.diffuse
    ]  # fmt: skip
    assert all(abs(new - old) <= MEMBERSHIP + 1e-12 for old, new in claims)
    assert any(new != old for old, new in claims)


def test_another_draw_is_another_table_and_the_same_draw_the_same() -> None:
    scenario = load_scenario("inverted", district=hand_set())
    one, again, other = (in_world(scenario, {SPREAD: 1.0, DRAW: draw}).world.kinds for draw in (7.0, 7.0, 8.0))
    assert one == again
    assert one != other


def test_a_factor_stands_on_every_entry() -> None:
    scenario = load_scenario("inverted", district=hand_set())
    found = in_world(scenario, {"kinds.*.waiting_days": 1.5})
    for old, new in zip(scenario.world.kinds, found.world.kinds, strict=True):
        assert new.waiting_days == pytest.approx(1.5 * old.waiting_days)


def test_a_world_runs_under_every_regime_and_is_the_same_district_in_each() -> None:
    world = middle(**{SPREAD: 0.5})
    runs = [simulate(in_world(tiny(regime), world), seed=3) for regime in ("inverted", "flattened", "inverted")]
    assert runs[0].outcomes == runs[2].outcomes
    assert runs[0].outcomes != runs[1].outcomes
    assert runs[0].outcomes != simulate(tiny("inverted"), seed=3).outcomes


def test_an_empty_world_changes_nothing() -> None:
    plain = tiny("flattened")
    assert simulate(in_world(plain, {}), seed=3).outcomes == simulate(plain, seed=3).outcomes


def test_a_whole_number_is_whole_in_a_world_and_counts_as_it_does_when_set() -> None:
    scenario = tiny("inverted")
    for key in ("assessment.indicators", "coordination.presses_per_day"):
        number = next(each for each in NUMBERS if each.key == key)
        value = number.at(0.7)
        told = vary(scenario, {key: int(value)})
        assert simulate(in_world(scenario, {key: value}), seed=3).outcomes == simulate(told, seed=3).outcomes


def test_a_world_is_what_settings_of_all_its_declared_numbers_make() -> None:
    scenario = tiny("flattened")
    world = {each.key: each.at(0.3) for each in NUMBERS if "*" not in each.key and not each.key.startswith("tables")}
    found = in_world(scenario, world)
    settings = {
        key: int(value) if isinstance(getattr_of(scenario, key), int) else value for key, value in world.items()
    }
    free = {key: value for key, value in settings.items() if key not in scenario.decided}
    free["staff.city"] = 1.0 - sum(world[f"staff.{name}"] for name in ("department", "street", "community"))
    told = vary(scenario, free)
    assert (found.law, found.habits, found.world) == (told.law, told.habits, told.world)
    for part in (found.law, found.habits, found.world):
        for topic, values in dataclasses.asdict(part).items():
            if isinstance(values, dict):
                for name, value in values.items():
                    assert type(value) is type(getattr_of(told, f"{topic}.{name}")), f"{topic}.{name}"


def getattr_of(scenario: Scenario, key: str) -> object:
    """Return the value at a dotted key of a scenario."""
    topic, name = key.split(".")
    part = next(each for each in (scenario.law, scenario.habits, scenario.world) if hasattr(each, topic))
    return getattr(getattr(part, topic), name)


def test_a_second_world_is_what_it_would_be_as_the_first() -> None:
    scenario = load_scenario("inverted")
    one = {each.key: each.at(0.8) for each in NUMBERS} | {SPREAD: 1.0}
    other = {each.key: each.at(0.3) for each in NUMBERS} | {SPREAD: 0.0}
    again = in_world(in_world(scenario, one), other)
    assert again.world == in_world(scenario, other).world
    assert again.habits == in_world(scenario, other).habits


def test_a_reference_world_is_laid_over_a_district_and_under_its_regimes(tmp_path: Path) -> None:
    plain = district_in_a_folder(tmp_path / "plain")
    with_one = district_in_a_folder(tmp_path / "own")
    text = '"party.value": 0.11\n"kinds.*.waiting_days": 1.5\n"assessment.indicators": 9\n'
    (tmp_path / "own" / "reference.yaml").write_text(text, encoding="utf-8")
    before, after, r13 = (
        load_scenario(regime, district=district)
        for regime, district in (("inverted", plain), ("inverted", with_one), ("r13", with_one))
    )
    assert (after.law.party.value, after.law.assessment.indicators) == (0.11, 9)
    assert r13.law.party.value == load_scenario("r13").law.party.value
    assert after.world.kinds[0].waiting_days == 1.5 * before.world.kinds[0].waiting_days
    assert after.origins()["party.value"].endswith("reference.yaml:1")
    assert in_world(after, {"kinds.*.waiting_days": 2.0}).world.kinds[0].waiting_days == (
        2.0 * before.world.kinds[0].waiting_days
    )


def test_every_wrong_line_of_a_reference_world_is_told(tmp_path: Path) -> None:
    district = district_in_a_folder(tmp_path)
    (tmp_path / "reference.yaml").write_text('"party.valu": 0.1\n"party.value": 7\n', encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_scenario("inverted", district=district)
    assert "reference.yaml:1:1: unknown free number 'party.valu'; did you mean 'party.value'?" in str(caught.value)
    assert "reference.yaml:2:1: party.value: got 7; allowed 0.1 to 0.5" in str(caught.value)


def district_in_a_folder(folder: Path) -> str:
    """Write the tiny district into a folder of its own and return its name to load it by."""
    folder.mkdir(exist_ok=True)
    return write_district(folder / "district.yaml", shipped_district("tiny"))
