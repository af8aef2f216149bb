"""Patterns: verdicts, ways to measure on planted runs, wrong files, and the whole at a small size."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from experiments.charts.patterns import Runs
from experiments.cli.app import app
from experiments.design.ensemble import read_ensemble
from experiments.design.patterns import Band, Check, Pattern, chosen, patterns_file, read_patterns
from experiments.errors import WrongInput
from experiments.stats import Interval
from experiments.stats.arms import MEASURES, Arms
from experiments.stats.case_patterns import EDGES, MONTHS, PatternReduction, durations_by_kind
from experiments.stats.ensemble import MAJORITY
from experiments.studies.patterns import Finding, find, verdict_of
from model import load_scenario, shipped_root, simulate
from tests.support import hand_set

SHIPPED = read_patterns(patterns_file())
SHIPPED_WORLDS = read_ensemble(shipped_root() / "worlds" / "chaoyang.parquet")
MESSAGES = {"en": "words", "zh": "词"}
REPLICATES = 6
NOISE = np.linspace(-0.01, 0.01, REPLICATES)
"""The same luck in every arm: it moves levels and no difference."""


@pytest.mark.parametrize(
    ("low", "high", "band", "verdict"),
    [
        (0.30, 0.40, (0.25, 0.55), "pass"),
        (0.10, 0.20, (0.25, 0.55), "fail"),
        (0.60, 0.70, (0.25, 0.55), "fail"),
        (0.20, 0.30, (0.25, 0.55), "not identified"),
        (0.01, 0.03, (0.0, None), "pass"),
        (-0.01, 0.03, (0.0, None), "not identified"),
        (-0.03, -0.01, (0.0, None), "fail"),
        (0.0, 0.0, (0.0, None), "fail"),
        (1.0, 1.0, (0.8, 1.0), "pass"),
        (None, None, (0.0, None), "not identified"),
    ],
)
def test_an_interval_passes_only_where_all_of_it_lies_in_the_band(
    low: float | None, high: float | None, band: Band, verdict: str
) -> None:
    assert verdict_of(Interval(low, low, high), band) == verdict


def arms(outcomes: Mapping[str, Mapping[str, Any]]) -> Arms:
    """Return planted outcomes by arm: a number is a level beside the common luck."""
    return Arms(
        list(outcomes),
        {arm: {name: value + NOISE for name, value in values.items()} for arm, values in outcomes.items()},
        {},
    )


def sweep(outcome: str, *levels: float) -> Arms:
    return arms({str(place): {outcome: level} for place, level in enumerate(levels)})


def check(measure: str, band: Band = (0.0, None), **more: Any) -> Check:
    return Check(measure=measure, title=MESSAGES, unit="points", band=band, **more)


def measured(of: Check, runs: Arms) -> float:
    return float(MEASURES[of.measure](runs, of).mean())


def test_a_change_is_taken_on_the_same_luck() -> None:
    runs = arms({"before": {"closure_rate": 0.5}, "after": {"closure_rate": 0.6}})
    change = check("change", outcome="closure_rate", start="before", end="after")
    assert np.ptp(MEASURES["change"](runs, change)) < 1e-12
    assert measured(change, runs) == pytest.approx(0.1)


def test_an_inner_optimum_is_measured_against_the_better_end() -> None:
    gain = check("inner_gain", outcome="closure_rate")
    assert measured(gain, sweep("closure_rate", 0.5, 0.6, 0.58, 0.55)) == pytest.approx(0.05)
    assert measured(gain, sweep("closure_rate", 0.5, 0.55, 0.6, 0.65)) == pytest.approx(-0.05)
    assert measured(gain, sweep("closure_rate", 0.6, 0.5, 0.4)) == pytest.approx(-0.1)


def test_past_its_peak_one_outcome_falls_while_another_rises() -> None:
    real, reported = (0.50, 0.52, 0.51, 0.48), (0.50, 0.53, 0.56, 0.58)
    runs = arms({
        str(place): {"closure_rate": a, "reported_closure_rate": b}
        for place, (a, b) in enumerate(zip(real, reported, strict=True))
    })  # fmt: skip
    assert measured(check("past_peak", outcome="closure_rate"), runs) == pytest.approx(-0.04)
    both = check("past_peak", outcome="reported_closure_rate", peak_of="closure_rate")
    assert measured(both, runs) == pytest.approx(0.05)


def paths(without: np.ndarray[Any, Any], with_it: np.ndarray[Any, Any]) -> Arms:
    due = np.full(MONTHS, 1000.0)
    runs = {
        name: [{"pattern_month_due": due, "pattern_month_in_time": due * (path + noise)} for noise in NOISE]
        for name, path in (("without", without), ("with", with_it))
    }
    return Arms(list(runs), {}, runs)


def test_a_path_that_saturates_bends_and_a_straight_one_does_not() -> None:
    level, month = np.full(MONTHS, 0.5), np.arange(1, MONTHS + 1)
    fast = paths(level, level + 0.2 * (1 - np.exp(-month / 3.0)))
    straight = paths(level, level + 0.01 * month)
    assert measured(check("rise"), fast) > 0.15
    assert measured(check("bend"), fast) > 0.02
    assert measured(check("bend"), straight) == pytest.approx(0.0, abs=1e-9)


def test_a_season_that_both_runs_share_bends_nothing() -> None:
    level, season = np.full(MONTHS, 0.5), 0.1 * np.sin(np.arange(MONTHS))
    assert measured(check("bend"), paths(level + season, level + season)) == pytest.approx(0.0, abs=1e-9)


def test_requests_drawn_are_what_reform_and_feedback_do_together() -> None:
    numbers = {"without": 1000.0, "with": 950.0, "feedback": 1020.0, "both": 1120.0}
    runs = Arms(list(numbers), {}, {name: [{"pattern_requests": np.array([n])}] for name, n in numbers.items()})
    assert measured(check("drawn"), runs) == pytest.approx(1120 * 1000 / (950 * 1020) - 1)


def planted(check_: Check, own: Arms, null: Arms | None, role: str = "evidence") -> Finding:
    pattern = Pattern(id="P1", title=MESSAGES, seen=MESSAGES, source=MESSAGES, role=role, checks=(check_,))
    return find(Runs(pattern, own, null))


def test_what_a_bare_queue_shows_too_or_what_was_fitted_earns_no_credit() -> None:
    gain = check("inner_gain", outcome="closure_rate")
    inside, falling = sweep("closure_rate", 0.5, 0.6, 0.5), sweep("closure_rate", 0.6, 0.5, 0.4)
    assert planted(gain, inside, falling).credit
    assert not planted(gain, inside, inside).credit
    assert not planted(gain, inside, None).credit
    assert not planted(gain, falling, falling).credit
    assert not planted(gain, inside, falling, role="fitted").credit


def test_a_pattern_fails_where_one_of_its_checks_does() -> None:
    runs = arms({"a": {"closure_rate": 0.5}, "b": {"closure_rate": 0.6}})
    up, down = (check("change", band, outcome="closure_rate") for band in ((0.0, None), (None, 0.0)))
    both = Pattern(id="P1", title=MESSAGES, seen=MESSAGES, source=MESSAGES, role="evidence", checks=(up, down))
    assert find(Runs(both, runs, None)).verdict == "fail"


def test_lognormal_days_are_told_from_exponential_ones() -> None:
    luck = np.random.default_rng(1)
    closed, kind = np.ones(2000, np.bool_), np.repeat(["a", "b"], 1000)
    for days, share in ((luck.lognormal(1.0, 1.1, 2000), 1.0), (luck.exponential(3.0, 2000), 0.0)):
        assert durations_by_kind(kind, days, closed)["kinds_lognormal"] == share
    days = luck.lognormal(1.0, 1.1, 2000)
    assert durations_by_kind(kind, days, closed)["sigma_log"] == pytest.approx(1.1, abs=0.06)
    shape = durations_by_kind(np.zeros(2000), days, closed)["log_shape"]
    assert (shape == np.histogram((np.log(days) - np.log(days).mean()) / np.log(days).std(), EDGES)[0]).mean() > 0.9
    seen = np.minimum(days, 6.0)
    assert durations_by_kind(kind, seen, days <= 6.0)["sigma_log"] == pytest.approx(1.1, abs=0.1)
    assert durations_by_kind(kind, seen, closed)["sigma_log"] < 0.95  # open cases taken as closed: too narrow


def test_what_is_kept_of_a_run_agrees_with_its_outcomes() -> None:
    scenario = load_scenario("inverted", district=hand_set(), overrides={"demand.scale": 0.05})
    record = simulate(scenario, 1, cases=True)
    kept = PatternReduction.of(scenario)(record)
    due, in_time = kept["pattern_month_due"].sum(), kept["pattern_month_in_time"].sum()
    assert in_time / due == pytest.approx(record.outcomes["closure_rate"], abs=0.01)
    passes = np.repeat(np.arange(record.histograms["passes"].size), record.histograms["passes"])
    assert kept["pattern_passes_dispersion"][0] == pytest.approx(passes.var(ddof=1) / passes.mean(), rel=0.02)
    assert kept["pattern_hazard"][0] == pytest.approx(record.outcomes["passed_share"], abs=1e-3)
    at_least = np.array([(passes >= number).sum() for number in range(6)])
    assert kept["pattern_hazard"] == pytest.approx(at_least[1:] / at_least[:-1], rel=0.03)
    assert kept["pattern_quarters"].mean() == pytest.approx(record.outcomes["closure_rate"], abs=0.03)


def test_shipped_patterns_are_s1_to_s14_and_every_arm_can_be_loaded() -> None:
    assert [pattern.id for pattern in SHIPPED if pattern.checks] == [f"S{number}" for number in range(1, 15)]
    for pattern in SHIPPED:
        for settings in pattern.arms.values():
            load_scenario(pattern.regime, overrides=settings)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("measure: sigma_log", "unknown measure 'sigma_logg'; did you mean 'sigma_log'?"),
        ("band: [0.9, 1.4]", "expected the lower bound first"),
        ("role: fitted", "evidence"),
    ],
)
def test_a_wrong_file_is_told_with_its_line(tmp_path: Path, wrong: str, told: str) -> None:
    swapped = {
        "measure: sigma_log": "measure: sigma_logg",
        "band: [0.9, 1.4]": "band: [1.4, 0.9]",
        "role: fitted": "role: guess",
    }
    file = tmp_path / "own.yaml"
    file.write_text(patterns_file().read_text(encoding="utf-8").replace(wrong, swapped[wrong], 1), encoding="utf-8")
    with pytest.raises(WrongInput) as caught:
        read_patterns(file)
    assert any(told in problem and f"{file}:" in problem for problem in caught.value.problems), caught.value.problems


def test_what_the_shipped_worlds_were_chosen_by_speaks_for_nothing() -> None:
    found = SHIPPED_WORLDS.about["patterns"]
    roles = {pattern.id: pattern.role for pattern in SHIPPED}
    assert {roles[name] for name, each in found.items() if each["matched"]} == {"fitted"}


def test_an_unknown_pattern_is_told_with_those_that_exist() -> None:
    with pytest.raises(WrongInput, match="unknown pattern 'S99'; expected one of S1, S2"):
        chosen(SHIPPED, ["S99"])


SMALL = ["--set", "demand.scale=0.1", "--pairs", "4", "--jobs", "1", "--json", "--quiet"]
"""A tenth of the volume and few runs: much cannot be told from them, but nothing may be wrong."""


def run_patterns(out: Path, *words: str) -> dict[str, dict[str, Any]]:
    ended = CliRunner().invoke(app, ["patterns", *words, *SMALL, "--out", str(out)])
    assert ended.exit_code == 0, ended.output
    return {row["id"]: row for row in json.loads(ended.stdout)["patterns"]}


CLEAR = ("S3", "S4", "S7", "S8", "S10")
"""Patterns that four small runs suffice to show. S14 needs the full volume: a small district has spare hours."""


@pytest.mark.slow
def test_no_pattern_fails_at_a_small_size_and_the_clear_ones_pass(tmp_path: Path) -> None:
    rows = run_patterns(tmp_path, "--no-null", *(f"S{number}" for number in range(1, 14)))
    verdicts = {name: row["verdict"] for name, row in rows.items()}
    assert "fail" not in verdicts.values(), verdicts
    assert {name for name in CLEAR if verdicts[name] != "pass"} == set(), verdicts
    assert all(row["null_verdict"] is None and not row["credit"] for row in rows.values())


def test_parameters_that_must_fail_the_patterns_do(tmp_path: Path) -> None:
    rows = run_patterns(tmp_path, "S2", "S3", "S5", "--no-null", "--regime", "negative_control")
    verdicts = {name: row["verdict"] for name, row in rows.items()}
    assert (verdicts["S2"], verdicts["S3"]) == ("fail", "fail"), verdicts
    assert verdicts["S5"] != "pass", verdicts


def test_the_bare_queue_passes_nothing_on_and_its_value_stands_beside(tmp_path: Path) -> None:
    rows = run_patterns(tmp_path, "S2", "S12")
    assert rows["S2"]["checks"][0]["null_value"] == 0.0
    assert (rows["S2"]["null_verdict"], rows["S12"]["credit"]) == ("fail", True)
    tables = next(tmp_path.glob("patterns-*/tables/patterns.csv")).read_text(encoding="utf-8")
    assert tables.count("\nS2,") == 2


@pytest.mark.slow
def test_the_matched_patterns_show_in_most_worlds_at_full_volume(tmp_path: Path) -> None:
    matched = {name for name, found in SHIPPED_WORLDS.about["patterns"].items() if found["matched"]}
    words = ["patterns", *sorted(matched), "--no-null", "--json", "--quiet", "--out", str(tmp_path)]
    ended = CliRunner().invoke(app, words)
    assert ended.exit_code == 0, ended.output
    rows = json.loads(ended.stdout)["patterns"]
    assert {row["id"] for row in rows if row["share"] <= MAJORITY} == set()
