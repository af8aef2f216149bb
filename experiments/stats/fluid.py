"""The fluid limit of delegating powers: when the streets' pool is full, and which sign that gives.

Derivation, symbols and assumptions: `paper/fluid_limit.md`, to whose sections the functions refer. Decisions follow
`model.rules`, at their expected values. Work and hours are in person-days a day.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import NormalDist
from types import SimpleNamespace
from typing import Any

from experiments.stats.panel import day_limits
from model import Scenario, offered_load, portable_math
from model.placement import births_per_day
from model.rules import accept, dispatch, effort, feedback, jurisdiction


def after(scenario: Scenario, delegated: float, followed: float) -> Scenario:
    """Return the scenario with shares of powers delegated and of their staff following; ValueError outside 0-1."""
    if not (0.0 <= delegated <= 1.0 and 0.0 <= followed <= 1.0):
        raise ValueError(f"shares: expected 0 to 1, got {delegated} delegated and {followed} followed")
    law = scenario.law
    powers = replace(law.powers, delegated=delegated)
    placement = replace(law.placement, follow_powers=followed)
    return replace(scenario, law=replace(law, powers=powers, placement=placement))


@dataclass(frozen=True)
class Streets:
    """All streets as one pool after delegation, its queue as long as limits allow.

    `hours` that streets hold (H); `own` and returned cases, at the speed of full pools (Q); work `sent` down (U);
    `delegated` cases for specialists, at that speed, reversals included (B); `expertise`: share of delegated cases that
    people who came with the powers can take (e), 0-1.
    """

    hours: float
    own: float
    sent: float
    delegated: float
    expertise: float


def load_of(pool: Streets, speed: float) -> float:
    """Return the load of the streets' pool (ρ) at a generalist's speed; above 1 it outgrows the limit; section 6."""
    if pool.hours == 0.0:
        return float("inf")
    mixed = speed + pool.expertise * (1.0 - speed)
    return (pool.own + pool.sent + pool.delegated / mixed) / pool.hours


def speed_needed(pool: Streets) -> float | None:
    """Return the generalist's speed, in specialists', below which delegation turns bad: the pool is full (v*).

    Negative where every speed will do; None where all else fills the hours, or experts take all delegated cases.
    """
    room = pool.hours - pool.own - pool.sent
    if room <= 0.0 or pool.expertise >= 1.0:
        return None
    return (pool.delegated / room - pool.expertise) / (1.0 - pool.expertise)


@dataclass(frozen=True)
class Delegation:
    """What delegating a share (d) of enforcement powers brings to streets; `scenario` is before it."""

    scenario: Scenario
    delegated: float

    @cached_property
    def handed_over(self) -> float:
        """Specialists' work that leaves departments and their teams with the powers (A); section 2."""
        before, left = (_levels(after(self.scenario, share, 0.0)) for share in (0.0, self.delegated))
        return sum(before[level][0] - left[level][0] for level in ("department", "team"))

    @cached_property
    def own_work(self) -> float:
        """Streets' own ordinary work (O + R): kept and returned cases less what communities take; section 2."""
        # with all powers delegated and nobody following streets are full, and communities take all that is light
        full, handed = _levels(after(self.scenario, 1.0, 0.0)), replace(self, delegated=1.0).handed_over
        kept = full["street"][0] - handed / self.scenario.habits.skill.generalist_speed
        whole = kept + full["community"][0]
        return kept + referred(self.scenario) * kept / whole if whole > 0.0 else 0.0

    @cached_property
    def held(self) -> float:
        """Hours that streets hold before anybody follows (H₀)."""
        return _levels(after(self.scenario, self.delegated, 0.0))["street"][1]

    @cached_property
    def slack_days(self) -> float:
        """Mean days that limits leave for waiting (τ), over the cases that streets keep after delegation; section 4.

        Kinds whose limit is shorter than a step have no closure rate and are left out.
        """
        cases = slack = 0.0
        limits = dict(day_limits(self.scenario))
        for kind, births in _births(self.scenario):
            if limits[kind.code] > 0.0:
                own = (1.0 - kind.enforcement) * kind.duties.diffuse.get("street", 0.0)
                count = births * (1.0 - kind.joint) * (kind.enforcement * self.delegated + own)
                cases += count
                slack += count * max(0.0, limits[kind.code] - kind.waiting_days)
        return slack / cases if cases > 0.0 else 0.0

    def expertise(self, moved: float) -> float:
        """Return the share of delegated cases that those who moved, a part of all street staff, can take (e)."""
        enforcement = own = 0.0
        for kind, births in _births(self.scenario):
            single = births * kind.work_days * (1.0 - kind.joint)
            enforcement += single * kind.enforcement * self.delegated
            own += single * (1.0 - kind.enforcement) * kind.duties.diffuse.get("street", 0.0)
        return min(1.0, moved * (enforcement + own) / enforcement) if enforcement > 0.0 else 0.0

    def streets(self, followed: float) -> Streets:
        """Return the streets' pool when a share of the staff has followed; sections 3 to 5."""
        world, habits, days = self.scenario.world, self.scenario.habits, self.slack_days
        moved = after(self.scenario, self.delegated, followed)
        hours = _levels(moved)["street"][1]
        experts = self.expertise(1.0 - self.held / hours) if hours > 0.0 else 0.0
        # how people feel a queue of so many days of all of them, of whom some are absent (L)
        felt = accept.relative_load(days * ((5.0 + 2.0 * world.staff.weekend) / 7.0), habits.acceptance.load_reference)
        # citizens who have not given up, and the speed (s) of people in full use: hurried, and tired throughout
        factor = portable_math.exp(-days / habits.citizens.patience_days) / effort.speed(habits, 1.0, felt, 1.0)
        chosen = portable_math.logistic(feedback.chooses_cogovernance(habits, felt, 0.0))
        # ordinary cases, some closed with residents, take more work than by control alone (φ)
        own = self.own_work * factor * (1.0 + (habits.closing.cogovernance_work - 1.0) * chosen)
        delegated = self.handed_over * factor / (1.0 - feedback.reversal(habits, experts))
        return Streets(hours, own, sent_to_streets(moved), delegated, experts)

    def effect_sign(self, followed: float, speed: float) -> int:
        """Return the sign of the effect on closure within the limit: −1, 0 or 1; section 7.

        It is 0 unless cases that need power miss their limit before: letters take time, or a department is over-full.
        """
        if self.delegated == 0.0:
            return 0
        if load_of(self.streets(followed), speed) > 1.0:
            return -1
        letters, before = self.scenario.law.letters, offered_load(after(self.scenario, 0.0, 0.0))
        slow = self.scenario.habits.acceptance.in_force or letters.transit_days + letters.answer_within > 0.0
        return int(slow or any(pool.level == "department" and (pool.load or 0.0) > 1.0 for pool in before))


