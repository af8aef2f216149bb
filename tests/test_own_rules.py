"""A file of own rules stands in for the shipped ones: in engine and twin alike, checked, kept, and told."""

from __future__ import annotations

import pickle
import threading
from pathlib import Path
from typing import Any

import mesa
import pytest

from model import (
    ConfigError,
    DistrictModel,
    declared_at,
    load_scenario,
    read_rules,
    replaceable_rules,
    replaced_in_memory,
    rules_of,
    scenario_of,
    show_progress,
    simulate,
    starting_file,
    vary,
)
from model.reference import simulate_reference
from model.rules import REPLACEABLE, accept, triage
from model.simulation import run_tables
from tests.differences import engine_lines, figures_that_differ
from tests.own_rules import RUNS, bits, busy, turned

FEARLESS = """
from dataclasses import dataclass

from model import outcome
from model.parameter import parameter
from model.rules import accept


@dataclass(frozen=True)
class Own:
    fear: float = parameter(0.0, unit="share", bounds=(0.0, 1.0), meaning="Fear that is left.", zh="剩余的避责倾向")
    never: bool = parameter(False, unit="switch", meaning="Nobody fears anything.", zh="无所畏惧")
    from_passes: int = parameter(0, unit="passes", bounds=(0, 20), meaning="Passes forgiven.", zh="可容忍推诿次数")


def blame(habits, case, late):
    if habits.own.never or case.passes < habits.own.from_passes:
        return 0
    return habits.own.fear * accept.blame(habits, case, late)


@outcome(unit="share", direction=-1, title_zh="退转两次以上的比例")
def passed_twice(cases, own):
    \"\"\"Share of settled cases passed on twice or more.\"\"\"
    assert 0.0 <= own.fear <= 1.0
    return (cases["passes"] >= 2).mean()


@outcome(unit="days", direction=0)
def days_seen(days, units):
    return len(days["born"]) if len(units["code"]) else None
"""
SMALL = {"demand.scale": 0.05, "run.window_days": 90, "run.warm_up_days": 60}


def fearless(**numbers: Any) -> Any:
    own = {f"own.{name}": value for name, value in numbers.items()}
    return load_scenario("inverted", overrides=SMALL | own, rules=rules_of(FEARLESS, "fearless.py"))


def test_every_rule_replaced_by_itself_changes_no_bit() -> None:
    every = rules_of(starting_file(list(REPLACEABLE)), "every.py")
    assert set(every.rules) == set(REPLACEABLE)
    shipped = run_tables(busy("flattened"), 5, history=True)
    assert bits(run_tables(busy("flattened", every), 5, history=True)) == bits(shipped)
    assert simulate_reference(busy("flattened", every), 5, history=True).history == list(engine_lines(shipped))


def felt(name: str) -> bool:
    """Return whether a turned rule changes a bit of some run, in which engine and twin then agree."""
    for regime in RUNS:
        shipped = bits(run_tables(busy(regime), 5, history=True))
        for own in turned(name):
            tables = run_tables(busy(regime, own), 5, history=True)
            if bits(tables) != shipped:
                twin = simulate_reference(busy(regime, own), 5, history=True)
                return engine_lines(tables) == list(twin.history) and figures_that_differ(tables, twin) == []
    return False


@pytest.mark.parametrize("name", ["accept_against", "voices", "grudge"])
def test_a_rule_turned_changes_numbers_in_engine_and_twin_alike(name: str) -> None:
    assert felt(name)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(REPLACEABLE) - {"sooner", "race"}))
def test_every_rule_can_be_replaced_and_is_felt(name: str) -> None:
    """But for `sooner`, which the engine has in place of comparing two `race`s, as the twin does."""
    assert felt(name)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["sooner", "race"])
def test_what_only_one_of_engine_and_twin_asks_is_felt_too(name: str) -> None:
    shipped = bits(run_tables(busy("flattened"), 5))
    assert any(bits(run_tables(busy("flattened", own), 5)) != shipped for own in turned(name))


def test_nobody_fears_blame_and_cases_are_passed_on_less() -> None:
    before = simulate(load_scenario("inverted", overrides=SMALL), 1).outcomes
    after = simulate(fearless(), 1).outcomes
    assert (after["passes_per_case"] or 0.0) < 0.9 * (before["passes_per_case"] or 0.0)
    full = simulate(fearless(fear=1.0), 1).outcomes
    assert {name: full[name] for name in before} == before


