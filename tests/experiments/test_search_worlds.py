"""A search over plausible worlds: disjoint worlds judge, references are paired, and by hand it is what it was."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from experiments import open_study
from experiments.cli.app import app
from experiments.design.designs import design_rows
from experiments.design.ensemble import table_of
from experiments.design.factors import factors_over, reference
from experiments.design.objectives import SearchOptions, settings_in_world
from experiments.design.plan import Task
from experiments.design.reading import Places, read_study
from experiments.design.studyfile import DesignSpec
from experiments.errors import WrongInput
from experiments.stats.ensemble import doubt
from experiments.store.opened import OpenStudy
from experiments.store.store import Study
from experiments.studies import OPTIONS, kind_of
from model import free_numbers, in_world, load_scenario, simulate, vary

NUMBERS = free_numbers()
STUDY = """\
experiment: search
regimes: [inverted]
replicates: {fixed: REPLICATES}
ensemble: ENSEMBLE
outcomes: [closure_rate, closure_rate_30d, backlog_end, passes_per_case]
analysis:
  instruments: [R1, R12]
  population: 4
  generations: 2
  judged: 2
  references: [inverted, flattened]
  objectives:
    - {outcome: closure_rate, satisfies: 0.3}
    - {outcome: closure_rate, over: worst}
    - {outcome: passes_per_case}
  bounds: [{outcome: backlog_end, at_most: 0.6}]
  cost: {at_most: 5}
  worlds: {count: 3, fresh: 8}
set: {run.warm_up_days: 20, run.window_days: 40, run.follow_up_days: 40}
district: tiny
"""
BY_HAND = STUDY.replace("ensemble: ENSEMBLE\n", "").replace(
    "fresh: 8}", "fresh: 8, parameters: {acceptance.membership: {uniform: [1, 6]}}}"
)


def some_worlds(count: int) -> list[dict[str, float]]:
    """Return worlds that differ in what people put up with and in how strong residents' part is before a reform."""
    luck = np.random.default_rng(4)
    keys = ("acceptance.intercept", "effort.fatigue", "citizens.patience_days", "participation.strength")
    return [
        {each.key: each.at(float(luck.random()) if each.key in keys else 0.5) for each in NUMBERS} for _ in range(count)
    ]


@pytest.fixture(scope="module")
def ensemble(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("worlds") / "some.parquet"
    pq.write_table(table_of(some_worlds(12), {}), path)
    return path


def whistle(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)


def asked(folder: Path, text: str, ensemble: Path | str = "", replicates: int = 1) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "search.yaml"
    known = text.replace("ENSEMBLE", str(ensemble)).replace("REPLICATES", str(replicates))
    path.write_text(known, encoding="utf-8")
    return path


def searched(folder: Path, ensemble: Path, jobs: int = 1, replicates: int = 1) -> tuple[dict[str, Any], OpenStudy]:
    path = asked(folder, STUDY, ensemble, replicates)
    done = whistle("search", path, "--out", folder, "--jobs", jobs, "--json", "--quiet")
    assert done.exit_code == 0, done.stderr
    answer = json.loads(done.stdout)
    return answer, open_study(answer["study"])


@pytest.fixture(scope="module")
def found(ensemble: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], OpenStudy]:
    return searched(tmp_path_factory.mktemp("found"), ensemble, replicates=2)


def test_the_worlds_that_judge_are_other_rows_of_the_ensemble(found: tuple[dict[str, Any], OpenStudy]) -> None:
    answer, opened = found
    runs = opened.runs
    tried, judged = (set(runs.loc[runs["phase"] == phase, "world"]) for phase in ("search", "judge"))
    assert tried == {0, 1, 2} and judged == set(range(3, 11))
    assert (answer["worlds"], answer["fresh_worlds"]) == (3, 8)
    assert [world["effort.fatigue"] for world in opened.worlds] == [
        world["effort.fatigue"] for world in some_worlds(12)[:11]
    ]


