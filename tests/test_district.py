"""The district as a Mesa model is `simulate`, day by day, and its agents are views."""

from __future__ import annotations

import doctest
import gc
import os
import pickle
import shutil
import subprocess
import sys
import tracemalloc
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import pytest

import model as package
from model import DistrictModel, district
from model.agents import AGENTS, CommunityAgent, DepartmentAgent, DistrictAgent, StreetAgent, UnitAgent
from model.config.scenario import Scenario, load_scenario
from model.engine.tables import DAILY
from model.errors import ConfigError
from model.events import log_run
from model.outcomes.record import UNIT_MEASURES, Record
from model.simulation import run_tables, simulate
from tests.support import tiny

ROOT = Path(__file__).parents[1]
LENGTH = {"days": 40, "warm_up": 10, "follow_up": 30}


def run(scenario: Scenario, seed: int = 1, **more: Any) -> DistrictModel:
    """Return a model after its last day."""
    made = DistrictModel(scenario, seed=seed, **more)
    made.run_model()
    return made


def daily_of(model: DistrictModel) -> dict[str, list[Any]]:
    """Return the daily series as the data collector has them."""
    return {name: model.datacollector.model_vars[name] for name in DAILY}


def differences(ours: Record, theirs: Record) -> list[str]:
    """Return what differs between two records, by name."""
    groups = ("daily", "units", "histograms", "kinds")
    found = [
        f"{group}.{name}"
        for group in groups
        for name in getattr(ours, group) | getattr(theirs, group)
        if not np.array_equal(getattr(ours, group)[name], getattr(theirs, group)[name])
    ]
    plain = ("outcomes", "provenance", "days", "cases_total", "hand_over_codes")
    found += [name for name in plain if getattr(ours, name) != getattr(theirs, name)]
    return found if np.array_equal(ours.hand_overs, theirs.hand_overs) else [*found, "hand_overs"]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("regime", ["inverted", "flattened", "pilot_2018"])
@pytest.mark.parametrize("steps", [1, 3])
def test_stepping_gives_exactly_what_simulate_gives(regime: str, seed: int, steps: int) -> None:
    scenario = tiny(regime, **LENGTH, steps=steps)
    stepped, theirs = run(scenario, seed), simulate(scenario, seed)
    assert stepped.record is not None
    assert differences(stepped.record, theirs) == []
    assert stepped.outcomes == theirs.outcomes
    assert daily_of(stepped) == {name: list(values) for name, values in theirs.daily.items()}


