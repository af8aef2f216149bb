"""What an ensemble says of its inputs: narrowed, tied, untouched, of several kinds; and the world in its middle."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from experiments.stats.intervals import CLEAR, Floats
from experiments.stats.narrowing import adjusted, kinds, medoid, narrowings, related, tied, untouched


def ensemble(worlds: int = 300) -> tuple[Floats, Floats]:
    """Return a prior, and an ensemble in two kinds in which inputs 0 and 1 are narrowed, 2 and 3 tied."""
    rng = np.random.default_rng(8)
    prior, points = rng.random((2000, 8)), rng.random((worlds, 8))
    prior[:, 5] = points[:, 5] = 0.0
    prior[:, 6], points[:, 6] = 1 - prior[:, 7], 1 - points[:, 7]
    kind = np.arange(worlds) < worlds // 3
    points[:, :2] = np.where(kind, 0.9, 0.2)[:, None] + rng.normal(0, 0.03, (worlds, 2))
    points[:, 3] = 0.8 * points[:, 2] + 0.2 * rng.random(worlds)
    return prior, points


def explored(runs: int = 1200) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Return runs of four waves: output 0 hangs on input 4, output 1 on none; the wave moves input 2 and both."""
    rng = np.random.default_rng(5)
    wave = np.arange(runs) * 4 // runs
    points = rng.random((runs, 8))
    points[:, 2] = (points[:, 2] + wave) / 4
    values = rng.normal(0, 1, (runs, 2)) + 3.0 * wave[:, None]
    values[:, 0] += 2.0 * points[:, 4]
    values[::7, 1] = np.nan
    return points, values, wave


def test_narrowed_inputs_are_told_from_those_that_kept_their_range() -> None:
    distances, chances = narrowings(*ensemble())
    assert set(np.argsort(-distances)[:2]) == {0, 1} and distances[1] > 0.3
    assert (chances[[0, 1]] < CLEAR).all() and (chances[[2, 4, 5, 7]] >= CLEAR).all()


def test_of_what_is_found_at_most_one_in_twenty_is_false() -> None:
    rng = np.random.default_rng(3)
    chances = np.concatenate([rng.random(900), rng.random(100) * 1e-4]).reshape(100, 10)
    found = adjusted(chances) < CLEAR
    assert found[90:].all() and 0 < found[:90].sum() < 20 < (chances[:90] < CLEAR).sum()


def test_ties_that_the_prior_has_already_do_not_count() -> None:
    prior, points = ensemble()
    pairs = [(each.first, each.second) for each in tied(prior[:, 2:], points[:, 2:])]
    assert pairs == [(0, 1)]


def test_what_only_moves_with_the_waves_is_related_to_nothing() -> None:
    points, values, wave = explored()
    chances = related(points, values, wave)
    assert chances[4, 0] < 1e-6 and chances[2].min() > CLEAR and chances[4, 1] > CLEAR
    assert related(points, values, np.zeros_like(wave))[2].max() < 1e-6


def test_an_output_that_is_nowhere_defined_is_related_to_nothing() -> None:
    points, values, wave = explored()
    assert (related(points, np.full_like(values, np.nan), wave) == 1.0).all()


def test_untouched_is_what_is_neither_narrowed_nor_related_to_any_output() -> None:
    prior, points = ensemble()
    runs, values, wave = explored()
    assert np.flatnonzero(~untouched(prior, points, runs, values, wave)).tolist() == [0, 1, 3, 4]


def test_kinds_are_found_and_described_by_what_sets_them_apart() -> None:
    prior, points = ensemble()
    found = kinds(prior, points, points[:, :2])
    assert len(found.kinds) == 2 and found.silhouette > 0.25
    small, large = found.kinds[1], found.kinds[0]
    assert np.mean(small.worlds < 100) > 0.85 and np.mean(large.worlds >= 100) > 0.95
    assert small.medoid in small.worlds
    assert {place for place, _ in small.inputs[:2]} == {place for place, _ in small.outputs} == {0, 1}
    assert small.inputs[0][1] > 0.25 > 0 > large.inputs[0][1]


@pytest.mark.parametrize("tie", [0.0, 0.6])
def test_worlds_along_a_line_are_no_kinds(tie: float) -> None:
    rng = np.random.default_rng(1)
    points = tie * rng.random((200, 1)) + (1.0 - tie) * rng.random((200, 8))
    found = kinds(rng.random((500, 8)), points, points[:, :1])
    assert found.kinds == () and 0.0 < found.silhouette <= max(found.chance, 0.25)


def test_the_medoid_is_in_the_middle_whatever_the_scale_of_an_input() -> None:
    points = np.random.default_rng(1).random((50, 3)) * (1.0, 1e6, 1e-6)
    points[17], points[3] = np.quantile(points, 0.45, axis=0), np.median(points, axis=0) * (0.0, 1.0, 0.0)
    assert medoid(points) == 17
    assert medoid(np.exp(points * (1.0, 1e-6, 1e6))) == 17
