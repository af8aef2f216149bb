"""A new era begins: other laws, people placed anew, units merged; and what is reckoned month by month."""

from __future__ import annotations

from model.effects import InForce
from model.engine.columns import NOBODY
from model.engine.district import District
from model.engine.ledger import free_slots, schedule
from model.engine.rows import CaseRow, KindRow, SlotRow, UnitRow
from model.rules import feedback
from model.terms import Event, Phase, State

__all__ = ["involve_residents", "kind_of", "law_of", "new_eras", "present_claim"]


def law_of(district: District, case: CaseRow) -> InForce:
    """Return the law on whose ground a case lies."""
    return district.laws[district.units[case.street].law]


def kind_of(district: District, case: CaseRow) -> KindRow:
    """Return a case's kind as the law on its ground has it."""
    return district.kinds[district.units[case.street].law * district.kinds_a_law + case.kind]


def present_claim(district: District, slot: SlotRow, kind: KindRow) -> int:
    """Return the claim of a slot's unit under the law of today; the one it was asked by where it has lost it."""
    if kind.first_claim <= slot.claim < kind.last_claim:
        return slot.claim
    for j in range(kind.first_claim, kind.last_claim):
        if district.claims[j].unit == slot.unit:
            return j
    return slot.claim


def involve_residents(district: District, s: int) -> None:
    """Residents of street `s` are heard and take part as far as law, party and their communities' time allow."""
    below = district.units[district.streets + s]
    district.units[s].voices = feedback.voices(district.laws[district.units[s].law], below.slack)
    involved = feedback.involvement(district.laws[district.units[s].law], below.slack)
    district.units[s].involvement = involved
    below.involvement = involved


def append_lane(district: District, head: int, tail: int, more: int, more_tail: int, unit: int) -> int:
    """Relabel the slots of lane `more` and hang it behind `tail`; return the new head."""
    at = more
    while at != NOBODY:
        district.slots[at].unit = unit
        at = district.slots[at].next
    if head == NOBODY:
        return more
    district.slots[tail].next = more
    return head


def absorb(district: District, u: int, into: int) -> None:
    """A unit is merged into another, which takes over its queue and its programmes."""
    old, new = district.units[u], district.units[into]
    if old.going != NOBODY:
        new.going = append_lane(district, new.going, new.going_last, old.going, old.going_last, into)
        new.going_last = old.going_last
        old.going = NOBODY
    if old.easy != NOBODY:
        new.easy = append_lane(district, new.easy, new.easy_last, old.easy, old.easy_last, into)
        new.easy_last = old.easy_last
        old.easy = NOBODY
    if old.queue != NOBODY:
        new.queue = append_lane(district, new.queue, new.queue_last, old.queue, old.queue_last, into)
        new.queue_last = old.queue_last
        old.queue = NOBODY
    new.queued += old.queued
    new.waiting += old.waiting
    new.programmes += old.programmes
    old.queued = 0
    old.waiting = 0
    old.programmes = 0.0


def post(unit: UnitRow, plan: UnitRow) -> None:
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


def empty_lane(district: District, head: int) -> None:
    """The cases of a lane go back to their streets' desks."""
    at = head
    while at != NOBODY:
        following = district.slots[at].next
        row = district.slots[at].case
        case = district.cases[row]
        free_slots(district, case)
        case.cosmetic = 0
        case.attempts += 1
        case.state = State.TRIAGE
        now = district.step * district.step_ticks
        schedule(district, Phase.ARRIVAL, Event.RETRIAGE, row, now, district.step + 1)
        at = following


def dissolve_teams(district: District) -> None:
    """A platform team that has lost all its people leaves its cases to its street."""
    for u in range(2 * district.streets, 3 * district.streets):
        team = district.units[u]
        if team.staff == 0 and team.queued > 0:
            empty_lane(district, team.going)
            empty_lane(district, team.easy)
            empty_lane(district, team.queue)
            team.going = NOBODY
            team.easy = NOBODY
            team.queue = NOBODY
            team.queued = 0
            team.waiting = 0


def given_out_anew(district: District) -> bool:
    """Tell whether the next era gives generalists to streets otherwise than the one before."""
    for s in range(district.streets):
        now, before = district.posts[district.era, s], district.posts[district.era - 1, s]
        if now.staff - now.experts != before.staff - before.experts:
            return True
    return False


def new_eras(district: District) -> None:
    """Begin the eras whose first step has come; the first begins with the run.

    Where posts of streets are given out anew, what dynamic quotas had moved is void.
    """
    while district.era < len(district.eras) and district.eras[district.era].step <= district.step:
        era = district.eras[district.era]
        district.law = era.law
        district.platform_capacity = era.platform_capacity
        district.press_capacity = era.press_capacity
        if district.era > 0 and given_out_anew(district):
            for s in range(district.streets):
                district.units[s].moved = 0
        for u in range(len(district.units)):
            post(district.units[u], district.posts[district.era, u])
        for u in range(len(district.units)):
            if district.units[u].successor != u:
                absorb(district, u, district.units[u].successor)
        dissolve_teams(district)
        for s in range(district.streets):
            involve_residents(district, s)
        district.era += 1
