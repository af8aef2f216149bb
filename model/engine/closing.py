"""Phases 7 and 8: supervision presses; cases close, are called back, reversed, or come back."""

from __future__ import annotations

from typing import Any

from model import luck
from model.engine.columns import NOBODY
from model.engine.compiled import kernel, step
from model.engine.eras import law_of
from model.engine.ledger import fetch_next, free_case, free_slots, next_event, note, put_off, schedule
from model.engine.scoring import settle, settle_late
from model.rules import balance, feedback, supervision
from model.terms import TICKS_PER_DAY, Activity, Decision, Event, Level, Phase, State

__all__ = ["close_or_wait", "results_show", "supervision_presses"]


@step
def wrongs(district: Any, law: Any, habits: Any, case: Any, unit: Any, tally: Any) -> bool:
    """Tell whether an enforcement closure is reversed: an arbitrary act, or an error of skill."""
    watched = balance.oversight(law, habits, unit.street_weight)
    expert = unit.expertise if unit.level == Level.STREET else 1.0
    tally.closings += district.in_window
    u = luck.draw(case.key, Decision.REVERSAL, 2 * case.rounds)
    if u < balance.acts_arbitrarily(habits, unit, watched):
        tally.arbitrary += district.in_window
        return True
    return luck.draw(case.key, Decision.REVERSAL, 2 * case.rounds + 1) < feedback.reversal(habits, expert)


@kernel
def close(
    district: Any, laws: Any, habits: Any, cases: Any, slots: Any, events: Any, calendar: Any, units: Any, kinds: Any,
    tally: Any, counts: Any, settled: Any, history: Any, row: int, when: int,
) -> None:  # fmt: skip
    """A case is declared closed; what follows is drawn now and entered in the calendar."""
    case = cases[row]
    law = law_of(laws, units, case)
    unit = units[slots[case.first_slot].unit]
    declare(district, case, units[case.street], kinds, tally, when)
    call_back = luck.draw(case.key, Decision.CALL_BACK, case.rounds)
    if call_back < law.closed_loop.call_back:
        units[case.street].errands += law.closed_loop.call_back_work * TICKS_PER_DAY
    if case.cosmetic:
        district.cosmetic += 1
        note(district, history, when, case.key, Activity.CLOSED_COSMETICALLY, case.street, NOBODY)
        reopens = supervision.is_caught(law, habits, call_back)
        after = law.closed_loop.call_back_days
    else:
        district.closures += 1
        case.closed = when
        note(district, history, when, case.key, Activity.CLOSED, case.street, NOBODY)
        reopens = case.needs_power and wrongs(district, law, habits, case, unit, tally)
        after = habits.citizens.repeat_days
    free_slots(district, slots, case)
    case.state = State.CLOSED
    if reopens:
        back = when + int(after * TICKS_PER_DAY)
        schedule(district, events, calendar, Phase.CLOSING, Event.REOPEN, row, case.key, back, district.step + 1)
    else:
        end(district, habits, cases, events, calendar, kinds, tally, counts, settled, history, row, when)


@step
def declare(district: Any, case: Any, street: Any, kinds: Any, tally: Any, when: int) -> None:
    """A closure is reported, whatever it is worth."""
    tally.declarations += district.in_window
    tally.cosmetic += district.in_window * case.cosmetic
    if case.declared == NOBODY:
        case.declared = when
        in_time = when - case.reported <= kinds[case.kind].limit
        street.month_in_time += in_time
        if not case.cosmetic:
            street.month_satisfied += feedback.satisfaction(in_time, False)


@step
def end(
    district: Any, habits: Any, cases: Any, events: Any, calendar: Any, kinds: Any, tally: Any, counts: Any,
    settled: Any, history: Any, row: int, when: int,
) -> None:  # fmt: skip
    """A closure that stands: the case is done; a linked repeat may come back in the same row."""
    case = cases[row]
    chance = feedback.recurs(habits, kinds[case.kind], case.cosmetic > 0, case.cogoverned > 0)
    comes = False
    if luck.draw(case.key, Decision.RECUR, case.rounds) < chance:
        wait = feedback.waiting_time(luck.draw(case.key, Decision.RECUR_TIME, case.rounds), habits.citizens.repeat_days)
        case.repeated = when + int(wait * TICKS_PER_DAY)
        comes = schedule(district, events, calendar, Phase.ARRIVAL, Event.REPEATED, row, case.key, case.repeated,
                         district.step + 1)  # fmt: skip
    settle(district, case, kinds, tally, counts, settled)
    returns = case.repeated != NOBODY and case.repeated <= case.born + district.follow_up
    note(district, history, when, case.key, Activity.DONE, case.street, returns)
    district.open -= 1
    district.done += 1
    if not comes:
        free_case(district, cases, row)


