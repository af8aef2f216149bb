"""Phase 6: people are split between programmes, work sent down and cases; queues are served."""

from __future__ import annotations

from typing import Any

from model import luck
from model.engine.above import rise, superior_needed
from model.engine.arrivals import work_of
from model.engine.closing import close_or_wait
from model.engine.columns import NOBODY
from model.engine.compiled import look_ahead, step, wide
from model.engine.desk import backlog_days, drop
from model.engine.eras import law_of
from model.engine.ledger import free_slots, note
from model.engine.queues import enqueue, keep_going, leave_lane, take_next
from model.engine.scoring import FIRST_HOURS, settle_late
from model.rules import accept, dispatch, effort, feedback, supervision, teamwork, zones
from model.terms import TICKS_PER_DAY, Activity, Decision, Lane, Level, Slot

__all__ = ["units_work"]


@step
def skill_on(habits: Any, unit: Any, case: Any) -> float:
    """Return the speed of a unit's people on a case before load: specialist 1."""
    if unit.level >= Level.TEAM:
        return 1.0
    if case.needs_power:
        lay = habits.skill.generalist_speed
        return lay + unit.expertise * (1.0 - lay)
    return habits.skill.local_speed


@step
def spared(district: Any, law: Any, habits: Any, unit: Any, case: Any, work: float) -> float:
    """Return the work that residents and technology take off a street; booked even where it is not to be used."""
    helped = work * feedback.volunteers(habits, unit.involvement) if case.cogoverned else 0.0
    saved = (work - helped) * law.burden.technology
    if district.in_window:
        unit.volunteer_ticks += helped
        unit.saved_ticks += saved
    return 0.0 if district.capacity_neutral else helped + saved


@step
def start(district: Any, law: Any, habits: Any, unit: Any, slot: Any, case: Any) -> None:
    """Work on a slot begins: really or on paper, by control or with residents; its hours are fixed now."""
    load = accept.relative_load(backlog_days(unit), habits.acceptance.load_reference)
    slot.started = 1
    work = slot.work * 1.0
    u = luck.choice_draw(case.key, Decision.COSMETIC, case.rounds, unit.key)
    if u < supervision.closes_cosmetically(law, habits, unit, case, load):
        slot.cosmetic = 1
        case.cosmetic = 1
        work = work * habits.closing.cosmetic_work
    elif (
        unit.level <= Level.COMMUNITY
        and not case.needs_power
        and luck.draw(case.key, Decision.COGOVERN, case.rounds)
        < feedback.chooses_cogovernance(habits, load, unit.involvement)
    ):
        case.cogoverned = 1
        work = work * habits.closing.cogovernance_work
    if unit.level <= Level.COMMUNITY and not slot.cosmetic:
        work -= spared(district, law, habits, unit, case, work)
    speed = effort.speed(habits, skill_on(habits, unit, case), load, unit.overwork)
    recording = int(teamwork.recording_work(law) * TICKS_PER_DAY)
    slot.hours = max(1, int(work / speed + 0.5)) + slot.meeting + recording
    unit.waiting += slot.hours - slot.work - slot.meeting


@step
def sift(clocks: Any, n: int) -> None:
    """Restore the heap after its root has grown."""
    at, value = 0, clocks[0]
    while True:
        child = 2 * at + 1
        if child >= n:
            break
        if child + 1 < n and clocks[child + 1] < clocks[child]:
            child += 1
        if clocks[child] >= value:
            break
        clocks[at] = clocks[child]
        at = child
    clocks[at] = value


@step
def give_time(
    district: Any, law: Any, habits: Any, unit: Any, slot: Any, case: Any, clocks: Any, people: int, begin: int,
) -> int:  # fmt: skip
    """The first free person works on a slot; return when in the step they stop (ticks).

    A case gets at most one person's step, and a joint one only what shared credit leaves.
    """
    most = district.step_ticks
    if case.parties > 1 and not case.risen:
        most = int(most * teamwork.daily_effort(law, habits, case.parties))
    given = min(slot.hours, most, district.step_ticks - begin)
    slot.hours -= given
    unit.waiting -= given
    attended = min(slot.meeting, given)
    slot.meeting -= attended
    if district.in_window:
        unit.case_ticks += given
        unit.meeting_ticks += attended
    clocks[0] = begin + given
    sift(clocks, people)
    return begin + given


