"""Phase 6: people are split between programmes, work sent down and cases; queues are served."""

from __future__ import annotations

import heapq
from collections import deque
from typing import TYPE_CHECKING

from model import rng
from model.reference import things
from model.reference.above import rise, superior_needed
from model.reference.books import settle_late
from model.reference.citizens import give_up, lost_patience
from model.reference.closing import close_or_wait
from model.reference.demand import draw_work
from model.reference.hours import give_time, hours_needed
from model.reference.unit import Unit
from model.rules import dispatch, effort, jurisdiction
from model.terms import Activity, Decision, Slot

if TYPE_CHECKING:
    from model.reference.district import PlainDistrict

__all__ = ["units_work"]


def units_work(model: PlainDistrict) -> None:
    """Every unit with people works its step, in the order of level and code."""
    for unit in model.units:
        if unit.staff > 0 or unit.home_hours > 0.0:
            work_a_step(model, unit)


def work_a_step(model: PlainDistrict, unit: Unit) -> None:
    """One unit's step: errands come first, hours are kept for other work while it waits, idle hours flow on."""
    hours = int(unit.people * model.presence * model.step_ticks)
    on_errands = unit.run_errands(hours)
    free = hours - on_errands
    share = dispatch.share_on_cases(model.habits, unit)
    kept = dispatch.programme_hours(share, free * 1.0, unit.programmes + unit.sent_down)
    used = serve(model, unit, free - int(kept)) if unit.queued > 0 else 0
    left = free - used
    on_programmes = min(unit.programmes, left * 1.0)
    unit.programmes -= on_programmes
    on_sent = min(unit.sent_down, left - on_programmes)
    unit.sent_down -= on_sent
    busy = used + on_programmes + on_sent + on_errands
    unit.month_hours += hours
    unit.month_sent += on_sent
    model.today[f"hours_{unit.level.name.lower()}"] += int(busy)
    if hours > 0:
        unit.overwork = effort.overwork(model.habits, unit.overwork, busy / hours, 1.0 / model.steps_per_day)
    for name, amount in (
        ("held_ticks", hours), ("programme_ticks", on_programmes), ("sent_ticks", on_sent),
        ("errand_ticks", on_errands), ("overload_steps", hours > 0 and busy >= 0.999 * hours),
        ("balance_steps", unit.balance), ("queue_area", unit.queued * model.step_ticks),
    ):  # fmt: skip
        unit.book(name, amount)


def serve(model: PlainDistrict, unit: Unit, budget: int) -> int:
    """Serve a queue with `budget` ticks of person-time; return what was used.

    Whole persons work the whole step, one more the remainder at its end; those in service go first,
    then the lanes. A case gets at most one person's step.
    """
    people, rest = divmod(budget, model.step_ticks)
    free_at = [0] * people + ([model.step_ticks - rest] if rest else [])
    in_service, unit.in_service = unit.in_service, deque()
    used = 0
    while free_at and free_at[0] < model.step_ticks:
        slot = in_service.popleft() if in_service else unit.take_next(model.now + free_at[0])
        if slot is None:
            break
        begin = max(free_at[0], slot.ready - model.now)
        if not slot.started and not start(model, unit, slot, model.now + begin):
            continue
        given = give_time(model, unit, slot, begin)
        heapq.heapreplace(free_at, begin + given)
        used += given
        if slot.hours == 0:
            finish(model, unit, slot, model.now + begin + given)
        else:
            unit.in_service.append(slot)
    unit.in_service = in_service + unit.in_service
    return used


def start(model: PlainDistrict, unit: Unit, slot: things.Slot, when: int) -> bool:
    """Work begins, unless the citizen of a case with one party has given up; False if so."""
    case = slot.case
    if case.parties == 1 and not case.risen and lost_patience(model, case, when):
        unit.waiting -= slot.work + slot.meeting
        unit.queued -= 1
        give_up(model, case, when)
        return False
    slot.started = True
    slot.hours = hours_needed(model, unit, slot)
    unit.waiting += slot.hours - slot.work - slot.meeting
    model.note(when, case, Activity.STARTED, unit)
    return True


def finish(model: PlainDistrict, unit: Unit, slot: things.Slot, when: int) -> None:
    """A party has done its share; the last one brings the case to its end."""
    case = slot.case
    unit.queued -= 1
    unit.book("worked")
    unit.book("sojourn", when - slot.ready)
    model.note(when, case, Activity.WORK_DONE, unit)
    if unit.hands_over and hand_over(model, unit, slot, when):
        return
    slot.state = Slot.DONE
    case.worked = max(case.worked, when)
    case.unworked -= 1
    if case.unworked > 0:
        return
    above = superior_needed(model, case)
    if above is not None:
        rise(model, case, above)
    else:
        close_or_wait(model, case)


def hand_over(model: PlainDistrict, unit: Unit, slot: things.Slot, when: int) -> bool:
    """After work, a case may need further work of another department; True if it went there."""
    case = slot.case
    here = model.department_at(unit)
    to, leave, earliest = None, 1.0, 0.0
    for other, chance in zip(model.departments, model.plan.transfers[here.place], strict=True):
        if chance > 0.0:
            leave -= chance
            time = jurisdiction.race(rng.choice_draw(case.key, Decision.HAND_OVER, case.askings, other.key), chance)
            if to is None or time < earliest:
                to, earliest = other, time
    if to is None:
        return False
    if leave > 1e-12 and jurisdiction.race(rng.draw(case.key, Decision.HAND_OVER, case.askings), leave) < earliest:
        return False
    settle_late(model, case, when)
    case.askings += 1
    case.passes += 1
    model.totals["passes"] += 1
    model.record_hand_over(here.place, to.place)
    model.note(when, case, Activity.HANDED_OVER, unit)
    to = model.department_at(to)
    slot.unit = to
    slot.work = draw_work(model, case.kind, case.key, Decision.HAND_OVER_WORK, case.askings)
    to.queue(slot, when)
    return True
