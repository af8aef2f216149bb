"""Phase 6: people are split between programmes, work sent down and cases; queues are served."""

from model import portable_math, rng
from model.effects import InForce
from model.engine import ledger
from model.engine.arrivals import draw_work
from model.engine.closing import close_or_wait
from model.engine.columns import NOBODY
from model.engine.district import District
from model.engine.helpers import taken_over
from model.engine.offers import rise, superior_needed
from model.engine.rows import CaseRow, SlotRow, UnitRow
from model.engine.scoring import FIRST_HOURS, give_up, lost_patience, settle_late
from model.rules import dispatch, effort, feedback, jurisdiction, supervision, teamwork
from model.terms import TICKS_PER_DAY, Activity, Decision, Lane, Level, Slot


def skill_on(district: District, unit: UnitRow, case: CaseRow) -> float:
    """Return the speed of a unit's people on a case before load: specialist 1."""
    if unit.level >= Level.TEAM:
        return 1.0
    if case.needs_power:
        lay = district.habits.skill.generalist_speed
        return lay + unit.expertise * (1.0 - lay)
    return district.habits.skill.local_speed


def in_field(district: District, unit: int, case: CaseRow) -> float:
    """Return the speed of a department that leads a case, against the one whose claim is the strongest that may."""
    kind = ledger.kind_of(district, case)
    own, strongest = 0.0, 0.0
    for j in range(kind.first_claim, kind.last_claim):
        claim = district.claims[j]
        if claim.unit == unit:
            own = claim.membership
        if claim.enforcement >= case.needs_power:
            strongest = max(strongest, claim.membership)
    return effort.in_field(district.habits, own, strongest)


def spared(district: District, law: InForce, unit: UnitRow, case: CaseRow, work: float) -> float:
    """Return the work that others and technology take off a street; booked even where it is not to be used."""
    helped = work * feedback.volunteers(district.habits, unit.involvement) if case.cogoverned else 0.0
    saved = (work - helped) * law.burden.technology
    if district.in_window:
        unit.volunteer_ticks += helped
        unit.saved_ticks += saved
    taken = taken_over(district, law, unit, case, work - helped - saved)
    return 0.0 if district.capacity_neutral else helped + saved + taken


def start(district: District, law: InForce, unit: UnitRow, slot: SlotRow, case: CaseRow) -> None:
    """Work on a slot begins: really or on paper, by control or with residents; its hours are fixed now."""
    load = ledger.load_of(district, unit)
    slot.started = 1
    slot.shared = case.parties > 1 and not case.risen
    work = slot.work * 1.0
    u = rng.choice_draw(case.key, Decision.COSMETIC, case.rounds, unit.key)
    if portable_math.happens(u, supervision.closes_cosmetically(law, district.habits, unit, case, load)):
        slot.cosmetic = case.cosmetic = 1
        work = work * district.habits.closing.cosmetic_work
    elif unit.level <= Level.COMMUNITY and not case.needs_power:
        u = rng.draw(case.key, Decision.COGOVERN, case.rounds)
        if portable_math.happens(u, feedback.chooses_cogovernance(district.habits, load, unit.involvement)):
            case.cogoverned = 1
            work = work * district.habits.closing.cogovernance_work
    if unit.level <= Level.COMMUNITY and not slot.cosmetic:
        work -= spared(district, law, unit, case, work)
    skill = skill_on(district, unit, case)
    leads = district.slots[case.first_slot].unit == slot.unit  # the other parties do their own part
    if unit.level == Level.DEPARTMENT and leads:
        skill = in_field(district, slot.unit, case)
    speed = effort.speed(district.habits, skill, load, unit.overwork)
    recording = int(teamwork.recording_work(law) * TICKS_PER_DAY)
    slot.hours = max(1, int(work / speed + 0.5)) + slot.meeting + recording
    unit.waiting += slot.hours - slot.work - slot.meeting


def busy_until(district: District, people: int, end: int) -> int:
    """The person who was free first is busy until `end` (ticks of the step); return how many are free before its end.

    `clocks` is a heap, and nobody behind it is ever free; who works for the rest of the step leaves it.
    """
    people -= end >= district.step_ticks
    value = min(end, district.clocks[people])
    district.clocks[people] = district.step_ticks
    at, child = 0, 1 + (district.clocks[2] < district.clocks[1])
    while district.clocks[child] < value:
        district.clocks[at] = district.clocks[child]
        at, child = child, 2 * child + 1
        child += district.clocks[child + 1] < district.clocks[child]
    district.clocks[at] = value
    return people


