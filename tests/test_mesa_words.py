"""The district under Mesa's own tools: batches, seeds in all forms, settings as parameters, the data collector."""

from __future__ import annotations

import math
import warnings
from typing import Any

import mesa
import numpy as np
import pytest

from model import OUTCOMES, ConfigError, DistrictModel, Scenario, load_scenario, simulate

SHORT: dict[str, Any] = {
    "district": "tiny", "run.window_days": 6, "run.warm_up_days": 2, "run.follow_up_days": 4,
}  # fmt: skip


def batch(parameters: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    """Return the rows of Mesa's batch."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The `iterations` keyword", DeprecationWarning)  # from Mesa 3.5 on
        rows: list[dict[str, Any]] = mesa.batch_run(DistrictModel, parameters, display_progress=False, **more)
    return rows


def outcomes_of(row: dict[str, Any]) -> dict[str, Any]:
    """Return the outcomes in a row, None where undefined."""
    return {name: None if math.isnan(row[name]) else row[name] for name in OUTCOMES}


def test_repetitions_of_a_batch_differ_and_can_be_run_again_from_their_seeds() -> None:
    rows = batch({"scenario": "inverted", **SHORT}, iterations=3)
    assert len({row["seed"] for row in rows}) == 3 == len({row["born"] + row["backlog_end"] for row in rows})
    settings = {key: value for key, value in SHORT.items() if key != "district"}
    scenario = load_scenario("inverted", district="tiny", overrides=settings)
    for row in rows:
        assert outcomes_of(row) == simulate(scenario, row["seed"]).outcomes


def test_a_batch_varies_regimes_and_settings_without_any_wrapping() -> None:
    weights = np.array([0.0, 0.38])
    rows = batch({"scenario": ["inverted", "flattened"], "assessment.street_weight": weights, **SHORT}, iterations=2)
    assert len(rows) == 8 and len({row["seed"] for row in rows}) == 8
    row = rows[-1]
    settings = {key: value for key, value in SHORT.items() if key != "district"}
    weight = {"assessment.street_weight": float(row["assessment.street_weight"])}
    scenario = load_scenario(row["scenario"], district="tiny", overrides=settings | weight)
    assert outcomes_of(row) == simulate(scenario, row["seed"]).outcomes


def test_a_batch_takes_loaded_scenarios_and_lists_of_settings(inverted: Scenario, flattened: Scenario) -> None:
    rows = batch({"scenario": [inverted, flattened], "overrides": [{"run.window_days": 3}, {"run.window_days": 4}]})
    assert [row["scenario"].name for row in rows] == ["inverted"] * 2 + ["flattened"] * 2
    assert [row["Step"] for row in rows[:2]] in ([32, 33], [33, 34])  # before Mesa 3.5 steps count from 0
    assert batch({"scenario": [inverted], "overrides": "run.window_days=3"})[0]["Step"] == rows[0]["Step"]


def test_a_mapping_that_a_batch_takes_apart_is_told_how_to_be_given() -> None:
    with pytest.raises(ConfigError) as caught:
        batch({"overrides": {"assessment.street_weight": 0.5}, "district": "tiny"})
    assert '{"assessment.street_weight": [value, …]}' in str(caught.value)


def test_without_a_seed_each_model_has_a_fresh_one_that_it_keeps(inverted: Scenario) -> None:
    models = [DistrictModel(inverted), DistrictModel(inverted, seed=None), DistrictModel(inverted, rng=None)]
    assert len({model.seed for model in models}) == 3
    for model in models:
        assert 0 <= model.seed < 2**53 and int(float(model.seed)) == model.seed
        model.run_model()
        assert model.record is not None and model.record.provenance["seed"] == model.seed
        assert model.outcomes == simulate(inverted, model.seed).outcomes


@pytest.mark.parametrize("word", ["seed", "rng"])
def test_seeds_are_taken_in_all_of_mesas_forms(inverted: Scenario, word: str) -> None:
    def made(value: Any) -> int:
        return DistrictModel(inverted, **{word: value}).seed

    assert [made(7), made(np.int64(7)), made(np.uint64(7)), made("7"), made(2**64 - 1)] == [7, 7, 7, 7, 2**64 - 1]
    assert made(np.random.SeedSequence(7)) == made(np.random.SeedSequence(7)) != made(np.random.SeedSequence(8))
    assert made([1, 2]) == made((1, np.int64(2))) == made(np.random.SeedSequence([1, 2])) != made([2, 1])
    assert made(np.random.default_rng(7)) == made(np.random.PCG64(7)) != made(np.random.default_rng(8))
    stream = np.random.default_rng(7)
    assert made(stream) != made(stream)
    children = [made(child) for child in np.random.SeedSequence(7).spawn(3)]
    assert len(set(children)) == 3


def test_mesas_own_generators_follow_the_seed(inverted: Scenario) -> None:
    first, second = (DistrictModel(inverted, rng=9) for _ in range(2))
    assert first.random.random() == second.random.random() and first.rng.random() == second.rng.random()


def test_outcomes_are_reporters_that_speak_on_the_last_day(inverted: Scenario) -> None:
    model = DistrictModel(inverted, seed=1)
    model.run_model()
    kept = model.datacollector.get_model_vars_dataframe()
    assert model.outcomes is not None and set(OUTCOMES) <= set(kept.columns)
    assert kept[list(OUTCOMES)].iloc[:-1].isna().all(axis=None)
    last = kept.iloc[-1]
    assert {name: None if math.isnan(last[name]) else last[name] for name in OUTCOMES} == model.outcomes
    assert any(value is None for value in model.outcomes.values()) and (kept["seed"] == 1).all()


def test_a_collector_of_ones_own_names_series_and_outcomes(inverted: Scenario) -> None:
    model = DistrictModel(inverted, seed=1)
    assert math.isnan(model.closure_rate) and math.isnan(model.born)
    model.datacollector = mesa.DataCollector({"closed in time": "closure_rate", "new": "born"})
    model.run_model()
    kept = model.datacollector.get_model_vars_dataframe()
    assert model.record is not None and model.outcomes is not None
    assert kept["closed in time"].iloc[-1] == model.outcomes["closure_rate"]
    assert kept["new"].tolist() == model.record.daily["born"].tolist()
    with pytest.raises(AttributeError, match="DistrictModel has no attribute 'closure_ratio'"):
        _ = model.closure_ratio


def test_settings_are_keywords_of_the_model(inverted: Scenario) -> None:
    more: dict[str, Any] = {"assessment.street_weight": np.float64(0.5), "run.window_days": np.int64(3)}
    model = DistrictModel("inverted", district="tiny", overrides={"demand.scale": 0.5}, **more)
    assert (model.setting.law.assessment.street_weight, model.setting.run.window_days) == (0.5, 3)
    assert model.setting.world.demand.scale == 0.5
    assert DistrictModel(inverted, **more).setting.law.assessment.street_weight == 0.5
    dates: Any = [{"day": 3, "regime": "flattened"}]
    assert len(DistrictModel("inverted", district="tiny", dates=dates).setting.stages) == 1


UNKNOWN = {
    "sede": "unknown keyword 'sede'; did you mean 'seed'?",
    "street_weight": "unknown keyword 'street_weight'; did you mean 'assessment.street_weight'?",
    "assessment.street_wieght": "did you mean 'street_weight'?",
    "qqqqqqq": "unknown keyword 'qqqqqqq'; expected one of scenario, seed, rng,",
}


@pytest.mark.parametrize("word", UNKNOWN)
def test_unknown_keywords_are_told_with_the_nearest_name(word: str) -> None:
    more: dict[str, Any] = {word: 1}
    with pytest.raises(ConfigError) as caught:
        DistrictModel("inverted", district="tiny", **more)
    assert UNKNOWN[word] in str(caught.value)


def test_all_that_is_wrong_is_told_at_once() -> None:
    more: dict[str, Any] = {"sede": 1, "assessment.street_weight": 2.0, "agents": {"x": int}, "demand.scale": 0.1}
    with pytest.raises(ConfigError) as caught:
        DistrictModel("inverted", seed=-1, district="tiny", overrides={"demand.scale": 0.2}, **more)
    words = (
        "seed: expected",
        "unknown keyword 'sede'",
        "street_weight",
        "unknown level 'x'",
        "demand.scale: expected once",
    )
    assert [word for word in words if not any(word in problem for problem in caught.value.problems)] == []
    assert len(caught.value.problems) == len(words)


def test_mesas_name_for_a_scenario_is_left_to_mesa(inverted: Scenario) -> None:
    model = DistrictModel(inverted, seed=1)
    model.scenario = "anything of Mesa's"
    assert model.scenario is None and model.setting is inverted
