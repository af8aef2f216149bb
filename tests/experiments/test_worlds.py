"""Answers over plausible worlds: where they come from, that pairs share luck and world, and that the doubt is told."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from experiments import open_study
from experiments.cli.app import app
from experiments.design.ensemble import read_ensemble, table_of, worlds_of_study
from experiments.design.reading import Places
from experiments.design.studyfile import Replicates, StudyFile
from experiments.design.worlds import CONFIRM, EXPLORE, HELD, STAGE
from experiments.errors import WrongInput
from experiments.report.worlds import told
from experiments.runner.worlds import CITY, DISCREPANCY, EMULATED, STAFF, Space, leaves_a_city, prior_points
from experiments.store.opened import OpenStudy
from experiments.store.store import Study
from experiments.studies.compare import CompareResults
from model import declared_at, free_numbers, load_scenario, read_yaml

SHORT = ("--district", "tiny", "--set", "run.warm_up_days=20", "--set", "run.window_days=40", "--jobs", "1", "--quiet")
NUMBERS = free_numbers()


def whistle(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)


def some_worlds(count: int) -> list[dict[str, float]]:
    """Return worlds in which all numbers but a few are as declared in the middle of their range."""
    rng, found = np.random.default_rng(4), list[dict[str, float]]()
    keys = ("acceptance.intercept", "effort.fatigue", "citizens.patience_days")
    for _ in range(count):
        world = {each.key: each.at(0.5) for each in NUMBERS}
        found.append(world | {each.key: each.at(float(rng.random())) for each in NUMBERS if each.key in keys})
    return found


@pytest.fixture(autouse=True)
def _undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the figures of comparisons out: they take seconds, and none is looked at here."""
    monkeypatch.setattr(CompareResults, "charts", lambda _: ())


