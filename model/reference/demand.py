"""Phase 1: problems are born, found, or come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model import portable_math, rng
from model.layout import KindPlan
from model.reference.books import settle
from model.reference.counting import births_due, counted
from model.reference.things import Case
from model.rules import feedback
from model.terms import TICKS_PER_DAY, Activity, Decision, Event, Phase, State

if TYPE_CHECKING:
    from model.reference.district import PlainDistrict
    from model.reference.street import Street

__all__ = ["demand_arrives", "draw_work"]

_PROPOSALS_A_YEAR = 4.0
"""The latent pool proposes so many times its size in a year; each proposal is taken or not."""


def demand_arrives(model: PlainDistrict) -> None:
    """Phase 1: problems are born, found, or come back."""
    problems_arise(model)
    problems_return(model)


def problems_arise(model: PlainDistrict) -> None:
    """Each street bears its problems, spread over the step: the i-th of n falls into the i-th of n parts."""
    for street in model.streets:
        n = births_due(model, street)
        base = rng.derive(rng.derive(model.seed_key ^ street.key, 1), model.now_step)
        for i in range(n):
            key = rng.derive(base, i)
            within = (i + rng.draw(key, Decision.TIME, 0)) / n
            bear(model, street, key, model.now + int(within * model.step_ticks))
        if model.habits.citizens.feedback > 0.0:
            latent_problems_come_forward(model, street)


def latent_problems_come_forward(model: PlainDistrict, street: Street) -> None:
    """Lighter problems of the latent pool are reported the more, the better the street's standing (S10)."""
    year = 365.0 * model.steps_per_day
    base = rng.derive(rng.derive(model.seed_key ^ street.key, 3), model.now_step)
    for i in range(counted(model, street, 2, _PROPOSALS_A_YEAR * street.latent_pool / year)):
        key = rng.derive(base, i)
        chance = feedback.comes_forward(model.habits, street.standing, street.latent / street.latent_pool)
        if street.latent >= 1.0 and rng.draw(key, Decision.COMES_FORWARD, 0) < chance:
            when = model.now + int(rng.draw(key, Decision.TIME, 0) * model.step_ticks)
            case = conceive(model, street, key, when)
            case.latent = True
            case.work = max(1, int(case.work * model.world.demand.latent_work))
            street.report(case, when)
            street.latent -= 1.0
    street.latent += (street.latent_pool - street.latent) / year


def conceive(model: PlainDistrict, street: Street, key: int, when: int) -> Case:
    """A problem comes into being."""
    u = rng.draw(key, Decision.KIND, 0)
    kind = next(row for row, chance in enumerate(model.plan.chances[model.month]) if chance >= u)
    case = Case(key, street, kind, when, in_cohort=model.in_window)
    describe(model, case)
    model.cases[case] = None
    model.totals["born"] += 1
    model.note(when, case, Activity.BORN, street)
    return case


def bear(model: PlainDistrict, street: Street, key: int, when: int) -> None:
    """A problem is born: prevented at the source, reported at once, or hidden until found."""
    case = conceive(model, street, key, when)
    projects = model.world.demand.from_projects * street.law.opinion.heard
    if rng.draw(key, Decision.PREVENTED, 0) < projects:
        prevent(model, case, when)
    elif rng.draw(key, Decision.REPORTED, 0) < case.kind.hidden:
        case.was_hidden = True
        model.totals["hidden"] += 1
        mean = feedback.found_after(street.law, model.habits, street.voices)
        wait = feedback.waiting_time(rng.draw(key, Decision.DETECTION, 0), mean)
        found = when + int(wait * TICKS_PER_DAY)
        model.calendar.enter(Phase.ARRIVAL, Event.DETECTED, case, found, earliest=model.now_step + 1)
    else:
        street.report(case, when)


def prevent(model: PlainDistrict, case: Case, when: int) -> None:
    """An amended project does not make this problem (R2): it plagues nobody, so it counts as resolved."""
    model.totals["prevented"] += 1
    if case.in_cohort:
        model.books.add(prevented=1, resolved=case.kind.limit_counts)
    model.note(when, case, Activity.PREVENTED, case.street)
    settle(model, case)
    model.forget(case)


def describe(model: PlainDistrict, case: Case) -> None:
    """Draw what the problem is: work, power, parties, severity."""
    kind, key = case.kind, case.key
    case.work = draw_work(model, kind, key, Decision.WORK, 0)
    case.needs_power = rng.draw(key, Decision.POWER, 0) < kind.enforcement
    case.stake = feedback.severity(kind.stake, model.world.demand.severity_spread, rng.draw(key, Decision.STAKE, 0))
    if rng.draw(key, Decision.JOINT, 0) < kind.joint:
        case.parties = 2 + sum(rng.draw(key, Decision.PARTIES, extra) < kind.third_party for extra in range(2))


def draw_work(model: PlainDistrict, kind: KindPlan, key: int, decision: Decision, occurrence: int) -> int:
    """Return the intrinsic work in ticks, at least one."""
    if model.world.demand.work == "deterministic":
        return max(1, int(kind.work_mean))
    u = rng.draw(key, decision, occurrence)
    if model.world.demand.work == "exponential":
        return max(1, int(-kind.work_mean * portable_math.log(u)))
    return max(1, int(portable_math.lognormal(kind.work_mean, kind.work_sigma, u)))


def problems_return(model: PlainDistrict) -> None:
    """Hidden problems are found, closed cases recur, shelved and returned ones reach the desk."""
    for entry in model.calendar.due(Phase.ARRIVAL, model.now_step):
        case, when = entry.case, entry.when
        if entry.what == Event.DETECTED:
            case.work += int(case.work * model.habits.citizens.worsening)
            inspected = model.habits.citizens.inspection_work * case.street.law.powers.inspection
            case.street.errands += inspected * TICKS_PER_DAY
            model.totals["hidden"] -= 1
            case.street.report(case, when)
        elif entry.what == Event.REPEATED:
            come_back(model, case, when)
        else:
            case.state = State.TRIAGE
            model.desk.append((case, when))


def come_back(model: PlainDistrict, former: Case, when: int) -> None:
    """A closed case recurs as a linked one: same street and kind, other luck, not of the cohort."""
    generation = former.generation + 1
    case = Case(rng.derive(former.key, generation), former.street, former.kind_row, when, generation)
    describe(model, case)
    model.cases[case] = None
    model.totals["born"] += 1
    model.note(when, case, Activity.REPEATED, case.street)
    case.street.report(case, when)
