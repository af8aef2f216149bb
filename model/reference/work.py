"""Phase 6: people are split between programmes, work sent down and cases; queues are served."""

import heapq
from collections import deque

from model import portable_math, rng
from model.reference.agents import Case, Share, Unit
from model.reference.arrivals import draw_work
from model.reference.closing import close_or_wait
from model.reference.offers import rise, superior_needed
from model.reference.scoring import give_up, lost_patience, settle_late
from model.reference.state import Model
from model.rules import dispatch, effort, feedback, jurisdiction, member_units, members, supervision, teamwork
from model.terms import TICKS_PER_DAY, Activity, Decision, Lane, Level, Slot


def units_work(model: Model) -> None:
    """Phase 6: every unit with people works its step, in the order of level and code."""
    for unit in model.units:
        if unit.staff > 0 or unit.home_hours > 0.0:
            work_a_step(model, unit)


def work_a_step(model: Model, unit: Unit) -> None:
    """One unit's step: errands come first, hours are kept for other work while it waits, idle hours flow on."""
    hours = int(unit.people * model.presence * model.step_ticks)
    on_errands = min(unit.errands, hours * 1.0)
    unit.errands -= on_errands
    assessed = min(unit.assessed, on_errands)  # of the errands, being assessed comes first
    unit.assessed -= assessed
    free = hours - int(on_errands)
    share = dispatch.share_on_cases(model.habits, unit)
    kept = dispatch.programme_hours(share, free * 1.0, unit.programmes + unit.sent_down)
    used = serve(model, unit, free - int(kept)) if unit.queued > 0 else 0
    helped = help_out(model, unit) if unit.guests > 0 and unit.level == Level.DEPARTMENT else 0.0
    left = free - used
    on_programmes = min(unit.programmes, left * 1.0)
    unit.programmes -= on_programmes
    on_sent = min(unit.sent_down, left - on_programmes)
    unit.sent_down -= on_sent
    busy = used + on_programmes + on_sent + int(on_errands)
    unit.month_hours += hours
    unit.month_sent += on_sent
    model.today[f"hours_{unit.level.name.lower()}"] += int(busy + helped)
    if hours > 0:
        unit.overwork = effort.overwork(model.habits, unit.overwork, busy / hours, 1.0 / model.steps_per_day)
    for name, amount in (
        ("held_ticks", hours), ("programme_ticks", on_programmes), ("sent_ticks", on_sent),
        ("errand_ticks", int(on_errands)), ("assessed_ticks", int(assessed)),
        ("overload_steps", hours > 0 and busy >= 0.999 * hours),
        ("balance_steps", unit.balance), ("queue_area", unit.queued * model.step_ticks),
    ):  # fmt: skip
        unit.book(name, amount)


def help_out(model: Model, unit: Unit) -> float:
    """Streets' people on loan to a department work on its programmes, and on nothing else; return their hours used."""
    held = int(unit.guests * model.presence * model.step_ticks)
    done = min(unit.programmes, held * 1.0)
    unit.programmes -= done
    unit.book("held_ticks", held)
    unit.book("programme_ticks", done)
    return done