@pytest.fixture(scope="module")
def ensemble(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("worlds") / "some.parquet"
    pq.write_table(table_of(some_worlds(6), {"patterns": {"S1": {"matched": True, "share": 1.0}}}), path)
    return path


def asked(**known: object) -> StudyFile:
    values = {"experiment": "compare", "regimes": ("inverted", "flattened"), "district": "tiny"}
    return StudyFile(**values | {"replicates": Replicates(fixed=8)} | known)


def test_a_district_without_worlds_is_looked_at_as_it_is_written() -> None:
    assert worlds_of_study(asked(), Places(), by_default=True, seeds=2) == ()


def test_worlds_that_a_district_has_not_are_refused() -> None:
    with pytest.raises(WrongInput, match="has no plausible worlds"):
        worlds_of_study(asked(worlds=4), Places(), by_default=True, seeds=2)


def test_each_world_gets_the_runs_that_its_kind_needs(ensemble: Path) -> None:
    study = asked(ensemble=str(ensemble))
    assert len(worlds_of_study(study, Places(), by_default=True, seeds=2)) == 4
    assert len(worlds_of_study(study, Places(), by_default=True, seeds=1)) == 6
    assert worlds_of_study(study, Places(), by_default=False, seeds=1) == ()
    assert worlds_of_study(asked(ensemble=str(ensemble), worlds="reference"), Places(), by_default=True, seeds=1) == ()


def test_more_worlds_than_there_are_is_refused_with_their_number(ensemble: Path) -> None:
    with pytest.raises(WrongInput, match="at most 6"):
        worlds_of_study(asked(ensemble=str(ensemble), worlds=7), Places(), by_default=True, seeds=1)


def test_a_table_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "none.parquet"
    path.write_text("not a table")
    with pytest.raises(WrongInput, match=r"expected a table of worlds"):
        read_ensemble(path)


def test_every_wrong_column_of_a_table_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "wrong.parquet"
    pq.write_table(pa.table({"acceptance.intercpt": [0.1], "effort.fatigue": [99.0]}), path)
    with pytest.raises(WrongInput) as caught:
        read_ensemble(path)
    assert "did you mean 'acceptance.intercept'" in str(caught.value)
    assert "effort.fatigue: got 99.0; allowed 0 to 0.4" in str(caught.value)


def compared(ensemble: Path, out: Path, *words: object) -> Result:
    regimes = ("compare", "inverted", "flattened", *SHORT)
    return whistle(*regimes, "--out", out, "--ensemble", ensemble, "--json", *words)


def test_a_comparison_over_worlds_tells_the_doubt_of_every_outcome(ensemble: Path, tmp_path: Path) -> None:
    done = compared(ensemble, tmp_path, "--worlds", 6)
    assert done.exit_code == 0, done.stderr
    answer = json.loads(done.stdout)
    assert (answer["worlds"], answer["pairs"]) == (6, 9)
    found = answer["doubt"]["flattened"]["closure_rate"]
    assert {"median", "low", "high", "better", "clear", "luck_half_width"} <= set(found)
    assert found["low"] <= found["median"] <= found["high"]
    assert set(answer["closure"]["flattened"]["signs"]) == {"closure_rate", "closure_rate_30d", "backlog_end"}
    assert {"levels", "differences", "turning", "measure_first"} <= set(answer)


def test_pairs_share_luck_and_world_and_the_runs_say_which(ensemble: Path, tmp_path: Path) -> None:
    answer = json.loads(compared(ensemble, tmp_path, "--worlds", 3, "--seed", 5).stdout)
    opened = open_study(answer["study"])
    assert len(opened.worlds) == 3
    assert opened.worlds[1]["effort.fatigue"] == some_worlds(2)[1]["effort.fatigue"]
    seeds = {row["replicate"]: row["seed"] for row in opened.table.to_pylist()}
    assert seeds == {number: 5 + number for number in range(5)}
    values = opened.values("closure_rate")[0]
    assert len(set(values[0].tolist())) > 3


def test_a_world_is_what_run_makes_of_it(ensemble: Path, tmp_path: Path) -> None:
    from model import in_world, simulate

    answer = json.loads(compared(ensemble, tmp_path, "--worlds", 2).stdout)
    opened = open_study(answer["study"])
    settings = {"run.warm_up_days": 20, "run.window_days": 40}
    scenario = in_world(load_scenario("flattened", district="tiny", overrides=settings), some_worlds(2)[1])
    row = next(row for row in opened.table.to_pylist() if row["regime"] == "flattened" and row["replicate"] == 1)
    assert row["closure_rate"] == simulate(scenario, row["seed"]).outcomes["closure_rate"]


def test_the_same_over_worlds_on_two_processes_and_resumed(ensemble: Path, tmp_path: Path) -> None:
    one = json.loads(compared(ensemble, tmp_path / "one", "--worlds", 3).stdout)
    two = json.loads(compared(ensemble, tmp_path / "two", "--worlds", 3, "--jobs", 2).stdout)
    folder = Path(one["study"])
    whole = Study(folder, open_study(folder).outcomes, print).runs_hash()
    other = Path(two["study"])
    assert Study(other, open_study(other).outcomes, print).runs_hash() == whole
    for shard in sorted((folder / "runs").glob("part-*.parquet"))[::2]:
        shard.unlink()
    again = whistle("resume", folder, "--jobs", 1, "--json", "--quiet")
    assert again.exit_code == 0, again.stderr
    assert Study(folder, open_study(folder).outcomes, print).runs_hash() == whole
    assert json.loads(again.stdout)["doubt"] == one["doubt"]


def test_the_sentences_begin_with_the_worlds(ensemble: Path, tmp_path: Path) -> None:
    words = ("compare", "inverted", "flattened", *SHORT, "--out", tmp_path, "--ensemble", ensemble, "--worlds", 6)
    english, chinese = whistle(*words).stdout, whistle(*words, "--lang", "zh").stdout
    assert english.index("plausible worlds") < english.index("luck alone") and "95 % interval" not in english
    assert "合理情形" in chinese


def test_worlds_are_listed_with_what_each_number_was_narrowed_to(ensemble: Path) -> None:
    answer = json.loads(whistle("worlds", "--ensemble", ensemble, "--json").stdout)
    assert answer["worlds"] == 6
    fatigue = answer["parameters"]["effort.fatigue"]
    assert fatigue["prior_low"] <= fatigue["low"] <= fatigue["median"] <= fatigue["high"] <= fatigue["prior_high"]
    assert answer["patterns"]["S1"] == {"matched": True, "share": 1.0}


def test_ranges_of_what_nobody_knows_are_data() -> None:
    known = {each["key"]: each for each in json.loads(whistle("show-config", "--ranges", "--json").stdout)["free"]}
    assert len(known) == len(NUMBERS)
    assert (known["effort.fatigue"]["low"], known["effort.fatigue"]["high"]) == (0.0, 0.4)


def test_the_range_of_the_city_s_share_is_the_declared_one() -> None:
    assert declared_at("staff.city").plausible == CITY


def test_a_point_is_the_world_that_it_stands_for() -> None:
    space = Space(load_scenario("inverted", district="tiny"))
    point = np.full(len(NUMBERS), 0.25)
    whole = np.array([each.whole for each in NUMBERS])
    assert np.allclose(space.point(space.world(point))[~whole], 0.25)
    assert space.features(point[None, :]).shape == (1, 8)
    low = np.array([[0.0 if each.key in STAFF else 0.5 for each in NUMBERS]])
    assert not leaves_a_city(low)[0]


def test_every_discrepancy_says_why() -> None:
    assert all(size > 0.0 and reason for size, reason in DISCREPANCY.values())


def test_the_reference_world_is_one_of_the_ensemble_and_can_be_read_back(ensemble: Path, tmp_path: Path) -> None:
    text = whistle("worlds", "--ensemble", ensemble, "--reference").stdout
    (tmp_path / "reference.yaml").write_text(text, encoding="utf-8")
    values = read_yaml(tmp_path / "reference.yaml").values
    assert set(values) == {each.key for each in NUMBERS}
    assert any(values["effort.fatigue"] == pytest.approx(world["effort.fatigue"], rel=1e-3) for world in some_worlds(6))


def test_a_run_in_a_numbered_world_is_that_of_the_study(ensemble: Path, tmp_path: Path) -> None:
    answer = json.loads(compared(ensemble, tmp_path, "--worlds", 2).stdout)
    folder = Path(answer["study"])
    row = next(each for each in open_study(folder).table.to_pylist() if each["replicate"] == 1)
    words = ("run", row["regime"], *SHORT[:6], "--seed", row["seed"], "--json")
    once = json.loads(whistle(*words, "--world", 1, "--ensemble", folder / "worlds.parquet").stdout)
    assert once["outcomes"]["closure_rate"] == row["closure_rate"]
    wrong = whistle(*words, "--world", 2, "--ensemble", folder / "worlds.parquet")
    assert wrong.exit_code == 2 and "expected 0 to 1" in wrong.stderr


SEARCH = """\
experiment: worlds
name: some
title: {zh: 若干情形, en: Some worlds}
question: {zh: 若干情形, en: Some worlds}
regimes: [inverted]
district: tiny
set: {run.warm_up_days: 20, run.window_days: 60, run.follow_up_days: 40}
replicates: {fixed: 1}
analysis: {patterns: [S2, S12], held_out: [S13], wanted: 32, waves: 3, per_wave: 40, prior: 100, seeds: 2, widened: 10}
"""


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what a search of two waves says, with its folder as `study`."""
    folder = tmp_path_factory.mktemp("search")
    (folder / "some.yaml").write_text(SEARCH, encoding="utf-8")
    done = whistle("study", folder / "some.yaml", "--out", folder, "--jobs", "1", "--quiet", "--json")
    assert done.exit_code == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def runs_of(opened: OpenStudy, stage: str, outcome: str) -> dict[int, list[float]]:
    """Return an outcome of all runs of the worlds of a stage, by the wave and draw of a world as one number."""
    places = {
        row["point"]: row["wave"] * 1000 + row["draw"] for row in opened.design_table.to_pylist() if row[STAGE] == stage
    }
    found: dict[int, list[float]] = {}
    for row in opened.table.to_pylist():
        if row["point"] in places:
            found.setdefault(places[row["point"]], []).append(row[outcome])
    return found


def test_each_wave_says_which_share_of_it_lay_inside_each_check(searched: dict[str, Any]) -> None:
    explored = runs_of(open_study(searched["study"]), EXPLORE, "passed_share")
    band = searched["checks"]["matched"]["S2"]["S2.level.passed_share"]["band"]
    last = [values[0] for place, values in explored.items() if place >= 1000]
    wave = searched["waves"][-1]
    assert wave["explored"] == len(last) == 40 and wave["inside"] >= wave["confirmed"] > 0
    assert wave["bands"]["S2.level.passed_share"] == pytest.approx(
        np.mean([band[0] <= each <= band[1] for each in last])
    )
    assert min(wave["bands"].values()) >= wave["inside"] / 40


def test_the_volume_left_and_the_emulators_are_told_wave_by_wave(searched: dict[str, Any]) -> None:
    left, emulators = searched["volume"]["left"], searched["emulators"]
    assert searched["volume"]["points"] == 100 and 1.0 >= left[0] >= left[-1] > 0.0
    assert len(left) == len(emulators) == len(searched["waves"]) == 2
    assert [each["S12.nobodys_excess"]["runs"] for each in emulators] == [40, 80]
    assert all(0.8 <= known["coverage"] <= 1.0 and known["r2"] < 1.0 for each in emulators for known in each.values())


def test_checks_are_told_beside_their_bands_over_the_worlds_found(searched: dict[str, Any]) -> None:
    opened = open_study(searched["study"])
    held = searched["checks"]["held_out"]["S13"]
    assert len(held) == 3 and searched["worlds"] == len(runs_of(opened, HELD, "closure_rate"))
    assert searched["patterns"]["S13"]["share"] <= min(each["share"] for each in held.values())
    matched = searched["checks"]["matched"]["S2"]["S2.level.passed_share"]
    means = [np.mean(values) for values in runs_of(opened, CONFIRM, "passed_share").values()]
    assert min(means) <= matched["low"] < matched["median"] < matched["high"] <= max(means)
    assert (matched["unit"], matched["share"]) == ("share", 1.0)
    assert matched["title"]["en"] == "passed on at least once"


def test_what_the_worlds_say_of_the_free_numbers_is_told_once_there_are_enough(searched: dict[str, Any]) -> None:
    untouched = {key for keys in searched["untouched"].values() for key in keys}
    assert untouched < {each.key for each in NUMBERS} and len(untouched) > 200
    assert not untouched & {"tables.draw", "citizens.usual_standing"}
    assert all(topic == key.partition(".")[0] for topic, keys in searched["untouched"].items() for key in keys)
    assert all(each["p"] < 0.05 for each in searched["tied"])
    kinds = searched["kinds"]
    assert kinds["kinds"] == [] and 0.0 < kinds["silhouette"] < max(0.25, kinds["chance"])


def test_the_table_of_worlds_tells_the_same_as_the_study(searched: dict[str, Any]) -> None:
    table = Path(searched["study"]) / "worlds.parquet"
    shipped = json.loads(whistle("worlds", "--ensemble", table, "--json").stdout)
    told = set(searched) - {"study"}
    assert {"patterns", "waves", "volume", "emulators", "checks", "tied", "kinds", "untouched"} <= told
    assert {name: shipped[name] for name in told} == {name: searched[name] for name in told}
    once = [line.strip() for line in whistle("report", searched["study"]).stdout.splitlines()[:-1]]
    again = [line.strip() for line in whistle("worlds", "--ensemble", table).stdout.splitlines()]
    assert [line for line in once if line] == [line for line in again if line]


def test_words_say_what_binds_that_there_are_no_kinds_and_what_is_untouched(searched: dict[str, Any]) -> None:
    english, chinese = (whistle("report", searched["study"], "--lang", each).stdout for each in ("en", "zh"))
    count = sum(map(len, searched["untouched"].values()))
    assert "What binds: in the last wave fewest worlds lay inside share of passes less" in english
    assert "No kinds: the worlds shade into each other" in english and "不分类别" in chinese
    assert f"touches {count} of {len(NUMBERS)} free numbers" in english and f"中有 {count} 项" in chinese


@pytest.mark.slow
def test_a_resumed_search_says_the_same_of_its_emulators(searched: dict[str, Any], tmp_path: Path) -> None:
    folder = tmp_path / Path(searched["study"]).name
    shutil.copytree(searched["study"], folder)
    kept = (folder / EMULATED).read_bytes()
    (folder / EMULATED).unlink()
    without = json.loads(whistle("report", folder, "--json").stdout)
    assert without["volume"] is None and without["emulators"] is None and without["waves"] == searched["waves"]
    for shard in sorted((folder / "runs").glob("part-*.parquet"))[::3]:
        shard.unlink()
    assert whistle("resume", folder, "--jobs", 1, "--quiet").exit_code == 0
    assert (folder / EMULATED).read_bytes() == kept


def test_of_few_worlds_no_ties_kinds_or_untouched_numbers_are_told(ensemble: Path) -> None:
    assert "Fewer than 30 worlds" in whistle("worlds", "--ensemble", ensemble).stdout
    answer = json.loads(whistle("worlds", "--ensemble", ensemble, "--json").stdout)
    assert (answer["tied"], answer["kinds"], answer["untouched"], answer["waves"]) == (None, None, None, [])


def kinds_of_worlds() -> dict[str, Any]:
    """Return what is told of thirty worlds in two kinds, with two ties."""
    kind = {"worlds": 20, "medoid": 3, "numbers": {"effort.fatigue": 0.3}, "outcomes": {"workload_department": 0.4}}
    other = {"worlds": 10, "medoid": 7, "numbers": {"acceptance.blame_late": -0.4}, "outcomes": {"closure_rate": -0.2}}
    tie = {"first": "effort.fatigue", "second": "staff.street", "correlation": 0.4, "before": 0.0, "p": 0.001}
    return {
        "kinds": {"silhouette": 0.4, "chance": 0.1, "kinds": [kind, other]},
        "tied": [tie, {**tie, "correlation": -0.3}],
    }


def test_kinds_and_ties_are_told_in_words() -> None:
    words = " ".join(str(block) for block in told(some_worlds(30), kinds_of_worlds()))
    assert "20 of 30 worlds: high workload, departments + teams · high loss of speed after sustained overwork" in words
    assert "10 of 30 worlds: low closure rate · low part of the blame that comes of being late [" in words
    assert "Number 7 lies in their middle" in words and "fall into kinds (silhouette 0.40" in words
    fatigue = "Loss of speed after sustained overwork [effort.fatigue]"
    street = "share that stands in the streets [staff.street]"
    assert f"{fatigue} and {street} are high in the same worlds (rank correlation +0.40)" in words
    assert f"{fatigue} is high where {street} is low (rank correlation -0.30)" in words


def test_the_prior_is_valid_and_the_same_at_every_call() -> None:
    points = prior_points(200)
    assert points.shape == (200, len(NUMBERS)) and leaves_a_city(points).all()
    assert np.array_equal(points, prior_points(200))
