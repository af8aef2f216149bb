"""A new era begins: other laws, people placed anew, units merged; and what is reckoned month by month."""

from __future__ import annotations

from typing import Any

from model.engine.columns import NOBODY
from model.engine.compiled import kernel, step
from model.engine.ledger import free_slots, schedule
from model.rules import feedback
from model.terms import Event, Phase, State

__all__ = ["involve_residents", "kind_of", "law_of", "new_eras", "present_claim"]


@kernel
def law_of(laws: Any, units: Any, case: Any) -> Any:
    """Return the law on whose ground a case lies."""
    return laws[units[case.street].law]


@kernel
def kind_of(district: Any, units: Any, kinds: Any, case: Any) -> Any:
    """Return a case's kind as the law on its ground has it."""
    return kinds[units[case.street].law * district.kinds + case.kind]


@kernel
def present_claim(district: Any, slot: Any, kind: Any, claims: Any) -> int:
    """Return the claim of a slot's unit under the law of today; the one it was asked by where it has lost it."""
    if kind.first_claim <= slot.claim < kind.last_claim:
        return slot.claim
    for j in range(kind.first_claim, kind.last_claim):
        if claims[j].unit == slot.unit:
            return j
    return slot.claim


@step
def involve_residents(district: Any, laws: Any, units: Any, s: int) -> None:
    """Residents of street `s` are heard and take part as far as law, party and their communities' time allow."""
    below = units[district.streets + s]
    units[s].voices = feedback.voices(laws[units[s].law], below.slack)
    involved = feedback.involvement(laws[units[s].law], below.slack)
    units[s].involvement = involved
    below.involvement = involved


@kernel
def append_lane(slots: Any, head: int, tail: int, more: int, more_tail: int, unit: int) -> int:
    """Relabel the slots of lane `more` and hang it behind `tail`; return the new head."""
    at = more
    while at != NOBODY:
        slots[at].unit = unit
        at = slots[at].next
    if head == NOBODY:
        return more
    slots[tail].next = more
    return head


@step
def absorb(units: Any, slots: Any, u: int, into: int) -> None:
    """A unit is merged into another, which takes over its queue and its programmes."""
    old, new = units[u], units[into]
    if old.going != NOBODY:
        new.going = append_lane(slots, new.going, new.going_last, old.going, old.going_last, into)
        new.going_last = old.going_last
        old.going = NOBODY
    if old.easy != NOBODY:
        new.easy = append_lane(slots, new.easy, new.easy_last, old.easy, old.easy_last, into)
        new.easy_last = old.easy_last
        old.easy = NOBODY
    if old.queue != NOBODY:
        new.queue = append_lane(slots, new.queue, new.queue_last, old.queue, old.queue_last, into)
        new.queue_last = old.queue_last
        old.queue = NOBODY
    new.queued += old.queued
    new.waiting += old.waiting
    new.programmes += old.programmes
    old.queued = 0
    old.waiting = 0
    old.programmes = 0.0


@step
def post(unit: Any, plan: Any) -> None:
    """Place a unit's people and put its law in force as the era's plan says."""
    unit.law = plan.law
    unit.successor = plan.successor
    unit.staff = plan.staff + unit.moved
    unit.home_hours = plan.home_hours
    unit.commanded = plan.commanded
    unit.experts = plan.experts
    unit.expertise = plan.expertise
    unit.may_whistle = plan.may_whistle
    unit.stationed_share = plan.stationed_share
    unit.street_weight = plan.street_weight
    unit.share_on_cases = plan.share_on_cases
    unit.balance = plan.balance
    unit.programme_month = plan.programme_month


@step
def empty_lane(district: Any, cases: Any, slots: Any, events: Any, calendar: Any, head: int) -> None:
    """The cases of a lane go back to their streets' desks."""
    at = head
    while at != NOBODY:
        following = slots[at].next
        row = slots[at].case
        case = cases[row]
        free_slots(district, slots, case)
        case.cosmetic = 0
        case.attempts += 1
        case.state = State.TRIAGE
        now = district.step * district.step_ticks
        schedule(district, events, calendar, Phase.ARRIVAL, Event.RETRIAGE, row, case.key, now, district.step + 1)
        at = following


@step
def dissolve_teams(district: Any, cases: Any, slots: Any, events: Any, calendar: Any, units: Any) -> None:
    """A platform team that has lost all its people leaves its cases to its street."""
    for u in range(2 * district.streets, 3 * district.streets):
        team = units[u]
        if team.staff == 0 and team.queued > 0:
            empty_lane(district, cases, slots, events, calendar, team.going)
            empty_lane(district, cases, slots, events, calendar, team.easy)
            empty_lane(district, cases, slots, events, calendar, team.queue)
            team.going = NOBODY
            team.easy = NOBODY
            team.queue = NOBODY
            team.queued = 0
            team.waiting = 0


@step
def given_out_anew(district: Any, posts: Any) -> bool:
    """Tell whether the next era gives generalists to streets otherwise than the one before."""
    for s in range(district.streets):
        now, before = posts[district.era, s], posts[district.era - 1, s]
        if now.staff - now.experts != before.staff - before.experts:
            return True
    return False


@step
def new_eras(
    district: Any, laws: Any, eras: Any, posts: Any, cases: Any, slots: Any, events: Any, calendar: Any, units: Any
) -> None:  # fmt: skip
    """Begin the eras whose first step has come; the first begins with the run.

    Where posts of streets are given out anew, what dynamic quotas had moved is void.
    """
    while district.era < len(eras) and eras[district.era].step <= district.step:
        era = eras[district.era]
        district.law = era.law
        district.platform_capacity = era.platform_capacity
        district.press_capacity = era.press_capacity
        if district.era > 0 and given_out_anew(district, posts):
            for s in range(district.streets):
                units[s].moved = 0
        for u in range(len(units)):
            post(units[u], posts[district.era, u])
        for u in range(len(units)):
            if units[u].successor != u:
                absorb(units, slots, u, units[u].successor)
        dissolve_teams(district, cases, slots, events, calendar, units)
        for s in range(district.streets):
            involve_residents(district, laws, units, s)
        district.era += 1