def test_own_numbers_are_set_like_any_other(tmp_path: Path) -> None:
    half, varied = fearless(fear=0.5), vary(fearless(), {"own.fear": 0.5})
    assert simulate(half, 1).outcomes == simulate(varied, 1).outcomes != simulate(fearless(), 1).outcomes
    assert (half.own_numbers.fear, half.own_numbers.never) == (0.5, False)
    (tmp_path / "fearless.py").write_text(FEARLESS, encoding="utf-8")
    regime = tmp_path / "less.yaml"
    regime.write_text("title: {en: less}\nextends: inverted\nrules: fearless.py\nown: {fear: 0.5}\n", "utf-8")
    named = load_scenario(str(regime), overrides=SMALL)
    assert simulate(named, 1).outcomes == simulate(half, 1).outcomes
    assert declared_at("own.fear", own=half.own.numbers).zh == "剩余的避责倾向"
    assert "own.fear" in named.origins()
    assert simulate(fearless(fear=1.0, never=True), 1).outcomes != simulate(fearless(fear=1.0), 1).outcomes
    assert simulate(fearless(fear=1.0, from_passes=2), 1).outcomes != simulate(fearless(fear=1.0), 1).outcomes


def test_what_a_rule_does_not_reach_is_not_compiled_again() -> None:
    simulate(load_scenario("inverted", district="tiny"), 1)
    seen: list[tuple[int, int]] = []
    show_progress(lambda number, total: seen.append((number, total)))
    try:
        other = FEARLESS.replace("return 0\n", f"return {Path(__file__).stat().st_mtime_ns % 1000 / 1e9 + 1e-9}\n")
        simulate(load_scenario("inverted", district="tiny", rules=rules_of(other, "other.py")), 1)
    finally:
        show_progress(None)
    assert seen in ([(1, 1)], [])  # the departments' answers; nothing where the same file was compiled before


def test_a_scenario_travels_and_is_stored_with_its_rules() -> None:
    scenario = fearless(fear=0.25)
    there = pickle.loads(pickle.dumps(scenario))
    stored = scenario_of(scenario.resolved())
    for other in (there, stored):
        assert other.own == scenario.own
        assert simulate(other, 3).outcomes == simulate(scenario, 3).outcomes
    assert scenario.resolved()["own"] == {"fear": 0.25, "never": False, "from_passes": 0}
    assert scenario.resolved()["rules"] == FEARLESS


def test_threads_with_other_rules_do_not_disturb_each_other() -> None:
    scenarios = [load_scenario("inverted", overrides=SMALL), fearless(), fearless(fear=0.5)]
    alone = [simulate(scenario, 1).outcomes for scenario in scenarios]
    found: dict[int, list[Any]] = {}

    def work(place: int) -> None:
        found[place] = [simulate(scenarios[(place + turn) % 3], 1).outcomes for turn in range(3)]

    threads = [threading.Thread(target=work, args=(place,)) for place in range(3)]
    for thread in threads:
        thread.start()
    twin = simulate_reference(busy("inverted", rules_of(FEARLESS, "fearless.py")), 1)
    for thread in threads:
        thread.join()
    assert found == {place: [alone[(place + turn) % 3] for turn in range(3)] for place in range(3)}
    assert twin.cases_total > 0
    assert accept.blame.__module__ == "model.rules.accept"


def test_mesa_steps_under_own_rules(tmp_path: Path) -> None:
    scenario = load_scenario("inverted", district="tiny", rules=rules_of(FEARLESS, "fearless.py"))
    model = DistrictModel(scenario, seed=2)
    model.run_model()
    assert model.record is not None
    assert model.record.outcomes == simulate(scenario, 2).outcomes
    (tmp_path / "fearless.py").write_text(FEARLESS, encoding="utf-8")
    given = {"scenario": "inverted", "district": "tiny", "rules": str(tmp_path / "fearless.py"), "own.fear": [0.0, 1.0]}
    rows = mesa.batch_run(DistrictModel, given, display_progress=False)
    assert sorted(row["own.fear"] for row in rows) == [0.0, 1.0] and all(
        0.0 < row["passed_twice"] < 1.0 for row in rows
    )
    with pytest.raises(ConfigError, match="rules: expected nothing, because the scenario is already loaded"):
        DistrictModel(scenario, rules=str(tmp_path / "fearless.py"))