def test_stepping_grows_its_tables_as_simulate_does(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = tiny("inverted", **LENGTH)
    theirs = simulate(scenario, 3, cases=True, events=True)
    monkeypatch.setattr("model.engine.tables._FIRST_ROWS", 4)
    stepped = run(scenario, 3, cases=True, events=True)
    ours = stepped.record
    assert len(stepped.tables.cases) > 4
    assert ours is not None and ours.cases is not None and theirs.cases is not None
    assert differences(ours, theirs) == []
    assert all(np.array_equal(ours.cases[name], theirs.cases[name], equal_nan=name != "street" and name != "kind")
               for name in theirs.cases)  # fmt: skip
    assert ours.events is not None and theirs.events is not None
    assert ours.events.tolist() == theirs.events.tolist()


def test_collecting_data_and_looking_change_nothing(flattened: Scenario) -> None:
    watched = DistrictModel(flattened, seed=5, agent_reporters=["queued", "hours_used", "utilisation"])
    while watched.running:
        watched.step()
        watched.snapshot()
        assert [getattr(unit, name) for unit in watched.units for name in UNIT_MEASURES]
    assert watched.record is not None
    assert differences(watched.record, simulate(flattened, 5)) == []
    assert len(watched.datacollector.get_agent_vars_dataframe()) == watched.days * (
        len(watched.units) + 1
    )  # and the district


def test_agents_tell_what_the_unit_table_of_the_record_tells(inverted: Scenario) -> None:
    model = run(inverted)
    assert model.record is not None
    for name, values in model.record.units.items():
        assert [getattr(unit, name) for unit in model.units] == values.tolist(), name


def test_an_agent_shows_a_change_of_the_table_at_once(inverted: Scenario) -> None:
    model = DistrictModel(inverted)
    unit = model.units[0]
    columns = unit.columns
    assert unit.queued == 0
    model._tables.units["queued"][0] = 7
    assert unit.queued == columns["queued"] == 7
    assert np.shares_memory(np.asarray(columns), model._tables.units)


def test_an_agent_holds_nothing_but_its_row(inverted: Scenario) -> None:
    own = set(vars(mesa.Agent(mesa.Model(rng=1))))
    model = run(inverted)
    for unit in model.units:
        assert set(vars(unit)) - own == {"row"}
        assert not any(isinstance(value, np.ndarray) for value in vars(unit).values())


def test_agents_can_be_read_before_the_first_day_and_after_the_last(inverted: Scenario) -> None:
    model = DistrictModel(inverted)
    names = [name for name, value in vars(UnitAgent).items() if isinstance(value, property)]
    before = [[getattr(unit, name) for name in names] for unit in model.units]
    assert {unit.utilisation for unit in model.units} == {unit.share_passed for unit in model.units} == {None}
    assert (model.day, model.running, model.record, model.outcomes, model.today) == (0, True, None, None, {})
    model.run_model()
    after = [[getattr(unit, name) for name in names] for unit in model.units]
    assert (model.day, model.running) == (model.days, False)
    assert before != after


def test_a_step_after_the_last_day_does_nothing(inverted: Scenario) -> None:
    model = run(inverted)
    record = model.record
    model.step()
    assert (model.day, model.running) == (model.days, False)
    assert model.record is record
    assert {len(values) for values in model.datacollector.model_vars.values()} == {model.days}


def test_agents_stand_by_level(flattened: Scenario) -> None:
    model = DistrictModel(flattened)
    by_type = model.agents_by_type
    assert set(by_type) - {DistrictAgent} <= set(AGENTS.values())
    assert [unit.code for unit in by_type[StreetAgent]] == ["east", "north", "west"]
    assert {unit.level for unit in by_type[DepartmentAgent]} == {"department"}
    assert next(unit.title_zh for unit in by_type[CommunityAgent]) == "东街社区"
    assert list(model.agents) == [*model.units, model.district]
    assert [unit.unique_id for unit in model.units] == list(range(1, len(model.units) + 1))


def test_a_snapshot_is_equally_long_arrays_to_plot(flattened: Scenario) -> None:
    model = DistrictModel(flattened)
    early = model.snapshot()
    assert list(early) == ["code", "level", "queued", "backlog_days", "utilisation", "passed"]
    assert {len(values) for values in early.values()} == {len(model.units)}
    assert np.isnan(early["utilisation"]).all()
    model.run_model()
    late = model.snapshot()
    held = np.array([unit.hours_held > 0.0 for unit in model.units])
    assert np.isfinite(late["utilisation"][held]).all()
    assert late["utilisation"][held].max() <= 1.0 + 1e-9
    assert (early["queued"] == 0).all() and late["passed"].sum() > 0


def test_a_regime_is_named_as_for_load_scenario() -> None:
    settings = {"run.window_days": 3, "run.warm_up_days": 0, "run.follow_up_days": 2}
    model = DistrictModel("inverted", seed=4, district="tiny", overrides=settings)
    model.run_model()
    assert model.outcomes == simulate(load_scenario("inverted", district="tiny", overrides=settings), 4).outcomes
    assert (model.days, len(model.datacollector.get_model_vars_dataframe())) == (5, 5)


def test_the_luck_of_the_model_is_not_mesas(inverted: Scenario) -> None:
    model = DistrictModel(inverted, seed=6)
    while model.running:
        model.random.random()
        model.rng.random()
        model.step()
    assert model.outcomes == simulate(inverted, 6).outcomes


def test_the_largest_seed_runs_and_is_another_than_the_first() -> None:
    last, largest = tiny("inverted", 10), 2**64 - 1
    of_numpy: Any = np.uint64(largest)
    model = DistrictModel(last, seed=largest)
    while model.running:
        model.step()
    assert model.outcomes == simulate(last, largest).outcomes == simulate(last, of_numpy).outcomes
    assert model.outcomes != simulate(last, 0).outcomes


@pytest.mark.parametrize("seed", [-1, 2**64, 2**64 + 1, -(2**64) + 1, 2.0, True])
@pytest.mark.parametrize("enter", [simulate, run_tables, lambda scenario, seed: log_run(scenario, seed, "no.parquet")])
def test_no_run_begins_with_a_seed_that_would_be_another_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, enter: Callable[[Scenario, Any], Any], seed: Any
) -> None:
    """Luck is keyed by 64 bits: 2⁶⁴ + 1 would be 1."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match=f"seed: expected a whole number from 0 to 18446744073709551615, got {seed}."):
        enter(tiny("inverted", 5), seed)
    assert list(tmp_path.iterdir()) == []


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "unknown regime": ({"scenario": "flatened", "district": "tiny"}, "flattened"),
    "unknown district": ({"district": "tinny"}, "tiny"),
    "unknown key": ({"district": "tiny", "overrides": {"run.window": 3}}, "unknown key 'window' under run"),
    "no scenario": ({"scenario": 3}, "scenario: expected a regime's name, a path or a Scenario, got 3."),
    "negative seed": ({"seed": -1}, "seed: expected a whole number from 0 to 18446744073709551615, got -1."),
    "seed in words": ({"seed": "one"}, "seed: expected a whole number from 0 to 18446744073709551615, got 'one'"),
    "a seed of 65 bits": ({"seed": 2**64}, "seed: expected a whole number from 0 to 18446744073709551615, got 184"),
    "a switch as seed": ({"seed": True}, "got True."),
    "two seeds": ({"seed": 1, "rng": 2}, "seed, rng: expected one of them, got seed=1 and rng=2."),
    "half a seed of many": ({"rng": [1, 2.5]}, "got 2.5."),
    "unknown property": ({"agent_reporters": ["quued"]}, "agent_reporters: expected one of absent"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_input_is_told_at_once(name: str) -> None:
    arguments, words = WRONG[name]
    with pytest.raises(ConfigError) as caught:
        DistrictModel(**arguments)
    assert words in str(caught.value)


def test_a_loaded_scenario_takes_settings_and_no_district(inverted: Scenario) -> None:
    with pytest.raises(ConfigError, match="district: expected nothing, because the scenario is already loaded"):
        DistrictModel(inverted, district="tiny")
    more: dict[str, Any] = {"run.window_days": 3}
    assert (
        DistrictModel(inverted, **more).days == DistrictModel(inverted, overrides=more).days < inverted.run.window_days
    )


class Crowded(DistrictModel):
    """A subclass with an agent of its own."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.observer = mesa.Agent(self)
        self.seen: list[int] = []

    def step(self) -> None:
        super().step()
        self.seen.append(sum(unit.queued for unit in self.units))


