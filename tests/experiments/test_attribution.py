"""Shapley values and interactions against games that are solved by hand, and their intervals against luck."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from experiments.errors import WrongInput
from experiments.stats.attribution import Attribution, attribute
from experiments.stats.shapley import Scheme, effects_of, random_orders

NAMES = ("R1", "R3", "R5", "R8")

Game = Callable[[int], float]
"""Value of a subset."""


def holds(mask: int, *places: int) -> bool:
    return all(mask >> place & 1 for place in places)


def glove(mask: int) -> float:
    """One left glove, two right ones; a pair is worth 1."""
    return float(holds(mask, 0) and (holds(mask, 1) or holds(mask, 2)))


def played(scheme: Scheme, game: Callable[[int, int], float]) -> Attribution:
    runs = list(scheme.runs())
    values = [game(mask, replicate) for mask, replicate in runs]
    return attribute(scheme, "closure_rate", [mask for mask, _ in runs], [which for _, which in runs], values)


def exact(game: Game, many: int) -> Any:
    scheme = Scheme(tuple([f"i{place}" for place in range(many)]), 1)
    return effects_of(scheme, [{mask: game(mask) for mask in scheme.masks(0)}], [0])


def noisy(mask: int, replicate: int) -> float:
    """Play a game of four with an interaction of the first two, a null player, and luck in level and in effects."""
    rng = np.random.default_rng([7, replicate])
    level, tilt = rng.normal(0.5, 0.1), rng.normal(1.0, 0.3, 3)
    inside = np.array([holds(mask, place) for place in range(3)])
    return float(level + (np.array([0.1, 0.2, -0.05]) * tilt) @ inside + 0.12 * tilt[0] * holds(mask, 0, 1))


def test_a_sum_is_divided_into_its_terms() -> None:
    weights = np.array([0.3, -0.2, 0.0, 0.05])
    shares = exact(lambda mask: 0.5 + float(weights @ [holds(mask, place) for place in range(4)]), 4)
    for found in (shares.shapley, shares.alone, shares.left_out):
        assert found[0] == pytest.approx(weights, abs=1e-12)
    assert np.nanmax(np.abs(shares.interactions)) == 0.0


def test_gloves_and_unanimity_by_hand() -> None:
    gloves = exact(glove, 3)
    assert gloves.shapley[0] == pytest.approx([2 / 3, 1 / 6, 1 / 6])
    assert gloves.alone[0].tolist() == [0, 0, 0]
    assert gloves.left_out[0].tolist() == [1, 0, 0]
    assert gloves.interactions[0, 0, 1] == gloves.interactions[0, 1, 0] == pytest.approx(1 / 2)
    assert gloves.interactions[0, 1, 2] == pytest.approx(-1 / 2)
    unanimity = exact(lambda mask: float(holds(mask, 0, 1, 3)), 4)
    assert unanimity.shapley[0] == pytest.approx([1 / 3, 1 / 3, 0, 1 / 3])
    assert unanimity.interactions[0, 0, 3] == pytest.approx(1 / 2)
    assert unanimity.interactions[0, 0, 2] == 0.0


@given(st.integers(1, 6), st.integers(0, 1000), st.booleans())
@settings(max_examples=40, deadline=None)
def test_contributions_sum_to_the_total(many: int, seed: int, sampled: bool) -> None:
    table = np.random.default_rng(seed).normal(5, 2, (1 << many, 3))
    names = [f"i{place}" for place in range(many)]
    scheme = random_orders(names, 3, seed) if sampled else Scheme(tuple(names), 3)
    found = played(scheme, lambda mask, replicate: float(table[mask, replicate]))
    assert found.gap == pytest.approx(0, abs=1e-12)
    assert found.total.mean == pytest.approx(np.mean(table[-1] - table[0]))
    assert found.as_json()["total"] == found.total.mean


def test_equals_get_equal_shares_whatever_they_are_called() -> None:
    weights = [1, 1, 3, 2]
    majority = exact(lambda mask: float(sum(w for at, w in enumerate(weights) if holds(mask, at)) > 3), 4).shapley[0]
    assert majority[0] == majority[1]
    swapped = exact(lambda mask: float(sum(w for at, w in enumerate(weights[::-1]) if holds(mask, at)) > 3), 4)
    assert swapped.shapley[0] == pytest.approx(majority[::-1])


@pytest.mark.parametrize("scheme", [Scheme(NAMES, 8), random_orders(NAMES, 8, 0, interactions=True)])
def test_an_instrument_that_does_nothing_gets_exactly_nothing_on_paired_luck(scheme: Scheme) -> None:
    found = played(scheme, noisy)
    null = found.contributions[3]
    assert (null.shapley.mean, null.shapley.low, null.shapley.high) == (0.0, 0.0, 0.0)
    assert (null.alone.mean, null.left_out.mean, null.clear) == (0.0, 0.0, False)
    assert found.interactions is not None
    assert {pair.index.mean for pair in found.interactions if "R8" in (pair.first, pair.second)} <= {0.0, None}


def test_intervals_of_sampled_orders_hold_the_exact_values_as_often_as_they_say() -> None:
    rng = np.random.default_rng(11)
    base = rng.normal(0, 1, 32)
    wobble = rng.normal(0, 1, (5, 32))
    truth = exact(lambda mask: float(base[mask]), 5).shapley[0]
    hits = []
    for draw in range(300):
        scheme = random_orders([f"i{place}" for place in range(5)], 16, seed=draw)
        lucks = rng.normal(0, 0.7, (16, 5)) @ wobble + base
        values = [{mask: float(lucks[pair, mask]) for mask in scheme.masks(pair)} for pair in range(16)]
        shapley = effects_of(scheme, values, range(16)).shapley
        half = 2.131 * np.std(shapley, axis=0, ddof=1) / 4  # t of 15 degrees of freedom
        hits.append(np.abs(np.mean(shapley, axis=0) - truth) <= half)
    assert 0.93 <= np.mean(hits) <= 0.97


def test_an_order_with_its_reverse_spares_runs() -> None:
    def spread(game: Game, many: int, reverse: bool) -> float:
        scheme = random_orders([f"i{place}" for place in range(many)], 400, seed=2)
        added = np.zeros((400, many))
        for pair, drawn in enumerate(scheme.orders):
            for order in (drawn, drawn[::-1] if reverse else scheme.orders[pair - 1]):
                mask = 0
                for place in order:
                    added[pair, place] += (game(mask | 1 << place) - game(mask)) / 2
                    mask |= 1 << place
        return float(np.var(added, axis=0).mean())

    assert spread(lambda mask: float(mask.bit_count() ** 2), 5, reverse=True) == pytest.approx(0, abs=1e-12)
    assert spread(lambda mask: float(mask.bit_count() ** 2), 5, reverse=False) > 1
    assert spread(glove, 3, reverse=True) < 0.8 * spread(glove, 3, reverse=False)


def test_interactions_of_exchanged_neighbours_are_those_of_all_subsets() -> None:
    truth = exact(lambda mask: glove(mask) + 0.5 * holds(mask, 1, 3), 4).interactions[0]
    scheme = random_orders(NAMES, 400, 5, interactions=True)
    found = played(scheme, lambda mask, _: glove(mask) + 0.5 * holds(mask, 1, 3))
    assert found.interactions is not None
    for pair in found.interactions:
        expected = truth[NAMES.index(pair.first), NAMES.index(pair.second)]
        assert pair.index.mean == pytest.approx(expected, abs=0.1)
    plain = played(random_orders(NAMES, 4, 5), noisy).as_json()
    assert plain["interactions"] is None
    assert "exchanged neighbours" in plain["interactions_missing"]


def test_runs_are_few_named_once_and_those_of_fewer_pairs_come_first() -> None:
    scheme = random_orders([f"i{place}" for place in range(10)], 6, seed=3)
    for replicate in range(6):
        masks = scheme.masks(replicate)
        assert len(set(masks)) == len(masks) == 2 * 10 + 2 * (10 - 2)
        assert {0, scheme.whole, *(1 << place for place in range(10))} <= set(masks)
    assert random_orders(scheme.instruments, 4, seed=3).orders == scheme.orders[:4]
    assert random_orders(scheme.instruments, 6, seed=4).orders != scheme.orders
    assert len(list(Scheme(NAMES, 3).runs())) == 3 * 16


def test_a_replicate_with_a_hole_is_left_out_whole() -> None:
    scheme = Scheme(NAMES, 5)
    runs = list(scheme.runs())
    values = [math.nan if run == (6, 2) else noisy(*run) for run in runs]
    found = attribute(scheme, "closure_rate", [run[0] for run in runs], [run[1] for run in runs], values)
    assert (found.replicates, found.dropped) == (4, (2,))
    short = [run for run in runs if run != (6, 2)]
    again = attribute(scheme, "closure_rate", [m for m, _ in short], [r for _, r in short], [noisy(*r) for r in short])
    assert again == found
    with pytest.raises(WrongInput, match="expected at least one replicate in which every run is defined"):
        attribute(scheme, "closure_rate", [0], [0], [1.0])


def test_unknown_and_repeated_runs_are_refused() -> None:
    with pytest.raises(WrongInput, match=r"expected runs of the scheme, .*\(16, 0\)"):
        attribute(Scheme(NAMES, 2), "closure_rate", [16], [0], [1.0])
    with pytest.raises(WrongInput, match=r"\(3, 1\) more than once"):
        attribute(Scheme(NAMES, 2), "closure_rate", [3, 3], [1, 1], [1.0, 1.0])
    with pytest.raises(WrongInput, match=r"expected 1 to 12, got 13. For more, sample orders"):
        Scheme(tuple([f"i{place}" for place in range(13)]), 2)
    with pytest.raises(WrongInput, match="expected 'R1' once, got it twice"):
        random_orders(["R1", "R1"], 2, seed=0)


def test_what_turns_among_the_others_is_found_and_shares_are_of_the_total() -> None:
    def game(mask: int, replicate: int) -> float:
        luck = 0.01 * float(np.random.default_rng(replicate).normal())
        return 0.3 * holds(mask, 0) * (1 + luck) - 0.1 * holds(mask, 1) + 0.3 * holds(mask, 0, 1) + luck

    found = played(Scheme(("R1", "R3", "R5"), 10), game)
    assert [each.turns for each in found.contributions] == [False, True, False]
    assert [each.instrument for each in found.ranked] == ["R1", "R3", "R5"]
    assert sum(found.share(each) or 0 for each in found.contributions) == pytest.approx(1)
    assert not found.idle
    nothing = played(Scheme(NAMES, 6), lambda _, replicate: 0.1 * replicate)
    assert nothing.idle and nothing.share(nothing.contributions[0]) is None


def test_luck_alone_is_seldom_clear_over_many_instruments() -> None:
    rng = np.random.default_rng(1)
    names = [f"i{place}" for place in range(6)]
    tables: list[NDArray[np.float64]] = [rng.normal(size=(64, 8)) for _ in range(60)]

    def some_clear(table: NDArray[np.float64]) -> bool:
        found = played(Scheme(tuple(names), 8), lambda mask, which: float(table[mask, which]))
        return any(each.clear for each in found.contributions)

    clear = sum(map(some_clear, tables))
    assert clear <= 0.15 * len(tables)


def test_one_replicate_has_values_and_no_intervals() -> None:
    found = played(Scheme(NAMES, 1), noisy)
    first = found.as_json()["shapley"][0]
    assert first["value"] == found.contributions[0].shapley.mean
    assert first["ci_low"] is first["ci_high"] is first["p"] is None


@pytest.mark.parametrize("scheme", [Scheme(NAMES, 3), random_orders(NAMES, 3, 0)])
def test_json_is_plain_and_holds_the_promised_keys(scheme: Scheme) -> None:
    found = played(scheme, noisy)
    plain = json.loads(json.dumps(found.as_json(), allow_nan=False))
    assert {"outcome", "shapley", "total"} <= set(plain)
    assert {"instrument", "value", "ci_low", "ci_high"} <= set(plain["shapley"][0])
