"""The duty list, the phases of the day and the dates of a regime."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from model.config.scenario import Scenario
from model.layout import EraPlan, KindPlan, build_state

__all__ = [
    "CLEAR_CLAIM", "FRINGE", "NEARLY_EQUAL", "PHASE_WORDS", "Claimed", "Duty", "duty_list", "era_days", "era_of",
]  # fmt: skip

PHASE_WORDS: dict[str, tuple[str, str]] = {
    "demand_arrives": (
        "Demand arrives: problems are born; they are reported, stay hidden, are found, or come back.",
        "诉求产生：问题发生，或被上报，或未被发现，或被发现，或重复出现。",
    ),
    "superiors_assign": (
        "Superiors assign: programmes fall due; what departments missed is sent down to streets and communities.",
        "上级交办：条线任务到期；部门未完成的部分下派街乡与社区。",
    ),
    "streets_triage": (
        "Streets triage: own work, the platform team, a whistle, a letter, or the shelf.",
        "街乡研判：自办、交派驻队伍、吹哨、发函或搁置。",
    ),
    "platform_accepts": (
        "The platform accepts whistles, a capacity a day, and names the parties.",
        "平台受理：按每日能力受理哨单，明确主办与协办单位。",
    ),
    "departments_answer": (
        "Departments answer: accept, pass on, or let the limit run out; then come or stay away.",
        "部门应答：接单、推诿或逾期不应；之后到场或缺席。",
    ),
    "units_work": (
        "Units work: hours are split between errands, programmes, cases and what was sent down.",
        "单位办理：工时在杂务、条线任务、案件与下派任务之间分配。",
    ),
    "supervision_presses": (
        "Supervision presses overdue cases, a capacity a day.",
        "督办：按每日能力催办逾期案件。",
    ),
    "results_show": (
        "Results show: notice periods end; closures are called back, reversed or reopened.",
        "结果显现：法定期满；办结件回访、撤销或重新办理。",
    ),
    "score": (
        "Scores are kept: ranks, pressure, residents' part, quotas, month by month.",
        "考核：逐月排名、传导压力、计群众参与、调整编制。",
    ),
}
"""By name of the phase, in the order of the day: English and Chinese."""


def era_days(scenario: Scenario) -> list[int]:
    """Return the first day, and the day on which the last rules begin where some begin later."""
    return sorted({0} | {max((stage.day for stage in scenario.stages), default=0)})


def era_of(scenario: Scenario, which: int) -> EraPlan:
    """Return the plan that holds on one of `era_days`, counted as in a list: 0 is the first, -1 the last."""
    plan = build_state(scenario.law, scenario.habits, scenario.world, scenario.stages)
    return plan.era_on(era_days(scenario)[which])


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
