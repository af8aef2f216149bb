"""What lies behind patterns: why whistling has an optimum, and that the warm-up does not make them.

The patterns themselves are measured by `whistle patterns` (`tests/experiments/test_patterns.py`).
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from model import load_scenario, simulate
from model.config.scenario import Scenario
from tests.support import hand_set


@cache
def scenario(regime: str, *settings: tuple[str, float]) -> Scenario:
    return load_scenario(regime, district=hand_set(), overrides=dict(settings))


def outcome(regime: str, name: str, *settings: tuple[str, float]) -> float:
    value = simulate(scenario(regime, *settings), 1).outcomes[name]
    assert value is not None
    return value


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