def test_a_reference_is_run_in_the_worlds_of_a_package_with_its_luck(found: tuple[dict[str, Any], OpenStudy]) -> None:
    runs = found[1].runs
    judged = runs[runs["phase"] == "judge"].sort_values(["world", "replicate"])
    seeds = [
        part[["world", "replicate", "seed"]].to_numpy().tolist() for _, part in judged.groupby(["package", "regime"])
    ]
    assert len(seeds) == 4 and all(each == seeds[0] for each in seeds)
    assert not set(judged["seed"]) & set(runs.loc[runs["phase"] == "search", "seed"])


def test_a_run_of_a_reference_is_the_regime_in_that_world(found: tuple[dict[str, Any], OpenStudy]) -> None:
    runs = found[1].runs
    row = runs[(runs["phase"] == "judge") & (runs["regime"] == "flattened") & (runs["world"] == 5)].iloc[0]
    settings = {"run.warm_up_days": 20, "run.window_days": 40, "run.follow_up_days": 40}
    scenario = in_world(load_scenario("flattened", district="tiny", overrides=settings), some_worlds(6)[5])
    assert row["closure_rate"] == simulate(scenario, int(row["seed"])).outcomes["closure_rate"]


def test_the_doubt_of_a_package_is_that_of_paired_runs(found: tuple[dict[str, Any], OpenStudy]) -> None:
    answer, opened = found
    runs, told = opened.runs[opened.runs["phase"] == "judge"], {each["name"]: each for each in answer["judged"]}
    assert answer["against"] == "inverted" and told["inverted"]["doubt"] == {}
    for outcome, direction in (("closure_rate", 1), ("backlog_end", -1), ("passes_per_case", -1)):
        tables = {
            regime: runs[(runs["regime"] == regime) & (runs["package"] == -1)]
            .pivot_table(outcome, "world", "replicate").to_numpy() for regime in ("inverted", "flattened")
        }  # fmt: skip
        by_hand = doubt(tables["flattened"] - tables["inverted"], direction)
        assert told["flattened"]["doubt"][outcome] == pytest.approx(by_hand.as_json())
    names = {"closure_rate", "closure_rate_30d", "backlog_end", "closure_rate_worst", "passes_per_case"}
    assert set(told["flattened"]["doubt"]) == names  # closure by its three numbers


def test_ranges_and_shares_are_over_the_worlds_that_judge(found: tuple[dict[str, Any], OpenStudy]) -> None:
    answer, opened = found
    runs, told = opened.runs[opened.runs["phase"] == "judge"], {each["name"]: each for each in answer["judged"]}
    means = runs[runs["regime"] == "flattened"].groupby("world")[["closure_rate", "backlog_end"]].mean()
    low, median, high = np.quantile(means["closure_rate"], [0.05, 0.5, 0.95])
    assert told["flattened"]["worlds"]["closure_rate"] == pytest.approx({"median": median, "low": low, "high": high})
    assert told["flattened"]["kept"]["mean"] == pytest.approx((means["backlog_end"] <= 0.6).mean())
    behind = [each["behind"]["closure_rate"]["low"] for each in told.values()]
    assert min(behind) >= 0.0 and told["inverted"]["behind"]["closure_rate"]["median"] > 0.0


