"""Own exp, log, power and normal quantile: error bounds, ends, and the same bits compiled or not."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Context, Decimal
from typing import Any

import numpy as np
import pytest
from scipy import special

from model import portable_math
from model.engine.compiled import over_tables
from model.rules import jurisdiction

N = 200_000
EXACT = Context(prec=40)
"""Forty digits: more than twice what a float holds."""

Floats = np.ndarray[Any, np.dtype[np.float64]]


def uniform(low: float, high: float, size: int = N) -> Floats:
    return np.random.default_rng(20260101).uniform(low, high, size)


def compiled_map(function: Callable[..., float]) -> Callable[[Floats], Floats]:
    """Return the function over an array, compiled as the engine compiles it."""

    def run(box: Any, n: int) -> bool:
        for i in range(n):
            box.out[i] = function(box.values[i])
        return True

    def over(values: Floats) -> Floats:
        tables = {"values": values, "out": np.empty_like(values)}
        over_tables(run, np.zeros(1, [("unused", "i8")]), tables)(np.zeros(1, [("unused", "i8")]), tables, len(values))
        return tables["out"]

    return over


def worst(function: Callable[[float], float], exact: Callable[[Decimal], Decimal], values: Floats) -> float:
    """Return the greatest relative error against forty digits."""
    errors = []
    for value in values.tolist():
        true = exact(Decimal(value))
        errors.append(abs((Decimal(function(value)) - true) / true))
    return float(max(errors))


def test_exp_is_within_three_parts_in_ten_to_the_sixteen() -> None:
    assert worst(portable_math.exp, lambda x: x.exp(EXACT), uniform(-690.0, 690.0, 5000)) < 3e-16
    assert worst(portable_math.exp, lambda x: x.exp(EXACT), uniform(-1.0, 1.0, 5000)) < 3e-16


def test_log_is_within_three_parts_in_ten_to_the_sixteen() -> None:
    assert worst(portable_math.log, lambda x: x.ln(EXACT), np.exp(uniform(-600.0, 600.0, 5000))) < 3e-16
    assert worst(portable_math.log, lambda x: x.ln(EXACT), uniform(1e-12, 1.0, 5000)) < 3e-16
    assert worst(portable_math.log, lambda x: x.ln(EXACT), uniform(0.9, 1.1, 5000)) < 3e-16


def test_a_digit_less_in_a_constant_fails_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portable_math, "_LN2_LOW", 1.908214929e-10 * (1.0 + 1e-5))
    assert worst(portable_math.exp, lambda x: x.exp(EXACT), uniform(-690.0, 690.0, 500)) > 3e-16


def test_the_normal_quantile_is_within_two_parts_in_ten_to_the_fifteen() -> None:
    shares = np.concatenate([uniform(1e-12, 1.0 - 1e-12), 10.0 ** uniform(-300.0, -1.0, 20_000)])
    shares = shares[np.abs(shares - 0.5) > 1e-6]
    own = np.array([portable_math.normal_quantile(share) for share in shares.tolist()])
    true = special.ndtri(shares)
    assert np.max(np.abs(own / true - 1.0)) < 2e-15
    assert np.max(np.abs(special.ndtr(own) / shares - 1.0)) < 1e-11
    assert not np.max(np.abs(own * (1.0 + 1e-14) / true - 1.0)) < 2e-15


def test_the_normal_quantile_is_antisymmetric_and_nothing_in_the_middle() -> None:
    assert portable_math.normal_quantile(0.5) == 0.0
    for share in (0.25, 0.0625, 2.0**-20):
        assert portable_math.normal_quantile(share) == -portable_math.normal_quantile(1.0 - share)


def test_functions_have_sane_ends() -> None:
    assert portable_math.exp(0.0) == 1.0
    assert portable_math.exp(-1e6) == 0.0
    assert math.isfinite(portable_math.exp(1e6))
    assert portable_math.log(1.0) == 0.0
    assert portable_math.logistic(-1e6) == pytest.approx(0.0, abs=1e-300)
    assert portable_math.logistic(1e6) == 1.0
    assert portable_math.logistic(0.0) == 0.5
    assert portable_math.power(0.0, 0.0) == 1.0
    assert portable_math.power(0.0, 2.0) == 0.0
    assert portable_math.power(2.0, 10.0) == pytest.approx(1024.0, rel=1e-14)


@pytest.mark.parametrize(
    ("function", "low", "high"),
    [
        (portable_math.exp, -800.0, 800.0),
        (portable_math.exp, -2.0, 2.0),
        (portable_math.log, 2.0**-53, 1.0),
        (portable_math.log, 1.0, 1e6),
        (portable_math.logistic, -50.0, 50.0),
        (portable_math.normal_quantile, 2.0**-54, 1.0 - 2.0**-53),
    ],
)
def test_compiled_and_plain_give_the_same_bits(function: Callable[[float], float], low: float, high: float) -> None:
    values = uniform(low, high)
    plain = np.array([function(value) for value in values.tolist()])
    assert plain.tobytes() == compiled_map(function)(values).tobytes()


def test_another_algorithm_has_other_bits() -> None:
    """The comparison above would see libm in the place of our own exp."""
    values = uniform(-2.0, 2.0)
    own = np.array([portable_math.exp(value) for value in values.tolist()])
    assert own.tobytes() != np.array([math.exp(value) for value in values.tolist()]).tobytes()


def draws(size: int = N) -> list[float]:
    """Draws as a run has them, the smallest and the largest, and some close to both."""
    edges = [2.0**-54, 2.0**-53, 1e-12, 1.0 - 1e-12, 1.0 - 2.0**-53, 1.0]
    return [*edges, *uniform(0.0, 1.0, size).tolist()]


def test_log2_below_is_below_and_no_further_than_it_says() -> None:
    values = [*np.exp2(uniform(-1000.0, 1000.0)).tolist(), *draws()[:-1], 1.0, 2.0, 0.5, math.nextafter(1.0, 0.0)]
    short = [math.log2(value) - portable_math.log2_below(value) for value in values]
    assert min(short) > 0.0 and max(short) < portable_math.LOG2_SLACK


def test_what_happens_is_a_draw_below_its_chance_at_whatever_distance() -> None:
    pairs = list(zip(draws(), [0.0, 20.0, -20.0, 36.0, -36.0, 710.0, *uniform(-25.0, 25.0).tolist()], strict=True))
    assert all(portable_math.happens(luck, odds) == (luck < portable_math.logistic(odds)) for luck, odds in pairs)
    for luck in draws(200):
        for odds in (20.0, 30.0, 37.0, 38.0, math.nextafter(38.0, 39.0), 39.0, 710.0, 1e9):
            assert portable_math.happens(luck, odds) == (luck < portable_math.logistic(odds))
            assert portable_math.happens(luck, -odds) == (luck < portable_math.logistic(-odds))
    for odds in [0.0, -0.0, 19.999, -19.999, 20.0, -20.0, *uniform(-30.0, 30.0, 5000).tolist()]:
        chance = portable_math.logistic(odds)
        for near in (chance, math.nextafter(chance, 0.0), math.nextafter(chance, 1.0), chance * 0.999, chance * 1.001):
            assert portable_math.happens(near, odds) == (near < chance), (near, odds)


def test_a_candidate_is_sooner_whose_time_in_the_race_is_less() -> None:
    generator = np.random.default_rng(20260102)
    weights = np.exp(generator.uniform(-300.0, 5.0, (2, N // 5)))
    close = weights[0] * generator.uniform(0.99, 1.01, N // 5)
    lots = generator.uniform(0.0, 1.0, (2, N // 5))
    for others in (weights[1], close, weights[0]):
        for own, weight, luck, other in zip(lots[0], weights[0], lots[1], others, strict=True):
            assert jurisdiction.sooner(own, weight, luck, other) == (
                jurisdiction.race(own, weight) < jurisdiction.race(luck, other)
            )
    for luck in draws(1000)[:-1]:
        for other in (luck, math.nextafter(luck, 0.0), math.nextafter(luck, 1.0), luck * 0.999, math.sqrt(luck)):
            for weight in (1.0, 0.5, 2.0):
                assert jurisdiction.sooner(luck, 1.0, other, weight) == (
                    jurisdiction.race(luck, 1.0) < jurisdiction.race(other, weight)
                )


def test_a_candidate_without_weight_never_comes() -> None:
    assert not jurisdiction.sooner(0.5, 0.0, 0.5, 0.0) and not jurisdiction.sooner(0.999, 0.0, 0.001, 1e-300)
    assert jurisdiction.sooner(0.001, 1e-300, 0.5, 0.0)
