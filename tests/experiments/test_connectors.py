"""The model driven by others' tools: ranges, runs of samples, objectives, models, tables."""

from __future__ import annotations

import pickle
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import optuna
import pandas as pd
import pytest
from SALib.analyze import sobol as sobol_indices
from SALib.sample import sobol

from experiments import open_study
from experiments.connectors import ema_model, emulator_data, evaluate, identifier, objective, problem, uncertainties
from experiments.design.ranges import inputs_of
from experiments.design.setting import Setting
from experiments.design.studyfile import Replicates, Spread, StudyFile
from experiments.errors import WrongInput
from experiments.runner.driven import Driven, driven
from model import free_numbers, load_scenario, simulate
from tests.experiments.run_study import run_study

optuna.logging.set_verbosity(optuna.logging.WARNING)

SMALL: Setting = {"district": "tiny", "set": {"run.window_days": 40, "run.warm_up_days": 20, "demand.scale": 0.2}}
KEYS = ["acceptance.load", "routing.noise", "letters.most_passes"]


def _problems(error: pytest.ExceptionInfo[WrongInput]) -> str:
    return "\n".join(error.value.problems)


def _small(**more: Any) -> Driven:
    return driven(more.pop("keys", KEYS), more.pop("outcomes", ["closure_rate", "passes_per_case"]), **SMALL, **more)


# ranges


def test_by_default_every_open_number_varies_over_its_plausible_range() -> None:
    declared = {number.key: number for number in free_numbers()}
    varied = {each.name: each for each in inputs_of()}
    decided = load_scenario("flattened").decided
    shares = {"staff.department", "staff.street", "staff.community"}
    assert set(declared) - set(varied) == (set(declared) & decided) | shares
    assert all((each.low, each.high) == (declared[key].low, declared[key].high) for key, each in varied.items())
    assert {each.shape for key, each in varied.items() if declared[key].scale == "log"} == {"loguniform"}


def test_a_lever_varies_over_the_range_worth_trying_and_a_switch_over_both_its_values() -> None:
    owner, in_force, posts = inputs_of(["coordination.owner_after_passes", "whistle.in_force", "trade.secondment"])
    assert (owner.low, owner.high, owner.whole) == (6, 10, True)
    assert in_force.choices == (False, True)
    assert (posts.low, posts.high, posts.whole) == (0, 1, False)


def test_ranges_of_ones_own_are_taken() -> None:
    weight, load, kinds, passes = inputs_of({
        "assessment.street_weight": (0, 0.6), "acceptance.load_reference": [4, 10], "kinds.*.work_days": (0.8, 1.2),
        "letters.most_passes": {"values": [4, 8]},
    })  # fmt: skip
    assert (weight.low, weight.high, weight.shape) == (0, 0.6, "uniform")
    assert (load.low, load.high, load.shape) == (4, 10, "loguniform")
    assert (kinds.low, kinds.high) == (0.8, 1.2)
    assert passes.choices == (4, 8)


def test_all_wrong_keys_and_ranges_are_said_at_once_with_the_nearest_name() -> None:
    with pytest.raises(WrongInput) as error:
        inputs_of({
            "acceptance.lod": None, "kinds.*.work_day": None, "staff.street": None, "assessment.street_weight": None,
            "acceptance.load": (3, 1), "acceptance.stake": (0, 1e9), "kinds.*.stake": (0, 9), "routing.noise": "low",
            "whistle.in_force": (0, 1), "demand.scale": (0.1, 1),
        }, **SMALL)  # fmt: skip
    said = _problems(error)
    for words in (
        "did you mean 'load'?",
        "unknown free number 'kinds.*.work_day'; did you mean 'kinds.*.work_days'?",
        "staff.street: expected another key, such as 'world'",
        "assessment.street_weight: expected a range within 0 to 1 (share)",
        "acceptance.load: expected low before high",
        "acceptance.stake: expected 0 to",
        "kinds.*.stake: expected (low, high) within 0.6 to 1.5 times",
        "routing.noise: expected (low, high) or values, got 'low'",
        "whistle.in_force: expected values: [...]",
        "demand.scale: expected it to vary or to be set, got both.",
    ):
        assert words in said, words
    assert len(error.value.problems) == 10


