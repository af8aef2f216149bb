"""The duty list read as territory (Downs 1967): who claims what, where nobody does, where several do."""

from __future__ import annotations

from dataclasses import dataclass

from model.blueprint import KindPlan, draw_up
from model.scenario import Scenario

__all__ = ["CLEAR_CLAIM", "NEARLY_EQUAL", "Duty", "duty_list"]

CLEAR_CLAIM = 0.5
"""A claim below this (membership 0-1) is no heartland: with no greater one a kind is no man's land."""

NEARLY_EQUAL = 0.85
"""A second claim of at least this part of the first contests it."""


@dataclass(frozen=True)
class Duty:
    """One case kind under a law.

    Attributes
    ----------
    kind, title_en, title_zh : str
    zone : str
        "heartland", "contested", or "no man's land".
    street : float
        The street's own claim, 0-1.
    claims : tuple of (code, membership)
        Departments, the strongest first.
    """

    kind: str
    title_en: str
    title_zh: str
    zone: str
    street: float
    claims: tuple[tuple[str, float], ...]


def duty_list(scenario: Scenario, day: int = 0) -> list[Duty]:
    """Return the duty list of a day, by the district's own law of it, kind by kind."""
    plan = draw_up(scenario.law, scenario.habits, scenario.world, scenario.stages)
    codes = [unit.code for unit in plan.units]
    return [
        _duty(kind, title.en, title.zh, codes)
        for kind, title in zip(plan.era_on(day).kinds[-1], (kind.title for kind in scenario.world.kinds), strict=True)
    ]


def _duty(kind: KindPlan, english: str, chinese: str, codes: list[str]) -> Duty:
    claims = sorted(((codes[claim.unit], claim.membership) for claim in kind.claims), key=lambda each: -each[1])
    return Duty(kind.code, english, chinese, _zone([size for _, size in claims]), kind.street_membership, tuple(claims))


def _zone(sizes: list[float]) -> str:
    if not sizes or sizes[0] < CLEAR_CLAIM:
        return "no man's land"
    return "contested" if len(sizes) > 1 and sizes[1] >= NEARLY_EQUAL * sizes[0] else "heartland"