@step
def close_or_wait(
    district: Any, laws: Any, habits: Any, cases: Any, slots: Any, events: Any, calendar: Any, units: Any, kinds: Any,
    tally: Any, counts: Any, settled: Any, history: Any, row: int,
) -> None:  # fmt: skip
    """All parties are done: close, or wait for others than staff (notice, access, compliance)."""
    case = cases[row]
    kind = kinds[case.kind]
    if kind.waiting_mean > 0.0 and not case.cosmetic:
        case.state = State.WAITING
        wait = int(feedback.waiting_for_others(kind, luck.draw(case.key, Decision.OTHERS, case.rounds)))
        schedule(district, events, calendar, Phase.CLOSING, Event.WAIT_ENDS, row, case.key, case.worked + wait,
                 district.step)  # fmt: skip
    else:
        close(district, laws, habits, cases, slots, events, calendar, units, kinds, tally, counts, settled,
              history, row, case.worked)  # fmt: skip


@step
def reopen(
    district: Any, cases: Any, events: Any, calendar: Any, kinds: Any, tally: Any, counts: Any, settled: Any,
    history: Any, row: int, when: int,
) -> None:  # fmt: skip
    """A closure does not hold: the clock never stopped, the street has the case again."""
    case = cases[row]
    settle_late(district, case, kinds, tally, counts, settled, when)
    if case.reopened == NOBODY:
        case.reopened = when
    case.closed = NOBODY
    case.cosmetic = 0
    case.cogoverned = 0
    case.risen = 0
    case.worked = 0
    case.rounds += 1
    case.attempts += 1
    case.state = State.TRIAGE
    note(district, history, when, case.key, Activity.REOPENED, case.street, NOBODY)
    schedule(district, events, calendar, Phase.ARRIVAL, Event.RETRIAGE, row, case.key, when, district.step + 1)


@step
def supervision_presses(
    district: Any, laws: Any, cases: Any, slots: Any, events: Any, calendar: Any, units: Any, history: Any
) -> None:  # fmt: skip
    """Phase 7: cases overdue with departments are pressed, and looked at again a week later.

    Those that have waited longest come first; when a step's capacity is used up, the rest waits for the next step.
    """
    pressed = 0
    at = calendar[Phase.SUPERVISION, district.step, 0]
    while at != NOBODY:
        if pressed >= district.press_capacity:
            put_off(district, events, calendar, Phase.SUPERVISION, at)
            break
        event = events[at]
        case = cases[event.case]
        row, key, when = event.case, event.key, max(event.when, district.step * district.step_ticks)
        fetch_next(events, cases, slots, event)
        if case.key == key and case.state != State.FREE:
            overdue = case.state != State.CLOSED and case.state != State.WAITING
            law = law_of(laws, units, case)
            if overdue and supervision.may_press(law, luck.draw(key, Decision.PRESSED, district.step)):
                pressed += 1
                case.pressed += 1
                note(district, history, when, key, Activity.PRESSED, case.street, NOBODY)
            schedule(district, events, calendar, Phase.SUPERVISION, Event.PRESS, row, key, when + 7 * TICKS_PER_DAY,
                     district.step + 1)  # fmt: skip
        at = next_event(district, events, at)


@step
def results_show(
    district: Any, laws: Any, habits: Any, cases: Any, slots: Any, events: Any, calendar: Any, units: Any, kinds: Any,
    tally: Any, counts: Any, settled: Any, history: Any,
) -> None:  # fmt: skip
    """Phase 8: waits for others end and closures that do not hold are reopened."""
    at = calendar[Phase.CLOSING, district.step, 0]
    while at != NOBODY:
        event = events[at]
        row, when = event.case, event.when
        fetch_next(events, cases, slots, event)
        if event.what == Event.WAIT_ENDS:
            close(district, laws, habits, cases, slots, events, calendar, units, kinds, tally, counts, settled,
                  history, row, when)  # fmt: skip
        else:
            reopen(district, cases, events, calendar, kinds, tally, counts, settled, history, row, when)
        at = next_event(district, events, at)
