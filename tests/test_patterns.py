"""Patterns that one parameter set must show at once, beside what a bare queue already shows.

Bands and sources: S2 two to five cases in ten passed on, 8-20 % ping-pong (four public logs); S6 backlog lowers
closure on time, 3-25 points between quarters (three of four years of a public log); S8 streets close a larger share
of what they hold, within a kind (Quanzhou); S11 the whistling rate has an interior optimum (practitioners, 2018);
S13 powers delegated without staff overload streets (Chen; Zhang & Xiong). Levels of official rates are not fitted.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from model import Record, load_scenario, simulate
from model.scenario import Scenario

LONG_ENOUGH = 200
"""Cases of a kind below which its rates say nothing."""


@cache
def record(regime: str, *settings: tuple[str, float], cases: bool = False) -> Record:
    return simulate(scenario(regime, *settings), 1, cases=cases)


@cache
def scenario(regime: str, *settings: tuple[str, float]) -> Scenario:
    return load_scenario(regime, overrides=dict(settings))


def outcome(regime: str, name: str, *settings: tuple[str, float]) -> float:
    value = record(regime, *settings).outcomes[name]
    assert value is not None
    return value


def closure_by_quarter_of_backlog(regime: str) -> list[float]:
    """Return the closure on time of cases reported while few, …, many cases were open."""
    run, world = record(regime, cases=True), scenario(regime).world
    assert run.cases is not None
    cases: dict[str, Any] = {name: column[~np.isnan(run.cases["reported"])] for name, column in run.cases.items()}
    limits = {kind.code: getattr(world.deadlines, kind.deadline) for kind in world.kinds}
    limit = np.array([limits[kind] for kind in cases["kind"]])
    due = (limit >= 1.0) & ~cases["was_hidden"]
    in_time = cases["closed"] - cases["reported"] <= limit
    open_before = run.daily["open"][np.maximum(cases["reported"].astype(int) - 1, 0)]
    quarter = np.digitize(open_before, np.quantile(open_before[due], (0.25, 0.5, 0.75)))
    return [float(in_time[due & (quarter == i)].mean()) for i in range(4)]


def test_s2_a_large_minority_is_passed_on_and_some_come_back() -> None:
    assert 0.25 <= outcome("inverted", "passed_share") <= 0.55
    assert 0.08 <= outcome("inverted", "ping_pong_share") <= 0.20
    assert outcome("null_queue", "passed_share") == 0.0


@pytest.mark.parametrize("regime", ["inverted", "flattened"])
def test_s6_backlog_lowers_closure_on_time(regime: str) -> None:
    quarters = closure_by_quarter_of_backlog(regime)
    assert quarters == sorted(quarters, reverse=True)
    assert 0.03 <= quarters[0] - quarters[-1] <= 0.25


def test_s6_is_no_matter_of_queues_alone() -> None:
    """In the null what waits, waits with the one or two departments that are over-full: others do not feel it."""
    quarters = closure_by_quarter_of_backlog("null_queue")
    assert quarters[0] - quarters[-1] < 0.03


@pytest.mark.parametrize("regime", ["inverted", "flattened", "null_queue"])
def test_s8_streets_close_a_larger_share_of_what_they_hold(regime: str) -> None:
    """Within a kind. A bare queue shows it too: what leaves the street is the harder part of every kind."""
    kinds = record(regime).kinds
    told = (kinds["own_due"] > LONG_ENOUGH) & (kinds["offered_due"] > LONG_ENOUGH)
    own, offered = (kinds[f"{who}_closed"][told] / kinds[f"{who}_due"][told] for who in ("own", "offered"))
    assert told.sum() >= 10
    assert (own > offered).mean() >= 0.8


@pytest.mark.parametrize("regime", ["rules_only", "flattened"])
def test_s11_neither_silence_nor_whistling_at_everything_is_best(regime: str) -> None:
    rates, closures = zip(*(
        (outcome(regime, "whistle_rate", setting), outcome(regime, "closure_rate", setting))
        for setting in (("triage.readiness", level) for level in (-6.0, -2.0, -0.5, 1.0, 6.0))
    ), strict=True)  # fmt: skip
    assert list(rates) == sorted(rates)
    assert rates[-1] - rates[0] > 0.3
    assert 0 < int(np.argmax(closures)) < len(closures) - 1


def test_s11_is_a_matter_of_the_platform_s_capacity_and_of_what_attendance_costs() -> None:
    """With a platform never full more whistling only helps, unless a meeting costs each party a tenth of a day."""
    wide = ("whistle.acceptances_per_day", 5000)
    for meeting, sign in ((0.03, 1.0), (0.1, -1.0)):
        few, many = (
            outcome("rules_only", "closure_rate", wide, ("whistle.meeting_work", meeting), ("triage.readiness", level))
            for level in (-6.0, 6.0)
        )
        assert sign * (many - few) > 0.01


def test_s11_under_the_null_every_whistle_only_costs() -> None:
    """Where everyone answers at once there is nothing to gain by a whistle: no optimum inside."""
    levels = ((("whistle.in_force", True), ("triage.readiness", level)) for level in (-6.0, -2.0, -0.5, 1.0, 6.0))
    closures = [outcome("null_queue", "closure_rate", *settings) for settings in levels]
    assert closures == sorted(closures, reverse=True)


def test_s13_delegated_powers_help_or_harm_as_staff_follows_or_not() -> None:
    before = {name: outcome("inverted", name) for name in ("closure_rate", "enforcement_closure_rate")}
    for name, level in before.items():
        assert outcome("delegated_2020", name) < level - 0.05
        assert outcome("delegated_2020_with_staff", name) > level
    assert outcome("delegated_2020", "workload_street") > outcome("inverted", "workload_street")


def test_s13_earns_no_credit_for_hours_alone_show_it() -> None:
    """Under the null too delegation without staff harms and with staff helps: it is where work and people are."""
    bare = ("powers.delegated", 0.6)
    before, without, followed = (
        outcome("null_queue", "enforcement_closure_rate", *settings)
        for settings in ((), (bare,), (bare, ("placement.follow_powers", 1.0)))
    )
    assert without < before - 0.05
    assert followed > before


@pytest.mark.slow
def test_a_longer_warm_up_changes_no_difference() -> None:
    """The warm-up suffices for what is reported, differences; a year more keeps the season."""
    found = []
    for days in (180, 545):
        values = [
            [simulate(scenario(regime, ("run.warm_up_days", days)), seed).outcomes for seed in range(1, 7)]
            for regime in ("inverted", "flattened")
        ]
        found.append([
            np.diff(np.array([[each[name] for each in runs] for runs in values], float), axis=0).mean()
            for name in ("closure_rate", "closure_rate_30d", "workload_department")
        ])  # fmt: skip
    assert np.abs(np.diff(found, axis=0)).max() < 0.02
