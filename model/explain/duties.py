"""The duty list read as territory (Downs 1967): who claims what, where nobody does, where several do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from model.config.scenario import Scenario
from model.explain.eras import era_of
from model.layout import KindPlan

__all__ = ["CLEAR_CLAIM", "FRINGE", "NEARLY_EQUAL", "Claimed", "Duty", "duty_list"]

CLEAR_CLAIM = 0.5
"""A claim below this (membership 0-1) is no heartland: with no greater one a kind is no man's land."""

NEARLY_EQUAL = 0.85
"""A second claim of at least this part of the first contests it."""

FRINGE = 0.5
"""A weaker claim of at least this part of the first is fringe, one below it periphery."""


@dataclass(frozen=True)
class Claimed:
    """The claim of one department on a kind.

    Attributes
    ----------
    code : str
    membership : float
        0-1.
    zone : str
        What the kind is to this department: "heartland", "contested", "fringe", "periphery" or "no man's land".
    """

    code: str
    membership: float
    zone: str


@dataclass(frozen=True)
class Duty:
    """One case kind under a law.

    Attributes
    ----------
    kind, title_en, title_zh : str
    zone : str
        That of the strongest claim: "heartland", "contested", or "no man's land".
    street : float
        The street's own claim, 0-1.
    claims : tuple of Claimed
        Departments, the strongest first.
    """

    kind: str
    title_en: str
    title_zh: str
    zone: str
    street: float
    claims: tuple[Claimed, ...]


def duty_list(scenario: Scenario, era: int = 0) -> list[Duty]:
    """Return the duty list of an era (0 the first, -1 the last), kind by kind, under the district's own law."""
    plan = era_of(scenario, era)
    codes = [unit.code for unit in plan.units]
    titles = (kind.title for kind in scenario.world.kinds)
    return [_duty(kind, title.en, title.zh, codes) for kind, title in zip(plan.kinds[-1], titles, strict=True)]


def _duty(kind: KindPlan, english: str, chinese: str, codes: list[str]) -> Duty:
    claims = sorted(kind.claims, key=lambda claim: -claim.membership)
    sizes = [claim.membership for claim in claims]
    claimed = tuple(
        Claimed(codes[claim.unit], claim.membership, _zone(claim.membership, sizes, place))
        for place, claim in enumerate(claims)
    )
    zone = claimed[0].zone if claimed else "no man's land"
    return Duty(kind.code, english, chinese, zone, kind.street_membership, claimed)


def _zone(size: float, sizes: Sequence[float], place: int) -> str:
    """Return the zone of a claim among those on its kind, the strongest first."""
    strongest = sizes[0]
    if strongest < CLEAR_CLAIM:
        return "no man's land"
    if size >= NEARLY_EQUAL * strongest and len(sizes) > 1 and sizes[1] >= NEARLY_EQUAL * strongest:
        return "contested"
    if place == 0:
        return "heartland"
    return "fringe" if size >= FRINGE * strongest else "periphery"
