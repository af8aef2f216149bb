"""People on loan and entrusted powers: they begin, end, are called back, and shift authority."""

from __future__ import annotations

from model import portable_math, rng
from model.plans import EraPlan
from model.reference.agents import Agreement, Case, Department, Power, Street
from model.reference.state import Model
from model.rules import balance, staffing, trade
from model.terms import TICKS_PER_DAY, Activity, Deal, Decision, Trade


def street_of(deal: Agreement) -> Street:
    """Return the street concerned: the one that lends to its superiors, or gets."""
    street = deal.home if deal.trade == Trade.BORROWING else deal.host
    assert isinstance(street, Street)
    return street


def tell(model: Model, deal: Agreement, now: int, activity: Activity) -> None:
    """Write a line of history about a deal; where the district is a party, the street stands for it."""
    by_home = activity in (Activity.RETURNED, Activity.CALLED_BACK, Activity.GRANTED, Activity.REFUSED)
    if deal.trade == Trade.ENTRUSTING and activity in (Activity.GRANTED, Activity.REFUSED):
        by_home = False
    elif deal.trade == Trade.ENTRUSTING:
        by_home = True
    unit = deal.home if by_home or deal.host is None else deal.host
    if model.history is not None:
        model.history.append((now, deal.key, activity, unit.row, model.phase))


def lend(model: Model, deal: Agreement, persons: int) -> None:
    """A person goes from home to host (1), or back (-1)."""
    home, host, down = deal.home, deal.host, deal.trade in (Trade.SECONDMENT, Trade.ENTRUSTING)
    home.staff -= persons
    home.lent -= persons
    home.away += persons
    deal.persons += persons
    if host is None:
        model.office.guests += persons
    else:
        host.guests += persons
    if isinstance(host, Street):
        host.staff += persons
        host.lent += persons
        host.experts += persons * down
        host.seconded += persons * down
    for street in (host, home):
        if isinstance(street, Street):
            weigh_street(model, street)


def entrust(model: Model, deal: Agreement) -> None:
    """A street gets the power for a kind of case."""
    street_of(deal).powers[deal.kind] = Power(deal.home)
    weigh_street(model, street_of(deal))
    weigh_department(model, deal.home)


def weigh_street(model: Model, street: Street) -> None:
    """Authority against responsibility of a street (P8), and what its experts can take, with its entrusted powers."""
    power, duty, work = street.power, street.responsibility, street.on_enforcement
    follows = street.law.trade.responsibility_follows
    for row in sorted(street.powers):
        kind = street.kinds[row]
        power += kind.power_share
        duty += follows * kind.duty_share
        work += kind.single_work
    street.balance = balance.of_unit(model.habits, power, duty)
    street.expertise = staffing.expertise(street.experts, street.staff, work, street.on_own)


def weigh_department(model: Model, department: object) -> None:
    """Authority against responsibility of a department, without the powers that it has entrusted."""
    assert isinstance(department, Department)
    led = out = 0.0
    for row, kind in enumerate(model.newest_kinds):
        led += kind.power_share if kind.lead == department.row else 0.0
        for street in model.streets:
            if row in street.powers and street.powers[row].holder is department:
                out += kind.power_share * street.share_of_streets
    part = min(1.0, out / led) if led > 0.0 else 0.0
    duty = department.responsibility * (1.0 - part * model.newest.trade.responsibility_follows)
    department.balance = balance.of_unit(model.habits, department.power * (1.0 - part), duty)


def end(model: Model, deal: Agreement, now: int, activity: Activity) -> None:
    """A loan or an entrusted power is over: the person goes home, the power returns."""
    tell(model, deal, now, activity)
    if deal.persons:
        lend(model, deal, -1)
    if deal.trade == Trade.ENTRUSTING:
        del street_of(deal).powers[deal.kind]
        weigh_street(model, street_of(deal))
        weigh_department(model, deal.home)
        model.count("powers_returned", activity == Activity.CALLED_BACK)
    deal.state = Deal.OVER


def terms_end(model: Model, now: int) -> None:
    """Loans and powers whose term is over return; home looks whether to call others back; old requests lapse."""
    for deal in model.deals:
        if deal.state == Deal.RUNNING:
            if now >= deal.until:
                end(model, deal, now, Activity.RETURNED)
            elif (now - deal.since) // TICKS_PER_DAY % model.habits.lending.look_days == 0:
                deal.looks += 1
                if is_called_back(model, deal):
                    end(model, deal, now, Activity.CALLED_BACK)
        elif now >= deal.since + street_of(deal).law.trade.lifetime_days * TICKS_PER_DAY:
            deal.state = Deal.OVER
            model.count("requests")
            tell(model, deal, now, Activity.LAPSED)


def is_called_back(model: Model, deal: Agreement) -> bool:
    """Tell whether home calls a person or a power back before the term."""
    habits, load, u = model.habits, deal.home.load(), rng.draw(deal.key, Decision.RECALL, deal.looks)
    if deal.trade != Trade.ENTRUSTING:
        return bool(u < trade.recalls(street_of(deal).law, habits, load))
    power = street_of(deal).powers[deal.kind]
    fails = trade.failing(habits, power.failures, power.closures) > habits.entrusting.tolerated
    return bool(fails or u < portable_math.logistic(trade.wants_back(habits, load)))


def near_loss(model: Model, case: Case) -> float:
    """Return how near a street is to losing its power for a case of this kind, 0-1; 0 where none is entrusted."""
    power = case.street.powers.get(case.kind_row)
    if power is None:
        return 0.0
    return float(trade.nearness(model.habits, trade.failing(model.habits, power.failures, power.closures)))


def uses_power(model: Model, case: Case) -> bool:
    """Tell whether a street uses a power entrusted to it in this case."""
    if not case.needs_power or case.kind_row not in case.street.powers:
        return False
    u = rng.draw(case.key, Decision.CAUTION, case.attempts)
    return bool(trade.dares(model.habits, near_loss(model, case), u))


def judge(model: Model, case: Case, *, fails: bool) -> None:
    """An enforcement closure of a street tells on its name, and on the power that it was entrusted with."""
    held, street = not fails and case.repeated is None, case.street
    street.reliability = trade.reliability(model.habits, street.reliability, held)
    power = street.powers.get(case.kind_row)
    if power is not None and rng.draw(case.key, Decision.DELEGATED, 0) >= case.law.powers.delegated:
        power.closures += 1
        power.failures += not held
        model.count("entrusted", not case.cosmetic)


def call_home(model: Model, era: EraPlan) -> None:
    """Before people are placed anew, those return whose home has nobody left without them, or is merged."""
    for deal in model.deals:
        if deal.state == Deal.RUNNING:
            home, plan = deal.home, era.units[deal.home.row]
            if plan.successor != home.row or plan.staff + home.moved + home.lent < 1:
                end(model, deal, model.now, Activity.RETURNED)


def weigh_anew(model: Model) -> None:
    """Under another law authority is weighed anew wherever something is on loan or entrusted."""
    if any(street.seconded or street.powers for street in model.streets):
        for street in model.streets:
            weigh_street(model, street)
        for department in model.departments:
            weigh_department(model, department)


def favours_fade(model: Model) -> None:
    """Favours are forgotten bit by bit."""
    kept = trade.kept(model.habits)
    for pair in model.favours:
        model.favours[pair] *= kept