def _levels(scenario: Scenario) -> dict[str, tuple[float, float]]:
    levels: dict[str, list[Any]] = {}
    for pool in offered_load(scenario):
        levels.setdefault(pool.level, []).append(pool)
    return {level: (sum(pool.work for pool in pools), sum(pool.hours for pool in pools))
            for level, pools in levels.items()}  # fmt: skip


def _births(scenario: Scenario) -> Iterator[tuple[Any, float]]:
    """Return the kinds, each with its problems born a day (λ)."""
    return zip(scenario.world.kinds, births_per_day(scenario.world), strict=True)


# Letters: what streets refer and get back, for departments pass it on or do not answer (section "Letters").


def _claims(scenario: Scenario, kind: Any) -> dict[str, float]:
    """Return the claims of all units on a kind, as far as the duty list is clear."""
    diffuse, sharp = kind.duties.diffuse, kind.duties.sharp
    claims = {code: jurisdiction.membership(scenario.law, diffuse.get(code, 0.0), sharp.get(code, 0.0))
              for code in sorted({*diffuse, *sharp})}  # fmt: skip
    return {code: claim for code, claim in claims.items() if claim > 0.0}


def _accepts(scenario: Scenario, kind: Any, claim: float, strongest_other: float, passes: int) -> float:
    """Return the chance that an idle department accepts a letter that was passed on so often (rule 1)."""
    law, habits, letters = scenario.law, scenario.habits, scenario.law.letters
    age = (letters.transit_days + letters.answer_within / 2.0) * (passes + 1)
    late = min(1.0, age / getattr(scenario.world.deadlines, kind.deadline))
    stake = habits.acceptance.stake * effort.effective_weight(law, habits) + law.coordination.raise_stake
    seen = SimpleNamespace(membership=claim, overlap=jurisdiction.overlap(claim, strongest_other))
    ordinary = {"attempts": 0, "parties": 1, "pressed": 0, "needs_power": False, "whistle_open": False}
    case = SimpleNamespace(stake=kind.stake, passes=passes, **ordinary)  # with all that rules may ask of one
    against = sum(accept.against(habits, seen, case, 0.0, late))
    return portable_math.logistic(habits.acceptance.intercept + habits.acceptance.membership + stake - against)