def test_wrong_settings_are_said_at_once() -> None:
    with pytest.raises(WrongInput) as error:
        driven(KEYS, ["closure_rat"], regime="flatened", seed=-1, replicates=0, world={"acceptance.lod": 1.0})
    said = _problems(error)
    for words in ("'flattened'", "did you mean 'closure_rate'?", "seed:", "replicates:", "'acceptance.load'"):
        assert words in said, words
    with pytest.raises(WrongInput, match="no plausible worlds"):
        inputs_of(["world"], **SMALL)
    with pytest.raises(WrongInput, match="list of keys"):
        inputs_of("acceptance.load")
    with pytest.raises(WrongInput, match="one or more, got none"):
        driven(KEYS, [])


# runs


def test_with_every_number_as_it_is_a_run_is_the_ordinary_one() -> None:
    small = {"demand.scale": 0.01, "run.window_days": 30, "run.warm_up_days": 20}
    run = driven([*KEYS, "kinds.*.work_days"], ["closure_rate", "passes_per_case"], set=small)
    wanted = simulate(load_scenario("flattened", overrides=small), seed=1).outcomes
    as_it_is = {key: run.world[key] for key in (*KEYS, "kinds.*.work_days")}
    assert run(as_it_is) == run({}) == {name: wanted[name] for name in run.outcomes}
    assert run(as_it_is | {"kinds.*.work_days": 2.0}) != run(as_it_is)


def test_a_number_that_the_regime_decides_can_be_varied_all_the_same() -> None:
    run = _small(keys={"acceptance.load": None, "participation.strength": (0.0, 1.0)})
    assert "participation.strength" in load_scenario("flattened").decided
    assert run.decided == {"participation.strength"}
    values = [run({"participation.strength": each, "acceptance.load": 1.0}) for each in (0.0, 1.0)]
    assert values[0] != values[1]


def test_a_world_is_laid_below_what_varies() -> None:
    small = {"demand.scale": 0.01, "run.window_days": 30, "run.warm_up_days": 20}
    run = driven(["world", "acceptance.load"], set=small)
    of_world = driven(["acceptance.load"], set=small, world=3)
    assert run({"world": 3, "acceptance.load": 2.0}) == of_world({"acceptance.load": 2.0})
    assert run({"world": 3}) == run({"world": 3, "acceptance.load": of_world.world["acceptance.load"]})
    assert run({"world": 3}) != run({"world": 4})


def test_replicates_are_averaged_over_seeds_and_all_rows_share_them() -> None:
    row = {"acceptance.load": 2.0}
    twice = _small(replicates=2, seed=7)(row)
    once = [_small()(row, seed=seed)["closure_rate"] for seed in (7, 8)]
    assert twice["closure_rate"] == pytest.approx(np.mean(once)) and once[0] != once[1]
    found = _small().over([row, row, {"acceptance.load": 2.0, "routing.noise": 0.3}])
    assert np.array_equal(found[0], found[1]) and not np.array_equal(found[0], found[2])


def test_a_function_is_small_to_look_at_and_travels() -> None:
    run = _small()
    assert repr(run) == "<closure_rate, passes_per_case under flattened by 3 inputs>"
    assert pickle.loads(pickle.dumps(run))({}) == run({})


# SALib


def test_a_sample_of_salib_is_run_in_the_order_of_its_rows() -> None:
    asked = problem(KEYS, **SMALL)
    assert asked["names"] == [*KEYS, "dummy"] and asked["dists"] == ["unif", "logunif", "unif", "unif"]
    sample = sobol.sample(asked, 8, calc_second_order=False, seed=1)
    found = evaluate(sample, asked, "closure_rate", **SMALL)
    assert found.shape == (len(sample),)
    run, last = driven(asked["names"], "closure_rate", **SMALL), sample[-1].tolist()
    assert found[-1] == run(dict(zip(asked["names"], last, strict=True)))["closure_rate"]
    indices = sobol_indices.analyze(asked, found, calc_second_order=False, seed=1)
    assert indices["ST"][-1] == 0.0 and indices["ST"][:-1].max() > 0.05


def test_all_open_numbers_can_be_sampled_and_run_and_suggested() -> None:
    asked = problem(**SMALL)
    sample = sobol.sample(asked, 1, calc_second_order=False, seed=1)[:3]
    assert sample.shape[1] > 240 and np.isfinite(evaluate(sample, asked, "backlog_end", **SMALL)).all()
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=1))
    study.optimize(objective(None, "backlog_end", **SMALL), n_trials=2)
    assert len(study.best_params) == sample.shape[1] - 1


def test_topics_are_groups() -> None:
    asked = problem(by_topic=True)
    assert set(asked["groups"]) >= {"acceptance", "kinds", "dummy"} and len(asked["groups"]) == asked["num_vars"]
    assert len(sobol.sample(asked, 2, calc_second_order=False, seed=1)) == 2 * (len(set(asked["groups"])) + 2)


