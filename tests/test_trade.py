"""Trade in staff and authority, and the district's attention: who asks, who grants, what comes back, and what waits."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from model import DistrictModel, load_scenario, simulate
from model.agents import DistrictAgent
from model.behaviour import Habits
from model.config.scenario import Scenario
from model.effects import put_in_force
from model.engine.columns import NOBODY
from model.events import FORMATS, MEASURED, log_run, measure, read_log
from model.events.columns import dealt
from model.policy import Law
from model.rules import steering, trade
from model.rules.trade import REFUSALS
from model.simulation import run_tables
from model.terms import TICKS_PER_DAY, TRADED, Activity, Deal, Trade
from tests.support import history_of, tiny, with_values

HABITS = Habits()
EAGER: dict[str, Any] = {
    "lending": {"look_days": 1, "queue_days": 0.05, "programme_days": 0.1, "readiness": 20.0, "load": 0.0},
    "trade": {"secondment": 1.0, "borrowing": 1.0, "answer_days": 0, "term_days": 10},
    "burden": {"entry_gate": 0.0},
}
"""Everybody asks at the first opportunity and lends whom it can."""


def law_of(**topics: dict[str, Any]) -> Any:
    from dataclasses import replace

    return put_in_force(
        replace(Law(), **{name: replace(getattr(Law(), name), **values) for name, values in topics.items()}), HABITS
    )


def unit(**values: Any) -> Any:
    return SimpleNamespace(**{"in_focus": False, "reliability": 1.0} | values)


def deal(kind: Trade, heard: int = 0) -> Any:
    return SimpleNamespace(trade=kind, heard=heard)


def eager(regime: str = "inverted", **topics: Any) -> Scenario:
    return with_values(tiny(regime, 60, warm_up=10), **{**EAGER, **topics})


def lines_about_deals(scenario: Scenario, seed: int = 1) -> list[tuple[Activity, Any, int]]:
    """Return activity, what its detail says, and row of the unit of every line about a request."""
    lines = history_of(run_tables(scenario, seed, history=True))
    kept = lines[np.isin(lines["activity"], [*TRADED])]
    return [(Activity(int(line["activity"])), dealt(int(line["detail"])), int(line["unit"])) for line in kept]


# rules


def test_a_department_lends_the_more_the_more_streets_assess_it() -> None:
    pulls = [
        trade.pull(law_of(assessment={"street_weight": weight}), HABITS, deal(Trade.SECONDMENT), False, 0.0)
        for weight in (0.0, 0.38, 1.0)
    ]
    assert pulls == sorted(pulls) and pulls[0] < pulls[-1]


def test_a_street_cannot_well_refuse_who_assesses_it_and_the_district_least_of_all() -> None:
    assessed, shared = law_of(), law_of(assessment={"street_weight": 0.38})
    up = [trade.pull(law, HABITS, deal(Trade.BORROWING), False, 0.0) for law in (shared, assessed)]
    assert up[0] < up[1] == trade.pull(shared, HABITS, deal(Trade.BORROWING), True, 0.0)
    assert up[0] > trade.pull(assessed, HABITS, deal(Trade.MUTUAL_AID), False, 0.0)


def test_the_districts_word_pulls_and_a_loaded_department_makes_its_power_worth_having() -> None:
    law = law_of()
    assert trade.pull(law, HABITS, deal(Trade.SECONDMENT, steering.AMENDED), False, 0.0) - trade.pull(
        law, HABITS, deal(Trade.SECONDMENT), False, 0.0
    ) == pytest.approx(HABITS.lending.word)
    idle, loaded = (trade.pull(law, HABITS, deal(Trade.ENTRUSTING), False, load) for load in (0.0, 1.0))
    assert loaded - idle == pytest.approx(HABITS.entrusting.relief)


def test_who_is_owed_already_refuses_and_who_owes_grants() -> None:
    law = law_of()
    owed, even, owes = (sum(trade.against(law, HABITS, Trade.SECONDMENT, 0.5, n)) for n in (3.0, 0.0, -3.0))
    assert owed > even > owes
    assert trade.main_reason(trade.against(law, HABITS, Trade.SECONDMENT, 0.1, 9.0)) == trade.OWED
    heavy = law_of(trade={"responsibility_follows": 1.0})
    assert trade.main_reason(trade.against(heavy, HABITS, Trade.ENTRUSTING, 0.0, 0.0)) == trade.BLAME


def test_somebody_always_stays_and_a_small_unit_may_lend_one() -> None:
    law = law_of()
    assert [trade.may_spare(law, people, away) for people, away in ((1, 0), (2, 0), (2, 1), (100, 15), (100, 30))] == [
        False, True, False, True, False,
    ]  # fmt: skip


def test_attention_costs_nothing_where_it_is_not_limited_and_focus_turns_pressing() -> None:
    assert steering.cost(law_of(), 5.0) == 0
    limited = law_of(office={"attention": 1.0}, coordination={"press": 0.5})
    assert steering.cost(limited, 1.0) == 864_000
    chances = [steering.press_chance(limited, HABITS, unit(in_focus=focus)) for focus in (False, True)]
    free = law_of(coordination={"press": 0.5})
    assert chances[0] < 0.5 < chances[1]
    assert [steering.press_chance(free, HABITS, unit(in_focus=focus)) for focus in (False, True)] == [0.5, 0.5]


def test_a_power_near_its_end_is_used_with_caution() -> None:
    near = trade.nearness(HABITS, trade.failing(HABITS, 3, 12))
    assert 0.0 < near < trade.nearness(HABITS, trade.failing(HABITS, 9, 12)) == 1.0
    assert trade.dares(HABITS, 0.0, 0.01) and not trade.dares(HABITS, 1.0, HABITS.entrusting.caution - 0.01)
    assert trade.failing(HABITS, 1, 1) < 0.5  # one failure does not condemn


# what happens


def test_people_are_lent_return_at_the_end_of_their_term_and_the_event_log_says_so(tmp_path: Path) -> None:
    scenario = eager()
    told = lines_about_deals(scenario)
    kinds = {(activity, what.trade) for activity, what, _ in told}
    assert {(Activity.GRANTED, Trade.SECONDMENT), (Activity.RETURNED, Trade.SECONDMENT)} <= kinds
    assert {(Activity.GRANTED, Trade.BORROWING), (Activity.REFUSED, Trade.SECONDMENT)} <= kinds
    for suffix in FORMATS:
        record, _ = log_run(scenario, 1, tmp_path / f"log{suffix}")
        log = read_log(tmp_path / f"log{suffix}")
        assert np.isin(log.activity, [*TRADED]).sum() == len(told)
        found = measure(log)
        assert {name: found[name] for name in MEASURED} == {name: record.outcomes[name] for name in MEASURED}
    table = pd.read_csv(tmp_path / "log.csv")
    refused = table[table["concept:name"] == "refused"]
    assert set(refused["reason"]) <= {reason.name for reason in REFUSALS} and len(refused) > 0
    requested = table[table["concept:name"] == "requested"]
    assert requested["partner"].notna().all() and set(requested["trade"]) == {"secondment", "borrowing"}


def test_what_speaks_against_is_the_reason_that_is_told() -> None:
    loaded = eager(lending={**EAGER["lending"], "readiness": -20.0, "load": 9.0, "favours": 0.0})
    reasons = {what.extra for activity, what, _ in lines_about_deals(loaded) if activity == Activity.REFUSED}
    assert reasons <= {trade.TOO_BUSY, trade.NOBODY_TO_SPARE} and trade.TOO_BUSY in reasons
    gated = eager(burden={"entry_gate": 1.0}, trade={**EAGER["trade"], "secondment": 0.0})
    answers = {(activity, what.extra) for activity, what, _ in lines_about_deals(gated)} - {(Activity.REQUESTED, 0)}
    assert answers <= {(Activity.REFUSED, trade.GATE), (Activity.REFUSED, trade.NOBODY_TO_SPARE)}
    assert (Activity.REFUSED, trade.GATE) in answers


def test_nobody_is_called_back_whose_salary_went_along() -> None:
    hasty = {**EAGER["lending"], "recall": 20.0}
    called = [
        sum(activity == Activity.CALLED_BACK for activity, _, _ in lines_about_deals(scenario))
        for scenario in (
            eager(lending=hasty), eager(lending=hasty, trade={**EAGER["trade"], "salary_follows": 1.0})
        )
    ]  # fmt: skip
    assert called[0] > 0 == called[1]


def test_a_district_without_hours_presses_nothing_hears_nothing_and_requests_lapse() -> None:
    scenario = with_values(eager("trading"), office={"attention": 1.0, "people": 0}, trade={"lifetime_days": 5})
    told = {activity for activity, _, _ in lines_about_deals(scenario)}
    assert told == {Activity.REQUESTED, Activity.LAPSED}
    outcomes = simulate(scenario, 1).outcomes
    assert outcomes["pressed_cases"] == outcomes["owned_cases"] == outcomes["district_hours"] == 0.0


def test_what_the_district_presses_and_decides_falls_with_its_people() -> None:
    work = [
        simulate(with_values(tiny("trading", 90), office={"people": people, "press_work": 0.5}), 1).outcomes
        for people in (1, 3, 1000)
    ]
    hours = [each["district_hours"] or 0.0 for each in work]
    presses = [each["pressed_cases"] or 0.0 for each in work]
    assert hours[0] < hours[1] < hours[2] and presses[0] < presses[1] < presses[2]
    assert hours[0] <= 365.0 * 1.05


def test_focus_turns_to_the_streets_with_the_worst_month() -> None:
    model = DistrictModel(with_values(tiny("trading", 120), steering={"focus_share": 0.34}), seed=1)
    while model.day < 61:
        model.step()
    assert len(model.district.looks_at) == 2  # two of three streets: those before 0.34 × 3 places
    assert set(model.district.looks_at) <= {"east", "north", "west"}


def test_borrowed_people_work_on_programmes_alone() -> None:
    """A department's own cases go on as if nobody had come; what it misses of its programmes falls."""
    borrowing = {**EAGER["trade"], "secondment": 0.0}
    lean: dict[str, Any] = {"programmes": {"weight": 0.7}}
    with_help = simulate(eager(trade=borrowing, **lean), 1)
    alone = simulate(eager(trade={**borrowing, "borrowing": 0.0}, **lean), 1)
    assert with_help.units["guest_days"].sum() > 0
    department = with_help.units["level"] == "department"
    assert with_help.units["shortfall"][department].sum() < alone.units["shortfall"][department].sum()


