"""Scenario discovery finds a planted box, and nothing where nothing is."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from scipy.stats import binom

from experiments.design.naming import Names
from experiments.messages import Language, in_language
from experiments.stats.discovery import deal_evenly, discover, grow_tree
from experiments.stats.prim import LEAST_MASS, Box, Column, Range, Tally, columns_of, find_box, peel, quasi_p
from experiments.studies.discover import Condition, parse_condition


def worlds(points: int = 800, noise: float = 0.04, seed: int = 1) -> tuple[list[Column], Any]:
    """Return inputs of which two numbers and a word decide, four others do not, and noisy labels."""
    luck = np.random.default_rng(seed)
    inputs: dict[str, Any] = {name: luck.random(points).tolist() for name in ("x", "y", "a", "b", "c", "d")}
    inputs["word"] = luck.choice(["red", "green", "blue"], points).tolist()
    x, y, msg = (np.array(inputs[name]) for name in ("x", "y", "word"))
    sought = (x < 0.5) & (y > 0.4) & (msg != "red")
    return columns_of(inputs), sought ^ (luck.random(points) < noise)


def test_a_planted_box_is_found_with_its_bounds_and_nothing_else() -> None:
    columns, sought = worlds()
    found = find_box(columns, sought)
    assert set(found.box.ranges) == {"x", "y", "word"}
    assert found.box.ranges["x"].high == pytest.approx(0.5, abs=0.05)
    assert found.box.ranges["y"].low == pytest.approx(0.4, abs=0.05)
    words = found.box.ranges["word"].words
    assert words is not None and {columns[-1].words[msg] for msg in words} == {"green", "blue"}
    tally = Tally.of(found.box.inside(columns), sought)
    assert tally.coverage > 0.8 and tally.density > 0.85
    assert all(p < 1e-6 for p in found.p_values.values())


def test_restrictions_that_might_be_luck_are_dropped_and_kept_when_asked() -> None:
    columns, sought = worlds(noise=0.2, seed=5)
    kept, free = find_box(columns, sought, keep_all=True), find_box(columns, sought)
    assert set(free.box.ranges) <= set(kept.box.ranges)
    assert not set(free.box.ranges) & {"a", "b", "c", "d"}
    assert all(p > 0.05 for p in free.dropped.values())


@pytest.mark.parametrize("seed", range(4))
def test_where_nothing_decides_nothing_is_found(seed: int) -> None:
    columns, _ = worlds(400, seed=seed)
    sought = np.random.default_rng(seed + 100).random(400) < 0.3
    found = discover("nothing", columns, sought, 0, 1)
    # the search looks for the luckiest box: on worlds it has not seen that is no better than any other
    assert found.trouble == "nothing" or (found.density.low or 0.0) <= 0.35


def test_boxes_shrink_on_the_way_and_stay_large_enough() -> None:
    columns, sought = worlds()
    masses = [tally.mass for _, tally in peel(columns, sought)]
    assert masses[0] == 1.0 and masses[-1] >= LEAST_MASS
    assert all(after < before for before, after in itertools.pairwise(masses))


def test_ties_and_whole_numbers_are_cut_together() -> None:
    luck = np.random.default_rng(2)
    grades = luck.integers(1, 6, 500)
    found = find_box(columns_of({"grade": grades.tolist(), "other": luck.random(500).tolist()}), grades >= 4)
    assert found.box.ranges["grade"].low == 4.0 and set(found.box.ranges) == {"grade"}


def test_the_quasi_p_value_is_a_binomial_test_worked_by_hand() -> None:
    column, other = Column("x", np.arange(10.0)), Column("y", np.zeros(10))
    sought = np.array([1, 1, 1, 1, 0, 0, 0, 0, 1, 0], dtype=bool)
    box = Box({"x": Range(high=4.0)})
    assert quasi_p([column, other], sought, box, "x") == pytest.approx(float(binom.sf(3, 5, 0.5)))


def test_undefined_inputs_are_refused() -> None:
    with pytest.raises(ValueError, match="x: expected numbers or words, got an undefined value"):
        columns_of({"x": [1.0, float("nan")]})


@pytest.mark.parametrize(("cases", "trouble"), [(0, "none"), (400, "all"), (5, "few")])
def test_too_few_cases_are_told(cases: int, trouble: str) -> None:
    columns, _ = worlds(400)
    found = discover("c", columns, np.arange(400) < cases, 0, 1)
    assert found.trouble == trouble and found.coverage.mean is None


def test_what_is_printed_is_measured_where_the_box_was_not_found() -> None:
    columns, sought = worlds()
    found = discover("planted", columns, sought, 3, 1)
    assert found.density_seen is not None and found.density.low is not None and found.density.mean is not None
    assert found.density.low < found.density.mean and found.density.mean > 0.8
    assert {each.input for each in found.restrictions} == {"x", "y", "word"}
    assert all(each.reproduced > 0.8 for each in found.restrictions)


def test_a_tree_finds_the_planted_box_too() -> None:
    columns, sought = worlds()
    box, tally = grow_tree(columns, sought, deal_evenly(sought.size, 0))[0]
    assert {"x", "y"} <= set(box.ranges) and tally.density > 0.8


def test_a_tree_without_anything_to_tell_is_a_single_leaf() -> None:
    columns, _ = worlds(300)
    assert grow_tree(columns, np.random.default_rng(1).random(300) < 0.5, deal_evenly(300, 2**64 - 1))
    leaves = [
        len(grow_tree(columns, np.random.default_rng(seed).random(300) < 0.5, deal_evenly(300, 0)))
        for seed in range(10)
    ]
    assert leaves.count(1) >= 7


def test_a_condition_is_read_and_asks_all_of_its_terms() -> None:
    condition = parse_condition("closure_rate < 0 and passes_per_case >= 0.1", ["closure_rate", "passes_per_case"])
    assert isinstance(condition, Condition)
    values = {"closure_rate": np.array([-1, -1, 1, np.nan]), "passes_per_case": np.array([0.1, 0.0, 0.2, 1.0])}
    assert condition.holds(values).tolist() == [True, False, False, False]


@pytest.mark.parametrize("text", ["closure_rate", "closure_rate < much", "closure < 0", "closure_rate < 0 or 1", ""])
def test_a_condition_that_cannot_be_read_is_told(text: str) -> None:
    assert isinstance(parse_condition(text, ["closure_rate"]), str)


@pytest.mark.parametrize("language", list(Language))
def test_a_discovery_is_told_and_drawn_in_both_languages(language: Language) -> None:
    from matplotlib import rc_context

    from experiments.charts.discovery import box_ranges, scatter, trade_off
    from experiments.charts.style import figure_style
    from experiments.studies.discover import discovery_tables, sentences

    columns, sought = worlds(300)
    found = discover("closure_rate < 0", columns, sought, 0, 1)
    with in_language(language), rc_context(figure_style()):
        said = " ".join(sentences(found, Names({})))
        assert {Language.EN: "closure rate < 0", Language.ZH: "办结率 < 0"}[language] in said and "%" in said
        assert len(list(discovery_tables(found, Names({})))) == 2
        for figure in (trade_off(found), box_ranges(found, Names({})), scatter(found, Names({}))):
            assert figure.axes
