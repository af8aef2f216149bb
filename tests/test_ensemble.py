"""Answers over worlds: known components of variance, planted rules and inputs, and nothing where nothing is."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from experiments.stats.ensemble import Doubt, agreement, components, doubt, three_of_closure, world_means
from experiments.stats.intervals import Floats, t_quantile
from experiments.stats.prim import Column, columns_of
from experiments.stats.turning import information_value, turning

NAN = float("nan")


def two_levels(worlds: int, seeds: int, between: float, luck: float, seed: int = 0) -> Floats:
    """Return differences (worlds, seeds) around 1 with standard deviations between worlds and of luck."""
    rng = np.random.default_rng(seed)
    return 1.0 + between * rng.normal(size=(worlds, 1)) + luck * rng.normal(size=(worlds, seeds))


def without_some(differences: Floats, share: float = 0.4) -> Floats:
    """Return differences of which a share is undefined, so that worlds have unequal seeds, some none."""
    return np.where(np.random.default_rng(9).random(differences.shape) < share, NAN, differences)


def inputs(worlds: int, many: int = 30, seed: int = 0) -> list[Column]:
    rng = np.random.default_rng(seed)
    words = rng.choice(["north", "south", "west"], worlds).tolist()
    return columns_of({**{f"x{place}": rng.random(worlds).tolist() for place in range(many)}, "where": words})


def test_a_doubt_is_worked_by_hand() -> None:
    found = doubt([[1, 3], [-1, 1], [4, 6]], 1)  # means 2, 0, 5; variance of luck 2 with 3 degrees of freedom
    assert (found.median, found.worlds, found.undefined) == (2.0, 3, 0)
    assert (found.low, found.high) == pytest.approx((0.2, 4.7))
    assert found.better == pytest.approx(2 / 3) and found.clear == pytest.approx(1 / 3)  # 2 < t × √(2 ÷ 2) < 5
    assert found.luck_half_width == pytest.approx(t_quantile(3) * (2 / 6) ** 0.5)


def test_less_is_better_where_the_direction_says_so_and_above_zero_counts_where_it_says_nothing() -> None:
    table = [[-9.0, -8.0], [-7.0, -8.0], [4.0, 5.0], [0.0, 0.0]]
    less, more, neither = (doubt(table, direction) for direction in (-1, 1, 0))
    assert (less.better, less.clear) == (0.5, 0.5)
    assert (more.better, more.clear) == (neither.better, neither.clear) == (0.25, 0.25)
    assert less.median == more.median == neither.median == -3.75


def test_worlds_weigh_equally_however_many_seeds_they_have() -> None:
    found = doubt([[1, 3, NAN], [5, NAN, NAN], [NAN, NAN, NAN]], 1)
    assert (found.median, found.worlds, found.undefined) == (3.5, 2, 1)
    assert found.luck_half_width == pytest.approx(t_quantile(1) * (2 * (1 / 2 + 1) / 4) ** 0.5)


def test_the_luck_of_the_mean_holds_the_mean_of_just_these_worlds_95_times_in_100() -> None:
    rng, held = np.random.default_rng(4), 0
    levels = rng.normal(scale=5.0, size=(12, 1))
    for _ in range(1000):
        table = levels + rng.normal(size=(12, 3))
        table[:4, 1:] = NAN
        half = doubt(table, 1).luck_half_width
        held += half is not None and abs(float(world_means(table).mean() - levels.mean())) <= half
    assert 930 <= held <= 970


def test_luck_alone_is_clear_in_one_world_of_forty() -> None:
    found = doubt(two_levels(4000, 3, 0.0, 1.0) - 1.0, 1)
    assert found.clear == pytest.approx(0.025, abs=0.006) and found.better == pytest.approx(0.5, abs=0.02)


def test_one_seed_a_world_tells_nothing_of_luck() -> None:
    found = doubt(two_levels(50, 1, 1.0, 1.0), 1)
    assert found.clear is None and found.luck_half_width is None and found.low is not None
    assert found == doubt(two_levels(50, 1, 1.0, 1.0)[:, 0], 1)
    assert components(two_levels(50, 1, 1.0, 1.0)).luck is None


def test_edges_are_none_and_never_nan() -> None:
    nothing = doubt(np.full((3, 2), NAN), 1)
    assert nothing == Doubt(None, None, None, None, None, None, None, 0, 3)
    assert doubt(np.empty((0, 2)), 1) == replace(nothing, undefined=0)
    one = doubt([[1.0, 3.0]], 1)
    assert (one.median, one.low, one.high, one.better, one.width) == (2.0, None, None, 1.0, None)
    assert doubt([[np.inf, 1.0], [2.0, -np.inf]], 1) == doubt([[NAN, 1.0], [2.0, NAN]], 1)
    assert components(np.full((3, 2), NAN)).luck is None and components([[1.0, 3.0]]).between is None
    assert json.loads(json.dumps(nothing.as_json(), allow_nan=False)) == {
        "median": None, "low": None, "high": None, "better": None, "agree": None, "clear": None,
        "luck_half_width": None, "worlds": 0, "undefined": 3,
    }  # fmt: skip


@pytest.mark.parametrize(("value", "share"), [(0.0, 0.0), (0.1, 1.0), (-0.1, 0.0)])
def test_where_all_is_equal_there_is_no_luck(value: float, share: float) -> None:
    found = doubt(np.full((4, 3), value), 1)
    assert (found.low, found.high, found.luck_half_width) == pytest.approx((value, value, 0.0), abs=1e-15)
    assert found.better == found.clear == share
    assert components(np.full((4, 3), value)).luck_share is None


@pytest.mark.parametrize("unequal", [False, True])
def test_components_of_variance_are_recovered(unequal: bool) -> None:
    table = two_levels(6000, 5, 2.0, 3.0)
    found = components(without_some(table) if unequal else table)
    assert found.luck == pytest.approx(9.0, rel=0.04) and found.between == pytest.approx(4.0, rel=0.08)
    assert found.luck_share == pytest.approx(9 / 13, abs=0.02)
    if not unequal:
        assert found.luck_share_of_means == pytest.approx(1.8 / 5.8, abs=0.02)


def test_what_luck_explains_is_no_variance_between_worlds() -> None:
    # deviations of luck that outweigh those of the means: 1 between, 50 ÷ 2 from luck
    found = components([[-5.0, 5.0], [-4.0, 6.0]])
    assert (found.luck, found.between, found.luck_share, found.luck_share_of_means) == (50.0, 0.0, 1.0, 1.0)


def three(time: Any, month: Any, waiting: Any) -> dict[str, Any]:
    return {"closure_rate": time, "closure_rate_30d": month, "backlog_end": waiting, "passes_per_case": [[0.0]]}


def test_closure_is_better_when_all_three_say_so_in_most_worlds() -> None:
    found = three_of_closure(three([[1], [1], [-1]], [[1], [1], [-1]], [[-1], [-1], [1]]))
    assert (found.verdict, found.agree, found.disagreeing) == ("better", True, ())
    assert (found.in_all, found.in_none, found.mixed) == pytest.approx((2 / 3, 1 / 3, 0.0))
    assert found.doubts["backlog_end"].better == pytest.approx(2 / 3)


def test_a_flood_that_closure_on_time_does_not_show_is_told() -> None:
    found = three_of_closure(three([[0.11], [0.12], [NAN]], [[-0.1], [0.1], [0.1]], [[0.2], [0.2], [-0.2]]))
    assert found.signs == {"closure_rate": "better", "closure_rate_30d": "better", "backlog_end": "worse"}
    assert (found.verdict, found.agree, found.disagreeing) == (None, False, ("backlog_end",))
    assert (found.in_all, found.in_none, found.mixed, found.worlds, found.undefined) == (0.0, 0.0, 1.0, 2, 1)
    assert json.loads(json.dumps(found.as_json()))["doubts"]["closure_rate"]["undefined"] == 1


def test_half_of_the_worlds_are_not_most_and_nothing_is_no_agreement() -> None:
    split = three_of_closure(three([[1], [-1]], [[1], [-1]], [[1], [-1]]))
    assert split.verdict == "undecided" and split.mixed == 1.0
    same = three_of_closure(three(*[[[0.0], [0.0]]] * 3))
    assert same.verdict == "equal" and same.in_none == 1.0
    nothing = three_of_closure(three(*[[[NAN], [NAN]]] * 3))
    assert nothing.verdict == "undefined" and not nothing.agree and nothing.in_all is None and nothing.undefined == 2


def test_samples_agree_by_their_medians_in_ranges() -> None:
    first = np.linspace(0.0, 1.0, 101)
    assert agreement(first, first + 0.45) == agreement(first + 0.45, first) == pytest.approx(0.5)
    assert agreement(first, first[:, np.newaxis] * [1.0, 1.0]) == 0.0
    assert agreement([[2.0], [2.0]], [[2.0], [2.0]]) == 0.0
    assert agreement([1.0, 1.0], [2.0, 2.0]) is None and agreement([1.0], first) is None
    assert agreement([NAN, NAN], first) is None


def test_a_planted_rule_is_found_with_its_numbers() -> None:
    columns, rng = inputs(300), np.random.default_rng(7)
    bad = (columns[3].values > 0.6) & (columns[8].values < 0.7)
    found = turning(columns, np.where(bad, -1.0, 2.0) + 0.6 * rng.normal(size=300), 1)
    assert (found.sought, found.limit, found.trouble) == ("sign", 0.0, "")
    limits = {each.input: each for each in found.restrictions}
    assert set(limits) == {"x3", "x8"}
    assert limits["x3"].low == pytest.approx(0.6, abs=0.04) and limits["x3"].high is None
    assert limits["x8"].high == pytest.approx(0.7, abs=0.04) and limits["x8"].low is None
    assert all(each.reproduced == 1.0 for each in found.restrictions)
    assert found.density.mean is not None and found.density_seen is not None and found.coverage.mean is not None
    assert found.density.mean > 0.85 and found.coverage.mean > 0.8 and found.base == pytest.approx(bad.mean(), abs=0.03)
    assert found.density.mean <= found.density_seen


def test_a_word_can_be_what_turns_it() -> None:
    columns = inputs(200)
    where = np.array(columns[-1].words)[columns[-1].values.astype(int)]
    found = turning(columns, np.where(where == "west", -1.0, 1.0) + 0.3 * np.random.default_rng(1).normal(size=200), 1)
    assert [(each.input, each.words) for each in found.restrictions] == [("where", ("west",))]


def test_the_order_of_words_does_not_matter() -> None:
    rng = np.random.default_rng(12)
    where, luck = rng.integers(0, 3, 200), rng.random(200)
    others = [Column(f"x{place}", rng.random(200)) for place in range(300)]
    effect = np.where(luck < np.where(where == 1, 0.75, 0.3), -1.0, 1.0)
    for middle in range(3):
        order = np.roll([1, 0, 2], middle)
        column = Column("where", np.argsort(order)[where].astype(np.float64), tuple("abc"[word] for word in order))
        found = turning([*others, column], effect, 1)
        assert [(each.input, each.words) for each in found.restrictions] == [("where", ("b",))]


def test_less_can_be_what_is_sought() -> None:
    columns = inputs(200)
    effect = np.where(columns[0].values > 0.5, 1.0, -1.0)
    assert turning(columns, effect, -1).restrictions[0].low == pytest.approx(0.5, abs=0.03)
    assert turning(columns, effect, 1).restrictions[0].high == pytest.approx(0.5, abs=0.03)


def test_the_worst_quarter_is_sought_where_too_few_worlds_turn() -> None:
    columns = inputs(200)
    effect = -10.0 - columns[2].values  # less is better, and nearly all are better
    effect[columns[2].values < np.sort(columns[2].values)[7]] = 1.0
    found = turning(columns, effect, -1)
    assert found.sought == "size" and found.base == pytest.approx(0.25, abs=0.01)
    assert found.limit == pytest.approx(-10.0 - np.quantile(columns[2].values, 0.25), abs=0.02)
    assert [each.input for each in found.restrictions] == ["x2"] and found.restrictions[0].low is None


def test_pure_noise_has_no_simple_rule() -> None:
    troubles, raised, covered = [], [], []
    for seed in range(80):
        effect = np.random.default_rng(seed + 500).normal(0.7, 1.0, 100)
        found = turning(inputs(100, seed=seed), effect, 1, seed)
        troubles.append(found.trouble)
        assert bool(found.restrictions) == (found.trouble == "") and (found.explained or 0.0) < 0.3
        if found.density.mean is not None and found.density_seen is not None:
            raised.append((found.density.mean - (found.base or 0.0), found.density_seen - (found.base or 0.0)))
            covered.append(found.coverage.mean or 0.0)
    held, seen = np.mean(raised, axis=0)
    assert held < seen / 2 and max(covered) < 0.8  # what is found in noise is not found again
    assert troubles.count("") <= 4 and {"nothing", "unclear"} <= set(troubles)


def test_a_rule_names_few_inputs() -> None:
    columns = inputs(1000, many=8)
    bad = np.all([column.values > 0.3 for column in columns[:4]], axis=0)
    found = turning(columns, np.where(bad, -1.0, 1.0), 1)
    assert len(found.restrictions) == 3
    assert [each.p for each in found.restrictions] == sorted(each.p for each in found.restrictions)


@pytest.mark.parametrize("effect", [[1.0], [NAN] * 60, [0.0] * 60, [5.0] * 60, [1.0, -1.0] * 4])
def test_too_few_worlds_to_tell_are_told(effect: list[float]) -> None:
    found = turning(inputs(len(effect)), effect, 1)
    assert found.trouble == "few" and not found.restrictions and found.explained is None
    assert found.worlds + found.undefined == len(effect)
    assert json.loads(json.dumps(found.as_json(), allow_nan=False))["trouble"] == "few"


def test_undefined_worlds_are_left_out_and_counted() -> None:
    columns, rng = inputs(240), np.random.default_rng(7)
    effect = np.where(columns[3].values > 0.6, -1.0, 2.0) + 0.5 * rng.normal(size=240)
    effect[::6] = NAN
    found = turning(columns, effect, 1)
    assert (found.worlds, found.undefined) == (200, 40) and found.restrictions[0].input == "x3"


def test_a_shallow_tree_explains_what_was_planted() -> None:
    columns, rng = inputs(1000), np.random.default_rng(2)
    steps = np.select([columns[0].values < 0.5, columns[1].values < 0.3], [0.0, 3.0], 6.0)
    stairs = np.array(np.digitize(columns[2].values, [0.1, 0.2, 0.4]), dtype=np.float64)
    assert turning(columns, stairs - 1.0, 1).explained == pytest.approx(0.99, abs=0.011)
    # four equal leaves of a straight line leave a sixteenth of its variance
    assert turning(columns, columns[3].values - 0.5, 1).explained == pytest.approx(15 / 16, abs=0.006)
    luck = rng.normal(size=1000) * steps.std() * (1 / 0.8 - 1) ** 0.5
    assert turning(columns, steps + luck + 1.0, 1).explained == pytest.approx(0.8, abs=0.03)
    assert turning(columns, rng.normal(size=1000), 1).explained == pytest.approx(0.0, abs=0.03)


def test_a_leaf_holds_a_twentieth_of_the_worlds() -> None:
    columns = inputs(1000)
    # a leaf of 5 % that holds 2 % of tens: (0.05 × 4² − 0.2²) ÷ (0.02 × 0.98 × 10²) of the variance
    rare = np.where(columns[0].values < np.sort(columns[0].values)[20], 10.0, 0.0)
    assert turning(columns, rare, 1).explained == pytest.approx(0.39, abs=0.06)


def test_restrictions_that_may_be_luck_are_dropped() -> None:
    for seed in range(20):
        columns, luck = inputs(150, seed=seed), np.random.default_rng(seed + 50).normal(size=150)
        found = turning(columns, 4.0 * columns[5].values - 1.2 + luck, 1)
        assert all(each.p <= 0.05 for each in found.restrictions)


def test_what_turns_an_answer_is_found_without_scikit_learn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    columns = inputs(100)
    assert turning(columns, columns[0].values - 0.4, 1).restrictions[0].input == "x0"


def test_the_planted_input_is_the_first_to_measure() -> None:
    columns, rng = inputs(300), np.random.default_rng(3)
    effect = 3.0 * columns[4].values + rng.normal(size=300)  # knowing it: from 1.32 to 1.01 standard deviations
    found = information_value(columns, effect)
    assert found.now == pytest.approx(np.quantile(effect, 0.95) - np.quantile(effect, 0.05))
    assert found.of == "range" and found.worth_measuring == ("x4",) and found.inputs[0].input == "x4"
    assert found.inputs[0].share == pytest.approx(0.23, abs=0.06)
    assert found.inputs[0].gain == pytest.approx((found.now or 0.0) * (found.inputs[0].share or 0.0))
    assert abs(float(np.mean([each.gain for each in found.inputs[1:]]))) < 0.02 * (found.now or 0.0)


def test_regret_between_packages_falls_by_what_was_planted() -> None:
    columns = inputs(2000)
    # the better of x and ½, x uniform: ⅝ known, ½ unknown
    packages = np.array([columns[0].values, np.full(2000, 0.5)]) + 0.3 * columns[1].values
    found = information_value(columns, packages, bins=20)
    assert found.of == "regret" and found.now == pytest.approx(0.125, abs=0.01)
    assert found.worth_measuring == ("x0",) and found.inputs[0].share == pytest.approx(1.0, abs=0.08)


def test_no_input_is_worth_measuring_under_noise() -> None:
    effects = [np.random.default_rng(seed + 900).normal(size=(2, 100)) for seed in range(20)]
    ranges = [information_value(inputs(100, seed=seed), effect[0]) for seed, effect in enumerate(effects)]
    regrets = [information_value(inputs(100, seed=seed), effect) for seed, effect in enumerate(effects)]
    assert sum(bool(each.worth_measuring) for each in ranges) <= 3
    assert sum(bool(each.worth_measuring) for each in regrets) <= 3


def test_a_word_and_a_switch_are_groups_of_their_own() -> None:
    rng = np.random.default_rng(6)
    columns = columns_of({"on": (rng.random(300) < 0.2).tolist(), "count": rng.integers(0, 2, 300).tolist()})
    found = information_value(columns, 5.0 * columns[0].values + rng.normal(size=300))
    assert found.worth_measuring == ("on",)
    assert information_value(columns, 5.0 * columns[1].values + rng.normal(size=300)).worth_measuring == ("count",)
    many = Column("where", np.array(np.arange(300) % 12, dtype=np.float64), tuple("abcdefghijkl"))
    odd = information_value([*columns, many], 3.0 * (many.values % 2) + rng.normal(size=300))
    assert odd.worth_measuring == ("where",) and (odd.inputs[0].share or 0.0) > 0.2


@pytest.mark.parametrize("effect", [[1.0], [NAN] * 30, [2.0] * 30, [[1.0] * 30, [NAN] * 30]])
def test_the_value_of_knowing_is_none_or_zero_where_nothing_varies(effect: Any) -> None:
    found = information_value(inputs(np.shape(effect)[-1]), effect)
    assert found.worth_measuring == () and found.worlds + found.undefined == np.shape(effect)[-1]
    assert all(each.gain == 0.0 and each.share is None for each in found.inputs)
    json.dumps(found.as_json(), allow_nan=False)


def test_the_same_seed_gives_the_same_answer() -> None:
    columns, effect = inputs(120), np.random.default_rng(1).normal(size=120)
    assert information_value(columns, effect, seed=5) == information_value(columns, effect, seed=5)
    assert information_value(columns, effect, seed=5) != information_value(columns, effect, seed=6)
    effect += columns[0].values * 4.0 - 2.0
    assert turning(columns, effect, 1, 5) == turning(columns, effect, 1, 5)
    assert turning(columns, effect, 1, 5).density != turning(columns, effect, 1, 6).density