def test_words_cannot_be_sampled_by_salib() -> None:
    with pytest.raises(WrongInput, match=r"whistle.in_force: expected a range of numbers"):
        problem(["whistle.in_force"], **SMALL)


@pytest.mark.slow
def test_several_processes_return_what_one_returns() -> None:
    asked = problem(KEYS, **SMALL)
    sample = sobol.sample(asked, 8, calc_second_order=False, seed=1)
    outcomes = ["closure_rate", "emergency_closure_rate"]
    with pytest.warns(UserWarning, match="emergency_closure_rate: undefined"):
        one, two = (evaluate(sample, asked, outcomes, jobs=jobs, **SMALL) for jobs in (1, 2))
    assert one.shape == (len(sample), 2) and np.array_equal(one, two, equal_nan=True)


def test_what_is_undefined_is_nan_and_is_said_because_salib_says_nothing() -> None:
    sample = pd.DataFrame({"acceptance.load": [1.0, 2.0], "whistle.in_force": [True, False]})
    with pytest.warns(UserWarning, match=r"emergency_closure_rate: undefined in 2 of 2 rows.*0 for every index"):
        assert np.isnan(evaluate(sample, outcomes="emergency_closure_rate", **SMALL)).all()
    with pytest.raises(WrongInput, match="undefined in 2 of 2 rows"):
        evaluate(sample, outcomes="emergency_closure_rate", undefined="raise", **SMALL)
    asked = problem(KEYS, dummy=False, **SMALL)
    values = np.arange(8.0 * 5)
    values[3] = np.nan
    assert not sobol_indices.analyze(asked, values, calc_second_order=False, seed=1)["ST"].any()


def test_a_sample_that_is_none_is_refused() -> None:
    asked = problem(KEYS, **SMALL)
    sample = sobol.sample(asked, 2, calc_second_order=False, seed=1)
    for wrong, words in (
        (sample[:, :2], r"rows of 4 values.*got an array of shape \(12, 2\)"),
        (sample[:0], "expected one row or more"),
        (sample + 5.0, r"row 0: acceptance.load: expected 0 to 4 log-odds, got 5"),
        (np.where(np.eye(len(sample), 4) > 0, np.nan, sample), r"row 0: acceptance.load: .* got nan"),
    ):
        with pytest.raises(WrongInput, match=words):
            evaluate(wrong, asked, **SMALL)
    with pytest.raises(WrongInput, match="problem: expected"):
        evaluate(sample, **SMALL)
    with pytest.raises(WrongInput) as error:
        evaluate(sample + 50.0, asked, **SMALL)
    assert error.value.problems[-1] == f"… and {4 * len(sample) - 5} more."


# Optuna


def test_optuna_searches_within_the_ranges_and_prunes_what_is_undefined() -> None:
    goal = objective({"acceptance.load": None, "routing.noise": None, "letters.most_passes": None,
                      "whistle.in_force": None}, ["closure_rate", "passes_per_case"], **SMALL)  # fmt: skip
    study = optuna.create_study(directions=goal.directions, sampler=optuna.samplers.RandomSampler(seed=1))
    study.optimize(goal, n_trials=4)
    assert goal.directions == ("maximize", "minimize") and len(study.trials) == 4
    first = study.trials[0]
    assert first.values == list(goal.run(first.params).values())
    assert all(0.05 <= trial.params["routing.noise"] <= 0.5 for trial in study.trials)
    undefined = objective(["acceptance.load"], "emergency_closure_rate", **SMALL)
    study = optuna.create_study(directions=undefined.directions)
    study.optimize(undefined, n_trials=1)
    assert study.trials[0].state == optuna.trial.TrialState.PRUNED


def test_which_way_is_good_must_be_said_where_the_outcome_does_not_say_it() -> None:
    with pytest.raises(WrongInput, match="'maximize' or 'minimize' for workload_street"):
        objective(KEYS, ["closure_rate", "workload_street"], **SMALL)
    with pytest.raises(WrongInput, match="expected 1, one an outcome, got 2"):
        objective(KEYS, "workload_street", directions=["minimize", "minimize"], **SMALL)
    assert objective(KEYS, "workload_street", directions=["minimize"], **SMALL).directions == ("minimize",)


# EMA Workbench


def _ema() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns that ipyparallel is not there
        return pytest.importorskip("ema_workbench", reason="ema_workbench is not installed: it imports a GPL package")


