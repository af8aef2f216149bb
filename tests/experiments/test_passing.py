"""Statistics of passing, arrivals and spread, on counts whose answer is known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from experiments.stats.cases import arrivals, concentration, hazard_of_another, longer_by_pass
from experiments.stats.intervals import dispersion_interval, spread_interval


def test_the_hazard_of_geometric_counts_is_flat() -> None:
    counts = np.random.default_rng(1).geometric(0.6, 40_000) - 1
    found = hazard_of_another(counts)
    assert [each.passed_so_far for each in found] == list(range(len(found))) and len(found) > 5
    for each in found:
        assert each.share.low is not None and each.share.high is not None
        assert each.share.low - 0.02 < 0.4 < each.share.high + 0.02


def test_the_hazard_of_clustered_counts_rises() -> None:
    """Most cases are never passed on, some often."""
    rng = np.random.default_rng(2)
    counts = np.where(rng.random(20_000) < 0.8, 0, rng.poisson(4.0, 20_000))
    found = hazard_of_another(counts)
    first, second = found[0].share, found[1].share
    assert first.high is not None and second.low is not None and second.low > first.high


def test_the_hazard_is_counted_and_stops_where_few_are_left() -> None:
    found = hazard_of_another([0] * 60 + [1] * 30 + [2] * 10)
    assert [(each.passed_so_far, each.cases, each.share.mean) for each in found] == [(0, 100, 0.4), (1, 40, 0.25)]
    assert hazard_of_another([]) == ()


def test_counts_of_rare_independent_events_have_variance_as_large_as_their_mean() -> None:
    counts = np.random.default_rng(3).poisson(2.0, 50_000)
    assert dispersion_interval(counts).mean == pytest.approx(1.0, abs=0.02)
    assert dispersion_interval([1, 3]).mean == pytest.approx(1.0)  # variance 2, mean 2
    assert dispersion_interval([0, 0]).mean is None and dispersion_interval([4]).mean is None


def test_who_passes_is_set_beside_who_receives() -> None:
    """Of ten units one makes half of the passes and receives a fifth of the cases."""
    found = concentration([9, *[1] * 9], [18, *[8] * 9])
    assert found.top_tenth_of_passes == pytest.approx(0.5)
    assert found.top_tenth_of_received == pytest.approx(0.2)
    assert found.y.tolist() == pytest.approx([0.0, *(each / 18 for each in range(1, 10)), 1.0])
    assert found.received.tolist() == pytest.approx([0.0, *(each * 8 / 90 for each in range(1, 10)), 1.0])
    assert found.gini == pytest.approx(0.4)


def test_equal_units_are_not_concentrated() -> None:
    found = concentration([3] * 20, [5] * 20)
    assert (found.top_tenth_of_passes, found.top_tenth_of_received) == (pytest.approx(0.1), pytest.approx(0.1))
    assert found.gini == pytest.approx(0.0, abs=1e-12)
    none = concentration([0] * 5, [1] * 5)
    assert (none.top_tenth_of_passes, none.gini) == (None, None)


def test_the_factor_of_each_pass_comes_back() -> None:
    rng = np.random.default_rng(4)
    counts = rng.poisson(1.0, 5_000)
    days = np.exp(1.0 + math.log(1.5) * np.minimum(counts, 5) + rng.normal(0.0, 1.0, counts.size))
    found = longer_by_pass(counts, days)
    assert found.low is not None and found.high is not None and found.low < 1.5 < found.high
    assert longer_by_pass([1, 1, 1], [1.0, 2.0, 3.0]).mean is None
    assert longer_by_pass([0, 1], [1.0, 2.0]).mean is None
    few = longer_by_pass([0, 1, 1, 2], [1.0, 2.0, 3.0, 4.0])
    assert few.mean is not None and few.ends is None  # 1 to 9 with two degrees of freedom


def test_intervals_of_spread_and_dispersion_cover_as_often_as_they_say() -> None:
    rng = np.random.default_rng(5)
    hits = np.zeros(2)
    for _ in range(400):
        spread = spread_interval(rng.normal(0.0, 2.0, 300))
        counts = dispersion_interval(rng.negative_binomial(2.0, 0.4, 600))  # variance ÷ mean: 1 ÷ 0.4
        for place, (each, truth) in enumerate(((spread, 2.0), (counts, 2.5))):
            assert each.low is not None and each.high is not None
            hits[place] += each.low <= truth <= each.high
    assert (hits / 400 > 0.90).all() and (hits / 400 < 0.985).all()
    assert dispersion_interval([0, 0, 0]).mean is None and spread_interval([1.0]).mean is None
    assert spread_interval([1.0, 2.0, 3.0]).low is None  # too few to say


def test_arrivals_keep_their_weekly_rhythm_apart() -> None:
    """Twelve cases on each of five weekdays, none at weekends: unevenness that the days of the week explain."""
    monday = 4  # 1970-01-05
    days = np.repeat([monday + 7 * week + day for week in range(30) for day in range(5)], 12)
    found = arrivals(days)
    assert [each.mean for each in found.by_weekday] == [12.0] * 5 + [0.0, 0.0]
    assert (found.weekend_share, found.within_weekdays) == (0.0, 0.0)
    assert found.dispersion.mean is not None and found.dispersion.mean > 3.0
    assert (found.first, found.counts.size) == (monday, 7 * 29 + 5)


def test_arrivals_of_a_single_day_leave_the_rhythm_undefined() -> None:
    found = arrivals([10, 10])
    assert (found.per_day.mean, found.dispersion.mean) == (2.0, None)
    assert (found.within_weekdays, found.weekend_share) == (None, None)