def test_killed_and_resumed_and_on_two_processes_it_is_the_same(ensemble: Path, tmp_path: Path) -> None:
    answer, opened = searched(tmp_path / "one", ensemble)
    folder = opened.folder
    whole = Study(folder, opened.outcomes, print).runs_hash()
    _, other = searched(tmp_path / "two", ensemble, jobs=2)
    assert Study(other.folder, other.outcomes, print).runs_hash() == whole
    for shard in sorted((folder / "runs").glob("part-*.parquet"))[::2]:
        shard.unlink()
    journal = (folder / "search.journal").read_text(encoding="utf-8")
    (folder / "search.journal").write_text(journal[: len(journal) // 2], encoding="utf-8")
    again = whistle("resume", folder, "--jobs", 1, "--json", "--quiet")
    assert again.exit_code == 0, again.stderr
    assert Study(folder, opened.outcomes, print).runs_hash() == whole
    assert json.loads(again.stdout)["judged"] == answer["judged"]


def test_an_instrument_that_is_off_leaves_a_world_as_it_is() -> None:
    study, places = read_study("robust_package_smoke", OPTIONS)
    plan = kind_of("search").lay_out(study.model_copy(update={"district": "tiny"}), places).plan
    scenario, world = plan.bases[0].scenario, some_worlds(3)[2]
    graded = [each.name for each in plan.factors]
    off = {factor.name: 0.0 if factor.numeric else "off" for factor in plan.factors}
    settings = settings_in_world(plan.factors, off, graded, world, scenario.decided)
    assert settings["participation.strength"] == world["participation.strength"]
    here, package = in_world(scenario, world), in_world(vary(scenario, settings), world)
    assert simulate(package, 3).outcomes == simulate(here, 3).outcomes
    on = settings_in_world(plan.factors, {**off, "R12": 1.0}, graded, world, scenario.decided)
    assert (
        on["participation.strength"]
        == load_scenario("flattened", district="tiny").resolved()["participation"]["strength"]
    )


def tasks_of(path: Path) -> list[Task]:
    """Return the first generation of a search."""
    study, places = read_study(str(path), OPTIONS)
    return kind_of("search").lay_out(study, places).agenda(path.parent / "agenda").take(1000)


def test_by_hand_worlds_are_two_latin_hypercubes_as_ever(tmp_path: Path) -> None:
    path = asked(tmp_path, BY_HAND)
    study, _ = read_study(str(path), OPTIONS)
    options = SearchOptions(**study.analysis)
    uncertain = factors_over(options.worlds.parameters, reference(study), Places(), ())
    values = [
        row.settings["acceptance.membership"] for row in design_rows(DesignSpec(kind="lhs", points=3), uncertain, 1)
    ]
    first = tasks_of(path)
    assert [dict(task.values)["acceptance.membership"] for task in first] == values * 4
    assert [task.seed for task in first] == [1, 100_001, 200_001] * 4 and not any(task.world for task in first)
    asked_for = tasks_of(asked(tmp_path / "other", BY_HAND + "worlds: reference\n"))
    assert [task.key for task in asked_for] == [task.key for task in first]


def test_hand_picked_worlds_and_an_ensemble_exclude_each_other(ensemble: Path, tmp_path: Path) -> None:
    both = BY_HAND + f"ensemble: {ensemble}\n"
    with pytest.raises(
        WrongInput, match=r"search\.yaml:\d+:\d+: analysis\.worlds\.parameters: expected none"
    ) as caught:
        tasks_of(asked(tmp_path, both))
    assert "worlds: reference" in str(caught.value)
    assert tasks_of(asked(tmp_path, both + "worlds: reference\n"))


def test_more_worlds_than_there_are_and_too_few_that_judge_are_told(ensemble: Path, tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="count and fresh together: expected at most 12"):
        tasks_of(asked(tmp_path, STUDY.replace("fresh: 8", "fresh: 10"), ensemble))
    with pytest.raises(WrongInput, match="expected 8 or more for a search"):
        tasks_of(asked(tmp_path, STUDY + "worlds: 4\n", ensemble))
    study, places = read_study(str(asked(tmp_path, STUDY + "worlds: 9\n", ensemble)), OPTIONS)
    assert len(kind_of("search").lay_out(study, places).plan.worlds) == 3 + 9


def test_without_worlds_of_any_sort_luck_alone_differs_and_that_is_said(ensemble: Path, tmp_path: Path) -> None:
    path = asked(tmp_path, STUDY + "worlds: reference\n", ensemble)
    done = whistle("search", path, "--out", tmp_path, "--jobs", 1, "--quiet")
    assert done.exit_code == 0 and "differ in luck alone" in done.stdout.replace("\n", " ")
    opened = open_study(next(each for each in tmp_path.iterdir() if each.is_dir() and each.name.startswith("search")))
    assert opened.worlds == () and opened.runs["closure_rate"].nunique() > 8


def test_what_is_told_begins_with_the_worlds(found: tuple[dict[str, Any], OpenStudy]) -> None:
    english, chinese = (whistle("report", found[1].folder, "--lang", lang).stdout for lang in ("en", "zh"))
    assert english.index("plausible worlds") < english.index("Composition of each package")
    assert "plausible worlds closure rate, 30 days is" in english.replace("\n", " ")
    assert "种合理情形" in chinese and "95 %" not in english
    assert (found[1].folder / "figures" / "doubt.svg").exists()
