"""Phase 9: staff and authority are traded: units ask, the district hears, the other side answers; terms end."""

from __future__ import annotations

from model import portable_math, rng
from model.reference.agents import Agreement, Department, Unit
from model.reference.loans import entrust, favours_fade, lend, street_of, tell, terms_end
from model.reference.office import attends
from model.reference.state import Model
from model.rules import jurisdiction, steering, trade
from model.terms import TICKS_PER_DAY, Activity, Deal, Decision, Trade


def units_trade(model: Model) -> None:
    """Phase 9, at the end of a day."""
    if not model.plan.trades or (model.now_step + 1) % model.steps_per_day:
        return
    now = model.now + model.step_ticks - 1
    if model.day == model.world.run.warm_up_days:
        model.count("powers_held", sum(len(street.powers) for street in model.streets))
    favours_fade(model)
    terms_end(model, now)
    streets_ask(model, now)
    departments_ask(model, now)
    district_asks(model, now)
    district_hears(model, now)
    for deal in model.deals:
        answer(model, deal, now)
    book_day(model)


def propose(model: Model, kind_of_trade: Trade, host: Unit | None, home: Unit, now: int, kind: int = -1) -> None:
    """A unit asks for a person, or offers a power, unless it has asked the same of the same one and waits."""
    waiting = ((deal.trade, deal.host, deal.home) for deal in model.deals if deal.state == Deal.OPEN)
    if (kind_of_trade, host, home) in waiting:
        return
    deal = Agreement(0, kind_of_trade, host, home, kind, since=now)
    base = model.seed_key if deal.asker is None else model.seed_key ^ deal.asker.key
    deal.key = rng.derive(rng.derive(base, 4 + kind_of_trade), model.day)
    model.deals.append(deal)
    tell(model, deal, now, Activity.REQUESTED)


def look_key(model: Model, unit: Unit) -> int:
    """Return the key of what a unit decides today about what it needs."""
    return rng.derive(rng.derive(model.seed_key ^ unit.key, 8), model.day)


def streets_ask(model: Model, now: int) -> None:
    """Streets with a long queue ask a department, and through the district another street, for a person."""
    for street in model.streets:
        waits = street.backlog_days()
        if not (street.is_day_of(model.habits.lending.look_days) and trade.needs_people(model.habits, waits)):
            continue
        rules, key = street.law.trade, look_key(model, street)
        if rng.draw(key, Decision.REQUEST, 0) < rules.secondment:
            times = {
                department: jurisdiction.race(
                    rng.choice_draw(key, Decision.LENDER, 0, department.key), float(department.asked_by[street])
                )
                for department in model.departments
                if department.asked_by[street] > 0
            }
            if times:
                propose(model, Trade.SECONDMENT, street, min(times, key=lambda each: times[each]), now)
        if rng.draw(key, Decision.REQUEST, 1) < rules.mutual_aid:
            others = [
                other
                for other in model.streets
                if other.backlog_days() < waits and trade.may_spare(street.law, other.own_people, other.away)
            ]
            helper = min(others, key=lambda other: other.backlog_days(), default=None)
            if helper is not None and not trade.needs_people(model.habits, helper.backlog_days()):
                propose(model, Trade.MUTUAL_AID, street, helper, now)


def superior_borrows(model: Model, key: int, host: Department | None, now: int) -> None:
    """A superior that is behind asks a street for a person: the likelier, the more people it has."""
    times = {
        street: jurisdiction.race(
            rng.choice_draw(key, Decision.LENDER, 0, street.key), max(0.0, street.own_people - 1.0)
        )
        for street in model.streets
        if street.own_people > 1
    }
    home = min(times, key=lambda street: times[street], default=None)
    if home is not None and rng.draw(key, Decision.REQUEST, 0) < home.law.trade.borrowing:
        propose(model, Trade.BORROWING, host, home, now)


def departments_ask(model: Model, now: int) -> None:
    """Departments behind with their programmes borrow a person; the loaded offer powers to reliable streets."""
    for department in model.departments:
        if department.staff == 0 or not department.is_day_of(model.habits.lending.look_days):
            continue
        key = look_key(model, department)
        if trade.is_behind(model.habits, department.programmes / (department.staff * (TICKS_PER_DAY * 1.0))):
            superior_borrows(model, key, department, now)
        offer_power(model, key, department, now)


