"""The ends of what may be configured: finite, sane, and over in a moment."""

from __future__ import annotations

import dataclasses
import math
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from model.behaviour import Habits
from model.config.scenario import Scenario, load_scenario
from model.outcomes.definitions import OUTCOMES
from model.outcomes.record import Record
from model.parameter import declared, hints, is_topic
from model.policy import Law
from model.simulation import simulate
from model.world import Department, Kind, Run, Street, World
from tests.support import shipped_district, short, tiny, with_values, within, write_district

SECONDS = 60
"""Nothing here takes a second; a loop without end is told from that."""

GROUPS = {"streets": Street, "departments": Department, "kinds": Kind}

MAY_EXCEED_ONE = {"offered_load_street", "offered_load_department"}

NOT_A_SIZE_FOR_TESTS = {
    "demand.requests_per_year",  # a thousand million a year is a question of room, asked by `whistle bench`
    "demand.scale",  # the same
    "staff.load",  # with its smallest value a hundred times the people
}
"""Numbers whose far end only makes the run long."""


def ends(holder: type) -> Iterator[tuple[str, str, Any]]:
    """Yield topic, name and both ends of every declared number; both answers of a switch; every word.

    The length of the run is left out: its ends are a day and millions of steps.
    """
    for topic, kind in hints(holder).items():
        if not is_topic(kind) or kind is Run:
            continue
        for field in dataclasses.fields(kind):
            known = declared(field)
            if known is None or f"{topic}.{field.name}" in NOT_A_SIZE_FOR_TESTS:
                continue
            whole = isinstance(field.default, int)
            bounds = [int(end) if whole else end for end in known.bounds or ()]
            for end in bounds or known.choices or (False, True):
                yield topic, field.name, end


def unit_ends(kind: type) -> Iterator[tuple[str, Any]]:
    """Yield name and both ends of every declared number of a unit or case kind."""
    for field in dataclasses.fields(kind):
        known = declared(field)
        fixed = field.name in ("share", "season", "lat", "lon", "staff", "city_staff", "community_staff")
        if known is not None and known.bounds and not fixed:
            for end in known.bounds:
                yield field.name, int(end) if isinstance(field.default, int) else end


def insane(record: Record) -> list[str]:
    """Return what is not finite or not sane in a record."""
    wrong = []
    for name, value in record.outcomes.items():
        if value is None:
            continue
        bounded = OUTCOMES[name].unit in ("share", "0-1") and name not in MAY_EXCEED_ONE
        if not math.isfinite(value) or (bounded and not -1e-9 <= value <= 1.0 + 1e-9):
            wrong.append(f"{name} = {value}")
        if name != "balance_index" and value < -1e-9:
            wrong.append(f"{name} = {value}")
    for group in (record.daily, record.units):
        for name, column in group.items():
            if column.dtype.kind == "f" and not np.isfinite(column).all():
                wrong.append(f"{name} is not finite")
    return wrong


def outcome_of(scenario: Scenario) -> Record:
    record = within(SECONDS, lambda: simulate(scenario, 1))
    assert insane(record) == []
    return record


@pytest.fixture(scope="module", params=["inverted", "flattened"])
def district(request: pytest.FixtureRequest) -> Scenario:
    return tiny(request.param)


@pytest.mark.parametrize(("topic", "name", "end"), [*ends(Law), *ends(Habits), *ends(World)])
def test_every_declared_number_may_stand_at_its_bounds(district: Scenario, topic: str, name: str, end: Any) -> None:
    record = outcome_of(with_values(district, **{topic: {name: end}}))
    assert record.cases_total > 0 or (topic, name) == ("demand", "weekend")


@pytest.mark.parametrize(
    ("group", "name", "end"),
    [(group, *end) for group, kind in GROUPS.items() for end in unit_ends(kind)],
)
def test_every_number_of_units_and_kinds_may_stand_at_its_bounds(
    district: Scenario, group: str, name: str, end: Any
) -> None:
    units = tuple(dataclasses.replace(unit, **{name: end}) for unit in getattr(district.world, group))
    outcome_of(with_values(district, **{group: units}))


