"""New eras; phase 2, programmes fall due; phase 10, the day is written and the month scored."""

from model import rng
from model.engine import ledger
from model.engine.columns import NOBODY
from model.engine.district import District
from model.engine.helpers import pass_a_day
from model.engine.loans import call_home, weigh_anew
from model.engine.office import attends, look_at_streets, open_office
from model.engine.rows import UnitRow
from model.engine.scoring import write_day
from model.rules import dispatch, feedback, staffing, steering, supervision
from model.terms import TICKS_PER_DAY, Decision


def involve_residents(district: District, s: int) -> None:
    """Residents of street `s` are heard and take part as far as law, party and their communities' time allow."""
    below = district.units[district.streets + s]
    district.units[s].voices = feedback.voices(district.laws[district.units[s].law], below.slack)
    involved = feedback.involvement(district.laws[district.units[s].law], below.slack)
    district.units[s].involvement = below.involvement = involved


def absorb(district: District, u: int, into: int) -> None:
    """A unit is merged into another, which takes over its queue and its programmes."""
    for lane in ledger.LANES:
        theirs, mine = district.lanes[u, lane], district.lanes[into, lane]
        at = theirs.head
        while at != NOBODY:
            district.slots[at].unit = into
            at = district.slots[at].next
        if mine.head == NOBODY:
            mine.head, mine.last = theirs.head, theirs.last
        elif theirs.head != NOBODY:
            district.slots[mine.last].next = theirs.head
            mine.last = theirs.last
        theirs.head = NOBODY
    old, new = district.units[u], district.units[into]
    new.queued += old.queued
    new.waiting += old.waiting
    new.programmes += old.programmes
    old.queued = old.waiting = 0
    old.programmes = 0.0


def post(unit: UnitRow, plan: UnitRow) -> None:
    """Place a unit's people and put its law in force as the era's plan says."""
    unit.law = plan.law
    unit.successor = plan.successor
    unit.staff = plan.staff + unit.moved + unit.lent
    unit.home_hours = plan.home_hours
    unit.commanded = plan.commanded
    unit.experts = plan.experts + unit.seconded
    unit.expertise = plan.expertise
    unit.may_whistle = plan.may_whistle
    unit.stationed_share = plan.stationed_share
    unit.street_weight = plan.street_weight
    unit.share_on_cases = plan.share_on_cases
    unit.power, unit.responsibility, unit.balance = plan.power, plan.responsibility, plan.balance
    unit.on_enforcement, unit.on_own = plan.on_enforcement, plan.on_own
    unit.programme_month = plan.programme_month
    unit.surge = plan.surge


def dissolve_teams(district: District) -> None:
    """A platform team that has lost all its people leaves its cases to its street's desk."""
    for u in range(2 * district.streets, 3 * district.streets):
        team = district.units[u]
        if team.staff == 0 and team.queued > 0:
            for lane in ledger.LANES:
                at = district.lanes[u, lane].head
                while at != NOBODY:
                    slot = district.slots[at]
                    ledger.free_slots(district, district.cases[slot.case])
                    district.cases[slot.case].cosmetic = 0
                    ledger.return_to_desk(district, slot.case, district.step * district.step_ticks)
                    at = slot.next
                district.lanes[u, lane].head = NOBODY
            team.queued = team.waiting = 0


def given_out_anew(district: District) -> bool:
    """Tell whether the next era gives generalists to streets otherwise than the one before."""
    for s in range(district.streets):
        now, before = district.posts[district.era, s], district.posts[district.era - 1, s]
        if now.staff - now.experts != before.staff - before.experts:
            return True
    return False


def new_eras(district: District) -> None:
    """Begin the eras whose first step has come; where posts are given out anew, what quotas had moved is void."""
    while district.era < len(district.eras) and district.eras[district.era].step <= district.step:
        era = district.eras[district.era]
        district.law = era.law
        district.platform_capacity = era.platform_capacity
        district.press_capacity = era.press_capacity
        district.office_day = era.office_day
        if district.era > 0 and given_out_anew(district):
            for s in range(district.streets):
                district.units[s].moved = 0
        call_home(district)
        for u in range(len(district.units)):
            post(district.units[u], district.posts[district.era, u])
        weigh_anew(district)
        for u in range(len(district.units)):
            if district.units[u].successor != u:
                absorb(district, u, district.units[u].successor)
        dissolve_teams(district)
        for s in range(district.streets):
            involve_residents(district, s)
        district.era += 1


