"""A varied scenario is the one that would have been loaded with these values."""

from __future__ import annotations

import builtins
import dataclasses
import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import ConfigError, Scenario, declared_at, load_scenario, simulate, vary
from model.config.topics import topics
from model.parameter import hints, is_topic

AGREE = ("staff.city", "staff.department", "staff.street", "staff.community", "run.")
"""Values that must agree with others."""


def numbers() -> dict[str, tuple[float, float]]:
    """Return every declared number with decimals and its bounds, where it may stand alone."""
    return {
        f"{name}.{field.name}": known.bounds
        for name, topic in topics().items()
        if is_topic(topic)
        for field in dataclasses.fields(topic)
        if (known := field.metadata.get("declaration")) and known.bounds and hints(topic)[field.name] is float
        and not f"{name}.{field.name}".startswith(AGREE)
    }  # fmt: skip


NUMBERS = numbers()


@st.composite
def values(draw: Any) -> dict[str, float]:
    paths = draw(st.lists(st.sampled_from(sorted(NUMBERS)), min_size=1, max_size=4, unique=True))
    return {path: draw(st.floats(*NUMBERS[path])) for path in paths}


def outcome(make: Any) -> Any:
    """Return what a scenario resolves to, or what is wrong with it."""
    try:
        return make().resolved()
    except ConfigError as error:
        return sorted(problem.removeprefix("--set: ") for problem in error.problems)


@pytest.fixture(scope="module")
def flattened() -> Scenario:
    return load_scenario("flattened")


@given(changes=values())
@settings(max_examples=60, deadline=None, derandomize=True)
def test_varying_is_loading_with_these_values(changes: dict[str, float], flattened: Scenario) -> None:
    loaded = outcome(lambda: load_scenario("flattened", overrides=changes))
    assert outcome(lambda: vary(flattened, changes)) == loaded


@pytest.mark.parametrize(
    "changes",
    [
        {"kinds.parking.recur_control": 0.2, "streets.maizidian.population": 70_000},
        {"kinds.parking.duties.diffuse.traffic_police": 0.9},
        {"whistle.in_force": False, "assessment.indicators": 8, "demand.work": "exponential"},
        {"dates": [{"day": 200, "regime": "r01", "streets": 0.5}]},
        {"staff.street": 0.26, "staff.department": 0.59},
    ],
)
def test_units_words_switches_and_dates_vary_too(changes: dict[str, Any], flattened: Scenario) -> None:
    known = {entry.code for part in (flattened.world.kinds, flattened.world.streets) for entry in part}
    kept = {path: value for path, value in changes.items() if path.count(".") < 2 or path.split(".")[1] in known}
    assert kept
    assert outcome(lambda: vary(flattened, kept)) == outcome(lambda: load_scenario("flattened", overrides=kept))


@pytest.mark.parametrize(
    "changes",
    [
        {"assessment.street_weigth": 0.5},
        {"assessment.street_weight": 1.5, "powers.delegated": -1},
        {"kinds.nosie.share": 0.1},
        {"nothing.at_all": 1},
        {"staff.street": 0.9, "staff.department": 0.9},
        {"kinds.parking.share": 0.9},
        {"dates": [{"day": 20, "regime": "no_such_regime"}]},
    ],
)
def test_what_is_wrong_is_told_in_the_words_of_loading(changes: dict[str, Any], flattened: Scenario) -> None:
    told = outcome(lambda: vary(flattened, changes))
    loaded = outcome(lambda: load_scenario("flattened", overrides=changes))
    assert isinstance(told, list) and len(told) == len(loaded)


def test_varying_reads_no_file(flattened: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    vary(flattened, {"assessment.street_weight": 0.5})  # what is read once a process has been read

    def raise_if_any(*_: Any, **__: Any) -> Any:
        raise AssertionError("a file was read")

    for holder, name in ((builtins, "open"), (Path, "read_text"), (Path, "read_bytes"), (Path, "open")):
        monkeypatch.setattr(holder, name, raise_if_any)
    assert vary(flattened, {"assessment.street_weight": 0.4}).law.assessment.street_weight == 0.4


def test_a_varied_scenario_runs_as_the_loaded_one_and_travels() -> None:
    short = {"run.warm_up_days": 5, "run.window_days": 20, "run.follow_up_days": 10}
    changes = {"assessment.street_weight": 0.7, "whistle.in_force": True}
    before = load_scenario("inverted", district="tiny", overrides=short)
    varied = pickle.loads(pickle.dumps(vary(before, changes)))
    loaded = load_scenario("inverted", district="tiny", overrides={**short, **changes})
    assert simulate(varied, 3).outcomes == simulate(loaded, 3).outcomes != simulate(before, 3).outcomes
    assert varied.origins()["assessment.street_weight"] == "--set"
    assert varied.source_hash != before.source_hash


def test_what_is_declared_is_found_by_its_path(flattened: Scenario) -> None:
    weight = declared_at("assessment.street_weight")
    assert (weight.type, weight.bounds, weight.default) == (float, (0.0, 1.0), 0.0)
    assert weight.meaning and weight.zh and weight.source
    code = flattened.world.kinds[0].code
    assert declared_at(f"kinds.{code}.share", flattened.world).bounds == (0.0, 1.0)
    assert declared_at("whistle.in_force").type is bool
    assert declared_at("demand.work").choices


@pytest.mark.parametrize(
    "path", ["assessment.street_weigth", "asessment.street_weight", "assessment", "kinds.nosie.share"]
)
def test_an_unknown_path_is_told(path: str, flattened: Scenario) -> None:
    with pytest.raises(ConfigError) as caught:
        declared_at(path, flattened.world)
    assert len(caught.value.problems) == 1
