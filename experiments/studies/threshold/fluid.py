"""The fluid limit of delegating powers: when the streets' pool is full, and which sign that gives.

Derivation, symbols and assumptions: `paper/fluid_limit.md`, to whose sections the functions refer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from experiments.studies.threshold.full import (
    patient_share,
    reversed_share,
    slack_days,
    speed_when_full,
    with_residents,
)
from experiments.studies.threshold.referral import births, referred
from experiments.studies.threshold.sending import sent_to_streets
from model import Scenario, offered_load

__all__ = [
    "Streets", "Terms", "after", "effect_sign", "expertise", "handed_over", "load_after", "load_of", "own_work",
    "speed_needed", "streets_after", "terms_of", "threshold",
]  # fmt: skip


@dataclass(frozen=True)
class Terms:
    """What delegating a share of the powers brings to streets, whoever follows.

    Attributes
    ----------
    scenario : Scenario
        Before delegation.
    delegated : float
        Share of enforcement cases whose power goes to streets (d).
    own, handed : float
        Person-days a day: ordinary work of streets themselves (O + R); specialists' work of delegated cases (A).
    held : float
        Person-days a day that streets hold before (H₀).
    slack : float
        Days of waiting that limits allow (τ).
    """

    scenario: Scenario
    delegated: float
    own: float
    handed: float
    held: float
    slack: float


@dataclass(frozen=True)
class Streets:
    """All streets as one pool after delegation, its queue as long as limits allow.

    Attributes
    ----------
    hours : float
        Person-days a day that streets hold (H).
    own, sent : float
        Person-days a day of own and returned cases, at the speed of full pools (Q), and of work sent down (U).
    delegated : float
        Person-days a day of delegated cases for specialists, at that speed, reversals included (B).
    expertise : float
        Share of delegated cases that people who came with the powers can take (e), 0-1.
    """

    hours: float
    own: float
    sent: float
    delegated: float
    expertise: float


def after(scenario: Scenario, delegated: float, followed: float) -> Scenario:
    """Return the scenario with shares of powers delegated and of their staff following, nothing else changed.

    Raises
    ------
    ValueError
        For shares outside 0-1.
    """
    if not (0.0 <= delegated <= 1.0 and 0.0 <= followed <= 1.0):
        raise ValueError(f"shares: expected 0 to 1, got {delegated} delegated and {followed} followed")
    law = scenario.law
    powers = replace(law.powers, delegated=delegated)
    placement = replace(law.placement, follow_powers=followed)
    return replace(scenario, law=replace(law, powers=powers, placement=placement))


def _levels(scenario: Scenario) -> dict[str, tuple[float, float]]:
    """Return the work and the hours of each level by hand, person-days a day."""
    pools = offered_load(scenario)
    levels = dict.fromkeys(pool.level for pool in pools)
    return {
        level: (
            sum(pool.work for pool in pools if pool.level == level),
            sum(pool.hours for pool in pools if pool.level == level),
        )
        for level in levels
    }


def handed_over(scenario: Scenario, delegated: float) -> float:
    """Return the specialists' work that leaves departments and their teams with the powers (A); section 2."""
    before, left = _levels(after(scenario, 0.0, 0.0)), _levels(after(scenario, delegated, 0.0))
    return sum(before[level][0] - left[level][0] for level in ("department", "team"))


def own_work(scenario: Scenario) -> float:
    """Return the ordinary work of streets themselves (O + R): kept and returned cases less what communities take.

    Section 2. With all powers delegated and nobody following streets are full, and communities take all that is light.
    """
    full = _levels(after(scenario, 1.0, 0.0))
    kept = full["street"][0] - handed_over(scenario, 1.0) / scenario.habits.skill.generalist_speed
    whole = kept + full["community"][0]
    return kept + referred(scenario.resolved()) * kept / whole if whole > 0.0 else 0.0