@pytest.mark.parametrize("weight", [0.0, 1.0])
@pytest.mark.parametrize("indicators", [1, 200])
def test_the_streets_weight_may_be_nothing_or_all(district: Scenario, weight: float, indicators: int) -> None:
    record = outcome_of(with_values(district, assessment={"street_weight": weight, "indicators": indicators}))
    assert record.outcomes["closure_rate"] is not None


@pytest.mark.parametrize("end", [0, 1])
def test_all_instruments_at_once_at_either_end(district: Scenario, end: int) -> None:
    both: dict[str, dict[str, list[Any]]] = {}
    for topic, name, value in ends(Law):
        both.setdefault(topic, {}).setdefault(name, []).append(value)
    outcome_of(with_values(district, **{t: {name: values[end] for name, values in v.items()} for t, v in both.items()}))


def test_without_demand_nothing_happens_and_shares_are_undefined(district: Scenario) -> None:
    record = outcome_of(with_values(district, demand={"requests_per_year": 0.0}))
    assert record.cases_total == 0
    assert record.outcomes["closure_rate"] is None
    assert record.outcomes["passes_per_case"] is None
    assert record.daily["open"].sum() == 0


def test_without_staff_no_case_is_worked_and_workloads_are_undefined(district: Scenario) -> None:
    world = dataclasses.replace(
        district.world,
        streets=tuple(dataclasses.replace(s, staff=0, community_staff=0) for s in district.world.streets),
        departments=tuple(dataclasses.replace(d, staff=0, city_staff=0) for d in district.world.departments),
    )
    record = outcome_of(dataclasses.replace(district, world=world))
    assert record.cases_total > 0
    assert record.units["worked"].sum() == 0
    assert record.outcomes["closure_rate"] == 0.0
    assert record.outcomes["workload_department"] is None
    assert record.outcomes["staff_days_per_closure"] is None


def test_with_ample_staff_and_no_behaviour_every_case_is_closed_in_time() -> None:
    scenario = short(load_scenario("null_queue", district="queue", overrides={"departments.office.staff": 500}), 200)
    assert outcome_of(scenario).outcomes["closure_rate"] == pytest.approx(1.0, abs=0.02)


@pytest.mark.parametrize("regime", ["inverted", "flattened"])
def test_one_street_is_a_district(tmp_path: Any, regime: str) -> None:
    content = shipped_district("tiny")
    del content["streets"][1:]
    record = outcome_of(short(load_scenario(regime, district=write_district(tmp_path / "one.yaml", content)), 40))
    assert record.outcomes["equity_gap"] is None
    assert record.cases_total > 500


@pytest.mark.parametrize("regime", ["inverted", "flattened"])
def test_one_department_is_a_district_in_which_nobody_else_can_be_asked(tmp_path: Any, regime: str) -> None:
    content = shipped_district("tiny")
    content["departments"] = [unit for unit in content["departments"] if unit["code"] == "enforcement"]
    content["duty_entries"] = []
    for kind in content["kinds"]:
        kind["joint"] = 0
        for version in kind["duties"].values():
            for code in set(version) - {"street", "enforcement"}:
                del version[code]
            version.setdefault("enforcement", 0.3)
    record = outcome_of(short(load_scenario(regime, district=write_district(tmp_path / "one.yaml", content)), 40))
    assert record.hand_overs[0, 0] == 0
    assert record.units["worked"].sum() > 0


def test_an_absurd_outcome_is_seen() -> None:
    """The check above is able to fail."""
    record = outcome_of(tiny("inverted"))
    record.outcomes["closure_rate"] = 1.2
    record.outcomes["circulating_days"] = math.nan
    record.units["balance"][0] = np.inf
    assert len(insane(record)) == 3


def test_a_run_that_does_not_end_is_seen() -> None:
    with pytest.raises(AssertionError, match="did not end"):
        within(0.01, threading.Event().wait)