def test_entrusted_powers_move_authority_and_responsibility_follows_or_not() -> None:
    keen = {"entrusting": {"readiness": 20.0, "taking": 20.0, "tolerated": 1.0, "ground": -50.0}, **EAGER}
    entrusting = {"trade": {"entrusting": 1.0, "answer_days": 0}, "duty_list": {"clarity": 0.35}}
    balance = {
        follows: simulate(
            with_values(tiny("inverted", 200), **{
                **keen, **entrusting, "trade": {**entrusting["trade"], "responsibility_follows": follows}
            }), 1,
        ).daily["balance_street"]
        for follows in (0.0, 1.0)
    }  # fmt: skip
    before = balance[0.0][0]
    assert balance[0.0][-1] > balance[1.0][-1] > before
    assert balance[0.0][-1] > 0.0 > before  # duty without power has become power without duty


def test_powers_whose_results_do_not_hold_are_called_back() -> None:
    bad = with_values(
        tiny("inverted", 200), closing={"reversal_generalist": 0.9},
        entrusting={"readiness": 20.0, "taking": 20.0, "unreliable": 0.0, "patience": 3.0, "ground": -50.0},
        trade={"entrusting": 1.0, "answer_days": 0},
    )  # fmt: skip
    reasons = {what.extra for activity, what, _ in lines_about_deals(bad) if activity == Activity.CALLED_BACK}
    assert reasons == {trade.FAILING}
    assert (simulate(bad, 1).outcomes["authority_returned_share"] or 0.0) > 0.5