def give_time(district: District, unit: UnitRow, slot: SlotRow, begin: int) -> int:
    """The first free person works on a slot; return when in the step they stop (ticks).

    A case gets at most one person's step, and a joint one only what shared credit leaves.
    """
    most = district.step_ticks
    if slot.shared:
        case = district.cases[slot.case]
        most = int(most * teamwork.daily_effort(ledger.law_of(district, case), district.habits, case.parties))
    given = min(slot.hours, most, district.step_ticks - begin)
    slot.hours -= given
    unit.waiting -= given
    attended = min(slot.meeting, given)
    slot.meeting -= attended
    if district.in_window:
        unit.case_ticks += given
        unit.meeting_ticks += attended
    return begin + given


def hand_over(district: District, at: int, when: int) -> bool:
    """After work, a case may need further work of another department; True if it went there."""
    slot = district.slots[at]
    case = district.cases[slot.case]
    here = slot.unit - district.first_department
    leave = 1.0
    best_draw, best_chance, found = 0.5, 0.0, NOBODY
    for d in range(district.departments):
        chance = district.transfers[here, d]
        if chance > 0.0:
            leave -= chance
            key = district.units[district.first_department + d].key
            u = rng.choice_draw(case.key, Decision.HAND_OVER, case.askings, key)
            if jurisdiction.sooner(u, chance, best_draw, best_chance):
                best_draw, best_chance, found = u, chance, d
    if found == NOBODY:
        return False
    leaves = rng.draw(case.key, Decision.HAND_OVER, case.askings)
    if leave > 1e-12 and jurisdiction.sooner(leaves, leave, best_draw, best_chance):
        return False
    settle_late(district, case, when)
    case.askings += 1
    case.passes += 1
    district.passes += 1
    district.hand_overs[here, found] += district.in_window
    ledger.note(district, when, case.key, Activity.HANDED_OVER, slot.unit, NOBODY)
    slot.unit = district.units[district.first_department + found].successor
    slot.work = draw_work(district, district.kinds[case.kind], case.key, Decision.HAND_OVER_WORK, case.askings)
    urgent = ledger.is_urgent(district, ledger.law_of(district, case), case)
    ledger.enqueue(district, at, when, Lane.EASY if urgent else Lane.OTHERS)
    return True


def finish(district: District, at: int, when: int) -> None:
    """A party has done its share; the last one brings the case to its end."""
    slot = district.slots[at]
    unit = district.units[slot.unit]
    row = slot.case
    case = district.cases[row]
    unit.queued -= 1
    if district.in_window:
        unit.worked += 1
        unit.sojourn += when - slot.ready
    ledger.note(district, when, case.key, Activity.WORK_DONE, slot.unit, NOBODY)
    if unit.hands_over and hand_over(district, at, when):
        return
    slot.state = Slot.DONE
    case.worked = max(case.worked, when)
    case.unworked -= 1
    if case.unworked > 0:
        return
    above = superior_needed(district, case)
    if above != NOBODY:
        rise(district, ledger.law_of(district, case), row, above)
    else:
        close_or_wait(district, row)


def gone(district: District, unit: UnitRow, at: int, now: int) -> bool:
    """A citizen who has given up is noticed when the case is taken up; True if so."""
    slot = district.slots[at]
    case = district.cases[slot.case]
    if case.parties > 1 or case.risen or not lost_patience(district, case, now):
        return False
    unit.waiting -= slot.work + slot.meeting
    unit.queued -= 1
    give_up(district, slot.case, now)
    return True


