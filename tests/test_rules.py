"""Rules by themselves: what each of their arguments does to a choice."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from model.config.scenario import load_scenario
from model.effects import put_in_force
from model.layout import build_state
from model.rules import dispatch, effort, feedback, jurisdiction, member_units, members, supervision, triage
from model.simulation import run_tables
from model.terms import TICKS_PER_DAY, Activity, Level
from tests.support import history_of, tiny, with_values

BASE = load_scenario("r10", district="tiny")
HABITS = BASE.habits


def law_of(**settings: float) -> Any:
    values = {key.replace("__", "."): value for key, value in settings.items()}
    scenario = load_scenario("r10", district="tiny", overrides=values)
    return put_in_force(scenario.law, scenario.habits)


def street(**changes: Any) -> Any:
    return SimpleNamespace(**({"may_whistle": True, "pressure": 0.0, "credibility": 1.0} | changes))


def case(**changes: Any) -> Any:
    return SimpleNamespace(**({"parties": 1, "stake": 0.5, "attempts": 0, "pressed": 0} | changes))


def test_a_street_whistles_less_the_fuller_its_desk_and_the_less_it_is_believed() -> None:
    law = law_of()
    chances = [triage.whistles(law, HABITS, street(), case(), load, 0.0) for load in (0.0, 0.5, 1.0)]
    assert chances == sorted(chances, reverse=True) and chances[0] > chances[-1] > 0.0
    doubted = [triage.whistles(law, HABITS, street(credibility=belief), case(), 0.5, 0.0) for belief in (1.0, 0.5, 0.0)]
    assert doubted == sorted(doubted, reverse=True) and doubted[0] > doubted[-1] > 0.0


def test_credibility_falls_with_rejections_and_comes_back() -> None:
    believed = 1.0
    for _ in range(20):
        believed = triage.credibility(HABITS, believed, True)
    assert believed < 0.5
    for _ in range(100):
        believed = triage.credibility(HABITS, believed, False)
    assert believed > 0.95


@pytest.mark.parametrize(
    ("call_back", "record", "expected"), [(0.0, 0.0, 0.0), (1.0, 0.0, 0.7), (0.0, 1.0, 0.5), (1.0, 1.0, 0.85)]
)
def test_a_paper_closure_comes_to_light_by_call_back_or_by_record(
    call_back: float, record: float, expected: float
) -> None:
    law = law_of(closed_loop__call_back=call_back, closed_loop__detection=0.7, recording__share=record)
    assert supervision.comes_to_light(law, HABITS) == pytest.approx(expected)


def test_the_more_likely_it_comes_to_light_the_fewer_close_on_paper_and_nothing_else_deters() -> None:
    unit, pressed = SimpleNamespace(pressure=0.0), case()
    by_record, by_call_back = (
        law_of(recording__share=0.7),
        law_of(closed_loop__call_back=0.5, closed_loop__detection=0.7),
    )
    chances = [supervision.closes_cosmetically(law, HABITS, unit, pressed, 0.5) for law in (by_record, by_call_back)]
    assert chances[0] == pytest.approx(chances[1])
    assert chances[0] < supervision.closes_cosmetically(law_of(), HABITS, unit, pressed, 0.5)


def test_the_ranking_is_of_response_resolution_and_satisfaction_alike() -> None:
    alone = (10.0, 0.0, 0.0), (0.0, 10.0, 0.0), (0.0, 0.0, 10.0)
    scores = [supervision.month_score(*parts, 20) for parts in alone]
    assert scores == pytest.approx([1 / 6] * 3)


def balance_of_streets(**settings: float) -> float:
    values = {key.replace("__", "."): value for key, value in settings.items()}
    scenario = load_scenario("inverted", district="tiny", overrides=values)
    plan = build_state(scenario.law, scenario.habits, scenario.world)
    return float(np.mean([unit.balance for unit in plan.units if unit.level == Level.STREET]))


def test_power_without_duty_and_duty_without_power_both_show_in_a_street_s_balance() -> None:
    """Delegated powers raise power; a list of what is a street's own takes responsibility away (P2, P8, R8)."""
    before = balance_of_streets()
    assert before < 0.0
    assert balance_of_streets(powers__delegated=0.5) > before
    assert balance_of_streets(duty_list__clarity=0.8) > before
    assert balance_of_streets(powers__delegated=1.0) == pytest.approx(0.0)


