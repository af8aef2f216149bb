"""The seven steps of the whistle, streets that notice a platform that is behind, the day of rest, emergencies."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from model.config.scenario import Scenario, load_scenario
from model.explain.load import whistle_steps
from model.outcomes.record import Record
from model.reference import simulate_reference
from model.rules import accept, capacity, triage
from model.simulation import run_tables, simulate
from model.terms import NO_LIMIT, TICKS_PER_DAY, Step
from tests.differences import figures_that_differ
from tests.support import hand_set, shipped_district, tiny, with_values, write_district

LENGTH = {"days": 90, "warm_up": 30, "follow_up": 30}
CAPACITIES = {
    Step.SOURCE: "whistle.sources_per_day", Step.ANALYSIS: "whistle.analyses_per_day",
    Step.WHISTLE: "whistle.sendings_per_day", Step.ACCEPTANCE: "whistle.acceptances_per_day",
    Step.REPORTING: "whistle.meetings_per_day", Step.SUPERVISION: "coordination.presses_per_day",
    Step.FEEDBACK: "closed_loop.call_backs_per_day",
}  # fmt: skip
WIDE: dict[str, dict[str, Any]] = {
    "coordination": {"presses_per_day": 1000},
    "triage": {"waiting": 0.0, "withdrawing": 0.0},
}


def waits(record: Record) -> list[float]:
    """Return the mean days that cases waited for each step."""
    return list(record.steps["waited_days"] / np.maximum(1, record.steps["taken"]))


def flattened(values: dict[str, dict[str, Any]], steps: int = 1) -> Scenario:
    return with_values(tiny("flattened", **LENGTH, steps=steps), **{**WIDE, **values})


def test_a_step_inside_a_street_takes_its_part_of_the_capacity() -> None:
    assert capacity.ticks_each(10, 0.5, 1.0) == TICKS_PER_DAY // 5
    assert capacity.ticks_each(10, 0.5, 20.0) == 4 * TICKS_PER_DAY  # at a scale of 1:20
    assert capacity.ticks_each(10, 0.0, 1.0) == capacity.ticks_each(0, 0.5, 1.0) > 400_000 * TICKS_PER_DAY


def test_a_step_serves_in_the_order_of_handling_and_nobody_waits_for_one_to_come() -> None:
    free = capacity.free_again(now=100, free=0, ticks=10)
    assert (capacity.served(100, 0), free) == (100, 110)
    assert capacity.served(105, free) == 110
    late = capacity.free_again(now=100, free=free, ticks=10)  # one that will be ready at 900 takes its place now
    assert (capacity.served(900, free), capacity.served(105, late)) == (900, 120)


def test_a_letter_has_a_time_and_a_street_waits_as_long_as_it_is_patient() -> None:
    law = load_scenario("r10", district="tiny").law
    assert triage.letter_days(law) == law.letters.transit_days + law.letters.answer_within
    habits = [SimpleNamespace(triage=SimpleNamespace(withdrawing=rate)) for rate in (0.5, 1.0, 4.0, 1e-300)]
    days = [triage.withdraws_after(law, each, 0.5) for each in habits]
    assert days[0] == 2.0 * days[1] == 8.0 * days[2]
    assert days[3] == 1e6
    half_gone = np.log(2.0) * triage.letter_days(law)  # at 1 the mean is a letter's time, the median this
    assert days[1] == pytest.approx(half_gone)


def test_an_answer_on_a_weekend_waits_for_monday_unless_the_department_answers_then() -> None:
    rests = SimpleNamespace(letters=SimpleNamespace(weekend_answers=0.3))
    assert [accept.waits_for_monday(rests, day, 0.5) for day in range(7, 14)] == [0, 0, 0, 0, 0, 2, 1]
    assert [accept.waits_for_monday(rests, day, 0.2) for day in range(7, 14)] == [0] * 7


def test_an_emergency_is_told_by_telephone_as_far_as_the_law_says() -> None:
    law = SimpleNamespace(letters=SimpleNamespace(emergency_first=0.4))
    urgent, other = SimpleNamespace(emergency=True), SimpleNamespace(emergency=False)
    assert [triage.by_telephone(law, urgent, draw) for draw in (0.3, 0.5)] == [True, False]
    assert not triage.by_telephone(law, other, 0.3)


def test_a_street_whistles_less_the_longer_the_oldest_whistle_has_lain() -> None:
    scenario = load_scenario("r10", district="tiny")
    street = SimpleNamespace(may_whistle=True, pressure=0.0, credibility=1.0)
    case = SimpleNamespace(parties=1, attempts=0, stake=0.5)
    chances = [triage.whistles(scenario.law, scenario.habits, street, case, 0.0, days) for days in (0.0, 7.0, 70.0)]
    assert chances[0] > chances[1] > chances[2]
    blind = with_values(scenario, triage={"waiting": 0.0}).habits
    assert triage.whistles(scenario.law, blind, street, case, 0.0, 70.0) == chances[0]


@pytest.mark.parametrize("step", CAPACITIES, ids=lambda step: step.name.lower())
def test_the_step_whose_capacity_is_cut_is_where_cases_wait(step: Step) -> None:
    topic, name = CAPACITIES[step].split(".")
    wide, narrow = flattened({}), flattened({topic: {**WIDE.get(topic, {}), name: 1}})
    before, after = waits(simulate(wide, 3)), waits(simulate(narrow, 3))
    others = [wait for place, wait in enumerate(before) if place != Step.SUPERVISION]
    assert max(others) == 0.0
    assert np.argmax(after) == step
    assert after[step] > before[step] + 1.0


@pytest.mark.parametrize("step", [step for step in CAPACITIES if step not in (Step.ACCEPTANCE, Step.SUPERVISION)])
def test_a_narrow_step_takes_as_many_at_any_length_of_step(step: Step) -> None:
    topic, name = CAPACITIES[step].split(".")
    taken = []
    for steps in (1, 8):
        tables = run_tables(flattened({topic: {**WIDE.get(topic, {}), name: 2}}, steps), 4)
        free = tables.step_free[step] / TICKS_PER_DAY
        taken.append(float(free.sum()))
    assert taken[0] == pytest.approx(taken[1], rel=0.2)


def test_streets_without_residents_go_through_narrow_steps(tmp_path: Path) -> None:
    content = shipped_district("tiny")
    nobody = {"population": 0, "communities": 0, "villages": 0, "staff": 0, "community_staff": 0}
    content["streets"].append({"code": "zz", "title": {"zh": "空街", "en": "Empty"}, **nobody})
    path = write_district(tmp_path / "with.yaml", content)
    values = {key: 1 for step, key in CAPACITIES.items() if step not in (Step.ACCEPTANCE, Step.SUPERVISION)}
    length = {"run.warm_up_days": 5, "run.window_days": 30, "run.follow_up_days": 30}
    scenario = load_scenario("flattened", district=path, overrides=values | length)
    assert figures_that_differ(run_tables(scenario, 5), simulate_reference(scenario, 5)) == []


def test_streets_that_notice_keep_the_platform_from_filling() -> None:
    narrow = {"whistle": {"acceptances_per_day": 2}}
    blind, seeing, impatient = (
        simulate(with_values(tiny("r10", **LENGTH), **narrow, triage=triage_), 6)
        for triage_ in (
            {"waiting": 0.0, "withdrawing": 0.0}, {"waiting": 4.0, "withdrawing": 0.0},
            {"waiting": 0.0, "withdrawing": 4.0},
        )
    )  # fmt: skip
    wait = [each.outcomes["whistle_wait_days"] or 0.0 for each in (blind, seeing, impatient)]
    assert wait[0] > 2.0 * max(wait[1], wait[2])
    rate = [each.outcomes["whistle_rate"] or 0.0 for each in (blind, seeing)]
    assert rate[0] > rate[1] > 0.0


def test_no_letter_is_answered_on_a_weekend_where_departments_rest() -> None:
    usual, rests = (
        simulate(with_values(tiny("inverted", **LENGTH), letters={"weekend_answers": share}), 7) for share in (1.0, 0.0)
    )
    assert usual.outcomes["weekend_answer_share"] == pytest.approx(2 / 7, abs=0.05)
    assert rests.outcomes["weekend_answer_share"] == 0.0
    monday, *week, _, _ = rests.histograms["answers"].tolist()
    assert monday > 1.5 * max(week)
    assert rests.histograms["answers"][5:].sum() == 0


def emergencies(first: float, steps: int) -> Scenario:
    scenario = load_scenario("inverted", district="tiny", overrides={"letters.emergency_first": first})
    kinds = tuple(
        with_deadline(kind, "emergency") if kind.code in ("rubbish", "stalls") else kind
        for kind in scenario.world.kinds
    )
    run = {
        "steps_per_day": steps,
        "warm_up_days": 14,
        "window_days": 7,
        "follow_up_days": 14,
        "least_follow_up_days": 10,
    }
    return with_values(scenario, kinds=kinds, run=run)


def with_deadline(kind: Any, deadline: str) -> Any:
    return replace(kind, deadline=deadline, work_days=0.03, waiting_days=0.0)


def test_emergencies_are_closed_sooner_where_they_are_told_by_telephone() -> None:
    plain, first = (simulate(emergencies(share, 24), 8).outcomes for share in (0.0, 1.0))
    assert 0.0 < (plain["emergency_closure_rate"] or 0.0) < (first["emergency_closure_rate"] or 0.0) < 1.0
    assert simulate(emergencies(0.0, 1), 8).outcomes["emergency_closure_rate"] is None


def test_the_steps_by_hand_are_near_those_of_a_run() -> None:
    scenario = load_scenario("flattened", district=hand_set(), overrides={"demand.scale": 0.1})
    record, steps = simulate(scenario, 2), whistle_steps(scenario)
    assert [each.code for each in steps] == record.steps["code"].tolist()
    for place in (Step.SOURCE, Step.ANALYSIS, Step.WHISTLE, Step.ACCEPTANCE, Step.REPORTING, Step.FEEDBACK):
        assert steps[place].volume == pytest.approx(record.steps["taken"][place] / 365.0, rel=0.25)
    assert [each.capacity is None for each in steps] == [True, True, True, False, True, False, True]
    assert load_scenario("inverted", district=hand_set()).law.whistle.sources_per_day == NO_LIMIT
