"""Intervals cover, tests adjust, and nothing undefined becomes a number."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.special import stdtrit

from experiments.stats import Interval, bca_interval, holm, mean_interval, paired_difference
from experiments.stats.intervals import bounded_mean_interval, dispersion_interval, effect_name, spread_interval


def test_t_interval_covers_the_mean_as_often_as_it_says() -> None:
    samples = np.random.default_rng(1).normal(5.0, 2.0, (2000, 10))
    covered = [_covers(mean_interval(sample), 5.0) for sample in samples]
    assert np.mean(covered) == pytest.approx(0.95, abs=0.015)


def test_bca_interval_covers_a_skewed_mean_nearly_as_often_as_it_says() -> None:
    samples = np.random.default_rng(2).exponential(1.0, (150, 40))
    covered = [_covers(bca_interval(sample), 1.0) for sample in samples]
    assert np.mean(covered) >= 0.87


@pytest.mark.parametrize(
    ("interval", "value"),
    [(spread_interval, lambda x: x.std(ddof=1)), (dispersion_interval, lambda x: x.var(ddof=1) / x.mean())],
    ids=["spread", "dispersion"],
)
def test_a_spread_and_a_dispersion_have_the_interval_of_the_jackknife(interval: Any, value: Any) -> None:
    counts = np.random.default_rng(3).poisson(4.0, 400).astype(float)
    without = np.array([value(np.delete(counts, place)) for place in range(counts.size)])
    half = 1.96 * math.sqrt((counts.size - 1) / counts.size * ((without - without.mean()) ** 2).sum())
    found = interval(counts)
    assert found.mean == pytest.approx(value(counts))
    assert found.half == pytest.approx(half, rel=0.01)
    assert (found.low, found.high) == pytest.approx((found.mean - half, found.mean + half), rel=0.002)


def test_a_dispersion_has_no_value_where_nothing_was_counted() -> None:
    assert (
        dispersion_interval([]).mean is dispersion_interval([3.0]).mean is dispersion_interval([0.0, 0.0]).mean is None
    )
    assert dispersion_interval([1.0, 2.0]).mean == pytest.approx(1 / 3)


def test_a_mean_of_two_values_has_an_interval_and_one_of_one_has_none() -> None:
    assert mean_interval([1.0]) == Interval(1.0)
    found = mean_interval([1.0, 3.0])
    assert (found.mean, found.half) == (2.0, pytest.approx(float(stdtrit(1, 0.975))))


@pytest.mark.parametrize(
    ("effect", "name"), [(0.19, "negligible"), (0.2, "small"), (-0.5, "medium"), (0.8, "large"), (-9.0, "large")]
)
def test_an_effect_is_named_from_its_bound_on(effect: float, name: str) -> None:
    assert effect_name(effect) == name


@pytest.mark.parametrize("count", [20, 60])
def test_bounded_interval_covers_a_mean_of_counts_as_often_as_the_t_interval(count: int) -> None:
    """Of counts of which most are 0: there the t interval goes below 0 besides."""
    luck = np.random.default_rng(5)
    samples = luck.poisson(1.5, (2000, count)) * (luck.random((2000, count)) < 0.4)
    known = [sample for sample in samples if sample.any()]
    bounded, plain = (float(np.mean([_covers(of(sample), 0.6) for sample in known]))
                      for of in (bounded_mean_interval, mean_interval))  # fmt: skip
    assert bounded >= 0.92 and bounded >= plain - 0.005


def test_bounded_interval_is_the_one_that_cuts_the_likelihood_of_owen() -> None:
    """At each bound the most likely weights with that mean, found in another way, are as unlikely as asked."""
    values = np.random.default_rng(6).poisson(0.8, 40)
    limit = float(stdtrit(39, 0.975)) ** 2
    found = bounded_mean_interval(values)
    for bound in (found.low, found.high):
        assert bound is not None
        away = values - bound
        ends = (-1 / away.max() * (1 - 1e-12), -1 / away.min() * (1 - 1e-12))
        slope = brentq(lambda tilt, away=away: float((away / (1 + tilt * away)).sum()), *ends)
        assert 2 * np.log1p(slope * away).sum() == pytest.approx(limit, rel=1e-6)


def test_bounded_interval_turns_into_the_t_interval_where_there_are_many_values() -> None:
    values = np.random.default_rng(7).exponential(1.0, 50_000)
    bounded, plain = bounded_mean_interval(values), mean_interval(values)
    assert (bounded.low, bounded.high) == pytest.approx((plain.low, plain.high), abs=3e-4)


@given(values=st.lists(st.integers(0, 60) | st.floats(0.0, 1e6), max_size=60))
@settings(max_examples=200, deadline=None)
def test_bounded_interval_stays_within_the_values_and_around_their_mean(values: list[float]) -> None:
    found = bounded_mean_interval(values)
    if found.low is not None and found.high is not None and found.mean is not None:
        rounding = 1e-9 * max(values)
        assert min(values) - rounding <= found.low <= found.mean + rounding
        assert found.mean - rounding <= found.high <= max(values) + rounding
        assert found.low >= 0.0


@pytest.mark.parametrize("values", [[], [1.0], [0.0, 1.0], [0.0] * 8 + [1.0], [2.0] * 30, [0.0] * 30])
def test_bounded_interval_is_left_out_where_too_few_or_no_values_differ(values: list[float]) -> None:
    found = bounded_mean_interval(values)
    assert (found.low, found.high) == (None, None) and (found.mean is None) == (not values)


def _covers(interval: Interval, truth: float) -> bool:
    assert interval.low is not None and interval.high is not None
    return interval.low <= truth <= interval.high


def test_paired_t_agrees_with_the_textbook() -> None:
    """Student's sleep data, 1908: t = 4.0621 on 9 degrees of freedom, p = 0.002833, interval 0.7001 to 2.4599."""
    first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    result = paired_difference(first, second)
    assert result.p == pytest.approx(0.002833, abs=1e-6)
    assert (result.interval.low, result.interval.high) == pytest.approx((0.7001142, 2.4598858), abs=1e-6)
    assert result.effect == pytest.approx(4.0621 / math.sqrt(10), abs=1e-4)


