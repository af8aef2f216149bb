"""The stretches of a run that are told: the first, and that from the day on which the last rules begin."""

from __future__ import annotations

from model.config.scenario import Scenario
from model.layout import EraPlan, build_state

__all__ = ["era_days", "era_of"]


def era_days(scenario: Scenario) -> list[int]:
    """Return the first day, and the day on which the last rules begin where some begin later."""
    return sorted({0} | {max((stage.day for stage in scenario.stages), default=0)})


def era_of(scenario: Scenario, which: int) -> EraPlan:
    """Return the plan that holds on one of `era_days`, counted as in a list: 0 is the first, -1 the last."""
    plan = build_state(scenario.law, scenario.habits, scenario.world, scenario.stages)
    return plan.era_on(era_days(scenario)[which])
