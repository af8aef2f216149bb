"""Scenario discovery in plausible worlds: a planted rule on a free number is found, and noise has none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray
from typer.testing import CliRunner, Result

from experiments import open_study
from experiments.cli.app import app
from experiments.design.designs import design_rows
from experiments.design.ensemble import table_of
from experiments.design.factors import factors_of, reference
from experiments.design.reading import Places, read_study
from experiments.errors import WrongInput
from experiments.kinds import Layout
from experiments.stats.discovery import Discovery
from experiments.stats.prim import Column
from experiments.stats.turning import deal
from experiments.stats.worlds_discovery import discover_in_worlds
from experiments.store.store import Study
from experiments.studies import OPTIONS, kind_of
from model import free_numbers, in_world, load_scenario, simulate

NUMBERS = free_numbers()
DECIDES = "kinds.*.work_days"  # how busy streets are
STUDY = """\
experiment: discover
regimes: [inverted]
replicates: {fixed: 1}
ensemble: ENSEMBLE
outcomes: [workload_street]
analysis: {condition: workload_street > 0.65, of: level}
set: {run.warm_up_days: 20, run.window_days: 40, run.follow_up_days: 40}
district: tiny
"""
LEVER = "parameters: {powers.inspection: {}}\ndesign: {kind: lhs, points: 8}\n"


def some_worlds(count: int) -> list[dict[str, float]]:
    """Return worlds that differ in a hundred numbers, of which the work of a case decides how busy streets are."""
    luck = np.random.default_rng(4)
    staff = ("staff.department", "staff.street", "staff.community")
    varied = {each.key for each in NUMBERS[::2] if each.key not in staff} | {DECIDES, "tables.draw"}
    return [
        {each.key: each.at(float(luck.random()) if each.key in varied else 0.5) for each in NUMBERS}
        for _ in range(count)
    ]


@pytest.fixture(scope="module")
def ensemble(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("worlds") / "some.parquet"
    pq.write_table(table_of(some_worlds(60), {}), path)
    return path


def whistle(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)


def asked(folder: Path, text: str, ensemble: Path) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "asked.yaml"
    path.write_text(text.replace("ENSEMBLE", str(ensemble)), encoding="utf-8")
    return path


def laid_out(folder: Path, text: str, ensemble: Path) -> Layout:
    study, places = read_study(str(asked(folder, text, ensemble)), OPTIONS)
    return kind_of("discover").lay_out(study, places)


@pytest.fixture(scope="module")
def found(ensemble: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("found")
    done = whistle("discover", asked(folder, STUDY, ensemble), "--out", folder, "--jobs", 1, "--json", "--quiet")
    assert done.exit_code == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_a_free_number_that_decides_is_found_and_told_with_its_path(found: dict[str, Any]) -> None:
    assert (found["worlds"], found["plausible_worlds"], found["trouble"]) == (60, 60, None)
    work = next(each for each in found["box"] if each["input"] == DECIDES)
    assert work["low"] is not None and work["high"] is None and work["reproduced"] == 1.0
    assert found["density"]["ci_low"] > found["cases"] / found["worlds"]
    english, chinese = (whistle("report", found["study"], "--lang", lang).stdout for lang in ("en", "zh"))
    assert f"[{DECIDES}]" in english.replace("\n", " ") and f"〔{DECIDES}〕" in chinese.replace("\n", "")
    assert "plausible worlds" in english and "合理情形" in chinese
    assert (Path(found["study"]) / "figures" / "box.svg").exists()


def test_without_parameters_the_rows_are_the_worlds_themselves(found: dict[str, Any]) -> None:
    opened = open_study(found["study"])
    assert opened.factor("world") == list(range(60)) and len(opened.worlds) == 60
    row = opened.runs[opened.runs["world"] == 7].iloc[0]
    settings = {"run.warm_up_days": 20, "run.window_days": 40, "run.follow_up_days": 40}
    scenario = in_world(load_scenario("inverted", district="tiny", overrides=settings), some_worlds(8)[7])
    assert row["workload_street"] == simulate(scenario, int(row["seed"])).outcomes["workload_street"]


def test_each_row_of_a_design_is_looked_at_in_one_world_after_the_other(ensemble: Path, tmp_path: Path) -> None:
    plan = laid_out(tmp_path, STUDY + LEVER + "worlds: 3\n", ensemble).plan
    assert [point.factors["world"] for point in plan.points] == [0, 1, 2, 0, 1, 2, 0, 1]
    assert [dict(task.world)[DECIDES] for task in plan.tasks()] == [
        some_worlds(3)[place % 3][DECIDES] for place in range(8)
    ]
    assert len({task.seed for task in plan.tasks()}) == 8
    assert len(laid_out(tmp_path, STUDY + LEVER, ensemble).plan.worlds) == 8


def test_a_difference_is_taken_in_one_world_with_the_same_luck(ensemble: Path, tmp_path: Path) -> None:
    text = STUDY.replace("[inverted]", "[inverted, flattened]").replace("of: level", "of: difference")
    tasks = laid_out(tmp_path, text + "worlds: 20\n", ensemble).plan.tasks()
    pairs = {(task.seed, task.world) for task in tasks}
    assert len(tasks) == 40 and len(pairs) == 20


def test_killed_and_resumed_and_on_two_processes_it_is_the_same(
    found: dict[str, Any], ensemble: Path, tmp_path: Path
) -> None:
    folder = Path(found["study"])
    whole = Study(folder, ["workload_street"], print).runs_hash()
    path = asked(tmp_path, STUDY, ensemble)
    two = json.loads(whistle("discover", path, "--out", tmp_path, "--jobs", 2, "--json", "--quiet").stdout)
    assert Study(Path(two["study"]), ["workload_street"], print).runs_hash() == whole
    for shard in sorted((Path(two["study"]) / "runs").glob("part-*.parquet"))[::2]:
        shard.unlink()
    again = json.loads(whistle("resume", two["study"], "--jobs", 1, "--json", "--quiet").stdout)
    assert Study(Path(two["study"]), ["workload_street"], print).runs_hash() == whole
    assert {**again, "study": ""} == {**found, "study": ""}


def test_by_hand_it_is_the_design_as_ever(ensemble: Path, tmp_path: Path) -> None:
    by_hand = LEVER.replace("powers.inspection: {}", "acceptance.membership: {uniform: [1, 6]}")
    text = STUDY.replace("ensemble: ENSEMBLE\n", "") + by_hand
    plan = laid_out(tmp_path, text, ensemble).plan
    study, _ = read_study(str(tmp_path / "asked.yaml"), OPTIONS)
    rows = design_rows(study.design, factors_of(study, reference(study), Places()), study.seed)
    assert [(point.row, point.block, point.factors, point.settings, point.world) for point in plan.points] == [
        (row.number, row.block, row.factors, row.settings, None) for row in rows
    ]
    asked_for = laid_out(tmp_path, STUDY + by_hand + "worlds: reference\n", ensemble).plan
    assert [task.key for task in asked_for.tasks()] == [task.key for task in plan.tasks()]
    assert not plan.worlds


def test_what_worlds_vary_already_is_no_parameter_beside_them(ensemble: Path, tmp_path: Path) -> None:
    line = "parameters: {posts: {between: [{staff.street: 0.12}, {staff.street: 0.36}]}, kinds.noise.work_days: {}}\n"
    with pytest.raises(WrongInput) as caught:
        laid_out(tmp_path, STUDY + line + "design: {kind: lhs}\n", ensemble)
    places = {problem.partition(": expected levers")[0].split(": ")[1] for problem in caught.value.problems}
    assert places == {"parameters.posts", "parameters.kinds.noise.work_days"}


def test_nothing_that_varies_is_told(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="expected one or more, or an ensemble of worlds, got none"):
        laid_out(tmp_path, STUDY.replace("ensemble: ENSEMBLE\n", ""), tmp_path)


Labels = NDArray[np.bool_]


def many(worlds: int, each: int, seed: int) -> tuple[list[Column], NDArray[np.int64], np.random.Generator]:
    """Return 257 free numbers of worlds that several rows share, and a lever that every row has of its own."""
    luck = np.random.default_rng(seed)
    place, table = np.arange(worlds * each) % worlds, luck.random((worlds, 257))
    columns = [Column(f"x{number}", table[place, number]) for number in range(257)]
    return [*columns, Column("lever", luck.random(place.size))], place, luck


def looked_for(columns: list[Column], sought: Labels, place: NDArray[np.int64], seed: int = 0) -> Discovery:
    return discover_in_worlds("c", columns, sought, 0, seed, place)


@pytest.mark.parametrize(("worlds", "each", "runs"), [(60, 1, 40), (300, 1, 20), (60, 5, 20)])
def test_pure_noise_has_no_simple_rule(worlds: int, each: int, runs: int) -> None:
    troubles = []
    for seed in range(runs):
        columns, place, luck = many(worlds, each, seed + 500)
        sought = (luck.permutation(worlds) < 0.3 * worlds)[place]  # all rows of a world alike
        found = looked_for(columns, sought, place, seed)
        assert bool(found.restrictions) == bool(found.leaves) == (found.trouble == "")
        troubles.append(found.trouble)
    assert troubles.count("") <= 0.1 * runs and set(troubles) <= {"", "nothing", "unclear"}


def test_a_planted_rule_of_two_numbers_is_found_among_257() -> None:
    columns, place, luck = many(300, 1, 1)
    sought = (columns[3].values > 0.6) & (columns[9].values < 0.7) ^ (luck.random(300) < 0.1)
    found = looked_for(columns, sought, place)
    assert {each.input for each in found.restrictions} == {"x3", "x9"} and len(found.leaves) > 1
    assert found.density.low is not None and found.density.low > found.cases / found.worlds
    assert found.found.trajectory[found.found.chosen][1].density > 0.6


def test_a_lever_that_decides_in_every_world_is_found() -> None:
    columns, place, luck = many(60, 3, 2)
    found = looked_for(columns, (columns[-1].values > 0.6) ^ (luck.random(place.size) < 0.05), place)
    assert [each.input for each in found.restrictions] == ["lever"]


def test_rows_of_one_world_are_dealt_to_one_fold_and_count_once() -> None:
    columns, place, _ = many(60, 5, 3)
    by_world = columns[4].values > 0.5
    folds = deal(by_world, 1, place)
    assert all(np.unique(folds[place == world]).size == 1 for world in range(60))
    assert np.bincount(folds).tolist() == [60] * 5
    once = looked_for([Column(each.name, each.values[:60]) for each in columns], by_world[:60], place[:60])
    often = looked_for(columns, by_world, place)
    width = [(each.density.high or 0.0) - (each.density.low or 0.0) for each in (once, often)]
    assert width[1] == pytest.approx(width[0], rel=0.2)  # five runs of a world are no five worlds


@pytest.mark.parametrize(("cases", "trouble"), [(0, "none"), (60, "all"), (5, "few")])
def test_too_few_cases_are_told(cases: int, trouble: str) -> None:
    columns, place, _ = many(60, 1, 4)
    assert looked_for(columns, np.arange(60) < cases, place).trouble == trouble
