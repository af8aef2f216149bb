"""Draws are uniform, independent of one another, and keyed by code."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from scipy import stats

from model import rng
from model.engine.compiled import over_tables
from model.terms import Decision

N = 20_000
CHANCE = 1e-4
"""Chance of a false alarm of each check; the draws are fixed, so none can come and go."""

Floats = np.ndarray[Any, np.dtype[np.float64]]


def all_draws(box: Any, n: int) -> bool:
    for i in range(n):
        box.draws[i, 0] = rng.draw(box.keys[i], box.decisions[i], box.occurrences[i])
        box.draws[i, 1] = rng.choice_draw(box.keys[i], box.decisions[i], box.occurrences[i], box.units[i])
        box.derived[i] = rng.derive(box.keys[i], box.labels[i])
    return True


def case_key(case: int, seed: int = 1) -> int:
    """Return the key of a case as the engine derives it: seed, street, step, ordinal."""
    street = rng.derive(rng.derive(0, seed) ^ rng.code_key("east"), 1)
    return rng.derive(rng.derive(street, case // 20), case % 20)


def over_cases(decision: int, occurrence: int = 0, seed: int = 1) -> Floats:
    return np.array([rng.draw(case_key(case, seed), decision, occurrence) for case in range(N)])


def over_occurrences(decision: int, case: int = 3) -> Floats:
    key = case_key(case)
    return np.array([rng.draw(key, decision, occurrence) for occurrence in range(N)])


def is_uniform(draws: Floats) -> bool:
    return bool(stats.kstest(draws, "uniform").pvalue > CHANCE)


def are_independent(first: Floats, second: Floats) -> bool:
    """Tell whether neither rank correlation nor a table of tenths by tenths sees a connection."""
    tenths, _, _ = np.histogram2d(first, second, bins=10, range=[[0, 1], [0, 1]])
    squares = stats.chisquare(tenths.ravel()).pvalue
    return bool(squares > CHANCE and stats.spearmanr(first, second).pvalue > CHANCE)


@pytest.mark.parametrize("decision", list(Decision))
def test_draws_are_uniform_over_cases_and_over_occurrences(decision: Decision) -> None:
    assert is_uniform(over_cases(decision))
    assert is_uniform(over_occurrences(decision))


def test_the_checks_see_draws_that_are_not_uniform_or_not_independent() -> None:
    draws = over_cases(Decision.WORK)
    assert not is_uniform(draws**1.05)
    assert not are_independent(draws, (draws + 0.3) % 1.0)
    assert not are_independent(draws, np.where(np.arange(N) % 20 == 0, draws, over_cases(Decision.POWER)))


def test_decisions_about_one_case_are_independent() -> None:
    pairs = itertools.combinations((Decision.KIND, Decision.WORK, Decision.POWER, Decision.JOINT, Decision.PATIENCE), 2)
    for first, second in pairs:
        assert are_independent(over_cases(first), over_cases(second)), (first, second)


def test_occurrences_of_one_decision_are_independent() -> None:
    first = over_cases(Decision.ACCEPT, 0)
    for occurrence in (1, 2, 3, 16):
        assert are_independent(first, over_cases(Decision.ACCEPT, occurrence)), occurrence


def test_neighbouring_cases_and_neighbouring_seeds_are_independent() -> None:
    draws = over_cases(Decision.WORK)
    assert are_independent(draws[:-1], draws[1:])
    assert are_independent(draws[:-20], draws[20:])
    assert are_independent(draws, over_cases(Decision.WORK, seed=2))


def test_candidates_in_a_choice_have_independent_draws() -> None:
    east, west = (rng.code_key(code) for code in ("department_1", "department_2"))
    first, second = (
        np.array([rng.choice_draw(case_key(case), Decision.NEXT, 0, unit) for case in range(N)])
        for unit in (east, west)
    )
    assert is_uniform(first)
    assert are_independent(first, second)


def test_no_decision_shares_its_number_with_another() -> None:
    assert len({int(decision) for decision in Decision}) == len(Decision.__members__)


def test_keys_do_not_collide() -> None:
    assert len({case_key(case, seed) for case in range(N) for seed in range(5)}) == 5 * N


def test_draws_lie_strictly_between_nothing_and_one() -> None:
    draws = np.concatenate([over_cases(Decision.WORK), over_occurrences(Decision.WORK)])
    assert draws.min() > 0.0
    assert draws.max() < 1.0


def test_a_code_names_the_luck_and_its_place_does_not() -> None:
    """The key is the same on every machine and in every process, and every unit has its own."""
    assert rng.code_key("east") == 12_194_026_522_214_806_096
    assert len({rng.code_key(f"unit_{i}") for i in range(N)}) == N


def test_plain_and_compiled_draws_are_the_same_bits() -> None:
    random = np.random.default_rng(7)
    keys, units = random.integers(0, 2**64, (2, N), dtype=np.uint64)
    box = {
        "keys": keys, "decisions": random.integers(0, 40, N), "occurrences": random.integers(0, 1000, N),
        "units": units.copy(), "labels": random.integers(0, 2**40, N), "draws": np.empty((N, 2)),
        "derived": np.empty(N, np.uint64),
    }  # fmt: skip
    now = np.zeros(1, [("unused", "i8")])
    over_tables(all_draws, now, box)(now, box, N)
    keyed = [box[name].tolist() for name in ("keys", "decisions", "occurrences", "units")]
    plain = [(rng.draw(*at[:3]), rng.choice_draw(*at)) for at in zip(*keyed, strict=True)]
    assert np.array(plain).tobytes() == box["draws"].tobytes()
    derived = [rng.derive(key, label) for key, label in zip(keyed[0], box["labels"].tolist(), strict=True)]
    assert np.array(derived, np.uint64).tobytes() == box["derived"].tobytes()
