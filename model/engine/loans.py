"""People on loan and entrusted powers: they begin, end, are called back, and shift authority."""

from model import portable_math, rng
from model.effects import InForce
from model.engine import ledger
from model.engine.columns import NOBODY, TRADE_AT, WITH_AT
from model.engine.district import District
from model.engine.rows import CaseRow, DealRow
from model.rules import balance, staffing, trade
from model.terms import TICKS_PER_DAY, Activity, Deal, Decision, Level, Trade


def asker_of(deal: DealRow) -> int:
    """Return the row of the unit that asks, or offers a power; the other side answers."""
    return deal.home if deal.trade == Trade.ENTRUSTING else deal.host


def law_of(district: District, deal: DealRow) -> InForce:
    """Return the law of the street concerned."""
    return district.laws[district.units[street_of(deal)].law]


def street_of(deal: DealRow) -> int:
    """Return the row of the street concerned: the one that lends to its superiors, or gets."""
    return deal.home if deal.trade == Trade.BORROWING else deal.host


def note(district: District, deal: DealRow, now: int, activity: int, by_asker: bool, extra: int) -> None:
    """Write a line of history about a deal; where the district is a party, the street stands for it."""
    asker = asker_of(deal)
    other = deal.home + deal.host - asker
    unit, partner = (asker, other) if by_asker else (other, asker)
    if unit == NOBODY:
        unit, partner = partner, unit
    detail = extra + (deal.trade << TRADE_AT) + ((partner + 1) << WITH_AT)
    ledger.note(district, now, deal.key, activity, unit, detail)


def lend(district: District, deal: DealRow, persons: int) -> None:
    """A person goes from home to host (1), or back (-1)."""
    home, down = district.units[deal.home], deal.trade in (Trade.SECONDMENT, Trade.ENTRUSTING)
    home.staff -= persons
    home.lent -= persons
    home.away += persons
    deal.persons += persons
    if deal.host == NOBODY:
        district.office_guests += persons
    else:
        host = district.units[deal.host]
        host.guests += persons
        if host.level == Level.STREET:
            host.staff += persons
            host.lent += persons
            host.experts += persons * down
            host.seconded += persons * down
            weigh_street(district, deal.host)
    if home.level == Level.STREET:
        weigh_street(district, deal.home)
    district.seconded_now += persons * down
    district.borrowed_now += persons * (deal.trade == Trade.BORROWING)


def entrust(district: District, deal: DealRow, holder: int) -> None:
    """A street gets the power for a kind of case from its holder, or loses it (-1)."""
    power = district.powers[deal.host, deal.kind]
    power.holder = holder
    power.closures = power.failures = 0
    district.entrusted_now += 1 if holder != NOBODY else -1
    weigh_street(district, deal.host)
    weigh_department(district, deal.home)


def weigh_street(district: District, s: int) -> None:
    """Authority against responsibility of a street (P8), and what its experts can take, with its entrusted powers."""
    street = district.units[s]
    power, duty, work = street.power, street.responsibility, street.on_enforcement
    follows = district.laws[street.law].trade.responsibility_follows
    for k in range(district.kinds_a_law):
        if district.powers[s, k].holder != NOBODY:
            kind = district.kinds[street.law * district.kinds_a_law + k]
            power += kind.power_share
            duty += follows * kind.duty_share
            work += kind.single_work
    street.balance = balance.of_unit(district.habits, power, duty)
    street.expertise = staffing.expertise(street.experts, street.staff, work, street.on_own)


def weigh_department(district: District, u: int) -> None:
    """Authority against responsibility of a department, without the powers that it has entrusted."""
    unit, led, out = district.units[u], 0.0, 0.0
    for k in range(district.kinds_a_law):
        kind = district.kinds[district.law * district.kinds_a_law + k]
        led += kind.power_share if kind.lead == u else 0.0
        for s in range(district.streets):
            if district.powers[s, k].holder == u:
                out += kind.power_share * district.units[s].share_of_streets
    part = min(1.0, out / led) if led > 0.0 else 0.0
    follows = district.laws[district.law].trade.responsibility_follows
    unit.balance = balance.of_unit(
        district.habits, unit.power * (1.0 - part), unit.responsibility * (1.0 - part * follows)
    )


def end(district: District, deal: DealRow, now: int, activity: int, reason: int) -> None:
    """A loan or an entrusted power is over: the person goes home, the power returns."""
    note(district, deal, now, activity, deal.trade == Trade.ENTRUSTING, reason)
    if deal.persons > 0:
        lend(district, deal, -1)
    if deal.trade == Trade.ENTRUSTING:
        entrust(district, deal, NOBODY)
        district.tally.powers_returned += district.in_window * (activity == Activity.CALLED_BACK)
    deal.state = Deal.OVER


