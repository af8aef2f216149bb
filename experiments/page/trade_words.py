"""Trade between units in words: lines of the map, what a unit lends and asks for, the card of the district's office."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from experiments.messages import Language, current_language, msg
from experiments.page.trading import Flow, Office, Request, Running, Trading, UnitTrade
from model.engine.columns import NOBODY
from model.events.columns import dealt
from model.rules.steering import AMENDED
from model.rules.trade import DISTRICT, REFUSALS
from model.terms import Activity, Trade

TERMS = ("loan", "power", "request", "office")  # explained where units trade
SHOWN = ("all", "cases", "people", "powers")  # lines that the map can show
_BY_DISTRICT = (Activity.REQUESTED, Activity.SUPPORTED, Activity.LAPSED)  # lines that the asker writes


class Names:
    """What units and kinds of cases are called; -1 is the district's office."""

    def __init__(self, units: Sequence[str], kinds: Sequence[str]) -> None:
        self._units, self._kinds = units, kinds

    def unit(self, row: int) -> str:
        return msg("trade_office") if row == NOBODY else self._units[row]

    def kind(self, row: int) -> str:
        return self._kinds[row] if row >= 0 else ""


def told(trading: Trading, names: Names) -> dict[str, Any]:
    """Return the words and lines of trade that the view draws, beside those of a selected unit."""
    office = trading.office
    return {
        "limited": trading.limited, "name": msg("trade_office"),
        "loans": _lines(trading.loans, "loan", names), "powers": _lines(trading.entrusted, "power", names),
        "legend": [{"code": code, "words": msg(f"trade_legend_{code}")}
                   for code, there in (("people", trading.people), ("powers", trading.powers)) if there],
        "show": [{"code": code, "name": msg(f"trade_show_{code}")} for code in SHOWN
                 if getattr(trading, code, trading.people or trading.powers)],
        "show_label": msg("trade_show"),
        "hint": msg("trade_office_hint", waiting=office.waiting, **_hours(office, 0)),
        "facts": list(_office_facts(trading)),
        "focus_label": msg("trade_focus"), "focus": msg("list_join").join(map(names.unit, office.focus)),
        "latest_label": msg("trade_latest"), "none": msg("trade_none"),
        "latest": [{"day": msg("district_on_day", day=max(each.day, each.answered, each.ended)),
                    "words": _news(activity, each, names)} for activity, each in office.latest],
        "note": msg("trade_limited" if office.limited else "trade_unlimited"),
    }  # fmt: skip


def _hours(office: Office, digits: int) -> dict[str, str]:
    return {"used": f"{office.used:,.{digits}f}", "held": f"{office.held:,.{digits}f}"}


def _lines(flows: Sequence[Flow], what: str, names: Names) -> list[dict[str, Any]]:
    return [
        {"from": home, "to": host, "count": count,
         "words": msg(f"trade_line_{what}", home=names.unit(home), host=names.unit(host), count=count)}
        for home, host, count in flows
    ]  # fmt: skip


def _percent(share: float) -> str:
    return msg("brief_unit_share", number=f"{100 * share:.0f}")


def _office_facts(trading: Trading) -> Iterator[tuple[str, str]]:
    office = trading.office
    share = _percent(office.used / office.held) if office.held else msg("undefined")
    people = msg("trade_people_guests", people=office.people, guests=office.guests) if office.guests else office.people
    yield msg("trade_people"), f"{people}"
    yield (
        msg("trade_used"),
        msg("trade_used_value", share=share, **_hours(office, 1)),
    )
    for name in ("pressed", "owned"):
        month, year = getattr(office, name)
        yield msg(f"trade_{name}"), msg("trade_month_year", month=f"{month:,}", year=f"{year:,}")
    if trading.people or trading.powers:
        waiting = msg("trade_waiting_value", count=office.waiting, oldest=office.oldest)
        yield msg("trade_waiting"), waiting if office.waiting else msg("trade_waiting_none")
    down, up, between, powers = office.counts
    if trading.people:
        yield msg("trade_lent_all"), msg("trade_lent_all_value", down=down, up=up, between=between)
    if trading.powers:
        yield msg("trade_powers_all"), msg("trade_powers_count", count=powers)


def powers_held(row: int, unit: UnitTrade) -> str:
    """Return how many powers a unit holds that were entrusted to it, "" where it holds none."""
    count = sum(deal.trade is Trade.ENTRUSTING and deal.host == row and not deal.open for deal in unit.running)
    return msg("trade_powers_held", count=count) if count else ""


def unit_facts(unit: UnitTrade, trading: Trading) -> Iterator[tuple[str, str]]:
    """Yield what a unit lends and borrows."""
    if trading.people or trading.powers:  # people may come along with a power
        yield msg("trade_now"), msg("trade_now_value", lent=unit.away, got=unit.guests)
        yield msg("trade_year"), msg("trade_year_value", lent=f"{unit.lent_days:,}", got=f"{unit.guest_days:,}")


def unit_lists(row: int, unit: UnitTrade, names: Names) -> list[dict[str, Any]]:
    """Return what a unit has on loan, its powers, what waits for an answer, its latest requests; none empty."""
    found = {
        "loans": [_loan(row, deal, names) for deal in unit.running if deal.persons and not deal.open],
        "powers": [_power(row, deal, names) for deal in unit.running
                   if deal.trade is Trade.ENTRUSTING and not deal.open],
        "open": [_waiting(row, deal, names) for deal in unit.running if deal.open],
        "requests": [_request(row, each, names) for each in unit.latest],
    }  # fmt: skip
    return [{"title": msg(f"trade_list_{name}"), "items": items} for name, items in found.items() if items]


