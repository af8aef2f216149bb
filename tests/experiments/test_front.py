"""What is known before anything is run: numbers of direct runs, and an estimate that tells presets as measured."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from experiments import front as reader
from experiments.design.ensemble import table_of
from experiments.evidence.front import OUTCOMES_SHOWN, Effort, front
from experiments.evidence.front_packages import PRESETS, design, knots, lever_arms, rest_in, value_at
from experiments.evidence.over_worlds import OverWorlds
from experiments.front import Front, front_of, known_front
from experiments.levers import AFTER, BEFORE, LEVERS, left_to_others, settings_of
from experiments.messages import Language
from experiments.stats.surface import EDGE, Surface, fit_surface, linked, nearness, products, quadratic_terms, unlinked
from model import in_world, load_scenario, simulate

TINY: dict[str, object] = {"demand.scale": 0.02, "run.warm_up_days": 5, "run.window_days": 15}
WORLDS = ({"staff.load": 0.75, "citizens.patience_days": 40.0}, {"staff.load": 0.9, "citizens.patience_days": 90.0})


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("front")
    pq.write_table(table_of(WORLDS, {}), folder / "worlds.parquet")
    over = OverWorlds(len(WORLDS), TINY, folder / "worlds.parquet")
    return front(folder, 1, Effort(over, seeds=2, packages=16, design_worlds=1))


@pytest.fixture(scope="module")
def known(plain: dict[str, Any]) -> Front:
    return front_of(json.loads(json.dumps(plain)))


def closed_in_time(regime: str, settings: dict[str, Any], world: int, seed: int) -> float:
    scenario = load_scenario(regime, overrides={**TINY, **settings})
    found = simulate(in_world(scenario, WORLDS[world]), seed).outcomes["closure_rate"]
    assert found is not None
    return found


def test_a_world_speaks_by_the_mean_of_its_seeds(known: Front) -> None:
    for world in range(len(WORLDS)):
        runs = [closed_in_time(AFTER, {}, world, 1 + world + len(WORLDS) * seed) for seed in range(2)]
        assert known.packages[AFTER].outcomes["closure_rate"][world] == pytest.approx(np.mean(runs), abs=1e-5)


def test_a_lever_is_told_by_two_runs_of_the_same_luck(known: Front) -> None:
    lever = LEVERS["street_weight"]
    changes = [
        closed_in_time(BEFORE, lever.settings(lever.after), world, 1 + world)
        - closed_in_time(BEFORE, lever.settings(lever.before), world, 1 + world)
        for world in range(len(WORLDS))
    ]
    assert known.levers["street_weight"].alone[1] == pytest.approx(np.median(changes), abs=1e-5)


def test_people_are_told_where_a_lever_moves_some(known: Front) -> None:
    people = {name: each.people for name, each in known.levers.items()}
    assert {name for name, count in people.items() if count > 0} == {"moved", "stationed", "follow"}
    assert min(people.values()) == 0


def test_every_kind_and_street_is_told_in_every_world(known: Front) -> None:
    for package in known.packages.values():
        assert len(package.in_time) == len(package.days) == len(known.kinds)
        assert len(package.streets) == len(known.streets) == LEVERS["whistle_streets"].high
        assert {len(each) for each in (*package.in_time, *package.days, *package.streets)} == {len(WORLDS)}


def test_the_estimate_tells_every_preset_as_it_was_measured(known: Front) -> None:
    for preset in PRESETS:
        told = known.estimate.at({name: lever.value_in(preset) for name, lever in LEVERS.items()}, preset)
        for outcome in OUTCOMES_SHOWN:
            measured = known.packages[preset].median(outcome)
            assert measured is not None
            # shares beyond the edge are told at it
            assert told[outcome] == pytest.approx(measured, abs=1.1 * EDGE), (preset, outcome)


def test_what_turns_and_what_does_not_are_all_that_was_tried(known: Front) -> None:
    kept = [trial.kept for trial in (*known.turns, *known.steady)]
    assert kept == sorted(kept)
    assert all(trial.kept < 0.5 for trial in known.turns) and all(trial.kept >= 0.5 for trial in known.steady)
    for trial in (*known.turns, *known.steady):
        pairs = zip(trial.before["closure_rate"], trial.outcomes["closure_rate"], strict=True)
        assert trial.worse == sum(end <= start for start, end in pairs if start is not None and end is not None)
        assert trial.title(Language.EN) != trial.title(Language.ZH)
    # a fact of the district is changed before the reform too
    full = next(trial for trial in (*known.turns, *known.steady) if trial.name == "full")
    assert full.before["closure_rate"] != known.turns[0].before["closure_rate"] or not known.turns[0].assumed
    assert full.before["closure_rate"][0] == pytest.approx(closed_in_time(BEFORE, dict(full.values), 0, 1), abs=1e-5)


def test_a_model_that_has_changed_since_is_told(known: Front) -> None:
    assert not known.stale
    assert dataclasses.replace(known, fingerprint="another").stale


def test_nothing_is_known_before_it_is_measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(reader, "measured_file", lambda name: tmp_path / f"{name}.json")
    assert known_front() is None


def test_the_design_lies_on_the_values_that_packages_have() -> None:
    packages = list(design(64))
    assert len({arm.key for _, arm in packages}) > 60
    others = left_to_others(AFTER)
    for values, arm in packages:
        rest = values.pop(reader.REST)
        assert arm.settings == {**settings_of(values), **(others if rest else {})}
        assert all(values[name] in lever.stops for name, lever in LEVERS.items())
    for name, lever in LEVERS.items():
        at_rest = sum(values[name] == lever.before for values, _ in packages)
        assert at_rest >= len(packages) / 4
    assert rest_in(BEFORE) == 0.0 and rest_in(AFTER) == rest_in("rules_only") == 1.0


def test_places_rise_with_the_strength_of_a_lever() -> None:
    for lever in LEVERS.values():
        points = np.array(knots(lever)).T
        places = [float(np.interp(value, *points)) for value in lever.stops]
        assert places == sorted(places) and places[0] == 0.0 and places[-1] == 1.0
        assert value_at(lever, 0.1) == lever.before and value_at(lever, 0.999999) == lever.stops[-1]


def test_a_lever_that_acts_on_another_is_measured_with_it() -> None:
    for off, on in lever_arms("follow").values():
        assert off.settings["powers.delegated"] == on.settings["powers.delegated"] > 0.0
        assert off.settings["placement.follow_powers"] == 0.0 < on.settings["placement.follow_powers"]


def said(surface: Surface, at: Any, points: Any, terms: Any) -> Any:
    return products(at, terms) @ surface.coefficients + nearness(at, points, surface.reach) @ surface.weights


def test_a_surface_finds_a_planted_quadratic() -> None:
    rng, terms = np.random.default_rng(1), quadratic_terms(3)
    points, elsewhere, planted = rng.random((60, 3)), rng.random((20, 3)), np.linspace(-1.0, 1.0, len(terms))
    found = fit_surface(points, products(points, terms) @ planted, terms)
    assert said(found, elsewhere, points, terms) == pytest.approx(products(elsewhere, terms) @ planted, abs=0.02)


def test_a_surface_follows_a_bend_that_no_quadratic_has() -> None:
    rng, terms = np.random.default_rng(3), quadratic_terms(2)
    points, elsewhere = rng.random((80, 2)), rng.random((20, 2))
    found = fit_surface(points, np.sin(8.0 * points[:, 0]), terms)
    assert said(found, elsewhere, points, terms) == pytest.approx(np.sin(8.0 * elsewhere[:, 0]), abs=0.05)


def test_what_is_said_of_a_left_out_point_is_what_a_fit_without_it_says() -> None:
    rng, terms = np.random.default_rng(2), quadratic_terms(2)
    points = rng.random((40, 2))
    values = points[:, 0] ** 2 - points[:, 1] + rng.normal(0.0, 0.05, 40)
    found = fit_surface(points, values, terms)
    rest = np.arange(40) != 7
    without = fit_surface(points[rest], values[rest], terms)
    assert found.left_out[7] == pytest.approx(float(said(without, points[[7]], points[rest], terms)[0]), abs=0.02)
    # noise cannot be foretold: an error smaller than it would be one of points that were fitted to
    assert np.std(found.left_out - values) > 0.04


def test_shares_stay_shares() -> None:
    values = np.array([0.0, 0.2, 1.0])
    assert unlinked(linked(values, "logit"), "logit") == pytest.approx(values, abs=1.1 * EDGE)
    assert unlinked(np.array([-50.0, 50.0]), "logit") == pytest.approx([0.0, 1.0])
    assert unlinked(linked(values, "identity"), "identity") == pytest.approx(values)