def test_false_alarms_come_as_rarely_as_the_level_says() -> None:
    luck = np.random.default_rng(3)
    p_values = [paired_difference(*luck.normal(size=(2, 8))).p for _ in range(2000)]
    assert np.mean([p < 0.05 for p in p_values if p is not None]) == pytest.approx(0.05, abs=0.015)


def test_constant_data_have_an_interval_of_no_width() -> None:
    for interval in (mean_interval([0.1] * 7), bca_interval([0.1] * 7)):
        assert (interval.low, interval.high) == pytest.approx((0.1, 0.1))


def test_equal_pairs_are_no_difference() -> None:
    result = paired_difference([0.1, 0.2, 0.3], [0.1, 0.2, 0.3])
    assert (result.interval.mean, result.effect, result.p) == (0.0, 0.0, 1.0)


@pytest.mark.parametrize(("pairs", "p"), [(2, None), (3, None), (5, None), (6, 0.0), (20, 0.0)])
def test_constant_shift_has_no_effect_size_and_no_test_over_few_pairs(pairs: int, p: float | None) -> None:
    """Six pairs agree on a sign by luck once in 32 times, five once in 16."""
    before = 0.1 * np.arange(pairs)
    result = paired_difference(before, before + 0.3)
    assert (result.interval.mean, result.interval.low, result.interval.high) == pytest.approx((0.3, 0.3, 0.3))
    assert (result.effect, result.p) == (None, p)


@pytest.mark.parametrize("pairs", [2, 5, 6])
def test_equal_pairs_are_equal_however_few(pairs: int) -> None:
    values = 0.1 * np.arange(pairs)
    result = paired_difference(values, values)
    assert (result.interval.low, result.interval.high, result.effect, result.p) == (0.0, 0.0, 0.0, 1.0)


def test_undefined_pairs_are_left_out() -> None:
    result = paired_difference([1.0, math.nan, 3.0, math.nan], [2.0, 5.0, 4.5, 1.0])
    assert (result.pairs, result.interval.mean) == (2, 1.25)


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_pairs_give_no_interval(count: int) -> None:
    result = paired_difference([1.0] * count, [2.0] * count)
    assert (result.interval.low, result.effect, result.p) == (None, None, None)
    assert mean_interval([1.0] * count).low is None
    assert bca_interval([1.0] * count).low is None


def test_holm_agrees_with_numbers_worked_by_hand() -> None:
    """Sorted 0.005, 0.01, 0.03, 0.04 times 4, 3, 2, 1 is 0.02, 0.03, 0.06, 0.04; the last may not fall below 0.06."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_holm_does_not_count_what_is_undefined() -> None:
    assert holm([None, 0.02, None, 0.04]) == [None, 0.04, None, 0.04]


def test_holm_never_exceeds_one() -> None:
    assert holm([0.9, 0.8]) == [1.0, 1.0]