def _loan(row: int, deal: Running, names: Names) -> str:
    key = "trade_lent_to" if row == deal.home else "trade_borrowed_from"
    other = names.unit(deal.host if row == deal.home else deal.home)
    return msg(key, other=other, count=deal.persons) + msg("trade_left", count=deal.left)


def _power(row: int, deal: Running, names: Names) -> str:
    key = "trade_power_to" if row == deal.home else "trade_power_from"
    other = names.unit(deal.host if row == deal.home else deal.home)
    start = msg(key, kind=names.kind(deal.kind), other=other) + msg("trade_left", count=deal.left)
    if not deal.closures:
        return start + msg("trade_power_unused")
    return start + msg("trade_power_results", count=deal.closures, share=_percent(deal.failures / deal.closures))


def _waiting(row: int, deal: Running, names: Names) -> str:
    power = deal.trade is Trade.ENTRUSTING
    asker, asked = (deal.home, deal.host) if power else (deal.host, deal.home)
    what = _what(row, Request(deal.trade, asker, asked, deal.kind, 0), names)
    return what + msg("trade_waits_office" if deal.waits else "trade_waits", count=deal.age)


def _what(row: int, request: Request, names: Names) -> str:
    """Return what is asked for, as the unit in this row sees it."""
    asks = row == request.asker
    other = names.unit(request.asked if asks else request.asker)
    key = f"trade_{'asks' if asks else 'asked'}_{request.trade.name}"
    return msg(key, other=other, kind=names.kind(request.kind))


def _reason(place: int) -> str:
    reason = REFUSALS[place]
    return reason.zh if current_language() is Language.ZH else reason.en


def _request(row: int, request: Request, names: Names) -> str:
    """Return a request with what became of it."""
    parts = []
    if request.answer is None:
        parts.append(msg("trade_half" if request.half else "trade_supported" if request.supported else "trade_open"))
    else:
        by_district = request.answer is Activity.REFUSED and request.reason == DISTRICT
        key = "trade_was_district" if by_district else f"trade_was_{request.answer.name}"
        parts.append(msg(key, day=request.answered, reason=_reason(request.reason)))
    if request.end is not None:
        what = "power" if request.trade is Trade.ENTRUSTING else "person"
        parts.append(msg(f"trade_{what}_{request.end.name}", day=request.ended, reason=_reason(request.why)))
    became = msg("headline_join").join(parts)
    return msg("trade_on_day", day=request.day, what=_what(row, request, names), became=became)


def _news(activity: Activity, request: Request, names: Names) -> str:
    """Return an event of a request in a sentence."""
    asker, asked = request.asker, request.asked
    home = asker if request.trade is Trade.ENTRUSTING else asked
    reason = request.why if request.end is not None else request.reason
    return _event(activity, request.trade, (asker, asked, home), (request.kind, reason, request.half), names)


def trade_event(activity: Activity, row: int, detail: int, names: Names) -> str:
    """Return a line of the history about a request in a sentence."""
    said = dealt(detail)
    by_asker = activity in _BY_DISTRICT
    if activity in (Activity.RETURNED, Activity.CALLED_BACK):
        by_asker = said.trade is Trade.ENTRUSTING  # home writes
    elif by_asker and said.partner == NOBODY:  # the street stands for the district, which asks
        by_asker = False
    asker, asked = (row, said.partner) if by_asker else (said.partner, row)
    home = asker if said.trade is Trade.ENTRUSTING else asked
    knows = said.trade is Trade.ENTRUSTING and activity in (Activity.REQUESTED, Activity.GRANTED)
    half = activity is Activity.SUPPORTED and said.extra == AMENDED
    reason = said.extra if activity in (Activity.REFUSED, Activity.CALLED_BACK) else 0
    kind = said.extra if knows else NOBODY
    return _event(activity, said.trade, (asker, asked, home), (kind, reason, half), names)


def _event(
    activity: Activity, trade: Trade, sides: tuple[int, int, int], more: tuple[int, int, bool], names: Names
) -> str:
    """Return who does what; `sides` are asker, asked and home, `more` kind, reason and whether for half the term."""
    (asker, asked, home), (kind, reason, half) = sides, more
    power = trade is Trade.ENTRUSTING
    what = "power" if power else "person"
    if activity is Activity.REQUESTED:
        row, words = asker, _what(asker, Request(trade, asker, asked, kind, 0), names)
    elif activity is Activity.SUPPORTED or (activity is Activity.REFUSED and reason == DISTRICT):
        verdict = "district" if activity is Activity.REFUSED else "half" if half else "supported"
        if asker == NOBODY:  # the district decides about a wish of its own
            row, words = NOBODY, msg(f"trade_says_{verdict}_own", other=names.unit(asked))
        else:
            row, words = NOBODY, msg(f"trade_says_{verdict}", other=names.unit(asker))
    elif activity in (Activity.GRANTED, Activity.REFUSED):
        row = asked
        words = msg(f"trade_says_{activity.name}_{what}", other=names.unit(asker), reason=_reason(reason))
    elif activity is Activity.LAPSED:
        row, words = asker, msg("trade_says_LAPSED", other=names.unit(asked))
    else:
        other = asked if home == asker else asker
        row, words = home, msg(f"trade_says_{activity.name}_{what}", other=names.unit(other), reason=_reason(reason))
    return msg("district_event", unit=names.unit(row), words=words)
