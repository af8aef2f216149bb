"""What an outcome is over all worlds of a design: known distributions, undefined rows, nothing at all."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.stats.indices import over_worlds
from experiments.studies.sensitivity import worlds_sentence


def test_quantiles_and_share_of_a_known_distribution() -> None:
    luck = np.random.default_rng(1)
    values = luck.normal(1.0, 2.0, 20_000)
    found = over_worlds("closure_rate", values, np.repeat(np.arange(1000), 20))
    assert found.worlds == 20_000
    assert (found.low, found.median, found.high) == pytest.approx((-2.92, 1.0, 4.92), abs=0.12)
    assert found.positive.low is not None and found.positive.high is not None
    assert found.positive.low < 0.6915 < found.positive.high  # of a normal above −0.5 standard deviations


def test_rows_that_belong_together_widen_the_interval_of_the_share() -> None:
    values = np.repeat([-1.0, 1.0, 1.0, -1.0], 50)
    together = over_worlds("closure_rate", values, np.repeat(np.arange(4), 50)).positive
    apart = over_worlds("closure_rate", values, np.arange(200)).positive
    assert together.mean == apart.mean == 0.5
    assert together.low is not None and apart.low is not None and together.low < apart.low


def test_undefined_rows_are_left_out_and_nothing_is_said_of_nothing() -> None:
    found = over_worlds("closure_rate", np.array([0.1, np.nan, 0.3]), np.arange(3))
    assert found.worlds == 2 and found.median == 0.2
    nothing = over_worlds("closure_rate", np.array([np.nan]), np.arange(1))
    assert nothing.worlds == 0 and nothing.low is None
    assert worlds_sentence(nothing, difference=True) == "closure rate is undefined in every run."


def test_a_difference_is_told_with_how_often_it_is_a_rise() -> None:
    found = over_worlds("closure_rate", np.array([-0.1, 0.1, 0.2, 0.3]), np.arange(4))
    told = worlds_sentence(found, difference=True)
    assert "(4 pairs, median +15" in told and "75 % of them are above 0" in told
    assert "above 0" not in worlds_sentence(found, difference=False)