def terms_end(district: District, now: int) -> None:
    """Loans and powers whose term is over return; home looks whether to call others back; old requests lapse."""
    for at in range(district.deals_used):
        deal = district.deals[at]
        law = law_of(district, deal)
        if deal.state == Deal.RUNNING:
            if now >= deal.until:
                end(district, deal, now, Activity.RETURNED, 0)
            elif (now - deal.since) // TICKS_PER_DAY % district.habits.lending.look_days == 0:
                deal.looks += 1
                look_back(district, law, deal, now)
        elif deal.state == Deal.OPEN and now >= deal.since + law.trade.lifetime_days * TICKS_PER_DAY:
            deal.state = Deal.OVER
            district.tally.requests += district.in_window
            note(district, deal, now, Activity.LAPSED, True, 0)


def look_back(district: District, law: InForce, deal: DealRow, now: int) -> None:
    """Home looks whether it calls a person or a power back before the term."""
    habits, load = district.habits, ledger.load_of(district, district.units[deal.home])
    u = rng.draw(deal.key, Decision.RECALL, deal.looks)
    if deal.trade == Trade.ENTRUSTING:
        power = district.powers[deal.host, deal.kind]
        if trade.failing(habits, power.failures, power.closures) > habits.entrusting.tolerated:
            end(district, deal, now, Activity.CALLED_BACK, trade.FAILING)
        elif portable_math.happens(u, trade.wants_back(habits, load)):
            end(district, deal, now, Activity.CALLED_BACK, trade.GROUND)
    elif u < trade.recalls(law, habits, load):
        end(district, deal, now, Activity.CALLED_BACK, trade.TOO_BUSY)


def near_loss(district: District, case: CaseRow) -> float:
    """Return how near a street is to losing its power for a case of this kind, 0-1; 0 where none is entrusted."""
    power = district.powers[case.street, case.kind]
    if power.holder == NOBODY:
        return 0.0
    return trade.nearness(district.habits, trade.failing(district.habits, power.failures, power.closures))


def uses_power(district: District, case: CaseRow) -> bool:
    """Tell whether a street uses a power entrusted to it in this case."""
    if not case.needs_power or district.powers[case.street, case.kind].holder == NOBODY:
        return False
    u = rng.draw(case.key, Decision.CAUTION, case.attempts)
    return trade.dares(district.habits, near_loss(district, case), u)


def judge(district: District, law: InForce, case: CaseRow, fails: bool) -> None:
    """An enforcement closure of a street tells on its name, and on the power that it was entrusted with."""
    held = not fails and case.repeated == NOBODY
    street, power = district.units[case.street], district.powers[case.street, case.kind]
    street.reliability = trade.reliability(district.habits, street.reliability, held)
    if power.holder != NOBODY and rng.draw(case.key, Decision.DELEGATED, 0) >= law.powers.delegated:
        power.closures += 1
        power.failures += not held
        district.tally.entrusted += district.in_window * (1 - case.cosmetic)


def call_home(district: District) -> None:
    """Before people are placed anew, those return whose home has nobody left without them, or is merged."""
    for at in range(district.deals_used):
        deal = district.deals[at]
        if deal.state == Deal.RUNNING:
            home, plan = district.units[deal.home], district.posts[district.era, deal.home]
            if plan.successor != deal.home or plan.staff + home.moved + home.lent < 1:
                end(district, deal, district.step * district.step_ticks, Activity.RETURNED, 0)


def weigh_anew(district: District) -> None:
    """Under another law authority is weighed anew wherever something is on loan or entrusted."""
    if district.seconded_now + district.entrusted_now > 0:
        for s in range(district.streets):
            weigh_street(district, s)
        for u in range(district.first_department, district.first_department + district.departments):
            weigh_department(district, u)


def book_day(district: District) -> None:
    """Count the day's loans in the window, and forget what is over; the order of the rest stays."""
    kept = 0
    for at in range(district.deals_used):
        deal = district.deals[at]
        if deal.state != Deal.OVER:
            down = deal.trade in (Trade.SECONDMENT, Trade.ENTRUSTING)
            days = deal.persons * district.in_window
            district.tally.seconded_days += days * down
            district.tally.borrowed_days += days * (deal.trade == Trade.BORROWING)
            district.tally.aid_days += days * (deal.trade == Trade.MUTUAL_AID)
            district.units[deal.home].lent_days += days
            if deal.host != NOBODY:
                district.units[deal.host].guest_days += days
            if kept < at:
                district.deals[kept] = deal
            kept += 1
    district.deals_used = kept


def favours_fade(district: District) -> None:
    """Favours are forgotten bit by bit."""
    kept = trade.kept(district.habits)
    for s in range(district.streets):
        for other in range(district.departments + 1 + district.streets):
            district.favours[s, other] *= kept