def serve(district: District, u: int, budget: int) -> int:
    """Serve one unit's queue with `budget` ticks of person-time; return what was used.

    Whole persons work the whole step, one more the remainder; those in service go first, then the
    lanes. `clocks` (persons,) is scratch: when in the step each person is free.
    """
    unit = district.units[u]
    length = district.step_ticks
    now = district.step * length
    people = budget // length
    rest = budget - people * length
    for p in range(people):
        district.clocks[p] = 0
    if rest > 0:
        district.clocks[people] = length - rest
        people += 1
    for nobody in range(people, 2 * people + 3):
        district.clocks[nobody] = length
    used = 0
    service = district.lanes[u, ledger.GOING]
    going, last = service.head, service.last
    service.head = NOBODY
    head_start = int(district.habits.triage.easy_days * TICKS_PER_DAY)
    while people > 0:
        if going != NOBODY:
            at = going
            going = NOBODY if at == last else district.slots[at].next
        else:
            lane = district.lanes[u, ledger.next_lane(district, u, head_start, now + district.clocks[0])]
            at = lane.head
            if at == NOBODY or district.slots[at].ready >= now + length:
                break
            lane.head = district.slots[at].next
        slot = district.slots[at]
        ledger.fetch(district, slot.later)
        begin = max(district.clocks[0], slot.ready - now)
        if not slot.started:
            if gone(district, unit, at, now + begin):
                continue
            case = district.cases[slot.case]
            start(district, ledger.law_of(district, case), unit, slot, case)
            ledger.note(district, now + begin, case.key, Activity.STARTED, u, NOBODY)
        end = give_time(district, unit, slot, begin)
        people = busy_until(district, people, end)
        used += end - begin
        if slot.hours == 0:
            finish(district, at, now + end)
        else:
            ledger.append(district, service, at)
    if going != NOBODY:  # slots that nobody had time for today come before those worked today
        if service.head == NOBODY:
            service.last = last
        district.slots[last].next = service.head
        service.head = going
    return used


def book_assessment(district: District, unit: UnitRow, on_errands: float) -> None:
    """Of the hours on errands, those on being assessed come first."""
    spent = min(unit.assessed, on_errands)
    unit.assessed -= spent
    if district.in_window:
        unit.assessed_ticks += int(spent)


def work_a_step(district: District, u: int, presence: float) -> None:
    """One unit's step: errands come first, hours are kept for other work while it waits, idle hours flow on."""
    unit = district.units[u]
    hours = int((unit.staff * unit.commanded + unit.home_hours) * presence * district.step_ticks)
    on_errands = min(unit.errands, hours * 1.0)
    unit.errands -= on_errands
    if unit.assessed > 0.0:
        book_assessment(district, unit, on_errands)
    free = hours - int(on_errands)
    share = dispatch.share_on_cases(district.habits, unit)
    kept = dispatch.programme_hours(share, free * 1.0, unit.programmes + unit.sent_down)
    used = serve(district, u, free - int(kept)) if unit.queued > 0 else 0
    helped = help_out(district, unit, presence) if unit.guests > 0 and unit.level == Level.DEPARTMENT else 0.0
    left = free - used
    on_programmes = min(unit.programmes, left * 1.0)
    unit.programmes -= on_programmes
    on_sent = min(unit.sent_down, left - on_programmes)
    unit.sent_down -= on_sent
    busy = used + on_programmes + on_sent + int(on_errands)
    daily_hours = int(busy + helped)
    unit.month_hours += hours
    unit.month_sent += on_sent
    district.daily[district.step // district.steps_per_day, FIRST_HOURS + unit.level] += daily_hours
    if hours > 0:
        unit.overwork = effort.overwork(district.habits, unit.overwork, busy / hours, 1.0 / district.steps_per_day)
    if district.in_window:
        unit.held_ticks += hours
        unit.programme_ticks += on_programmes
        unit.sent_ticks += on_sent
        unit.errand_ticks += int(on_errands)
        unit.balance_steps += unit.balance
        unit.overload_steps += hours > 0 and busy >= 0.999 * hours
        unit.queue_area += unit.queued * (district.step_ticks * 1.0)


def help_out(district: District, unit: UnitRow, presence: float) -> float:
    """Streets' people on loan to a department work on its programmes, and on nothing else; return their hours used."""
    held = int(unit.guests * presence * district.step_ticks)
    done = min(unit.programmes, held * 1.0)
    unit.programmes -= done
    if district.in_window:
        unit.held_ticks += held
        unit.programme_ticks += done
    return done


def units_work(district: District) -> None:
    """Phase 6: every unit works its step, in the order of level and code."""
    day = district.step // district.steps_per_day
    presence = district.weekend_staff if day % 7 >= 5 else 1.0
    for u in range(len(district.units)):
        if u + 1 < len(district.units):
            for lane in ledger.LANES:
                ledger.fetch(district, district.lanes[u + 1, lane].head)
        if district.units[u].staff > 0 or district.units[u].home_hours > 0.0:
            work_a_step(district, u, presence)
