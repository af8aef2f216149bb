"""Joint work: parties come, stay away, and begin together; offers that run out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.reference import things
from model.reference.above import answer_from_above, ask_above
from model.reference.books import settle_late
from model.reference.citizens import give_up, lost_patience
from model.reference.offers import claim_of_today, fall_back, return_to_desk
from model.reference.unit import Team
from model.rules import teamwork
from model.terms import TICKS_PER_DAY, Activity, Event, Lane, Phase, Slot, State

if TYPE_CHECKING:
    from model.reference.district import PlainDistrict

__all__ = ["departments_answer", "dissolve", "report_for_duty"]


def departments_answer(model: PlainDistrict) -> None:
    """Phase 5: what is due in this step, in the order it was entered; passes reach the next unit a step later."""
    for entry in model.calendar.due(Phase.ANSWERS, model.now_step):
        case, slot = entry.case, entry.slot
        if slot is None:
            settle_late(model, case, entry.when)
            convene(model, case, entry.when)
        elif slot.state == Slot.ASKED and slot.asking == entry.asking:
            settle_late(model, case, entry.when)
            open_answer(model, slot, entry.when, expired=entry.what == Event.EXPIRE)


def open_answer(model: PlainDistrict, slot: things.Slot, when: int, *, expired: bool) -> None:
    """An answer or its limit is due, unless the citizen of a case that nobody has accepted is gone."""
    case = slot.case
    if case.risen:
        if expired:
            model.note(when, case, Activity.EXPIRED, slot.unit)
            ask_above(model, slot, when)
        else:
            answer_from_above(model, slot, when)
        return
    slot.unit = model.department_at(slot.unit)
    slot.claim = claim_of_today(slot)
    if case.unfilled == case.parties and lost_patience(model, case, when):
        give_up(model, case, when)
    elif expired:
        expire(model, slot, when)
    else:
        model.department_at(slot.unit).answer(slot, when)


def expire(model: PlainDistrict, slot: things.Slot, when: int) -> None:
    """The limit has passed without an answer: the slot falls back to the street."""
    slot.unit.book("expired")
    slot.case.lose_owner(when)
    model.note(when, slot.case, Activity.EXPIRED, slot.unit)
    slot.case.street.learn(slot.unit, came=False)
    fall_back(model, slot, when)


def report_for_duty(model: PlainDistrict, case: things.Case, when: int) -> None:
    """All slots are filled: parties of joint or whistled work have to come, a single one just begins."""
    if model.habits.acceptance.in_force and (case.parties > 1 or case.whistle_open):
        convene(model, case, when)
    else:
        begin(model, case, when)


def convene(model: PlainDistrict, case: things.Case, when: int) -> None:
    """Call together the parties that have not come yet; the absent are called again later."""
    case.askings += 1
    missing = False
    for slot in case.slots:
        if slot.state == Slot.FILLED:
            slot.unit = model.department_at(slot.unit)
            if model.department_at(slot.unit).shows_up(case):
                slot.state = Slot.PRESENT
            else:
                missing = True
                slot.unit.book("absent")
                case.street.learn(slot.unit, came=False)
                model.count("inaction")
                model.note(when, case, Activity.ABSENT, slot.unit)
    if missing:
        again = when + int(model.habits.acceptance.absent_days * TICKS_PER_DAY)
        model.calendar.enter(Phase.ANSWERS, Event.SHOW_UP, case, again, earliest=model.now_step + 1)
    else:
        begin(model, case, when)


def begin(model: PlainDistrict, case: things.Case, when: int) -> None:
    """All parties stand together: each queues its share of the work, the first also what is left over."""
    case.state = State.WORKING
    case.stop_circulating(when)
    model.note(when, case, Activity.ASSEMBLED, case.street)
    share, rest = divmod(case.work, case.parties)
    meeting = int(teamwork.coordination_work(case.street.law, model.habits, case) * TICKS_PER_DAY)
    for slot in case.slots:
        slot.unit = slot.unit.successor
        slot.work = share + rest
        slot.meeting = meeting
        rest = 0
        slot.unit.queue(slot, when, Lane.EASY if case.pressed > 0 else Lane.OTHERS)


def dissolve(model: PlainDistrict, team: Team) -> None:
    """A platform team that has lost all its people leaves its cases to its street."""
    for lane in team.lanes():
        for slot in lane:
            slot.case.release_slots()
            slot.case.cosmetic = False
            return_to_desk(model, slot.case, model.now)
        lane.clear()
    team.queued = team.waiting = 0
