"""The district that is watched: the same run as `simulate`, followed event by event."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.colours import RAMP
from experiments.messages import Language, in_language
from experiments.page.district_tab import STEPS, charts, moving, still
from experiments.page.ledger import SMOOTHED, Ledger, limits_of
from experiments.page.stage import BREAKS, HEIGHT, UNKNOWN, WIDTH, colour_of, legend, placed, stage_of
from experiments.page.watch import MEASURES, SIDES, Painter, Picture
from model import Activity, DistrictModel, Scenario, load_scenario, simulate
from model.terms import TRADED


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario("flattened", district="tiny", overrides={"run.warm_up_days": 0, "run.window_days": 60})


def test_watching_changes_nothing(scenario: Scenario) -> None:
    painter = Painter(scenario, 3)
    painter.picture(None, None, False)
    painter.advance(1000)
    assert painter.over
    seen, run = painter.picture(2, None, False), simulate(scenario, 3)
    assert seen.day == seen.days == 60 and seen.outcomes == run.outcomes
    for watched_as, name in (("reported", "reported"), ("passes", "passes")):
        assert list(seen.series[watched_as]) == run.daily[name][:60].tolist()
    levels = [run.daily[f"queued_{level}"] for level in SIDES["streets"]]
    assert list(seen.series["backlog_streets"]) == np.sum(levels, axis=0)[:60].tolist()
    assert any(value is not None for value in seen.measures["workload"])  # hours are told to the last day


def test_what_is_taken_of_the_events_is_all_of_them_once(scenario: Scenario) -> None:
    whole, piece = (DistrictModel(scenario, seed=1, events=True) for _ in range(2))
    whole.run_model()
    taken = []
    while piece.running:
        piece.step()
        taken.append(piece.take_events())
    assert whole.record is not None and whole.record.events is not None
    for name in ("key", "activity", "unit", "detail"):
        assert np.array_equal(np.concatenate([each[name] for each in taken]), whole.record.events[name])


@pytest.mark.parametrize("regime", ["inverted", "flattened"])
def test_the_curve_of_closure_is_the_outcome(regime: str) -> None:
    """Four weeks reported are the cohort of a run that observes them, but for problems that were hidden before."""
    window = {"run.warm_up_days": 60, "run.window_days": SMOOTHED}
    scenario = load_scenario(regime, district="tiny", overrides=window)
    model = DistrictModel(scenario, seed=2, events=True)
    ledger = Ledger(len(model.units), len(scenario.world.streets), limits_of(model))
    for _ in range(60 + SMOOTHED + ledger.longest):
        model.step()
        ledger.take(model.take_events())
    outcomes = simulate(scenario, 2).outcomes
    for found, name in ((ledger.real, "closure_rate"), (ledger.declared, "reported_closure_rate")):
        assert found == pytest.approx(outcomes[name], abs=0.02)


STREETS = (
    ("inverted", "no", "no"),
    ("flattened", "yes", "no"),
    ("delegated_2020", "no", "in 60 % of such requests"),
)


@pytest.mark.parametrize(("regime", "whistles", "power"), STREETS)
def test_what_a_street_may_is_what_the_rules_in_force_say(regime: str, whistles: str, power: str) -> None:
    scenario = load_scenario(regime, district="tiny", overrides={"run.warm_up_days": 1})
    told = moving(stage_of(scenario, Language.EN), Painter(scenario, 1).picture(0, None, False), "backlog", Language.EN)
    facts = dict(told["unit"]["facts"])
    assert facts["enforcement power"] == power
    assert facts["may whistle"] == whistles


def test_cases_move_from_where_they_were(scenario: Scenario) -> None:
    events = {
        "key": np.array([7, 7, 7, 7], np.uint64),
        "activity": np.array([Activity.REPORTED, Activity.WHISTLED, Activity.OFFERED, Activity.OFFERED]),
        "unit": np.array([1, 1, 9, 8]), "detail": np.zeros(4, int), "day": np.array([0.1, 0.2, 0.3, 0.6]),
    }  # fmt: skip
    ledger = Ledger(12, 4, [7.0])
    ledger.take(events)
    assert ledger.flows == {(1, 9): 1, (9, 8): 1}
    assert ledger.story(7) == ledger.story(7, days=1) and len(ledger.story(7)) == 4


def test_every_activity_belongs_to_one_of_the_seven_steps_or_to_none_that_a_case_has() -> None:
    listed = [activity for activities in STEPS.values() for activity in activities]
    assert len(STEPS) == 7 and len(listed) == len(set(listed)) and set(listed) == set(Activity) - TRADED


def test_streets_do_not_overlap_and_keep_their_directions() -> None:
    world = load_scenario("base").world
    radii = [10.0 + (place % 5) * 5 for place in range(len(world.streets))]
    at = placed([(street.lat, street.lon) for street in world.streets], radii, (WIDTH, HEIGHT))
    assert at.min() >= 0 and (at <= [WIDTH, HEIGHT]).all()
    far = np.sqrt(((at[:, None] - at[None]) ** 2).sum(axis=2)) + 1e9 * np.eye(len(at))
    assert (far - np.add.outer(radii, radii)).min() > -1.0
    north = np.array([street.lat for street in world.streets], dtype=np.float64)
    assert np.corrcoef(north, -at[:, 1])[0, 1] > 0.9


def test_without_coordinates_a_plain_scheme_is_drawn(scenario: Scenario) -> None:
    stage = stage_of(scenario, Language.EN)
    assert stage["note"].startswith("This district has no coordinates")
    assert len(set(stage["fields"]["wide"]["spots"])) == len(stage["streets"]) > 1


@pytest.mark.parametrize("measure", MEASURES)
def test_colours_follow_the_legend(measure: str) -> None:
    with in_language(Language.EN):
        shown = legend(measure)
    assert [each["colour"] for each in shown[:-1]] in (list(RAMP), list(RAMP)[::-1])
    values = [BREAKS[measure][0] - 0.01, *BREAKS[measure]]
    assert [colour_of(measure, value) for value in values] == [each["colour"] for each in shown[:-1]]
    assert colour_of(measure, None) == UNKNOWN


@pytest.mark.parametrize("language", list(Language))
def test_everything_of_a_picture_is_told_in_both_languages(scenario: Scenario, language: Language) -> None:
    painter = Painter(scenario, 1)
    painter.advance(30)
    key = painter.newest_case(0)
    stage = stage_of(scenario, language)
    department = stage["departments"][0]["row"]
    told = moving(stage, painter.picture(department, key, True), "backlog", language)
    assert told["ready"] and told["playing"] and told["unit"]["facts"] and len(told["followed"]["steps"]) == 7
    assert len(told["colours"]) == len(stage["streets"]) + len(stage["departments"])
    street = moving(stage, painter.picture(0, None, True), "closure", language)
    assert len(street["unit"]["facts"]) > len(told["unit"]["facts"]) and street["unit"]["did"]
    assert {len(each["lines"]) for each in charts(painter.picture(None, None, True), language)} <= {2, 3, 4, 5}
    assert still(stage, "backlog", language)["words"]["play"]
    assert moving(stage, Picture(trouble="ValueError: why"), "backlog", language)["trouble"]
