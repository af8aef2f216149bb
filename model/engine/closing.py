"""Phases 7 and 8: supervision presses; cases close, are called back, reversed, or come back."""

from model import portable_math, rng
from model.effects import InForce
from model.engine import ledger, steps
from model.engine.columns import NOBODY
from model.engine.district import District
from model.engine.loans import judge, near_loss
from model.engine.office import attends
from model.engine.rows import CaseRow, UnitRow
from model.engine.scoring import settle, settle_late
from model.rules import balance, capacity, feedback, steering, supervision
from model.terms import TICKS_PER_DAY, Activity, Decision, Event, Level, Phase, State, Step


def wrongs(district: District, law: InForce, case: CaseRow, unit: UnitRow) -> bool:
    """Tell whether an enforcement closure is reversed: an arbitrary act, or an error of skill."""
    near = near_loss(district, case) if unit.level == Level.STREET else 0.0
    watched = balance.oversight(law, district.habits, unit.street_weight, near)
    expert = unit.expertise if unit.level == Level.STREET else 1.0
    district.tally.closings += district.in_window
    u = rng.draw(case.key, Decision.REVERSAL, 2 * case.rounds)
    if portable_math.happens(u, balance.acts_arbitrarily(district.habits, unit, watched)):
        district.tally.arbitrary += district.in_window
        return True
    return rng.draw(case.key, Decision.REVERSAL, 2 * case.rounds + 1) < feedback.reversal(district.habits, expert)


def close(district: District, row: int, when: int) -> None:
    """A case is declared closed; what follows is drawn now and entered in the calendar."""
    case = district.cases[row]
    law = ledger.law_of(district, case)
    unit = district.units[district.slots[case.first_slot].unit]
    declare(district, case, district.units[case.street], when)
    call_back = rng.draw(case.key, Decision.CALL_BACK, case.rounds)
    called = when
    if call_back < law.closed_loop.call_back:
        district.units[case.street].errands += law.closed_loop.call_back_work * TICKS_PER_DAY
        called = steps.begins(district, Step.FEEDBACK, case.street, law.closed_loop.call_backs_per_day, 1, when)
    if case.cosmetic:
        district.cosmetic += 1
        ledger.note(district, when, case.key, Activity.CLOSED_COSMETICALLY, case.street, NOBODY)
        reopens = supervision.is_caught(law, district.habits, call_back)
        after = law.closed_loop.call_back_days
    else:
        district.closures += 1
        case.closed = when
        ledger.note(district, when, case.key, Activity.CLOSED, case.street, NOBODY)
        reopens = case.needs_power > 0 and wrongs(district, law, case, unit)
        after = district.habits.citizens.repeat_days
    ledger.free_slots(district, case)
    case.state = State.CLOSED
    if reopens:
        back = (called if case.cosmetic else when) + int(after * TICKS_PER_DAY)
        ledger.schedule(district, Phase.CLOSING, Event.REOPEN, row, back, district.step + 1)
    else:
        end(district, row, when)
    if district.trades and case.needs_power and unit.level == Level.STREET:
        judge(district, law, case, reopens)


def declare(district: District, case: CaseRow, street: UnitRow, when: int) -> None:
    """A closure is reported, whatever it is worth."""
    district.tally.declarations += district.in_window
    district.tally.cosmetic += district.in_window * case.cosmetic
    if case.declared == NOBODY:
        case.declared = when
        in_time = when - case.reported <= district.kinds[case.kind].limit
        street.month_in_time += in_time
        if not case.cosmetic:
            street.month_satisfied += feedback.satisfaction(in_time, False)