def returned(scenario: Scenario, kind: Any) -> float:
    """Return the chance that one letter about an ordinary case ends on the street's desk again (q); section 2."""
    habits = scenario.habits
    if not habits.acceptance.in_force:
        return 0.0
    claims = _claims(scenario, kind)
    if not claims.keys() - {"street"}:
        return 1.0
    error = jurisdiction.noise(scenario.law, habits)
    own = max(claims.pop("street", 0.0), habits.routing.territorial_floor)
    here = jurisdiction.perceived_weight(own, error)
    appeals = {code: jurisdiction.perceived_weight(claim, error) for code, claim in claims.items()}
    answers = portable_math.logistic(habits.acceptance.answering)

    def coming_back(unasked: Sequence[str]) -> float:
        """Return the chance that a letter ends with the street, times appeals, over whom it may go to next."""
        return sum(appeals[code] * comes_back(code, [each for each in unasked if each != code]) for code in unasked)

    def comes_back(code: str, unasked: Sequence[str]) -> float:
        """Return the chance that a letter now with a department ends with the street; nobody is asked twice."""
        strongest_other = max((claim for other, claim in claims.items() if other != code), default=0.0)
        accepts = _accepts(scenario, kind, claims[code], strongest_other, len(claims) - len(unasked) - 1)
        whole = here + sum(appeals[each] for each in unasked)
        return 1.0 - answers + answers * (1.0 - accepts) * (here + coming_back(unasked)) / whole

    return coming_back(list(claims)) / sum(appeals.values())


def returns_for_good(scenario: Scenario, kind: Any) -> float:
    """Return the share of an ordinary kind's cases that the street refers and has to close itself in the end."""
    held, wider = _claims(scenario, kind).get("street", 0.0), scenario.habits.routing.territorial_floor
    chance, letter, own = returned(scenario, kind), 1.0, 0.0
    while held < 1.0 and wider > 0.0:
        letter *= chance
        more = min(1.0, held + wider)  # what the street is held to: territorial responsibility
        own += letter * (more - held)
        held = more
    return own


def referred(scenario: Scenario) -> float:
    """Return the ordinary work that comes back to streets for good (R), at their speed."""
    parts = (work * (1.0 - kind.joint) * (1.0 - kind.enforcement) * returns_for_good(scenario, kind)
             for kind, work in _work(scenario))  # fmt: skip
    return float(sum(parts) / scenario.habits.skill.local_speed)


def _work(scenario: Scenario) -> Iterator[tuple[Any, float]]:
    """Yield the kinds, each with its work, hidden problems having grown worse."""
    for kind, births in _births(scenario):
        yield kind, births * kind.work_days * (1.0 + scenario.habits.citizens.worsening * kind.hidden)


# Work sent down: programmes come unevenly, and what departments miss by the deadline goes to streets (its section).


def missed(mean: float, spread: float, capacity: float) -> float:
    """Return the expected excess of a lognormal month over a capacity, in the unit of both: E(X − k)⁺."""
    if mean <= 0.0:
        return 0.0
    if spread == 0.0 or capacity <= 0.0:
        return max(0.0, mean - capacity)
    above, share = (math.log(mean / capacity) + spread * spread / 2.0) / spread, NormalDist().cdf
    return mean * share(above) - capacity * share(above - spread)


def shortfall(scenario: Scenario) -> float:
    """Return the programme work that departments miss, each having its mean (P) by staff and weight.

    While cases wait programmes have what the split (rule 3) leaves them; where cases need less, the rest too.
    """
    line, cases = scenario.world.programmes, sum(work for _, work in _work(scenario))
    whole = cases * line.weight / (1.0 - line.weight) * (1.0 - line.city_part)
    sizes = {each.code: each.programme_weight * each.staff_weight for each in scenario.world.departments}
    share = effort.street_share(scenario.habits, effort.effective_weight(scenario.law, scenario.habits))
    total = 0.0
    for pool in offered_load(scenario):
        if pool.level == "department" and sizes.get(pool.code, 0.0) > 0.0:
            mean = whole * sizes[pool.code] / sum(sizes.values())
            free = max((1.0 - share) * pool.hours, pool.hours - (pool.work - mean))
            total += missed(mean, line.spread, free)
    return total


def sent_to_streets(scenario: Scenario) -> float:
    """Return the work sent down that stays in streets (U); the rest goes on to communities."""
    down = dispatch.sent_down(scenario.law, scenario.habits, shortfall(scenario))
    return down - dispatch.sent_to_communities(scenario.law, scenario.habits, down)
