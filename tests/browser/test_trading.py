"""What the page tells of trade between units is what the model says of it."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest

from experiments.messages import Language, in_language
from experiments.page.district_tab import _event, charts, moving
from experiments.page.stage import stage_of
from experiments.page.trade_words import Names, trade_event
from experiments.page.trading import Dealings, dealings_of
from experiments.page.watch import Painter
from model import Activity, DistrictModel, Scenario, load_scenario
from model.engine.columns import TRADE_AT, WITH_AT
from model.events.columns import dealt
from model.rules.trade import REFUSALS
from model.terms import TICKS_PER_DAY, TRADED, Trade

DAYS = 150
EAGER = {
    "run.warm_up_days": 0, "run.window_days": 200, "lending.queue_days": 0.05, "lending.programme_days": 0.5,
    "lending.readiness": 1.0, "entrusting.readiness": 1.0, "trade.power_term_days": 60, "entrusting.ground": -2.0,
}  # fmt: skip


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario("trading", district="tiny", overrides=EAGER)


@pytest.fixture(scope="module")
def painter(scenario: Scenario) -> Painter:
    painter = Painter(scenario, 1)
    painter.advance(DAYS)
    return painter


def followed(scenario: Scenario) -> tuple[DistrictModel, Dealings, list[tuple[int, Activity, int, int]]]:
    """Return a model after some months, what follows its trade, and its lines (key, activity, unit, detail)."""
    model = DistrictModel(scenario, seed=1, events=True)
    dealings, lines = dealings_of(model), []
    assert dealings is not None
    for _ in range(DAYS):
        model.step()
        events = model.take_events()
        dealings.take(events)
        rows = zip(*(events[name].tolist() for name in ("key", "activity", "unit", "detail")), strict=True)
        lines += [(key, Activity(what), unit, detail) for key, what, unit, detail in rows if what in TRADED]
    return model, dealings, lines


@pytest.mark.parametrize("regime", ["flattened", "inverted", "r03"])
def test_where_nobody_trades_nothing_is_said_or_drawn(regime: str) -> None:
    scenario = load_scenario(regime, district="tiny", overrides={"run.warm_up_days": 0, "run.window_days": 30})
    painter, stage = Painter(scenario, 1), stage_of(scenario, Language.EN)
    painter.advance(5)
    picture = painter.picture(0, None, False)
    told = moving(stage, picture, "backlog", Language.EN)
    assert picture.trading is None and told["trade"] is None and told["unit"]["lists"] == []
    assert len(charts(picture, Language.EN)) == 4 and "seconded" not in picture.series


def test_lines_are_the_loans_and_powers_that_run(scenario: Scenario) -> None:
    model, dealings, _ = followed(scenario)
    seen, persons, powers = dealings.seen(0), Counter[tuple[int, int]](), Counter[tuple[int, int]]()
    for deal in model.deals():
        if deal["running"]:
            persons[deal["home"], deal["host"]] += deal["persons"]
            powers[deal["home"], deal["host"]] += deal["kind"] >= 0
    assert {(home, host): count for home, host, count in seen.loans} == +persons
    assert {(home, host): count for home, host, count in seen.entrusted} == +powers
    assert seen.loans and seen.entrusted and seen.people and seen.powers and seen.limited
    down, up, between, entrusted = seen.office.counts
    assert down + up + between == sum(persons.values()) and entrusted == sum(powers.values())
    assert (down, up, entrusted) == tuple(model.today[name] for name in ("seconded", "borrowed", "entrusted"))


def test_a_unit_is_told_its_people_its_powers_and_its_requests(scenario: Scenario) -> None:
    model, dealings, lines = followed(scenario)
    asked = [(key, unit, dealt(detail).partner) for key, what, unit, detail in lines if what is Activity.REQUESTED]
    for row, unit in enumerate(model.units):
        seen = dealings.seen(row).unit
        assert seen is not None
        for name in ("away", "guests", "lent_days", "guest_days"):
            assert getattr(seen, name) == getattr(unit, name)
        mine = [key for key, one, other in asked if row in (one, other)][::-1][: len(seen.latest)]
        for key, request in zip(mine, seen.latest, strict=True):
            after = [(what, dealt(detail).extra) for one, what, _, detail in lines if one == key]
            whats = [what for what, _ in after]
            assert request.answer in (None, *whats) and request.end in (None, *whats)
            assert (request.answer is None) == (not {*whats} & {Activity.GRANTED, Activity.REFUSED, Activity.LAPSED})
            if request.answer is Activity.REFUSED:
                assert (Activity.REFUSED, request.reason) in after
            if request.end is Activity.CALLED_BACK:
                assert (Activity.CALLED_BACK, request.why) in after
    units = [dealings.seen(row).unit for row in range(len(model.units))]
    for deal in (deal for unit in units if unit for deal in unit.running):
        if deal.kind >= 0 and not deal.open:
            power = model.tables.powers[deal.host, deal.kind]
            assert (power["holder"], power["closures"], power["failures"]) == (deal.home, deal.closures, deal.failures)
            assert 0 <= deal.left <= 60


def test_the_offices_month_is_what_it_did_since_the_month_began(scenario: Scenario) -> None:
    model = DistrictModel(scenario, seed=1, events=True)
    dealings, length, held = Dealings(model), int(model.tables.districts[0]["month_days"]), 0.0
    before = (0.0, 0, 0)
    for day in range(2 * length + 5):
        if day % length == 0:
            before, held = (model.district.hours_used, model.district.pressed, model.district.owned), 0.0
        asked = int(model.tables.districts[0]["attention_held"])
        guests = int(model.tables.districts[0]["office_guests"])
        model.step()
        district = model.tables.districts[0]
        if (day + 1) % model.setting.habits.lending.look_days:
            held += (int(district["attention_held"]) - asked) / TICKS_PER_DAY  # the engine's own count, day by day
        else:  # it begins anew
            presence = district["weekend_staff"] if day % 7 >= 5 else 1.0
            held += presence * (district["office_day"] / TICKS_PER_DAY + guests)
        dealings.take(model.take_events())
        office = dealings.seen(None).office
        assert office.held == pytest.approx(held, abs=1e-4)
        assert office.used == pytest.approx(model.district.hours_used - before[0], abs=1e-6)
        assert (office.pressed[0], office.owned[0]) == (
            model.district.pressed - before[1], model.district.owned - before[2],
        )  # fmt: skip
        assert tuple(model.plan.units[row].code for row in office.focus) == model.district.looks_at
    waits = [deal for deal in model.tables.deals[: int(model.tables.districts[0]["deals_used"])]
             if deal["state"] == 1 and deal["heard"] == 0]  # fmt: skip
    assert office.waiting == len(waits) and (office.oldest <= 30)


LINES_OF = [(activity, trade) for activity in sorted(TRADED) for trade in Trade]


def detail_of(trade: Trade, partner: int, extra: int) -> int:
    return extra + (trade << TRADE_AT) + ((partner + 1) << WITH_AT)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(("activity", "trade"), LINES_OF)
def test_every_line_of_trade_is_a_sentence_with_both_sides(
    activity: Activity, trade: Trade, language: Language
) -> None:
    names = Names(["甲街道", "乙局"], ["物业"])
    partners = (1, -1) if trade is Trade.BORROWING else (1,)
    for partner in partners:
        reasons = range(len(REFUSALS)) if activity in (Activity.REFUSED, Activity.CALLED_BACK) else (0,)
        for extra in reasons:
            with in_language(language):
                words = trade_event(activity, 0, detail_of(trade, partner, extra), names)
                assert words == _event(activity, 0, detail_of(trade, partner, extra), names)
            if language is Language.ZH:
                assert not re.search(r"[A-Za-z{}]", words), words
            assert "甲街道" in words or "乙局" in words
            if activity in (Activity.REFUSED, Activity.CALLED_BACK) and REFUSALS[extra].name != "district":
                assert (REFUSALS[extra].zh if language is Language.ZH else REFUSALS[extra].en) in words
    if activity is Activity.REQUESTED and trade is Trade.BORROWING:
        with in_language(language):
            asks = trade_event(activity, 0, detail_of(trade, -1, 0), names)
        assert asks.startswith("区级统筹" if language is Language.ZH else "District office")


@pytest.mark.parametrize("language", list(Language))
def test_trade_is_told_in_both_languages(scenario: Scenario, painter: Painter, language: Language) -> None:
    stage = stage_of(scenario, language)
    told: dict[str, Any] = moving(stage, painter.picture(None, None, False), "backlog", language)["trade"]
    assert {each["code"] for each in told["legend"]} == {"people", "powers"} and len(told["show"]) == 4
    assert told["loans"] and told["powers"] and told["focus"] and told["latest"] and told["limited"]
    assert len(told["terms"]) == 4 and len(told["facts"]) == 7
    lists = [
        each for row in range(len(painter.picture(None, None, False).queued))
        for each in moving(stage, painter.picture(row, None, False), "backlog", language)["unit"]["lists"]
    ]  # fmt: skip
    assert len({each["title"] for each in lists}) == 4
    said = " ".join(item for each in lists for item in each["items"])
    for words in {"zh": ("外借", "还剩", "未同意", "同意"), "en": ("lent to", "more day", "refused", "granted")}[
        language
    ]:
        assert words in said
    assert "{" not in said
    if language is Language.ZH:
        assert not re.search(r"[A-Za-z]", said), re.findall(r"[A-Za-z]+", said)[:5]
    drawn = charts(painter.picture(None, None, False), language)
    assert len(drawn) == 5 and len(drawn[-1]["lines"]) == 3


def test_the_office_stands_on_the_map_only_where_its_hours_are_limited() -> None:
    for regime, limited, legend in (("t01", True, set()), ("t02_down", False, {"people"}), ("t03", False, {"powers"})):
        scenario = load_scenario(regime, district="tiny", overrides={"run.warm_up_days": 1})
        picture = Painter(scenario, 1).picture(None, None, False)
        told = moving(stage_of(scenario, Language.EN), picture, "backlog", Language.EN)["trade"]
        assert len(told["terms"]) == (4 if legend else 1) and len(charts(picture, Language.EN)) == (5 if legend else 4)
        assert told["limited"] is limited and {each["code"] for each in told["legend"]} == legend
