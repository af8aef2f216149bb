"""Phase 9: staff and authority are traded: units ask, the district hears, the other side answers; terms end."""

from model import portable_math, rng
from model.effects import InForce
from model.engine import ledger
from model.engine.columns import NOBODY
from model.engine.district import District
from model.engine.loans import asker_of, book_day, entrust, favours_fade, law_of, lend, note, street_of, terms_end
from model.engine.office import attends
from model.engine.rows import DealRow, UnitRow
from model.rules import jurisdiction, steering, trade
from model.terms import TICKS_PER_DAY, Activity, Deal, Decision, Trade


def propose(district: District, kind_of_trade: int, host: int, home: int, kind: int, now: int) -> None:
    """A unit asks for a person, or offers a power, unless it has asked the same of the same one and waits."""
    for at in range(district.deals_used):
        deal = district.deals[at]
        same = deal.trade == kind_of_trade and deal.host == host and deal.home == home
        if same and deal.state == Deal.OPEN:
            return
    deal = district.deals[district.deals_used]
    district.deals_used += 1
    deal.trade, deal.state, deal.host, deal.home, deal.kind = kind_of_trade, Deal.OPEN, host, home, kind
    deal.heard = deal.persons = deal.looks = 0
    deal.since, deal.until = now, now
    asker = asker_of(deal)
    base = district.seed if asker == NOBODY else district.seed ^ district.units[asker].key
    deal.key = rng.derive(rng.derive(base, 4 + kind_of_trade), district.step // district.steps_per_day)
    note(district, deal, now, Activity.REQUESTED, True, max(0, kind))


def look_key(district: District, unit: UnitRow) -> int:
    """Return the key of what a unit decides today about what it needs."""
    return rng.derive(rng.derive(district.seed ^ unit.key, 8), district.step // district.steps_per_day)


def looks(district: District, unit: UnitRow) -> bool:
    """Tell whether a unit looks today at what it needs; its code fixes the day."""
    return ledger.is_day_of(district, unit, district.habits.lending.look_days)


def streets_ask(district: District, now: int) -> None:
    """Streets with a long queue ask a department, and through the district another street, for a person."""
    for s in range(district.streets):
        street = district.units[s]
        waits = ledger.backlog_days(street)
        if not (looks(district, street) and trade.needs_people(district.habits, waits)):
            continue
        law, key = district.laws[street.law], look_key(district, street)
        if rng.draw(key, Decision.REQUEST, 0) < law.trade.secondment:
            best_draw, best_weight, found = 0.5, 0.0, NOBODY
            for d in range(district.departments):
                department, weight = district.first_department + d, district.asked[s, d] * 1.0
                u = rng.choice_draw(key, Decision.LENDER, 0, district.units[department].key)
                if jurisdiction.sooner(u, weight, best_draw, best_weight):
                    best_draw, best_weight, found = u, weight, department
            if found != NOBODY:
                propose(district, Trade.SECONDMENT, s, found, NOBODY, now)
        if rng.draw(key, Decision.REQUEST, 1) < law.trade.mutual_aid:
            least, helper = waits, NOBODY
            for other in range(district.streets):
                unit = district.units[other]
                theirs = ledger.backlog_days(unit)
                if theirs < least and trade.may_spare(law, ledger.own_people(unit), unit.away):
                    least, helper = theirs, other
            if helper != NOBODY and not trade.needs_people(district.habits, least):
                propose(district, Trade.MUTUAL_AID, s, helper, NOBODY, now)


def lender(district: District, key: int) -> int:
    """Return the street that a superior asks for a person: the likelier, the more people it has; -1 if none has two."""
    best_draw, best_weight, found = 0.5, 0.0, NOBODY
    for s in range(district.streets):
        weight = max(0.0, ledger.own_people(district.units[s]) - 1.0)
        u = rng.choice_draw(key, Decision.LENDER, 0, district.units[s].key)
        if jurisdiction.sooner(u, weight, best_draw, best_weight):
            best_draw, best_weight, found = u, weight, s
    return found


def superior_borrows(district: District, key: int, host: int, now: int) -> None:
    """A superior that is behind asks a street for a person."""
    home = lender(district, key)
    if home == NOBODY:
        return
    law = district.laws[district.units[home].law]
    if rng.draw(key, Decision.REQUEST, 0) < law.trade.borrowing:
        propose(district, Trade.BORROWING, host, home, NOBODY, now)


def departments_ask(district: District, now: int) -> None:
    """Departments behind with their programmes borrow a person; the loaded offer powers to reliable streets."""
    for u in range(district.first_department, district.first_department + district.departments):
        unit = district.units[u]
        if unit.staff == 0 or not looks(district, unit):
            continue
        key = look_key(district, unit)
        if trade.is_behind(district.habits, unit.programmes / (unit.staff * (TICKS_PER_DAY * 1.0))):
            superior_borrows(district, key, u, now)
        offer_power(district, key, u, now)


def offer_power(district: District, key: int, u: int, now: int) -> None:
    """A department may offer a street the power for a kind of case that it leads: where it was asked most, likelier."""
    best_draw, best_weight, k = 0.5, 0.0, NOBODY
    for other in range(district.kinds_a_law):
        kind = district.kinds[district.law * district.kinds_a_law + other]
        weight = kind.power_share if kind.lead == u else 0.0
        u_kind = rng.choice_draw(key, Decision.LENDER, 1, kind.key)
        if jurisdiction.sooner(u_kind, weight, best_draw, best_weight):
            best_draw, best_weight, k = u_kind, weight, other
    if k == NOBODY:
        return
    best_draw, best_weight, found = 0.5, 0.0, NOBODY
    for s in range(district.streets):
        weight = 1.0 + district.asked[s, u - district.first_department]
        weight = weight if district.powers[s, k].holder == NOBODY else 0.0
        u_street = rng.choice_draw(key, Decision.LENDER, 2, district.units[s].key)
        if jurisdiction.sooner(u_street, weight, best_draw, best_weight):
            best_draw, best_weight, found = u_street, weight, s
    if found == NOBODY:
        return
    street = district.units[found]
    odds = trade.offers_power(district.habits, ledger.load_of(district, district.units[u]), street)
    allowed = rng.draw(key, Decision.REQUEST, 1) < district.laws[street.law].trade.entrusting
    if allowed and portable_math.happens(rng.draw(key, Decision.REQUEST, 2), odds):
        propose(district, Trade.ENTRUSTING, found, u, k, now)


def district_asks(district: District, now: int) -> None:
    """The district's office borrows a person where more hours were asked of it than it held."""
    day = district.step // district.steps_per_day
    if (day + 1) % district.habits.lending.look_days:
        return
    if steering.is_short(district.attention_asked * 1.0, district.attention_held * 1.0):
        superior_borrows(district, rng.derive(rng.derive(district.seed, 8), day), NOBODY, now)
    district.attention_asked = district.attention_held = 0


def district_hears(district: District, now: int) -> None:
    """The district supports, amends or refuses requests, those of streets it looks at first, while it has hours."""
    work = district.laws[district.law].office.decision_work
    for later in range(2):
        for at in range(district.deals_used):
            deal = district.deals[at]
            street = district.units[street_of(deal)]
            goes_through = steering.is_heard(law_of(district, deal), deal.trade == Trade.MUTUAL_AID)
            if deal.state != Deal.OPEN or deal.heard > 0 or street.in_focus == later or not goes_through:
                continue
            if not attends(district, work):
                return
            asker = asker_of(deal)
            load = 1.0 if asker == NOBODY else ledger.load_of(district, district.units[asker])
            chance = portable_math.logistic(steering.supports(district.habits, load, street))
            said = steering.verdict(district.habits, chance, rng.draw(deal.key, Decision.VERDICT, 0))
            deal.heard = said
            if said == steering.REFUSED:
                refuse(district, deal, now, trade.DISTRICT)
            else:
                note(district, deal, now, Activity.SUPPORTED, True, said)


def refuse(district: District, deal: DealRow, now: int, reason: int) -> None:
    """A request is refused, and over."""
    deal.state = Deal.OVER
    district.tally.requests += district.in_window
    note(district, deal, now, Activity.REFUSED, False, reason)


def partner_of(district: District, deal: DealRow) -> int:
    """Return the column of favours of whoever deals with the street concerned."""
    if deal.trade == Trade.MUTUAL_AID:
        return district.departments + 1 + deal.home
    other = deal.host if deal.trade == Trade.BORROWING else deal.home
    return district.departments if other == NOBODY else other - district.first_department


def asks_from_below(deal: DealRow) -> float:
    """Return 1 where a street asks, so that it owes what it is granted, and −1 where it is asked."""
    return 1.0 if deal.trade in (Trade.SECONDMENT, Trade.MUTUAL_AID) else -1.0


def owed(district: District, deal: DealRow) -> float:
    """Return what who asks owes the other side already (persons)."""
    return asks_from_below(deal) * district.favours[street_of(deal), partner_of(district, deal)]


def owe(district: District, deal: DealRow, persons: float) -> None:
    """Who asks owes the other side so many persons more."""
    district.favours[street_of(deal), partner_of(district, deal)] += asks_from_below(deal) * persons
    if deal.trade == Trade.MUTUAL_AID:
        district.favours[deal.home, district.departments + 1 + deal.host] -= persons


def givers_answer(district: District, now: int) -> None:
    """Whoever was asked answers, after some days, what the district has heard, or what does not go through it."""
    for at in range(district.deals_used):
        deal = district.deals[at]
        law = law_of(district, deal)
        waits = deal.heard == 0 and steering.is_heard(law, deal.trade == Trade.MUTUAL_AID)
        if deal.state == Deal.OPEN and not waits and now >= deal.since + law.trade.answer_days * TICKS_PER_DAY:
            answer(district, law, deal, now)


def answer(district: District, law: InForce, deal: DealRow, now: int) -> None:
    """Whoever was asked grants the request or not, from what speaks for it and what weighs against it."""
    habits, home, lends = district.habits, district.units[deal.home], deal.trade != Trade.ENTRUSTING
    if lends and not trade.may_spare(law, ledger.own_people(home), home.away):
        refuse(district, deal, now, trade.NOBODY_TO_SPARE)
        return
    turned = deal.trade == Trade.BORROWING and trade.gate_turns_back(law, rng.draw(deal.key, Decision.GRANT, 1))
    if turned:
        refuse(district, deal, now, trade.GATE)
        return
    load = ledger.load_of(district, home if lends else district.units[deal.host])
    weights = trade.against(law, habits, deal.trade, load, owed(district, deal))
    odds = trade.pull(law, habits, deal, deal.host == NOBODY, ledger.load_of(district, home))
    for weight in weights:
        odds -= weight
    if not portable_math.happens(rng.draw(deal.key, Decision.GRANT, 0), odds):
        owe(district, deal, -trade.grudge(law, habits, deal))
        refuse(district, deal, now, trade.main_reason(weights))
        return
    owe(district, deal, 1.0)
    grant(district, law, deal, now)


def grant(district: District, law: InForce, deal: DealRow, now: int) -> None:
    """A request is granted: the person goes, or the power is held, and perhaps somebody comes along."""
    district.tally.requests += district.in_window
    district.tally.granted += district.in_window
    note(district, deal, now, Activity.GRANTED, False, max(0, deal.kind))
    days, comes, home = law.trade.term_days, True, district.units[deal.home]
    if deal.trade == Trade.ENTRUSTING:
        days = law.trade.power_term_days
        district.tally.powers_held += district.in_window
        entrust(district, deal, deal.home)
        along = rng.draw(deal.key, Decision.ALONG, 0) < law.trade.staff_follows
        comes = along and trade.may_spare(law, home.staff, home.away)
    if comes:
        lend(district, deal, 1)
    half = 2 if deal.heard == steering.AMENDED else 1
    deal.state = Deal.RUNNING
    deal.since, deal.until = now, now + days * TICKS_PER_DAY // half


def units_trade(district: District) -> None:
    """Phase 9, at the end of a day. Arrays: deals, powers, favours, units written; draws REQUEST, LENDER, GRANT, …."""
    if not district.trades or (district.step + 1) % district.steps_per_day:
        return
    now = (district.step + 1) * district.step_ticks - 1
    if now - TICKS_PER_DAY < district.window_from <= now:
        district.tally.powers_held += district.entrusted_now
    favours_fade(district)
    terms_end(district, now)
    streets_ask(district, now)
    departments_ask(district, now)
    district_asks(district, now)
    district_hears(district, now)
    givers_answer(district, now)
    book_day(district)