def test_a_subclass_adds_agents_and_steps(inverted: Scenario) -> None:
    model = Crowded(inverted)
    model.run_model()
    assert len(model.seen) == model.days
    assert model.seen == [sum(day) for day in zip(*(model.datacollector.model_vars[name] for name in
                          ("queued_street", "queued_community", "queued_team", "queued_department", "queued_city")),
                          strict=True)]  # fmt: skip
    assert model.observer.unique_id == len(model.units) + 2  # after the units and the district
    model.observer.remove()
    assert len(model.agents) == len(model.units) + 1


def test_a_copy_goes_on_by_itself_and_alike(inverted: Scenario) -> None:
    model = DistrictModel(inverted, seed=7)
    for _ in range(6):
        model.step()
    kept = pickle.loads(pickle.dumps(model))
    kept.run_model()
    assert (model.day, kept.day) == (6, kept.days)
    assert {unit.model for unit in kept.units} == {kept}
    assert kept.outcomes == simulate(inverted, 7).outcomes


@pytest.mark.parametrize(
    "days",
    [
        pytest.param(0, marks=pytest.mark.slow),
        pytest.param(2, marks=pytest.mark.slow),
        pytest.param(99, marks=pytest.mark.slow),
    ],
)
def test_two_hundred_models_made_and_dropped_do_not_grow_memory(days: int) -> None:
    scenario = tiny("flattened", 2, follow_up=1)

    def make_and_drop() -> weakref.ref[DistrictModel]:
        model = Crowded(scenario, agent_reporters=["queued"])
        for _ in range(min(days, model.days)):
            model.step()
        return weakref.ref(model)

    for _ in range(5):
        make_and_drop()
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    dropped = []
    for _ in range(200):
        dropped.append(make_and_drop())
        gc.collect(0 if len(dropped) % 20 else 2)
    gc.collect()
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert [reference for reference in dropped if reference() is not None] == []
    assert grown < 1_000_000