def test_own_outcomes_are_measured_and_cases_kept_only_for_those_who_ask() -> None:
    quiet, asked = simulate(fearless(), 1), simulate(fearless(), 1, cases=True)
    assert quiet.cases is None
    assert asked.cases is not None
    assert quiet.outcomes["passed_twice"] == (asked.cases["passes"] >= 2).mean()
    assert quiet.outcomes["days_seen"] == 90
    assert quiet.provenance["rules"]["numbers"] == {"fear": 0.0, "never": False, "from_passes": 0}
    assert quiet.provenance["rules"]["replaces"] == ["blame"]
    assert simulate(load_scenario("inverted", overrides=SMALL), 1).provenance["rules"] is None


WRONG = """from dataclasses import dataclass
import math
from random import random
from model import outcome
from model.parameter import parameter

@dataclass(frozen=True)
class Own:
    fear: float = parameter(2.0, unit="share", bounds=(0.0, 1.0), meaning="x", zh="x")
    word: str = parameter("a", unit="word", meaning="x", zh="x")

def blam(habits, case, late):
    return 0.0

def blame(habits, case):
    return random() + late ** 2 + math.exp(1.0) + case.stake.sqrt()

def against(law, habits, trade, load, owed):
    return 0.0, 0.0, 0.0

def whistles(law, habits, street, case, load, oldest):
    return law.own.feer

stake = lambda law, habits, unit, case, marginal: 0.0

@outcome(unit="share", direction=2)
def nothing(case):
    return 0.0
"""


def test_all_that_is_wrong_is_told_at_once_with_file_and_line() -> None:
    with pytest.raises(ConfigError) as caught:
        rules_of(WRONG, "wrong.py")
    told = "\n".join(caught.value.problems)
    for expected in (
        "wrong.py:22: unknown own number 'feer'; did you mean 'fear'?",
        "wrong.py: Own.fear: expected a default of 0 to 1 (share), got 2.0.",
        "wrong.py: Own.word: expected float, int or bool, got str.",
        "wrong.py:12: unknown rule 'blam'; did you mean 'blame'?",
        "wrong.py:15: blame: expected the parameters (habits, case, late), got (habits, case).",
        "wrong.py:16: blame: 'random' may not be called in a rule",
        "wrong.py:16: blame: x ** y differs between machines; write portable_math.power(x, y)",
        "wrong.py:16: blame: math.exp differs between machines; write portable_math.exp.",
        "wrong.py:16: blame: 'case.stake.sqrt' may not be called in a rule",
        "more than one rule is called 'against': expected one of accept_against, trade_against.",
        "wrong.py:24: stake: expected `def stake(…):`, got a lambda.",
        "outcome 'nothing' asks for 'case'; did you mean 'cases'?",
        "outcome 'nothing': direction: expected 1 (more is better), -1 (less is better) or 0, got 2.",
    ):
        assert expected in told, (expected, told)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def blame(habits:\n", "own.py:1"),
        ("x = 1\ny = x / 0\n", "own.py:2: ZeroDivisionError: division by zero."),
        ("x = 1\n", "expected a function with the name of a rule, got none"),
        ("Own = 3\ndef blame(habits, case, late):\n    return 0.0\n", "expected a class with @dataclass above it"),
    ],
)
def test_a_file_that_is_no_file_of_rules_is_refused(text: str, expected: str) -> None:
    with pytest.raises(ConfigError, match=r".") as caught:
        rules_of(text, "own.py")
    assert expected in str(caught.value)


def test_what_cannot_be_compiled_is_told_with_its_line() -> None:
    text = "def blame(habits, case, late):\n    known = {1: 2.0}\n    return known[1]\n"
    scenario = load_scenario("inverted", district="tiny", rules=rules_of(text, "dicts.py"))
    with pytest.raises(ConfigError) as caught:
        simulate(scenario, 1)
    assert "blame (dicts.py:1) cannot be compiled" in str(caught.value)
    assert "line " in str(caught.value)