def offer_power(model: Model, key: int, department: Department, now: int) -> None:
    """A department may offer a street the power for a kind of case that it leads: where it was asked most, likelier."""
    kinds = {
        row: jurisdiction.race(rng.choice_draw(key, Decision.LENDER, 1, kind.key), kind.power_share)
        for row, kind in enumerate(model.newest_kinds)
        if kind.lead == department.row and kind.power_share > 0.0
    }
    if not kinds:
        return
    row = min(kinds, key=lambda each: kinds[each])
    times = {
        street: jurisdiction.race(
            rng.choice_draw(key, Decision.LENDER, 2, street.key), 1.0 + department.asked_by[street]
        )
        for street in model.streets
        if row not in street.powers
    }
    street = min(times, key=lambda each: times[each], default=None)
    if street is None or rng.draw(key, Decision.REQUEST, 1) >= street.law.trade.entrusting:
        return
    chance = portable_math.logistic(trade.offers_power(model.habits, department.load(), street))
    if rng.draw(key, Decision.REQUEST, 2) < chance:
        propose(model, Trade.ENTRUSTING, street, department, now, row)


def district_asks(model: Model, now: int) -> None:
    """The district's office borrows a person where more hours were asked of it than it held."""
    if (model.day + 1) % model.habits.lending.look_days:
        return
    if steering.is_short(float(model.office.asked), float(model.office.held)):
        superior_borrows(model, rng.derive(rng.derive(model.seed_key, 8), model.day), None, now)
    model.office.asked = model.office.held = 0


def goes_through(deal: Agreement) -> bool:
    """Tell whether the district hears a request."""
    return bool(steering.is_heard(street_of(deal).law, deal.trade == Trade.MUTUAL_AID))


def district_hears(model: Model, now: int) -> None:
    """The district supports, amends or refuses requests, those of streets it looks at first, while it has hours."""
    unheard = [deal for deal in model.deals if deal.state == Deal.OPEN and deal.heard == 0 and goes_through(deal)]
    for deal in sorted(unheard, key=lambda deal: not street_of(deal).in_focus):
        if not attends(model, model.newest.office.decision_work):
            return
        load = 1.0 if deal.asker is None else deal.asker.load()
        chance = portable_math.logistic(steering.supports(model.habits, load, street_of(deal)))
        deal.heard = steering.verdict(model.habits, chance, rng.draw(deal.key, Decision.VERDICT, 0))
        if deal.heard == steering.REFUSED:
            refuse(model, deal, now)
        else:
            tell(model, deal, now, Activity.SUPPORTED)


def refuse(model: Model, deal: Agreement, now: int) -> None:
    """A request is refused, and over."""
    deal.state = Deal.OVER
    model.count("requests")
    tell(model, deal, now, Activity.REFUSED)


def answer(model: Model, deal: Agreement, now: int) -> None:
    """Whoever was asked answers, after some days, what the district has heard, or what does not go through it."""
    law = street_of(deal).law
    waits = deal.heard == 0 and goes_through(deal)
    if deal.state != Deal.OPEN or waits or now < deal.since + law.trade.answer_days * TICKS_PER_DAY:
        return
    habits, home, lends = model.habits, deal.home, deal.trade != Trade.ENTRUSTING
    gate = deal.trade == Trade.BORROWING and trade.gate_turns_back(law, rng.draw(deal.key, Decision.GRANT, 1))
    if gate or (lends and not trade.may_spare(law, home.own_people, home.away)):
        refuse(model, deal, now)
        return
    load, owed = (home if lends else street_of(deal)).load(), model.owed(deal)
    odds = trade.pull(law, habits, deal, deal.host is None, home.load())
    for weight in trade.against(law, habits, deal.trade, load, owed):
        odds -= weight
    if rng.draw(deal.key, Decision.GRANT, 0) < portable_math.logistic(odds):
        grant(model, deal, now)
    else:
        model.owe(deal, -trade.grudge(law, habits, deal))
        refuse(model, deal, now)


def grant(model: Model, deal: Agreement, now: int) -> None:
    """A request is granted: the person goes, or the power is held, and perhaps somebody comes along."""
    model.count("requests")
    model.count("granted")
    tell(model, deal, now, Activity.GRANTED)
    model.owe(deal, 1.0)
    rules, home, comes = street_of(deal).law.trade, deal.home, True
    days = rules.term_days
    if deal.trade == Trade.ENTRUSTING:
        days = rules.power_term_days
        model.count("powers_held")
        entrust(model, deal)
        along = rng.draw(deal.key, Decision.ALONG, 0) < rules.staff_follows
        comes = along and trade.may_spare(street_of(deal).law, home.staff, home.away)
    if comes:
        lend(model, deal, 1)
    half = 2 if deal.heard == steering.AMENDED else 1
    deal.state, deal.since, deal.until = Deal.RUNNING, now, now + days * TICKS_PER_DAY // half


def book_day(model: Model) -> None:
    """Count the day's loans in the window, and forget what is over."""
    model.deals = [deal for deal in model.deals if deal.state != Deal.OVER]
    for deal in model.deals:
        if deal.persons:
            model.count(
                {Trade.BORROWING: "borrowed_days", Trade.MUTUAL_AID: "aid_days"}.get(deal.trade, "seconded_days")
            )
            deal.home.book("lent_days")
            if deal.host is not None:
                deal.host.book("guest_days")