def serve(model: Model, unit: Unit, budget: int) -> int:
    """Serve a queue with `budget` ticks of person-time; return what was used. Those in service go first.

    Whole persons work the whole step, one more the remainder at its end; a case gets at most one person's step.
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


def start(model: Model, unit: Unit, slot: Share, when: int) -> bool:
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


def hours_needed(model: Model, unit: Unit, slot: Share) -> int:
    """Return the hours a slot takes: worked really or on paper, by control or with residents."""
    habits, case, law, load = model.habits, slot.case, slot.case.law, unit.load()
    work = slot.work * 1.0
    on_paper = rng.choice_draw(case.key, Decision.COSMETIC, case.rounds, unit.key) < portable_math.logistic(
        supervision.closes_cosmetically(law, habits, unit, case, load)
    )
    if on_paper:
        case.cosmetic = True
        work = work * habits.closing.cosmetic_work
    elif unit.level <= Level.COMMUNITY and not case.needs_power:
        together = rng.draw(case.key, Decision.COGOVERN, case.rounds)
        if together < portable_math.logistic(feedback.chooses_cogovernance(habits, load, unit.involvement)):
            case.cogoverned = True
            work = work * habits.closing.cogovernance_work
    if unit.level <= Level.COMMUNITY and not on_paper:
        work -= spared(model, unit, case, work)
    skill = skill_on(model, unit, case)
    if unit.level == Level.DEPARTMENT and case.slots[0].unit is unit:  # the other parties do their own part
        skill = in_field(model, unit, case)
    speed = effort.speed(habits, skill, load, unit.overwork)
    recording = int(teamwork.recording_work(law) * TICKS_PER_DAY)
    return max(1, int(work / speed + 0.5)) + slot.meeting + recording


def spared(model: Model, unit: Unit, case: Case, work: float) -> float:
    """Return the work that others and technology take off a street; booked even where it is not to be used."""
    helped = work * feedback.volunteers(model.habits, unit.involvement) if case.cogoverned else 0.0
    saved = (work - helped) * case.law.burden.technology
    unit.book("volunteer_ticks", helped)
    unit.book("saved_ticks", saved)
    taken = 0.0 if case.needs_power else taken_over(model, unit, case, work - helped - saved)
    return 0.0 if model.world.staff.capacity_neutral else helped + saved + taken


def taken_over(model: Model, unit: Unit, case: Case, work: float) -> float:
    """Return what member units (G1), then party members (N7b), do of the work that is left of a case that starts."""
    street, part = case.street, case.kind.member_units if member_unit_joins(model, unit, case) else 0.0
    theirs = work * part
    unit.book("member_unit_ticks", theirs)
    wanted = members.called(case.law, model.habits, unit.load(), work - theirs)
    hours = min(street.member_hours, wanted)
    if hours > 0.0:
        street.member_hours -= hours
        street.member_tired = members.tired(model.habits, street.member_tired, hours, street.member_supply)
    unit.book("member_ticks", hours)
    return theirs + hours


def member_unit_joins(model: Model, unit: Unit, case: Case) -> bool:
    """Tell whether a member unit is asked about a case, for which the street needs time, and takes its part over."""
    street, habits = case.street, model.habits
    asked = rng.choice_draw(case.key, Decision.MEMBER_UNIT_ASKED, case.rounds, unit.key)
    if case.kind.member_units == 0.0 or not member_units.asks(case.law, asked):
        return False
    street.errands += habits.member_units.asking_work * TICKS_PER_DAY
    odds = member_units.takes_over(case.law, habits, street.taken_over * model.per_scale)
    u = rng.choice_draw(case.key, Decision.MEMBER_UNIT, case.rounds, unit.key)
    joins = bool(u < portable_math.logistic(odds))
    if joins:
        street.taken_over = member_units.remembered(habits, street.taken_over)
    return joins


def skill_on(model: Model, unit: Unit, case: Case) -> float:
    """Return the speed of a unit's people on a case before load: specialist 1."""
    skill = model.habits.skill
    if unit.level >= Level.TEAM:
        return 1.0
    if case.needs_power:
        return skill.generalist_speed + unit.expertise * (1.0 - skill.generalist_speed)
    return skill.local_speed


def in_field(model: Model, unit: Unit, case: Case) -> float:
    """Return the speed of a department that leads a case, against the one whose claim is the strongest that may."""
    own = next((claim.membership for claim in case.kind.claims if claim.unit == unit.row), 0.0)
    able = [claim.membership for claim in case.kind.claims if claim.enforcement or not case.needs_power]
    return effort.in_field(model.habits, own, max(able, default=0.0))


def give_time(model: Model, unit: Unit, slot: Share, begin: int) -> int:
    """The first free person works on a slot; a joint case gets only what shared credit leaves."""
    case, most = slot.case, model.step_ticks
    if case.parties > 1 and not case.risen:
        most = int(most * teamwork.daily_effort(case.law, model.habits, case.parties))
    given = min(slot.hours, most, model.step_ticks - begin)
    attended = min(slot.meeting, given)
    slot.hours -= given
    slot.meeting -= attended
    unit.waiting -= given
    unit.book("case_ticks", given)
    unit.book("meeting_ticks", attended)
    return given


def finish(model: Model, unit: Unit, slot: Share, when: int) -> None:
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


def hand_over(model: Model, unit: Unit, slot: Share, when: int) -> bool:
    """After work, a case may need further work of another department; True if it went there."""
    case = slot.case
    here = model.department_at(unit)
    to, leave, earliest = None, 1.0, 0.0
    for other, chance in zip(model.departments, model.plan.transfers[model.place_of(here.row)], strict=True):
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
    model.record_hand_over(here, to)
    model.note(when, case, Activity.HANDED_OVER, unit)
    slot.unit = to.successor
    slot.work = draw_work(model, case.kind, case.key, Decision.HAND_OVER_WORK, case.askings)
    slot.unit.queue(slot, when, Lane.EASY if case.urgent else Lane.OTHERS)
    return True