@pytest.mark.filterwarnings("ignore:Failed to validate hooks:UserWarning")  # Mesa's own page
def test_the_example_in_the_documentation_runs() -> None:
    done = doctest.testmod(district)
    assert done.attempted > 0 and done.failed == 0


def test_neither_importing_the_model_nor_simulating_loads_mesa() -> None:
    code = (
        "import sys; import model; from model import load_scenario, simulate; import model.simulation; "
        "print('mesa' in sys.modules); print(callable(model.DistrictModel), 'mesa' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True", "True"]
    assert "DistrictModel" in package.__all__


SCRIPT = """
import sys, mesa, numba
sys.path.insert(0, ".")
version = tuple(int(part) for part in mesa.__version__.split(".")[:2])
if version < (3, 5):
    sys.exit(f"Mesa {mesa.__version__}")
from model import DistrictModel, load_scenario, simulate
scenario = load_scenario("flattened", district="tiny", overrides=
    {"run.window_days": 20, "run.warm_up_days": 5, "run.follow_up_days": 10})
model = DistrictModel(scenario, seed=2, agent_reporters=["queued"])
model.run_model()
theirs = simulate(scenario, 2)
assert model.outcomes == theirs.outcomes
kept = model.datacollector.model_vars
assert {name: list(values) for name, values in theirs.daily.items()} == {name: kept[name] for name in theirs.daily}
assert model.scenario is None
rows = mesa.batch_run(DistrictModel, {"scenario": [scenario]}, rng=[2, None], display_progress=False)
assert {name: str(rows[0][name]) for name in theirs.outcomes} == {k: str(v) for k, v in theirs.numbers().items()}
assert rows[1]["seed"] != rows[0]["seed"] == 2
assert [unit.passed for unit in model.units] == theirs.units["passed"].tolist()
from model.reference import simulate_reference
assert simulate_reference(scenario, 2).cases_total == theirs.cases_total
print("same under Mesa", mesa.__version__)
"""


def newer_pythons() -> list[str]:
    """Return the interpreters to try: the one named in the environment, else newer ones on the path and this one."""
    if named := os.environ.get("WHISTLE_NEWER_PYTHON"):
        return [named]
    return [*(found for name in ("python3.13", "python3.12") if (found := shutil.which(name))), sys.executable]


def has_what_it_takes(python: str) -> bool:
    """Tell whether an interpreter has Mesa from 3.5 on and what the model imports."""
    code = "import sys, numba, pydantic, yaml, mesa; " \
           "sys.exit(tuple(map(int, mesa.__version__.split('.')[:2])) < (3, 5))"  # fmt: skip
    return subprocess.run([python, "-c", code], cwd=ROOT, capture_output=True, check=False).returncode == 0


def test_it_is_the_same_under_a_newer_mesa() -> None:
    able = [python for python in newer_pythons() if has_what_it_takes(python)]
    if not able:
        pytest.skip("no newer Python with Mesa ≥ 3.5 and numba found; name one in WHISTLE_NEWER_PYTHON")
    done = subprocess.run([able[0], "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("same under Mesa 3.")