@step
def hand_over(
    district: Any, cases: Any, slots: Any, units: Any, kinds: Any, transfers: Any, hand_overs: Any, tally: Any,
    counts: Any, settled: Any, history: Any, at: int, when: int,
) -> bool:  # fmt: skip
    """After work, a case may need further work of another department; True if it went there."""
    slot = slots[at]
    case = cases[slot.case]
    here = slot.unit - district.first_department
    leave = 1.0
    best, found = -1.0, NOBODY
    for d in range(district.departments):
        chance = transfers[here, d]
        if chance > 0.0:
            leave -= chance
            u = luck.choice_draw(case.key, Decision.HAND_OVER, case.askings, units[district.first_department + d].key)
            time = zones.race(u, chance)
            if found == NOBODY or time < best:
                best, found = time, d
    if found == NOBODY:
        return False
    if leave > 1e-12 and zones.race(luck.draw(case.key, Decision.HAND_OVER, case.askings), leave) < best:
        return False
    settle_late(district, case, kinds, tally, counts, settled, when)
    case.askings += 1
    case.passes += 1
    district.passes += 1
    hand_overs[here, found] += district.in_window
    note(district, history, when, case.key, Activity.HANDED_OVER, slot.unit, NOBODY)
    slot.unit = units[district.first_department + found].successor
    slot.work = work_of(district, kinds[case.kind], case.key, Decision.HAND_OVER_WORK, case.askings)
    enqueue(district, units[slot.unit], slots, at, when, Lane.OTHERS)
    return True


@step
def finish(
    district: Any, laws: Any, habits: Any, cases: Any, slots: Any, events: Any, calendar: Any, units: Any, kinds: Any,
    transfers: Any, hand_overs: Any, tally: Any, counts: Any, settled: Any, history: Any, at: int,
    when: int,
) -> None:  # fmt: skip
    """A party has done its share; the last one brings the case to its end."""
    slot = slots[at]
    unit = units[slot.unit]
    row = slot.case
    case = cases[row]
    unit.queued -= 1
    if district.in_window:
        unit.worked += 1
        unit.sojourn += when - slot.ready
    note(district, history, when, case.key, Activity.WORK_DONE, slot.unit, NOBODY)
    if unit.hands_over and hand_over(
        district, cases, slots, units, kinds, transfers, hand_overs, tally, counts, settled, history, at, when
    ):
        return
    slot.state = Slot.DONE
    case.worked = max(case.worked, when)
    case.unworked -= 1
    if case.unworked > 0:
        return
    above = superior_needed(district, units, slots, case)
    if above != NOBODY:
        rise(district, law_of(laws, units, case), cases, slots, events, calendar, units, history, row, above)
    else:
        close_or_wait(
            district, laws, habits, cases, slots, events, calendar, units, kinds, tally, counts, settled, history,
            row,
        )  # fmt: skip


@step
def gone(
    district: Any, habits: Any, cases: Any, slots: Any, unit: Any, kinds: Any, tally: Any, counts: Any, settled: Any,
    history: Any, at: int, now: int,
) -> bool:  # fmt: skip
    """A citizen who has given up is noticed when the case is taken up; True if so."""
    slot = slots[at]
    case = cases[slot.case]
    waited = (now - case.reported) / TICKS_PER_DAY
    if (
        case.parties > 1
        or case.risen
        or not feedback.gives_up(habits, waited, luck.draw(case.key, Decision.PATIENCE, 0))
    ):
        return False
    row = slot.case
    unit.waiting -= slot.work + slot.meeting
    unit.queued -= 1
    free_slots(district, slots, case)
    drop(district, cases, kinds, tally, counts, settled, history, row, now)
    return True