def end(district: District, row: int, when: int) -> None:
    """A closure that stands: the case is done; a linked repeat may come back in the same row."""
    case = district.cases[row]
    chance = feedback.recurs(district.habits, district.kinds[case.kind], case.cosmetic > 0, case.cogoverned > 0)
    comes = False
    if rng.draw(case.key, Decision.RECUR, case.rounds) < chance:
        u = rng.draw(case.key, Decision.RECUR_TIME, case.rounds)
        wait = feedback.waiting_time(u, district.habits.citizens.repeat_days)
        case.repeated = when + int(wait * TICKS_PER_DAY)
        comes = ledger.schedule(district, Phase.ARRIVAL, Event.REPEATED, row, case.repeated, district.step + 1)
    settle(district, case)
    returns = case.repeated != NOBODY and case.repeated <= case.born + district.follow_up
    ledger.note(district, when, case.key, Activity.DONE, case.street, returns)
    district.open -= 1
    district.done += 1
    if not comes:
        ledger.free_case(district, row)


def close_or_wait(district: District, row: int) -> None:
    """All parties are done: close, or wait for others than staff (notice, access, compliance)."""
    case = district.cases[row]
    kind = district.kinds[case.kind]
    if kind.waiting_mean > 0.0 and not case.cosmetic:
        case.state = State.WAITING
        wait = int(feedback.waiting_for_others(kind, rng.draw(case.key, Decision.OTHERS, case.rounds)))
        ledger.schedule(district, Phase.CLOSING, Event.WAIT_ENDS, row, case.worked + wait, district.step)
    else:
        close(district, row, case.worked)


def reopen(district: District, row: int, when: int) -> None:
    """A closure does not hold: the clock never stopped, the street has the case again."""
    case = district.cases[row]
    settle_late(district, case, when)
    if case.reopened == NOBODY:
        case.reopened = when
    case.closed = NOBODY
    case.cosmetic = case.cogoverned = case.risen = case.worked = 0
    case.rounds += 1
    ledger.note(district, when, case.key, Activity.REOPENED, case.street, NOBODY)
    ledger.return_to_desk(district, row, when)


def supervision_presses(district: District) -> None:
    """Phase 7: cases overdue with departments are pressed, and looked at again some days later.

    Those that have waited longest come first; when a step's capacity is used up, the rest waits for the next step.
    """
    owed = district.press_owed + district.press_capacity
    left = capacity.whole(owed, district.steps_per_day)
    district.press_owed = capacity.left_over(owed, district.steps_per_day)
    office = district.laws[district.law].office
    costs = steering.cost(district.laws[district.law], office.press_work) > 0
    at = district.calendar[Phase.SUPERVISION, district.step, 0]
    while at != NOBODY:
        if left <= 0 or (costs and district.attention_left <= 0):
            ledger.put_off(district, Phase.SUPERVISION, at)
            break
        event = district.events[at]
        case = district.cases[event.case]
        row, key, when = event.case, event.key, max(event.when, district.step * district.step_ticks)
        ledger.fetch_ahead(district, event)
        if case.key == key and case.state != State.FREE:
            overdue = case.state != State.CLOSED and case.state != State.WAITING
            law, street = ledger.law_of(district, case), district.units[case.street]
            street.month_overdue += overdue
            chance = steering.press_chance(law, district.habits, street)
            if overdue and rng.draw(key, Decision.PRESSED, district.step) < chance:
                left -= 1
                attends(district, office.press_work)
                district.tally.pressed += district.in_window
                steps.book(district, Step.SUPERVISION, 1, when - event.when)
                wrong = law.coordination.wrong_desk
                if wrong == 0.0 or rng.draw(key, Decision.DESK, district.step) >= wrong:
                    case.pressed += 1
                    ledger.note(district, when, key, Activity.PRESSED, case.street, NOBODY)
            again = when + int(law.coordination.press_again_days * TICKS_PER_DAY)
            ledger.schedule(district, Phase.SUPERVISION, Event.PRESS, row, again, district.step + 1)
        at = ledger.next_event(district, at)


def results_show(district: District) -> None:
    """Phase 8: waits for others end and closures that do not hold are reopened."""
    at = district.calendar[Phase.CLOSING, district.step, 0]
    while at != NOBODY:
        event = district.events[at]
        row, when = event.case, event.when
        ledger.fetch_ahead(district, event)
        if event.what == Event.WAIT_ENDS:
            close(district, row, when)
        else:
            reopen(district, row, when)
        at = ledger.next_event(district, at)