def test_a_rule_that_returns_nonsense_ends_in_an_error_and_not_in_a_crash() -> None:
    text = starting_file(["months_work"]).replace("return ", "return 1.0 - ")
    with pytest.raises(ConfigError, match="led beyond its tables, because months_work returns a number"):
        run_tables(busy("flattened", rules_of(text, "nonsense.py")), 5)
    as_shipped = rules_of(starting_file(["months_work"]), "as_shipped.py")
    assert bits(run_tables(busy("flattened", as_shipped), 5)) == bits(run_tables(busy("flattened"), 5))


def test_numbers_and_files_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="expected 0 to 1"):
        fearless(fear=1.5)
    with pytest.raises(ConfigError, match="did you mean 'fear'"):
        fearless(feer=0.5)
    with pytest.raises(ConfigError, match="expected a file of own rules that declares these numbers"):
        load_scenario("inverted", overrides={"own.fear": 0.5})
    with pytest.raises(ConfigError, match="expected 0 to 1"):
        vary(fearless(), {"own.fear": 7.0})
    with pytest.raises(ConfigError, match=r"nowhere\.py"):
        read_rules(tmp_path / "nowhere.py")
    (tmp_path / "one.py").write_text(FEARLESS, encoding="utf-8")
    regime = tmp_path / "own.yaml"
    regime.write_text("extends: inverted\nrules: one.py\nown: {fear: 3}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"own\.yaml:3"):
        load_scenario(str(regime))
    regime.write_text("extends: inverted\nrules: one.py\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="expected one file of own rules, got two"):
        load_scenario(str(regime), rules=turned("blame")[0])


def test_an_outcome_that_fails_names_its_line_and_one_that_is_taken_is_refused() -> None:
    text = FEARLESS.replace("return len(days", "return 1 // 0 + len(days")
    with pytest.raises(ConfigError, match=r"fails\.py:\d+: outcome 'days_seen': ZeroDivisionError"):
        simulate(load_scenario("inverted", overrides=SMALL, rules=rules_of(text, "fails.py")), 1)
    taken = FEARLESS.replace("def days_seen", "def closure_rate")
    with pytest.raises(ConfigError, match="expected another name, because a shipped outcome has it"):
        simulate(load_scenario("inverted", overrides=SMALL, rules=rules_of(taken, "taken.py")), 1)


def test_an_own_rule_may_call_the_shipped_one_by_either_way_of_naming_it() -> None:
    ways = ("from model.rules import accept", "accept.blame"), ("from model.rules.accept import blame as old", "old")
    half = "{}\ndef blame(habits, case, late):\n    return 0.5 * {}(habits, case, late)\n"
    by_module, by_name = (half.format(*way) for way in ways)
    one, other = (run_tables(busy("inverted", rules_of(text, "half.py")), 1) for text in (by_module, by_name))
    assert bits(one) == bits(other) != bits(run_tables(busy("inverted"), 1))


def test_what_was_replaced_in_memory_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = load_scenario("inverted", district="tiny")
    clean = simulate(scenario, 1).provenance
    assert replaced_in_memory() == []
    with monkeypatch.context() as patch:
        patch.setattr(accept, "blame", lambda habits, case, late: 0.0)
        patch.setattr(triage, "RIGHT", 0.0)
        marked = simulate(scenario, 1).provenance
    assert marked["replaced_in_memory"] == ["model.rules.accept.blame", "model.rules.triage.RIGHT"]
    assert marked["fingerprint"] != clean["fingerprint"] == simulate(scenario, 1).provenance["fingerprint"]
    assert "replaced_in_memory" not in simulate(scenario, 1).provenance


def test_rules_that_can_be_replaced_are_told() -> None:
    told = replaceable_rules()
    assert [each.name for each in told] == list(REPLACEABLE)
    assert all(each.sentence.endswith(".") and each.callers for each in told)
    blame = next(each for each in told if each.name == "blame")
    assert blame.signature == "blame(habits, case, late: float) -> float"
    assert blame.phases == ("departments_answer",)
    assert rules_of(starting_file(["blame"], numbers=True), "blame.py").numbers is not None
    with pytest.raises(ConfigError, match="did you mean 'blame'"):
        starting_file(["blam"])
