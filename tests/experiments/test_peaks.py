"""A peak is told only where it is one: the luckiest of many means is no evidence."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from experiments.stats.curves import peak_of

ALONG = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]


def curve(shape: NDArray[np.float64], replicates: int = 30, seed: int = 1) -> NDArray[np.float64]:
    """Return a curve on paired luck: most of it common to all places."""
    luck = np.random.default_rng(seed)
    return shape[:, None] + luck.normal(0, 1.0, replicates)[None, :] + luck.normal(0, 0.1, (len(shape), replicates))


X = np.array(ALONG)


@pytest.mark.parametrize(
    ("shape", "direction", "where", "best"),
    [
        (1 - (X - 0.4) ** 2 * 8, 1, "inside", 0.4),
        ((X - 0.6) ** 2 * 8, -1, "inside", 0.6),
        (X * 2, 1, "high end", 1.0),
        (X * 2, -1, "low end", 0.0),
        (np.minimum(X, 0.4) * 2 - (X == 1.0) * 0.001, 1, "not above high", None),
    ],
)
def test_the_best_place_is_found(shape: NDArray[np.float64], direction: int, where: str, best: float | None) -> None:
    peak = peak_of(ALONG, curve(shape), direction)
    assert peak is not None and peak.where in (where, "high end" if where == "not above high" else where)
    assert best is None or peak.x == best


def test_a_flat_curve_has_a_peak_no_more_often_than_the_level_says() -> None:
    found = [peak_of(ALONG, curve(np.zeros(6), seed=seed), 1) for seed in range(200)]
    assert np.mean([peak is not None and peak.where == "inside" for peak in found]) <= 0.05


@pytest.mark.parametrize(
    ("along", "replicates", "direction"), [(ALONG[:4], 30, 1), (ALONG, 6, 1), (ALONG, 30, 0), (list("abcdef"), 30, 1)]
)
def test_no_peak_is_looked_for_where_there_can_be_none(along: list[float], replicates: int, direction: int) -> None:
    assert peak_of(along, curve(np.zeros(len(along)), replicates), direction) is None


def test_an_outcome_that_is_undefined_somewhere_has_no_peak() -> None:
    values = curve(np.zeros(6))
    values[2] = np.nan
    assert peak_of(ALONG, values, 1) is None
