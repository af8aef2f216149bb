"""The district that is watched: the same run as `simulate`, followed event by event."""

from __future__ import annotations

import threading
import time
from collections import Counter

import numpy as np
import pytest

from experiments.messages import Language, in_language
from experiments.page.district_tab import STEPS, charts, moving, still
from experiments.page.ledger import DAYS_TO_CLOSE, Ledger
from experiments.page.stage import BREAKS, COLOURS, HEIGHT, UNKNOWN, WIDTH, colour_of, legend, placed, stage_of
from experiments.page.watch import MEASURES, Orders, Painter, Picture, Watch, watched
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
    for watched_as, name in (("reported", "reported"), ("passes", "passes"), ("backlog_street", "queued_street")):
        assert list(seen.series[watched_as]) == run.daily[name][:60].tolist()
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


def test_closed_within_fifteen_days_is_what_counting_by_hand_gives(scenario: Scenario) -> None:
    model = DistrictModel(scenario, seed=2, events=True)
    ledger = Ledger(len(model.units), len(scenario.world.streets))
    reported, closed = dict[int, tuple[int, int, float]](), dict[int, list[float]]()
    for day in range(40):
        model.step()
        events = model.take_events()
        ledger.take(events)
        for key, activity, unit, when in zip(*(events[name].tolist() for name in ("key", "activity", "unit", "day")),
                                             strict=True):  # fmt: skip
            if activity == Activity.REPORTED:
                reported[key] = (day, unit, when)
            elif activity == Activity.CLOSED:
                closed.setdefault(key, []).append(when)
    due = {key: each for key, each in reported.items() if 40 - DAYS_TO_CLOSE - 28 <= each[0] < 40 - DAYS_TO_CLOSE}
    hit = {key for key, (_, _, since) in due.items()
           if any(when - since <= DAYS_TO_CLOSE for when in sorted(closed.get(key, []))[:1])}  # fmt: skip
    assert ledger.real == pytest.approx(len(hit) / len(due))
    counts, hits = Counter(each[1] for each in due.values()), Counter(due[key][1] for key in hit)
    assert all(ledger.by_street[row] == pytest.approx(hits[row] / count) for row, count in counts.items())
    assert ledger.declared is not None and ledger.real is not None and ledger.declared >= ledger.real


STREETS = (
    ("inverted", "no", "no"),
    ("flattened", "yes", "no"),
    ("delegated_2020", "no", "in 60 % of such cases"),
)


@pytest.mark.parametrize(("regime", "whistles", "power"), STREETS)
def test_what_a_street_may_is_what_the_rules_in_force_say(regime: str, whistles: str, power: str) -> None:
    scenario = load_scenario(regime, district="tiny")
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
    ledger = Ledger(12, 4)
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
    assert stage["note"].startswith("Schematic: this district has no coordinates.")
    assert len({(each["x"], each["y"]) for each in stage["streets"]}) == len(stage["streets"]) > 1


@pytest.mark.parametrize("measure", MEASURES)
def test_colours_follow_the_legend(measure: str) -> None:
    with in_language(Language.EN):
        shown = legend(measure)
    assert [each["colour"] for each in shown[:-1]] in (list(COLOURS), list(COLOURS)[::-1])
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


def test_a_watch_plays_steps_stops_and_is_freed() -> None:
    seen: list[Picture] = []
    new = threading.Event()

    def show(picture: Picture) -> None:
        seen.append(picture)
        new.set()

    def wait_for(day: int) -> None:
        limit = time.monotonic() + 60
        while seen[-1].day < day if seen else True:
            assert time.monotonic() < limit
            new.wait(1)
            new.clear()

    watch = Watch(watched(load_scenario("inverted", district="tiny")), 1, show, Orders())
    watch.start()
    wait_for(0)
    watch.order(steps=1)
    wait_for(1)
    assert seen[-1].day == 1 and not seen[-1].playing
    watch.order(speed=100, playing=True)
    wait_for(30)
    watch.order(playing=False)
    limit = time.monotonic() + 30
    while any(picture.playing for picture in seen[-1:]) and time.monotonic() < limit:
        time.sleep(0.05)
    assert not any(picture.playing for picture in seen[-1:])  # who looks is told that days have stopped
    watch.close()
    watch.join(10)
    assert not watch.is_alive()
    assert not seen[-1].trouble


def test_a_run_that_breaks_is_shown_and_not_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Picture] = []

    def broken(*_: object) -> None:
        raise ArithmeticError("asked to fail")

    monkeypatch.setattr(Painter, "__init__", broken)
    watch = Watch(load_scenario("inverted", district="tiny"), 1, seen.append, Orders())
    watch.start()
    watch.join(10)
    assert not watch.is_alive()
    assert seen[-1].trouble == "ArithmeticError: asked to fail"