def test_the_platform_hears_first_who_whistled_first_and_the_wait_counts() -> None:
    blind = {"waiting": 0.0, "withdrawing": 0.0}  # streets that notice would not let it come so far
    scenario = with_values(tiny("flattened", 60), whistle={"acceptances_per_day": 3}, triage=blind)
    lines = history_of(run_tables(scenario, 3, history=True))
    whistled, heard = (first_of(lines, activity) for activity in (Activity.WHISTLED, Activity.SCREENED))
    days = [whistled[key] // TICKS_PER_DAY for key in heard]
    assert len(days) > 50
    assert days == sorted(days)
    waits = [when - whistled[key] for key, when in heard.items()]
    assert np.mean(waits[-10:]) > 5 * TICKS_PER_DAY > 2 * np.mean(waits[:10])


def first_of(lines: Any, activity: Activity) -> dict[int, int]:
    """Return when each case first had an activity, in the order of the lines."""
    first: dict[int, int] = {}
    for line in lines[lines["activity"] == activity]:
        first.setdefault(int(line["key"]), int(line["when"]))
    return first


@pytest.mark.parametrize(
    ("out_of_field", "own", "strongest", "speed"),
    [(0.0, 0.1, 0.9, 1.0), (0.6, 0.9, 0.9, 1.0), (0.6, 0.3, 0.9, 0.6), (0.6, 0.0, 0.9, 0.4), (0.6, 0.0, 0.0, 1.0),
     (0.6, 0.5, 0.2, 1.0)],
)  # fmt: skip
def test_a_department_is_the_slower_the_weaker_its_claim_against_the_strongest(
    out_of_field: float, own: float, strongest: float, speed: float
) -> None:
    habits = SimpleNamespace(skill=SimpleNamespace(out_of_field=out_of_field))
    assert effort.in_field(habits, own, strongest) == pytest.approx(speed)


def test_whistles_go_astray_as_often_as_is_said_and_never_at_zero() -> None:
    habits = [SimpleNamespace(routing=SimpleNamespace(astray=share)) for share in (0.0, 0.5, 1.0)]
    draws = np.linspace(0.05, 0.95, 10)
    counts = [sum(jurisdiction.goes_astray(each, u) for u in draws) for each in habits]
    assert counts == [0, 5, 10]


def test_a_channel_is_louder_the_more_open_it_is_and_the_more_a_kind_is_its_own() -> None:
    assert feedback.channel_gain(0.0, 9.0, 3.0) == feedback.channel_gain(1.0, 9.0, 0.0) == 0.0
    assert feedback.channel_gain(0.5, 2.0, 3.0) == 3.0
    assert feedback.found_after(HABITS, 1.0, 2.0) == pytest.approx(HABITS.citizens.found_after / 4.0)
    assert feedback.found_after(HABITS, 1.0, 0.0) > feedback.found_after(HABITS, 1.0, 0.1)


def test_a_found_problem_falls_on_a_channel_in_proportion_to_what_it_brings() -> None:
    draws = (np.arange(10_000) + 0.5) / 10_000
    assert np.mean([feedback.among_finders(u, 1.0, 2.0) < 2.0 for u in draws]) == pytest.approx(0.5, abs=1e-3)


def test_a_channel_spares_errors_of_screening_or_adds_some_and_no_more_than_there_can_be() -> None:
    law = law_of(whistle__accuracy=0.6)
    shares = [triage.accuracy(law, HABITS, 0.0, False, channel) for channel in (-1.0, 0.0, 0.5, 1.0)]
    assert shares == pytest.approx([0.2, 0.6, 0.8, 1.0])
    assert triage.accuracy(law_of(whistle__accuracy=0.0), HABITS, 0.0, False, -1.0) == 0.0


def test_members_tire_of_calls_rest_and_have_no_more_than_some_weeks_to_give() -> None:
    tired, turned_out = 0.0, []
    for _ in range(300):
        tired = members.rested(HABITS, tired)
        turned_out.append(members.turnout(HABITS, tired))
        tired = members.tired(HABITS, tired, 100.0, 100.0)
    assert turned_out[0] == 1.0 and turned_out == sorted(turned_out, reverse=True)
    assert turned_out[-1] == pytest.approx(1.0 - HABITS.citizens.member_tiring, abs=0.03)
    left = 0.0
    for _ in range(50):
        left = members.filled(HABITS, left, 100.0, 0.0)
    assert left == pytest.approx(7.0 * HABITS.citizens.member_reserve * 100.0)


def test_members_are_called_the_more_the_further_behind_a_unit_is() -> None:
    law = law_of(levels__branches=0.5)
    assert members.called(law, HABITS, 0.0, 10.0) == members.called(law_of(), HABITS, 1.0, 10.0) == 0.0
    assert members.called(law, HABITS, 1.0, 10.0) == 5.0 * HABITS.citizens.member_part


def test_a_member_unit_weighs_what_joining_in_is_worth_who_asks_and_how_often() -> None:
    plain = member_units.takes_over(law_of(), HABITS, 0.0)
    worth = law_of(party__value=0.9, party__support=0.9)
    assert member_units.takes_over(worth, HABITS, 0.0) > plain
    assert member_units.takes_over(law_of(party__powers=1.0), HABITS, 0.0) > plain
    assert member_units.takes_over(law_of(party__value=0.0, party__support=1.0), HABITS, 0.0) < plain
    often = [member_units.takes_over(worth, HABITS, a_day) for a_day in (0.0, 2.0, 20.0)]
    assert often == sorted(often, reverse=True) and often[0] > often[-1]


def test_member_units_remember_what_they_took_over_of_late() -> None:
    a_day = 0.0
    for _ in range(2000):
        for _ in range(3):
            a_day = member_units.remembered(HABITS, a_day)
        a_day = member_units.forgotten(HABITS, a_day)
    assert a_day == pytest.approx(3.0, abs=0.1)
    for _ in range(2000):
        a_day = member_units.forgotten(HABITS, a_day)
    assert a_day < 1e-6


def test_an_entry_of_the_list_moves_a_claim_as_far_as_it_is_adopted() -> None:
    for own, entry in ((0.4, 0.9), (0.4, 0.0), (0.0, 0.7)):
        half, whole = (jurisdiction.listed(law_of(duty_list__adopted=share), own, entry) for share in (0.5, 1.0))
        assert jurisdiction.listed(law_of(), own, entry) == own
        assert half == pytest.approx((own + entry) / 2) and whole == pytest.approx(entry)


def test_what_must_be_handled_is_on_the_list_and_the_same_cases_at_every_share() -> None:
    kinds = [SimpleNamespace(on_the_spot=listed) for listed in (True, False)]
    law = law_of(duty_list__on_the_spot=0.3)
    assert [triage.must_be_handled(law, kind, 0.2) for kind in kinds] == [True, False]
    assert not triage.must_be_handled(law, kinds[0], 0.4)
    assert triage.must_be_handled(law_of(duty_list__on_the_spot=0.5), kinds[0], 0.4)


def test_what_may_not_go_on_to_communities_stays_with_the_street() -> None:
    part = HABITS.sending_down.community_part
    sent = [dispatch.sent_to_communities(law_of(burden__community_list=share), HABITS, 8.0) for share in (0, 0.5, 1)]
    assert sent == pytest.approx([8.0 * part, 4.0 * part, 0.0])


def test_being_assessed_takes_hours_for_each_indicator() -> None:
    hours = [dispatch.being_assessed(law_of(assessment__indicators=n), HABITS) for n in (1, 20)]
    assert hours == pytest.approx([HABITS.sending_down.inspection_work, 20 * HABITS.sending_down.inspection_work])
