"""Event logs: what was written is read back, and measuring it gives the run's own outcomes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from model.config.files import shipped_root
from model.engine.tables import DAILY
from model.events import FORMATS, MEASURED, LogError, check_log_path, log_run, measure, read_log
from model.events.columns import ACTIVITY_NAMES, COLUMNS
from model.rules.accept import REASONS
from model.simulation import run_tables, simulate
from model.terms import Activity
from tests.support import history_of, tiny, with_values


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("regime", ["inverted", "flattened"])
def test_measuring_a_log_gives_the_outcomes_of_its_run(tmp_path: Path, regime: str, suffix: str) -> None:
    scenario = tiny(regime, 120, warm_up=30, follow_up=60)
    record, count = log_run(scenario, 3, tmp_path / f"log{suffix}")
    log = read_log(tmp_path / f"log{suffix}")
    assert len(log.case) == count > 10_000
    measured = measure(log, scenario)
    assert {name: (measured[name], record.outcomes[name]) for name in MEASURED
            if measured[name] != record.outcomes[name]} == {}  # fmt: skip
    assert measure(log) == measured  # the log carries the facts of its run
    assert [path.name for path in tmp_path.iterdir()] == [f"log{suffix}"]


@pytest.mark.parametrize("regime", ["r02", "r06", "n06", "n11", "e01", "worst_case", "null_queue"])
def test_measuring_holds_under_other_rules(tmp_path: Path, regime: str) -> None:
    scenario = with_values(tiny(regime, 90, warm_up=10, follow_up=45), citizens={"feedback": 1.0, "patience_days": 8.0})
    record, _ = log_run(scenario, 4, tmp_path / "log.parquet")
    measured = measure(read_log(tmp_path / "log.parquet"), scenario)
    assert {name: (measured[name], record.outcomes[name]) for name in MEASURED
            if measured[name] != record.outcomes[name]} == {}  # fmt: skip


def test_a_pass_after_which_the_district_decides_may_be_evasive_too(tmp_path: Path) -> None:
    """What `DETAILS` says of `passed` holds whoever chooses the next unit."""
    log_run(tiny("r03", 300), 3, tmp_path / "log.parquet")
    log, last = read_log(tmp_path / "log.parquet"), dict[Any, int]()
    before_decision = set[int]()
    for case, activity, detail in zip(log.case, log.activity, log.detail, strict=True):
        if activity == Activity.PASSED:
            last[case] = int(detail)
        elif activity == Activity.DECIDED:
            before_decision.add(last[case])
    assert before_decision == {0, 1}


def test_a_lost_event_is_seen_by_measuring(tmp_path: Path) -> None:
    scenario = tiny("inverted", 60, follow_up=45)
    record, _ = log_run(scenario, 3, tmp_path / "log.csv")
    lines = (tmp_path / "log.csv").read_text("utf-8").splitlines(keepends=True)
    (tmp_path / "log.csv").write_text("".join(line for line in lines if '"passed"' not in line), encoding="utf-8")
    assert measure(read_log(tmp_path / "log.csv"), scenario)["passes_per_case"] != record.outcomes["passes_per_case"]


def test_a_log_that_lost_its_facts_or_a_birth_is_not_measured(tmp_path: Path) -> None:
    log_run(tiny("inverted", 20, follow_up=30), 3, tmp_path / "log.csv")
    lines = (tmp_path / "log.csv").read_text("utf-8").splitlines(keepends=True)
    assert [place for place, line in enumerate(lines) if "demand_per_person" in line] == [1]
    (tmp_path / "log.csv").write_text("".join(lines[:1] + lines[2:]), encoding="utf-8")
    with pytest.raises(LogError, match="carries the facts of the run is missing"):
        measure(read_log(tmp_path / "log.csv"))
    (tmp_path / "log.csv").write_text("".join(lines[:2] + [x for x in lines[2:] if '"born"' not in x]), "utf-8")
    with pytest.raises(LogError, match="do not begin with their birth"):
        measure(read_log(tmp_path / "log.csv"))


def test_streaming_changes_neither_the_run_nor_its_history(tmp_path: Path) -> None:
    scenario = tiny("flattened", 60, follow_up=30)
    record, count = log_run(scenario, 5, tmp_path / "log.parquet")
    kept = simulate(scenario, 5)
    assert record.outcomes == kept.outcomes
    assert all(np.array_equal(record.daily[name], kept.daily[name]) for name in DAILY)
    lines = history_of(run_tables(scenario, 5, history=True))
    log = read_log(tmp_path / "log.parquet")
    assert len(lines) == count
    assert np.array_equal(log.when, lines["when"])
    assert np.array_equal(log.activity, lines["activity"])
    assert log.case.tolist() == [f"{key:016x}" for key in lines["key"].tolist()]


WEIGHTS = {"not_its_duty": "membership"}
"""Keys of `acceptance` that do not have the name of their reason."""


@pytest.mark.parametrize("reason", [each.name for each in REASONS])
def test_a_pass_tells_the_reason_that_weighs_most(reason: str, tmp_path: Path) -> None:
    """Where one weight alone is above zero, it is the reason; where it says nothing, the first one stands."""
    keys = [WEIGHTS.get(each.name, each.name) for each in REASONS]
    weights = {key: 9.0 if key == WEIGHTS.get(reason, reason) else 0.0 for key in keys}
    scenario = with_values(
        tiny("inverted", 40, follow_up=40), acceptance={**weights, "intercept": -weights["membership"]}
    )
    log_run(scenario, 3, tmp_path / "log.csv")
    events = pd.read_csv(tmp_path / "log.csv", usecols=["concept:name", "reason"])
    passed = events["concept:name"] == "passed"
    assert events["reason"][~passed].isna().all()
    told = events["reason"][passed].value_counts()
    assert told.sum() == passed.sum() > 100
    assert set(told.index) <= {reason, REASONS[0].name} and told[reason] > 50


def test_every_activity_of_a_log_belongs_to_the_closed_set(tmp_path: Path) -> None:
    log_run(tiny("flattened", 30, follow_up=30), 5, tmp_path / "log.xes")
    events = ElementTree.parse(tmp_path / "log.xes").getroot().iter("{http://www.xes-standard.org/}event")
    names = {child.get("value") for event in events for child in event if child.get("key") == "concept:name"}
    assert {"born", "reported", "whistled", "closed"} <= names <= set(ACTIVITY_NAMES)


def test_an_object_centric_log_relates_every_event_to_its_case_and_unit(tmp_path: Path) -> None:
    log_run(tiny("flattened", 20, follow_up=30), 5, tmp_path / "log.jsonocel")
    whole = json.loads((tmp_path / "log.jsonocel").read_text("utf-8"))
    assert set(whole) == {"objectTypes", "eventTypes", "objects", "events"}
    ids = {each["id"] for each in whole["objects"]}
    assert all({link["objectId"] for link in event["relationships"]} <= ids for event in whole["events"])
    assert {event["type"] for event in whole["events"]} <= {kind["name"] for kind in whole["eventTypes"]}


def test_a_log_that_cannot_be_written_is_told_before_the_run(tmp_path: Path) -> None:
    with pytest.raises(
        LogError, match=r"expected the suffix .parquet or .csv or .xes or .jsonocel or .json, got '.txt'"
    ):
        check_log_path(tmp_path / "log.txt")
    with pytest.raises(LogError, match="does not exist"):
        check_log_path(tmp_path / "nowhere" / "log.csv")
    (tmp_path / "log.csv").mkdir()
    with pytest.raises(LogError, match="is a folder"):
        check_log_path(tmp_path / "log.csv")


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", "<log/>", '{"events": [], "objects": []}'])
def test_a_file_that_is_no_log_of_this_model_is_told(tmp_path: Path, suffix: str, content: str) -> None:
    path = tmp_path / f"log{suffix}"
    path.write_text(content, "utf-8")
    with pytest.raises(LogError, match=r"log\."):
        read_log(path)


def test_nothing_half_written_remains(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("model.events.files.event_table", broken)
    with pytest.raises(OSError, match="disk full"):
        log_run(tiny("inverted", 5, follow_up=5), 1, tmp_path / "log.xes")
    assert list(tmp_path.iterdir()) == []


def test_the_page_of_activities_is_complete() -> None:
    page = (shipped_root() / "EVENTS.md").read_text("utf-8")
    assert all(f"`{activity.name.lower()}`" in page for activity in Activity)
    assert all(f"`{name}`" in page for name, _ in COLUMNS)