def terms_of(scenario: Scenario, delegated: float) -> Terms:
    """Return what delegating this share of the powers brings to streets."""
    return Terms(
        scenario=scenario,
        delegated=delegated,
        own=own_work(scenario),
        handed=handed_over(scenario, delegated),
        held=_levels(after(scenario, delegated, 0.0))["street"][1],
        slack=slack_days(scenario.resolved(), delegated),
    )


def expertise(scenario: Scenario, delegated: float, moved: float) -> float:
    """Return the share of delegated cases that those who moved can take (e); section 3.

    `moved` is their part of all street staff. They take these cases before any other.
    """
    enforcement = own = 0.0
    values = scenario.resolved()
    for kind in values["kinds"]:
        single = births(values, kind) * kind["work_days"] * (1.0 - kind["joint"])
        enforcement += single * kind["enforcement"] * delegated
        own += single * (1.0 - kind["enforcement"]) * kind["duties"]["diffuse"].get("street", 0.0)
    return min(1.0, moved * (enforcement + own) / enforcement) if enforcement > 0.0 else 0.0


def streets_after(terms: Terms, followed: float) -> Streets:
    """Return the streets' pool when a share of the staff has followed; sections 3 to 5."""
    moved, values = after(terms.scenario, terms.delegated, followed), terms.scenario.resolved()
    hours = _levels(moved)["street"][1]
    experts = expertise(terms.scenario, terms.delegated, 1.0 - terms.held / hours) if hours > 0.0 else 0.0
    factor = patient_share(values, terms.slack) / speed_when_full(values, terms.slack)
    return Streets(
        hours=hours,
        own=terms.own * factor * with_residents(values, terms.slack),
        sent=sent_to_streets(moved),
        delegated=terms.handed * factor / (1.0 - reversed_share(values, experts)),
        expertise=experts,
    )


def load_of(pool: Streets, speed: float) -> float:
    """Return the load of the streets' pool (ρ) at a generalist's speed; section 6."""
    if pool.hours == 0.0:
        return float("inf")
    mixed = speed + pool.expertise * (1.0 - speed)
    return (pool.own + pool.sent + pool.delegated / mixed) / pool.hours


def load_after(scenario: Scenario, delegated: float, followed: float, speed: float) -> float:
    """Return the streets' load after delegation with their queue at the limit; above 1 it outgrows the limit."""
    return load_of(streets_after(terms_of(scenario, delegated), followed), speed)


def speed_needed(pool: Streets) -> float | None:
    """Return the generalist's speed at which a pool is just full (v*), in specialists'; section 6.

    Returns
    -------
    float or None
        Negative where every speed will do; None where no speed decides: all else fills the hours, or experts take
        all delegated cases.
    """
    room = pool.hours - pool.own - pool.sent
    if room <= 0.0 or pool.expertise >= 1.0:
        return None
    return (pool.delegated / room - pool.expertise) / (1.0 - pool.expertise)


def threshold(scenario: Scenario, delegated: float, followed: float) -> float | None:
    """Return the generalist's speed below which delegation turns bad, in specialists'; None as in `speed_needed`."""
    return speed_needed(streets_after(terms_of(scenario, delegated), followed))


def effect_sign(scenario: Scenario, delegated: float, followed: float, speed: float) -> int:
    """Return the sign of the effect of delegating on closure within the limit: −1, 0 or 1; section 7."""
    if delegated == 0.0:
        return 0
    if load_after(scenario, delegated, followed, speed) > 1.0:
        return -1
    return int(_lost_before(scenario))


def _lost_before(scenario: Scenario) -> bool:
    """Tell whether cases that need power miss their limit before: letters take time, or a department is over-full."""
    values = scenario.resolved()
    if values["acceptance"]["in_force"] or values["letters"]["transit_days"] + values["letters"]["answer_within"] > 0.0:
        return True
    pools = [pool for pool in offered_load(after(scenario, 0.0, 0.0)) if pool.level == "department"]
    return any(pool.load is not None and pool.load > 1.0 for pool in pools)
