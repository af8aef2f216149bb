"""Checks across values: shares, seasons, codes, duty list, staff."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from model.config.files import names
from model.config.scenario import load_scenario
from model.errors import ConfigError

TINY = names("district")["tiny"]


def problems_of(district: str = "tiny", **settings: Any) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_scenario(
            "base", district=district, overrides={key.replace("__", "."): value for key, value in settings.items()}
        )
    return caught.value.problems


def changed(folder: Path, before: str, after: str) -> list[str]:
    text = TINY.read_text("utf-8")
    assert before in text
    path = folder / "changed.yaml"
    path.write_text(text.replace(before, after), encoding="utf-8")
    return [problem.removeprefix(f"{path}:") for problem in problems_of(str(path))]


def test_shares_of_kinds_add_up_to_one() -> None:
    line = TINY.read_text("utf-8").splitlines().index("kinds:") + 1
    assert problems_of(kinds__stalls__share=0.4) == [
        f"configs/districts/tiny.yaml:{line}:1: kinds: expected shares that add up to 1, got 1.1."
    ]


def test_shares_of_staff_add_up_to_one() -> None:
    (problem,) = problems_of(staff__city=0.4, staff__department=0.4, staff__street=0.1, staff__community=0.2)
    assert problem == (
        "--set: staff: expected city 0.4 + department 0.4 + street 0.1 + community 0.2 to add up to 1, got 1.1."
    )


def test_seasons_have_mean_one() -> None:
    assert problems_of(kinds__rubbish__season=[1.1] * 12) == [
        "--set: kinds.rubbish.season: expected a mean of 1 ± 0.02, got 1.1."
    ]
    assert problems_of(kinds__rubbish__season=[1.0] * 11)[0].startswith(
        "--set: kinds.rubbish.season: expected a list of 12 entries, each"
    )


def test_duties_name_units_that_exist_and_claims_between_0_and_1() -> None:
    assert problems_of(kinds__rubbish__duties__diffuse__markets=0.5) == [
        "--set: kinds.rubbish.duties.diffuse: unknown code 'markets'; did you mean 'market'?"
    ]
    assert problems_of(kinds__rubbish__duties__sharp__market=1.5) == [
        "--set: kinds.rubbish.duties.sharp.market: expected 0 to 1, got 1.5."
    ]


def test_every_kind_has_a_lead_in_both_versions(tmp_path: Path) -> None:
    (problem,) = changed(tmp_path, "sharp: {street: 0.9, city_management: 0.7}", "sharp: {street: 0.9}")
    assert problem.endswith(
        "duty list: case kind 'rubbish' has no lead department. Name one under kinds.rubbish.duties.sharp."
    )
    line = next(i for i, text in enumerate(TINY.read_text("utf-8").splitlines(), 1) if "sharp: {street: 0.9, c" in text)
    assert problem.startswith(f"{line}:7: ")


def test_what_the_street_does_alone_needs_no_lead(tmp_path: Path) -> None:
    text = TINY.read_text("utf-8")
    text = text.replace("diffuse: {street: 0.7, city_management: 0.5, enforcement: 0.3}", "diffuse: {street: 1}")
    path = tmp_path / "alone.yaml"
    path.write_text(text.replace("sharp: {street: 0.9, city_management: 0.7}", "sharp: {street: 1}"), encoding="utf-8")
    assert load_scenario("base", district=str(path)).world.kinds[0].duties.diffuse == {"street": 1.0}


def test_kinds_that_need_power_have_a_department_with_power() -> None:
    told = problems_of(kinds__rubbish__enforcement=0.2, departments__enforcement__enforcement=False)
    assert any("'rubbish' needs enforcement power, but no department in it has any" in problem for problem in told)


def test_joint_kinds_have_claims_for_their_parties() -> None:
    (problem,) = problems_of(kinds__rubbish__joint=0.2, kinds__rubbish__parties=3)
    assert problem.startswith("--set: kinds.rubbish.joint: expected 0, or departments that claim it for each of 3")


def test_hand_overs_add_up_to_at_most_one_and_name_departments() -> None:
    assert problems_of("network", departments__a__hands_over={"b": 0.9}) == [
        "--set: departments.a.hands_over: expected a sum of at most 1, got 1.1."
    ]
    assert "unknown code 'z'" in problems_of("network", departments__a__hands_over={"z": 0.1})[0]
    assert problems_of("network", departments__a__hands_over={"a": 0.1, "b": 0.0, "c": 0.0}) == [
        "--set: departments.a.hands_over.a: expected other departments, got the department itself (0.1)."
    ]


def test_codes_are_unique_words(tmp_path: Path) -> None:
    told = changed(tmp_path, "code: north", "code: market")
    assert sum("expected 'market' once among streets and departments, got it 2 times." in line for line in told) == 2
    assert "expected a word without spaces, '.' or '/', got 'a b'." in changed(tmp_path, "code: north", "code: a b")[0]
    assert "'.' or '/', got ''." in changed(tmp_path, "code: north, ", "")[0]
    assert "expected any other word, got 'street'" in changed(tmp_path, "code: market", "code: street")[0]


def test_staff_is_given_to_all_units_or_to_none(tmp_path: Path) -> None:
    (problem,) = changed(tmp_path, "communities: 6, staff: 2,", "communities: 6,")
    assert problem.endswith("streets.north.staff: missing. Give it for all units (0 is valid) or for none.")


def test_entries_of_the_duty_list_name_kinds_and_units_that_exist_and_each_pair_once() -> None:
    told = problems_of(duty_entries=[
        {"code": "a", "kind": "rubish", "unit": "street"}, {"code": "b", "kind": "stalls", "unit": "markets"},
        {"code": "c", "kind": "stalls", "unit": "market"}, {"code": "d", "kind": "stalls", "unit": "market"},
        {"code": "d", "kind": "stalls", "unit": "street"},
    ])  # fmt: skip
    assert told == [
        "--set: duty_entries.3.code: expected 'd' once among duty_entries, got it 2 times.",
        "--set: duty_entries.4.code: expected 'd' once among duty_entries, got it 2 times.",
        "--set: duty_entries.a.kind: unknown code 'rubish'; did you mean 'rubbish'?",
        "--set: duty_entries.b.unit: unknown code 'markets'; did you mean 'market'?",
        "--set: duty_entries.d: 'market' and 'stalls' have one already, c. Keep one of them.",
    ]


def test_a_list_leaves_somebody_to_turn_to() -> None:
    units = {"rubbish": ("city_management", "enforcement"), "stalls": ("enforcement", "market")}
    entries = [{"code": f"{kind}_{unit}", "kind": kind, "unit": unit} for kind in units for unit in units[kind]]
    assert [problem.split(": ", 1)[1] for problem in problems_of(duty_entries=entries)] == [
        "duty_entries: those of kind 'rubbish' take off every department. Leave one, or add one.",
        "duty_entries: those of kind 'stalls' take off every department that has enforcement power, which the kind "
        "needs. Leave one, or add one.",
    ]


def test_social_units_are_known_of_every_street_of_a_type_or_of_none() -> None:
    (problem,) = problems_of(streets__east__social_units=900)
    assert problem.endswith(
        "streets.north.social_units: missing. Give it for every subdistrict (0 is valid) or for none."
    )
    both = {"streets.east.social_units": 900, "streets.north.social_units": 0}
    assert load_scenario("base", district="tiny", overrides=both).world.streets[2].social_units is None


def test_shocks_have_days_of_the_run_and_streets_that_exist() -> None:
    assert "day: expected" in problems_of(shocks=[{"code": "a", "day": -1}])[0]
    assert problems_of(shocks=[{"code": "a", "streets": ["eats"]}]) == [
        "--set: shocks.a.streets: unknown street 'eats'; did you mean 'east'?"
    ]


def test_there_is_something_of_everything() -> None:
    told = problems_of(streets=[], departments=[], kinds=[])
    assert [line for line in told if "got 0" in line] == [
        "--set: streets: expected 1 to 2,000, got 0.",
        "--set: departments: expected 1 to 256, got 0.",
        "--set: kinds: expected 1 to 1,000, got 0.",
    ]


def test_a_district_has_at_most_256_departments() -> None:
    many = [{"code": f"d{i}", "staff": 1, "enforcement": True} for i in range(257)]
    assert any("departments: expected 1 to 256, got 257." in problem for problem in problems_of(departments=many))


def test_a_run_has_an_end() -> None:
    (problem,) = problems_of(run__steps_per_day=9_600, run__window_days=100_000)
    assert problem == "--set: run: expected at most 10,000,000 steps in all, got 962,304,000."
