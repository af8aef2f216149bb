"""Which case is told, and that its course is told as its events say."""

from __future__ import annotations

import itertools

import numpy as np
import pyarrow.parquet as pq
import pytest

from experiments.evidence.case_tracks import MARKS, WAITS, Event, track_of
from experiments.evidence.stories import REGIMES, CaseLog, case_log, cases_of, stories_of
from experiments.store.files import read_measured
from model import Activity, Scenario, load_scenario, log_run

A = Activity
SMALL = {"demand.scale": 0.02, "run.warm_up_days": 10, "run.window_days": 60, "run.follow_up_days": 60}


def _events(*steps: tuple[float, Activity, str]) -> list[Event]:
    return [Event(day, activity, unit) for day, activity, unit in steps]


def test_a_course_has_every_step_and_no_day_is_told_twice() -> None:
    told = track_of(
        _events(
            (0.0, A.REPORTED, "street"), (0.0, A.REFERRED, "street"), (0.0, A.OFFERED, "housing"),
            (6.0, A.PASSED, "housing"), (6.0, A.OFFERED, "planning"), (9.0, A.ACCEPTED, "planning"),
            (10.0, A.ABSENT, "planning"), (12.0, A.ASSEMBLED, "street"), (15.0, A.STARTED, "planning"),
            (16.0, A.WORK_DONE, "planning"), (20.0, A.CLOSED, "street"), (20.0, A.DONE, "street"),
        ),
        20.0, 20.0,
    )  # fmt: skip
    assert [(each["day"], each["what"]) for each in told["marks"]] == [
        (0.0, "reported"), (0.0, "letter"), (6.0, "passed"), (6.0, "letter_again"), (9.0, "accepted"),
        (10.0, "absent"), (15.0, "started"), (20.0, "closed"),
    ]  # fmt: skip
    waits = [(each["from"], each["until"], each["what"]) for each in told["waits"]]
    assert waits == [
        (0.0, 6.0, "answer"), (6.0, 9.0, "answer"), (9.0, 12.0, "gathering"), (12.0, 15.0, "queue"),
        (15.0, 16.0, "work"), (16.0, 20.0, "procedure"),
    ]  # fmt: skip


def test_what_was_closed_on_paper_or_given_up_is_told() -> None:
    told = track_of(
        _events(
            (0.0, A.REPORTED, "street"), (0.0, A.WHISTLED, "street"), (5.0, A.SCREENED, "street"),
            (5.0, A.OFFERED, "housing"), (8.0, A.CLOSED_COSMETICALLY, "street"), (11.0, A.REOPENED, "street"),
            (30.0, A.DROPPED, "street"),
        ),
        None, 30.0,
    )  # fmt: skip
    whats = [each["what"] for each in told["marks"]]
    assert whats == ["reported", "whistle", "sent", "paper", "reopened", "dropped"]
    assert [each["what"] for each in told["waits"]] == ["platform", "answer", "paper", "street"]
    still = track_of(_events((0.0, A.REPORTED, "street")), None, 60.0)
    assert [each["what"] for each in still["marks"]] == ["reported", "open"]


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[CaseLog], Scenario]:
    folder, found = tmp_path_factory.mktemp("logs"), []
    for regime in REGIMES:
        scenario = load_scenario(regime, overrides=SMALL)
        log_run(scenario, 1, folder / f"{regime}.parquet")
        found.append(case_log(pq.read_table(folder / f"{regime}.parquet")))
    return found, scenario


def test_the_case_told_is_the_same_in_both_districts_and_ends_as_its_log_says(
    logs: tuple[list[CaseLog], Scenario],
) -> None:
    sides, scenario = logs
    found = stories_of(sides, scenario.run)
    ids = [each["id"] for each in found["stories"]]
    assert len(ids) == len(set(ids)) > 10
    assert {found["first"], found["worse"]} <= set(ids)
    cases = [cases_of(log, scenario.run.follow_up_days) for log in sides]
    for story in found["stories"]:
        rows = [int(np.flatnonzero(log.ids == story["case"])[0]) for log in sides]
        assert [log.kind[row] for log, row in zip(sides, rows, strict=True)] == [story["kind"]] * 2
        assert cases[1].whistled[rows[1]]
        for side, row, known in zip(("before", "after"), rows, cases, strict=True):
            days = float(known.days[row])
            assert story[side]["days"] == (round(days, 2) if np.isfinite(days) else None)
            assert story[side]["marks"][-1]["day"] == pytest.approx(float(known.end[row]), abs=0.01)


def test_stories_that_are_kept_are_whole_and_one_of_them_got_worse() -> None:
    kept = read_measured("stories")
    stories = {each["id"]: each for each in kept["stories"]}
    assert stories[kept["worse"]]["turned"] == "worse"
    assert {each["turned"] for each in stories.values()} == {"better", "same", "worse"}
    for story, side in itertools.product(stories.values(), ("before", "after")):
        track = story[side]
        assert {each["what"] for each in track["marks"]} <= {*MARKS}
        assert {each["what"] for each in track["waits"]} <= {*WAITS}
        assert any(mark["what"] == "whistle" for mark in story["after"]["marks"])
        ends = [(each["from"], each["until"]) for each in track["waits"]]
        assert all(until <= after for (_, until), (after, _) in itertools.pairwise(ends))
        assert (track["days"] is None) == (track["marks"][-1]["what"] in ("dropped", "open"))