@pytest.mark.parametrize("tolerated", [0.05, 0.5])
def test_of_the_powers_held_in_the_window_a_share_is_called_back(tolerated: float) -> None:
    """Those entrusted before the window and still out are among them, or the share could pass 1."""
    scenario = with_values(
        tiny("inverted", 60, warm_up=120), closing={"reversal_generalist": 0.9},
        entrusting={"readiness": 20.0, "taking": 20.0, "unreliable": 0.0, "patience": 0.0, "tolerated": tolerated},
        trade={"entrusting": 1.0, "answer_days": 0},
    )  # fmt: skip
    lines = history_of(run_tables(scenario, 1, history=True))
    out = before = granted = back = 0
    for line in lines[np.isin(lines["activity"], [*TRADED])]:
        activity, day = Activity(int(line["activity"])), int(line["when"]) // TICKS_PER_DAY
        if dealt(int(line["detail"])).trade == Trade.ENTRUSTING and day < 180:
            out += (activity == Activity.GRANTED) - (activity in (Activity.CALLED_BACK, Activity.RETURNED))
            before = out if day < 120 else before
            granted += activity == Activity.GRANTED and day >= 120
            back += activity == Activity.CALLED_BACK and day >= 120
    assert before > 0 and back > 0
    assert simulate(scenario, 1).outcomes["authority_returned_share"] == back / (before + granted)


