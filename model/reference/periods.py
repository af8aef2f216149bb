"""New eras; phase 2, programmes fall due; phase 10, the day is written and the month scored."""

from model import rng
from model.plans import EraPlan
from model.reference.agents import Street, Unit
from model.reference.loans import call_home, weigh_anew
from model.reference.offers import return_to_desk
from model.reference.office import attends, look_at_streets, open_office
from model.reference.state import Model
from model.rules import dispatch, staffing, steering, supervision
from model.terms import TICKS_PER_DAY, Decision, Trade


def new_eras(model: Model) -> None:
    """Begin the eras whose first day has come; the first begins with the run."""
    while model.eras and model.eras[0].day <= model.day:
        begin_era(model, model.eras.pop(0))


def begin_era(model: Model, era: EraPlan) -> None:
    """Other laws are in force from today: people are placed anew, units merged, residents involved."""
    given = [era.units[street.row].staff - era.units[street.row].experts for street in model.streets]
    if given != model.given:  # posts given out anew void what quotas had moved
        for street in model.streets:
            street.moved = 0
    model.covers, model.newest, model.given = era.covers, era.laws[-1], given
    call_home(model, era)
    by_law = {id(law): kinds for law, kinds in zip(era.laws, era.kinds, strict=True)}
    for unit, plan in zip(model.units, era.units, strict=True):
        unit.post(plan)
    for street in model.streets:
        street.kinds = by_law[id(street.law)]
    model.newest_kinds = era.kinds[-1]
    weigh_anew(model)
    for unit in model.units:
        if unit.successor is not unit:
            absorb(unit.successor, unit)
    for street in model.streets:
        if street.team.staff == 0:
            dissolve(model, street.team)
        street.involve_residents()


def absorb(unit: Unit, merged: Unit) -> None:
    """Take over the queue and the programmes of a unit merged into this one."""
    for mine, theirs in zip(unit.lanes(), merged.lanes(), strict=True):
        for slot in theirs:
            slot.unit = unit
        mine.extend(theirs)
        theirs.clear()
    unit.queued += merged.queued
    unit.waiting += merged.waiting
    unit.programmes += merged.programmes
    merged.queued = merged.waiting = 0
    merged.programmes = 0.0


def dissolve(model: Model, team: Unit) -> None:
    """A platform team that has lost all its people leaves its cases to its street."""
    for lane in team.lanes():
        for slot in lane:
            slot.case.release_slots()
            slot.case.cosmetic = False
            return_to_desk(model, slot.case, model.now)
        lane.clear()
    team.queued = team.waiting = 0


def superiors_assign(model: Model) -> None:
    """Phase 2, on the first step of a day: programmes fall due, each on its own day; what is missed is sent down."""
    if model.now_step % model.steps_per_day:
        return
    open_office(model)
    missed = 0.0
    for department, city in zip(model.departments, model.cities, strict=True):
        if department.is_day_of(model.world.programmes.months):
            missed += department.programmes
            assign(model, department)
            assign(model, city)
    for street in model.streets:
        below, month = street.community, model.world.programmes.months * 1.0
        work = dispatch.sent_down(street.law, model.habits, missed * street.share_of_streets)
        on = dispatch.sent_to_communities(street.law, model.habits, work) if below.staff > 0 else 0.0
        street.sent_down += work - on - dispatch.lapses(street.sent_down, month)  # what is left undone lapses
        below.sent_down += on - dispatch.lapses(below.sent_down, month)
        street.pass_a_day()
        if street.is_day_of(model.world.programmes.months):
            opinion = street.law.opinion  # streets are heard on projects once a month (R2)
            street.errands += opinion.heard * opinion.work * TICKS_PER_DAY / model.per_scale
            forms = dispatch.being_assessed(street.law, model.habits) * TICKS_PER_DAY / model.per_scale
            street.errands += forms  # and they are inspected (P3)
            street.assessed += forms


