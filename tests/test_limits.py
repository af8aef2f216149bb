"""Limits that are assumptions are parameters: what counts as reported, and when supervision looks again."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.design.targets import lead_days
from experiments.stats.panel import PanelReduction
from model.config.scenario import Scenario
from model.errors import ConfigError
from model.events import log_run, read_log
from model.events.measuring import measure
from model.reference import simulate_reference
from model.reference.district import ReferenceDistrict
from model.rng import LARGEST_SEED
from model.simulation import run_tables, simulate
from model.terms import TICKS_PER_DAY, Activity
from tests.differences import figures_that_differ
from tests.experiments.panels import total
from tests.support import history_of, tiny, with_values


def followed(least: int, days: int = 60) -> Scenario:
    return with_values(tiny("inverted", 120, follow_up=60), run={"least_follow_up_days": least, "follow_up_days": days})


@pytest.mark.parametrize("least", [0, 7, 30, 60])
def test_a_problem_counts_if_it_is_reported_with_so_much_of_its_follow_up_left(least: int) -> None:
    scenario = followed(least)
    record = simulate(scenario, 3, cases=True)
    assert record.cases is not None
    own = record.cases["reported"] - record.cases["born"] <= 60 - least
    hidden = record.cases["was_hidden"]
    assert record.outcomes["hidden_found_share"] == (own & hidden).sum() / hidden.sum()
    panel = PanelReduction.of(scenario).panel(record)
    assert total(panel, "closure_rate") == record.outcomes["closure_rate"]
    assert panel.sums["reported"].sum() == own.sum()
    assert lead_days(scenario) == 60 - least


def test_the_more_must_be_left_the_fewer_count_and_nobody_acts_otherwise() -> None:
    runs = [run_tables(followed(least), 3, history=True) for least in (0, 30, 60, 61)]
    found = [int(tables.tallies[0].found) for tables in runs]
    assert found[0] > found[1] > found[2] == found[3] == 0
    assert len({history_of(tables).tobytes() for tables in runs}) == 1


@pytest.mark.parametrize("least", [0, 45])
def test_engine_reference_and_log_count_alike(tmp_path: Path, least: int) -> None:
    scenario = followed(least)
    assert figures_that_differ(run_tables(scenario, 3), simulate_reference(scenario, 3)) == []
    log_run(scenario, 3, tmp_path / "log.csv")
    measured, outcomes = measure(read_log(tmp_path / "log.csv")), simulate(scenario, 3).outcomes
    assert measured["hidden_found_share"] == outcomes["hidden_found_share"]
    assert measured["closure_rate"] == pytest.approx(outcomes["closure_rate"])


def pressing(**values: Any) -> Scenario:
    return with_values(
        tiny("r03", 100),
        coordination={"press": 1.0, "presses_per_day": 100_000, **values},
        acceptance={"answering": -10.0, "pressure": 0.0},
        citizens={"patience_days": 10_000.0},
    )


@pytest.mark.parametrize("again", [0.0, 1.0, 3.5, 7.0, 21.0])
def test_supervision_looks_again_after_so_many_days(again: float) -> None:
    lines = history_of(run_tables(pressing(press_again_days=again), 4, history=True))
    lines = lines[lines["activity"] == Activity.PRESSED]
    gaps = [
        second - first
        for key in np.unique(lines["key"])
        for first, second in pairwise(np.sort(lines["when"][lines["key"] == key]).tolist())
    ]
    assert len(gaps) > 100
    assert np.median(gaps) == max(again, 1.0 if again < 1.0 else again) * TICKS_PER_DAY


def test_engine_and_reference_look_again_alike() -> None:
    scenario = pressing(press_again_days=2.5)
    lines = history_of(run_tables(scenario, 4, history=True))
    reference = simulate_reference(scenario, 4, history=True).history or ()
    told = sorted((int(line["when"]), int(line["key"])) for line in lines if line["activity"] == Activity.PRESSED)
    assert told == sorted((line[0], line[1]) for line in reference if line[2] == Activity.PRESSED)


@pytest.mark.parametrize("seed", [-1, LARGEST_SEED + 1, 1.0, True, "1", None])
def test_the_reference_refuses_what_is_no_seed_like_the_engine(seed: Any) -> None:
    scenario = tiny("inverted", 5)
    told = []
    for run in (simulate, ReferenceDistrict, simulate_reference):
        with pytest.raises(ConfigError) as caught:
            run(scenario, seed)
        told.append(caught.value.problems)
    assert told[0] == told[1] == told[2]
