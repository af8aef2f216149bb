"""A street in which nothing happens changes nothing for the others, takes no rank and belongs to no fifth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.config.scenario import Scenario, load_scenario
from model.outcomes.record import Totals
from model.reference import simulate_reference
from model.simulation import blueprint_of, record_of, run_tables
from tests.differences import figures_that_differ
from tests.support import named_history, shipped_district, short, with_values, write_district

REGIMES = ("inverted", "flattened", "e01", "r10", "worst_case")
EMPTY = {"title": {"zh": "空", "en": "Empty"}, "population": 0, "communities": 0, "staff": 0, "community_staff": 0}


def over(path: Path, content: dict[str, Any], regime: str) -> Scenario:
    scenario = short(load_scenario(regime, district=write_district(path, content)), 100, warm_up=40, follow_up=60)
    return with_values(scenario, ranking={"weight": 1.0})


def six_streets() -> dict[str, Any]:
    """Return the tiny district with each street twice, so that there are fifths."""
    content = shipped_district("tiny")
    content["streets"] += [{**street, "code": f"{street['code']}2"} for street in content["streets"]]
    return content


@pytest.mark.parametrize("place", [0, 2, 6])
@pytest.mark.parametrize("regime", REGIMES)
def test_an_empty_street_changes_nothing_of_the_others(tmp_path: Path, regime: str, place: int) -> None:
    content = six_streets()
    without = over(tmp_path / "without.yaml", content, regime)
    content["streets"].insert(place, {"code": ("a", "market_town", "zz")[place // 3], **EMPTY})
    beside = over(tmp_path / "with.yaml", content, regime)
    runs = [run_tables(scenario, 7, history=True) for scenario in (without, beside)]
    plans = [blueprint_of(scenario) for scenario in (without, beside)]
    records = [record_of(scenario, 7, tables) for scenario, tables in zip((without, beside), runs, strict=True)]
    assert named_history(runs[0], plans[0]) == named_history(runs[1], plans[1])
    for name, value in records[
        0
    ].outcomes.items():  # numpy adds eight units at a time: the last bit of a sum may differ
        assert records[1].outcomes[name] == (value if value is None else pytest.approx(value, rel=1e-14)), name
    assert records[1].outcomes["equity_gap"] == records[0].outcomes["equity_gap"]
    assert records[0].outcomes["equity_gap"] is not None
    for column in ("pressure", "standing", "overwork", "credibility", "held_ticks", "case_ticks"):
        by_code = [
            {unit.code: value for unit, value in zip(plan.units, tables.units[column].tolist(), strict=True)}
            for plan, tables in zip(plans, runs, strict=True)
        ]
        assert {code: by_code[1][code] for code in by_code[0]} == by_code[0], column


def test_engine_and_reference_agree_where_a_street_is_empty_and_only_the_others_are_pressed_by_their_rank(
    tmp_path: Path,
) -> None:
    content = shipped_district("tiny")
    content["streets"].append({"code": "zz", **EMPTY})
    scenario = over(tmp_path / "with.yaml", content, "e01")
    tables, reference = run_tables(scenario, 7), simulate_reference(scenario, 7)
    n = blueprint_of(scenario).streets
    pressures = tables.units["pressure"][:n].tolist()
    assert pressures[-1] == 0.0
    assert max(pressures) == 1.0  # the last of three streets, not the third of four
    assert figures_that_differ(tables, reference) == []


def gap(due: list[int], closed: list[int], demand: list[float]) -> float | None:
    streets = np.array([due, closed]).T
    return Totals(
        tally={}, units={}, days=np.zeros((2, 1), np.int64), streets=streets, demand_per_person=np.array(demand),
        closures=0, window_days=1, steps_per_day=1, bins_per_day=1,
    ).equity_gap()  # fmt: skip


def test_fifths_are_of_streets_with_cases_due() -> None:
    full = gap([10] * 6, [9, 8, 5, 6, 7, 3], [1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    assert full is not None
    for at in range(7):
        due, closed = ([*values[:at], 0, *values[at:]] for values in ([10] * 6, [9, 8, 5, 6, 7, 3]))
        assert gap(due, closed, [*range(1, at + 1), at + 0.5, *range(at + 1, 7)]) == full
    assert gap([10] * 4 + [0], [5] * 4 + [0], [1.0, 2.0, 3.0, 4.0, 5.0]) is None
