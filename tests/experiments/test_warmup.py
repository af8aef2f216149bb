"""MSER finds a planted transient, leaves a settled series alone, and says when a series does not settle."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from experiments.stats.series import mser


def autoregressive(days: int, seed: int) -> NDArray[np.float64]:
    """Return a stationary series in which a day remembers the one before."""
    luck = np.random.default_rng(seed)
    values = np.zeros(days)
    for day in range(1, days):
        values[day] = 0.6 * values[day - 1] + luck.normal()
    return values


@pytest.mark.parametrize("seed", range(5))
def test_a_planted_transient_is_cut_off(seed: int) -> None:
    days = np.arange(600)
    found = mser(100 + autoregressive(600, seed) + 40 * np.exp(-days / 25))
    assert found is not None and 40 <= found <= 150


def test_a_settled_series_is_left_nearly_whole() -> None:
    found = [mser(autoregressive(600, seed)) for seed in range(20)]
    assert np.median([600 if day is None else day for day in found]) <= 60


def test_a_series_that_does_not_move_needs_no_warm_up() -> None:
    assert mser(np.full(300, 7.0)) == 0


def test_a_series_with_a_trend_does_not_settle() -> None:
    assert mser(np.arange(600) + autoregressive(600, 1)) is None


def test_a_series_that_is_too_short_or_undefined_says_nothing() -> None:
    assert mser(np.arange(30)) is None
    assert mser(np.full(300, np.nan)) is None


def test_replicates_are_averaged_so_that_a_small_transient_shows() -> None:
    transient = 3 * np.exp(-np.arange(400) / 20)
    many = mser(np.array([autoregressive(400, seed) + transient for seed in range(40)]))
    assert many is not None and 20 <= many <= 180