def programmes_due(district: District) -> float:
    """Begin new programmes, departments on days of their own, and return what they failed to do of the last ones."""
    length = district.month_days * district.steps_per_day
    missed = 0.0
    for u in range(district.first_department, len(district.units)):
        d = (u - district.first_department) % district.departments
        if not ledger.is_day_of(district, district.units[district.first_department + d], district.month_days):
            continue
        unit = district.units[u]
        if u < district.first_department + district.departments:
            missed += unit.programmes
        if district.in_window:
            unit.shortfall += unit.programmes
        key = rng.derive(district.seed ^ unit.key, 2)
        volume = rng.draw(key, Decision.PROGRAMME, district.step // length)
        unit.programmes = dispatch.months_work(unit.programme_month, district.programme_spread, volume)
    return missed


def superiors_assign(district: District) -> None:
    """Phase 2, on the first step of a day: departments send down what they missed; what streets leave undone lapses.

    Streets are heard on projects (R2) and inspected (P3) once a month, each on its own day.
    """
    if district.step % district.steps_per_day != 0:
        return
    open_office(district)
    missed = programmes_due(district)
    month = district.month_days * 1.0
    for s in range(district.streets):
        street, below = district.units[s], district.units[district.streets + s]
        law = district.laws[street.law]
        part = dispatch.sent_down(law, district.habits, missed * street.share_of_streets)
        on = dispatch.sent_to_communities(law, district.habits, part) if below.staff > 0 else 0.0
        street.sent_down += part - on - dispatch.lapses(street.sent_down, month)
        below.sent_down += on - dispatch.lapses(below.sent_down, month)
        pass_a_day(district, street)
        if ledger.is_day_of(district, street, district.month_days):
            street.errands += law.opinion.heard * law.opinion.work * TICKS_PER_DAY / district.per_scale
            forms = dispatch.being_assessed(law, district.habits) * TICKS_PER_DAY / district.per_scale
            street.errands += forms
            street.assessed += forms


def month_score(street: UnitRow) -> float:
    """Return the score of the month of a street with reports."""
    return supervision.month_score(
        street.month_responded * 1.0, street.month_in_time * 1.0, street.month_satisfied, street.month_reports
    )


def rank_streets(district: District) -> None:
    """Streets with reports are ranked (E1): the lower, the more pressure; all standings move part of the way (S10)."""
    ranked = 0
    for s in range(district.streets):
        ranked += district.units[s].month_reports > 0
    for s in range(district.streets):
        street = district.units[s]
        street.pressure = 0.0
        if street.month_reports > 0:
            mine, better = month_score(street), 0
            for other in range(district.streets):
                rival = district.units[other]
                better += rival.month_reports > 0 and month_score(rival) > mine
            street.pressure = supervision.pressure_of_rank(district.laws[street.law], better / max(1, ranked - 1))
        district.units[district.streets + s].pressure = street.pressure
        resolved = street.month_in_time / street.month_reports if street.month_reports > 0 else 1.0
        street.standing += district.habits.citizens.standing_memory * (resolved - street.standing)


def close_month(district: District) -> None:
    """The month is scored and a new one begins with clean sheets."""
    rank_streets(district)
    look_at_streets(district)
    for s in range(district.streets):
        street, below = district.units[s], district.units[district.streets + s]
        if below.month_hours > 0.0:
            below.slack = 1.0 - below.month_sent / below.month_hours
        involve_residents(district, s)
        street.month_reports = street.month_responded = street.month_in_time = street.month_overdue = 0
        street.month_satisfied = 0.0
        below.month_hours = below.month_sent = 0.0
    for s in range(district.streets):
        for d in range(district.departments):
            district.asked[s, d] = 0


def load_with(street: UnitRow, more: int) -> float:
    """Return the work that came for each of a street's people, were there so many more of them."""
    return staffing.load(street.period_asked * 1.0, street.staff + more * 1.0)


def reallocate(district: District) -> None:
    """Dynamic quotas (R7): generalists move, one by one, from where least work came to the longest queue of work."""
    posts = 0
    for s in range(district.streets):
        if staffing.floats(district.laws[district.units[s].law], district.units[s].township > 0):
            posts += district.units[s].staff
    for _ in range(staffing.movable_posts(district.laws[district.law], posts)):
        giver, taker = -1, -1
        for s in range(district.streets):
            if not staffing.floats(district.laws[district.units[s].law], district.units[s].township > 0):
                continue
            if taker < 0 or ledger.backlog_days(district.units[s]) > ledger.backlog_days(district.units[taker]):
                taker = s
            spare = ledger.own_people(district.units[s]) > 1
            if spare and (giver < 0 or load_with(district.units[s], -1) < load_with(district.units[giver], -1)):
                giver = s
        if giver < 0:
            return
        waits_there, waits_here = ledger.backlog_days(district.units[taker]), ledger.backlog_days(district.units[giver])
        load_there, load_here = load_with(district.units[taker], 1), load_with(district.units[giver], -1)
        if not staffing.worth_moving(district.laws[district.law], waits_there, waits_here, load_there, load_here):
            return
        if not attends(district, district.laws[district.law].office.decision_work):
            return
        district.units[giver].staff -= 1
        district.units[giver].moved -= 1
        district.units[taker].staff += 1
        district.units[taker].moved += 1


def gap_of_queues(district: District) -> float:
    """Return the days of work between the longest and the shortest queue of streets."""
    most, least = 0.0, ledger.backlog_days(district.units[0])
    for s in range(district.streets):
        waits = ledger.backlog_days(district.units[s])
        most, least = max(most, waits), min(least, waits)
    return most - least


def score(district: District) -> None:
    """Phase 10, at the end of a day."""
    if (district.step + 1) % district.steps_per_day:
        return
    day = district.step // district.steps_per_day
    write_day(district, day)
    month_ends = (day + 1) % district.month_days == 0
    if month_ends:
        close_month(district)
    gap = gap_of_queues(district) if month_ends else 0.0
    if steering.quotas_due(district.laws[district.law], district.habits, day, month_ends, gap):
        reallocate(district)
        for s in range(district.streets):
            district.units[s].period_asked = 0