def test_favours_are_remembered_and_sway_whoever_answers() -> None:
    granted = {
        strength: sum(
            activity == Activity.GRANTED and what.trade == Trade.SECONDMENT
            for activity, what, _ in lines_about_deals(
                eager(lending={**EAGER["lending"], "readiness": 0.0, "favours": strength, "favour_days": 10_000.0})
            )
        )
        for strength in (0.0, 20.0)
    }
    assert granted[0.0] > granted[20.0] > 0


def test_merging_departments_sends_people_home_and_nobody_is_lost() -> None:
    scenario = load_scenario(
        "trading", district="tiny",
        overrides={"departments.environment.sector": "order", "lending.queue_days": 0.0, "lending.readiness": 20.0},
    )  # fmt: skip
    assert simulate(scenario, 1).outcomes["seconded_days_down"]


# the face in Mesa


def test_the_district_is_an_agent_and_its_deals_can_be_seen() -> None:
    model = DistrictModel(eager("trading"), seed=1)
    assert any(isinstance(agent, DistrictAgent) for agent in model.agents)
    seen: list[dict[str, Any]] = []
    while model.day < 60:
        model.step()
        seen += model.deals()
    assert any(each["running"] and each["persons"] == 1 and each["days_left"] > 0.0 for each in seen)
    lent = sum(each["persons"] for each in model.deals())
    assert lent == model.tables.units["away"].sum()
    assert model.district.pressed >= 0 and model.district.owned >= 0 and model.district.people > 0.0
    assert model.district.hours_used > 0.0 and model.district.attention_left <= model.district.people
    state = model.tables.deals["state"][: int(model.tables.districts[0].deals_used)]
    assert set(state.tolist()) <= {int(Deal.OPEN), int(Deal.RUNNING)} and NOBODY == -1


@pytest.mark.parametrize("regime", ["t01", "t02_down", "t02_up", "t02_between", "t03", "trading", "today"])
def test_every_regime_of_trade_runs(regime: str) -> None:
    assert simulate(tiny(regime, 30), 1).outcomes["closure_rate"] is not None


def test_in_a_year_of_trading_everything_is_traded() -> None:
    outcomes = simulate(load_scenario("trading", district="tiny"), 1).outcomes
    for name in ("seconded_days_down", "borrowed_days_up", "entrusted_share", "requests_granted_share"):
        assert (outcomes[name] or 0.0) > 0.0, name
