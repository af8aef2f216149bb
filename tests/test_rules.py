"""Rules by themselves: what each of their arguments does to a choice."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from model.config.scenario import load_scenario
from model.effects import put_in_force
from model.layout import build_state
from model.rules import supervision, triage
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
