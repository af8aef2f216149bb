"""Scenarios: what goes over what, and where each value came from."""

from __future__ import annotations

import dataclasses
import json
import pickle
from pathlib import Path

import numpy as np
import pytest

from model.config.files import names
from model.config.scenario import load_scenario, scenario_of
from model.errors import ConfigError
from model.policy import Law


def write(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def test_base_is_every_default() -> None:
    assert load_scenario("base", district="tiny").law == Law()


def test_settings_go_over_regime_over_district_over_defaults(tmp_path: Path) -> None:
    regime = write(tmp_path, "mine.yaml", "demand: {dispersion: 3}\nassessment: {street_weight: 0.2, indicators: 7}\n")
    scenario = load_scenario(regime, district="tiny", overrides={"assessment.street_weight": 0.5})
    assert scenario.world.demand.requests_per_year == 7300
    assert scenario.world.demand.dispersion == 3
    assert scenario.law.assessment == dataclasses.replace(Law().assessment, street_weight=0.5, indicators=7)


def test_a_regime_goes_over_its_district(tmp_path: Path) -> None:
    regime = write(tmp_path, "mine.yaml", "demand: {requests_per_year: 100}\n")
    assert load_scenario(regime, district="tiny").world.demand.requests_per_year == 100


def test_of_several_parents_the_later_wins_and_each_counts_once(tmp_path: Path) -> None:
    write(tmp_path, "root.yaml", "assessment: {street_weight: 0.1, indicators: 5}\n")
    write(tmp_path, "left.yaml", "extends: root\nassessment: {street_weight: 0.2}\n")
    write(tmp_path, "right.yaml", "extends: root\nassessment: {indicators: 6}\n")
    both = load_scenario(write(tmp_path, "both.yaml", "extends: [left, right]\n"), district="tiny")
    assert both.law.assessment.street_weight == 0.2
    assert both.law.assessment.indicators == 6


def test_extends_looks_beside_the_file_and_then_among_the_shipped(tmp_path: Path) -> None:
    write(tmp_path, "r01.yaml", "assessment: {street_weight: 0.9}\n")
    mine = load_scenario(write(tmp_path, "mine.yaml", "extends: [r01, r08]\n"), district="tiny")
    assert mine.law.assessment.street_weight == 0.9
    assert mine.law.duty_list == load_scenario("r08", district="tiny").law.duty_list != Law().duty_list


def test_settings_may_be_words_as_on_the_command_line() -> None:
    words = ["assessment.street_weight = 0.5", "whistle.in_force=true", "demand.arrivals=poisson"]
    scenario = load_scenario("base", district="tiny", overrides=words)
    assert scenario.law.assessment.street_weight == 0.5
    assert scenario.law.whistle.in_force is True
    assert scenario.world.demand.arrivals == "poisson"


def test_settings_reach_into_lists_by_code() -> None:
    settings = {"departments.office.staff": 3, "kinds.request.duties.diffuse.office": 0.5}
    scenario = load_scenario("null_queue", district="queue", overrides=settings)
    assert scenario.world.departments[0].staff == 3
    assert scenario.world.kinds[0].duties.diffuse == {"office": 0.5}
    assert scenario.world.kinds[0].duties.sharp == {"office": 1.0}
    assert load_scenario("null_queue", district="queue").world.departments[0].staff == 1
    assert scenario.origins()["departments.office.staff"] == "--set"


def test_numbers_of_numpy_are_numbers() -> None:
    settings = {"assessment.street_weight": np.float64(0.5), "run.window_days": np.int64(9)}
    scenario = load_scenario("base", district="tiny", overrides=settings)
    assert type(scenario.world.run.window_days) is int
    assert scenario.run.window_days == 9


def test_whole_numbers_become_numbers_where_those_are_declared() -> None:
    scenario = load_scenario("base", district="tiny", overrides={"assessment.street_weight": 1})
    assert type(scenario.law.assessment.street_weight) is float


def test_every_value_knows_where_it_came_from() -> None:
    scenario = load_scenario("flattened", district="tiny", overrides={"whistle.accuracy": 0.9})
    origins = scenario.origins()
    assert origins["assessment.street_weight"] == "configs/regimes/r01.yaml:4"
    assert origins["demand.requests_per_year"] == "configs/districts/tiny.yaml:5"
    assert origins["kinds"].startswith("configs/districts/tiny.yaml:")
    assert origins["whistle.accuracy"] == "--set"
    file, line = origins["acceptance.blame"].split(":")
    assert "blame: float" in Path(__file__).parents[1].joinpath(file).read_text("utf-8").splitlines()[int(line) - 1]
    leaves = {f"{topic}.{key}" for topic, entries in scenario.resolved().items() if isinstance(entries, dict)
              for key in entries if topic != "title"}  # fmt: skip
    assert leaves <= set(origins)


def test_resolved_is_plain_and_complete() -> None:
    resolved = load_scenario("r01", district="tiny").resolved()
    assert json.loads(json.dumps(resolved)) == resolved
    assert resolved["name"] == "r01"
    assert resolved["title"]["zh"].startswith("R1")
    assert resolved["assessment"]["street_weight"] == 0.38  # the one number that the article states
    assert [kind["code"] for kind in resolved["kinds"]] == ["rubbish", "stalls", "waste_oil"]


def test_units_are_sorted_by_code_however_the_file_lists_them(tmp_path: Path) -> None:
    text = (names("district")["network"]).read_text("utf-8")
    head, departments = text.split("departments:\n")
    lines, kinds = departments.split("\nkinds:")
    entries = ["  - " + entry for entry in lines.split("  - ")[1:]]
    turned = "".join(entry if entry.endswith("\n") else entry + "\n" for entry in reversed(entries))
    district = write(tmp_path, "turned.yaml", f"{head}departments:\n{turned}\nkinds:{kinds}")
    assert load_scenario("base", district=district).world == load_scenario("base", district="network").world


def test_a_scenario_can_be_sent_to_another_process() -> None:
    scenario = load_scenario("flattened", district="tiny")
    copy = pickle.loads(pickle.dumps(scenario))
    assert copy == scenario
    assert copy.origins() == scenario.origins()
    for field in ("name", "world"):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(scenario, field, None)


def test_the_source_hash_follows_what_is_said() -> None:
    plain = load_scenario("base", district="tiny")
    assert plain.source_hash == load_scenario("base", district="tiny").source_hash
    assert plain.source_hash != load_scenario("r01", district="tiny").source_hash
    assert plain.source_hash != load_scenario("base", district="tiny", overrides=["staff.load=0.8"]).source_hash


def test_a_language_without_title_borrows_the_other(tmp_path: Path) -> None:
    titled = load_scenario(write(tmp_path, "one.yaml", "title: {en: Mine}\nextends: r01\n"), district="tiny")
    assert (titled.title.zh, titled.title.en) == ("Mine", "Mine")
    plain = load_scenario(write(tmp_path, "two.yaml", "extends: r01\n"), district="tiny")
    assert (plain.title.zh, plain.title.en) == ("two", "two")


def test_a_district_may_lie_in_parts(tmp_path: Path) -> None:
    text = names("district")["tiny"].read_text("utf-8")
    head, kinds = text.split("kinds:\n")
    write(tmp_path, "kinds.yaml", f"kinds:\n{kinds}")
    district = write(tmp_path, "district.yaml", f"parts: [kinds.yaml]\n{head}")
    scenario = load_scenario("base", district=district)
    assert scenario.world == load_scenario("base", district="tiny").world
    assert scenario.origins()["kinds"].endswith("kinds.yaml:1")


def test_anchors_and_aliases_are_understood(tmp_path: Path) -> None:
    regime = write(tmp_path, "mine.yaml", "letters: {transit_days: &days 4}\nwhistle: {analysis_days: *days}\n")
    assert load_scenario(regime, district="tiny").law.whistle.analysis_days == 4


def test_loading_again_does_not_read_a_changed_file_as_before(tmp_path: Path) -> None:
    regime = write(tmp_path, "mine.yaml", "assessment: {street_weight: 0.1}\n")
    assert load_scenario(regime, district="tiny").law.assessment.street_weight == 0.1
    write(tmp_path, "mine.yaml", "assessment: {street_weight: 0.2}\n")
    assert load_scenario(regime, district="tiny").law.assessment.street_weight == 0.2


def test_a_regime_is_found_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "mine.yaml", "extends: r01\n")
    assert load_scenario("mine.yaml", district="tiny").name == "mine"
    with pytest.raises(ConfigError, match="unknown regime 'mine'"):
        load_scenario("mine", district="tiny")


@pytest.mark.parametrize("name", names("regime"))
def test_what_a_study_keeps_of_a_scenario_gives_it_back(name: str) -> None:
    scenario = load_scenario(name)
    again = scenario_of(json.loads(json.dumps(scenario.resolved())))
    parts = ("name", "title", "law", "habits", "world", "stages")
    assert all(getattr(scenario, part) == getattr(again, part) for part in parts)
