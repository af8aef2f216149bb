"""Residents and party organisations."""

from __future__ import annotations

from dataclasses import dataclass

from model.parameter import parameter

__all__ = ["Participation", "Party"]

_ARTICLE = "Wang 2018"


@dataclass(frozen=True)
class Participation:
    """R12: party–mass co-governance, directors' meetings, hotline, media, deputies."""

    strength: float = parameter(
        0.2, unit="share of the way", bounds=(0.0, 1.0), row="R12",
        source=f"{_ARTICLE}; before the reform some, assumption 0.1-0.4",
        meaning="How far residents are given ways to take part.",
        zh="社会参与渠道",
    )  # fmt: skip


@dataclass(frozen=True)
class Party:
    """R13, N12: regional party-building; three circles, of which none may be missing."""

    value: float = parameter(
        0.3, unit="0-1", bounds=(0.0, 1.0), row="R13",
        source=f"{_ARTICLE}; assumption 0.1-0.9",
        meaning="Value: how much joining in is worth to member units.",
        zh="区域化党建：价值认同",
    )  # fmt: skip
    capability: float = parameter(
        0.3, unit="0-1", bounds=(0.0, 1.0), row="R13",
        source=f"{_ARTICLE}; assumption 0.1-0.9",
        meaning="Capability: what regional party organisations can do.",
        zh="区域化党建：组织能力",
    )  # fmt: skip
    support: float = parameter(
        0.3, unit="0-1", bounds=(0.0, 1.0), row="R13",
        source=f"{_ARTICLE}; assumption 0.1-0.9",
        meaning="Support: who stands behind it.",
        zh="区域化党建：支持力度",
    )  # fmt: skip
    powers: float = parameter(
        0.0, unit="strength", bounds=(0.0, 1.0), row="N12",
        source=f"{_ARTICLE}: effective powers; strength is an assumption",
        meaning="Powers of regional party organisations to call on member units, which adds to capability.",
        zh="区域性党组织的有效权限",
    )  # fmt: skip
