"""The hours of a slot: what its work takes, fixed when it begins, and what it is given in a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model import portable_math, rng
from model.reference.things import Case, Slot
from model.reference.unit import Unit
from model.rules import effort, feedback, supervision, teamwork
from model.terms import TICKS_PER_DAY, Decision, Level

if TYPE_CHECKING:
    from model.reference.district import PlainDistrict

__all__ = ["give_time", "hours_needed"]


def hours_needed(model: PlainDistrict, unit: Unit, slot: Slot) -> int:
    """Return the hours a slot takes: worked really or on paper, by control or with residents."""
    habits, case = model.habits, slot.case
    law = case.street.law
    load = unit.load()
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
    speed = effort.speed(habits, skill_on(model, unit, case), load, unit.overwork)
    recording = int(teamwork.recording_work(law) * TICKS_PER_DAY)
    return max(1, int(work / speed + 0.5)) + slot.meeting + recording


def spared(model: PlainDistrict, unit: Unit, case: Case, work: float) -> float:
    """Return the work that residents and technology take off a street; booked even where it is not to be used."""
    helped = work * feedback.volunteers(model.habits, unit.involvement) if case.cogoverned else 0.0
    saved = (work - helped) * case.street.law.burden.technology
    unit.book("volunteer_ticks", helped)
    unit.book("saved_ticks", saved)
    return 0.0 if model.world.staff.capacity_neutral else helped + saved


def skill_on(model: PlainDistrict, unit: Unit, case: Case) -> float:
    """Return the speed of a unit's people on a case before load: specialist 1."""
    skill = model.habits.skill
    if unit.level >= Level.TEAM:
        return 1.0
    if case.needs_power:
        return skill.generalist_speed + unit.expertise * (1.0 - skill.generalist_speed)
    return skill.local_speed


def give_time(model: PlainDistrict, unit: Unit, slot: Slot, begin: int) -> int:
    """The first free person works on a slot; a joint case gets only what shared credit leaves."""
    case, most = slot.case, model.step_ticks
    if case.parties > 1 and not case.risen:
        most = int(most * teamwork.daily_effort(case.street.law, model.habits, case.parties))
    given = min(slot.hours, most, model.step_ticks - begin)
    attended = min(slot.meeting, given)
    slot.hours -= given
    slot.meeting -= attended
    unit.waiting -= given
    unit.book("case_ticks", given)
    unit.book("meeting_ticks", attended)
    return given
