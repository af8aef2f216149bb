"""The reference tells the same story as the engine, line by line, whatever the rules."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from model.config.eras import Stage
from model.config.scenario import Scenario
from model.engine import day
from model.policy import Durability
from model.reference import district, simulate_reference
from model.simulation import blueprint_of, run_tables
from model.terms import Channel
from model.world import Duties, Shock
from tests.differences import engine_lines, figures_that_differ, first_difference
from tests.random_worlds import scenarios
from tests.support import REGIMES, all_rules, short, tiny, with_values

LENGTH = {"days": 60, "warm_up": 15, "follow_up": 40}
ALL_IN_FORCE: dict[str, Any] = {
    "assessment": {"street_weight": 1.0},
    "coordination": {"convene": 0.5, "press": 1.0, "restore": 1.0, "raise_stake": 1.0, "owner_after_passes": 2},
    "whistle": {"in_force": True, "accuracy": 0.6, "meeting_work": 0.3},
    "closed_loop": {"call_back": 1.0},
}
ALL_OPEN = {channel.name.lower(): 1.0 for channel in Channel}
SEVEN_STEPS: dict[str, Any] = {
    "whistle": {
        "sources_per_day": 20, "source_days": 0.3, "asked_again": 0.3, "analyses_per_day": 15, "unready": 0.2,
        "sendings_per_day": 12, "sending_days": 0.2, "lost": 0.2, "acceptances_per_day": 10, "meetings_per_day": 5,
        "reporting_days": 0.4, "wrong_place": 0.3,
    },
    "coordination": {"press": 1.0, "presses_per_day": 3, "wrong_desk": 0.5},
    "closed_loop": {"call_back": 0.7, "call_backs_per_day": 20},
}  # fmt: skip
INSTRUMENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "convene half": ("r10", {"coordination": {"convene": 0.5}}),
    "convene all": ("r10", {"coordination": {"convene": 1.0}}),
    "convene letters, impatient citizens": (
        "inverted",
        {"coordination": {"convene": 1.0}, "letters": {"answer_within": 20.0}, "citizens": {"patience_days": 4.0}},
    ),
    "press, little capacity": ("r03", {"coordination": {"presses_per_day": 1}, "citizens": {"patience_days": 10.0}}),
    "owner after one pass": (
        "inverted",
        {"coordination": {"owner_after_passes": 1}, "acceptance": {"intercept": -3.0}},
    ),
    "nobody wants anything": (
        "rules_only",
        {"acceptance": {"intercept": -8.0}, "letters": {"most_passes": 2}, "coordination": {"owner_after_passes": 0}},
    ),
    "nobody answers or comes": ("r10", {"acceptance": {"answering": -2.0, "showing_up": -1.0}}),
    "platform overrun": ("r10", {"whistle": {"acceptances_per_day": 2, "misaddressed": 0.1, "accuracy": 0.3}}),
    "platform overrun, streets notice and withdraw": (
        "r10",
        {"whistle": {"acceptances_per_day": 2, "accuracy": 0.5}, "triage": {"waiting": 1.0, "withdrawing": 4.0}},
    ),
    "platform closed, streets notice": (
        "flattened",
        {"whistle": {"acceptances_per_day": 0}, "triage": {"waiting": 1.0, "withdrawing": 1.0}},
    ),
    "every step of the whistle slow, narrow and wrong": ("flattened", SEVEN_STEPS),
    "the same, twenty-four steps a day": ("flattened", {**SEVEN_STEPS, "run": {"steps_per_day": 24}}),
    "nobody answers letters on weekends": (
        "inverted",
        {"letters": {"weekend_answers": 0.2, "answer_within": 3.0}, "acceptance": {"answering": 1.0}},
    ),
    "the same by the hour, also from above": (
        "r10",
        {
            "letters": {"weekend_answers": 0.0},
            "demand": {"needs_city": 0.5, "needs_street": 0.5},
            "run": {"steps_per_day": 24},
        },
    ),
    "teams alone": ("r06", {"stationing": {"share": 1.0, "street_time": 1.0}, "triage": {"team_backlog": 300.0}}),
    "all powers down": ("inverted", {"powers": {"delegated": 1.0}, "placement": {"moved_to_streets": 0.5}}),
    "clear duties": ("inverted", {"duty_list": {"clarity": 1.0}}),
    "weight one": ("flattened", {"assessment": {"street_weight": 1.0, "indicators": 1}}),
    "weight nil": ("flattened", {"assessment": {"street_weight": 0.0}}),
    "everything": ("flattened", ALL_IN_FORCE),
    "deterministic, eight steps a day": (
        "flattened",
        {"demand": {"arrivals": "deterministic", "work": "deterministic"}, "run": {"steps_per_day": 8}},
    ),
    "poisson and exponential, three steps a day": (
        "rules_only",
        {"demand": {"arrivals": "poisson", "work": "exponential"}, "run": {"steps_per_day": 3}},
    ),
    "overload without weekends": (
        "inverted",
        {"demand": {"requests_per_year": 30_000.0, "weekend": 0.0}, "staff": {"weekend": 0.0}},
    ),
    "half scale, short months": ("rules_only", {"demand": {"scale": 0.5}, "programmes": {"months": 7}}),
    "trust and propensities": ("rules_only", {"learning": {"trust": 4.0, "propensity": 1.0, "memory": 0.3}}),
    "good response draws demand": ("flattened", {"citizens": {"feedback": 1.0}, "demand": {"latent": 2.0}}),
    "hours of volunteers taken back": ("flattened", {"staff": {"capacity_neutral": True}}),
    "everybody floats": (
        "inverted",
        {"staffing": {"dynamic": 1.0, "period_days": 5, "townships": True}, "demand": {"requests_per_year": 20_000.0}},
    ),
    "everything rises": (
        "r10",
        {
            "demand": {"needs_city": 1.0, "needs_street": 1.0},
            "levels": {"up": 0.5, "down": 0.5},
            "closing": {"reversal_specialist": 0.5},
        },
    ),
    "everything is traded": (
        "trading",
        {
            "lending": {"look_days": 1, "queue_days": 0.1, "programme_days": 0.1, "readiness": 3.0},
            "entrusting": {"readiness": 3.0, "tolerated": 0.05, "patience": 2.0, "caution": 1.0, "fear": 1.0},
            "trade": {
                "term_days": 9,
                "power_term_days": 20,
                "answer_days": 1,
                "staff_follows": 0.5,
                "most_away": 0.9,
                "responsibility_follows": 0.7,
                "salary_follows": 0.3,
                "mutual_aid": 1.0,
            },
            "office": {"people": 1, "press_work": 0.3},
        },
    ),
    "traded without the district's attention": (
        "inverted",
        {
            "trade": {"secondment": 0.8, "borrowing": 0.8, "entrusting": 0.8, "mutual_aid": 0.8},
            "lending": {"look_days": 2, "queue_days": 0.0, "programme_days": 0.0, "readiness": 1.0, "favours": 5.0},
            "entrusting": {"readiness": 2.0, "ground": 0.0},
        },
    ),
    "a district without hours": ("trading", {"office": {"people": 0}, "coordination": {"owner_after_passes": 1}}),
    "whistles go astray, and work out of field": (
        "flattened",
        {
            "routing": {"astray": 0.7, "noise": 0.3},
            "skill": {"out_of_field": 0.6},
            "whistle": {"accuracy": 0.2, "misaddressed": 0.9},
            "run": {"steps_per_day": 2},
        },
    ),
    "all whistles go astray in merged departments": (
        "n04a",
        {
            "routing": {"astray": 1.0},
            "skill": {"out_of_field": 0.95},
            "whistle": {"in_force": True, "accuracy": 0.0, "misaddressed": 1.0},
        },
    ),
    "every channel open": ("r10", {"channels": ALL_OPEN, "hearing": {"media_accuracy": -1.0}}),
    "every channel open, everything in force": ("flattened", {**ALL_IN_FORCE, "channels": ALL_OPEN}),
    "hotline and deputies, 24 steps a day": (
        "r12",
        {
            "channels": {"hotline": 1.0, "deputies": 0.7},
            "hearing": {"deputies_volume": 9.0},
            "powers": {"inspection": 1.0},
            "run": {"steps_per_day": 24},
        },
    ),
    "members called on all the time": (
        "inverted",
        {"levels": {"branches": 1.0}, "citizens": {"member_hours": 50.0, "member_part": 1.0}},
    ),
    "members and member units, two steps a day": (
        "flattened",
        {"levels": {"branches": 1.0}, "party": {"member_units": 1.0}, "run": {"steps_per_day": 2}},
    ),
    "member units asked too often": (
        "r13",
        {"party": {"member_units": 1.0, "powers": 1.0}, "member_units": {"capacity": 1.0, "asking_work": 0.5}},
    ),
    "hours of members and member units taken back": (
        "flattened",
        {"levels": {"branches": 1.0}, "party": {"member_units": 1.0}, "staff": {"capacity_neutral": True}},
    ),
    "a list adopted in full, hours along": (
        "r08",
        {"duty_list": {"clarity": 0.3, "adopted": 0.9, "hours_follow": 1.0}, "stationing": {"share": 1.0}},
    ),
    "all to be handled on the spot, two steps a day": (
        "r06",
        {
            "duty_list": {"on_the_spot": 1.0},
            "stationing": {"share": 1.0, "street_time": 0.6},
            "acceptance": {"stationed": -1.0},
            "triage": {"team_backlog": 0.1},
            "run": {"steps_per_day": 2},
        },
    ),
    "communities spared, inspected all the time": (
        "inverted",
        {
            "burden": {"community_list": 0.7},
            "assessment": {"indicators": 60},
            "programmes": {"months": 5},
            "sending_down": {"inspection_work": 1.0, "hold": 1.0},
        },
    ),
    "a surge over a cut, 24 steps a day": (
        "flattened",
        {
            "shocks": (
                Shock("cut", day=12, days=30, posts_streets=0.6, posts_departments=0.5, streets=("east", "west")),
                Shock("surge", day=20, days=9, demand=3.0),
            ),
            "run": {"steps_per_day": 24},
        },
    ),
    "nobody left for a while": (
        "flattened",
        {"shocks": (Shock("cut", day=10, days=20, posts_streets=1.0, posts_departments=1.0, demand=0.0),)},
    ),
    "no follow-up to speak of": ("flattened", {"run": {"follow_up_days": 1, "window_days": 90}}),
}


def tell_apart(scenario: Scenario, seed: int) -> str:
    """Return how engine and reference differ over a run; "" if they do not."""
    tables = run_tables(scenario, seed, history=True)
    reference = simulate_reference(scenario, seed, history=True)
    codes = [unit.code for unit in blueprint_of(scenario).units]
    parted = first_difference(engine_lines(tables), reference.history, codes)
    return parted or "\n".join(figures_that_differ(tables, reference))


@pytest.mark.parametrize("regime", REGIMES)
def test_engine_and_reference_agree_under_every_shipped_regime(regime: str) -> None:
    assert tell_apart(tiny(regime, **LENGTH), seed=11) == ""


@pytest.mark.parametrize("steps", [2, 24])
@pytest.mark.parametrize("regime", ["trading", "t01", "t02_down", "t02_up", "t02_between", "t03", "today"])
def test_engine_and_reference_agree_about_trade_in_shorter_steps(regime: str, steps: int) -> None:
    assert tell_apart(tiny(regime, **LENGTH, steps=steps), seed=2) == ""


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_engine_and_reference_agree_whatever_instrument_is_in_force(name: str) -> None:
    regime, values = INSTRUMENTS[name]
    assert tell_apart(with_values(tiny(regime, **LENGTH), **values), seed=12) == ""


@pytest.mark.parametrize(
    "dates",
    [
        [(0, "flattened", ()), (20, "worst_case", ("east",))],
        [(15, "rules_only", ("north", "west"))],
        [(25, "n04a", ()), (50, "inverted", ()), (60, "n04a", ("west",))],
        [(10, "placement_only", ()), (40, "n02", ())],
        [(5, "trading", ()), (30, "n04a", ("east", "west")), (55, "inverted", ())],
        [(10, "n07b", ("east", "north")), (20, "r13", ()), (30, "g01", ("east",))],
    ],
)
@pytest.mark.parametrize("in_law", [1.0, 0.3])
def test_engine_and_reference_agree_about_dated_reforms(
    dates: list[tuple[int, str, tuple[str, ...]]], in_law: float
) -> None:
    """Where it is not put into law a reform fades month by month; merged departments are parted again."""
    plain = with_units(tiny("inverted", **LENGTH), "departments", {"environment": {"sector": "order"}})
    everywhere = tuple(street.code for street in plain.world.streets)
    stages = tuple(
        Stage(day, name, streets or everywhere, all_rules(replace(tiny(name).law, durability=Durability(in_law, 20.0))))
        for day, name, streets in dates
    )
    assert tell_apart(replace(plain, stages=stages), seed=17) == ""


@pytest.mark.parametrize("regime", ["null_queue", "flattened"])
def test_engine_and_reference_agree_where_worked_cases_are_handed_over(regime: str) -> None:
    scenario = tiny(regime, **LENGTH)
    first, second, third, fourth = (unit.code for unit in scenario.world.departments)
    passing = {first: {fourth: 0.4, first: 0.1}, fourth: {first: 0.5, second: 0.5}, third: {first: 0.0}}
    changes = {code: {"hands_over": to} for code, to in passing.items()}
    assert tell_apart(with_units(scenario, "departments", changes), seed=13) == ""


@pytest.mark.parametrize("regime", ["inverted", "flattened"])
@pytest.mark.parametrize("first", [0.5, 1.0])
def test_engine_and_reference_agree_about_emergencies_by_the_hour(regime: str, first: float) -> None:
    urgent = {"rubbish": {"deadline": "emergency"}, "stalls": {"deadline": "emergency"}}
    scenario = with_units(tiny(regime, days=7, warm_up=14, follow_up=14, steps=24), "kinds", urgent)
    values = {"emergency_first": first, "weekend_answers": 0.3}
    scenario = with_values(scenario, letters=values, run={"least_follow_up_days": 10})
    assert tell_apart(scenario, seed=18) == ""


def test_engine_and_reference_agree_where_nobody_may_lead() -> None:
    scenario = tiny("rules_only", **LENGTH)
    powerless = {"city_management": 0.6}
    changes = {"stalls": {"duties": Duties(diffuse=powerless, sharp=powerless)}}
    assert tell_apart(with_units(scenario, "kinds", changes), seed=13) == ""


def with_units(scenario: Scenario, topic: str, changes: dict[str, dict[str, Any]]) -> Scenario:
    """Return the scenario with values of some of its units replaced."""
    units = tuple(replace(unit, **changes.get(unit.code, {})) for unit in getattr(scenario.world, topic))
    return with_values(scenario, **{topic: units})


@pytest.mark.parametrize("topic", ["streets", "departments"])
def test_engine_and_reference_agree_about_units_without_people(topic: str) -> None:
    scenario = tiny("flattened", **LENGTH)
    nobody = {"staff": 0, "community_staff": 0} if topic == "streets" else {"staff": 0, "city_staff": 0}
    changes = {unit.code: nobody for unit in getattr(scenario.world, topic)[:2]}
    assert tell_apart(with_units(scenario, topic, changes), seed=14) == ""


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(scenario=scenarios())
def test_engine_and_reference_agree_about_random_districts(scenario: Scenario) -> None:
    assert tell_apart(short(scenario, 40, warm_up=5, follow_up=35, steps=scenario.run.steps_per_day), seed=15) == ""


@pytest.mark.slow
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(scenario=scenarios())
def test_engine_and_reference_agree_about_many_random_districts(scenario: Scenario) -> None:
    assert tell_apart(scenario, seed=16) == ""


def test_the_day_has_the_same_phases_in_both() -> None:
    assert tuple(phase.__name__ for phase in district.PHASES) == day.PHASES


def test_a_difference_is_reported_with_day_phase_case_and_its_past() -> None:
    scenario = tiny("flattened", **LENGTH)
    lines = engine_lines(run_tables(scenario, 11, history=True))
    other = with_values(scenario, coordination={"convene": 0.0})
    codes = [unit.code for unit in blueprint_of(scenario).units]
    report = first_difference(lines, simulate_reference(other, 11, history=True).history, codes)
    head, ours, theirs, _, *past = report.splitlines()
    assert head.startswith("engine and reference part at line") and "day" in head and "phase" in head
    assert ours != theirs
    assert "BORN" in past[0]


def test_a_missing_last_line_is_a_difference() -> None:
    line = (5, 7, 0, 0, 1)
    assert "reference: nothing" in first_difference([line], [], ["street"])
    assert first_difference([line], [line], ["street"]) == ""


def test_a_figure_that_differs_is_named() -> None:
    scenario = tiny("inverted", **LENGTH)
    tables = run_tables(scenario, 11)
    tables.tallies[0].offered += 1
    assert [words.partition(":")[0] for words in figures_that_differ(tables, simulate_reference(scenario, 11))] == [
        "tally.offered"
    ]


def test_a_finished_district_leaves_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    class Watched(district.ReferenceDistrict):
        def __init__(self, *args: Any, **more: Any) -> None:
            super().__init__(*args, **more)
            made.append(weakref.ref(self))

    monkeypatch.setattr(district, "ReferenceDistrict", Watched)
    simulate_reference(tiny("inverted", 5), 1)
    gc.collect()
    assert [reference() for reference in made] == [None]
