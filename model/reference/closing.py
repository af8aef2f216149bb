"""Phases 7 and 8: supervision presses; cases close, are called back, reversed, or come back."""

from model import portable_math, rng
from model.reference import steps
from model.reference.agents import Case, Unit
from model.reference.loans import judge, near_loss
from model.reference.offers import return_to_desk
from model.reference.office import attends
from model.reference.scoring import settle, settle_late
from model.reference.state import Model
from model.rules import balance, feedback, steering, supervision
from model.terms import TICKS_PER_DAY, Activity, Decision, Event, Level, Phase, State, Step


def supervision_presses(model: Model) -> None:
    """Phase 7: overdue cases are pressed and looked at again later; beyond the capacity the rest waits for a step."""
    left = model.supervision.may_take(model.newest.coordination.presses_per_day)
    now, calendar, work = model.now_step, model.calendar, model.newest.office.press_work
    costs = steering.cost(model.newest, work) > 0
    entries = list(calendar.due(Phase.SUPERVISION, now))
    for place, entry in enumerate(entries):
        if left <= 0 or (costs and model.office.left <= 0):
            calendar.put_off(Phase.SUPERVISION, now, entries[place:])
            break
        case, when = entry.case, max(entry.when, model.now)
        if case.state == State.FREE:
            continue
        overdue = case.state not in (State.CLOSED, State.WAITING)
        case.street.month_overdue += overdue
        chance = steering.press_chance(case.law, model.habits, case.street)
        if overdue and rng.draw(case.key, Decision.PRESSED, now) < chance:
            left -= 1
            attends(model, work)
            model.count("pressed")
            steps.book(model, Step.SUPERVISION, 1, when - entry.when)
            if rng.draw(case.key, Decision.DESK, now) >= case.law.coordination.wrong_desk:
                case.pressed += 1
                model.note(when, case, Activity.PRESSED, case.street)
        again = when + int(case.law.coordination.press_again_days * TICKS_PER_DAY)
        calendar.enter(Phase.SUPERVISION, Event.PRESS, case, again, earliest=now + 1)


def results_show(model: Model) -> None:
    """Phase 8: waits for others end and closures that do not hold are reopened."""
    for entry in model.calendar.due(Phase.CLOSING, model.now_step):
        if entry.what == Event.WAIT_ENDS:
            close(model, entry.case, entry.when)
        else:
            reopen(model, entry.case, entry.when)


def close_or_wait(model: Model, case: Case) -> None:
    """All parties are done: close, or wait for others than staff (notice, access, compliance)."""
    if case.kind.waiting_mean > 0.0 and not case.cosmetic:
        case.state = State.WAITING
        wait = int(feedback.waiting_for_others(case.kind, rng.draw(case.key, Decision.OTHERS, case.rounds)))
        model.calendar.enter(Phase.CLOSING, Event.WAIT_ENDS, case, case.worked + wait, earliest=model.now_step)
    else:
        close(model, case, case.worked)


def close(model: Model, case: Case, when: int) -> None:
    """A case is declared closed, really or cosmetically; what follows is drawn now."""
    lead, street, loop = case.slots[0].unit, case.street, case.law.closed_loop
    declare(model, case, when)
    u = rng.draw(case.key, Decision.CALL_BACK, case.rounds)
    called = when
    if u < loop.call_back:
        street.errands += loop.call_back_work * TICKS_PER_DAY
        called = steps.begins(model, Step.FEEDBACK, case, loop.call_backs_per_day, when)
    case.release_slots()
    case.state = State.CLOSED
    if case.cosmetic:
        model.totals["cosmetic"] += 1
        model.note(when, case, Activity.CLOSED_COSMETICALLY, street)
        fails, since, after = supervision.is_caught(case.law, model.habits, u), called, loop.call_back_days
    else:
        model.totals["closed"] += 1
        case.closed = when
        model.note(when, case, Activity.CLOSED, street)
        fails = case.needs_power and wrongs(model, case, lead)
        since, after = when, model.habits.citizens.repeat_days
    if fails:
        back = since + int(after * TICKS_PER_DAY)
        model.calendar.enter(Phase.CLOSING, Event.REOPEN, case, back, earliest=model.now_step + 1)
    else:
        end(model, case, when)
    if model.plan.trades and case.needs_power and lead.level == Level.STREET:
        judge(model, case, fails=fails)


def declare(model: Model, case: Case, when: int) -> None:
    """A closure is reported, whatever it is worth."""
    model.count("declarations")
    model.count("cosmetic", case.cosmetic)
    if case.declared is None:
        case.declared = when
        in_time = when - case.first_report <= case.kind.limit
        case.street.month_in_time += in_time
        if not case.cosmetic:
            case.street.month_satisfied += feedback.satisfaction(in_time, False)


def wrongs(model: Model, case: Case, unit: Unit) -> bool:
    """Tell whether an enforcement closure is reversed: an arbitrary act, or an error of skill."""
    model.count("closings")
    near = near_loss(model, case) if unit.level == Level.STREET else 0.0
    watched = balance.oversight(case.law, model.habits, unit.street_weight, near)
    arbitrary = rng.draw(case.key, Decision.REVERSAL, 2 * case.rounds)
    if arbitrary < portable_math.logistic(balance.acts_arbitrarily(model.habits, unit, watched)):
        model.count("arbitrary")
        return True
    expert = unit.expertise if unit.level == Level.STREET else 1.0
    return bool(rng.draw(case.key, Decision.REVERSAL, 2 * case.rounds + 1) < feedback.reversal(model.habits, expert))


def end(model: Model, case: Case, when: int) -> None:
    """A closure that stands: the case is done; a linked repeat may come back."""
    chance = feedback.recurs(model.habits, case.kind, case.cosmetic, case.cogoverned)
    if rng.draw(case.key, Decision.RECUR, case.rounds) < chance:
        u = rng.draw(case.key, Decision.RECUR_TIME, case.rounds)
        wait = feedback.waiting_time(u, model.habits.citizens.repeat_days)
        case.repeated = when + int(wait * TICKS_PER_DAY)
        model.calendar.enter(Phase.ARRIVAL, Event.REPEATED, case, case.repeated, earliest=model.now_step + 1)
    settle(model, case)
    model.note(when, case, Activity.DONE, case.street)
    model.totals["open"] -= 1
    model.totals["done"] += 1
    model.forget(case)


def reopen(model: Model, case: Case, when: int) -> None:
    """A closure does not hold: the clock never stopped, the street has the case again."""
    settle_late(model, case, when)
    if case.reopened is None:
        case.reopened = when
    case.cosmetic = case.cogoverned = case.risen = False
    case.closed, case.worked = None, 0
    case.rounds += 1
    model.note(when, case, Activity.REOPENED, case.street)
    return_to_desk(model, case, when)
