"""The product-limit estimate, against an example worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from experiments.stats.cases import kaplan_meier

DAYS = [6.0, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
CLOSED = [True, True, True, False, True, False, True, False, False, True, True, False, False, False, True, True, False,
          False, False, False, False]  # fmt: skip
"""Remission of 21 patients under 6-MP (Freireich and others 1963), the textbooks' example."""

TABLE = {6: 18 / 21, 7: 18 / 21 * 16 / 17, 10: 0.7529, 13: 0.6902, 16: 0.6275, 22: 0.5378, 23: 0.4482}


def test_the_estimate_is_that_of_the_textbooks() -> None:
    found = kaplan_meier(DAYS, CLOSED)
    shares = dict(zip(found.days.tolist(), found.share.tolist(), strict=True))
    assert {day: shares[day] for day in TABLE} == pytest.approx(TABLE, abs=5e-5)
    assert found.quantile_interval(0.5).mean == 23.0
    assert found.quantile_interval(0.9).mean is None


def test_bounds_are_greenwoods_on_the_scale_of_log_minus_log() -> None:
    found = kaplan_meier(DAYS, CLOSED)
    share = 18 / 21
    spread = math.sqrt(3 / (21 * 18)) / abs(math.log(share))
    place = found.days.tolist().index(6.0)
    assert found.low[place] == pytest.approx(share ** math.exp(1.959964 * spread), rel=1e-6)
    assert found.high[place] == pytest.approx(share ** math.exp(-1.959964 * spread), rel=1e-6)
    median = found.quantile_interval(0.5)
    assert (median.mean, median.low, median.high) == (23.0, 13.0, None)


def test_without_open_cases_quantiles_are_those_of_the_durations() -> None:
    found = kaplan_meier(np.arange(1.0, 101.0), np.ones(100))
    assert (found.quantile_interval(0.5).mean, found.quantile_interval(0.9).mean) == (50.0, 90.0)


def test_open_cases_alone_never_reach_half() -> None:
    found = kaplan_meier([1.0, 2.0, 3.0], [False, False, False])
    assert found.quantile_interval(0.5).mean is None and found.share.tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize("days", [[], [-1.0], [math.inf], [math.nan]])
def test_durations_that_are_none_are_refused(days: list[float]) -> None:
    with pytest.raises(ValueError, match="expected 0 days or more"):
        kaplan_meier(days, [True] * len(days))