def assign(model: Model, unit: Unit) -> None:
    """The month's programme begins; what is left of the last one has missed its deadline."""
    unit.book("shortfall", unit.programmes)
    month = model.now_step // (model.world.programmes.months * model.steps_per_day)
    key = rng.derive(model.seed_key ^ unit.key, 2)
    volume = rng.draw(key, Decision.PROGRAMME, month)
    unit.programmes = dispatch.months_work(unit.programme_month, model.world.programmes.spread, volume)


def score(model: Model) -> None:
    """Phase 10: at the end of a day its line is written; months and quota periods are closed."""
    day, step_of_day = divmod(model.now_step + 1, model.steps_per_day)
    if step_of_day:
        return
    model.today.update(model.totals)
    for unit in model.units:
        model.today[f"queued_{unit.level.name.lower()}"] += unit.queued
    streets = model.streets
    model.today["staff_street"] = sum(street.staff for street in streets)
    down = (Trade.SECONDMENT, Trade.ENTRUSTING)
    model.today["seconded"] = sum(deal.persons for deal in model.deals if deal.trade in down)
    model.today["borrowed"] = sum(deal.persons for deal in model.deals if deal.trade == Trade.BORROWING)
    model.today["entrusted"] = sum(len(street.powers) for street in streets)
    model.today["balance_street"] = int(1e6 * sum((street.balance for street in streets), 0.0) / max(1, len(streets)))
    if month_ends := day % model.world.programmes.months == 0:
        close_month(model)
    waits = [street.backlog_days() for street in streets]
    if steering.quotas_due(model.newest, model.habits, day - 1, month_ends, max(waits) - min(waits)):
        reallocate(model)
        for street in model.streets:
            street.period_asked = 0


def close_month(model: Model) -> None:
    """The month is scored and a new one begins with clean sheets."""
    rank_streets(model)
    look_at_streets(model)
    for street in model.streets:
        below = street.community
        if below.month_hours > 0.0:
            street.slack = 1.0 - below.month_sent / below.month_hours
        street.involve_residents()
        street.clear_month()
        below.month_hours = below.month_sent = 0.0
    for department in model.departments:
        department.asked_by.clear()


def rank_streets(model: Model) -> None:
    """Streets with reports are ranked (E1): the lower, the more pressure; all standings move part of the way (S10)."""
    scores = {street: street.month_score() for street in model.streets if street.month_reports > 0}
    for street in model.streets:
        pressure, resolved = 0.0, 1.0
        if street in scores:
            better = sum(score > scores[street] for score in scores.values())
            pressure = supervision.pressure_of_rank(street.law, better / max(1, len(scores) - 1))
            resolved = street.month_in_time / street.month_reports
        street.pressure = street.community.pressure = pressure
        street.standing += model.habits.citizens.standing_memory * (resolved - street.standing)


def reallocate(model: Model) -> None:
    """Dynamic quotas (R7): generalists move, one by one, from where least work came to the longest queue of work."""
    floating = [street for street in model.streets if staffing.floats(street.law, street.township)]
    posts = sum(street.staff for street in floating)
    for _ in range(staffing.movable_posts(model.newest, posts)):
        taker = max(floating, key=lambda street: street.backlog_days())
        givers = [street for street in floating if street.own_people > 1]
        giver = min(givers, key=lambda street: load_with(street, -1), default=None)
        if giver is None:
            return
        waits, loads = (taker.backlog_days(), giver.backlog_days()), (load_with(taker, 1), load_with(giver, -1))
        if not staffing.worth_moving(model.newest, *waits, *loads):
            return
        if not attends(model, model.newest.office.decision_work):
            return
        for street, more in ((giver, -1), (taker, 1)):
            street.staff += more
            street.moved += more


def load_with(street: Street, more: int) -> float:
    """Return the work that came for each of a street's people, were there so many more of them."""
    return staffing.load(float(street.period_asked), float(street.staff + more))