@step
def serve(
    district: Any, laws: Any, habits: Any, cases: Any, slots: Any, events: Any, calendar: Any, units: Any, kinds: Any,
    transfers: Any, hand_overs: Any, tally: Any, counts: Any, settled: Any, history: Any, clocks: Any,
    u: int, budget: int,
) -> int:  # fmt: skip
    """Serve one unit's queue with `budget` ticks of person-time; return what was used.

    Whole persons work the whole step, one more the remainder; those in service go first, then the
    lanes. `clocks` (persons,) is scratch: when in the step each person is free.
    """
    unit = units[u]
    length = district.step_ticks
    now = district.step * length
    people = budget // length
    rest = budget - people * length
    for p in range(people):
        clocks[p] = 0
    if rest > 0:
        clocks[people] = length - rest
        people += 1
    used = 0
    going = unit.going
    last = unit.going_last
    unit.going = NOBODY
    head_start = int(habits.triage.easy_days * TICKS_PER_DAY)
    while people > 0 and clocks[0] < length:
        if going != NOBODY:
            at = wide(going)
            going = NOBODY if at == last else slots[at].next
        else:
            at = wide(take_next(unit, slots, head_start, now + clocks[0]))
            if at == NOBODY or slots[at].ready >= now + length:
                break
            leave_lane(unit, slots, at)
        slot = slots[at]
        if slot.next != NOBODY:
            look_ahead(cases, slots[slot.next].case)
            look_ahead(slots, slots[slot.next].next)
        begin = max(clocks[0], slot.ready - now)
        law = law_of(laws, units, cases[slot.case])
        if not slot.started:
            if gone(district, habits, cases, slots, unit, kinds, tally, counts, settled, history, at,
                    now + begin):  # fmt: skip
                continue
            start(district, law, habits, unit, slot, cases[slot.case])
            note(district, history, now + begin, cases[slot.case].key, Activity.STARTED, u, NOBODY)
        end = give_time(district, law, habits, unit, slot, cases[slot.case], clocks, people, begin)
        used += end - begin
        if slot.hours == 0:
            finish(district, laws, habits, cases, slots, events, calendar, units, kinds, transfers, hand_overs, tally,
                   counts, settled, history, at, now + end)  # fmt: skip
        else:
            keep_going(unit, slots, at)
    if going != NOBODY:
        rejoin(unit, slots, going, last)
    return used


@step
def rejoin(unit: Any, slots: Any, head: int, last: int) -> None:
    """Slots in service that nobody had time for today come before those worked today."""
    if unit.going == NOBODY:
        unit.going_last = last
        slots[last].next = NOBODY
    else:
        slots[last].next = unit.going
    unit.going = head


@step
def work_a_step(
    district: Any, laws: Any, habits: Any, cases: Any, slots: Any, events: Any, calendar: Any, units: Any, kinds: Any,
    transfers: Any, hand_overs: Any, tally: Any, counts: Any, settled: Any, history: Any, clocks: Any,
    daily: Any, u: int, presence: float,
) -> None:  # fmt: skip
    """One unit's step: errands come first, hours are kept for other work while it waits, idle hours flow on."""
    unit = units[u]
    hours = int((unit.staff * unit.commanded + unit.home_hours) * presence * district.step_ticks)
    on_errands = min(unit.errands, hours * 1.0)
    unit.errands -= on_errands
    free = hours - int(on_errands)
    share = dispatch.share_on_cases(habits, unit)
    kept = dispatch.programme_hours(share, free * 1.0, unit.programmes + unit.sent_down)
    used = 0
    if unit.queued > 0:
        used = serve(district, laws, habits, cases, slots, events, calendar, units, kinds, transfers, hand_overs, tally,
                     counts, settled, history, clocks, u, free - int(kept))  # fmt: skip
    left = free - used
    on_programmes = min(unit.programmes, left * 1.0)
    unit.programmes -= on_programmes
    on_sent = min(unit.sent_down, left - on_programmes)
    unit.sent_down -= on_sent
    busy = used + on_programmes + on_sent + int(on_errands)
    unit.month_hours += hours
    unit.month_sent += on_sent
    daily[district.step // district.steps_per_day, FIRST_HOURS + unit.level] += int(busy)
    if hours > 0:
        unit.overwork = effort.overwork(habits, unit.overwork, busy / hours, 1.0 / district.steps_per_day)
    if district.in_window:
        unit.held_ticks += hours
        unit.programme_ticks += on_programmes
        unit.sent_ticks += on_sent
        unit.errand_ticks += int(on_errands)
        unit.balance_steps += unit.balance
        unit.overload_steps += hours > 0 and busy >= 0.999 * hours
        unit.queue_area += unit.queued * (district.step_ticks * 1.0)


@step
def units_work(
    district: Any, laws: Any, habits: Any, cases: Any, slots: Any, events: Any, calendar: Any, units: Any, kinds: Any,
    transfers: Any, hand_overs: Any, tally: Any, counts: Any, settled: Any, history: Any, clocks: Any,
    daily: Any,
) -> None:  # fmt: skip
    """Phase 6: every unit works its step, in the order of level and code."""
    day = district.step // district.steps_per_day
    presence = district.weekend_staff if day % 7 >= 5 else 1.0
    for u in range(len(units)):
        if units[u].staff > 0 or units[u].home_hours > 0.0:
            work_a_step(district, laws, habits, cases, slots, events, calendar, units, kinds, transfers, hand_overs,
                        tally, counts, settled, history, clocks, daily, u, presence)  # fmt: skip
