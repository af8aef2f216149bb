"""The bench measures what it says; times are not asserted."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from experiments.benchmarks import bare_queue, clock, luck, networks
from experiments.benchmarks.targets import TARGETS
from experiments.cli import app
from model import load_scenario, simulate

PROMISED = (
    "cases", "ns_per_case", "cases_per_second", "peak_mb_above_import", "ratio_twin", "ratio_bare_queue", "growth",
    "compile_seconds", "luck_variance_ratio",
)  # fmt: skip


def test_independent_runs_save_nothing_and_shifted_ones_everything() -> None:
    values = np.random.default_rng(1)
    first, second = values.normal(size=20_000), values.normal(size=20_000)
    assert luck.saved(first.tolist(), second.tolist())["ratio"] == pytest.approx(1.0, rel=0.05)
    shifted = luck.saved([1.0, 2.0, 3.0], [2.0, 3.0, 4.0])
    assert (shifted["ratio"], shifted["bound"], shifted["correlation"]) == (None, None, pytest.approx(1.0))


def test_perfect_correlation_reaches_the_bound() -> None:
    found = luck.saved([1.0, 2.0, 3.0, 5.0], [2.0, 4.0, 6.0, 10.0])
    assert found["ratio"] == pytest.approx(found["bound"])
    assert found["bound"] == pytest.approx(5.0)


def test_calls_take_turns_after_an_untimed_one() -> None:
    turns: list[tuple[str, int]] = []

    def call(name: str) -> Any:
        def counted(turn: int) -> int:
            turns.append((name, turn))
            return 10

        return counted

    timed = clock.by_turns({"a": call("a"), "b": call("b")}, 2)
    assert turns == [(name, turn) for turn in (0, 1, 2) for name in "ab"]
    assert timed["a"].cases == [10, 10] and all(seconds >= 0 for seconds in timed["a"].seconds)


def test_ratio_is_the_median_over_rounds() -> None:
    above, below = clock.Timed([2.0, 8.0, 90.0], [1, 2, 3]), clock.Timed([1.0, 1.0, 1.0], [1, 1, 1])
    assert clock.ratio(above, below) == 4.0


def test_bare_queue_with_one_server_waits_as_theory_says() -> None:
    # M/G/1 (Pollaczek-Khinchine): mean work 1, load 0.8, squared coefficient of variation e^(0.9²) − 1
    variation = math.exp(0.9**2) - 1.0
    expected = 1.0 + 0.8 / (1.0 - 0.8) * (1.0 + variation) / 2.0
    assert bare_queue.serve_all(1_000_000, 1, 3) == pytest.approx(expected, rel=0.05)


def test_bare_queue_with_many_servers_hardly_waits() -> None:
    assert 1.0 < bare_queue.serve_all(200_000, 50, 3) < 1.1


def test_simulators_and_engine_run_the_same_network() -> None:
    pytest.importorskip("simpy")
    scenario = load_scenario("null_queue", district="network", overrides={"run.window_days": 3000})
    network = networks.network_of(scenario)
    requests, visits = networks.on_simpy(network, 1)
    record = simulate(scenario, 1)
    # hand-overs are counted in the window alone
    passed_on = record.hand_overs.sum() / record.daily["born"][400:3400].sum()
    assert requests == pytest.approx(record.cases_total, rel=0.03)
    assert visits / requests - 1.0 == pytest.approx(passed_on, rel=0.03)


def test_ciw_runs_the_same_network() -> None:
    pytest.importorskip("ciw")
    scenario = load_scenario("null_queue", district="network", overrides={"run.window_days": 300})
    network = networks.network_of(scenario)
    assert networks.on_ciw(network) == pytest.approx(sum(network.arrivals) * network.days, rel=0.1)


@pytest.mark.slow
def test_quick_bench_prints_every_promised_key() -> None:
    answer = CliRunner().invoke(app, ["bench", "--quick", "--json", "--quiet", "--district", "tiny"])
    assert answer.exit_code == 0, answer.output
    results = json.loads(answer.stdout)
    assert all(math.isfinite(results[key]) for key in PROMISED)
    assert all(target.key in results for target in TARGETS)
    assert results["twin_same_histories"]
