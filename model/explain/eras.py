"""Stretches of a run under the same laws: the first, and what stands at the end where something began on a date."""

from __future__ import annotations

from model.blueprint import EraPlan, draw_up
from model.scenario import Scenario

__all__ = ["era_days", "era_of"]


def era_days(scenario: Scenario) -> list[int]:
    """Return the first day of each era; without dates there is one, from day 0."""
    return [era.day for era in _eras(scenario)]


def era_of(scenario: Scenario, which: int) -> EraPlan:
    """Return the plan of an era, counted as in a list: 0 is the first, -1 the last."""
    return _eras(scenario)[which]


def _eras(scenario: Scenario) -> tuple[EraPlan, ...]:
    return draw_up(scenario.law, scenario.habits, scenario.world, scenario.stages).eras
