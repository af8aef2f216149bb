"""No counter of the engine's tables overflows in any run that is allowed."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from model.config.checks import MOST_COUNTED, MOST_DEPARTMENTS, MOST_STEPS, most_counted_a_step
from model.config.scenario import load_scenario
from model.engine import rows
from model.engine.columns import Column, columns_of
from model.errors import ConfigError
from model.parameter import declarations
from model.simulation import run_tables, simulate
from model.world import MOST_PARTIES, Department, Run, World
from tests.support import tiny, with_values

COUNTED = {"passes", "attempts", "times", "cases", "problems", "slots", "whistles", "closures", "answers", "steps",
           "steps/day", "persons", "departments", "millionths of a case/day",
           "millionths of a whistle/day"}  # fmt: skip
"""Units of whole numbers that may grow as long as a run goes on."""

FEW = {"parties": MOST_PARTIES, "unfilled": MOST_PARTIES, "slots": MOST_PARTIES, "unworked": MOST_PARTIES}
"""Numbers of a case's parties, which do not."""

MOST_DAYS = sum(known.bounds[1] for field, known in declarations(Run) if known.bounds and field.name in
                ("warm_up_days", "window_days", "follow_up_days"))  # fmt: skip


def counters() -> list[tuple[str, Column]]:
    classes = [
        getattr(rows, name) for name in vars(rows) if name == "Tally" or (name.endswith("Row") and name != "Row")
    ]
    return [(row.__name__, column) for row in classes for column in columns_of(row)
            if column.type.startswith("i") and column.unit in COUNTED]  # fmt: skip


@pytest.mark.parametrize(("row", "column"), counters(), ids=lambda part: getattr(part, "name", part))
def test_a_counter_holds_the_longest_run(row: str, column: Column) -> None:
    """Those of a case hold what `MOST_COUNTED` says; sums over cases and units hold it for each of 2^31 cases."""
    most = np.iinfo(column.type).max
    if row == "CaseRow" and column.name in FEW:
        assert most >= FEW[column.name]
    elif row in ("CaseRow", "SlotRow"):
        assert most >= MOST_COUNTED
    else:
        assert most == np.iinfo(np.int64).max


@pytest.mark.parametrize("handing", [0, 5, 100, MOST_DEPARTMENTS])
def test_a_run_in_which_a_case_could_be_passed_on_more_often_than_is_counted_is_refused(handing: int) -> None:
    """The longest run that the bounds of `Run` name is refused; the longest that is not, is counted in full."""
    scenario = load_scenario("inverted", district="tiny")
    departments = tuple(
        Department(code=f"d{i}", hands_over={f"d{(i + 1) % handing}": 0.1} if i < handing else {})
        for i in range(MOST_DEPARTMENTS)
    )
    world = dataclasses.replace(scenario.world, departments=departments)
    assert refused(world, 10_000 * int(MOST_DAYS))
    longest = max(steps for steps in range(1, MOST_STEPS + 1, 999) if not refused(world, steps))
    assert longest * MOST_PARTIES * (handing + 1) <= np.iinfo(np.int32).max
    assert longest > 1_000_000


def refused(world: World, steps: int) -> bool:
    return steps > min(MOST_STEPS, MOST_COUNTED // most_counted_a_step(world))


def test_a_run_too_long_for_its_hand_overs_is_refused_in_words() -> None:
    """Departments that pass cases round in a ring count more a step; otherwise only ten million steps are refused."""
    ring = [f"d{i}" for i in range(MOST_DEPARTMENTS)]
    departments = [{"code": code, "staff": 1, "city_staff": 0, "enforcement": True,
                    "hands_over": {ring[i - 1]: 0.5}} for i, code in enumerate(ring)]  # fmt: skip
    kinds = [{"code": "noise", "duties": {"diffuse": {"d0": 1.0}, "sharp": {"d0": 1.0}}}]
    streets = [{"code": "east", "staff": 1, "community_staff": 0}]
    units = {"departments": departments, "kinds": kinds, "streets": streets, "duty_entries": []}
    units |= {"run.steps_per_day": 1_440}
    assert problems_of(units) == []
    (told,) = problems_of({**units, "run.window_days": 1_000})
    assert told.endswith("run: expected at most 1,044,495 steps in all, got 1,785,600.")


def problems_of(values: dict[str, Any]) -> list[str]:
    try:
        load_scenario("inverted", district="tiny", overrides=values)
    except ConfigError as error:
        return error.problems
    return []


def test_a_case_passed_on_forty_thousand_times_is_counted_right() -> None:
    """A thousand steps a day, answers within no day at all, nobody willing: passes a case were −2659.5."""
    scenario = with_values(
        tiny("inverted", 5, follow_up=60, steps=1_000),
        letters={"transit_days": 0.0, "answer_within": 0.0, "most_passes": 50},
        acceptance={"intercept": -50.0, "answering": 50.0},
        citizens={"patience_days": 100_000.0},
        demand={"requests_per_year": 20_000.0},
    )
    outcomes = simulate(scenario, 3).outcomes
    tables = run_tables(scenario, 3, cases=True)
    settled = tables.settled[: int(tables.districts[0].settled_used)]
    for name in ("passes", "attempts", "evasive"):
        assert settled[name].min() >= 0, name
    assert settled["passes"].max() > np.iinfo(np.int16).max
    assert outcomes["passes_per_case"] is not None
    assert outcomes["passes_per_case"] > 1_000.0
    assert tables.districts[0].passes >= settled["passes"].sum()