def test_names_for_ema_are_identifiers_and_differ() -> None:
    keys = [number.key for number in free_numbers()]
    names = [identifier(key) for key in keys]
    assert len(set(names)) == len(keys) and all(name.isidentifier() for name in names)


@pytest.mark.slow
def test_evaluators_of_ema_run_the_model_in_one_process_and_in_two() -> None:
    ema = _ema()
    made = ema_model(["closure_rate", "workload_street", "emergency_closure_rate"], KEYS,
                     {"assessment.street_weight": (0.0, 0.6), "whistle.in_force": None},
                     constants={"demand.scale": 0.2}, district="tiny", set={"run.window_days": 40})  # fmt: skip
    assert isinstance(made, ema.Model)
    kinds = {each.name: each.kind for each in made.outcomes}
    assert kinds["closure_rate"] == ema.ScalarOutcome.MAXIMIZE and kinds["workload_street"] == ema.ScalarOutcome.INFO
    scenarios = [ema.Scenario(f"s{load}", acceptance_load=load, routing_noise=0.1 + load / 10, letters_most_passes=8)
                 for load in (0.0, 4.0)]  # fmt: skip
    policies = [ema.Policy("half", assessment_street_weight=0.3, whistle_in_force=True)]
    found = []
    for evaluator in (ema.SequentialEvaluator(made), ema.MultiprocessingEvaluator(made, n_processes=2)):
        with evaluator:
            experiments, outcomes = evaluator.perform_experiments(scenarios, policies)
        order = np.argsort(experiments["acceptance_load"].to_numpy(dtype=float))
        found.append({name: np.asarray(values)[order] for name, values in outcomes.items()})
    assert all(np.array_equal(found[0][name], found[1][name], equal_nan=True) for name in found[0])
    assert {each.name for each in uncertainties(KEYS)} == {each.name for each in made.uncertainties}
    assert len(uncertainties()) > 240 and len(ema_model("closure_rate").uncertainties) == len(uncertainties())
    assert np.isnan(found[0]["emergency_closure_rate"]).all() and len(set(found[0]["closure_rate"])) == 2


def test_what_is_both_uncertain_and_a_lever_is_refused_by_the_model_for_ema() -> None:
    _ema()
    with pytest.raises(WrongInput, match=r"acceptance.load: expected an uncertainty or a lever"):
        ema_model("closure_rate", ["acceptance.load"], ["acceptance.load"], **SMALL)


# emulators


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a finished sweep of two parameters over two regimes and two worlds."""
    small = {"demand.scale": 0.01, "run.window_days": 30, "run.warm_up_days": 20}
    return run_study(tmp_path_factory.mktemp("out"), StudyFile(
        name="swept", experiment="sweep", regimes=("inverted", "flattened"), replicates=Replicates(fixed=4), worlds=2,
        parameters={"assessment.street_weight": Spread(values=(0.0, 0.25, 0.5)),
                    "whistle.in_force": Spread(values=(True, False))},
        outcomes=("closure_rate", "emergency_closure_rate"), set=small,
    ))  # fmt: skip


def test_data_for_an_emulator_have_what_varies_and_keep_the_runs_of_a_world_together(sweep: Path) -> None:
    inputs, outputs, groups = emulator_data(str(sweep), "closure_rate", free=["acceptance.load"])
    assert set(inputs) == {"assessment.street_weight", "whistle.in_force", "acceptance.load", "regime_inverted",
                           "regime_flattened"}  # fmt: skip
    assert len(inputs) == len(outputs) == len(groups) == 2 * 6 * 4 and set(groups) == {0, 1}
    assert {len(set(inputs["acceptance.load"][groups == world])) for world in (0, 1)} == {1}
    assert outputs.columns.tolist() == ["closure_rate"] and not inputs.isna().any().any()


def test_an_outcome_or_a_number_that_the_study_does_not_have_is_said(sweep: Path) -> None:
    with pytest.raises(WrongInput) as error:
        emulator_data(str(sweep), ["closure_rat"], free=["acceptance.lod"])
    said = _problems(error)
    assert "'closure_rate'" in said and "'acceptance.load'" in said
    assert len(emulator_data(str(sweep), ["emergency_closure_rate"]).inputs) == 0


def test_in_frames_what_is_undefined_is_not_a_number(sweep: Path) -> None:
    undefined = open_study(sweep).runs["emergency_closure_rate"]
    assert undefined.dtype == np.float64 and undefined.isna().all()
