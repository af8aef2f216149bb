"""The bench measures what it says; times are not asserted."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from experiments.cli.app import app
from experiments.evidence import bench_engine, bench_network, bench_processes, bench_timing
from experiments.evidence.bench import FULL, QUICK, TARGETS, Target, missed, table
from experiments.evidence.bench_processes import FirstRun
from experiments.evidence.bench_studies import saved
from model import simulate
from model.engine.day import PHASES

PAIRED = (
    "ratio_bare_queue", "ratio_bare_queue_inverted", "ratio_bare_single_server", "ratio_twin", "ratio_simpy",
    "ratio_ciw", "ratio_simpy_small", "ratio_ciw_small", "growth", "two_processes", "machinery_share",
    "machinery_share_varied", "ratio_edit_cold", "ratio_trading",
)  # fmt: skip
PROMISED = (
    "cases", "ns_per_case", "cases_per_second", "peak_mb_above_import", "ratio_twin", "ratio_bare_queue", "growth",
    "compile_seconds", "luck_variance_ratio", "edit_seconds", "ratio_edit_cold", "start_seconds", "ratio_simpy",
    "ratio_ciw", "inverted_ns_per_case", "ratio_bare_queue_inverted", "run_1_20_ms", "build_and_run_1_20_ms",
    "ratio_trading",
)  # fmt: skip


def test_independent_runs_save_nothing_and_shifted_ones_everything() -> None:
    values = np.random.default_rng(1)
    first, second = values.normal(size=20_000), values.normal(size=20_000)
    assert saved(first.tolist(), second.tolist())["ratio"] == pytest.approx(1.0, rel=0.05)
    shifted = saved([1.0, 2.0, 3.0], [2.0, 3.0, 4.0])
    assert (shifted["ratio"], shifted["bound"], shifted["correlation"]) == (None, None, pytest.approx(1.0))


def test_perfect_correlation_reaches_the_bound() -> None:
    found = saved([1.0, 2.0, 3.0, 5.0], [2.0, 4.0, 6.0, 10.0])
    assert found["ratio"] == pytest.approx(found["bound"])
    assert found["bound"] == pytest.approx(5.0)


def test_calls_take_turns_after_an_untimed_one() -> None:
    turns: list[tuple[str, int]] = []

    def call(name: str) -> Any:
        def counted(turn: int) -> int:
            turns.append((name, turn))
            return 10

        return counted

    timed = bench_timing.by_turns({"a": call("a"), "b": call("b")}, 2)
    assert turns == [(name, turn) for turn in (0, 1, 2) for name in "ab"]
    assert timed["a"].cases == [10, 10] and all(seconds >= 0 for seconds in timed["a"].seconds)


def test_a_short_call_is_repeated_within_its_turn_and_told_as_one() -> None:
    turns: list[int] = []

    def call(turn: int) -> int:
        turns.append(turn)
        return 10

    timed = bench_timing.by_turns({"a": call}, 1, least=0.01)["a"]
    assert turns.count(1) > 1
    assert timed.cases == [10]
    assert timed.seconds[0] < 0.01


def test_ratio_is_the_median_over_rounds() -> None:
    above, below = bench_timing.Timed([2.0, 8.0, 90.0], [1, 2, 3]), bench_timing.Timed([1.0, 1.0, 1.0], [1, 1, 1])
    assert bench_timing.over_rounds({"ratio": above.times(below)})["ratio"] == 4.0


def test_a_ratio_is_taken_within_its_round() -> None:
    # everything takes three times as long in the second round: within rounds that does not show
    above, below = bench_timing.Timed([2.0, 6.0], [1, 1]), bench_timing.Timed([1.0, 3.0], [1, 1])
    assert bench_timing.over_rounds({"ratio": above.times(below)}) == {"ratio": 2.0, "ratio_spread": [2.0, 2.0]}


def test_the_spread_is_the_least_and_the_greatest_round() -> None:
    assert bench_timing.over_rounds({"x": [3.0, 9.0, 1.0]}) == {"x": 3.0, "x_spread": [1.0, 9.0]}


FASTER, CHEAPER = (
    Target("speed", "cases a second", 200.0, at_least=True),
    Target("cost", "s", 20.0),
)


@pytest.mark.parametrize(
    ("target", "value", "verdict", "shortfall"),
    [
        (FASTER, 200.0, "yes", 0.0), (FASTER, 150.0, "no", 0.25), (CHEAPER, 20.0, "yes", 0.0),
        (CHEAPER, 30.0, "no", 0.5), (CHEAPER, None, "not measured", None),
    ],
)  # fmt: skip
def test_a_target_says_whether_it_is_reached_and_by_how_much_not(
    target: Target, value: float | None, verdict: str, shortfall: float | None
) -> None:
    assert target.verdict(value) == verdict
    if value is not None:
        assert target.shortfall(value) == shortfall


def test_sentences_say_which_targets_are_missed_and_by_how_much() -> None:
    results = {
        "compile_seconds": 30.0, "compile_seconds_spread": [29.0, 31.0], "growth": 1.0, "growth_spread": [0.9, 1.4],
        "ratio_twin": 120.0, "ratio_twin_spread": [110.0, 160.0], "ratio_ciw": None,
    }  # fmt: skip
    count, *said = missed(results)
    assert count == "1 of 4 targets are reached, 2 missed:"
    twin, compiling, unknown = said
    assert twin.strip().startswith("missed by 20%: twin ÷ engine")
    assert twin.endswith("is 120, below the target ≥ 150 (reached in some rounds: 110 to 160).")
    assert compiling.strip() == "missed by 50%: compiling once, s is 30, above the target ≤ 20."
    assert unknown.startswith("Not measured: Ciw ÷ engine")


def test_nothing_missed_is_said_too() -> None:
    assert missed({"growth": 1.0}) == ["1 of 1 targets are reached."]


def test_the_table_shows_target_value_and_rounds_in_one_line() -> None:
    lines = table({"regime": "r", "district": "d", "growth": 1.0, "growth_spread": [0.9, 1.4]})
    assert lines.rows == (("time a case at 10⁶ cases ÷ at 5·10⁴", "≤ 1.3", "1", "0.9 – 1.4", "yes"),)


def runs_of(monkeypatch: pytest.MonkeyPatch, *outcomes: float) -> list[tuple[str, Path]]:
    """Stand in for fresh processes that take 9, 3 and 1 seconds; return what rule and folder each was given."""
    seen: list[tuple[str, Path]] = []
    seconds = iter((9.0, 3.0, 1.0) * 2)
    values = iter(outcomes)

    def run(regime: str, district: str, scale: float, home: Path, cache: Path) -> FirstRun:
        assert (regime, district, scale) == ("flattened", "tiny", 0.05)
        seen.append(((home / "model/rules/accept.py").read_text("utf-8"), cache))
        return FirstRun(next(seconds), 5.0, {"closure_rate": next(values)})

    monkeypatch.setattr(bench_processes, "first_run", run)
    return seen


def test_an_edit_is_compared_with_a_cold_start_of_its_own_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = runs_of(monkeypatch, 0.5, 0.6, 0.6, 0.5, 0.6, 0.6)
    results = bench_processes.editing("flattened", "tiny", 0.05, 2)
    assert (results["cold_seconds"], results["edit_seconds"], results["start_seconds"]) == (9.0, 3.0, 1.0)
    assert (results["ratio_edit_cold"], results["ratio_edit_cold_spread"]) == (1 / 3, [1 / 3, 1 / 3])
    assert results["compile_seconds"] == 5.0
    (cold, cache), (edited, _), (again, _), (cold_too, other_cache), *_ = seen
    assert cold == cold_too != edited == again
    assert cache != other_cache
    assert cold == Path(bench_processes.__file__).parents[2].joinpath("model/rules/accept.py").read_text("utf-8")


@pytest.mark.parametrize("outcomes", [(0.5, 0.5, 0.5), (0.5, 0.6, 0.5)])
def test_old_numbers_after_an_edit_are_an_error(outcomes: tuple[float, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    runs_of(monkeypatch, *outcomes)
    with pytest.raises(RuntimeError):
        bench_processes.editing("flattened", "tiny", 0.05, 1)


def test_an_edited_rule_returns_another_number(tmp_path: Path) -> None:
    path = tmp_path / "rules.py"
    path.write_text(
        "def other(x):\n    return x + 1\n\ndef rule(x):\n    return (\n        x + 1\n    )\n", encoding="utf-8"
    )
    bench_processes.edit_rule(path, "rule")
    names: dict[str, Any] = {}
    exec(path.read_text("utf-8"), names)
    assert names["other"](1.0) == 2.0
    assert names["rule"](1.0) == pytest.approx(1.98)
    with pytest.raises(ValueError, match="no rule missing"):
        bench_processes.edit_rule(path, "missing")


def test_every_phase_is_timed_a_case() -> None:
    phases = bench_engine.by_phase("tiny", QUICK)["phases"]
    assert set(PHASES) < set(phases)
    assert all(nanoseconds > 0.0 for nanoseconds in phases.values())


def test_bare_queue_with_one_server_waits_as_theory_says() -> None:
    # M/G/1 (Pollaczek-Khinchine): mean work 1, load 0.8, squared coefficient of variation e^(0.9²) − 1
    variation = math.exp(0.9**2) - 1.0
    expected = 1.0 + 0.8 / (1.0 - 0.8) * (1.0 + variation) / 2.0
    assert bench_engine.serve_all(1_000_000, 1, 3) == pytest.approx(expected, rel=0.05)


def test_bare_queue_with_many_servers_hardly_waits() -> None:
    assert 1.0 < bench_engine.serve_all(200_000, 50, 3) < 1.1


@pytest.mark.parametrize("size", [bench_network.OF_A_YEAR, bench_network.SHIPPED], ids=["year", "shipped"])
def test_the_network_has_the_volume_and_the_people_that_its_size_says(size: bench_network.Size) -> None:
    network = bench_network.network_of(bench_network.scenario_of(size, 10))
    busy = [
        flow * network.service_days / servers for flow, servers in zip(network.flows(), network.servers, strict=True)
    ]
    assert sum(network.arrivals) == pytest.approx(size.requests_a_day or 6.0)
    assert network.days == size.warm_up + 10 + 1
    if size.requests_a_day:
        assert all(0.85 < share <= size.busy for share in busy)


def test_mean_days_of_one_department_are_those_of_mmc() -> None:
    # M/M/2 at load 1: wait 1/3 of a service
    network = bench_network.Network([1.0], [2], [[0.0]], 1.0, 0, 1)
    assert network.days_in_system() == pytest.approx(4.0 / 3.0)
    # with chance 1/2 to come back the flow and the visits double
    again = bench_network.Network([0.5], [2], [[0.5]], 1.0, 0, 1)
    assert again.flows() == pytest.approx([1.0])
    assert again.days_in_system() == pytest.approx(8.0 / 3.0)


def test_simulators_and_engine_run_the_same_network() -> None:
    pytest.importorskip("simpy")
    scenario = bench_network.scenario_of(bench_network.SHIPPED, 3000)
    network = bench_network.network_of(scenario)
    seen = bench_network.on_simpy(network, 1)
    record = simulate(scenario, 1)
    # hand-overs are counted in the window alone
    passed_on = record.hand_overs.sum() / record.daily["born"][400:3400].sum()
    assert seen.requests == pytest.approx(record.cases_total, rel=0.03)
    assert seen.visits / seen.requests - 1.0 == pytest.approx(passed_on, rel=0.03)
    assert seen.days_in_system == pytest.approx(network.days_in_system(), rel=0.06)
    assert bench_network.days_in_system(record, 400) == pytest.approx(network.days_in_system(), rel=0.06)


def test_ciw_runs_the_same_network() -> None:
    pytest.importorskip("ciw")
    network = bench_network.network_of(bench_network.scenario_of(bench_network.SHIPPED, 600))
    seen = bench_network.on_ciw(network, 1)
    assert seen.requests == pytest.approx(sum(network.arrivals) * network.days, rel=0.1)
    assert seen.days_in_system == pytest.approx(network.days_in_system(), rel=0.2)
    assert bench_network.on_ciw(network, 1) == seen


@pytest.mark.slow
@pytest.mark.parametrize("size", [bench_network.OF_A_YEAR, bench_network.SHIPPED], ids=["year", "shipped"])
def test_steps_are_so_fine_that_their_error_is_less_than_that_of_chance(size: bench_network.Size) -> None:
    days = FULL.network_days if size is bench_network.OF_A_YEAR else FULL.network_days_small
    seen = bench_network.accuracy(bench_network.scenario_of(size, days), FULL.network_runs)
    assert abs(seen["error_of_steps"]) < seen["error_of_chance"]
    coarse = bench_network.accuracy(bench_network.scenario_of(size, days, steps=1), 10)
    assert abs(coarse["error_of_steps"]) > coarse["error_of_chance"]


@pytest.mark.slow
def test_quick_bench_prints_every_promised_key() -> None:
    answer = CliRunner().invoke(app, ["bench", "--quick", "--json", "--quiet", "--district", "tiny"])
    assert answer.exit_code == 0, answer.output
    results = json.loads(answer.stdout)
    assert all(math.isfinite(results[key]) for key in PROMISED)
    assert all(target.key in results for target in TARGETS)
    for key in PAIRED:
        low, high = results[f"{key}_spread"]
        assert low <= results[key] <= high
    assert results["phases"] is None or all(ns >= 0.0 for ns in results["phases"].values())
    assert set(results["network_accuracy"]) == {"year", "shipped"}
    assert results["twin_same_histories"]
