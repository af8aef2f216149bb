"""Randomised saturation, recovery, bias map: what is planted is found."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from experiments.design.reforms import LEVELS, saturation_arms
from experiments.stats.bias import bias_map
from experiments.stats.recovery import Rule, recovery
from experiments.stats.saturation import Saturated, saturation
from tests.experiments.panels import one_of

CODES = [f"street{number:02d}" for number in range(40)]
DAYS = 300
REPEATS = 100
DAY, UNTIL = 20, 50


def planted(crossed: bool, replicates: int, noise: float, repeat: int = 0) -> list[Saturated]:
    """Return runs in which reformed streets gain 0.2 − 0.1 s and the others lose 0.1 s."""
    runs = []
    for arm in saturation_arms(CODES, "rules_only", 360, replicates, crossed=crossed):
        luck = np.random.default_rng([repeat, arm.replicate])
        reformed = np.isin(CODES, list(arm.streets))
        own = luck.normal(size=len(CODES)) * 0.05 + luck.normal() * noise
        runs.append(
            Saturated(
                arm.replicate, arm.level, reformed, own + np.where(reformed, 0.2 - 0.1 * arm.level, -0.1 * arm.level)
            )
        )
    return runs


def decaying(tau: float, pairs: int = 8, noise: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Return open cases without and with an excess that rises to 1000 during the shock and then decays."""
    luck = np.random.default_rng(1)
    day = np.arange(DAYS)
    rise = 1000.0 * (day - DAY + 1) / (UNTIL - DAY)
    excess = np.where(day < DAY, 0.0, np.minimum(rise, 1000.0 * np.exp(-(day - UNTIL + 1) / tau)))
    without = 5000.0 + 300.0 * luck.normal(size=(pairs, DAYS))
    return without, without + excess + noise * luck.normal(size=(pairs, DAYS)) * (day >= DAY)


def test_paired_luck_recovers_planted_effects_exactly() -> None:
    found = saturation("closure_rate", planted(crossed=True, replicates=4, noise=0.1))
    assert found.luck == "paired"
    at = {each.level: each for each in found.levels}
    assert sorted(at) == list(LEVELS[1:])
    half = at[0.5]
    assert (half.total.mean, half.spill_over.mean) == (pytest.approx(0.15), pytest.approx(-0.05))
    assert (half.direct.mean, half.overall.mean) == (pytest.approx(0.2), pytest.approx(0.05))
    assert half.step.mean == pytest.approx(0.05 - 0.025)
    assert (at[1.0].direct.mean, at[1.0].spill_over.mean) == (None, None)


def test_independent_luck_holds_planted_effects_as_often_as_it_says() -> None:
    true = {"direct": 0.2, "total": 0.15, "spill_over": -0.05, "overall": 0.05}
    held = dict.fromkeys(true, 0)
    for repeat in range(REPEATS):
        found = saturation("closure_rate", planted(crossed=False, replicates=30, noise=0.05, repeat=repeat))
        assert found.luck == "independent"
        half = next(each for each in found.levels if each.level == 0.5)
        for name, value in true.items():
            interval = getattr(half, name)
            held[name] += interval.low < value < interval.high
    assert all(0.88 <= count / REPEATS <= 0.99 for count in held.values()), held


def test_a_design_does_not_depend_on_the_order_of_streets_and_larger_shares_hold_smaller_ones() -> None:
    arms = saturation_arms(CODES, "rules_only", 360, 3)
    assert arms == saturation_arms(CODES[::-1], "rules_only", 360, 3)
    assert arms != saturation_arms(CODES, "rules_only", 360, 3, design_seed=2)
    first = [set(arm.streets) for arm in arms if arm.replicate == 0]
    assert [len(streets) for streets in first] == [0, 10, 20, 30, 40]
    assert all(small < large for small, large in itertools.pairwise(first))
    assert arms[1].streets != arms[6].streets
    assert arms[0].settings["dates"] == []
    assert arms[1].settings["dates"] == [{"day": 360, "regime": "rules_only", "only": list(arms[1].streets)}]


def test_drawn_saturations_come_equally_often() -> None:
    levels = [arm.level for arm in saturation_arms(CODES, "rules_only", 360, 25, crossed=False)]
    assert sorted(levels) == sorted([*LEVELS] * 5)
    assert levels != sorted(levels)


def test_saturation_without_a_pure_district_is_refused() -> None:
    runs = [run for run in planted(crossed=True, replicates=2, noise=0.0) if run.level > 0.0]
    with pytest.raises(ValueError, match="expected levels that include 0"):
        saturation("closure_rate", runs)


def test_the_time_to_recover_from_a_planted_exponential_is_its_own() -> None:
    found = recovery("base", *decaying(30.0), DAY, UNTIL)
    assert found.peak.mean == pytest.approx(1000.0 * math.exp(-1 / 30), rel=0.04)
    assert found.peak_day == UNTIL - 1
    assert found.recovery_days == pytest.approx(30.0 * math.log(1 / 0.05), abs=1.5)
    assert found.half_days == pytest.approx(30.0 * math.log(2.0), abs=1.5)
    assert found.recovered_share.mean == 1.0
    assert found.horizon_days == DAYS - UNTIL
    assert found.case_days.mean == pytest.approx(1000.0 * (15 + 30), rel=0.05)


def test_noise_widens_the_interval_of_the_time_to_recover_and_holds_it() -> None:
    found = recovery("base", *decaying(30.0, pairs=12, noise=25.0), DAY, UNTIL)
    low, high = found.recovery_low, found.recovery_high
    assert low is not None and high is not None and low < high
    assert low <= 30.0 * math.log(1 / 0.05) + 3.0
    assert high >= 30.0 * math.log(1 / 0.05) - 3.0


def test_a_district_that_does_not_recover_in_time_says_so() -> None:
    found = recovery("base", *decaying(300.0), DAY, UNTIL)
    assert (found.recovery_days, found.recovery_low, found.recovery_high) == (None, None, None)
    assert found.recovered_share.mean == 0.0
    assert found.as_json()["recovery_days"] is None


def test_less_backlog_than_without_the_shock_counts_as_recovered() -> None:
    without, with_it = decaying(30.0)
    with_it[:, 100:] = without[:, 100:] - 500.0
    assert recovery("base", without, with_it, DAY, UNTIL).recovery_days == 100 - UNTIL


def test_a_return_of_the_backlog_puts_recovery_off() -> None:
    without, with_it = decaying(10.0)
    with_it[:, 90] += 900.0
    days = recovery("base", without, with_it, DAY, UNTIL, Rule(days=30)).recovery_days
    assert days == 91 - UNTIL


def test_recovery_wants_pairs() -> None:
    with pytest.raises(ValueError, match="pairs"):
        recovery("base", np.ones((1, DAYS)), np.ones((1, DAYS)), DAY, UNTIL)


def test_the_bias_map_gathers_runs_by_place_in_any_order() -> None:
    runs = [(load, joint, one_of(0.3 + load, 0.2 + load * joint, holds)) for load in (0.6, 0.8) for joint in (0.1, 0.5)
            for holds in (True, False, True)]  # fmt: skip
    found = bias_map("closure_rate", runs)
    assert found == bias_map("closure_rate", runs[::-1])
    cell = found.at(0.8, 0.5)
    assert cell is not None
    assert cell.bias.mean == pytest.approx(1.1 - 0.6)
    assert cell.relative == pytest.approx(0.5 / 0.6)
    assert cell.coverage.mean == pytest.approx(2 / 3)
    assert found.at(0.7, 0.5) is None
